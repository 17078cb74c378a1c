"""The gate for CI: which posts are in a state that the site does not accept, and what changed since a baseline."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from mkdocs_echo_plugin.errors import ConfigurationError
from mkdocs_echo_plugin.model import STATES
from mkdocs_echo_plugin.report.wording import english, line

__all__ = ["STATES", "Change", "Verdict", "check", "states_named"]


@dataclass(frozen=True, slots=True)
class Change:
    """A post whose state differs from the baseline's; None where one of the two does not have the post."""

    path: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class Verdict:
    """`failed`: (path, state, badge's words) of posts that do not pass; `excused`: those that the baseline has too."""

    failed: tuple[tuple[str, str, str], ...] = ()
    excused: tuple[tuple[str, str, str], ...] = ()
    changes: tuple[Change, ...] = ()


def states_named(given: Collection[str], *, option: str) -> tuple[str, ...]:
    """The states as given, once each.

    Raises:
        ConfigurationError: one of them is no state; the message lists those that exist.
    """
    for state in given:
        if state not in STATES:
            raise ConfigurationError(f"{option}: unknown state '{state}'. Known: {', '.join(STATES)}.")
    return tuple(dict.fromkeys(given))


def check(report: Mapping[str, Any], states: Collection[str], baseline: Mapping[str, Any] | None = None) -> Verdict:
    """Holds a report against the states that the site named.

    A post fails if its state, or the author's state where the report has it, is among `states`, or where `waiting` is
    and something waits. With a baseline a post that had that before is excused: old debts do not stop new work.
    """
    before = {} if baseline is None else {post["path"]: post for post in baseline["posts"]}
    failed: list[tuple[str, str, str]] = []
    excused: list[tuple[str, str, str]] = []
    for post in report["posts"]:
        had = _states(before[post["path"]]) if post["path"] in before else ()
        for state in _states(post):
            if state in states:
                badge = line(post, english()) if post["badge"] else post.get("reason") or ""
                (excused if state in had else failed).append((post["path"], state, badge))
    return Verdict(tuple(failed), tuple(excused), _changes(before, report) if baseline is not None else ())


def _states(post: Mapping[str, Any]) -> tuple[str, ...]:
    own = post.get("author_state")
    named = (post["state"],) if own is None or own == post["state"] else (post["state"], own)
    return (*named, "waiting") if post.get("open", {}).get("waiting") else named


def _changes(before: Mapping[str, Mapping[str, Any]], report: Mapping[str, Any]) -> tuple[Change, ...]:
    now = {post["path"]: post["state"] for post in report["posts"]}
    then = {path: post["state"] for path, post in before.items()}
    paths = sorted(now.keys() | then.keys())
    return tuple(Change(p, then.get(p), now.get(p)) for p in paths if then.get(p) != now.get(p))
