"""A site's own markup, told by CSS selectors; and the common habits of systems that no walker knows."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING

from mkdocs_echo_plugin.errors import TooLarge
from mkdocs_echo_plugin.sources.formats import dates
from mkdocs_echo_plugin.sources.html.bylines import is_teaser
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
    from bs4 import BeautifulSoup, Tag

MOST = 20_000
"""Comments that are read of one page."""

_SECONDS = 5
_DEEPEST = 256
"""Elements that nest, where a selector looks at what is above an element."""
_SIMPLE = re.compile(r"^([a-z][a-z0-9]*)?((?:\.[A-Za-z_][\w-]*)*)$")
_COMBINED = re.compile(r"\S[\s>+~]+\S|:has\b|:nth")

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


Pick = Callable[[Piece, str], "Tag | None"]
"""Finds the first of a comment's own elements that a selector fits."""


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
    tree = page.whole()
    pick = _Picker(tree, selectors)
    roots = pick.roots
    pieces = split(tree, roots)
    parents = _beside(pieces)
    keys = [attribute(root, selectors.id) or f"n{i + 1}" for i, root in enumerate(roots)]
    return [
        _comment(page, piece, selectors, keys[i], pick, None if (above := parents[i]) is None else keys[above])
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
    tree = page.whole()
    blocks = [(tag, set(map(str.lower, classes(tag)))) for tag in tags(tree) if tag.name in _BLOCKS]
    best: list[RawComment] = []
    for name in present:
        roots = [tag for tag, given in blocks if name in given]
        pieces = split(tree, roots)
        found = [
            _comment(
                page, piece, Selectors(name), attribute(piece.root, "id", "data-id") or f"n{i + 1}", _nothing, None
            )
            for i, piece in enumerate(pieces)
        ]
        parents = _beside(pieces)
        whole = [
            bool(c.author and c.author.name and c.body) and not is_teaser(piece.own)
            for c, piece in zip(found, pieces, strict=True)
        ]
        if sum(whole) > len(best) and 2 * sum(whole) > len(found):
            best = [
                replace(c, parent_id=None if (above := parents[i]) is None else found[above].id)
                for i, c in enumerate(found)
                if whole[i]
            ]
    return best


def _key(root: Tag, i: int) -> str:
    return attribute(root, "id", "data-id") or f"n{i + 1}"


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


def _nothing(piece: Piece, selector: str) -> Tag | None:
    return None


class _Picker:
    """Finds by selectors, each element asked once, and no longer than `_SECONDS`.

    What a selector costs depends on the page: "a b c" looks at all pairs of elements above one.
    """

    def __init__(self, tree: BeautifulSoup, selectors: Selectors) -> None:
        from soupsieve import compile

        chosen = {s for s in (selectors.comment, selectors.author, selectors.text, selectors.time, selectors.link,
                              selectors.likes) if s}  # fmt: skip
        self._compiled = {selector: compile(selector) for selector in chosen}
        self._simple = {s: (found[1] or "", found[2].split(".")[1:]) for s in chosen if (found := _SIMPLE.match(s))}
        self._ends = time.thread_time() + _SECONDS
        self._asked = 0
        if any(_COMBINED.search(selector) for selector in chosen) and _depth(tree) > _DEEPEST:
            raise TooLarge(f"the page nests deeper than {_DEEPEST} elements. Name its markup by one class or tag each.")
        fitting = (tag for tag in tags(tree) if self._fits(selectors.comment, tag))
        self.roots = list(islice(fitting, MOST))

    def _fits(self, selector: str, tag: Tag) -> bool:
        if simple := self._simple.get(selector):  # as most are, and a tenth of the time
            name, given = simple
            return (not name or tag.name == name) and (not given or set(given) <= set(classes(tag)))
        self._asked += 1
        if not self._asked % 256 and time.thread_time() > self._ends:
            raise TooLarge(f"its selectors were not done after {_SECONDS} s. Name its markup by one class or tag each.")
        return bool(self._compiled[selector].match(tag))

    def __call__(self, piece: Piece, selector: str) -> Tag | None:
        """The first of a comment's own elements that fits."""
        if ":scope" in selector:  # means the comment's element, which only a search from there knows
            mine = {id(tag) for tag in piece.own}
            return next((tag for tag in self._compiled[selector].iselect(piece.root) if id(tag) in mine), None)
        return next((tag for tag in piece.own[1:] if self._fits(selector, tag)), None) if selector else None


def _depth(tree: BeautifulSoup) -> int:
    """How many elements nest."""
    level: dict[int, int] = {}
    for tag in tags(tree):
        level[id(tag)] = level.get(id(tag.parent), 0) + 1
    return max(level.values(), default=0)


def _comment(
    page: Page,
    piece: Piece,
    selectors: Selectors,
    key: str,
    pick: Callable[[Piece, str], Tag | None],
    parent: str | None,
) -> RawComment:
    guess = parts(piece, "", page.language)
    inner = piece.inner
    who, said, when = pick(piece, selectors.author), pick(piece, selectors.text), pick(piece, selectors.time)
    likes, link = pick(piece, selectors.likes), pick(piece, selectors.link)
    name = line_of(who, inner) if who is not None else None if selectors.author else guess.name
    text = text_of([said], piece.inner) if said is not None else "" if selectors.text else guess.text
    count = _NUMBER.search(line_of(likes, inner)) if likes is not None else None
    named = attribute(piece.root, selectors.parent).rpartition("#")[2] if selectors.parent else ""
    return RawComment(
        id=key,
        body=text,
        markup="text",
        author=Author(name=name, website=guess.website, email_hash=email_hash(piece.own)) if name else None,
        parent_id=named or parent,
        created=_when(when, inner, page) or guess.created,
        url=page.absolute(attribute(link, "href")) if link is not None else None,
        reactions=(RawReaction("+1", count=int(count[0])),) if count and int(count[0]) else (),
    )


def _when(tag: Tag | None, inner: set[int], page: Page) -> datetime | None:
    if tag is None:
        return None
    labels = (attribute(tag, "datetime"), attribute(tag, "title"), attribute(tag, "content"), line_of(tag, inner))
    return next((when for label in labels if label and (when := dates.parse(label, language=page.language))), None)
