"""Makes probabilities mean what they say: one scale and a shift for each class, fitted on rows out of fold."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize

from training.linear import Array, probabilities

_HOLD = 0.002  # on the shifts, for tasks with few rows


@dataclass(frozen=True, slots=True)
class Calibration:
    """Scores z become softmax(scale z + embedded log p + shift); p, another reader's probabilities, may be left out."""

    scale: float = 1.0
    shift: tuple[float, float, float] = (0.0, 0.0, 0.0)
    embedded: float = 0.0

    def apply(self, scores: Array, other: Array | None = None) -> Array:
        """The calibrated probabilities."""
        whole = self.scale * scores + np.array(self.shift)
        if other is not None:
            whole = whole + self.embedded * np.log(np.maximum(other, 1e-6))
        return probabilities(whole)


def calibration(scores: Array, truth: Array, other: Array | None = None, weights: Array | None = None) -> Calibration:
    """The calibration that makes the labels likeliest (Platt 1999; Guo et al. 2017).

    Args:
        scores: rows x classes, logits or log probabilities, of rows that their model did not see.
        truth: the labels as numbers, or a teacher's probabilities (rows x classes).
        other: another reader's probabilities of the same rows, to average with.
        weights: how much each row counts.
    """
    wanted = np.eye(scores.shape[1])[truth] if truth.ndim == 1 else truth
    weight = np.ones(len(truth)) if weights is None else weights

    def loss(x: Array) -> float:
        logs = np.log(np.maximum(_made(x, other is not None).apply(scores, other), 1e-12))
        likely = (weight * (wanted * logs).sum(axis=1)).sum() / weight.sum()
        return -float(likely) + _HOLD * float((x[1:3] ** 2).sum())

    start = np.array([1.0, 0.0, 0.0, *([0.3] if other is not None else [])])
    return _made(minimize(loss, start, method="Nelder-Mead", options={"maxiter": 600}).x, other is not None)


def _made(x: Array, averaged: bool) -> Calibration:
    return Calibration(float(x[0]), (float(x[1]), 0.0, float(x[2])), float(x[3]) if averaged else 0.0)


def out_of_fold(
    scores: Array, truth: Array, folds: Array, other: Array | None = None, weights: Array | None = None
) -> Array:
    """Probabilities of each fold by the calibration that the other folds fit."""
    chances = np.zeros_like(scores)
    for fold in np.unique(folds):
        mine = folds == fold
        others = ~mine if (~mine).any() else mine
        fitted = calibration(
            scores[others], truth[others], None if other is None else other[others],
            None if weights is None else weights[others],
        )  # fmt: skip
        chances[mine] = fitted.apply(scores[mine], None if other is None else other[mine])
    return chances
