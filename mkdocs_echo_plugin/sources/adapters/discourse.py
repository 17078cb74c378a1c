"""Discourse: the posts of one topic, `GET /t/ID.json`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar, Self
from urllib.parse import urlsplit

from mkdocs_echo_plugin.errors import NoThread, Unreadable
from mkdocs_echo_plugin.model import Post, Role, State
from mkdocs_echo_plugin.sources.formats.json_values import has, number, parse, rows, table, text, when
from mkdocs_echo_plugin.sources.raw import Author, Document, RawComment, RawThread

if TYPE_CHECKING:
    from mkdocs_echo_plugin.sources.http.client import Client

CHUNK, MOST = 50, 2000
_TOPIC = re.compile(r"(https?://[^/\s?#@]+(?:/[\w-]+)?)/t/(?:[^/\s?#]+/)?(\d{1,10})(?:/\d+)?/?(?:[?#]|$)", re.ASCII)


@dataclass(frozen=True)
class Discourse:
    """Named in a page by the topic's address; or `discourse: {url: https://forum.example.org}` and the topic's number
    in the page's `echo.key`."""

    name: ClassVar[str] = "discourse"
    title: ClassVar[str] = "Discourse"
    social: ClassVar[bool] = False
    needs: ClassVar[str] = "nothing"

    url: str = ""
    _topic: str = ""

    @classmethod
    def recognises(cls, document: Document) -> bool:
        return has(document, "post_stream", "posts")

    def read(self, document: Document) -> Iterable[RawThread]:
        topic = table(parse(document, "Discourse"))
        if not isinstance(table(topic.get("post_stream")).get("posts"), list):
            raise Unreadable(f"{document.name}: no post_stream in it. Save /t/ID.json.")
        at = urlsplit(document.url or "")
        return [replace(thread(topic, f"{at.scheme}://{at.netloc}" if at.netloc else ""), open=False)]

    @classmethod
    def from_url(cls, url: str) -> Self | None:
        match = _TOPIC.match(url)
        return cls(url=match[1], _topic=match[2]) if match else None

    def fetch(self, post: Post, client: Client) -> Iterable[RawThread]:
        named = [self] if self._topic else [found for url in post.threads if (found := self.from_url(url))]
        if not named and self.url and number(post.key):
            named = [replace(self, _topic=str(number(post.key)))]
        if not named:
            raise NoThread("discourse: the page names no topic. Set `echo: {threads: [URL]}` in its front matter.")
        return [replace(one._ask(client), page_url=post.canonical_url) for one in named]

    def _ask(self, client: Client) -> RawThread:
        base = self.url.rstrip("/")
        answer = client.get(f"{base}/t/{self._topic}.json", absent=(404, 410))
        if answer.status >= 400:
            raise NoThread(f"discourse: {base}/t/{self._topic} is gone or not public.")
        topic = table(parse(answer.document(), "Discourse"))
        stream = table(topic.get("post_stream"))
        posts = rows(stream.get("posts"))
        # the topic holds its first 20 posts, and the numbers of all
        had = {number(one.get("id")) for one in posts}
        listed = stream.get("stream")
        rest = [i for one in (listed if isinstance(listed, list) else []) if (i := number(one)) and i not in had][:MOST]
        for start in range(0, len(rest), CHUNK):
            asked = "&".join(f"post_ids[]={one}" for one in rest[start : start + CHUNK])
            more = table(parse(client.get(f"{base}/t/{self._topic}/posts.json?{asked}").document(), "Discourse"))
            posts += rows(table(more.get("post_stream")).get("posts"))
        return thread({**topic, "post_stream": {**stream, "posts": posts}}, base)


def thread(topic: Mapping[str, Any], base: str) -> RawThread:
    """A topic's posts, the opening one among them: it is the blog's own (or speaks for it), and replies name it."""
    stream, identity = table(topic.get("post_stream")), text(topic.get("id"))
    posts, listed = rows(stream.get("posts")), stream.get("stream")
    writer = next((text(one.get("username")) for one in posts if number(one.get("post_number")) == 1), None)
    page = f"{base}/t/{text(topic.get('slug')) or '-'}/{identity}" if base and identity else None
    total = len(listed) if isinstance(listed, list) else number(topic.get("posts_count"))
    short = total is not None and len(posts) < total
    return RawThread(
        platform="discourse",
        comments=tuple(comment for one in posts if (comment := _comment(one, writer, page))),
        source_url=page,
        key=identity,
        title=text(topic.get("title")) or "",
        locked=topic.get("closed") is True or topic.get("archived") is True,
        complete=not short,
        truncated_reason=f"{len(posts)} of {total} posts were read" if short else None,
        reported_count=number(topic.get("posts_count")),
        open=not (topic.get("closed") or topic.get("archived")),
    )


def _comment(row: Mapping[str, Any], writer: str | None, page: str | None) -> RawComment | None:
    place, name = number(row.get("post_number")), text(row.get("username"))
    if place is None:
        return None
    gone = row.get("deleted_at") or row.get("user_deleted") is True
    # 3 is what the forum itself says ("closed this topic"), 4 a whisper among staff
    aside = row.get("hidden") is True or number(row.get("post_type")) in (3, 4)
    state: State = "deleted" if gone else "hidden" if aside else "visible"
    staff = row.get("staff") is True or row.get("admin") is True or row.get("moderator") is True
    role: Role = "author" if name and name == writer else "member" if staff else "user"
    likes = next((a.get("count") for a in rows(row.get("actions_summary")) if number(a.get("id")) == 2), None)
    created, edited = when(row.get("created_at")), when(row.get("updated_at"))
    above = number(row.get("reply_to_post_number"))
    return RawComment(
        str(place),
        body=text(row.get("cooked")) or "",
        author=Author(name=text(row.get("name")) or name, id=name, role=role) if name else None,
        parent_id=str(above) if above is not None and above != place else None,
        created=created,
        edited=edited if (number(row.get("version")) or 1) > 1 else None,
        url=f"{page}/{place}" if page else None,
        score=number(likes),
        state=state,
    )
