"""Range of views: how widely the voices' stances towards the post differ, and what misreading leaves open of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from mkdocs_echo_plugin.health.estimate import Counts, Trust, Way, priors, trust_in, ways
from mkdocs_echo_plugin.health.verdict import FEW_SIDES, SEVERAL, Division, division, too_few
from mkdocs_echo_plugin.model import Probabilities, Range, Side, Span
from mkdocs_echo_plugin.thresholds import INTERVAL

__all__ = ["Counts", "Views", "diversity", "diversity_of_sample", "range_of_views", "said"]

EXACT_UP_TO: Final = 200
"""Read voices up to which the estimate is computed exactly, in O(n^3 / 6) steps."""

_ROUNDING: Final = 1e-12
_LEVELS: Final = ((1 - INTERVAL) / 2, 0.5, (1 + INTERVAL) / 2)
_SIDES: Final[tuple[Side, ...]] = ("agree", "disagree")


class Views(NamedTuple):
    """The range block, and how many known voices agree, take no side, disagree: (low, expected, high) each.

    The counts are None where no voice is known.
    """

    range: Range
    agree: Span | None = None
    neutral: Span | None = None
    disagree: Span | None = None


def diversity(agree: float, neutral: float, disagree: float) -> float | None:
    """D = 2(2ac + ab + bc) over the shares a, b, c of agree, neutral, disagree of the voices themselves.

    0 where all are alike, 1 where they are split in two halves, 1/2 between one camp and as many neutrals. No
    correction for sampling: it describes those who spoke (`diversity_of_sample` has it). None without voices.
    Source: 1 - l^2 of Blair and Lacy (2000); twice the quadratic entropy of Rao (1982) with distances |i - j| / 2.
    """
    n = agree + neutral + disagree
    if n <= 0:
        return None
    return 2 * (2 * agree * disagree + agree * neutral + neutral * disagree) / (n * n)


def diversity_of_sample(agree: float, neutral: float, disagree: float) -> float | None:
    """D n / (n - 1): the unbiased estimate of D of those whom the voices are a random sample of.

    For comparing two sets of voices (venues, months). Exactly unbiased, so it may pass 1: clamp for display only.
    None for fewer than two voices.
    """
    n = agree + neutral + disagree
    plain = diversity(agree, neutral, disagree)
    return None if plain is None or n < 2 else plain * n / (n - 1)


def range_of_views(
    agree: int,
    neutral: int,
    disagree: int,
    evidence: Sequence[Probabilities] = (),
    *,
    unknown: int = 0,
    position: float = 1.0,
    trust: Trust | None = None,
) -> Views:
    """What can be said of the known voices: exactly where all are certain, with its probability where some are read.

    Args:
        agree: voices declared (or overridden) to agree with the post; neutral, disagree likewise.
        evidence: for each read voice r = q_path / pi_path over (disagree, neutral, agree), not negative, 1 for nothing.
        unknown: voices whose stance is not known; they count towards n only.
        position: the probability that the post takes a position; 1 where its author says so.
        trust: in the reader, as measured on whole threads; the lowest where it is not given.

    Raises:
        ValueError: a negative count, or evidence that is not finite, negative, or all zero.
    """
    if min(agree, neutral, disagree, unknown) < 0:
        raise ValueError("counts of voices are 0 or more")
    for r in evidence:
        if not (all(0 <= part < float("inf") for part in r) and sum(r) > 0):
            raise ValueError(f"evidence must be finite, not negative and not all zero: {tuple(r)}")
    known = agree + neutral + disagree + len(evidence)
    small = too_few(known, unknown)
    if known == 0:
        return Views(Range(verdict=small.verdict if small else "unread"))
    trust = trust or trust_in("other")
    mixture = priors(trust, min(max(position, 0.0), 1.0), len(evidence))
    if len(evidence) <= EXACT_UP_TO:
        found = ways(agree, neutral, disagree, evidence, mixture)
    else:
        from mkdocs_echo_plugin.health.crowd import approximate_ways

        found = approximate_ways(agree, neutral, disagree, evidence, mixture)
    return _summed(found, known, small, sure=trust.sure, exact=not evidence)


def said(p: dict[Division, float], sure: float) -> tuple[Division, float]:
    """What may be said where the divisions have these probabilities, and how probable it is; `unclear` with 0.

    One side may be said without its strength where its two strengths together are probable enough.
    """
    for plain in (FEW_SIDES, SEVERAL):
        if p.get(plain, 0.0) >= sure - _ROUNDING:
            return plain, p[plain]
    enough = sure - _ROUNDING
    for side in _SIDES:
        nearly, most = Division("one-side", side, "nearly-all"), Division("one-side", side, "most")
        strengths = [(p.get(nearly, 0.0), nearly), (p.get(most, 0.0), most)]
        for probability, one in strengths:
            if probability >= enough:
                return one, probability
        together = sum(probability for probability, _ in strengths)
        if together >= enough:
            return Division("one-side", side), together
    return Division("unclear"), 0.0


def _summed(found: Iterable[Way], known: int, small: Division | None, *, sure: float, exact: bool) -> Views:
    by_division: dict[Division, float] = {}
    by_spread: dict[float, float] = {}
    by_count: tuple[dict[float, float], ...] = ({}, {}, {})
    for way in found:
        a, b, c, p = way
        rule = division(a, b, c)
        by_division[rule] = by_division.get(rule, 0.0) + p
        spread = 2 * (2 * a * c + a * b + b * c)
        by_spread[spread] = by_spread.get(spread, 0.0) + p
        for counts, count in zip(by_count, (a, b, c), strict=True):
            counts[count] = counts.get(count, 0.0) + p
    low, median, high = (_tidy(d / (known * known)) for d in _quantiles(by_spread, _LEVELS))
    rule, probability = said(by_division, sure)
    if small is not None:
        rule, probability = small, 0.0
    by_verdict = {"few-sides": 0.0, "several": 0.0, "one-side": 0.0}
    for one, p in by_division.items():
        by_verdict[one.verdict] += p
    figures = Range(
        d=median if exact else None,
        median=median,
        low=low,
        high=high,
        verdict=rule.verdict,
        side=rule.side,
        strength=rule.strength,
        p={verdict: _tidy(p) for verdict, p in by_verdict.items()},
        p_said=_tidy(probability) if probability else None,
    )
    return Views(figures, *map(_span, by_count))


def _span(masses: dict[float, float]) -> Span:
    """The 80 % range of a count, in whole people, and its expectation."""
    low, _, high = _quantiles(masses, _LEVELS)
    return round(low), _tidy(sum(count * p for count, p in masses.items())), round(high)


def _tidy(value: float) -> float:
    """Nine decimals: the same figures on machines whose logarithms differ in the last bit."""
    return round(value, 9)


def _quantiles(masses: dict[float, float], levels: Sequence[float]) -> list[float]:
    """For each level the smallest value whose cumulative mass reaches it."""
    found: list[float] = []
    cumulative = 0.0
    ordered = sorted(masses.items())
    for value, mass in ordered:
        cumulative += mass
        while len(found) < len(levels) and cumulative >= levels[len(found)] - _ROUNDING:
            found.append(value)
    return found + [ordered[-1][0]] * (len(levels) - len(found))
