"""utterances: a GitHub issue a post, asked through GitHub's REST interface."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar, Self

from mkdocs_echo_plugin.errors import Refused
from mkdocs_echo_plugin.model import Post
from mkdocs_echo_plugin.sources.adapters import github
from mkdocs_echo_plugin.sources.adapters.github_issues import GitHubIssues, comments_of, thread
from mkdocs_echo_plugin.sources.formats.json_values import number, rows, text
from mkdocs_echo_plugin.sources.raw import Document, RawThread

if TYPE_CHECKING:
    from mkdocs_echo_plugin.sources.http.client import Client

PAGES = 20


@dataclass(frozen=True)
class Utterances:
    """`utterances: {repo: owner/name, issue_term: pathname}`, as in the embed's attributes.

    `issue_term` is pathname, url, title, og:title, or a term of the site's own (the page's `echo.key` wins).
    """

    name: ClassVar[str] = "utterances"
    title: ClassVar[str] = "utterances"
    social: ClassVar[bool] = False
    needs: ClassVar[str] = "nothing; GITHUB_TOKEN for more than 60 requests an hour"
    required: ClassVar[tuple[str, ...]] = ("repo",)

    repo: str = ""
    issue_term: str = "pathname"
    issue_number: int | None = None
    label: str | None = None
    api: str = "https://api.github.com"

    def __post_init__(self) -> None:
        if self.repo and not github.REPOSITORY.fullmatch(self.repo):
            raise ValueError(f"option 'repo' must be owner/name, not '{self.repo}'")

    @classmethod
    def recognises(cls, document: Document) -> bool:
        return False  # a saved answer is that of any issue: `github_issues` knows it

    def read(self, document: Document) -> Iterable[RawThread]:
        return [replace(one, platform="utterances") for one in GitHubIssues().read(document)]

    @classmethod
    def from_url(cls, url: str) -> Self | None:
        return None  # an issue's address says nothing of utterances: `github_issues` knows it

    def fetch(self, post: Post, client: Client) -> Iterable[RawThread]:
        if not self.repo:
            raise Refused("utterances: option 'repo' is missing in mkdocs.yml. Set it as in the embed.")
        if self.issue_number is None:
            key = ("utterances", self.api, self.repo.casefold())
            found = self._match(post, client.once(key, lambda: self._list(client)))
        else:
            found = {"number": self.issue_number, "comments": 100}
        if found is None:
            return [RawThread(platform="utterances", page_url=post.canonical_url, open=True)]
        at = f"{self.api}/repos/{self.repo}/issues/{number(found.get('number'))}"
        whole = thread(
            found, comments_of(client, at, number(found.get("comments")) or 0, self.api), platform="utterances"
        )
        if self.issue_number is not None:
            whole = replace(whole, complete=True, truncated_reason=None, reported_count=None)
        return [replace(whole, page_url=post.canonical_url)]

    def _list(self, client: Client) -> list[Mapping[str, Any]]:
        """All issues, oldest first: ten requests for a thousand posts, where the search allows ten a minute."""
        found: list[Mapping[str, Any]] = []
        for page in range(1, PAGES + 1):
            params: dict[str, str | int] = {
                "state": "all",
                "sort": "created",
                "direction": "asc",
                "per_page": 100,
                "page": page,
            }
            if self.label:
                params["labels"] = self.label
            at = f"{self.api}/repos/{self.repo}/issues"
            answer = client.get(at, params=params, accept="application/vnd.github+json", token=github.token(self.api))
            listed = rows(answer.json())
            found += [issue for issue in listed if "pull_request" not in issue]
            if len(listed) < 100:
                break
        return found

    def _match(self, post: Post, listing: list[Mapping[str, Any]]) -> Mapping[str, Any] | None:
        # utterances takes the oldest issue whose title contains the term, in any case; the whole title is surer.
        for term in github.terms(post, self.issue_term):
            for issue in listing:
                if github.is_title_of(term, text(issue.get("title")) or "", self.issue_term):
                    return issue
        return None
