"""What each comment says towards its parent, and how that is known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from mkdocs_echo_plugin.model import How, Post, Probabilities, Stance
from mkdocs_echo_plugin.stance import Reader, Spoken, Tags, ThreadReader, ToRead, declared, thread_languages
from mkdocs_echo_plugin.stance.declared import heard, override_key
from mkdocs_echo_plugin.threads import CleanThread, Remark, own_words, words_of

READ_LANGUAGE: Final = "en"
_POST_CHARACTERS: Final = 10_000


@dataclass(frozen=True, slots=True)
class Edge:
    """A comment's stance towards its parent: certain (`stance`), read (`q`), or unknown (neither).

    `pi` is what its reader says blindly of comments at its place. `language` is the comment's, ISO 639-1. `heard`
    marks an outside view: what somebody else said, nobody's stance.
    """

    how: How
    language: str
    stance: Stance | None = None
    q: Probabilities | None = None
    pi: Probabilities | None = None
    heard: bool = False

    @property
    def p(self) -> Probabilities | None:
        """Its probabilities, all on one stance where it is certain."""
        return self.q if self.stance is None else CERTAIN[self.stance]


CERTAIN: Final[Mapping[Stance, Probabilities]] = {
    "disagree": Probabilities(1.0, 0.0, 0.0),
    "neutral": Probabilities(0.0, 1.0, 0.0),
    "agree": Probabilities(0.0, 0.0, 1.0),
}


def edges(
    clean: CleanThread, *, post: Post | None, reader: Reader, tags: Tags, overrides: Mapping[str, Stance]
) -> list[Edge]:
    """An edge for each remark: the site's override, else what its author declares, else what the reader reads, or read
    when the words were still there.

    Read only: English comments with words of their own whose parent's words are known, in English. Short ones are read
    like others: under ten words the readers are right more often than at any other length. A top-level comment is read
    against the post's title and beginning, also where it quotes a passage: so the reader was trained; without a post
    it is not read.
    """
    remarks = clean.remarks
    languages = thread_languages([r.words for r in remarks], post.language if post else READ_LANGUAGE)
    title, beginning = post_words(post) if post is not None and is_read(post.language) else ("", "")
    relayed = [heard(r.comment.text, tags) is not None for r in remarks]
    certain = [_certain(clean, r, tags, overrides) for r in remarks]
    to_read = [
        (i, item)
        for i, remark in enumerate(remarks)
        if certain[i] is None
        and not relayed[i]
        and remark.comment.read is None
        and _readable(remark, languages[i])
        and (item := _item(i, remarks, languages, title, beginning)) is not None
    ]
    read = _read(dict(to_read), remarks, reader, title, beginning)
    found: list[Edge] = []
    for i, known in enumerate(certain):
        if known is not None:
            how, stance = known
            found.append(Edge(how, languages[i], stance=stance))
        elif relayed[i]:
            found.append(Edge("unknown", languages[i], heard=True))
        elif (q := read.get(i, remarks[i].comment.read)) is not None:
            found.append(Edge("read", languages[i], q=q, pi=reader.pi["top" if remarks[i].parent is None else "reply"]))
        else:
            found.append(Edge("unknown", languages[i]))
    return found


def _read(
    items: Mapping[int, ToRead], remarks: Sequence[Remark], reader: Reader, title: str, beginning: str
) -> Mapping[int, Probabilities | None]:
    """What the reader reads, by place: among the whole thread where it wants to see that."""
    if not isinstance(reader, ThreadReader):
        return dict(zip(items, reader.read(list(items.values())), strict=True))
    names: dict[str, str] = {}
    spoken = [
        Spoken(
            r.words,
            None if r.broken else r.parent,
            "author"
            if r.comment.author_role in ("author", "owner")
            else names.setdefault(r.speaker, f"v{len(names) + 1}"),
        )
        for r in remarks
    ]
    return reader.read_thread(items, spoken, title=title, post=beginning) if items else {}


def post_words(post: Post) -> tuple[str, str]:
    """What a top-level comment answers: the title and the text's own words, else its description."""
    return post.title, own_words(post.text[:_POST_CHARACTERS]) or post.description


def is_read(language: str) -> bool:
    """Whether texts of this language are read; else only what people declare is known."""
    return language.lower().replace("_", "-").split("-")[0] == READ_LANGUAGE


def _certain(
    clean: CleanThread, remark: Remark, tags: Tags, overrides: Mapping[str, Stance]
) -> tuple[How, Stance] | None:
    comment = remark.comment
    key = override_key(clean.thread, comment.id) if overrides else ""
    if key in overrides:
        return "override", overrides[key]
    stance = comment.declared or declared(comment.text, tags)
    return None if stance is None else ("declared", stance)


def _readable(remark: Remark, language: str) -> bool:
    return language == READ_LANGUAGE and bool(words_of(remark.words))


def _item(i: int, remarks: Sequence[Remark], languages: Sequence[str], title: str, beginning: str) -> ToRead | None:
    remark = remarks[i]
    if remark.broken:
        return None
    if remark.parent is None:
        return ToRead(remark.words, title=title, post=beginning) if title or beginning else None
    parent = remarks[remark.parent]
    return ToRead(remark.words, parent.words) if parent.words and languages[remark.parent] == READ_LANGUAGE else None
