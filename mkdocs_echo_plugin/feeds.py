"""The addresses in a site's own sitemap and feeds, found as text in linear time: no XML is parsed."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

LARGEST: Final = 50_000_000
"""Bytes of a sitemap or feed; a larger one is not read."""

_TAG: Final = re.compile(r"<(/?)([a-zA-Z][\w:.-]{0,60})([^<>]{0,5000})>")
_HREF: Final = re.compile(r"""\bhref\s?=\s?["']([^"'<>]{1,4000})["']""")
_REL: Final = re.compile(r"""\brel\s?=\s?["']([\w-]{1,40})["']""")


def addresses_in(site_dir: Path, names: Sequence[str]) -> Iterator[str]:
    """The pages that a sitemap's `loc`, or the entries of RSS and Atom feeds name; a feed's own address is none."""
    for name in names:
        file = site_dir / name
        if file.is_file() and file.stat().st_size <= LARGEST:
            yield from addresses(file.read_text("utf-8", "replace"))


def addresses(text: str) -> Iterator[str]:
    """The same in one text."""
    text = _without_cdata(text)
    in_entry = 0
    for tag in _TAG.finditer(text):
        closing, name, rest = tag[1], tag[2].rpartition(":")[2].lower(), tag[3]
        if name in ("item", "entry"):
            in_entry = 0 if closing else 1
        elif not closing and (name == "loc" or (name == "link" and in_entry)):
            href, rel = _HREF.search(rest), _REL.search(rest)
            if href and (rel is None or rel[1] == "alternate"):
                yield html.unescape(href[1])
            elif not href and not rest.rstrip().endswith("/"):
                end = text.find("<", tag.end())
                yield html.unescape(text[tag.end() : end if end >= 0 else len(text)]).strip()


def _without_cdata(text: str) -> str:
    """The text with what stands in CDATA, where that is an address, and without it where it is anything else."""
    parts, at = [], 0
    while (start := text.find("<![CDATA[", at)) >= 0:
        end = text.find("]]>", start)
        if end < 0:
            break
        inner = text[start + 9 : end]
        parts.append(text[at:start] + (html.escape(inner) if len(inner) < 2000 and "<" not in inner else ""))
        at = end + 3
    return "".join([*parts, text[at:]])
