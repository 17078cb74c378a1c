"""Trains the embedded reader: sparse blocks with a naive Bayes prior, and word vectors folded into word weights."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from mkdocs_echo_plugin.stance import ToRead
from mkdocs_echo_plugin.stance.features import BLOCKS, MEANT, Feature, extract_features
from training.linear import Array, fit, probabilities, tellingness
from training.rows import LABELS
from training.vectors import Vectors

FEWEST, FEWEST_PLACES = 9, 3
"""Comments, and blogs or subreddits, that must share a feature: what fewer said is not told on, be it a name."""
PENALTY = 80.0
COLUMNS = (*BLOCKS, "count")
_STEPS = 80
_MEANING_SCALE = 0.15
_MEANT = [BLOCKS.index(block) for block in MEANT]

Apart = tuple[list[Feature], ...]
"""An item's features, by `COLUMNS`."""


def apart(items: Sequence[ToRead]) -> list[Apart]:
    """The features of each item; a count is (which count, its figure)."""
    taken = [extract_features(item.answers, item.comment) for item in items]
    return [(*map(list, blocks), list(enumerate(counts))) for blocks, counts in taken]


class Vocabulary:
    """Which features have a column: those that `fewest` comments of `fewest_places` places share."""

    def __init__(
        self,
        pairs: Sequence[Apart],
        places: Sequence[str],
        fewest: int = FEWEST,
        fewest_places: int = FEWEST_PLACES,
    ) -> None:
        self.columns: list[dict[Feature, int]] = []
        enough = min(fewest_places, len(set(places)))
        width = 0
        for block in range(len(COLUMNS)):
            seen: defaultdict[Feature, dict[str, int]] = defaultdict(dict)
            for blocks, place in zip(pairs, places, strict=True):
                for feature in set(blocks[block]):
                    counts = seen[feature]
                    counts[place] = counts.get(place, 0) + 1
            kept = sorted((f for f, by in seen.items() if len(by) >= enough and sum(by.values()) >= fewest), key=str)
            self.columns.append({feature: width + i for i, feature in enumerate(kept)})
            width += len(kept)
        self.width = width

    def matrix(self, pairs: Sequence[Apart]) -> sparse.csr_matrix:
        """Rows of ones where an item has a feature."""
        found: list[int] = []
        ends = [0]
        for blocks in pairs:
            for columns, features in zip(self.columns, blocks, strict=True):
                found += [columns[feature] for feature in features if feature in columns]
            ends.append(len(found))
        return sparse.csr_matrix((np.ones(len(found)), found, ends), shape=(len(pairs), self.width))

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
    """A fitted reader of one task: a weight (columns x classes) for each feature and dimension of meaning, and a bias.

    `scale` and `shift` (disagree, neutral, agree) calibrate its scores.
    """

    vocabulary: Vocabulary
    vectors: Vectors
    weights: Array
    meaning_weights: Array
    bias: Array
    scale: float = 1.0
    shift: tuple[float, float, float] = (0.0, 0.0, 0.0)

    def predict(self, pairs: Sequence[Apart], meant: Array | None = None) -> Array:
        """Probabilities (items x classes)."""
        meant = meanings(pairs, self.vectors) if meant is None else meant
        scores = self.vocabulary.matrix(pairs) @ self.weights + meant @ self.meaning_weights
        return probabilities((scores + self.bias) * self.scale + np.array(self.shift))


def train(
    pairs: Sequence[Apart],
    targets: Array,
    vectors: Vectors,
    *,
    places: Sequence[str],
    row_weights: Array | None = None,
    meant: Array | None = None,
    penalty: float = PENALTY,
    without: Collection[str] = (),
) -> Model:
    """Fits a model to targets (items x classes, each row a distribution).

    Args:
        places: the blog or subreddit of each item.
        row_weights: how much each item counts.
        meant: `meanings(pairs, vectors)`, where it is known already.
        without: blocks, or "meaning", that get no weight: for finding out what each is worth.
    """
    vocabulary = Vocabulary(pairs, places)
    matrix = vocabulary.matrix(pairs)
    scale = tellingness(matrix, targets) * vocabulary.scales(without)
    dense = meanings(pairs, vectors) if meant is None else meant
    centre, spread = dense.mean(axis=0), dense.std(axis=0) + 1e-9
    dense_scale = 0.0 if "meaning" in without else _MEANING_SCALE
    found, bias = fit(
        matrix.multiply(scale).tocsr(), targets, penalty=penalty, dense=(dense - centre) / spread * dense_scale,
        row_weights=row_weights, steps=_STEPS,
    )  # fmt: skip
    weights = found[: matrix.shape[1]] * scale[:, None]
    meaning = found[matrix.shape[1] :] * (dense_scale / spread)[:, None]
    return Model(vocabulary, vectors, weights, meaning, bias - centre @ meaning)


__all__ = ["COLUMNS", "FEWEST", "LABELS", "Apart", "Model", "Vocabulary", "apart", "meanings", "train"]
