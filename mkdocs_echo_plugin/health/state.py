"""The state of a discussion: one word for the badge."""

from __future__ import annotations

from typing import Final

from mkdocs_echo_plugin.model import HealthState, PostKind, Range

SHOWS_NO_BADGE: Final[frozenset[HealthState]] = frozenset({"off", "unknown", "quiet"})

RESTS_ON_STANCES: Final[frozenset[HealthState]] = frozenset({"few-sides", "several", "one-side", "unclear"})
"""States that say something, or would, of how the voices divide."""


def state(kind: PostKind, read: int, figures: Range) -> HealthState:
    """The state of a thread that could be read.

    Args:
        kind: what the post is taken for; all but `opinion` have facts only.
        read: comments that were read.
        figures: the range of views; its verdict says the rest.
    """
    if read == 0:
        return "quiet"
    if kind != "opinion" or figures.verdict == "off":
        return "facts"
    return figures.verdict
