"""Twikoo: a site's own function, asked with {"event": "COMMENT_GET"}; and its export."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar, Self

from mkdocs_echo_plugin.errors import Refused, Unreadable
from mkdocs_echo_plugin.model import Post
from mkdocs_echo_plugin.sources.addresses import paths
from mkdocs_echo_plugin.sources.formats.json_values import number, parse, preorder, rows, table, text, values, when
from mkdocs_echo_plugin.sources.formats.shape import fields
from mkdocs_echo_plugin.sources.raw import Author, Document, RawComment, RawThread

if TYPE_CHECKING:
    from mkdocs_echo_plugin.sources.http.client import Client

PAGES = 100


@dataclass(frozen=True)
class Twikoo:
    """`twikoo: {url: https://twikoo.example.org}`, the embed's envId. A page's path is its key."""

    name: ClassVar[str] = "twikoo"
    title: ClassVar[str] = "Twikoo"
    social: ClassVar[bool] = False
    needs: ClassVar[str] = "nothing"
    required: ClassVar[tuple[str, ...]] = ("url",)

    url: str = ""

    @classmethod
    def recognises(cls, document: Document) -> bool:
        for place in ("", "[]", "data[]", "results[]"):
            row = fields(document, place)
            if {"nick", "mailMd5", "comment"} <= row.keys() and "objectId" not in row:  # Valine's have that
                return True
        return False

    def read(self, document: Document) -> Iterable[RawThread]:
        found = list(values(document, "Twikoo"))
        # the export of a MongoDB is a comment a line
        answer = found[0] if len(found) == 1 and "comment" not in table(found[0]) else found
        answer = found[0] if len(found) == 1 and isinstance(found[0], list) else answer
        listed = answer if isinstance(answer, list) else table(answer).get("data") or table(answer).get("results")
        if not isinstance(listed, list) or not all("comment" in row for row in rows(listed)):
            raise Unreadable(f"{document.name}: no comments in it. Save the answer to COMMENT_GET, or the export.")
        by_page: dict[str | None, list[Mapping[str, Any]]] = {}
        for row in rows(listed):
            by_page.setdefault(text(row.get("url")), []).append(row)
        # GET_RECENT_COMMENTS gives the newest of all pages, and no parents
        newest = bool(by_page) and "commentText" in rows(listed)[0] and "pid" not in rows(listed)[0]
        reason = (
            "only the newest comments"
            if newest
            else "one page of several"
            if table(answer).get("more") is True
            else None
        )
        return [
            replace(thread(page, key), open=False, complete=reason is None, truncated_reason=reason)
            for key, page in (by_page or {None: []}).items()
        ]

    @classmethod
    def from_url(cls, url: str) -> Self | None:
        return None  # a function's address does not say that it is Twikoo's

    def fetch(self, post: Post, client: Client) -> Iterable[RawThread]:
        if not self.url:
            raise Refused("twikoo: option 'url' is missing in mkdocs.yml. Set it to the embed's envId.")
        # the function itself looks for the path with and without its last slash
        for path in [post.key] if post.key else dict.fromkeys(path.rstrip("/") + "/" for path in paths(post)):
            found = self._ask(path, client)
            if found.comments:
                break
        return [replace(found, page_url=post.canonical_url)]

    def _ask(self, path: str, client: Client) -> RawThread:
        listed: list[Mapping[str, Any]] = []
        more, before = True, None
        for _ in range(PAGES):
            asked = {"event": "COMMENT_GET", "url": path} | ({"before": before} if before else {})
            answer = table(parse(client.post(self.url, json=asked).document(), "Twikoo"))
            page = rows(answer.get("data"))
            listed += page
            # pinned comments come first and again; the page ends with the oldest
            more, before = answer.get("more") is True, number(page[-1].get("created")) if page else None
            if not more or not before:
                break
        reason = "the function gave only the newest comments" if more else None
        return replace(thread(listed, path), complete=not more, truncated_reason=reason)


def _replies(row: Mapping[str, Any]) -> Any:
    return row.get("replies")


def thread(listed: list[Mapping[str, Any]], key: str | None) -> RawThread:
    """Comments and the replies under them; `pid` is the true parent, the nesting only shows the root."""
    found = {one.id: one for row, _ in preorder(listed, _replies) if (one := _comment(row))}
    return RawThread(platform="twikoo", comments=tuple(found.values()), page_url=key, key=key, open=True)


def _comment(row: Mapping[str, Any]) -> RawComment | None:
    identity = _key(row.get("id")) or _key(row.get("_id"))
    if identity is None:
        return None
    created, edited = _moment(row.get("created")), _moment(row.get("updated"))
    likes = row.get("like")
    ups, downs = number(row.get("ups")), number(row.get("downs")) or 0
    return RawComment(
        identity,
        body=text(row.get("comment")) or "",
        author=Author(
            name=text(row.get("nick")),
            website=text(row.get("link")),
            email_hash=text(row.get("mailMd5")),
            role="owner" if row.get("master") is True else "user",
        ),
        parent_id=_key(row.get("pid")) or _key(row.get("rid")),
        created=created,
        edited=edited if edited != created else None,
        score=ups - downs if ups is not None else len(likes) if isinstance(likes, list) else number(likes),
        state="hidden" if row.get("isSpam") is True else "visible",
    )


def _key(value: Any) -> str | None:
    """An id; MongoDB's own tools write {"$oid": "..."}."""
    return text(table(value).get("$oid")) or text(value)


def _moment(value: Any) -> datetime | None:
    """Milliseconds since 1970; MongoDB's own tools write {"$numberLong": "..."}, and {"$date": ...} of a date."""
    inner = table(value)
    plain = number(inner.get("$numberLong")) if "$numberLong" in inner else inner.get("$date", value)
    return when(plain, unit=0.001)
