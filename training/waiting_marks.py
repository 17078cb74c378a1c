"""How often what is said to wait does: questions without an answer, on the marks of the gold threads."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from mkdocs_echo_plugin.health.waiting import unanswered_questions
from mkdocs_echo_plugin.model import Probabilities
from mkdocs_echo_plugin.serialize import thread_from_dict
from mkdocs_echo_plugin.stance.edges import Edge
from mkdocs_echo_plugin.stance.voices import is_author, towards_post, voices
from mkdocs_echo_plugin.threads import clean
from training.rows import read_rows
from training.whole_threads import STANCES, blind_of, gold_files

DEVELOPED_ON_BLOG = "haacked/haacked.com"


def developed_on(repository: str, group: str) -> bool:
    """Whether the rules were developed on a thread: all blogs but the largest, and half of that one's threads."""
    return repository != DEVELOPED_ON_BLOG or int(group, 16) % 2 == 0


def judged(data: Path, readings: Path, reader: str, *, blog_seen: bool) -> Iterator[tuple[bool, bool, bool]]:
    """For each comment by anyone but the post's author: (the rules were developed on it, said to wait, waits)."""
    read = {}
    for row in read_rows(readings / "gold.jsonl"):
        q = None if blog_seen else row.get(f"{reader}_blog_out")
        q = q or row.get(reader)
        if q is not None:
            read[row["thread"], row["id"]] = Probabilities(*(q[stance] for stance in STANCES))
    for name, of, written in gold_files(data):
        marks = {mark["comment_id"]: mark for mark in of["comments"]}
        cleaned = clean(thread_from_dict(written))
        edges = [
            Edge("unknown", "en")
            if (q := read.get((name, r.comment.id))) is None
            else Edge("read", "en", q=q, pi=blind_of(reader)["top" if r.parent is None else "reply"])
            for r in cleaned.remarks
        ]
        found = voices(cleaned.remarks, edges, towards_post(cleaned.remarks, edges))
        said = unanswered_questions(cleaned, edges, found)
        for i, remark in enumerate(cleaned.remarks):
            if (mark := marks.get(remark.comment.id)) and not is_author(remark):
                yield developed_on(of["source_repo"], of["group"]), i in said, mark["question"] and not mark["answered"]


def table(data: Path, readings: Path, reader: str, *, blog_seen: bool = False) -> list[str]:
    """Precision and recall, on the threads that the rules were developed on, on the others, and on all."""
    found = list(judged(data, readings, reader, blog_seen=blog_seen))
    lines = ["| questions that wait | said | right | precision | recall | marked |", "|---|---|---|---|---|---|"]
    for words, kept in (("developed on", (True,)), ("not seen", (False,)), ("all", (True, False))):
        own = [(said, true) for seen, said, true in found if seen in kept]
        said, true = sum(s for s, _ in own), sum(t for _, t in own)
        right = sum(s and t for s, t in own)
        precision, recall = right / max(said, 1), right / max(true, 1)
        lines.append(f"| {words} | {said} | {right} | {precision:.2f} | {recall:.2f} | {true} |")
    return lines
