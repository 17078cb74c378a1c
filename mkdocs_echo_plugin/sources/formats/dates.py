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
    """The number of a month's name: in the page's language, else in those that blogs are most often written in."""
    for code in dict.fromkeys((language, *_LANGUAGES)):
        found = _months(code).get(_folded(name))
        if found:
            return found
    return None


@cache
def _months(language: str) -> dict[str, int]:
    """A language's names of months and their short forms, from dateparser's data for two hundred languages.

    Its parser is not asked: it takes 6 s to find that a word is no date in any language, and answers "3 days ago".
    """
    if not re.fullmatch(r"[a-z]{2,3}", language):
        return {}
    from importlib import import_module

    try:
        info = import_module(f"dateparser.data.date_translation_data.{language}").info
    except ModuleNotFoundError:
        return {}
    english = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
               "november", "december")  # fmt: skip
    return {_folded(name): i for i, month in enumerate(english, start=1) for name in info.get(month, ())}


def _folded(name: str) -> str:
    bare = normalize("NFKD", name.casefold())
    return "".join(c for c in bare if c.isalpha())
