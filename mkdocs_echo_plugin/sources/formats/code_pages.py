"""Text in an old code page, as spreadsheets still save it: which one has to be guessed, and the guess is said."""

from __future__ import annotations

import codecs

from mkdocs_echo_plugin.errors import Unreadable
from mkdocs_echo_plugin.sources.formats import decode
from mkdocs_echo_plugin.sources.notes import Note
from mkdocs_echo_plugin.sources.raw import Document

_LOOKED_AT = 50_000
"""Bytes from which a code page is guessed."""
_LATIN = ("cp1252", "cp1250", "cp1254", "cp1257", "iso8859_2", "iso8859_15", "mac_roman", "cp850", "cp437")
_OTHERS = (
    "cp1251", "koi8_r", "cp866", "cp1253", "cp1255", "cp1256", "cp932", "euc_jp", "gb18030", "big5", "cp949", "cp874",
)  # fmt: skip
_BY_LANGUAGE = {
    **dict.fromkeys(("Polish", "Czech", "Slovak", "Slovene", "Croatian", "Hungarian", "Romanian"), "cp1250"),
    **dict.fromkeys(("Lithuanian", "Latvian"), "cp1257"),
    "Turkish": "cp1254",
}
_MARKS = "’‘“”„‚–—…€«»°·´\xa0"
"""What may stand beside a letter besides letters, in text of western Europe; and at the beginning of a sentence:"""
_OPENING = "¿¡"


def text(document: Document, *, encoding: str | None = None) -> str:
    """A document's text: UTF-8 and UTF-16 as they are, else `encoding`, else a guess that becomes a note.

    Raises:
        Unreadable: not text in the encoding that was named.
    """
    data = document.data
    if encoding:
        try:
            return codecs.lookup(encoding).decode(data, "strict")[0].lstrip("\ufeff")
        except (UnicodeDecodeError, LookupError) as error:
            why = f"byte {error.start}" if isinstance(error, UnicodeDecodeError) else "no such encoding"
            raise Unreadable(
                f"{document.name}: this is not text in '{encoding}' ({why}). Correct `encoding`."
            ) from None
    wide = _without_mark(data)
    try:
        return data.decode(wide) if wide else decode.text(document)
    except (Unreadable, UnicodeDecodeError):
        guess = guessed(data)
    document.notes.append(
        Note(
            f"{document.name}: the text is not UTF-8 and was read as {guess}, which is a guess. If letters are wrong, "
            f"save it as UTF-8, or name the right one: `source: {{csv: {{encoding: cp1250}}}}`."
        )
    )
    return data.decode(guess, "replace")


def guessed(data: bytes) -> str:
    """The code page that some bytes are most likely in: by the script, and for western Europe Windows' own."""
    from charset_normalizer import from_bytes

    sample = data[:_LOOKED_AT]
    sample = sample[: sample.rfind(b"\n") + 1] or sample  # no half of a letter at the end
    matches = from_bytes(sample, cp_isolation=[*_LATIN, *_OTHERS])
    found = [match.encoding for match in matches]
    if not found:
        return "cp1252"
    if found[0] not in _LATIN:
        return str(found[0])
    by_language = _BY_LANGUAGE.get(next(iter(matches)).language)
    wanted = (by_language,) if by_language == found[0] else ()
    # short texts fit several pages: what leaves a sign within a word is not the one
    return next((page for page in (*wanted, *_LATIN[:2], *found) if _fits(sample, page)), str(found[0]))


def _fits(sample: bytes, page: str) -> bool:
    try:
        words = sample.decode(page)
    except UnicodeDecodeError:
        return False
    return not any(
        ord(one) > 127
        and not one.isalpha()
        and one not in _MARKS
        and (before.isalpha() or (after.isalpha() and one not in _OPENING))
        for before, one, after in zip(" " + words, words, words[1:] + " ", strict=False)
    )


def _without_mark(data: bytes) -> str | None:
    """UTF-16 that lost its mark: every second byte of the beginning is nought."""
    head = data[:4096]
    if head[:2] in (b"\xff\xfe", b"\xfe\xff") or len(head) < 4:
        return None
    low, high = head[0::2].count(0), head[1::2].count(0)
    if high > len(head) * 0.3 and low < len(head) * 0.05:
        return "utf-16-le"
    return "utf-16-be" if low > len(head) * 0.3 and high < len(head) * 0.05 else None
