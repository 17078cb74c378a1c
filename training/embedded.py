"""Trains the embedded reader: sparse blocks with a naive Bayes prior, and word vectors folded into word weights."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from mkdocs_echo_plugin.stance.features import BLOCKS, MEANT, Feature, extract_features
from training.linear import Array, fit, probabilities, tellingness
from training.vectors import Vectors

LABELS = ("disagree", "neutral", "agree")
FEWEST = 9  # pairs in which a feature must occur; leaving small weights out instead costs more than it saves
PENALTY = 80.0
COLUMNS = (*BLOCKS, "count")
_MEANING_SCALE = 0.15
_MEANT = [BLOCKS.index(block) for block in MEANT]

Apart = tuple[list[Feature], ...]
"""A pair's features, by `COLUMNS`."""


def apart(pairs: Sequence[tuple[str, str]]) -> list[Apart]:
    """The features of each (parent, reply); a count is (which count, its figure)."""
    taken = [extract_features(parent, reply) for parent, reply in pairs]
    return [(*map(list, blocks), list(enumerate(counts))) for blocks, counts in taken]


class Vocabulary:
    """Which features have a column."""

    def __init__(self, pairs: Sequence[Apart], fewest: int = FEWEST) -> None:
        self.columns: list[dict[Feature, int]] = []
        width = 0
        for block in range(len(COLUMNS)):
            counts = Counter(feature for blocks in pairs for feature in blocks[block])
            kept = sorted((feature for feature, count in counts.items() if count >= fewest), key=str)
            self.columns.append({feature: width + i for i, feature in enumerate(kept)})
            width += len(kept)
        self.width = width

    def matrix(self, pairs: Sequence[Apart]) -> sparse.csr_matrix:
        """Rows of ones where a pair has a feature."""
        places: list[int] = []
        ends = [0]
        for blocks in pairs:
            for columns, features in zip(self.columns, blocks, strict=True):
                places += [columns[feature] for feature in features if feature in columns]
            ends.append(len(places))
        return sparse.csr_matrix((np.ones(len(places)), places, ends), shape=(len(pairs), self.width))

    def scales(self, without: Collection[str] = ()) -> Array:
        """How freely each column may take a weight, by its block; not at all in the blocks `without`."""
        return np.concatenate(
            [
                np.full(len(columns), 0.0 if block in without else 1.0)
                for block, columns in zip(COLUMNS, self.columns, strict=True)
            ]
        )


def meanings(pairs: Sequence[Apart], vectors: Vectors) -> Array:
    """The mean word vectors of the blocks of `MEANT`, side by side."""
    return np.array(
        # sorted, since a sum of floats depends on its order
        [np.concatenate([vectors.mean(sorted(map(str, blocks[block]))) for block in _MEANT]) for blocks in pairs]
    )


@dataclass
class Model:
    """A fitted reader: a weight (columns x classes) for each feature, for each dimension of meaning, and a bias."""

    vocabulary: Vocabulary
    vectors: Vectors
    weights: Array
    meaning_weights: Array
    bias: Array
    temperature: float = 1.0

    def predict(self, pairs: Sequence[Apart]) -> Array:
        """Probabilities (pairs x classes)."""
        scores = self.vocabulary.matrix(pairs) @ self.weights + meanings(pairs, self.vectors) @ self.meaning_weights
        return probabilities((scores + self.bias) * self.temperature)


def train(
    pairs: Sequence[Apart],
    targets: Array,
    vectors: Vectors,
    *,
    penalty: float = PENALTY,
    without: Collection[str] = (),
) -> Model:
    """Fits a model to targets (pairs x classes, each row a distribution).

    Args:
        without: blocks, or "meaning", that get no weight: for finding out what each is worth.
    """
    vocabulary = Vocabulary(pairs)
    matrix = vocabulary.matrix(pairs)
    scale = tellingness(matrix, targets) * vocabulary.scales(without)
    dense = meanings(pairs, vectors)
    centre, spread = dense.mean(axis=0), dense.std(axis=0) + 1e-9
    dense_scale = 0.0 if "meaning" in without else _MEANING_SCALE
    whole = sparse.hstack([matrix.multiply(scale), (dense - centre) / spread * dense_scale]).tocsr()
    found, bias = fit(whole, targets, penalty=penalty)
    weights = found[: matrix.shape[1]] * scale[:, None]
    meaning = found[matrix.shape[1] :] * (dense_scale / spread)[:, None]
    return Model(vocabulary, vectors, weights, meaning, bias - centre @ meaning)


def temperature(chances: Array, labels: Array) -> float:
    """The factor on the scores that makes out-of-fold probabilities likeliest; 1 where they are calibrated already."""
    logs = np.log(np.clip(chances, 1e-12, 1))
    rows = np.arange(len(labels))
    grid = np.arange(0.5, 1.81, 0.01)
    losses = [-float(np.log(probabilities(logs * t)[rows, labels]).mean()) for t in grid]
    return round(float(grid[int(np.argmin(losses))]), 2)
