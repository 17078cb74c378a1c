"""The embedded reader beside what it replaces, on the same folds: quality, speed, size.

    python benchmarks/stance.py --out WORK     # WORK: as `python -m training train` left it

Majority and VADER have no training to speak of (VADER's two thresholds are set on each fold's own training rows); the
rest is read from WORK. Speed is of one core, with nothing cached but the weights.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).parent.parent))

from mkdocs_echo_plugin.stance.reader import EmbeddedReader
from mkdocs_echo_plugin.stance.vader import polarity
from training.embedded import LABELS
from training.evaluation import HEAD, line
from training.rows import read_rows

WEIGHTS = Path(__file__).parent.parent / "mkdocs_echo_plugin" / "stance" / "weights.bin"


def shares(truth: Any) -> Any:
    """The share of each label."""
    return np.bincount(truth, minlength=len(LABELS)) / len(truth)


def by_compound(compound: Any, truth: Any, held: Any) -> Any:
    """The label shares of the training rows in the held rows' third of the compound score; thirds by two thresholds."""
    edges = np.quantile(compound[~held], (1 / 3, 2 / 3))
    seen, asked = np.digitize(compound[~held], edges), np.digitize(compound[held], edges)
    table = np.array([shares(truth[~held][seen == third]) for third in range(3)])
    return table[asked]


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, required=True)
    given = parser.parse_args()
    rows, mask = read_rows(given.out / "rows.jsonl"), read_rows(given.out / "mask.jsonl")
    found = json.loads((given.out / "predictions.json").read_text())
    truth, folds = np.array([LABELS.index(row["label"]) for row in rows]), np.array([row["fold"] for row in rows])
    compound = np.array([polarity(row["reply"])["compound"] for row in rows])
    majority, vader = np.zeros((len(rows), 3)), np.zeros((len(rows), 3))
    for fold in set(folds):
        held = folds == fold
        majority[held] = shares(truth[~held])
        vader[held] = by_compound(compound, truth, held)
    print(HEAD)
    print(line("majority", truth, majority))
    print(line("VADER", truth, vader))
    print(line("embedded", truth, np.array(found["rows"])))
    away = np.array([LABELS.index(row["label"]) for row in mask])
    data = WEIGHTS.read_bytes()
    start = time.perf_counter()
    reader = EmbeddedReader(data)
    loaded = time.perf_counter() - start
    pairs = [(row["parent"], row["reply"]) for row in mask]
    print(line("embedded as shipped, out of domain", away, np.array(reader.read(pairs))))
    timed = [(row["parent"], row["reply"]) for row in rows[:2000]]
    rates = []
    for _ in range(5):
        start = time.process_time()
        reader.read(timed)
        rates.append(len(timed) / (time.process_time() - start))
    print(f"\n{max(rates):,.0f} pairs a CPU second (best of 5), {len(data):,} bytes, loaded in {1000 * loaded:.0f} ms")
    return 0


if __name__ == "__main__":
    sys.exit(main())
