"""What kind of post it is: whether it takes a position, asks, tells how, brings news, or is personal.

A small linear model over the form of a post and the meaning of its words; its weights ship with the package.
"""

from __future__ import annotations

import json
import math
import re
import sys
from array import array
from collections.abc import Iterator, Sequence
from functools import cache
from importlib import resources
from typing import Any, Final

from mkdocs_echo_plugin.model import KindReading, PostKind
from mkdocs_echo_plugin.stance.features import tokens
from mkdocs_echo_plugin.thresholds import POSITION_UNREAD

KINDS: Final[tuple[PostKind, ...]] = ("opinion", "howto", "news", "question", "personal")
WORDS_READ: Final = 130
"""Words of a text that are read: what the labelled posts were cut to."""

ASKED: Final = 0.8
"""The probability that a post asks which `asks` says so of."""

_CHARACTERS: Final = 20_000
_ENOUGH: Final = 60  # words; nine in ten of the posts that the weights were learned from have 85 and more
_REST: Final = 1 - POSITION_UNREAD
_ASKS_READERS: Final = re.compile(
    r"(?:any(?:body|one)|(?:does|has|do) any|who else|tell (?:me|us)|wants? (?:suggestions|advice|your)|"
    r"what(?:'s| is| are) your|(?:what|how|which) (?:do|would|did) you|your (?:favou?rite|thoughts)|poll)\b"
)
"""How a title begins that asks its readers."""
_ANSWER_ME: Final = re.compile(
    r"\b(?:let me know|suggestions?|recommendations?|advice|(?:has|does) any(?:body|one)|what do you think)\b"
)
_BEGINNING: Final = re.compile(rf"\s*(?:\S+\s+){{0,{WORDS_READ - 1}}}\S*")
_HOW: Final = re.compile(
    r"(?:how|using|use|adding|add|creating|making|building|fixing|fix|setting|install|installing|getting|tips?|writing|"
    r"working|introduction|guide)\b"
)
_JUDGES: Final = re.compile(
    r"\b(?:should|must|need to|better|wrong|problem|bad|never|always|people|most|think|believe|argue|opinion)\b"
)
_TALKS: Final = {"I": re.compile(r"\bI\b"), "you": re.compile(r"\byou"), "we": re.compile(r"\bwe\b|\bour\b")}
_VERSION, _YEAR = re.compile(r"\d\.\d"), re.compile(r"20\d\d")
_CODE, _LIST = ("`", "{", ";", "()", "</"), ("\n- ", "\n* ", "\n1.")


def form(title: str, text: str) -> list[str]:
    """What can be seen without understanding a word: lengths, code, questions, who is spoken of."""
    found = _BEGINNING.match(text[:_CHARACTERS])
    cut = found.group() if found else ""
    words = cut.split()
    low, heading = cut.lower(), title.lower()
    code = sum(map(cut.count, _CODE))
    figures = {
        "length": (len(words) >= 40) + (len(words) >= 100),
        "code": (code > 0) + (code >= 4),
        "title asks": heading.rstrip().endswith("?"),
        "asks": asks(title, text),
        "questions": min(2, cut.count("?")),
        "how": _HOW.match(heading) is not None,
        "version": _VERSION.search(title) is not None,
        "year": _YEAR.search(title) is not None,
        "judges": min(2, len(_JUDGES.findall(low))),
        "pictures": min(2, low.count("![") + low.count("<img")),
        "links": min(2, low.count("http")),
        "title": min(3, len(title.split()) // 3),
        "shouts": "!" in title,
        "list": min(2, sum(map(cut.count, _LIST))),
    }
    figures |= {who: min(3, len(pattern.findall(cut)) // 2) for who, pattern in _TALKS.items()}
    return [f"{name}={int(figure)}" for name, figure in figures.items()]


def asks(title: str, text: str) -> bool:
    """Whether a post asks its readers: its title begins so, or is a question and the text begs for answers.

    A question as a title alone does not tell: most such posts answer it themselves.
    """
    heading = title.lower().strip()
    if _ASKS_READERS.match(heading):
        return True
    return (
        heading.endswith("?")
        and _ANSWER_ME.search(" ".join(text[:_CHARACTERS].split()[:WORDS_READ]).lower()) is not None
    )


def words_of(title: str, text: str) -> tuple[list[str], list[str]]:
    """The different words of the title and of the text's beginning, in order."""
    beginning = " ".join(text[:_CHARACTERS].split()[:WORDS_READ])
    return sorted(set(tokens(title))), sorted(set(tokens(beginning)))


class KindReader:
    """The weights. The file: a line of JSON; the names of features, then words, a line each; then whole numbers.

    Each feature has a number for each of `KINDS` (16 bits); each word one for each as a title's word, then as a
    text's (8 bits): what its vector is worth in the mean of them.
    """

    def __init__(self, data: bytes) -> None:
        head, _, body = data.partition(b"\n")
        about: dict[str, Any] = json.loads(head)
        names = body[: about["bytes"]].decode().split("\n")
        features, count = about["features"], len(KINDS)
        figures = array("h", body[about["bytes"] :][: 2 * features * count])
        if sys.byteorder == "big":
            figures.byteswap()
        meant = array("b", body[about["bytes"] + 2 * features * count :])
        self._bias: list[float] = about["bias"]
        self._step: float = about["step"]
        self._meaning_steps: list[float] = about["meaning_steps"]
        self._features = {name: figures[i * count :][:count] for i, name in enumerate(names[:features])}
        self._words = {name: meant[2 * i * count :][: 2 * count] for i, name in enumerate(names[features:])}

    def read(self, title: str, text: str) -> list[float]:
        """The probability of each of `KINDS`."""
        scores = list(self._bias)
        for name in form(title, text):
            for k, weight in enumerate(self._features.get(name, ())):
                scores[k] += self._step * weight
        for side, words in enumerate(words_of(title, text)):
            for k, total in enumerate(self._sums(words, side)):
                scores[k] += self._meaning_steps[side] * total / (len(words) or 1)
        top = max(scores)
        odds = [math.exp(score - top) for score in scores]
        whole = sum(odds)
        return [odd / whole for odd in odds]

    def _sums(self, words: Sequence[str], side: int) -> Iterator[int]:
        found = [weights for word in words if (weights := self._words.get(word)) is not None]
        for k in range(len(KINDS)):
            yield sum(weights[side * len(KINDS) + k] for weights in found)


@cache
def _reader() -> KindReader:
    return KindReader(resources.files(__package__).joinpath("kind.bin").read_bytes())


def read(title: str, text: str) -> KindReading:
    """The kind of a post from its title and text; the fewer words it has, the nearer to the usual shares."""
    words = len(title.split()) + len(text[:_CHARACTERS].split())
    known = min(1.0, words / _ENOUGH) if tokens(title) or tokens(text[:_CHARACTERS]) else 0.0
    usual: dict[PostKind, float] = {"opinion": POSITION_UNREAD, "howto": _REST / 2, "news": _REST / 2}
    found = dict(zip(KINDS, _reader().read(title, text), strict=True)) if known else usual
    kinds = {kind: known * found.get(kind, 0.0) + (1 - known) * usual.get(kind, 0.0) for kind in KINDS}
    if asks(title, text):  # too few posts ask for a model to learn it; these words nearly always mean it
        others = 1 - kinds["question"]
        kinds = {kind: (1 - ASKED) * p / others for kind, p in kinds.items()} | {"question": ASKED}
    return KindReading(p_position=kinds["opinion"], p_question=kinds["question"], kinds=kinds)
