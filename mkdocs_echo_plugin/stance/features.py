"""A (parent, reply) pair as named features; the same function serves training and reading."""

from __future__ import annotations

import re
from itertools import pairwise

WORDS_READ = 200  # of each text
_CHARACTERS_READ = 8 * WORDS_READ

_TOKEN = re.compile(
    r"[^\W\d_]+(?:'[^\W\d_]+)*|\d+|\?|!|\.\.\.|\u2026|[\"\u201c\u201d]|[\U0001f300-\U0001faff]|:\)|:\(|/s\b"
)


def tokens(text: str) -> list[str]:
    """Lower-case words, figures as "0", and the marks that carry tone, of the first 200 words or so."""
    text = text[:_CHARACTERS_READ].lower().replace("\u2019", "'")
    return ["0" if token.isdigit() else token for token in _TOKEN.findall(text)[:WORDS_READ]]


def features(parent: str, reply: str) -> list[str]:
    """The features of a pair, each named, none twice."""
    before, words = tokens(parent), tokens(reply)
    own = ["^", *words]
    named = dict.fromkeys(own)
    named.update(dict.fromkeys(map(" ".join, pairwise(own))))
    named.update(dict.fromkeys(map(" ".join, zip(own, own[1:], own[2:], strict=False))))
    named.update(dict.fromkeys("^" + word for word in own[1:6]))
    named.update(dict.fromkeys("<" + word for word in before))
    shared = len(set(words) & set(before))
    named[f"#length {min(len(words).bit_length(), 8)}"] = None
    named[f"#parent {min(len(before).bit_length(), 8)}"] = None
    named[f"#shared {shared * 10 // (len(words) + 1)}"] = None
    named[f"#asks {min(words.count('?'), 3)}"] = None
    named[f"#asked {min(before.count('?'), 3)}"] = None
    return list(named)
