"""The state of a discussion: one word for the badge, first match wins."""

from __future__ import annotations

from typing import Final

from mkdocs_echo_plugin.model import Answers, Discussion, HealthState, Range

SHOWS_NO_BADGE: Final[frozenset[HealthState]] = frozenset({"off", "unknown", "quiet"})

RESTS_ON_STANCES: Final[frozenset[HealthState]] = frozenset(
    {"few-sides", "several-answered", "several-waiting", "several", "one-view", "leaning", "unclear"}
)
"""States whose words say how many of the voices are known."""


def state(discussion: Discussion, read: int, figures: Range, answers: Answers) -> HealthState:
    """The state of a thread that could be read.

    Args:
        discussion: what the post's author says of it; `off` shows nothing, all but `opinion` have no range of views.
        read: comments that were read.
        figures: the range of views; its verdict says the rest.
        answers: dissents and what waits.

    Several views are called answered only where every dissent is, and waiting only where a reply is possible: in a
    closed thread with an unanswered dissent neither is true, and the state is plainly `several`.
    """
    if discussion == "off":
        return "off"
    if read == 0:
        return "quiet"
    if figures.verdict == "off":
        return "facts"
    if figures.verdict != "several":
        return figures.verdict
    if waiting_dissents(answers):
        return "several-waiting"
    if 0 < answers.dissents == answers.answered:
        return "several-answered"
    return "several"


def waiting_dissents(answers: Answers) -> int:
    """How many dissents wait for a reply."""
    return sum(w.kind == "dissent" for w in answers.waiting)


def waiting_questions(answers: Answers) -> int:
    """How many questions wait for a reply."""
    return sum(w.kind == "question" for w in answers.waiting)
