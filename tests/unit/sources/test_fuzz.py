"""Damaged files: whatever is in them, an adapter reads it or says what is wrong in one line, in bounded time."""

from __future__ import annotations

import json
import time

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from test_exports import DISQUS, WXR, remark
from test_neutral import TABLE, TWO
from test_webpage import BLOCK, CLASSIC, HEAD, JSON_LD, MF2, MICRODATA, OLD
from test_wordpress_answers import remark as rest

from mkdocs_echo_plugin.errors import SourceError
from mkdocs_echo_plugin.sources import candidates, named
from mkdocs_echo_plugin.sources.anonymise import Anonymiser
from mkdocs_echo_plugin.sources.files import read
from mkdocs_echo_plugin.sources.raw import Document

ISSO = {"id": None, "total_replies": 2, "hidden_replies": 0, "replies": [
    {"id": 1, "parent": None, "text": "<p>x</p>", "author": "Ada", "website": None, "hash": "ab", "mode": 1, "likes": 2,
     "dislikes": 0, "created": 1700000000.5, "modified": None, "total_replies": 1, "hidden_replies": 0, "replies": [
         {"id": 2, "parent": 1, "text": "y", "author": None, "mode": 4, "likes": 0, "dislikes": 1, "created": 1}]}]}  # fmt: skip
NEUTRAL = {"schema": "thread.v1", "platform": "x", "page_url": "/a/", "aliases": ["b"], "reactions": [{"content": "+1"}],
           "comments": [{**TWO[0], "created": "2024-05-01", "likes": 2, "replies": [TWO[1]]}]}  # fmt: skip
YAML = "comments:\n- id: 1\n  author: &a {name: Ada}\n  time: 2024-05-01\n  text: |\n    x\n    y\n- {text: z, author: *a}\n"
SAMPLES = {
    "neutral": ("t.json", json.dumps(NEUTRAL)),
    "neutral lines": ("t.jsonl", "\n".join(json.dumps(one) for one in TWO)),
    "neutral yaml": ("t.yml", YAML),
    "csv": ("t.csv", TABLE),
    "disqus_xml": ("t.xml", DISQUS),
    "wxr": ("t.xml", WXR.format(comments=remark(1, "One\n<b>two</b>") + remark(2, "x", parent="1"))),
    "isso": ("t.json", json.dumps(ISSO)),
    "wordpress": ("t.json", json.dumps([rest(1), rest(2, parent=1)])),
    **{f"webpage {i}": ("t.html", html.replace("{head}", HEAD))
       for i, html in enumerate((CLASSIC, BLOCK, OLD, MF2, MICRODATA, JSON_LD))},
}  # fmt: skip
PIECES = st.one_of(
    st.binary(max_size=8),
    st.sampled_from([b"<", b">", b'"', b"&", b"]]>", b"<!--", b"<!DOCTYPE x>", b"{", b"[", b",", b":", b"\x00", b"\xff\xfe",
                     b"<ol>" * 300, b"</div>" * 50, b"[" * 2000, b"{\"a\":" * 2000, b"9" * 5000, b"\xed\xa0\x80", b"\\ud800",
                     b"depth-99999", b'id="comment-1"', b"<post>", b"</post>", b"*a", b"&a ", b"!!python/name:os", b"\r",
                     b"null", b"-1", b"1e999", b"0001-01-01T00:00:00+23:59", b"<li class='comment depth-1'>"]),
)  # fmt: skip


@st.composite
def damaged(draw: st.DrawFn, data: bytes) -> bytes:
    """The data with up to six pieces cut out, put in, doubled or written over."""
    for _ in range(draw(st.integers(1, 6))):
        start = draw(st.integers(0, len(data)))
        end = min(len(data), start + draw(st.integers(0, 400)))
        middle = draw(st.one_of(PIECES, st.just(b""), st.just(data[start:end] * 2)))
        data = data[:start] + middle + data[end:]
    return data


def survives(source: str | None, document: Document) -> None:
    began = time.process_time()
    threads, said = [], document.name
    try:
        threads = list(read(document, source))
    except SourceError as error:
        said = str(error)
    assert document.name in said
    assert "\n" not in said
    for thread in threads:
        assert all(isinstance(comment.id, str) for comment in thread.comments)
        Anonymiser(b"key").to_thread(thread)
    assert time.process_time() - began < 2


@pytest.mark.parametrize("sample", SAMPLES)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_a_damaged_file_is_read_or_refused_in_time(sample: str, data: st.DataObject) -> None:
    name, words = SAMPLES[sample]
    survives(sample.split()[0], Document(name, data.draw(damaged(words.encode()))))


@pytest.mark.parametrize("source", ["neutral", "csv", "disqus_xml", "wxr", "isso", "wordpress", "webpage"])
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.binary(max_size=300), st.sampled_from(["t.json", "t.yml", "t.csv", "t.html", "t"]))
@example(b"", "t")
@example(b"[" * 100_000, "t.json")
@example(b"- " * 100_000, "t.yml")
@example(b'{"a":' * 100_000, "t.json")
@example(b"\xff\xfe<\x00", "t.html")
def test_bytes_of_any_kind_are_read_or_refused(source: str, data: bytes, name: str) -> None:
    survives(source, Document(name, data))


@pytest.mark.parametrize("sample", SAMPLES)
def test_each_file_is_recognised_by_its_adapter_alone(sample: str) -> None:
    name, words = SAMPLES[sample]
    document = Document(name, words.encode())
    assert candidates(document) == [sample.split()[0]]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_recognising_never_raises(data: st.DataObject) -> None:
    name, words = SAMPLES[data.draw(st.sampled_from(sorted(SAMPLES)))]
    document = Document(name, data.draw(damaged(words.encode())))
    for source in ("neutral", "csv", "disqus_xml", "wxr", "isso", "wordpress", "webpage"):
        assert isinstance(named(source).recognises(document), bool)
