"""What keys stand where at the beginning of a JSON or YAML file: how a format is recognised by its structure alone.

Words inside strings are never looked at: a comment that says `"objectId": 1` makes no file LeanCloud's. The scan is one
pass over the first 64 KiB (8 KiB of YAML), stops where they end, and needs no complete document.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from mkdocs_echo_plugin.sources.raw import Document

HEAD = 65_536
"""Bytes that are looked at: a first comment of many words must not hide the keys behind it."""

YAML_HEAD = 8_192
"""The same for YAML, which takes longer to scan."""

_DEEPEST, _MOST_PLACES = 12, 500
_MARK = re.compile(rb'["\[\]{},:]')
_STRING = re.compile(rb'[^"\\]*(?:\\.[^"\\]*)*"', re.DOTALL)
_LONGEST_VALUE = 120

Shape = Mapping[str, Mapping[str, str]]


def fields(document: Document, place: str = "") -> Mapping[str, str]:
    """The keys of the objects at a place, each with the first string that it held ("" for other values).

    Args:
        document: a file, or an answer; what is neither JSON nor called .yml or .yaml has no keys.
        place: "" for the outermost object (also each of several that stand one after another), "comments[]" for the
            objects in its list `comments`, "[].user" for the object `user` of the objects in an outermost list.
    """
    return shape(document).get(place, {})


def shape(document: Document) -> Shape:
    """The keys of every object near the beginning of a document, by place."""
    head = document.data[:HEAD].removeprefix(b"\xef\xbb\xbf").lstrip()
    if head.startswith(b"#"):  # LeanCloud's first line says what kind of stream follows
        head = head.partition(b"\n")[2].lstrip()
    if head[:1] in (b"{", b"["):
        return _shape(head)
    return _yaml_shape(document.data[:YAML_HEAD]) if document.name.endswith((".yml", ".yaml")) else {}


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


@lru_cache(maxsize=4)
def _yaml_shape(head: bytes) -> Shape:
    import yaml

    found: dict[str, dict[str, str]] = {}
    stack: list[tuple[str, bool]] = []
    key, is_key = "", False
    if len(head) == YAML_HEAD:
        head = head.rpartition(b"\n")[0]  # a key cut in two is no key
    words = head.decode("utf-8-sig", "replace")
    try:
        # events as they come: no alias is followed, nothing is built
        for event in yaml.parse(words, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
            inside = bool(stack) and stack[-1][1]
            if isinstance(event, yaml.CollectionEndEvent):
                stack.pop()
                is_key = bool(stack) and stack[-1][1]
            elif isinstance(event, yaml.CollectionStartEvent):
                place, is_key = _inside(stack, key), isinstance(event, yaml.MappingStartEvent)
                stack.append((place, is_key))
                if is_key and len(stack) <= _DEEPEST:
                    if len(found) == _MOST_PLACES:
                        break
                    found.setdefault(place, {})
            elif inside and isinstance(event, yaml.NodeEvent):
                value = event.value[:_LONGEST_VALUE] if isinstance(event, yaml.ScalarEvent) else ""
                keys = found.setdefault(stack[-1][0], {}) if len(stack) <= _DEEPEST else {}
                if is_key:
                    key = value
                    keys.setdefault(key, "")
                else:
                    keys[key] = keys.get(key) or value
                is_key = not is_key
    except (yaml.YAMLError, ValueError):
        pass  # the head breaks off, or is no YAML: what stood before that counts
    return found
