"""GitHub issues: one named by its address, or a dump (REST comments, `gh issue view --json`, a GraphQL discussion)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar, Self

from mkdocs_echo_plugin.errors import NoThread, Unreadable
from mkdocs_echo_plugin.model import Post
from mkdocs_echo_plugin.sources.adapters import giscus, github
from mkdocs_echo_plugin.sources.formats.json_values import has, number, parse, rows, table, text
from mkdocs_echo_plugin.sources.raw import Document, RawComment, RawThread

if TYPE_CHECKING:
    from mkdocs_echo_plugin.sources.http.client import Client

PAGES = 30
_ACCEPT = "application/vnd.github+json"


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
        rest = has(document, "issue_url", "author_association") or has(document, "comments_url", "repository_url")
        return rest or (has(document, "comments", "authorAssociation", "isMinimized") and not has(document, "data"))

    def read(self, document: Document) -> Iterable[RawThread]:
        return [replace(one, open=False) for one in self._read(document)]

    def _read(self, document: Document) -> list[RawThread]:
        dump = parse(document, "GitHub")
        if discussion := table(table(table(dump).get("data")).get("repository")).get("discussion"):
            return [giscus.thread(table(discussion))]
        if isinstance(dump, dict) and isinstance(dump.get("comments"), list):
            return [thread(table(dump.get("issue")) or dump, rows(dump["comments"]), platform="github_issues")]
        if isinstance(dump, dict) and dump.get("comments_url"):
            return [
                replace(
                    thread(dump, [], platform="github_issues"), complete=False, truncated_reason="no comments in it"
                )
            ]
        by_issue: dict[str, list[Mapping[str, Any]]] = {}
        for row in rows(dump):
            if issue := text(row.get("issue_url")):
                by_issue.setdefault(issue, []).append(row)
        if not by_issue and dump != []:
            raise Unreadable(
                f"{document.name}: neither an issue nor a list of issue comments. Save GET /issues/N/comments."
            )
        return [
            replace(thread({}, found, platform="github_issues"), key=issue.rpartition("/")[2], source_url=web(issue))
            for issue, found in by_issue.items()
        ]

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
