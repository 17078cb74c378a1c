"""What waits for an answer: questions, and objections that their writers declared or the site's author marked."""

from __future__ import annotations

import re
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import median
from typing import Any, Final

from mkdocs_echo_plugin.health.policy import SUBSTANTIAL, against_policy, is_kind_only
from mkdocs_echo_plugin.health.questions import asking, quotations
from mkdocs_echo_plugin.health.tone import calm
from mkdocs_echo_plugin.model import Answers, AuthorOnly, Open, Waiting, WaitingKind
from mkdocs_echo_plugin.serialize import time_to_text
from mkdocs_echo_plugin.stance.edges import READ_LANGUAGE, Edge
from mkdocs_echo_plugin.stance.voices import VoiceOf, is_author
from mkdocs_echo_plugin.threads import FAR_PAST, CleanThread, Remark, count_words
from mkdocs_echo_plugin.thresholds import (
    QUOTED_WORDS,
    REASON_WORDS,
    SURE_DISSENT,
    SURELY_A_PLEA,
    SURELY_A_QUESTION,
    WAITS_FOR,
)

_LONGEST_QUOTE: Final = 400
_SHORTEST_QUOTE: Final = 12
_NEAR: Final = 200
_MANY: Final = 6
"""Later comments by others, in a flat thread without its author, among which an answer may be."""
_TAG: Final = re.compile(r"\s{0,9}(?:i )?[^\W\d_]{2,20}:\s", re.IGNORECASE)
"""A word with a colon at a comment's beginning: "Disagree: ...". The panel says beside the quote what it is."""


@dataclass(frozen=True, slots=True)
class _Talk:
    remarks: Sequence[Remark]
    edges: Sequence[Edge]
    voice_at: Mapping[int, VoiceOf]

    def who(self, i: int) -> str:
        """One name for a remark's voice; the post's author is one voice, whatever the account."""
        if is_author(self.remarks[i]):
            return "author"
        voice = self.voice_at.get(i)
        return f"voice {voice.places[0]}" if voice else f"remark {i}"


def waiting(
    clean: CleanThread, edges: Sequence[Edge], voices: Sequence[VoiceOf], *, questions: bool = True
) -> tuple[Open, Answers]:
    """Which questions and objections nobody answered, how many objections were, and how soon comments are replied to.

    A question asks something that somebody should answer (`questions.asking`), and is read as taking no side: under a
    post that takes a position most questions are arguments. An objection
    is declared to disagree, or marked so by the site's author, with a reason: five words or more beside the tag; one a
    voice and sub-thread. Either is answered by what `_answered` says, and waits only where the thread is open and it is
    younger than a year, seen from the day of the fetch, or from the newest comment where the thread came from a file.
    The longest waiting comes first. Nothing of the post's author waits.

    Args:
        questions: whether this reader tells questions well enough for the public; else they are the author's.
    """
    remarks = clean.remarks
    talk = _Talk(remarks, edges, {i: v for v in voices for i in v.places})
    answered = _answered(talk)
    objections = _first_each(talk, [i for i in range(len(remarks)) if _objects(talk, i)])
    objecting = frozenset(objections)
    asked = [i for i in _questions(talk, answered) if i not in objecting]
    kinds: dict[int, WaitingKind] = {i: "objection" for i in objections if not answered[i]}
    if questions:
        kinds.update((i, "question") for i in asked)
    found = _dated(clean, kinds)
    return (
        Open(
            questions=sum(w.kind == "question" for w in found),
            objections=sum(w.kind == "objection" for w in found),
            waiting=found,
            author_only=_dated(clean, _for_author(talk, answered, kinds, frozenset(asked))),
        ),
        Answers(
            objections=len(objections),
            answered=sum(answered[i] for i in objections),
            time_to_first_reply=_time_to_first_reply(talk),
        ),
    )


def unanswered_questions(clean: CleanThread, edges: Sequence[Edge], voices: Sequence[VoiceOf]) -> set[int]:
    """The places of the questions that nobody answered, whatever their age: what `training` holds against marks."""
    talk = _Talk(clean.remarks, edges, {i: v for v in voices for i in v.places})
    answered = _answered(talk)
    return set(_questions(talk, answered))


def _objects(talk: _Talk, i: int) -> bool:
    edge, remark = talk.edges[i], talk.remarks[i]
    return edge.stance == "disagree" and not is_author(remark) and count_words(remark.words) >= REASON_WORDS


def _asks(talk: _Talk, i: int) -> bool:
    """Whether a remark by anyone but the post's author asks, for sure: what reads as taking a side is rhetoric.

    Where nothing was read only a plea is sure.
    """
    edge, remark = talk.edges[i], talk.remarks[i]
    if is_author(remark) or edge.language != READ_LANGUAGE or edge.stance is not None or edge.heard:
        return False
    how = asking(remark.words)
    if edge.q is None:
        return how == "plea"
    return how is not None and edge.q.neutral >= (SURELY_A_PLEA if how == "plea" else SURELY_A_QUESTION)


def _questions(talk: _Talk, answered: Sequence[bool]) -> list[int]:
    """The places of what asks and has no answer.

    Where no reply is linked and the post's author never writes, one of six later comments of others may be the answer.
    """
    remarks = talk.remarks
    alone = all(r.parent is None for r in remarks) and not any(map(is_author, remarks))
    found = [i for i in range(len(remarks)) if not answered[i] and _asks(talk, i)]
    return [i for i in found if not alone or _others_after(talk, i) < _MANY]


def _others_after(talk: _Talk, i: int) -> int:
    return sum(talk.who(j) != talk.who(i) for j in range(i + 1, min(i + 1 + _NEAR, len(talk.remarks))))


def _first_each(talk: _Talk, places: Sequence[int]) -> list[int]:
    """The first of each voice in each sub-thread."""
    first = {(talk.who(i), talk.remarks[i].root): i for i in reversed(places)}
    return sorted(first.values())


def _answered(talk: _Talk) -> list[bool]:
    """Whether somebody else answered each remark, or may have, where the order cannot tell.

    Answered by a later remark linked to it; by one that calls or quotes its writer; by the post's author writing later
    in its sub-thread, or at top level, where replies are not linked. Where the venue does not say what a reply answers,
    a later one in the sub-thread may be the answer.
    """
    remarks = talk.remarks
    answered = [False] * len(remarks)
    called: dict[str, int] = {}
    last_of_author = last_author_top = -1
    author_in: dict[int, int] = {}
    vague_in: dict[int, list[int]] = {}
    linked = any(r.parent is not None for r in remarks)
    for j, remark in enumerate(remarks):
        if _says_nothing(remark):  # a line that anybody can leave answers nothing
            continue
        if remark.parent is not None and talk.who(remark.parent) != talk.who(j):
            answered[remark.parent] = True
        if remark.comment.addressed is not None:
            called[remark.comment.addressed] = j
        if is_author(remark):
            last_of_author = j
            author_in[remark.root] = j
            if remark.parent is None:
                last_author_top = j
        if remark.broken or not remark.comment.parent_exact:
            vague_in.setdefault(remark.root, []).append(j)
    for i, remark in enumerate(remarks):
        key = remark.comment.author_key
        by_author = max(author_in.get(remark.root, -1), last_author_top if linked else last_of_author)
        vague = vague_in.get(remark.root, [])
        answered[i] = (
            answered[i]
            or by_author > i
            or (key is not None and called.get(key, -1) > i)
            or any(j > i and talk.who(j) != talk.who(i) for j in vague[-_NEAR:])
        )
    folded: dict[int, str] = {}
    for j in range(len(remarks)):
        for quote in quotations(remarks[j].words, remarks[j].quoted)[:8]:
            if _SHORTEST_QUOTE <= len(quote) <= _LONGEST_QUOTE:
                for i in range(max(j - _NEAR, 0), j):
                    if answered[i] or talk.who(i) == talk.who(j):
                        continue
                    if i not in folded:
                        folded[i] = _folded(remarks[i].words)
                    answered[i] = quote in folded[i]
    return answered


def _says_nothing(remark: Remark) -> bool:
    """Whether a remark of few words is by nobody that has a name: such a line answers nothing."""
    return remark.comment.author_key is None and not is_author(remark) and count_words(remark.words) < REASON_WORDS


def _folded(text: str) -> str:
    return " ".join(text[:20_000].casefold().split())


def _for_author(
    talk: _Talk, answered: Sequence[bool], public: Mapping[int, WaitingKind], asked: Container[int]
) -> dict[int, WaitingKind | AuthorOnly]:
    """What else has no answer: questions that are not for the public, read dissents, comments of 20 words and more."""
    rules = against_policy(talk.remarks)
    found: dict[int, WaitingKind | AuthorOnly] = {}
    for i, (remark, edge) in enumerate(zip(talk.remarks, talk.edges, strict=True)):
        if answered[i] or i in public or is_author(remark) or rules[i] is not None:
            continue
        long = count_words(remark.words) >= SUBSTANTIAL
        if i in asked:
            found[i] = "question"
        elif long and edge.q is not None and edge.how == "read" and edge.q.disagree >= SURE_DISSENT:
            found[i] = "dissent"
        elif long and not is_kind_only(remark.words):
            found[i] = "comment"
    return found


def _time_to_first_reply(talk: _Talk) -> float | None:
    """The median seconds from a comment to the first reply by somebody else; None where nobody replied."""
    first: dict[int, float] = {}
    for j, remark in enumerate(talk.remarks):
        i, then = remark.parent, remark.comment.created
        if i is None or remark.broken or then is None or talk.who(i) == talk.who(j):
            continue
        since = talk.remarks[i].comment.created
        if since is not None and then >= since:
            seconds = (then - since).total_seconds()
            first[i] = min(first.get(i, seconds), seconds)
    return median(first.values()) if first else None


def _dated(clean: CleanThread, kinds: Mapping[int, Any]) -> tuple[Waiting, ...]:
    if not clean.thread.open or clean.thread.locked:
        return ()
    times: list[datetime] = [r.comment.created for r in clean.remarks if r.comment.created is not None]
    today = clean.thread.fetched_at or max(times, default=FAR_PAST)
    found = [
        (
            created,
            comment.id,
            Waiting(kind, comment.id, comment.url, time_to_text(created), _first_words(clean.remarks[i].words)),
        )
        for i, kind in kinds.items()
        if (created := (comment := clean.remarks[i].comment).created) is not None and today - created < WAITS_FOR
    ]
    return tuple(one for _, _, one in sorted(found, key=lambda entry: entry[:2]))


def _first_words(text: str) -> str:
    """The first dozen words of a comment, behind its tag; "" for one that holds an insult, which no page repeats.

    That follows from the comment alone, whoever wrote it and however tense the thread is, so it tells nothing else.
    """
    if not calm(text):
        return ""
    tag = _TAG.match(text)
    words = text[tag.end() if tag else 0 :][:1000].split()
    return " ".join(words[:QUOTED_WORDS]) + (" …" if len(words) > QUOTED_WORDS else "")
