"""Disqus: its API 3.0, `threads/listPosts.json`. Exports are read by `disqus_xml`."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar, Self
from urllib.parse import urlsplit

from mkdocs_echo_plugin.errors import NoThread, Refused, Unreachable, Unreadable
from mkdocs_echo_plugin.model import Post, State
from mkdocs_echo_plugin.sources.addresses import links
from mkdocs_echo_plugin.sources.formats.json_values import has, number, parse, rows, table, text, when
from mkdocs_echo_plugin.sources.http.token import Token
from mkdocs_echo_plugin.sources.raw import Author, Document, RawComment, RawThread

if TYPE_CHECKING:
    from mkdocs_echo_plugin.sources.http.client import Client

PAGES = 50


@dataclass(frozen=True)
class Disqus:
    """`disqus: {forum: shortname}`. A page is known by its identifier (`echo.key`), else by its address."""

    name: ClassVar[str] = "disqus"
    title: ClassVar[str] = "Disqus"
    social: ClassVar[bool] = False
    needs: ClassVar[str] = "DISQUS_API_KEY, the public key of an application"
    token_variable: ClassVar[str] = "DISQUS_API_KEY"  # noqa: S105  # a name, not a secret
    required: ClassVar[tuple[str, ...]] = ("forum",)

    forum: str = ""
    api: str = "https://disqus.com/api/3.0"

    @classmethod
    def recognises(cls, document: Document) -> bool:
        return has(document, "response", "isSpam", "isApproved") or has(document, "cursor", "code", "response")

    def read(self, document: Document) -> Iterable[RawThread]:
        answer = table(parse(document, "Disqus"))
        if not isinstance(answer.get("response"), list):
            raise Unreadable(f"{document.name}: no list of posts in it. Save the answer of threads/listPosts.json.")
        by_thread: dict[str | None, list[Mapping[str, Any]]] = {}
        for row in rows(answer["response"]):
            by_thread.setdefault(text(row.get("thread")), []).append(row)
        more = table(answer.get("cursor")).get("hasNext") is True
        reason = "the answer is one page of several" if more else None
        return [
            replace(thread(found, key), open=False, complete=not more, truncated_reason=reason)
            for key, found in (by_thread or {None: []}).items()
        ]

    @classmethod
    def from_url(cls, url: str) -> Self | None:
        return None  # a thread's address on disqus.com does not name its forum and identifier

    def fetch(self, post: Post, client: Client) -> Iterable[RawThread]:
        value = os.environ.get("DISQUS_API_KEY", "").strip()
        if not self.forum or not value:
            what = "no key, so the public comments were not read. Set DISQUS_API_KEY" if self.forum else (
                "option 'forum' is missing in mkdocs.yml. Set it to the site's shortname"
            )  # fmt: skip
            raise Refused(f"disqus: {what}.")
        wanted = [f"ident:{post.key}"] if post.key else [f"link:{link}" for link in links(post)]
        if not wanted:
            raise NoThread("disqus: a page is known by its address, and mkdocs.yml has no site_url. Set it.")
        token = Token(value, host=urlsplit(self.api).netloc, query="api_key")
        for name in wanted:
            if found := self._ask(name, token, client):
                return [replace(found, page_url=post.canonical_url, key=name.partition(":")[2])]
        return [RawThread(platform="disqus", page_url=post.canonical_url, open=True)]

    def _ask(self, name: str, token: Token, client: Client) -> RawThread | None:
        """One thread; None where Disqus knows none by that name (400, code 2)."""
        posts: list[Mapping[str, Any]] = []
        params: dict[str, str | int] = {"forum": self.forum, "thread": name, "limit": 100, "order": "asc"}
        for _ in range(PAGES):
            asked = client.get(f"{self.api}/threads/listPosts.json", params=params, token=token, absent=(400, 404))
            answer = table(parse(asked.document(), "Disqus"))
            if number(answer.get("code")) == 2:
                return None
            if asked.status >= 400 or number(answer.get("code")):
                said = " ".join((text(answer.get("response")) or "no reason").split())[:120]
                raise Unreachable(f"disqus: {said}. Check the forum's shortname and DISQUS_API_KEY.")
            posts += rows(answer.get("response"))
            cursor = table(answer.get("cursor"))
            if cursor.get("hasNext") is not True or not text(cursor.get("next")):
                break
            params["cursor"] = text(cursor.get("next")) or ""
        return thread(posts, None)


def thread(posts: Iterable[Mapping[str, Any]], key: str | None) -> RawThread:
    """The posts of one thread; `parent` is a post's number."""
    found = tuple(comment for row in posts if (comment := _comment(row)))
    return RawThread(platform="disqus", comments=found, key=key, open=True)


def _comment(row: Mapping[str, Any]) -> RawComment | None:
    identity, author = text(row.get("id")), table(row.get("author"))
    if identity is None:
        return None
    gone, held = row.get("isDeleted") is True, row.get("isApproved") is False
    state: State = "deleted" if gone else "hidden" if row.get("isSpam") is True else "pending" if held else "visible"
    return RawComment(
        identity,
        body=text(row.get("message")) or text(row.get("raw_message")) or "",
        author=Author(name=text(author.get("name")), id=text(author.get("id")), website=text(author.get("url"))),
        parent_id=text(row.get("parent")),
        created=when(row.get("createdAt")),
        url=text(row.get("url")),
        score=number(row.get("points")),
        state=state,
    )
