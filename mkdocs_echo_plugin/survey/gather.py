"""Every post's threads, from wherever they are: the site's files, what front matter names, the venues over the network.

Nothing raises for one thread: what could not be read is kept by post, with the reason for people.
"""

from __future__ import annotations

import os
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit

from mkdocs_echo_plugin.build_cache import BuildCache, fingerprint
from mkdocs_echo_plugin.errors import NoThread, Refused, SourceError
from mkdocs_echo_plugin.model import Post
from mkdocs_echo_plugin.sources.anonymise import Anonymiser, site_key
from mkdocs_echo_plugin.survey.records import LazyThread, Memory, Site, SourceAccount, Unmatched, to_lazy_thread

if TYPE_CHECKING:
    from mkdocs_echo_plugin.sources import NetworkSource
    from mkdocs_echo_plugin.sources.thread_cache import ThreadCache

WORKERS = 8
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Gathered:
    """By post's path: its `threads`, and what `failed` as (source, why). And what belongs to no post."""

    threads: dict[str, tuple[LazyThread, ...]]
    failed: dict[str, tuple[tuple[str, str], ...]]
    unmatched: tuple[Unmatched, ...]
    accounts: tuple[SourceAccount, ...]


@dataclass(slots=True)
class Tally:
    """The same, while it grows."""

    threads: defaultdict[str, list[LazyThread]] = field(default_factory=lambda: defaultdict(list))
    failed: defaultdict[str, list[tuple[str, str]]] = field(default_factory=lambda: defaultdict(list))
    unmatched: list[Unmatched] = field(default_factory=list)
    accounts: dict[str, SourceAccount] = field(default_factory=dict)

    def answer(
        self, source: str, post: Post, threads: Sequence[LazyThread], *, cached: bool = False, stale: str = ""
    ) -> None:
        """A source has answered for a post, perhaps with nothing; `stale` says why an older answer had to do."""
        was = self.accounts.setdefault(source, SourceAccount(source))
        self.accounts[source] = replace(
            was,
            asked=was.asked + 1,
            answered=was.answered + (not cached),
            from_cache=was.from_cache + cached,
            stale=(*was.stale, (post.path, stale)) if stale else was.stale,
        )
        self.threads[post.path] += threads

    def failure(self, source: str, post: Post, why: str, *, lacking: str | None = None) -> None:
        """A source could not answer for a post."""
        was = self.accounts.setdefault(source, SourceAccount(source))
        failed = (*was.failed, (post.path, why))
        self.accounts[source] = replace(was, asked=was.asked + 1, failed=failed, lacking=was.lacking or lacking)
        self.failed[post.path].append((source, why))

    def close(self) -> Gathered:
        """What was gathered; a thread that two ways led to stands there once."""
        return Gathered(
            threads={path: _once(threads) for path, threads in self.threads.items() if threads},
            failed={path: tuple(why) for path, why in self.failed.items()},
            unmatched=tuple(self.unmatched),
            accounts=tuple(self.accounts.values()),
        )


def _once(threads: Sequence[LazyThread]) -> tuple[LazyThread, ...]:
    found: dict[object, LazyThread] = {}
    for thread in threads:
        name = (
            (thread.speakers.platform, thread.source_url, thread.key) if thread.source_url or thread.key else id(thread)
        )
        found.setdefault(name, thread)
    return tuple(found.values())


def collect(posts: Sequence[Post], site: Site, build_cache: BuildCache, memory: Memory) -> Gathered:
    """The threads of all posts; eight venues are asked at a time.

    Raises:
        ConfigurationError: a file that the site's options name cannot be used.
    """
    from mkdocs_echo_plugin.survey.files import from_files

    tally = Tally()
    anonymiser = Anonymiser(site.key or site_key(site.site_url), authors=site.authors, people=site.people)
    from_files(posts, site, anonymiser, build_cache, tally)
    jobs = [job for post in posts if post.discussion != "off" for job in _jobs(post, site, tally)]
    if jobs:
        _ask_all(jobs, site, anonymiser, memory, tally)
    return tally.close()


@dataclass(frozen=True, slots=True)
class _Job:
    """One question to one venue. `explicit` where the page itself names the thread: then none is a failure."""

    post: Post
    source: NetworkSource
    name: str
    explicit: bool

    @property
    def key(self) -> str:
        """What the answer depends on: the source's options, and all by which it may find the post's thread."""
        options = {f.name: getattr(self.source, f.name) for f in fields(self.source)}  # type: ignore[arg-type]
        post = self.post
        names = (post.url, post.canonical_url, post.title, post.key, post.aliases, post.threads)
        return fingerprint(self.source.name, options, names)


def _jobs(post: Post, site: Site, tally: Tally) -> list[_Job]:
    """What front matter names, by the adapter that knows the address; then what each source knows of the post."""
    jobs, named = [], defaultdict[str, list[str]](list)
    for address in dict.fromkeys(post.threads):
        if "://" not in address:
            continue
        from mkdocs_echo_plugin.sources import for_url

        host = urlsplit(address).netloc[:100]
        source = for_url(address)
        if source is None:
            shown = address[:200]
            why = f"echo.threads: '{shown}' is no address that a source knows. Try `mkdocs-echo sources`."
            tally.failure(f"echo.threads {host}", post, why)
            continue
        named[source.name].append(address)
        jobs.append(_Job(post, _with_options(source, site), f"{source.name} {host}", explicit=True))
    for source in (*site.sources, *site.embedded.get(post.path, ())):
        rest = tuple(address for address in post.threads if address not in named[source.name])
        jobs.append(_Job(replace(post, threads=rest), source, source.name, explicit=False))
    return jobs


def _with_options(found: NetworkSource, site: Site) -> NetworkSource:
    """An adapter made from an address, with the options that the site gives that venue."""
    for source in site.sources:
        if type(source) is type(found):
            own: Any = {
                f.name: getattr(found, f.name)
                for f in fields(found)  # type: ignore[arg-type]
                if f.name.startswith("_") or f.default != getattr(found, f.name)
            }
            return replace(source, **own)  # type: ignore[type-var]
    return found


def _ask_all(jobs: Sequence[_Job], site: Site, anonymiser: Anonymiser, memory: Memory, tally: Tally) -> None:
    from mkdocs_echo_plugin.sources.thread_cache import ThreadCache

    now = datetime.now(UTC)
    with ThreadCache(site.cache_dir) as cache:
        open_jobs = {}
        for job in jobs:
            key = job.key
            if key in memory.answers or key in open_jobs:
                continue
            cached = cache.get(job.source.name, key, now=now, anonymiser=anonymiser.digest)
            if cached and cached.fresh and not site.refresh:
                memory.answers[key] = (tuple(map(to_lazy_thread, cached.threads)), "cache", "")
            else:
                open_jobs[key] = job
        if open_jobs:
            _ask_venues(open_jobs, site, anonymiser, memory, cache, now)
    for job in jobs:
        _enter(job, memory.answers[job.key], tally)


def _ask_venues(
    jobs: dict[str, _Job], site: Site, anonymiser: Anonymiser, memory: Memory, cache: ThreadCache, now: datetime
) -> None:
    from concurrent.futures import ThreadPoolExecutor

    from mkdocs_echo_plugin.sources.http.client import Client
    from mkdocs_echo_plugin.sources.thread_cache import read_through

    with Client(allow_private=site.allow_private, offline=site.offline) as client, ThreadPoolExecutor(WORKERS) as pool:

        def ask(entry: tuple[str, _Job]) -> tuple[tuple[LazyThread, ...], str, str] | SourceError:
            key, job = entry
            why: list[SourceError] = []
            try:
                threads, origin = read_through(
                    cache,
                    job.source.name,
                    key,
                    lambda: job.source.fetch(job.post, client),
                    anonymiser,
                    now=now,
                    refresh=site.refresh,
                    on_stale=why.append,
                )
            except SourceError as error:
                return error
            return tuple(map(to_lazy_thread, threads)), origin, str(why[-1]) if why else ""

        answers = _shown(pool.map(ask, jobs.items()), len(jobs))
        memory.answers.update(zip(jobs, answers, strict=True))


def _shown(answers: Iterable[T], many: int) -> Iterator[T]:
    """The answers as they come, with a progress bar on a terminal where there are enough of them to wait for."""
    if many < WORKERS or not sys.stderr.isatty():
        yield from answers
        return
    import click

    with click.progressbar(answers, length=many, label="Reading comments", file=sys.stderr) as bar:
        yield from bar


def _enter(job: _Job, answer: tuple[tuple[LazyThread, ...], str, str] | SourceError, tally: Tally) -> None:
    if not isinstance(answer, SourceError):
        threads, origin, why = answer
        tally.answer(job.name, job.post, threads, cached=origin != "network", stale=why)
    elif isinstance(answer, NoThread) and not job.explicit:
        tally.answer(job.name, job.post, ())  # the venue was read, and holds nothing for this post
    else:
        variable = getattr(job.source, "token_variable", None)
        lacking = variable if isinstance(answer, Refused) and variable and not os.environ.get(variable) else None
        tally.failure(job.name, job.post, str(answer), lacking=lacking)
