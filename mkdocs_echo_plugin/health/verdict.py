"""The words that counts of stances give: rules that anybody can check, of which exactly one fits every division."""

from __future__ import annotations

from typing import Final, NamedTuple

from mkdocs_echo_plugin.model import Side, Strength, Verdict
from mkdocs_echo_plugin.thresholds import (
    FEWEST,
    FEWEST_SIDES,
    MOST_UNKNOWN,
    NEARLY_ALL,
    SIDES_TAKEN,
    SMALLER_SIDE,
)


class Division(NamedTuple):
    """How known voices divide: the verdict, and of `one-side` which one and how strongly."""

    verdict: Verdict
    side: Side | None = None
    strength: Strength | None = None


FEW_SIDES: Final = Division("few-sides")
SEVERAL: Final = Division("several")


def too_few(known: int, unknown: int) -> Division | None:
    """`early` under five voices, `unread` under five known ones or with more than a third unknown; else None."""
    if known + unknown < FEWEST:
        return Division("early")
    part, whole = MOST_UNKNOWN
    return Division("unread") if known < FEWEST or whole * unknown > part * (known + unknown) else None


def division(agree: float, neutral: float, disagree: float) -> Division:
    """The verdict on known voices of which so many agree, take no side, disagree; the first rule that fits.

        A + C < max(2, .4 known)                  few-sides
        min(A, C) >= (A + C)/3                    several
        else, with min(A, C) <= (A + C)/10        one-side, nearly all
        else                                      one-side, most

    Compared without dividing, so that equal is equal. Counts may be broken in approximations.
    """
    sides, smaller = agree + disagree, min(agree, disagree)
    if sides < FEWEST_SIDES or SIDES_TAKEN[1] * sides < SIDES_TAKEN[0] * (sides + neutral):
        return FEW_SIDES
    if SMALLER_SIDE[1] * smaller >= SMALLER_SIDE[0] * sides:
        return SEVERAL
    nearly = NEARLY_ALL[1] * smaller <= NEARLY_ALL[0] * sides
    return Division("one-side", "agree" if agree > disagree else "disagree", "nearly-all" if nearly else "most")
