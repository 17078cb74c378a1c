"""GitHub issues: one named by its address, or a dump (REST comments, `gh issue view --json`, a GraphQL discussion)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar, Self

from mkdocs_echo_plugin.errors import NoThread, Unreadable
from mkdocs_echo_plugin.model import Post
from mkdocs_echo_plugin.sources.adapters import giscus, github
from mkdocs_echo_plugin.sources.formats.json_values import number, records, rows, table, text
from mkdocs_echo_plugin.sources.formats.shape import fields
from mkdocs_echo_plugin.sources.raw import Document, RawComment, RawThread

if TYPE_CHECKING:
    from mkdocs_echo_plugin.sources.http.client import Client

PAGES = 30
GH_COMMENTS = 100
_ACCEPT = "application/vnd.github+json"
_PAGE = re.compile(r"https://github\.com/[\w.-]+/[\w.-]+/(?:issues|discussions)/\d", re.ASCII)


@dataclass(frozen=True)
class GitHubIssues:
    """Named in a page: `echo: {threads: [https://github.com/owner/name/issues/12]}`. No options are needed."""

    name: ClassVar[str] = "github_issues"
    title: ClassVar[str] = "GitHub issues"
    venue: ClassVar[str] = "GitHub"
    social: ClassVar[bool] = False
    needs: ClassVar[str] = "nothing; GITHUB_TOKEN for more than 60 requests an hour"

    api: str = "https://api.github.com"
    _repo: str = ""
    _number: int = 0

    @classmethod
    def recognises(cls, document: Document) -> bool:
        # `gh api --paginate` prints lists one after another, --slurp puts them into one more list
        for place in ("", "[]", "[][]"):
            row = fields(document, place)
            if row.keys() >= {"issue_url", "author_association"} or row.keys() >= {"comments_url", "repository_url"}:
                return True
            said = fields(document, f"{place}.comments[]".removeprefix(".")).keys()
            if said >= {"author", "authorAssociation", "body"} or said >= {"issue_url", "author_association"}:
                return True
            # what `gh issue list --json ...,comments` prints, also where nobody has commented yet
            if row.keys() >= {"title", "comments"} and _PAGE.match(row.get("url", "")):
                return True
        return any(fields(document, f"{outer}data.repository").keys() & {"issue", "issues"} for outer in ("", "[]"))

    def read(self, document: Document) -> Iterable[RawThread]:
        return [replace(one, open=False) for one in self._read(document)]

    def _read(self, document: Document) -> list[RawThread]:
        threads: list[RawThread] = []
        by_issue: dict[str, list[Mapping[str, Any]]] = {}
        discussed: list[Mapping[str, Any]] = []
        empty = True
        for row in records(document, "GitHub"):
            empty = False
            if found := giscus.discussions(row):
                discussed += found
            elif issue := text(row.get("issue_url")):
                by_issue.setdefault(issue, []).append(row)
            else:
                threads += [one for issue in _issues(row) if (one := _saved(issue))]
        threads += giscus.joined(discussed)
        if not threads and not by_issue and not empty:
            raise Unreadable(
                f"{document.name}: neither an issue nor a list of issue comments. Save GET /issues/N/comments."
            )
        for issue, comments in by_issue.items():
            one = thread({}, comments, platform="github_issues")
            threads.append(replace(one, key=issue.rpartition("/")[2], source_url=web(issue)))
        return threads

    @classmethod
    def from_url(cls, url: str) -> Self | None:
        match = re.match(r"https://github\.com/([\w.-]+/[\w.-]+)/issues/(\d{1,9})(?:[/?#]|$)", url, re.ASCII)
        return cls(_repo=match[1], _number=int(match[2])) if match else None

    def fetch(self, post: Post, client: Client) -> Iterable[RawThread]:
        if not self._repo:
            raise NoThread("github_issues: the page names no issue. Set `echo: {threads: [URL]}` in its front matter.")
        at = f"{self.api}/repos/{self._repo}/issues/{self._number}"
        issue = table(client.get(at, accept=_ACCEPT, token=github.token(self.api)).json())
        found = comments_of(client, at, number(issue.get("comments")) or 0, self.api)
        return [replace(thread(issue, found, platform="github_issues"), page_url=post.canonical_url)]


def _issues(row: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The issues in an object: itself, or those of a GraphQL answer."""
    repository = table(table(row.get("data")).get("repository"))
    one = table(repository.get("issue"))
    return [one] if one else rows(table(repository.get("issues")).get("nodes")) if repository else [row]


def _saved(issue: Mapping[str, Any]) -> RawThread | None:
    """An issue that was written down: with its comments (`gh`, GraphQL), or with their number alone (REST)."""
    if "pull_request" in issue:
        return None
    listed = issue.get("comments")
    page = table(listed)  # GraphQL: {totalCount, pageInfo, nodes}
    found = rows(listed) if isinstance(listed, list) else rows(page.get("nodes"))
    if isinstance(listed, list) or "nodes" in page:
        whole = table(issue.get("issue")) or {**issue, "comments": number(page.get("totalCount"))}
        one = thread(whole, found, platform="github_issues")
        if len(found) == GH_COMMENTS and "totalCount" not in page and "authorAssociation" in found[0]:
            # `gh issue list` asks for the first hundred of an issue, and does not say that there are more
            return replace(one, complete=False, truncated_reason="gh lists a hundred comments of an issue at most")
        return one
    if not issue.get("comments_url"):
        return None
    one = thread(issue, [], platform="github_issues")
    if not number(listed):
        return one
    return replace(one, complete=False, truncated_reason="no comments in it")


def comments_of(client: Client, at: str, total: int, api: str) -> list[Mapping[str, Any]]:
    """All comments of the issue at an API address, 100 a request; none is made where there are none."""
    found: list[Mapping[str, Any]] = []
    for page in range(1, min(PAGES, -(-total // 100)) + 1):
        params = {"per_page": 100, "page": page}
        rest = client.get(f"{at}/comments", params=params, accept=_ACCEPT, token=github.token(api)).json()
        found += rows(rest)
    return found


def thread(issue: Mapping[str, Any], found: Iterable[Mapping[str, Any]], *, platform: str) -> RawThread:
    """An issue and its comments: flat, so what a comment answers is known only where it quotes."""
    read: list[RawComment | None] = [github.comment(row) for row in found]
    total = number(issue.get("comments"))
    short = total is not None and len(read) < total
    return RawThread(
        platform=platform,
        comments=github.comments(read),
        source_url=text(issue.get("html_url") or issue.get("url")),
        key=text(issue.get("title")) or text(issue.get("number")),
        title=text(issue.get("title")) or "",
        locked=issue.get("locked") is True,
        complete=not short,
        truncated_reason=f"{len(read)} of {total} comments were read" if short else None,
        reported_count=total,
        open=bool(issue) and not issue.get("locked"),
        reactions=github.reactions(issue),
    )


def web(issue: str) -> str:
    """The page of an issue whose API address is known."""
    return re.sub(r"^https://api\.github\.com/repos/", "https://github.com/", issue)
