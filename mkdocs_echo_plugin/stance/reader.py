"""Reads how a reply stands to its parent: calibrated probabilities from a small model that ships with the package."""

from __future__ import annotations

import json
import math
import re
from array import array
from collections.abc import Sequence
from functools import cache
from importlib import resources
from typing import Protocol

from mkdocs_echo_plugin.errors import ConfigurationError
from mkdocs_echo_plugin.model import Probabilities
from mkdocs_echo_plugin.stance.features import features


class Reader(Protocol):
    """What reads stances: `name`, the training shares `pi`, and `read`."""

    name: str
    pi: Probabilities

    def read(self, pairs: Sequence[tuple[str, str]]) -> list[Probabilities]:
        """Calibrated probabilities for each (parent's text, reply's text), in order; the same input, the same answer."""
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


class EmbeddedReader:
    """A multinomial logistic regression over `features`, its weights in steps of one over 127 of the largest."""

    name = "embedded"

    def __init__(self, data: bytes) -> None:
        head, _, body = data.partition(b"\n")
        about = json.loads(head)
        self.pi = Probabilities(*about["pi"])
        self._bias: tuple[float, float, float] = tuple(about["bias"])
        self._step: float = about["step"]
        names = body[: about["names"]].decode().split("\n")
        weights = array("b", body[about["names"] :])
        self._weights = dict(
            zip(names, zip(weights[0::3], weights[1::3], weights[2::3], strict=True), strict=True)
        )

    def read(self, pairs: Sequence[tuple[str, str]]) -> list[Probabilities]:
        """Calibrated probabilities for each (parent, reply). Only the first 200 words of a text are read."""
        return [self._read(parent, reply) for parent, reply in pairs]

    def _read(self, parent: str, reply: str) -> Probabilities:
        known = [weight for weight in map(self._weights.get, features(parent, reply)) if weight]
        scores = [
            bias + self._step * sum(column)
            for bias, column in zip(
                self._bias, zip(*known, strict=True) if known else ((), (), ()), strict=True
            )
        ]
        top = max(scores)
        odds = [math.exp(score - top) for score in scores]
        whole = sum(odds)
        return Probabilities(*(odd / whole for odd in odds))


_CUE = re.compile(
    r"\b(?:dis)?agree(?:d|s|ing|ment)?\b|\bexactly\b|\bindeed\b|\btrue\b|\bfalse\b|\bright\b|\bwrong\b|\bcorrect\b|\bincorrect\b"
    r"|\byes\b|\byep\b|\byeah\b|\byup\b|\bno\b|\bnope\b|\bnah\b|\bnot\b|n[\u2019']t\b|\bthis\s*[.!]*\s*\Z|\bbut\b|\bhowever\b|\bactually\b"
    r"|\bnonsense\b|\bbullshit\b|\brubbish\b|\bbs\b|\babsolutely\b|\bdefinitely\b|\bamen\b|\bditto\b|\bsame\b|\bwell said\b"
    r"|\bgood point\b|\bsource\s*\?|\blies?\b|\blying\b|\bspot on\b|\bof course\b|\bhear,? hear\b|[\U0001f44d\U0001f44e]",
    re.IGNORECASE,
)


def has_cue(text: str) -> bool:
    """Whether a reply has a word of agreement or disagreement, by which even a short one can be read."""
    return _CUE.search(text[:2_000]) is not None
