"""What a report has to say post by post, for those formats that list findings: annotations, code quality."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from mkdocs_echo_plugin.report.waiting import WORD, article, by_age, how_many, pressing, since
from mkdocs_echo_plugin.report.wording import act, english, line

Check = Literal["waiting", "unread-thread", "one-side"]


@dataclass(frozen=True, slots=True)
class Notice:
    """One finding about a post. `severe` where something is broken rather than worth an act."""

    check: Check
    path: str
    title: str
    text: str
    severe: bool = False


def notices(report: Mapping[str, Any]) -> list[Notice]:
    """What could not be read, then what waits for a reply (longest first), then the posts where most take one side.

    A state that calls for no act gives none: agreement on a fact is not a finding.
    """
    broken = [
        Notice("unread-thread", p["path"], "The comments could not be read", p["reason"] or "no reason", severe=True)
        for p in report["posts"]
        if p["state"] == "unknown"
    ]
    longest = by_age((p, found[0]) for p in report["posts"] if (found := pressing(p)))
    waits = [
        Notice("waiting", p["path"], f"{how_many(p)} waiting for a reply", _longest(first)) for p, first in longest
    ]
    views: list[Notice] = []
    for p in report["posts"]:
        if p["state"] == "one-side":
            said = line(p, english())
            views.append(Notice(p["state"], p["path"], said, act(p, english()) or said))
    return broken + waits + views


def _longest(first: Mapping[str, Any]) -> str:
    at = f": {first['url']}" if first["url"] else ""
    kind = WORD[first["kind"]]
    return f"The longest is {article(kind)} {kind}{since(first)}{at}"
