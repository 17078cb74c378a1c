"""The text in which Movable Type, TypePad, Squarespace, Hatena and FC2 export a blog: entries, comments and pings."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import ClassVar

from mkdocs_echo_plugin.errors import Unreadable
from mkdocs_echo_plugin.sources.formats import dates, decode
from mkdocs_echo_plugin.sources.formats.markup import to_text
from mkdocs_echo_plugin.sources.raw import Author, Document, RawComment, RawThread

_SECTIONS = ("BODY:", "EXTENDED BODY:", "EXCERPT:", "KEYWORDS:", "COMMENT:", "PING:")
_ENTRY = ("AUTHOR", "AUTHOR EMAIL", "TITLE", "STATUS", "BASENAME", "UNIQUE URL", "ALLOW COMMENTS", "DATE")
_SAID = frozenset(("AUTHOR", "EMAIL", "IP", "URL", "DATE", "TITLE", "BLOG NAME", "SECRET", "PASS"))
"""What may stand before the words of a comment or a ping; FC2 adds the last two."""
_FIRST = re.compile(rb"\s*(?:AUTHOR|TITLE):", re.DOTALL)
_HEADING = re.compile(rb"^(?:DATE|STATUS|BASENAME|ALLOW COMMENTS|CONVERT BREAKS|AUTHOR|TITLE):", re.MULTILINE)
_DATE = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})\s+(\d{1,2}):(\d{2})(?::(\d{2}))?(?:\s*([AP])M)?", re.I)

Lines = list[str]


@dataclass(frozen=True, slots=True)
class MovableType:
    """The adapter. No options."""

    name: ClassVar[str] = "movable_type"
    title: ClassVar[str] = "Movable Type, TypePad (text export)"
    venue: ClassVar[str] = "Movable Type"
    social: ClassVar[bool] = False
    needs: ClassVar[str] = "nothing"

    @classmethod
    def recognises(cls, document: Document) -> bool:
        """Begins with an entry's headings, and goes on with a line of five hyphens and a section."""
        head = document.head.removeprefix(b"\xef\xbb\xbf")
        if not _FIRST.match(head):
            return False
        headings, line, rest = head.replace(b"\r\n", b"\n").partition(b"\n-----\n")
        return bool(line) and len(set(_HEADING.findall(headings))) >= 2 and rest.startswith(_BYTES)

    def read(self, document: Document) -> Iterator[RawThread]:
        """The entries that have comments or pings, in the export's order."""
        words = decode.text(document, fallback="cp1252").replace("\r\n", "\n").replace("\r", "\n")
        found = False
        for entry in _entries(words.split("\n")):
            headings, sections = _sections(entry)
            found = found or bool(headings)
            said = [(kind, part) for kind, part in sections if kind in ("COMMENT:", "PING:")]
            if said:
                yield _thread(headings, said)
        if not found:
            raise Unreadable(
                f"{document.name}: no entry in it. Export the blog as Movable Type's text (AUTHOR:, TITLE:)."
            )


_BYTES = tuple(section.encode() for section in _SECTIONS)


def _entries(lines: Lines) -> Iterator[Lines]:
    """The lines of each entry. Eight hyphens end one; in a comment's words they may stand too."""
    entry: Lines = []
    for at, line in enumerate(lines):
        if line.rstrip() == "--------" and _begins_entry(lines, at + 1):
            yield entry
            entry = []
        else:
            entry.append(line)
    yield entry


def _begins_entry(lines: Lines, at: int) -> bool:
    following = next((line for line in lines[at : at + 5] if line.strip()), "")
    return not following or following.partition(":")[0] in _ENTRY


def _sections(entry: Lines) -> tuple[dict[str, str], list[tuple[str, Lines]]]:
    """An entry's headings and its sections. Five hyphens end one where another section, or nothing, follows."""
    headings: dict[str, str] = {}
    sections: list[tuple[str, Lines]] = []
    current: Lines | None = None
    for at, line in enumerate(entry):
        ends = line.rstrip() == "-----"
        following = next((one for one in entry[at + 1 : at + 4] if one.strip()), "") if ends else ""
        if ends and (not following or following.rstrip() in _SECTIONS):
            current = None
        elif current is None and line.rstrip() in _SECTIONS:
            current = []
            sections.append((line.rstrip(), current))
        elif current is not None:
            current.append(line)
        else:
            name, colon, value = line.partition(":")
            if colon and name in _ENTRY:
                headings.setdefault(name, value.strip())
    return headings, sections


def _thread(headings: dict[str, str], said: list[tuple[str, Lines]]) -> RawThread:
    name = headings.get("BASENAME", "")
    return RawThread(
        platform="movable_type",
        comments=tuple(_comment(kind, part, headings, place) for place, (kind, part) in enumerate(said, start=1)),
        # TypePad gives the address, Squarespace the path as BASENAME, others the last part of it
        page_url=headings.get("UNIQUE URL") or (name if "/" in name else None),
        key=name or None,
        title=headings.get("TITLE", ""),
        locked=headings.get("ALLOW COMMENTS", "1") != "1",  # 0 never, 2 no longer
    )


def _comment(kind: str, part: Lines, headings: dict[str, str], place: int) -> RawComment:
    fields: dict[str, str] = {}
    start = 0
    for line in part:
        field, colon, value = line.partition(":")
        if not colon or field not in _SAID or field in fields:
            break
        fields[field] = value.strip()
        start += 1
    ping = kind == "PING:"
    name = (fields.get("BLOG NAME") or fields.get("TITLE") if ping else fields.get("AUTHOR")) or None
    email = fields.get("EMAIL") or None
    # whoever is signed in leaves no address, so the name is the account's
    own = name and name == headings.get("AUTHOR") and email in (None, headings.get("AUTHOR EMAIL"))
    return RawComment(
        f"{'ping' if ping else 'comment'}-{place}",  # the format has no numbers
        body=to_text("\n".join(part[start:]), newlines=True),
        markup="text",
        author=Author(
            name=name, website=fields.get("URL") or None, email=email, role="author" if own and not ping else "unknown"
        ),
        parent_exact=ping,  # nor does it tell who answers whom
        created=_moment(fields.get("DATE", "")),
        url=fields.get("URL") or None if ping else None,
        kind="pingback" if ping else None,
        state="hidden" if fields.get("SECRET") == "1" else "visible",
    )


def _moment(words: str) -> datetime | None:
    """A date in the blog's own time: month first, always, whatever its language."""
    found = _DATE.fullmatch(words.strip())
    if found is None:
        return dates.parse(words)
    month, day, year, hour, minute = (int(found[place]) for place in range(1, 6))
    if found[7]:
        hour = hour % 12 + (12 if found[7] in "pP" else 0)
    try:
        return datetime(year, month, day, hour, minute, int(found[6] or 0), tzinfo=UTC)
    except ValueError:
        return None
