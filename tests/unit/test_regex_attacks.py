"""No regular expression of the package is slow on any text: each is attacked where it repeats something."""

from __future__ import annotations

import re
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from regex_attacks import Expression, attacks, expressions

import mkdocs_echo_plugin

ALL = list(expressions(Path(mkdocs_echo_plugin.__file__).parent))
FIRST, SECOND = 4_000, 40_000
"""Characters of the attacks: those that are slowest at first are tried ten times as long."""
SECONDS = 0.16
"""What 40,000 characters may take on a busy machine: 4 s a megabyte, where it is linear; quadratic, it would be 100."""


class Slow(Exception):
    """An attack went on for longer than anybody waits."""


@contextmanager
def at_most(seconds: float) -> Iterator[None]:
    def stop(*_: object) -> None:
        raise Slow

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def slowest(expression: Expression) -> tuple[float, str]:
    """The seconds that the slowest long attack takes, and its beginning."""
    short = sorted(((expression.takes(text), text) for text in attacks(expression, FIRST)), reverse=True)
    worst = [text for took, text in short[:3] if took > 0.0002]
    long = [text for text in attacks(expression, SECOND) if any(alike(text, one) for one in worst)]
    return max(((min(expression.takes(t), expression.takes(t)), t[:60]) for t in long), default=(0.0, ""))


def alike(long: str, short: str) -> bool:
    return long[:40] == short[:40] and long[-1] == short[-1]


@pytest.mark.parametrize("expression", ALL, ids=lambda expression: expression.where)
def test_no_expression_is_slow_on_a_text_made_against_it(expression: Expression) -> None:
    try:
        with at_most(20):
            took, begins = slowest(expression)
    except Slow:
        pytest.fail(f"{expression.where}: {expression.pattern.pattern!r} takes more than 20 s")
    assert took < SECONDS, f"{expression.pattern.pattern!r} is slow on {begins!r} ..."


@pytest.mark.parametrize(
    "pattern",
    [r"\s*\n\s*", r"(`+)(?!`)[^`]{1,2000}\1(?!`)", r"<link>\s*([^<]+?)\s*</link>", r"(a+)+$", r"(?:a|a)*b", r"<h1[^>]*>(.*?)</h1>",
     r"[\s,]*says\s*$"],
)  # fmt: skip
def test_the_attacks_find_what_was_slow_once(pattern: str) -> None:
    expression = Expression("here", re.compile(pattern, re.DOTALL), anchored=False)
    try:
        with at_most(5):
            took, _ = slowest(expression)
    except Slow:
        return
    assert took > SECONDS


def test_every_room_is_looked_at() -> None:
    assert len(ALL) > 140
    assert {expression.where.split("/")[0] for expression in ALL} >= {"sources", "stance", "health", "render", "report"}
