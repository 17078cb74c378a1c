"""The embedded reader beside what it replaces, on the same folds: quality, speed, size.

    python benchmarks/stance.py --out WORK             # WORK: as `python -m training train` left it
    python benchmarks/stance.py --out WORK --ablate    # what each kind of feature is worth: trains again, minutes

Majority and VADER are fitted on each fold's training rows (VADER: the two thresholds with the best macro-F1); the rest
is read from WORK. Speed is of one core, with nothing cached but the weights.
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
from training import embedded
from training.embedded import COLUMNS, LABELS
from training.evaluation import HEAD, f1_by_class, line
from training.rows import read_rows
from training.vectors import Vectors

WEIGHTS = Path(__file__).parent.parent / "mkdocs_echo_plugin" / "stance" / "weights.bin"


def shares(truth: Any) -> Any:
    """The share of each label."""
    return np.bincount(truth, minlength=len(LABELS)) / len(truth)


def by_compound(compound: Any, truth: Any, held: Any) -> Any:
    """Disagree below a threshold of the compound score, agree above another: the best two on the training rows."""
    score, label = compound[~held], truth[~held]
    grid = np.linspace(-0.9, 0.9, 19)
    cuts = [(low, high) for low in grid for high in grid if low < high]
    best = max(cuts, key=lambda cut: float(f1_by_class(label, np.digitize(score, cut)).mean()))
    return np.eye(3)[np.digitize(compound[held], best)] * 0.97 + 0.01


CLASSES = ("class", "class-1st", "class-3", "class-sentence", "frame3", "count")
PARENT = ("parent", "parent-class", "parent-edge", "1st-parent")
OWN = tuple(block for block in COLUMNS if block not in CLASSES + PARENT)
VARIANTS = {
    "word n-grams of the reply alone": (*CLASSES, *PARENT, "meaning"),
    "word classes alone (the cue lexicon, wider)": (*OWN, *PARENT, "meaning"),
    "without word classes": CLASSES,
    "without the parent's words": PARENT,
    "without word vectors": ("meaning",),
    "all": (),
}


def ablate(rows: list[dict[str, Any]], mask: list[dict[str, Any]]) -> None:
    """Prints a line in and out of domain for each variant."""
    vectors = Vectors()
    pairs, away = (embedded.apart([(row["parent"], row["reply"]) for row in part]) for part in (rows, mask))
    truth, truth_away = (np.array([LABELS.index(row["label"]) for row in part]) for part in (rows, mask))
    folds, targets = np.array([row["fold"] for row in rows]), np.eye(len(LABELS))[truth]
    print(HEAD)
    for name, without in VARIANTS.items():
        chances = np.zeros(targets.shape)
        for fold in sorted(set(folds)):
            seen, held = np.flatnonzero(folds != fold), np.flatnonzero(folds == fold)
            model = embedded.train([pairs[i] for i in seen], targets[seen], vectors, without=without)
            chances[held] = model.predict([pairs[i] for i in held])
        print(line(name, truth, chances))
        model = embedded.train(pairs, targets, vectors, without=without)
        print(line(f"{name}, out of domain", truth_away, model.predict(away)), flush=True)


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--ablate", action="store_true")
    given = parser.parse_args()
    rows, mask = read_rows(given.out / "rows.jsonl"), read_rows(given.out / "mask.jsonl")
    if given.ablate:
        ablate(rows, mask)
        return 0
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
