"""A report as JUnit XML, which every CI reads: a post is a test case, a state that the site named is its failure."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Any, Final
from xml.sax.saxutils import escape, quoteattr

from mkdocs_echo_plugin.messages import printable
from mkdocs_echo_plugin.report.wording import english, line

# what XML 1.0 cannot hold, even escaped
_FORBIDDEN: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write(report: Mapping[str, Any], *, fail_on: Collection[str] = ()) -> str:
    """One test suite; a post that could not be read is an error, an `off` or `quiet` one is skipped.

    Args:
        fail_on: the states whose posts are failures.
    """
    cases: list[str] = []
    tally = {"failure": 0, "error": 0, "skipped": 0}
    for post in report["posts"]:
        kind, message = _outcome(post, fail_on)
        name = f'<testcase classname="echo" name={_quoted(post["path"])} time="0"'
        if kind is None:
            cases.append(f"    {name}><system-out>{_text(message)}</system-out></testcase>")
            continue
        tally[kind] += 1
        cases.append(f"    {name}><{kind} message={_quoted(message)}/></testcase>")
    counts = (
        f'tests="{len(cases)}" failures="{tally["failure"]}" errors="{tally["error"]}" '
        f'skipped="{tally["skipped"]}" time="0"'
    )
    return "\n".join(
        [
            '<?xml version="1.0" encoding="UTF-8"?>',
            f"<testsuites {counts}>",
            f'  <testsuite name="echo" {counts}>',
            *cases,
            "  </testsuite>",
            "</testsuites>",
            "",
        ]
    )


def _outcome(post: Mapping[str, Any], fail_on: Collection[str]) -> tuple[str | None, str]:
    badge = line(post, english()) if post["badge"] else ""
    for state in (post["state"], post.get("author_state")):
        if state in fail_on:
            return "failure", f"{state}: {badge or post['reason'] or 'no badge'}"
    if post["state"] == "unknown":
        return "error", post["reason"] or "the comments could not be read"
    if post["state"] in ("off", "quiet"):
        return "skipped", post["state"]
    return None, badge or post["state"]


def _text(text: str) -> str:
    return escape(printable(_FORBIDDEN.sub("\ufffd", text)))


def _quoted(text: str) -> str:
    return quoteattr(printable(_FORBIDDEN.sub("\ufffd", text)))
