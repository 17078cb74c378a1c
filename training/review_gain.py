"""What the author's own labels gain, on whole threads: `python -m training review`.

A reader that never saw the blog reads each gold thread. The site's author then labels 0, 2, 5 or 10 comments of it,
those that `mkdocs-echo review` would ask about, with the stance that the annotators gave. From 30 labels of a blog
on the reader is corrected by them, as in a build; the labels of the thread that is judged are among them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from mkdocs_echo_plugin.assess import Read, views_of, with_voices
from mkdocs_echo_plugin.health.correction import Label, correction
from mkdocs_echo_plugin.health.correction import corrected as corrected_by
from mkdocs_echo_plugin.health.verdict import Division
from mkdocs_echo_plugin.model import KindFacts, Settings, Stance
from mkdocs_echo_plugin.review.questions import questions
from mkdocs_echo_plugin.serialize import thread_from_dict
from mkdocs_echo_plugin.stance.declared import override_key
from mkdocs_echo_plugin.stance.edges import Edge
from mkdocs_echo_plugin.threads import clean
from mkdocs_echo_plugin.thresholds import POSITION_UNREAD
from training import whole_threads
from training.rows import read_rows
from training.whole_threads import PI, STANCES, Probabilities, counted, gold_files, verdict

LABELS = (0, 2, 5, 10)


@dataclass(frozen=True)
class Talk:
    """A gold thread as a reader has read it, with the true stance of its comments towards what they answer."""

    blog: str
    sample: str
    read: Read
    kind: KindFacts
    labels: dict[str, Stance]
    truths: frozenset[Division]


def talks(data: Path, readings: Path, reader: str, *, blog_seen: bool = False) -> list[Talk]:
    """The gold threads."""
    read: dict[tuple[str, str], Probabilities] = {}
    for row in read_rows(readings / "gold.jsonl"):
        q = None if blog_seen else row.get(f"{reader}_blog_out")
        q = q or row.get(reader)
        if q is not None:
            read[row["thread"], row["id"]] = Probabilities(*(q[stance] for stance in STANCES))
    taken = whole_threads.positions(readings)
    found = []
    for name, of, written in gold_files(data):
        cleaned = clean(thread_from_dict(written))
        edges = [
            Edge("unknown", "en") if (q := read.get((name, r.comment.id))) is None else Edge("read", "en", q=q, pi=PI)
            for r in cleaned.remarks
        ]
        kind = KindFacts("opinion", "default", taken.get(name, POSITION_UNREAD))
        first, second = (counted([v[which] for v in of["voices"]]) for which in ("stance", "second"))
        found.append(
            Talk(of["source_repo"], of["sample"], with_voices(cleaned, edges, ()), kind, _labels(of),
                 frozenset({verdict(first), verdict(second)}))
        )  # fmt: skip
    return found


def _labels(of: dict[str, Any]) -> dict[str, Stance]:
    """By comment, its stance towards what it answers: as its edge was labelled, else as its voice was."""
    said: dict[str, Stance] = {}
    for row in (*of["top_level"], *of["edges"]):
        said[str(row.get("comment_id") or row.get("id") or row.get("reply"))] = row.get("stance") or row.get("label")
    for voice in of["voices"]:
        if len(voice["comments"]) == 1:
            said.setdefault(voice["comments"][0], voice["stance"])
    return said


def labelled(talk: Talk, many: int, settings: Settings) -> Talk:
    """The thread after so many answers of its author."""
    read, passed = talk.read, set[str]()
    for _ in range(many):
        following = next((q for q in questions(talk.kind, [read], settings, passed=passed)
                          if q.reading.comment_id in talk.labels), None)  # fmt: skip
        if following is None:
            break
        passed.add(following.reading.key)
        edges = [
            Edge("override", e.language, stance=talk.labels[r.comment.id], q=e.q, pi=e.pi)
            if override_key(read.clean.thread, r.comment.id) == following.reading.key
            else e
            for r, e in zip(read.clean.remarks, read.edges, strict=True)
        ]
        read = with_voices(read.clean, edges, ())
    return replace(talk, read=read)


def corrected(own: Sequence[Talk]) -> list[Talk]:
    """The threads of one blog, its reader corrected by the labels of all."""
    labels = [
        Label(edge.q, edge.stance)
        for talk in own
        for edge in talk.read.edges
        if edge.how == "override" and edge.q is not None and edge.stance is not None
    ]
    factors = correction(labels)
    return [
        replace(
            talk,
            read=with_voices(
                talk.read.clean,
                [replace(e, q=corrected_by(e.q, factors)) if e.how == "read" and e.q else e for e in talk.read.edges],
                (),
            ),
        )
        for talk in own
    ]


def report(data: Path, readings: Path, reader: str, *, blog_seen: bool = False) -> str:
    """The table: labels a thread, what is said then, and how much of it is true."""
    settings = Settings(reader=reader)
    every = talks(data, readings, reader, blog_seen=blog_seen)
    lines = [
        f"| labels a thread ({reader}) | threads | informative | true | precision | labels given |",
        "|---|---|---|---|---|---|",
    ]
    for many in LABELS:
        done = [labelled(talk, many, settings) for talk in every]
        given = sum(e.how == "override" for talk in done for e in talk.read.edges)
        lines.append(_line(str(many), done, settings, given))
        if many:
            by_blog: dict[str, list[Talk]] = defaultdict(list)
            for talk in done:
                by_blog[talk.blog].append(talk)
            mended = [talk for own in by_blog.values() for talk in corrected(own)]
            lines.append(_line(f"{many}, reader corrected", mended, settings, given))
    return "\n".join(lines)


def _line(name: str, done: Sequence[Talk], settings: Settings, given: int) -> str:
    said = right = 0
    for talk in done:
        figures = views_of(talk.read.voices, talk.kind, settings)[1]
        one = Division(figures.verdict, figures.side, figures.strength)
        if one.verdict in ("few-sides", "several", "one-side"):
            said += 1
            right += any(one == t or (one.strength is None and one[:2] == t[:2]) for t in talk.truths)
    n = len(done)
    return (
        f"| {name} | {n} | {100 * said / n:.0f} % ({said}) | {100 * right / n:.0f} % ({right}) "
        f"| {right / said if said else 0:.2f} | {given} |"
    )
