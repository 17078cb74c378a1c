"""Valine: its class `Comment` as LeanCloud exports it, a list, JSON lines, or an answer of its REST interface."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from mkdocs_echo_plugin.errors import Unreadable
from mkdocs_echo_plugin.sources.formats.json_values import records, rows, table, text, when
from mkdocs_echo_plugin.sources.formats.shape import fields
from mkdocs_echo_plugin.sources.raw import Author, Document, RawComment, RawThread

_PLACES = ("", "[]", "results[]")
_OWN = {"nick", "comment", "objectId"}


@dataclass(frozen=True)
class Valine:
    """Files only: Valine has no server of its own, and its LeanCloud keys are not asked with."""

    name: ClassVar[str] = "valine"
    title: ClassVar[str] = "Valine (LeanCloud)"
    venue: ClassVar[str] = "Valine"
    social: ClassVar[bool] = False
    needs: ClassVar[str] = "nothing"

    @classmethod
    def recognises(cls, document: Document) -> bool:
        # a saved answer of Waline's server has the same keys, under `data`
        return any(fields(document, place).keys() >= _OWN for place in _PLACES)

    def read(self, document: Document) -> Iterable[RawThread]:
        by_page: dict[str | None, list[RawComment]] = {}
        for record in records(document, "LeanCloud"):
            for row in rows(record.get("results")) or [record]:
                if comment := _comment(row):
                    by_page.setdefault(text(row.get("url")), []).append(comment)
        if not by_page:
            raise Unreadable(f"{document.name}: no comments in it. Export the class Comment of the LeanCloud app.")
        return [
            RawThread(platform="valine", comments=tuple(found), page_url=page, key=page)
            for page, found in by_page.items()
        ]


def _comment(row: Mapping[str, Any]) -> RawComment | None:
    identity = text(row.get("objectId"))
    if identity is None or "comment" not in row:
        return None
    words = text(row.get("comment")) or ""
    return RawComment(
        identity,
        # Valine stores what it made of the Markdown, Waline (on the same LeanCloud app, later) what was typed
        body=words,
        markup="html" if re.match(r"\s*<[a-zA-Z]", words) else "markdown",
        author=Author(name=text(row.get("nick")), website=text(row.get("link")), email=text(row.get("mail"))),
        # `rid` is the comment at the top, `pid` the one that is answered; older versions had `rid` alone
        parent_id=_pointer(row.get("pid")) or _pointer(row.get("rid")),
        created=_moment(row.get("insertedAt")) or _moment(row.get("createdAt")),
        state="hidden"
        if row.get("isSpam") is True or row.get("status") == "spam"
        else "pending"
        if row.get("status") == "waiting"
        else "visible",
    )


def _pointer(value: Any) -> str | None:
    """An id, which some exports write as a pointer to the object."""
    return text(table(value).get("objectId")) or text(value)


def _moment(value: Any) -> Any:
    # the built-in dates are strings; a date that the app itself set is an object {"__type": "Date", "iso": ...}
    return when(table(value).get("iso") or value)
