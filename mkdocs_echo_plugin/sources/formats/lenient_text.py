"""The words of a damaged export: what is no UTF-8, no character or no reference is taken for what was meant."""

from __future__ import annotations

import re
from html.entities import html5

from mkdocs_echo_plugin.sources.formats.xml_repairs import Repairs

_REFERENCE = re.compile(r"&(?:#(?:(\d{1,7})|[xX]([0-9a-fA-F]{1,6}));|([A-Za-z][A-Za-z0-9]{1,31};))?")
_NO_CHARACTER = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_DECLARED = re.compile(rb"<\?xml\b[^>]{0,200}?\bencoding\s*=\s*[\"']([\w.:-]{2,40})")


class LenientText:
    """Decodes field by field, for exports are put together from parts in several encodings.

    Args:
        head: the beginning of the export, which may declare an encoding.
        repairs: takes up what was done.
    """

    def __init__(self, head: bytes, repairs: Repairs) -> None:
        declared = _DECLARED.search(head)
        self._encoding = _ascii_based(declared[1].decode("ascii", "replace") if declared else "utf-8")
        self._repairs = repairs

    def decode(self, raw: bytes, *, references: bool = True) -> str:
        """The words of a field; `references` stand for nothing in a CDATA section."""
        try:
            words = raw.decode(self._encoding)
        except UnicodeDecodeError:
            words = raw.decode("cp1252", "replace")
            self._repairs.counts["encoding"] += 1
        if references and "&" in words:
            words = _REFERENCE.sub(self._character, words)
        if _NO_CHARACTER.search(words):
            words, count = _NO_CHARACTER.subn("", words)
            self._repairs.counts["control"] += count
        return words

    def _character(self, found: re.Match[str]) -> str:
        decimal, hexadecimal, name = found.groups()
        number = int(decimal) if decimal else int(hexadecimal, 16) if hexadecimal else -1
        if number >= 0:
            return chr(number) if number < 0x110000 and not 0xD800 <= number < 0xE000 else "\x00"
        if name in html5:
            return html5[name]
        self._repairs.counts["loose"] += 1
        return found[0]


def _ascii_based(encoding: str) -> str:
    """The encoding, if its ASCII is ASCII: one that is declared wrongly (UTF-16) cannot be what the tags are in."""
    try:
        return encoding if "<a>".encode(encoding) == b"<a>" else "utf-8"
    except (LookupError, UnicodeError, ValueError):
        return "utf-8"
