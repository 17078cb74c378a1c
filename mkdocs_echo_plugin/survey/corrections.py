"""The site's file of corrections, held against the comments that there are: which line means which comment."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from mkdocs_echo_plugin.errors import Unreadable
from mkdocs_echo_plugin.model import Post, Probabilities, Settings, Stance
from mkdocs_echo_plugin.survey.records import LazyThread

if TYPE_CHECKING:
    from mkdocs_echo_plugin.stance import Reader

_SHOWN: Final = 3
_LIST: Final = "`mkdocs-echo review --list` prints the key of every comment."


@dataclass(frozen=True, slots=True)
class Corrections:
    """`by_post` has, by post's path, its comments' stances under their full keys; `warnings` say what fits nothing."""

    by_post: Mapping[str, Mapping[str, Stance]]
    warnings: tuple[str, ...] = ()


def corrections(
    overrides: Mapping[str, Stance], threads: Mapping[str, Sequence[LazyThread]], *, all_seen: bool = True
) -> Corrections:
    """Which comment each line of the file means.

    A key is `PLATFORM:THREAD#COMMENT`. A bare comment id is used, with a warning, where exactly one comment of the site
    has it; it is ignored where more do: such ids are numbers, which other threads have, too. What fits nothing is a
    warning. A thread is parsed only where it holds the id of a line.

    Args:
        all_seen: False where some thread of the site could not be read: then nothing is said to fit nothing.
    """
    by_post: dict[str, dict[str, Stance]] = {}
    bare: list[str] = []
    ambiguous: list[str] = []
    lost: list[str] = []
    everything = [(path, lazy) for path, of_post in threads.items() for lazy in of_post]
    for key, stance in overrides.items():
        found = _named(key, everything)
        if not found and ":" not in key:
            found = {(path, full) for path, lazy in everything if (full := _full_key(lazy, key)) is not None}
            if len({full for _, full in found}) > 1:
                ambiguous.append(key)
                continue
            if found:
                bare.append(f"{key} -> {next(iter(found))[1]}")
        if not found:
            lost.append(key)
        for path, full in found:
            by_post.setdefault(path, {})[full] = stance
    said = []
    if bare:
        said.append(
            f"overrides: {_listed(bare)}: a comment's id alone fits other threads one day. Write the whole key."
        )
    if ambiguous:
        said.append(f"overrides: {_listed(ambiguous)}: several comments have this id, so the line is ignored. {_LIST}")
    if lost and all_seen:
        said.append(
            f"overrides: {_listed(lost)}: no comment of this site has this key, so the line is ignored. {_LIST}"
        )
    return Corrections(by_post, tuple(said))


def learned(
    fits: Corrections,
    posts: Sequence[Post],
    threads: Mapping[str, Sequence[LazyThread]],
    settings: Settings,
    reader: Reader | None,
) -> Mapping[Stance, Probabilities]:
    """What the author's corrections teach of the reader's errors on this site: nothing under 30 of them."""
    if not fits.by_post:  # as on most sites: a warm build loads no reading
        return {}
    from mkdocs_echo_plugin.health.correction import FROM_LABELS, Label, correction

    if sum(map(len, fits.by_post.values())) < FROM_LABELS:
        return {}
    from mkdocs_echo_plugin.review.readings import readings

    labels = []
    plain = replace(settings, overrides={}, correction={})
    for post in posts:
        own = fits.by_post.get(post.path, {})
        with suppress(Unreadable):  # said where the post itself is read
            every = [lazy.again for lazy in threads.get(post.path, ())] if own else []
            read = readings(every, post, plain, reader=reader) if every else []
            labels += [Label(r.p, own[r.key]) for r in read if r.key in own and r.how == "read" and r.p is not None]
    return correction(labels)


def _named(key: str, everything: Iterable[tuple[str, LazyThread]]) -> set[tuple[str, str]]:
    """(post's path, key) of the comments that a whole key names: one, or the same in a thread that two posts share."""
    cuts = [i for i, character in enumerate(key) if character == "#"][-4:]
    ids = [key[cut + 1 :] for cut in cuts]
    return {
        (path, key)
        for path, lazy in everything
        if ids and key.startswith(f"{lazy.speakers.platform}:{'' if lazy.key is None else f'{lazy.key}#'}")
        if any(_full_key(lazy, comment_id) == key for comment_id in ids)
    }


def _full_key(lazy: LazyThread, comment_id: str) -> str | None:
    """The key of a thread's comment, None where the thread has no such comment."""
    if not lazy.mentions(f'"id":{json.dumps(comment_id)}'):
        return None
    from mkdocs_echo_plugin.stance.declared import override_key

    try:
        return override_key(lazy.again, comment_id)
    except Unreadable:
        return None


def _listed(keys: Sequence[str]) -> str:
    more = f" and {len(keys) - _SHOWN} more" if len(keys) > _SHOWN else ""
    return ", ".join(f"{key[:120]!r}" for key in keys[:_SHOWN]) + more
