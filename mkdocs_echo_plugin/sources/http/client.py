"""The only way to the network: which address may be asked, by whose token, and what is done with a redirect.

docs/network.md says what it promises. `asking` takes turns and tries again, `transport` holds the sockets, `manners`
reads what a venue asks of us. Safe to use from several threads.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Collection, Hashable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, Self, TypeVar
from urllib.parse import unquote_plus

from mkdocs_echo_plugin.errors import Refused, SourceError, Unreachable, Unreadable
from mkdocs_echo_plugin.sources.http.rate_limits import Robots
from mkdocs_echo_plugin.sources.http.response import Answer, NotModified, exchange
from mkdocs_echo_plugin.sources.http.retries import RetryingSender, shown
from mkdocs_echo_plugin.sources.http.settings import NetworkSettings
from mkdocs_echo_plugin.sources.http.token import Token

if TYPE_CHECKING:
    import httpx


__all__ = ["Answer", "Client", "NetworkSettings", "Token"]

NAME = "mkdocs-echo-plugin"
HOPS = 5
T = TypeVar("T")


@dataclass(slots=True)
class _Once:
    lock: threading.RLock = field(default_factory=threading.RLock)
    made: bool = False
    value: Any = None
    error: SourceError | None = None


class Client:
    """Asks venues, as its settings allow. A context manager; httpx is imported at the first request."""

    def __init__(self, settings: NetworkSettings | None = None) -> None:
        self.settings = settings or NetworkSettings()
        agent = f"{NAME}/{version(NAME)} (reads the comment threads of a site's own posts)"
        self._sender = RetryingSender(self.settings, agent=self.settings.user_agent or agent)
        self._lock = threading.Lock()
        self._once: dict[Hashable, _Once] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._sender.close()

    @property
    def requests(self) -> int:
        """How many requests were sent: second attempts, redirects and robots.txt count."""
        return self._sender.requests

    @property
    def asked(self) -> list[str]:
        """The hosts that were asked, in order of the first request."""
        return self._sender.asked

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
        address = sha256(str(target).encode()).hexdigest()
        mine = exchange.get()
        condition = mine.condition(address) if mine else {}
        sent = {"accept": accept, **(headers or {}), **condition}
        answer = self._follow(httpx.Request("GET", target, headers=sent), token, absent, scrape=scrape)
        if answer.status == 304:
            if not condition:
                raise Unreachable(f"{answer.shown} answered 304 to a question that it was not asked.")
            raise NotModified
        if mine:
            mine.note(address, answer.headers)
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

        if mine := exchange.get():
            mine.condition("")
        sent = {"accept": accept, **(headers or {})}
        return self._follow(httpx.Request("POST", _url(url), headers=sent, json=json), token, absent, scrape=False)

    def once(self, key: Hashable, make: Callable[[], T]) -> T:
        """What `make` gives, made by whoever asks first; the others wait, and get the same (or the same error)."""
        if mine := exchange.get():
            mine.condition("")  # a listing for many posts is nobody's own answer
        return self._shared(key, make)

    def _shared(self, key: Hashable, make: Callable[[], T]) -> T:
        with self._lock:
            memo = self._once.setdefault(key, _Once())
        with memo.lock:
            if not memo.made:
                try:
                    memo.value = make()
                except SourceError as error:
                    memo.error = error
                memo.made = True
        if memo.error:
            raise memo.error.with_traceback(None)
        return memo.value  # type: ignore[no-any-return]  # what `make` of this key gave

    def _follow(self, request: httpx.Request, token: Token | None, absent: Collection[int], *, scrape: bool) -> Answer:
        left = self.settings.timeout
        for _ in range(HOPS + 1):
            self._permit(request.url, token)
            if scrape and not self._welcome(request.url):
                raise Refused(f"{shown(request.url)}: the host's robots.txt asks programs not to read this page.")
            began = time.monotonic()
            answer = self._sender.send(request, token, absent, left)
            if answer.status not in {301, 302, 303, 307, 308} or "location" not in answer.headers:
                return answer
            left -= time.monotonic() - began
            request = self._next(request, answer, token)
            token = None
        raise Unreachable(f"{shown(request.url)}: more than {HOPS} redirects.")

    def _next(self, request: httpx.Request, answer: Answer, token: Token | None) -> httpx.Request:
        import httpx

        place = answer.headers["location"]
        if request.method != "GET":
            raise Refused(f"{answer.shown} sends a POST elsewhere. Set the venue's new address.")
        if token and token.value in unquote_plus(place):
            raise Refused(f"{answer.shown}: the redirect carries the token onward. Set the venue's new address.")
        try:
            url = request.url.join(place)
        except (httpx.InvalidURL, ValueError):
            raise Unreachable(f"{answer.shown} redirects to something that is no address.") from None
        if token and request.url.scheme == "https" and url.scheme == "http":
            raise Refused(f"{answer.shown} redirects from https to http. Set the venue's new address.")
        onward = {k: v for k, v in request.headers.items() if k in {"accept", "if-none-match", "if-modified-since"}}
        return httpx.Request("GET", url, headers=onward)

    def _permit(self, url: httpx.URL, token: Token | None) -> None:
        name = shown(url)
        if url.scheme not in {"http", "https"} or not url.host:
            raise Refused(f"{name}: only http and https addresses are read.")
        if url.userinfo:
            raise Refused(f"{name}: an address with a name and password in it is not asked.")
        if self.settings.hosts and url.host.casefold() not in self.settings.hosts:
            raise Refused(f"{name}: the host is none that mkdocs.yml names.")
        if token and not token.fits(url.host, url.port):
            raise Refused(f"{name}: the token is for {token.host} alone.")
        if token and url.scheme != "https" and not self.settings.trusts(url.host, url.port, "http"):
            raise Refused(f"{name}: a token travels over https only.")
        if self.settings.offline:
            raise Unreachable(f"offline: {url.host} was not asked.")

    def _welcome(self, url: httpx.URL) -> bool:
        def read() -> Robots:
            robots = httpx.Request("GET", url.copy_with(raw_path=b"/robots.txt", fragment=None))
            answer = self._follow(robots, None, range(400, 500), scrape=False)
            return Robots(b"" if answer.status >= 400 else answer.body)  # RFC 9309: without a file all is allowed

        import httpx

        return self._shared(("robots.txt", url.scheme, url.netloc), read).allows(str(url), NAME)


def _url(text: str) -> httpx.URL:
    import httpx

    try:
        return httpx.URL(text)
    except (httpx.InvalidURL, ValueError, TypeError):
        raise Refused(f"'{str(text).partition('?')[0][:200]}' is no address that can be asked.") from None
