"""How heated a thread is: words aimed at "you", insults and hedges. English only, a hint for the author."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from pathlib import Path

from mkdocs_echo_plugin.threads import runs

_READ = 20_000  # characters of a comment that are looked at


@dataclass(frozen=True, slots=True)
class Tone:
    """The heat of a thread and what it is made of.

    Attributes:
        heat: -.5 (hedged, nobody addressed) .. 2 (you-words and insults throughout).
        flag: "worth a look": heat >= .9, some insult word, and you-words from two voices or more.
        you: you-words per 100 words.
        insults: share of comments with an insult word, 0..1.
        hedges: hedges per 100 words.
        aiming: voices that use you-words.
    """

    heat: float
    flag: bool
    you: float
    insults: float
    hedges: float
    aiming: int


def tone(remarks: Sequence[tuple[str, str]]) -> Tone | None:
    """How heated the remarks of a thread are; None without a word.

    heat = min(y/4, 1) + min(I/.3, 1) - .5 min(h/1.5, 1), with y you-words per 100 words, I the share of remarks with an
    insult word, h hedges per 100 words. A "you" in thanks, praise ("love your ..."), good wishes or a question does not
    count. One voice gives a heat and never a flag.

    Args:
        remarks: (voice key, that voice's own English words, without quotes, code and links).
    """
    words = you = hedges = insulting = 0
    aiming: set[str] = set()
    for voice, text in remarks:
        text = _plain(text)
        words += len((_ASCII_WORD if text.isascii() else _WORD).findall(text))
        aimed = _aimed(text)
        if aimed:
            aiming.add(voice)
        you += aimed
        hedges += len(_lexicon("hedges").findall(text))
        insulting += not calm(text)
    if not words:
        return None
    y, share, h = 100 * you / words, insulting / len(remarks), 100 * hedges / words
    heat = min(y / 4, 1.0) + min(share / 0.3, 1.0) - 0.5 * min(h / 1.5, 1.0)
    return Tone(heat, heat >= 0.9 and share > 0 and len(aiming) >= 2, y, share, h, len(aiming))


@lru_cache(maxsize=1024)
def calm(words: str) -> bool:
    """Whether a text has no word of the insult lexicon; a text without words is calm."""
    text = _plain(words)
    some = runs(text)
    if some is not None and not any(map(_begins_an_insult, some)):
        return True
    return _lexicon("insults").search(text) is None


_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
_ASCII_WORD = re.compile(r"[a-z0-9]+(?:'[a-z0-9]+)*")  # the same for ASCII in lower case, in half the time
_YOU_BEGINS = frozenset(("yourselves", "yourself", "yours", "your", "you", "youre", "y", "ya", "u", "ur"))
_YOU_WORD = r"(?:yourselves|yourself|yours|your|you're|youre|you've|you'll|you'd|you|y'all|ya|ur|u)\b"
_YOU = re.compile(rf"\b{_YOU_WORD}")
_SENTENCE = re.compile(r"[^.!?\n]*[.!?\n]?")
_KIND = re.compile(
    r"\b(?:thank\w*|thx|cheers|bless\w*|congrat\w*|kudos|appreciat\w*|grateful|lov(?:e|ed|ing)|enjoy(?:ed|ing)?|admir\w+|"
    r"miss(?:ed)?|wish(?:ing)?|hope|hug\w*|happy|proud|glad|luck|best|be with)"
    rf"(?:\s+(?:to|for|of|and|all|both|so|very|much|that|god|reading|seeing|hearing|from|with|again))*\s+{_YOU_WORD}"
    r"(?:\s+(?:and\s+)?your?\b)?"
    r"|\byou(?:'re|\s+are|\s+were)(?:\s+(?:so|very|most|too|always|absolutely|both|all))*\s+"
    r"(?:welcome|kind|right|great|wonderful|lovely|amazing|awesome|brilliant|helpful|generous)\b"
)


def _aimed(text: str) -> int:
    """The you-words that neither ask nor thank, praise or wish well."""
    some = runs(text)
    if some is not None and some.isdisjoint(_YOU_BEGINS):
        return 0
    return sum(
        len(_YOU.findall(_KIND.sub(" ", sentence)))
        for sentence in _SENTENCE.findall(text)
        if not sentence.endswith("?")
    )


def _plain(text: str) -> str:
    return text[:_READ].lower().replace("\u2019", "'")


@cache
def _lexicon(name: str) -> re.Pattern[str]:
    """The words of `lexicons/NAME.txt` as one pattern."""
    return compile_lexicon(_text(name))


def _text(name: str) -> str:
    return resources.files(__package__).joinpath(f"lexicons/{name}.txt").read_text("utf-8")


@cache
def _insults_begin() -> tuple[frozenset[str], tuple[str, ...]]:
    """The first runs of letters of the insult lexicon: those that end there, and those that may go on (*)."""
    first = [re.match(r"([a-z]*)(\*?)", entry) for entry in _entries(_text("insults"))]
    whole = frozenset(match[1] for match in first if match and not match[2])
    return whole, tuple(match[1] for match in first if match and match[2])


@lru_cache(maxsize=8192)
def _begins_an_insult(run: str) -> bool:
    whole, open_ended = _insults_begin()
    return run in whole or run.startswith(open_ended)


def _entries(text: str) -> list[str]:
    lines = (line.split("#")[0].strip().lower() for line in text.splitlines())
    return sorted({line for line in lines if line}, key=lambda word: (-len(word), word))


def compile_lexicon(source: str | Path) -> re.Pattern[str]:
    """A pattern that finds the words and phrases of a lexicon: one a line, * for any ending, # for a remark."""
    words = _entries(source.read_text("utf-8") if isinstance(source, Path) else source)
    patterns = [re.escape(word).replace(r"\*", r"\w*").replace(r"\ ", r"\s+") for word in words]
    return re.compile(rf"(?<![\w'])(?:{'|'.join(patterns) or '(?!)'})(?!\w)")
