"""The one run over all posts, and the cache of healths before it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from mkdocs_echo_plugin.derived import Derived, code, fingerprint
from mkdocs_echo_plugin.model import Finding, Health, Post, Thread
from mkdocs_echo_plugin.survey.site import Memory, Site, Survey, Surveyed
from mkdocs_echo_plugin.wire import thread_to_dict

if TYPE_CHECKING:
    from datetime import datetime

    from mkdocs_echo_plugin.survey.collect import Gathered

NOWHERE = "name a source under `sources:`, or a post's thread under `echo: {threads: [...]}` in its front matter."


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
    from mkdocs_echo_plugin.survey.collect import collect

    derived = Derived(site.cache_dir)
    gathered = collect(posts, site, derived, memory or Memory())
    healths = _healths(posts, site, gathered, derived)
    derived.close(complete=complete)
    lost = (_is_nowhere(post, site, gathered) for post in posts)
    return Survey(
        posts=tuple(
            Surveyed(post, health, gathered.threads.get(post.path, ()))
            for post, health in zip(posts, healths, strict=True)
        ),
        unmatched=gathered.unmatched,
        sources=gathered.accounts,
        findings=_findings(posts, healths, gathered),
        nowhere=None if any(site.embedded.values()) or not any(lost) else NOWHERE,
    )


def _is_nowhere(post: Post, site: Site, gathered: Gathered) -> bool:
    """Whether nobody was asked for a post: that is not the same as no comments."""
    asked = bool(site.sources or site.files or site.embedded.get(post.path))
    answered = gathered.threads.get(post.path) or gathered.failed.get(post.path)
    return post.discussion != "off" and not asked and not answered


def _healths(posts: Sequence[Post], site: Site, gathered: Gathered, derived: Derived) -> list[Health]:
    from mkdocs_echo_plugin.sitewide import first_seen

    first = first_seen([thread for threads in gathered.threads.values() for thread in threads])
    return [_health(post, site, gathered, derived, first) for post in posts]


def _health(post: Post, site: Site, gathered: Gathered, derived: Derived, first: Mapping[str, datetime]) -> Health:
    threads, failed = gathered.threads.get(post.path, ()), gathered.failed.get(post.path, ())
    if _is_nowhere(post, site, gathered):
        failed = (("", f"where the comments live is not known: {NOWHERE}"),)
    why = "; ".join(dict.fromkeys(reason for _, reason in failed))
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
