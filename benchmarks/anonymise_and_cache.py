"""What it costs to anonymise a comment and to keep a thread in the cache: `python benchmarks/anonymise_and_cache.py`.

2,000 made-up threads of 10 comments of 60 words, and one of 20,000. Prints the median of five rounds.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from mkdocs_echo_plugin.sources.anonymise import Anonymiser
from mkdocs_echo_plugin.sources.raw import Author, Markup, RawComment, RawThread
from mkdocs_echo_plugin.sources.thread_cache import ThreadCache

NOW = datetime(2026, 1, 1, tzinfo=UTC)
WORDS = " ".join(f"word{n}" for n in range(60))
POSTS = 2_000


def thread(name: str, size: int, markup: Markup) -> RawThread:
    body = f"<p>@person{size % 7}, {WORDS}</p><p>so <b>it</b> is</p>" if markup == "html" else f"@person1, {WORDS}"
    comments = tuple(
        RawComment(str(n), body, markup, Author(f"Person{n % 7}", id=f"p{n % 7}"), parent_id=str(n - 1) if n else None)
        for n in range(size)
    )
    return RawThread("isso", comments, key=name)


def timed(work: Callable[[], object]) -> float:
    rounds = []
    for _ in range(5):
        began = time.perf_counter()
        work()
        rounds.append(time.perf_counter() - began)
    return median(rounds)


def main() -> None:
    anonymiser = Anonymiser(b"key", authors=["Ada"])
    for markup in ("text", "html"):
        raws = [thread(str(n), 10, markup) for n in range(POSTS // 10)]
        took = timed(lambda raws=raws: [anonymiser.to_thread(raw) for raw in raws])
        print(f"anonymiser, {markup}: {took / POSTS * 1e6:.0f} us a comment")
    took = timed(lambda: anonymiser.to_thread(thread("long", 20_000, "text")))
    print(f"anonymiser, one chain of 20,000: {took / 20_000 * 1e6:.0f} us a comment")
    threads = [anonymiser.to_thread(thread(str(n), 10, "text")) for n in range(POSTS)]
    with tempfile.TemporaryDirectory() as place:

        def write() -> None:
            with ThreadCache(Path(place)) as cache:
                for one in threads:
                    cache.put("isso", one.key or "", [one], now=NOW)

        def read() -> None:
            cache = ThreadCache(Path(place))
            assert all(cache.get("isso", one.key or "", now=NOW) for one in threads)

        print(f"cache, write: {timed(write) / POSTS * 1e6:.0f} us a thread of 10 comments")
        print(f"cache, read: {timed(read) / POSTS * 1e6:.0f} us a thread of 10 comments")


if __name__ == "__main__":
    main()
