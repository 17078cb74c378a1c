"""What keys stand where at the beginning of a JSON or YAML file; words are never looked at."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest

from mkdocs_echo_plugin.sources import candidates
from mkdocs_echo_plugin.sources.formats.shape import HEAD, fields, shape
from mkdocs_echo_plugin.sources.raw import Document


def document(value: Any) -> Document:
    return Document("x.json", json.dumps(value).encode())


def test_each_object_s_keys_stand_at_its_place() -> None:
    found = shape(document({"kind": "x", "data": {"rows": [{"id": 1, "who": {"name": "Ada"}}, {"text": "No"}]}}))
    assert {place: dict(keys) for place, keys in found.items()} == {
        "": {"kind": "x", "data": ""},
        "data": {"rows": ""},
        "data.rows[]": {"id": "", "who": "", "text": "No"},
        "data.rows[].who": {"name": "Ada"},
    }


def test_values_one_after_another_are_at_one_place() -> None:
    assert fields(Document("x", b'{"a": 1}\n{"b": 2}')).keys() == {"a", "b"}
    assert fields(Document("x", b'[{"a": 1}][{"b": 2}]'), "[]").keys() == {"a", "b"}
    assert fields(Document("x", b'#filetype:JSON-streaming {"no": 1}\n{"a": 1}')).keys() == {"a"}


def test_a_file_that_breaks_off_has_the_keys_until_there() -> None:
    assert fields(Document("x", b'[{"a": "b", "c": {"d": "e'), "[]").keys() == {"a", "c"}


def test_yaml_has_its_keys_at_the_same_places() -> None:
    words = b"""comments:
  - {author: Ada, text: "see, message: hi", more: {at: 1}}
  - author: Bob
    text: |
      _id: 7
      date: now
    parent_id: *nobody
"""
    found = shape(Document("x.yml", words))
    assert {place: list(keys) for place, keys in found.items()} == {
        "": ["comments"], "comments[]": ["author", "text", "more", "parent_id"], "comments[].more": ["at"],
    }  # fmt: skip
    assert found["comments[]"]["author"] == "Ada"


def test_what_breaks_off_in_yaml_counts_until_there() -> None:
    assert fields(Document("x.yml", b"- author: Ada\n  text: 'broken\n"), "[]").keys() == {"author", "text"}
    assert fields(Document("x.yaml", b"- author: Ada\n  text: |\n" + b"    word: none\n" * 9_000), "[]").keys() == {
        "author", "text",
    }  # fmt: skip


@pytest.mark.parametrize("piece", [b"- ", b"{a: ", b"[", b"? ", b"a: &x\n", b"*a ", b"!!map ", b"- - - -\n", b"'"])
def test_odd_yaml_takes_no_time(piece: bytes) -> None:
    began = time.process_time()
    shape(Document("x.yml", piece * 100_000))
    assert time.process_time() - began < 1


@pytest.mark.parametrize("data", [b"", b"hello", b"<a>", b"a: 1\nb: 2", b"\xff\xfe[\x00"])
def test_what_is_no_json_has_no_keys(data: bytes) -> None:
    assert shape(Document("x", data)) == {}


@pytest.mark.parametrize("piece", [b'{"a":', b"[", b'"\\"', b'"', b'{"a":[', b'{"x":1},', b"}"])
def test_the_time_is_that_of_the_first_64_kib(piece: bytes) -> None:
    began = time.process_time()
    shape(Document("x", b"[" + piece * (HEAD // len(piece) * 3)))
    assert time.process_time() - began < 1


FOREIGN = (
    '"objectId": 1, "nick": "x", "comment": "y"', '{"post_id": 1, "thread_id": 2, "author_name": "", "message": ""}',
    "message: hi\n_id: 7\ndate: 2020-01-01", '"kind": "youtube#comment"', '"short_id": "a", "submitter_user": "b"',
    '{"issue_url": 1, "author_association": 2}', "AUTHOR: a\nTITLE: b\n-----\nBODY:\n", '"mailMd5": ""', "tag:blogger.com",
    '"ancestor_path": "", "children": []', '"kind": "Listing", "data": {"children": []}', "<feed>#comment-1</feed>",
)  # fmt: skip


@pytest.mark.parametrize("words", FOREIGN)
def test_the_words_of_a_comment_make_no_file_another_system_s(words: str) -> None:
    rows = [{"id": "1", "author": words, "body": words, "created_utc": 1, "link_id": "t3_x", "subreddit": words}]
    telegram = {"name": words, "type": "private_group", "id": 1, "messages": [
        {"id": 1, "type": "message", "date": "2023-01-01T00:00:00", "from": words, "from_id": "user1", "text": words}]}  # fmt: skip
    ours = {"page_url": "/rye/", "comments": [{"id": 1, "author": words, "text": words}]}
    written = Document("x.yml", f"comments:\n  - author: Ada\n    text: {json.dumps('well, ' + words)}\n".encode())
    assert candidates(written) == ["neutral"]
    for name, value in (("reddit", rows), ("telegram", telegram), ("neutral", ours)):
        found = document(value)
        assert candidates(found) == [name]


def test_a_long_first_comment_hides_no_key_behind_it() -> None:
    value = [{"comment": "word " * 2_000, "nick": "Ada", "objectId": "1", "url": "/x/"}]
    assert candidates(document(value)) == ["valine"]
