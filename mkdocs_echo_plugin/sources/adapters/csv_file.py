"""Comments in a table: one row a comment, the way in from a spreadsheet, a database or a platform's own export."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import PurePath
from typing import ClassVar, get_args

from mkdocs_echo_plugin.errors import Unreadable
from mkdocs_echo_plugin.limits import MAX_RECORDS
from mkdocs_echo_plugin.model import Stance
from mkdocs_echo_plugin.sources.formats import code_pages, record_fields
from mkdocs_echo_plugin.sources.formats.record_fields import Fields, meaning
from mkdocs_echo_plugin.sources.formats.record_threads import Reading, threads
from mkdocs_echo_plugin.sources.raw import Document, RawThread

_LONGEST_FIELD = 16_000_000
_HEADER = 65_536
_DELIMITERS = ",;\t|^~\x1f"
_SEPARATOR = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)
"""Excel's own first line, which says what separates the columns."""
_ESCAPED = re.compile(r'(?<!\\)((?:\\\\)*)\\"')
"""A quote inside of a quoted cell as C and MySQL write it, \\", where CSV has two quotes."""
_SIDES = ("author", "date", "id", "parent", "stance", "link", "likes")
Row = tuple[int, Mapping[str, str]]
"""The line that a row ends on, and its cells by the header's names."""


@dataclass(frozen=True, slots=True)
class CsvFile:
    """The adapter. `language` settles dates such as 05/03/2022, `encoding` a code page that is guessed wrong."""

    name: ClassVar[str] = "csv"
    title: ClassVar[str] = "CSV table"
    venue: ClassVar[str] = "CSV"
    social: ClassVar[bool] = False
    needs: ClassVar[str] = "nothing"

    language: str | None = None
    encoding: str | None = None

    def __post_init__(self) -> None:
        try:
            codecs.lookup(self.encoding or "utf-8")
        except LookupError as error:
            raise ValueError(str(error)) from None

    @classmethod
    def recognises(cls, document: Document) -> bool:
        """Named .csv or .tsv, and its header has a text and at least one more of our columns; without an ending, as
        on standard input, three of them and one thread's shape (an id or a parent)."""
        named = document.name.lower().endswith((".csv", ".tsv"))
        if not document.data or not (named or PurePath(document.name).suffix == ""):
            return False
        head = document.head
        if b"\x00" not in head:  # whole lines, so that no letter is cut in two
            head = head[: head.rfind(b"\n") + 1] or head
        words = code_pages.text(Document(document.name, head))
        header = next(iter(_lines(words)), "")
        found = {what for cell in _cells(header, _dialect(words)[0]) if (what := meaning(cell))}
        sides = found & set(_SIDES)
        return "text" in found and (len(sides) >= 1 if named else len(sides) >= 2 and bool(sides & {"id", "parent"}))

    def read(self, document: Document) -> Iterator[RawThread]:
        """The threads of a file: one whose key is the file's name, or one for each page if a column names pages."""
        csv.field_size_limit(_LONGEST_FIELD)
        words = code_pages.text(document, encoding=self.encoding)
        header, rows = _table(document.name, words)
        found = list(islice(rows, MAX_RECORDS + 1))
        fields = record_fields.choose(record for _, record in found)
        fields = replace(fields, taken={**_by_header(header), **fields.taken})
        if "text" not in fields.taken:
            raise Unreadable(
                f"{document.name}: line 1: no column is called 'text'. The first line has to name the columns, "
                f"for example: id,parent,author,time,text,stance"
            )
        _check(document.name, found, fields)
        key = PurePath(document.name).stem or None
        reading = Reading("csv", fields, key=key, language=self.language, links="comment", parent_is_page=False)
        for thread in threads([(None, record, None) for _, record in found[:MAX_RECORDS]], reading):
            if len(found) > MAX_RECORDS:
                thread = replace(
                    thread, complete=False, truncated_reason=f"only the first {MAX_RECORDS:,} lines were read"
                )
            yield thread


def _by_header(header: list[str]) -> dict[str, tuple[str, ...]]:
    """The columns by meaning, those of an empty table too."""
    found: dict[str, tuple[str, ...]] = {}
    for cell in header:
        if what := meaning(cell):
            found[what] = (*found.get(what, ()), cell)
    return found


def _table(name: str, words: str) -> tuple[list[str], Iterator[Row]]:
    """The header's names, and the rows below it that hold anything."""
    delimiter, quote = _dialect(words)
    words = _SEPARATOR.sub("", words, count=1) if _SEPARATOR.match(words) else words
    if '\\"' in words and not _is_strict(words, delimiter, quote):
        words = _ESCAPED.sub(r'\1""', words)
    reader = csv.reader(io.StringIO(words, newline=""), delimiter=delimiter, quotechar=quote)

    def rows() -> Iterator[list[str]]:
        try:
            yield from reader
        except csv.Error as error:
            raise Unreadable(f"{name}: line {reader.line_num} is not valid CSV ({error}). Correct it.") from None

    filled = (row for row in rows() if any(map(str.strip, row)))
    header = [cell.strip() for cell in next(filled, [])]
    return header, (
        (reader.line_num, {name: cell.strip() for name, cell in zip(header, row, strict=False) if name})
        for row in filled
    )


def _check(name: str, rows: list[Row], fields: Fields) -> None:
    """Raises Unreadable for a stance that is none, and for an id that stands twice on one page."""
    seen: dict[tuple[str, str], int] = {}
    for line, record in rows:
        stance = str(fields.first(record, "stance") or "").lower()
        if stance not in ("", "unknown", *get_args(Stance)):
            raise Unreadable(f"{name}: line {line}: stance has to be agree, neutral, disagree or empty.")
        key = (record_fields.page(fields.first(record, "page")), str(fields.first(record, "id") or ""))
        if key[1] and key in seen:
            raise Unreadable(f"{name}: line {line}: id {key[1][:80]!r} stands in line {seen[key]} already.")
        seen[key] = line


def _lines(words: str) -> list[str]:
    return [
        line
        for line in words[:_HEADER].lstrip("\r\n").splitlines()
        if line.strip() and not _SEPARATOR.match(f"{line}\n")
    ]


def _dialect(words: str) -> tuple[str, str]:
    """What separates the columns, and what quotes them: whatever lets the header name most of what a comment has."""
    if said := _SEPARATOR.match(words):
        return said[1], '"'
    header = next(iter(_lines(words)), "")
    quote = "'" if header.startswith("'") and header.count("'") > 2 else '"'

    def known(delimiter: str) -> tuple[int, int]:
        cells = _cells(header, delimiter, quote)
        return sum(meaning(cell) is not None for cell in cells), len(cells)

    return max(_DELIMITERS, key=known), quote


def _cells(line: str, delimiter: str, quote: str = '"') -> list[str]:
    try:
        return [cell.strip() for cell in next(csv.reader([line], delimiter=delimiter, quotechar=quote), [])]
    except csv.Error:
        return []


def _is_strict(words: str, delimiter: str, quote: str) -> bool:
    """Whether a table has its quotes as CSV has them: what follows a closing quote is the end of the cell."""
    try:
        for _ in csv.reader(io.StringIO(words, newline=""), delimiter=delimiter, quotechar=quote, strict=True):
            pass
    except csv.Error:
        return False
    return True
