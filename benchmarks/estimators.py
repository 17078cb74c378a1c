"""Ways to estimate a thread's counts from readings, compared on labelled threads by blog: `python benchmarks/estimators.py`.

    python benchmarks/estimators.py --data DATA --readings READINGS [--reader NAME]

Each is fitted on the labelled groups of other blogs and judged on the ones that it has not seen, and on the gold threads.
Printed: the mean log score of the counts (lower is better), how often the 80 % interval holds D, what share of threads
something is said of from a probability of .8 on, and how much of that is right. DATA and READINGS: see
`training/whole_threads.py`. Nothing is drawn at random.

    constant       the Dirichlet-multinomial distribution of labelled threads, whatever was read
    independent    what the first version had: readings multiply, Perks' prior (1947)
    Bayesian CC    a quantifier: counts of hard labels through the confusion matrix (Ziegler and Czyz, 2024; QuaPy's
                   BayesianCC), flat prior
    EMQ            a quantifier: shares by expectation maximisation (Saerens, Latinne and Decaestecker, 2002)
    regression     a Dirichlet-multinomial regression on the mean log-ratios of the readings, size and post: the readings
                   of a thread are one observation, its concentration the thread effect
    tempered       Dirichlet-multinomial prior, readings to the power 1/(1 + (n-1) rho), without the post's kind
    shipped        that, with a prior by the post's kind and a part that distrusts all readings of a thread
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from scipy.optimize import minimize
from scipy.special import logsumexp

from mkdocs_echo_plugin.health.verdict import Division, division
from mkdocs_echo_plugin.health.views import said
from training.threads import FOLDS, fold
from training.trust import (
    Batch,
    batched,
    coefficients,
    distribution,
    fit,
    log_prior,
    log_ways,
)
from training.whole_threads import PI, Case, gold, labelled

Estimator = Callable[[Batch], Any]
"""P(agree, disagree) of each thread of a batch."""


def normed(logs: Any) -> Any:
    """exp, together 1 for each thread."""
    masses = np.exp(logs - logs.max((1, 2), keepdims=True))
    return masses / masses.sum((1, 2), keepdims=True)


def log_coefficients(r: Any) -> Any:
    """The logarithm of the coefficients, which may be none."""
    with np.errstate(divide="ignore"):
        return np.log(coefficients(r / r.max(-1, keepdims=True)))


def best(batches: Sequence[Batch], make: Callable[[Any], Estimator], start: Sequence[float]) -> Estimator:
    """The parameters under which the true counts are most probable, blogs weighed as in `training/trust.py`."""

    def loss(x: Any) -> float:
        estimate, total, whole = make(x), 0.0, 0.0
        for batch in batches:
            p, counts, weight = estimate(batch), batch[2], batch[4]
            chance = p[np.arange(len(counts)), counts[:, 0], counts[:, 2]]
            total -= float((weight * np.log(np.maximum(chance, 1e-300))).sum())
            whole += float(weight.sum())
        return total / whole + 0.003 * float(((x - np.array(start)) ** 2).sum())

    return make(minimize(loss, np.array(start), method="L-BFGS-B", options={"maxiter": 40}).x)


def constant(cases: Sequence[Case]) -> Estimator:
    def make(x: Any) -> Estimator:
        return lambda b: np.repeat(normed((log_prior(b[0], np.exp(x)) + log_ways(b[0]))[None]), len(b[1]), axis=0)

    return best(batched(cases), make, (0.0, 1.3, 0.0))


def independent(cases: Sequence[Case]) -> Estimator:
    return lambda b: normed(log_coefficients(b[1]) + log_prior(b[0], np.full(3, 1 / 3)))


def bayesian_cc(cases: Sequence[Case]) -> Estimator:
    """Of a thread only the hard labels and the division of its true ones are known: an average of soft confusion."""
    pi, table = np.array(PI), np.ones((3, 3))
    for case in cases:
        q = np.array(case.evidence) * pi
        shares = np.array(case.counts[::-1]) / len(q)
        # the labels of single voices are not kept here: their shares given the reading's own probabilities stand in
        soft = q * shares
        soft /= soft.sum(1, keepdims=True)
        np.add.at(table.T, q.argmax(1), soft)
    table /= table.sum(1, keepdims=True)
    return lambda b: normed(
        log_coefficients(table[:, (b[1] * pi).argmax(-1)].transpose(1, 2, 0)) + log_prior(b[0], np.ones(3))
    )


def emq(cases: Sequence[Case]) -> Estimator:
    pi = np.array(PI)

    def estimate(b: Batch) -> Any:
        q0 = b[1] * pi
        q0 = q0 / q0.sum(-1, keepdims=True)
        share = np.tile(pi, (len(q0), 1))
        for _ in range(200):
            q = q0 * (share / pi)[:, None, :]
            q /= q.sum(-1, keepdims=True)
            share = np.maximum(q.mean(1), 1e-6)
        return coefficients(q)

    return estimate


def regression(cases: Sequence[Case]) -> Estimator:
    def make(x: Any) -> Estimator:
        def estimate(b: Batch) -> Any:
            n, evidence, _, position, _ = b
            mean = (evidence * np.array(PI)).mean(1)
            of_disagree, of_agree = (np.log(mean[:, k] / mean[:, 1]) for k in (0, 2))
            eta = np.stack(
                [
                    x[0] + x[1] * of_disagree + x[2] * position,
                    np.zeros(len(mean)),
                    x[3] + x[4] * of_agree + x[5] * position,
                ],
                1,
            )
            share = np.exp(eta - logsumexp(eta, axis=1, keepdims=True))
            alpha = share * np.exp(np.clip(x[6] + x[7] * np.log(n), -3, 6)) + 1e-3
            return np.stack([normed((log_prior(n, a[::-1]) + log_ways(n))[None])[0] for a in alpha])

        return estimate

    return best(batched(cases), make, (0.0, 1.0, 0.2, 0.0, 1.0, 0.2, 1.5, 0.0))


def tempered(cases: Sequence[Case]) -> Estimator:
    def make(x: Any) -> Estimator:
        def estimate(b: Batch) -> Any:
            power = 1 / (1 + (b[0] - 1) * np.exp(x[3]))
            return normed(log_coefficients(b[1] ** power) + log_prior(b[0], np.exp(x[:3])))

        return estimate

    return best(batched(cases), make, (0.3, 1.2, 0.0, -2.3))


def shipped(cases: Sequence[Case]) -> Estimator:
    trust = fit(cases)
    raw = (np.array(trust.position), np.array(trust.none), trust.shared, trust.sharpness, trust.useless)
    return lambda b: distribution(b, raw)


WAYS: dict[str, Callable[[Sequence[Case]], Estimator]] = {
    "constant": constant, "independent": independent, "Bayesian CC": bayesian_cc, "EMQ": emq,
    "regression": regression, "tempered": tempered, "shipped": shipped,
}  # fmt: skip


def judged(p: Any, case: Case) -> tuple[float, bool, bool, bool]:
    """(log score, D covered, something said, and right) of one thread."""
    n = len(case.evidence)
    a, c = np.meshgrid(np.arange(n + 1), np.arange(n + 1), indexing="ij")
    b = n - a - c
    there = b >= 0
    spread, mass = (2 * (2 * a * c + a * b + b * c) / n**2)[there], p[there]
    order = np.argsort(spread, kind="stable")
    below = np.cumsum(mass[order])
    low, high = (spread[order][min(np.searchsorted(below, q - 1e-12), len(below) - 1)] for q in (0.1, 0.9))
    agree, neutral, disagree = case.counts
    d = 2 * (2 * agree * disagree + agree * neutral + neutral * disagree) / n**2
    by: dict[Division, float] = {}
    for x, y, share in zip(a[there], c[there], mass, strict=True):
        rule = division(int(x), int(n - x - y), int(y))
        by[rule] = by.get(rule, 0.0) + float(share)
    rule, _ = said(by, 0.8)
    right = any(rule == t or (rule.strength is None and rule[:2] == t[:2]) for t in case.truths)
    score = -float(np.log(max(p[agree, disagree], 1e-300)))
    return score, bool(low - 1e-9 <= d <= high + 1e-9), rule.verdict != "unclear", right


def row(name: str, of: Sequence[tuple[float, bool, bool, bool]]) -> str:
    n, spoken = len(of), [x for x in of if x[2]]
    right = sum(x[3] for x in spoken)
    share = f"{right / len(spoken):.2f}" if spoken else "-"
    return (
        f"| {name} | {sum(x[0] for x in of) / n:.2f} | {sum(x[1] for x in of) / n:.2f} "
        f"| {100 * len(spoken) / n:.0f} % | {share} | {n} |"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--readings", type=Path, required=True)
    parser.add_argument("--reader", default="embedded")
    given = parser.parse_args()
    cases = labelled(given.data, given.readings, given.reader)
    whole = [replace(c, unknown=0) for c in gold(given.data, given.readings, given.reader) if len(c.evidence) >= 5]
    print("| | log score | covers D | said | right | threads |\n|---|---|---|---|---|---|")
    for name, make in WAYS.items():
        found = []
        for k in range(len(FOLDS) + 1):
            held = [case for case in cases if fold(case.blog) == k]
            found += each(make([case for case in cases if fold(case.blog) != k]), held)
        print(row(f"{name}, labelled groups", found), flush=True)
        print(row(f"{name}, gold threads", each(make(cases), whole)), flush=True)


def each(estimate: Estimator, cases: Sequence[Case]) -> list[tuple[float, bool, bool, bool]]:
    """Every thread judged."""
    by_size: dict[int, list[Case]] = {}
    for case in cases:
        by_size.setdefault(len(case.evidence), []).append(case)
    found = []
    for batch in batched(cases):
        found += [judged(p, case) for p, case in zip(estimate(batch), by_size[batch[0]], strict=True)]
    return found


if __name__ == "__main__":
    main()
