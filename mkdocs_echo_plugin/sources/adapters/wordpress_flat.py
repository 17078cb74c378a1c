"""A WordPress thread as Jekyll data: per slug a list of {author, date, depth, content}, in the order of the page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from mkdocs_echo_plugin.errors import Unreadable
from mkdocs_echo_plugin.sources.formats import record_fields
from mkdocs_echo_plugin.sources.formats.json_values import has, number, parse, rows, table, text, when
from mkdocs_echo_plugin.sources.raw import Author, Document, RawComment, RawThread

DEEPEST = 4
"""WordPress shows five levels unless told otherwise (`thread_comments_depth`), and no reply link on the fifth."""


@dataclass(frozen=True)
class WordPressFlat:
    """Files only: `_data/comments.json` of a blog that came from WordPress."""

    name: ClassVar[str] = "wordpress_flat"
    title: ClassVar[str] = "WordPress comments as Jekyll data"
    venue: ClassVar[str] = "WordPress"
    social: ClassVar[bool] = False
    needs: ClassVar[str] = "nothing"

    @classmethod
    def recognises(cls, document: Document) -> bool:
        return has(document, "author", "date", "depth", "content") and not has(document, "rendered")

    def read(self, document: Document) -> Iterable[RawThread]:
        dump = parse(document, "the site's data")
        by_slug = {None: dump} if isinstance(dump, list) else table(dump)
        found = [_thread(slug, rows(listed)) for slug, listed in by_slug.items() if isinstance(listed, list)]
        if not found:
            raise Unreadable(f"{document.name}: no lists of comments in it. It must map slugs to lists.")
        return found


def _thread(slug: str | None, listed: list[Mapping[str, Any]]) -> RawThread:
    path: list[str] = []
    answered: set[str] = set()
    found: list[RawComment] = []
    fields = record_fields.choose(listed)  # a blog that edits the file by hand has called `content` something else
    for place, row in enumerate(listed, start=1):
        depth = min(max(number(row.get("depth")) or 0, 0), len(path))
        parent = path[depth - 1] if depth else None
        identity = text(row.get("id")) or str(place)
        said = record_fields.words(fields.first(row, "text"))
        found.append(
            RawComment(
                identity,
                body=said[0] if said else "",
                author=Author(
                    name=text(row.get("author")), website=text(row.get("url")), email_hash=text(row.get("email"))
                ),
                parent_id=parent,
                # nobody can answer a comment on the last level: whoever does stands beside it
                parent_exact=depth < DEEPEST or parent not in answered,
                created=when(row.get("date")),
            )
        )
        if parent:
            answered.add(parent)
        path[depth:] = [identity]
    return RawThread(platform="wordpress", comments=tuple(found), key=slug, open=False)
