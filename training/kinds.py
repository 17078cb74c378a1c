"""Trains the reader of a post's kind on labelled posts, judges it on blogs that it did not see, and writes its file."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from scipy import sparse

from mkdocs_echo_plugin.stance.kind import KINDS, form, words_of
from training.folds import folds_of_blogs
from training.linear import Array, fit, probabilities
from training.rows import gold_groups, read_rows
from training.vectors import Vectors

PENALTY = 8.0
MEANING_SCALE = 0.3
_ON = 0.92  # the share of a label that it keeps, the rest goes to the other kinds
_WEIGHT = {3: 1.0, 2: 0.8, 1: 0.5}
_FEWEST, _FEWEST_BLOGS = 9, 3
_WORDS = 12_000  # of the commonest, whose meaning the file holds


@dataclass(frozen=True, slots=True)
class PostRow:
    """A post to learn from and to be judged on."""

    group: str
    blog: str
    title: str
    text: str
    kind: str
    weight: float


@dataclass
class Model:
    """A weight (columns x kinds) for each feature of form and each dimension of meaning, and a bias."""

    columns: dict[str, int]
    weights: Array
    meaning: Array
    bias: Array
    scale: float = 1.0

    def predict(self, forms: Sequence[Sequence[str]], meant: Array) -> Array:
        """Probabilities (posts x kinds)."""
        scores = _matrix(forms, self.columns) @ self.weights + meant @ self.meaning + self.bias
        return probabilities(self.scale * scores)


def load(data: Path) -> list[PostRow]:
    """The labelled posts of a kind that is told apart, gold threads' posts left out."""
    gold = gold_groups(data)
    return [
        PostRow(row["group"], row["blog"], row["title"], row["post"], row["kind"], _WEIGHT[row["confidence"]])
        for row in read_rows(data / "blog" / "posts.jsonl.gz")
        if row["kind"] in KINDS and row["group"] not in gold
    ]


def train(rows: Sequence[PostRow], forms: Sequence[Sequence[str]], meant: Array) -> Model:
    """One model."""
    targets = np.array([[_ON if kind == row.kind else (1 - _ON) / (len(KINDS) - 1) for kind in KINDS] for row in rows])
    seen: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for row, names in zip(rows, forms, strict=True):
        for name in names:
            seen[name][row.blog] += 1
    kept = sorted(name for name, by in seen.items() if by.total() >= _FEWEST and len(by) >= _FEWEST_BLOGS)
    columns = {name: i for i, name in enumerate(kept)}
    centre, spread = meant.mean(axis=0), meant.std(axis=0) + 1e-9
    found, bias = fit(
        _matrix(forms, columns), targets, penalty=PENALTY, dense=(meant - centre) / spread * MEANING_SCALE,
        row_weights=np.array([row.weight for row in rows]),
    )  # fmt: skip
    meaning = found[len(columns) :] * (MEANING_SCALE / spread)[:, None]
    return Model(columns, found[: len(columns)], meaning, bias - centre @ meaning)


def _matrix(forms: Sequence[Sequence[str]], columns: Mapping[str, int]) -> sparse.csr_matrix:
    places: list[int] = []
    ends = [0]
    for names in forms:
        places += [columns[name] for name in names if name in columns]
        ends.append(len(places))
    return sparse.csr_matrix((np.ones(len(places)), places, ends), shape=(len(forms), len(columns)))


def _meant(rows: Sequence[PostRow], vectors: Vectors) -> Array:
    pairs = [words_of(row.title, row.text) for row in rows]
    return np.array([np.concatenate([vectors.mean(title), vectors.mean(text)]) for title, text in pairs])


def report(data: Path, to: Path, vectors: Vectors) -> str:
    """Trains out of fold and on all rows, writes kind.bin into the folder, and says what it is worth."""
    rows = load(data)
    forms, meant = [form(row.title, row.text) for row in rows], _meant(rows, vectors)
    folds_of = folds_of_blogs(Counter(row.blog for row in rows))
    folds = np.array([folds_of[row.blog] for row in rows])
    chances = np.zeros((len(rows), len(KINDS)))
    for fold in np.unique(folds):
        seen, held = np.flatnonzero(folds != fold), np.flatnonzero(folds == fold)
        model = train([rows[i] for i in seen], [forms[i] for i in seen], meant[seen])
        chances[held] = model.predict([forms[i] for i in held], meant[held])
    truth = np.array([KINDS.index(row.kind) for row in rows])
    final = train(rows, forms, meant)
    final.scale = _sharpened(chances, truth)
    size = write(final, vectors, to / "kind.bin")
    sharp = probabilities(final.scale * np.log(np.maximum(chances, 1e-9)))
    largest = folds == 0
    parts = {"all blogs, each unseen": folds >= 0, "all but the largest": ~largest}
    lines = [f"{name}\n\n{table(truth[part], sharp[part])}" for name, part in parts.items()]
    return "\n\n".join([*lines, f"{to / 'kind.bin'}: {size:,} bytes"])


def _sharpened(chances: Array, truth: Array) -> float:
    """The factor on the scores that makes the labels of unseen blogs likeliest."""
    logs, here = np.log(np.maximum(chances, 1e-9)), np.arange(len(truth))
    grid = np.arange(0.6, 1.81, 0.05)
    losses = [-float(np.log(probabilities(t * logs)[here, truth]).mean()) for t in grid]
    return round(float(grid[int(np.argmin(losses))]), 2)


def table(truth: Array, chances: Array) -> str:
    """Precision and recall of "no position", "position" and "asks" at some thresholds, as Markdown."""
    position, asks = KINDS.index("opinion"), KINDS.index("question")
    lines = ["| said | where | precision | recall | posts |", "|---|---|---|---|---|"]
    for name, mine, score, bars, below in (
        ("takes no position", truth != position, chances[:, position], (0.12, 0.16, 0.2, 0.25), True),
        ("takes a position", truth == position, chances[:, position], (0.5, 0.6, 0.7), False),
        ("asks", truth == asks, chances[:, asks], (0.3, 0.5, 0.7), False),
    ):
        for bar in bars:
            said = score <= bar if below else score >= bar
            right = (said & mine).sum()
            lines.append(
                f"| {name} | p {'<=' if below else '>='} {bar} | {right / max(1, said.sum()):.2f} | "
                f"{right / max(1, mine.sum()):.2f} | {said.sum()} of {len(truth)} |"
            )
    return "\n".join([*lines, f"Kind right: {(chances.argmax(axis=1) == truth).mean():.2f} of {len(truth)} posts"])


def write(model: Model, vectors: Vectors, path: Path) -> int:
    """Writes the file that `stance.kind.KindReader` loads; returns its size."""
    words = vectors.common[:_WORDS]
    table_of_words = np.array([vectors.of(word) for word in words])
    step = float(np.abs(model.weights).max(initial=1e-6)) * model.scale / 32_000
    sides = [table_of_words @ part * model.scale for part in np.split(model.meaning, 2)]
    steps = [float(np.abs(side).max()) / 127 for side in sides]
    text = "\n".join([*model.columns, *words]).encode()
    head: dict[str, Any] = {
        "bias": [float(part) * model.scale for part in model.bias], "step": step, "meaning_steps": steps,
        "features": len(model.columns), "bytes": len(text),
    }  # fmt: skip
    figures = np.rint(model.weights * model.scale / step).astype("<i2").tobytes()
    meant = np.hstack([np.rint(side / part) for side, part in zip(sides, steps, strict=True)]).astype("i1").tobytes()
    path.write_bytes(json.dumps(head).encode() + b"\n" + text + figures + meant)
    return path.stat().st_size
