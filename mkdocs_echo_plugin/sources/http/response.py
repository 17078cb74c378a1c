"""What a venue answered, and what makes the next question for the same address conditional."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from mkdocs_echo_plugin.errors import Unreachable, Unreadable
from mkdocs_echo_plugin.sources.formats import json_values
from mkdocs_echo_plugin.sources.raw import Document


class Gone(Unreachable):
    """The venue says that the address is gone (404, 410, 451): whatever was kept of it must go too."""


class NotModified(Exception):
    """Nothing changed since the validator that `if_modified` was given. For `cache.read_through`, not for adapters."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a venue answered. `headers` are in lower case; `url` is the last hop's, without any token."""

    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def shown(self) -> str:
        """The address for messages: no query, for a venue's key may be there."""
        return self.url.partition("#")[0].partition("?")[0][:300]

    def json(self) -> Any:
        """The body as JSON, however deep.

        Raises:
            Unreadable: it is not; the message says what it is instead.
        """
        try:
            return json_values.loads(self.body.decode(json.detect_encoding(self.body)))
        except RecursionError:
            return json_values.parse(self.document(), "the venue")
        except ValueError:
            kind = self.headers.get("content-type", "").partition(";")[0].strip()[:60]
            what = f"is {kind}, not JSON" if kind and "json" not in kind else "is broken or truncated JSON"
            raise Unreadable(f"{self.shown}: the answer {what}. Is the address that of the venue's API?") from None

    def document(self) -> Document:
        """The body for an adapter's `read`."""
        return Document(name=self.shown, data=self.body, url=self.url)


@dataclass(frozen=True, slots=True)
class Validator:
    """What a venue gave to ask "has it changed?" with. `address` is the SHA-256 of a URL, not the URL."""

    address: str
    etag: str | None = None
    modified: str | None = None

    @property
    def headers(self) -> dict[str, str]:
        """The headers of a conditional request."""
        given = {"if-none-match": self.etag, "if-modified-since": self.modified}
        return {name: value for name, value in given.items() if value}


@dataclass(slots=True)
class Exchange:
    """What one thread asked for one post's comments; `known` is the validator of the last time.

    Only a single GET can be conditional: of many pages, the first may be unchanged while a later one grew.
    """

    known: Validator | None = None
    requests: int = 0
    seen: Validator | None = None

    def condition(self, address: str) -> dict[str, str]:
        """Counts a request, and gives the headers that make it conditional if it is the one that is known."""
        self.requests, self.seen = self.requests + 1, None
        first = self.requests == 1 and self.known is not None and self.known.address == address
        return self.known.headers if first and self.known else {}

    def note(self, address: str, headers: Mapping[str, str]) -> None:
        """Keeps an answer's validator while it is the only answer."""
        etag, modified = headers.get("etag"), headers.get("last-modified")
        self.seen = Validator(address, etag, modified) if self.requests == 1 and (etag or modified) else None


exchange: ContextVar[Exchange | None] = ContextVar("exchange", default=None)


@contextmanager
def if_modified(known: Validator | None) -> Iterator[Exchange]:
    """Makes this thread's first GET conditional if it is the one that `known` validates, and notes the next one."""
    mine = Exchange(known)
    before = exchange.set(mine)
    try:
        yield mine
    finally:
        exchange.reset(before)
