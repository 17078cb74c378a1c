"""What readers had to say about files, for people: the same words about many files are one line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Literal


@dataclass(frozen=True, slots=True)
class Note:
    """What a reader had to guess, repair or leave out to read a document, in one line for people.

    `lost`: what may be missing now. Without some threads, a post that has none is not known to be quiet.
    """

    text: str
    lost: Literal["nothing", "comments", "threads"] = "nothing"


def summed_up(notes: Iterable[tuple[str, Note]]) -> Iterator[Note]:
    """The notes in order, each said once.

    Args:
        notes: each with the name of the document that it is about.
    """
    counts: dict[tuple[str, str], list[Note]] = {}
    for name, note in notes:
        counts.setdefault((note.text.removeprefix(name), note.lost), []).append(note)
    for same in counts.values():
        more = f" (and {len(same) - 1:,} more like it)" if len(same) > 1 else ""
        yield replace(same[0], text=f"{same[0].text}{more}")
