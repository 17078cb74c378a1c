"""Where the tags and comments of an HTML text really are, told as a browser tells them, in linear time.

What stands in a script, a style, a textarea, a comment or an attribute is no tag.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

_OPENS: Final = re.compile(r"<(?:!--|/?[a-zA-Z]|[!?/])")
_NAME: Final = re.compile(r"[^\s/>]*")
_IN_TAG: Final = re.compile(r"[=>]")
_UNQUOTED_END: Final = re.compile(r"[\s>]")
_COMMENT_END: Final = re.compile(r"--!?>")
_SCRIPT_STEP: Final = re.compile(r"<!--|-->|<(/?)script(?=[\s/>])", re.IGNORECASE)
_HIDDEN: Final = re.compile(r"\shidden(?=[\s/>]|=\"(?!until)|$)|display\s{0,9}:\s{0,9}none", re.IGNORECASE)

TEXT_ONLY: Final = frozenset(("style", "textarea", "title", "xmp", "iframe", "noembed", "noframes", "noscript"))
"""Elements that hold text alone, besides `script`, where scripts run."""


class Token(NamedTuple):
    """A tag or comment: its name ("h1", "/h1", "#comment") and where it starts and ends."""

    name: str
    start: int
    end: int


def tokens(text: str) -> Iterator[Token]:
    """The tags and comments of a text in their order; an unfinished one ends them."""
    at = 0
    while opened := _OPENS.search(text, at):
        start, kind = opened.start(), opened[0]
        if kind == "<!--":
            # "<!-->" and "<!--->" are comments already
            short = re.compile(r"-?>").match(text, opened.end())
            closed = short or _COMMENT_END.search(text, opened.end())
            if closed is None:
                return
            at = closed.end()
            yield Token("#comment", start, at)
            continue
        if not kind[-1].isalpha():  # a doctype, or what browsers take for a comment
            at = text.find(">", opened.end()) + 1
            if not at:
                return
            continue
        named = _NAME.match(text, opened.end() - 1)
        name = (named[0] if named else "").lower()
        end = _tag_end(text, named.end() if named else opened.end())
        if end is None:
            return
        if kind[1] == "/":
            yield Token(f"/{name}", start, end)
            at = end
            continue
        yield Token(name, start, end)
        at = end
        if name == "plaintext":
            return
        if name == "script":
            at = _script_end(text, end)
        elif name in TEXT_ONLY:
            closing = re.compile(rf"</{name}(?=[\s/>])", re.IGNORECASE).search(text, end)
            at = closing.start() if closing else len(text)


def _tag_end(text: str, at: int) -> int | None:
    while found := _IN_TAG.search(text, at):
        if found[0] == ">":
            return found.end()
        at = found.end()
        while at < len(text) and text[at].isspace():
            at += 1
        if text[at : at + 1] in ('"', "'"):
            at = text.find(text[at], at + 1) + 1
            if not at:
                return None
        elif stop := _UNQUOTED_END.search(text, at):
            at = stop.start()
        else:
            return None
    return None


def _script_end(text: str, at: int) -> int:
    """Where a script's end tag starts: inside "<!-- <script>" the next one ends nothing."""
    commented = nested = False
    for step in _SCRIPT_STEP.finditer(text, at):
        if step[0] == "<!--":
            commented = True
        elif step[0] == "-->":
            commented = nested = False
        elif not step[1]:
            nested = commented
        elif nested:
            nested = False
        else:
            return step.start()
    return len(text)


def heading_end(text: str, names: Sequence[str]) -> int | None:
    """Where the first of these headings ends that a reader sees: in no template, and not hidden."""
    templates, opened = 0, ""
    for token in tokens(text):
        if token.name == "template":
            templates += 1
        elif token.name == "/template":
            templates = max(0, templates - 1)
        elif templates:
            continue
        elif token.name in names and not _HIDDEN.search(text, token.start, token.end):
            opened = token.name
        elif opened and token.name == f"/{opened}":
            return token.end
    return None


def comments(text: str, pattern: re.Pattern[str]) -> Iterator[Token]:
    """The comments that are as `pattern` says, in no template."""
    if not pattern.search(text):
        return
    templates = 0
    for token in tokens(text):
        templates += {"template": 1, "/template": -1}.get(token.name, 0)
        if token.name == "#comment" and templates <= 0 and pattern.fullmatch(text, token.start, token.end):
            yield token


def inert(text: str) -> list[tuple[int, int]]:
    """Where elements start and end of which a reader sees nothing, or that hold text alone."""
    spans: list[tuple[int, int]] = []
    opened: list[tuple[str, int]] = []
    for token in tokens(text):
        if token.name == "#comment":
            spans.append((token.start, token.end))
        elif token.name in ("script", "template") or token.name in TEXT_ONLY:
            opened.append((token.name, token.start))
        elif opened and token.name == f"/{opened[-1][0]}":
            spans.append((opened.pop()[1], token.end))
    return sorted([*spans, *((start, len(text)) for _, start in opened)])
