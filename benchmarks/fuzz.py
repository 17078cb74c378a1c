"""Feeds damaged and hostile inputs to every reader, and what they give to every measure and renderer.

    python benchmarks/fuzz.py --minutes 10            # says what broke, with the seed that makes it again
    python benchmarks/fuzz.py --seed 1234 --count 1   # one case again

Inputs are the files in tests/golden, cut, doubled, spliced with one another, and with pieces put in that have broken
programs before. A case fails if anything but an error of ours is raised, if a message is more than one line, if it
takes more than five seconds of the processor, or if hostile markup reaches a page unescaped.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import sqlite3
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from copy import deepcopy
from dataclasses import replace
from pathlib import Path
from typing import Any

from mkdocs_echo_plugin.assess import assess
from mkdocs_echo_plugin.errors import EchoError, SourceError
from mkdocs_echo_plugin.model import Health, Post, Thread
from mkdocs_echo_plugin.render.badge import Renderer
from mkdocs_echo_plugin.report import build, digest, github, gitlab, junit, shields, summary, svg
from mkdocs_echo_plugin.serialize import health_for_author, health_to_dict, thread_from_dict, thread_to_dict
from mkdocs_echo_plugin.sources import available, named
from mkdocs_echo_plugin.sources.anonymise import Anonymiser
from mkdocs_echo_plugin.sources.files import documents
from mkdocs_echo_plugin.sources.formats import decode
from mkdocs_echo_plugin.sources.raw import Document
from mkdocs_echo_plugin.survey import Survey, Surveyed

GOLDEN = Path(__file__).parents[1] / "tests/golden"
EVIL = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'><!--"
SLOW = 5.0
PIECES = [
    b"<", b">", b'"', b"&", b"]]>", b"<!--", b"-->", b"<!DOCTYPE x>", b"{", b"[", b",", b":", b"}", b"]", b"\x00",
    b"\xff\xfe", b"\xfe\xff\x00\x41", b"<ol>" * 300, b"</div>" * 50, b"[" * 2000, b'{"a":' * 2000, b"9" * 5000,
    b"\xed\xa0\x80", b"\\ud800", b"\\u0000", b"depth-99999", b'id="comment-1"', b"<post>", b"</post>", b"*a", b"&a ",
    b"&a [*a]", b"!!python/name:os", b"\r", b"\r\n", b"null", b"true", b"-1", b"1e999", b"-0.0", b"NaN", b"1e-320",
    b"0001-01-01T00:00:00+23:59", b"9999-12-31T23:59:59-23:59", b"1970-01-01", b"\xc2\xb2", b"\xd9\xa3", b"\xe2\x80\xae",
    b"\xe2\x80\x8b", b"::error::x", b"\n::error::x", b"\x1b]0;x\x07", b"`" * 3000, b"> " * 2000, b"](" * 1500,
    b"www." * 1000, b"\n" * 3000, b" " * 3000, b"\t" * 500, b"Agree: ", b"Disagree: ", b"@a " * 500, b"javascript:alert(1)",
    b"http://[", b"//", b"a@b.example", EVIL.encode(), b"\xef\xbb\xbf", b"<a href=" * 300, b"&#" * 800, b"&amp" * 500,
    b"%00%ff", b"x" * 30_000, b"\xf0\x9f\x91\x8e", b"\xcc\x81" * 1000,
]  # fmt: skip
POST = Post(
    "a.md", url="a/", canonical_url="https://b.example/a/", title=f"Tea {EVIL}", description="Tea.", text=f"Tea. {EVIL}"
)
WORD = re.compile(rb"[\w.+:-]+")


def inputs(folder: Path) -> list[tuple[str, bytes]]:
    """Every golden file with the name of its adapter; a database out of each .sql file, a folder by its files."""
    found = []
    for path in sorted(GOLDEN.rglob("*")):
        if not path.is_file() or path.name.endswith(".thread.json"):
            continue
        adapter, data = path.relative_to(GOLDEN).parts[0], path.read_bytes()
        if path.suffix == ".sql":
            base = folder / f"{adapter}-{path.stem}.db"
            with closing(sqlite3.connect(base)) as connection:
                connection.executescript(data.decode())
            data = base.read_bytes()
        found.append((adapter, data))
    return found


def damaged(draw: random.Random, data: bytes, others: list[tuple[str, bytes]]) -> bytes:
    """The data with up to eight things done to it."""
    for _ in range(draw.choice((1, 1, 1, 2, 3, 8))):
        start = draw.randint(0, len(data))
        end = min(len(data), start + int(draw.expovariate(1 / 80)))
        what = draw.randrange(7)
        if what == 0:
            data = data[:start] + data[end:]
        elif what == 1:
            data = data[:start] + draw.choice(PIECES) + data[start:]
        elif what == 2:
            data = data[:start] + draw.choice(PIECES) + data[end:]
        elif what == 3:
            data = data[:end] + data[start:end] * draw.choice((1, 2, 50)) + data[end:]
        elif what == 4 and len(data) > start:
            data = data[:start] + bytes([data[start] ^ (1 << draw.randrange(8))]) + data[start + 1 :]
        elif what == 5:
            other = draw.choice(others)[1]
            place = draw.randint(0, len(other))
            data = data[:start] + other[place : place + draw.randint(1, 2000)] + data[end:]
        elif words := list(WORD.finditer(data, max(start - 2000, 0), start + 2000)):
            found = draw.choice(words)  # a whole value becomes another
            data = data[: found.start()] + draw.choice(PIECES) + data[found.end() :]
        data = data[:2_000_000]
    return data


VALUES = [None, True, -1, 0, 1e308, 10**30, "", "x", [], {}, [[]], [{}], "\u00b2", "\x00", "\u202e", "\ud800", EVIL, "::error::x",
          "2026-02-30", "9999-12-31T23:59:59-23:59", "javascript:alert(1)", "http://[", "Disagree: no", "-1", "`" * 5000,
          "> x\n" * 2000, "a" * 30_000, ["x"] * 2000, "Guest", "@ada", "+1", 2**63]  # fmt: skip


MOST_PLACES = 50_000
"""Values of a document past which it is not altered further."""


def altered(draw: random.Random, data: bytes) -> bytes:
    """A JSON document whose form is whole, with up to eight values replaced, doubled, swapped or dropped."""
    document = json.loads(data)
    for _ in range(draw.choice((1, 1, 2, 3, 8))):
        places: list[tuple[Any, Any]] = []
        waiting = [document]
        while waiting:
            at = waiting.pop()
            keys = list(at) if isinstance(at, dict) else list(range(len(at))) if isinstance(at, list) else []
            places += [(at, key) for key in keys]
            waiting += [at[key] for key in keys if isinstance(at[key], (dict, list))]
        if not 0 < len(places) < MOST_PLACES:
            break
        (at, key), (other, another) = draw.choice(places), draw.choice(places)
        what = draw.randrange(5)
        if what < 2:
            at[key] = deepcopy(draw.choice(VALUES))  # never the list itself: it would grow from case to case
        elif what == 2:
            at[key] = json.loads(json.dumps(other[another]))
        elif what == 3 and isinstance(at, list):
            at.extend(at[key : key + 1] * draw.choice((1, 50)))
        elif isinstance(at, dict):
            del at[key]
    return json.dumps(document).encode()


def run(seed: int, given: list[tuple[str, bytes]], folder: Path) -> str:
    """One case; how it ended. Raises whatever a bug raises."""
    draw = random.Random(seed)  # nothing secret is drawn
    adapter, whole = draw.choice(given)
    is_json = whole[:1] in b"{[" and draw.random() < 0.7
    try:
        data = altered(draw, whole) if is_json else damaged(draw, whole, given)
    except ValueError:  # JSON lines, or no JSON
        data = damaged(draw, whole, given)
    began = time.process_time()
    ended = "read"
    if draw.random() < 0.15:  # as a file of a folder, packed or not, recognised by itself
        path = folder / f"case{draw.choice(('.json', '.yml', '.xml', '.html', '.csv', '.db', '.jsonl', '.gz'))}"
        path.write_bytes(data)
        try:
            found = list(documents(path, name="case"))
        except SourceError as error:
            _check_message(str(error))
            found = []
    else:
        found = [Document("case", data, url=draw.choice((None, "https://b.example/a/")))]
    threads: list[Thread] = []
    for document in found:
        for source in available().values():
            source.recognises(document)
        name = adapter if draw.random() < 0.8 else draw.choice(sorted(available()))
        try:
            text = decode.as_utf8(document) if hasattr(decode, "as_utf8") else decode.json_as_utf8(document)
            raws = list(named(name)().read(text))
        except SourceError as error:
            _check_message(str(error))
            ended = "refused"
            continue
        threads += [Anonymiser(b"key", authors=["ada"]).to_thread(raw) for raw in raws[:20]]
    for thread in threads:
        written = json.loads(json.dumps(thread_to_dict(thread, anonymise=False)))
        if thread_from_dict(written) != thread:
            raise AssertionError("what was written is not what is read back")
    if threads:
        _render(assess(threads[:3], post=POST), draw)
    if (spent := time.process_time() - began) > SLOW:
        raise AssertionError(f"{spent:.1f} s of the processor")
    return ended


def _check_message(message: str) -> None:
    if "\n" in message or not message:
        raise AssertionError(f"a message of more than one line: {message!r}")


OUR_SCRIPT = re.compile(r"<script>\(d=>[^<]*</script>")
"""The prompt's own, of the copy button and the card."""


def _render(health: Health, draw: random.Random) -> None:
    """Every page fragment in some language, and every report."""
    post = replace(POST, language=draw.choice(("en", "de", "fr", "es", "pt-BR", "ar")))
    for fragment in _strings(Renderer(language=post.language).fragments(health, post)):
        fragment = OUR_SCRIPT.sub("", fragment, count=1)
        if "<script" in fragment.casefold() or "onerror=alert(1)>" in fragment or "javascript:" in fragment.casefold():
            raise AssertionError(f"unescaped: {fragment[:300]}")
    json.dumps((health_to_dict(health), health_for_author(health)), allow_nan=False, ensure_ascii=False).encode()
    made = build.reports(Survey((Surveyed(post, health),)), site="https://b.example/")
    for writer in (summary, github, gitlab, junit, shields, svg, digest):
        text = writer.write(made.public)
        text.encode()
        if writer is not github and re.search(r"^\s*::|\x1b", text, re.MULTILINE):
            raise AssertionError(f"{writer.__name__}: a command")


def _strings(fragments: object) -> Iterator[str]:
    names = getattr(type(fragments), "__slots__", None) or vars(fragments)
    yield from (str(getattr(fragments, name)) for name in names)


def main() -> int:
    """Runs cases until the time is over; 1 if any failed."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--seed", type=int, default=1, help="of the first case; each next one has the next number")
    parser.add_argument("--count", type=int, help="stop after so many cases")
    asked = parser.parse_args()
    ended = Counter[str]()
    failures: dict[str, int] = {}
    until, seed = time.monotonic() + 60 * asked.minutes, asked.seed
    with tempfile.TemporaryDirectory() as name:
        given = inputs(Path(name))
        while time.monotonic() < until and (asked.count is None or seed - asked.seed < asked.count):
            try:
                ended[run(seed, given, Path(name))] += 1
            except (Exception, RecursionError) as error:
                where = traceback.extract_tb(error.__traceback__)[-1]
                kind = f"{type(error).__name__} at {Path(where.filename).name}:{where.lineno}: {str(error)[:150]}"
                ended["failed"] += 1
                if kind not in failures:
                    failures[kind] = seed
                    print(f"seed {seed}: {kind}", flush=True)
                    if not isinstance(error, EchoError):
                        traceback.print_exc(limit=-4)
            seed += 1
    print(f"{sum(ended.values()):,} cases ({', '.join(f'{n:,} {how}' for how, n in sorted(ended.items()))}); "
          f"{len(failures)} kinds of failure")  # fmt: skip
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
