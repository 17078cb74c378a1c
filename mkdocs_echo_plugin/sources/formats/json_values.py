"""Taking values out of JSON that nobody vouches for: any depth, any type where another was promised.

A venue's answer or a file in a repository may hold a list where its manual says a string, and a chain of ten thousand
replies nests deeper than `json.loads` can recurse. What does not fit is left out; what is not JSON is `Unreadable`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from itertools import islice
from typing import Any

from mkdocs_echo_plugin.errors import TooLarge, Unreadable
from mkdocs_echo_plugin.limits import MAX_VALUES
from mkdocs_echo_plugin.model import Probabilities
from mkdocs_echo_plugin.sources.raw import Document

DEEP_VALUES = 600_000
"""Values, and ends of lists and objects, of an answer that nests too deeply for `json.loads`: some 20,000 comments."""
_STRUCTURE = re.compile(r'"(?:[^"\\]++|\\.)*+"?|([\[{,])', re.DOTALL)
_SPACE = re.compile(r"[ \t\r\n]*")
_scalar = json.JSONDecoder().raw_decode


def has(document: Document, *names: str) -> bool:
    """Whether a document looks like JSON and every name stands as a key in its first 4 KiB."""
    head = document.head.removeprefix(b"\xef\xbb\xbf").lstrip()
    return head[:1] in (b"{", b"[") and all(re.search(rb'"%b"\s*:' % re.escape(n.encode()), head) for n in names)


def parse(document: Document, title: str) -> Any:
    """A document's JSON, however deep.

    Raises:
        Unreadable: with the document, the line, and what to do.
        TooLarge: more than three million values.
    """
    return _loads(decoded(document, title), document, title, 1)


def decoded(document: Document, title: str) -> str:
    """A JSON document's text, by the encoding that its first bytes show.

    Raises:
        Unreadable: it is in another encoding.
    """
    try:
        return document.data.decode(json.detect_encoding(document.data))
    except UnicodeDecodeError as error:
        raise Unreadable(f"{document.name}: byte {error.start} is not text. Export it from {title} again.") from None


def lines(document: Document, title: str) -> Iterator[Any]:
    """The values of a JSON-lines document, one a line, empty lines skipped.

    Raises:
        Unreadable: with the document, the line, and what to do.
        TooLarge: more than three million values.
    """
    try:
        _count(document.data.decode("utf-8", "replace"))
    except TooManyValues as error:
        raise _too_large(document, error) from None
    for number, line in enumerate(document.data.removeprefix(b"\xef\xbb\xbf").splitlines(), start=1):
        if line.strip():
            yield _loads(line.decode("utf-8", "replace"), document, title, number)


def loads(text: str, *, strict: bool = True) -> Any:
    """`json.loads`, for as many values as fit into memory.

    Raises:
        RecursionError: too deep for it.
        TooManyValues: more than `MAX_VALUES`, found out before any of them is made.
        ValueError: not JSON.
    """
    _count(text)
    return json.loads(text, strict=strict)


def _count(text: str) -> None:
    if sum(map(text.count, ",[{")) > MAX_VALUES:  # those in strings too: counted exactly only if they are many
        marks = (found for found in _STRUCTURE.finditer(text) if found[1])
        if next(islice(marks, MAX_VALUES, None), None) is not None:
            raise TooManyValues


class TooManyValues(ValueError):
    """JSON of more values than the bound allows."""

    def __init__(self) -> None:
        super().__init__(f"more than {MAX_VALUES:,} values")


def values(document: Document, title: str) -> Iterator[Any]:
    """The values of a document that may hold several, one after another with or without line ends between them.

    So JSON lines, and the arrays that `gh api --paginate` prints one behind the other.

    Raises:
        Unreadable: with the document, the line, and what to do.
    """
    text = decoded(document, title)
    if text.startswith("#filetype:"):  # the first line of LeanCloud's exports
        text = "\n" + text.partition("\n")[2]
    try:
        _count(text)
    except TooManyValues as error:
        raise _too_large(document, error) from None
    at = _skip(text, 0)
    while at < len(text):
        try:
            value, at = _scalar(text, at)
        except (ValueError, RecursionError):  # one value nested too deeply, or an error: said with its line
            yield _loads(text[at:], document, title, text.count("\n", 0, at) + 1)
            return
        yield value
        at = _skip(text, at)


def records(document: Document, title: str) -> Iterator[Mapping[str, Any]]:
    """The objects of JSON lines, of a list, or of several lists one after another, one list within another too."""
    for value in values(document, title):
        stack = [value]
        while stack:
            one = stack.pop()
            if isinstance(one, dict):
                yield one
            elif isinstance(one, list):
                stack += reversed(one)


def _loads(text: str, document: Document, title: str, first: int) -> Any:
    try:
        try:
            return loads(text)
        except RecursionError:
            return _deep(text)
    except TooManyValues as error:
        raise _too_large(document, error) from None
    except json.JSONDecodeError as error:
        line = first + error.lineno - 1
        raise Unreadable(
            f"{document.name}: line {line} is not valid JSON ({error.msg}). Export it from {title} again."
        ) from None
    except (ValueError, RecursionError):
        raise Unreadable(
            f"{document.name}: a number of thousands of digits, or nested too deeply. Export it from {title} again."
        ) from None


def _too_large(document: Document, error: TooManyValues) -> TooLarge:
    return TooLarge(f"{document.name}: {error}. Split it, or export fewer threads at a time.")


def _deep(text: str) -> Any:
    """`json.loads` with a list for a stack: slower, so that it is bounded by the number of values."""
    outermost: list[Any] = []
    stack: list[Any] = [outermost]
    at, more, key = 0, True, ""  # more: a value (or an object's key) must come next
    for _ in range(DEEP_VALUES):
        at = _skip(text, at)
        mark = text[at : at + 1]
        box = stack[-1]
        if box is outermost and not more:
            if mark:
                raise json.JSONDecodeError("Extra data", text, at)
            return outermost[0]
        closes = "}" if isinstance(box, dict) else "]"
        if mark == closes and (not more or not box) and box is not outermost:
            stack.pop()
            more, at = False, at + 1
            continue
        if not more:
            if mark != ",":
                raise json.JSONDecodeError("Expecting ',' delimiter", text, at)
            at, more = _skip(text, at + 1), True
            mark = text[at : at + 1]
            if mark in "]}":
                raise json.JSONDecodeError("Expecting value", text, at)
        if isinstance(box, dict):
            if mark != '"':
                raise json.JSONDecodeError("Expecting property name", text, at)
            key, at = _scalar(text, at)
            at = _skip(text, at)
            if text[at : at + 1] != ":":
                raise json.JSONDecodeError("Expecting ':' delimiter", text, at)
            at = _skip(text, at + 1)
            mark = text[at : at + 1]
        value: Any
        if mark and mark in "[{":
            value, at = ([] if mark == "[" else {}), at + 1
        else:
            value, at = _scalar(text, at)
        if isinstance(box, dict):
            box[key] = value
        else:
            box.append(value)
        more = isinstance(value, list | dict)
        if more:
            stack.append(value)
    raise json.JSONDecodeError(f"more than {DEEP_VALUES:,} values, nested too deeply", text, at)


def _skip(text: str, at: int) -> int:
    found = _SPACE.match(text, at)
    return found.end() if found else at


def table(value: Any) -> Mapping[str, Any]:
    """The value if it is an object, else an empty one."""
    return value if isinstance(value, dict) else {}


def rows(value: Any) -> list[Mapping[str, Any]]:
    """The objects in a list; nothing if it is no list."""
    return [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []


def preorder(
    top: Any, replies: Callable[[Mapping[str, Any]], Any]
) -> Iterator[tuple[Mapping[str, Any], Mapping[str, Any] | None]]:
    """Every object of a nested list with the one it hangs under (None at the top), parents first, without recursion."""
    stack: list[tuple[Mapping[str, Any], Mapping[str, Any] | None]] = [(row, None) for row in reversed(rows(top))]
    while stack:
        row, parent = stack.pop()
        yield row, parent
        stack += [(reply, row) for reply in reversed(rows(replies(row)))]


def text(value: Any) -> str | None:
    """A non-empty string, or a number as one (ids); half a surrogate pair becomes "?"."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    if isinstance(value, float):
        value = int(value) if value.is_integer() else value
    try:
        words = str(value)
    except ValueError:  # an integer of more digits than Python prints
        return None
    return (words if words.isascii() else words.encode("utf-8", "replace").decode()) or None


def number(value: Any) -> int | None:
    """A whole number, also where it comes as a string."""
    try:
        return None if isinstance(value, bool) else int(value)
    except (TypeError, ValueError, OverflowError):
        return None


def when(value: Any, *, unit: float = 1.0) -> datetime | None:
    """A time in UTC: ISO 8601 (without a zone: UTC), or a number of `unit` seconds since 1970."""
    try:
        if isinstance(value, str):
            moment = datetime.fromisoformat(value.strip())
        elif isinstance(value, int | float) and not isinstance(value, bool):
            moment = datetime.fromtimestamp(value * unit, UTC)
        else:
            return None
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError, OSError):
        return None


def shares(value: object) -> Probabilities | None:
    """{"agree", "neutral", "disagree"} that sum to 1, as `fetch --no-text` keeps in the place of words; None else."""
    parts: list[Any] = [value.get(stance) for stance in Probabilities._fields] if isinstance(value, Mapping) else []
    known = [float(part) for part in parts if type(part) in (int, float) and 0 <= part <= 1]
    return Probabilities(*known) if len(known) == 3 and abs(sum(known) - 1) < 0.01 else None
