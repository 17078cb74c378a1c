"""Reads how a reply stands to its parent: calibrated probabilities from a small model that ships with the package."""

from __future__ import annotations

import json
import math
import re
import sys
from array import array
from collections.abc import Sequence
from functools import cache
from importlib import resources
from itertools import repeat
from typing import Any, Protocol

from mkdocs_echo_plugin.errors import ConfigurationError
from mkdocs_echo_plugin.model import Probabilities
from mkdocs_echo_plugin.stance.features import WORD_BLOCKS, take_apart


class Reader(Protocol):
    """What reads stances: `name`, the training shares `pi`, and `read`."""

    name: str
    pi: Probabilities

    def read(self, pairs: Sequence[tuple[str, str]]) -> list[Probabilities]:
        """Calibrated probabilities for each (parent's text, reply's text), in order; same input, same answer."""
        ...


@cache
def load(name: str = "embedded") -> Reader:
    """The reader of that name: `embedded` (in the package), or `crossencoder` (extra `[model]`).

    Raises:
        ConfigurationError: no such reader, or its extra is not installed.
    """
    if name == "embedded":
        return EmbeddedReader(resources.files(__package__).joinpath("weights.bin").read_bytes())
    if name == "crossencoder":
        from mkdocs_echo_plugin.stance import crossencoder

        reader: Reader = crossencoder.load()
        return reader
    raise ConfigurationError(f"stance.reader: {name!r} is no reader. Write embedded or crossencoder.")


_BITS = 32
_HALF, _MASK = 1 << (_BITS - 1), (1 << _BITS) - 1


def pack(disagree: int, agree: int) -> int:
    """Two weights in one integer: sums of packed weights are exact and fast, in whatever order sets are walked."""
    return (disagree << _BITS) + agree


def unpack(total: int) -> tuple[int, int]:
    """The two sums in a sum of packed weights, each under 2^31 in size."""
    agree = ((total + _HALF) & _MASK) - _HALF
    return (total - agree) >> _BITS, agree


class EmbeddedReader:
    """A multinomial logistic regression over the features of `stance.features`, its weights in whole steps.

    The file: a line of JSON; the names of all features, a line each and block by block, then words; a packed weight
    (64 bits, little-endian: disagree and agree, against neutral) for each feature, and three for each word: for the
    mean over the reply, over its first five tokens, and over the parent, which is what distilled word vectors come to.
    """

    name = "embedded"

    def __init__(self, data: bytes) -> None:
        head, _, body = data.partition(b"\n")
        about: dict[str, Any] = json.loads(head)
        self.pi = Probabilities(*about["pi"])
        self._bias: tuple[float, float] = tuple(about["bias"])
        self._step: float = about["step"]
        self._meaning_steps: list[float] = about["meaning_steps"]
        names = body[: about["bytes"]].decode().split("\n")
        weights = array("q", body[about["bytes"] :])
        if sys.byteorder == "big":
            weights.byteswap()
        packed = weights.tolist()
        tables: list[dict[Any, int]] = []
        start = 0
        for block, count in about["blocks"]:
            own: list[Any] = names[start : start + count]
            if block == "count":
                own = [tuple(map(int, name.split())) for name in own]
            elif block not in WORD_BLOCKS:
                own = list(map(tuple, map(str.split, own)))
            tables.append(dict(zip(own, packed[start : start + count], strict=True)))
            start += count
        words = names[start:]
        means = [packed[start + i * len(words) :][: len(words)] for i in range(3)]
        self._lookups = [table.get for table in tables]
        self._meanings = [dict(zip(words, column, strict=True)).get for column in means]

    def read(self, pairs: Sequence[tuple[str, str]]) -> list[Probabilities]:
        """Calibrated probabilities for each (parent, reply). Only the first 200 words of a text are read."""
        return [self._read(parent, reply) for parent, reply in pairs]

    def _read(self, parent: str, reply: str) -> Probabilities:
        words, before, blocks = take_apart(parent, reply)
        zeros = repeat(0)
        total = 0
        for lookup, features in zip(self._lookups, blocks, strict=True):
            total += sum(map(lookup, features, zeros))
        disagree, agree = unpack(total)
        against, towards = self._bias[0] + self._step * disagree, self._bias[1] + self._step * agree
        for lookup, text, step in zip(self._meanings, (words, words[:5], before), self._meaning_steps, strict=True):
            if text:
                disagree, agree = unpack(sum(map(lookup, text, zeros)))
                against += step * disagree / len(text)
                towards += step * agree / len(text)
        top = max(against, towards, 0.0)
        odds = (math.exp(against - top), math.exp(-top), math.exp(towards - top))
        whole = sum(odds)
        return Probabilities(odds[0] / whole, odds[1] / whole, odds[2] / whole)


_CUE = re.compile(
    r"\b(?:(?:dis)?agree(?:d|s|ing|ment)?|exactly|indeed|true|false|right|wrong|correct|incorrect|yes|yep|yeah|yup|no|nope|"
    r"nah|not|but|however|actually|nonsense|bullshit|rubbish|bs|absolutely|definitely|amen|ditto|same|well said|"
    r"good point|lies?|lying|spot on|of course|hear,? hear)\b"
    r"|n[\u2019']t\b|\bthis\s*[.!]*\s*\Z|\bsource\s*\?|[\U0001f44d\U0001f44e]",
    re.IGNORECASE,
)


def has_cue(text: str) -> bool:
    """Whether a reply has a word of agreement or disagreement, by which even a short one can be read."""
    return _CUE.search(text[:2_000]) is not None
