"""How every comment of a post was read, with the key by which the site's author can correct it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mkdocs_echo_plugin.assess import Read, read
from mkdocs_echo_plugin.model import How, Post, Probabilities, Settings, Stance, Thread
from mkdocs_echo_plugin.stance import Reader, most_probable
from mkdocs_echo_plugin.stance.declared import override_key
from mkdocs_echo_plugin.stance.edges import Edge
from mkdocs_echo_plugin.stance.voices import is_author


@dataclass(frozen=True, slots=True)
class CommentReading:
    """How one comment was read towards what it answers. For the site's author alone.

    `key` is its line in the file of overrides. `who` is "author" (the post's) or v1, v2 ... in order of first
    appearance. `answers` are the words of the comment that it answers, "" where it answers the post. `stance` is the
    most probable one, None where nothing is known; `p` the probabilities, None where nothing is known.
    """

    key: str
    comment_id: str
    url: str | None
    who: str
    words: str
    answers: str
    how: How
    stance: Stance | None
    p: Probabilities | None


def readings(
    threads: Sequence[Thread], post: Post | None, settings: Settings | None = None, *, reader: Reader | None = None
) -> list[CommentReading]:
    """How every comment of a post's threads was read, thread by thread, in order of time.

    Comments that are no remarks (pings, deleted and held ones) are left out. The post's author's own are in the list:
    they can be corrected, too, where they answer a comment.

    Raises:
        ConfigurationError: the reader that the settings name does not exist or is not installed.
    """
    _, found = read(threads, post=post, settings=settings or Settings(), reader=reader)
    return readings_of(found)


def readings_of(found: Sequence[Read]) -> list[CommentReading]:
    """The same, of threads that were read before."""
    names: dict[str, str] = {}
    listed = []
    for one in found:
        remarks = one.clean.remarks
        for i, (remark, edge) in enumerate(zip(remarks, one.edges, strict=True)):
            speaker = remark.speaker if remark.comment.author_key else f"{one.clean.thread.platform} {i}"
            who = "author" if is_author(remark) else names.setdefault(speaker, f"v{len(names) + 1}")
            above = "" if remark.parent is None else remarks[remark.parent].words
            key = override_key(one.clean.thread, remark.comment.id)
            listed.append(
                CommentReading(key, remark.comment.id, remark.comment.url, who, remark.words, above,
                               edge.how, _stance(edge), edge.p)
            )  # fmt: skip
    return listed


def _stance(edge: Edge) -> Stance | None:
    return edge.stance if edge.stance is not None or edge.q is None else most_probable(edge.q)
