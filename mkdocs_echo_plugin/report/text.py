"""One health for people at a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from mkdocs_echo_plugin.messages import plain_text

SHOWN: Final = 5


def write(health: Mapping[str, Any]) -> str:
    """A health.v1 object as a few lines of text, the state first."""
    text = "\n".join(_lines(health)) + "\n"
    return plain_text(text)


def _lines(health: Mapping[str, Any]) -> Iterator[str]:
    thread = health["thread"] or {}
    yield f"{thread.get('page_url') or thread.get('key') or 'thread'} ({thread.get('platform', 'no venue')})"
    badge = health["badge"]
    yield f"  {badge['text'] if badge else health['reason'] or health['state']}"
    yield f"  state     {health['state']}"
    yield f"  voices    {_voices(health['voices'])}"
    if (views := _range(health["range"])) is not None:
        yield f"  range     {views}"
    kind = health["kind"]
    yield f"  kind      {kind['value']} ({kind['how']}, {kind['p']:.2f} that it takes a position)"
    answers = health["answers"]
    yield f"  answers   {answers['answered']} of {answers['objections']} objections answered"
    waits = health["open"]["waiting"]
    for waiting in waits[:SHOWN]:
        since = f" since {waiting['since'][:10]}" if waiting["since"] else ""
        yield f"  waiting   {waiting['kind']}{since} {waiting['url'] or waiting['comment_id']}"
    if len(waits) > SHOWN:
        yield f"            and {len(waits) - SHOWN} more"
    yield f"  comments  {_comments(health['comments'])}"
    if thread.get("newest"):
        yield f"  newest    {thread['newest'][:10]}"
    if thread and not thread["complete"]:
        yield "  note      the venue did not give every comment"
    if health["prompt"] and health["prompt"]["reader"]:
        yield f"  ask       {health['prompt']['reader']}"
    yield "  The comments here are not a sample of anybody."


def _voices(voices: Mapping[str, Any]) -> str:
    how = ", ".join(f"{voices[k]} {k}" for k in ("declared", "overridden", "read") if voices[k])
    known = f"{voices['n']}, {voices['known']} known" + (f" ({how})" if how else "")
    if voices["agree"] is None:
        return known
    return f"{known}: " + ", ".join(f"{_span(voices[k])} {k}" for k in ("agree", "neutral", "disagree"))


def _span(people: Sequence[float]) -> str:
    low, _, high = people
    return f"{low:g}" if low == high else f"{low:g} to {high:g}"


def _range(views: Mapping[str, Any]) -> str | None:
    if views["median"] is None:
        return None
    words = " ".join(filter(None, (views["verdict"], views["strength"], views["side"])))
    if views["d"] is not None:
        return f"{views['d']:.2f} of 1 (exact), {words}"
    return f"{views['median']:.2f} of 1 (80 %: {views['low']:.2f} to {views['high']:.2f}), {words}"


def _comments(counts: Mapping[str, Any]) -> str:
    left_out = ", ".join(f"{n} {why.replace('_', ' ')}" for why, n in counts.items() if n and why != "read")
    return f"{counts['read']} read" + (f"; {left_out}" if left_out else "")
