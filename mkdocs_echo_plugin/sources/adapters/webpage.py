"""A page as it was served or saved: the comments in its HTML, by known markup or by a site's own selectors."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Self
from urllib.parse import urlsplit

from mkdocs_echo_plugin.errors import NoThread, Refused, TooLarge, Unreadable
from mkdocs_echo_plugin.model import Post
from mkdocs_echo_plugin.sources.http.settings import is_below
from mkdocs_echo_plugin.sources.raw import Document, RawComment, RawThread

if TYPE_CHECKING:
    from mkdocs_echo_plugin.sources.html.page import Page
    from mkdocs_echo_plugin.sources.http.client import Client

_HTML = re.compile(
    rb"^\s*+(?>(?:<!--.{0,2000}?-->|<\?xml[^>]{0,200}>)\s*+)*+"
    rb"<(?:!doctype\s+html|html|head|body|main|article|section|div|ol|ul|li|h[1-6]|p|aside|header|meta|link|title)\b",
    re.I | re.S,
)


@dataclass(frozen=True, slots=True)
class Webpage:
    """`webpage: {url: https://old.example.org}` reads the served pages; files need no option.

    Where the markup is a site's own, CSS selectors say it: `comment` finds a comment's element, the others look inside
    it; `id` and `parent` are attributes of that element. `open: true` says that replies are possible.
    """

    name: ClassVar[str] = "webpage"
    title: ClassVar[str] = "HTML page"
    venue: ClassVar[str] = "Webpage"
    social: ClassVar[bool] = False
    needs: ClassVar[str] = "nothing for files; the site's address for served pages"

    url: str = ""
    comment: str = ""
    author: str = ""
    text: str = ""
    time: str = ""
    link: str = ""
    likes: str = ""
    id: str = "id"
    parent: str = ""
    open: bool = False

    def __post_init__(self) -> None:
        chosen = {"comment": self.comment, "author": self.author, "text": self.text, "time": self.time,
                  "link": self.link, "likes": self.likes}  # fmt: skip
        if not any(chosen.values()):
            return
        if not self.comment:
            raise ValueError("option 'comment' is missing: the selector that finds one comment's element")
        from soupsieve import SelectorSyntaxError, compile

        for option, selector in chosen.items():
            try:
                compile(selector or "*")
            except (SelectorSyntaxError, ValueError) as error:
                raise ValueError(f"option '{option}': '{selector}' is no CSS selector") from error

    @classmethod
    def recognises(cls, document: Document) -> bool:
        """HTML, a whole page or a fragment; what it holds is not looked at."""
        return bool(_HTML.match(document.head.removeprefix(b"\xef\xbb\xbf"))) and b"<rss" not in document.head

    @classmethod
    def from_url(cls, url: str) -> Self | None:
        """None: every address could be a page's, and none says that comments stand in it."""
        return None

    def fetch(self, post: Post, client: Client) -> Iterator[RawThread]:
        """The post's page below `url`: the address in the front matter, else the post's own path."""
        if not self.url:
            raise Refused("webpage: option 'url' is missing. Set the address of the site that has the comments.")
        named = [address for address in post.threads if is_below(address, self.url)]
        path = post.key or urlsplit(post.canonical_url or "").path or post.url
        address = named[0] if named else f"{self.url.rstrip('/')}/{path.lstrip('/')}"
        if not is_below(address, self.url):
            raise Refused(f"webpage: '{path[:100]}' leads out of {self.url}. Write the page's path in `echo.key`.")
        answer = client.get(address, accept="text/html", absent=(404, 410), scrape=True)
        if answer.status != 200:
            raise NoThread(f"{answer.shown}: there is no such page. Set `echo: {{key: PATH}}` in the front matter.")
        yield from self.read(answer.document())

    def read(self, document: Document) -> Iterator[RawThread]:
        """The thread of a page; the order of its comments is the page's.

        Raises:
            Unreadable: the page shows no comment markup that is known, and no place for comments either.
            TooLarge: more than 10 MB, or 200,000 elements.
        """
        from mkdocs_echo_plugin.sources.html import announced
        from mkdocs_echo_plugin.sources.html.page import page_of

        page = page_of(document)
        try:
            platform, found = self._walk(page)
        except TooLarge as error:
            raise TooLarge(f"{document.name}: {error}") from None
        counted, paged = announced.counted(page), announced.is_paged(page)
        if not found and counted != 0 and (counted or not announced.has_none(page)):
            many = f"says that it has {counted} comments" if counted else "has a form for comments"
            many = many if counted or announced.has_form(page) else "has none of the markup that is known"
            raise Unreadable(
                f"{document.name}: the page {many}, and no comment was found. "
                f"Name its markup: `webpage: {{comment: CSS-SELECTOR}}`."
            )
        fewer = counted is not None and len(found) < counted
        reason = "the page shows one of several pages of comments" if paged else None
        if fewer:
            reason = f"the page shows {len(found)} of {counted} comments"
        locked = announced.is_closed(page)
        yield RawThread(
            platform=platform,
            comments=tuple(found),
            source_url=page.url or document.url,
            page_url=page.url,
            title=page.title,
            locked=locked,
            complete=reason is None,
            truncated_reason=reason,
            reported_count=counted,
            open=self.open and not locked,
        )

    def _walk(self, page: Page) -> tuple[str, list[RawComment]]:
        # every file is shown to every adapter: what only pages need is loaded for pages
        from mkdocs_echo_plugin.sources.html import bylines, microformats, schema_org, selectors, wordpress

        if self.comment:
            own = selectors.Selectors(self.comment, self.author, self.text, self.time, self.link, self.likes, self.id,
                                      self.parent)  # fmt: skip
            return "webpage", selectors.comments(page, own)
        for platform, walk in (
            ("wordpress", wordpress.comments),
            ("webpage", microformats.comments),
            ("webpage", schema_org.comments),
            ("webpage", selectors.guessed),
            ("webpage", bylines.comments),
        ):
            if found := walk(page):
                return platform, found
        return "webpage", []
