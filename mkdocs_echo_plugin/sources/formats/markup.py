"""HTML of one comment -> plain text that keeps what a reader of stances needs: quotes, code, paragraphs, lists.

A stream of tags is written down as it comes: no tree, no recursion, one pass, so that a comment of ten thousand nested
quotes costs what its length costs.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Mapping
from typing import Any

_PARAGRAPHS = frozenset(
    ("p", "blockquote", "pre", "ul", "ol", "dl", "table", "h1", "h2", "h3", "h4", "h5", "h6", "figure", "details", "hr")
)
_LINES = _PARAGRAPHS | frozenset(
    ("div", "section", "article", "aside", "header", "footer", "main", "li", "tr", "dt", "dd", "figcaption", "summary",
     "address", "fieldset", "form", "option")
)  # fmt: skip
_SILENT = frozenset(
    ("script", "style", "template", "head", "title", "textarea", "select", "iframe", "object", "embed", "svg", "math",
     "canvas", "audio", "video", "button")
)  # fmt: skip
_EMOJI = re.compile(r"\b(?:wp-smiley|emoji|g-emoji|smiley)\b")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")
_DEEPEST_QUOTE = 3


def to_text(html: str, *, newlines: bool = False) -> str:
    """The text of a comment's HTML.

    Quotes become lines that begin with "> ", code stands between backticks or fences, a link is its text (so its
    address stays only where the address is the text), list items begin with "- ", images are left out except emoji.

    Args:
        html: markup as the venue gives it; broken markup is mended as browsers do.
        newlines: take line ends as line breaks, as WordPress does with what it stores.
    """
    html = _CONTROL.sub("", html)
    if "<" not in html and "&" not in html:
        writer = Writer(newlines=newlines)
        writer.data(html)
        return writer.close()
    parser, target = _parser()
    target.reset(newlines=newlines)
    parser.feed(html.encode("utf-8", "replace"))  # libxml2 knows no lone surrogates, which JSON may hold
    text: Any = parser.close()
    return str(text)


_kept = threading.local()


def _parser() -> tuple[Any, Writer]:
    """This thread's parser and what it writes to: making one takes longer than reading a comment."""
    found: tuple[Any, Writer] | None = getattr(_kept, "parser", None)
    if found is None:
        from lxml import etree

        target: Any = Writer()
        parser = etree.HTMLParser(target=target, encoding="utf-8", no_network=True, huge_tree=True)
        found = _kept.parser = (parser, target)
    return found


class Writer:
    """Writes plain text from the tags of a document in order; also what lxml calls a parser target."""

    def __init__(self, *, newlines: bool = False) -> None:
        self.reset(newlines=newlines)

    def reset(self, *, newlines: bool = False) -> None:
        """Begins a new text."""
        self._newlines = newlines
        self._lines: list[str] = []
        self._line: list[str] = []
        self._silent = self._quote = self._pre = self._code = 0
        self._gap = False
        self._bullet = ""

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """An element opens."""
        if tag in _SILENT:
            self._silent += 1
        if tag in _LINES:
            self._break(gap=tag in _PARAGRAPHS)
        if tag == "blockquote":
            self._quote += 1
        elif tag == "li":
            self._bullet = "- "
        elif tag == "pre":
            self._pre += 1
            if self._pre == 1:
                self._write("```")
        elif tag == "code" or tag == "kbd":
            self._code += 1
            if self._code == 1 and not self._pre:
                self._line.append("`")
        elif tag == "br":
            self._break(gap=not self._line)
        elif tag == "td" or tag == "th":
            self._line.append(" ")
        elif tag == "img" and _EMOJI.search(attributes.get("class") or ""):
            self.data(attributes.get("alt") or "")

    def end(self, tag: str) -> None:
        """The same element closes."""
        if tag in _SILENT:
            self._silent = max(0, self._silent - 1)
        elif tag == "code" or tag == "kbd":
            self._code = max(0, self._code - 1)
            if not self._code and not self._pre:
                if self._line[-1:] == ["`"]:
                    self._line.pop()
                else:
                    self._line.append("`")
        if tag in _LINES:
            self._break()
        if tag == "pre":
            self._pre = max(0, self._pre - 1)
            if not self._pre:
                self._write("```")
        elif tag == "blockquote":
            self._quote = max(0, self._quote - 1)
        if tag in _PARAGRAPHS:
            self._gap = bool(self._lines)

    def data(self, text: str) -> None:
        """Characters between tags."""
        if self._silent or not text:
            return
        if self._pre or self._newlines:
            first, *rest = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
            self._line.append(first)
            for line in rest:
                self._break(gap=not self._pre and not any(map(str.strip, self._line)))
                self._line.append(line)
        else:
            self._line.append(text)

    def close(self) -> str:
        """All text so far; lines are separated by newlines, paragraphs by an empty line."""
        self._break()
        return "\n".join(self._lines)

    def _break(self, *, gap: bool = False) -> None:
        text = "".join(self._line)
        self._line.clear()
        text = text.rstrip() if self._pre else " ".join(text.split())
        if text:
            self._write(self._bullet + text)
            self._bullet = ""
        if gap:
            self._gap = bool(self._lines)

    def _write(self, line: str) -> None:
        prefix = "> " * min(self._quote, _DEEPEST_QUOTE)
        if self._gap:
            self._lines.append("")
            self._gap = False
        self._lines.append(prefix + line)
