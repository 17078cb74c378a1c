"""Answered disagreement, and what waits for a reply."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from mkdocs_echo_plugin.health.policy import SUBSTANTIAL, against_policy, is_kind_only
from mkdocs_echo_plugin.health.tone import calm
from mkdocs_echo_plugin.model import Answers, Stance, Waiting, WaitingKind
from mkdocs_echo_plugin.serialize import time_to_text
from mkdocs_echo_plugin.stance import most_probable
from mkdocs_echo_plugin.stance.edges import Edge
from mkdocs_echo_plugin.stance.voices import VoiceOf, is_author
from mkdocs_echo_plugin.threads import FAR_PAST, CleanThread, Remark, count_words

SURE_DISSENT: Final = 0.7
"""The calibrated probability of disagreement from which a comment is read as a dissent."""

WAITS_FOR: Final = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class _Talk:
    """A thread's remarks with what the rules ask of each."""

    remarks: Sequence[Remark]
    edges: Sequence[Edge]
    voice_at: Mapping[int, VoiceOf]
    weighty: Sequence[bool]
    """Substantial (20 words or more) and calm (no word of the insult lexicon)."""

    def who(self, i: int) -> str:
        """One name for a remark's voice; the post's author is one voice, whatever the account."""
        if is_author(self.remarks[i]):
            return "author"
        voice = self.voice_at.get(i)
        return f"voice {voice.places[0]}" if voice else f"remark {i}"

    def probable(self, i: int) -> Stance | None:
        """The most probable stance towards the post of the voice that made a remark."""
        voice = self.voice_at.get(i)
        return None if voice is None else voice.probable


def answers(clean: CleanThread, edges: Sequence[Edge], voices: Sequence[VoiceOf]) -> Answers:
    """Dissents and how many are answered; questions and substantial comments that nobody replied to; what waits.

    A dissent is declared to disagree with what it replies to, or read so with a probability of .7 or more; of 20 words
    or more and calm; not by the post's author; one per voice and sub-thread. It is answered by a later weighty comment
    in its sub-thread by the author, by a voice whose most probable stance differs, or by a reply that itself disagrees.
    Something waits only where the thread is open and it is younger than a year, seen from the day of the fetch, or from
    the newest comment where the thread came from a file. The longest waiting comes first.
    """
    remarks = clean.remarks
    voice_at = {i: v for v in voices for i in v.places}
    weighty = [count_words(r.words) >= SUBSTANTIAL and calm(r.words) for r in remarks]
    talk = _Talk(remarks, edges, voice_at, weighty)
    by_root: dict[int, list[int]] = {}
    for i, remark in enumerate(remarks):
        by_root.setdefault(remark.root, []).append(i)
    dissents = _dissents(talk)
    open_dissents = [i for i in dissents if not _answered(i, talk, by_root[remarks[i].root])]
    replied = _replied(talk, by_root)
    rules = against_policy(remarks)
    silent = [i for i in range(len(remarks)) if not replied[i] and not is_author(remarks[i]) and rules[i] is None]
    questions = [i for i in silent if "?" in remarks[i].words]
    long = [i for i in silent if count_words(remarks[i].words) >= SUBSTANTIAL]
    unreplied = [i for i in long if not is_kind_only(remarks[i].words)]
    kinds: dict[int, WaitingKind] = dict.fromkeys(unreplied, "comment")
    kinds.update((i, "question") for i in questions)
    kinds.update((i, "dissent") for i in open_dissents)
    return Answers(
        dissents=len(dissents),
        answered=len(dissents) - len(open_dissents),
        declared_dissents=sum(edges[i].how == "declared" for i in dissents),
        declared_answered=sum(edges[i].how == "declared" and i not in open_dissents for i in dissents),
        questions=len(questions),
        unreplied=len(unreplied),
        waiting=_waiting(clean, edges, kinds),
    )


def _dissents(talk: _Talk) -> list[int]:
    """The places of the dissents, the first of each voice in each sub-thread."""
    found: list[int] = []
    had: set[tuple[str, int]] = set()
    for i, (remark, edge) in enumerate(zip(talk.remarks, talk.edges, strict=True)):
        disagrees = edge.stance == "disagree" or (edge.q is not None and edge.q.disagree >= SURE_DISSENT)
        mark = (talk.who(i), remark.root)
        if disagrees and talk.weighty[i] and not is_author(remark) and mark not in had:
            had.add(mark)
            found.append(i)
    return found


def _answered(dissent: int, talk: _Talk, sub_thread: Sequence[int]) -> bool:
    voice, stance = talk.who(dissent), talk.probable(dissent)
    for i in sub_thread:
        if i <= dissent or not talk.weighty[i] or talk.who(i) == voice:
            continue
        if is_author(talk.remarks[i]):
            return True
        other = talk.probable(i)
        if stance is not None and other is not None and other != stance:
            return True
        p = talk.edges[i].p
        if talk.remarks[i].parent == dissent and p is not None and most_probable(p) == "disagree":
            return True
    return False


def _replied(talk: _Talk, by_root: Mapping[int, Sequence[int]]) -> list[bool]:
    """Whether somebody else replied to each remark, or may have, where the venue does not show who replies to whom."""
    remarks = talk.remarks
    replied = [False] * len(remarks)
    last_call: dict[str, int] = {}
    for i, remark in enumerate(remarks):
        if remark.parent is not None and talk.who(remark.parent) != talk.who(i):
            replied[remark.parent] = True
        if remark.comment.addressed is not None:
            last_call[remark.comment.addressed] = i
    for i, remark in enumerate(remarks):
        key = remark.comment.author_key
        if key is not None and last_call.get(key, -1) > i:
            replied[i] = True
    for places in by_root.values():
        vague = [i for i in places if remarks[i].broken]
        for i in places:
            if vague and vague[-1] > i and any(j > i and talk.who(j) != talk.who(i) for j in vague[-50:]):
                replied[i] = True
    flat = [i for i, r in enumerate(remarks) if r.parent is None and not r.comment.parent_exact]
    for i in flat[:-1]:
        replied[i] = replied[i] or any(talk.who(j) != talk.who(i) for j in flat[-50:] if j > i)
    return replied


def _waiting(clean: CleanThread, edges: Sequence[Edge], kinds: Mapping[int, WaitingKind]) -> tuple[Waiting, ...]:
    if not clean.thread.open or clean.thread.locked:
        return ()
    times: list[datetime] = [r.comment.created for r in clean.remarks if r.comment.created is not None]
    today = clean.thread.fetched_at or max(times, default=FAR_PAST)
    found = [
        (created, comment.id, Waiting(kind, comment.id, comment.url, time_to_text(created), edges[i].how == "declared"))
        for i, kind in kinds.items()
        if (created := (comment := clean.remarks[i].comment).created) is not None and today - created < WAITS_FOR
    ]
    return tuple(waiting for _, _, waiting in sorted(found, key=lambda entry: entry[:2]))
