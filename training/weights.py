"""Writes a model as the weights file that stance/reader.py loads; its format is told there."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from mkdocs_echo_plugin.stance.features import MEANT
from training.embedded import Model
from training.linear import Array

_MOST = 32_000  # of a 16-bit weight
_LEAST_MEANING = 0.3  # of one word, which counts for one in all words of the text


def write(model: Model, shares: Array, words: list[str], path: Path) -> int:
    """Writes the file and returns its size in bytes.

    Args:
        shares: of disagree, neutral and agree in the training data.
        words: those whose meaning the file holds.
    """
    weights = _against_neutral(model.weights) * model.scale
    step = float(np.abs(weights).max()) / _MOST
    names: list[str] = []
    figures: list[Array] = []
    sizes: list[int] = []
    for columns in model.vocabulary.columns:
        names += [
            feature if isinstance(feature, str) else " ".join(map(str, map(_plain, feature))) for feature in columns
        ]
        figures += [np.rint(weights[i] / step) for i in columns.values()]
        sizes.append(len(columns))
    bias = _against_neutral((model.bias * model.scale + np.array(model.shift))[None, :])[0]
    meaning = _against_neutral(model.meaning_weights) * model.scale
    table = np.array([model.vectors.of(word) for word in words])
    means = [table @ part for part in np.split(meaning, len(MEANT))]
    telling = np.abs(np.stack(means)).max(axis=(0, 2)) >= _LEAST_MEANING
    words = [word for word, kept in zip(words, telling, strict=True) if kept]
    steps = []
    for scores in (mean[telling] for mean in means):
        steps.append(float(np.abs(scores).max(initial=1e-6)) / _MOST)
        figures += list(np.rint(scores / steps[-1]))
    names += words
    text = "\n".join(names).encode()
    head = {
        "pi": [round(float(share), 6) for share in shares],
        "bias": [float(part) for part in bias],
        "step": step,
        "meaning_steps": steps,
        "sizes": sizes,
        "bytes": len(text),
    }
    data = json.dumps(head).encode() + b"\n" + text + _packed(figures)
    path.write_bytes(data)
    return len(data)


def _packed(figures: list[Array]) -> bytes:
    """Weights of disagree and agree side by side in 64 bits, as `stance.reader.pack` has them."""
    pairs = np.array(figures).astype("<i8")
    return ((pairs[:, 0] << 32) + pairs[:, 1]).tobytes()


def _plain(part: str | int) -> str | int:
    return int(part) if isinstance(part, bool) else part


def _against_neutral(weights: Array) -> Array:
    """Columns disagree and agree, less the one of neutral: a softmax has one column to spare."""
    return weights[:, [0, 2]] - weights[:, [1]]
