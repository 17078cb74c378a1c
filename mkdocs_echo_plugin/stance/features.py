"""A (parent, reply) pair as features, in blocks; the same function serves training and reading.

A feature is a token, or a tuple of tokens, that occurs in a certain place; blocks keep the places apart. Everything is
a set or a zip of lists, since that is what makes 10,000 pairs a second possible without leaving the standard library.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from importlib import resources
from itertools import pairwise, product, repeat
from typing import NamedTuple

WORDS_READ = 200  # tokens of each text; the training data has no longer ones
_CHARACTERS_READ = 10 * WORDS_READ
_QUOTED = 5  # a run of so many tokens that the parent has too is a quotation, marked or not

_TOKEN = re.compile(r"[^\W_]+(?:'[^\W_]+)*|\.\.\.|/s\b|[^\w\s]")
_ASCII_TOKEN = re.compile(r"[a-z0-9]+(?:'[a-z0-9]+)*|\.\.\.|/s\b|[^\w\s]")  # the same, faster, for lower-case ASCII
_SAME = str.maketrans(
    dict.fromkeys("0123456789", "0")
    | {"\u2019": "'", "\u2018": "'", "\u201c": '"', "\u201d": '"', "\u2026": "...", "\u00a0": " "}
)
_ENDS = frozenset([".", "?", "!", "..."])
_STARTS = _ENDS | {"^"}

Feature = str | tuple[str, ...] | tuple[int, int]

WORD_BLOCKS = (
    "word", "first4", "first8", "last", "start", "class", "class-1st", "class-3", "class-sentence", "parent",
    "parent-class",
)  # fmt: skip
"""Blocks whose features are single tokens."""

TUPLE_BLOCKS = (
    "word2", "word3", "skip2", "skip3", "skip4", "last2", "start2", "frame3", "class2", "class3", "parent2",
    "parent-edge", "1st-parent",
)  # fmt: skip
"""Blocks whose features are tuples of tokens."""

BLOCKS = (*WORD_BLOCKS, *TUPLE_BLOCKS, "count")
"""The names of what `blocks` gives, in its order; a feature of "count" is (which count, its value)."""


def tokens(text: str) -> list[str]:
    """Lower-case words, figures as zeros, and marks, of the first 200 words or so."""
    text = text[:_CHARACTERS_READ].lower().translate(_SAME)
    return (_ASCII_TOKEN if text.isascii() else _TOKEN).findall(text)[:WORDS_READ]


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


def own(reply: list[str], parent: list[str], neighbours: set[tuple[str, str]]) -> list[str]:
    """The reply's tokens without what it repeats of the parent, five in a row or more.

    Args:
        neighbours: each two tokens in a row of the parent; few replies share four of them, the rest are done.
    """
    if len(neighbours.intersection(pairwise(reply))) < _QUOTED - 1:
        return reply
    runs = set(zip(*(parent[i:] for i in range(_QUOTED)), strict=False))
    quoted = [False] * len(reply)
    for i, run in enumerate(zip(*(reply[i:] for i in range(_QUOTED)), strict=False)):
        if run in runs:
            quoted[i : i + _QUOTED] = [True] * _QUOTED
    return [word for word, drop in zip(reply, quoted, strict=True) if not drop and word != ">"]


class Pair(NamedTuple):
    """A pair taken apart: the reply's own tokens, the parent's, and the features of each of `BLOCKS`."""

    words: list[str]
    before: list[str]
    blocks: tuple[Iterable[Feature], ...]


def take_apart(parent: str, reply: str) -> Pair:
    """The features of a pair, in iterables that may be one-time."""
    before = tokens(parent)
    neighbours = set(pairwise(before))
    words = own(tokens(reply), before, neighbours)
    kind_of, frame_of = classes()
    kinds = list(map(kind_of.get, words, repeat("_")))
    kinds_before = list(map(kind_of.get, before, repeat("_")))
    some, some_before = set(kinds), set(kinds_before)
    line = ["^", *words, "$"]
    kind_line = ["^", *kinds]
    frame = ["^", *map(frame_of.get, words, repeat("_")), "$"]
    end = next((i for i, word in enumerate(words) if word in _ENDS), len(words))
    starts = [i for i, word in enumerate(line[:-2]) if word in _STARTS]
    blocks = (
        set(words),
        set(words[:4]),
        set(words[:8]),
        set(words[-5:]),
        {words[i] for i in starts},
        some,
        kinds[:1],
        set(kinds[:3]),
        set(kinds[:end]),
        set(before),
        some_before,
        zip(line, words, strict=False),
        zip(line, words, words[1:], strict=False),
        zip(line[:7], line[2:9], strict=False),
        zip(line[:6], line[3:9], strict=False),
        zip(line[:5], line[4:9], strict=False),
        zip(line[-4:], line[-3:], strict=False),
        {(words[i], line[i + 2]) for i in starts},
        zip(frame, frame[1:], frame[2:], strict=False),
        zip(kind_line, kinds, strict=False),
        zip(["^", *kind_line], kind_line, kinds, strict=False),
        neighbours,
        (("^", *kinds_before[:1]), ("$", *kinds_before[-1:])),
        product(kinds[:1], some_before),
        enumerate(_counts(words, kinds, before, kinds_before)),
    )
    return Pair(words, before, blocks)


def _counts(words: list[str], kinds: list[str], before: list[str], kinds_before: list[str]) -> tuple[int, ...]:
    """Lengths, questions, who is addressed, what is repeated, and what these make together; each a small figure."""
    length = min(len(words), 19) // 4 if len(words) < 20 else 5 + min(len(words), 80) // 10
    short = length // 3
    you, nots, me = min(kinds.count("YOU"), 3), min(kinds.count("NOT"), 3), min(kinds.count("I"), 3)
    asks, asked, cries = min(words.count("?"), 3), min(before.count("?"), 3), min(words.count("!"), 3)
    ends, ended = words[-1:] == ["?"], before[-1:] == ["?"]
    yes = "YES" in kinds[:3] or "AGREE" in kinds[:3]
    no = "NO" in kinds[:3] or "WRONG" in kinds[:3]
    but, you_before, me_before = "BUT" in kinds, "YOU" in kinds_before, "I" in kinds_before
    nots_before = min(kinds_before.count("NOT"), 2)
    frame_of = classes()[1]
    content = {word for word in words if len(word) > 2 and word not in frame_of}
    shared = content.intersection(before)
    many = min(len(shared), 5)
    denied = bool(many and nots) and any(
        kind == "NOT" and not shared.isdisjoint(words[i + 1 : i + 4]) for i, kind in enumerate(kinds)
    )
    good, ill = (
        min(kinds.count("GOOD") + kinds.count("LIKE"), 3),
        min(kinds.count("ILL") + kinds.count("DISLIKE"), 3),
    )
    good_before = min(kinds_before.count("GOOD") + kinds_before.count("LIKE"), 2)
    ill_before = min(kinds_before.count("ILL") + kinds_before.count("DISLIKE"), 2)
    you2, nots2, many2 = min(you, 2), min(nots, 2), min(many, 2)
    any_asks, any_me, any_nots = asks > 0, me > 0, nots > 0
    return (
        length,
        min(len(before), 99) // 10,
        2 * asks + ends,
        2 * asked + ended,
        8 * any_asks + 4 * (asked > 0) + 2 * (you > 0) + ended,
        2 * ends + ended,
        you,
        nots,
        me,
        cries,
        4 * you + nots,
        8 * you2 + 2 * nots2 + any_me,
        3 * you_before + you2,
        3 * me_before + you2,
        2 * you_before + any_me,
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
        27 * min(good, 2) + 9 * min(ill, 2) + 3 * good_before + ill_before,
    )
