"""The labelled and unlabelled rows that every reader learns from and is judged on, as one kind of row."""

from __future__ import annotations

import gzip
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np

from mkdocs_echo_plugin.stance import ToRead
from mkdocs_echo_plugin.stance.reader import Task
from mkdocs_echo_plugin.threads import own_words
from training.folds import fold_of, folds_of_blogs

LABELS = ("disagree", "neutral", "agree")
Source = Literal["blog", "unlabelled", "debagreement", "mask"]
_WEIGHT = {3: 1.0, 2: 0.8, 1: 0.5}  # of a label, by how sure its annotator was


@dataclass(frozen=True, slots=True)
class Row:
    """A comment to learn from or to be judged on.

    `place` is its blog, or subreddit; `fold` the one in which it is kept back; `trains` says whether it may train at
    all. `target` is the label softened by how sure its annotators were, None without a label.
    """

    id: str
    source: Source
    item: ToRead
    place: str
    fold: int
    label: str | None = None
    weight: float = 1.0
    target: tuple[float, float, float] | None = None
    trains: bool = True
    second: str | None = None
    agreement: float | None = None


def read_rows(path: Path) -> list[dict[str, Any]]:
    """JSON lines, gzipped or not."""
    with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def load(data: Path) -> list[Row]:
    """All rows of the data folder, in order: blog, unlabelled, debagreement, mask. What is not there is left out.

    Rows of the whole threads in gold_threads/ train nothing: whole threads are what everything is judged on.
    """
    return [*_blog(data), *_replies(data / "stance" / "debagreement.jsonl", "debagreement"),
            *_replies(data / "stance" / "subreddit_mask.jsonl", "mask")]  # fmt: skip


def labels(rows: Sequence[Row]) -> Any:
    """The labels as numbers; -1 without one."""
    return np.array([LABELS.index(row.label) if row.label else -1 for row in rows])


def gold_groups(data: Path) -> set[str]:
    """The posts of the whole threads."""
    return {json.loads(path.read_text("utf-8"))["group"] for path in (data / "gold_threads" / "gold").glob("*.json")}


def _blog(data: Path) -> Iterator[Row]:
    labelled, unlabelled = data / "blog" / "stance.jsonl.gz", data / "blog" / "unlabelled.jsonl.gz"
    rows = read_rows(labelled) if labelled.is_file() else []
    folds, gold = folds_of_blogs(Counter(row["blog"] for row in rows)), gold_groups(data)
    for row in rows:
        if row["label"] in LABELS:
            yield Row(
                row["id"], "blog", _item(row), row["blog"], folds[row["blog"]], row["label"],
                _WEIGHT[row["confidence"]], _soft(row["label"], 0.95), row["group"] not in gold,
                row.get("second_annotator"),
            )  # fmt: skip
    for row in read_rows(unlabelled) if unlabelled.is_file() else []:
        yield Row(
            row["id"], "unlabelled", _item(row), row["blog"], folds.get(row["blog"], len(set(folds.values())) - 1)
        )


def _replies(path: Path, source: Source) -> Iterator[Row]:
    for row in read_rows(path) if path.is_file() else []:
        if row["label"] in LABELS and row["parent"] and row["reply"]:
            agreement = row.get("agreement") or 0.8
            yield Row(
                row["id"], source, ToRead(_own(row["reply"]), _own(row["parent"])), row.get("subreddit") or source,
                fold_of(row["group"]) if row.get("group") else -1, row["label"], 1.0,
                _soft(row["label"], min(0.96, 0.5 + agreement / 2)), source == "debagreement",
                agreement=row.get("agreement"),
            )  # fmt: skip


def _item(row: dict[str, Any]) -> ToRead:
    comment = _own(row["comment"])
    if row["kind"] == "reply":
        return ToRead(comment, _own(row["parent"]))
    return ToRead(comment, title=row["title"], post=_own(row["post"]))


def _own(text: str) -> str:
    return own_words(text) or text.lstrip("> ")


def _soft(label: str, on: float) -> tuple[float, float, float]:
    disagree, neutral, agree = (on if label == name else (1 - on) / 2 for name in LABELS)
    return disagree, neutral, agree


def of_task(rows: Sequence[Row], task: Task) -> list[Row]:
    """The rows of one task."""
    return [row for row in rows if row.item.task == task]
