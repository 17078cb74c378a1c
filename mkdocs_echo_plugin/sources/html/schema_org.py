"""schema.org's Comment, as microdata in the page or as JSON-LD in a script."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import unescape
from itertools import islice
from typing import TYPE_CHECKING, Any

from mkdocs_echo_plugin.errors import Unreadable
from mkdocs_echo_plugin.sources.formats import dates, json_values
from mkdocs_echo_plugin.sources.formats.markup import to_text
from mkdocs_echo_plugin.sources.html.page import Page, Piece, attribute, line_of, split, tags, text_of
from mkdocs_echo_plugin.sources.raw import Author, Document, RawComment, RawReaction

if TYPE_CHECKING:
    from bs4 import Tag

_TYPE = re.compile(r"schema\.org/(?:Comment|UserComments|Answer)\s*$")
_TYPES = frozenset(("Comment", "UserComments", "Answer", "CorrectionComment"))
_SCRIPT = re.compile(r"<script\b[^<>]{0,300}application/ld\+json[^<>]{0,300}>", re.I)
_BELOW = ("comment", "comments", "suggestedAnswer", "acceptedAnswer", "mainEntity", "@graph", "hasPart")


def comments(page: Page) -> list[RawComment]:
    """The comments of the microdata in the order of the page, else those of JSON-LD."""
    if "schema.org" not in page.html:
        return []
    return _microdata(page) or _json_ld(page)


def _microdata(page: Page) -> list[RawComment]:
    if "itemtype" not in page.html:
        return []
    tree = page.whole()
    roots = [tag for tag in tags(tree) if _TYPE.search(attribute(tag, "itemtype"))]
    pieces = split(tree, roots)
    keys = [_key(root, i) for i, root in enumerate(roots)]
    found = [
        _from_items(page, piece, keys[i], None if piece.parent is None else keys[piece.parent])
        for i, piece in enumerate(pieces)
    ]
    return [c for c in found if c.body or c.author or c.created]  # a container of none is marked up as one, too


def _key(root: Tag, i: int) -> str:
    return attribute(root, "itemid", "id") or f"n{i + 1}"


def _from_items(page: Page, piece: Piece, key: str, parent: str | None) -> RawComment:
    own, inner = piece.own, piece.inner

    def item(*names: str) -> Tag | None:
        return next((tag for name in names for tag in own if name in attribute(tag, "itemprop").split()), None)

    def value(*names: str) -> str:
        tag = item(*names)
        return "" if tag is None else attribute(tag, "content", "datetime", "href") or line_of(tag, inner)

    who, said, above = item("author", "creator"), item("text", "commentText", "description"), item("parentItem")
    name = site = None
    if who is not None:
        named = next((tag for tag in islice(tags(who), 200) if "name" in attribute(tag, "itemprop").split()), who)
        link = next((tag for tag in islice(tags(who), 200) if "url" in attribute(tag, "itemprop").split()), None)
        name = attribute(named, "content") or line_of(named, inner)
        site = page.absolute(attribute(link, "href")) if link is not None else None
    votes = json_values.number(value("upvoteCount"))
    named_parent = attribute(above, "itemid", "href", "content").rpartition("#")[2] if above is not None else ""
    return RawComment(
        id=key,
        body=text_of([said], inner) if said is not None else "",
        markup="text",
        author=Author(name=name, website=site) if name else None,
        parent_id=named_parent or parent,
        created=dates.parse(value("dateCreated", "datePublished", "commentTime"), language=page.language),
        url=page.absolute(value("url")) if item("url") is not None else None,
        reactions=(RawReaction("+1", count=votes),) if votes and votes > 0 else (),
    )


def _json_ld(page: Page) -> list[RawComment]:
    found: list[RawComment] = []
    for script in list(_SCRIPT.finditer(page.html))[:50]:
        end = page.html.find("</script", script.end())
        words = page.html[script.end() : end if end > 0 else None].strip().removeprefix("<!--").removesuffix("-->")
        if '"Comment"' not in words and '"Answer"' not in words and '"UserComments"' not in words:
            continue
        found += _from_json(page, _value(words), len(found))
    return found


def _value(words: str) -> Any:
    try:
        return json_values.loads(words, strict=False)
    except RecursionError:
        try:
            return json_values.parse(Document(name="", data=words.encode("utf-8", "replace")), "the page")
        except Unreadable:
            return None
    except ValueError:
        return None


def _from_json(page: Page, value: Any, already: int) -> list[RawComment]:
    """The comments in an object and in what it holds, each before its replies."""
    found: list[RawComment] = []
    stack: list[tuple[Any, str | None]] = [(value, None)]
    while stack:
        node, above = stack.pop()
        if isinstance(node, list):
            stack += [(one, above) for one in reversed(node)]
            continue
        item = json_values.table(node)
        types = item.get("@type")
        if _TYPES.intersection(map(str, types if isinstance(types, list) else [types])):
            found.append(_comment(page, item, above, already + len(found)))
            above = found[-1].id
        stack += [(item[key], above) for key in reversed(_BELOW) if isinstance(item.get(key), list | dict)]
    return found


def _comment(page: Page, item: Mapping[str, Any], above: str | None, number: int) -> RawComment:
    url = json_values.text(item.get("url"))
    person = item.get("author") or item.get("creator")
    person = person[0] if isinstance(person, list) and person else person
    name = json_values.text(person) or json_values.text(json_values.table(person).get("name"))
    parent = json_values.table(item.get("parentItem"))
    named = json_values.text(parent.get("@id")) or json_values.text(parent.get("url"))
    votes = json_values.number(item.get("upvoteCount"))
    when = json_values.text(item.get("dateCreated")) or json_values.text(item.get("datePublished")) or ""
    site = json_values.text(json_values.table(person).get("url"))
    words = json_values.text(item.get("text")) or json_values.text(item.get("description")) or ""
    return RawComment(
        id=json_values.text(item.get("@id")) or url or f"n{number + 1}",
        body=to_text(words),
        markup="text",
        author=Author(name=unescape(name), website=site) if name else None,
        parent_id=above or (named if json_values.text(parent.get("@type")) in _TYPES else None),
        created=dates.parse(when, language=page.language),
        url=page.absolute(url),
        reactions=(RawReaction("+1", count=votes),) if votes and votes > 0 else (),
    )
