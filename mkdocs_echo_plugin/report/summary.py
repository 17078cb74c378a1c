"""A report as Markdown: for people, and for the summary page that GitHub Actions shows of a step."""

from __future__ import annotations

import logging
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from mkdocs_echo_plugin.messages import OneLine, printable
from mkdocs_echo_plugin.report.waiting import WORD, article, by_age, how_many, pressing, since
from mkdocs_echo_plugin.report.wording import english, line

log = OneLine(logging.getLogger(__name__))

STEP_LIMIT: Final = 1_048_576  # bytes that GitHub takes of one step
_MARKS = re.compile(r"([\\`*_{}\[\]<>()#+!|~&])")


def write(report: Mapping[str, Any]) -> str:
    """The report as GitHub-flavoured Markdown; every text from outside is escaped."""
    lines = [f"# Discussions{_of(report['site'])}", "", _headline(report), ""]
    if report["posts"]:
        lines += ["| Post | State | People | Waiting | Newest comment |", "|---|---|---:|---:|---|"]
        lines += [_row(post) for post in report["posts"]]
        lines.append("")
    waiting = by_age((p, w) for p in report["posts"] for w in pressing(p))
    if waiting:
        lines += ["## Waiting for a reply", ""]
        lines += [_wait(post, w) for post, w in waiting[:20]]
        lines += [f"- and {len(waiting) - 20} more"] if len(waiting) > 20 else []
        lines.append("")
    found = [finding["text"] for entries in report["site_findings"].values() for finding in entries]
    if found:
        lines += ["## The site as a whole", "", *(f"- {escape(text)}" for text in found), ""]
    failed = [(s["name"], f["post"], f["why"]) for s in report["sources"] for f in s["failed"]]
    if failed:
        lines += ["## Not read", ""]
        lines += [f"- {escape(name)}: {escape(post)}: {escape(why)}" for name, post, why in failed]
        lines.append("")
    if report["unmatched"]:
        lines += ["## Threads that match no post", ""]
        lines += [
            f"- {escape(u['source'])}: {escape(u['page_url'] or u['thread_key'] or 'no name')}: {escape(u['reason'])}"
            for u in report["unmatched"]
        ]
        lines.append("")
    lines.append("The comments here are not a sample of anybody.")
    return "\n".join(lines) + "\n"


def to_step_summary(text: str, environment: Mapping[str, str] = os.environ) -> Path | None:
    """Appends Markdown to the file that `GITHUB_STEP_SUMMARY` names, cut at a line to what GitHub takes of a step.

    Returns:
        The file, or None where the variable is not set or the file cannot be written (said in the log, no more).
    """
    name = environment.get("GITHUB_STEP_SUMMARY")
    if not name:
        return None
    path, data = Path(name), text.encode("utf-8", "replace")
    try:
        there = path.read_bytes() if path.exists() else b""
        if data not in there:  # a build and `mkdocs-echo report` in one step say it once
            with path.open("ab") as file:
                file.write(_cut(data, STEP_LIMIT - len(there)))
    except OSError as error:
        log.info("GITHUB_STEP_SUMMARY: %s cannot be written (%s).", name, error.strerror)
        return None
    return path


def _cut(data: bytes, room: int) -> bytes:
    if len(data) <= room:
        return data
    note = b"\n(cut: the whole report is in echo/report.json)\n"
    kept = data[: max(room - len(note), 0)].rpartition(b"\n")[0]
    return kept + note if kept else b""


def escape(text: str) -> str:
    """A text as Markdown on one line that means nothing but itself, cut at 300 characters."""
    line = printable(" ".join(text.split()))
    return _MARKS.sub(r"\\\1", line if len(line) <= 300 else line[:299] + "…")


def _of(site: str | None) -> str:
    return f" on {escape(site)}" if site else ""


def _headline(report: Mapping[str, Any]) -> str:
    figures = report["summary"]
    waiting = sum(map(how_many, report["posts"]))
    parts = [
        _count(figures["posts"], "post"),
        _count(figures["comments"], "comment") + " read",
        f"{figures['answered']} of {_count(figures['objections'], 'objection')} answered",
        f"{waiting} waiting for a reply",
    ]
    if figures["states"]["unknown"]:
        parts.append(f"{figures['states']['unknown']} could not be read")
    return ", ".join(parts) + "."


def _count(n: int, noun: str) -> str:
    return f"{n} {noun}" if n == 1 else f"{n} {noun}s"


def _row(post: Mapping[str, Any]) -> str:
    title = escape(post["title"] or post["path"])
    name = f"[{title}]({_address(post['url'])})" if _address(post["url"]) else title
    words = line(post, english())
    newest = (post["thread"] or {}).get("newest") or ""
    waits = how_many(post)
    return f"| {name} | {escape(words)} | {post['voices']['n']} | {waits} | {newest[:10]} |"


def _wait(post: Mapping[str, Any], waiting: Mapping[str, Any]) -> str:
    where = escape(post["title"] or post["path"])
    kind = WORD[waiting["kind"]]
    link = f"[{kind}]({_address(waiting['url'])})" if _address(waiting["url"]) else kind
    return f"- {where}: {article(kind)} {link}{since(waiting)}"


def _address(url: str | None) -> str:
    """An http(s) address that can stand between Markdown's round brackets, else nothing."""
    if not url or not re.fullmatch(r"https?://[^\s<>\"|\\]{1,2000}", url):
        return ""
    return url.replace("(", "%28").replace(")", "%29")
