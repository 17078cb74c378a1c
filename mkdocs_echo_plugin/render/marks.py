"""One mark a person: a disc agrees, a ring takes no side, a diamond disagrees; told apart by shape as well as colour.

A drawing is a few SVG paths, one for each stance and for what is sure or guessed of it, so that sixty people cost a
page less than two kilobytes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from mkdocs_echo_plugin.model import VoiceCounts
from mkdocs_echo_plugin.thresholds import FEWEST, MOST_MARKS, MOST_MARKS_IN_LINE

Stance = Literal["agree", "neutral", "disagree"]
STANCES: Final[tuple[Stance, ...]] = ("agree", "neutral", "disagree")
_BAR_WIDTH: Final = 120
"""Units of the bar that stands for more people than marks can show."""


@dataclass(frozen=True, slots=True)
class Group:
    """The people of one stance: `count` in all, at least `low` and at most `high` of them with 80 %."""

    stance: Stance
    count: int
    low: int
    high: int

    @property
    def exact(self) -> bool:
        """Whether all of them said so themselves, or the site set it."""
        return self.low == self.high


@dataclass(frozen=True, slots=True)
class Path:
    """One path of a drawing: a stance, whether it is guessed, and its `d`."""

    stance: Stance
    guessed: bool
    d: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """Marks or a bar, `width` by `height` units."""

    width: float
    height: float
    paths: tuple[Path, ...]


def groups(voices: VoiceCounts) -> tuple[Group, ...]:
    """The known people by stance, as whole people who add up; empty under five known ones, and where any stance's range
    is wider than half of them: then there are words only.

    Expected counts are rounded by largest remainder (Hamilton), so that each is off by less than one person. A stance
    that surely nobody takes has no group.
    """
    spans = [voices.agree, voices.neutral, voices.disagree]
    if voices.known < FEWEST or any(span is None or 2 * (span[2] - span[0]) > voices.known for span in spans):
        return ()
    certain = [span for span in spans if span is not None]
    counts = _whole([expected for _, expected, _ in certain], voices.known)
    found = zip(STANCES, counts, certain, strict=True)
    return tuple(Group(stance, count, low, high) for stance, count, (low, _, high) in found if count or high)


def line(people: Sequence[Group]) -> Drawing | None:
    """The small drawing before the words; None where nobody is known."""
    n = sum(group.count for group in people)
    if not n:
        return None
    return marks(people, radius=4) if n <= MOST_MARKS_IN_LINE else bar(people, height=8)


def large(people: Sequence[Group]) -> Drawing | None:
    """The drawing of the panel, up to thirteen people a row, in rows of one length: so many fit on a phone."""
    n = sum(group.count for group in people)
    if not n:
        return None
    return marks(people, radius=9, a_row=-(-n // -(-n // 13))) if n <= MOST_MARKS else bar(people, height=12)


def marks(people: Sequence[Group], *, radius: int, a_row: int = MOST_MARKS) -> Drawing:
    """One mark a person, in the order agree, takes no side, disagrees; those that may be guessed wrong come last."""
    step, size = radius * 2.5, radius * 2
    n = sum(group.count for group in people)
    columns, rows = min(n, a_row), -(-n // a_row)
    shapes: dict[tuple[Stance, bool], list[str]] = {}
    for place, (stance, guessed) in enumerate(each(people)):
        x = (place % a_row) * step + radius
        y = (place // a_row) * step + radius
        shapes.setdefault((stance, guessed), []).append(_shape(stance, x, y, radius))
    paths = tuple(Path(stance, guessed, "".join(drawn)) for (stance, guessed), drawn in shapes.items())
    return Drawing(_short(columns * step - step + size), _short(rows * step - step + size), paths)


def bar(people: Sequence[Group], *, height: int) -> Drawing:
    """A bar of the people by stance, with a gap between two stances; its ends say the same as the words beside it."""
    paths = tuple(
        Path(stance, False, f"M{_short(start)} 0h{_short(inner)}v{height}h-{_short(inner)}z")
        for stance, start, inner in bar_parts(people, _BAR_WIDTH)
    )
    return Drawing(_BAR_WIDTH, height, paths)


def bar_parts(people: Sequence[Group], width: int) -> Iterator[tuple[Stance, float, float]]:
    """The stance, start and width of each part of a bar, with a gap between two."""
    n, start, gap = sum(group.count for group in people), 0.0, width / 80
    for group in people:
        whole = width * group.count / n
        yield group.stance, start, max(whole - gap, 0.5)
        start += whole


def each(people: Sequence[Group]) -> Iterator[tuple[Stance, bool]]:
    """Every person's stance, and whether it may be guessed wrong."""
    for group in people:
        sure = min(group.low, group.count)
        for place in range(group.count):
            yield group.stance, place >= sure


def _shape(stance: Stance, x: float, y: float, radius: float) -> str:
    if stance == "disagree":
        h = radius * 1.2
        return f"M{_short(x)} {_short(y - h)}l{_short(h)} {_short(h)}-{_short(h)} {_short(h)}-{_short(h)}-{_short(h)}z"
    r = radius if stance == "agree" else radius - 1
    # an arc that ends beside where it began: half the bytes of a circle of two
    return f"M{_short(x)} {_short(y - r)}a{r} {r} 0 1 0 .1 0z"


def _short(value: float) -> float | int:
    rounded = round(value, 1)
    return int(rounded) if rounded == int(rounded) else rounded


def _whole(values: Sequence[float], total: int) -> list[int]:
    """Whole numbers near the values that add up to `total`; ties go to the first."""
    scale = total / sum(values)
    shares = [value * scale for value in values]
    counts = [int(share) for share in shares]
    by_remainder = sorted(range(len(shares)), key=lambda i: (counts[i] - shares[i], i))
    for i in by_remainder[: total - sum(counts)]:
        counts[i] += 1
    return counts
