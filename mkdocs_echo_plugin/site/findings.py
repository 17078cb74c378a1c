"""What only the whole site shows: who is new, and whether the same circle talks under every post."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from math import comb
from typing import Final

from mkdocs_echo_plugin.model import Comment, Finding, Health, Thread
from mkdocs_echo_plugin.venues import all_social

_FEWEST_THREADS: Final = 3
_FEWEST_VOICES: Final = 5
_RARE: Final = 0.10


def speaks(comment: Comment) -> bool:
    """Whether a comment is a named person's: visible, no ping, no bot, not by the post's author."""
    return (
        comment.author_key is not None
        and comment.state == "visible"
        and comment.kind in ("comment", "reply")
        and comment.author_role not in ("author", "owner", "bot")
    )


@dataclass(frozen=True, slots=True)
class Speakers:
    """Who spoke in a thread: all that the site as a whole has to know of it.

    `spoke` has each named person's first dated comment, None where none is dated; `others` are further author keys.
    """

    platform: str
    comments: int
    spoke: Mapping[str, datetime | None]
    others: tuple[str, ...] = ()


def speakers(thread: Thread | Speakers) -> Speakers:
    """Who spoke in a thread."""
    if isinstance(thread, Speakers):
        return thread
    spoke: dict[str, datetime | None] = {}
    others: dict[str, None] = {}
    for comment in thread.comments:
        key, when = comment.author_key, comment.created
        if key is None:
            continue
        if not speaks(comment):
            others[key] = None
        elif (had := spoke.setdefault(key, when)) is None or (when is not None and when < had):
            spoke[key] = when
    return Speakers(thread.platform, len(thread.comments), spoke, tuple(key for key in others if key not in spoke))


def first_seen(threads: Iterable[Thread | Speakers]) -> dict[str, datetime]:
    """For each author key the time of its first comment in any of the threads; undated comments say nothing."""
    first: dict[str, datetime] = {}
    for thread in threads:
        for key, when in speakers(thread).spoke.items():
            if when is not None and ((had := first.get(key)) is None or when < had):
                first[key] = when
    return first


def findings(posts: Mapping[str, Health], threads: Mapping[str, Sequence[Thread | Speakers]]) -> tuple[Finding, ...]:
    """What the posts' discussions have in common, worth telling the site's author; empty where nothing is.

    Args:
        posts: each post's health, by its path.
        threads: each post's threads, by its path.
    """
    circle = same_circle(threads)
    found = []
    if circle:
        text = f"The same commenters return under {len(circle)} posts, more than chance among them would have it."
        found.append(Finding("same-circle", text, circle))
    one_side = tuple(sorted(path for path, health in posts.items() if health.state == "one-side"))
    judged = [health for health in posts.values() if health.state in ("one-side", "several")]
    if len(judged) >= _FEWEST_THREADS and len(one_side) == len(judged):
        text = "In every discussion that can be judged most take the same side."
        found.append(Finding("one-side-throughout", text, one_side))
    venues = {v.platform for path in threads for v in map(speakers, threads[path]) if v.comments}
    if all_social(venues):
        text = "All comments come from social media; nobody else can be heard here."
        found.append(Finding("only-social-media", text))
    return tuple(found)


def same_circle(threads: Mapping[str, Sequence[Thread | Speakers]]) -> tuple[str, ...]:
    """The posts whose voices return from earlier posts more than chance would have it, in order of time.

    For each post the number of voices k that also spoke under the post before it is held against drawing its voices at
    random from the site's own pool: hypergeometric, P(K >= k) <= .10. A raw overlap says nothing: two random draws from
    one pool of commenters have a Jaccard index of .14 at three voices and .44 at twenty. Fewer than three such posts
    are no circle. Posts of fewer than five named voices are left out.
    """
    spoke = []
    for path, of_post in threads.items():
        talks = [speakers(thread).spoke for thread in of_post]
        voices = {key for talk in talks for key in talk}
        times = [when for talk in talks for when in talk.values() if when is not None]
        if len(voices) >= _FEWEST_VOICES and times:
            spoke.append((min(times), path, voices))
    spoke.sort(key=lambda entry: entry[:2])
    pool = len(set().union(*(voices for _, _, voices in spoke))) if spoke else 0
    returning = [
        path
        for (_, _, before), (_, path, now) in pairwise(spoke)
        if chance_of_overlap(len(before & now), len(before), len(now), pool) <= _RARE
    ]
    return tuple(returning) if len(returning) >= _FEWEST_THREADS else ()


def chance_of_overlap(shared: int, first: int, second: int, pool: int) -> float:
    """P(K >= shared) for K, the voices that two draws of `first` and `second` from a pool have in common.

    1 for shared = 0, and where everybody in the pool spoke under both.
    """
    ways = sum(comb(first, k) * comb(pool - first, second - k) for k in range(shared, min(first, second) + 1))
    return ways / comb(pool, second)
