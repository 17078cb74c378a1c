"""Where things stand in the two small drawings; the templates draw them from currentColor.

Everything is in percent of the drawing's width, so that a drawing is as wide as its column at every size.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from mkdocs_echo_plugin.model import Range, VoiceCounts
from mkdocs_echo_plugin.thresholds import FEWEST


@dataclass(frozen=True, slots=True)
class IntervalPlot:
    """D from 0 to 1 on a line. `low` and `high` bound 80 %; both are `median` where D is exact."""

    median: float
    low: float
    high: float
    exact: bool


@dataclass(frozen=True, slots=True)
class Segment:
    """One stance in the bar of voices: `count` voices, drawn `width` wide from `start`; `low` to `high` with 80 %."""

    stance: Literal["agree", "neutral", "disagree"]
    count: int
    start: float
    width: float
    low: int
    high: int


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
    """The known voices by stance, as whole voices that add up; empty under five known ones, and where any stance's
    range is wider than half of them: then there are words only.

    Expected counts are rounded by largest remainder (Hamilton): each is off by less than one voice and the sum is
    the sum of the voices. A stance that surely no voice takes has no segment.
    """
    spans = [voices.agree, voices.neutral, voices.disagree]
    if voices.known < FEWEST or any(span is None or 2 * (span[2] - span[0]) > voices.known for span in spans):
        return ()
    certain = [span for span in spans if span is not None]
    counts = _whole([expected for _, expected, _ in certain], voices.known)
    segments: list[Segment] = []
    start = 0.0
    stances: tuple[Literal["agree", "neutral", "disagree"], ...] = ("agree", "neutral", "disagree")
    for stance, count, (low, _, high) in zip(stances, counts, certain, strict=True):
        if count or high:
            width = 100 * count / voices.known
            segments.append(Segment(stance, count, round(start, 1), round(width, 1), low, high))
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
