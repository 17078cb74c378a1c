"""Trains the embedded reader of each task fold by fold, and on all rows; what is done is kept, and not done again."""

from __future__ import annotations

import json
import pickle
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from mkdocs_echo_plugin.stance.reader import TASKS, Task
from training import embedded
from training.calibration import calibration, out_of_fold
from training.linear import Array
from training.rows import LABELS, Row, labels, of_task, read_rows
from training.vectors import Vectors

_UNLABELLED_WEIGHT = 0.5
_TASKS_OWN_WEIGHT = 6.0  # of a labelled blog reply in the calibration of replies: Reddit has thirty times as many

Soft = Mapping[int | None, Mapping[str, Sequence[float]]]
"""By the fold that the teacher did not see (None: it saw all), its probabilities by row."""


def read_soft(path: Path | None) -> Soft:
    """A teacher's {"id", "fold", "p": [disagree, neutral, agree]} a line; fold null: of the model that saw all rows."""
    found: dict[int | None, dict[str, Sequence[float]]] = {}
    for row in read_rows(path) if path else []:
        found.setdefault(row["fold"], {})[row["id"]] = row["p"]
    return found


def train(rows: Sequence[Row], out: Path, vectors: Vectors, soft: Soft) -> None:
    """Writes, for each task, {task}-{fold}.npz (predictions out of fold) and {task}.pickle (calibrated, on all rows).

    embedded.jsonl has the calibrated predictions out of fold: {"id", "p"}, each calibrated without its own fold.
    """
    out.mkdir(parents=True, exist_ok=True)
    said: dict[str, list[float]] = {}
    for task in TASKS:
        mine = of_task(rows, task)
        if not any(row.trains and row.label for row in mine):
            continue
        pairs = embedded.apart([row.item for row in mine])
        meant = embedded.meanings(pairs, vectors)
        truth, folds = labels(mine), np.array([row.fold for row in mine])
        held = (truth >= 0) & (folds >= 0)
        chances = np.full((len(mine), len(LABELS)), np.nan)
        for fold in sorted({int(fold) for fold in folds[held]}):
            file = out / f"{task}-{fold}.npz"
            if not file.is_file():
                model = _train(mine, pairs, meant, vectors, soft, fold)
                asked = np.flatnonzero(folds == fold)
                np.savez(file, asked=asked, p=model.predict([pairs[i] for i in asked], meant[asked]))
            with np.load(file) as kept:
                chances[kept["asked"]] = kept["p"]
        known = held & ~np.isnan(chances[:, 0])
        scores = np.log(np.maximum(chances[known], 1e-9))
        weights = _weights(mine, folds, task)[known]
        fitted = calibration(scores, truth[known], weights=weights)
        calibrated = out_of_fold(scores, truth[known], folds[known], weights=weights)
        ids = [row.id for row, here in zip(mine, known, strict=True) if here]
        said |= dict(zip(ids, calibrated.round(6).tolist(), strict=True))
        last = out / f"{task}.pickle"
        if not last.is_file():
            final = _train(mine, pairs, meant, vectors, soft, None)
            final.scale, final.shift = fitted.scale, fitted.shift
            last.write_bytes(pickle.dumps(final))
    lines = (json.dumps({"id": name, "p": p}) + "\n" for name, p in said.items())
    (out / "embedded.jsonl").write_text("".join(lines), encoding="utf-8")


def _weights(rows: Sequence[Row], folds: Array, task: Task) -> Array:
    """How much each row counts in the calibration: by the share of rows that its model learned from, squared.

    One blog is two thirds of the rows, and the model that is judged on it is not like the one that ships.
    """
    sizes = np.bincount(folds[folds >= 0].astype(int))
    share = 1 - sizes[np.maximum(folds, 0).astype(int)] / sizes.sum()
    own = np.array([_TASKS_OWN_WEIGHT if task == "reply" and row.source == "blog" else 1.0 for row in rows])
    return np.asarray(share**2 * own)


def _train(
    rows: Sequence[Row], pairs: Sequence[embedded.Apart], meant: Array, vectors: Vectors, soft: Soft, fold: int | None
) -> embedded.Model:
    """One model, which sees no row of `fold`."""
    teacher = soft.get(fold, {})
    chosen: list[int] = []
    targets: list[Any] = []
    weights: list[float] = []
    for i, row in enumerate(rows):
        target = row.target or teacher.get(row.id)
        if row.trains and target is not None and (fold is None or row.fold != fold):
            chosen.append(i)
            targets.append(target)
            weights.append(row.weight if row.label else _UNLABELLED_WEIGHT)
    return embedded.train(
        [pairs[i] for i in chosen], np.array(targets), vectors, places=[rows[i].place for i in chosen],
        row_weights=np.array(weights), meant=meant[chosen],
    )  # fmt: skip
