"""From what a venue tells to what we keep: plain, bounded text, and a keyed hash instead of whoever wrote it.

Nothing that names a person passes: e-mail addresses, their hashes, avatars, addresses of machines and the names
themselves stay outside. docs/privacy.md says so to people; the identity rules are those of "Who is who".
"""

from __future__ import annotations

import hashlib
import hmac
import os
import re
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from itertools import islice
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from mkdocs_echo_plugin.limits import (
    MAX_COMMENT_CHARACTERS,
    MAX_COMMENTS,
    MAX_MARKUP_CHARACTERS,
    MAX_NAME_CHARACTERS,
    MAX_REACTIONS,
)
from mkdocs_echo_plugin.model import Comment, Reaction, Role, Thread
from mkdocs_echo_plugin.sources.calling import addressed
from mkdocs_echo_plugin.sources.lookalikes import NOBODY, skeleton

if TYPE_CHECKING:
    from mkdocs_echo_plugin.sources.raw import Author, RawComment, RawReaction, RawThread


_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb]")
_BREAK = re.compile("\r\n?|[\u2028\u2029]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_ODD = re.compile(f"{_CONTROL.pattern[:-1]}\r\u2028\u2029\ud800-\udfff]")
_WORD = re.compile(r"\w")

_EMPTY_HASHES = frozenset(hashlib.new(n, b"", usedforsecurity=False).hexdigest() for n in ("md5", "sha1", "sha256"))
"""What systems give as e-mail hash of somebody who left the e-mail field empty: one "person" for all of them."""


def site_key(site_url: str | None) -> bytes:
    """The key of a site's author hashes: ECHO_KEY in the environment, else SHA-256("echo" + site_url).

    The second can be guessed by whoever knows the site, so it hides names from a glance and not from an attack.
    """
    given = os.environ.get("ECHO_KEY", "")
    return os.fsencode(given) if given else hashlib.sha256(f"echo{site_url or ''}".encode()).digest()


def clean(text: str, *, limit: int = MAX_COMMENT_CHARACTERS) -> str:
    """Text without control characters, direction overrides and broken surrogates; line ends "\\n"; cut at `limit`."""
    text = text[: 2 * limit]
    if _ODD.search(text):
        text = _SURROGATE.sub("\ufffd", _CONTROL.sub("", _BREAK.sub("\n", text)))
    return text[:limit].strip()


def link(url: str | None) -> str | None:
    """An http or https URL that is safe to show, None for any other (`javascript:`, a path, one with a password)."""
    if not url or len(url) > 2000 or any(c.isspace() or not c.isprintable() for c in url.strip()):
        return None
    try:
        parts = urlsplit(url.strip())
        fine = parts.scheme in {"http", "https"} and parts.hostname and not (parts.username or parts.password)
    except ValueError:
        return None
    return url.strip() if fine else None


class Anonymiser:
    """Admits what a venue tells. Safe to share between threads.

    Args:
        key: the site's key, see `site_key`.
        authors: logins or display names of who writes the posts; compared without case, before hashing.
        people: for each person that the site knows on several venues, "platform:login or name" of each account.
    """

    def __init__(self, key: bytes, *, authors: Iterable[str] = (), people: Iterable[Iterable[str]] = ()) -> None:
        self._key = key
        known = (frozenset(map(_folded, person)) for person in people)
        self._people = {account: min(person) for person in known for account in person}
        self._authors = frozenset(_folded(author.lstrip("@")) for author in authors) - {""}

    @property
    def digest(self) -> str:
        """16 hex digits that change with the key and the authors: what was admitted before must then not be used."""
        return self._hash("anonymiser", "2", *sorted(self._authors), *map(" ".join, sorted(self._people.items())))[:16]

    def to_thread(self, raw: RawThread, *, fetched_at: datetime | None = None) -> Thread:
        """One thread for keeping. Cycles, missing parents and duplicates are kept: `threads.clean` mends them.

        O(total length); never more than 100,000 comments of 20,000 characters, a cut is said in `truncated_reason`.
        """
        comments = raw.comments[:MAX_COMMENTS]
        venue = _venue(raw)
        people = {author: self._person(venue, author) for author in {c.author for c in comments} if author}
        ids = _distinct([c.id for c in comments])
        parents = [None if c.parent_id in (None, "") else _id(c.parent_id) for c in comments]
        roots = _roots(dict(zip(ids, parents, strict=True)))
        names = _callable(people)
        admitted = tuple(
            self._comment(venue, c, new, parent, roots[new], people, names)
            for c, new, parent in zip(comments, ids, parents, strict=True)
        )
        cut = len(raw.comments) > MAX_COMMENTS
        reason = f"only the first {MAX_COMMENTS:,} of {len(raw.comments):,} comments were kept" if cut else None
        return Thread(
            platform=clean(raw.platform, limit=40),
            source_url=link(raw.source_url),
            page_url=clean(raw.page_url, limit=2000) if raw.page_url else None,
            key=clean(raw.key, limit=500) if raw.key else None,
            fetched_at=_utc(fetched_at),
            title=" ".join(clean(raw.title, limit=500).split()),
            locked=raw.locked,
            complete=raw.complete and not cut,
            truncated_reason=reason or (clean(raw.truncated_reason, limit=300) if raw.truncated_reason else None),
            reported_count=raw.reported_count,
            open=raw.open,
            reactions=self._reactions(venue, raw.reactions),
            comments=admitted,
        )

    def _comment(
        self,
        venue: str,
        raw: RawComment,
        new: str,
        parent: str | None,
        root: str | None,
        people: Mapping[Author, tuple[str | None, Role]],
        names: Mapping[str, str | None],
    ) -> Comment:
        key, role = people[raw.author] if raw.author else (None, "unknown")
        gone = raw.state == "deleted"
        text = "" if gone else _plain(raw)
        called = self._person(venue, raw.addressed)[0] if raw.addressed else addressed(text, names)
        return Comment(
            id=new,
            parent_id=parent,
            root_id=root,
            parent_exact=raw.parent_exact,
            author_key=None if gone else key,
            author_role=role,
            addressed=called if called != key else None,
            created=_utc(raw.created),
            edited=_utc(raw.edited),
            text=text,
            url=link(raw.url),
            kind=raw.kind or ("comment" if parent is None else "reply"),
            reactions=self._reactions(venue, raw.reactions),
            score=raw.score,
            state=raw.state,
            declared=raw.declared,
            read=raw.read,
        )

    def _reactions(self, venue: str, reactions: Iterable[RawReaction]) -> tuple[Reaction, ...]:
        given = islice(reactions, MAX_REACTIONS)
        who = ((r, self._person(venue, r.author)[0] if r.author else None) for r in given)
        return tuple(Reaction(clean(r.content, limit=32), key, max(r.count, 0)) for r, key in who)

    def _person(self, venue: str, author: Author) -> tuple[str | None, Role]:
        name, login = _folded(author.name), _folded(author.id)
        role = author.role
        if role == "bot" or name.endswith("[bot]") or login.endswith("[bot]"):
            role = "bot"
        elif self._authors & {name, login} - {""}:
            role = "author"
        return self._identity(venue, author, name), role

    def _identity(self, venue: str, author: Author, name: str) -> str | None:
        for account in (f"{venue.split(' ')[0]}:{given}" for given in (_folded(author.id), name) if self._people):
            if account in self._people:
                return self._hash("person", self._people[account])
        stable = (author.id or "").strip()
        if stable and stable != "0":
            return self._hash(venue, "id", stable)
        email = unicodedata.normalize("NFC", author.email or "").strip().casefold()
        # MD5 is what most venues give instead of the address, so that both forms of one person meet
        own = hashlib.md5(email.encode("utf-8", "replace"), usedforsecurity=False).hexdigest() if "@" in email else ""
        given = own or (author.email_hash or "").strip().casefold()
        if given and given not in _EMPTY_HASHES:
            return self._hash(venue, "email", given)
        seen = skeleton(author.name or "")
        if not seen or re.fullmatch(NOBODY, name) or re.fullmatch(NOBODY, seen):
            return None
        website = (author.website or "").strip().casefold().removeprefix("https://").removeprefix("http://").rstrip("/")
        return self._hash(venue, "name", seen, website)

    def _hash(self, *parts: str) -> str:
        message = b"\x00".join(part.encode("utf-8", "replace") for part in parts)
        return hmac.digest(self._key, message, "sha256").hex()[:32]


def _venue(raw: RawThread) -> str:
    """Where ids are unique: the platform, and the server where one is known (user 1 of two blogs is not one person)."""
    host = urlsplit(link(raw.source_url) or "").hostname or ""
    return f"{raw.platform} {host.removeprefix('www.')}"


def _folded(name: str | None) -> str:
    name = unicodedata.normalize("NFC", name or "")
    is_clean = name.isascii() and name.isprintable() and len(name) <= MAX_NAME_CHARACTERS  # as most are
    return " ".join((name if is_clean else clean(name, limit=300)).casefold().split())


def _plain(raw: RawComment) -> str:
    body = raw.body[:MAX_MARKUP_CHARACTERS]
    if raw.markup == "html":
        from mkdocs_echo_plugin.sources.formats.markup import to_text

        body = to_text(body)
    return clean(body)


def _utc(when: datetime | None) -> datetime | None:
    if when is None:
        return None
    try:
        return when.replace(tzinfo=UTC) if when.tzinfo is None else when.astimezone(UTC)
    except (OverflowError, ValueError):
        return None


def _id(given: str | None) -> str:
    text = clean(str(given or ""), limit=400)
    return text if len(text) <= 200 else hashlib.sha256(text.encode()).hexdigest()[:32]


def _distinct(given: Iterable[str]) -> list[str]:
    """The ids, the second "5" as "5~2"; one without an id is "~1" and so on."""
    ids = [_id(one) for one in given]
    taken, seen, next_one, found = set(ids), set[str](), dict[str, int](), []
    for one in ids:
        new = one
        if new in seen or not new:
            number = next_one.get(one, 1 if not one else 2)
            while (new := f"{one}~{number}") in taken:
                number += 1
            next_one[one] = number + 1
            taken.add(new)
        seen.add(new)
        found.append(new)
    return found


def _roots(parents: Mapping[str, str | None]) -> dict[str, str | None]:
    """The top of each comment's branch: itself at the top level or under a missing parent, None in a circle."""
    roots: dict[str, str | None] = {}
    for start in parents:
        path, at, on_path = [], start, set[str]()
        while at not in roots and at not in on_path:
            path.append(at)
            on_path.add(at)
            above = parents[at]
            if above is None or above not in parents:
                roots[at] = at
            else:
                at = above
        top = roots.get(at)
        for one in path:
            roots[one] = top
    return roots


def _callable(people: Mapping[Author, tuple[str | None, Role]]) -> dict[str, str | None]:
    """The names by which the participants call one another, with their keys; None for a name that two share."""
    names: dict[str, str | None] = {}
    for author, (key, _) in people.items():
        for name in {_folded(author.name), _folded(author.id)} - {""} if key else ():
            names[name] = key if names.get(name, key) == key else None
    return names
