"""The export of a WordPress site (WXR): its posts, each with its comments."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar

from mkdocs_echo_plugin.model import Kind, Role, State
from mkdocs_echo_plugin.sources.formats import json_values, xml
from mkdocs_echo_plugin.sources.formats.markup import to_text
from mkdocs_echo_plugin.sources.formats.xml_repairs import Grammar, Repairs
from mkdocs_echo_plugin.sources.raw import Author, Document, RawComment, RawThread

if TYPE_CHECKING:
    from lxml.etree import _Element

_STATES: dict[str, State] = {
    "": "visible", "1": "visible", "approve": "visible", "approved": "visible", "0": "pending", "hold": "pending",
    "spam": "hidden", "trash": "deleted", "post-trashed": "deleted",
}  # fmt: skip
_KINDS: dict[str, Kind | None] = {
    "": None, "comment": None, "reply": "reply", "pingback": "pingback", "trackback": "pingback",
    "webmention": "mention", "mention": "mention", "like": "like", "favorite": "like", "repost": "repost",
}  # fmt: skip
_GRAMMAR = Grammar(
    title="WordPress", root="rss", level=2, elements=frozenset(("item", "author")), inner=frozenset(("comment",)),
    comment="comment",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Wxr:
    """The adapter. No options."""

    name: ClassVar[str] = "wxr"
    title: ClassVar[str] = "WordPress export (WXR)"
    venue: ClassVar[str] = "WordPress"
    social: ClassVar[bool] = False
    needs: ClassVar[str] = "nothing"

    @classmethod
    def recognises(cls, document: Document) -> bool:
        """Names the namespace of WordPress exports near its beginning."""
        return b"<rss" in document.head and b"wordpress.org/export/" in document.head

    def read(self, document: Document) -> Iterator[RawThread]:
        """The posts that have comments, in the export's order; a post that lacks damaged ones says so."""
        items = self._items(document)
        # what programs write for Disqus' importer may have an item a comment, in any order
        return _by_page(items) if b"http://www.disqus.com" in document.head else items

    def _items(self, document: Document) -> Iterator[RawThread]:
        owners: dict[str, str] = {}
        repairs = Repairs()
        for element in xml.elements(document, _GRAMMAR, repairs):
            kind = xml.local(element)
            if kind == "author":
                fields = _fields(element)
                owners[fields.get("author_id", "")] = fields.get("author_login", "")
            elif kind == "item":
                comments = [child for child in element if xml.local(child) == "comment"]
                if comments or repairs.lost_here:
                    thread = _thread(_fields(element), comments, owners)
                    yield replace(thread, **_incomplete(repairs)) if repairs.lost_here else thread


def _incomplete(repairs: Repairs) -> dict[str, Any]:
    count = repairs.lost_here
    return {"complete": False, "truncated_reason": f"{count} left out: the export is damaged there"}


def _by_page(items: Iterator[RawThread]) -> Iterator[RawThread]:
    """One thread a page, of all the items that have its address."""
    pages: dict[str, list[RawThread]] = {}
    for place, one in enumerate(items):
        pages.setdefault(one.page_url or one.key or f"item {place}", []).append(one)
    for parts in pages.values():
        comments = tuple(comment for part in parts for comment in part.comments)
        numbered = len({comment.id for comment in comments}) == len(comments)
        # without numbers of their own they were counted item by item
        if not numbered:
            comments = tuple(replace(one, id=f"{place}-{one.id}") for place, one in enumerate(comments, start=1))
        yield replace(parts[0], comments=comments)


def _thread(post: dict[str, str], comments: list[_Element], owners: dict[str, str]) -> RawThread:
    address = post.get("link") or None
    slug, number = post.get("post_name", ""), post.get("post_id", "")
    names = [name for name in (slug, number, post.get("thread_identifier", "")) if name]
    return RawThread(
        platform="wordpress",
        comments=tuple(_comment(_fields(c), post, owners, i) for i, c in enumerate(comments, start=1)),
        page_url=address,
        key=names[0] if names else None,
        title=post.get("title", ""),
        locked=post.get("comment_status", "open") != "open",
        aliases=tuple(names[1:]),
    )


def _comment(fields: dict[str, str], post: dict[str, str], owners: dict[str, str], number: int) -> RawComment:
    user = fields.get("comment_user_id", "0") or "0"
    email = fields.get("comment_author_email", "")
    kind = fields.get("comment_type", "").lower()
    state = _STATES.get(fields.get("comment_approved", "").lower(), "hidden")
    if kind not in _KINDS:  # a shop's order notes, a form's entries: stored as comments, never shown as such
        kind, state = "", "hidden"
    parent = fields.get("comment_parent", "0")
    key = fields.get("comment_id") or f"comment-{number}"
    words = re.sub(r"<(br|/p|p)\b[^<>]*>\s*\n", r"<\1>", fields.get("comment_content", ""))
    page = (post.get("link") or "").partition("#")[0]
    return RawComment(
        id=key,
        body=to_text(words, newlines=True),
        markup="text",
        author=Author(
            name=fields.get("comment_author") or None,
            # The e-mail before the user: the same person comments with and without having logged in, and pages and
            # the REST interface show a hash of it too.
            id=f"user {user}" if user != "0" and not email else None,
            website=fields.get("comment_author_url") or None,
            email=email or None,
            role=_role(user, fields, post, owners),
        ),
        parent_id=parent if parent not in ("", "0") else None,
        created=json_values.when(fields.get("comment_date_gmt")) or json_values.when(fields.get("comment_date")),
        url=f"{page}#comment-{key}" if page else None,
        kind=_KINDS[kind],
        state=state,
    )


def _role(user: str, fields: dict[str, str], post: dict[str, str], owners: dict[str, str]) -> Role:
    creator = post.get("creator", "")
    if user == "0":
        return "unknown"
    if user in owners:
        return "author" if owners[user] == creator else "member"
    # an export of one post may lack the list of authors
    return "author" if creator and creator == fields.get("comment_author") else "user"


def _fields(element: _Element) -> dict[str, str]:
    """The text of an element's children by local name: the namespace differs between versions of the format."""
    return {xml.local(child): (child.text or "").strip() for child in element}
