"""WordPress' comments in HTML, of classic and of block themes, and of the many systems that took over its markup."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from mkdocs_echo_plugin.model import Role, State
from mkdocs_echo_plugin.sources.html.page import Page, Piece, attribute, classes, email_hash, split, tags
from mkdocs_echo_plugin.sources.html.parts import parts
from mkdocs_echo_plugin.sources.raw import Author, RawComment

if TYPE_CHECKING:
    from bs4 import BeautifulSoup, Tag

_NUMBER = re.compile(r"^(?:li-|div-)?comment[-_]?(\d{1,20}|(?=[0-9a-f]*\d)[0-9a-f]{16,40})$", re.I)
_BLOGGER = re.compile(r"^c(\d{6,})$")
_MARKER = re.compile(
    r"<(?:li|div|article|section|dl|tr)\b[^<>]{0,500}?"
    r"(?:\bid\s*=\s*[\"']?(?:li-|div-)?comment[-_]?\d|\bclass\s*=\s*[\"'][^\"'<>]{0,300}\b(?:comment|pingback|trackback)\b"
    r"[^\"'<>]{0,300}\b(?:depth-|thread-(?:even|odd)))|<li\b[^<>]{0,200}\bclass\s*=\s*[\"']comment[\"'][^<>]{0,100}\bid\s*=\s*[\"']c\d{6}",
    re.I,
)
_OLD_BLOGGER = re.compile(r"<dl\b[^<>]{0,200}\bid\s*=\s*[\"']?comments-block\b", re.I)
_SECTION = re.compile(r"<\w+\b[^<>]{0,300}\bid\s*=\s*[\"']?comments[\"'\s>]", re.I)
_BLOCKS = frozenset(("li", "div", "article", "section", "dl", "tr"))
_KINDS = frozenset(("comment", "pingback", "trackback"))
_SIGNS = frozenset(("even", "odd", "alt", "byuser", "bypostauthor", "parent"))
_DEPTH = re.compile(r"^depth-(\d{1,4})$")
_COMMENT_PAGE = re.compile(r"(?:/comment-page-\d+|[?&](?:cpage|showComment)=\d+)")
_PING = re.compile(r"^\s*(?:pingback|trackback)\s*(?::|$)", re.I)
_AFTER = 150_000
"""Characters that are parsed after the last comment begins: more than a comment has, less than some pages' scripts."""


def comments(page: Page) -> list[RawComment]:
    """The comments in the order of the page; none where the page has none of this markup."""
    markers = [found.start() for found in _MARKER.finditer(page.html)]
    old_blogger = _OLD_BLOGGER.search(page.html)
    if old_blogger and not markers:
        markers = [old_blogger.start(), len(page.html)]
    if not markers:
        return []
    section = _SECTION.search(page.html, max(0, markers[0] - 20_000), markers[0])
    tree = page.tree(section.start() if section else markers[0], markers[-1] + _AFTER)
    if old_blogger:
        _wrap(tree)
    roots, numbers = _roots(tree)
    pieces = split(tree, roots)
    own = [piece.own for piece in pieces]
    labels = _called([_label(elements) for elements in own])
    parents = _by_depth([piece.parent for piece in pieces], [_depth(elements) for elements in own])
    exact = _exact(parents, own)
    strangers = _of_other_pages(page, own, numbers)
    found = [
        _comment(page, pieces[i], numbers[i], labels[i], None if p is None else numbers[p], exact[i])
        for i, p in enumerate(parents)
        if i not in strangers
    ]
    return [c for c in found if c.body or c.author or c.created or c.kind or c.state != "visible"]  # no empty templates


def _wrap(tree: BeautifulSoup) -> None:
    """Blogger's old templates have a <dt> for who and <dd>s for what and when: one element around each comment."""
    for head in tree.select("#comments-block dt"):
        number = _BLOGGER.match(attribute(head, "id"))
        if number is None and not {"comment-author", "comment-poster"}.intersection(classes(head)):
            continue
        name = {"id": f"comment-{number[1]}"} if number else {}
        around = tree.new_tag("li", attrs={"class": "comment even", **name})
        head.insert_before(around)
        rest = [head]
        for sibling in head.next_siblings:
            if getattr(sibling, "name", None) == "dt":
                break
            rest.append(sibling)  # type: ignore[arg-type]  # words between the tags move along
        for part in rest:
            around.append(part.extract())


def _roots(tree: BeautifulSoup) -> tuple[list[Tag], list[str]]:
    """The comments' outermost elements and ids: a theme may repeat a comment's id inside the comment."""
    roots: list[Tag] = []
    numbers: list[str | None] = []
    seen: set[str] = set()
    owner: dict[int, int | None] = {}
    for tag in tags(tree):
        above = owner.get(id(tag.parent))
        owner[id(tag)] = above
        if tag.name not in _BLOCKS:
            continue
        number, typed = _number(tag), _typed(tag)
        if number is None and not typed:
            continue
        if above is not None:
            if number is not None and number == numbers[above]:
                continue
            if number is not None and numbers[above] is None and number not in seen:
                numbers[above] = number
                seen.add(number)
                continue
            if number is None and not _KINDS.intersection(classes(roots[above])):
                continue
        if number is not None and number in seen:  # shown twice, once for narrow screens
            continue
        if number is not None:
            seen.add(number)
        owner[id(tag)] = len(roots)
        roots.append(tag)
        numbers.append(number)
    return roots, [number or f"n{i + 1}" for i, number in enumerate(numbers)]


def _number(tag: Tag) -> str | None:
    key = attribute(tag, "id")
    found = _NUMBER.match(key) or ("comment" in classes(tag) and _BLOGGER.match(key)) or None
    return found[1] if found else None


def _typed(tag: Tag) -> bool:
    given = classes(tag)
    if not _KINDS.intersection(given):
        return False
    # themes of 2011 write pingbacks as <li class="post pingback">
    post = "post" in given and "comment" not in given
    return post or any(token in _SIGNS or token.startswith(("depth-", "thread-")) for token in given)


def _depth(own: Sequence[Tag]) -> int | None:
    for tag in own[:4]:
        for token in classes(tag):
            found = _DEPTH.match(token)
            if found:
                return int(found[1])
    return None


def _by_depth(parents: Sequence[int | None], depths: Sequence[int | None]) -> list[int | None]:
    """Parents by the depth that the server wrote, where the page's nesting says otherwise.

    A theme that forgets to close an element nests what is not nested, and some nest nothing at all.
    """
    if any(depth is None for depth in depths):
        return list(parents)
    latest: dict[int, int] = {}
    mended: list[int | None] = []
    for i, (parent, depth) in enumerate(zip(parents, depths, strict=True)):
        assert depth is not None
        above = depths[parent] if parent is not None else 0
        mended.append(parent if above == depth - 1 else latest.get(depth - 1))
        latest[depth] = i
    return mended


def _exact(parents: Sequence[int | None], own: Sequence[Sequence[Tag]]) -> list[bool]:
    """False where the page has come to its deepest level: what answers a comment there stands beside it, not below it.

    The deepest level is known by its lack of reply links, where other comments have them; without any, it is
    WordPress' own of five. The first of those side by side does answer the comment above.
    """
    levels: list[int] = []
    for parent in parents:
        levels.append(0 if parent is None else levels[parent] + 1)
    deepest = max(levels, default=0)
    linked = [any("comment-reply-link" in classes(tag) for tag in elements) for elements in own]
    closed = not any(linked)
    answerable = any(linked[i] for i, level in enumerate(levels) if level == deepest)
    capped = deepest > 0 and (deepest >= 4 if closed else not answerable)
    first: set[int | None] = set()
    exact: list[bool] = []
    for parent, level in zip(parents, levels, strict=True):
        exact.append(not capped or level < deepest or parent not in first)
        first.add(parent)
    return exact


def _label(own: Sequence[Tag]) -> str:
    """What the reply link says to screen readers: "Reply to Ada", in the blog's language."""
    for tag in own:
        if "comment-reply-link" in classes(tag):
            return " ".join(attribute(tag, "aria-label", "data-replyto").split())
    return ""


def _called(labels: Sequence[str]) -> list[str]:
    """The names in the labels: what is left without the words that all of them share."""
    given = sorted({label for label in labels if label})
    if len(given) < 2:
        return list(labels)
    before = _shared(given[0], given[-1])
    before = before[: before.rfind(" ") + 1]
    backwards = sorted(label[len(before) :][::-1] for label in given)
    after = _shared(backwards[0], backwards[-1])[::-1]
    after = after[after.find(" ") :] if " " in after else ""
    return [label[len(before) : len(label) - len(after)] if label else "" for label in labels]


def _shared(first: str, last: str) -> str:
    """What two labels begin with; of a sorted list's first and last, what all of it begins with."""
    differ = (i for i, (a, b) in enumerate(zip(first, last, strict=False)) if a != b)
    return first[: next(differ, min(len(first), len(last)))]


def _of_other_pages(page: Page, own: Sequence[Sequence[Tag]], numbers: Sequence[str]) -> set[int]:
    """Comments whose own link leads to another page: a sidebar of recent comments has the same markup."""
    places = [_place(page.absolute(_link(elements, numbers[i]))) for i, elements in enumerate(own)]
    here = _place(page.url)
    if not here or here not in places:  # nothing to compare with: a copy of the page, or an archive's
        return set()
    return {i for i, place in enumerate(places) if place and place != here}


def _place(url: str | None) -> str:
    """What tells one page from another: path and query, without the number of a page of comments."""
    if not url or url.startswith("#"):
        return ""
    path = url.partition("#")[0].partition("://")[2].partition("/")[2]
    return _COMMENT_PAGE.sub("", path).strip("/")


def _link(own: Sequence[Tag], number: str) -> str:
    """The comment's link to itself, as the page has it."""
    ends = (f"#comment-{number}", f"#c{number}")
    return next((attribute(t, "href") for t in own if t.name == "a" and attribute(t, "href").endswith(ends)), "")


def _comment(page: Page, piece: Piece, number: str, label: str, parent: str | None, exact: bool) -> RawComment:
    own = piece.own
    said = parts(piece, label, page.language)
    given = set(classes(own[0])) | set(classes(own[1]) if len(own) > 1 else ())
    role: Role = "author" if "bypostauthor" in given else "user" if "byuser" in given else "unknown"
    state: State = "visible"
    if any("comment-awaiting-moderation" in classes(tag) for tag in own):
        state = "pending"
    elif any("deleted-comment" in classes(tag) for tag in own):
        state = "deleted"
    ping = bool({"pingback", "trackback"} & given) or bool(_PING.match(said.text))
    link = _link(own, number)
    return RawComment(
        id=number,
        body=_PING.sub("", said.text).strip() if ping else said.text,
        markup="text",
        author=Author(name=said.name, website=said.website, email_hash=email_hash(own), role=role)
        if said.name or role != "unknown"
        else None,
        parent_id=parent,
        parent_exact=exact,
        created=said.created,
        url=page.absolute(link or f"#comment-{number}") if link or page.url else None,
        kind="pingback" if ping else None,
        state=state,
    )
