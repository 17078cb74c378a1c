"""How a polite program behaves: when a venue says it may come again, and what a host's robots.txt asks for."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

LONGEST = 400 * 86_400
ROBOTS_LIMIT = 500 * 1024


def retry_at(headers: Mapping[str, str], now: datetime) -> datetime | None:
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


class Robots:
    """What a host's robots.txt asks of programs (RFC 9309); the first 500 KiB of it are read."""

    def __init__(self, text: bytes) -> None:
        from protego import Protego

        self._rules = Protego.parse(text[:ROBOTS_LIMIT].decode("utf-8", "replace"))

    def allows(self, url: str, agent: str) -> bool:
        """Whether a program of this name may read a page."""
        return bool(self._rules.can_fetch(url, agent))
