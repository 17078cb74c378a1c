"""How a polite program behaves: when a venue says it may come again, and what a host's robots.txt asks for."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

LONGEST = 400 * 86_400
ROBOTS_LIMIT = 500 * 1024


def until(headers: Mapping[str, str], now: datetime) -> datetime | None:
    """When the venue will answer again, at least a second from `now`; None where it does not say.

    Retry-After (seconds or an HTTP date), else the reset of the venue's quota: seconds since 1970 (GitHub, Bluesky),
    seconds from now (the IETF draft), or an ISO date (Mastodon). Bounded by 400 days.
    """
    for name in ("retry-after", "x-ratelimit-reset", "ratelimit-reset"):
        if when := _moment(headers.get(name, "").strip(), now):
            return min(max(when, now + timedelta(seconds=1)), now + timedelta(seconds=LONGEST))
    return None


def _moment(said: str, now: datetime) -> datetime | None:
    if said.replace(".", "", 1).isdecimal() and said.isascii():
        seconds = min(float(said[:20]), 1e11)
        if seconds > 1e9:
            return datetime.fromtimestamp(min(seconds, 4e9), UTC)
        return now + timedelta(seconds=min(seconds, LONGEST))
    for parse in (parsedate_to_datetime, datetime.fromisoformat):
        try:
            when = parse(said)
        except (ValueError, TypeError, IndexError, OverflowError):
            continue
        return when.replace(tzinfo=when.tzinfo or UTC)
    return None


class Crawler:
    """What each host's robots.txt says to us; read once a host (RFC 9309)."""

    def __init__(self, agent: str) -> None:
        self._agent = agent
        self._lock = threading.Lock()
        self._rules: dict[str, Any] = {}

    def may(self, url: str, read: Callable[[str], bytes | None]) -> bool:
        """Whether `url` may be read. `read` gives a robots.txt by its address, None where it cannot be known."""
        from protego import Protego

        parts = urlsplit(url)
        origin = f"{parts.scheme}://{parts.netloc}"
        if origin not in self._rules:
            text = read(f"{origin}/robots.txt")
            rules = None if text is None else Protego.parse(text[:ROBOTS_LIMIT].decode("utf-8", "replace"))
            with self._lock:
                self._rules.setdefault(origin, rules)
        rules = self._rules[origin]
        return rules is not None and bool(rules.can_fetch(url, self._agent))
