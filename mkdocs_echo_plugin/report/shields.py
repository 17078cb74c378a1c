"""The site's figures as a shields.io endpoint badge (https://shields.io/badges/endpoint-badge)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from mkdocs_echo_plugin.report.waiting import how_many

LABEL = "discussion"
COLOUR = "lightgrey"  # no verdict: a thread of agreement is no worse than a debate


def message(report: Mapping[str, Any]) -> str:
    """What a badge for the whole site says: how many voices, and how much waits for a reply."""
    voices = report["summary"]["voices"]
    waiting = sum(map(how_many, report["posts"]))
    if unread(report):
        return "unknown"
    said = f"{voices} voice{'' if voices == 1 else 's'}"
    return f"{said}, {waiting} waiting for a reply" if waiting else said


def unread(report: Mapping[str, Any]) -> bool:
    """Whether nothing could be read of any post."""
    states = report["summary"]["states"]
    return bool(states["unknown"]) and states["unknown"] + states["off"] == report["summary"]["posts"]


def write(report: Mapping[str, Any]) -> str:
    """{"schemaVersion": 1, "label", "message", "color", "isError"} as one line of JSON."""
    return endpoint(message(report), is_error=unread(report))


def endpoint(said: str, *, is_error: bool = False) -> str:
    """The endpoint's answer for a badge that says `said`, as one line of JSON."""
    badge = {"schemaVersion": 1, "label": LABEL, "message": said, "color": COLOUR, "isError": is_error}
    return json.dumps(badge) + "\n"
