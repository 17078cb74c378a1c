"""Staticman: comments as YAML or JSON files in the repository, one directory a post, fields as the site calls them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import ClassVar

from mkdocs_echo_plugin.sources.adapters import records
from mkdocs_echo_plugin.sources.formats import record_fields
from mkdocs_echo_plugin.sources.formats.record_threads import Reading, threads
from mkdocs_echo_plugin.sources.formats.shape import fields
from mkdocs_echo_plugin.sources.raw import Document, RawThread

_TEXT = frozenset(("message", "body", "comment", "content", "text"))
_DATE = frozenset(("date", "timestamp", "created"))


@dataclass(frozen=True)
class Staticman:
    """Files only: `files: {path: _data/comments}`. `reply_field` names a theme's own field for the parent.

    Named as the source, it reads a folder whatever the fields are called: one thread a folder.
    """

    name: ClassVar[str] = "staticman"
    title: ClassVar[str] = "Staticman"
    social: ClassVar[bool] = False
    needs: ClassVar[str] = "nothing"

    reply_field: str = ""

    @classmethod
    def recognises(cls, document: Document) -> bool:
        """One comment with Staticman's own `_id` or `_parent`; its other fields are the site's."""
        first = document.parts[0] if document.parts else document
        if PurePath(first.name).suffix not in (".yml", ".yaml", ".json") or b"}\n{" in first.head:
            return False  # a comment a line is another system's export
        start = first.head.lstrip()[:1]
        if start == b"[":
            return False
        keys = fields(first).keys()
        # in JSON a database's rows look the same: there, only Staticman's usual name for the words is sure
        words = keys & _TEXT if start != b"{" else keys & {"message"}
        return bool(keys & {"_parent", "_id"} and words and keys & _DATE)

    @classmethod
    def is_one_comment(cls, document: Document) -> bool:
        """Whether a file of a folder is one comment, when the site says that Staticman wrote it."""
        return records.is_one_comment(document)

    def read(self, document: Document) -> Iterable[RawThread]:
        named = {"parent": self.reply_field} if self.reply_field else {}
        if not document.parts and not records.is_one_comment(document) and not self.recognises(document):
            found = records.Records(fields=named).read(document)  # a file that holds a list a page
            return [replace(thread, platform="staticman", open=True) for thread in found]
        folder = document if document.parts else Document(_folder(document.name), parts=(document,))
        rows = records.rows_of_files(folder)
        chosen = record_fields.choose((record for _, record, _ in rows), named=named)
        # Staticman adds to each file what the site's `generatedFields` say: those have an id, and may lack words
        rows = [row for row in rows if chosen.first(row[1], "text") is not None or chosen.first(row[1], "id")]
        key = PurePath(folder.name).name or None
        return threads(
            rows, Reading("staticman", chosen, key=key, files=True, links="writer", open=True, markup="markdown")
        )


def _folder(name: str) -> str:
    return PurePath(name).parent.as_posix().removeprefix(".")
