"""giscus: a GitHub Discussion a post, asked through GitHub's GraphQL interface."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from difflib import get_close_matches
from hashlib import sha1
from typing import TYPE_CHECKING, Any, ClassVar, Self

from mkdocs_echo_plugin.errors import NoThread, Refused, SourceError, Unreadable
from mkdocs_echo_plugin.messages import OneLine
from mkdocs_echo_plugin.model import Post
from mkdocs_echo_plugin.sources.adapters import github
from mkdocs_echo_plugin.sources.formats.json_values import number, records, rows, table, text
from mkdocs_echo_plugin.sources.formats.shape import fields
from mkdocs_echo_plugin.sources.raw import Document, RawComment, RawThread

if TYPE_CHECKING:
    from mkdocs_echo_plugin.sources.http.client import Client
    from mkdocs_echo_plugin.sources.http.token import Token

PAGES = 50
MAPPINGS = ("pathname", "url", "title", "og:title", "specific", "number")

log = OneLine(logging.getLogger("mkdocs.plugins.mkdocs_echo_plugin.giscus"))

LIST = """query($owner: String!, $name: String!, $category: ID, $after: String, $strict: Boolean!) {
  repository(owner: $owner, name: $name) { discussions(first: 100, after: $after, categoryId: $category) {
    pageInfo { hasNextPage endCursor }
    nodes { number title url locked closed author { login } category { name slug } body @include(if: $strict)
      comments { totalCount } reactions { totalCount } } } } }"""
CATEGORIES = """query($owner: String!, $name: String!) {
  repository(owner: $owner, name: $name) { discussionCategories(first: 100) { nodes { name slug } } } }"""
_COMMENT = """fragment remark on DiscussionComment {
  id url author { login __typename } authorAssociation body createdAt lastEditedAt deletedAt isMinimized upvoteCount
  reactions(first: 20) { nodes { content user { login } } } reactionGroups { content reactors { totalCount } } }"""
READ = (
    """query($owner: String!, $name: String!, $number: Int!, $first: Int!, $after: String) {
  repository(owner: $owner, name: $name) { discussion(number: $number) {
    number title url locked closed
    reactions(first: 100) { nodes { content user { login } } } reactionGroups { content reactors { totalCount } }
    comments(first: $first, after: $after) { totalCount pageInfo { hasNextPage endCursor } nodes { ...remark
      replies(first: 20) { totalCount pageInfo { hasNextPage endCursor }
        nodes { ...remark replyTo { id } } } } } } } } """
    + _COMMENT
)
REPLIES = (
    """query($id: ID!, $after: String) { node(id: $id) { ... on DiscussionComment {
  replies(first: 100, after: $after) { totalCount pageInfo { hasNextPage endCursor }
    nodes { ...remark replyTo { id } } } } } } """
    + _COMMENT
)


@dataclass(frozen=True)
class Giscus:
    """`giscus: {repo: owner/name, category: Announcements, mapping: pathname}`, as in the embed's data attributes.

    `mapping` is pathname, url, title, og:title, number (the page's `echo.key`), or specific with `term` (the page's
    own `echo.key` wins). `strict` compares the SHA-1 that giscus writes into the discussion instead of the title.
    """

    name: ClassVar[str] = "giscus"
    title: ClassVar[str] = "giscus"
    social: ClassVar[bool] = False
    needs: ClassVar[str] = "GITHUB_TOKEN, read access"
    token_variable: ClassVar[str] = github.VARIABLE
    required: ClassVar[tuple[str, ...]] = ("repo",)

    repo: str = ""
    category: str | None = None
    category_id: str | None = None
    mapping: str = "pathname"
    term: str | None = None
    strict: bool = False
    api: str = "https://api.github.com/graphql"
    _number: int | None = None

    def __post_init__(self) -> None:
        if self.mapping not in MAPPINGS:
            near = get_close_matches(self.mapping, MAPPINGS, n=1)
            hint = f" Did you mean '{near[0]}'?" if near else ""
            raise ValueError(
                f"option 'mapping': '{self.mapping}' is not known.{hint} Write one of {', '.join(MAPPINGS)}."
            )
        if self.repo and not github.REPOSITORY.fullmatch(self.repo):
            raise ValueError(f"option 'repo' must be owner/name, not '{self.repo}'")

    @classmethod
    def recognises(cls, document: Document) -> bool:
        # one discussion, or a list of them, as `gh api graphql` prints it; with --slurp within a list
        return any(
            fields(document, f"{outer}data.repository").keys() & {"discussion", "discussions"} for outer in ("", "[]")
        )

    def read(self, document: Document) -> Iterable[RawThread]:
        found = [one for answer in records(document, "GitHub") for one in discussions(answer)]
        if not found:
            raise Unreadable(f"{document.name}: no data.repository.discussion. Save the answer of giscus' own query.")
        return [replace(one, open=False) for one in joined(found)]  # a saved answer: nobody can reply to it

    @classmethod
    def from_url(cls, url: str) -> Self | None:
        match = re.match(r"https://github\.com/([\w.-]+/[\w.-]+)/discussions/(\d{1,9})(?:[/?#]|$)", url, re.ASCII)
        return cls(repo=match[1], _number=int(match[2])) if match else None

    def fetch(self, post: Post, client: Client) -> Iterable[RawThread]:
        if not self.repo:
            raise Refused("giscus: option 'repo' is missing in mkdocs.yml. Set it as in the embed's data-repo.")
        secret = github.token(self.api)
        if secret is None:
            raise Refused(
                "giscus: no token, so the public comments were not read. "
                "Set GITHUB_TOKEN (in GitHub Actions: env: GITHUB_TOKEN: ${{ github.token }})."
            )
        wanted, size = self._number, 100
        if wanted is None and self.mapping == "number":
            wanted = number(post.key)
            if wanted is None:
                raise NoThread("giscus: mapping is number; the page's front matter needs `echo: {key: NUMBER}`.")
        if wanted is None:
            key = ("giscus", self.api, self.repo.casefold(), self.category, self.category_id, self.strict)
            found = self._match(post, client.once(key, lambda: self._list(client, secret)))
            size = number(table(table(found).get("comments")).get("totalCount")) or 0
            # nothing written, nothing clicked: nothing to ask for
            if found is None or size + (number(table(found.get("reactions")).get("totalCount")) or 0) == 0:
                empty = thread(found or {})
                return [replace(empty, page_url=post.canonical_url, open=found is None or empty.open)]
            wanted = number(found.get("number"))
        whole = self._discussion(client, secret, wanted, max(1, min(100, size)))
        return [replace(thread(whole), page_url=post.canonical_url)]

    def _ask(self, client: Client, secret: Token, query: str, **variables: object) -> Mapping[str, Any]:
        owner, _, name = self.repo.partition("/")
        values = variables if query is REPLIES else {"owner": owner, "name": name, **variables}
        data = github.graphql(client, self.api, query, values, secret=secret)
        return table(data.get("node") if query is REPLIES else data.get("repository"))

    def _list(self, client: Client, secret: Token) -> list[Mapping[str, Any]]:
        found: list[Mapping[str, Any]] = []
        after: str | None = None
        for _ in range(PAGES):
            asked = self._ask(client, secret, LIST, category=self.category_id, after=after, strict=self.strict)
            page = table(asked.get("discussions"))
            found += rows(page.get("nodes"))
            after = _next(page)
            if after is None:
                break
        if self.category and not self.category_id:
            wanted = self.category.casefold()
            kinds = ("name", "slug")
            listed = found
            found = [d for d in listed if wanted in [str(table(d.get("category")).get(k)).casefold() for k in kinds]]
            if listed and not found:
                self._check_category(client, secret)
        return found

    def _check_category(self, client: Client, secret: Token) -> None:
        """Whether the category that the site names exists: one without a discussion does.

        Raises:
            Unreadable: it does not; says what it may be.
        """
        asked: Mapping[str, Any] = {}
        with suppress(SourceError):  # that it cannot be asked is no answer
            asked = self._ask(client, secret, CATEGORIES)
        known = [table(row) for row in rows(table(asked.get("discussionCategories")).get("nodes"))]
        names = [text(row.get("name")) or "" for row in known]
        same = {str(row.get(kind)).casefold() for row in known for kind in ("name", "slug")}
        if known and self.category is not None and self.category.casefold() not in same:
            near = get_close_matches(self.category, names, n=1)
            hint = f"Did you mean '{near[0]}'?" if near else f"It has {', '.join(names[:10])}."
            raise Unreadable(f"giscus: {self.repo} has no category '{self.category}'. {hint}")

    def _match(self, post: Post, listing: list[Mapping[str, Any]]) -> Mapping[str, Any] | None:
        rule = self.mapping if self.mapping != "specific" else self.term or ""
        for term in github.terms(post, rule):
            hits = [d for d in listing if self._fits(term, rule, d)]
            if hits:
                return self._own(hits, term)
        return None

    def _own(self, hits: list[Mapping[str, Any]], term: str) -> Mapping[str, Any]:
        """Of discussions that all fit, the one that giscus or the repository's owner opened, else the oldest.

        Anybody may open a second one with a post's title: it must neither take a post's comments away nor its badge.
        """
        openers = ("giscus", "giscus[bot]", self.repo.partition("/")[0].casefold())

        def rank(hit: Mapping[str, Any]) -> tuple[bool, int]:
            login = text(table(hit.get("author")).get("login")) or ""
            return login.casefold() not in openers, number(hit.get("number")) or 0

        taken, *others = sorted(hits, key=rank)
        if others:
            log.info(
                "giscus: discussion #%s is taken for '%s'; %s %s its title too. To take another one, name it in the "
                "page: `echo: {threads: [URL]}`.",
                number(taken.get("number")),
                term,
                ", ".join(f"#{number(hit.get('number'))}" for hit in others[:5]),
                "have" if len(others) > 1 else "has",
            )
        return taken

    def _fits(self, term: str, rule: str, discussion: Mapping[str, Any]) -> bool:
        title, body = text(discussion.get("title")) or "", text(discussion.get("body")) or ""
        if not self.strict:
            return github.is_title_of(term, title, rule)
        # A page's <title> holds the site's name, which is not known here: then the discussion's own title is hashed.
        hashed = [term] + [title] * github.is_title_of(term, title, rule)
        return any(sha1(t.encode(), usedforsecurity=False).hexdigest() in body for t in hashed)

    def _discussion(self, client: Client, secret: Token, wanted: int | None, size: int) -> Mapping[str, Any]:
        nodes: list[Mapping[str, Any]] = []
        whole: Mapping[str, Any] = {}
        after: str | None = None
        for _ in range(PAGES):
            asked = self._ask(client, secret, READ, number=wanted, first=size, after=after)
            whole = table(asked.get("discussion"))
            nodes += [self._replies(client, secret, node) for node in rows(table(whole.get("comments")).get("nodes"))]
            after = _next(table(whole.get("comments")))
            if after is None:
                break
        if not whole:
            raise NoThread(f"giscus: {self.repo} has no discussion #{wanted}.")
        return {**whole, "comments": {**table(whole.get("comments")), "nodes": nodes}}

    def _replies(self, client: Client, secret: Token, node: Mapping[str, Any]) -> Mapping[str, Any]:
        page = table(node.get("replies"))
        nodes, after = rows(page.get("nodes")), _next(page)
        for _ in range(PAGES):
            if after is None:
                break
            page = table(self._ask(client, secret, REPLIES, id=node.get("id"), after=after).get("replies"))
            nodes, after = nodes + rows(page.get("nodes")), _next(page)
        return {**node, "replies": {**page, "nodes": nodes}}


def _next(page: Mapping[str, Any]) -> str | None:
    info = table(page.get("pageInfo"))
    return text(info.get("endCursor")) if info.get("hasNextPage") is True else None


def discussions(answer: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The discussions in a saved answer: `data.repository.discussion`, or the nodes of `discussions`."""
    repository = table(table(answer.get("data")).get("repository"))
    one = table(repository.get("discussion"))
    return [one] if one else rows(table(repository.get("discussions")).get("nodes"))


def joined(found: Iterable[Mapping[str, Any]]) -> list[RawThread]:
    """Discussions as threads; what `gh api graphql --paginate` printed as several pages of one is one thread."""
    pages: dict[str, list[Mapping[str, Any]]] = {}
    for place, one in enumerate(found):
        pages.setdefault(text(one.get("number")) or text(one.get("id")) or f"n{place}", []).append(one)
    threads = []
    for parts in pages.values():
        last = table(parts[-1].get("comments"))
        nodes = [node for part in parts for node in rows(table(part.get("comments")).get("nodes"))]
        threads.append(thread({**parts[-1], "comments": {**last, "nodes": nodes}}))
    return threads


def _more(page: Mapping[str, Any], sent: int) -> bool:
    """Whether a page holds less than there is: it says so (with a cursor to go on from or without), or counts more."""
    return table(page.get("pageInfo")).get("hasNextPage") is True or (number(page.get("totalCount")) or 0) > sent


def thread(discussion: Mapping[str, Any]) -> RawThread:
    """A Discussion with its comments and replies. GitHub has two levels: a reply to a reply stands beside it."""
    page = table(discussion.get("comments"))
    found: list[RawComment | None] = []
    reported, cut = number(page.get("totalCount")) or 0, _more(page, len(rows(page.get("nodes"))))
    for node in rows(page.get("nodes")):
        answers = table(node.get("replies"))
        reported += number(answers.get("totalCount")) or 0
        cut = cut or _more(answers, len(rows(answers.get("nodes"))))
        found.append(github.comment(node))
        for place, reply in enumerate(rows(answers.get("nodes"))):
            parent = text(table(reply.get("replyTo")).get("id")) or text(node.get("id"))
            # The first can only answer the comment; a later one may answer those before it.
            found.append(github.comment(reply, parent_id=parent, parent_exact=place == 0))
    return RawThread(
        platform="giscus",
        comments=github.comments(found),
        source_url=text(discussion.get("url")),
        key=text(discussion.get("title")),
        title=text(discussion.get("title")) or "",
        locked=discussion.get("locked") is True,
        complete=not cut,
        truncated_reason=f"{len(github.comments(found))} of {reported} comments were read" if cut else None,
        reported_count=reported,
        open=not discussion.get("locked") and not discussion.get("closed") and bool(discussion),
        reactions=github.reactions(discussion),
    )
