"""What a reader's probabilities can carry: threads of known mixes, assembled from out-of-fold predictions.

    python benchmarks/simulate.py [--threads 500] [--predictions FILE]

FILE, out_of_fold.csv beside this without it, is what `python -m training train` writes: each labelled row's label with
the probabilities of a model that never saw its submission. For each mix and size, so many threads are drawn, with as
many rows of each stance as the mix says. None of the voices declares, then a third of them does. Printed: how often
each verdict is given, and how often the 80 % interval holds the D of the voices themselves. Seeded.
"""

from __future__ import annotations

import argparse
import csv
import random
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
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


def simulate(pool: Pool, pi: Probabilities, mix: Sequence[int], n: int, threads: int, declare: bool, seed: int) -> Cell:
    """Threads of one mix and size through the posterior over D.

    Args:
        pool: for each stance, the probabilities that were read of rows with that label.
        declare: every third voice, drawn at random, says its stance itself.
    """
    draw = random.Random(f"{seed} {mix} {n} {declare}")
    counts = voices(mix, n)
    truth = diversity(*counts)
    assert truth is not None
    stances = [stance for stance, count in zip(STANCES, counts, strict=True) for _ in range(count)]
    verdicts: Counter[str] = Counter()
    covered = 0
    for _ in range(threads):
        order = draw.sample(stances, n)
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
    print("| agree/neutral/disagree | n | a third declared | several | leaning | one view | few | unclear | covered |")
    print("|---|---|---|---|---|---|---|---|---|")
    coverages = []
    for declare in (False, True):
        for mix in MIXES:
            for n in SIZES:
                cell = simulate(pool, pi, mix, n, given.threads, declare, seed=1)
                coverages.append(cell.coverage)
                shares = [cell.share(v) for v in ("several", "leaning", "one-view", "few-sides", "unclear")]
                print(
                    f"| {'/'.join(map(str, mix))} | {n} | {'yes' if declare else 'no'} | "
                    + " | ".join(f"{100 * share:.1f}" for share in [*shares, cell.coverage])
                    + " |",
                    flush=True,
                )
    print(
        f"\n80 % interval: covers the voices' D in {100 * sum(coverages) / len(coverages):.1f} % on average, "
        f"{100 * min(coverages):.1f} % at the least; {given.threads} threads a cell"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
