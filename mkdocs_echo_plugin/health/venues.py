"""Venues side by side: each one's range of views as that of a sample, so that venues of different sizes compare."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from mkdocs_echo_plugin.health.crowd import interval_of_sample
from mkdocs_echo_plugin.health.estimate import Trust, priors
from mkdocs_echo_plugin.health.views import diversity_of_sample
from mkdocs_echo_plugin.model import Probabilities, Range


def venue_range(
    own: Range, certain: Sequence[int], evidence: Sequence[Probabilities], *, position: float, trust: Trust
) -> Range:
    """A venue's range with D n/(n-1) (None where any stance was read) and the interval of a sample about it.

    Args:
        own: the venue's range as of its own voices; its verdict and probabilities stay.
        certain: voices declared to agree, be neutral, disagree.
        evidence, position, trust: as in `views.range_of_views`.
    """
    agree, neutral, disagree = certain
    low, median, high = interval_of_sample(agree, neutral, disagree, evidence, priors(trust, position, len(evidence)))
    d = None if evidence else diversity_of_sample(agree, neutral, disagree)
    return replace(
        own,
        d=None if d is None else round(d, 9),
        median=round(median, 9),
        low=round(low, 9),
        high=round(high, 9),
    )
