"""YAML that nobody vouches for: the same values as a safe loader's, without what a file can abuse."""

from __future__ import annotations

import time
import tracemalloc
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from mkdocs_echo_plugin.errors import Unreadable
from mkdocs_echo_plugin.sources.files import read
from mkdocs_echo_plugin.sources.formats.yaml_values import documents
from mkdocs_echo_plugin.sources.raw import Document


def values(words: str) -> list[Any]:
    return list(documents(Document("t.yml"), words))


LEAVES = st.none() | st.booleans() | st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "Zs")), max_size=8)


@given(
    st.recursive(LEAVES, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text("abc", max_size=3), inner))
)
def test_what_a_safe_loader_wrote_is_read(value: Any) -> None:
    assert values(yaml.safe_dump(value, allow_unicode=True)) == [value]


def test_ids_keep_their_zeros_and_dates_are_words() -> None:
    assert values("id: 007\nwhen: 2024-05-99\n<<: x\nyes: ~\n---\n- 1.0\n- 'no'\n- no\n- !!str no\n") == [
        {"id": "007", "when": "2024-05-99", "<<": "x", True: None}, ["1.0", "no", False, "no"],
    ]  # fmt: skip


def test_a_person_who_is_named_once_and_meant_twice_is_read_twice() -> None:
    assert values("- &a {name: Ada}\n- *a\n- author: *a\n") == [
        [{"name": "Ada"}, {"name": "Ada"}, {"author": {"name": "Ada"}}]
    ]


@pytest.mark.parametrize(
    ("words", "why"),
    [("comments:\n  - &a {text: x, author: a, replies: [*a]}\n", r"line 2 .*\*a names nothing that ends before it"),
     ("- &a [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
         f"- &{b} [{','.join(['*' + a] * 10)}]\n" for a, b in zip("abcdefg", "bcdefgh", strict=True)),
      r"line 4 .*aliases stand for more than 10,000 values"),
     ("a: !!python/name:os.system x\n", r"line 1 .*the tag '.*' is not allowed"),
     ("a: *b\n", r"line 1 .*\*b names nothing"), ("? [a]\n: b\n", "a list or mapping is no key"), ("a: [b\n", "not valid YAML")],
    ids=["recursive", "bomb", "tag", "no anchor", "key", "broken"],
)  # fmt: skip
def test_what_a_file_can_abuse_is_refused_with_its_line(words: str, why: str) -> None:
    began = time.process_time()
    with pytest.raises(Unreadable, match=f"^t.yml: .*{why}"):
        values(words)
    assert time.process_time() - began < 1


@pytest.mark.parametrize(
    "words", ["[" + "{a: 1}," * 140_000 + "]", "- [a]\n" * 160_000, "a\n---\n" * 160_000, "[" + "a," * 500_000]
)
def test_a_megabyte_of_values_takes_less_than_two_seconds_and_a_hundred_megabytes(words: str) -> None:
    tracemalloc.start()
    began = time.process_time()
    try:
        values(words)
    except Unreadable as error:
        assert "not valid YAML" in str(error)  # noqa: PT017  # the last one has no end
    assert tracemalloc.get_traced_memory()[1] < 100_000_000
    tracemalloc.stop()
    assert time.process_time() - began < 6  # three times what it takes without the tracing


def test_a_loop_of_replies_is_refused_as_a_comments_file() -> None:
    with pytest.raises(Unreadable, match="line 2"):
        list(read(Document("loop.yml", b"comments:\n  - &a {text: x, author: a, replies: [*a]}\n")))
