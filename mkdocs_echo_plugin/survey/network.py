"""Threads over the network: what front matter names, and what the site's venues know of each post."""

from __future__ import annotations

import os
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TypeVar

from mkdocs_echo_plugin.build_cache import fingerprint
from mkdocs_echo_plugin.errors import NoThread, Refused, SourceError
from mkdocs_echo_plugin.model import Post
from mkdocs_echo_plugin.sources.anonymise import Anonymiser
from mkdocs_echo_plugin.sources.http.settings import origin
from mkdocs_echo_plugin.survey.merging import one_a_platform
from mkdocs_echo_plugin.survey.records import LazyThread, Memory, Site, to_lazy_thread
from mkdocs_echo_plugin.survey.tally import Tally

if TYPE_CHECKING:
    from mkdocs_echo_plugin.sources import NetworkSource
    from mkdocs_echo_plugin.sources.thread_cache import ThreadCache

WORKERS = 8
T = TypeVar("T")


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


def add_network(posts: Sequence[Post], site: Site, anonymiser: Anonymiser, memory: Memory, tally: Tally) -> None:
    """Enters into the tally what venues answer, asked now or lately."""
    jobs = [job for post in posts if post.discussion != "off" for job in _jobs(post, site, tally)]
    if jobs:
        _ask_all(jobs, site, anonymiser, memory, tally)


def _jobs(post: Post, site: Site, tally: Tally) -> list[_Job]:
    """What front matter names, by the adapter that knows the address; then what each source knows of the post."""
    jobs, named = [], defaultdict[str, list[str]](list)
    for address in dict.fromkeys(post.threads):
        if "://" not in address:
            continue
        from mkdocs_echo_plugin.sources import for_url

        host = (origin(address) or address).partition("://")[2][:100]
        if not site.network.may_be_named(address):
            why = f"echo.threads: {host} is named in mkdocs.yml for another path. Name a thread below that."
            tally.failure(f"echo.threads {host}", post, why)
            continue
        try:
            source = for_url(address)
        except SourceError as error:
            tally.failure(f"echo.threads {host}", post, str(error))
            continue
        if source is None:
            shown = address[:200]
            why = f"echo.threads: '{shown}' is no address that a source knows. Try `mkdocs-echo sources`."
            tally.failure(f"echo.threads {host}", post, why, by_hand=True)
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

    from mkdocs_echo_plugin.sources import faults_as_unreadable
    from mkdocs_echo_plugin.sources.http.client import Client
    from mkdocs_echo_plugin.sources.thread_cache import read_through

    with Client(site.network) as client, ThreadPoolExecutor(WORKERS) as pool:

        def ask(entry: tuple[str, _Job]) -> tuple[tuple[LazyThread, ...], str, str] | SourceError:
            key, job = entry
            why: list[SourceError] = []
            try:
                with faults_as_unreadable(job.name):
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
        if not job.explicit:  # under several names of the page the venue keeps parts of its one thread
            threads = tuple(one_a_platform(threads))
        tally.answer(job.name, job.post, threads, cached=origin != "network", stale=why)
    elif isinstance(answer, NoThread) and not job.explicit:
        tally.answer(job.name, job.post, ())  # the venue was read, and holds nothing for this post
    else:
        variable = getattr(job.source, "token_variable", None)
        lacking = variable if isinstance(answer, Refused) and variable and not os.environ.get(variable) else None
        tally.failure(job.name, job.post, str(answer), lacking=lacking, by_hand=job.explicit)
