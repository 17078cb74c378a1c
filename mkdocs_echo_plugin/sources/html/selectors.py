"""A site's own markup, told by CSS selectors; and the common habits of systems that no walker knows."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from mkdocs_echo_plugin.sources.formats import dates
from mkdocs_echo_plugin.sources.html.page import (
    Page,
    Piece,
    attribute,
    classes,
    email_hash,
    line_of,
    split,
    tags,
    text_of,
)
from mkdocs_echo_plugin.sources.html.parts import parts
from mkdocs_echo_plugin.sources.raw import Author, RawComment, RawReaction

if TYPE_CHECKING:
    from bs4 import Tag

MOST = 20_000
"""Comments that are read of one page."""

_BLOCKS = frozenset(("li", "div", "article", "section", "tr", "dl"))
_CLASSES = (
    "comment", "comment-item", "comment_item", "commentitem", "comment__item", "comment-wrapper", "comment-container",
    "single-comment", "comment-single", "user-comment", "blog-comment", "article-comment", "reader-comment",
    "c-comment", "comment-node", "comment-box", "comment-block", "h-comment", "js-comment",
)  # fmt: skip
_BOXES = frozenset(
    ("indented", "children", "replies", "comment-replies", "comment-children", "nested", "nested-comments",
     "subcomments", "sub-comments", "child-comments", "responses", "thread-children")
)  # fmt: skip
_CLASS = re.compile(rf"(?<=[\s\"'=])(?:{'|'.join(sorted(_CLASSES, key=len, reverse=True))})(?=[\s\"'>])")
_NUMBER = re.compile(r"\d{1,9}")


@dataclass(frozen=True, slots=True)
class Selectors:
    """CSS selectors; all but `comment` look inside one comment. `id` and `parent` are attributes of its element."""

    comment: str
    author: str = ""
    text: str = ""
    time: str = ""
    link: str = ""
    likes: str = ""
    id: str = "id"
    parent: str = ""


def comments(page: Page, selectors: Selectors) -> list[RawComment]:
    """The comments that the selectors find, in the order of the page; what no selector tells is looked for."""
    tree = page.tree()
    roots = list(tree.select(selectors.comment, limit=MOST))
    pieces = split(tree, roots)
    parents = _beside(pieces)
    keys = [attribute(root, selectors.id) or f"n{i + 1}" for i, root in enumerate(roots)]
    return [
        _comment(page, piece, selectors, keys[i], None if (above := parents[i]) is None else keys[above])
        for i, piece in enumerate(pieces)
    ]


def guessed(page: Page) -> list[RawComment]:
    """Comments of a system that no walker knows: elements of one class that is called so, each with a name and words.

    Of the classes that the page has, the one with the most such comments; none where most of its elements are not.
    """
    there = set(_CLASS.findall(page.html))
    present = [name for name in _CLASSES if name in there]
    if not present:
        return []
    tree = page.tree()
    blocks = [(tag, set(map(str.lower, classes(tag)))) for tag in tags(tree) if tag.name in _BLOCKS]
    best: list[RawComment] = []
    for name in present:
        roots = [tag for tag, given in blocks if name in given]
        pieces = split(tree, roots)
        found = [
            _comment(page, piece, Selectors(comment=name), attribute(piece.root, "id", "data-id") or f"n{i + 1}", None)
            for i, piece in enumerate(pieces)
        ]
        parents = _beside(pieces)
        whole = [bool(c.author and c.author.name and c.body) for c in found]
        if sum(whole) > len(best) and 2 * sum(whole) > len(found):
            best = [
                replace(c, parent_id=None if (above := parents[i]) is None else found[above].id)
                for i, c in enumerate(found)
                if whole[i]
            ]
    return best


def _beside(pieces: Sequence[Piece]) -> list[int | None]:
    """Parents, also where replies stand in a box of their own after the comment that they answer (Drupal)."""
    place = {id(piece.root): i for i, piece in enumerate(pieces)}
    answered: dict[int, int | None] = {}
    parents: list[int | None] = []
    for piece in pieces:
        parent, box = piece.parent, piece.root.parent
        for _ in range(3):
            if parent is not None or box is None:
                break
            if _BOXES.intersection(map(str.lower, classes(box))):
                if id(box) not in answered:
                    before = box.find_previous_sibling(True)
                    answered[id(box)] = place.get(id(before)) if before is not None else None
                parent = answered[id(box)]
            box = box.parent
        parents.append(parent)
    return parents


def _comment(page: Page, piece: Piece, selectors: Selectors, key: str, parent: str | None) -> RawComment:
    mine = {id(tag) for tag in piece.own}

    def pick(selector: str) -> Tag | None:
        found = piece.root.select(selector, limit=100) if selector else []
        return next((tag for tag in found if id(tag) in mine), None)

    guess = parts(piece, "", page.language)
    who, said, when = pick(selectors.author), pick(selectors.text), pick(selectors.time)
    likes, link = pick(selectors.likes), pick(selectors.link)
    name = line_of(who) if who is not None else None if selectors.author else guess.name
    text = text_of([said], piece.inner) if said is not None else "" if selectors.text else guess.text
    count = _NUMBER.search(line_of(likes)) if likes is not None else None
    named = attribute(piece.root, selectors.parent).rpartition("#")[2] if selectors.parent else ""
    return RawComment(
        id=key,
        body=text,
        markup="text",
        author=Author(name=name, website=guess.website, email_hash=email_hash(piece.own)) if name else None,
        parent_id=named or parent,
        created=_when(when, page) or guess.created,
        url=page.absolute(attribute(link, "href")) if link is not None else None,
        reactions=(RawReaction("+1", count=int(count[0])),) if count and int(count[0]) else (),
    )


def _when(tag: Tag | None, page: Page) -> datetime | None:
    if tag is None:
        return None
    labels = (attribute(tag, "datetime"), attribute(tag, "title"), attribute(tag, "content"), line_of(tag))
    return next((when for label in labels if label and (when := dates.parse(label, language=page.language))), None)
