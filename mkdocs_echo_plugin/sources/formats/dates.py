"""When a comment was written, from what a venue writes there: ISO, e-mail style, or words of a language.

A page without a zone is taken as UTC, a date without a time as midnight. Words that count back from the day of reading
("3 days ago") give nothing: the same file has to give the same reading tomorrow.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from functools import cache, lru_cache
from unicodedata import normalize

LONGEST = 200
"""Characters in which a date is looked for; what stands after them is no date's label."""

_LANGUAGES = ("en", "de", "fr", "es", "pt", "it", "nl", "pl")
_YEAR = r"(?:19|20)\d\d"
_WORDS = re.compile(
    rf"\d{{1,2}}(?:st|nd|rd|th|er|[.ºª°])?\s{{0,3}}(?:de\s|of\s)?\s?[^\W\d_]{{3,12}}\.?,?\s{{1,3}}(?:del?\s)?{_YEAR}\b"
    rf"|[^\W\d_]{{3,12}}\.?\s{{1,3}}\d{{1,2}}(?:st|nd|rd|th|\.)?,?\s{{1,3}}(?:del?\s|of\s)?{_YEAR}\b"
)
_YEAR_FIRST = re.compile(rf"\b({_YEAR})\s?[-/.年]\s?(\d{{1,2}})\s?[-/.月]\s?(\d{{1,2}})(?!\d)")
_YEAR_LAST = re.compile(rf"(?<![\d./-])(\d{{1,2}})([./-])\s?(\d{{1,2}})(?:\2|\.?,)\s?({_YEAR}|\d\d)(?![\d/-])")
_CLOCK = re.compile(
    r"(?<!\d)(\d{1,2})\s?(?:[:.]|h|Uhr|時)\s?(\d\d)(?::(\d\d))?(?!\d)\s*(?:min\b)?\s*([ap])?\.?\s?(?:m\b)?", re.I
)


_OTHER_CODES = {"tl": "fil", "iw": "he", "in": "id"}
"""Old codes that pages still use."""
_ALSO = {
    "ar": {"يونيه": 6, "يونية": 6, "يوليه": 7, "يولية": 7},
    "be": {"траўня": 5},
    "bs": {"avg": 8, "avgust": 8},
    "de": {"Jänner": 1, "Feber": 2, "Mrz": 3},
    "es": {"setiembre": 9, "set": 9},
    "fa": {
        "جنوری": 1, "فبروری": 2, "مارچ": 3, "اپریل": 4, "جون": 6, "جولای": 7, "اگست": 8, "سپتمبر": 9, "اکتوبر": 10,
        "نومبر": 11, "دسمبر": 12,
    },
    "fr": {"jun": 6, "jul": 7},
    "he": {"מרס": 3, "מארס": 3},
    "id": {"peb": 2, "pebruari": 2, "mrt": 3, "agt": 8, "nop": 11, "nopember": 11},
    "ro": {"mart": 3},
    "sq": {"kor": 7, "gsh": 8},
}  # fmt: skip
"""What people write beside the names of the Unicode locale data: regional names, old spellings, other short forms."""


def parse(text: str, *, language: str | None = None) -> datetime | None:
    """A point in time (UTC), or None where the text names none or names it in a way that must be guessed.

    Args:
        text: "2022-09-14T21:11:11+02:00", "Wed, 14 Sep 2022 19:11:11 +0000", "14. September 2022 um 21:11 Uhr".
        language: of the words, as HTML's `lang` writes it ("de-DE"). It settles 05/03/2022; without it, and where
            both numbers could be months, the answer is None.
    """
    text = text.strip()[:LONGEST]
    if not text:
        return None
    try:
        return _utc(datetime.fromisoformat(text))
    except (ValueError, OverflowError):
        return _email_style(text) or _in_words(text, (language or "").strip().lower()[:12])


def span(text: str) -> tuple[int, int] | None:
    """Where in the text a date, with its time if one is near, stands: for taking it out of a comment's heading."""
    found = _date(text[:LONGEST])
    if found is None:
        return None
    start, end = found.span()
    clock = _CLOCK.search(text, end, end + 24)
    return start, clock.end() if clock else end


def _utc(when: datetime) -> datetime | None:
    try:
        return when.replace(tzinfo=UTC) if when.tzinfo is None else when.astimezone(UTC)
    except OverflowError:
        return None


def _email_style(text: str) -> datetime | None:
    if not re.match(r"(?:[A-Z][a-z]{2}, )?\d{1,2} [A-Z][a-z]{2} \d{4} \d", text):
        return None
    from email.utils import parsedate_to_datetime

    try:
        return _utc(parsedate_to_datetime(text))
    except (ValueError, TypeError, OverflowError, IndexError):
        return None


def _date(text: str) -> re.Match[str] | None:
    return _YEAR_FIRST.search(text) or _YEAR_LAST.search(text) or _WORDS.search(text)


@lru_cache(maxsize=4096)
def _in_words(text: str, language: str) -> datetime | None:
    found = _date(text)
    if found is None:
        return None
    day = _day(found, language)
    if day is None:
        return None
    start, end = found.span()
    # The clock stands after the date in most languages, before it in some themes ("9:11 pm on September 14, 2022").
    clock = _CLOCK.search(text, end, end + 24) or _CLOCK.search(text, max(0, start - 24), start)
    if clock is None:
        return day
    hour, minute, second = int(clock[1]), int(clock[2]), int(clock[3] or 0)
    if clock[4]:
        hour = hour % 12 + (12 if clock[4] in "pP" else 0)
    try:
        return day.replace(hour=hour, minute=minute, second=second)
    except ValueError:
        return day


def _day(found: re.Match[str], language: str) -> datetime | None:
    if found.re is _WORDS:
        return _named_month(found[0], language.partition("-")[0])
    if found.re is _YEAR_FIRST:
        year, month, day = int(found[1]), int(found[2]), int(found[3])
    else:
        day, month, year = int(found[1]), int(found[3]), int(found[4])
        year += 2000 if year < 70 else 1900 if year < 100 else 0
        if found[2] != "." and day <= 12 and month <= 12 and day != month and not language:
            return None
        if (found[2] == "/" and language in ("en", "en-us") and day <= 12) or month > 12:
            day, month = month, day
    try:
        return datetime(year, month, day, tzinfo=UTC)
    except ValueError:
        return None


def _named_month(words: str, language: str) -> datetime | None:
    numbers = [int(number) for number in re.findall(r"\d+", words)]
    names = re.findall(r"[^\W\d_]{3,}", words)
    month = next((m for name in names if (m := _month(name, language))), None)
    if month is None or len(numbers) != 2:
        return None
    try:
        return datetime(numbers[1], month, numbers[0], tzinfo=UTC)
    except ValueError:
        return None


@lru_cache(maxsize=4096)
def _month(name: str, language: str) -> int | None:
    """The number of a month's name: in the page's language, else in those that blogs are most often written in.

    A whole name or a short form that the language is known to have comes first; then three letters or more that begin
    the name of one month alone ("sept", "aou").
    """
    bare = _folded(name)
    codes = tuple(dict.fromkeys((language, *_LANGUAGES)))
    exact = (_months(code).get(bare) for code in codes)
    begun = ({month for full, month in _months(code).items() if full.startswith(bare)} for code in codes)
    return next(filter(None, exact), None) or next((months.pop() for months in begun if len(months) == 1), None)


@cache
def _months(language: str) -> dict[str, int]:
    """A language's names of months and their short forms, with and without a day before them, folded."""
    if not re.fullmatch(r"[a-z]{2,3}", language):
        return {}
    from babel import Locale
    from babel.core import UnknownLocaleError

    try:
        known = Locale(_OTHER_CODES.get(language, language)).months
    except (UnknownLocaleError, ValueError):
        return {}
    found = {
        _folded(name): month
        for context in ("stand-alone", "format")
        for width in ("abbreviated", "wide")
        for month, name in known[context][width].items()
    }
    found |= {_folded(name): month for name, month in _ALSO.get(language, {}).items()}
    if language in ("he", "iw"):  # "in" and "of" are written before the name without a space
        found |= {f"{before}{name}": month for name, month in found.items() for before in "בל"}
    return found


def _folded(name: str) -> str:
    bare = normalize("NFKD", name.casefold())
    return "".join(c for c in bare if c.isalpha())
