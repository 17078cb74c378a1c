"""Duoshuo, closed in 2017: the JSON that its export gave, all threads and then all posts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from mkdocs_echo_plugin.errors import Unreadable
from mkdocs_echo_plugin.model import State
from mkdocs_echo_plugin.sources.formats.json_values import number, parse, rows, table, text, when
from mkdocs_echo_plugin.sources.formats.shape import fields
from mkdocs_echo_plugin.sources.raw import Author, Document, RawComment, RawThread

_STATES: Mapping[str, State] = {
    "": "visible", "approved": "visible", "pending": "pending", "spam": "hidden", "delete": "deleted",
    "deleted": "deleted",
}  # fmt: skip


@dataclass(frozen=True)
class Duoshuo:
    """Files only: the export, unpacked."""

    name: ClassVar[str] = "duoshuo"
    title: ClassVar[str] = "Duoshuo"
    social: ClassVar[bool] = False
    needs: ClassVar[str] = "nothing"

    @classmethod
    def recognises(cls, document: Document) -> bool:
        top = fields(document)
        post = fields(document, "posts[]")
        if top.get("generator") == "duoshuo":
            return True
        return any({key, "author_name", "message"} <= post.keys() for key in ("thread_id", "thread_key"))

    def read(self, document: Document) -> Iterable[RawThread]:
        dump = table(parse(document, "Duoshuo"))
        if not isinstance(dump.get("posts"), list):
            raise Unreadable(f"{document.name}: no `posts` in it. Name the export.json of Duoshuo's export.")
        pages = {_thread_id(page): page for page in rows(dump.get("threads"))}
        by_thread: dict[str, list[Mapping[str, Any]]] = {}
        for row in rows(dump["posts"]):
            by_thread.setdefault(_thread_id(row), []).append(row)
        return [_thread(pages.get(key, {}), found) for key, found in by_thread.items()]


def _thread_id(row: Mapping[str, Any]) -> str:
    """A thread's number, a string in one table and a number in the other; files for import have its key alone."""
    return text(row.get("thread_id")) or text(row.get("thread_key")) or ""


def _thread(page: Mapping[str, Any], found: list[Mapping[str, Any]]) -> RawThread:
    key = text(page.get("thread_key")) or text(found[0].get("thread_key")) or text(page.get("thread_id"))
    return RawThread(
        platform="duoshuo",
        comments=tuple(comment for row in found if (comment := _comment(row))),
        page_url=text(page.get("url")),
        key=key,
        title=text(page.get("title")) or "",
    )


def _comment(row: Mapping[str, Any]) -> RawComment | None:
    identity = text(row.get("post_id")) or text(row.get("post_key"))
    if identity is None:
        return None
    above = row.get("parents") or row.get("parent_key")
    above = above if isinstance(above, list) else (text(above) or "").split(",")
    account = text(row.get("author_id"))
    email = text(row.get("author_email"))
    return RawComment(
        identity,
        body=text(row.get("message")) or "",
        author=Author(
            name=text(row.get("author_name")),
            id=None if account in (None, "0") or email else f"duoshuo {account}",
            website=text(row.get("author_url")),
            email=email,
            role="user" if account not in (None, "0") else "unknown",
        ),
        # from the first comment down to the one that is answered: the last is the parent
        parent_id=next((one for one in map(text, reversed(above)) if one not in (None, "0")), None),
        created=when(row.get("created_at")),
        score=number(row.get("likes")),
        state=_STATES.get((text(row.get("status")) or "").lower(), "hidden"),
    )
