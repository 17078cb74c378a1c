"""What readers had to say about files, for people: the same words about many files are one line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeVar

Lost = TypeVar("Lost", bool, str)


def summed_up(notes: Iterable[tuple[str, str, Lost]]) -> Iterator[tuple[str, Lost]]:
    """The notes in order, each said once.

    Args:
        notes: the name of the document that a note is about, its text, and what was lost.
    """
    same: dict[tuple[str, Lost], list[str]] = {}
    for name, text, lost in notes:
        same.setdefault((text.removeprefix(name), lost), []).append(text)
    for (_, lost), texts in same.items():
        more = f" (and {len(texts) - 1:,} more like it)" if len(texts) > 1 else ""
        yield f"{texts[0]}{more}", lost
