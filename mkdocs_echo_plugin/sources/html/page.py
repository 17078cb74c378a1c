"""A page's HTML: its text, what it says of itself, and the trees that walkers ask for.

Trees are walked by loops, never by recursion: ten thousand nested replies are ten thousand levels of HTML.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from html import unescape
from itertools import islice
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from mkdocs_echo_plugin.errors import TooLarge
from mkdocs_echo_plugin.limits import MAX_ELEMENTS, MAX_PAGE_BYTES
from mkdocs_echo_plugin.sources.formats.markup import Writer
from mkdocs_echo_plugin.sources.raw import Document

if TYPE_CHECKING:
    from bs4 import BeautifulSoup, Tag


_OPENS = re.compile(r"<[A-Za-z]")
_CHARSET = re.compile(rb"<meta\b[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]{2,40})", re.I)
_ARCHIVE = re.compile(r"^https?://web\.archive\.org/web/\d+[a-z_]*/(?=https?:)")
_TAG = re.compile(r"<(link|meta|html|title)\b([^<>]{0,2000})>", re.I)
_ATTRIBUTE = re.compile(r"(?<![\w:-])([\w:-]++)\s*+=\s*+(?:\"([^\"]*+)\"|'([^']*+)'|([^\s\"'>]++))")
_SPACES = re.compile(r"\s+")
_AVATAR = re.compile(r"avatar/([0-9a-f]{32}(?:[0-9a-f]{32})?)\b")


@dataclass(frozen=True, slots=True)
class Page:
    """`html` is the whole page as text; `url` its own address (canonical), `language` as in HTML's lang."""

    html: str
    url: str | None
    title: str
    language: str | None
    _whole: list[BeautifulSoup] = field(default_factory=list, compare=False, repr=False)

    def tree(self, start: int = 0, end: int | None = None) -> BeautifulSoup:
        """A slice of the page for a walker of its own: parsing is most of the time that reading takes.

        Raises:
            TooLarge: more elements than people write.
        """
        from bs4 import BeautifulSoup

        words = self.html[start:end]
        if words.count("<") > MAX_ELEMENTS and next(islice(_OPENS.finditer(words), MAX_ELEMENTS, None), None):
            raise TooLarge(f"the page has more than {MAX_ELEMENTS:,} elements. Save its comments alone.")
        return BeautifulSoup(words, "lxml")

    def whole(self) -> BeautifulSoup:
        """The page as a tree that several walkers look at and none changes."""
        if not self._whole:
            self._whole.append(self.tree())
        return self._whole[0]

    def absolute(self, href: str | None) -> str | None:
        """A link of the page as an address that works elsewhere; archived pages give the original's."""
        if not href or len(href) > 2000:
            return None
        try:
            return _ARCHIVE.sub("", urljoin(self.url or "", href.strip()))
        except ValueError:
            return None


def page_of(document: Document) -> Page:
    """The page in a document. Raises TooLarge past 10 MB."""
    if len(document.data) > MAX_PAGE_BYTES:
        raise TooLarge(
            f"{document.name}: more than {MAX_PAGE_BYTES // 1_000_000} MB for one page. Save its comments alone."
        )
    html = _decoded(document.data)
    about: dict[str, str] = {}
    title = ""
    for found in _TAG.finditer(html, 0, 300_000):
        name = found[1].lower()
        if name == "title" and not title:
            title = html[found.end() : found.end() + 500].partition("<")[0]
            continue
        given = {a[1].lower(): unescape(a[2] or a[3] or a[4] or "") for a in _ATTRIBUTE.finditer(found[2])}
        if name == "html":
            about.setdefault("lang", given.get("lang") or given.get("xml:lang") or "")
        elif name == "link" and "canonical" in given.get("rel", "").lower().split():
            about.setdefault("canonical", given.get("href", ""))
        elif name == "meta":
            about.setdefault((given.get("property") or given.get("name") or "").lower(), given.get("content", ""))
    url = about.get("canonical") or about.get("og:url") or document.url
    title = about.get("og:title") or _SPACES.sub(" ", unescape(title)).strip()
    try:
        url = _ARCHIVE.sub("", urljoin(document.url or "", url)) if url else None
    except ValueError:
        url = document.url
    return Page(html=html, url=url, title=title, language=about.get("lang") or None)


def _decoded(data: bytes) -> str:
    """By mark, by what the page declares, as UTF-8, as Windows-1252: the order of browsers."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", "replace")
    declared = _CHARSET.search(data, 0, 4096)
    names = [declared[1].decode("ascii", "replace")] if declared else []
    for name in (*names, "utf-8-sig"):
        try:
            # HTML takes Latin-1 for Windows-1252, and a page that could say "UTF-16" in ASCII is not UTF-16
            if name.lower() not in ("iso-8859-1", "latin1", "utf-16", "utf-16le", "utf-16be", "utf-7"):
                return data.decode(name).removeprefix("\ufeff")
        except (LookupError, UnicodeDecodeError, ValueError):
            continue
    return data.decode("cp1252", "replace")


def classes(tag: Tag) -> list[str]:
    """An element's classes."""
    value = tag.get("class")
    return value if isinstance(value, list) else str(value).split() if value else []


def attribute(tag: Tag, *names: str) -> str:
    """The first attribute that is there and not empty."""
    for name in names:
        value = tag.get(name)
        if value:
            return " ".join(value) if isinstance(value, list) else str(value)
    return ""


def tags(tree: Tag) -> Iterator[Tag]:
    """The elements below one, in the order of the page."""
    from bs4 import Tag

    return (node for node in tree.descendants if isinstance(node, Tag))


@dataclass(frozen=True, slots=True)
class Piece:
    """One comment's part of a tree: its elements in order, itself first, without those of comments inside it.

    `inner` holds the `id()` of the comments directly inside, to be left out of its text; `parent` is the place of the
    comment around it.
    """

    own: list[Tag]
    inner: set[int]
    parent: int | None

    @property
    def root(self) -> Tag:
        """The comment's outermost element."""
        return self.own[0]


def split(tree: Tag, roots: Sequence[Tag]) -> list[Piece]:
    """The piece of each comment, in one pass over the tree."""
    place = {id(root): i for i, root in enumerate(roots)}
    pieces: list[Piece] = [Piece([root], set(), None) for root in roots]
    owner: dict[int, int | None] = {}
    for tag in tags(tree):
        above = owner.get(id(tag.parent))
        i = place.get(id(tag))
        if i is not None:
            pieces[i] = Piece([tag], set(), above)
            if above is not None:
                pieces[above].inner.add(id(tag))
            above = i
        elif above is not None:
            pieces[above].own.append(tag)
        owner[id(tag)] = above
    return pieces


def text_of(elements: Iterable[Tag], without: Collection[int] = ()) -> str:
    """The plain text of elements, without those whose `id()` is given; markup as in `markup.to_text`."""
    from bs4 import CData, Tag
    from bs4.element import NavigableString

    writer = Writer()
    for element in elements:
        if id(element) in without:
            continue
        writer.start(element.name, {})
        stack = [(element.name, iter(element.contents))]
        while stack:
            name, rest = stack[-1]
            node = next(rest, None)
            if node is None:
                writer.end(name)
                stack.pop()
            elif isinstance(node, Tag):
                if id(node) not in without:
                    image = node.name == "img"
                    writer.start(node.name, {k: attribute(node, k) for k in ("class", "alt")} if image else {})
                    stack.append((node.name, iter(node.contents)))
            elif type(node) in (NavigableString, CData):
                writer.data(str(node))
    return writer.close()


def line_of(element: Tag, without: Collection[int] = ()) -> str:
    """The text of an element on one line, without quotes' and lists' marks."""
    return _SPACES.sub(" ", text_of([element], without)).strip().strip("`").removeprefix("> ").removeprefix("- ")


def email_hash(elements: Iterable[Tag]) -> str | None:
    """The hash of the e-mail in a Gravatar's address: it tells persons apart, and the anonymiser hashes it again."""
    for tag in elements:
        if tag.name == "img":
            found = _AVATAR.search(attribute(tag, "src", "data-src", "data-lazy-src"))
            if found:
                return found[1]
    return None
