"""Labelled threads for fitting and judging the estimate: what a reader said of each voice, and what is true.

    DATA      holds blog/ (stance.jsonl.gz, debates.jsonl.gz) and gold_threads/
    READINGS  holds, out of fold by blog, stance_oof.jsonl, gold.jsonl, debates.jsonl and posts_oof.jsonl: one JSON
              object a line, with the reader's probabilities under its name (`"embedded": {"disagree":, "neutral":,
              "agree":}`); `NAME_blog_out`, where it is there, is of a model that never saw the blog

Groups of labelled top-level comments of one post stand for threads where the estimate is fitted; the gold threads are
only judged on, and go through the product's own edges and voices.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from mkdocs_echo_plugin.health.verdict import Division, division, too_few
from mkdocs_echo_plugin.model import Probabilities
from mkdocs_echo_plugin.serialize import thread_from_dict
from mkdocs_echo_plugin.stance import load
from mkdocs_echo_plugin.stance.edges import Edge
from mkdocs_echo_plugin.stance.reader import Task
from mkdocs_echo_plugin.stance.voices import towards_post, voices
from mkdocs_echo_plugin.threads import clean
from mkdocs_echo_plugin.thresholds import POSITION_UNREAD
from training.rows import read_rows

STANCES = ("disagree", "neutral", "agree")
PI = Probabilities(0.135, 0.648, 0.217)
"""The shares of disagree, neutral, agree among labelled blog comments: what a reader says blindly."""

FEWEST_ROWS = 5
UNLABELLED = 0.25
"""The share of opinion posts among those labelled: the position of a post whose kind was not."""


@dataclass(frozen=True)
class Case:
    """One thread: a reader's evidence of each known voice, and the true counts (agree, neutral, disagree).

    `truths` are the verdicts of one or two independent readings of the whole; `position` is the probability that the
    post takes one, read out of fold by blog.
    """

    name: str
    blog: str
    kind: str
    position: float
    asks: bool
    evidence: tuple[Probabilities, ...]
    unknown: int
    counts: tuple[int, int, int]
    truths: frozenset[Division]

    @property
    def n(self) -> int:
        """All voices."""
        return len(self.evidence) + self.unknown


@cache
def blind_of(reader: str) -> Mapping[Task, Probabilities]:
    """What the reader says blindly, by task; of one that does not ship, the shares of blog comments for both."""
    if reader == "embedded":
        return load(reader).pi
    if reader == "crossencoder":
        about = json.loads(
            resources.files("mkdocs_echo_plugin.stance").joinpath("crossencoder.json").read_text("utf-8")
        )
        return {task: Probabilities(*about["tasks"][task]["pi"]) for task in ("top", "reply")}
    return {"top": PI, "reply": PI}


def counted(stances: list[str]) -> tuple[int, int, int]:
    """(agree, neutral, disagree)."""
    return stances.count("agree"), stances.count("neutral"), stances.count("disagree")


def verdict(counts: tuple[int, int, int], unknown: int = 0) -> Division:
    """The verdict that the rules give on counts."""
    return too_few(sum(counts), unknown) or division(*counts)


def labelled(data: Path, readings: Path, reader: str) -> list[Case]:
    """Groups of five and more labelled top-level comments of one post, no gold thread among them."""
    gold = {of["group"] for _, of, _ in gold_files(data)}
    kinds = {row["group"]: row["kind"] for row in read_rows(data / "blog" / "posts.jsonl.gz")}
    groups: dict[str, list[dict[str, Any]]] = {}
    for row in read_rows(readings / "stance_oof.jsonl"):
        fit = row["kind"] == "top" and row["label"] in STANCES and row.get(reader) is not None
        if fit and row["group"] not in gold:
            groups.setdefault(row["group"], []).append(row)
    cases = []
    for group, rows in groups.items():
        if len(rows) < FEWEST_ROWS:
            continue
        counts = counted([row["label"] for row in rows])
        evidence = tuple(_evidence(row[reader], blind_of(reader)["top"]) for row in rows)
        kind = kinds.get(group, "unread")
        # where the kind was labelled it is taken as an author would have set it: the priors are those of true kinds
        position = UNLABELLED if kind == "unread" else float(kind == "opinion")
        truths = frozenset({verdict(counts)})
        cases.append(Case(group, rows[0]["blog"], kind, position, False, evidence, 0, counts, truths))
    return cases


def gold(data: Path, readings: Path, reader: str, *, blog_seen: bool = False) -> list[Case]:
    """The whole threads, each voice read by a model that never saw its blog, up the tree as the product does.

    With `blog_seen` by one that saw other threads of the blog, never this one.
    """
    read: dict[tuple[str, str], Probabilities] = {}
    for row in read_rows(readings / "gold.jsonl"):
        q = None if blog_seen else row.get(f"{reader}_blog_out")
        q = q or row.get(reader)
        if q is not None:
            read[row["thread"], row["id"]] = Probabilities(*(q[stance] for stance in STANCES))
    taken = positions(readings)
    cases = []
    for name, of, written in gold_files(data):
        cleaned = clean(thread_from_dict(written))
        edges = [
            Edge("unknown", "en")
            if (q := read.get((name, r.comment.id))) is None
            else Edge("read", "en", q=q, pi=blind_of(reader)["top" if r.parent is None else "reply"])
            for r in cleaned.remarks
        ]
        found = voices(cleaned.remarks, edges, towards_post(cleaned.remarks, edges))
        evidence = [v.voice.reading.evidence for v in found]
        first, second = (counted([v[which] for v in of["voices"]]) for which in ("stance", "second"))
        known = {comment for v in found if v.voice.reading.evidence is not None for comment in v.voice.comments}
        true = counted([v["stance"] for v in of["voices"] if v["comments"][0] in known])
        cases.append(
            Case(name, of["source_repo"], of["sample"], taken.get(name, POSITION_UNREAD), False,
                 tuple(e for e in evidence if e is not None), evidence.count(None), true,
                 frozenset({verdict(first), verdict(second)}))
        )  # fmt: skip
    return cases


def debates(data: Path, readings: Path, reader: str) -> list[Case]:
    """Debates of a newspaper where every person takes a side; most titles are questions."""
    read = {row["id"]: row.get(reader) for row in read_rows(readings / "debates.jsonl")}
    groups: dict[str, list[dict[str, Any]]] = {}
    for row in read_rows(data / "blog" / "debates.jsonl.gz"):
        if read.get(row["id"]) is not None:
            groups.setdefault(row["group"], []).append(row)
    cases = []
    for group, rows in groups.items():
        if len(rows) >= FEWEST_ROWS:
            sides = [row["stance"] for row in rows]
            counts = (sides.count(1), 0, sides.count(2))
            evidence = tuple(_evidence(read[row["id"]], blind_of(reader)["top"]) for row in rows)
            asks = "?" in rows[0]["title"]
            cases.append(Case(group, "debates", "debate", 1.0, asks, evidence, 0, counts, frozenset({verdict(counts)})))
    return cases


def _evidence(q: Any, blind: Probabilities) -> Probabilities:
    return Probabilities(*(max(q[stance], 1e-4) / base for stance, base in zip(STANCES, blind, strict=True)))


def positions(readings: Path) -> dict[str, float]:
    """The probability of a position by the post's group, or by the gold thread's name."""
    found: dict[str, float] = {}
    for row in read_rows(readings / "posts_oof.jsonl"):
        shares = row.get("p_blog_out") or row.get("p") or row.get("kinds")
        found[row.get("thread") or row["group"]] = row.get("position_blog_out") or shares["opinion"]
    return found


def gold_files(data: Path) -> Iterator[tuple[str, dict[str, Any], dict[str, Any]]]:
    """(name, its marks, the thread) of each gold thread."""
    for path in sorted((data / "gold_threads" / "gold").glob("*.json")):
        of = json.loads(path.read_text("utf-8"))
        yield path.stem, of, json.loads((data / "gold_threads" / of["thread_file"]).read_text("utf-8"))
