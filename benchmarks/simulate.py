"""What a reader's probabilities can carry: threads of known mixes, assembled from out-of-fold predictions.

    python benchmarks/simulate.py [--threads 500] [--predictions FILE]

FILE, out_of_fold.csv beside this without it, is what `python -m training train` writes: each labelled row's label with
the probabilities of a model that never saw its submission. For each mix and size, so many threads are assembled, with as
many rows of each stance as the mix says; and as many again whose voices are drawn from the mix one by one, so that each
thread has a division and a D of its own. None of the voices declares, then a third of them does. Printed: how often each
verdict is given, and how often the 80 % interval holds the D of the voices themselves. Seeded.
"""

from __future__ import annotations

import argparse
import csv
import random
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path

from mkdocs_echo_plugin.health.views import diversity, range_of_views
from mkdocs_echo_plugin.model import Probabilities

MIXES = ((95, 5, 0), (80, 15, 5), (60, 30, 10), (40, 30, 30), (45, 10, 45), (10, 80, 10))
"""Agree, neutral, disagree, in per cent."""
SIZES = (8, 15, 30, 60)
STANCES = ("agree", "neutral", "disagree")
Pool = dict[str, list[Probabilities]]


@dataclass(frozen=True)
class Cell:
    """What became of the threads of one mix and size."""

    threads: int
    verdicts: Counter[str]
    covered: int

    def share(self, verdict: str) -> float:
        """The share of threads with that verdict."""
        return self.verdicts[verdict] / self.threads

    @property
    def coverage(self) -> float:
        """The share of threads whose interval holds the voices' own D."""
        return self.covered / self.threads


def voices(mix: Sequence[int], n: int) -> list[int]:
    """How many of n voices take each stance: the largest remainders get what rounding leaves."""
    exact = [n * share / 100 for share in mix]
    counts = [int(part) for part in exact]
    by_remainder = sorted(range(len(mix)), key=lambda i: counts[i] - exact[i])
    for i in by_remainder[: n - sum(counts)]:
        counts[i] += 1
    return counts


def simulate(
    pool: Pool, pi: Probabilities, mix: Sequence[int], n: int, threads: int, declare: bool, seed: int,
    *, drawn: bool = False,
) -> Cell:  # fmt: skip
    """Threads of one mix and size through the posterior over D.

    Args:
        pool: for each stance, the probabilities that were read of rows with that label.
        declare: every third voice, drawn at random, says its stance itself.
        drawn: each voice is drawn from the mix; otherwise every thread has the mix itself, to the nearest voice.
    """
    draw = random.Random(f"{seed} {mix} {n} {declare}" + " drawn" * drawn)
    stances = [stance for stance, count in zip(STANCES, voices(mix, n), strict=True) for _ in range(count)]
    verdicts: Counter[str] = Counter()
    covered = 0
    for _ in range(threads):
        order = draw.choices(STANCES, mix, k=n) if drawn else draw.sample(stances, n)
        truth = diversity(*map(order.count, STANCES))
        assert truth is not None
        said = Counter(order[: n // 3] if declare else ())
        evidence = []
        for stance in order[n // 3 if declare else 0 :]:
            q = draw.choice(pool[stance])
            evidence.append(Probabilities(*(part / share for part, share in zip(q, pi, strict=True))))
        found, _ = range_of_views(said["agree"], said["neutral"], said["disagree"], evidence)
        verdicts[found.verdict] += 1
        assert found.low is not None
        assert found.high is not None
        covered += found.low - 1e-9 <= truth <= found.high + 1e-9
    return Cell(threads, verdicts, covered)


PREDICTIONS = Path(__file__).parent / "out_of_fold.csv"


def read_pool(path: Path = PREDICTIONS) -> tuple[Pool, Probabilities]:
    """The out-of-fold probabilities by label, and the labels' shares."""
    pool: Pool = {stance: [] for stance in STANCES}
    with path.open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            q = Probabilities(float(row["disagree"]), float(row["neutral"]), float(row["agree"]))
            pool[row["label"]].append(q)
    total = sum(map(len, pool.values()))
    return pool, Probabilities(*(len(pool[stance]) / total for stance in ("disagree", "neutral", "agree")))


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--predictions", type=Path, default=PREDICTIONS)
    parser.add_argument("--threads", type=int, default=500)
    given = parser.parse_args()
    pool, pi = read_pool(given.predictions)
    print("| agree/neutral/disagree | n | a third declared | several | leaning | one view | few | unclear | covered "
          "| several, drawn | covered, drawn |")  # fmt: skip
    print("|" + "---|" * 11)
    covered: dict[tuple[str, bool, tuple[int, ...]], list[float]] = {}
    for declare, mix, n in product((False, True), MIXES, SIZES):
        fixed, drawn = (
            simulate(pool, pi, mix, n, given.threads, declare, seed=1, drawn=drawn) for drawn in (False, True)
        )
        covered.setdefault(("drawn", declare, mix), []).append(drawn.coverage)
        covered.setdefault(("exact", declare, mix), []).append(fixed.coverage)
        shares = [fixed.share(v) for v in ("several", "leaning", "one-view", "few-sides", "unclear")]
        figures = [*shares, fixed.coverage, drawn.share("several"), drawn.coverage]
        print(
            f"| {'/'.join(map(str, mix))} | {n} | {'yes' if declare else 'no'} | "
            + " | ".join(f"{100 * figure:.1f}" for figure in figures)
            + " |",
            flush=True,
        )
    print(f"\nHow often the 80 % interval covers the voices' D, in per cent; {given.threads} threads a cell\n")
    print(
        "| voices | a third declared | " + " | ".join("/".join(map(str, mix)) for mix in MIXES) + " | least of a cell |"
    )
    print("|" + "---|" * (len(MIXES) + 3))
    for kind, declare in product(("drawn", "exact"), (False, True)):
        cells = [covered[kind, declare, mix] for mix in MIXES]
        means = [100 * sum(some) / len(some) for some in cells]
        print(
            f"| {'drawn from the mix' if kind == 'drawn' else 'exactly the mix'} | {'yes' if declare else 'no'} | "
            + " | ".join(f"{mean:.0f}" for mean in means)
            + f" | {100 * min(map(min, cells)):.0f} |"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
