"""VADER sentiment (Hutto and Gilbert, 2014), bit for bit what vaderSentiment gives, several times as fast.

vaderSentiment lower-cases the whole text again for each lexicon word that it meets. Here each distinct token is
looked at once (its lower case, valence, booster, negation), the answer is kept in a bounded table, and only the
words around a hit are read. Lexicon, emoji and constants are vaderSentiment's own.
"""

from __future__ import annotations

import math
import string
from dataclasses import dataclass
from functools import cache

_TABLE_LIMIT = 50_000  # tokens remembered; about 15 MB when full, then begun anew
_CONTEXT = frozenset(["so", "this", "doubt", "least", "no", "or", "nor", "never", "without"])


@dataclass(slots=True)
class Token:
    """What VADER needs to know of one token, whatever stands around it."""

    lower: str
    upper: bool
    valence: float | None  # in the lexicon
    booster: float | None
    negates: bool
    scores: bool  # in the lexicon and no booster: the only tokens that can have a sentiment
    plain: bool  # changes nothing for a sentiment word after it
    key: bool  # the longest word of a phrase that has a valence or boost of its own


class _Tokens(dict[str, Token]):
    """Raw token -> Token, worked out at first sight."""

    def __init__(self) -> None:
        super().__init__()
        from vaderSentiment import vaderSentiment as original  # type: ignore[import-untyped]

        analyzer = original.SentimentIntensityAnalyzer()
        self.lexicon: dict[str, float] = analyzer.lexicon
        # vaderSentiment looks at single characters, so an emoji of several never matches
        self.emojis = {key: words for key, words in analyzer.emojis.items() if len(key) == 1}
        self.boosters: dict[str, float] = original.BOOSTER_DICT
        self.specials: dict[str, float] = original.SPECIAL_CASES
        self.negations = frozenset(original.NEGATE)
        phrases = [*self.specials, *(booster for booster in self.boosters if " " in booster)]
        self.phrase_keys = frozenset(max(phrase.split(), key=len) for phrase in phrases)
        self.caps_step: float = original.C_INCR
        self.negation_factor: float = original.N_SCALAR

    def __missing__(self, raw: str) -> Token:
        stripped = raw.strip(string.punctuation)
        word = raw if len(stripped) <= 2 else stripped
        lower = word.lower()
        valence, booster = self.lexicon.get(lower), self.boosters.get(lower)
        negates = lower in self.negations or "n't" in lower
        key = lower in self.phrase_keys
        plain = valence is None and booster is None and not (negates or key or lower in _CONTEXT)
        scores = valence is not None and booster is None
        token = Token(lower, word.isupper(), valence, booster, negates, scores, plain, key)
        if len(self) >= _TABLE_LIMIT:
            self.clear()
        self[raw] = token
        return token


_tokens = cache(_Tokens)


def polarity(text: str) -> dict[str, float]:
    """The shares of negative, neutral and positive words and the compound score of a text.

    Args:
        text: any text; time is linear in its length, but for texts with "but" and thousands of sentiment words.

    Returns:
        neg, neu, pos in 0..1 (three decimals, summing to about 1) and compound in -1..1 (four decimals), equal by
        repr to `vaderSentiment.SentimentIntensityAnalyzer().polarity_scores(text)`. All 0.0 for no words.
    """
    table = _tokens()
    if not text.isascii() and not table.emojis.keys().isdisjoint(text):
        text = _spell_emojis(text, table.emojis)
    text = text.strip()
    words = list(map(table.__getitem__, text.split()))
    if not words:
        return {"neg": 0.0, "neu": 0.0, "pos": 0.0, "compound": 0.0}
    hits = [i for i, word in enumerate(words) if word.scores]
    sentiments: list[float] = []
    if hits:
        mixed_case = 0 < len([0 for word in words if word.upper]) < len(words)
        sentiments = [_valence(words, i, mixed_case, table) for i in hits]
        but = next((i for i, word in enumerate(words) if word.lower == "but"), None)
        if but is not None:
            _weigh_but(sentiments, hits, but)
    return _scores(sentiments, len(words), _emphasis(text))


def _spell_emojis(text: str, emojis: dict[str, str]) -> str:
    """Each emoji replaced by its description, set off by a space as vaderSentiment does."""
    parts: list[str] = []
    after_space = True
    for character in text:
        description = emojis.get(character)
        if description is None:
            parts.append(character)
            after_space = character == " "
        else:
            parts.append(description if after_space else " " + description)
            after_space = False
    return "".join(parts)


def _valence(words: list[Token], i: int, mixed_case: bool, table: _Tokens) -> float:
    """The sentiment of the lexicon word at i, given the three words before it and the two after."""
    word = words[i]
    valence = base = word.valence or 0.0
    if word.lower == "kind" and i + 1 < len(words) and words[i + 1].lower == "of":
        return 0.0
    one = words[i - 1] if i > 0 else None
    two = words[i - 2] if i > 1 else None
    three = words[i - 3] if i > 2 else None
    if word.lower == "no" and i + 1 < len(words) and words[i + 1].valence is not None:
        valence = 0.0
    if one is not None and (
        one.lower == "no"
        or (two is not None and two.lower == "no")
        or (three is not None and three.lower == "no" and one.lower in ("or", "nor"))
    ):
        valence = base * table.negation_factor
    if word.upper and mixed_case:
        valence += table.caps_step if valence > 0 else -table.caps_step
    if one is None or (one.plain and (two is None or (two.plain and (three is None or three.plain)))):
        if three is None or not (word.key or any(token.key for token in words[i + 1 : i + 3])):
            return valence
        return _idioms(words, i, valence, table)
    if one.valence is None:
        if one.booster is not None:
            valence += _boost(one, valence, mixed_case, table.caps_step)
        if one.negates:
            valence *= table.negation_factor
    if two is not None and two.valence is None:
        if two.booster is not None:
            valence += _boost(two, valence, mixed_case, table.caps_step) * 0.95
        if two.lower == "never" and one.lower in ("so", "this"):
            valence *= 1.25
        elif two.negates and not (two.lower == "without" and one.lower == "doubt"):
            valence *= table.negation_factor
    if three is not None and two is not None and three.valence is None:
        if three.booster is not None:
            valence += _boost(three, valence, mixed_case, table.caps_step) * 0.9
        if (three.lower == "never" and two.lower in ("so", "this")) or one.lower in ("so", "this"):
            valence *= 1.25
        elif three.negates and not (three.lower == "without" and "doubt" in (two.lower, one.lower)):
            valence *= table.negation_factor
        if three.key or two.key or one.key or word.key or any(token.key for token in words[i + 1 : i + 3]):
            valence = _idioms(words, i, valence, table)
    if one.lower == "least" and one.valence is None and (two is None or two.lower not in ("at", "very")):
        valence *= table.negation_factor
    return valence


def _boost(word: Token, valence: float, mixed_case: bool, caps_step: float) -> float:
    """What an intensifier before a sentiment word adds to its valence."""
    boost = word.booster or 0.0
    if valence < 0:
        boost *= -1
    if word.upper and mixed_case:
        boost += caps_step if valence > 0 else -caps_step
    return boost


def _idioms(words: list[Token], i: int, valence: float, table: _Tokens) -> float:
    """Phrases with a valence of their own ("the bomb"), and boosters of two words ("kind of")."""
    specials, boosters = table.specials, table.boosters
    three, two, one, zero = (token.lower for token in words[i - 3 : i + 1])
    twoone, threetwo = f"{two} {one}", f"{three} {two}"
    threetwoone = f"{three} {twoone}"
    for phrase in (f"{one} {zero}", f"{twoone} {zero}", twoone, threetwoone, threetwo):
        if phrase in specials:
            valence = specials[phrase]
            break
    if i + 1 < len(words):
        after = f"{zero} {words[i + 1].lower}"
        valence = specials.get(after, valence)
        if i + 2 < len(words):
            valence = specials.get(f"{after} {words[i + 2].lower}", valence)
    for phrase in (threetwoone, threetwo, twoone):
        if phrase in boosters:
            valence += boosters[phrase]
    return valence


def _weigh_but(sentiments: list[float], places: list[int], but: int) -> None:
    """Halves what stands before the first "but" and raises what follows, in place.

    vaderSentiment finds a sentiment's place by `list.index`, which is the place of the first *equal* one: of two
    equal sentiments the first changes twice. Kept, since published scores have it; zeros would stay zero anyway.
    """
    for sentiment in sentiments:
        if sentiment:
            i = sentiments.index(sentiment)
            if places[i] != but:
                sentiments[i] = sentiment * (0.5 if places[i] < but else 1.5)


def _emphasis(text: str) -> float:
    """What exclamation and question marks add."""
    questions = text.count("?")
    asked = 0.0 if questions <= 1 else questions * 0.18 if questions <= 3 else 0.96
    return min(text.count("!"), 4) * 0.292 + asked


def _scores(sentiments: list[float], count: int, emphasis: float) -> dict[str, float]:
    """The four numbers from the sentiments of the words that have one, out of `count` words."""
    total = float(sum(sentiments))
    if total > 0:
        total += emphasis
    elif total < 0:
        total -= emphasis
    compound = max(-1.0, min(1.0, total / math.sqrt(total * total + 15)))
    positive = negative = 0.0
    neutral = count
    for sentiment in sentiments:
        if sentiment > 0:
            positive += sentiment + 1
            neutral -= 1
        elif sentiment < 0:
            negative += sentiment - 1
            neutral -= 1
    if positive > -negative:
        positive += emphasis
    elif positive < -negative:
        negative -= emphasis
    whole = positive - negative + neutral
    return {
        "neg": round(abs(negative / whole), 3),
        "neu": round(abs(neutral / whole), 3),
        "pos": round(abs(positive / whole), 3),
        "compound": round(compound, 4),
    }
