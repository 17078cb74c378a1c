"""How far the approximation for crowds is from the exact posterior: `python benchmarks/crowd.py`.

Threads of 100, 200 and 300 read voices with known mixes; evidence from a reader whose probabilities are calibrated by
construction (Dirichlet about the truth). Prints the largest differences of the median, the bounds and the
probabilities, and the seconds that each way takes.
"""

from __future__ import annotations

import random
from time import perf_counter

from mkdocs_echo_plugin.health.crowd import approximate_ways
from mkdocs_echo_plugin.health.estimate import priors, trust_in, ways
from mkdocs_echo_plugin.health.views import _summed
from mkdocs_echo_plugin.model import Probabilities

MIXES = ((95, 5, 0), (80, 15, 5), (60, 30, 10), (40, 30, 30), (45, 10, 45), (10, 80, 10))
FIELDS = ("median", "low", "high")
TRUST = trust_in("embedded")


def evidence(mix: tuple[int, int, int], n: int, seed: int) -> list[Probabilities]:
    """Readings of n voices of a mix (agree, neutral, disagree), right about 60 % of the time."""
    draw = random.Random(seed)
    read = []
    for stance in draw.choices(range(3), mix, k=n):
        raw = [draw.gammavariate(2.2 if k == stance else 1.0, 1.0) + 0.01 for k in range(3)]
        agree, neutral, disagree = (x / sum(raw) * 3 for x in raw)
        read.append(Probabilities(disagree, neutral, agree))
    return read


def main() -> None:
    for n in (100, 200, 300):
        worst = dict.fromkeys((*FIELDS, "p"), 0.0)
        seconds = [0.0, 0.0]
        for seed, mix in enumerate(MIXES):
            read, mixture = evidence(mix, n, seed), priors(TRUST, 0.5, n)
            start = perf_counter()
            exact = _summed(ways(0, 0, 0, read, mixture), n, None, sure=0.8, exact=False).range
            between = perf_counter()
            near = _summed(approximate_ways(0, 0, 0, read, mixture), n, None, sure=0.8, exact=False).range
            seconds[0] += between - start
            seconds[1] += perf_counter() - between
            for field in FIELDS:
                worst[field] = max(worst[field], abs(getattr(exact, field) - getattr(near, field)))
            apart = [abs(share - (near.p or {})[verdict]) for verdict, share in (exact.p or {}).items()]
            worst["p"] = max(worst["p"], *apart)
        shown = "  ".join(f"{field} {value:.3f}" for field, value in worst.items())
        print(
            f"n={n}, {len(MIXES)} mixes, largest difference: {shown}; {seconds[0]:.1f} s exact, {seconds[1]:.1f} s near"
        )


if __name__ == "__main__":
    main()
