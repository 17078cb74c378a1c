"""Remark42: `GET /api/v1/find` of a site's own server, and its backups."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar, Self

from mkdocs_echo_plugin.errors import NoThread, Refused, Unreadable
from mkdocs_echo_plugin.model import Post
from mkdocs_echo_plugin.sources.addresses import links
from mkdocs_echo_plugin.sources.formats.json_values import has, lines, number, parse, preorder, rows, table, text, when
from mkdocs_echo_plugin.sources.raw import Author, Document, RawComment, RawThread

if TYPE_CHECKING:
    from mkdocs_echo_plugin.sources.http.client import Client


@dataclass(frozen=True)
class Remark42:
    """`remark42: {url: https://remark42.example.org, site: my-site}`, the embed's host and site_id."""

    name: ClassVar[str] = "remark42"
    title: ClassVar[str] = "Remark42"
    social: ClassVar[bool] = False
    needs: ClassVar[str] = "nothing"
    required: ClassVar[tuple[str, ...]] = ("url",)

    url: str = ""
    site: str = "remark"

    @classmethod
    def recognises(cls, document: Document) -> bool:
        backup = document.head.lstrip().startswith(b'{"version":') and has(document, "version", "users", "posts")
        return backup or has(document, "pid", "locator", "user", "text")

    def read(self, document: Document) -> Iterable[RawThread]:
        info: Mapping[str, Any] = {}
        if _is_lines(document.data):
            values = [table(value) for value in lines(document, "Remark42")]
            closed = {text(p.get("url")) for v in values for p in rows(v.get("posts")) if p.get("read_only") is True}
            found = [value for value in values if "locator" in value]
        else:
            answer = parse(document, "Remark42")
            found, info, closed = list(_flat(answer)), table(table(answer).get("info")), set()
            if not found and not isinstance(
                answer if isinstance(answer, list) else table(answer).get("comments"), list
            ):
                raise Unreadable(
                    f"{document.name}: no comments in it. Save GET /api/v1/find?site=...&url=...&format=plain"
                )
        by_page: dict[str | None, list[Mapping[str, Any]]] = {} if found else {text(info.get("url")): []}
        for row in found:
            by_page.setdefault(text(table(row.get("locator")).get("url")), []).append(row)
        return [
            thread(
                rows_,
                url=url,
                locked=url in closed or info.get("read_only") is True,
                live=document.url is not None,
            )
            for url, rows_ in by_page.items()
        ]

    @classmethod
    def from_url(cls, url: str) -> Self | None:
        return None  # a server's address does not say that it is Remark42's

    def fetch(self, post: Post, client: Client) -> Iterable[RawThread]:
        if not self.url:
            raise Refused("remark42: option 'url' is missing in mkdocs.yml. Set it to the embed's host.")
        wanted = [post.key] if post.key else links(post)
        if not wanted:
            raise NoThread("remark42: a page's address is its key there, and mkdocs.yml has no site_url. Set it.")
        found: list[RawThread] = []
        for url in wanted:
            params = {"site": self.site, "url": url, "format": "plain", "sort": "time"}
            answer = client.get(f"{self.url.rstrip('/')}/api/v1/find", params=params)
            found += self.read(answer.document())
        with_comments = [one for one in found if one.comments] or found[:1]
        return [replace(one, page_url=post.canonical_url) for one in with_comments]


def _is_lines(data: bytes) -> bool:
    first, _, rest = data.strip().partition(b"\n")
    return first.rstrip().endswith(b"}") and (rest.lstrip()[:1] == b"{" or first.startswith(b'{"version":'))


def _flat(answer: Any) -> Iterator[Mapping[str, Any]]:
    """format=tree nests {comment, replies}; format=plain and a saved list hold the comments themselves."""
    listed = answer if isinstance(answer, list) else table(answer).get("comments")
    for node, _ in preorder(listed, lambda n: n.get("replies")):
        yield table(node.get("comment")) if "comment" in node else node


def thread(found: Iterable[Mapping[str, Any]], *, url: str | None, locked: bool, live: bool) -> RawThread:
    """One page's comments; `pid` is the parent."""
    comments = tuple(comment for row in found if (comment := _comment(row, url)))
    title = next((t for row in found if (t := text(row.get("title")))), "")
    return RawThread(
        platform="remark42",
        comments=comments,
        page_url=url,
        key=url,
        title=title,
        locked=locked,
        open=live and not locked,
    )


def _comment(row: Mapping[str, Any], url: str | None) -> RawComment | None:
    identity, user = text(row.get("id")), table(row.get("user"))
    if identity is None:
        return None
    person = text(user.get("id"))
    return RawComment(
        identity,
        body=text(row.get("text")) or "",
        author=Author(name=text(user.get("name")), id=person, role="owner" if user.get("admin") is True else "user")
        if person != "deleted" else None,
        parent_id=text(row.get("pid")),
        created=when(row.get("time")),
        edited=when(table(row.get("edit")).get("time")),
        url=f"{url}#remark42__comment-{identity}" if url else None,
        score=number(row.get("score")),
        state="deleted" if row.get("delete") is True else "visible",
    )  # fmt: skip
