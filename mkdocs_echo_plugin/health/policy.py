"""The comment policy that the site shows, checked: counts only, nobody named."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from mkdocs_echo_plugin.model import PolicyFindings
from mkdocs_echo_plugin.stance.voices import is_author
from mkdocs_echo_plugin.threads import Remark, count_words, runs

SUBSTANTIAL: Final = 20
"""Words from which a comment counts as substantial."""

_ADDRESS = re.compile(r"(?:https?://|www\.)[^\s<>\]()]+", re.IGNORECASE)
_THANKS = re.compile(
    r"\b(?:thanks?|thank you|thx|ty|cheers|much appreciated|danke|vielen dank|merci|gracias|obrigad[oa]|grazie)\b",
    re.IGNORECASE,
)
_PRAISE = re.compile(
    r"\b(?:(?:great|good|nice|awesome|amazing|excellent|brilliant|lovely|wonderful|fantastic|beautiful|interesting)"
    r"(?:\s+\w+){0,2}\s+(?:post|article|read|write[- ]?up|piece|blog|stuff|job|work|info|information|one|content|story)"
    r"|well (?:said|written|done|put)|loved? (?:this|it|your \w+)|so true|awesome|amazing|brilliant|bravo|keep it up"
    r"|(?:toller|guter|schöner|super) (?:artikel|beitrag|text|post)|sehr gut geschrieben"
    r"|(?:super|bel|bon|excellent) article|(?:buen|gran|excelente) (?:artículo|post)"
    r"|(?:ótimo|bom|excelente) (?:artigo|post))\b",
    re.IGNORECASE,
)
# what the patterns may begin with: a text without any of them need not be searched
_THANKS_BEGIN = frozenset(
    ["thank", "thanks", "thx", "ty", "cheers", "much", "danke", "vielen", "merci", "gracias", "obrigado", "obrigada",
     "grazie"]
)  # fmt: skip
_PRAISE_BEGIN = frozenset(
    ["great", "good", "nice", "awesome", "amazing", "excellent", "brilliant", "lovely", "wonderful", "fantastic",
     "beautiful", "interesting", "well", "love", "loved", "so", "bravo", "keep", "toller", "guter", "super", "sehr",
     "bel", "bon", "buen", "gran", "excelente", "bom"]
)  # fmt: skip


def _found(pattern: re.Pattern[str], begins: frozenset[str], words: str) -> bool:
    some = runs(words)
    return (some is None or not some.isdisjoint(begins)) and pattern.search(words) is not None


def is_thanks(words: str) -> bool:
    """Whether a text thanks."""
    return _found(_THANKS, _THANKS_BEGIN, words)


def _is_praise(words: str) -> bool:
    return _found(_PRAISE, _PRAISE_BEGIN, words)


def is_kind_only(words: str) -> bool:
    """Whether a text is praise or thanks and little else: under eight words stand outside the sentences that do so."""
    if not is_thanks(words) and not _is_praise(words):
        return False
    sentences = re.split(r"(?<=[.!?])\s+|\n+", words)
    rest = sum(count_words(s) for s in sentences if not _THANKS.search(s) and not _PRAISE.search(s))
    return rest < 8 and count_words(words) < 2 * SUBSTANTIAL


def is_brief_praise(words: str) -> bool:
    """Shorter than 20 words and praise ("good post"), with neither thanks nor a question in it."""
    return count_words(words) < SUBSTANTIAL and "?" not in words and _is_praise(words) and not is_thanks(words)


def links(remark: Remark) -> int:
    """Distinct addresses in a comment's own lines; quoted lines do not count."""
    text = remark.comment.text[:50_000]
    if "://" not in text and "www." not in text.lower():
        return 0
    lines = (line for line in text.split("\n") if not line.lstrip().startswith(">"))
    return len({address.rstrip(".,;:!?'\"").lower() for line in lines for address in _ADDRESS.findall(line)})


def against_policy(remarks: Sequence[Remark]) -> list[str | None]:
    """For each remark the first rule that it breaks ("links", "brief"), or None.

    The post's author, thanks, and answers to a question (they may well need two links) are exempt.
    """
    found: list[str | None] = []
    for remark in remarks:
        answers_question = remark.parent is not None and "?" in remarks[remark.parent].words
        if is_author(remark):
            found.append(None)
        elif links(remark) > 1 and not answers_question and not is_thanks(remark.words):
            found.append("links")
        elif is_brief_praise(remark.words):
            found.append("brief")
        else:
            found.append(None)
    return found


def policy(remarks: Sequence[Remark]) -> PolicyFindings:
    """How many comments are brief praise, or carry more than one link."""
    found = against_policy(remarks)
    return PolicyFindings(brief=found.count("brief"), links=found.count("links"))
