"""The author's list: what to do about which post, most useful act first. Plain text for one person's eyes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from mkdocs_echo_plugin.messages import plain_text
from mkdocs_echo_plugin.report.waiting import WORD, article, by_age, pressing, since, unreplied

MOST: Final = 10


def write(report: Mapping[str, Any]) -> str:
    """What waits longest, the other objections and questions, the posts where most take one side, what to ask of whom.

    Then what could not be read or matched. From the author's report it also knows read dissents and tone.
    """
    waiting = list(_waiting(report))
    sections = (
        ("Waits longest", waiting[:1]),
        ("Objections and questions without an answer", waiting[1:]),
        ("Disagreement that was read, and comments without a reply", list(_unreplied(report))),
        ("Worth a look: tense in places", list(_tense(report))),
        ("Most take one side", list(_one_side(report))),
        ("One act a post", list(_prompts(report))),
        ("The site as a whole", [f["text"] for found in report["site_findings"].values() for f in found]),
        ("Could not be read", [f"{p['path']}: {p['reason']}" for p in report["posts"] if p["state"] == "unknown"]),
        ("Threads that match no post", list(_unmatched(report))),
    )
    blocks = [_block(title, lines) for title, lines in sections if lines]
    if not blocks:
        blocks = ["Nothing waits, and nothing asks for an act.\n"]
    return plain_text("\n".join(blocks))


def _block(title: str, lines: list[str]) -> str:
    shown = [f"  {number}. {' '.join(line.split())}\n" for number, line in enumerate(lines[:MOST], 1)]
    more = [f"     and {len(lines) - MOST} more\n"] if len(lines) > MOST else []
    return f"{title}\n{''.join(shown + more)}"


def _waiting(report: Mapping[str, Any]) -> Iterator[str]:
    for post, waiting in by_age((p, w) for p in report["posts"] for w in pressing(p)):
        where = f": {waiting['url']}" if waiting["url"] else ""
        kind = WORD[waiting["kind"]]
        yield f"{_name(post)}: {article(kind)} {kind}{since(waiting)}{where}"


def _unreplied(report: Mapping[str, Any]) -> Iterator[str]:
    for post, first in by_age((p, found[0]) for p in report["posts"] if (found := unreplied(p))):
        where = f": {first['url']}" if first["url"] else ""
        yield f"{_name(post)}: {len(unreplied(post))}, the first{since(first)}{where}"


def _tense(report: Mapping[str, Any]) -> Iterator[str]:
    for post in report["posts"]:
        if post.get("author_state") == "tense":
            yield f"{_name(post)} (a hint from words alone, English only)"


def _one_side(report: Mapping[str, Any]) -> Iterator[str]:
    posts = [p for p in report["posts"] if p["state"] == "one-side"]
    posts.sort(key=lambda p: (-p["voices"]["known"], p["path"]))
    for post in posts:
        yield f"{_name(post)}: {post['badge']['text'] if post['badge'] else post['state']}"


def _prompts(report: Mapping[str, Any]) -> Iterator[str]:
    acts: dict[str, list[str]] = {}
    for post in report["posts"]:
        if post["prompt"] and post["prompt"]["author"]:
            acts.setdefault(post["prompt"]["author"], []).append(_name(post))
    for act, names in sorted(acts.items(), key=lambda item: -len(item[1])):
        yield f"{act} ({', '.join(names[:3])}{f' and {len(names) - 3} more' if len(names) > 3 else ''})"


def _unmatched(report: Mapping[str, Any]) -> Iterator[str]:
    for thread in report["unmatched"]:
        yield f"{thread['source']}: {thread['page_url'] or thread['thread_key'] or 'no name'}: {thread['reason']}"


def _name(post: Mapping[str, Any]) -> str:
    return str(post["title"] or post["path"])
