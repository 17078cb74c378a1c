"""Which comments the author's own word would settle most: the expected gain of asking about each."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import log2
from typing import Final

from mkdocs_echo_plugin.assess import Read, merged, thumbs_of, views_of, with_voices
from mkdocs_echo_plugin.model import Health, KindFacts, Probabilities, Range, Settings
from mkdocs_echo_plugin.review.readings import CommentReading, readings_of
from mkdocs_echo_plugin.stance.edges import CERTAIN, Edge
from mkdocs_echo_plugin.stance.voices import is_author
from mkdocs_echo_plugin.threads import count_words
from mkdocs_echo_plugin.thresholds import REASON_WORDS, SURE_DISSENT

MOST_TRIED: Final = 8
"""Comments of a post that are tried, the most doubtful ones: three estimates each."""
MOST_VOICES: Final = 80
"""Known voices up to which a post's comments are tried. Past that one person changes nothing, and trying takes long."""

_BLIND: Final = Probabilities(0.135, 0.648, 0.217)
"""What is taken of a comment that no reader has read: the shares among labelled blog comments."""
_TINY: Final = 1e-9

LEAST: Final = 0.001
"""Bits under which a question is not worth a key."""


@dataclass(frozen=True, slots=True)
class Question:
    """A comment to ask about. `dissent` marks one that reads as an objection.

    `gain` is by how much the verdict's entropy is expected to fall, in bits; it may be negative, where the reader and
    the rest of the thread do not agree. `learned` is how much the answer is expected to tell, never negative.
    """

    reading: CommentReading
    gain: float
    learned: float
    dissent: bool


def verdicts(figures: Range) -> Mapping[str, float]:
    """The probabilities of the three verdicts; even where too little is known to say anything."""
    if figures.p is None or figures.verdict in ("early", "unread"):
        return dict.fromkeys(("few-sides", "several", "one-side"), 1 / 3)
    return figures.p


def entropy(of: Mapping[str, float]) -> float:
    """Shannon's entropy in bits: 0 where one verdict is sure, 1.58 where nothing is known."""
    return -sum(p * log2(p) for p in of.values() if p > 0)


def divergence(after: Mapping[str, float], before: Mapping[str, float]) -> float:
    """Kullback and Leibler's divergence: the bits learned where one distribution becomes the other, 0 or more."""
    return sum(p * log2(p / max(before[verdict], _TINY)) for verdict, p in after.items() if p > 0)


def promise(health: Health) -> float:
    """How much may be left to learn of a post, told without trying: which posts of a large site are looked at first.

    2 and more where something read as an objection, plus the verdict's entropy; nothing where too few people wrote.
    """
    objections = any(waits.kind == "dissent" for waits in health.open.author_only)
    open_ = health.kind.value == "opinion" and health.range.verdict not in ("early", "off")
    return 2.0 * objections + (entropy(verdicts(health.range)) if open_ else 0.0)


def questions(
    kind: KindFacts, found: Sequence[Read], settings: Settings, *, passed: Collection[str] = ()
) -> list[Question]:
    """The comments of one post that are worth a question, the most useful first.

    What reads as an objection comes first: only the author's word makes it one that the page may count. Then by the
    expected gain, H(verdict) - sum over stances s of p(s) H(verdict | the comment says s), p the reader's. What is not
    expected to tell anything, sum of p(s) KL(verdict | s, verdict), is not asked. Only the most doubtful comments are
    tried, so that it takes a moment.

    Args:
        passed: keys of comments that are not to be asked about.
    """
    listed = iter(readings_of(found))
    open_ = [
        (one, i, reading)
        for one in range(len(found))
        for i, reading in zip(range(len(found[one].edges)), listed, strict=False)
        if _is_open(found[one], i) and reading.key not in passed
    ]
    tried = sorted(open_, key=lambda of: -entropy(_p(found[of[0]].edges[of[1]])._asdict()))[:MOST_TRIED]
    gains = dict.fromkeys((reading.key for _, _, reading in tried), (0.0, 0.0))
    whole = merged(found, settings)
    if kind.value == "opinion" and 0 < len(whole.voices) <= MOST_VOICES:
        before = verdicts(views_of(whole.voices, kind, settings)[1])
        for one, i, reading in tried:
            gains[reading.key] = _expected(kind, found, settings, one, i, before)
    asked = [
        Question(reading, *gains.get(reading.key, (0.0, 0.0)), _is_dissent(found[one], i))
        for one, i, reading in open_
        if reading.key in gains or _is_dissent(found[one], i)
    ]
    useful = [q for q in asked if q.dissent or q.learned >= LEAST]
    return sorted(useful, key=lambda q: (not q.dissent, -round(q.gain, 9), q.reading.key))


def _expected(
    kind: KindFacts, found: Sequence[Read], settings: Settings, one: int, i: int, before: Mapping[str, float]
) -> tuple[float, float]:
    """By how much the verdict's entropy falls, and what is learned of it, once the author has answered; expected."""
    p = _p(found[one].edges[i])
    gain, learned = entropy(before), 0.0
    for stance in CERTAIN:
        venue = found[one]
        tried = list(venue.edges)
        tried[i] = Edge("override", tried[i].language, stance=stance)
        again = with_voices(venue.clean, tried, thumbs_of(venue.clean.thread, settings))
        whole = merged([*found[:one], again, *found[one + 1 :]], settings)
        after, share = verdicts(views_of(whole.voices, kind, settings)[1]), getattr(p, stance)
        gain -= share * entropy(after)
        learned += share * divergence(after, before)
    return gain, learned


def _is_open(read: Read, i: int) -> bool:
    edge, remark = read.edges[i], read.clean.remarks[i]
    return edge.how in ("read", "unknown") and not edge.heard and not is_author(remark) and bool(remark.words)


def _is_dissent(read: Read, i: int) -> bool:
    edge = read.edges[i]
    return (
        edge.q is not None
        and edge.q.disagree >= SURE_DISSENT
        and count_words(read.clean.remarks[i].words) >= REASON_WORDS
    )


def _p(edge: Edge) -> Probabilities:
    return edge.q or _BLIND


def interleaved(by_post: Sequence[tuple[str, Sequence[Question]]]) -> Iterator[tuple[str, Question]]:
    """The questions of all posts, the most useful first: objections, then by gain; (post, question)."""
    every = [(post, q) for post, of in by_post for q in of]
    yield from sorted(every, key=lambda of: (not of[1].dissent, -round(of[1].gain, 9), of[0], of[1].reading.key))
