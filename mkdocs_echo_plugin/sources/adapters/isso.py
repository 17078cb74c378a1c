"""Isso: a server of the site's own, asked by the page's path; also its saved answers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Self
from urllib.parse import parse_qs, urlsplit

from mkdocs_echo_plugin.errors import Ambiguous, Refused, Unreadable
from mkdocs_echo_plugin.model import Post, State
from mkdocs_echo_plugin.sources.formats import json_values
from mkdocs_echo_plugin.sources.raw import Author, Document, RawComment, RawReaction, RawThread

if TYPE_CHECKING:
    from mkdocs_echo_plugin.sources.http.client import Client

_STATES: dict[int | None, State] = {1: "visible", 2: "pending", 4: "deleted"}


@dataclass(frozen=True, slots=True)
class Isso:
    """`isso: {url: https://comments.example.org}`, the address that the embed's `data-isso` has.

    `uri` names one thread; it is set from a thread's own address and has no place in mkdocs.yml.
    """

    name: ClassVar[str] = "isso"
    title: ClassVar[str] = "Isso"
    social: ClassVar[bool] = False
    needs: ClassVar[str] = "the server's address"
    required: ClassVar[tuple[str, ...]] = ("url",)

    url: str = ""
    uri: str = ""

    @classmethod
    def recognises(cls, document: Document) -> bool:
        """An answer of Isso's thread or latest interface."""
        return json_values.has(document, "total_replies", "hidden_replies", "replies") or (
            json_values.has(document, "uri", "mode", "dislikes", "parent") and document.head.lstrip()[:1] == b"["
        )

    @classmethod
    def from_url(cls, url: str) -> Self | None:
        """`https://comments.example.org/?uri=%2Fblog%2Ffirst%2F`, Isso's own address of a thread."""
        try:
            parts = urlsplit(url)
            uri = parse_qs(parts.query).get("uri", [""])[0]
        except ValueError:
            return None
        if parts.scheme not in ("http", "https") or not uri.startswith("/") or parts.path.rpartition("/")[2]:
            return None
        return cls(url=f"{parts.scheme}://{parts.netloc}{parts.path}", uri=uri)

    def fetch(self, post: Post, client: Client) -> Iterator[RawThread]:
        """The page's threads: with and without the closing slash both are the page's own.

        An address below the site's sub-path is preferred to the same one without it; where both hold comments, the
        page could be either, and that is `Ambiguous`.
        """
        if not self.url:
            raise Refused("isso: option 'url' is missing. Set the address that the embed's data-isso has.")
        found: list[RawThread] = []
        for group in self._candidates(post):
            threads = [thread for uri in group for thread in self._ask(uri, client)]
            held = [thread for thread in threads if thread.comments]
            if found and held and found[0].comments:
                raise Ambiguous(
                    f"isso: {post.path}: comments stand under {found[0].key} and under {held[0].key}. "
                    f"Set `echo: {{key: ...}}` in the page's front matter."
                )
            if held or not found:
                found = held or threads[:1]
        yield from found

    def _candidates(self, post: Post) -> list[list[str]]:
        named = self.uri or post.key
        if named:
            return [[named]]
        paths = [urlsplit(post.canonical_url or "").path, f"/{post.url.lstrip('/')}"]
        if paths[0] in ("", "/") and post.url.strip("/."):
            paths[0] = paths[1]
        paths += [urlsplit(alias).path for alias in post.aliases]
        groups = [_with_and_without_slash(path) for path in paths if path]
        return [group for i, group in enumerate(groups) if group not in groups[:i]]

    def _ask(self, uri: str, client: Client) -> Iterator[RawThread]:
        answer = client.get(self.url.rstrip("/") + "/", params={"uri": uri})
        thread = json_values.table(answer.json())
        if "replies" not in thread:
            raise Unreadable(f"{self.url}: this is no answer of Isso. Set `url` to the address that data-isso has.")
        yield _thread(thread, uri, source=self.url, live=True)

    def read(self, document: Document) -> Iterator[RawThread]:
        """A saved answer: one thread of the thread interface, or the threads of the latest comments."""
        answer = json_values.parse(document, self.title)
        if isinstance(answer, list):
            by_uri: dict[str, list[Mapping[str, Any]]] = {}
            for row in json_values.rows(answer):
                by_uri.setdefault(json_values.text(row.get("uri")) or "", []).append(row)
            for uri, rows in by_uri.items():
                yield RawThread(
                    platform="isso", comments=tuple(_comment(row, None) for row in rows), key=uri or None,
                    page_url=uri or None, complete=False, truncated_reason="only the latest comments of the site",
                )  # fmt: skip
            return
        if not isinstance(answer, dict) or not isinstance(answer.get("replies"), list):
            raise Unreadable(f"{document.name}: this is no answer of Isso: 'replies' is missing. Save it again.")
        queried = parse_qs(urlsplit(document.url).query).get("uri", [""])[0] if document.url else ""
        yield _thread(answer, queried or None, source=document.url, live=False)


def _with_and_without_slash(path: str) -> list[str]:
    path = path.removesuffix("index.html")
    return [path, path.rstrip("/") if path.endswith("/") else f"{path}/"] if path.strip("/") else ["/"]


def _thread(answer: Mapping[str, Any], uri: str | None, *, source: str | None, live: bool) -> RawThread:
    comments: list[RawComment] = []
    hidden = json_values.number(answer.get("hidden_replies")) or 0
    for root in json_values.rows(answer.get("replies")):
        comments.append(_comment(root, None))
        hidden += json_values.number(root.get("hidden_replies")) or 0
        comments += [_comment(reply, comments[-1].id) for reply in json_values.rows(root.get("replies"))]
    total = json_values.number(answer.get("total_replies"))
    return RawThread(
        platform="isso",
        comments=tuple(comments),
        source_url=source,
        page_url=uri,
        key=uri,
        complete=hidden == 0,
        truncated_reason=f"Isso kept back {hidden} replies" if hidden else None,
        reported_count=total,
        open=live,
    )


def _comment(row: Mapping[str, Any], above: str | None) -> RawComment:
    key = json_values.text(row.get("id")) or ""
    parent = json_values.text(row.get("parent")) or above
    likes, dislikes = (json_values.number(row.get(k)) or 0 for k in ("likes", "dislikes"))
    reactions = (("+1", likes), ("-1", dislikes))
    return RawComment(
        id=key,
        body=json_values.text(row.get("text")) or "",
        author=_author(row),
        parent_id=parent,
        # The server hangs every reply on the first comment of its sub-thread, whatever it answered.
        parent_exact=parent is None,
        created=json_values.when(row.get("created")),
        edited=json_values.when(row.get("modified")),
        reactions=tuple(RawReaction(content, count=n) for content, n in reactions if n > 0),
        state=_STATES.get(json_values.number(row.get("mode")), "hidden" if "mode" in row else "visible"),
    )


def _author(row: Mapping[str, Any]) -> Author | None:
    name, hashed = json_values.text(row.get("author")), json_values.text(row.get("hash"))
    if name is None:
        return None
    # Isso's hash is of the e-mail, or of the address of the machine where there is none: together with the name it is
    # one person, alone it would make one voice of a whole company.
    key = f"{hashed} {name.casefold()}" if hashed else None
    return Author(name=name, id=key, website=json_values.text(row.get("website")))
