"""Comments in a table: one file a thread, one row a comment, the way in from a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import PurePath
from typing import ClassVar, get_args

from mkdocs_echo_plugin.errors import Unreadable
from mkdocs_echo_plugin.model import Stance
from mkdocs_echo_plugin.sources.formats import dates, decode, json_values
from mkdocs_echo_plugin.sources.raw import Author, Document, RawComment, RawReaction, RawThread

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "id": ("id", "comment_id"),
    "parent": ("parent", "parent_id", "reply_to", "in_reply_to"),
    "author": ("author", "author_name", "author_key", "name", "user", "username"),
    "time": ("time", "date", "created", "created_at", "timestamp", "datetime"),
    "text": ("text", "comment", "message", "body", "content"),
    "stance": ("stance", "declared"),
    "url": ("url", "link"),
    "likes": ("likes", "like_count"),
}
"""A column, and the names by which a header may call it, in any case and order. Others are ignored."""

MOST = 100_000
"""Comments of one file that are read; a thread that people wrote has fewer."""
_LONGEST_FIELD = 16_000_000


@dataclass(frozen=True, slots=True)
class CsvFile:
    """The adapter. `language` settles dates such as 05/03/2022; without it they are left out."""

    name: ClassVar[str] = "csv"
    title: ClassVar[str] = "CSV table"
    venue: ClassVar[str] = "CSV"
    social: ClassVar[bool] = False
    needs: ClassVar[str] = "nothing"

    language: str | None = None

    @classmethod
    def recognises(cls, document: Document) -> bool:
        """Named .csv or .tsv, and its header has a text and at least one more of our columns; without an ending, as
        on standard input, three of them and one thread's shape (an id or a parent)."""
        named = document.name.lower().endswith((".csv", ".tsv"))
        if not document.data or not (named or PurePath(document.name).suffix == ""):
            return False
        head = decode.text(Document(name=document.name, data=document.head), fallback="cp1252")
        header = next(iter(head.lstrip("\r\n").splitlines()), "")
        found = _places(header.split(_delimiter(header)))
        enough = len(found) >= 2 if named else len(found) >= 3 and bool({"id", "parent"} & set(found))
        return "text" in found and enough

    def read(self, document: Document) -> Iterator[RawThread]:
        """The one thread of a file; its key is the file's name without the ending."""
        words = decode.text(document, fallback="cp1252")  # what spreadsheets of western Europe save as "CSV"
        first = next(iter(words.lstrip("\r\n").splitlines()), "")
        csv.field_size_limit(_LONGEST_FIELD)
        rows = csv.reader(io.StringIO(words, newline=""), delimiter=_delimiter(first))
        try:
            comments = tuple(islice(self._comments(document.name, rows), MOST + 1))
        except csv.Error as error:
            raise Unreadable(f"{document.name}: line {rows.line_num} is not valid CSV ({error}). Correct it.") from None
        yield RawThread(
            platform="csv",
            comments=comments[:MOST],
            key=PurePath(document.name).stem or None,
            complete=len(comments) <= MOST,
            truncated_reason=f"only the first {MOST:,} lines were read" if len(comments) > MOST else None,
        )

    def _comments(self, name: str, rows: Iterator[list[str]]) -> Iterator[RawComment]:
        header = next((row for row in rows if any(map(str.strip, row))), [])
        places = _places(header)
        if "text" not in places:
            raise Unreadable(
                f"{name}: line 1: no column is called 'text'. The first line has to name the columns, "
                f"for example: id,parent,author,time,text,stance"
            )
        seen: dict[str, int] = {}
        number = 0
        for row in rows:
            if not any(map(str.strip, row)):
                continue
            number += 1
            line: int = rows.line_num  # type: ignore[attr-defined]  # csv.reader has it, Iterator has not
            field = {column: row[i].strip() for column, i in places.items() if i < len(row)}
            stance = field.get("stance", "").lower()
            if stance not in ("", "unknown", *get_args(Stance)):
                raise Unreadable(f"{name}: line {line}: stance has to be agree, neutral, disagree or empty.")
            key = field.get("id") or str(number)
            if key in seen:
                raise Unreadable(f"{name}: line {line}: id {key[:80]!r} stands in line {seen[key]} already.")
            seen[key] = line
            likes = json_values.number(field.get("likes"))
            yield RawComment(
                id=key,
                body=field.get("text", ""),
                markup="text",
                author=Author(name=field["author"]) if field.get("author") else None,
                parent_id=field.get("parent") or None,
                created=dates.parse(field.get("time", ""), language=self.language),
                url=field.get("url") or None,
                reactions=(RawReaction("+1", count=likes),) if likes and likes > 0 else (),
                # the check is by value, which a type checker does not follow
                declared=stance if stance in get_args(Stance) else None,  # type: ignore[arg-type]
            )


def _delimiter(header: str) -> str:
    """What separates the columns: whatever the header has most of."""
    return max(",;\t", key=header.count)


def _places(header: list[str]) -> dict[str, int]:
    """Which of our columns stands where; the first of two columns of one meaning counts."""
    places: dict[str, int] = {}
    names = [cell.strip().strip('"').strip().lower() for cell in header]
    for column, known in COLUMNS.items():
        for i, cell in enumerate(names):
            if cell in known:
                places.setdefault(column, i)
    return places
