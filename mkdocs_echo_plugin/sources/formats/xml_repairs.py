"""What an XML export is made of, and what had to be repaired in one to read it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Grammar:
    """What an export is made of.

    Attributes:
        title: what people call the system, for messages.
        root: its outermost element.
        level: how far below it the elements lie that are asked for.
        elements: their local names.
        inner: elements in those that hold fields themselves (a comment in a post), by local name.
        comment: the local name of what is left out if one of its fields is cut.
    """

    title: str
    root: str
    level: int
    elements: frozenset[str]
    inner: frozenset[str]
    comment: str


@dataclass(slots=True)
class Repairs:
    """What was repaired and what was left out.

    `seen` counts the comments, `lost_here` those that the latest element lacks.
    """

    counts: Counter[str] = field(default_factory=Counter)
    prefixes: set[str] = field(default_factory=set)
    lost: list[int] = field(default_factory=list)
    lost_here: int = 0
    breaks_off: int = 0
    seen: int = 0

    def said(self) -> str:
        """What happened, in a line without any of the file's words."""
        done = [f"undeclared {', '.join(sorted(self.prefixes))} accepted"] if self.prefixes else []
        done += [_DONE[what].format(f"{count:,}") for what, count in self.counts.items() if count]
        if self.lost:
            done.append(f"{len(self.lost):,} damaged comments left out ({self.lines()})")
        if self.breaks_off:
            done.append(f"the file breaks off in line {self.breaks_off}, what came after is missing")
        return "; ".join(done) or "nothing is missing"

    def lines(self) -> str:
        """The lines of the comments that were left out."""
        more = " ..." if len(self.lost) > NAMED else ""
        return f"line {', '.join(map(str, self.lost[:NAMED]))}{more}"


NAMED = 10
"""Lines and prefixes that a message names."""

_DONE = {
    "loose": "{} loose '&' kept",
    "nested": "{} CDATA in CDATA kept",
    "encoding": "{} texts that are not UTF-8 taken for Windows-1252",
    "unclosed": "{} unclosed elements closed",
    "unquoted": "{} attributes without quotes taken",
    "control": "{} control characters left out",
}
