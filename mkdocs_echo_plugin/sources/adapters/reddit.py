"""Reddit: a submission's listing, saved as JSON (the submission's address with `.json` at its end)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from mkdocs_echo_plugin.errors import Unreadable
from mkdocs_echo_plugin.model import Role, State
from mkdocs_echo_plugin.sources.formats.json_values import has, number, parse, preorder, rows, table, text, when
from mkdocs_echo_plugin.sources.raw import Author, Document, RawComment, RawThread

SITE = "https://www.reddit.com"


@dataclass(frozen=True)
class Reddit:
    """Files only: Reddit answers programs without an account of its own with 403."""

    name: ClassVar[str] = "reddit"
    title: ClassVar[str] = "Reddit"
    social: ClassVar[bool] = True
    needs: ClassVar[str] = "nothing"

    @classmethod
    def recognises(cls, document: Document) -> bool:
        return has(document, "kind", "data", "children") and b'"Listing"' in document.head

    def read(self, document: Document) -> Iterable[RawThread]:
        answer = parse(document, "Reddit")
        listings = rows(answer) if isinstance(answer, list) else [table(answer)]
        nodes = [node for one in listings for node in rows(table(one.get("data")).get("children"))]
        if not any(one.get("kind") == "Listing" for one in listings):
            raise Unreadable(f"{document.name}: no Listing in it. Save the submission's address with .json at its end.")
        top = next((table(node.get("data")) for node in nodes if node.get("kind") == "t3"), {})
        return [thread([node for node in nodes if node.get("kind") != "t3"], top)]


def _replies(node: Mapping[str, Any]) -> Any:
    return table(table(table(node.get("data")).get("replies")).get("data")).get("children")


def thread(nodes: list[Mapping[str, Any]], top: Mapping[str, Any]) -> RawThread:
    """The comments of a submission; "more" stubs stand for those that were not sent."""
    found: list[RawComment] = []
    missing, stubs = 0, 0
    for node, _ in preorder(nodes, _replies):
        row = table(node.get("data"))
        if node.get("kind") == "more":
            # a stub without a count is "continue this thread": at least one
            stubs, missing = stubs + 1, missing + max(1, number(row.get("count")) or 0)
        elif comment := _comment(row):
            found.append(comment)
    identity, page = text(top.get("id")), text(top.get("permalink"))
    total = number(top.get("num_comments"))
    reason = f'at least {missing} comments behind {stubs} "load more" were not sent' if stubs else None
    if not reason and total is not None and total > len(found):
        reason = f"{len(found)} of {total} comments were sent"
    return RawThread(
        platform="reddit",
        comments=tuple(found),
        source_url=SITE + page if page and page.startswith("/") else None,
        key=identity,
        title=text(top.get("title")) or "",
        page_url=text(top.get("url")) if top.get("is_self") is False else None,
        locked=top.get("locked") is True,
        complete=reason is None,
        truncated_reason=reason,
        reported_count=total,
        open=False,  # a saved page
    )


def _comment(row: Mapping[str, Any]) -> RawComment | None:
    identity, parent = text(row.get("id")), text(row.get("parent_id"))
    if identity is None:
        return None
    name, body, page = text(row.get("author")), text(row.get("body")) or "", text(row.get("permalink"))
    nobody = name in (None, "[deleted]")
    # without an author the writer took it back, with one a moderator did
    gone: State = "deleted" if body == "[deleted]" or (body == "[removed]" and nobody) else "visible"
    state: State = "hidden" if body == "[removed]" and not nobody else gone
    role: Role = "bot" if name == "AutoModerator" else "author" if row.get("is_submitter") is True else "user"
    if role == "user" and row.get("distinguished") in ("moderator", "admin"):
        role = "member"
    return RawComment(
        identity,
        body=body,
        markup="markdown",
        author=None if nobody else Author(name=name, id=name, role=role),
        parent_id=parent.removeprefix("t1_") if parent and parent.startswith("t1_") else None,
        created=when(row.get("created_utc")),
        edited=when(row.get("edited")),
        url=SITE + page if page and page.startswith("/") else None,
        score=number(row.get("score")),
        state=state,
    )
