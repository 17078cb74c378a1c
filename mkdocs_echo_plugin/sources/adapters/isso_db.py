"""Isso's own database: the SQLite file named by `dbpath`, read from a copy in memory and never written."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import Any, ClassVar

from mkdocs_echo_plugin.errors import Unreadable
from mkdocs_echo_plugin.model import State
from mkdocs_echo_plugin.sources.formats.json_values import number, text, when
from mkdocs_echo_plugin.sources.raw import Author, Document, RawComment, RawReaction, RawThread

MAGIC = b"SQLite format 3\x00"
STEPS = 20_000_000
"""Virtual machine steps that a database may take; a view in a hostile file could run for ever."""
_STATES: dict[int, State] = {1: "visible", 2: "pending", 4: "deleted"}
_QUERY = """
    SELECT t.uri, t.title, c.id, c.parent, c.created, c.modified, c.mode, c.text, c.author, c.email, c.website,
           c.likes, c.dislikes
    FROM threads t LEFT JOIN comments c ON c.tid = t.id ORDER BY t.id, c.created, c.id"""


@dataclass(frozen=True)
class IssoDatabase:
    """Files only: `files: {path: comments.db}`."""

    name: ClassVar[str] = "isso_db"
    title: ClassVar[str] = "Isso's database"
    venue: ClassVar[str] = "Isso"
    social: ClassVar[bool] = False
    needs: ClassVar[str] = "nothing"

    @classmethod
    def recognises(cls, document: Document) -> bool:
        head = document.head
        return head.startswith(MAGIC) and b"CREATE TABLE threads" in head and b"CREATE TABLE comments" in head

    def read(self, document: Document) -> Iterable[RawThread]:
        by_page: dict[str | None, RawThread] = {}
        found: dict[str | None, list[RawComment]] = {}
        for row in select(document, _QUERY, "Isso"):
            uri = text(row["uri"])
            by_page.setdefault(uri, RawThread("isso", page_url=uri, key=uri, title=text(row["title"]) or ""))
            found.setdefault(uri, []).extend(filter(None, [_comment(row)]))
        return [
            RawThread("isso", tuple(found[uri]), page_url=uri, key=uri, title=thread.title)
            for uri, thread in by_page.items()
        ]


def select(document: Document, query: str, title: str) -> Iterator[sqlite3.Row]:
    """The rows of a query on a database that nobody vouches for.

    Raises:
        Unreadable: no database, a damaged one, or not one of this system.
    """
    # 2 there means a write-ahead log beside the file, which a copy in memory cannot have
    data = document.data[:18] + b"\x01\x01" + document.data[20:]
    try:
        with closing(sqlite3.connect(":memory:")) as base:
            base.deserialize(data)
            base.row_factory = sqlite3.Row
            base.text_factory = lambda raw: raw.decode("utf-8", "replace")
            base.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, 10_000_000)
            base.execute("PRAGMA trusted_schema = OFF")
            left = iter(range(STEPS // 10_000))
            base.set_progress_handler(lambda: next(left, None) is None, 10_000)
            yield from base.execute(query)
    except (sqlite3.Error, ValueError, MemoryError, OverflowError) as error:
        reason = " ".join(str(error).split())[:120]
        raise Unreadable(
            f"{document.name}: not a database of {title} ({reason}). Name the file itself, not a copy of a part."
        ) from None


def _comment(row: Any) -> RawComment | None:
    identity, mode = text(row["id"]), number(row["mode"]) or 0
    if identity is None:
        return None
    likes, dislikes = number(row["likes"]) or 0, number(row["dislikes"]) or 0
    parent = text(row["parent"])
    return RawComment(
        identity,
        body=text(row["text"]) or "",
        markup="markdown",
        author=Author(name=text(row["author"]), email=text(row["email"]), website=text(row["website"])),
        parent_id=parent,
        parent_exact=parent is None,  # Isso hangs every reply on the first comment of its thread
        created=when(row["created"]),
        edited=when(row["modified"]),
        reactions=tuple(RawReaction(name, count=n) for name, n in (("+1", likes), ("-1", dislikes)) if n > 0),
        state=_STATES.get(mode, "hidden"),
    )
