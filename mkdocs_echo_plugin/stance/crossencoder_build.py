"""Makes the files that ONNX Runtime reads from the published base model and our changes to it; numpy only, once.

The base (all-MiniLM-L6-v2, 90 MB) comes from a registry package; what training changed ships with us as low-rank
factors (W = W_base + A B, Hu et al. 2022) beside whole biases, norms and head. Weights become int8, one scale per
output column; the graph, which is the same for everybody, ships as a file that points into `WEIGHTS` by offset.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mkdocs_echo_plugin.errors import ConfigurationError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Tensors = Mapping[str, NDArray[np.float32]]

GRAPH, WEIGHTS, ABOUT, TOKENIZER = (
    "crossencoder.onnx",
    "crossencoder.bin",
    "crossencoder.json",
    "tokenizer.json",
)
_STEPS = 63  # seven bits: 127 would saturate in the 16-bit sums of CPUs without VNNI
_HEADER = 10_000_000

PUBLISHED = {
    "query": "attention.self.query", "key": "attention.self.key", "value": "attention.self.value",
    "out": "attention.output.dense", "norm1": "attention.output.LayerNorm",
    "up": "intermediate.dense", "down": "output.dense", "norm2": "output.LayerNorm",
}  # fmt: skip
"""Our names for the parts of a layer, and the ones in a published BERT file."""
EMBEDDINGS = {
    "words": "word_embeddings", "places": "position_embeddings", "sides": "token_type_embeddings", "norm": "LayerNorm",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Shape:
    """The sizes of a BERT encoder; the defaults are those of all-MiniLM-L6-v2."""

    vocabulary: int = 30522
    positions: int = 512
    width: int = 384
    heads: int = 12
    inner: int = 1536
    layers: int = 6


MINILM = Shape()


@dataclass(frozen=True, slots=True)
class Slot:
    """Where a tensor lies in `WEIGHTS`."""

    name: str
    kind: str  # "int8" or "float32"
    dims: tuple[int, ...]
    offset: int
    length: int


def layout(shape: Shape) -> list[Slot]:
    """Every tensor of the graph in file order, each at a multiple of 64 bytes."""
    width, inner = shape.width, shape.inner
    wanted: list[tuple[str, str, tuple[int, ...]]] = [
        ("words", "int8", (shape.vocabulary, width)),
        ("words.scale", "float32", (shape.vocabulary, 1)),
        ("places", "float32", (shape.positions, width)),
        ("sides", "float32", (2, width)),
        ("norm.weight", "float32", (width,)),
        ("norm.bias", "float32", (width,)),
        ("head.weight", "float32", (3 * width, 3)),
        ("head.bias", "float32", (3,)),
    ]
    for i in range(shape.layers):
        for part, rows, columns in (
            ("qkv", width, 3 * width),
            ("out", width, width),
            ("up", width, inner),
            ("down", inner, width),
        ):
            wanted += [
                (f"layers.{i}.{part}", "int8", (rows, columns)),
                (f"layers.{i}.{part}.scale", "float32", (columns,)),
                (f"layers.{i}.{part}.bias", "float32", (columns,)),
            ]
        wanted += [
            (f"layers.{i}.{norm}.{kind}", "float32", (width,))
            for norm in ("norm1", "norm2")
            for kind in ("weight", "bias")
        ]
    slots, offset = [], 0
    for name, kind, dims in wanted:
        length = (1 if kind == "int8" else 4) * _product(dims)
        slots.append(Slot(name, kind, dims, offset, length))
        offset += -(-length // 64) * 64
    return slots


def _product(dims: tuple[int, ...]) -> int:
    whole = 1
    for dim in dims:
        whole *= dim
    return whole


def read_safetensors(path: Path) -> dict[str, NDArray[np.float32]]:
    """The float32 tensors of a safetensors file: eight bytes of header length, JSON, then the data.

    Raises:
        ConfigurationError: the file is cut short or is none.
    """
    import numpy as np

    data = path.read_bytes()
    size = int.from_bytes(data[:8], "little")
    try:
        if size > _HEADER:
            raise ValueError("header too long")
        header: dict[str, Any] = json.loads(data[8 : 8 + size])
        header.pop("__metadata__", None)
        body = memoryview(data)[8 + size :]
        return {
            name: np.frombuffer(body[slice(*about["data_offsets"])], np.float32).reshape(about["shape"])
            for name, about in header.items()
            if about["dtype"] == "F32"
        }
    except (ValueError, KeyError, TypeError) as error:
        raise ConfigurationError(f"{path}: not a safetensors file ({error}). Install the base model again.") from error


def renamed(published: Tensors, layers: int) -> dict[str, NDArray[np.float32]]:
    """The encoder's tensors under our names; matrices stay (out, in) as published."""
    names = {
        f"layers.{i}.{ours}.{kind}": f"encoder.layer.{i}.{theirs}.{kind}"
        for i in range(layers)
        for ours, theirs in PUBLISHED.items()
        for kind in ("weight", "bias")
    }
    names |= {
        f"{ours}.{kind}": f"embeddings.{theirs}.{kind}"
        for ours, theirs in EMBEDDINGS.items()
        for kind in ("weight", "bias")
    }
    return {ours: published[theirs] for ours, theirs in names.items() if theirs in published}


def changed(base: Tensors, delta: Mapping[str, NDArray[Any]]) -> dict[str, NDArray[np.float32]]:
    """The base with our changes: `name` replaces a tensor, `name:a` and `name:b` (int8, with scales) add a product."""
    import numpy as np

    tensors = dict(base)
    for key, array in delta.items():
        name, _, factor = key.partition(":")
        if not factor:
            tensors[name] = array.astype(np.float32)
        elif factor == "a":
            a = array.astype(np.float32) * delta[f"{name}:a.scale"].astype(np.float32)
            b = delta[f"{name}:b"].astype(np.float32) * delta[f"{name}:b.scale"].astype(np.float32)[:, None]
            tensors[name] = tensors[name] + a @ b
    return tensors


def _int8(matrix: NDArray[np.float32], axis: int) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    import numpy as np

    scale = np.maximum(np.abs(matrix).max(axis=axis, keepdims=True), 1e-12) / _STEPS
    return np.rint(matrix / scale).astype(np.int8), scale.astype(np.float32)


def pack(tensors: Tensors, shape: Shape) -> bytes:
    """The bytes of `WEIGHTS`: matrices turned to (in, out) and int8, query, key and value side by side."""
    import numpy as np

    out: dict[str, NDArray[Any]] = {
        "places": tensors["places.weight"], "sides": tensors["sides.weight"],
        "head.weight": tensors["head.weight"].T, "head.bias": tensors["head.bias"],
    }  # fmt: skip
    out["words"], out["words.scale"] = _int8(tensors["words.weight"], 1)
    for i in range(shape.layers):
        for part, pieces in (
            ("qkv", ("query", "key", "value")),
            ("out", ("out",)),
            ("up", ("up",)),
            ("down", ("down",)),
        ):
            whole = np.concatenate([tensors[f"layers.{i}.{piece}.weight"] for piece in pieces]).T
            out[f"layers.{i}.{part}"], scale = _int8(whole, 0)
            out[f"layers.{i}.{part}.scale"] = scale[0]
            out[f"layers.{i}.{part}.bias"] = np.concatenate([tensors[f"layers.{i}.{piece}.bias"] for piece in pieces])
    slots = layout(shape)
    data = bytearray(slots[-1].offset + slots[-1].length)
    for slot in slots:
        array = np.ascontiguousarray(out.get(slot.name, tensors.get(slot.name)), np.dtype(slot.kind))
        if array.shape != slot.dims:
            raise ConfigurationError(f"The base model's {slot.name} has the shape {array.shape}, not {slot.dims}.")
        data[slot.offset : slot.offset + slot.length] = array.tobytes()
    return bytes(data)


def build(base: Path, shipped: Path, target: Path) -> None:
    """Fill the folder `target` from the base model's folder and our shipped files; other processes see all or nothing.

    Raises:
        ConfigurationError: the base is another release than the one that was trained from.
    """
    import numpy as np

    about = json.loads((shipped / ABOUT).read_text(encoding="utf-8"))
    model = base / "model.safetensors"
    if hashlib.sha256(model.read_bytes()).hexdigest() != about["base_sha256"]:
        raise ConfigurationError(
            f"{model}: another release than the cross-encoder was trained from. Run: {about['base_command']}"
        )
    shape = Shape(**about["shape"])
    with np.load(shipped / "crossencoder.npz", allow_pickle=False) as delta:
        tensors = changed(renamed(read_safetensors(model), shape.layers), dict(delta))
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent) as made:
        folder = Path(made) / "new"
        folder.mkdir()
        (folder / WEIGHTS).write_bytes(pack(tensors, shape))
        shutil.copy(base / "tokenizer.json", folder / TOKENIZER)
        shutil.copy(shipped / GRAPH, folder / GRAPH)
        shutil.copy(shipped / ABOUT, folder / ABOUT)
        try:
            folder.rename(target)
        except OSError:  # another process was faster
            if not (target / WEIGHTS).is_file():
                raise
