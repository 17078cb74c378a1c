"""The site's figures as an SVG badge: one file, no script, no font, no request, read aloud as what it says."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from html import escape
from math import ceil
from typing import Any, Final

from mkdocs_echo_plugin.report.shields import message
from mkdocs_echo_plugin.report.wording import words_of

# advance widths of DejaVu Sans (which Verdana shares to a few per cent) at 11 px, measured from its hmtx table
_WIDTHS: Final = {
    character: width
    for width, characters in (
        (3.1, "'ijlIJ"), (3.6, " ,./:;\\|"), (4.0, "f-"), (4.4, "()[]t!r"), (5.3, '"*_`'), (5.8, "s?zc"),
        (6.3, "LFk"), (6.6, "vxyPTYao"), (6.9, "e$0123456789ESbdghnpqu{}"), (7.4, "KABVXZ"), (7.7, "RC"),
        (8.3, "UNHDG"), (8.7, "&OQ"), (9.1, "w#+<=>^~M"), (10.8, "%mW@"),
    )
    for character in characters
}  # fmt: skip
_OTHER: Final = 7.0  # mean of the Latin letters with accents
_WIDE: Final = 11.0
_PADDING: Final = 6


def width(text: str) -> float:
    """How wide a text stands at 11 px, in px."""
    return sum(
        _WIDTHS.get(c)
        or (0.0 if unicodedata.combining(c) else _WIDE if unicodedata.east_asian_width(c) in "WF" else _OTHER)
        for c in text
    )


def write(report: Mapping[str, Any]) -> str:
    """The badge of the whole site."""
    return draw(words_of(report).translate("badge.label"), message(report))


@lru_cache(maxsize=256)
def draw(label: str, said: str) -> str:
    """A badge of two parts, 20 px high, as wide as its words; white on dark greys (contrast 7.5:1 and more)."""
    left, right = (ceil(width(text)) for text in (label, said))
    first = left + 2 * _PADDING
    whole = first + right + 2 * _PADDING
    name = escape(f"{label}: {said}")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{whole}" height="20" role="img" aria-label="{name}">'
        f"<title>{name}</title>"
        f'<clipPath id="r"><rect width="{whole}" height="20" rx="3"/></clipPath>'
        f'<g clip-path="url(#r)"><rect width="{first}" height="20" fill="#333"/>'
        f'<rect x="{first}" width="{right + 2 * _PADDING}" height="20" fill="#505050"/></g>'
        '<g fill="#fff" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11" aria-hidden="true">'
        f'<text x="{_PADDING}" y="14" textLength="{left}">{escape(label)}</text>'
        f'<text x="{first + _PADDING}" y="14" textLength="{right}">{escape(said)}</text></g></svg>\n'
    )
