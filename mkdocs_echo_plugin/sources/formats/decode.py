"""Bytes of a file -> text. What is wrong is said with file and line."""

from __future__ import annotations

import codecs
import re
from dataclasses import replace

from mkdocs_echo_plugin.errors import Unreadable
from mkdocs_echo_plugin.sources.raw import Document

_UTF_16 = (b"\xff\xfe", b"\xfe\xff")  # its marks
_UNMARKED = {b"\x01\x00\x01\x00": "utf-16-le", b"\x00\x01\x00\x01": "utf-16-be"}
"""Where the first four bytes are not zero, in UTF-16 without a mark: two characters of ASCII."""
_ENCODING = re.compile(rb"(<\?xml\b[^<>]{0,200}?)\s+encoding\s*=\s*[\"'][\w.:-]{1,40}[\"']")
_CHUNK = 1_000_000


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


def as_utf8(document: Document) -> Document:
    """The document; in UTF-8 if it is JSON or XML in UTF-16, with its mark or without, which no adapter looks for.

    Windows' PowerShell and some editors save so. What XML says of its encoding is taken out.
    """
    data = document.data
    encoding = "utf-16" if data[:2] in _UTF_16 else _UNMARKED.get(bytes(map(bool, data[:4])))
    if encoding is None or data[:4].strip(b"\x00\xff\xfe \r\n\t")[:1] not in (b"{", b"[", b"<"):
        return document
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    chunks = [decoder.decode(data[at : at + _CHUNK]).encode("utf-8", "replace") for at in range(0, len(data), _CHUNK)]
    chunks[0] = _ENCODING.sub(rb"\1", chunks[0], count=1)
    return replace(document, data=b"".join(chunks))
