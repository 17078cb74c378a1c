"""What an adapter returns: comments as the comment system gives them, names and all.

These objects never leave the process: `anonymise.Anonymiser` turns them into a `model.Thread`, hashes who wrote, drops
e-mail addresses, and makes plain text of markup. Adapters fill in what their system gives and leave the rest.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from mkdocs_echo_plugin.model import Kind, Probabilities, Role, Stance, State
from mkdocs_echo_plugin.sources.notes import Note

Markup = Literal["html", "markdown", "text"]


@dataclass(frozen=True, slots=True)
class Author:
    """Who wrote, as the venue tells it. Identity: `id`, else `email` or `email_hash`, else `name` with `website`."""

    name: str | None = None
    id: str | None = None
    website: str | None = None
    email: str | None = None
    email_hash: str | None = None
    role: Role = "unknown"


@dataclass(frozen=True, slots=True)
class RawReaction:
    """A reaction by `author`, or by `count` accounts that the venue does not name."""

    content: str
    author: Author | None = None
    count: int = 1


@dataclass(frozen=True, slots=True)
class RawComment:
    """One comment as the venue tells it. `created` without a zone is taken as UTC. Order in the thread: the venue's.

    `addressed` is whom the source itself says the comment speaks to; without it, a name at its beginning is looked for.
    """

    id: str
    body: str = ""
    markup: Markup = "html"
    author: Author | None = None
    addressed: Author | None = None
    parent_id: str | None = None
    parent_exact: bool = True
    created: datetime | None = None
    edited: datetime | None = None
    url: str | None = None
    kind: Kind | None = None
    reactions: tuple[RawReaction, ...] = ()
    score: int | None = None
    state: State = "visible"
    declared: Stance | None = None
    read: Probabilities | None = None


@dataclass(frozen=True, slots=True)
class RawThread:
    """One thread as the venue tells it; fields as in `model.Thread`."""

    platform: str
    comments: tuple[RawComment, ...] = ()
    source_url: str | None = None
    page_url: str | None = None
    key: str | None = None
    title: str = ""
    locked: bool = False
    complete: bool = True
    truncated_reason: str | None = None
    reported_count: int | None = None
    open: bool = False
    reactions: tuple[RawReaction, ...] = ()
    aliases: tuple[str, ...] = ()
    """Other names of the same thread (a Disqus identifier beside its link): for matching files to posts only."""


@dataclass(frozen=True, slots=True)
class Document:
    """A file, or the body of an answer, to be read by an adapter.

    `name` is for messages and, for a file, its path; `url` is where it was fetched from. A directory of one-comment
    files (Staticman) is one Document with the files as `parts`, sorted by name. `notes` is filled as it is read.
    """

    name: str
    data: bytes = b""
    url: str | None = None
    parts: tuple[Document, ...] = field(default=())
    notes: list[Note] = field(default_factory=list, compare=False, repr=False)

    @property
    def head(self) -> bytes:
        """The first 4 KiB, enough to recognise a format by."""
        return self.data[:4096]
