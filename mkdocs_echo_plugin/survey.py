"""One run over many posts: find their threads, assess them, gather what the site as a whole shows.

What the MkDocs plugin, the command line and `apply` share. No MkDocs in here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from mkdocs_echo_plugin.derived import Derived, code, fingerprint
from mkdocs_echo_plugin.model import Finding, Health, Post, Thread
from mkdocs_echo_plugin.wire import thread_to_dict

if TYPE_CHECKING:
    from datetime import datetime

    from mkdocs_echo_plugin.assess import Settings
    from mkdocs_echo_plugin.collect import Gathered
    from mkdocs_echo_plugin.errors import SourceError
    from mkdocs_echo_plugin.sources import NetworkSource


@dataclass(frozen=True, slots=True, kw_only=True)
class Files:
    """A file or folder with comments: `- files: {path, from, map, source}`. `name` is the path as the site wrote it."""

    path: Path
    name: str
    from_: str | None = None
    map_: Path | None = None
    source: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """Where a site's comments are, and how they are to be read.

    `root` is the folder of mkdocs.yml, outside of which no file is read; `key` is for author hashes (None:
    `door.site_key`); `settings` None are the defaults.
    """

    site_url: str | None
    root: Path
    cache_dir: Path
    sources: tuple[NetworkSource, ...] = ()
    files: tuple[Files, ...] = ()
    authors: tuple[str, ...] = ()
    offline: bool = False
    allow_private: bool = False
    key: bytes | None = None
    settings: Settings | None = None


@dataclass(frozen=True, slots=True)
class Surveyed:
    """A post, the health of its discussion, and the threads that it rests on."""

    post: Post
    health: Health
    threads: tuple[Thread, ...] = ()


@dataclass(frozen=True, slots=True)
class Unmatched:
    """A thread that belongs to no post, or to more than one, and so was not used."""

    source: str
    thread_key: str | None
    page_url: str | None
    reason: str


@dataclass(frozen=True, slots=True)
class SourceAccount:
    """What one source did: posts it was `asked` for, `answered` in time, taken `from_cache` (stale ones too).

    `failed` are (post's path, why): no answer, and nothing cached. `lacking` is the environment variable that the
    source would need to be asked at all.
    """

    name: str
    asked: int = 0
    answered: int = 0
    from_cache: int = 0
    failed: tuple[tuple[str, str], ...] = ()
    lacking: str | None = None


@dataclass(frozen=True, slots=True)
class Survey:
    """All posts of a site with their health, in the order given, and what else came to light."""

    posts: tuple[Surveyed, ...]
    unmatched: tuple[Unmatched, ...] = ()
    sources: tuple[SourceAccount, ...] = ()
    findings: tuple[Finding, ...] = ()


@dataclass(slots=True)
class Memory:
    """What this process has asked already, failures too: a rebuild in `mkdocs serve` asks nobody twice."""

    answers: dict[str, tuple[tuple[Thread, ...], str] | SourceError] = field(default_factory=dict)


NOWHERE = "no source: name one under `sources:`, or the thread under `echo.threads` in the page's front matter"


def survey(posts: Sequence[Post], site: Site, *, memory: Memory | None = None, complete: bool = True) -> Survey:
    """Surveys a site.

    Args:
        posts: all posts of the site; `complete` is False where some are missing, so that what they left in the cache
            is kept.
        memory: of earlier runs of this process.

    Raises:
        ConfigurationError: an option or file of the site has to be changed. A thread that cannot be read raises
            nothing: its post becomes `unknown`.
    """
    from mkdocs_echo_plugin.collect import collect

    derived = Derived(site.cache_dir)
    gathered = collect(posts, site, derived, memory or Memory())
    healths = _healths(posts, site, gathered, derived)
    derived.close(complete=complete)
    return Survey(
        posts=tuple(
            Surveyed(post, health, gathered.threads.get(post.path, ()))
            for post, health in zip(posts, healths, strict=True)
        ),
        unmatched=gathered.unmatched,
        sources=gathered.accounts,
        findings=_findings(posts, healths, gathered),
    )


def _healths(posts: Sequence[Post], site: Site, gathered: Gathered, derived: Derived) -> list[Health]:
    from mkdocs_echo_plugin.sitewide import first_seen

    first = first_seen([thread for threads in gathered.threads.values() for thread in threads])
    return [_health(post, site, gathered, derived, first) for post in posts]


def _health(post: Post, site: Site, gathered: Gathered, derived: Derived, first: Mapping[str, datetime]) -> Health:
    threads, failed = gathered.threads.get(post.path, ()), gathered.failed.get(post.path, ())
    why = "; ".join(dict.fromkeys(reason for _, reason in failed))
    if not failed and not threads and not site.sources and not site.files:
        failed = (("", NOWHERE),)
    if failed and not any(thread.comments for thread in threads):
        return Health(state="unknown", author_state="unknown", reason=why)
    health = _assessed(post, threads, site, derived, first)
    if (
        failed and health.thread is not None
    ):  # some venues answered: their voices are shown, and what is missing is said
        return replace(health, thread=replace(health.thread, complete=False), reason=why)
    return health


def _assessed(
    post: Post, threads: tuple[Thread, ...], site: Site, derived: Derived, first: Mapping[str, datetime]
) -> Health:
    # all that the answer depends on, and nothing that changes without it: when a thread was fetched is left out
    written = [thread_to_dict(replace(thread, fetched_at=None), anonymise=False) for thread in threads]
    seen = {c.author_key: first.get(c.author_key) for t in threads for c in t.comments if c.author_key}
    said = replace(post, author_update="", outside_voices=())
    key = fingerprint(code(), site.settings, said, written, seen)
    health = derived.health(key)
    if health is None:
        from mkdocs_echo_plugin.assess import assess

        health = assess(threads, post=post, settings=site.settings, first_seen=first)
        derived.keep_health(key, health)
    return health


def _findings(posts: Sequence[Post], healths: Sequence[Health], gathered: Gathered) -> tuple[Finding, ...]:
    from mkdocs_echo_plugin.sitewide import findings

    return findings({p.path: h for p, h in zip(posts, healths, strict=True)}, gathered.threads)
