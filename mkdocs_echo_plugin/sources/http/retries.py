"""One request to one host: in its turn, again where that helps, later where the venue says so, and given up in time."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from mkdocs_echo_plugin.errors import RateLimited, SourceError, Unreachable
from mkdocs_echo_plugin.sources.http.rate_limits import retry_at
from mkdocs_echo_plugin.sources.http.response import Answer, Gone

if TYPE_CHECKING:
    import httpx

    from mkdocs_echo_plugin.sources.http.settings import NetworkSettings
    from mkdocs_echo_plugin.sources.http.token import Token
    from mkdocs_echo_plugin.sources.http.transport import Transport

AT_ONCE = 8
"""Requests in the air, over all hosts."""
GIVEN_UP = 3
"""Attempts in a row without any answer after which a host is not asked again: a dead venue must not stop a build."""
EASY = 2.0
"""Seconds for a request that nobody grudges a venue."""
HINTS = {
    401: " Is the token right, and still valid?",
    403: " Does the venue let programs read it, and has the token the scope that the manual names?",
    404: " Is the address right?",
}

logging.getLogger("stamina").addHandler(logging.NullHandler())  # a retry is no warning for a build's log


class _Again(Exception):
    """Carries the error that is raised where trying again is forbidden (`wait` is False) or did not help."""

    def __init__(self, error: SourceError, wait: float | bool = True) -> None:
        super().__init__(str(error))
        self.error, self.wait = error, wait


@dataclass(slots=True)
class _Host:
    """`lost` counts the seconds that its requests took, waits and further attempts too, beyond `EASY` for each."""

    lock: threading.RLock = field(default_factory=threading.RLock)
    limited: RateLimited | None = None
    silent: int = 0
    lost: float = 0.0
    bytes: int = 0


class RetryingSender:
    """Sends requests: one at a time to a host, eight in all."""

    def __init__(self, settings: NetworkSettings, *, agent: str) -> None:
        self.requests = 0
        self.asked: list[str] = []
        self._settings, self._agent = settings, agent
        self._lock = threading.Lock()
        self._slots = threading.BoundedSemaphore(AT_ONCE)
        self._hosts: dict[str, _Host] = {}
        self._opened: Transport | None = None

    def close(self) -> None:
        """Closes the connections."""
        with self._lock:
            if self._opened:
                self._opened.close()
                self._opened = None

    def send(self, request: httpx.Request, token: Token | None, absent: Collection[int], left: float) -> Answer:
        """One answer, redirects not followed, within `left` seconds an attempt; errors as in `Client.get`."""
        import stamina

        with self._lock:
            host = self._hosts.setdefault(request.url.netloc.decode("ascii"), _Host())
        with host.lock:  # held while waiting too: who asks to wait is asked by nobody else meanwhile
            if host.limited and host.limited.until and host.limited.until > datetime.now(UTC):
                raise host.limited.with_traceback(None)
            began = time.monotonic()
            trials = stamina.retry_context(
                on=lambda error: error.wait if isinstance(error, _Again) else False,
                attempts=self._settings.attempts,
                timeout=None,
                wait_initial=self._settings.pause,
                wait_jitter=0,
            )
            try:
                for trial in trials:
                    with trial:
                        self._check(host, request, time.monotonic() - began)
                        if host.silent >= GIVEN_UP:
                            raise Unreachable(
                                f"{request.url.host} did not answer {GIVEN_UP} times in a row and is not asked again."
                            )
                        return self._attempt(request, token, absent, left, host)
            except _Again as again:
                host.limited = again.error if isinstance(again.error, RateLimited) else None
                raise again.error from None
            finally:
                host.lost += max(time.monotonic() - began - EASY, 0.0)
        raise AssertionError("stamina tries at least once")

    def _check(self, host: _Host, request: httpx.Request, spent: float) -> None:
        """Raises `Unreachable` where the host has had what a run gives it."""
        if host.lost + spent > self._settings.host_seconds:
            raise Unreachable(
                f"{request.url.host} has kept this run waiting for {host.lost + spent:.0f} s and is not asked again."
            )
        if host.bytes > self._settings.host_bytes:
            raise Unreachable(
                f"{request.url.host} has answered {host.bytes:,} bytes in this run and is not asked again."
            )

    def _attempt(
        self, request: httpx.Request, token: Token | None, absent: Collection[int], left: float, host: _Host
    ) -> Answer:
        import httpcore

        from mkdocs_echo_plugin.sources.http.transport import body

        name, transport = shown(request.url), self._transport()
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
                    self._judge(response, absent, name)
                    content = body(response, limit=self._settings.limit, shown=name)
                finally:
                    response.close()
        except httpcore.TimeoutException:
            host.silent += 1
            raise _Again(Unreachable(f"{name} did not answer within {self._settings.timeout:g} s.")) from None
        except httpcore.ConnectError as error:
            host.silent += 1
            raise _Again(Unreachable(f"{name} cannot be reached: {error}.")) from None
        except (httpcore.NetworkError, httpcore.ProtocolError):
            host.silent += 1  # no answer either, however late it broke off
            raise _Again(Unreachable(f"{name}: the answer broke off or is no HTTP.")) from None
        host.silent = 0
        host.bytes += len(content)
        return Answer(str(request.url), response.status_code, dict(response.headers), content)

    def _judge(self, response: httpx.Response, absent: Collection[int], name: str) -> None:
        status, headers = response.status_code, response.headers
        if status < 400 or status in absent:
            return
        spent = status == 403 and ("retry-after" in headers or headers.get("x-ratelimit-remaining") == "0")
        if status == 429 or spent or (status == 503 and "retry-after" in headers):
            when = retry_at(headers, now := datetime.now(UTC))
            wait = (when - now).total_seconds() if when else True
            day = f" until {when:%Y-%m-%d %H:%M:%S} UTC" if when else ""
            limited = RateLimited(f"{name}: the venue asks to wait{day}.", until=when)
            raise _Again(limited, False if wait > self._settings.patience else wait)
        error = Gone if status in {404, 410, 451} else Unreachable
        reason = f"{name} answered {status} {response.reason_phrase}.{HINTS.get(status, '')}"
        raise _Again(error(reason), status in {502, 503, 504})

    def _transport(self) -> Transport:
        from mkdocs_echo_plugin.sources.http.transport import Transport

        with self._lock:
            if not self._opened:
                self._opened = Transport(self._settings)
            return self._opened


def shown(url: httpx.URL) -> str:
    """An address for messages: no query, user or fragment."""
    return f"{url.scheme}://{url.host}{f':{url.port}' if url.port else ''}{url.path}"[:300]
