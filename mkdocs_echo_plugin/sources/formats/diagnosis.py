"""What is wrong with bytes that no source knows: said with the line, where it can be said."""

from __future__ import annotations

import json
from difflib import get_close_matches

from mkdocs_echo_plugin.sources.raw import Document

LFS_POINTER = b"version https://git-lfs.github.com/spec/"
KEYS = ("author", "text", "created", "date", "id", "parent", "parent_id", "url", "replies", "state", "stance", "kind")
"""The usual keys of a comment in a neutral file."""
LARGEST_NEUTRAL = 1_000_000
LARGEST = 10_000_000
"""Bytes that are still looked at for what is wrong with them."""


def lfs_pointer(document: Document) -> str | None:
    """What to do where Git has left a pointer in the place of the file; None elsewhere."""
    for part in (document, *document.parts[:1]):
        if part.data.startswith(LFS_POINTER):
            return (
                f"{part.name}: this is a Git LFS pointer, not the file. Run `git lfs pull` (in CI: check out with lfs)."
            )
    return None


def fault(document: Document) -> str | None:
    """Why the bytes are not what they begin as, or what their name ends in; None where nothing is wrong with them."""
    head = document.data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n")
    name = document.name.lower()
    if len(document.data) > LARGEST:
        return None
    if head[:1] in (b"{", b"[") and not name.endswith((".yml", ".yaml", ".jsonl", ".ndjson")):
        return _json_fault(document) or _misspelt(document)
    if head[:1] == b"<" and head[:9].lower() != b"<!doctype" and head[:5].lower() != b"<html":
        return _xml_fault(document)
    return _yaml_fault(document) or _misspelt(document) if name.endswith((".yml", ".yaml")) else None


def _misspelt(document: Document) -> str | None:
    """A key of a comment that is nearly one of ours, where it keeps a file of the neutral form from being known."""
    import yaml

    if len(document.data) > LARGEST_NEUTRAL or (
        b"*" in document.data and b"&" in document.data
    ):  # no alias is followed
        return None
    try:
        value = yaml.load(document.data, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506  # a safe one
    except (yaml.YAMLError, ValueError, RecursionError):
        return None
    comments = value.get("comments") if isinstance(value, dict) else value
    first = comments[0] if isinstance(comments, list) and comments else None
    for key in first if isinstance(first, dict) else ():
        if key not in KEYS and (near := get_close_matches(str(key), KEYS, n=1, cutoff=0.7)):
            meant = f"'{str(key)[:50]}' is no key of a comment. Did you mean '{near[0]}'?"
            return f"{document.name}: {meant} docs/sources/neutral.md shows the keys."
    return None


def _json_fault(document: Document) -> str | None:
    try:
        json.loads(document.data)
    except json.JSONDecodeError as error:
        if error.msg == "Extra data":
            return None  # several documents, one after the other
        whole = document.data.rstrip()[-1:] not in (b"}", b"]")
        cut = " The file seems to be cut: export it again." if whole else ""
        return f"{document.name}, line {error.lineno}: not well-formed JSON ({error.msg}).{cut}"
    except (ValueError, RecursionError):  # not UTF-8, or a number with more digits than Python converts
        return None
    return None


def _xml_fault(document: Document) -> str | None:
    from lxml import etree

    try:
        parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
        etree.fromstring(document.data, parser)
    except etree.XMLSyntaxError as error:
        # after a line end libxml2 adds the words at which it stopped: a comment's, which no message may hold
        why = (error.msg or "unreadable").partition("\n")[0].partition(", line ")[0].strip()[:100]
        return f"{document.name}, line {error.lineno}: not well-formed XML ({why}). Export it again, or mend it."
    return None


def _yaml_fault(document: Document) -> str | None:
    import yaml

    try:
        for _ in yaml.parse(document.data, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
            pass
    except yaml.MarkedYAMLError as error:
        line = f", line {error.problem_mark.line + 1}" if error.problem_mark else ""
        return f"{document.name}{line}: not well-formed YAML ({error.problem})."
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError):
        return f"{document.name}: not well-formed YAML."
    return None
