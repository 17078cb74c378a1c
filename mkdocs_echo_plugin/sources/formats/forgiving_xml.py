"""XML that is none: the elements of an export, found by their names where the file is not well-formed.

An export is flat: a few elements that hold others (a post, a comment), and fields that hold words. A field lasts until
its own end tag, whatever stands in between: loose "<" and "&", CDATA in CDATA, HTML. Prefixes need no declaration.
One pass, no recursion; every search that fails is remembered, so that a hostile file costs what its length costs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mkdocs_echo_plugin.sources.formats.lenient_text import LenientText
from mkdocs_echo_plugin.sources.formats.xml_repairs import NAMED, Grammar, Repairs

if TYPE_CHECKING:
    from lxml.etree import _Element


_MOST_CUT = 100
"""Fields without an end that are looked for in one element: each may cost a pass over the rest of it."""
_MOST_TRIES = 200

_TAG = re.compile(
    rb"<(?:(!--|\?|!\[CDATA\[)|(!DOCTYPE)|(/?)([A-Za-z_][\w.-]*+(?::[\w.-]++)?)"
    rb"((?:\"[^\"<]*+\"|'[^'<]*+'|[^<>\"'])*+)>?)"
)
_ENDS = {b"!--": b"-->", b"?": b"?>", b"![CDATA[": b"]]>"}
_ATTRIBUTE = re.compile(rb"(?<![\w:.-])([\w:.-]++)\s*+=\s*+(?:\"([^\"<]*+)\"|'([^'<]*+)'|([^\s\"'<>/]++))")
_SPACES = b" \t\r\n"
_CDATA = b"<![CDATA["
_NAME = re.compile(r"[^\W\d][\w.-]*+")
_AFTER_NAME = (b">", b" ", b"\t", b"\r", b"\n")


@dataclass(slots=True)
class _Open:
    """An element that has not ended: `cut` if a field of it was, `fields` without an end so far."""

    element: _Element
    tag: bytes
    line: int
    cut: bool = False
    lost: int = 0
    fields: int = 0


class ForgivingReader:
    """Reads an export that is not well-formed.

    Args:
        data: the export.
        grammar: what it is made of.
        start: where in the data it begins.
        repairs: takes up what was done.
    """

    def __init__(self, data: bytes, grammar: Grammar, start: int, repairs: Repairs) -> None:
        self._data = data
        self._at = start
        self._grammar = grammar
        self._repairs = repairs
        self._declared = {b"xml", b"xmlns"}
        self._counted = (0, 1)  # a place, and its line
        self._known: dict[bytes | re.Pattern[bytes], int] = {}
        self._tries = 0
        names = "|".join(sorted(grammar.elements | grammar.inner)).encode()
        self._boundary = re.compile(rb"</?+(?:[\w.-]++:)?+(?:%b)(?=[\s/>])" % names)
        self._over = re.compile(rb"</(?:[\w.-]++:)?+(?:%b)\s*+>" % names)
        self._words = LenientText(data[start : start + 1000], repairs).decode

    def elements(self) -> Iterator[_Element]:
        """The elements that the grammar names, in the file's order.

        Raises:
            DocumentType: one is declared.
        """
        from lxml.etree import Element, SubElement

        stack: list[_Open] = []
        top, inner = self._grammar.elements, self._grammar.inner
        while (found := _TAG.search(self._data, self._at)) is not None:
            begins, self._at = found.start(), found.end()
            if found[1]:
                ends = self._find(_ENDS[found[1]], self._at)
                self._at = ends if ends >= 0 else self._at
                continue
            if found[2]:
                if not stack:
                    raise DocumentType
                continue
            tag, attributes = found[4], found[5]
            name = tag.rpartition(b":")[2].decode("utf-8", "replace")
            if not _NAME.fullmatch(name):
                continue  # no element can be called so
            if b":" in tag:
                self._see(tag, attributes)
            elif b"xmlns" in attributes:
                self._declare(attributes)
            if found[3]:
                yield from self._ended(stack, name)
                continue
            empty = attributes.endswith(b"/") or self._data.startswith(b"</" + tag + b">", self._at)
            if name in top and not (stack and empty):
                yield from self._ended(stack, None)
                self._repairs.lost_here = 0
                stack.append(_Open(Element(name), tag, self._line(begins)))
            elif not stack:
                continue
            elif name in inner and not empty:
                if name == stack[-1].element.tag:  # the one before never ended
                    yield from self._ended(stack, name, unclosed=True)
                stack.append(_Open(Element(name), tag, self._line(begins)))
            else:
                child = SubElement(stack[-1].element, name)
                if attributes.strip(b" \t\r\n/"):
                    self._attributes(child, attributes)
                if not attributes.endswith(b"/"):
                    child.text = self._field(tag, stack[-1])
                continue
            if attributes:
                self._attributes(stack[-1].element, attributes)
        if self._find(b"</" + self._grammar.root.encode(), self._at_root()) < 0:
            self._repairs.breaks_off = self._line(len(self._data.rstrip()))
        yield from self._ended(stack, None)

    def _at_root(self) -> int:
        return max(0, len(self._data) - 65_536)

    def _ended(self, stack: list[_Open], name: str | None, *, unclosed: bool = False) -> Iterator[_Element]:
        """Closes the open element called `name` with all in it, every one for None; ignores an end that fits none."""
        fits = (i for i in reversed(range(len(stack))) if stack[i].element.tag == name)
        level = 0 if name is None else next(fits, -1)
        while level >= 0 and len(stack) > level:
            one = stack.pop()
            self._repairs.counts["unclosed"] += unclosed or one.element.tag != name
            is_comment = one.element.tag == self._grammar.comment
            lost = one.cut and is_comment
            self._repairs.seen += is_comment
            if lost:
                self._repairs.lost.append(one.line)
            if not stack:
                self._repairs.lost_here = one.lost + lost
                if not lost:
                    yield one.element
            elif lost:
                stack[-1].lost += 1
            else:
                stack[-1].element.append(one.element)
                stack[-1].lost += one.lost

    def _field(self, tag: bytes, parent: _Open) -> str:
        """The words of a field, up to its own end tag."""
        data, at = self._data, self._at
        if data.startswith(_CDATA, at):
            end = self._find(b"]]>", at)
            if end >= 0 and data.startswith(b"</" + tag + b">", end + 3):
                self._at = end + 6 + len(tag)
                return self._words(data[at + len(_CDATA) : end], references=False)
        else:
            end = self._end_tag(tag, at, self._border(at))
            if end >= 0 and b"<" not in (words := data[at:end]):
                self._past(end)
                return self._words(words)
        return self._mixed(tag, parent)

    def _mixed(self, tag: bytes, parent: _Open) -> str:
        """The words of a field that holds more than words or one CDATA section, or that does not end."""
        data, starts, pieces = self._data, self._at, list[str]()
        while True:
            border = self._border(self._at)
            section = self._find(_CDATA, self._at)
            section = section if 0 <= section < border else border
            end = self._end_tag(tag, self._at, section)
            if end >= 0:
                pieces.append(self._words(data[self._at : end]))
                self._past(end)
                return "".join(pieces)
            if section == border:
                break
            pieces.append(self._words(data[self._at : section]))
            found = self._section(tag, section, alone=not "".join(pieces).strip())
            if found is None:
                break
            pieces.append(found[0])
            if found[1]:
                return "".join(pieces)
        # the field has no end: the next begins where the next tag does, or the element is over
        parent.cut = True
        parent.fields += 1
        begins = -1
        if parent.fields < _MOST_CUT:
            prefix = tag.rpartition(b":")[0]
            begins = self._find(b"<" + prefix + b":", starts) if prefix else self._next(_TAG, starts)
        self._at = min(place for place in (begins, self._border(starts)) if place >= 0)
        return ""

    def _section(self, tag: bytes, begins: int, *, alone: bool) -> tuple[str, bool] | None:
        """A CDATA section's words, and whether the field ended with it; None where neither has an end."""
        data, first = self._data, begins + len(_CDATA)
        end = self._find(b"]]>", first)
        if end >= 0:
            rest = data[end + 3 : end + 100 + len(tag)].lstrip(_SPACES)
            if not alone or not rest or rest.startswith((b"</" + tag, _CDATA)):
                self._at = end + 3
                return self._words(data[first:end], references=False), False
        over = self._next(self._over, first)
        for closes in (b"]]></" + tag + b">", b"</" + tag + b">"):  # CDATA in it, or an end that is missing
            place = data.find(closes, first, over if over >= 0 else len(data)) if self._tries < _MOST_TRIES else -1
            if place >= 0:
                self._past(place)
                self._repairs.counts["nested"] += 1
                return self._words(data[first:place], references=False), True
            self._tries += 1
        return None

    def _border(self, at: int) -> int:
        """Where the next post or comment begins or ends: no field lasts longer, but for what stands in CDATA."""
        border = self._next(self._boundary, at)
        return border if border >= 0 else len(self._data)

    def _end_tag(self, tag: bytes, at: int, limit: int) -> int:
        begins = b"</" + tag
        place = self._data.find(begins, at, limit)
        while place >= 0 and self._data[place + len(begins) : place + len(begins) + 1] not in _AFTER_NAME:
            place = self._data.find(begins, place + 1, limit)
        return place

    def _past(self, place: int) -> None:
        """Goes on after the end tag at a place, or the one after a section's end there."""
        closes = self._data.find(b">", self._data.find(b"</", place))
        self._at = closes + 1 if closes >= 0 else len(self._data)

    def _attributes(self, element: _Element, given: bytes) -> None:
        for found in _ATTRIBUTE.finditer(given):
            name = found[1].rpartition(b":")[2]
            if not found[1].startswith(b"xmlns") and re.fullmatch(rb"[A-Za-z_][\w.-]*", name):
                self._repairs.counts["unquoted"] += found[4] is not None
                element.set(name.decode(), self._words(found[2] or found[3] or found[4] or b""))

    def _declare(self, attributes: bytes) -> None:
        self._declared.update(re.findall(rb"xmlns:([\w.-]{1,60})", attributes))

    def _see(self, tag: bytes, attributes: bytes) -> None:
        if b"xmlns" in attributes:
            self._declare(attributes)
        prefix = tag.partition(b":")[0]
        if prefix not in self._declared and len(self._repairs.prefixes) < NAMED:
            self._repairs.prefixes.add(f"{prefix.decode()[:20]}:")

    def _find(self, what: bytes, at: int) -> int:
        """The next place of some bytes; one that was found before, or was not there, is not looked for again."""
        known = self._known.get(what, -2)
        if known == -1 or known >= at:
            return known
        return self._keep(what, self._data.find(what, at))

    def _next(self, what: re.Pattern[bytes], at: int) -> int:
        """The same for a pattern."""
        known = self._known.get(what, -2)
        if known == -1 or known >= at:
            return known
        found = what.search(self._data, at)
        return self._keep(what, -1 if found is None else found.start())

    def _keep(self, what: bytes | re.Pattern[bytes], place: int) -> int:
        if len(self._known) > 10_000:
            self._known.clear()
        self._known[what] = place
        return place

    def _line(self, place: int) -> int:
        before, line = self._counted
        if place >= before:
            line += self._data.count(b"\n", before, place)
            self._counted = (place, line)
            return line
        return self._data.count(b"\n", 0, place) + 1


class DocumentType(Exception):
    """The file declares a document type."""
