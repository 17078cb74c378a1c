"""How well and how fast the cross-encoder reads, alone and averaged with the embedded reader.

    python benchmarks/crossencoder.py quality --data stance/ --work work/ --embedded embedded_oof.jsonl
    python benchmarks/crossencoder.py speed --data stance/

`quality` needs what `training/crossencoder_export.py logits` wrote. In domain every prediction is out of fold, and what
turns logits into probabilities is fitted without the fold that it is judged on. Out of domain (subreddit_mask) is the
shipped model as it is: it saw none of those rows.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "training"))
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from crossencoder_export import LABELS, fit, scores_of
from folds import fold_of
from rows import read_rows

ROOT = Path(__file__).resolve().parent.parent
UNIFORM = [1 / 3] * 3


def figures(q: np.ndarray, gold: np.ndarray) -> dict[str, float]:
    """Macro-F1, accuracy, F1 by class (all in hundredths), log loss, calibration error of the top label (10 bins)."""
    guess, top = q.argmax(1), q.max(1)
    right = guess == gold
    f1 = [2 * ((guess == c) & (gold == c)).sum() / max(1, (guess == c).sum() + (gold == c).sum()) for c in range(3)]
    tenth = np.minimum((top * 10).astype(int), 9)
    error = sum(abs(right[tenth == b].sum() - top[tenth == b].sum()) for b in range(10)) / len(gold)
    loss = -np.log(np.maximum(q[np.arange(len(gold)), gold], 1e-12)).mean()
    named = {f"F1 {label}": 100 * f for label, f in zip(LABELS, f1, strict=True)}
    return {
        "macro-F1": 100 * float(np.mean(f1)),
        "accuracy": 100 * right.mean(),
        **named,
        "log loss": loss,
        "ECE": error,
    }


def row(name: str, q: np.ndarray, gold: np.ndarray) -> None:
    """One line of the table."""
    shown = [
        f"{value:.3f}" if key in ("ECE", "log loss") else f"{value:.1f}" for key, value in figures(q, gold).items()
    ]
    print("|", name, "|", len(gold), "|", " | ".join(shown), "|", flush=True)


def left_out(z: np.ndarray, p: np.ndarray, gold: np.ndarray, folds: np.ndarray) -> np.ndarray:
    """Probabilities of each fold by what was fitted on the others."""
    q = np.zeros_like(z)
    for fold in np.unique(folds):
        mine = folds == fold
        others = ~mine if (~mine).any() else mine
        q[mine] = scores_of(z[mine], p[mine], fit(z[others], p[others], gold[others]))
    return q


def quality(data: Path, work: Path, embedded: Path | None, suffix: str, predictions: Path | None) -> None:
    """Print the tables; `predictions`: where to write what is said out of fold."""
    rows = {r["id"]: r for r in read_rows(data / "debagreement.jsonl")}
    z_of = {r["id"]: r["z"] for path in sorted(work.glob(f"logits-{suffix}-fold*.jsonl")) for r in read_rows(path)}
    p_of = {r["id"]: r["p"] for r in read_rows(embedded)} if embedded else {}
    ids = [i for i in rows if i in z_of and (not embedded or i in p_of)]
    z, p = np.array([z_of[i] for i in ids]), np.array([p_of.get(i, UNIFORM) for i in ids])
    gold = np.array([LABELS.index(rows[i]["label"]) for i in ids])
    folds = np.array([fold_of(rows[i]["group"]) for i in ids])
    print("In domain, folds", *np.unique(folds), "of 5, out of fold")
    print("| reader | n | macro-F1 | accuracy | F1 disagree | F1 neutral | F1 agree | log loss | ECE |")
    alone, both = left_out(z, np.full_like(z, 1 / 3), gold, folds), left_out(z, p, gold, folds)
    readers = {"cross-encoder": alone} | ({"embedded": p, "average": both} if embedded else {})
    for name, q in readers.items():
        row(name, q, gold)
    best = both if embedded else alone
    pi = np.bincount(gold, minlength=3) / len(gold)
    by_share = figures(best / np.sqrt(pi), gold)
    print(f"(by q / sqrt(pi) instead of q: macro-F1 {by_share['macro-F1']:.1f}, accuracy {by_share['accuracy']:.1f})")
    if predictions:
        lines = [",".join([LABELS[g], *(f"{part:.4f}" for part in q)]) for g, q in zip(gold, best, strict=True)]
        predictions.write_text("\n".join([f"label,{','.join(LABELS)}", *lines]) + "\n", encoding="utf-8")
    for what in ("agreement", "subreddit"):
        values = [rows[i].get(what) for i in ids]
        for value in sorted({v for v in values if v is not None}):
            chosen = np.array([v == value for v in values])
            row(f"{what} {value if isinstance(value, str) else round(value, 2)}", best[chosen], gold[chosen])
    for fold in np.unique(folds):
        row(f"fold {fold}", best[folds == fold], gold[folds == fold])
    table = np.zeros((3, 3), int)
    np.add.at(table, (gold, best.argmax(1)), 1)
    print("confusion, rows gold, columns read (disagree, neutral, agree):", table.tolist())
    mask_path = work / f"logits-{suffix}-mask.jsonl"
    if mask_path.exists():
        out_of_domain(data, mask_path, z, p, gold, with_embedded=embedded is not None)


def out_of_domain(
    data: Path, path: Path, z: np.ndarray, p: np.ndarray, gold: np.ndarray, *, with_embedded: bool
) -> None:
    """The same on rows of another topic, with what was fitted on all in-domain rows."""
    from mkdocs_echo_plugin.stance import reader

    mask = read_rows(data / "subreddit_mask.jsonl")
    z_of = {r["id"]: r["z"] for r in read_rows(path)}
    z_mask = np.array([z_of[r["id"]] for r in mask])
    gold_mask = np.array([LABELS.index(r["label"]) for r in mask])
    flat = np.full_like(z, 1 / 3)
    print("Out of domain, the final model on subreddit_mask")
    row("cross-encoder", scores_of(z_mask, np.full_like(z_mask, 1 / 3), fit(z, flat, gold)), gold_mask)
    if with_embedded:
        p_mask = np.array(reader.load("embedded").read([(r["parent"], r["reply"]) for r in mask]))
        row("embedded", p_mask, gold_mask)
        row("average", scores_of(z_mask, p_mask, fit(z, p, gold)), gold_mask)


def speed(data: Path, pairs: int) -> None:
    """Pairs a second of one core's time, and what it takes to begin; DEBAGREEMENT's pairs have about 70 words."""
    rows: Sequence[Mapping[str, Any]] = read_rows(data / "debagreement.jsonl")[:pairs]
    texts = [(r["parent"], r["reply"]) for r in rows]
    begin = time.perf_counter()
    from mkdocs_echo_plugin.stance import crossencoder

    reader = crossencoder.load()
    ready = time.perf_counter() - begin
    reader.read(texts[:20])
    best = 0.0
    for _ in range(3):
        cpu = time.process_time()
        reader.read(texts)
        best = max(best, len(texts) / (time.process_time() - cpu))
    files = {
        path.name: path.stat().st_size for path in (ROOT / "mkdocs_echo_plugin/stance").glob("crossencoder.[njo]*")
    }
    print(f"{best:.0f} pairs per second of CPU time (best of 3, n={len(texts)}), ready in {ready:.2f} s")
    print("bytes shipped:", files)


def main() -> None:
    """Parse the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("command", choices=["quality", "speed"])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--work", type=Path)
    parser.add_argument("--embedded", type=Path)
    parser.add_argument("--suffix", default="rank32", help="which logits: rankN, or whole")
    parser.add_argument("--predictions", type=Path, help="where to write the average's own, out of fold")
    parser.add_argument("--pairs", type=int, default=500)
    options = parser.parse_args()
    if options.command == "quality":
        quality(options.data, options.work, options.embedded, options.suffix, options.predictions)
    else:
        os.environ.setdefault("OMP_NUM_THREADS", "1")
        speed(options.data, options.pairs)


if __name__ == "__main__":
    main()
