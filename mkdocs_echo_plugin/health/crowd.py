"""The posterior over a crowd's division: an approximation for more read voices than the exact sum has time for."""

from __future__ import annotations

from collections.abc import Sequence
from math import exp, log, sqrt
from typing import Final

from mkdocs_echo_plugin.health.views import Counts, Outcome
from mkdocs_echo_plugin.model import Probabilities

_BUCKETS: Final = 24
_COARSE: Final = 32
_FINE: Final = 48
_NODES: Final = ((-sqrt(3), 1 / 6), (0.0, 2 / 3), (sqrt(3), 1 / 6))
"""Gauss-Hermite: the normal distribution in three points, exact to the fifth moment."""


def approximate_posterior(agree: int, neutral: int, disagree: int, evidence: Sequence[Probabilities]) -> list[Outcome]:
    """The outcomes of `views.posterior` for hundreds of read voices and more, in time linear in their number.

    Voices with like evidence are put together (24 steps a share); the mix p is summed over a grid on which the
    Dirichlet(1/3) prior is flat at the simplex's edges (p = u^3 / (u^3 + (1-u)^3), twice), first coarse, then fine
    where it matters; given p, the voices' division is a normal about its mean with its covariance, in 3 x 3 points.
    Counts come out broken. Measured against the exact sum at 100-400 voices by `python benchmarks/crowd.py`.
    """
    declared, groups = (agree, neutral, disagree), _grouped(evidence)
    outcomes: list[Outcome] = []
    for p, mass in _mixes(declared, groups):
        outcomes += _divisions(p, mass, declared, groups, len(evidence))
    return outcomes


def interval_of_sample(
    agree: int, neutral: int, disagree: int, evidence: Sequence[Probabilities], *, level: float = 0.8
) -> tuple[float, float, float]:
    """Low, median and high of D(p), p the mix of those whom the voices are a sample of; each 0..1.

    The posterior of p is Dirichlet(1/3 + counts) where all are declared. `level` lies between low and high.
    """
    spreads = sorted(
        (2 * (2 * a * c + a * b + b * c), mass)
        for (a, b, c), mass in _mixes((agree, neutral, disagree), _grouped(evidence))
    )
    found: list[float] = []
    cumulative = 0.0
    for spread, mass in spreads:
        cumulative += mass
        for level_of in ((1 - level) / 2, 0.5, (1 + level) / 2)[len(found) :]:
            if cumulative >= level_of:
                found.append(spread)
    low, median, high = (found + [spreads[-1][0]] * 3)[:3]
    return low, median, high


def _mixes(declared: tuple[int, int, int], groups: Sequence[_Group]) -> list[tuple[tuple[float, float, float], float]]:
    """The posterior of the mix (agree, neutral, disagree) at the points of a grid that is fine where it matters."""
    low_u, high_u, low_v, high_v = 0.0, 1.0, 0.0, 1.0
    for _ in range(2):
        points = _grid(low_u, high_u, low_v, high_v, _COARSE, declared, groups)
        top = max(weight for _, _, _, weight in points)
        near = [(u, v) for u, v, _, weight in points if weight > top - 18]
        step_u, step_v = (high_u - low_u) / _COARSE, (high_v - low_v) / _COARSE
        low_u, high_u = max(min(u for u, _ in near) - step_u, 0), min(max(u for u, _ in near) + step_u, 1)
        low_v, high_v = max(min(v for _, v in near) - step_v, 0), min(max(v for _, v in near) + step_v, 1)
    points = _grid(low_u, high_u, low_v, high_v, _FINE, declared, groups)
    top = max(weight for _, _, _, weight in points)
    kept = [(p, exp(weight - top)) for _, _, p, weight in points if weight > top - 18]
    total = sum(mass for _, mass in kept)
    return [(p, mass / total) for p, mass in kept]


_Group = tuple[float, float, float, int]
"""(agree, neutral, disagree) evidence of a group's mean voice, and how many voices it stands for."""


def _grouped(evidence: Sequence[Probabilities]) -> list[_Group]:
    sums: dict[tuple[int, int], list[float]] = {}
    for r in evidence:
        whole = sum(r)
        share = (r.agree / whole, r.neutral / whole, r.disagree / whole)
        sums_of = sums.setdefault((round(share[0] * _BUCKETS), round(share[2] * _BUCKETS)), [0.0, 0.0, 0.0, 0.0])
        for k in range(3):
            sums_of[k] += share[k]
        sums_of[3] += 1
    return [(a / m, b / m, c / m, int(m)) for _, (a, b, c, m) in sorted(sums.items())]


def _cubed(u: float) -> tuple[float, float]:
    """(p, log of dp/du) for p = u^3 / (u^3 + (1-u)^3)."""
    x, y = u * u * u, (1 - u) ** 3
    return x / (x + y), log(3) + 2 * log(u) + 2 * log(1 - u) - 2 * log(x + y)


def _grid(
    low_u: float, high_u: float, low_v: float, high_v: float, size: int,
    declared: tuple[int, int, int], groups: Sequence[_Group],
) -> list[tuple[float, float, tuple[float, float, float], float]]:  # fmt: skip
    """(u, v, (agree, neutral, disagree) mix, log weight) at cell midpoints: neutral against the rest, then agree."""
    points = []
    for i in range(size):
        u = low_u + (i + 0.5) * (high_u - low_u) / size
        b, stretch_b = _cubed(u)
        for j in range(size):
            v = low_v + (j + 0.5) * (high_v - low_v) / size
            s, stretch_s = _cubed(v)
            rest = (1 - u) ** 3 / (u**3 + (1 - u) ** 3)
            a, c = rest * s, rest * ((1 - v) ** 3 / (v**3 + (1 - v) ** 3))
            # Dirichlet(1/3) in (b, s) is b^(-2/3) rest^(-1/3) [s (1-s)]^(-2/3), times the stretch of the grid
            weight = stretch_b + stretch_s - 2 / 3 * log(b) + log(rest) - 2 / 3 * (log(a) + log(c))
            weight += declared[0] * log(a) + declared[1] * log(b) + declared[2] * log(c)
            weight += sum(m * log(a * ra + b * rb + c * rc + 1e-300) for ra, rb, rc, m in groups)
            points.append((u, v, (a, b, c), weight))
    return points


def _divisions(
    p: tuple[float, float, float], mass: float, declared: tuple[int, int, int], groups: Sequence[_Group], n: int
) -> list[Outcome]:
    """How n read voices divide where the mix is p: a normal about the mean, in 3 x 3 points."""
    mean_a = mean_c = var_a = var_c = both = 0.0
    for ra, rb, rc, m in groups:
        whole = p[0] * ra + p[1] * rb + p[2] * rc + 1e-300
        a, c = p[0] * ra / whole, p[2] * rc / whole
        mean_a, mean_c = mean_a + m * a, mean_c + m * c
        var_a, var_c, both = var_a + m * a * (1 - a), var_c + m * c * (1 - c), both - m * a * c
    spread_a = sqrt(max(var_a, 0.0))
    slope = both / spread_a if spread_a > 0 else 0.0
    spread_c = sqrt(max(var_c - slope * slope, 0.0))
    outcomes = []
    for x, weight_x in _NODES:
        for y, weight_y in _NODES:
            a = min(max(mean_a + x * spread_a, 0.0), float(n))
            c = min(max(mean_c + x * slope + y * spread_c, 0.0), n - a)
            counts = Counts(declared[0] + a, declared[1] + n - a - c, declared[2] + c)
            outcomes.append(Outcome(counts, mass * weight_x * weight_y))
    return outcomes
