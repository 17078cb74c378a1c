"""The comment worth a reader's time: the one that both sides received well, else the best received declared dissent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import sqrt
from typing import Final, Literal

from mkdocs_echo_plugin.health.policy import SUBSTANTIAL
from mkdocs_echo_plugin.health.tone import calm
from mkdocs_echo_plugin.model import Highlight
from mkdocs_echo_plugin.stance.edges import Edge
from mkdocs_echo_plugin.stance.voices import Towards, VoiceOf, is_author
from mkdocs_echo_plugin.threads import Remark, count_words

QUOTED_WORDS: Final = 40
_SMALLEST_SIDE: Final = 2
_PRAISE: Final = frozenset({"+1", "heart", "hooray", "rocket"})


def bridging_score(x: int, y: int, n_a: int, n_b: int) -> float:
    """sqrt[(x + .5)/(nA + 1) * (y + .5)/(nB + 1)]: the geometric mean of a comment's support on each side.

    x of the nA voices of one side and y of the nB of the other support it. In simulation it finds the cross-supported
    comment in 65-89 % of threads, raw likes in 37-57 %.
    """
    return sqrt((x + 0.5) / (n_a + 1) * (y + 0.5) / (n_b + 1))


def highlight(
    remarks: Sequence[Remark],
    edges: Sequence[Edge],
    stances: Sequence[Towards | None],
    voices: Sequence[VoiceOf],
) -> Highlight | None:
    """The bridging comment, else the best received declared dissent, else None.

    Sides are the voices that most probably agree and disagree with the post, and accounts that only pressed thumbs on
    comments: a thumb up sides with that comment, a thumb down against it. A bridging comment has 20 words, is calm, and
    has a supporter (a thumb up, or a reply declared to agree) on each side, with two voices or more on either.
    """
    worth = [count_words(r.words) >= SUBSTANTIAL and calm(r.words) and not is_author(r) for r in remarks]
    side_of = _sides(remarks, stances, voices)
    n_a, n_b = (sum(side == s for side in side_of.values()) for s in ("agree", "disagree"))
    best: tuple[float, int] | None = None
    if min(n_a, n_b) >= _SMALLEST_SIDE:
        for i, supporters in enumerate(_supporters(remarks, edges)):
            sides = [side_of.get(key) for key in supporters if key != remarks[i].comment.author_key]
            x, y = sides.count("agree"), sides.count("disagree")
            score = bridging_score(x, y, n_a, n_b)
            if worth[i] and x and y and (best is None or score > best[0]):
                best = (score, i)
    if best is not None:
        return _highlight("bridging", remarks[best[1]])
    dissents = [
        (_received(r), -i)
        for i, (r, e) in enumerate(zip(remarks, edges, strict=True))
        if worth[i] and e.how == "declared" and e.stance == "disagree" and _received(r) > 0
    ]
    return _highlight("dissent", remarks[-max(dissents)[1]]) if dissents else None


def _sides(
    remarks: Sequence[Remark], stances: Sequence[Towards | None], voices: Sequence[VoiceOf]
) -> Mapping[str, str]:
    leaning: dict[str, float] = {}
    for remark, stance in zip(remarks, stances, strict=True):
        if stance is None:
            continue
        for reaction in remark.comment.reactions:
            sign = {"+1": 1, "-1": -1}.get(reaction.content, 0)
            if reaction.author_key is not None and sign:
                towards = sign * (stance.q.agree - stance.q.disagree)
                leaning[reaction.author_key] = leaning.get(reaction.author_key, 0.0) + towards
    sides = {key: "agree" if lean > 0 else "disagree" for key, lean in leaning.items() if lean}
    authors = {r.comment.author_key for r in remarks if is_author(r)}
    own = {v.voice.key: v.probable for v in voices if v.voice.key is not None and v.probable is not None}
    return {key: side for key, side in (sides | own).items() if side != "neutral" and key not in authors}


def _supporters(remarks: Sequence[Remark], edges: Sequence[Edge]) -> list[set[str]]:
    supporters = [
        {x.author_key for x in r.comment.reactions if x.content == "+1" and x.author_key is not None} for r in remarks
    ]
    for remark, edge in zip(remarks, edges, strict=True):
        if remark.parent is not None and edge.stance == "agree" and remark.comment.author_key is not None:
            supporters[remark.parent].add(remark.comment.author_key)
    return supporters


def _received(remark: Remark) -> int:
    praised = sum(x.count for x in remark.comment.reactions if x.content in _PRAISE)
    return max(praised, remark.comment.score or 0)


def _highlight(kind: Literal["bridging", "dissent"], remark: Remark) -> Highlight:
    words = remark.words.split()
    cut = " ".join(words[:QUOTED_WORDS]) + (" …" if len(words) > QUOTED_WORDS else "")
    return Highlight(kind, remark.comment.id, remark.comment.url, cut)
