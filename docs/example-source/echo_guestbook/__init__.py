"""A guestbook's comments, from its interface or from a saved answer.

GET <url>/api?page=/blog/first/
{"guestbook": 1, "page": "/blog/first/", "entries": [{"no": 1, "re": null, "who": "Ada", "at": 1767225600, "says": ""}]}
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, ClassVar, Self
from urllib.parse import parse_qs, urlsplit

from mkdocs_echo_plugin.errors import NoThread, Unreadable
from mkdocs_echo_plugin.sources.raw import Author, Document, RawComment, RawThread

if TYPE_CHECKING:
    from mkdocs_echo_plugin.model import Post
    from mkdocs_echo_plugin.sources.http.client import Client


@dataclass(frozen=True)
class Guestbook:
    """`guestbook: {url: https://guests.example.org}`. The fields are the options of mkdocs.yml."""

    name: ClassVar[str] = "guestbook"
    title: ClassVar[str] = "Guestbook"
    social: ClassVar[bool] = False
    needs: ClassVar[str] = "the server's address"
    required: ClassVar[tuple[str, ...]] = ("url",)

    url: str = ""
    page: str = ""

    @classmethod
    def recognises(cls, document: Document) -> bool:
        # certain, cheap, and never an exception: every adapter is asked about every file
        return document.head.lstrip().startswith(b'{"guestbook"')

    def read(self, document: Document) -> Iterable[RawThread]:
        try:
            told: Any = json.loads(document.data)
            entries = tuple(self._comment(entry) for entry in told["entries"])
            page = str(told["page"])
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            raise Unreadable(f"{document.name}: not a guestbook's answer ({type(error).__name__}).") from error
        # names and addresses are hashed or dropped before anything is kept; `open` says that people can still reply
        return [RawThread(platform="guestbook", comments=entries, page_url=page, key=page, open=True)]

    def _comment(self, entry: Any) -> RawComment:
        above = entry.get("re")
        return RawComment(
            id=str(entry["no"]),
            body=str(entry["says"]),
            markup="text",
            author=Author(name=str(entry["who"])) if entry.get("who") else None,
            parent_id=None if above is None else str(above),
            created=datetime.fromtimestamp(int(entry["at"]), UTC),
        )

    @classmethod
    def from_url(cls, url: str) -> Self | None:
        # what `echo: {threads: [URL]}` in a page's front matter may name
        parts = urlsplit(url)
        pages = parse_qs(parts.query).get("page", [])
        if parts.path != "/api" or len(pages) != 1 or "guest" not in (parts.hostname or ""):
            return None
        return cls(url=f"{parts.scheme}://{parts.netloc}", page=pages[0])

    def fetch(self, post: Post, client: Client) -> Iterable[RawThread]:
        # the client obeys the site's rules (hosts, limits, retries); an adapter opens no connection of its own
        answer = client.get(f"{self.url}/api", params={"page": self.page or f"/{post.url}"}, absent=(404,))
        if answer.status == 404:
            raise NoThread(f"guestbook: no page /{post.url} there. Set `echo: {{key: ...}}` in its front matter.")
        return self.read(answer.document())
