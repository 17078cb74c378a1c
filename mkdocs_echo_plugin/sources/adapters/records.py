"""Comments that somebody keeps in files in a way of their own: records with a text and an author or a date.

The reader of the long tail. It is asked only about what no other adapter recognises, and it says which field it took
for what. Where the shape is doubtful it claims nothing.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain
from pathlib import PurePath
from typing import Any, ClassVar

from mkdocs_echo_plugin.errors import Unreadable
from mkdocs_echo_plugin.limits import MAX_YAML_BYTES
from mkdocs_echo_plugin.sources.formats import decode, json_values, record_fields, record_lists, yaml_values
from mkdocs_echo_plugin.sources.formats.record_fields import SYNONYMS, Fields, normal
from mkdocs_echo_plugin.sources.formats.record_lists import RecordList
from mkdocs_echo_plugin.sources.formats.record_threads import Reading, threads
from mkdocs_echo_plugin.sources.notes import Note
from mkdocs_echo_plugin.sources.raw import Document, RawThread

_YAML, _TOML = (".yml", ".yaml"), (".toml",)
_TALK = ("comment", "repl", "discuss", "guestbook", "feedback", "kommentar", "mention", "comentari", "评论")
"""Words in a file's or a field's name that say that these records are comments, in pieces."""

_COUNTS = ("total", "totalcount", "totalcomments", "commentcount", "commentscount", "count")
Rows = Sequence[tuple[str | None, Mapping[str, Any], int | None]]
"""Records, each with the name that its place gives it, and the place of the one that it is nested in."""


@dataclass(frozen=True)
class Records:
    """`files: {path: ..., source: {records: {fields: {text: my_field}}}}` names a field that no usual name fits.

    `language` settles dates such as 05/03/2022.
    """

    name: ClassVar[str] = "records"
    title: ClassVar[str] = "comments as records in JSON, YAML or TOML"
    venue: ClassVar[str] = "This site"
    social: ClassVar[bool] = False
    needs: ClassVar[str] = "nothing"
    fallback: ClassVar[bool] = True

    fields: Mapping[str, str] = field(default_factory=dict)
    language: str | None = None

    def __post_init__(self) -> None:
        for what in self.fields:
            if what not in SYNONYMS:
                raise ValueError(f"fields: '{what}' is no part of a comment. Known: {', '.join(SYNONYMS)}.")

    @classmethod
    def recognises(cls, document: Document) -> bool:
        """Whether most of what lies in it is comments beyond doubt, or it is a list with nothing in it."""
        if document.parts:
            return is_one_comment(document.parts[0])
        if not document.data or (not _looks_like_json(document) and len(document.data) > MAX_YAML_BYTES):
            return False
        try:
            top = load(document)
            found, others = record_lists.find(top)
        except Unreadable:
            return False
        return record_lists.empty(top) or (others <= len(found) and any(_certain(one, document.name) for one in found))

    def read(self, document: Document) -> Iterable[RawThread]:
        if document.parts:
            return self.of_files(document)
        top = load(document)
        found, _ = record_lists.find(top, named=self.fields)
        if not found:
            if record_lists.empty(top):
                document.notes.append(Note(f"{document.name}: nothing said yet: it holds an empty list of comments."))
                return []
            raise Unreadable(
                f"{document.name}: no records with a text and an author or a date in it. Name the fields: "
                f"`source: {{records: {{fields: {{text: ..., author: ..., date: ...}}}}}}`."
            )
        rows: list[Rows] = [list(record_lists.walk(one)) for one in found]
        fields = record_fields.choose((record for listed in rows for _, record, _ in listed), named=self.fields)
        document.notes.append(Note(f"{document.name}: read as comments: {fields}."))
        whole = len(found) == 1 or not any(one.place for one in found)
        key = PurePath(document.name).stem if whole else None
        if whole:  # one thread, wherever in the document its parts stand
            rows = [_joined(rows)]
        of_lists = (threads(listed, self._reading(fields, key, one)) for listed, one in zip(rows, found, strict=False))
        return _counted(_merged(chain.from_iterable(of_lists)), top)

    def _reading(self, fields: Fields, key: str | None, listed: RecordList) -> Reading:
        own = Reading("records", fields, key=key, markup="markdown", language=self.language)
        return replace(own, place=listed.place, title=listed.title)

    def of_files(self, document: Document) -> list[RawThread]:
        """The threads of a folder with a record a file: one, unless the records name several pages."""
        rows = rows_of_files(document)
        fields = record_fields.choose((record for _, record, _ in rows), named=self.fields)
        document.notes.append(Note(f"{document.name}: read as comments: {fields}."))
        key = PurePath(document.name).name or None
        reading = Reading(
            "records", fields, key=key, files=True, links="writer", open=True, language=self.language, markup="markdown"
        )
        return threads(rows, reading)


def rows_of_files(document: Document) -> Rows:
    """Each file's record, under the file's name; of a file that holds a list, each of the list."""
    rows: list[tuple[str | None, Mapping[str, Any], int | None]] = []
    for part in document.parts:
        top = load(part)
        inner = json_values.rows(top) if isinstance(top, list) else [top] if isinstance(top, Mapping) else []
        name = PurePath(part.name).stem
        rows += [(name if len(inner) == 1 else None, record, None) for record in inner]
    return rows


def is_one_comment(document: Document) -> bool:
    """Whether a file holds one comment, whatever its fields are called."""
    try:
        return len(document.data) <= MAX_YAML_BYTES and record_fields.is_record(load(document))
    except Unreadable:
        return False


def load(document: Document) -> Any:
    """What a file of JSON, JSON lines, YAML or TOML holds; several values in it become a list.

    Raises:
        Unreadable: with the line.
    """
    if _looks_like_json(document):
        try:
            return json_values.parse(document, "where it came from")
        except Unreadable:
            lines = document.data.split(b"\n", 2)
            if len(lines) < 2 or not _is_json(lines[0]):
                raise
            return list(json_values.lines(document, "where it came from"))
    words = decode.text(document)
    if document.name.endswith(_TOML):
        try:
            return tomllib.loads(words) or None
        except (tomllib.TOMLDecodeError, RecursionError, ValueError) as error:
            raise Unreadable(f"{document.name}: not valid TOML ({str(error)[:100]}). Correct it there.") from None
    if not document.name.endswith(_YAML):
        raise Unreadable(f"{document.name}: neither JSON nor YAML nor TOML. Name the file by what it is, as x.json.")
    found = [one for one in yaml_values.documents(document, words) if one is not None]
    return found if len(found) > 1 else next(iter(found), None)


def _is_json(line: bytes) -> bool:
    try:
        json.loads(line)
    except (ValueError, RecursionError):
        return False
    return True


def _looks_like_json(document: Document) -> bool:
    if document.name.endswith((*_YAML, *_TOML)):
        return False
    return document.head.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in (b"{", b"[")


def _certain(listed: RecordList, name: str) -> bool:
    """Whether records are comments and not something else that has a text: articles, products, translations.

    Somebody wrote them at some time, and they have no title as articles have; or what they are called says so.
    """
    records = [record for _, record in listed.records[:50]]
    fields = record_fields.choose(records)
    names = {normal(str(key)) for record in records for key in record}
    talk = any(word in one for word in _TALK for one in (name.casefold(), *names))
    answers = bool(fields.taken.get("parent")) or bool(names & record_fields.REPLIES)
    if "title" in names or "headline" in names or "price" in names:
        return talk and bool(fields.taken.get("date"))
    return bool(fields.taken.get("author") and fields.taken.get("date")) or talk or answers


def _joined(rows: Sequence[Rows]) -> Rows:
    joined: list[tuple[str | None, Mapping[str, Any], int | None]] = []
    for listed in rows:
        start = len(joined)
        joined += [(name, record, None if above is None else above + start) for name, record, above in listed]
    return joined


def _merged(found: Iterable[RawThread]) -> list[RawThread]:
    """The threads, those of one page as one: a page may stand in several lists (its comments, its likes)."""
    by_page: dict[tuple[str | None, str | None], RawThread] = {}
    for thread in found:
        name = (thread.page_url, thread.key)
        before = by_page.get(name)
        by_page[name] = thread if before is None else _and(before, thread)
    return list(by_page.values())


def _counted(found: list[RawThread], top: Any) -> list[RawThread]:
    """The threads; incomplete, if the document says that there are more comments than it holds."""
    names = {normal(str(name)): value for name, value in json_values.table(top).items()}
    counts = (json_values.number(names.get(name)) for name in _COUNTS if not isinstance(names.get(name), list | dict))
    said = next((count for count in counts if count is not None), 0)
    held = sum(len(thread.comments) for thread in found)
    if said <= held:
        return found
    why = f"the file holds {held} of {said} comments"
    return [replace(one, complete=False, truncated_reason=why) for one in found]


def _and(one: RawThread, other: RawThread) -> RawThread:
    return replace(one, comments=(*one.comments, *other.comments))
