"""WordPress' REST interface, which gives the comments that a page flattens; also its saved answers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Self
from urllib.parse import parse_qs, urlsplit

from mkdocs_echo_plugin.errors import Ambiguous, NoThread, Refused, Unreachable, Unreadable
from mkdocs_echo_plugin.model import Kind, Post, State
from mkdocs_echo_plugin.sources.formats import json_values
from mkdocs_echo_plugin.sources.http.settings import is_below
from mkdocs_echo_plugin.sources.raw import Author, Document, RawComment, RawThread

if TYPE_CHECKING:
    from mkdocs_echo_plugin.sources.http.client import Answer, Client

PAGES = 200
"""Pages of a hundred comments that are read of one post."""

_STATES: dict[str | None, State] = {"hold": "pending", "spam": "hidden", "trash": "deleted"}
_KINDS: dict[str | None, Kind] = {"pingback": "pingback", "trackback": "pingback", "like": "like", "repost": "repost",
                                  "mention": "mention", "webmention": "mention"}  # fmt: skip
_AVATAR = re.compile(r"avatar/([0-9a-f]{32,64})")
_REST = re.compile(r"^(.*/)wp/v2/(?:posts|pages|[\w-]+)/(\d+)(?:[?#].*)?$")
_ALTERNATE = re.compile(r"<link\b[^>]{0,500}>", re.I)
_FIELDS = "id,post,parent,author,author_name,author_url,author_avatar_urls,date_gmt,content,link,status,type"


@dataclass(frozen=True, slots=True)
class WordPress:
    """`wordpress: {url: https://old.example.org}`, the address of the blog; no token.

    `post` is the number of one post; it is set from a thread's own address and has no place in mkdocs.yml.
    """

    name: ClassVar[str] = "wordpress"
    title: ClassVar[str] = "WordPress"
    social: ClassVar[bool] = False
    needs: ClassVar[str] = "the blog's address"
    required: ClassVar[tuple[str, ...]] = ("url",)

    url: str = ""
    post: int | None = None

    @classmethod
    def recognises(cls, document: Document) -> bool:
        """An answer of the comments interface, or one of its errors."""
        return json_values.has(document, "author_name", "parent", "post", "content") or (
            json_values.has(document, "code", "message", "data") and b'"rest_' in document.head
        )

    @classmethod
    def from_url(cls, url: str) -> Self | None:
        """`https://blog.example.org/wp-json/wp/v2/comments?post=4`, or `https://blog.example.org/?p=4`."""
        try:
            parts = urlsplit(url)
            query = parse_qs(parts.query)
        except ValueError:
            return None
        base, found, _ = parts.path.partition("/wp-json/wp/v2/comments")
        number = query.get("post" if found else "p", [""])[0]
        if parts.scheme not in ("http", "https") or not re.fullmatch(r"\d{1,12}", number):
            return None
        if not found and (len(query) > 1 or parts.path.rpartition("/")[2]):
            return None
        return cls(url=f"{parts.scheme}://{parts.netloc}{base.rstrip('/')}", post=int(number))

    def fetch(self, post: Post, client: Client) -> Iterator[RawThread]:
        """The thread of one post, found by number (`echo.key`), by its own address, or by its last path segment."""
        if not self.url:
            raise Refused("wordpress: option 'url' is missing. Set the address of the blog.")
        root, number, about = self._find(post, client)
        rows: list[Mapping[str, Any]] = []
        pages = page = 1
        total: int | None = None
        while page <= min(pages, PAGES):
            answer = _get(client, f"{root}wp/v2/comments", post=number, per_page=100, page=page, order="asc",
                          orderby="date_gmt", _fields=_FIELDS)  # fmt: skip
            rows += _rows(answer)
            total = json_values.number(answer.headers.get("x-wp-total"))
            pages = json_values.number(answer.headers.get("x-wp-totalpages")) or 1
            page += 1
        cut = pages > PAGES
        closed = about.get("comment_status") == "closed"
        yield RawThread(
            platform="wordpress",
            comments=tuple(_comment(row, json_values.number(about.get("author"))) for row in rows),
            source_url=self.url,
            page_url=json_values.text(about.get("link")) or _page(rows),
            key=json_values.text(about.get("slug")) or str(number),
            title=_title(about),
            locked=closed,
            complete=not cut,
            truncated_reason=f"only the first {PAGES} of {pages} pages were read" if cut else None,
            reported_count=total,
            open=not closed,
            aliases=(str(number),),
        )

    def _find(self, post: Post, client: Client) -> tuple[str, int, Mapping[str, Any]]:
        """The interface's address, the post's number there, and what it tells of the post."""
        root = f"{self.url.rstrip('/')}/wp-json/"
        number = self.post or (int(post.key) if post.key and re.fullmatch(r"\d{1,12}", post.key) else None)
        addresses = [url for url in post.threads if is_below(url, self.url)]
        if number is None and addresses:
            root, number = _advertised(client, addresses[0])
        if number is not None:
            answer = client.get(f"{root}wp/v2/posts/{number}", absent=(401, 403, 404))
            return root, number, json_values.table(answer.json()) if answer.status == 200 else {}
        slug = (post.key or urlsplit(post.canonical_url or post.url).path).rstrip("/").rpartition("/")[2]
        slug = slug.removesuffix(".html")
        if not slug:
            raise NoThread(f"wordpress: {post.path} has no name to look for. Set `echo: {{key: ...}}`.")
        for kind in ("posts", "pages"):
            answer = _get(client, f"{root}wp/v2/{kind}", slug=slug, _fields="id,link,slug,author,comment_status,title")
            hits = _rows(answer)
            if len(hits) > 1:
                raise Ambiguous(f"wordpress: {len(hits)} {kind} are called '{slug}'. Set `echo: {{key: NUMBER}}`.")
            if hits and (found := json_values.number(hits[0].get("id"))) is not None:
                return root, found, hits[0]
        raise NoThread(f"wordpress: {self.url} has no post called '{slug}'. Set `echo: {{key: NUMBER or NAME}}`.")

    def read(self, document: Document) -> Iterator[RawThread]:
        """Saved comments, one thread a post, in the order in which the posts first appear."""
        answer = json_values.parse(document, self.title)
        if isinstance(answer, dict) and "code" in answer:
            why = json_values.text(answer.get("message")) or json_values.text(answer.get("code"))
            raise Unreadable(f"{document.name}: this is an error of WordPress, not comments: {why}. Save it again.")
        rows = json_values.rows(answer)
        if not isinstance(answer, list) or not all("post" in row and "content" in row for row in rows):
            raise Unreadable(f"{document.name}: a list of WordPress comments was expected. Save the answer again.")
        by_post: dict[str, list[Mapping[str, Any]]] = {}
        for row in rows:
            by_post.setdefault(json_values.text(row.get("post")) or "", []).append(row)
        for key, rows in by_post.items() or [("", list[Mapping[str, Any]]())]:
            yield RawThread(
                platform="wordpress",
                comments=tuple(_comment(row, None) for row in rows),
                source_url=document.url,
                page_url=_page(rows),
                key=key or None,
            )


def _get(client: Client, url: str, **params: str | int) -> Answer:
    """An answer of the interface; its refusals are explained."""
    answer = client.get(url, params=params, absent=(400, 401, 403, 404))
    if answer.status == 404:
        raise Unreachable(f"{answer.shown}: the blog has no REST interface here. Use its export or saved pages.")
    if answer.status in (401, 403):
        raise Unreachable(f"{answer.shown}: the blog does not show this to everybody. Use its export or saved pages.")
    if answer.status == 400:
        why = json_values.text(json_values.table(answer.json()).get("message")) or "no reason given"
        raise Unreachable(f"{answer.shown}: WordPress refuses the question ({why[:200]}).")
    return answer


def _rows(answer: Answer) -> list[Mapping[str, Any]]:
    rows = answer.json()
    if not isinstance(rows, list):
        raise Unreadable(f"{answer.shown}: a list was expected. Is this address that of a WordPress blog?")
    return json_values.rows(rows)


def _advertised(client: Client, page: str) -> tuple[str, int]:
    """The interface's address and the post's number, as the post's page tells them to programs."""
    answer = client.get(page, accept="text/html", scrape=True)
    links = _ALTERNATE.findall(answer.body[:500_000].decode("utf-8", "replace"))
    for found in (_of_interface(link) for link in links if "application/json" in link):
        if found:
            return found
    raise NoThread(f"{answer.shown}: the page names no post of WordPress. Set `echo: {{key: NUMBER}}`.")


def _of_interface(link: str) -> tuple[str, int] | None:
    address = re.search(r"href=[\"']([^\"'<>]{1,1000})[\"']", link)
    found = _REST.match(address[1]) if address else None
    return (found[1], int(found[2])) if found and len(found[2]) < 13 else None


def _title(about: Mapping[str, Any]) -> str:
    from html import unescape

    return unescape(json_values.text(json_values.table(about.get("title")).get("rendered")) or "")


def _page(rows: list[Mapping[str, Any]]) -> str | None:
    """The post's address, from a comment's without its number and page."""
    link = json_values.text(rows[0].get("link")) if rows else None
    return re.sub(r"/comment-page-\d+/?$", "/", link.partition("#")[0]) if link else None


def _comment(row: Mapping[str, Any], owner: int | None) -> RawComment:
    user = json_values.number(row.get("author")) or 0
    parent = json_values.text(row.get("parent"))
    avatars = json_values.table(row.get("author_avatar_urls")).values()
    hashed = next((m[1] for url in avatars if (m := _AVATAR.search(json_values.text(url) or ""))), None)
    return RawComment(
        id=json_values.text(row.get("id")) or "",
        body=json_values.text(json_values.table(row.get("content")).get("rendered")) or "",
        author=Author(
            name=json_values.text(row.get("author_name")),
            id=f"user {user}" if user and not hashed else None,
            website=json_values.text(row.get("author_url")),
            email_hash=hashed,
            role="author" if user and user == owner else "user" if user else "unknown",
        ),
        parent_id=parent if parent != "0" else None,
        created=json_values.when(row.get("date_gmt")) or json_values.when(row.get("date")),
        url=json_values.text(row.get("link")),
        kind=_KINDS.get(json_values.text(row.get("type"))),
        state=_STATES.get(json_values.text(row.get("status")), "visible"),
    )
