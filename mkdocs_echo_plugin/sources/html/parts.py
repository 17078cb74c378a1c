"""The parts of one comment's HTML: who, when, and what was said, told apart by the classes that themes use.

Themes agree on little. So every part has an order of places to look in, from what only one meaning has (`fn`,
`<time datetime>`) to what is left when the rest is taken away.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING

from mkdocs_echo_plugin.sources.formats import dates
from mkdocs_echo_plugin.sources.html.names import BYLINE, LINES, NO_WORDS, PICTURES, SAYS, clean_name, words_of
from mkdocs_echo_plugin.sources.html.page import Piece, attribute, classes, line_of, tags, text_of

if TYPE_CHECKING:
    from bs4 import Tag

_BLOCKS = frozenset(("p", "blockquote", "pre", "ul", "ol", "dl", "table", "figure", "h1", "h2", "h3", "h4", "h5", "h6"))

_NAMED = frozenset(
    ("wp-block-comment-author-name", "comment-author-name", "comment-author-link", "comment__author", "author-name",
     "author_name", "commentauthor", "comment_author", "comment-name", "comment_name", "username", "user-name",
     "nickname", "commenter", "commenter-name", "comment-user", "comment-author", "user", "p-author", "author")
)  # fmt: skip
_TEXTS = tuple(
    frozenset(names.split())
    for names in (
        "wp-block-comment-content comment-text comment_text commenttext comment-txt comment__text comment-entry "
        "comment-message comment__content comment-copy contenttext e-content comment-body-text "
        "text-comment comment-desc",
        "comment-content comment_content commentcontent content-comment entry-content text message comment_box "
        "comment__body comment-main comment-detail",
        "comment-body comment_body commentbody comment-inner comment-block comment-box body content",
    )
)
"""Classes of what was said, of less and less certain meaning; those of the last row hold the name and date as well."""

_HEADINGS = frozenset(("h3", "h4", "h5", "h6", "dt"))
_OTHER = frozenset(
    ("meta", "metadata", "commentmetadata", "commentmeta", "author", "vcard", "date", "time", "timestamp", "reply",
     "replies", "edit", "avatar", "ava", "commentava", "gravatar", "says", "moderation", "action", "actions", "like",
     "links", "likes", "likebtn", "dislike", "vote", "votes", "voting", "rating", "ratings", "karma", "share",
     "sharing",
     "permalink", "footer", "header", "info", "toolbar", "buttons", "badge", "badges", "report", "flag", "children",
     "sharedaddy", "tools", "controls", "nav", "arrow", "screen-reader-text", "sr", "username", "heading", "respond")
)  # fmt: skip
"""Words of a class that say: this is about the comment, not the comment."""


@dataclass(frozen=True, slots=True)
class Parts:
    """What one comment's elements say; `text` is plain."""

    name: str | None
    website: str | None
    created: datetime | None
    text: str


def parts(piece: Piece, label: str, language: str | None) -> Parts:
    """The parts of a comment.

    Args:
        piece: its elements.
        label: whom its reply link calls ("" where it has none): the name has to occur there.
        language: the page's, for dates.
    """
    own, inner = piece.own, piece.inner
    body = _body(own)
    inside = {id(body)}
    for tag in own:
        if id(tag.parent) in inside:
            inside.add(id(tag))
    outside = [tag for tag in own[1:] if id(tag) not in inside] if body is not own[0] else list(own[1:])
    named, name = _name(outside or own[1:], label, inner)
    if name is None and outside is not own:
        named, name = _name(own[1:], label, inner)
    dated, created = _created(own, inner, language)
    text = _text(own, body, [t for t in (named, dated) if t is not None], inner, name)
    if created is None:  # bare words beside the name, or before the text
        beside = [named, named.parent] if named is not None and named.parent is not own[0] else [named]
        heads = [" ".join(text_of([tag], inner).split()) for tag in (*beside, own[0]) if tag is not None]
        created = next((when for head in heads if (when := dates.parse(head, language=language))), None)
    return Parts(name=name, website=_website(own, named, name), created=created, text=text)


def _first(tag: Tag) -> str:
    """The words with which an element itself begins."""
    first = next(iter(tag.contents), "")
    return first[:100].strip() if isinstance(first, str) else ""


def _is_head(tag: Tag) -> bool:
    return tag.name == "dt" or bool(words_of(tag) & {"data", "meta", "metadata", "info", "infos", "head", "header"})


def _name(elements: Sequence[Tag], label: str, inner: set[int]) -> tuple[Tag | None, str | None]:
    """The author's element and name: of those that could be, the first that the reply link calls by the same name."""
    ranked: list[tuple[float, int, Tag]] = []
    for i, tag in enumerate(elements):
        given = classes(tag)
        if "fn" in given:
            rank = 0
        elif "author" in attribute(tag, "itemprop", "rel").split() and tag.name != "img":
            rank = 1
        elif any(token.lower() in _NAMED for token in given):
            rank = 2
        elif tag.name == "cite":
            rank = 3
        elif any("author" in token.lower() for token in given):
            rank = 4
        elif "url" in given and tag.name == "a":
            rank = 5
        elif tag.name in ("strong", "b") and label:
            rank = 6
        elif "submitted" in given or "posted" in given or (tag.name in _HEADINGS and SAYS.search(_first(tag))):
            rank = 7
        elif tag.name in LINES and BYLINE.match(_first(tag)):
            rank = 8
        elif tag.name in ("strong", "b", "a") and tag.parent is not None and _is_head(tag.parent):
            rank = 9
        else:
            continue
        # what holds the picture may be called after the author too, and its words are those of a link to a profile
        ranked.append((rank + 0.5 if words_of(tag) & PICTURES else rank, i, tag))
    first: tuple[Tag | None, str | None] = (None, None)
    for _, _, tag in sorted(ranked, key=lambda r: r[:2])[:8]:
        name = clean_name(tag, inner)
        if name and (not label or name in label):
            return tag, name
        if name and first[1] is None:
            first = (tag, name)
    if label and (first[1] is None or first[1] not in label):
        return first[0], label if first[1] is None else first[1]
    return first


def _website(own: Sequence[Tag], named: Tag | None, name: str | None) -> str | None:
    """The link on the author's name."""
    if named is None or not name:
        return None
    if named.name == "a":
        return attribute(named, "href") or None
    inside = next((tag for tag in islice(tags(named), 200) if tag.name == "a" and attribute(tag, "href")), None)
    around = named.parent if named.parent is not None and named.parent.name == "a" else None
    link = inside or around
    href = attribute(link, "href") if link is not None else ""
    return href if href.startswith(("http://", "https://")) and "#" not in href else None


def _created(own: Sequence[Tag], inner: set[int], language: str | None) -> tuple[Tag | None, datetime | None]:
    """The element that tells the time, and the time: a machine's form first, then the label that people read."""
    labels: list[tuple[int, Tag]] = []
    for tag in own[1:]:
        exact = attribute(tag, "datetime")
        if not exact and attribute(tag, "itemprop") in ("datePublished", "dateCreated", "commentTime", "datepublished"):
            exact = attribute(tag, "content")
        if not exact and tag.name == "abbr":
            exact = attribute(tag, "title")
        if exact and (when := dates.parse(exact, language=language)):
            return tag, when
        words = words_of(tag)
        if words & {"date", "time", "datetime", "timestamp", "published", "posted"} or tag.name == "time":
            labels.append((0, tag))
        elif words & {"commentmetadata", "metadata", "meta", "permalink"}:
            labels.append((2, tag))
        elif tag.name == "a" and "#comment-" in attribute(tag, "href"):
            labels.append((1, tag))
    for _, tag in sorted(labels, key=lambda pair: pair[0])[:12]:
        when = dates.parse(attribute(tag, "title"), language=language) or dates.parse(
            line_of(tag, inner), language=language
        )
        if when is not None:
            return tag, when
    return None, None


def _body(own: Sequence[Tag]) -> Tag:
    """The element that holds what was said, and maybe more."""
    for names in _TEXTS:
        for tag in own[1:]:
            if tag.name not in ("a", "span", "time", "ul", "li") and names.intersection(map(str.lower, classes(tag))):
                return tag
    for tag in own[1:]:
        if attribute(tag, "itemprop") in ("text", "commentText", "description"):
            return tag
    return own[0]


def _text(own: Sequence[Tag], body: Tag, header: Sequence[Tag], inner: set[int], name: str | None) -> str:
    """What was said: the body without what is about the comment, and paragraphs alone where those are mixed."""
    below = {id(body)}
    inside: list[Tag] = []
    for tag in own:
        if tag is not body and id(tag.parent) in below:
            below.add(id(tag))
            inside.append(tag)
    without = set(inner)
    for tag in inside:
        if tag.name in NO_WORDS or words_of(tag) & _OTHER or "comment-reply-link" in classes(tag):
            without.add(id(tag))
    heads = {id(tag) for tag in header if id(tag) in below and tag is not body}
    mixed = bool(heads) or body is own[0] or bool(_TEXTS[2].intersection(map(str.lower, classes(body))))
    without |= heads
    if not mixed:
        return text_of([body], without)
    holds_head = _around(header, body)
    prose = _outermost(inside, without, holds_head)
    if not prose:
        return _without_head(text_of([body], without | holds_head), name)
    return "\n\n".join(filter(None, (text_of([block], without) for block in prose)))


def _around(header: Sequence[Tag], body: Tag) -> set[int]:
    """The blocks of the body in which the author or the date stands."""
    found: set[int] = set()
    for tag in header:
        above = tag.parent
        while above is not None and above is not body:
            if above.name in _BLOCKS:
                found.add(id(above))
            above = above.parent
    return found


def _outermost(inside: Sequence[Tag], without: set[int], heads: set[int]) -> list[Tag]:
    """The paragraphs, lists and the like that lie in no other of them, nor in what is left out, nor hold the head."""
    kept: list[Tag] = []
    covered: set[int] = set()
    for tag in inside:
        if id(tag.parent) in covered or id(tag) in without:
            covered.add(id(tag))
        elif tag.name in _BLOCKS and id(tag) not in heads:
            covered.add(id(tag))
            kept.append(tag)
    return kept


def _without_head(words: str, name: str | None) -> str:
    """Bare text without the name and date that stand before it."""
    if name and words.startswith(name):
        words = words[len(name) :]
    found = dates.span(words)
    if found is not None and found[0] < 40:
        words = words[found[1] :].strip() or words[: found[0]]
    return SAYS.sub("", words.strip(" \t\n:|·•–—-")) if len(words) < 30 else words.strip(" \t\n:|·•–—")
