"""A (parent, reply) pair as features, in blocks; the same function serves training and reading.

A feature is a token, or a tuple of tokens, that occurs in a certain place; blocks keep the places apart. Everything is
a set or a zip of lists, since that is what makes 10,000 pairs a second possible without leaving the standard library.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from functools import cache, lru_cache
from importlib import resources
from itertools import product, repeat

WORDS_READ = 200  # tokens of each text; the training data has no longer ones
_CHARACTERS_READ = 10 * WORDS_READ
_QUOTED = 5  # a run of so many tokens that the parent has too is a quotation, marked or not
_IN_A_ROW = bytes([True] * _QUOTED)

_TOKEN = re.compile(r"[^\W_]+(?:'[^\W_]+)*|\.\.\.|/s\b|[^\w\s]")
_ASCII_TOKEN = re.compile(r"[a-z0-9]+(?:'[a-z0-9]+)*|\.\.\.|/s\b|[^\w\s]")  # the same, faster, for lower-case ASCII
_SAME = str.maketrans(
    dict.fromkeys("0123456789", "0")
    | {"\u2019": "'", "\u2018": "'", "\u201c": '"', "\u201d": '"', "\u2026": "...", "\u00a0": " "}
)
_ENDS = frozenset([".", "?", "!", "..."])

Feature = str | tuple[str, ...] | tuple[int, int]

WORD_BLOCKS = (
    "word", "first4", "first8", "last", "start", "class", "class-1st", "class-3", "class-sentence", "parent",
    "parent-class",
)  # fmt: skip
"""Blocks whose features are single tokens."""

TUPLE_BLOCKS = (
    "word2", "start2", "frame3", "parent-edge", "1st-parent",
)  # fmt: skip
"""Blocks whose features are tuples of tokens."""

BLOCKS = (*WORD_BLOCKS, *TUPLE_BLOCKS)
"""The names of a pair's blocks, in their order."""

MEANT = ("word", "first8", "parent")
"""Blocks, each a set of words, whose mean word vector counts too: of the reply, of its beginning, of the parent."""

COUNTS, FIGURES = 33, 96
"""How many counts a pair has, and what each of them is less than."""


def tokens(text: str) -> list[str]:
    """Lower-case words, figures as zeros, and marks, of the first 200 words or so."""
    text = text[:_CHARACTERS_READ].lower().translate(_SAME)
    return (_ASCII_TOKEN if text.isascii() else _TOKEN).findall(text)[:WORDS_READ]


_PRAISE, _BLAME = frozenset(["GOOD", "LIKE"]), frozenset(["ILL", "DISLIKE"])
_MARKS = {mark: mark for mark in ("?", "!", ".", ",", '"', ":", ";", "(", ")", "*", "...")}
_FIGURES = {"0" * digits: "FIGURE" for digits in range(1, 10)}


@cache
def classes() -> tuple[dict[str, str], dict[str, str]]:
    """Token -> class, as classes.txt lists them, and the same with function words standing for themselves."""
    text = resources.files(__package__).joinpath("classes.txt").read_text("utf-8")
    listed = {}
    for line in text.splitlines():
        name, colon, words = line.partition(": ")
        if colon and not line.startswith("#"):
            listed[name] = words.split()
    function = {word: word for word in listed.pop("FUNCTION")}
    kinds = {word: name for name, words in reversed(listed.items()) for word in words} | _MARKS | _FIGURES
    return kinds, kinds | function


def own(reply: list[str], parent: list[str], some_of_parent: set[str]) -> list[str]:
    """The reply's tokens without what it repeats of the parent, five in a row or more.

    Args:
        some_of_parent: the parent's tokens as a set; few replies have five in a row of them, the rest are done.
    """
    shared = bytes(map(some_of_parent.__contains__, reply))
    at = shared.find(_IN_A_ROW)
    if at < 0:
        return reply
    before = f" {' '.join(parent)} "
    quoted = [False] * len(reply)
    while at >= 0:
        if f" {' '.join(reply[at : at + _QUOTED])} " in before:
            quoted[at : at + _QUOTED] = [True] * _QUOTED
        at = shared.find(_IN_A_ROW, at + 1)
    if True not in quoted:
        return reply
    return [word for word, drop in zip(reply, quoted, strict=True) if not drop and word != ">"]


Blocks = tuple[Collection[Feature] | Iterator[Feature], ...]


def extract_features(parent: str, reply: str) -> tuple[Blocks, tuple[int, ...]]:
    """The features of each of `BLOCKS`, in iterables that may be one-time (sets in `MEANT`), and the counts."""
    before, kinds_before, some_before, kinds_of_before = _answered(parent[:_CHARACTERS_READ])
    words = own(tokens(reply), before, some_before)
    kind_of, frame_of = classes()
    kinds = list(map(kind_of.get, words, repeat("_")))
    some_words, some = set(words), set(kinds)
    line = ["^", *words, "$"]
    frame = ["^", *map(frame_of.get, words, repeat("_")), "$"]
    starts, end = [0] if words else [], len(words)
    if not some_words.isdisjoint(_ENDS):
        ends = [i for i, word in enumerate(words) if word in _ENDS]
        starts, end = [0, *(i + 1 for i in ends if i + 1 < len(words))], ends[0]
    blocks = (
        some_words,
        set(words[:4]),
        set(words[:8]),
        set(words[-5:]),
        {words[i] for i in starts},
        some,
        kinds[:1],
        set(kinds[:3]),
        set(kinds[:end]),
        some_before,
        kinds_of_before,
        zip(line, words, strict=False),
        {(words[i], line[i + 2]) for i in starts},
        zip(frame, frame[1:], frame[2:], strict=False),
        (("^", *kinds_before[:1]), ("$", *kinds_before[-1:])),
        product(kinds[:1], kinds_of_before),
    )
    counts = _counts(words, kinds, before, kinds_before, some_words, some_before, some, kinds_of_before)
    return blocks, counts


@lru_cache(maxsize=64)
def _answered(parent: str) -> tuple[list[str], list[str], set[str], set[str]]:
    """Tokens and classes of what is answered, which all comments on a post share."""
    before = tokens(parent)
    kinds_before = list(map(classes()[0].get, before, repeat("_")))
    return before, kinds_before, set(before), set(kinds_before)


def _counts(
    words: list[str], kinds: list[str], before: list[str], kinds_before: list[str],
    some_words: set[str], some_before: set[str], some: set[str], kinds_of_before: set[str],
) -> tuple[int, ...]:  # fmt: skip
    """Lengths, questions, who is addressed, what is repeated, and what these make together; each less than `FIGURES`.

    The sets say at once that there is none of it, as there mostly is.
    """
    n, n_before = len(words), len(before)
    length = n // 4 if n < 20 else 5 + n // 10 if n < 80 else 13
    short = length // 3
    you = _up_to(3, kinds.count("YOU")) if "YOU" in some else 0
    nots = _up_to(3, kinds.count("NOT")) if "NOT" in some else 0
    me = _up_to(3, kinds.count("I")) if "I" in some else 0
    asks = _up_to(3, words.count("?")) if "?" in some_words else 0
    asked = _up_to(3, before.count("?")) if "?" in some_before else 0
    cries = _up_to(3, words.count("!")) if "!" in some_words else 0
    nots_before = _up_to(2, kinds_before.count("NOT")) if "NOT" in kinds_of_before else 0
    ends, ended = asks > 0 and words[-1] == "?", asked > 0 and before[-1] == "?"
    first = kinds[:3]
    yes = "YES" in first or "AGREE" in first
    no = "NO" in first or "WRONG" in first
    but, you_before, me_before = "BUT" in some, "YOU" in kinds_of_before, "I" in kinds_of_before
    content = [word for word in some_words.difference(classes()[1]) if len(word) > 2]
    shared = some_before.intersection(content)
    many = _up_to(5, len(shared))
    denied = bool(many and nots) and any(
        kind == "NOT" and not shared.isdisjoint(words[i + 1 : i + 4]) for i, kind in enumerate(kinds)
    )
    good = 0 if some.isdisjoint(_PRAISE) else _up_to(3, kinds.count("GOOD") + kinds.count("LIKE"))
    ill = 0 if some.isdisjoint(_BLAME) else _up_to(3, kinds.count("ILL") + kinds.count("DISLIKE"))
    good_before = ill_before = 0
    if not kinds_of_before.isdisjoint(_PRAISE):
        good_before = _up_to(2, kinds_before.count("GOOD") + kinds_before.count("LIKE"))
    if not kinds_of_before.isdisjoint(_BLAME):
        ill_before = _up_to(2, kinds_before.count("ILL") + kinds_before.count("DISLIKE"))
    you2, nots2, many2 = you - (you > 2), nots - (nots > 2), many if many < 2 else 2
    any_asks, any_nots = asks > 0, nots > 0
    return (
        length,
        n_before // 10 if n_before < 100 else 9,
        2 * asks + ends,
        2 * asked + ended,
        8 * any_asks + 4 * (asked > 0) + 2 * (you > 0) + ended,
        2 * ends + ended,
        you,
        nots,
        me,
        cries,
        4 * you + nots,
        8 * you2 + 2 * nots2 + (me > 0),
        3 * you_before + you2,
        3 * me_before + you2,
        2 * you_before + (me > 0),
        4 * yes + 2 * but + any_nots,
        2 * no + but,
        4 * yes + 2 * no + (asked > 0),
        8 * yes + short,
        8 * no + short,
        8 * any_asks + short,
        8 * you2 + short,
        8 * nots2 + short,
        8 * (cries > 0) + short,
        many,
        10 * len(shared) // (len(content) + 1),
        denied,
        3 * nots2 + nots_before,
        3 * many2 + nots2,
        3 * many2 + you2,
        4 * good + ill,
        3 * good_before + ill_before,
        27 * (good - (good > 2)) + 9 * (ill - (ill > 2)) + 3 * good_before + ill_before,
    )


def _up_to(most: int, count: int) -> int:
    return count if count < most else most
