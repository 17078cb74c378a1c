"""Webmentions: webmention.io's JF2 (asked, or saved as a site's data file), and comments in microformats2 JSON."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar, Self
from urllib.parse import quote, urlsplit

from mkdocs_echo_plugin.errors import NoThread, Unreadable
from mkdocs_echo_plugin.model import Kind, Post
from mkdocs_echo_plugin.sources.addresses import links
from mkdocs_echo_plugin.sources.formats.json_values import has, parse, rows, table, text, when
from mkdocs_echo_plugin.sources.raw import Author, Document, Markup, RawComment, RawThread

if TYPE_CHECKING:
    from mkdocs_echo_plugin.sources.http.client import Client

PAGES, SIZE = 50, 100
_KINDS: Mapping[str, Kind] = {
    "in-reply-to": "comment", "reply": "comment", "like-of": "like", "like": "like", "repost-of": "repost",
    "repost": "repost",
}  # fmt: skip
"""Bookmarks, RSVPs and whatever else points here are mentions."""


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
        jf2 = has(document, "wm-id") or has(document, "wm-property") or has(document, "verified_date", "target")
        return jf2 or (has(document, "type", "properties") and b'"h-' in document.head)

    def read(self, document: Document) -> Iterable[RawThread]:
        answer = parse(document, "webmention.io")
        if "properties" in table(answer) or "items" in table(answer):
            return [_microformats(item) for item in rows(table(answer).get("items")) or [table(answer)]]
        by_page: dict[str, list[RawComment]] = {}
        for row in _mentions(answer):
            target = text(row.get("wm-target")) or _target(row)
            by_page.setdefault(target.rstrip("/"), []).extend(filter(None, [_comment(row)]))
        if not by_page and not isinstance(table(answer).get("children"), list):
            raise Unreadable(
                f"{document.name}: no mentions in it. Save https://webmention.io/api/mentions.jf2?target=..."
            )
        return [replace(thread(found, page or None), open=False) for page, found in (by_page or {"": []}).items()]

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


def _mentions(answer: Any) -> Iterable[Mapping[str, Any]]:
    """A feed's children, the older `links`, a saved list, or a saved mapping of pages to lists."""
    if isinstance(answer, list):
        yield from rows(answer)
    elif isinstance(table(answer).get("children"), list):
        yield from rows(answer["children"])
    elif isinstance(table(answer).get("links"), list):
        for link in rows(answer["links"]):
            kind = text(table(link.get("activity")).get("type"))
            yield {
                "wm-id": link.get("id"),
                "wm-property": kind,
                "wm-target": link.get("target"),
                **table(link.get("data")),
            }
    else:
        for value in table(answer).values():
            yield from rows(value)


def _target(row: Mapping[str, Any]) -> str:
    return text(row.get(str(row.get("wm-property")))) or ""


def _comment(row: Mapping[str, Any]) -> RawComment | None:
    identity = text(row.get("wm-id")) or text(row.get("id")) or text(row.get("url"))
    if identity is None:
        return None
    author, said = table(row.get("author")), row.get("content")
    body, markup = text(table(said).get("html")) or (text(said) if isinstance(said, str) else None), "html"
    if body is None:
        body, markup = text(table(said).get("text")) or text(table(row.get("summary")).get("value")) or "", "text"
    return RawComment(
        identity,
        body=body,
        markup="html" if markup == "html" else "text",
        author=Author(name=text(author.get("name")), website=text(author.get("url")), id=text(author.get("url"))),
        created=when(row.get("published")) or when(row.get("wm-received")),
        url=text(row.get("url")),
        kind=_KINDS.get(str(row.get("wm-property")), "mention"),
        state="hidden" if row.get("wm-private") is True else "visible",
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
