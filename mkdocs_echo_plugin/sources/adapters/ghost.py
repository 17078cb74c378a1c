"""Ghost's own comments: an export whose database has the table `comments`, or an answer of its comments interface."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from mkdocs_echo_plugin.errors import Unreadable
from mkdocs_echo_plugin.model import State
from mkdocs_echo_plugin.sources.formats.json_values import number, parse, preorder, rows, table, text, when
from mkdocs_echo_plugin.sources.formats.shape import fields
from mkdocs_echo_plugin.sources.raw import Author, Document, RawComment, RawThread

_STATES: Mapping[str, State] = {"published": "visible", "hidden": "hidden", "deleted": "deleted"}


@dataclass(frozen=True)
class Ghost:
    """Files only: `GET /members/api/comments/post/ID/` saved, or the database's tables as an export has them."""

    name: ClassVar[str] = "ghost"
    title: ClassVar[str] = "Ghost"
    social: ClassVar[bool] = False
    needs: ClassVar[str] = "nothing"

    @classmethod
    def recognises(cls, document: Document) -> bool:
        exported = "exported_on" in fields(document, "db[].meta") or "exported_on" in fields(document, "meta")
        answered = fields(document, "comments[]").keys() >= {"id", "html", "created_at", "member"}
        return exported or answered

    def read(self, document: Document) -> Iterable[RawThread]:
        dump = table(parse(document, "Ghost"))
        databases = rows(dump.get("db")) or ([dump] if "data" in dump else [])
        if databases:
            tables = table(databases[0].get("data"))
            if not isinstance(tables.get("comments"), list):
                raise Unreadable(
                    f"{document.name}: no table `comments` in this export: Ghost's own leaves it out. "
                    f"Save GET /members/api/comments/post/ID/?limit=100 for each post."
                )
            return _tables(tables)
        if not isinstance(dump.get("comments"), list):
            raise Unreadable(
                f"{document.name}: no `comments` in it. Save GET /members/api/comments/post/ID/?limit=100."
            )
        return _answer(dump)


def _tables(tables: Mapping[str, Any]) -> list[RawThread]:
    posts = {text(post.get("id")): post for post in rows(tables.get("posts"))}
    members = {text(member.get("id")): member for member in rows(tables.get("members"))}
    staff = {text(user.get("email")) for user in rows(tables.get("users"))} - {None}
    likes: dict[str | None, int] = {}
    for like in rows(tables.get("comment_likes")):
        likes[text(like.get("comment_id"))] = likes.get(text(like.get("comment_id")), 0) + 1
    by_post: dict[str | None, list[RawComment]] = {}
    answered: set[str] = set()
    for row in rows(tables["comments"]):
        member = table(members.get(text(row.get("member_id"))))
        score = likes.get(text(row.get("id")), 0) if "comment_likes" in tables else None
        owner = member.get("email") in staff if isinstance(member.get("email"), str) else False
        if comment := _comment(row, member, answered, score=score, owner=owner):
            by_post.setdefault(text(row.get("post_id")), []).append(comment)
    return [_thread(posts.get(key, {}), key, found) for key, found in by_post.items()]


def _answer(answer: Mapping[str, Any]) -> list[RawThread]:
    by_post: dict[str | None, list[RawComment]] = {}
    answered: set[str] = set()
    posts: dict[str | None, Mapping[str, Any]] = {}
    missing = 0
    for row, above in preorder(answer["comments"], lambda row: row.get("replies")):
        counts = table(row.get("count"))
        # the first three replies come with their comment, and how many there are
        missing += max(0, (number(counts.get("replies")) or 0) - len(rows(row.get("replies"))))
        under = {**row, "parent_id": row.get("parent_id") or (above.get("id") if above else None)}
        key = (
            text(row.get("post_id"))
            or (text(above.get("post_id")) if above else None)
            or text(table(row.get("post")).get("id"))
        )
        posts.setdefault(key, table(row.get("post")))
        if comment := _comment(under, table(row.get("member")), answered, score=number(counts.get("likes"))):
            by_post.setdefault(key, []).append(comment)
    pages = number(table(table(answer.get("meta")).get("pagination")).get("pages")) or 1
    reason = f"{missing} replies were not sent" if missing else "one page of several" if pages > 1 else None
    return [_thread(posts.get(key, {}), key, found, reason) for key, found in (by_post or {None: []}).items()]


def _thread(post: Mapping[str, Any], key: str | None, found: list[RawComment], reason: str | None = None) -> RawThread:
    names = [name for name in (text(post.get("slug")), key) if name]
    return RawThread(
        platform="ghost",
        comments=tuple(found),
        page_url=text(post.get("url")),
        key=names[0] if names else None,
        title=text(post.get("title")) or "",
        complete=reason is None,
        truncated_reason=reason,
        aliases=tuple(names[1:]),
    )


def _comment(
    row: Mapping[str, Any], member: Mapping[str, Any], answered: set[str], *, score: int | None, owner: bool = False
) -> RawComment | None:
    identity = text(row.get("id"))
    if identity is None:
        return None
    # replies stand flat under the comment at the top; which of them one answers is told since 5.106 only
    exact, root = text(row.get("in_reply_to_id")), text(row.get("parent_id"))
    first = root not in answered
    if root:
        answered.add(root)
    who = text(member.get("id")) or text(member.get("uuid")) or text(row.get("member_id"))
    return RawComment(
        identity,
        body=text(row.get("html")) or "",
        author=Author(
            name=text(member.get("name")),
            id=who,
            email=None if who else text(member.get("email")),
            role="owner" if owner else "user",
        )
        if who or member
        else None,  # the member was deleted
        parent_id=exact or root,
        parent_exact=exact is not None or root is None or first,
        created=when(row.get("created_at")),
        edited=when(row.get("edited_at")),
        score=score,
        state=_STATES.get(text(row.get("status")) or "published", "hidden"),
    )
