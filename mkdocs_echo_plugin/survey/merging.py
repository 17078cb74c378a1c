"""Several threads that a comment system keeps of one page, as the one thread that readers see."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime

from mkdocs_echo_plugin.build_cache import fingerprint
from mkdocs_echo_plugin.model import Comment, Thread
from mkdocs_echo_plugin.site.findings import Speakers
from mkdocs_echo_plugin.survey.records import LazyThread


class MergedThread(LazyThread):
    """Threads of one page, put together when their comments are asked for."""

    __slots__ = ("parts",)

    def __init__(self, parts: Sequence[LazyThread]) -> None:
        self.parts = tuple(parts)
        self.digest = fingerprint("merged", [part.digest for part in parts])
        self.speakers = _speakers([part.speakers for part in parts])
        self.source_url = next((part.source_url for part in parts if part.source_url), None)
        self.key = next((part.key for part in parts if part.key), None)

    @property
    def thread(self) -> Thread:
        return merge([part.thread for part in self.parts])


def one_a_platform(threads: Sequence[LazyThread], *, apart: Collection[LazyThread] = ()) -> list[LazyThread]:
    """The threads, those of one platform as one, in the order of their first; each `apart` stays by itself."""
    groups: defaultdict[object, list[LazyThread]] = defaultdict(list)
    for place, thread in enumerate(threads):
        groups[place if thread in apart else thread.speakers.platform].append(thread)
    return [found[0] if len(found) == 1 else MergedThread(found) for found in groups.values()]


def merge(threads: Sequence[Thread]) -> Thread:
    """One thread with all comments of several; what an import put into two of them stands there once.

    Where two comments have the same id and are not the same, the later one's is made unlike any other.
    """
    known: dict[str, Comment] = {}
    comments: list[Comment] = []
    for number, thread in enumerate(threads, 1):
        new: dict[str, str] = {}
        added: list[Comment] = []
        for comment in thread.comments:
            had = known.get(comment.id)
            if had is not None and _is_same(had, comment):
                continue
            name = comment.id
            while name in known:
                name = f"{name}~{number}"
            new[comment.id] = name
            known[name] = comment
            added.append(comment)
        comments += [
            replace(
                one,
                id=new[one.id],
                parent_id=new.get(one.parent_id, one.parent_id) if one.parent_id else one.parent_id,
                root_id=new.get(one.root_id, one.root_id) if one.root_id else one.root_id,
            )
            for one in added
        ]
    first, reported = threads[0], [t.reported_count for t in threads]
    return replace(
        first,
        source_url=next((t.source_url for t in threads if t.source_url), None),
        page_url=next((t.page_url for t in threads if t.page_url), None),
        key=next((t.key for t in threads if t.key), None),
        fetched_at=max((t.fetched_at for t in threads if t.fetched_at), default=None),
        title=next((t.title for t in threads if t.title), ""),
        locked=all(t.locked for t in threads),
        complete=all(t.complete for t in threads),
        truncated_reason=next((t.truncated_reason for t in threads if t.truncated_reason), None),
        reported_count=None if None in reported else sum(n or 0 for n in reported),
        open=any(t.open for t in threads),
        reactions=tuple(r for t in threads for r in t.reactions),
        comments=tuple(comments),
    )


def _is_same(one: Comment, other: Comment) -> bool:
    return (one.author_key, one.created, one.text) == (other.author_key, other.created, other.text)


def _speakers(parts: Sequence[Speakers]) -> Speakers:
    spoke: dict[str, datetime | None] = {}
    for part in parts:
        for who, when in part.spoke.items():
            had = spoke.get(who)
            spoke[who] = when if had is None else had if when is None else min(had, when)
    others = dict.fromkeys(who for part in parts for who in part.others if who not in spoke)
    return Speakers(parts[0].platform, sum(part.comments for part in parts), spoke, tuple(others))
