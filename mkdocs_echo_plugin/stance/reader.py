"""Reads what a comment says towards what it answers: calibrated probabilities from small models in the package."""

from __future__ import annotations

import json
import math
import re
import sys
from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import repeat
from operator import getitem
from typing import Any, Final, Literal, Protocol, runtime_checkable

from mkdocs_echo_plugin.model import Probabilities
from mkdocs_echo_plugin.stance.features import BLOCKS, COUNTS, FIGURES, MEANT, WORD_BLOCKS, extract_features

Task = Literal["top", "reply"]
"""What a comment answers: `top` the post, `reply` another comment. Two tasks, each with its own training data."""

TASKS: Final[tuple[Task, ...]] = ("top", "reply")

POST_WORDS: Final = 45
"""Words of a post that are read before its comments: its point stands there, or nowhere near."""


@dataclass(frozen=True, slots=True)
class ToRead:
    """A comment and what it answers: the post (`title` and `post`, its beginning) or another comment (`parent`).

    All texts are words of their writers' own: without quotes, code and addresses (`threads.own_words`).
    """

    comment: str
    parent: str | None = None
    title: str = ""
    post: str = ""

    @property
    def task(self) -> Task:
        """`reply` where there is a parent, else `top`."""
        return "top" if self.parent is None else "reply"

    @property
    def answers(self) -> str:
        """What the comment answers as one text: the parent, or the post's title and its first 45 words."""
        if self.parent is not None:
            return self.parent
        opening = " ".join(self.post.split(None, POST_WORDS)[:POST_WORDS])
        return f"{self.title}. {opening}" if self.title else opening


@dataclass(frozen=True, slots=True)
class Spoken:
    """A comment in its thread: its words, the place of the one that it answers (None: the post), and who speaks.

    `who` is "author" for the post's author, else v1, v2 ... in order of first appearance: nobody's name.
    """

    words: str
    parent: int | None
    who: str


class Reader(Protocol):
    """What reads stances. Any object with these will do.

    `name` is what `stance.reader` calls it. `pi` has, for each task, the shares of the stances that the reader would
    say blindly: those of its training data. `read` is asked about many comments at once. One that has to see the whole
    thread has `read_thread`, too (`ThreadReader`).
    """

    name: str
    pi: Mapping[Task, Probabilities]

    def read(self, items: Sequence[ToRead]) -> Sequence[Probabilities | None]:
        """Calibrated probabilities of each comment's stance towards what it answers, in order.

        Same input, same answer, whatever stands beside it: pages are built on many machines. Texts are anybody's:
        of any length, in any script. A reader that cannot tell says what it would say blindly (`pi`); one that was not
        able to read says None, and the stance is unknown.
        """
        ...


@runtime_checkable
class ThreadReader(Reader, Protocol):
    """A reader that sees a comment among the others of its thread."""

    def read_thread(
        self, items: Mapping[int, ToRead], thread: Sequence[Spoken], *, title: str, post: str
    ) -> Mapping[int, Probabilities | None]:
        """The same for the comments of one thread at these places; `thread` has them all, in order of time.

        `title` and `post` (its beginning) are those of the post that all talk about, "" where they are not known.
        A place that the answer leaves out is unknown. What one comment says must not change how another is read.
        """
        ...


_BITS = 32


def pack(disagree: int, agree: int) -> int:
    """Two weights in one integer: sums of packed weights are exact and fast, in whatever order sets are walked."""
    return (disagree << _BITS) + agree


def unpack(total: int, bits: int = _BITS) -> tuple[int, int]:
    """The two sums in a sum of packed weights, the lower one less than 2^(bits - 1) in size."""
    half = 1 << (bits - 1)
    lower = ((total + half) & ((1 << bits) - 1)) - half
    return (total - lower) >> bits, lower


class EmbeddedReader:
    """The reader that ships: a linear model for each task."""

    name = "embedded"

    def __init__(self, weights: Mapping[Task, bytes]) -> None:
        self._models: dict[Task, LinearModel] = {task: LinearModel(data) for task, data in weights.items()}
        self.pi: Mapping[Task, Probabilities] = {task: model.pi for task, model in self._models.items()}

    def read(self, items: Sequence[ToRead]) -> list[Probabilities]:
        """Calibrated probabilities for each comment. Only the first 200 words of a text are read."""
        return [self._models[item.task].read(item.answers, item.comment) for item in items]


class LinearModel:
    """A multinomial logistic regression over the features of `stance.features`, its weights in whole steps.

    The file: a line of JSON; the names of all features, a line each and block by block, those of the counts last, then
    words; a packed weight (64 bits, little-endian: disagree and agree, against neutral) for each feature, and three for
    each word: what its vector is worth in the mean of each block of `MEANT`.
    """

    def __init__(self, data: bytes) -> None:
        head, _, body = data.partition(b"\n")
        about: dict[str, Any] = json.loads(head)
        self.pi = Probabilities(*about["pi"])
        self._bias: tuple[float, float] = tuple(about["bias"])
        self._step: float = about["step"]
        names = body[: about["bytes"]].decode().split("\n")
        weights = array("q", body[about["bytes"] :])
        if sys.byteorder == "big":
            weights.byteswap()
        packed = weights.tolist()
        sizes: list[int] = about["sizes"]
        words = names[sum(sizes) :]
        # a word's meaning lies above the weight of its occurrence, so that it is looked up once
        meanings = {
            block: dict(zip(words, [weight << 2 * _BITS for weight in packed[start:][: len(words)]], strict=True))
            for block, start in zip(MEANT, range(sum(sizes), len(packed), len(words) or 1), strict=False)
        }
        self._lookups: list[Any] = []
        self._figures = [[0] * FIGURES for _ in range(COUNTS)]
        start = 0
        for block, size in zip(BLOCKS, sizes[:-1], strict=True):
            table: dict[Any, int] = meanings.get(block, {})
            for name, weight in zip(names[start : start + size], packed[start : start + size], strict=True):
                feature = name if block in WORD_BLOCKS else tuple(name.split())
                table[feature] = table.get(feature, 0) + weight
            self._lookups.append(table.get)
            start += size
        for name, weight in zip(names[start : start + sizes[-1]], packed[start : start + sizes[-1]], strict=True):
            which, figure = map(int, name.split())
            self._figures[which][figure] = weight
        self._meant = list(zip(map(BLOCKS.index, MEANT), about["meaning_steps"], strict=True))

    def read(self, parent: str, reply: str) -> Probabilities:
        """Calibrated probabilities for one pair of texts."""
        blocks, counts = extract_features(parent, reply)
        zeros = repeat(0)
        sums = [sum(map(lookup, block, zeros)) for lookup, block in zip(self._lookups, blocks, strict=True)]
        against, towards = self._bias
        for which, step in self._meant:
            meaning, sums[which] = unpack(sums[which], 2 * _BITS)
            disagree, agree = unpack(meaning)
            size = len(blocks[which]) or 1  # type: ignore[arg-type]  # these blocks are sets
            against += step * disagree / size
            towards += step * agree / size
        disagree, agree = unpack(sum(sums) + sum(map(getitem, self._figures, counts)))
        against += self._step * disagree
        towards += self._step * agree
        top = max(against, towards, 0.0)
        odds = (math.exp(against - top), math.exp(-top), math.exp(towards - top))
        whole = sum(odds)
        return Probabilities(odds[0] / whole, odds[1] / whole, odds[2] / whole)


_CUE = re.compile(
    r"\b(?:(?:dis)?agree(?:d|s|ing|ment)?|exactly|indeed|true|false|right|wrong|correct|incorrect|yes|yep|yeah|yup|no|nope|"
    r"nah|not|but|however|actually|nonsense|bullshit|rubbish|bs|absolutely|definitely|amen|ditto|same|well said|"
    r"good point|lies?|lying|spot on|of course|hear,? hear)\b"
    r"|n[\u2019']t\b|\bthis\s*+(?:[.!]++\s*+)?\Z|\bsource\s*\?|[\U0001f44d\U0001f44e]",
    re.IGNORECASE,
)


def has_cue(text: str) -> bool:
    """Whether a reply has a word of agreement or disagreement, by which even a short one can be read."""
    return _CUE.search(text[:2_000]) is not None
