"""mkdocs-fedi-comments: replies from the Fediverse, kept by a comments server that is asked by the page's address."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar, Self

from mkdocs_echo_plugin.errors import NoThread, Refused, Unreadable
from mkdocs_echo_plugin.model import Post
from mkdocs_echo_plugin.sources.addresses import links
from mkdocs_echo_plugin.sources.formats.json_values import has, parse, rows, table, text, when
from mkdocs_echo_plugin.sources.notes import Note
from mkdocs_echo_plugin.sources.raw import Author, Document, RawComment, RawThread

if TYPE_CHECKING:
    from mkdocs_echo_plugin.sources.http.client import Client


@dataclass(frozen=True)
class FediComments:
    """`fedi_comments: {url: https://comments.example.org}`, the plugin's `base_path`."""

    name: ClassVar[str] = "fedi_comments"
    title: ClassVar[str] = "mkdocs-fedi-comments"
    venue: ClassVar[str] = "Fediverse"
    social: ClassVar[bool] = True
    needs: ClassVar[str] = "the server's address"
    required: ClassVar[tuple[str, ...]] = ("url",)

    url: str = ""

    @classmethod
    def recognises(cls, document: Document) -> bool:
        return has(document, "rootUri", "comments") or has(document, "actorInfo", "metaInfo")

    def read(self, document: Document) -> Iterable[RawThread]:
        answer = table(parse(document, self.title))
        if not isinstance(answer.get("comments"), list):
            raise Unreadable(f"{document.name}: no `comments` in it. Save the server's answer to GET /comments/...")
        if not answer["comments"]:
            document.notes.append(Note(f"{document.name}: nothing said yet: it holds an empty list of comments."))
        return [thread(answer)]

    @classmethod
    def from_url(cls, url: str) -> Self | None:
        return None  # a server's address does not name a page

    def fetch(self, post: Post, client: Client) -> Iterable[RawThread]:
        if not self.url:
            raise Refused("fedi_comments: option 'url' is missing in mkdocs.yml. Set it to the plugin's `base_path`.")
        found = []
        for page in links(post):
            name = base64.urlsafe_b64encode(page.encode()).decode()
            answer = client.get(f"{self.url.rstrip('/')}/comments/{name}", absent=(404,))
            found.append(replace(thread(table(parse(answer.document(), self.title))), page_url=page, open=True))
        if not found:
            raise NoThread("fedi_comments: a page is known by its address, and mkdocs.yml has no site_url. Set it.")
        held = [one for one in found if one.comments]
        return [replace(one, page_url=post.canonical_url) for one in held or found[:1]]


def thread(answer: Mapping[str, Any]) -> RawThread:
    """The replies to a page. The page's object is called by its address in base64."""
    root = text(answer.get("rootUri")) or ""
    page = _page(root)
    found = [_comment(row, root) for row in rows(answer.get("comments"))]
    return RawThread("fedi_comments", tuple(one for one in found if one), page_url=page, key=page)


def _page(root: str) -> str | None:
    name = root.rstrip("/").rpartition("/")[2]
    try:
        page = base64.urlsafe_b64decode(name + "=" * (-len(name) % 4)).decode()
    except (binascii.Error, ValueError):
        return None
    return page if page.startswith(("http://", "https://")) else None


def _comment(row: Mapping[str, Any], root: str) -> RawComment | None:
    about, who = table(row.get("metaInfo")), table(row.get("actorInfo"))
    identity, above = text(about.get("id")), text(row.get("replyOf"))
    if identity is None:
        return None
    return RawComment(
        identity,
        body=text(row.get("content")) or "",
        author=Author(
            name=text(who.get("name")) or text(who.get("identifier")),
            id=text(who.get("id")) or text(who.get("identifier")),
            website=text(who.get("htmlUrl")),
        )
        if who
        else None,
        parent_id=None if above == root else above,
        created=when(about.get("published")),
        edited=when(about.get("updated")),
        url=text(about.get("htmlUrl")) or identity,
    )
