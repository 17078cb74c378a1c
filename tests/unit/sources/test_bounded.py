"""What a reader may cost is bounded by what it reads, whatever stands in it: a megabyte takes seconds, not minutes."""

from __future__ import annotations

import gzip
import subprocess
import sys
import time
from pathlib import Path

import pytest

from mkdocs_echo_plugin.errors import SourceError, TooLarge
from mkdocs_echo_plugin.limits import MAX_ELEMENTS, MAX_VALUES
from mkdocs_echo_plugin.sources.adapters.webpage import Webpage
from mkdocs_echo_plugin.sources.files import documents, read
from mkdocs_echo_plugin.sources.raw import Document
from mkdocs_echo_plugin.threads import own_words

HEAD = "<!doctype html><html><head><title>x</title></head><body>"
LENGTH = 250_000
"""Bytes of what is hostile: a megabyte takes four times as long, if what it costs is linear."""


def seconds_for(name: str, data: bytes, source: object = None) -> float:
    """The CPU that reading takes, or refusing."""
    began = time.process_time()
    try:
        for _ in read(Document(name, data), source):  # type: ignore[arg-type]
            pass
    except SourceError as error:
        assert "\n" not in str(error)  # noqa: PT017  # read or refused, either is right
    return time.process_time() - began


def many(piece: str, start: str = "", length: int = LENGTH) -> bytes:
    return (start + piece * (length // len(piece))).encode()


THREAD = '{"schema":"thread.v1","comments":['
HOSTILE = {
    "empty objects": ("t.json", many("{},", THREAD)),
    "empty lists": ("t.json", many("[],", THREAD)),
    "comments without words": ("t.json", many('{"text":""},', THREAD) + b'{"text":"x"}]}'),
    "yaml in flow": ("t.yml", many("a,", "comments: [")),
    "yaml of mappings": ("t.yml", many("- {a: b}\n", "comments:\n")),
    "lines of csv": ("t.csv", many("1,x\n", "id,text\n")),
    "unknown elements": ("t.html", many("<b>", HEAD + '<div class="comment">')),
    "elements for every walker": ("t.html", many("<i>", HEAD + '<div class="h-entry">schema.org itemtype <div class="comment">')),
    "nested comments of WordPress": (
        "t.html", (HEAD + "".join(f'<li class="comment depth-1" id="comment-{i}">' for i in range(5_000))).encode()),
    "nested comments with dates": ("t.html", many('<div class="comment"><div class="date meta time">', HEAD)),
    "nested cards": ("t.html", many('<div class="h-cite p-comment"><div class="p-author h-card">', HEAD)),
    "nested microdata": ("t.html", many('<div itemscope itemtype="http://schema.org/Comment"><p itemprop="author">', HEAD)),
    "flat bylines": ("t.html", many('<p>x</p><p class="comment_author">Posted by Ada on March 1, 2004</p>', HEAD)),
    "nested bylines": ("t.html", many('<div class="comment_author">Posted by Ada', HEAD)),
    "numbers of comments": ("t.html", many("1 of 2 comments ", HEAD)),
    "headings of comments": ("t.html", many('<h3 class="comments-title">', HEAD)),
}  # fmt: skip


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_quarter_of_a_megabyte_takes_no_time_to_speak_of(kind: str) -> None:
    assert seconds_for(*HOSTILE[kind]) < 4  # half a second on a quiet machine


@pytest.mark.parametrize("length", [2_000, 4_000])
def test_own_selectors_cost_what_the_page_is_long(length: int) -> None:
    inside = "".join(f'<div class="cm" id="c{i}"><b class="w">a{i}</b><p>hello {i}</p>' for i in range(length))
    own = {"webpage": {"comment": ".cm", "author": ".w", "text": "p", "time": ".t", "likes": ".l", "link": "a.p"}}
    began = time.process_time()
    (thread,) = read(Document("x.html", (HEAD + inside).encode()), own)
    assert len(thread.comments) == length
    assert time.process_time() - began < 6


def test_selectors_that_look_upwards_are_refused_on_a_page_that_nests_without_end() -> None:
    inside = '<div class="cm">' * 3_000
    with pytest.raises(TooLarge, match=r"^x\.html: the page nests deeper than 256 elements"):
        list(Webpage(comment=".cm .cm .cm").read(Document("x.html", (HEAD + inside).encode())))


def test_a_page_of_more_elements_than_people_write_is_refused() -> None:
    data = many("<p>", HEAD + '<div class="h-entry">', 3 * MAX_ELEMENTS + 100)
    with pytest.raises(TooLarge, match=r"^x\.html: the page has more than 200,000 elements"):
        list(Webpage().read(Document("x.html", data)))


def test_json_of_millions_of_values_is_refused_before_they_are_made() -> None:
    for data in (many("[],", THREAD, 4 * MAX_VALUES), many('{"a":0},', THREAD, 5 * MAX_VALUES)):
        with pytest.raises(TooLarge, match=r"^t\.json: more than 3,000,000 values\."):
            list(read(Document("t.json", data)))


def test_commas_in_words_are_no_values() -> None:
    data = b'{"schema":"thread.v1","comments":[{"text":"' + b"," * (MAX_VALUES + 10) + b'\\"x"}]}'
    (thread,) = read(Document("t.json", data))
    assert len(thread.comments[0].body) == MAX_VALUES + 12


def test_a_small_packed_file_of_millions_of_values_costs_little(tmp_path: Path) -> None:
    path = tmp_path / "lists.json.gz"
    path.write_bytes(gzip.compress(THREAD.encode() + b"[]," * 20_000_000 + b'{"text":"x"}]}', 9))
    assert path.stat().st_size < 100_000
    with pytest.raises(TooLarge, match="3,000,000 values"):
        list(read(next(documents(path))))


def test_backticks_cost_what_they_are_many() -> None:
    began = time.process_time()
    assert own_words("Well. " + "`" * 49_000).startswith("Well.")
    assert time.process_time() - began < 0.5
    assert own_words("I ran `rm -rf` and ``a ` b`` and `it` works") == "I ran   and ``a ` b`` and   works"


def test_an_export_is_read_element_by_element() -> None:
    # what the benchmark does for 100 MB, in small: CPU and memory of the command itself
    command = [sys.executable, "benchmarks/wxr.py", "--megabytes", "8"]
    for damaged in ([], ["--damaged"]):
        ran = subprocess.run(
            [*command, *damaged], capture_output=True, text=True, check=True, cwd=Path(__file__).parents[3]
        )
        line = ran.stdout.splitlines()[-1]
        threads, seconds, peak = (
            float(word.replace(",", "")) for word in (line.split()[0], line.split()[3], line.split()[5])
        )
        assert threads > 300
        assert seconds < 12
        assert peak < 150
