"""How the network may be used: one object from mkdocs.yml down to the socket."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias
from urllib.parse import unquote, urlsplit

from mkdocs_echo_plugin.limits import MAX_HOST_BYTES, MAX_RESPONSE_BYTES

Resolver: TypeAlias = Callable[[str, int], Sequence[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkSettings:
    """What a `Client` may do, and for how long.

    Attributes:
        allow_private: also ask loopback and private networks, and send a token over plain http.
        named: where given, the addresses that mkdocs.yml names: `allow_private` holds for their hosts and ports alone.
            A page, a redirect or an embed reaches no other private host.
        offline: ask nobody; every request raises `Unreachable`.
        user_agent: who asks; None is the plugin with its version.
        timeout: seconds for a whole answer with its redirects.
        limit: bytes of an answer, decompressed.
        hosts: where given, the only hosts that may be asked.
        host_seconds: how long one host may keep a run waiting, beyond two seconds a request; after that it
            is not asked again.
        host_bytes: how much one host may answer in a run.
        attempts: how often a request is tried where the venue is overloaded or silent.
        patience: the longest wait in seconds that a venue may ask for.
        pause: seconds before the second attempt; doubled for the third.
        resolver: gives the addresses of a host and port; None is the system's.
    """

    allow_private: bool = False
    named: tuple[str, ...] | None = None
    offline: bool = False
    user_agent: str | None = None
    timeout: float = 20.0
    limit: int = MAX_RESPONSE_BYTES
    hosts: frozenset[str] = frozenset()
    host_seconds: float = 120.0
    host_bytes: int = MAX_HOST_BYTES
    attempts: int = 3
    patience: float = 60.0
    pause: float = 0.5
    resolver: Resolver | None = None

    def trusts(self, host: str, port: int | None, scheme: str | None = None) -> bool:
        """Whether a host may be private (and, with the scheme "http", see a token): it is one that the site names."""
        if not self.allow_private or self.named is None:
            return self.allow_private
        origins = {origin(address) for address in self.named}
        schemes = (scheme,) if scheme else ("http", "https")
        return any(origin(f"{one}://{_bracketed(host)}{f':{port}' if port else ''}") in origins for one in schemes)

    def may_be_named(self, address: str) -> bool:
        """Whether a page may name an address: on a host that may be private only below what the site itself names."""
        if not self.allow_private or self.named is None or origin(address) not in map(origin, self.named):
            return True
        return any(is_below(address, own) for own in self.named)


def origin(url: str) -> str | None:
    """Scheme, host and port of an http address, in one form ("https://b.example:443"); None for any other."""
    try:
        parts = urlsplit(url.strip())
        port = parts.port
    except ValueError:
        return None
    usual = {"http": 80, "https": 443}.get(parts.scheme)
    if usual is None or not parts.hostname:
        return None
    return f"{parts.scheme}://{_bracketed(parts.hostname.rstrip('.'))}:{port or usual}"


def is_below(address: str, base: str) -> bool:
    """Whether an address has the scheme, host and port of another, and a path at or below its path."""
    if origin(address) is None or origin(address) != origin(base):
        return False
    path, above = urlsplit(address.strip()).path or "/", urlsplit(base.strip()).path.rstrip("/") + "/"
    return ".." not in unquote(path).split("/") and (path + "/").startswith(above)


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host and not host.startswith("[") else host
