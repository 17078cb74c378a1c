"""From comments to voices: each distinct author's stance towards the post, up the tree of replies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from mkdocs_echo_plugin.model import How, Probabilities, Reaction, Reading, Stance, Voice
from mkdocs_echo_plugin.stance import most_probable
from mkdocs_echo_plugin.stance.edges import CERTAIN, Edge
from mkdocs_echo_plugin.threads import Remark
from mkdocs_echo_plugin.thresholds import LONGEST_PATH, MOST_UNNAMED

_THUMBS: Final[dict[str, Stance]] = {"+1": "agree", "-1": "disagree"}


@dataclass(frozen=True, slots=True)
class Towards:
    """A comment's stance towards the post: q over disagree, neutral, agree, and pi, what the reader would say blindly.

    `certain` where every edge up to the post is declared or overridden: then q = pi, all on one stance.
    """

    q: Probabilities
    pi: Probabilities
    certain: bool


def is_author(remark: Remark) -> bool:
    """Whether the post's author wrote it."""
    return remark.comment.author_role in ("author", "owner")


def towards_post(remarks: Sequence[Remark], edges: Sequence[Edge]) -> list[Towards | None]:
    """Each comment's stance towards the post: the product of the edges on its path (Heider, 1946).

        P+' = P+ q+ + P- q-,   P-' = P+ q- + P- q+,   P0' = 1 - P+' - P-'

    and the same recursion on what the reader says blindly, each edge's pi. The post's author stands at +1, unless a tag
    at top level says otherwise, and ends a path. None past two edges, past an unknown one, past a comment whose own
    parent is not known,
    and where a certain neutral on the path leaves nothing to read (0 times anything).
    """
    return [_towards(i, remarks, edges) for i in range(len(remarks))]


def _towards(i: int, remarks: Sequence[Remark], edges: Sequence[Edge]) -> Towards | None:
    path: list[Edge] = []
    start = CERTAIN["agree"]
    at: int | None = i
    while at is not None:
        remark, edge = remarks[at], edges[at]
        if is_author(remark):
            if remark.parent is None and edge.stance is not None:
                start = CERTAIN[edge.stance]
            break
        if remark.broken and not (at == i and edge.how == "override"):
            return None
        path.append(edge)
        if edge.how == "unknown" or len(path) > LONGEST_PATH:
            return None
        # an override on a comment whose parent is not known can only mean the post
        at = None if remark.broken else remark.parent
    q = blind = start
    for edge in reversed(path):
        p = edge.p
        assert p is not None
        q = _step(q, p)
        blind = _step(blind, p if edge.pi is None else edge.pi)
    certain = all(edge.stance is not None for edge in path)
    if not certain and blind.agree + blind.disagree == 0:
        return None
    return Towards(q, blind, certain)


def _step(above: Probabilities, edge: Probabilities) -> Probabilities:
    agree = above.agree * edge.agree + above.disagree * edge.disagree
    disagree = above.agree * edge.disagree + above.disagree * edge.agree
    return Probabilities(disagree, max(1.0 - agree - disagree, 0.0), agree)


@dataclass(frozen=True, slots=True)
class VoiceOf:
    """A voice with what other rooms need of it: its remarks' places, and its most probable stance, None if unknown."""

    voice: Voice
    places: tuple[int, ...]
    probable: Stance | None


def voices(
    remarks: Sequence[Remark],
    edges: Sequence[Edge],
    stances: Sequence[Towards | None],
    thumbs: Sequence[Reaction] = (),
) -> list[VoiceOf]:
    """The voices of a thread in order of first appearance, the post's author left out.

    A voice's stance: its latest override; else its latest comment that is declared all the way up to the post; else the
    mean of q_path over its readable comments divided by the mean of pi_path. Authors that the venue does not name are a
    voice a comment, but for those with nearly the same words, who are one; together they are known for no more than the
    named ones are, or for four (`_cap_unnamed`).

    Args:
        stances: those of `towards_post`, one a remark.
        thumbs: on the post; they count as declared voices of accounts that said nothing that is known.
    """
    places: dict[str, list[int]] = {}
    authors = {r.comment.author_key for r in remarks if is_author(r)}
    for i, remark in enumerate(remarks):
        if not is_author(remark) and (remark.comment.author_key is None or remark.comment.author_key not in authors):
            places.setdefault(remark.speaker or f"anonymous {i}", []).append(i)
    pressed = _pressed(thumbs, authors)
    found: list[VoiceOf] = []
    for key, own in places.items():
        reading, probable = _reading(own, edges, stances)
        if reading.how == "unknown" and (thumb := pressed.pop(key, None)):
            reading, probable = Reading("declared", stance=thumb), thumb
        pressed.pop(key, None)
        ids = tuple(remarks[i].comment.id for i in own)
        found.append(VoiceOf(Voice(remarks[own[0]].comment.author_key, ids, reading), tuple(own), probable))
    found = _cap_unnamed(found)
    for key, thumb in pressed.items():
        found.append(VoiceOf(Voice(key, (), Reading("declared", stance=thumb)), (), thumb))
    return found


def _cap_unnamed(found: list[VoiceOf]) -> list[VoiceOf]:
    """The voices, with no more known unnamed ones than known named ones, or than four; of the others nothing is known.

    Whoever needs no name can speak as often as they like: so often, and no oftener, they may pass for many.
    """
    known = [v for v in found if v.voice.reading.how != "unknown"]
    room = max(MOST_UNNAMED, sum(v.voice.key is not None for v in known))
    unnamed = [v for v in known if v.voice.key is None and v.voice.reading.how != "override"]
    over = {id(v) for v in unnamed[room:]}
    unknown = Reading("unknown")
    return [replace(v, voice=replace(v.voice, reading=unknown), probable=None) if id(v) in over else v for v in found]


def _pressed(thumbs: Sequence[Reaction], authors: set[str | None]) -> dict[str, Stance]:
    """Accounts that pressed one thumb, up or down; those that pressed both say neither."""
    sides: dict[str, set[Stance]] = {}
    for thumb in thumbs:
        if thumb.author_key is not None and thumb.author_key not in authors and thumb.content in _THUMBS:
            sides.setdefault(thumb.author_key, set()).add(_THUMBS[thumb.content])
    return {key: side.pop() for key, side in sides.items() if len(side) == 1}


def _reading(
    own: Sequence[int], edges: Sequence[Edge], stances: Sequence[Towards | None]
) -> tuple[Reading, Stance | None]:
    how: How
    for how in ("override", "declared"):
        for i in reversed(own):
            stance = stances[i]
            if stance is not None and stance.certain and (how == "declared" or edges[i].how == how):
                certain = most_probable(stance.q)
                return Reading(how, stance=certain), certain
    read = [s for i in own if (s := stances[i]) is not None]
    if not read:
        return Reading("unknown"), None
    q = Probabilities(*(sum(parts) / len(read) for parts in zip(*(s.q for s in read), strict=True)))
    blind = Probabilities(*(sum(parts) / len(read) for parts in zip(*(s.pi for s in read), strict=True)))
    evidence = Probabilities(*(k / b if b > 0 else 1.0 for k, b in zip(q, blind, strict=True)))
    return Reading("read", evidence=evidence), most_probable(q)
