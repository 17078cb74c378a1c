"""A feed of comments, RSS or Atom: the latest of a post or a site, as WordPress, Isso and Waline give them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

from mkdocs_echo_plugin.sources.formats import dates, xml
from mkdocs_echo_plugin.sources.formats.xml_repairs import Grammar, Repairs
from mkdocs_echo_plugin.sources.raw import Author, Document, RawComment, RawThread

if TYPE_CHECKING:
    from lxml.etree import _Element

_RSS = re.compile(rb"<link>[^<]{0,1000}#comment-\d|<title>(?:<!\[CDATA\[)?[^<\]]{1,200} commented on /")
_ATOM = re.compile(rb"<link\b[^<>]{0,1000}(?:#comment-\d|#isso-)")
_PAGED = re.compile(r"/comment-page-\d{1,6}(?=/?$)")
"""WordPress parts long discussions; the post is the address without it."""
_NUMBER = re.compile(r"#(?:comment-|isso-)?(\d{1,20})$")
_COMMENTED = re.compile(r"^(.{1,100}) commented on /")
_REPLY = re.compile(
    r"^\s*(?:<p>)?[^<]{0,40}<a href=[\"'][^\"'<>]{1,1000}#comment-(\d{1,20})[\"'][^<>]{0,200}>[^<]{0,100}</a>"
    r"[^<\n]{0,5}(?:</p>|<br ?/?>|\n|$)\s*"
)
"""WordPress begins a reply in a feed with "In reply to <a ...#comment-3>Ada</a>.", in the blog's language."""

_TITLE = "the site's feed"
_ATOM_FEED = Grammar(
    _TITLE, root="feed", level=1, elements=frozenset(("entry",)), inner=frozenset(("author",)), comment="entry"
)
_RSS_FEED = Grammar(_TITLE, root="rss", level=2, elements=frozenset(("item",)), inner=frozenset(), comment="item")

_SYSTEMS = ((b"wordpress.org", "wordpress"), (b"wordpress.com", "wordpress"), (b"RSS for Node", "waline"))


@dataclass(frozen=True, slots=True)
class Feed:
    """The adapter. No options."""

    name: ClassVar[str] = "feed"
    title: ClassVar[str] = "comment feed (RSS, Atom)"
    venue: ClassVar[str] = "Feed"
    social: ClassVar[bool] = False
    needs: ClassVar[str] = "nothing"

    @classmethod
    def recognises(cls, document: Document) -> bool:
        """A feed whose first entries are comments: a blog's feed of posts is none."""
        head = document.head
        if b"<feed" in head:
            return b"purl.org/syndication/thread" in head and bool(_ATOM.search(head))
        return b"<rss" in head and b"wordpress.org/export/" not in head and bool(_RSS.search(head))

    def read(self, document: Document) -> Iterator[RawThread]:
        """The threads of the pages that the comments stand on; a feed never promises to hold them all."""
        atom = b"<feed" in document.head
        pages: dict[str, list[RawComment]] = {}
        for element in xml.elements(document, _ATOM_FEED if atom else _RSS_FEED, Repairs()):
            link, comment = _comment(element, len(pages))
            pages.setdefault(link, []).append(comment)
        platform = _platform(document.head, b"<entry" if atom else b"<item")
        for page, comments in pages.items():
            yield RawThread(
                platform=platform,
                # Isso hangs every reply on the first comment, Waline's feed does not say what was answered.
                comments=tuple(
                    replace(c, parent_exact=platform != "waline" and (platform != "isso" or c.parent_id is None))
                    for c in comments
                ),
                source_url=document.url,
                page_url=page or None,
                complete=False,
                truncated_reason="a feed holds only the latest comments",
            )


def _platform(head: bytes, entry: bytes) -> str:
    """What wrote a feed: said before its first entry, never in somebody's words; Isso's links show it."""
    about, _, first = head.partition(entry)
    if re.search(rb"(?:href=.|<link>)[^<>\"']{1,1000}#isso-", first):
        return "isso"
    return next((system for sign, system in _SYSTEMS if sign in about), "feed")


def _comment(entry: _Element, number: int) -> tuple[str, RawComment]:
    """A comment, and the address of the page that it stands on."""
    fields: dict[str, str] = {}
    above = ""
    for child in entry:
        name = xml.local(child)
        if name == "author":
            person = {xml.local(part): (part.text or "").strip() for part in child}
            fields["creator"], fields["website"] = person.get("name", ""), person.get("uri", "")
        elif name == "in-reply-to":
            above = str(child.get("href") or "")
        else:
            fields.setdefault(name, (child.text or child.get("href") or "").strip())
    link = fields.get("link", "")
    body = fields.get("encoded") or fields.get("content") or fields.get("description") or ""
    answered = _NUMBER.search(above)
    if answered is None and (answered := _REPLY.match(body)) is not None:
        body = body[answered.end() :]
    said = _COMMENTED.match(fields.get("title", ""))
    name = fields.get("creator", "").strip() or (said[1] if said else "")
    own = _NUMBER.search(link)
    return _PAGED.sub("", link.partition("#")[0]), RawComment(
        id=own[1] if own else fields.get("guid") or fields.get("id") or f"n{number + 1}",
        body=body,
        author=Author(name=name, website=fields.get("website") or None) if name else None,
        parent_id=answered[1] if answered else None,
        created=dates.parse(fields.get("pubDate") or fields.get("published") or fields.get("updated") or ""),
        url=link or None,
    )
