"""Fits how far a reader is to be trusted on whole threads: `health/trust.json`, by the log score of the counts.

The estimate itself is `mkdocs_echo_plugin.health.estimate`; this is the same sum over numpy arrays of many threads at
once, for a minimiser. Nothing is drawn at random.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from mkdocs_echo_plugin.health.estimate import Counts, Trust
from training.whole_threads import Case

START = np.array([0.3, 0.9, 0.3, -0.7, 1.1, 0.0, -2.3, -0.2, -3.0])
"""Logarithms: Dirichlet (agree, neutral, disagree; position, none), shared, sharpness; the logit of `useless`."""

PULL = 0.003
"""How strongly the parameters are held near the start."""


def trust_of(x: Any) -> Trust:
    """The parameters as the package has them."""
    e = [round(float(v), 4) for v in np.exp(x[:8])]
    useless = round(float(1 / (1 + np.exp(-x[8]))), 4)
    return Trust(Counts(*e[0:3]), Counts(*e[3:6]), min(e[7], 1.0), e[6], useless, sure=1.0)


def fit(cases: Sequence[Case]) -> Trust:
    """The trust under which the true counts of these threads are most probable; its bar is still to be chosen."""
    from scipy.optimize import minimize

    batches = batched(cases)
    whole = sum(batch[4].sum() for batch in batches)

    def loss(x: Any) -> float:
        trust = trust_of_raw(x)
        total = sum(-(batch[4] * np.log(np.maximum(likelihood(batch, trust), 1e-300))).sum() for batch in batches)
        return float(total / whole + PULL * ((x - START) ** 2).sum())

    found = minimize(loss, START, method="L-BFGS-B", options={"maxiter": 40})
    return trust_of(found.x)


def trust_of_raw(x: Any) -> tuple[Any, Any, float, float, float]:
    """(position, none, shared, sharpness, useless), not rounded: what a minimiser needs."""
    e = np.exp(x[:8])
    return e[0:3], e[3:6], float(e[6]), float(min(e[7], 1.0)), float(1 / (1 + np.exp(-x[8])))


MOST_OF_A_BLOG = 100
"""Threads that one blog weighs at most, however many it has: the trust is for the next blog, not for the largest."""

Batch = tuple[int, Any, Any, Any, Any]
"""(n, evidence (threads, n, 3), true counts (threads, 3), positions (threads), weights (threads))."""


def weights(cases: Sequence[Case]) -> dict[str, float]:
    """What one thread of each blog weighs, 1 or less."""
    counts = Counter(case.blog for case in cases)
    return {blog: min(1.0, MOST_OF_A_BLOG / count) for blog, count in counts.items()}


def batched(cases: Sequence[Case]) -> list[Batch]:
    """The threads by their number of read voices; all are read here."""
    by_size: dict[int, list[Case]] = {}
    for case in cases:
        by_size.setdefault(len(case.evidence), []).append(case)
    weight = weights(cases)
    return [
        (
            n,
            np.array([c.evidence for c in own]),
            np.array([c.counts for c in own]),
            np.array([c.position for c in own]),
            np.array([weight[c.blog] for c in own]),
        )
        for n, own in sorted(by_size.items())
    ]


def coefficients(r: Any) -> Any:
    """By [agree, disagree]: coefficients of prod (x r_agree + r_neutral + z r_disagree); r is (..., n, 3), d first."""
    n = r.shape[-2]
    out = np.zeros((*r.shape[:-2], n + 1, n + 1))
    out[..., 0, 0] = 1
    for i in range(n):
        disagree, neutral, agree = (r[..., i, k][..., None, None] for k in range(3))
        new = out * neutral
        new[..., 1:, :] += agree * out[..., :-1, :]
        new[..., :, 1:] += disagree * out[..., :, :-1]
        out = new
    return out


def log_prior(n: int, alpha: Any) -> Any:
    """log DM of one order of stances, by [agree, disagree]; alpha is (agree, neutral, disagree)."""
    from scipy.special import gammaln

    a, c = np.arange(n + 1)[:, None], np.arange(n + 1)[None, :]
    b = n - a - c
    logs = gammaln(alpha.sum()) - gammaln(alpha.sum() + n)
    for count, part in zip((a, np.maximum(b, 0), c), alpha, strict=True):
        logs = logs + gammaln(part + count) - gammaln(part)
    return np.where(b >= 0, logs, -np.inf)


def log_ways(n: int) -> Any:
    """log of n! / (a! b! c!) by [agree, disagree]."""
    from scipy.special import gammaln

    a, c = np.arange(n + 1)[:, None], np.arange(n + 1)[None, :]
    b = np.maximum(n - a - c, 0)
    return np.where(a + c <= n, gammaln(n + 1) - gammaln(a + 1) - gammaln(b + 1) - gammaln(c + 1), -np.inf)


def distribution(batch: Batch, trust: tuple[Any, Any, float, float, float]) -> Any:
    """P(agree, disagree) of each thread of a batch: (threads, n + 1, n + 1)."""
    n, evidence, _, positions, _ = batch
    position, none, shared, sharpness, useless = trust
    power = sharpness / (1 + max(n - 1, 0) * shared)
    logs = power * np.log(evidence)
    tops = logs.max(-1, keepdims=True)
    with np.errstate(divide="ignore"):
        read = np.log(coefficients(np.exp(logs - tops))) + tops.sum((1, 2))[:, None, None]
        parts = []
        for alpha, weight in ((position, positions), (none, 1 - positions)):
            prior = log_prior(n, np.asarray(alpha))
            parts.append(np.log(weight * (1 - useless))[:, None, None] + read + prior)
            parts.append(np.log(weight * useless)[:, None, None] + log_ways(n) + prior)
    top = np.max([part.max((1, 2)) for part in parts], axis=0)[:, None, None]
    masses = sum(np.exp(part - top) for part in parts)
    return masses / masses.sum((1, 2), keepdims=True)


def likelihood(batch: Batch, trust: tuple[Any, Any, float, float, float]) -> Any:
    """The probability of each thread's true counts."""
    p, counts = distribution(batch, trust), batch[2]
    return p[np.arange(len(counts)), counts[:, 0], counts[:, 2]]


def write(path: Path, reader: str, trust: Trust) -> None:
    """Puts one reader's trust into the package's file."""
    known = json.loads(path.read_text("utf-8"))
    known[reader] = {
        "position": list(trust.position), "none": list(trust.none), "sharpness": trust.sharpness,
        "shared": trust.shared, "useless": trust.useless, "sure": trust.sure,
        "questions": known.get(reader, {}).get("questions", False),
    }  # fmt: skip
    lines = ",\n".join(f"  {json.dumps(name)}: {json.dumps(of)}" for name, of in sorted(known.items()))
    path.write_text(f"{{\n{lines}\n}}\n", encoding="utf-8")
