"""Cusdis: `GET /api/open/comments`, ten comments a page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar, Self

from mkdocs_echo_plugin.errors import Refused, Unreadable
from mkdocs_echo_plugin.model import Post
from mkdocs_echo_plugin.sources.addresses import with_comments
from mkdocs_echo_plugin.sources.formats.json_values import has, number, parse, preorder, rows, table, text, when
from mkdocs_echo_plugin.sources.raw import Author, Document, RawComment, RawThread

if TYPE_CHECKING:
    from mkdocs_echo_plugin.sources.http.client import Client

PAGES = 50


@dataclass(frozen=True)
class Cusdis:
    """`cusdis: {app_id: ...}`, the embed's data-app-id. The page id is the path, or the page's `echo.key`."""

    name: ClassVar[str] = "cusdis"
    title: ClassVar[str] = "Cusdis"
    social: ClassVar[bool] = False
    needs: ClassVar[str] = "nothing"
    required: ClassVar[tuple[str, ...]] = ("app_id",)

    app_id: str = ""
    url: str = "https://cusdis.com"

    @classmethod
    def recognises(cls, document: Document) -> bool:
        return has(document, "data", "by_nickname", "parsedContent") or has(
            document, "commentCount", "pageCount", "data"
        )

    def read(self, document: Document) -> Iterable[RawThread]:
        answer = table(table(parse(document, "Cusdis")).get("data"))
        if not isinstance(answer.get("data"), list):
            raise Unreadable(f"{document.name}: no comments in it. Save GET /api/open/comments?appId=...&pageId=...")
        listed = rows(answer["data"])
        return [replace(thread(listed, number(answer.get("commentCount")) or 0, None), open=False)]

    @classmethod
    def from_url(cls, url: str) -> Self | None:
        return None  # a server's address does not name a page

    def fetch(self, post: Post, client: Client) -> Iterable[RawThread]:
        if not self.app_id:
            raise Refused("cusdis: option 'app_id' is missing in mkdocs.yml. Set it to the embed's data-app-id.")
        found = with_comments(post, lambda key: self._ask(key, client), addresses=True)
        return [replace(one, page_url=post.canonical_url) for one in found or [thread([], 0, None)]]

    def _ask(self, key: str, client: Client) -> RawThread:
        listed: list[Mapping[str, Any]] = []
        page: Mapping[str, Any] = {}
        for at in range(1, PAGES + 1):
            params: dict[str, str | int] = {"appId": self.app_id, "pageId": key, "page": at}
            answer = client.get(f"{self.url.rstrip('/')}/api/open/comments", params=params, absent=(404,))
            page = table(table(parse(answer.document(), "Cusdis")).get("data"))
            listed += rows(page.get("data"))
            if at >= (number(page.get("pageCount")) or 0):
                break
        return thread(listed, number(page.get("commentCount")) or 0, key)


def _replies(row: Mapping[str, Any]) -> Any:
    return table(row.get("replies")).get("data")


def thread(listed: list[Mapping[str, Any]], total: int, key: str | None) -> RawThread:
    """Comments with the replies under them. The server gives ten replies a comment, and no way to ask for the rest."""
    found: list[RawComment] = []
    missing = total - len(listed)
    page: Mapping[str, Any] = {}
    for row, above in preorder(listed, _replies):
        missing += (number(table(row.get("replies")).get("commentCount")) or 0) - len(rows(_replies(row)))
        page = table(row.get("page")) or page
        if comment := _comment(row, above):
            found.append(comment)
    return RawThread(
        platform="cusdis",
        comments=tuple(found),
        page_url=text(page.get("url")),
        key=key or text(page.get("slug")),
        title=text(page.get("title")) or "",
        complete=missing <= 0,
        truncated_reason=f"{missing} comments were not sent: ten replies a comment are the most"
        if missing > 0
        else None,
        reported_count=len(found) + max(0, missing),
        open=True,
    )


def _comment(row: Mapping[str, Any], above: Mapping[str, Any] | None) -> RawComment | None:
    identity = text(row.get("id"))
    if identity is None:
        return None
    html = text(row.get("parsedContent"))
    return RawComment(
        identity,
        body=html or text(row.get("content")) or "",
        markup="html" if html else "markdown",
        author=Author(name=text(row.get("by_nickname")), role="owner" if row.get("moderatorId") else "user"),
        parent_id=text(above.get("id")) if above else text(row.get("parentId")),
        created=when(row.get("createdAt")),
        state="pending" if row.get("approved") is False else "visible",
    )
