"""How a thread's known voices may divide: what blog threads are like, and what a reader's readings add to that."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from math import exp, lgamma, log
from typing import Final, NamedTuple

from mkdocs_echo_plugin.model import Probabilities

_OTHER: Final = "other"


class Counts(NamedTuple):
    """Voices (or expected voices) that agree, are neutral, disagree."""

    agree: float
    neutral: float
    disagree: float


@dataclass(frozen=True, slots=True)
class Trust:
    """What a reader's readings are worth on whole threads. Fitted by `python -m training threads --fit`, by reader.

    `position` and `none` are the Dirichlet parameters (agree, neutral, disagree) of threads under posts that take a
    position and under others; `sharpness` and `shared` temper the readings; `useless` is the probability that those of
    a thread tell nothing at all (another topic, another tone). `sure` is the probability from which a verdict is said:
    the lowest with which nine in ten of those said were right on threads of blogs that were not fitted on. `questions`
    says whether what waits by this reader's readings is right often enough (.85) to be told in public.
    """

    position: Counts
    none: Counts
    sharpness: float
    shared: float
    useless: float
    sure: float
    questions: bool = False

    def temper(self, read: int) -> float:
        """t = sharpness / (1 + (n - 1) shared): the power by which n readings of one thread count.

        Misreadings of one thread are alike: n of them tell what 1 + ... = n t independent ones would (Kish's design
        effect). From `sharpness` for one voice down to sharpness / (n shared).
        """
        return self.sharpness / (1 + max(read - 1, 0) * self.shared)


@cache
def trust_in(reader: str) -> Trust:
    """The trust in a reader by its name; the lowest that was measured for one that nobody has measured on threads."""
    text = resources.files(__package__).joinpath("trust.json").read_text("utf-8")
    known = json.loads(text)
    of = known.get(reader, known[_OTHER])
    figures = {name: of[name] for name in ("sharpness", "shared", "useless", "sure", "questions")}
    return Trust(Counts(*of["position"]), Counts(*of["none"]), **figures)


class Prior(NamedTuple):
    """A Dirichlet prior over (agree, neutral, disagree), its probability, and the power of the readings under it."""

    alpha: Counts
    weight: float
    power: float


def priors(trust: Trust, position: float, read: int) -> list[Prior]:
    """The mixture that a thread is seen through: with and without a position, with and without useful readings.

    Args:
        position: the probability that the post takes a position, 1 where its author says so.
        read: voices that a reader has read.
    """
    power = trust.temper(read)
    useless = trust.useless if read else 0.0
    mixture = [
        Prior(alpha, weight * share, of)
        for alpha, weight in ((trust.position, position), (trust.none, 1 - position))
        for share, of in ((1 - useless, power), (useless, 0.0))
    ]
    return [prior for prior in mixture if prior.weight > 0]


class Way(NamedTuple):
    """One way in which the known voices may divide, with its probability. Counts may be broken in approximations."""

    agree: float
    neutral: float
    disagree: float
    probability: float


def ways(
    agree: int, neutral: int, disagree: int, evidence: Sequence[Probabilities], mixture: Sequence[Prior]
) -> list[Way]:
    """Every way in which the known voices may divide, with its probability.

        P(A, B, C) ~ sum_k w_k DM_k(A, B, C) e_k(A, B, C)
        DM_k = G(s) / G(s + n) prod G(A + a) / G(a) over the three, a the prior's parameters, s their sum
        e_k = the coefficient of x^A y^B z^C in prod_i (x r_iA^t + y r_iB^t + z r_iC^t),  r = q / pi

    with a certain voice's factor being its own term alone, t the prior's `power`. Exact where all are certain. Dynamic
    programming over the voices: no draws, the same figures each time.
    """
    if not evidence:
        return [Way(agree, neutral, disagree, 1.0)]
    known = agree + neutral + disagree + len(evidence)
    weighed: dict[tuple[int, int, int], list[float]] = {}
    rows_of: dict[float, list[tuple[int, int, int, float]]] = {}
    for prior in mixture:
        if prior.power not in rows_of:
            found = _likelihoods(evidence, prior.power) if prior.power else _blind(len(evidence))
            rows_of[prior.power] = [(agree + a, neutral + b, disagree + c, of) for a, b, c, of in found]
        base = log(prior.weight) + log_dirichlet(prior.alpha) - lgamma(sum(prior.alpha) + known)
        starts = (agree, neutral, disagree)
        gammas = [_log_gammas(alpha, len(evidence), start) for alpha, start in zip(prior.alpha, starts, strict=True)]
        for a, b, c, likelihood in rows_of[prior.power]:
            weight = base + likelihood + gammas[0][a - agree] + gammas[1][b - neutral] + gammas[2][c - disagree]
            weighed.setdefault((a, b, c), []).append(weight)
    top = max(map(max, weighed.values()))
    masses = {way: sum(exp(weight - top) for weight in weights) for way, weights in weighed.items()}
    total = sum(masses.values())
    return [Way(*way, mass / total) for way, mass in masses.items()]


def tempered(evidence: Sequence[Probabilities], power: float) -> tuple[list[Probabilities], float]:
    """r^power, each scaled so that its largest part is 1, and the logarithm of what all were divided by."""
    tops = [max(r) for r in evidence]
    scaled = [Probabilities(*((part / top) ** power for part in r)) for r, top in zip(evidence, tops, strict=True)]
    return scaled, power * sum(map(log, tops))


def log_dirichlet(alpha: Counts) -> float:
    """The logarithm of the Dirichlet distribution's constant, G(sum alpha) / prod G(alpha)."""
    return lgamma(sum(alpha)) - sum(map(lgamma, alpha))


@lru_cache(maxsize=1024)
def _log_gammas(alpha: float, most: int, start: int = 0) -> list[float]:
    """log G(start + k + alpha) for k from 0 to `most`: whatever the declared voices, no longer than the read ones."""
    return [lgamma(start + k + alpha) for k in range(most + 1)]


def _blind(m: int) -> Iterator[tuple[int, int, int, float]]:
    """(agree, neutral, disagree, log ways) of every division of m voices of whom nothing is known."""
    logs = _log_gammas(1.0, m)
    for a in range(m + 1):
        for c in range(m + 1 - a):
            yield a, m - a - c, c, logs[m] - logs[a] - logs[m - a - c] - logs[c]


def _likelihoods(evidence: Sequence[Probabilities], power: float) -> Iterator[tuple[int, int, int, float]]:
    """(agree, neutral, disagree, log likelihood) of every division of the read voices that their evidence allows."""
    scaled, scale = tempered(evidence, power)
    rows = [[1.0]]
    for r in scaled:
        padded: list[list[float]] = [*rows, []]
        above = [0.0] * (len(rows) + 1)
        new: list[list[float]] = []
        for row in padded:
            same, one_more = [*row, 0.0], [0.0, *row]
            new.append(
                [s * r.neutral + o * r.disagree + t * r.agree for s, o, t in zip(same, one_more, above, strict=True)]
            )
            above = row
        top = max(map(max, new))
        if not 1e-100 < top < 1e100:
            new = [[value / top for value in row] for row in new]
            scale += log(top)
        rows = new
    m = len(evidence)
    for a, row in enumerate(rows):
        for c, coefficient in enumerate(row):
            if coefficient > 0:
                yield a, m - a - c, c, log(coefficient) + scale
