"""Lobsters: the comments of a story, asked as `https://lobste.rs/s/ID.json`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, ClassVar, Self

from mkdocs_echo_plugin.errors import NoThread, Unreadable
from mkdocs_echo_plugin.model import Post, Role, State
from mkdocs_echo_plugin.sources.formats.json_values import number, parse, rows, table, text, when
from mkdocs_echo_plugin.sources.formats.shape import fields
from mkdocs_echo_plugin.sources.raw import Author, Document, RawComment, RawThread

if TYPE_CHECKING:
    from mkdocs_echo_plugin.sources.http.client import Client


@dataclass(frozen=True)
class Lobsters:
    """Named in a page: `echo: {threads: ["https://lobste.rs/s/abc123/title"]}`. No options are needed."""

    name: ClassVar[str] = "lobsters"
    title: ClassVar[str] = "Lobsters"
    social: ClassVar[bool] = True
    needs: ClassVar[str] = "nothing"

    api: str = "https://lobste.rs"
    _story: str = ""

    @classmethod
    def recognises(cls, document: Document) -> bool:
        return fields(document).keys() >= {"short_id", "submitter_user", "comment_count", "comments"}

    def read(self, document: Document) -> Iterable[RawThread]:
        story = table(parse(document, "Lobsters"))
        if not isinstance(story.get("comments"), list):
            raise Unreadable(f"{document.name}: no `comments` in it. Save https://lobste.rs/s/ID.json.")
        return [thread(story)]

    @classmethod
    def from_url(cls, url: str) -> Self | None:
        match = re.match(r"https?://lobste\.rs/s/([a-z0-9]{4,10})(?:\.json)?(?:[/?#]|$)", url, re.ASCII)
        return cls(_story=match[1]) if match else None

    def fetch(self, post: Post, client: Client) -> Iterable[RawThread]:
        named = (
            [self._story] if self._story else [found._story for url in post.threads if (found := self.from_url(url))]
        )
        if not named:
            raise NoThread("lobsters: the page names no story. Set `echo: {threads: [URL]}` in its front matter.")
        threads: list[RawThread] = []
        for story in named:
            answer = client.get(f"{self.api.rstrip('/')}/s/{story}.json", absent=(404,))
            if answer.status == 404:
                raise NoThread(f"lobsters: there is no story {story}.")
            threads += [replace(one, page_url=post.canonical_url) for one in self.read(answer.document())]
        return threads


def thread(story: Mapping[str, Any]) -> RawThread:
    """A story and its comments, which stand in the order of the page."""
    key = text(story.get("short_id"))
    # who submits a link need not have written it; the site asks, and says so
    writer = _login(story.get("submitter_user")) if story.get("user_is_author") is True else None
    path: list[str] = []
    found: list[RawComment] = []
    for row in rows(story.get("comments")):
        identity = text(row.get("short_id"))
        if identity is None:
            continue
        # before 2023 an answer had no `parent_comment`: what is indented once more answers what stands above it
        indent = number(row.get("indent_level"))
        depth = number(row.get("depth")) if indent is None else indent - 1
        depth = min(max(depth or 0, 0), len(path))
        above = path[depth - 1] if depth else None
        path[depth:] = [identity]
        found.append(_comment(row, identity, text(row.get("parent_comment")) or above, writer))
    total = number(story.get("comment_count"))
    short = total is not None and len(found) < total
    return RawThread(
        platform="lobsters",
        comments=tuple(found),
        source_url=text(story.get("short_id_url")) or (f"https://lobste.rs/s/{key}" if key else None),
        page_url=text(story.get("url")),  # "" for a text of its own
        key=key,
        title=text(story.get("title")) or "",
        complete=not short,
        truncated_reason=f"{len(found)} of {total} comments were read" if short else None,
        reported_count=total,
        open=False,  # a story closes after ninety days, and nothing in the answer says so
    )


def _login(user: Any) -> str | None:
    """A user's name; until 2023 an object stood in its place."""
    return text(table(user).get("username")) or text(user)


def _comment(row: Mapping[str, Any], identity: str, above: str | None, writer: str | None) -> RawComment:
    name = _login(row.get("commenting_user"))
    gone = row.get("is_deleted") is True
    state: State = "hidden" if row.get("is_moderated") is True else "deleted" if gone else "visible"
    role: Role = "author" if writer and name == writer else "user"
    created, edited = when(row.get("created_at")), when(row.get("last_edited_at") or row.get("updated_at"))
    late = created is not None and edited is not None and edited - created > timedelta(minutes=1)  # as the page says it
    return RawComment(
        identity,
        body="" if state != "visible" else text(row.get("comment")) or "",  # "Comment removed by author" is nobody's
        author=Author(name=name, id=name, role=role) if name else None,
        parent_id=above,
        created=created,
        edited=edited if late else None,
        url=text(row.get("url")),
        score=number(row.get("score")),
        state=state,
    )
