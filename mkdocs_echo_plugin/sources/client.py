"""The one door to the network: which address may be asked, how often, how long, how much, and with which token.

docs/network.md says what it promises; `transport` holds the sockets. Safe to use from several threads: one connection
a host, eight in all.
"""

from __future__ import annotations

import json
import logging
import threading
import time
from collections.abc import Callable, Collection, Hashable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, Self, TypeVar
from urllib.parse import unquote_plus

from mkdocs_echo_plugin.errors import RateLimited, Refused, SourceError, TooLarge, Unreachable, Unreadable
from mkdocs_echo_plugin.sources.manners import Crawler, until
from mkdocs_echo_plugin.sources.raw import Document
from mkdocs_echo_plugin.sources.token import Token

if TYPE_CHECKING:
    import httpx

    from mkdocs_echo_plugin.sources.transport import Resolver, Transport

__all__ = ["Answer", "Client", "Exchange", "NotModified", "Token", "Validator", "listening"]

NAME = "mkdocs-echo-plugin"
HOPS = 5
AT_ONCE = 8
GIVEN_UP = 3
T = TypeVar("T")

logging.getLogger("stamina").addHandler(logging.NullHandler())  # a retry is no warning for a build's log


@dataclass(frozen=True, slots=True)
class Validator:
    """What makes the next request for the same address conditional. `address` is a SHA-256, not the URL."""

    address: str
    etag: str | None = None
    modified: str | None = None


@dataclass(slots=True)
class Exchange:
    """What one thread asked for one post's comments; `known` is the validator of the last time.

    Only a single GET can be conditional: of many pages, the first may be unchanged while a later one grew.
    """

    known: Validator | None = None
    requests: int = 0
    seen: Validator | None = None


_exchange: ContextVar[Exchange | None] = ContextVar("exchange", default=None)


@contextmanager
def listening(known: Validator | None) -> Iterator[Exchange]:
    """Makes this thread's first GET conditional if it is the one that `known` validates, and notes the next one."""
    exchange = Exchange(known)
    token = _exchange.set(exchange)
    try:
        yield exchange
    finally:
        _exchange.reset(token)


class NotModified(Exception):
    """The venue says that nothing changed since the validator that `listening` was given."""


class _Again(Exception):
    def __init__(self, error: SourceError, wait: float | bool = True) -> None:
        self.error, self.wait = error, wait


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
        return self.url.partition("#")[0].partition("?")[0]

    def json(self) -> Any:
        """The body as JSON.

        Raises:
            Unreadable: it is not; the message says what it is instead.
        """
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            kind = self.headers.get("content-type", "").partition(";")[0].strip()[:60]
            what = f"is {kind}, not JSON" if kind and "json" not in kind else "is broken or truncated JSON"
            raise Unreadable(f"{self.shown}: the answer {what}. Is the address that of the venue's API?") from None

    def document(self) -> Document:
        """The body for an adapter's `read`."""
        return Document(name=self.shown, data=self.body, url=self.url)


@dataclass(slots=True)
class _Host:
    lock: threading.RLock = field(default_factory=threading.RLock)
    limited: RateLimited | None = None
    silent: int = 0


class Client:
    """Asks venues. A context manager; httpx is imported at the first request.

    Args:
        allow_private: also ask loopback and private networks, and send a token over plain http.
        offline: ask nobody; every request raises `Unreachable`.
        user_agent: who asks.
        timeout: seconds for a whole answer with its redirects.
        limit: decompressed bytes of an answer.
        hosts: where given, the only hosts that may be asked.
        attempts: how often a request is tried where the venue is overloaded or silent.
        patience: the longest wait in seconds that a venue may ask for.
        pause: seconds before the second attempt; doubled for the third.
        resolver: names to addresses.
    """

    def __init__(
        self,
        *,
        allow_private: bool = False,
        offline: bool = False,
        user_agent: str | None = None,
        timeout: float = 20.0,
        limit: int = 10_000_000,
        hosts: Collection[str] = (),
        attempts: int = 3,
        patience: float = 60.0,
        pause: float = 0.5,
        resolver: Resolver | None = None,
    ) -> None:
        self.allow_private, self.offline, self.timeout, self.limit = allow_private, offline, timeout, limit
        self.hosts = frozenset(host.casefold() for host in hosts)
        self.requests = 0
        self.asked: list[str] = []
        self._agent = user_agent or f"{NAME}/{version(NAME)} (reads the comment threads of a site's own posts)"
        self._attempts, self._patience, self._pause, self._resolver = attempts, patience, pause, resolver
        self._lock = threading.Lock()
        self._slots = threading.BoundedSemaphore(AT_ONCE)
        self._hosts: dict[str, _Host] = {}
        self._once: dict[Hashable, _Once] = {}
        self._crawler = Crawler(NAME)
        self._opened: Transport | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._opened:
            self._opened.close()
            self._opened = None

    def get(
        self,
        url: str,
        *,
        params: Mapping[str, str | int] | None = None,
        headers: Mapping[str, str] | None = None,
        token: Token | None = None,
        accept: str = "application/json",
        absent: Collection[int] = (),
        scrape: bool = False,
    ) -> Answer:
        """Asks for one address.

        Args:
            token: sent to its own host only, never on after a redirect.
            absent: statuses (404, 410) that are an answer and not an error.
            scrape: a page made for people: robots.txt is obeyed.

        Raises:
            Refused: a rule of ours or the host's robots.txt forbids it.
            RateLimited: the venue asks to wait for longer than our patience.
            Unreachable: no answer in time, or an error status.
            TooLarge, Unreadable: more bytes than the limit; broken compression, not the kind of document asked for.
        """
        import httpx

        target = _url(url).copy_merge_params(dict(params)) if params else _url(url)
        sent = {"accept": accept, **(headers or {})}
        exchange = _exchange.get()
        address = sha256(str(target).encode()).hexdigest()
        if exchange:
            exchange.requests += 1
            if exchange.requests == 1 and exchange.known and exchange.known.address == address:
                sent |= {"if-none-match": exchange.known.etag} if exchange.known.etag else {}
                sent |= {"if-modified-since": exchange.known.modified} if exchange.known.modified else {}
        answer = self._follow(httpx.Request("GET", target, headers=sent), token, {*absent, 304}, scrape=scrape)
        if answer.status == 304:
            raise NotModified
        if exchange and exchange.requests == 1:
            etag, modified = answer.headers.get("etag"), answer.headers.get("last-modified")
            exchange.seen = Validator(address, etag, modified) if etag or modified else None
        elif exchange:
            exchange.seen = None
        kind = answer.headers.get("content-type", "text/html")
        if "html" in accept and answer.status < 400 and not any(k in kind for k in ("html", "xml", "text/")):
            raise Unreadable(f"{answer.shown} is {kind[:60]}, not a web page. Name the page that shows the comments.")
        return answer

    def post(
        self,
        url: str,
        *,
        json: Any,
        headers: Mapping[str, str] | None = None,
        token: Token | None = None,
        accept: str = "application/json",
        absent: Collection[int] = (),
    ) -> Answer:
        """Sends JSON and returns the answer; errors as in `get`. A redirect is refused: set the address right."""
        import httpx

        if exchange := _exchange.get():
            exchange.requests, exchange.seen = exchange.requests + 1, None
        sent = {"accept": accept, **(headers or {})}
        return self._follow(httpx.Request("POST", _url(url), headers=sent, json=json), token, absent, scrape=False)

    def once(self, key: Hashable, make: Callable[[], T]) -> T:
        """What `make` gives, made by whoever asks first; the others wait, and get the same (or the same error)."""
        with self._lock:
            memo = self._once.setdefault(key, _Once())
        if exchange := _exchange.get():
            exchange.requests, exchange.seen = exchange.requests + 1, None
        with memo.lock:
            if not memo.made:
                token = _exchange.set(None)  # a listing for many posts is nobody's own answer
                try:
                    memo.value = make()
                except SourceError as error:
                    memo.error = error
                finally:
                    _exchange.reset(token)
                memo.made = True
        if memo.error:
            raise memo.error.with_traceback(None)
        return memo.value  # type: ignore[no-any-return]

    def _follow(
        self, request: httpx.Request, token: Token | None, absent: Collection[int], *, scrape: bool
    ) -> Answer:
        left = self.timeout
        for _ in range(HOPS + 1):
            self._permit(request.url, token)
            if scrape and not self._crawler.may(str(request.url), self._robots):
                raise Refused(f"{_shown(request.url)}: the host's robots.txt asks programs not to read this page.")
            began = time.monotonic()
            answer = self._ask(request, token, absent, left)
            if answer.status not in {301, 302, 303, 307, 308} or "location" not in answer.headers:
                return answer
            left -= time.monotonic() - began
            request = self._next(request, answer, token)
            token = None
        raise Unreachable(f"{_shown(request.url)}: more than {HOPS} redirects.")

    def _next(self, request: httpx.Request, answer: Answer, token: Token | None) -> httpx.Request:
        import httpx

        shown, place = answer.shown, answer.headers["location"]
        if request.method != "GET":
            raise Refused(f"{shown} sends a POST elsewhere. Set the venue's new address.")
        if token and token.value in unquote_plus(place):
            raise Refused(f"{shown}: the redirect carries the token onward. Set the venue's new address.")
        try:
            url = request.url.join(place)
        except (httpx.InvalidURL, ValueError):
            raise Unreachable(f"{shown} redirects to something that is no address.") from None
        if token and request.url.scheme == "https" and url.scheme == "http":
            raise Refused(f"{shown} redirects from https to http. Set the venue's new address.")
        onward = {k: v for k, v in request.headers.items() if k in {"accept", "if-none-match", "if-modified-since"}}
        return httpx.Request("GET", url, headers=onward)

    def _permit(self, url: httpx.URL, token: Token | None) -> None:
        shown = _shown(url)
        if url.scheme not in {"http", "https"} or not url.host:
            raise Refused(f"{shown[:200]}: only http and https addresses are read.")
        if url.userinfo:
            raise Refused(f"{shown}: an address with a name and password in it is not asked.")
        if self.hosts and url.host.casefold() not in self.hosts:
            raise Refused(f"{shown}: the host is none that mkdocs.yml names.")
        if token and not token.fits(url.host, url.port):
            raise Refused(f"{shown}: the token is for {token.host} alone.")
        if token and url.scheme != "https" and not self.allow_private:
            raise Refused(f"{shown}: a token travels over https only.")
        if self.offline:
            raise Unreachable(f"offline: {url.host} was not asked.")

    def _ask(self, request: httpx.Request, token: Token | None, absent: Collection[int], left: float) -> Answer:
        import stamina

        with self._lock:
            host = self._hosts.setdefault(request.url.netloc.decode("ascii"), _Host())
        with host.lock:
            if host.limited and host.limited.until and host.limited.until > datetime.now(UTC):
                raise host.limited.with_traceback(None)
            trials = stamina.retry_context(
                on=lambda error: error.wait if isinstance(error, _Again) else False,
                attempts=self._attempts,
                timeout=None,
                wait_initial=self._pause,
                wait_jitter=0,
            )
            try:
                for trial in trials:
                    with trial:
                        if host.silent >= GIVEN_UP:
                            raise Unreachable(
                                f"{request.url.host} did not answer {GIVEN_UP} times in a row; it is not asked again."
                            )
                        return self._once_over(request, token, absent, left, host)
            except _Again as again:
                host.limited = again.error if isinstance(again.error, RateLimited) else None
                raise again.error from None
        raise AssertionError("stamina tries at least once")

    def _once_over(
        self, request: httpx.Request, token: Token | None, absent: Collection[int], left: float, host: _Host
    ) -> Answer:
        import httpcore

        from mkdocs_echo_plugin.sources.transport import body

        shown, transport = _shown(request.url), self._transport()
        request.headers.update({"user-agent": self._agent, "accept-encoding": "gzip, deflate"})
        request.extensions = {"token": token}
        with self._lock:
            self.requests += 1
            if request.url.host not in self.asked:
                self.asked.append(request.url.host)
        try:
            with self._slots:
                transport.deadline.at = time.monotonic() + left
                response = transport.handle_request(request)
                try:
                    self._judge(response, absent, shown)
                    content = body(response, limit=self.limit, shown=shown)
                finally:
                    response.close()
        except httpcore.TimeoutException:
            host.silent += 1
            raise _Again(Unreachable(f"{shown} did not answer within {self.timeout:g} s.")) from None
        except httpcore.ConnectError as error:
            host.silent += 1
            raise _Again(Unreachable(f"{shown} cannot be reached: {error}.")) from None
        except (httpcore.NetworkError, httpcore.ProtocolError):
            raise _Again(Unreachable(f"{shown}: the answer broke off or is no HTTP.")) from None
        host.silent = 0
        return Answer(str(request.url), response.status_code, dict(response.headers), content)

    def _judge(self, response: httpx.Response, absent: Collection[int], shown: str) -> None:
        status, headers = response.status_code, response.headers
        if status < 400 or status in absent:
            return
        spent = status == 403 and ("retry-after" in headers or headers.get("x-ratelimit-remaining") == "0")
        if status == 429 or spent or (status == 503 and "retry-after" in headers):
            when = until(headers, now := datetime.now(UTC))
            wait = (when - now).total_seconds() if when else True
            day = f" until {when:%Y-%m-%d %H:%M:%S} UTC" if when else ""
            limited = RateLimited(f"{shown}: the venue asks to wait{day}.", until=when)
            raise _Again(limited, False if wait > self._patience else wait)
        error_ = Unreachable(f"{shown} answered {status} {response.reason_phrase}.{HINTS.get(status, '')}")
        raise _Again(error_, status in {502, 503, 504})

    def _robots(self, url: str) -> bytes | None:
        """A host's robots.txt, b"" where it has none (RFC 9309: all is allowed), None where it cannot be known."""
        import httpx

        try:
            answer = self._follow(httpx.Request("GET", url), None, range(400, 500), scrape=False)
        except TooLarge:
            return None
        return b"" if answer.status >= 400 else answer.body

    def _transport(self) -> Transport:
        from mkdocs_echo_plugin.sources.transport import Transport, resolve

        with self._lock:
            if not self._opened:
                self._opened = Transport(allow_private=self.allow_private, resolver=self._resolver or resolve)
            return self._opened


HINTS = {
    401: " Is the token right, and still valid?",
    403: " Does the venue let programs read it, and has the token the scope that the manual names?",
    404: " Is the address right?",
}


@dataclass(slots=True)
class _Once:
    lock: threading.RLock = field(default_factory=threading.RLock)
    made: bool = False
    value: Any = None
    error: SourceError | None = None


def _url(text: str) -> httpx.URL:
    import httpx

    try:
        return httpx.URL(text)
    except (httpx.InvalidURL, ValueError, TypeError):
        raise Refused(f"'{str(text).partition('?')[0][:200]}' is no address that can be asked.") from None


def _shown(url: httpx.URL) -> str:
    return f"{url.scheme}://{url.host}{f':{url.port}' if url.port else ''}{url.path}"[:300]
