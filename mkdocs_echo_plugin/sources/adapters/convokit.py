"""ConvoKit corpora (Chang et al. 2020): `utterances.jsonl` in, and a thread out as utterances."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from mkdocs_echo_plugin.errors import Unreadable
from mkdocs_echo_plugin.model import State, Thread
from mkdocs_echo_plugin.sources.formats.json_values import has, lines, number, table, text, when
from mkdocs_echo_plugin.sources.raw import Author, Document, RawComment, RawThread

_SECONDS = re.compile(r"\d{1,15}(?:\.\d{0,9})?", re.ASCII)
_GONE: Mapping[str, State] = {"[deleted]": "deleted", "[removed]": "hidden"}


@dataclass(frozen=True)
class ConvoKit:
    """Files only: the `utterances.jsonl` of a corpus, every conversation a thread."""

    name: ClassVar[str] = "convokit"
    title: ClassVar[str] = "ConvoKit corpus"
    venue: ClassVar[str] = "ConvoKit"
    social: ClassVar[bool] = False
    needs: ClassVar[str] = "nothing"

    @classmethod
    def recognises(cls, document: Document) -> bool:
        who = has(document, "speaker") or has(document, "user")
        parent = has(document, "reply-to") or has(document, "reply_to")
        return who and parent and has(document, "id", "text", "timestamp")

    def read(self, document: Document) -> Iterable[RawThread]:
        by_talk: dict[str, list[Mapping[str, Any]]] = {}
        for value in lines(document, "the corpus"):
            for row in (
                table(one) for one in (value if isinstance(value, list) else [value])
            ):  # utterances.json, older
                talk = text(row.get("conversation_id")) or text(row.get("root")) or text(row.get("id"))
                if talk is not None and text(row.get("id")) is not None:
                    by_talk.setdefault(talk, []).append(row)
        if not by_talk and document.data.strip():
            raise Unreadable(f"{document.name}: no utterances in it. Name the utterances.jsonl of a ConvoKit corpus.")
        return [_thread(talk, found) for talk, found in by_talk.items()]


def _thread(talk: str, found: list[Mapping[str, Any]]) -> RawThread:
    opening = next((row for row in found if table(row.get("meta")).get("post") is True), None)
    page = table(table(opening).get("meta"))
    return RawThread(
        platform=text(page.get("platform")) or "convokit",
        comments=tuple(_comment(row, opening) for row in found if row is not opening),
        key=text(page.get("key")) or talk,
        page_url=text(page.get("page_url")),
        title=(text(opening.get("text")) or "") if opening else "",
    )


def _comment(row: Mapping[str, Any], opening: Mapping[str, Any] | None) -> RawComment:
    speaker = row.get("speaker") or row.get("user")
    name = text(table(speaker).get("id")) or text(speaker)
    above, words = text(row.get("reply-to") or row.get("reply_to")), text(row.get("text")) or ""
    state = text(table(row.get("meta")).get("state"))
    known: Mapping[str, State] = {"deleted": "deleted", "hidden": "hidden", "pending": "pending"}
    moment = row.get("timestamp")
    return RawComment(
        text(row.get("id")) or "",
        body=words,
        markup="text",
        author=Author(name=name, id=name) if name and name not in _GONE else None,
        parent_id=None if opening and above == text(opening.get("id")) else above,
        created=when(float(moment) if isinstance(moment, str) and _SECONDS.fullmatch(moment) else moment),
        score=number(table(row.get("meta")).get("score")),
        state=known.get(state or "", _GONE.get(words.strip(), "visible")),
    )


def thread_to_utterances(thread: Thread) -> list[dict[str, Any]]:
    """A thread as utterances of one ConvoKit conversation, ready to be written as JSON lines.

    A conversation has one root, so the post is its first utterance (`meta.post` true) and top-level comments answer it.
    Speakers are v1, v2 ... by first appearance; whoever is not named is a speaker of their own. Times in seconds.
    """
    talk = f"post:{thread.platform}:{thread.key or thread.page_url or 'thread'}"
    ids = {comment.id for comment in thread.comments}
    names: dict[str, str] = {}
    post = {"post": True, "platform": thread.platform, "key": thread.key, "page_url": thread.page_url}
    out = [_utterance(talk, talk, "post", None, None, thread.title, post)]
    for comment in thread.comments:
        who = names.setdefault(comment.author_key or f"\0{comment.id}", f"v{len(names) + 1}")
        above = comment.parent_id if comment.parent_id in ids else talk
        moment = comment.created.timestamp() if comment.created else None
        meta = {"state": comment.state, "kind": comment.kind, "declared": comment.declared, "score": comment.score}
        out.append(_utterance(comment.id, talk, who, above, moment, comment.text, meta))
    return out


def _utterance(
    identity: str, talk: str, who: str, above: str | None, moment: float | None, words: str, meta: dict[str, Any]
) -> dict[str, Any]:
    return {
        "id": identity, "conversation_id": talk, "speaker": who, "reply-to": above, "timestamp": moment, "text": words,
        "meta": meta, "vectors": [],
    }  # fmt: skip
