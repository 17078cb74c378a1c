"""The rows of a table in an SQLite file that nobody vouches for, read from a copy in memory and never written.

A database is a program: a view or a generated column computes what it likes, a join or an order writes to disk. So only
stored tables are read, row by row as they lie there, and what they give can be no more than the file holds.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from typing import Any

from mkdocs_echo_plugin.errors import Unreadable
from mkdocs_echo_plugin.sources.raw import Document

MAGIC = b"SQLite format 3\x00"
LONGEST_VALUE = 2_000_000
SECONDS = 10
_STORED = "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND rootpage > 0 AND lower(name) = lower(?)"
_ROW = 4
"""The fewest bytes that a row can take in a file."""


def table(
    document: Document, name: str, title: str, *, needs: Sequence[str], also: Sequence[str] = ()
) -> Iterator[Mapping[str, Any]]:
    """The rows of a table in the order of the file.

    Args:
        document: the file.
        name: the table's name, one of ours.
        title: what people call the system.
        needs: the columns without which it is another system's.
        also: more columns to be read; one that is not there is None.

    Raises:
        Unreadable: no database, a damaged one, or not one of this system.
    """
    # 2 there means a write-ahead log beside the file, which a copy in memory cannot have
    data = document.data[:18] + b"\x01\x01" + document.data[20:]
    try:
        with closing(sqlite3.connect(":memory:")) as base:
            base.deserialize(data)
            base.text_factory = lambda raw: raw.decode("utf-8", "replace")
            base.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LONGEST_VALUE)
            base.execute("PRAGMA trusted_schema = OFF")
            ends = time.monotonic() + SECONDS
            base.set_progress_handler(lambda: time.monotonic() > ends, 10_000)
            yield from _rows(base, name, needs, also, len(data))
    except (sqlite3.Error, ValueError, MemoryError, OverflowError) as error:
        reason = " ".join(str(error).split())[:120]
        raise Unreadable(
            f"{document.name}: not a database of {title} ({reason}). Name the file itself, not a copy of a part."
        ) from None


def _rows(
    base: sqlite3.Connection, name: str, needs: Sequence[str], also: Sequence[str], size: int
) -> Iterator[Mapping[str, Any]]:
    if not base.execute(_STORED, (name,)).fetchone()[0]:
        raise ValueError(f"no table '{name}' is stored in it")
    known = {column: hidden for _, column, _, _, _, _, hidden in base.execute(f'PRAGMA table_xinfo("{name}")')}
    there = [column for column in (*needs, *also) if column in known]
    if not set(needs) <= known.keys():
        raise ValueError(f"table '{name}' has other columns")
    if any(known.values()):
        raise ValueError(f"table '{name}' has computed columns")
    lacking = dict.fromkeys(also)
    left, rows = 2 * size, size // _ROW
    chosen = ", ".join(f'"{column}"' for column in there)
    for row in base.execute(f'SELECT {chosen} FROM "{name}"'):  # noqa: S608  # all names are ours
        left -= sum(len(value) for value in row if isinstance(value, str | bytes))
        rows -= 1
        if left < 0 or rows < 0:
            raise ValueError("more in its rows than in the file")
        yield {**lacking, **dict(zip(there, row, strict=True))}
