"""Blogger: the Atom that its export gave until 2025, Google Takeout's `feed.atom`, and its feeds of comments."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

from mkdocs_echo_plugin.model import Role, State
from mkdocs_echo_plugin.sources.formats import json_values, xml
from mkdocs_echo_plugin.sources.formats.xml_repairs import Grammar, Repairs
from mkdocs_echo_plugin.sources.raw import Author, Document, RawComment, RawThread

if TYPE_CHECKING:
    from lxml.etree import _Element

_SIGNS = (b"http://schemas.google.com/blogger/20", b"<id>tag:blogger.com,1999:blog-")
_LATEST = re.compile(rb"<id>[^<>]{0,300}\.comments")
_GRAMMAR = Grammar(
    "Blogger", root="feed", level=1, elements=frozenset(("entry",)), inner=frozenset(("author",)), comment="entry"
)
_STATES: dict[str, State] = {"": "visible", "LIVE": "visible", "PENDING": "pending", "EMPTIED": "deleted"}
_NUMBER = re.compile(r"(?:\.post-|/comments/default/)(\d{1,25})$")


@dataclass(frozen=True, slots=True)
class Blogger:
    """The adapter. No options."""

    name: ClassVar[str] = "blogger"
    title: ClassVar[str] = "Blogger"
    social: ClassVar[bool] = False
    needs: ClassVar[str] = "nothing"

    @classmethod
    def recognises(cls, document: Document) -> bool:
        """An Atom feed with Blogger's namespace or its kind of identifier near the beginning."""
        return b"<feed" in document.head and any(sign in document.head for sign in _SIGNS)

    def read(self, document: Document) -> Iterator[RawThread]:
        """The posts that have comments, in the order of their first comment; the file may hold the post after it."""
        posts: dict[str, _Entry] = {}
        comments: dict[str, list[_Entry]] = {}
        # a feed of comments holds the last 25
        latest = _LATEST.search(document.head.partition(b"<entry")[0]) is not None
        for element in xml.elements(document, _GRAMMAR, Repairs()):
            entry = _entry(element)
            if entry.kind == "COMMENT":
                comments.setdefault(entry.post, []).append(entry)
            elif entry.kind in ("POST", "PAGE"):
                posts[entry.id] = entry
        for key, found in comments.items():
            yield _thread(key, posts.get(key), found, latest)


@dataclass(slots=True)
class _Entry:
    id: str = ""
    kind: str = ""
    post: str = ""
    above: str | None = None
    link: str = ""
    person: dict[str, str] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    removed: bool = False


def _number(value: str | None) -> str:
    found = _NUMBER.search((value or "").strip())
    return found[1] if found else (value or "").strip()


def _entry(element: _Element) -> _Entry:
    entry = _Entry()
    for child in element:
        name, words = xml.local(child), (child.text or "").strip()
        if name == "author":
            entry.person = {xml.local(part): (part.text or "").strip() for part in child}
        elif name == "category" and str(child.get("scheme", "")).endswith("#kind"):
            entry.kind = str(child.get("term", "")).rpartition("#")[2].upper()
        elif name == "type":
            entry.kind = words
        elif name == "in-reply-to":
            entry.post = _number(str(child.get("ref", "")))
            entry.kind = entry.kind or "COMMENT"  # a feed of comments does not tell the kind
        elif name == "parent":
            entry.post = _number(words)  # Takeout: the post, whatever its name says
        elif name == "inReplyTo":
            entry.above = _number(words) or None
        elif name == "link":
            rel, target = child.get("rel"), str(child.get("href", ""))
            # the comment that is answered is a "related" comment's feed; a post has none of these
            if rel == "related" and "/comments/default/" in target:
                entry.above = _number(target) or None
            elif rel == "alternate" and child.get("type") in (None, "text/html"):
                entry.link = target
        elif name == "extendedProperty":
            entry.removed |= child.get("name") == "blogger.contentRemoved" and child.get("value") == "true"
        elif name == "trashed":
            entry.removed |= bool(words)
        elif name in ("id", "title", "content", "summary", "published", "updated", "status", "filename"):
            entry.texts.setdefault(name, words)
    entry.id = _number(entry.texts.get("id"))
    return entry


def _thread(key: str, post: _Entry | None, found: list[_Entry], latest: bool) -> RawThread:
    writer = post.person if post else {}
    page = post.link or post.texts.get("filename", "") if post else found[0].link.partition("?")[0].partition("#")[0]
    return RawThread(
        platform="blogger",
        comments=tuple(_comment(entry, writer) for entry in found),
        page_url=page or None,
        key=key or None,
        title=post.texts.get("title", "") if post else "",
        complete=not latest,
        truncated_reason="a feed holds only the latest comments" if latest else None,
    )


def _comment(entry: _Entry, writer: dict[str, str]) -> RawComment:
    name, profile = entry.person.get("name", ""), entry.person.get("uri", "")
    own = profile and profile == writer.get("uri")
    role: Role = "author" if own else "user" if "/profile/" in profile else "unknown"
    return RawComment(
        entry.id,
        body=entry.texts.get("content") or entry.texts.get("summary") or "",
        author=Author(
            name=name or None,
            # the address noreply@blogger.com stands with everybody: it tells nobody apart
            id=profile if "/profile/" in profile else None,
            website=profile or None,
            role=role,
        ),
        parent_id=entry.above,
        created=json_values.when(entry.texts.get("published")),
        url=entry.link or None,
        state="deleted" if entry.removed else _STATES.get(entry.texts.get("status", ""), "hidden"),
    )
