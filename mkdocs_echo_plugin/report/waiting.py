"""What waits for an answer, sorted by how much it asks for one: all reports say it alike."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

WORD: Final = {"objection": "objection", "question": "question", "dissent": "disagreement", "comment": "comment"}
_RANK: Final = {"objection": 0, "dissent": 1, "question": 2, "comment": 3}

Waits = tuple[Mapping[str, Any], Mapping[str, Any]]
"""A post and one entry of its `open.waiting`."""


def how_many(post: Mapping[str, Any]) -> int:
    """How many objections and questions of a post wait: the one number that line, panel, report and feeds show."""
    return len(post["open"]["waiting"])


def pressing(post: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The objections and questions of a post that wait, longest first."""
    return sorted(post["open"]["waiting"], key=_age)


def unreplied(post: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """What else of a post has no reply, longest first: read dissents and comments, in the author's report alone."""
    return sorted(post["open"].get("author_only", ()), key=_age)


def by_age(found: Iterable[Waits]) -> list[Waits]:
    """Longest first; what has no date cannot be told to wait long. On one date an objection before a question."""
    return sorted(found, key=lambda one: (*_age(one[1]), one[0]["path"]))


def _age(waiting: Mapping[str, Any]) -> tuple[str, int, str]:
    return waiting["since"] or "9", _RANK[waiting["kind"]], waiting["comment_id"]


def since(waiting: Mapping[str, Any]) -> str:
    """The date since when it waits, with a blank before " since 2026-03-01", or nothing."""
    return f" since {waiting['since'][:10]}" if waiting["since"] else ""


def article(noun: str) -> str:
    """The article "an" before a vowel, else "a"."""
    return "an" if noun[0] in "aeiou" else "a"
