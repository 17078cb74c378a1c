"""A post's line and act from its figures in a report, in the one language of what is printed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mkdocs_echo_plugin.locales import Catalogue, catalogue
from mkdocs_echo_plugin.model import Answers, Health, Open, Range, VoiceCounts


def words_of(report: Mapping[str, Any]) -> Catalogue:
    """The strings in a report's own language; English of a report that says none."""
    return catalogue(str(report.get("language") or "en"))


def english() -> Catalogue:
    """The language of logs, of CIs and of the command line."""
    return catalogue("en")


def line(post: Mapping[str, Any], words: Catalogue) -> str:
    """What the line says of a post; its state where there is no line, with the reason of `unknown`."""
    from mkdocs_echo_plugin.prompts import badge  # a warm build says nothing anew

    if post["state"] == "unknown":
        return f"unknown: {post['reason']}" if post.get("reason") else "unknown"
    voices, views, waits, answers = post["voices"], post["range"], post["open"], post["answers"]
    neutral = voices["neutral"]
    health = Health(
        state=post["state"],
        voices=VoiceCounts(n=voices["n"], known=voices["known"], neutral=tuple(neutral) if neutral else None),
        range=Range(side=views["side"], strength=views["strength"]),
        open=Open(questions=waits["questions"], objections=waits["objections"]),
        answers=Answers(objections=answers["objections"], answered=answers["answered"]),
    )
    said = badge(health, words)
    return said.text if said else str(post["state"])


def act(post: Mapping[str, Any], words: Catalogue) -> str:
    """What the author could do about a post, by the key of its prompt; "" without one."""
    prompt = post["prompt"]
    if not prompt or not prompt["author"]:
        return ""
    key = f"prompt.{prompt['key']}_author"
    return words.translate(key) if key in words.strings else str(prompt["author"])
