"""Threads for tests, written as people would write them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from mkdocs_echo_plugin.model import Comment, Post, Probabilities, Thread
from mkdocs_echo_plugin.stance import Task, ToRead

MONDAY = datetime(2026, 3, 2, 8, tzinfo=UTC)
WORDY = "because the figures that you give were taken in a dry year and nobody has looked at them again since then"
"""Twenty calm words without a stance of their own."""

POST = Post(
    path="blog/posts/well.md",
    url="blog/well/",
    title="The village well should stay open",
    description="Why the well on the square is worth what it costs.",
    text="The well on the square costs little and brings neighbours together every morning.",
)


def comment(id: str, author: str | None, text: str, parent: str | None = None, **more: Any) -> Comment:
    """A comment an hour after the one with the number before it."""
    number = int("".join(filter(str.isdigit, id)) or 0)
    more.setdefault("created", MONDAY + timedelta(hours=number))
    return Comment(id=id, author_key=author, text=text, parent_id=parent, **more)


def thread(*comments: Comment, platform: str = "csv", **more: Any) -> Thread:
    """A thread of these comments."""
    return Thread(platform=platform, comments=comments, **more)


def declared_thread(agree: int, neutral: int, disagree: int, **more: Any) -> Thread:
    """A thread of voices that each declare a stance, in that order."""
    stances = ["Agree"] * agree + ["Neutral"] * neutral + ["Disagree"] * disagree
    return thread(*(comment(str(i), f"k{i}", f"{s}: so it is.") for i, s in enumerate(stances)), **more)


class SameReader:
    """A reader that says the same of every comment, and remembers what it was asked."""

    name = "same"
    shares = Probabilities(0.4, 0.25, 0.35)
    pi: Mapping[Task, Probabilities] = {"top": shares, "reply": shares}

    def __init__(self, says: Probabilities | None = None) -> None:
        self.says = says or self.shares
        self.asked: list[ToRead] = []

    def read(self, items: Sequence[ToRead]) -> list[Probabilities]:
        self.asked += items
        return [self.says] * len(items)
