"""Which fold a row is in: by blog for comments, by submission where there is no blog; the same for every reader."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

FOLDS = 5


def fold_of(group: str, k: int = FOLDS) -> int:
    """Fold of a submission, 0 to k - 1, by its hash.

    A submission is never split over two folds, and the answer depends neither on the order of the rows nor on which
    rows there are.
    """
    return int(hashlib.sha256(group.encode()).hexdigest(), 16) % k


def folds_of_blogs(sizes: Mapping[str, int], k: int = FOLDS) -> dict[str, int]:
    """The fold of each blog: the k - 2 largest have one each, the others share the last two, which come out alike.

    A reader is wanted for blogs that nobody has labelled, so no blog is ever split.
    """
    ordered = sorted(sizes, key=lambda blog: (-sizes[blog], blog))
    folds = {blog: fold for fold, blog in enumerate(ordered[: k - 2])}
    filled = {k - 2: 0, k - 1: 0}
    for blog in ordered[k - 2 :]:
        fold = min(filled, key=lambda last: (filled[last], last))
        folds[blog] = fold
        filled[fold] += sizes[blog]
    return folds
