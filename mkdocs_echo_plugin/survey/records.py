"""Where a site's comments are, and what a survey of its posts finds: data, put together when it is asked for."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from mkdocs_echo_plugin.build_cache import Used
from mkdocs_echo_plugin.errors import SourceError, Unreadable
from mkdocs_echo_plugin.model import Finding, Health, Post, Settings, Thread
from mkdocs_echo_plugin.serialize import thread_from_dict, thread_to_dict
from mkdocs_echo_plugin.site.findings import Speakers, speakers
from mkdocs_echo_plugin.sources.http.settings import NetworkSettings

if TYPE_CHECKING:
    from mkdocs_echo_plugin.sources import NetworkSource
    from mkdocs_echo_plugin.sources.files import Chosen


@dataclass(frozen=True, slots=True, kw_only=True)
class Files:
    """A file or folder with comments: `- files: {path, from, map, source}`. `name` is the path as the site wrote it."""

    path: Path
    name: str
    from_: str | None = None
    map_: Path | None = None
    source: Chosen = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """Where a site's comments are, and how they are to be read.

    `root` is the folder of mkdocs.yml, outside of which no file is read; `key` is for author hashes (None:
    `anonymiser.site_key`); `refresh` asks venues even where the cache is fresh; `settings` None are the defaults;
    `embedded` are further sources of single posts, by their path; `aside` says of others why their embed is not
    asked.
    """

    site_url: str | None
    root: Path
    cache_dir: Path
    sources: tuple[NetworkSource, ...] = ()
    files: tuple[Files, ...] = ()
    authors: tuple[str, ...] = ()
    people: tuple[tuple[str, ...], ...] = ()
    network: NetworkSettings = field(default_factory=NetworkSettings)
    key: bytes | None = None
    refresh: bool = False
    settings: Settings | None = None
    embedded: Mapping[str, tuple[NetworkSource, ...]] = field(default_factory=dict)
    aside: Mapping[str, str] = field(default_factory=dict)


class LazyThread:
    """A post's thread, and what is asked of it without reading it: its hash, its names, who spoke.

    `digest` is the SHA-256 of all that a health can depend on, which leaves out when the thread was fetched.
    """

    __slots__ = ("_fetched_at", "_held", "_line", "digest", "key", "source_url", "speakers")

    def __init__(
        self,
        line: bytes,
        *,
        digest: str,
        speakers: Speakers,
        source_url: str | None,
        key: str | None,
        fetched_at: datetime | None = None,
        held: Thread | None = None,
    ) -> None:
        self._line, self._fetched_at, self._held = line, fetched_at, held
        self.digest, self.speakers, self.source_url, self.key = digest, speakers, source_url, key

    @property
    def thread(self) -> Thread:
        """The thread itself: the one that was just read, once; after that it is read from its line each time.

        So no more comments are held than those that wait for their first reading.
        """
        held, self._held = self._held, None
        return held if held is not None else self.again

    def mentions(self, json_text: str) -> bool:
        """Whether the thread's JSON holds this piece of it."""
        return json_text.encode("ascii") in self._line

    @property
    def again(self) -> Thread:
        """The thread read from its line, whatever else is held of it."""
        try:
            return replace(thread_from_dict(json.loads(self._line)), fetched_at=self._fetched_at)
        except (KeyError, TypeError, ValueError, RecursionError):
            raise Unreadable("what the cache holds of it is damaged. Run `mkdocs-echo cache clear`.") from None


def to_line(thread: Thread) -> bytes:
    """A thread as one line of JSON, without the time of the fetch."""
    record = {**thread_to_dict(thread, anonymise=False), "fetched_at": None}
    return json.dumps(record, separators=(",", ":")).encode("ascii")


def to_lazy_thread(thread: Thread) -> LazyThread:
    """A thread from the network, with its hash."""
    from mkdocs_echo_plugin.thresholds import WAITS_FOR

    # a reply is awaited for a year before the fetch: of the fetch a health depends on nothing else
    today, times = thread.fetched_at, [c.created for c in thread.comments if c.created]
    past = sum(today - when >= WAITS_FOR for when in times) if today else 0
    line = to_line(thread)
    digest = sha256(line + b" %d" % past).hexdigest()
    return LazyThread(
        line,
        digest=digest,
        speakers=speakers(thread),
        source_url=thread.source_url,
        key=thread.key,
        fetched_at=thread.fetched_at,
        held=thread,
    )


@dataclass(frozen=True, slots=True)
class Surveyed:
    """A post, the health of its discussion, and what it rests on.

    `mark` is the hash of all that the health was worked out from, and of the post but for what its author added since;
    "" where there is no thread.
    """

    post: Post
    health: Health
    lazy_threads: tuple[LazyThread, ...] = ()
    mark: str = ""

    @property
    def threads(self) -> tuple[Thread, ...]:
        """The threads that the health rests on."""
        return tuple(lazy.thread for lazy in self.lazy_threads)


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

    `failed` are (post's path, why): no answer, and nothing cached; `stale` those where an older thread took its place
    (the reason says when a venue that counts requests answers again). `lacking` is the environment variable that the
    source would need to be asked at all. `broken` are (file, why): files that could not be read, whosever they are.
    """

    name: str
    asked: int = 0
    answered: int = 0
    from_cache: int = 0
    failed: tuple[tuple[str, str], ...] = ()
    stale: tuple[tuple[str, str], ...] = ()
    lacking: str | None = None
    broken: tuple[tuple[str, str], ...] = ()
    is_network: bool = True


@dataclass(frozen=True, slots=True)
class Survey:
    """All posts of a site with their health, in the order given, and what else came to light.

    `nowhere` says what to do where the site names no source and some post no thread: nothing was looked for.
    `warnings` are lines for the log: what of the site's own corrections fits nothing, what its reader could not read.
    """

    posts: tuple[Surveyed, ...]
    unmatched: tuple[Unmatched, ...] = ()
    sources: tuple[SourceAccount, ...] = ()
    findings: tuple[Finding, ...] = ()
    nowhere: str | None = None
    warnings: tuple[str, ...] = ()


@dataclass(slots=True)
class Memory:
    """What this process has asked already, failures too: a rebuild in `mkdocs serve` asks nobody twice."""

    answers: dict[str, tuple[tuple[LazyThread, ...], str, str] | SourceError] = field(default_factory=dict)
    """By question: the threads, where they came from, and why they are stale ("" where they are not)."""
    used: Used = field(default_factory=Used)
    """What the builds of this run have used of the cache."""
