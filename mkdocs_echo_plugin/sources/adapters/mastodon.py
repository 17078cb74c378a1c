"""Mastodon: the replies to one status, asked from the server that it lives on."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar, Self
from urllib.parse import urlsplit

from mkdocs_echo_plugin.errors import NoThread
from mkdocs_echo_plugin.model import Post, Role
from mkdocs_echo_plugin.sources.formats.json_values import has, number, parse, rows, table, text, when
from mkdocs_echo_plugin.sources.http.token import Token
from mkdocs_echo_plugin.sources.raw import Author, Document, RawComment, RawReaction, RawThread

if TYPE_CHECKING:
    from mkdocs_echo_plugin.sources.http.client import Client

ANONYMOUS, WITH_TOKEN = 60, 4096
"""How many descendants a server gives (app/controllers/api/v1/statuses_controller.rb); anonymous: 20 levels deep."""
_STATUS = re.compile(
    r"(https?://[^/\s?#@]+)/(?:(?:web/|deck/)?@[\w.-]+(?:@[\w.-]+)?|users/[\w.-]+/statuses)/(\d{1,25})/?(?:[?#]|$)",
    re.ASCII,
)


@dataclass(frozen=True)
class Mastodon:
    """Named in a page: `echo: {threads: [https://mastodon.example/@me/1]}`. Options are only for a token:
    `mastodon: {url: https://mastodon.example}` sends MASTODON_TOKEN there, and gets 4,096 replies instead of 60."""

    name: ClassVar[str] = "mastodon"
    title: ClassVar[str] = "Mastodon"
    social: ClassVar[bool] = True
    needs: ClassVar[str] = "nothing; MASTODON_TOKEN (read:statuses) for more than 60 replies"

    url: str = ""
    _host: str = ""
    _status: str = ""

    @classmethod
    def recognises(cls, document: Document) -> bool:
        return has(document, "ancestors", "descendants") or has(document, "in_reply_to_id", "account", "uri")

    def read(self, document: Document) -> Iterable[RawThread]:
        answer = table(parse(document, "Mastodon"))
        found = thread(answer, {}) if "descendants" in answer else thread({}, answer)
        return [replace(found, open=False)]

    @classmethod
    def from_url(cls, url: str) -> Self | None:
        match = _STATUS.match(url)
        return cls(_host=match[1], _status=match[2]) if match else None

    def fetch(self, post: Post, client: Client) -> Iterable[RawThread]:
        named = [self] if self._status else [found for url in post.threads if (found := self.from_url(url))]
        if not named:
            raise NoThread("mastodon: the page names no status. Set `echo: {threads: [URL]}` in its front matter.")
        return [replace(self._ask(one._host, one._status, client), page_url=post.canonical_url) for one in named]

    def _ask(self, host: str, status: str, client: Client) -> RawThread:
        value = os.environ.get("MASTODON_TOKEN", "").strip()
        own = value and self.url and urlsplit(self.url).netloc == urlsplit(host).netloc
        token = Token(value, host=urlsplit(host).netloc) if own else None
        at = f"{host}/api/v1/statuses/{status}"
        answer = client.get(at, token=token, absent=(404, 410))
        if answer.status >= 400:
            raise NoThread(f"mastodon: {at} is gone or not public.")
        context = client.get(f"{at}/context", token=token)
        root, found = table(parse(answer.document(), "Mastodon")), table(parse(context.document(), "Mastodon"))
        return thread(found, root)


def thread(context: Mapping[str, Any], root: Mapping[str, Any]) -> RawThread:
    """The descendants of a status; `root` is the status itself where it is known: it is the post, not a comment."""
    found = rows(context.get("descendants"))
    ids = {text(row.get("id")) for row in found}
    first = next((row for row in found if text(row.get("in_reply_to_id")) not in ids), {})
    top = text(root.get("id")) or text(first.get("in_reply_to_id"))
    writer = text(table(root.get("account")).get("id")) or text(first.get("in_reply_to_account_id"))
    read = tuple(comment for row in found if (comment := _comment(row, top, writer)))
    answers: dict[str | None, int] = {}
    for one in read:
        answers[one.parent_id] = answers.get(one.parent_id, 0) + 1
    missing = any((number(row.get("replies_count")) or 0) > answers.get(text(row.get("id")), 0) for row in found)
    missing = missing or (number(root.get("replies_count")) or 0) > answers.get(None, 0)
    capped = len(found) in (ANONYMOUS, WITH_TOKEN)
    return RawThread(
        platform="mastodon",
        comments=read,
        source_url=text(root.get("url")),
        key=top,
        complete=not (capped or missing),
        truncated_reason=f"the server gives {len(found):,} replies at most" if capped else
        "some replies are not public, or lie deeper than the server shows" if missing else None,
        open=True,
        reactions=tuple(
            RawReaction(name, count=count)
            for name, key in (("favourite", "favourites_count"), ("reblog", "reblogs_count"))
            if (count := number(root.get(key)) or 0) > 0
        ),
    )  # fmt: skip


def _comment(row: Mapping[str, Any], top: str | None, writer: str | None) -> RawComment | None:
    identity, parent, account = text(row.get("id")), text(row.get("in_reply_to_id")), table(row.get("account"))
    if identity is None:
        return None
    role: Role = "bot" if account.get("bot") is True else "author" if text(account.get("id")) == writer else "user"
    return RawComment(
        identity,
        body=text(row.get("content")) or "",
        author=Author(
            name=text(account.get("display_name")) or text(account.get("acct")),
            id=text(account.get("url")) or text(account.get("acct")),  # the same person on every server
            role=role,
        ),
        parent_id=None if parent == top else parent,
        created=when(row.get("created_at")),
        edited=when(row.get("edited_at")),
        url=text(row.get("url")) or text(row.get("uri")),
        score=number(row.get("favourites_count")),
        # a token's owner may see what others may not: followers-only and direct replies are nobody else's business
        state="visible" if row.get("visibility") in ("public", "unlisted") else "hidden",
    )
