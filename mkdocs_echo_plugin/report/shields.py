"""The site's figures as a shields.io endpoint badge (https://shields.io/badges/endpoint-badge)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from mkdocs_echo_plugin.locales import SEPARATOR
from mkdocs_echo_plugin.report.waiting import how_many
from mkdocs_echo_plugin.report.wording import words_of

COLOUR = "lightgrey"  # no verdict: a thread of agreement is no worse than a debate


def message(report: Mapping[str, Any]) -> str:
    """What a badge for the whole site says: how many comments, and how much waits for an answer.

    Not how many people: one who writes under ten posts is one person, and the sum of the posts' people has ten.
    """
    if unread(report):
        return "unknown"
    words = words_of(report)
    waiting = sum(map(how_many, report["posts"]))
    said = [words.translate("badge.comments", report["summary"]["comments"])]
    return SEPARATOR.join([*said, words.translate("where.waiting", waiting)] if waiting else said)


def unread(report: Mapping[str, Any]) -> bool:
    """Whether nothing could be read of any post."""
    states = report["summary"]["states"]
    return bool(states["unknown"]) and states["unknown"] + states["off"] == report["summary"]["posts"]


def write(report: Mapping[str, Any]) -> str:
    """{"schemaVersion": 1, "label", "message", "color", "isError"} as one line of JSON."""
    return endpoint(words_of(report).translate("badge.label"), message(report), is_error=unread(report))


def endpoint(label: str, said: str, *, is_error: bool = False) -> str:
    """The endpoint's answer for a badge that says `said` behind its `label`, as one line of JSON."""
    badge = {"schemaVersion": 1, "label": label, "message": said, "color": COLOUR, "isError": is_error}
    return json.dumps(badge) + "\n"
