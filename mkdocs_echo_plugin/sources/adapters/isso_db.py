"""Isso's own database: the SQLite file named by `dbpath`, read from a copy in memory and never written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from mkdocs_echo_plugin.model import State
from mkdocs_echo_plugin.sources.formats.json_values import number, text, when
from mkdocs_echo_plugin.sources.formats.sqlite import MAGIC, table
from mkdocs_echo_plugin.sources.raw import Author, Document, RawComment, RawReaction, RawThread

_STATES: dict[int, State] = {1: "visible", 2: "pending", 4: "deleted"}
_ALSO = ("parent", "created", "modified", "mode", "author", "email", "website", "likes", "dislikes")


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
        pages = list(table(document, "threads", "Isso", needs=("id", "uri"), also=("title",)))
        pages.sort(key=lambda row: number(row["id"]) or 0)
        found: dict[Any, list[RawComment]] = {row["id"]: [] for row in pages}
        rows = sorted(table(document, "comments", "Isso", needs=("tid", "id", "text"), also=_ALSO), key=_in_time)
        for row in rows:
            if row["tid"] in found and (comment := _comment(row)):
                found[row["tid"]].append(comment)
        threads: dict[str | None, RawThread] = {}
        for row in pages:
            uri = text(row["uri"])
            thread = threads.setdefault(uri, RawThread("isso", page_url=uri, key=uri, title=text(row["title"]) or ""))
            threads[uri] = replace(thread, comments=(*thread.comments, *found.pop(row["id"], ())))
        return list(threads.values())


def _in_time(row: Mapping[str, Any]) -> tuple[float, int]:
    created = row["created"]
    return created if isinstance(created, int | float) else 0.0, number(row["id"]) or 0


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
