"""A multinomial logistic regression over sparse and dense columns: soft labels, row weights, L-BFGS."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import minimize

Array = NDArray[np.float64]


def fit(
    matrix: sparse.csr_matrix,
    targets: Array,
    *,
    penalty: float,
    dense: Array | None = None,
    row_weights: Array | None = None,
    steps: int = 150,
) -> tuple[Array, Array]:
    """Weights (columns x classes, those of `dense` last) and bias.

    They minimise cross-entropy to `targets` + penalty/2 |weights|^2. The sums run in single precision, which is enough
    for a convex loss and takes half the time.

    Args:
        matrix: rows x columns, already scaled: a column that is scaled down is penalised more.
        targets: rows x classes, each row a distribution.
        dense: more columns, which are full.
        row_weights: how much each row counts; all 1 without.
    """
    rows, columns = matrix.shape
    classes = targets.shape[1]
    full = np.zeros((rows, 0), np.float32) if dense is None else np.ascontiguousarray(dense, np.float32)
    single = matrix.astype(np.float32)
    transposed, full_transposed = single.T.tocsr(), np.ascontiguousarray(full.T)
    weight = np.ones((rows, 1), np.float32) if row_weights is None else row_weights.astype(np.float32)[:, None]
    wanted = targets.astype(np.float32)

    def loss(flat: Array) -> tuple[float, Array]:
        weights = flat[:-classes].reshape(-1, classes)
        used = weights.astype(np.float32)
        scores = single @ used[:columns] + full @ used[columns:] + flat[-classes:].astype(np.float32)
        scores -= scores.max(axis=1, keepdims=True)
        logs = scores - np.log(np.exp(scores).sum(axis=1, keepdims=True))
        off = (np.exp(logs) - wanted) * weight
        value = -float((weight * wanted * logs).sum(dtype=np.float64)) + penalty / 2 * float((weights**2).sum())
        gradient = np.concatenate([transposed @ off, full_transposed @ off]) + penalty * weights
        return value, np.concatenate([gradient.ravel(), off.sum(axis=0, dtype=np.float64)])

    start = np.zeros((columns + full.shape[1] + 1) * classes)
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": steps, "maxcor": 10})
    return found.x[:-classes].reshape(-1, classes), found.x[-classes:]


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
