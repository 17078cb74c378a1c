"""Comments of old and home-made markup: found by what each has, a line that says who wrote it and when.

Movable Type's "Posted by", Drupal 6's "Submitted by", classes such as `comment_author` and `comment-data`, ids that
count (`comment-body-12`), a bare anchor before each comment. What lies around one such mark and around no other is the
comment; where nothing does, it is what stands between two of them.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from itertools import islice
from typing import TYPE_CHECKING

from mkdocs_echo_plugin.sources.formats import dates
from mkdocs_echo_plugin.sources.html.names import BYLINE, LINES
from mkdocs_echo_plugin.sources.html.page import Page, attribute, classes, email_hash, split, tags, text_of
from mkdocs_echo_plugin.sources.html.parts import parts
from mkdocs_echo_plugin.sources.raw import Author, RawComment

if TYPE_CHECKING:
    from bs4 import BeautifulSoup, Tag
    from bs4.element import PageElement

MOST = 20_000
"""Marks of one kind that are looked at."""
_MOST_STEPS = 2_000_000
_GATE = re.compile(r"comment|kommentar|comentari|reaction|réaction|respons|(?:posted|submitted) by", re.I)
_WORD = re.compile(r"[a-z]+")
_COMMENT = frozenset(("comment", "comments", "commenter", "commenters", "cmt", "reaction", "response", "reply"))
_HEADS = frozenset(
    ("author", "name", "user", "poster", "by", "byline", "posted", "post", "data", "meta", "metadata", "info", "infos",
     "head", "header", "footer", "foot", "date", "time", "title")
)  # fmt: skip
_ASIDE = frozenset(
    ("sidebar", "widget", "recent", "recentcomments", "latest", "related", "teaser", "teasers", "nav", "menu",
     "popular", "form")
)  # fmt: skip
_OUTSIDE = frozenset(("nav", "aside", "form", "script", "style", "head", "template"))
_PARTS = re.compile(r"(comments?)")
"""Some run their words together: `commenttitle`, `bCommentTitle`."""
_ID = re.compile(r"^(?:comment|cmt|c)(?:[-_]?(?:body|text|content))?[-_]?\d{1,12}$", re.I)
_TOP = frozenset(("body", "html", "[document]", "main"))
_ENDS = frozenset(("form", "h1", "h2", "h3", "script", "nav", "aside", "footer"))
_LONGEST_BYLINE = 200


def comments(page: Page) -> list[RawComment]:
    """The comments of the kind of mark that tells most of them whole: a name, a time and words each."""
    if not _GATE.search(page.html):
        return []
    tree = page.tree()
    best: list[RawComment] = []
    kinds = sorted(_marks(tree).items(), key=lambda kind: -len(kind[1]))
    for kind, marks in kinds[:12]:
        if len(marks) <= len(best):
            break
        if _nest(marks):
            continue
        found = _read(page, *(_wrapped(page, kind) if _are_flat(marks) else (tree, _around(marks))))
        whole = [c for c in found if c.author and c.body and c.created]
        if len(whole) > len(best) and 2 * len(whole) > len(found):
            best = [c for c in found if c.body]
    return best


def _marks(tree: BeautifulSoup) -> dict[str, list[Tag]]:
    """What could tell comments apart, by kind, outside of lists of other things."""
    found: dict[str, list[Tag]] = defaultdict(list)
    outside: set[int] = set()
    for tag in tags(tree):
        given = classes(tag)
        words = {word for token in given for word in _WORD.findall(token.lower())}
        if id(tag.parent) in outside or tag.name in _OUTSIDE or words & _ASIDE:
            outside.add(id(tag))
            continue
        for token in given:
            own = {part for word in _WORD.findall(token.lower()) for part in _PARTS.split(word)}
            if own & _COMMENT and own & _HEADS:
                found[f".{token}"].append(tag)
        for name in (attribute(tag, "id"), attribute(tag, "name")):
            if _ID.match(name):
                found["#" + "-".join(_WORD.findall(name.lower()))].append(tag)
                break
        if tag.name in LINES and BYLINE.match(_beginning(tag)):
            found["byline"].append(tag)
    return {kind: marks[:MOST] for kind, marks in found.items()}


def _beginning(tag: Tag) -> str:
    """The words with which an element itself begins; not those that only an element inside it has."""
    first = next((node for node in tag.contents if not isinstance(node, str) or node.strip()), "")
    return str(first)[:_LONGEST_BYLINE].strip() + " x" if isinstance(first, str) else ""


def _around(marks: Sequence[Tag]) -> list[Tag]:
    """For each mark the outermost element around it and around no other."""
    count: dict[int, int] = defaultdict(int)
    steps = 0
    for mark in marks:
        above = mark.parent
        while above is not None and steps < _MOST_STEPS:
            count[id(above)] += 1
            above, steps = above.parent, steps + 1
    roots = []
    for mark in marks:
        root = mark
        while (above := root.parent) is not None and above.name not in _TOP and count[id(above)] == 1:
            if len(marks) == 1 and (_is_list(above) or _says_more(root, mark)):
                break
            root = above
        roots.append(root)
    return roots


def _is_list(tag: Tag) -> bool:
    named = {*_WORD.findall(attribute(tag, "id").lower()), *(w for c in classes(tag) for w in _WORD.findall(c.lower()))}
    return bool(named & {"comments", "reactions", "responses", "kommentare", "commentlist"})


def _says_more(root: Tag, mark: Tag) -> bool:
    """Whether an element holds a comment's words and time besides its mark."""
    words = text_of([root], {id(mark)})
    return bool(words.strip()) and dates.span(text_of([root])[:2000]) is not None


def _nest(marks: Sequence[Tag]) -> bool:
    """Whether most marks stand in one another, as no bylines do."""
    places = {id(mark) for mark in marks}
    return 2 * sum(id(mark.parent) in places for mark in marks) > len(marks)


def _are_flat(marks: Sequence[Tag]) -> bool:
    """Whether the comments have no element of their own: what is around a mark alone says no more than the mark."""
    roots = _around(marks)[:50]
    alone = [not _is_box(m) and not text_of([r], {id(m)}).strip() for r, m in zip(roots, marks[:50], strict=True)]
    return len(marks) > 1 and 2 * sum(alone) > len(alone)


def _is_box(mark: Tag) -> bool:
    """Whether a mark is the comment's own element."""
    inside = sum(1 for node in mark.children if getattr(node, "name", None))
    return mark.name in ("div", "li", "article", "section", "tr") and inside > 1


def _wrapped(page: Page, kind: str) -> tuple[BeautifulSoup, list[Tag]]:
    """A tree of its own in which what stands between two marks is put into one element."""
    tree = page.tree()
    marks = _around(_marks(tree).get(kind, []))
    places = {id(mark) for mark in marks}
    after = bool(marks) and any(_text(node) for node in _until(marks[-1], places))
    boxes: list[Tag] = []
    for mark in marks:
        box = tree.new_tag("div")
        places.add(id(box))
        mark.insert_before(box)
        if after:
            inside: list[PageElement] = [mark, *_until(mark, places)]
        else:  # the mark stands below the words
            places.discard(id(box))
            before = _until(mark, places, forwards=False)
            places.add(id(box))
            inside = [*(node for node in reversed(before) if node is not box), mark]
        for node in inside:
            box.append(node.extract())
        boxes.append(box)
    return tree, boxes


def _until(mark: Tag, places: set[int], *, forwards: bool = True) -> list[PageElement]:
    """What stands beside a mark, up to the next one, a form or a heading."""
    found: list[PageElement] = []
    for node in mark.next_siblings if forwards else mark.previous_siblings:
        if id(node) in places or getattr(node, "name", None) in _ENDS:
            break
        found.append(node)
    return found


def _text(node: object) -> bool:
    return bool(str(getattr(node, "text", node)).strip())


def _read(page: Page, tree: BeautifulSoup, roots: list[Tag]) -> list[RawComment]:
    read = []
    for i, piece in enumerate(split(tree, roots)):
        if is_teaser(piece.own):
            continue
        said = parts(piece, "", page.language)
        key = next((k for tag in piece.own for k in (attribute(tag, "id"), attribute(tag, "name")) if _ID.match(k)), "")
        read.append(
            RawComment(
                id=key or f"n{i + 1}",
                body=said.text,
                markup="text",
                author=Author(name=said.name, website=page.absolute(said.website), email_hash=email_hash(piece.own))
                if said.name
                else None,
                created=said.created,
            )
        )
    return read


def is_teaser(own: Sequence[Tag]) -> bool:
    """Whether an element is about another page: its heading leads there. A comment's own title leads to itself."""
    for tag in own:
        if tag.name in ("h1", "h2", "h3", "h4"):
            inside = next((t for t in islice(tags(tag), 20) if t.name == "a"), None)
            link = inside if inside is not None else tag.parent
            href = attribute(link, "href") if link is not None and link.name == "a" else ""
            if href and "#" not in href and not href.startswith("javascript:"):
                return True
    return False
