"""Staticman: comments as YAML or JSON files in the repository, one directory a post."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import PurePath
from typing import Any, ClassVar

from mkdocs_echo_plugin.sources.formats import dates, decode, yaml_values
from mkdocs_echo_plugin.sources.formats.json_values import parse, table, text, when
from mkdocs_echo_plugin.sources.raw import Author, Document, RawComment, RawThread

_REPLIES = ("replying_to_uid", "reply_to", "replying_to", "replyToId", "replyTo", "replyID", "parent_id")
"""Staticman itself knows no replies: the field is the theme's, and so is what stands in it."""
_KEY = rb'(?:^|[{,\s])"?%b"?\s*:'


@dataclass(frozen=True)
class Staticman:
    """Files only: `files: {path: _data/comments}`. `reply_field` names a theme's own field for the parent."""

    name: ClassVar[str] = "staticman"
    title: ClassVar[str] = "Staticman"
    needs: ClassVar[str] = "nothing"

    reply_field: str = ""

    @classmethod
    def recognises(cls, document: Document) -> bool:
        first = document.parts[0] if document.parts else document
        if PurePath(first.name).suffix not in (".yml", ".yaml", ".json") or first.head.lstrip()[:1] == b"[":
            return False
        if b"message" not in first.head or b"date" not in first.head:
            return False
        keys = {key for key in (b"_parent", b"_id", b"message", b"name", b"date") if re.search(_KEY % key, first.head)}
        return {b"message", b"date"} < keys and bool(keys & {b"_parent", b"_id"})

    def read(self, document: Document) -> Iterable[RawThread]:
        parts = document.parts or (document,)
        found = [(part, table(self._load(part))) for part in parts]
        records = [(part, record) for part, record in found if text(record.get("message")) or text(record.get("_id"))]
        place = PurePath(document.name) if document.parts else PurePath(document.name).parent
        page = next((p for _, record in records if (p := text(record.get("_parent"))) and "/" in p), None)
        comments = _tree([_comment(part, record) for part, record in records], [self._above(r) for _, r in records])
        return [RawThread(platform="staticman", comments=comments, page_url=page, key=place.name or None, open=True)]

    def _load(self, part: Document) -> Any:
        if part.head.lstrip()[:1] == b"{":
            return parse(part, "Staticman")
        return next(iter(yaml_values.documents(part, decode.text(part))), None)

    def _above(self, record: Mapping[str, Any]) -> str | None:
        for field in (self.reply_field, *_REPLIES):
            if field and (named := text(record.get(field))) and named != "0":
                return named
        parent = text(record.get("_parent"))
        return parent if parent and "/" not in parent else None


def _tree(found: Sequence[RawComment], above: Sequence[str | None]) -> tuple[RawComment, ...]:
    """Parents by id; or by ordinal: the nth of the comments that answer nobody, in the order of the file names.

    A theme with ordinals lets one answer those only, so whoever answers a reply stands beside it: exact is the first.
    """
    ids = {one.id for one in found}
    tops = [one.id for one, named in zip(found, above, strict=True) if named is None or named == one.id]
    answered: set[str] = set()
    out: list[RawComment] = []
    for one, named in zip(found, above, strict=True):
        parent, exact = (None, True) if named == one.id else (named, True)
        if named and named not in ids and re.fullmatch(r"[0-9]{1,6}", named) and 0 < int(named) <= len(tops):
            parent = tops[int(named) - 1]
            exact = parent not in answered
            answered.add(parent)
        out.append(replace(one, parent_id=parent, parent_exact=exact))
    return tuple(out)


def _comment(part: Document, record: Mapping[str, Any]) -> RawComment:
    email = text(record.get("email"))
    plain = email if email and "@" in email else None
    return RawComment(
        text(record.get("_id")) or text(record.get("id")) or PurePath(part.name).stem,
        body=text(record.get("message")) or "",
        markup="markdown",
        author=Author(
            name=text(record.get("name")),
            website=text(record.get("url")),
            email=plain,
            email_hash=None if plain else email,
        ),
        created=_when(text(record.get("date"))) or _when(text(record.get("timestamp"))),
    )


def _when(value: str | None) -> datetime | None:
    """Staticman's `date` generator writes ISO, or seconds or milliseconds since 1970."""
    if value and re.fullmatch(r"[0-9]{9,13}", value):
        return when(int(value), unit=1 if len(value) < 12 else 0.001)
    return dates.parse(value) if value else None
