"""What giscus, utterances and issue dumps share: GitHub's names for people, reactions and pages, and its answers.

Wire formats: GitHub GraphQL (Discussion, DiscussionComment, Reaction) and REST (issues, issue comments), 2022-11-28.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from mkdocs_echo_plugin.errors import RateLimited, Unreachable
from mkdocs_echo_plugin.model import Post, Role, State
from mkdocs_echo_plugin.sources.addresses import links, paths
from mkdocs_echo_plugin.sources.formats.json_values import number, rows, table, text, when
from mkdocs_echo_plugin.sources.http.token import Token
from mkdocs_echo_plugin.sources.raw import Author, RawComment, RawReaction

if TYPE_CHECKING:
    from mkdocs_echo_plugin.sources.http.client import Client

VARIABLE = "GITHUB_TOKEN"
REPOSITORY = re.compile(r"[A-Za-z0-9_.-]{1,100}/[A-Za-z0-9_.-]{1,100}")

_REACTIONS = {
    "THUMBS_UP": "+1", "THUMBS_DOWN": "-1", "LAUGH": "laugh", "HOORAY": "hooray", "CONFUSED": "confused",
    "HEART": "heart", "ROCKET": "rocket", "EYES": "eyes",
}  # fmt: skip
_ROLES: Mapping[str, Role] = {"OWNER": "owner", "MEMBER": "member", "COLLABORATOR": "member"}
_AFTER_TITLE = (" - ", " | ", " – ", " — ", " · ", " :: ")


def token(api: str) -> Token | None:
    """The token in GITHUB_TOKEN, for the host of `api` alone."""
    value = os.environ.get(VARIABLE, "").strip()
    return Token(value, host=urlsplit(api).netloc) if value else None


def fold(title: str) -> str:
    """How titles are compared: GitHub's search ignores case, and a path may stand percent-encoded."""
    return unquote(title).casefold().strip()


def terms(post: Post, mapping: str) -> tuple[str, ...]:
    """The titles that giscus and utterances look for, likeliest first.

    pathname: the path without its first slash and its extension, "index" if shorter than 2; url; title, og:title;
    any other word is the term itself (the page's own `echo.key` wins).
    """
    if mapping == "pathname":
        return tuple("index" if len(p) < 2 else re.sub(r"\.\w+$", "", p[1:], flags=re.ASCII) for p in paths(post))
    if mapping == "url":
        return links(post)
    if mapping in ("title", "og:title"):
        return (post.title,) if post.title else ()
    return (post.key or mapping,)


def is_title_of(term: str, title: str, mapping: str) -> bool:
    """Whether a thread's title is what the embed looks for; a page's <title> ends with the site's name."""
    wanted, found = fold(term), fold(title)
    with_site = tuple(wanted + after for after in _AFTER_TITLE)
    return found == wanted or (mapping in ("title", "og:title") and found.startswith(with_site))


def graphql(
    client: Client, api: str, query: str, variables: Mapping[str, Any], *, secret: Token | None
) -> Mapping[str, Any]:
    """The `data` of a GraphQL answer. GitHub answers 200 for errors too.

    Raises:
        SourceError: what GitHub says went wrong, in one line.
    """
    answer = table(client.post(api, json={"query": query, "variables": dict(variables)}, token=secret).json())
    errors = rows(answer.get("errors"))
    if errors:
        said = " ".join((text(errors[0].get("message")) or "no reason").split())[:200]
        if errors[0].get("type") == "RATE_LIMITED":
            raise RateLimited(f"GitHub: {said}. Build again later; what is in the cache stays in use.")
        raise Unreachable(f"GitHub: {said}. Check the repository's name, its Discussions, and the token's access.")
    return table(answer.get("data"))


def author(user: Any, association: Any) -> Author | None:
    """An account; None where it was deleted (GitHub gives null, or the account "ghost")."""
    login = text(table(user).get("login"))
    if login is None or login == "ghost":
        return None
    bot = "Bot" in (table(user).get("__typename"), table(user).get("type")) or login.endswith("[bot]")
    role: Role = "bot" if bot else _ROLES.get(str(association), "user")
    return Author(name=login, id=login.casefold(), role=role)


def reactions(row: Mapping[str, Any]) -> tuple[RawReaction, ...]:
    """Reactions with who gave them where the answer lists them; the rest as counts. GraphQL and REST."""
    given = table(row.get("reactions"))
    named: list[RawReaction] = []
    for node in rows(given.get("nodes")):
        if user := author(node.get("user"), None):
            named.append(RawReaction(_REACTIONS.get(str(node.get("content")), "other"), user))
    counts = {name: number(given.get(name)) or 0 for name in _REACTIONS.values()}
    for group in rows(row.get("reactionGroups")):
        people = table(group.get("reactors") or group.get("users"))
        counts[_REACTIONS.get(str(group.get("content")), "other")] = number(people.get("totalCount")) or 0
    for one in named:
        counts[one.content] = counts.get(one.content, 0) - 1
    return (*named, *(RawReaction(content, count=count) for content, count in counts.items() if count > 0))


def comment(row: Mapping[str, Any], *, parent_id: str | None = None, parent_exact: bool = True) -> RawComment | None:
    """One comment of a discussion (GraphQL), of an issue (REST), or as `gh issue view --json comments` writes it."""
    identity = text(row.get("id")) or text(row.get("node_id"))
    if identity is None:
        return None
    created = when(row.get("createdAt") or row.get("created_at"))
    edited = when(row.get("lastEditedAt") or row.get("updated_at"))
    state: State = "deleted" if row.get("deletedAt") else "hidden" if row.get("isMinimized") else "visible"
    body, association = text(row.get("body")), row.get("authorAssociation") or row.get("author_association")
    return RawComment(
        identity,
        body=body or text(row.get("bodyHTML")) or "",
        markup="markdown" if body else "html",
        author=author(row.get("author") or row.get("user"), association),
        parent_id=parent_id,
        parent_exact=parent_exact,
        created=created,
        edited=edited if edited != created else None,
        url=text(row.get("html_url") or row.get("url")),
        kind="reply" if parent_id else "comment",
        reactions=reactions(row),
        score=number(row.get("upvoteCount")),
        state=state,
    )


def comments(found: Iterable[RawComment | None]) -> tuple[RawComment, ...]:
    """Those that are comments."""
    return tuple(one for one in found if one is not None)
