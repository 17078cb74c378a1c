"""Where things stand in the two small drawings; the templates draw them from currentColor.

Everything is in percent of the drawing's width, so that a drawing is as wide as its column at every size.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from mkdocs_echo_plugin.model import Range, VoiceCounts

NARROW, WIDE = 0.30, 0.55
"""D under the first is mostly one view, over the second several views."""


@dataclass(frozen=True, slots=True)
class IntervalPlot:
    """D from 0 to 1 on a line. `low` and `high` bound 80 %; both are `median` where D is exact."""

    median: float
    low: float
    high: float
    exact: bool
    thresholds: tuple[float, float] = (100 * NARROW, 100 * WIDE)


@dataclass(frozen=True, slots=True)
class Segment:
    """One stance in the bar of voices: `count` voices, drawn `width` wide from `start`."""

    stance: Literal["agree", "neutral", "disagree"]
    count: int
    start: float
    width: float


def interval_plot(range_: Range) -> IntervalPlot | None:
    """The plot of a range of views; None where there is none to show (range off, or under five known voices)."""
    median = range_.median if range_.d is None else range_.d
    if median is None or range_.verdict in ("off", "early", "unread"):
        return None
    exact = range_.d is not None
    low, high = (median, median) if exact else (range_.low, range_.high)
    if low is None or high is None:
        return None
    return IntervalPlot(_percent(median), _percent(low), _percent(high), exact)


def voices_bar(voices: VoiceCounts) -> tuple[Segment, ...]:
    """The known voices by stance, as whole voices that add up; empty under five known ones.

    Expected counts are rounded by largest remainder (Hamilton): each is off by less than one voice and the sum is
    the sum of the voices. Stances with no voice have no segment.
    """
    values = [value or 0.0 for value in (voices.agree, voices.neutral, voices.disagree)]
    if not any(values) or voices.known < 5:
        return ()
    counts = _whole(values, voices.known)
    segments: list[Segment] = []
    start = 0.0
    stances: tuple[Literal["agree", "neutral", "disagree"], ...] = ("agree", "neutral", "disagree")
    for stance, count in zip(stances, counts, strict=True):
        if count:
            width = 100 * count / voices.known
            segments.append(Segment(stance, count, round(start, 1), round(width, 1)))
            start += width
    return tuple(segments)


def _whole(values: list[float], total: int) -> list[int]:
    """Whole numbers near the values that add up to `total`; ties go to the first."""
    scale = total / sum(values)
    shares = [value * scale for value in values]
    counts = [int(share) for share in shares]
    by_remainder = sorted(range(len(shares)), key=lambda i: (counts[i] - shares[i], i))
    for i in by_remainder[: total - sum(counts)]:
        counts[i] += 1
    return counts


def _percent(d: float) -> float:
    return round(100 * min(max(d, 0.0), 1.0), 1)
