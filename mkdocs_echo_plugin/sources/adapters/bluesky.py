"""Bluesky: the replies to one post, asked from the public AppView (app.bsky.feed.getPostThread)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar, Self

from mkdocs_echo_plugin.errors import NoThread, Unreadable
from mkdocs_echo_plugin.model import Post, Role, State
from mkdocs_echo_plugin.sources.formats.json_values import has, number, parse, preorder, rows, table, text, when
from mkdocs_echo_plugin.sources.raw import Author, Document, RawComment, RawReaction, RawThread

if TYPE_CHECKING:
    from mkdocs_echo_plugin.sources.http.client import Client

DEPTH = 1000
_SNAPSHOT = (b"// Vitest Snapshot", b"// Jest Snapshot")
_ADDRESS = re.compile(
    r"(?:https://bsky\.app/profile/([\w.:%-]+)/post/|at://([\w.:%-]+)/app\.bsky\.feed\.post/)([\w.~:-]{1,512})/?(?:[?#]|$)",
    re.ASCII,
)


@dataclass(frozen=True)
class Bluesky:
    """Named in a page: `echo: {threads: [https://bsky.app/profile/me.example/post/3n2yda7]}`. No options are needed."""

    name: ClassVar[str] = "bluesky"
    title: ClassVar[str] = "Bluesky"
    social: ClassVar[bool] = True
    needs: ClassVar[str] = "nothing"

    api: str = "https://public.api.bsky.app"
    _uri: str = ""

    @classmethod
    def recognises(cls, document: Document) -> bool:
        if document.head.startswith(_SNAPSHOT):
            return b"app.bsky." in document.head
        head = document.head
        if has(document, "error", "message"):
            return b"at://" in head and b"/app.bsky.feed.post/" in head
        return has(document, "thread", "$type") and b"app.bsky.feed.defs#" in head

    def read(self, document: Document) -> Iterable[RawThread]:
        if document.head.startswith(_SNAPSHOT):
            return list(_snapshots(document))
        answer = table(parse(document, "Bluesky"))
        if answer.get("error") == "NotFound":
            raise NoThread(f"{document.name}: Bluesky says that there is no such post.")
        if not isinstance(answer.get("thread"), dict):
            raise Unreadable(f"{document.name}: no `thread` in it. Save the answer of app.bsky.feed.getPostThread.")
        return [replace(thread(answer["thread"]), open=document.url is not None)]

    @classmethod
    def from_url(cls, url: str) -> Self | None:
        match = _ADDRESS.match(url)
        return cls(_uri=f"at://{match[1] or match[2]}/app.bsky.feed.post/{match[3]}") if match else None

    def fetch(self, post: Post, client: Client) -> Iterable[RawThread]:
        named = [self._uri] if self._uri else [found._uri for url in post.threads if (found := self.from_url(url))]
        if not named:
            raise NoThread("bluesky: the page names no post. Set `echo: {threads: [URL]}` in its front matter.")
        return [replace(self._ask(uri, client), page_url=post.canonical_url) for uri in named]

    def _ask(self, uri: str, client: Client) -> RawThread:
        params: dict[str, str | int] = {"uri": uri, "depth": DEPTH, "parentHeight": 0}
        answer = client.get(f"{self.api}/xrpc/app.bsky.feed.getPostThread", params=params, absent=(400, 404))
        if answer.status >= 400:
            raise NoThread(f"bluesky: {uri} is gone, or its address is wrong.")
        return next(iter(self.read(answer.document())))


def _snapshots(document: Document) -> Iterator[RawThread]:
    """The threads in a snapshot file of the AppView's own tests: JSON but for commas before a closing bracket."""
    for exported in re.split(rb"^exports\[`", document.data, flags=re.M)[1:]:
        body, closed, _ = exported.partition(b"`] = `\n")[2].partition(b"\n`;")
        if not closed:
            continue
        json = re.sub(rb",(?=\n *[\]}])", b"", body)
        found = table(parse(Document(document.name, json), "Bluesky"))
        if isinstance(found.get("post"), dict):  # and not getPostThreadV2, which promises nothing yet
            yield replace(thread(found), open=False)


def _replies(node: Mapping[str, Any]) -> Any:
    return node.get("replies")


def thread(root: Mapping[str, Any]) -> RawThread:
    """The replies under a threadViewPost. Blocked, deleted and hidden branches are missing, and only counted."""
    post = table(root.get("post"))
    writer = text(table(post.get("author")).get("did"))
    gate = table(table(root.get("threadgate")).get("record")).get("hiddenReplies")
    hidden = {uri for uri in gate if isinstance(uri, str)} if isinstance(gate, list) else set()
    found: list[RawComment] = []
    missing = (number(post.get("replyCount")) or 0) - _visible(root)
    for node, above in preorder(root.get("replies"), _replies):
        missing += max(0, (number(table(node.get("post")).get("replyCount")) or 0) - _visible(node))
        comment = _comment(node, above, writer, hidden)
        if comment:
            found.append(comment)
    return RawThread(
        platform="bluesky",
        comments=tuple(found),
        source_url=_page(text(post.get("uri"))),
        key=text(post.get("uri")) or text(root.get("uri")),
        complete=missing <= 0,
        truncated_reason=f"{missing} replies are blocked, deleted or deeper than was asked for"
        if missing > 0
        else None,
        open=bool(post),
        reactions=tuple(
            RawReaction(name, count=count)
            for name, key in (("like", "likeCount"), ("repost", "repostCount"))
            if (count := number(post.get(key)) or 0) > 0
        ),
    )


def _visible(node: Mapping[str, Any]) -> int:
    return sum("post" in reply for reply in rows(node.get("replies")))


def _comment(
    node: Mapping[str, Any], above: Mapping[str, Any] | None, writer: str | None, hidden: set[str]
) -> RawComment | None:
    post, over = table(node.get("post")), table(table(above).get("post"))
    uri = text(post.get("uri")) or text(node.get("uri"))
    if uri is None:
        return None
    author, record = table(post.get("author")), table(post.get("record"))
    name, person = text(author.get("displayName")) or text(author.get("handle")), text(author.get("did"))
    state: State = "visible" if post and uri not in hidden else "hidden" if post or node.get("blocked") else "deleted"
    role: Role = "author" if person == writer and writer else "user"
    return RawComment(
        uri,
        body=text(record.get("text")) or "",
        markup="text",
        author=Author(name=name, id=person, role=role) if author else None,
        parent_id=text(over.get("uri")),
        created=when(record.get("createdAt")),
        url=_page(uri),
        score=number(post.get("likeCount")),
        state=state,
    )


def _page(uri: str | None) -> str | None:
    match = re.fullmatch(r"at://([\w.:%-]+)/app\.bsky\.feed\.post/([\w.~:-]+)", uri or "", re.ASCII)
    return f"https://bsky.app/profile/{match[1]}/post/{match[2]}" if match else None
