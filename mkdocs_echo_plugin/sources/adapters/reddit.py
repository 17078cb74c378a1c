"""Reddit: a submission's listing, saved as JSON (its address with `.json` at its end), and rows (PRAW, Pushshift)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from mkdocs_echo_plugin.errors import Unreadable
from mkdocs_echo_plugin.model import Role, State
from mkdocs_echo_plugin.sources.formats.json_values import number, preorder, rows, table, text, values, when
from mkdocs_echo_plugin.sources.formats.shape import fields
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
        if any(fields(document, place).get("kind") == "Listing" for place in ("", "[]")):
            return True
        for row in (fields(document, place).keys() for place in ("", "[]")):
            if row >= {"id", "body", "created_utc"} and row & {"link_id", "subreddit"}:
                return True
        return False

    def read(self, document: Document) -> Iterable[RawThread]:
        listings = [
            one for value in values(document, "Reddit") for one in rows([value] if isinstance(value, dict) else value)
        ]
        if listings and not any("kind" in one and "data" in one for one in listings):
            return _from_rows(document, listings)
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


def _from_rows(document: Document, listed: list[Mapping[str, Any]]) -> list[RawThread]:
    """Comments one a row, of any number of submissions; the submissions' own rows may stand among them."""
    tops: dict[str, Mapping[str, Any]] = {}
    under: dict[str, list[RawComment]] = {}
    for row in listed:
        if "selftext" in row or "num_comments" in row:
            tops[_short(row.get("id"))] = row
        elif comment := _comment(row):
            # some writers leave the prefix out, and some all but the address
            link = _short(row.get("link_id")) or (_submission(row) or "")
            under.setdefault(link, []).append(comment)
            tops.setdefault(link, {"title": row.get("thread_title") or row.get("link_title"), "id": link})
    if not under and not tops:
        raise Unreadable(f"{document.name}: no comments in it. Each row needs id, body, created_utc and link_id.")
    return [_of_rows(tops.get(link, {}), link, found) for link, found in under.items()]


def _of_rows(top: Mapping[str, Any], link: str, found: list[RawComment]) -> RawThread:
    known = {comment.id for comment in found}
    lost = sum(comment.parent_id is not None and comment.parent_id not in known for comment in found)
    total, page = number(top.get("num_comments")), text(top.get("permalink"))
    reason = f"{lost} comments answer one that the file lacks" if lost else None
    if not reason and total is not None and total > len(found):
        reason = f"{len(found)} of {total} comments are in the file"
    at = SITE + page if page and page.startswith("/") else f"{SITE}/comments/{link}" if link else None
    return RawThread(
        platform="reddit",
        comments=tuple(found),
        source_url=at,
        key=link or None,
        title=text(top.get("title")) or "",
        page_url=text(top.get("url")) if top.get("is_self") is False else None,
        locked=top.get("locked") is True,
        complete=reason is None,
        truncated_reason=reason,
        reported_count=total,
    )


def _short(value: Any) -> str:
    """An id without the prefix that tells its kind ("t3_")."""
    return re.sub(r"^t[1-6]_", "", text(value) or "")


def _submission(row: Mapping[str, Any]) -> str | None:
    found = re.match(
        r"(?:https?://[^/]{1,100})?/r/[^/]{1,50}/comments/([a-z0-9]{1,10})/", text(row.get("permalink")) or ""
    )
    return found[1] if found else None


def _comment(row: Mapping[str, Any]) -> RawComment | None:
    identity, parent = _short(row.get("id")), text(row.get("parent_id"))
    if not identity:
        return None
    # PRAW's objects, written down, are an object with the name in it
    name = text(row.get("author")) or text(table(row.get("author")).get("name"))
    body, page = text(row.get("body")) or "", text(row.get("permalink"))
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
        parent_id=_above(parent, row),
        parent_exact="parent_id" in row or "replies" in row,
        created=_moment(row.get("created_utc")),
        edited=_moment(row.get("edited")),
        url=SITE + page if page and page.startswith("/") else None,
        score=number(row.get("score")),
        state=state,
    )


def _above(parent: str | None, row: Mapping[str, Any]) -> str | None:
    """The comment that is answered; t3_ is the submission, and without a prefix whatever is not the submission."""
    if parent is None or parent.startswith("t3_") or _short(parent) == _short(row.get("link_id")):
        return None
    return _short(parent)


def _moment(value: Any) -> datetime | None:
    """Seconds since 1970, a string in Pushshift's first years; `edited` is false or a time."""
    seconds = number(value)
    return when(seconds if seconds is not None else value)
