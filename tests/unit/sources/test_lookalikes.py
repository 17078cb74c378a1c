"""Who is who, where somebody would rather be many."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mkdocs_echo_plugin.sources.anonymise import Anonymiser
from mkdocs_echo_plugin.sources.lookalikes import skeleton
from mkdocs_echo_plugin.sources.raw import Author, RawComment, RawThread

DOOR = Anonymiser(b"key", authors=["Owner"])


def keys(*names: str) -> list[str | None]:
    comments = tuple(RawComment(str(i), body="Tea.", author=Author(name=name)) for i, name in enumerate(names))
    return [comment.author_key for comment in DOOR.to_thread(RawThread("isso", comments)).comments]


@pytest.mark.parametrize("name", [
    "M\u0430llory", "Mall\u043ery", "MalIory", "Ma1lory", "Mal\u00adlory", "Mallory.", "Mallory\u200b", "Mall\u2060ory",
    "\uff2d\uff41\uff4c\uff4c\uff4f\uff52\uff59", "\U0001d4dc\U0001d4ea\U0001d4f5\U0001d4f5\U0001d4f8\U0001d4fb\U0001d502",
    "MALLORY", "\u039callory", "Mallory\ufe0f", "Mall\u2800ory", "- Mallory -", "Mallory\U000e0041",
])  # fmt: skip
def test_a_name_that_looks_the_same_is_the_same_person(name: str) -> None:
    one, other = keys("Mallory", name)
    assert one == other


@pytest.mark.parametrize(("one", "other"), [
    ("Ian", "Lan"), ("Iina", "Lina"), ("Ann", "Anne"), ("José", "Josef"), ("Анна", "Анне"), ("McIntyre", "McLntyre"),
    ("张伟", "张玮"), ("R2D2", "R2D3"), ("Ali", "All"),
])  # fmt: skip
def test_people_whose_names_differ_to_the_eye_stay_two(one: str, other: str) -> None:
    assert len(set(keys(one, other))) == 2


@pytest.mark.parametrize(
    "name", ["Gu\u0435st", "\u200bGuest", "Anonym\u043eus", "Guest.", "\U0001f431", "_", "\u3164", "\u2800"]
)
def test_nobody_under_another_spelling_is_nobody(name: str) -> None:
    assert keys(name) == [None]


def test_a_name_that_looks_like_the_author_s_is_not_the_author() -> None:
    (comment,) = DOOR.to_thread(
        RawThread("isso", (RawComment("1", author=Author(name="\u041ewner", id="7")),))
    ).comments
    assert comment.author_role == "unknown"


@given(st.text())
def test_what_nobody_sees_makes_no_other_name(name: str) -> None:
    assert skeleton(f"\u2060{name}\u200b") == skeleton(name)
