"""Whom a comment calls by name in its first lines."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from itertools import islice

from mkdocs_echo_plugin.limits import MAX_NAME_CHARACTERS

_WORD = re.compile(r"\w")
_LINK_END = re.compile(r"\]\(")
_CALL_END = re.compile(r"(?<! ) *+[:,]")
_AT = re.compile(r"(?<!\w)@")
_CALLING_LINES = 3


def addressed(text: str, names: Mapping[str, str | None]) -> str | None:
    """The key of whom the first lines call: "@Ada" anywhere, "Ada:", "Ada,", "[Ada](...)" where a line begins.

    The first three lines that are no quotation; the first line that calls somebody counts, and in it the longest name.
    """
    lines = (one.strip() for one in text[:1000].split("\n"))
    for line in islice((one for one in lines if one and not one.startswith(">")), _CALLING_LINES):
        called = _called(unicodedata.normalize("NFC", line[: 4 * MAX_NAME_CHARACTERS]).casefold(), names)
        if called is not None:
            return called
    return None


def _called(line: str, names: Mapping[str, str | None]) -> str | None:
    start = line[: 2 * MAX_NAME_CHARACTERS]
    if start.startswith("["):
        name = start.lstrip("[").removeprefix("@")
        ends = [found.start() for found in _LINK_END.finditer(name)]
    elif start.startswith("@"):
        name, ends = start.removeprefix("@"), []
    else:
        name, ends = start, [found.start() for found in _CALL_END.finditer(start, 0, MAX_NAME_CHARACTERS)]
    found = next((key for end in reversed(ends) if (key := names.get(name[:end]))), None)
    return found or next((key for at in _AT.finditer(line) if (key := _longest(line[at.end() :], names))), None)


def _longest(text: str, names: Mapping[str, str | None]) -> str | None:
    """Whom the longest name at the beginning of a text calls."""
    ends = [n for n in range(1, min(len(text), MAX_NAME_CHARACTERS) + 1) if not _WORD.match(text, n)]
    return next((key for end in reversed(ends) if (key := names.get(text[:end]))), None)
