"""Isso's import format: a list of pages, each with its comments (`isso import -t generic`)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar
from urllib.parse import unquote_plus

from mkdocs_echo_plugin.errors import Unreadable
from mkdocs_echo_plugin.sources.formats.json_values import has, parse, rows, text, when
from mkdocs_echo_plugin.sources.raw import Author, Document, RawComment, RawThread


@dataclass(frozen=True)
class IssoJson:
    """Files only. The format knows no replies: every comment answers the page."""

    name: ClassVar[str] = "isso_json"
    title: ClassVar[str] = "Isso's import format"
    venue: ClassVar[str] = "Isso"
    social: ClassVar[bool] = False
    needs: ClassVar[str] = "nothing"

    @classmethod
    def recognises(cls, document: Document) -> bool:
        return document.head.lstrip()[:1] == b"[" and has(document, "comments", "remote_addr", "created")

    def read(self, document: Document) -> Iterable[RawThread]:
        pages = parse(document, "the system that wrote it")
        if not isinstance(pages, list) or not all(isinstance(page.get("comments"), list) for page in rows(pages)):
            raise Unreadable(f"{document.name}: not a list of {{id, title, comments}}. See `isso import --help`.")
        return [_thread(page) for page in rows(pages)]


def _thread(page: Mapping[str, Any]) -> RawThread:
    key = text(page.get("id"))
    found = tuple(
        RawComment(
            f"{text(row.get('id')) or '0'}-{place}",  # ids repeat from page to page, and within one too
            body=text(row.get("text")) or "",
            markup="markdown",
            author=Author(name=text(row.get("author")), email=text(row.get("email")), website=text(row.get("website"))),
            parent_exact=False,
            created=when(row.get("created")),
        )
        for place, row in enumerate(rows(page.get("comments")), start=1)
    )
    return RawThread("isso", found, page_url=key, key=key, title=unquote_plus(text(page.get("title")) or ""))
