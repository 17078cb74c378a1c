"""Guesses stances by two lists of words: the simplest reader there is, and not a good one."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from mkdocs_echo_plugin.model import Probabilities
from mkdocs_echo_plugin.stance import Task, ToRead

# the shares of disagree, neutral, agree among comments on a post, and among replies, where nothing else is known
SHARES: dict[Task, Probabilities] = {"top": Probabilities(0.13, 0.65, 0.22), "reply": Probabilities(0.4, 0.25, 0.35)}


@dataclass(frozen=True)
class Wordlist:
    """`stance: {reader: {wordlist: {agree: [...], disagree: [...]}}}`. The fields are the options of mkdocs.yml."""

    name: ClassVar[str] = "wordlist"
    title: ClassVar[str] = "two lists of words"
    needs: ClassVar[str] = "nothing"
    pi: ClassVar[Mapping[Task, Probabilities]] = SHARES

    agree: Sequence[str] = ("agree", "exactly", "indeed")
    disagree: Sequence[str] = ("disagree", "wrong", "nonsense")

    def read(self, items: Sequence[ToRead]) -> list[Probabilities | None]:
        return [self._read(item) for item in items]

    def _read(self, item: ToRead) -> Probabilities | None:
        words = set(re.findall(r"\w+", item.comment[:5_000].lower()))
        pro, contra = bool(words & set(self.agree)), bool(words & set(self.disagree))
        if pro == contra:
            return None  # it cannot tell: the stance is unknown, and nobody is counted as neutral
        # Bayes' rule: how often these words come with either stance, as far as anybody has counted
        likelihood = Probabilities(0.05, 0.1, 0.85) if pro else Probabilities(0.85, 0.1, 0.05)
        odds = [share * likely for share, likely in zip(self.pi[item.task], likelihood, strict=True)]
        return Probabilities(*(part / sum(odds) for part in odds))
