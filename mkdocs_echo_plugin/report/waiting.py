"""What waits for a reply, sorted by how much it asks for one: all reports say it alike."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

WORD: Final = {"dissent": "disagreement", "question": "question", "comment": "comment"}
_RANK: Final = {"dissent": 0, "question": 1, "comment": 2}

Waits = tuple[Mapping[str, Any], Mapping[str, Any]]
"""A post and one entry of its `answers.waiting`."""


def how_many(post: Mapping[str, Any]) -> int:
    """How many disagreements and questions of a post wait: what its badge counts. Read disagreements too, by number."""
    kinds = [w["kind"] for w in post["answers"]["waiting"]]
    return kinds.count("question") + min(_open(post), len(kinds) - kinds.count("question"))


def pressing(post: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The disagreements and questions of a post that wait, longest first.

    A public report calls a disagreement that was read a comment: where more are open than are declared, all comments
    without a reply are among them.
    """
    waiting: list[Mapping[str, Any]] = post["answers"]["waiting"]
    hidden = _open(post) > sum(w["kind"] == "dissent" for w in waiting)
    return sorted((w for w in waiting if hidden or w["kind"] != "comment"), key=_age)


def unreplied(post: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The other comments of a post without a reply, longest first."""
    taken = pressing(post)
    return sorted((w for w in post["answers"]["waiting"] if w not in taken), key=_age)


def by_age(found: Iterable[Waits]) -> list[Waits]:
    """Longest first; what has no date cannot be told to wait long. On one date a disagreement before a question."""
    return sorted(found, key=lambda one: (*_age(one[1]), one[0]["path"]))


def _open(post: Mapping[str, Any]) -> int:
    """Disagreements that nobody answered."""
    return int(post["answers"]["dissents"]) - int(post["answers"]["answered"])


def _age(waiting: Mapping[str, Any]) -> tuple[str, int, str]:
    return waiting["since"] or "9", _RANK[waiting["kind"]], waiting["comment_id"]


def since(waiting: Mapping[str, Any]) -> str:
    """The date since when it waits, with a blank before " since 2026-03-01", or nothing."""
    return f" since {waiting['since'][:10]}" if waiting["since"] else ""
