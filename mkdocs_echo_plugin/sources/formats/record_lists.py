"""Where in a document the lists of records stand, and which page each list belongs to.

People keep comments as one list, as page -> list, as a list of pages with a list each, or by id in place of a list
(databases do). One walk finds all of these; how deep it goes and how much it looks at is bounded.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from mkdocs_echo_plugin.limits import MAX_RECORDS
from mkdocs_echo_plugin.sources.formats.json_values import text
from mkdocs_echo_plugin.sources.formats.record_fields import NOTHING, REPLIES, identity, is_record, normal

_DEEPEST = 4
_LOOKED_AT = 200_000
_SAMPLE = 50
_MOST_OF_THEM = 0.6
_CONTAINERS = REPLIES | {
    "data", "items", "results", "result", "rows", "row", "records", "messages", "response", "documents", "docs", "list",
    "nodes", "edges", "posts", "pages", "threads", "thread", "content", "all", "entries", "articles", "comment",
    "payload", "body", "collection", "collections", "value", "values", "commentlist", "allcomments", "discussion",
}  # fmt: skip
"""Keys that say that something is listed, and are no page's name."""
_PLACES = ("url", "pageurl", "posturl", "permalink", "link", "path", "uri", "slug", "page", "post", "key", "id")
_TROUBLE = frozenset(("error", "errors", "errorcode", "exception"))
Record = tuple[str | None, Mapping[str, Any], str | None]
"""Its key where records stand by id, the record itself, and the key or number of the record that it stands under."""


@dataclass(frozen=True, slots=True)
class RecordList:
    """Records that stand together, with what their place says of the page that they are about."""

    records: tuple[tuple[str | None, Mapping[str, Any]], ...]
    place: str | None = None
    title: str = ""


def find(top: Any, *, named: Mapping[str, str] = NOTHING) -> tuple[list[RecordList], int]:
    """The lists of records in a document, outermost and first first; and how many other lists of objects there are.

    Args:
        top: what the document holds.
        named: the fields that the site names itself, by meaning.
    """
    found: list[RecordList] = []
    others = 0
    seen: set[int] = set()  # YAML can name a box again, also within itself
    waiting: deque[tuple[Any, str | None, str, int]] = deque([(top, None, "", 0)])
    for _ in range(_LOOKED_AT):
        if not waiting:
            break
        value, place, title, depth = waiting.popleft()
        if id(value) in seen:
            continue
        seen.add(id(value))
        if (listed := _records(value, named)) is not None:
            found.append(RecordList(listed, place, title))
        elif depth < _DEEPEST:
            below = [(inner, *_place(key, inner, place, title), depth + 1) for key, inner in _inside(value)]
            others += isinstance(value, list) and bool(below)
            waiting.extend(below)
        else:
            others += 1
    return found, others + len(waiting)


def empty(top: Any) -> bool:
    """Whether a document says that there are no comments: an empty list or object, or pages with none."""
    if isinstance(top, list) or not isinstance(top, Mapping) or not top:
        return top in ([], {})
    if any(normal(str(key)) in _TROUBLE and value for key, value in top.items()):
        return False
    boxes = {str(key): inner for key, inner in top.items() if isinstance(inner, list | dict)}
    listed = [key for key in boxes if normal(key) in _CONTAINERS or "/" in key]
    return bool(listed) and len(listed) == len(boxes) and not any(boxes.values())


def walk(listed: RecordList) -> Iterator[tuple[str | None, Mapping[str, Any], int | None]]:
    """The records with the replies that are nested in them, each with the place (in this order) of what it answers.

    No recursion; a record that a file names again, as YAML can, is the same comment.
    """
    seen: set[int] = set()
    place = 0
    stack: list[tuple[str | None, Mapping[str, Any], int | None]] = [
        (key, record, None) for key, record in reversed(listed.records)
    ]
    while stack and place < MAX_RECORDS:
        key, record, above = stack.pop()
        if id(record) in seen:
            continue
        seen.add(id(record))
        yield key, record, above
        nested = [one for name, inner in record.items() if normal(str(name)) in REPLIES for one in _nested(inner)]
        stack += [(below, reply, place) for below, reply in reversed(nested)]
        place += 1


def _nested(value: Any) -> list[tuple[str | None, Mapping[str, Any]]]:
    if isinstance(value, list):
        return [(None, one) for one in value if isinstance(one, Mapping)]
    if isinstance(value, Mapping):
        inner = [(key, one) for key, one in value.items() if isinstance(one, Mapping)]
        if inner and all(is_record(one) for _, one in inner[:_SAMPLE]):
            return [(text(key), one) for key, one in inner]
        return next((_nested(one) for key, one in value.items() if isinstance(one, list)), [])
    return []


def _records(value: Any, named: Mapping[str, str]) -> tuple[tuple[str | None, Mapping[str, Any]], ...] | None:
    """A list's records, or those that stand by id in an object, or the one that an object is; None if it is none."""
    if isinstance(value, list):
        inner: list[tuple[str | None, Mapping[str, Any]]] = [(None, one) for one in value if isinstance(one, Mapping)]
        if len(inner) < len(value) * _MOST_OF_THEM:
            return None
    elif is_record(value, named=named):
        return ((None, value),)
    elif isinstance(value, Mapping):
        inner = [(text(key), one) for key, one in value.items() if isinstance(one, Mapping)]
        if len(inner) < len(value) * _MOST_OF_THEM:
            return None
    else:
        return None
    sample = inner[:: max(1, len(inner) // _SAMPLE)]
    good = sum(is_record(one, named=named) for _, one in sample)
    return tuple(islice(inner, MAX_RECORDS)) if inner and good >= len(sample) * _MOST_OF_THEM else None


def _inside(value: Any) -> Iterator[tuple[str | None, Any]]:
    """The boxes that a box holds, with their keys."""
    pairs = (
        value.items()
        if isinstance(value, Mapping)
        else ((None, one) for one in value)
        if isinstance(value, list)
        else ()
    )
    return ((text(key), inner) for key, inner in pairs if isinstance(inner, list | dict) and inner)


def _place(key: str | None, inner: Any, place: str | None, title: str) -> tuple[str | None, str]:
    """What page an inner box belongs to: its own field that says so, else its key, else what the outer one said."""
    bare = {normal(str(name)): one for name, one in inner.items()} if isinstance(inner, Mapping) else NOTHING
    own = next((said for name in _PLACES if (said := identity(bare.get(name)))), None)
    by_key = identity(key) if key and normal(key) not in _CONTAINERS else None
    return own or by_key or place, text(bare.get("title")) or title
