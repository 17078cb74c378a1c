"""What the badge says, and the one act that a post asks of its readers and of its author."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from typing import Final

from mkdocs_echo_plugin.health.state import (
    RESTS_ON_STANCES,
    SHOWS_NO_BADGE,
    waiting_dissents,
    waiting_questions,
)
from mkdocs_echo_plugin.locales import Catalogue, catalogue
from mkdocs_echo_plugin.model import Badge, Health, Prompt
from mkdocs_echo_plugin.venues import all_social

_ENOUGH: Final = 5


def add_badge(health: Health, *, path: str, language: str, tone_is_public: bool = False) -> Health:
    """The same health with its badge and its prompt, in the page's language, English where there are no strings."""
    words = catalogue(language)
    said = badge(health, words, tone_is_public=tone_is_public)
    return replace(health, badge=said, prompt=prompt(health, path, words))


def badge(health: Health, words: Catalogue, *, tone_is_public: bool = False) -> Badge | None:
    """The state in words with n, and a fact that goes with it. None for off, unknown and quiet."""
    if health.state in SHOWS_NO_BADGE:
        return None
    n, known = health.voices.n, health.voices.known
    partly = health.state in RESTS_ON_STANCES and known < n
    voices = words.translate("badge.some-voices" if partly else "badge.voices", n, known=known)
    tense = tone_is_public and health.author_state == "tense"
    count = waiting_dissents(health.answers) if health.state == "several-waiting" else n
    text = words.translate(f"badge.{'tense' if tense else health.state}", count, voices=voices)
    found = fact(health, words)
    text = f"{text}, {found}" if found else text
    return Badge(text=text, title=words.translate("title.health", text=text))


def fact(health: Health, words: Catalogue) -> str:
    """The first fact that holds and that the state has not said already, "" if none does."""
    answers = health.answers
    # how many disagree is a count of stances: from five known voices on, or where their authors said so
    known = health.voices.known >= _ENOUGH
    waiting = sum(w.kind == "dissent" and (known or w.declared) for w in answers.waiting) or waiting_questions(answers)
    if waiting and health.state != "several-waiting":
        return words.translate("fact.waiting", waiting)
    all_answered = known and 0 < answers.dissents == answers.answered
    if all_answered and health.state != "several-answered":
        return words.translate("fact.answered", answers.dissents)
    if health.fresh and health.fresh.new:
        return words.translate("fact.fresh", health.fresh.n, new=health.fresh.new)
    if health.breadth.first_time:
        return words.translate("fact.first-time", health.breadth.first_time)
    return ""


def _few_newcomers(health: Health) -> bool:
    first, n = health.breadth.first_time, health.voices.n
    return first is not None and n >= _ENOUGH and 4 * first < n


def _little_new(health: Health) -> bool:
    return health.fresh is not None and health.fresh.n >= _ENOUGH and 3 * health.fresh.new < health.fresh.n


def _only_social(health: Health) -> bool:
    platforms = {v.thread.platform for v in health.venues if v.thread} or (
        {health.thread.platform} if health.thread else set()
    )
    return all_social(platforms)


_WEAKNESSES: Final[tuple[tuple[str, Callable[[Health], bool]], ...]] = (
    ("ask-outside", lambda h: h.state in ("one-view", "leaning")),
    ("waiting", lambda h: any(w.kind in ("dissent", "question") for w in h.answers.waiting)),
    ("newcomers", _few_newcomers),
    ("fresh", _little_new),
    ("offline", _only_social),
    ("question", lambda h: h.state == "few-sides"),
    ("changed", lambda h: h.state == "several-answered"),
)


def prompt(health: Health, path: str, words: Catalogue) -> Prompt | None:
    """One concrete act, chosen among those that the thread calls for by hash(path, month of the newest comment).

    The same thread asks the same until a new month brings a new comment. A tense thread asks for nothing but the
    policy; a quiet post asks its author only; where nothing is weak it asks for an outside view, or, where that would
    be out of place (facts, early days), for a first comment.
    """
    if health.state in ("off", "unknown"):
        return None
    if health.state == "quiet":
        return Prompt("start", "", words.translate("prompt.newcomers-author"))
    if health.author_state == "tense":
        key = "tense"
    else:
        holding = [key for key, holds in _WEAKNESSES if holds(health)]
        if health.state == "early" and holding != ["waiting"]:
            holding = ["start"]
        if not holding:
            # the policy is asked for now and then, so that it does not tell where the tone is worth a look
            usual = "newcomers" if health.state == "facts" else "ask-outside"
            holding = [usual, usual, usual, "policy"]
        month = (health.thread.newest or "")[:7] if health.thread else ""
        turn = int.from_bytes(sha256(f"{path} {month}".encode()).digest()[:8], "big")
        key = holding[turn % len(holding)]
    if key == "policy":
        return Prompt(key, words.translate("prompt.tense-reader"), "")
    return Prompt(key, words.translate(f"prompt.{key}-reader"), words.translate(f"prompt.{key}-author"))
