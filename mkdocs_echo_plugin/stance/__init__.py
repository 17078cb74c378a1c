"""Who says what: a comment's stance towards what it answers, declared by its author or read by a model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from mkdocs_echo_plugin.model import Probabilities
from mkdocs_echo_plugin.stance.declared import USUAL, Tags, declared
from mkdocs_echo_plugin.stance.language import thread_languages
from mkdocs_echo_plugin.stance.named import load
from mkdocs_echo_plugin.stance.quoting import unquoted
from mkdocs_echo_plugin.stance.reader import Reader, Spoken, Task, ThreadReader, ToRead, has_cue

__all__ = [
    "Reader", "Spoken", "StanceOf", "Tags", "Task", "ThreadReader", "ToRead", "declared", "has_cue", "load",
    "stance_of", "thread_languages",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class StanceOf:
    """The stance of one comment towards what it answers, its probabilities, and how it is known.

    A stance read is the most probable one; it is `unknown` where the reader is not fit to say: a comment without a
    word, or in a language other than English. `p` is there all the same.
    """

    stance: Literal["agree", "neutral", "disagree", "unknown"]
    p: Probabilities
    how: Literal["declared", "read"]


_CERTAIN = {
    "disagree": Probabilities(1.0, 0.0, 0.0),
    "neutral": Probabilities(0.0, 1.0, 0.0),
    "agree": Probabilities(0.0, 0.0, 1.0),
}


def stance_of(items: Sequence[ToRead], *, reader: Reader, tags: Tags = USUAL) -> list[StanceOf]:
    """The stance of each comment, in order: a declared one first, else what the reader says.

    Args:
        items: texts as the venue gives them; quotes, code and links are taken off before they are read.
        reader: from `load()`.
        tags: the words by which replies declare themselves on this site.
    """
    from mkdocs_echo_plugin.threads import words_of

    bare = [_own(item) for item in items]
    said = [declared(item.comment, tags) for item in items]
    unsaid = [i for i, stance in enumerate(said) if stance is None]
    read = dict(zip(unsaid, reader.read([bare[i] for i in unsaid]), strict=True))
    languages = dict(zip(unsaid, (thread_languages([bare[i].comment], "en")[0] for i in unsaid), strict=True))
    answers = []
    for i, stance in enumerate(said):
        if stance is not None:
            answers.append(StanceOf(stance, _CERTAIN[stance], "declared"))
            continue
        q = read[i]
        fit = q is not None and languages[i] == "en" and bool(words_of(bare[i].comment))
        p = q or reader.pi[bare[i].task]
        answers.append(StanceOf(most_probable(p) if fit else "unknown", p, "read"))
    return answers


def _own(item: ToRead) -> ToRead:
    from mkdocs_echo_plugin.threads import own_words

    if item.parent is None:
        return ToRead(own_words(item.comment), title=item.title, post=own_words(item.post))
    parent = own_words(item.parent) or item.parent.lstrip("> ")
    return ToRead(own_words(unquoted(item.comment, item.parent)), parent)


def most_probable(p: Probabilities) -> Literal["agree", "neutral", "disagree"]:
    """The stance with the highest probability; the first of disagree, neutral, agree where two are equal."""
    top = max(p)
    return "disagree" if p.disagree == top else "neutral" if p.neutral == top else "agree"
