"""Webmentions: webmention.io's JF2 (asked, or saved as a site's data file in any of the usual shapes, also the cache of
jekyll-webmention_io), and comments in microformats2 JSON."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar, Self
from urllib.parse import quote, urlsplit

from mkdocs_echo_plugin.errors import NoThread, Unreadable
from mkdocs_echo_plugin.model import Kind, Post
from mkdocs_echo_plugin.sources.addresses import links
from mkdocs_echo_plugin.sources.formats import decode, record_lists, yaml_values
from mkdocs_echo_plugin.sources.formats.json_values import has, parse, rows, table, text, when
from mkdocs_echo_plugin.sources.notes import Note
from mkdocs_echo_plugin.sources.raw import Author, Document, Markup, RawComment, RawThread

if TYPE_CHECKING:
    from mkdocs_echo_plugin.sources.http.client import Client

PAGES, SIZE = 50, 100
_KINDS: Mapping[str, Kind] = {
    "in-reply-to": "comment", "reply": "comment", "replies": "comment", "comments": "comment", "like-of": "like",
    "like": "like", "likes": "like", "repost-of": "repost", "repost": "repost", "reposts": "repost",
}  # fmt: skip
"""Bookmarks, RSVPs and whatever else points here are mentions."""
_OTHER_KINDS = frozenset(
    ("mention-of", "mention", "mentions", "bookmark-of", "bookmark", "bookmarks", "rsvp", "rsvps", "link", "links",
     "post", "posts", "other", "follow-of")
)  # fmt: skip
_JEKYLL = re.compile(rb"^ +(?:verified_date|wm-id|wm-property):", re.MULTILINE)
_LOOKED_AT = 262_144
"""Bytes of a cache of jekyll-webmention_io in which a first mention is looked for: pages without any come before."""
_DEEPEST = 5
_MOST = 200_000


@dataclass(frozen=True)
class Webmention:
    """`webmention: {}`: webmention.io knows a page by its address, so mkdocs.yml must have `site_url`."""

    name: ClassVar[str] = "webmention"
    title: ClassVar[str] = "Webmentions"
    venue: ClassVar[str] = "Webmention"
    social: ClassVar[bool] = False
    needs: ClassVar[str] = "nothing"

    api: str = "https://webmention.io/api/mentions.jf2"

    @classmethod
    def recognises(cls, document: Document) -> bool:
        if document.name.endswith((".yml", ".yaml")):
            return bool(_JEKYLL.search(document.data[:_LOOKED_AT]))
        wm = any(has(document, name) for name in ("wm-id", "wm_id", "wm-property", "wm-target"))
        jf2 = wm or has(document, "verified_date", "target")
        return jf2 or (has(document, "type", "properties") and b'"h-' in document.head)

    def read(self, document: Document) -> Iterable[RawThread]:
        answer = _load(document)
        if "properties" in table(answer) or "items" in table(answer):
            return [_microformats(item) for item in rows(table(answer).get("items")) or [table(answer)]]
        by_page: dict[str, list[RawComment]] = {}
        for row in _mentions(answer):
            by_page.setdefault(_target(row).rstrip("/"), []).extend(filter(None, [_comment(row)]))
        if not by_page:
            if not record_lists.empty(answer) and not isinstance(table(answer).get("children"), list):
                raise Unreadable(
                    f"{document.name}: no mentions in it. Save https://webmention.io/api/mentions.jf2?target=..."
                )
            document.notes.append(Note(f"{document.name}: nothing said yet: there are no mentions in it."))
        return [replace(thread(found, page or None), open=False) for page, found in by_page.items()]

    @classmethod
    def from_url(cls, url: str) -> Self | None:
        return None  # mentions are of a page of the site's own: there is no thread to name

    def fetch(self, post: Post, client: Client) -> Iterable[RawThread]:
        targets = links(post)
        if not targets:
            raise NoThread("webmention: a page is known by its address, and mkdocs.yml has no site_url. Set it.")
        asked = "&".join("target[]=" + quote(target, safe="") for target in targets)
        found: dict[str, RawComment] = {}
        for page in range(PAGES):
            answer = client.get(f"{self.api}?{asked}&sort-dir=up&per-page={SIZE}&page={page}")
            listed = rows(table(parse(answer.document(), "webmention.io")).get("children"))
            found |= {one.id: one for row in listed if (one := _comment(row))}
            if len(listed) < SIZE:
                break
        return [replace(thread(found.values(), targets[0]), page_url=post.canonical_url)]


def thread(found: Iterable[RawComment], page: str | None) -> RawThread:
    """One page's mentions. A mention answers the page, whatever its author meant."""
    return RawThread(platform="webmention", comments=tuple(found), page_url=page, key=page, open=True)


def _load(document: Document) -> Any:
    if not document.name.endswith((".yml", ".yaml")):
        return parse(document, "webmention.io")
    found = [one for one in yaml_values.documents(document, decode.text(document)) if one is not None]
    return found if len(found) > 1 else next(iter(found), None)


def _mentions(answer: Any) -> Iterator[Mapping[str, Any]]:
    """The mentions in a feed's `children`, in the older `links`, or wherever a site's data file has them.

    Sites keep page -> list, page -> kind -> list, or page -> id -> mention (jekyll-webmention_io): the keys on the way
    to a mention say its page and its kind, where it does not say them itself.
    """
    waiting: deque[tuple[Any, str, str, int]] = deque([(answer, "", "", 0)])
    for _ in range(_MOST):
        if not waiting:
            return
        value, page, kind, depth = waiting.popleft()
        if (row := _mention(value)) is not None:
            yield {**row, "wm-target": row.get("wm-target") or page, "wm-property": row.get("wm-property") or kind}
            continue
        pairs = (
            value.items()
            if isinstance(value, dict)
            else ((None, one) for one in value)
            if isinstance(value, list)
            else ()
        )
        for key, inner in pairs if depth < _DEEPEST else ():
            if isinstance(inner, list | dict) and inner:
                name = key if isinstance(key, str) else ""
                is_kind = name in _KINDS or name in _OTHER_KINDS
                waiting.append((inner, name if "/" in name else page, name if is_kind else kind, depth + 1))


def _mention(value: Any) -> Mapping[str, Any] | None:
    """A mention as JF2 has it, out of the three forms in which it is kept; None for what is none."""
    row = table(value)
    if any(name in row for name in ("wm-id", "wm-property", "wm-target", "wm-source")):
        return row
    if "wm_id" in row:  # underscores, and the author's parts side by side
        person = {"name": row.get("author_name"), "url": row.get("author_url")}
        return {**row, "wm-id": row["wm_id"], "wm-target": row.get("wm_target"), "author": row.get("author") or person}
    if "raw" in row and (
        "uri" in row or "pubdate" in row
    ):  # jekyll-webmention_io, whose `content` of a like is made up
        return _mention(row["raw"]) or {
            **row,
            "wm-id": row.get("id"),
            "wm-property": row.get("type"),
            "url": row.get("uri"),
        }
    if "target" in row and ("verified_date" in row or "activity" in row):
        kind, data = text(table(row.get("activity")).get("type")), table(row.get("data"))
        own = {
            "wm-id": row.get("id"),
            "wm-property": kind,
            "wm-target": row.get("target"),
            "wm-private": row.get("private"),
        }
        return {**data, **own, "wm-received": row.get("verified_date"), "url": data.get("url") or row.get("source")}
    return None


def _target(row: Mapping[str, Any]) -> str:
    return text(row.get("wm-target")) or text(row.get(str(row.get("wm-property")))) or ""


def _comment(row: Mapping[str, Any]) -> RawComment | None:
    identity = text(row.get("wm-id")) or text(row.get("id")) or text(row.get("url"))
    if identity is None:
        return None
    author, said = table(row.get("author")), row.get("content") or row.get("text")
    body, markup = text(table(said).get("html")) or (text(said) if isinstance(said, str) else None), "html"
    if body is None:
        body, markup = text(table(said).get("text")) or text(table(row.get("summary")).get("value")) or "", "text"
    return RawComment(
        identity,
        body=body,
        markup="html" if markup == "html" else "text",
        author=Author(name=text(author.get("name")), website=text(author.get("url")), id=text(author.get("url"))),
        created=next(
            filter(None, (when(row.get(n)) for n in ("published", "wm-received", "wm-recieved", "pubdate"))), None
        ),
        url=text(row.get("url")),
        kind=_KINDS.get(str(row.get("wm-property")), "mention"),
        state="hidden" if row.get("wm-private") in (True, "true") else "visible",
    )


def _first(item: Mapping[str, Any], name: str) -> Any:
    values = table(item.get("properties")).get(name)
    return values[0] if isinstance(values, list) and values else None


def _microformats(entry: Mapping[str, Any]) -> RawThread:
    """An h-entry with its `comment`, `like` and `repost` properties, as a microformats2 parser writes it."""
    groups: tuple[tuple[str, Kind], ...] = (("comment", "comment"), ("like", "like"), ("repost", "repost"))
    found: list[RawComment] = []
    page = text(_first(entry, "url"))
    for name, kind in groups:
        for place, item in enumerate(rows(table(entry.get("properties")).get(name))):
            said, card = _first(item, "content"), table(_first(item, "author"))
            markup: Markup = "html" if isinstance(said, dict) else "text"
            url = text(_first(item, "url"))
            found.append(
                RawComment(
                    text(_first(item, "uid")) or url or f"{name}-{place + 1}",
                    body=text(table(said).get("html")) or text(said) or "",
                    markup=markup,
                    author=Author(name=text(_first(card, "name")), website=text(_first(card, "url"))) if card else None,
                    created=when(_first(item, "published")),
                    url=url,
                    kind=kind,
                )
            )
    key = urlsplit(page).path if page else None
    return RawThread(
        platform="webmention", comments=tuple(found), page_url=page, key=key, title=text(_first(entry, "name")) or ""
    )
