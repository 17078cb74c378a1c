"""Our path gives what vaderSentiment gives, to the bit."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from vaderSentiment import vaderSentiment as original

from mkdocs_echo_plugin.stance.vader import polarity

THEIRS = original.SentimentIntensityAnalyzer()
ENDS = ["", "", "", ",", "!", "?", "??", "...", ".)"]
RULES = [
    "but",
    "so",
    "this",
    "without",
    "doubt",
    "no",
    "or",
    "nor",
    "never",
    "least",
    "at",
    "very",
    "kind of",
    "kind",
    "of",
]


def fuzzed(texts: int, seed: int) -> list[str]:
    """Texts made of what VADER has rules for, in all cases, spacings and punctuations."""
    draw = random.Random(seed)
    words = [*THEIRS.lexicon, *THEIRS.emojis, *original.BOOSTER_DICT, *original.NEGATE]
    rules = [*RULES, *original.SPECIAL_CASES, *original.BOOSTER_DICT, *original.NEGATE, "the", "a"]
    made = []
    for _ in range(texts):
        parts = [draw.choice(rules if draw.random() < 0.6 else words) for _ in range(draw.randrange(16))]
        parts = [(part.upper() if draw.random() < 0.15 else part) + draw.choice(ENDS) for part in parts]
        made.append(draw.choice([" ", "  ", "\n", "\u2003"]).join(parts))
    return made


def test_five_thousand_fuzzed_texts_score_the_same_to_the_bit() -> None:
    for text in fuzzed(5_000, seed=1):
        assert repr(polarity(text)) == repr(THEIRS.polarity_scores(text)), text


@given(st.text(max_size=200))
def test_any_text_scores_the_same(text: str) -> None:
    assert repr(polarity(text)) == repr(THEIRS.polarity_scores(text))


@pytest.mark.parametrize(
    "text",
    [
        "Not bad at all",
        "The plot was good, but the characters are bad and the good end is good.",
        "It is the shit, yeah right, and a kind of good BOMB",
        "sad \U0001f480\U0001f480happy\U0001f60a ok",
        "no good, no or nice; least good; at least good",
    ],
)
def test_the_odd_rules_are_kept(text: str) -> None:
    assert repr(polarity(text)) == repr(THEIRS.polarity_scores(text))


def test_the_table_of_tokens_is_bounded_and_begins_anew() -> None:
    text = " ".join(f"good{i} bad{i}" for i in range(60_000))
    assert polarity(text)["neu"] == 1.0
    assert repr(polarity("GOOD but sad")) == repr(THEIRS.polarity_scores("GOOD but sad"))
