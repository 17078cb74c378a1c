"""The rules that turn counts into words: exactly one fits every division, and anybody can check it."""

from __future__ import annotations

from fractions import Fraction

import pytest

from mkdocs_echo_plugin.health.verdict import Division, division, too_few
from mkdocs_echo_plugin.health.views import range_of_views


def rules_that_fit(agree: int, neutral: int, disagree: int) -> list[Division]:
    """The page's rules, each on its own, in fractions."""
    sides, smaller = agree + disagree, min(agree, disagree)
    few = sides < max(Fraction(2), Fraction(2, 5) * (sides + neutral))
    several = not few and smaller >= Fraction(sides, 3)
    nearly = not few and not several and smaller <= Fraction(sides, 10)
    most = not few and not several and not nearly
    side = "agree" if agree > disagree else "disagree"
    found = [(few, Division("few-sides")), (several, Division("several"))]
    found += [(nearly, Division("one-side", side, "nearly-all")), (most, Division("one-side", side, "most"))]  # type: ignore[arg-type]
    return [rule for fits, rule in found if fits]


def test_exactly_one_rule_fits_every_division_of_up_to_thirty_voices() -> None:
    for n in range(31):
        for agree in range(n + 1):
            for disagree in range(n + 1 - agree):
                neutral = n - agree - disagree
                assert [division(agree, neutral, disagree)] == rules_that_fit(agree, neutral, disagree)
                views = range_of_views(agree, neutral, disagree)
                if n >= 5:
                    said = Division(views.range.verdict, views.range.side, views.range.strength)
                    assert said == division(agree, neutral, disagree)
                    assert views.range.p_said == 1
                else:
                    assert views.range.verdict == "early"


@pytest.mark.parametrize(
    ("counts", "words"),
    [
        ((8, 0, 0), ("one-side", "agree", "nearly-all")),
        ((9, 2, 1), ("one-side", "agree", "nearly-all")),
        ((8, 2, 1), ("one-side", "agree", "most")),
        ((6, 0, 2), ("one-side", "agree", "most")),
        ((1, 0, 6), ("one-side", "disagree", "most")),
        ((6, 0, 3), ("several", None, None)),
        ((3, 3, 3), ("several", None, None)),
        ((2, 3, 0), ("one-side", "agree", "nearly-all")),  # two of five is two fifths
        ((2, 4, 0), ("few-sides", None, None)),
        ((1, 0, 0), ("few-sides", None, None)),
    ],
)
def test_a_share_that_is_met_exactly_is_met(counts: tuple[int, int, int], words: tuple[str, str, str]) -> None:
    assert division(*counts) == words


@pytest.mark.parametrize(
    ("known", "unknown", "word"), [(4, 0, "early"), (0, 4, "early"), (4, 1, "unread"), (10, 5, None), (10, 6, "unread")]
)
def test_too_few_voices_or_too_many_unknown_ones_say_nothing(known: int, unknown: int, word: str | None) -> None:
    small = too_few(known, unknown)
    assert (small.verdict if small else None) == word
