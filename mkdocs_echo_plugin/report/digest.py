"""The author's list: what to do about which post, most useful act first. Plain text for one person's eyes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Final

from mkdocs_echo_plugin.locales import Catalogue, day
from mkdocs_echo_plugin.messages import plain_text
from mkdocs_echo_plugin.report.waiting import by_age, pressing, unreplied
from mkdocs_echo_plugin.report.wording import act, line, words_of

MOST: Final = 10


def write(report: Mapping[str, Any]) -> str:
    """What waits longest, the other objections and questions, where most take one side, what to ask of whom.

    Then what could not be read or matched. From the author's report it also knows read dissents and tone. All of it is
    in the report's language, but for what comment systems and servers answered.
    """
    words = words_of(report)
    waiting = list(_waiting(report, words))
    sections = (
        ("longest", waiting[:1]),
        ("waiting", waiting[1:]),
        ("unreplied", list(_unreplied(report, words))),
        ("tense", [_name(p) for p in report["posts"] if p.get("author_state") == "tense"]),
        ("one_side", list(_one_side(report, words))),
        ("acts", list(_acts(report, words))),
        ("site", list(_findings(report, words))),
        ("unread", [f"{p['path']}: {p['reason']}" for p in report["posts"] if p["state"] == "unknown"]),
        ("unmatched", list(_unmatched(report, words))),
    )
    blocks = [_block(words.translate(f"digest.{key}"), lines, words) for key, lines in sections if lines]
    if not blocks:
        blocks = [f"{words.translate('digest.nothing')}\n"]
    return plain_text("\n".join(blocks))


def _block(title: str, lines: list[str], words: Catalogue) -> str:
    shown = [f"  {number}. {' '.join(line.split())}\n" for number, line in enumerate(lines[:MOST], 1)]
    more = [f"     {words.translate('open.more', len(lines) - MOST)}\n"] if len(lines) > MOST else []
    return f"{title}\n{''.join(shown + more)}"


def _waiting(report: Mapping[str, Any], words: Catalogue) -> Iterator[str]:
    for post, waiting in by_age((p, w) for p in report["posts"] for w in pressing(p)):
        where = f": {waiting['url']}" if waiting["url"] else ""
        yield f"{_name(post)}: {_said('open', waiting, words)}{where}"


def _unreplied(report: Mapping[str, Any], words: Catalogue) -> Iterator[str]:
    for post, first in by_age((p, found[0]) for p in report["posts"] if (found := unreplied(p))):
        where = f": {first['url']}" if first["url"] else ""
        more = len(unreplied(post)) - 1
        others = f" ({words.translate('open.more', more)})" if more else ""
        yield f"{_name(post)}: {_said('digest', first, words)}{others}{where}"


def _said(section: str, waiting: Mapping[str, Any], words: Catalogue) -> str:
    """For instance "an objection, since 1 March 2026"."""
    if not waiting["since"]:
        return words.translate(f"{section}.{waiting['kind']}")
    since = day(date.fromisoformat(waiting["since"][:10]), words.language)
    return words.translate(f"{section}.{waiting['kind']}_since", since=since)


def _one_side(report: Mapping[str, Any], words: Catalogue) -> Iterator[str]:
    posts = [p for p in report["posts"] if p["state"] == "one-side"]
    posts.sort(key=lambda p: (-p["voices"]["known"], p["path"]))
    for post in posts:
        yield f"{_name(post)}: {line(post, words)}"


def _acts(report: Mapping[str, Any], words: Catalogue) -> Iterator[str]:
    acts: dict[str, list[str]] = {}
    for post in report["posts"]:
        if wanted := act(post, words):
            acts.setdefault(wanted, []).append(_name(post))
    for wanted, names in sorted(acts.items(), key=lambda item: -len(item[1])):
        more = f", {words.translate('open.more', len(names) - 3)}" if len(names) > 3 else ""
        yield f"{wanted} ({', '.join(names[:3])}{more})"


def _findings(report: Mapping[str, Any], words: Catalogue) -> Iterator[str]:
    for key, entries in report["site_findings"].items():
        for found in entries:
            name = f"digest.{key}"
            yield words.translate(name, len(found["posts"])) if name in words.strings else found["text"]


def _unmatched(report: Mapping[str, Any], words: Catalogue) -> Iterator[str]:
    for thread in report["unmatched"]:
        name = thread["page_url"] or thread["thread_key"] or words.translate("digest.unnamed")
        yield f"{thread['source']}: {name}: {thread['reason']}"


def _name(post: Mapping[str, Any]) -> str:
    return str(post["title"] or post["path"])
