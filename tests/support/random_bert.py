"""A BERT of random numbers, its file, its tokenizer, and the same arithmetic in plain numpy: for tests only."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import tokenizers

from mkdocs_echo_plugin.model import Probabilities
from mkdocs_echo_plugin.stance import Task, ToRead
from mkdocs_echo_plugin.stance.crossencoder_build import MINILM, Shape

_WORDS = "i you agree not that is wrong right because we the a they tax dog cat never always good bad"
WORDS = _WORDS.split()


class Counting:
    """An embedded reader for the average: it disagrees the more, the longer the comment."""

    name = "counting"
    pi: Mapping[Task, Probabilities] = {"top": Probabilities(0.4, 0.3, 0.3), "reply": Probabilities(0.4, 0.3, 0.3)}

    def read(self, items: Sequence[ToRead]) -> list[Probabilities]:
        shares = [min(0.9, 0.3 + len(item.comment) / 1000) for item in items]
        return [Probabilities(share, (1 - share) / 2, (1 - share) / 2) for share in shares]


def tokenizer() -> Any:
    names = ["[PAD]", *(f"[unused{i}]" for i in range(1, 100)), "[UNK]", "[CLS]", "[SEP]", *WORDS]
    made = tokenizers.Tokenizer(
        tokenizers.models.WordPiece({name: i for i, name in enumerate(names)}, unk_token="[UNK]")
    )
    made.normalizer = tokenizers.normalizers.BertNormalizer()
    made.pre_tokenizer = tokenizers.pre_tokenizers.BertPreTokenizer()
    return made


def random_tensors(seed: int, shape: Shape = MINILM) -> dict[str, Any]:
    """Weights under the names of a published file, large enough to tell pairs apart."""
    draw = np.random.default_rng(seed)
    tensors: dict[str, Any] = {}

    def norm(name: str) -> None:
        tensors[f"{name}.weight"] = draw.normal(1, 0.1, shape.width).astype(np.float32)
        tensors[f"{name}.bias"] = draw.normal(0, 0.1, shape.width).astype(np.float32)

    for name, rows in (("word", shape.vocabulary), ("position", shape.positions), ("token_type", 2)):
        tensors[f"embeddings.{name}_embeddings.weight"] = draw.standard_normal((rows, shape.width), np.float32)
    norm("embeddings.LayerNorm")
    for i in range(shape.layers):
        at = f"encoder.layer.{i}."
        for part, rows, columns in (
            ("attention.self.query", shape.width, shape.width),
            ("attention.self.key", shape.width, shape.width),
            ("attention.self.value", shape.width, shape.width),
            ("attention.output.dense", shape.width, shape.width),
            ("intermediate.dense", shape.inner, shape.width),
            ("output.dense", shape.width, shape.inner),
        ):
            tensors[f"{at}{part}.weight"] = draw.standard_normal((rows, columns), np.float32) / math.sqrt(columns)
            tensors[f"{at}{part}.bias"] = draw.normal(0, 0.1, rows).astype(np.float32)
        norm(f"{at}attention.output.LayerNorm")
        norm(f"{at}output.LayerNorm")
    return tensors


def head(seed: int) -> dict[str, Any]:
    draw = np.random.default_rng(seed)
    return {
        "head.weight": draw.normal(0, 0.1, (3, 3 * MINILM.width)).astype(np.float32),
        "head.bias": np.array([0.1, 0.0, -0.1], np.float32),
    }


def write_safetensors(path: Path, tensors: dict[str, Any]) -> None:
    header, offset = {}, 0
    for name, array in tensors.items():
        header[name] = {
            "dtype": "F32",
            "shape": list(array.shape),
            "data_offsets": [offset, offset + array.nbytes],
        }
        offset += array.nbytes
    text = json.dumps(header).encode()
    with path.open("wb") as out:
        out.write(len(text).to_bytes(8, "little") + text)
        for array in tensors.values():
            out.write(np.ascontiguousarray(array).tobytes())


def reference(tensors: dict[str, Any], ids: list[int], start: int) -> Any:
    """The same model in plain numpy and float32, without any quantisation."""
    erf = np.vectorize(math.erf)

    def normed(x: Any, name: str) -> Any:
        x = x - x.mean(-1, keepdims=True)
        x = x / np.sqrt((x * x).mean(-1, keepdims=True) + 1e-12)
        return x * tensors[f"{name}.weight"] + tensors[f"{name}.bias"]

    def dense(x: Any, name: str) -> Any:
        return x @ tensors[f"{name}.weight"].T + tensors[f"{name}.bias"]

    n, each = len(ids), MINILM.width // MINILM.heads
    sides = np.arange(n) >= start
    x = tensors["words.weight"][ids] + tensors["places.weight"][:n] + tensors["sides.weight"][sides.astype(int)]
    x = normed(x, "norm")
    for i in range(MINILM.layers):
        at = f"layers.{i}."
        q, k, v = (
            dense(x, at + part).reshape(n, MINILM.heads, each).transpose(1, 0, 2) for part in ("query", "key", "value")
        )
        odds = q @ k.transpose(0, 2, 1) / math.sqrt(each)
        odds = np.exp(odds - odds.max(-1, keepdims=True))
        mixed = (odds / odds.sum(-1, keepdims=True)) @ v
        x = normed(x + dense(mixed.transpose(1, 0, 2).reshape(n, MINILM.width), at + "out"), at + "norm1")
        up = dense(x, at + "up")
        x = normed(x + dense(up * (1 + erf(up / math.sqrt(2))) / 2, at + "down"), at + "norm2")
    pools = np.concatenate([x[0], x[sides].mean(0), x[~sides].mean(0)])
    return pools @ tensors["head.weight"].T + tensors["head.bias"]
