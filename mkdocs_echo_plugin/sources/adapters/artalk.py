"""Artalk: `GET /api/v2/comments` of a site's own server, and its export (Artrans)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar, Self

from mkdocs_echo_plugin.errors import Refused, Unreadable
from mkdocs_echo_plugin.model import Post
from mkdocs_echo_plugin.sources.addresses import with_comments
from mkdocs_echo_plugin.sources.formats.json_values import number, parse, rows, table, text, when
from mkdocs_echo_plugin.sources.formats.shape import fields
from mkdocs_echo_plugin.sources.raw import Author, Document, RawComment, RawThread

if TYPE_CHECKING:
    from mkdocs_echo_plugin.sources.http.client import Client

PAGES, SIZE = 50, 100


@dataclass(frozen=True)
class Artalk:
    """`artalk: {url: https://artalk.example.org, site: My site}`, the embed's server and site."""

    name: ClassVar[str] = "artalk"
    title: ClassVar[str] = "Artalk"
    social: ClassVar[bool] = False
    needs: ClassVar[str] = "nothing"
    required: ClassVar[tuple[str, ...]] = ("url",)

    url: str = ""
    site: str = ""

    @classmethod
    def recognises(cls, document: Document) -> bool:
        # Artransfer writes no `rid` where a comment answers nobody
        places = ("[]", "comments[]", "data.comments[]")
        return any(fields(document, place).keys() >= {"id", "nick", "page_key", "content"} for place in places)

    def read(self, document: Document) -> Iterable[RawThread]:
        answer = parse(document, "Artalk")
        listed = answer if isinstance(answer, list) else _page(answer).get("comments")
        if not isinstance(listed, list):
            raise Unreadable(
                f"{document.name}: no comments in it. Save GET /api/v2/comments?page_key=..., or the export."
            )
        by_page: dict[str | None, list[Mapping[str, Any]]] = {}
        for row in rows(listed):
            by_page.setdefault(text(row.get("page_key")), []).append(row)
        total = number(_page(answer).get("count"))
        return [replace(thread(found, key, total), open=False) for key, found in (by_page or {None: []}).items()]

    @classmethod
    def from_url(cls, url: str) -> Self | None:
        return None  # a server's address does not say that it is Artalk's

    def fetch(self, post: Post, client: Client) -> Iterable[RawThread]:
        if not self.url:
            raise Refused("artalk: option 'url' is missing in mkdocs.yml. Set it to the embed's server.")
        # the page key is the address unless the embed sets it, and most embeds set the path
        found = with_comments(post, lambda key: self._ask(key, client), addresses=True)
        return [replace(one, page_url=post.canonical_url) for one in found or [thread([], None, None)]]

    def _ask(self, key: str, client: Client) -> RawThread:
        listed: list[Mapping[str, Any]] = []
        total: int | None = None
        for at in range(PAGES):
            params: dict[str, str | int] = {
                "page_key": key, "site_name": self.site, "limit": SIZE, "offset": at * SIZE, "flat_mode": "true",
                "sort_by": "date_asc",
            }  # fmt: skip
            answer = client.get(f"{self.url.rstrip('/')}/api/v2/comments", params=params)
            page = _page(parse(answer.document(), "Artalk"))
            listed += rows(page.get("comments"))
            total = number(page.get("count"))
            if len(rows(page.get("comments"))) < SIZE or len(listed) >= (total or 0):
                break
        return thread(listed, key, total)


def _page(answer: Any) -> Mapping[str, Any]:
    return table(table(answer).get("data")) or table(answer)  # version 1 wraps the list in `data`


def thread(listed: Iterable[Mapping[str, Any]], key: str | None, total: int | None) -> RawThread:
    """One page's comments; `rid` is the parent, 0 for none."""
    found = tuple(comment for row in listed if (comment := _comment(row)))
    short = total is not None and len(found) < total
    return RawThread(
        platform="artalk",
        comments=found,
        page_url=key,
        key=key,
        complete=not short,
        truncated_reason=f"{len(found)} of {total} comments were read" if short else None,
        reported_count=total,
        open=True,
    )


def _comment(row: Mapping[str, Any]) -> RawComment | None:
    identity, parent = text(row.get("id")), text(row.get("rid"))
    if identity is None:
        return None
    marked, ups = text(row.get("content_marked")), number(row.get("vote_up"))
    words = text(row.get("content")) or ""
    html = bool(marked) or re.match(r"\s*<[a-zA-Z]", words) is not None  # what Artransfer moved here is HTML
    pending = row.get("is_pending") in (True, "true")  # the export writes every value as a string
    return RawComment(
        identity,
        body=marked or words,
        markup="html" if html else "markdown",
        author=Author(
            name=text(row.get("nick")),
            website=text(row.get("link")),
            email=text(row.get("email")),
            email_hash=text(row.get("email_encrypted")),
            role="owner" if text(row.get("badge_name")) else "user",
        ),
        parent_id=None if parent == "0" else parent,
        created=when(row.get("date")) or when(row.get("created_at")),
        score=ups - (number(row.get("vote_down")) or 0) if ups is not None else None,
        state="pending" if pending else "visible",
    )
