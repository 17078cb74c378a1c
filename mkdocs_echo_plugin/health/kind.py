"""What a post is taken for: what its author or site says, else what is read where that is sure, else left open."""

from __future__ import annotations

from typing import Final

from mkdocs_echo_plugin.model import Discussion, KindFacts, KindReading, Post, PostKind
from mkdocs_echo_plugin.thresholds import ASKS, FEWEST_POST_WORDS, POSITION_UNREAD, TAKES_A_POSITION, TAKES_NO_POSITION

_UNREAD: Final = KindFacts("opinion", "default", POSITION_UNREAD)


def kind_of(post: Post | None, default: Discussion = "auto") -> KindFacts:
    """The kind of a post, how it is known, and the probability that it takes a position.

    Read only where its front matter and its site (`default`) leave it open (`auto`). A post that asks has no side to
    take; one that surely takes no position has facts only; one of which neither is sure is taken for an opinion, and
    the estimate carries the doubt. A text of under forty words is too little to
    go by, unless it asks; and only English posts are read.
    """
    said = default if post is None or post.discussion == "auto" else post.discussion
    if said != "auto" and said != "off":
        return KindFacts(said, "set", 1.0 if said == "opinion" else 0.0)
    if post is None or not (post.title or post.text):
        return _UNREAD
    from mkdocs_echo_plugin.stance.edges import is_read
    from mkdocs_echo_plugin.stance.kind import read

    if not is_read(post.language):
        return _UNREAD
    words = post.text or post.description
    found = judged(read(post.title, words))
    short = len(words[: 20 * FEWEST_POST_WORDS].split()) < FEWEST_POST_WORDS
    return _UNREAD if short and found.value != "question" else found


def judged(reading: KindReading) -> KindFacts:
    """What a reading of a post is taken for; see `kind_of`."""
    p = round(reading.p_position, 9)
    if reading.p_question >= ASKS:
        return KindFacts("question", "read", p)
    if p <= TAKES_NO_POSITION:
        others = [kind for kind in reading.kinds if kind != "opinion"]
        likeliest: PostKind = max(others, key=lambda kind: reading.kinds[kind]) if others else "news"
        return KindFacts(likeliest, "read", p)
    return KindFacts("opinion", "read" if p >= TAKES_A_POSITION else "default", p)
