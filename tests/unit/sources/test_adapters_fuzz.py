"""Mutated files: whatever is in them, an adapter reads it or says what is wrong, in bounded time, and nothing else."""

from __future__ import annotations

import json
import time
from dataclasses import fields
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from samples import SAMPLES

from mkdocs_echo_plugin.errors import SourceError
from mkdocs_echo_plugin.sources import available, named
from mkdocs_echo_plugin.sources.anonymise import Anonymiser
from mkdocs_echo_plugin.sources.formats import json_values
from mkdocs_echo_plugin.sources.raw import Document, RawThread

JSON = sorted(name for name, document in SAMPLES.items() if document.data[:1] in (b"{", b"[") and name != "convokit")
SECONDS = 2.0
# built anew each time: a list that is shared would in the end be put into itself
odd = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=20), st.just("\ud800"), st.just("9" * 5000),
    st.builds(list), st.builds(dict), st.builds(lambda: [None, 1, "x", {}]), st.builds(lambda: {"a": 1}), st.just(10**30),
    st.just("1e999"), st.just("0001-01-01T00:00:00+23:59"), st.just("9999-12-31T23:59:59-23:59"),
)  # fmt: skip
usual = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def places(value: Any) -> list[tuple[Any, Any]]:
    """Every container with every key in it, so that any value can be replaced."""
    found, stack = [], [value]
    while stack:
        box = stack.pop()
        keys = list(box) if isinstance(box, dict) else range(len(box)) if isinstance(box, list) else ()
        found += [(box, key) for key in keys]
        stack += [box[key] for key in keys]
    return found


def read_and_admit(name: str, document: Document) -> None:
    """Reads with every promise checked: only our errors, in time, and the types that the anonymiser relies on."""
    began = time.process_time()
    try:
        threads = list(named(name)().read(document))
    except SourceError as error:
        threads, said = [], str(error)
    else:
        said = ""
    assert "\n" not in said
    for thread in threads:
        assert isinstance(thread, RawThread)
        assert all(isinstance(comment.id, str) and comment.id for comment in thread.comments)
        for f in fields(thread):
            if f.name in ("key", "page_url", "source_url", "truncated_reason"):
                assert isinstance(getattr(thread, f.name), str | None)
        Anonymiser(b"key").to_thread(thread)
    assert time.process_time() - began < SECONDS


@pytest.mark.parametrize("name", JSON)
@given(data=st.data())
@usual
def test_any_value_in_an_answer_may_be_of_another_kind(name: str, data: st.DataObject) -> None:
    value = json.loads(SAMPLES[name].data)
    for _ in range(data.draw(st.integers(1, 4))):
        spots = places(value)
        if not spots:
            break
        box, key = spots[data.draw(st.integers(0, len(spots) - 1))]
        box[key] = data.draw(odd)
    read_and_admit(name, Document("mutated.json", json.dumps(value).encode("utf-8", "surrogatepass")))


@pytest.mark.parametrize("name", sorted(SAMPLES))
@given(data=st.data())
@usual
def test_any_bytes_of_a_file_may_be_damaged_or_missing(name: str, data: st.DataObject) -> None:
    sample = SAMPLES[name]
    whole = sample.parts[0].data if sample.parts else sample.data
    at = data.draw(st.integers(0, len(whole)))
    hurt = whole[:at] + data.draw(st.binary(max_size=8)) + whole[at + data.draw(st.integers(0, 40)) :]
    parts = tuple(Document(part.name, hurt) for part in sample.parts[:1]) + sample.parts[1:]
    read_and_admit(name, Document(sample.name, b"" if parts else hurt, parts=parts))


@pytest.mark.parametrize("name", sorted(SAMPLES))
@given(junk=st.binary(max_size=200) | st.from_regex(rb"[\[\]{}\",:a0 ]{0,60}", fullmatch=True))
@usual
def test_junk_is_refused_by_name(name: str, junk: bytes) -> None:
    document = Document("junk.json", junk)
    read_and_admit(name, document)
    assert isinstance(available()[name].recognises(document), bool)


@pytest.mark.parametrize("name", ["hackernews", "reddit", "remark42", "webmention"])
def test_forty_thousand_brackets_are_no_stack_overflow(name: str) -> None:
    for opened, closed in (("[", "]"), ('{"data":', "}"), ('{"replies":[', "]}")):
        read_and_admit(name, Document("deep.json", (opened * 40_000 + "1" + closed * 40_000).encode()))
        read_and_admit(name, Document("deep.json", (opened * 40_000).encode()))


@given(st.recursive(odd, lambda inner: st.lists(inner) | st.dictionaries(st.text(max_size=3), inner), max_leaves=20))
@usual
def test_the_deep_reader_reads_what_the_standard_one_reads(value: Any) -> None:
    text = json.dumps(value)
    assert repr(json_values._deep(text)) == repr(json.loads(text))


@given(st.from_regex(r"[\[\]{}\",:0-9 tfn-]{0,30}", fullmatch=True))
@usual
def test_the_deep_reader_refuses_what_the_standard_one_refuses(text: str) -> None:
    def outcome(read: Any) -> str:
        try:
            return repr(read(text))
        except ValueError:
            return "refused"

    assert outcome(json_values._deep) == outcome(json.loads)
