"""Hacker News: the comments on one item, asked from Algolia's index of it (hn.algolia.com/api)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar, Self

from mkdocs_echo_plugin.errors import NoThread, Unreadable
from mkdocs_echo_plugin.model import Post, Role, State
from mkdocs_echo_plugin.sources.formats.json_values import has, number, parse, preorder, table, text, when
from mkdocs_echo_plugin.sources.raw import Author, Document, RawComment, RawThread

if TYPE_CHECKING:
    from mkdocs_echo_plugin.sources.http.client import Client

ITEM = "https://news.ycombinator.com/item?id="


@dataclass(frozen=True)
class HackerNews:
    """Named in a page: `echo: {threads: ["https://news.ycombinator.com/item?id=1"]}`. No options are needed."""

    name: ClassVar[str] = "hackernews"
    title: ClassVar[str] = "Hacker News"
    social: ClassVar[bool] = True
    needs: ClassVar[str] = "nothing"

    api: str = "https://hn.algolia.com/api/v1"
    _item: str = ""

    @classmethod
    def recognises(cls, document: Document) -> bool:
        return has(document, "created_at_i", "children", "author", "parent_id")

    def read(self, document: Document) -> Iterable[RawThread]:
        item = table(parse(document, "Hacker News"))
        if not isinstance(item.get("children"), list):
            raise Unreadable(f"{document.name}: no `children` in it. Save https://hn.algolia.com/api/v1/items/ID.")
        return [thread(item)]

    @classmethod
    def from_url(cls, url: str) -> Self | None:
        match = re.match(r"https?://news\.ycombinator\.com/item\?(?:[^#]*&)?id=(\d{1,12})(?:[&#]|$)", url, re.ASCII)
        return cls(_item=match[1]) if match else None

    def fetch(self, post: Post, client: Client) -> Iterable[RawThread]:
        named = [self._item] if self._item else [found._item for url in post.threads if (found := self.from_url(url))]
        if not named:
            raise NoThread("hackernews: the page names no item. Set `echo: {threads: [URL]}` in its front matter.")
        threads: list[RawThread] = []
        for item in named:
            answer = client.get(f"{self.api}/items/{item}", absent=(404,))
            if answer.status == 404:
                raise NoThread(f"hackernews: there is no item {item}.")
            threads += [replace(one, page_url=post.canonical_url) for one in self.read(answer.document())]
        return threads


def _children(item: Mapping[str, Any]) -> Any:
    return item.get("children")


def thread(item: Mapping[str, Any]) -> RawThread:
    """The comments under an item. Who submits a link need not have written it, but for "Ask", "Show" and "Tell HN"."""
    top = text(item.get("id"))
    own = re.match(r"(?:ask|show|tell) hn\b", (text(item.get("title")) or "").casefold())
    writer = text(item.get("author")) if own else None
    found = tuple(c for row, above in preorder(item.get("children"), _children) if (c := _comment(row, above, writer)))
    return RawThread(
        platform="hackernews",
        comments=found,
        source_url=ITEM + top if top else None,
        page_url=text(item.get("url")),
        key=top,
        title=text(item.get("title")) or "",
        reported_count=number(item.get("descendants")),
        open=False,  # replies close two weeks after the submission, and nothing in the answer says so
    )


def _comment(row: Mapping[str, Any], above: Mapping[str, Any] | None, writer: str | None) -> RawComment | None:
    identity, body, name = text(row.get("id")), text(row.get("text")), text(row.get("author"))
    if identity is None:
        return None
    state: State = "deleted" if body is None else "hidden" if body in ("[flagged]", "[dead]") else "visible"
    role: Role = "author" if writer and name == writer else "user"
    return RawComment(
        identity,
        body=body or "",
        author=Author(name=name, id=name, role=role) if name else None,
        parent_id=text(above.get("id")) if above else None,
        created=when(row.get("created_at")) or when(row.get("created_at_i")),
        url=ITEM + identity,
        score=number(row.get("points")),
        state=state,
    )
