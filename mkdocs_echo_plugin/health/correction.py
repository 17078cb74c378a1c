"""What a site's own labels say of its reader's errors, and the readings corrected by it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from mkdocs_echo_plugin.model import Probabilities, Stance
from mkdocs_echo_plugin.stance import most_probable

FROM_LABELS: Final = 30
"""Labels from which the reader is corrected."""

PRIOR: Final = 20.0
"""How many labels the reader's own calibration is worth, for each stance that it says."""

_STANCES: Final[tuple[Stance, ...]] = ("disagree", "neutral", "agree")


class Label(NamedTuple):
    """What the reader read of a comment, and what the site's author says of it."""

    q: Probabilities
    said: Stance


def corrected(q: Probabilities, factors: Mapping[Stance, Probabilities]) -> Probabilities:
    """A reading with the factors of its most probable stance, its shares together 1 again; as it is without factors."""
    factor = factors.get(most_probable(q))
    if factor is None:
        return q
    odds = [part * by for part, by in zip(q, factor, strict=True)]
    return Probabilities(*(part / sum(odds) for part in odds))


def correction(labels: Sequence[Label]) -> dict[Stance, Probabilities]:
    """How a site's labels correct its reader: factors by the stance that it says; none under `FROM_LABELS` labels.

    Among the comments of which the reader says j let n_ij have the label i, and let m_ij be the reader's own mean
    probability of i. With a Dirichlet prior of PRIOR labels about the reader's word the share of i is
    (PRIOR m_ij + n_ij) / (PRIOR + n_j), and q_i is multiplied by that over m_ij. It is conditional on what the reader
    says, so it does not matter that the labels were not drawn at random but chosen by the reader's doubt. After PRIOR
    labels half of the difference is taken. The interval is that of a reader whose errors on this blog nobody knows
    (`estimate.Trust` was fitted on blogs that the reader had not seen): labels move it, and do not narrow it, so what
    is uncertain of the factors is in it. After prediction-powered inference (Angelopoulos et al., 2023).
    """
    if len(labels) < FROM_LABELS:
        return {}
    factors: dict[Stance, Probabilities] = {}
    for said in _STANCES:
        own = [label for label in labels if most_probable(label.q) == said]
        if not own:
            continue
        found = []
        for place, stance in enumerate(_STANCES):
            mean = max(sum(label.q[place] for label in own) / len(own), 1e-6)
            share = (PRIOR * mean + sum(label.said == stance for label in own)) / (PRIOR + len(own))
            found.append(share / mean)
        factors[said] = Probabilities(*(round(factor, 9) for factor in found))
    return factors
