"""Tells a quotation from the answer behind it where a venue, or a corpus, has lost the line break between them."""

from __future__ import annotations

import re
from bisect import bisect_right

_MARK = re.compile(r"(?:^|\s)(?:>|&gt;)\s*")
_WORD = re.compile(r"\w+(?:['\u2019]\w+)*")
_READ = 20_000  # characters
_FEWEST = 3  # words in a row that make a quotation


def unquoted(reply: str, parent: str) -> str:
    """The reply with each "> ..." that repeats the parent cut to what follows the repeated words.

        > They always say that. No, they don't.     ->     No, they don't.

    A quoted line that shares no three words in a row with the parent stays as it is, mark and all.
    """
    if ">" not in reply and "&gt;" not in reply:
        return reply
    said = " " + " ".join(word.lower() for word in _WORD.findall(parent[:_READ])) + " "
    return "\n".join(_answer(line, said) for line in reply[:_READ].split("\n"))


def _answer(line: str, said: str) -> str:
    if not line.lstrip().startswith((">", "&gt;")):
        return line
    rests = [_after_quotation(part, said) for part in _MARK.split(line)[1:]]
    if all(rest is None for rest in rests):
        return line
    return " ".join(rest.strip(" .,;:\u2026\"'") if rest else "" for rest in rests).strip()


def _after_quotation(part: str, said: str) -> str | None:
    """What follows the words that the parent has too; None where it has fewer than three of them."""
    words = list(_WORD.finditer(part))
    for start in (0, 1):  # a quotation may begin in the middle of a word
        spoken = [word.group().lower() for word in words[start:]]
        repeated = _repeated(spoken, said)
        if repeated >= _FEWEST or 0 < repeated == len(spoken):
            return part[words[start + repeated - 1].end() :]
    return None


def _repeated(spoken: list[str], said: str) -> int:
    """How many of the first words stand in a row in what the parent said."""
    # the longer the run, the less likely: so the first that the parent lacks is found by halving
    return bisect_right(range(1, len(spoken) + 1), False, key=lambda count: f" {' '.join(spoken[:count])} " not in said)
