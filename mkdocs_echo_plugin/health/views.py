"""Range of views: how widely the voices' stances towards the post differ, and what misreading leaves open of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import exp, lgamma, log
from typing import Final, NamedTuple

from mkdocs_echo_plugin.model import Probabilities, Range, Verdict

PRIOR: Final = 1 / 3
"""Each stance's Dirichlet parameter (Perks, 1947)."""

FEWEST: Final = 5
"""Voices, and known voices, under which nothing is said."""

EXACT_UP_TO: Final = 400
"""Read voices up to which the posterior is computed exactly, in O(n^3 / 6) steps."""

SURE: Final = 0.8
_ROUNDING: Final = 1e-12


class Counts(NamedTuple):
    """Voices (or expected voices) that agree, are neutral, disagree."""

    agree: float
    neutral: float
    disagree: float


@dataclass(frozen=True, slots=True)
class Outcome:
    """One way in which the known voices may divide, with its probability. Counts may be broken in approximations."""

    counts: Counts
    probability: float


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
    agree: int, neutral: int, disagree: int, evidence: Sequence[Probabilities] = (), *, unknown: int = 0
) -> tuple[Range, Counts]:
    """D of the known voices, exactly where all are declared, with its posterior where some are read.

        P(A, B, C) ~ G(A+1/3) G(B+1/3) G(C+1/3) e(A, B, C)
        e = the coefficient of x^A y^B z^C in prod_i (x r_iA + y r_iB + z r_iC),  r = q / pi

    with a declared voice's factor being its own term alone.

    Args:
        agree: voices declared (or overridden) to agree with the post; neutral, disagree likewise.
        evidence: for each read voice r = q_path / pi_path over (disagree, neutral, agree), not negative, any scale.
        unknown: voices whose stance is not known; they count towards n only.

    Returns:
        The range block (its numbers None only where no voice is known) and the posterior expected counts.

    Raises:
        ValueError: a negative count, or evidence that is not finite, negative, or all zero.
    """
    if min(agree, neutral, disagree, unknown) < 0:
        raise ValueError("counts of voices are 0 or more")
    for r in evidence:
        if not (all(0 <= part < float("inf") for part in r) and sum(r) > 0):
            raise ValueError(f"evidence must be finite, not negative and not all zero: {tuple(r)}")
    known = agree + neutral + disagree + len(evidence)
    if known == 0:
        return Range(verdict="early" if unknown < FEWEST else "unread"), Counts(0, 0, 0)
    if len(evidence) <= EXACT_UP_TO:
        weighed = _weighed(agree, neutral, disagree, evidence)
        return _summed(weighed, known + unknown, known, exact=not evidence)
    from mkdocs_echo_plugin.health.crowd import approximate_posterior

    return _summary(approximate_posterior(agree, neutral, disagree, evidence), known + unknown, known, exact=False)


def posterior(agree: int, neutral: int, disagree: int, evidence: Sequence[Probabilities] = ()) -> list[Outcome]:
    """Every way in which the known voices may divide, with its probability; see `range_of_views` for the formula.

    Dynamic programming over voices: exact, no draws, O(n^3 / 6) in the read voices.
    """
    return [Outcome(Counts(a, b, c), p) for a, b, c, p in _weighed(agree, neutral, disagree, evidence)]


def _weighed(
    agree: int, neutral: int, disagree: int, evidence: Sequence[Probabilities]
) -> list[tuple[int, int, int, float]]:
    """(agree, neutral, disagree, probability) of every way."""
    m = len(evidence)
    priors = [lgamma(k + PRIOR) for k in range(m + max(agree, neutral, disagree) + 1)]
    weighed: list[tuple[int, int, int, float]] = []
    for a, row in enumerate(_coefficients(evidence), start=agree):
        of_a, left = priors[a], agree + neutral + m - a
        for c, coefficient in enumerate(row):
            if coefficient > 0:
                b = left - c
                weighed.append((a, b, disagree + c, log(coefficient) + (of_a + priors[b] + priors[disagree + c])))
    top = max([weight for _, _, _, weight in weighed])
    masses = [exp(weight - top) for _, _, _, weight in weighed]
    total = sum(masses)
    return [(a, b, c, mass / total) for (a, b, c, _), mass in zip(weighed, masses, strict=True)]


def _coefficients(evidence: Sequence[Probabilities]) -> list[list[float]]:
    """rows[A][C]: the coefficient of x^A y^(m-A-C) z^C of the product, up to a common factor."""
    rows = [[1.0]]
    for r in evidence:
        scale = max(r)
        c, b, a = r.disagree / scale, r.neutral / scale, r.agree / scale
        padded: list[list[float]] = [*rows, []]
        above: list[float] = [0.0] * (len(rows) + 1)
        new: list[list[float]] = []
        for row in padded:
            same, one_more = [*row, 0.0], [0.0, *row]
            new.append([s * b + o * c + t * a for s, o, t in zip(same, one_more, above, strict=True)])
            above = row
        top = max(map(max, new))
        rows = [[value / top for value in row] for row in new] if top < 1e-100 or top > 1e100 else new
    return rows


def _summary(outcomes: Iterable[Outcome], n: int, known: int, *, exact: bool) -> tuple[Range, Counts]:
    return _summed(((*o.counts, o.probability) for o in outcomes), n, known, exact=exact)


def _summed(
    outcomes: Iterable[tuple[float, float, float, float]], n: int, known: int, *, exact: bool
) -> tuple[Range, Counts]:
    """Median, interval and verdict of the outcomes; thresholds compared without dividing, so that equal is equal."""
    wide = middle = narrow = neutral = 0.0
    agree = none = disagree = 0.0
    by_spread: dict[float, float] = {}
    square = known * known
    for a, b, c, p in outcomes:
        spread = 2 * (2 * a * c + a * b + b * c)
        by_spread[spread] = by_spread.get(spread, 0.0) + p
        if 20 * spread > 11 * square:
            side = a if a < c else c
            wide += p if side >= 2 and 6 * side >= a + c else 0.0
        elif 10 * spread >= 3 * square:
            middle += p
        else:
            narrow += p
        if 5 * b > 3 * known:
            neutral += p
        agree += p * a
        none += p * b
        disagree += p * c
    low, median, high = (_tidy(d / square) for d in _quantiles(by_spread, (0.1, 0.5, 0.9)))
    verdict: Verdict
    if n < FEWEST:
        verdict = "early"
    elif known < FEWEST:
        verdict = "unread"
    elif neutral >= SURE - _ROUNDING:
        verdict = "few-sides"
    elif wide >= SURE - _ROUNDING:
        verdict = "several"
    elif narrow >= SURE - _ROUNDING:
        verdict = "one-view"
    elif middle >= SURE - _ROUNDING:
        verdict = "leaning"
    else:
        verdict = "unclear"
    figures = Range(
        d=median if exact else None,
        median=median,
        low=low,
        high=high,
        p_wide=_tidy(wide),
        p_middle=_tidy(middle),
        p_narrow=_tidy(narrow),
        p_neutral=_tidy(neutral),
        verdict=verdict,
    )
    return figures, Counts(_tidy(agree), _tidy(none), _tidy(disagree))


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
