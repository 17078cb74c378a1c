"""What keys stand where at the beginning of a JSON file: how a format is recognised by its structure alone.

Words inside strings are never looked at: a comment that says `"objectId": 1` makes no file LeanCloud's. The scan is one
pass over the first 64 KiB, stops where they end, and needs no complete document.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from mkdocs_echo_plugin.sources.raw import Document

HEAD = 65_536
"""Bytes that are looked at: a first comment of many words must not hide the keys behind it."""

_DEEPEST, _MOST_PLACES = 12, 500
_MARK = re.compile(rb'["\[\]{},:]')
_STRING = re.compile(rb'[^"\\]*(?:\\.[^"\\]*)*"', re.DOTALL)
_LONGEST_VALUE = 120

Shape = Mapping[str, Mapping[str, str]]


def fields(document: Document, place: str = "") -> Mapping[str, str]:
    """The keys of the objects at a place, each with the first string that it held ("" for other values).

    Args:
        document: a file, or an answer; whatever is no JSON has no keys.
        place: "" for the outermost object (also each of several that stand one after another), "comments[]" for the
            objects in its list `comments`, "[].user" for the object `user` of the objects in an outermost list.
    """
    return shape(document).get(place, {})


def shape(document: Document) -> Shape:
    """The keys of every object near the beginning of a document, by place."""
    head = document.data[:HEAD].removeprefix(b"\xef\xbb\xbf").lstrip()
    if head.startswith(b"#"):  # LeanCloud's first line says what kind of stream follows
        head = head.partition(b"\n")[2].lstrip()
    return _shape(head) if head[:1] in (b"{", b"[") else {}


@lru_cache(maxsize=4)  # every adapter asks about the same document in turn
def _shape(head: bytes) -> Shape:
    found: dict[str, dict[str, str]] = {}
    stack: list[tuple[str, bool]] = []  # the place of each open list or object, and whether it is an object
    key, at, is_key = "", 0, False
    while mark := _MARK.search(head, at):
        at, sign = mark.end(), mark[0]
        if sign == b'"':
            string = _STRING.match(head, at)
            if string is None:
                break
            at = string.end()
            words = string[0][:-1][:_LONGEST_VALUE].decode("utf-8", "replace")
            if is_key:
                key, is_key = words, False
                if len(stack) <= _DEEPEST:
                    found[stack[-1][0]].setdefault(key, "")
            elif stack and stack[-1][1] and len(stack) <= _DEEPEST:
                found[stack[-1][0]][key] = found[stack[-1][0]].get(key) or words
        elif sign in (b"{", b"["):
            place = _inside(stack, key)
            stack.append((place, sign == b"{"))
            is_key = sign == b"{"
            if is_key and len(stack) <= _DEEPEST:
                if len(found) == _MOST_PLACES:
                    break
                found.setdefault(place, {})
        elif sign in (b"}", b"]"):
            if not stack:
                break
            stack.pop()
            is_key = False
        elif sign == b",":
            is_key = bool(stack) and stack[-1][1]
    return found


def _inside(stack: list[tuple[str, bool]], key: str) -> str:
    """The place of what opens now: below `key` of an object, or one of a list's."""
    if not stack:
        return ""
    place, is_object = stack[-1]
    if len(stack) > _DEEPEST:
        return place
    if is_object:
        return f"{place}.{key}" if place else key
    return f"{place}[]"
