"""A venue's raw list of comments becomes a clean tree: no duplicates, no loops, own words apart from quoted ones.

Nothing here reads a stance. What is dropped is counted, never lost without a word.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Final
from zlib import crc32

from mkdocs_echo_plugin.model import Comment, CommentCounts, Thread

FAR_PAST: Final = datetime.min.replace(tzinfo=UTC)
_LOOKED_BACK: Final = 200
"""Comments of a sub-thread among which the one that a flattened reply quotes is looked for."""
NEARLY_THE_SAME: Final = 0.8
"""The share of common words from which two unnamed comments are taken for one person's."""
_ODD: Final = (0x9E3779B1, 0x85EBCA77, 0xC2B2AE3D, 0x27D4EB2F, 0x165667B1, 0xD6E8FEB9, 0xCA5A8263, 0x94D049BB)
_LARGEST_BUCKET: Final = 20
_FENCE = re.compile(r"^[ \t]*(```|~~~).*?(?:^[ \t]*\1[ \t]*$|\Z)", re.MULTILINE | re.DOTALL)
_CODE = re.compile(r"(?<!`)(`++)[^`]{1,2000}+\1(?!`)")
_MARKDOWN_LINK = re.compile(r"!?\[([^\[\]\n]{0,500})\]\([^()\s]{1,2000}(?:\s+\"[^\"\n]{0,200}\")?\)")
_URL = re.compile(r"(?:https?://|www\.)[^\s<>]{1,2000}", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_ASCII_WORD = re.compile(r"[A-Za-z]+(?:'[A-Za-z]+)*")  # the same for ASCII, in half the time
_RUN = re.compile("[a-z]+")
_QUOTE_LINE = re.compile(r"^[ \t]{0,3}(?:>|&gt;)")


@dataclass(frozen=True, slots=True)
class Remark:
    """One visible comment by a person, with its place in the tree.

    `parent` is the index of the remark that it answers, None at top level. `broken` marks a comment whose true parent
    cannot be known (deleted, pending, missing, in a loop, or flattened away by the venue): its stance towards the post
    cannot be told from where it hangs. `root` is the index of the first remark of its sub-thread. `speaker` tells who
    speaks: the author's key; for an unnamed one the place of the first unnamed comment with nearly the same words.
    """

    comment: Comment
    words: str
    quoted: str
    parent: int | None
    root: int
    broken: bool
    speaker: str = ""


@dataclass(frozen=True, slots=True)
class CleanThread:
    """A thread's remarks in order of time, and how many comments were left out, by reason."""

    thread: Thread
    remarks: tuple[Remark, ...]
    counts: CommentCounts


def own_words(text: str) -> str:
    """A comment's own words: without quoted lines, code and links (a link's text stays, a bare address goes).

    >>> own_words("> You are wrong\\nI agree, see `x = 1` at https://example.org/a")
    'I agree, see   at'
    """
    text = text if len(text) <= 50_000 else text[:50_000]
    if "```" in text or "~~~" in text:
        text = _FENCE.sub(" ", text)
    if ">" in text or "&gt;" in text:
        text = "\n".join(line for line in text.split("\n") if not _QUOTE_LINE.match(line))
    if "`" in text:
        text = _CODE.sub(" ", text)
    if "](" in text:
        text = _MARKDOWN_LINK.sub(r"\1", text)
    if "://" in text or "www." in text.lower():
        text = _URL.sub(" ", text)
    return text.strip()


def quoted_words(text: str) -> str:
    """The lines that a comment quotes, without their marks."""
    if ">" not in text and "&gt;" not in text:
        return ""
    lines = (line for line in text.split("\n") if _QUOTE_LINE.match(line))
    return "\n".join(line.lstrip().removeprefix("&gt;").lstrip("> \t") for line in lines).strip()


def words_of(text: str) -> list[str]:
    """The words of a text, in order: letters with inner apostrophes, no digits."""
    return (_ASCII_WORD if text.isascii() else _WORD).findall(text)


@lru_cache(maxsize=1024)
def count_words(text: str) -> int:
    """How many words a text has."""
    return len(words_of(text))


@lru_cache(maxsize=1024)
def runs(text: str) -> frozenset[str] | None:
    """The runs of letters of an ASCII text in lower case; None for another, where letters may have more than two cases.

    What looks for words by pattern asks here first: most comments have none of those with which it could begin.
    """
    return frozenset(_RUN.findall(text.lower())) if text.isascii() else None


def in_time(comment: Comment) -> tuple[datetime, str]:
    """The order of comments: by time, then by id, so that the venue's order of siblings does not matter."""
    return (comment.created or FAR_PAST, comment.id)


def clean(thread: Thread) -> CleanThread:
    """The remarks of a thread: visible comments by people, duplicates out, tree made safe, quotes and code apart.

    Duplicates: the same id again, or the same author, parent and words (a double click). A comment under a missing,
    deleted or held one stays, marked `broken`; loops are cut and marked. O(n log n), no recursion.
    """
    deleted = pending = pings = bots = 0
    alive: dict[str, Comment] = {}
    everyone: dict[str, Comment] = {}
    said: dict[tuple[str | None, str | None, str], str] = {}
    same: dict[str, str] = {}
    undated = all(c.created is None for c in thread.comments)
    for c in thread.comments if undated else sorted(thread.comments, key=in_time):
        if c.id in everyone:
            continue
        everyone[c.id] = c
        if c.kind not in ("comment", "reply"):
            pings += 1
        elif c.state in ("deleted", "hidden"):
            deleted += 1
        elif c.state == "pending":
            pending += 1
        elif c.author_role == "bot":
            bots += 1
        else:
            text = unicodedata.normalize("NFC", " ".join(c.text.split()))
            signature = (c.author_key or c.id, c.parent_id, text)
            if text and signature in said:
                same[c.id] = said[signature]
                continue
            said[signature] = c.id
            alive[c.id] = c
    remarks = _tree(list(alive.values()), alive, everyone, same)
    counts = CommentCounts(read=len(remarks), deleted=deleted, pending=pending, pings=pings, bots=bots)
    return CleanThread(thread=thread, remarks=remarks, counts=counts)


def _tree(
    order: Sequence[Comment], alive: dict[str, Comment], everyone: dict[str, Comment], same: dict[str, str]
) -> tuple[Remark, ...]:
    """Remarks with parents resolved to indices: every chain of parents ends, and ends at a root."""
    index = {c.id: i for i, c in enumerate(order)}
    parents: list[int | None] = []
    broken: list[bool] = []
    visible: dict[str, str | None] = {}
    for c in order:
        above = c.parent_id if c.parent_id is None else same.get(c.parent_id, c.parent_id)
        broken.append(above is not None and (above not in alive or above == c.id))
        # past a deleted, held or unknown comment the sub-thread is still the same one: climb to what is visible
        climbed: list[str] = []
        while above is not None and above not in alive and above not in visible:
            visible[above] = None
            climbed.append(above)
            higher = everyone[above].parent_id if above in everyone else None
            above = same.get(higher, higher) if higher is not None else None
        top = above if above in alive else visible.get(above or "")
        visible.update(dict.fromkeys(climbed, top))
        parents.append(index[top] if top is not None and top != c.id else None)
    _cut_loops(parents, broken)
    roots = _roots(parents)
    quotes = [quoted_words(c.text) for c in order]
    words = [own_words(c.text) for c in order]
    _unflatten(order, words, quotes, parents, broken, roots)
    copied = first_of_same_words({i: words[i] for i, c in enumerate(order) if not c.author_key})
    return tuple(
        Remark(
            comment=c,
            words=words[i],
            quoted=quotes[i],
            parent=parents[i],
            root=roots[i],
            broken=broken[i],
            speaker=c.author_key or f"anonymous {copied[i]}",
        )
        for i, c in enumerate(order)
    )


def _cut_loops(parents: list[int | None], broken: list[bool]) -> None:
    """Turns every comment that is its own ancestor into a root, marked broken."""
    done = [False] * len(parents)
    for start in range(len(parents)):
        path: list[int] = []
        on_path: set[int] = set()
        at: int | None = start
        while at is not None and not done[at]:
            if at in on_path:
                for member in path[path.index(at) :]:
                    parents[member] = None
                    broken[member] = True
                break
            path.append(at)
            on_path.add(at)
            at = parents[at]
        for member in path:
            done[member] = True


def _roots(parents: Sequence[int | None]) -> list[int]:
    roots: list[int | None] = [None] * len(parents)
    for start in range(len(parents)):
        path = []
        at = start
        while (found := roots[at]) is None and (above := parents[at]) is not None:
            path.append(at)
            at = above
        root = found if found is not None else at
        roots[at] = root
        for member in path:
            roots[member] = root
    return [root if root is not None else i for i, root in enumerate(roots)]


def _unflatten(
    order: Sequence[Comment],
    words: Sequence[str],
    quotes: Sequence[str],
    parents: list[int | None],
    broken: list[bool],
    roots: Sequence[int],
) -> None:
    """Where the venue flattened a reply, its parent is the one whose name or words it quotes, else unknown."""
    flattened = [i for i, c in enumerate(order) if not c.parent_exact and parents[i] is not None]
    if not flattened:
        return
    earlier: dict[int, list[int]] = {}
    for i, root in enumerate(roots):
        earlier.setdefault(root, []).append(i)
    folded: dict[int, str] = {}
    for i in flattened:
        beside = earlier[roots[i]]
        end = bisect_left(beside, i)
        before = beside[max(end - _LOOKED_BACK, 0) : end]
        called = [j for j in before if order[i].addressed and order[j].author_key == order[i].addressed]
        quote = _folded(quotes[i])
        if len(quote) >= 12:
            for j in before:
                if j not in folded:
                    folded[j] = _folded(words[j])
            called = [j for j in before if quote in folded[j]] or called
        if called:
            parents[i] = called[-1]
        else:
            broken[i] = True


def first_of_same_words(texts: Mapping[int, str]) -> dict[int, int]:
    """For each text, the place of the first with the same or nearly the same words, else its own.

    Nearly the same: four fifths of their different words are common to both (Jaccard), whatever their order, digits,
    marks and case. Candidates are found by their smallest hashes (MinHash; Broder, 1997), so that all pairs need not be
    looked at: O(total length).
    """
    first: dict[int, int] = {}
    of_words: dict[frozenset[str], int] = {}
    buckets: dict[tuple[int, int], list[frozenset[str]]] = {}
    for place, text in texts.items():
        words = frozenset(word.casefold() for word in words_of(unicodedata.normalize("NFKC", text)))
        if not words:  # only signs or digits: such texts are compared as they are
            words = frozenset(text.split())
        if words in of_words:
            first[place] = of_words[words]
            continue
        hashes = [crc32(word.encode("utf-8", "replace")) for word in words]
        keys = [(n, min((h * odd + n) & 0xFFFFFFFF for h in hashes)) for n, odd in enumerate(_ODD)] if hashes else []
        near = (other for key in keys for other in buckets.get(key, ()) if _is_near(words, other))
        same = next(near, None)
        of_words[words] = first[place] = place if same is None else of_words[same]
        for key in keys:
            bucket = buckets.setdefault(key, [])
            if same is None and len(bucket) < _LARGEST_BUCKET:
                bucket.append(words)
    return first


def _is_near(one: frozenset[str], other: frozenset[str]) -> bool:
    small, large = sorted((len(one), len(other)))
    return small >= NEARLY_THE_SAME * large and len(one & other) >= NEARLY_THE_SAME * len(one | other)


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())
