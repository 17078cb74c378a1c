"""Who says what: a reply's stance towards its parent, declared by its author or read by a model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from mkdocs_echo_plugin.model import Probabilities
from mkdocs_echo_plugin.stance.declared import USUAL, Tags, declared
from mkdocs_echo_plugin.stance.language import thread_languages
from mkdocs_echo_plugin.stance.quoting import unquoted
from mkdocs_echo_plugin.stance.reader import Reader, has_cue, load

__all__ = ["Reader", "StanceOf", "Tags", "declared", "has_cue", "load", "stance_of", "thread_languages"]


@dataclass(frozen=True, slots=True)
class StanceOf:
    """The stance of one reply towards its parent, its probabilities, and how it is known.

    A stance read is the most probable one; it is `unknown` where the reader is not fit to say: a reply without a word,
    or in a language other than English. `p` is there all the same.
    """

    stance: Literal["agree", "neutral", "disagree", "unknown"]
    p: Probabilities
    how: Literal["declared", "read"]


_CERTAIN = {
    "disagree": Probabilities(1.0, 0.0, 0.0),
    "neutral": Probabilities(0.0, 1.0, 0.0),
    "agree": Probabilities(0.0, 0.0, 1.0),
}


def stance_of(pairs: Sequence[tuple[str, str]], *, reader: Reader, tags: Tags = USUAL) -> list[StanceOf]:
    """The stance of each (parent, reply), in order: a declared one first, else what the reader says.

    Args:
        pairs: texts as the venue gives them; quotes, code and links are taken off both before they are read.
        reader: from `load()`.
        tags: the words by which replies declare themselves on this site.
    """
    from mkdocs_echo_plugin.threads import own_words, words_of

    words = [(own_words(parent) or parent.lstrip("> "), own_words(unquoted(reply, parent))) for parent, reply in pairs]
    said = [declared(reply, tags) for _, reply in pairs]
    unsaid = [i for i, stance in enumerate(said) if stance is None]
    read = dict(zip(unsaid, reader.read([words[i] for i in unsaid]), strict=True))
    languages = dict(zip(unsaid, (thread_languages([words[i][1]], "en")[0] for i in unsaid), strict=True))
    answers = []
    for i, stance in enumerate(said):
        if stance is not None:
            answers.append(StanceOf(stance, _CERTAIN[stance], "declared"))
            continue
        reply = words[i][1]
        fit = languages[i] == "en" and bool(words_of(reply))
        answers.append(StanceOf(most_probable(read[i]) if fit else "unknown", read[i], "read"))
    return answers


def most_probable(p: Probabilities) -> Literal["agree", "neutral", "disagree"]:
    """The stance with the highest probability; the first of disagree, neutral, agree where two are equal."""
    top = max(p)
    return "disagree" if p.disagree == top else "neutral" if p.neutral == top else "agree"
