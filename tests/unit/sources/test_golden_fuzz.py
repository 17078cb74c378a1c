"""Damaged files of the formats that golden pairs show: read, or refused in one line, in bounded time, and nothing else."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_adapters_fuzz import odd, places, read_and_admit, usual

from mkdocs_echo_plugin.sources import available
from mkdocs_echo_plugin.sources.raw import Document

GOLDEN = Path(__file__).parents[2] / "golden"
FORMATS = (
    "blogger/export.xml", "blogger/takeout.atom", "duoshuo/export.json", "feed/wordpress.atom.xml", "ghost/answer.json",
    "ghost/export.json", "giscus/list.json", "giscus/paginate.json", "github_issues/gh-issue-list.json",
    "github_issues/paginate.json", "lobsters/before-2023.json", "lobsters/story.json", "movable_type/typepad.txt",
    "reddit/rows.jsonl", "substack/comments.json", "telegram/result.json", "twikoo/lines.json", "valine/Comment.0.jsonl",
    "valine/list.json", "waline/export.json", "wxr/for-disqus.xml", "youtube/rye.info.json", "youtube/threads.json",
)  # fmt: skip


def first_value(words: str) -> object:
    """The first JSON value in a file, which may hold several."""
    words = words.partition("\n")[2] if words.startswith("#") else words
    return json.JSONDecoder().raw_decode(words.lstrip())[0]


@pytest.mark.parametrize("path", [path for path in FORMATS if path.endswith(("json", "jsonl"))])
@given(data=st.data())
@usual
def test_any_value_of_an_export_may_be_of_another_kind(path: str, data: st.DataObject) -> None:
    value = first_value((GOLDEN / path).read_text("utf-8"))
    for _ in range(data.draw(st.integers(1, 4))):
        spots = places(value)
        if not spots:
            break
        box, key = spots[data.draw(st.integers(0, len(spots) - 1))]
        box[key] = data.draw(odd)
    name = path.partition("/")[0]
    document = Document("mutated.json", json.dumps(value).encode("utf-8", "surrogatepass"))
    read_and_admit(name, document)
    assert isinstance(available()[name].recognises(document), bool)


@pytest.mark.parametrize("path", FORMATS)
@given(data=st.data())
@usual
def test_any_bytes_of_an_export_may_be_damaged_or_missing(path: str, data: st.DataObject) -> None:
    whole = (GOLDEN / path).read_bytes()
    at = data.draw(st.integers(0, len(whole)))
    hurt = whole[:at] + data.draw(st.binary(max_size=8)) + whole[at + data.draw(st.integers(0, 40)) :]
    name = path.partition("/")[0]
    read_and_admit(name, Document(Path(path).name, hurt))
    assert isinstance(available()[name].recognises(Document(Path(path).name, hurt)), bool)


@pytest.mark.parametrize("name", sorted({path.partition("/")[0] for path in FORMATS}))
def test_a_million_marks_take_no_longer_than_their_number(name: str) -> None:
    for piece in (
        b"[",
        b'{"a":',
        b'"\\"',
        b"-----\nCOMMENT:\n",
        b"--------\n",
        b"<entry>",
        b'{"comments":[',
        b"AUTHOR: a\n",
    ):
        document = Document("marks.json", piece * (200_000 // len(piece)))
        read_and_admit(name, document)
        assert isinstance(available()[name].recognises(document), bool)
