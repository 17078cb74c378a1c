"""Bytes of a file -> text, YAML or the elements of an XML export, with nothing in it that a file can abuse.

XML: no entities, no document type, no network, streamed. YAML: strings, lists and mappings only; no tags, no merges,
libyaml's limit on depth. What is wrong is said with file and line.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from io import BytesIO
from typing import TYPE_CHECKING, Any

from mkdocs_echo_plugin.errors import Unreadable
from mkdocs_echo_plugin.sources.raw import Document

if TYPE_CHECKING:
    from lxml.etree import _Element


class Malformed(Unreadable):
    """XML that is not well-formed; `line` counts from 1, `column` is the number of bytes before the error in it."""

    def __init__(self, message: str, *, line: int, column: int) -> None:
        super().__init__(message)
        self.line = line
        self.column = column


_CONTROL = bytes(sorted({*range(32), 127} - {9, 10, 13}))
_JUNK = 64
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")  # its marks


def text(document: Document, *, fallback: str | None = None) -> str:
    """A document's text: UTF-8 with or without a mark, UTF-16 with one, else `fallback` where one is given.

    Raises:
        Unreadable: another encoding, with the line.
    """
    data = document.data
    if data[:2] in _UTF_16:
        return data.decode("utf-16", "replace").replace("\x00", "")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if fallback:
            return data.decode(fallback, "replace")
        line = data.count(b"\n", 0, error.start) + 1
        raise Unreadable(f"{document.name}: line {line} is not UTF-8. Save the file as UTF-8.") from None


def json_as_utf8(document: Document) -> Document:
    """The document; in UTF-8 if it is JSON in UTF-16, which Windows PowerShell writes and no adapter looks for.

    XML says its encoding itself, and must keep it.
    """
    data = document.data
    if data[:2] not in _UTF_16:
        return document
    words = data.decode("utf-16", "replace").lstrip()
    return replace(document, data=words.encode()) if words.startswith(("{", "[")) else document


@cache
def yaml_loader() -> Any:
    """A safe loader of libyaml that leaves every scalar but null and booleans a string.

    So ids keep their leading zeros, a bad date cannot raise, and `<<` is a key like any other: merging aliases into
    each other is how ten lines of YAML become gigabytes.
    """
    import yaml

    class Strings(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]  # the C loader may be missing
        pass

    keep = {"tag:yaml.org,2002:null", "tag:yaml.org,2002:bool"}
    Strings.yaml_implicit_resolvers = {
        first: kept
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
        if (kept := [(tag, regexp) for tag, regexp in resolvers if tag in keep])
    }
    return Strings


def yaml(document: Document, words: str) -> Iterator[Any]:
    """The documents in a YAML text.

    Raises:
        Unreadable: not YAML, tags that only a trusting loader would follow, or nested too deeply; with the line.
    """
    import yaml as library

    try:
        yield from library.load_all(words, Loader=yaml_loader())  # a subclass of the safe loader
    except library.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f"line {mark.line + 1}" if mark else "somewhere"
        problem = " ".join(str(getattr(error, "problem", None) or getattr(error, "reason", None)).split())[:100]
        raise Unreadable(f"{document.name}: {line} is not valid YAML ({problem}). Correct it there.") from None
    except (ValueError, TypeError, RecursionError) as error:  # a list as a key, no libyaml and a deep file
        raise Unreadable(f"{document.name}: not readable as YAML ({error}). Correct the file.") from None


def elements(document: Document, title: str, *, root: str, level: int) -> Iterator[_Element]:
    """The elements of an XML export that lie `level` below its root element `root`, each complete, then forgotten.

    Raises:
        Malformed: no well-formed XML, with the line and what to do.
        Unreadable: another root element, or a document type is declared.
    """
    from lxml import etree

    data, skipped = _without_junk(document.data)
    try:
        # lxml's stubs lack iterparse's keyword arguments
        events: Any = etree.iterparse(
            BytesIO(data), events=("start", "end"), resolve_entities=False, load_dtd=False, no_network=True,
            huge_tree=False, remove_comments=True, remove_pis=True,
        )  # fmt: skip
        depth = -1
        for event, element in events:
            if event == "end":
                if depth == level:
                    yield element
                    _forget(element)
                depth -= 1
                continue
            depth += 1
            if depth == 0 and local(element) != root:
                raise Unreadable(f"{document.name}: line 1 begins no export of {title}: <{root}> was expected.")
            if depth == 0 and element.getroottree().docinfo.doctype:
                raise Unreadable(
                    f"{document.name}: line 1 declares a document type, which an export of {title} never does. "
                    f"Export it again, or delete the <!DOCTYPE ...> part."
                )
    except etree.XMLSyntaxError as error:
        line = (error.lineno or 1) + skipped
        # libxml2 adds, after a line end, the words at which it stopped: a comment's, which no message may hold
        why = (error.msg or "unreadable").partition("\n")[0].partition(", line ")[0].strip()[:100]
        raise Malformed(
            f"{document.name}: line {line} is not valid XML ({why}). Export it from {title} again.",
            line=line,
            column=max((error.offset or 1) - 1, 0),
        ) from None


def local(element: _Element) -> str:
    """An element's name without its namespace."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def _forget(element: Any) -> None:  # lxml's stubs lack clear(keep_tail)
    parent = element.getparent()
    element.clear(keep_tail=False)
    while parent is not None and element.getprevious() is not None:
        del parent[0]


def _without_junk(data: bytes) -> tuple[bytes, int]:
    """Without what exports have around and in them though XML forbids it: leading noise, control characters.

    Also the number of lines that were cut off.
    """
    if data[:2] in _UTF_16:
        return data, 0
    start = max(data.find(b"<", 0, _JUNK), 0)
    return data[start:].translate(None, _CONTROL), data.count(b"\n", 0, start)
