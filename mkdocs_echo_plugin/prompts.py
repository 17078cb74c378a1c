"""What the badge says, and the one act that a post asks of its readers and of its author."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from mkdocs_echo_plugin.health.state import SHOWS_NO_BADGE
from mkdocs_echo_plugin.locales import SEPARATOR, Catalogue, catalogue
from mkdocs_echo_plugin.model import Badge, Health, Post, Prompt
from mkdocs_echo_plugin.venues import all_social

WITHOUT_PROMPT: Final = frozenset(("fact", "personal", "condolence"))
"""Kinds of posts under which nobody is asked for an outside view."""


def add_badge(health: Health, *, post: Post | None, language: str, tone_is_public: bool = False) -> Health:
    """The same health with its badge and its prompt, in the page's language, English where there are no strings."""
    words = catalogue(language)
    said = badge(health, words, tone_is_public=tone_is_public)
    return replace(health, badge=said, prompt=prompt(health, post, words))


def badge(health: Health, words: Catalogue, *, tone_is_public: bool = False) -> Badge | None:
    """People first, then how they see it, then what is open. None for off, unknown and quiet."""
    if health.state in SHOWS_NO_BADGE:
        return None
    people = words.translate("badge.early" if health.state == "early" else "badge.people", health.voices.n)
    parts = [people, verdict(health, words), *_open(health, words)]
    if tone_is_public and health.author_state == "tense":
        parts.append(words.translate("badge.tense"))
    text = SEPARATOR.join(part for part in parts if part)
    small = SEPARATOR.join(filter(None, (words.translate("where.n", health.voices.n), verdict(health, words))))
    return Badge(text=text, title=words.translate("title.health", text=text), small=small)


def verdict(health: Health, words: Catalogue) -> str:
    """How the people see it, in words; "" where the state rests on no stance."""
    views = health.range
    if health.state in ("few-sides", "several", "unclear"):
        return words.translate(f"badge.{health.state}")
    if health.state != "one-side" or views.side is None:
        return ""
    return words.translate(f"badge.{views.strength or 'side'}-{views.side}{_of_those(health)}")


def _of_those(health: Health) -> str:
    """Where more than a fifth takes no side, or it is open how many, the words say that the others are meant."""
    neutral, known = health.voices.neutral, health.voices.known
    few = neutral is not None and 5 * neutral[1] <= known
    return "" if few or health.range.strength != "nearly-all" else "-of-those"


def _open(health: Health, words: Catalogue) -> list[str]:
    waits, answers = health.open, health.answers
    said = []
    if waits.questions:
        said.append(words.translate("badge.questions", waits.questions))
    if waits.objections:
        said.append(words.translate("badge.objections", waits.objections))
    elif 0 < answers.objections == answers.answered:
        said.append(words.translate("badge.all-answered", answers.objections))
    return said


def short(health: Health, words: Catalogue) -> str:
    """For a card in a list of posts: comments, and what is open; "" without a badge."""
    if health.state in SHOWS_NO_BADGE:
        return ""
    return SEPARATOR.join([words.translate("badge.comments", health.comments.read), *_open(health, words)[:2]])


def _only_social(health: Health) -> bool:
    platforms = {v.thread.platform for v in health.venues if v.thread} or (
        {health.thread.platform} if health.thread else set()
    )
    return all_social(platforms)


def prompt(health: Health, post: Post | None, words: Catalogue) -> Prompt | None:
    """One concrete act that brings an outside view in: whom to ask, and what.

    `own` is the post's own question. Where all venues are social media it asks somebody who uses none (`offline`);
    where views differ it asks for a story instead of another opinion (`story`); else `ask`. None for off and unknown,
    and for posts of a kind under which it would be out of place. Asking a person helps understanding, and imagining
    their view does not (Santoro and Broockman, 2022, doi:10.1126/sciadv.abn5515; Catapano et al., 2019,
    doi:10.1177/0956797618822697). The same health gives the same prompt; neither tone nor a single stance changes it.
    """
    if health.state in ("off", "unknown") or health.kind.value in WITHOUT_PROMPT:
        return None
    title = post.title if post else ""
    own = post.prompt if post else ""
    if own:
        key = "own"
    elif health.state == "several":
        key = "story"
    elif _only_social(health):
        key = "offline"
    else:
        key = "ask"
    asked = "story" if key == "story" else "ask"
    question = own or words.translate(f"prompt.{asked}_question" if title else f"prompt.{asked}_untitled", title=title)
    return Prompt(key, question, words.translate(f"prompt.{key}_author"))
