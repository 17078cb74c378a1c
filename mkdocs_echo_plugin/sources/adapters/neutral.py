"""Neutral threads in JSON, JSON lines or YAML: what `mkdocs-echo fetch` writes, and the way in for what no API gives.

Comments of LinkedIn or X, for example, written down by hand. docs/sources/neutral.md shows the keys."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import PurePath
from typing import Any, ClassVar, NoReturn, get_args

from mkdocs_echo_plugin.errors import TooLarge, Unreadable
from mkdocs_echo_plugin.model import Kind, Role, Stance, State
from mkdocs_echo_plugin.sources.formats import dates, decode, json_values, yaml_values
from mkdocs_echo_plugin.sources.formats.shape import fields
from mkdocs_echo_plugin.sources.formats.yaml_lines import line_of
from mkdocs_echo_plugin.sources.raw import Author, Document, Markup, RawComment, RawReaction, RawThread

_YAML = (".yml", ".yaml")
_SCHEMA = re.compile(rb'["\']?schema["\']?\s*:\s*["\']?thread\.v1\b')
_OURS = frozenset(("author", "author_key", "stance", "parent", "parent_id"))
_THEIRS = frozenset(
    ("remote_addr", "commentHex", "pid", "wm-id", "orig", "uniqueId", "hidden_replies", "total_replies", "locator",
     "speaker", "message", "content", "body", "comment", "nick", "date", "depth", "_id", "children", "points", "mode",
     "dislikes", "hash", "user", "cooked", "author_id", "author_is_uploader", "cid")
)  # fmt: skip
_PLACES = ("[]", "comments[]", "[].comments[]", "threads[].comments[]")
_DIGITS = re.compile(r"\d{9,10}(?:\d{3})?(?:\.\d+)?")
_STATES, _KINDS, _ROLES, _STANCES, _MARKUPS = map(get_args, (State, Kind, Role, Stance, Markup))
_SAID = (*_STANCES, "unknown")
_YES = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False, "": False}

Where = tuple["Where", str | int] | tuple[()]
"""The way to a part of a file, last step outermost: linked, so that nested replies share what is above them."""


@dataclass(frozen=True, slots=True)
class Neutral:
    """The adapter. No options."""

    name: ClassVar[str] = "neutral"
    title: ClassVar[str] = "neutral JSON or YAML"
    venue: ClassVar[str] = "Neutral"
    social: ClassVar[bool] = False
    needs: ClassVar[str] = "nothing"

    @classmethod
    def recognises(cls, document: Document) -> bool:
        """Says `thread.v1`, or holds comments whose keys are ours and no other system's."""
        head = document.head.removeprefix(b"\xef\xbb\xbf").lstrip()
        if head[:1] == b"<" or document.parts:
            return False
        if _SCHEMA.search(head):
            return True
        # an object alone is a comment only where others follow it
        places = ("", *_PLACES) if head[:1] == b"{" and b"}\n{" in head else _PLACES
        return any(_is_ours(fields(document, place).keys()) for place in places)

    def read(self, document: Document) -> Iterator[RawThread]:
        """The threads in a document: one object, a list, JSON lines, several YAML documents or {"threads": [...]}."""
        words = decode.text(document)
        written = [_Written(document, words, value, line) for line, value in _values(document, words)]
        if written and all(_is_comment(w.value) for w in written):  # JSON lines or YAML documents, one a comment
            written = [_Written(document, words, {"comments": [w.value for w in written]})]
        threads = [thread for one in written for thread in one.threads()]
        for thread in threads:
            yield thread.thread(named=len(threads) == 1)


def _is_ours(keys: Set[str]) -> bool:
    return "text" in keys and bool(keys & _OURS) and not keys & _THEIRS


def _is_comment(value: object) -> bool:
    return isinstance(value, Mapping) and "comments" not in value and "threads" not in value and bool(_words(value))


def _words(value: Mapping[str, Any]) -> bool:
    return any(key in value for key in ("text", "body", "message", "content"))


def _values(document: Document, words: str) -> Iterator[tuple[int, Any]]:
    """What the file holds at its top, with its line in JSON lines, else 0."""
    name = document.name
    if name.endswith(_YAML) or not words.lstrip().startswith(("{", "[")):
        for value in yaml_values.documents(document, words):
            if value is not None:
                yield 0, value
        return
    try:
        yield 0, json_values.loads(words)
    except RecursionError:
        yield 0, json_values.parse(document, "its source")
    except json_values.TooManyValues as error:
        raise TooLarge(f"{name}: {error}. Split it.") from None
    except json.JSONDecodeError as error:
        if error.msg != "Extra data":
            line = error.lineno
            raise Unreadable(f"{name}: line {line} is not valid JSON ({error.msg}). Correct it there.") from None
        yield from _lines(name, words)
    except ValueError:
        raise Unreadable(f"{name}: a number in it has thousands of digits. Correct the file.") from None


def _lines(name: str, words: str) -> Iterator[tuple[int, Any]]:
    for number, line in enumerate(words.split("\n"), start=1):
        if line.strip():
            try:
                yield number, json.loads(line)
            except (ValueError, RecursionError) as error:
                why = getattr(error, "msg", "a number of thousands of digits, or nested too deeply")
                raise Unreadable(f"{name}: line {number} is not valid JSON ({why}). Write one object a line.") from None


@dataclass(frozen=True, slots=True)
class _Written:
    """A part of a file, and where it stands: for messages that name the line."""

    document: Document
    words: str
    value: Any
    line: int = 0
    where: Where = ()

    def threads(self) -> list[_Written]:
        value = self.value
        if isinstance(value, Mapping) and "threads" in value:
            return self._list("threads")
        if isinstance(value, list) and value and all(_is_comment(one) for one in value):
            return [replace(self, value={"comments": value})]
        if isinstance(value, list):
            return [replace(self, value=one, where=(self.where, i)) for i, one in enumerate(value)]
        return [self]

    def thread(self, *, named: bool) -> RawThread:
        if not isinstance(self.value, Mapping) or "comments" not in self.value:
            self.fail("holds no thread: an object with 'comments' was expected")
        page = self.get("page_url", "page", "url", "link")
        key = self.get("key", "id", "slug")
        if key is None and page is None and named:
            key = PurePath(self.document.name).stem or None
        counted = json_values.number(self.value.get("reported_count"))
        aliases = self.value.get("aliases")
        return RawThread(
            platform=self.get("platform", "venue") or "neutral",
            comments=tuple(self._comments()),
            source_url=self.get("source_url", "source"),
            page_url=page,
            key=key,
            title=self.get("title") or "",
            locked=self._flag("locked", default=False),
            complete=self._flag("complete", default=True),
            truncated_reason=self.get("truncated_reason"),
            reported_count=counted if counted is not None and counted >= 0 else None,
            open=self._flag("open", default=False),
            reactions=tuple(self._reactions()),
            aliases=tuple(filter(None, map(json_values.text, aliases))) if isinstance(aliases, list) else (),
        )

    def _comments(self) -> Iterator[RawComment]:
        """The comments in order; replies that are nested in their parent come after it, however deep."""
        stack: list[tuple[_Written, str | None]] = [(w, None) for w in reversed(self._list("comments"))]
        number = 0
        while stack:
            written, above = stack.pop()
            number += 1
            comment = written._comment(above, f"{number}")
            yield comment
            for nested in ("replies", "comments", "children"):
                if isinstance(written.value.get(nested), list):
                    stack += [(w, comment.id) for w in reversed(written._list(nested))]

    def _comment(self, above: str | None, number: str) -> RawComment:
        if not isinstance(self.value, Mapping):
            self.fail("a comment has to be an object with 'text'")
        state = self._one_of("state", _STATES, "visible")
        if self.value.get("deleted") is True:
            state = "deleted"
        body = self.get("text", "body", "message", "content", "comment")
        if body is None and not (_words(self.value) or state != "visible" or self.value.get("kind")):
            self.fail("a comment has no 'text'")
        stance = self._one_of("declared", _SAID, "") or self._one_of("stance", _SAID, "")
        return RawComment(
            id=self.get("id", "_id", "comment_id") or number,
            body=body or "",
            markup=self._one_of("markup", _MARKUPS, "text"),
            author=self._author(),
            addressed=Author(id=whom) if (whom := json_values.text(self.value.get("addressed"))) else None,
            parent_id=self.get("parent_id", "parent", "reply_to", "in_reply_to", "replying_to") or above,
            parent_exact=self._flag("parent_exact", default=True),
            created=self._moment("created", "time", "date", "timestamp", "published", "created_at"),
            edited=self._moment("edited", "updated", "modified"),
            url=self.get("url", "link", "permalink"),
            kind=self._one_of("kind", _KINDS, "") or None,
            reactions=tuple(self._reactions()),
            score=json_values.number(self.value.get("score")),
            state=state,
            declared=stance if stance in _STANCES else None,
            read=json_values.shares(self.value.get("read")),
        )

    def _author(self) -> Author | None:
        role: Role = self._one_of("author_role", _ROLES, "") or self._one_of("role", _ROLES, "unknown")
        person = self.value.get("author")
        if isinstance(person, Mapping):
            name, key, site = (json_values.text(person.get(k)) for k in ("name", "id", "url"))
            key = key or json_values.text(self.value.get("author_key"))
        else:
            name = self.get("author", "name", "speaker", "user", "author_name")
            key, site = self.get("author_key", "author_id"), self.get("author_url", "website")
        if name is None and key is None:
            return None if role == "unknown" else Author(role=role)
        return Author(name=name, id=key, website=site, role=role)

    def _reactions(self) -> Iterator[RawReaction]:
        given = self.value.get("reactions")
        for one in given if isinstance(given, list) else ():
            if isinstance(one, Mapping) and (content := json_values.text(one.get("content"))):
                who = json_values.text(one.get("author_key")) or json_values.text(one.get("author"))
                count = json_values.number(one.get("count"))
                yield RawReaction(content, Author(id=who) if who else None, 1 if count is None else max(count, 0))
        for key, content in (("likes", "+1"), ("dislikes", "-1")):
            count = json_values.number(self.value.get(key))
            if count and count > 0:
                yield RawReaction(content, count=count)

    def get(self, *keys: str) -> str | None:
        """The first of the keys that is there, as text; a list or an object in its place is an error."""
        for key in keys:
            value = self.value.get(key)
            if value is None or value == "":
                continue
            if isinstance(value, list | dict):
                if key in ("id", "comment", "comments"):
                    continue
                self.fail(f"'{key}' has to be one value, not a list or an object", key)
            return json_values.text(value)
        return None

    def _flag(self, key: str, *, default: bool) -> bool:
        value = self.value.get(key)
        return default if value is None else _YES.get(str(value).strip().lower(), default)

    def _moment(self, *keys: str) -> datetime | None:
        for key in keys:
            value = self.value.get(key)
            if isinstance(value, str) and not _DIGITS.fullmatch(value.strip()):
                return dates.parse(value)
            if isinstance(value, str):
                value = float(value)
            if isinstance(value, int | float):
                return json_values.when(value, unit=0.001 if value > 1e11 else 1.0)
        return None

    def _one_of(self, key: str, known: tuple[str, ...], default: str) -> Any:
        value = self.value.get(key)
        if value is None or value == "":
            return default
        word = value.strip().lower() if isinstance(value, str) else None
        if word not in known:
            self.fail(f"'{key}' has to be one of {', '.join(known)}", key)
        return word

    def _list(self, key: str) -> list[_Written]:
        value = self.value.get(key)
        if value is None:
            return []
        if not isinstance(value, list):
            self.fail(f"'{key}' has to be a list", key)
        return [replace(self, value=one, where=((self.where, key), i)) for i, one in enumerate(value)]

    def fail(self, what: str, key: str = "") -> NoReturn:
        """Raises Unreadable with the line that the part stands on."""
        where = (self.where, key) if key else self.where
        steps: list[str | int] = []
        while where:
            where, step = where
            steps.append(step)
        line = f"line {self.line}" if self.line else line_of(self.words, steps[::-1])
        raise Unreadable(f"{self.document.name}: {line}: {what}. docs/sources/neutral.md shows the keys.")
