"""A multinomial logistic regression over sparse blocks: soft labels, a prior for each feature, L-BFGS."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import minimize

Array = NDArray[np.float64]


def fit(
    matrix: sparse.csr_matrix, targets: Array, *, penalty: float, row_weights: Array | None = None, steps: int = 150
) -> tuple[Array, Array]:
    """Weights (columns x classes) and bias that minimise cross-entropy to `targets` + penalty/2 |weights|^2.

    Args:
        matrix: rows x columns, already scaled: a column that is scaled down is penalised more.
        targets: rows x classes, each row a distribution.
        row_weights: how much each row counts; all 1 without.
    """
    rows, columns = matrix.shape
    classes = targets.shape[1]
    weight = np.ones(rows) if row_weights is None else row_weights
    transposed = matrix.T.tocsr()

    def loss(flat: Array) -> tuple[float, Array]:
        weights = flat[:-classes].reshape(columns, classes)
        scores = matrix @ weights + flat[-classes:]
        scores -= scores.max(axis=1, keepdims=True)
        logs = scores - np.log(np.exp(scores).sum(axis=1, keepdims=True))
        off = (np.exp(logs) - targets) * weight[:, None]
        value = -float((weight[:, None] * targets * logs).sum()) + penalty / 2 * float((weights**2).sum())
        gradient = np.asarray(transposed @ off) + penalty * weights
        return value, np.concatenate([gradient.ravel(), off.sum(axis=0)])

    found = minimize(
        loss, np.zeros((columns + 1) * classes), jac=True, method="L-BFGS-B", options={"maxiter": steps, "maxcor": 10}
    )
    return found.x[:-classes].reshape(columns, classes), found.x[-classes:]


def probabilities(scores: Array) -> Array:
    """Softmax of each row."""
    odds = np.exp(scores - scores.max(axis=1, keepdims=True))
    return odds / odds.sum(axis=1, keepdims=True)


def tellingness(matrix: sparse.csr_matrix, targets: Array, prior: float = 1.0) -> Array:
    """How far each column tells the classes apart: the largest |log ratio| of its rate in a class and outside it.

    Scaling columns by it gives the regression naive Bayes as its prior (Wang and Manning, 2012).
    """
    inside = np.asarray(matrix.T @ targets) + prior
    outside = np.asarray(matrix.T @ (1 - targets)) + prior * (targets.shape[1] - 1)
    return np.abs(np.log(inside / targets.sum(axis=0) / (outside / (1 - targets).sum(axis=0)))).max(axis=1)
