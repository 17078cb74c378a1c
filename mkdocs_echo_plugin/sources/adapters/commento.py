"""Commento and Comentario: the JSON file that their data export gives (version 1 of both, version 3 of Comentario)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from mkdocs_echo_plugin.errors import Unreadable
from mkdocs_echo_plugin.model import State
from mkdocs_echo_plugin.sources.formats.json_values import has, number, parse, rows, table, text, when
from mkdocs_echo_plugin.sources.raw import Author, Document, RawComment, RawThread

_NOBODY = ("anonymous", "0" * 64, "00000000-0000-0000-0000-000000000000")


@dataclass(frozen=True)
class Commento:
    """Files only: the export, unpacked."""

    name: ClassVar[str] = "commento"
    title: ClassVar[str] = "Commento, Comentario"
    venue: ClassVar[str] = "Commento"
    social: ClassVar[bool] = False
    needs: ClassVar[str] = "nothing"

    @classmethod
    def recognises(cls, document: Document) -> bool:
        third = has(document, "version", "pages", "domainId") or has(document, "version", "comments", "pageId")
        return has(document, "commentHex") or third

    def read(self, document: Document) -> Iterable[RawThread]:
        dump = table(parse(document, "Commento"))
        if not isinstance(dump.get("comments"), list):
            raise Unreadable(
                f"{document.name}: no `comments` in it. Unpack the export (gunzip) and name the JSON file."
            )
        people = {text(p.get("commenterHex") or p.get("id")): p for p in rows(dump.get("commenters"))}
        pages = {text(p.get("id")): p for p in rows(dump.get("pages"))}
        by_page: dict[str, list[RawComment]] = {}
        titles: dict[str, str] = {}
        for row in rows(dump["comments"]):
            page = table(pages.get(text(row.get("pageId"))))
            path = text(page.get("path")) or text(row.get("path")) or text(row.get("url")) or ""
            titles.setdefault(path, text(page.get("title")) or "")
            by_page.setdefault(path, []).extend(filter(None, [_comment(row, people)]))
        return [
            RawThread(
                platform="commento", comments=tuple(found), page_url=path or None, key=path or None, title=titles[path]
            )
            for path, found in by_page.items()
        ]


def _comment(row: Mapping[str, Any], people: Mapping[str | None, Mapping[str, Any]]) -> RawComment | None:
    identity, parent = text(row.get("commentHex") or row.get("id")), text(row.get("parentHex") or row.get("parentId"))
    if identity is None:
        return None
    written, markdown = text(row.get("commenterHex") or row.get("userCreated")), text(row.get("markdown"))
    person = table(people.get(written))
    pending = row.get("isPending") is True or row.get("state") == "unapproved"
    refused = row.get("isApproved") is False or row.get("state") == "flagged"
    gone = row.get("deleted") is True or row.get("isDeleted") is True or markdown == "[deleted]"
    state: State = "deleted" if gone else "pending" if pending else "hidden" if refused else "visible"
    named = None if written in _NOBODY else written
    name = text(person.get("name")) or text(row.get("authorName"))
    return RawComment(
        identity,
        body=markdown or text(row.get("html")) or "",
        markup="markdown" if markdown else "html",
        author=Author(
            name=name,
            id=named,
            website=text(person.get("link") or person.get("websiteUrl")),
            role="member" if person.get("isModerator") is True else "user",
        )
        if named or name
        else None,
        parent_id=None if parent in ("root", *_NOBODY) else parent,
        created=when(row.get("creationDate")) or when(row.get("createdTime")),
        score=number(row.get("score")),
        state=state,
    )
