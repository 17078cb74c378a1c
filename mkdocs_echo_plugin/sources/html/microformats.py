"""Microformats 2 in HTML: comments below a post (`p-comment`, `u-comment`), or one page that answers another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import islice
from typing import TYPE_CHECKING

from mkdocs_echo_plugin.model import Kind
from mkdocs_echo_plugin.sources.formats import dates
from mkdocs_echo_plugin.sources.html.page import Page, Piece, attribute, classes, line_of, split, tags, text_of
from mkdocs_echo_plugin.sources.raw import Author, RawComment

if TYPE_CHECKING:
    from bs4 import Tag

_LARGEST_CARD = 200
"""Elements of somebody's card."""
_ITEMS = frozenset(("h-cite", "h-entry", "h-review"))
_COMMENT: Mapping[str, Kind | None] = {
    "p-comment": None, "u-comment": None, "p-like": "like", "u-like": "like", "p-repost": "repost",
    "u-repost": "repost", "p-mention": "mention", "u-mention": "mention",
}  # fmt: skip
_ANSWER: Mapping[str, Kind | None] = {
    "u-in-reply-to": None, "p-in-reply-to": None, "u-like-of": "like", "p-like-of": "like", "u-repost-of": "repost",
    "p-repost-of": "repost", "u-bookmark-of": "mention", "p-bookmark-of": "mention", "u-invitee": "mention",
    "p-rsvp": "mention",
}  # fmt: skip


def comments(page: Page) -> list[RawComment]:
    """The comments in the order of the page; where it holds none and is an answer itself, that one."""
    if "h-entry" not in page.html and "h-cite" not in page.html:
        return []
    tree = page.whole()
    found = list(tags(tree))
    roots = [tag for tag in found if _ITEMS.intersection(classes(tag)) and not _COMMENT.keys().isdisjoint(classes(tag))]
    if roots:
        pieces = split(tree, roots)
        keys = [_key(piece, i) for i, piece in enumerate(pieces)]
        return [
            _comment(page, piece, keys[i], None if piece.parent is None else keys[piece.parent], _COMMENT)
            for i, piece in enumerate(pieces)
        ]
    for piece in split(tree, [tag for tag in found if "h-entry" in classes(tag)][:1]):
        if _is_answer(page, piece.own):
            return [_comment(page, piece, _key(piece, 0), None, _ANSWER)]
    return []


def _is_answer(page: Page, own: Sequence[Tag]) -> bool:
    """Whether a page says that it answers another; a nameless note that was saved without its page is taken for one."""
    if any(_ANSWER.keys() & set(classes(tag)) for tag in own):
        return True
    whole = any(sign in page.html[:5000].lower() for sign in ("<html", "<head", "<body", "<title"))
    return not whole and _with(_outside_cards(own), "p-name") is None and any(tag.name == "a" for tag in own)


def _comment(page: Page, piece: Piece, key: str, parent: str | None, kinds: Mapping[str, Kind | None]) -> RawComment:
    own = piece.own
    given = [name for tag in (own[:1] if kinds is _COMMENT else own) for name in classes(tag) if name in kinds]
    kind = kinds[given[0]] if given else "mention"
    bare = _outside_cards(own)
    said = _with(bare, "e-content", "p-content", "p-summary", "p-name")
    when = _with(own, "dt-published", "dt-updated")
    link = _with(bare, "u-url")
    return RawComment(
        id=key,
        body=text_of([said], piece.inner) if said is not None and kind in (None, "mention") else "",
        markup="text",
        author=_author(page, own, piece.inner),
        parent_id=parent,
        created=dates.parse(attribute(when, "datetime", "title") or line_of(when, piece.inner), language=page.language)
        if when is not None
        else None,
        url=page.absolute(attribute(link, "href")) if link is not None else None,
        kind=kind,
    )


def _author(page: Page, own: Sequence[Tag], inner: set[int]) -> Author | None:
    who = _with(own, "p-author", "u-author", "h-card")
    if who is None:
        return None
    card = list(islice(tags(who), _LARGEST_CARD))
    named, link = _with(card, "p-name", "fn"), _with([who, *card], "u-url")
    name = line_of(named if named is not None else who, inner)
    site = page.absolute(attribute(link, "href")) if link is not None else page.absolute(attribute(who, "href"))
    return Author(name=name, website=site) if name or site else None


def _key(piece: Piece, i: int) -> str:
    """The comment's own name: its identifier, else its address, else its place."""
    own = piece.own
    for name in ("p-uid", "u-uid"):
        uid = _with(own, name)
        if uid is not None and (key := line_of(uid, piece.inner) or attribute(uid, "href", "value")):
            return key
    link = _with(_outside_cards(own), "u-url")
    address = attribute(link, "href") if link is not None else ""
    return address or attribute(own[0], "id") or f"n{i + 1}"


def _outside_cards(own: Sequence[Tag]) -> list[Tag]:
    """Without what stands in somebody's card: names and addresses there are the author's, not the comment's."""
    cards: set[int] = set()
    for tag in own[1:]:
        if id(tag.parent) in cards or {"h-card", "p-author", "u-author"}.intersection(classes(tag)):
            cards.add(id(tag))
    return [tag for tag in own if id(tag) not in cards]


def _with(own: Sequence[Tag], *names: str) -> Tag | None:
    """The first element that has the first of the classes that any has."""
    for name in names:
        for tag in own:
            if name in classes(tag):
                return tag
    return None
