"""The elements of an XML export, one by one, with nothing in it that a file can abuse.

No entities, no document type, no network, streamed. An export that is not well-formed, as many are that WordPress and
its plug-ins wrote, is read once more by `forgiving_xml`; what was repaired and what was left out is counted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from mkdocs_echo_plugin.errors import Unreadable
from mkdocs_echo_plugin.sources.formats import decode
from mkdocs_echo_plugin.sources.formats.forgiving_xml import DocumentType, ForgivingReader
from mkdocs_echo_plugin.sources.formats.xml_repairs import Grammar, Repairs
from mkdocs_echo_plugin.sources.notes import Note
from mkdocs_echo_plugin.sources.raw import Document

if TYPE_CHECKING:
    from lxml.etree import _Element

_CONTROL = bytes(sorted({*range(32), 127} - {9, 10, 13}))
_CHUNK = 65_536
_START = 4096
"""Bytes at the beginning that may be noise: what a plug-in or a proxy printed before the export."""


def elements(document: Document, grammar: Grammar, repairs: Repairs) -> Iterator[_Element]:
    """The elements of an export that `grammar` names, each complete, then forgotten.

    Strictly first. Where the file stops being well-formed, the elements from there on are read forgivingly:
    `repairs` says of the latest element whether a part of it was lost, and at the end the document has a note.

    Raises:
        Unreadable: another root element, a document type, or nothing that can be read; with the line.
    """
    document = decode.as_utf8(document)
    start = _start(document.data, grammar)
    given = 0
    try:
        for element in _strictly(document, grammar, start, repairs):
            if local(element) in grammar.elements:
                given += 1
                yield element
    except _Malformed as error:
        repairs.counts.clear()
        number = 0
        try:
            for number, element in enumerate(ForgivingReader(document.data, grammar, start, repairs).elements(), 1):
                if number > given:
                    yield element
        except DocumentType:
            raise _with_doctype(document, grammar) from None
        if not number or (repairs.breaks_off and not repairs.seen):
            again = f"Export it from {grammar.title} again."
            raise Unreadable(f"{document.name}: line {error.line} is not valid XML ({error.why}). {again}") from None
        why = f"line {error.line} is not valid XML ({error.why}), so it was read leniently"
        lost: Any = "threads" if repairs.breaks_off else "comments" if repairs.lost else "nothing"
        document.notes.append(Note(f"{document.name}: {why}: {repairs.said()}.", lost))
        return
    if repairs.counts["control"]:
        document.notes.append(Note(f"{document.name}: {repairs.said()}."))


class _Malformed(Exception):
    """Where the strict reader stops, and why; holds no words of the file."""

    def __init__(self, line: int, why: str) -> None:
        super().__init__(why)
        self.line = line
        self.why = why


def _strictly(document: Document, grammar: Grammar, start: int, repairs: Repairs) -> Iterator[_Element]:
    """The elements at the level of the export's own, as libxml2 reads them."""
    from lxml import etree

    data = memoryview(document.data)
    # lxml's stubs lack the parser's keyword arguments
    parser: Any = etree.XMLPullParser(
        events=("start", "end"), resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False,
        remove_comments=True, remove_pis=True,
    )  # fmt: skip
    depth = -1
    try:
        for at in range(start, len(data) + 1, _CHUNK):
            chunk = bytes(data[at : at + _CHUNK])
            sound = chunk.translate(None, _CONTROL)
            repairs.counts["control"] += len(chunk) - len(sound)
            if sound:
                parser.feed(sound)
            for event, element in parser.read_events():
                if event == "end":
                    if depth == grammar.level:
                        yield element
                        _forget(element)
                    depth -= 1
                    continue
                depth += 1
                if depth == 0:
                    _check_root(document, grammar, element)
        parser.close()
    except etree.XMLSyntaxError as error:
        line = (error.lineno or 1) + document.data.count(b"\n", 0, start)
        # libxml2 adds, after a line end, the words at which it stopped: a comment's, which no message may hold
        why = (error.msg or "unreadable").partition("\n")[0].partition(", line ")[0].strip()[:100]
        raise _Malformed(line, why) from None


def _check_root(document: Document, grammar: Grammar, element: _Element) -> None:
    if local(element) != grammar.root:
        raise Unreadable(f"{document.name}: line 1 begins no export of {grammar.title}: <{grammar.root}> was expected.")
    about: Any = element.getroottree().docinfo  # lxml's stubs lack its attributes
    if about.doctype:
        raise _with_doctype(document, grammar)


def _with_doctype(document: Document, grammar: Grammar) -> Unreadable:
    return Unreadable(
        f"{document.name}: line 1 declares a document type, which an export of {grammar.title} never does. "
        f"Export it again, or delete the <!DOCTYPE ...> part."
    )


def local(element: _Element) -> str:
    """An element's name without its namespace."""
    tag = element.tag
    return tag[tag.find("}") + 1 :] if isinstance(tag, str) else ""


def attribute(element: _Element, name: str) -> str:
    """An attribute by its name without the namespace: what declares its prefix may be missing."""
    return next((str(value) for key, value in element.items() if str(key).rpartition("}")[2] == name), "")


def _forget(element: Any) -> None:  # lxml's stubs lack clear(keep_tail)
    parent = element.getparent()
    element.clear(keep_tail=False)
    while parent is not None and element.getprevious() is not None:
        del parent[0]


def _start(data: bytes, grammar: Grammar) -> int:
    """Where the export begins, after what was printed before it."""
    root = re.compile(rb"<\?xml[\s?]|<!DOCTYPE\b|<%b[\s>]" % grammar.root.encode())
    found = root.search(data, 0, _START)
    return found.start() if found else max(data.find(b"<", 0, _START), 0)
