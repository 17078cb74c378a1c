"""What the badge says, and the one act that a post asks of its readers and of its author."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from typing import Final

from mkdocs_echo_plugin.health.state import SHOWS_NO_BADGE
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
    """People first, then how they see it, then what is open. None for off, unknown and quiet."""
    if health.state in SHOWS_NO_BADGE:
        return None
    people = words.translate("badge.early" if health.state == "early" else "badge.people", health.voices.n)
    parts = [people, verdict(health, words), *_open(health, words)]
    if tone_is_public and health.author_state == "tense":
        parts.append(words.translate("badge.tense"))
    text = " · ".join(part for part in parts if part)
    return Badge(text=text, title=words.translate("title.health", text=text))


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


def _few_newcomers(health: Health) -> bool:
    first, n = health.breadth.first_time, health.voices.n
    return first is not None and n >= _ENOUGH and 4 * first < n


def _only_social(health: Health) -> bool:
    platforms = {v.thread.platform for v in health.venues if v.thread} or (
        {health.thread.platform} if health.thread else set()
    )
    return all_social(platforms)


_WEAKNESSES: Final[tuple[tuple[str, Callable[[Health], bool]], ...]] = (
    ("ask-outside", lambda h: h.state == "one-side"),
    ("waiting", lambda h: bool(h.open.waiting)),
    ("newcomers", _few_newcomers),
    ("offline", _only_social),
    ("question", lambda h: h.state == "few-sides"),
    ("changed", lambda h: h.state == "several" and not h.open.waiting),
)


def prompt(health: Health, path: str, words: Catalogue) -> Prompt | None:
    """One concrete act, chosen among those that the thread calls for by hash(path, month of the newest comment).

    The same thread asks the same until a new month brings a new comment. The tone changes nothing: whoever looks at
    what many threads ask must not see which are tense. A quiet post asks its author only; where nothing is weak it asks
    for an outside view, or, where that would be out of place (facts, early days), for a first comment.
    """
    if health.state in ("off", "unknown"):
        return None
    if health.state == "quiet":
        return Prompt("start", "", words.translate("prompt.newcomers-author"))
    holding = [key for key, holds in _WEAKNESSES if holds(health)]
    if health.state == "early" and holding != ["waiting"]:
        holding = ["start"]
    if not holding:
        usual = "newcomers" if health.state == "facts" else "ask-outside"
        holding = [usual, usual, usual, "policy"]
    month = (health.thread.newest or "")[:7] if health.thread else ""
    turn = int.from_bytes(sha256(f"{path} {month}".encode()).digest()[:8], "big")
    key = holding[turn % len(holding)]
    if key == "policy":
        return Prompt(key, words.translate("prompt.tense-reader"), "")
    return Prompt(key, words.translate(f"prompt.{key}-reader"), words.translate(f"prompt.{key}-author"))
