"""Puts fragments into a finished HTML document of any generator, and takes them out again: no other byte changes.

What is put in is ASCII (other characters as references) and stands behind a comment that says how long it is and what
it hashes to: `<!--echo:applied LENGTH SHA256-->`. Undoing cuts exactly those bytes.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Final

from mkdocs_echo_plugin.render.html_tokens import comments as comments_in
from mkdocs_echo_plugin.render.html_tokens import inert, tokens
from mkdocs_echo_plugin.render.insert import MARKER

if TYPE_CHECKING:
    from bs4 import BeautifulSoup, Tag

    from mkdocs_echo_plugin.render import Fragments, RenderOptions

TITLES: Final = (
    "article.md-content__inner h1",  # Material, Zensical
    "[itemprop=articleBody] h1",  # MkDocs' readthedocs, Sphinx' Read the Docs
    "article .post-title, .post-header h1",  # Jekyll minima, Hugo
    "h1.entry-title, h2.entry-title, .entry-title",  # Pelican
    "article[role=main] h1, .bd-article h1, div.body h1",  # Sphinx: Furo, PyData, Alabaster and classic
    "article h1",
    "main h1, [role=main] h1",
    "h1",
)
"""Where the badge goes: behind the first that a page has."""

COMMENTS: Final = (
    "#__comments", "#comments", "section.comments, div.comments", "#disqus_thread", "#isso-thread", ".giscus",
    "#remark42", "#waline", "#twikoo", "#cusdis_thread", "#commento", "script[src*='giscus.app']",
    "script[src*='utteranc.es']",
)  # fmt: skip
"""What prompt and policy stand before: the comments or their embed."""

CONTENTS: Final = (
    "article.md-content__inner", "[itemprop=articleBody]", ".post-content, .entry-content",
    "article[role=main], .bd-article", "div.body", "article", "main, [role=main]", "body",
)  # fmt: skip
"""What holds the post's words; prompt and policy stand at its end where there are no comments."""

MARK: Final = b"<!--echo:applied "
"""How what was put in begins."""
_MARK = re.compile(rb"<!--echo:applied (\d{1,7}) ([0-9a-f]{64})-->")
_VOID: Final = frozenset(
    ("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr")
)


@dataclass(frozen=True, slots=True)
class Place:
    """Where an element stands in the text: `start` of its start tag, `inside` after that, `close` at its end tag,
    `end` after it."""

    start: int
    inside: int
    close: int
    end: int


class Document:
    """An HTML document with the places of its elements. Bytes are kept one to one whatever the encoding."""

    def __init__(self, data: bytes) -> None:
        from bs4 import BeautifulSoup

        self.text = data.decode("latin-1")
        self.soup: BeautifulSoup = BeautifulSoup(self.text, "html.parser")
        self._places = _Places(self.text)

    def first(self, selectors: Sequence[str], *, within: Place | None = None) -> Place | None:
        """The place of the first element that the first fitting selector finds and a reader sees."""
        for selector in selectors:
            for tag in self.soup.select(selector, limit=20):
                place = self._places.of(tag)
                if place is None or (within is not None and not within.start <= place.start < within.end):
                    continue
                if not self._is_inert(place.start) and not self._is_inert(place.end):
                    return place
        return None

    def _is_inert(self, at: int) -> bool:
        """Whether this place lies in a script, style, template, textarea or comment, and not at its start."""
        place = bisect_left(self._inert, (at, 0)) - 1
        return place >= 0 and self._inert[place][0] < at < self._inert[place][1]

    @cached_property
    def _inert(self) -> list[tuple[int, int]]:
        merged: list[tuple[int, int]] = []
        for start, end in inert(self.text):
            if not merged or start >= merged[-1][1]:
                merged.append((start, end))
        return merged

    @property
    def head_end(self) -> int | None:
        """Where the head's end tag starts."""
        return next((token.start for token in tokens(self.text) if token.name == "/head"), None)

    @property
    def marker_end(self) -> int | None:
        """Behind the first `<!-- echo:badge -->`."""
        return next((token.end for token in comments_in(self.text, MARKER)), None)


def applied(
    data: bytes, fragments: Fragments, options: RenderOptions, *, stylesheet: str, after: Sequence[str] = ()
) -> bytes:
    """A document with a post's fragments and a link to the stylesheet; those of an earlier run are taken out first.

    Args:
        data: the document, with or without earlier fragments.
        stylesheet: the CSS file's address as seen from the document.
        after: the site's own selectors for the element that the badge follows.

    Returns:
        The document unchanged where there is nothing to show or no place for it.
    """
    data = without_fragments(data)
    document = Document(data)
    pieces: list[tuple[int, str]] = []
    content = document.first(CONTENTS)
    title = document.first((*after, *TITLES))
    comments = document.first(COMMENTS)
    end = comments.start if comments else content.close if content else None
    marker = document.marker_end
    badge_at = marker if marker is not None else title.end if title and options.badge == "title" else None
    if marker is None and options.badge == "end":
        badge_at = end
    tail = (fragments.prompt if options.prompt == "end" else "") + fragments.policy
    if badge_at is not None and fragments.badge:
        pieces.append((badge_at, fragments.badge))
    if end is not None and tail:
        pieces.append((end, tail))
    head = document.head_end
    if pieces and head is not None:
        pieces.append((head, f'<link rel="stylesheet" href="{stylesheet}">'))
    for at, piece in sorted(pieces, key=lambda p: p[0], reverse=True):
        data = data[:at] + _marked(piece) + data[at:]
    return data


def without_fragments(data: bytes) -> bytes:
    """The document without what `applied` put in: the very bytes that it had before."""
    at = 0
    while mark := _MARK.search(data, at):
        size = int(mark[1])
        piece = data[mark.end() : mark.end() + size]
        if sha256(piece).hexdigest().encode() == mark[2]:
            data = data[: mark.start()] + data[mark.end() + size :]
            at = mark.start()
        else:
            at = mark.end()  # somebody changed it since, or only writes about it: not ours to cut
    return data


def _marked(piece: str) -> bytes:
    data = piece.encode("ascii", "xmlcharrefreplace")
    return b"<!--echo:applied %d %s-->" % (len(data), sha256(data).hexdigest().encode()) + data


class _Places(HTMLParser):
    """The places of a document's elements, by line and column of the start tag, as BeautifulSoup tells them."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=False)
        self._lines = [0, *(m.end() for m in re.finditer("\n", text))]
        self._text = text
        self._open: list[tuple[str, int, int]] = []
        self._depth: dict[str, int] = {}
        self._found: dict[int, Place] = {}
        self.feed(text)
        self.close()
        for _, start, inside in self._open:
            self._found[start] = Place(start, inside, len(text), len(text))

    def of(self, tag: Tag) -> Place | None:
        if tag.sourceline is None or tag.sourcepos is None:
            return None
        return self._found.get(self._lines[tag.sourceline - 1] + tag.sourcepos)

    def _here(self) -> int:
        line, column = self.getpos()
        return self._lines[line - 1] + column

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        start = self._here()
        inside = start + len(self.get_starttag_text() or "")
        if tag in _VOID:
            self._found[start] = Place(start, inside, inside, inside)
        else:
            self._open.append((tag, start, inside))
            self._depth[tag] = self._depth.get(tag, 0) + 1

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        close = self._here()
        if not self._depth.get(tag):
            return
        end = self._text.find(">", close) + 1 or len(self._text)
        while True:
            opened, start, inside = self._open.pop()
            self._depth[opened] -= 1
            if opened == tag:
                self._found[start] = Place(start, inside, close, end)
                return
            self._found[start] = Place(start, inside, close, close)  # closed by the end of what holds it
