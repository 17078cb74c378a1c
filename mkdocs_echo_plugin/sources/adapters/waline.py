"""Waline: `GET /api/comment?path=...` of a site's own server, its dashboard's export, its SQLite database."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar, Self

from mkdocs_echo_plugin.errors import Refused, Unreadable
from mkdocs_echo_plugin.model import Post, State
from mkdocs_echo_plugin.sources.addresses import with_comments
from mkdocs_echo_plugin.sources.formats import sqlite
from mkdocs_echo_plugin.sources.formats.json_values import has, number, parse, preorder, rows, table, text, when
from mkdocs_echo_plugin.sources.formats.shape import fields
from mkdocs_echo_plugin.sources.raw import Author, Document, RawComment, RawThread

if TYPE_CHECKING:
    from mkdocs_echo_plugin.sources.http.client import Client

PAGES = 50
_STATES: Mapping[str, State] = {"waiting": "pending", "spam": "hidden"}

_ALSO = (
    "insertedAt",
    "nick",
    "user_id",
    "link",
    "mail",
    "avatar",
    "type",
    "pid",
    "rid",
    "like",
    "status",
    "ua",
    "sticky",
)


@dataclass(frozen=True)
class Waline:
    """`waline: {url: https://waline.example.org}`, the embed's serverURL. A page's path is its key."""

    name: ClassVar[str] = "waline"
    title: ClassVar[str] = "Waline"
    social: ClassVar[bool] = False
    needs: ClassVar[str] = "nothing"
    required: ClassVar[tuple[str, ...]] = ("url",)

    url: str = ""

    @classmethod
    def recognises(cls, document: Document) -> bool:
        if document.head.startswith(sqlite.MAGIC):
            return b"wl_Comment" in document.head
        if fields(document).get("type") == "waline" and "tables" in fields(document):
            return True
        return has(document, "errno", "errmsg") and (has(document, "objectId") or has(document, "totalPages"))

    def read(self, document: Document) -> Iterable[RawThread]:
        if document.head.startswith(sqlite.MAGIC):
            return self._database(document)
        answer = table(parse(document, "Waline"))
        if isinstance(table(answer.get("data")).get("Comment"), list):
            return self._export(table(answer["data"]))
        listed = answer.get("data") if isinstance(answer.get("data"), list) else table(answer.get("data")).get("data")
        if not isinstance(listed, list) or (rows(listed) and "objectId" not in rows(listed)[0]):
            raise Unreadable(f"{document.name}: no list of comments in it. Save GET /api/comment?path=...")
        by_page: dict[str | None, list[Mapping[str, Any]]] = {}
        for row in rows(listed):  # the list of recent comments names each one's page
            by_page.setdefault(text(row.get("url")), []).append(row)
        page = table(answer.get("data"))
        return [
            _cut(replace(thread(found, key=key, total=number(page.get("count"))), open=False), page, document)
            for key, found in (by_page or {None: []}).items()
        ]

    def _export(self, tables: Mapping[str, Any]) -> list[RawThread]:
        by_page: dict[str | None, list[Mapping[str, Any]]] = {}
        people = {text(user.get("objectId")): user for user in rows(tables.get("Users"))}
        for row in rows(tables["Comment"]):
            # who is an administrator stands in the table of users, beside e-mails and passwords
            kind = table(people.get(text(row.get("user_id")))).get("type")
            by_page.setdefault(text(row.get("url")), []).append({**row, "type": kind})
        return [replace(thread(found, key=key, total=len(found)), open=False) for key, found in by_page.items()]

    def _database(self, document: Document) -> list[RawThread]:
        by_page: dict[str | None, list[Mapping[str, Any]]] = {}
        found = sqlite.table(document, "wl_Comment", "Waline", needs=("id", "url", "comment"), also=_ALSO)
        for row in sorted(found, key=lambda row: (text(row.get("insertedAt")) or "", number(row.get("id")) or 0)):
            record = dict(row)
            record["objectId"] = record.pop("id", None)
            by_page.setdefault(text(record.get("url")), []).append(record)
        return [replace(thread(found, key=key, total=len(found)), open=False) for key, found in by_page.items()]

    @classmethod
    def from_url(cls, url: str) -> Self | None:
        return None  # a server's address does not say that it is Waline's

    def fetch(self, post: Post, client: Client) -> Iterable[RawThread]:
        if not self.url:
            raise Refused("waline: option 'url' is missing in mkdocs.yml. Set it to the embed's serverURL.")
        found = with_comments(post, lambda path: self._ask(path, client))
        return [replace(one, page_url=post.canonical_url) for one in found or [thread([], key=None, total=0)]]

    def _ask(self, path: str, client: Client) -> RawThread:
        listed: list[Mapping[str, Any]] = []
        page: Mapping[str, Any] = {}
        for at in range(1, PAGES + 1):
            params: dict[str, str | int] = {"path": path, "page": at, "pageSize": 100, "sortBy": "insertedAt_asc"}
            answer = client.get(f"{self.url.rstrip('/')}/api/comment", params=params)
            page = table(table(parse(answer.document(), "Waline")).get("data"))
            listed += rows(page.get("data"))
            if at >= (number(page.get("totalPages")) or 0):
                break
        return thread(listed, key=path, total=number(page.get("count")))


def _cut(found: RawThread, page: Mapping[str, Any], document: Document) -> RawThread:
    if (number(page.get("totalPages")) or 0) <= 1 and (page or found.key is None):
        return found
    return replace(found, complete=False, truncated_reason=f"{document.name.rpartition('/')[2]} is one page of several")


def _children(row: Mapping[str, Any]) -> Any:
    return row.get("children")


def thread(listed: list[Mapping[str, Any]], *, key: str | None, total: int | None) -> RawThread:
    """Comments and the replies under them; `pid` is the true parent, the nesting only shows the root."""
    found = tuple(comment for row, _ in preorder(listed, _children) if (comment := _comment(row)))
    return RawThread(platform="waline", comments=found, page_url=key, key=key, reported_count=total, open=True)


def _comment(row: Mapping[str, Any]) -> RawComment | None:
    identity = text(row.get("objectId"))
    if identity is None:
        return None
    words = text(row.get("comment")) or ""
    # the database holds what was typed, but for what was moved from Valine, which is HTML
    typed = "insertedAt" in row and "time" not in row and not re.match(r"\s*<[a-zA-Z]", words)
    face = re.search(r"/avatar/([0-9a-f]{32,64})\b", text(row.get("avatar")) or "")
    return RawComment(
        identity,
        body=words,
        markup="markdown" if typed else "html",
        author=Author(
            name=text(row.get("nick")),
            id=text(row.get("user_id")),
            website=text(row.get("link")),
            email=text(row.get("mail")),
            email_hash=face[1] if face else None,
            role="owner" if row.get("type") == "administrator" else "user",
        ),
        parent_id=text(row.get("pid")),
        created=when(row.get("time"), unit=0.001) or when(row.get("insertedAt")),
        score=number(row.get("like")),
        state="hidden" if row.get("isSpam") is True else _STATES.get(str(row.get("status")), "visible"),
    )
