"""Substack: the comments of a post, saved from `https://NAME.substack.com/api/v1/post/ID/comments?all_comments=true`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar
from urllib.parse import urlsplit

from mkdocs_echo_plugin.errors import Unreadable
from mkdocs_echo_plugin.model import State
from mkdocs_echo_plugin.sources.formats.json_values import number, parse, preorder, rows, table, text, when
from mkdocs_echo_plugin.sources.formats.shape import fields
from mkdocs_echo_plugin.sources.raw import Author, Document, RawComment, RawThread

_OWN = {"id", "body", "date", "ancestor_path", "children"}


@dataclass(frozen=True)
class Substack:
    """Files only. A post's number is the key; its page's source has it."""

    name: ClassVar[str] = "substack"
    title: ClassVar[str] = "Substack"
    social: ClassVar[bool] = False
    needs: ClassVar[str] = "nothing"

    @classmethod
    def recognises(cls, document: Document) -> bool:
        return any(fields(document, place).keys() >= _OWN for place in ("comments[]", "[]"))

    def read(self, document: Document) -> Iterable[RawThread]:
        answer = parse(document, "Substack")
        top = answer if isinstance(answer, list) else table(answer).get("comments")
        if not isinstance(top, list):
            raise Unreadable(f"{document.name}: no `comments` in it. Save /api/v1/post/ID/comments?all_comments=true.")
        by_post: dict[str | None, list[RawComment]] = {}
        unsent: dict[str | None, int] = {}
        for row, above in preorder(top, lambda row: row.get("children")):
            key = text(row.get("post_id")) or (text(above.get("post_id")) if above else None)
            if comment := _comment(row, above):
                by_post.setdefault(key, []).append(comment)
            # the number is there where the replies are left out: only a sign that there are some
            if (number(row.get("children_count")) or 0) and not rows(row.get("children")):
                unsent[key] = unsent.get(key, 0) + 1
        host = urlsplit(document.url or "").netloc
        return [
            RawThread(
                platform="substack",
                comments=tuple(found),
                source_url=f"https://{host}/p/{key}" if host and key else None,
                key=key,
                complete=not unsent.get(key),
                truncated_reason=f"the replies to {unsent[key]} comments were not sent" if unsent.get(key) else None,
            )
            for key, found in (by_post or {None: []}).items()
        ]


def _comment(row: Mapping[str, Any], above: Mapping[str, Any] | None) -> RawComment | None:
    identity = text(row.get("id"))
    if identity is None:
        return None
    account, name = text(row.get("user_id")), text(row.get("name"))
    hidden = row.get("user_banned") is True or text(row.get("status")) not in (None, "published")
    state: State = "deleted" if row.get("deleted") is True else "hidden" if hidden else "visible"
    path = (text(row.get("ancestor_path")) or "").split(".")
    reactions = table(row.get("reactions"))
    score = number(row.get("reaction_count"))
    return RawComment(
        identity,
        body=text(row.get("body")) or "",
        markup="text",
        author=Author(
            name=name,
            id=account or text(row.get("handle")),
            role="author" if table(row.get("metadata")).get("is_author") is True else "user",
        )
        if account or name
        else None,
        parent_id=(text(above.get("id")) if above else None) or path[-1] or None,
        created=when(row.get("date")),
        edited=when(row.get("edited_at")),
        score=score if score is not None else sum(number(n) or 0 for n in reactions.values()) if reactions else None,
        state=state,
    )
