"""Threads and healths as JSON: thread.v1 and health.v1, whose schemas lie in schema/.

`thread_from_dict(thread_to_dict(t, anonymise=False)) == t` for every thread. What is written for other people's eyes
is anonymised: authors become v1, v2 ... in order of first appearance, and the time of the fetch, which would make
the same input print differently twice, is left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from mkdocs_echo_plugin.model import (
    Health,
    Reaction,
    Thread,
    ThreadFacts,
    ToneFacts,
    Venue,
    Waiting,
)
from mkdocs_echo_plugin.typed_json import from_record

THREAD_SCHEMA = "thread.v1"
HEALTH_SCHEMA = "health.v1"


def time_to_text(moment: datetime | None) -> str | None:
    """A UTC time as ISO 8601 with "Z", to the second where there is no fraction."""
    return None if moment is None else moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def thread_to_dict(thread: Thread, *, anonymise: bool = True) -> dict[str, Any]:
    """A thread as a thread.v1 object, keys in the order of the schema."""
    names: dict[str, str] = {}

    def who(key: str | None) -> str | None:
        if key is None or not anonymise:
            return key
        return names.setdefault(key, f"v{len(names) + 1}")

    def reactions(given: tuple[Reaction, ...]) -> list[dict[str, Any]]:
        return [{"content": r.content, "author_key": who(r.author_key), "count": r.count} for r in given]

    # comments first: the order of first appearance is that of the comments, not of those who only pressed a thumb
    named = [(who(c.author_key), who(c.addressed)) for c in thread.comments]
    comments = [
        {
            "id": c.id,
            "parent_id": c.parent_id,
            "root_id": c.root_id,
            "parent_exact": c.parent_exact,
            "author_key": author,
            "author_role": c.author_role,
            "addressed": addressed,
            "created": time_to_text(c.created),
            "edited": time_to_text(c.edited),
            "text": c.text,
            "url": c.url,
            "kind": c.kind,
            "reactions": reactions(c.reactions),
            "score": c.score,
            "state": c.state,
            "declared": c.declared,
            **({} if c.read is None else {"read": c.read._asdict()}),
        }
        for c, (author, addressed) in zip(thread.comments, named, strict=True)
    ]
    return {
        "schema": THREAD_SCHEMA,
        "platform": thread.platform,
        "source_url": thread.source_url,
        "page_url": thread.page_url,
        "key": thread.key,
        "fetched_at": None if anonymise else time_to_text(thread.fetched_at),
        "title": thread.title,
        "locked": thread.locked,
        "complete": thread.complete,
        "truncated_reason": thread.truncated_reason,
        "reported_count": thread.reported_count,
        "open": thread.open,
        "reactions": reactions(thread.reactions),
        "comments": comments,
    }


def thread_from_dict(written: Mapping[str, Any]) -> Thread:
    """A thread from what `thread_to_dict` wrote. Raises KeyError, TypeError or ValueError on anything else."""
    return from_record(Thread, written)


def health_to_dict(health: Health) -> dict[str, Any]:
    """A health as the public may see it: no tone, no read dissent, nobody's read stance."""
    return _health(public(health), for_author=False)


def health_for_author(health: Health) -> dict[str, Any]:
    """The same with what is the author's alone: tone, `author_state`, and what else waits (`open.author_only`)."""
    return {**_health(health, for_author=True), "author_state": health.author_state}


def _health(health: Health, *, for_author: bool) -> dict[str, Any]:
    blocks = _blocks(health, for_author)
    platform_first = [{"platform": v.thread.platform, **_blocks(v, for_author)} for v in health.venues]
    return {
        "schema": HEALTH_SCHEMA,
        "kind": _flat(health.kind),
        **blocks,
        "outside": [{"comment_id": h.comment_id, "url": h.url} for h in health.outside],
        "breadth": _flat(health.breadth),
        "policy": _flat(health.policy),
        "reactions": _flat(health.reactions),
        "venues": platform_first,
        "state": health.state,
        "reason": health.reason,
        "badge": None if health.badge is None else _flat(health.badge),
        "prompt": None if health.prompt is None else _flat(health.prompt),
    }


def _flat(figures: Any) -> dict[str, Any]:
    """A dataclass of plain values by its fields; `dataclasses.asdict` would copy what cannot change."""
    return {name: getattr(figures, name) for name in figures.__slots__}


def _blocks(figures: Health | Venue, for_author: bool) -> dict[str, Any]:
    thread: ThreadFacts | None = figures.thread
    voices, views, waits = figures.voices, figures.range, figures.open
    blocks: dict[str, Any] = {
        "thread": None if thread is None else _flat(thread),
        "comments": _flat(figures.comments),
        "voices": {name: list(of) if isinstance(of, tuple) else of for name, of in _flat(voices).items()},
        "range": {**_flat(views), "p": None if views.p is None else dict(views.p)},
        "open": {
            "questions": waits.questions,
            "objections": waits.objections,
            "waiting": [_waiting(w) for w in waits.waiting],
        },
        "answers": _flat(figures.answers),
    }
    if for_author:
        tone: ToneFacts | None = figures.tone
        blocks["open"]["author_only"] = [_waiting(w) for w in waits.author_only]
        blocks["tone"] = None if tone is None else _flat(tone)
    return blocks


def _waiting(waiting: Waiting) -> dict[str, Any]:
    """A comment that waits, without its words: a page quotes them beside its link, a report that is copied does not."""
    written = _flat(waiting)
    del written["words"]
    return written


def public(health: Health) -> Health:
    """What the public may see of a health, in pages as in reports.

    What only a reader takes for a dissent, and comments that merely have no reply, are the author's. So is what is
    wrong with the tone; nothing else that the public sees depends on it.
    """
    return replace(
        health,
        open=replace(health.open, author_only=()),
        venues=tuple(replace(v, open=replace(v.open, author_only=())) for v in health.venues),
    )
