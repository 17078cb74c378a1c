"""How the network may be used: one object from mkdocs.yml down to the socket."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from mkdocs_echo_plugin.limits import MAX_RESPONSE_BYTES

Resolver: TypeAlias = Callable[[str, int], Sequence[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkSettings:
    """What a `Client` may do, and for how long.

    Attributes:
        allow_private: also ask loopback and private networks, and send a token over plain http.
        offline: ask nobody; every request raises `Unreachable`.
        user_agent: who asks; None is the plugin with its version.
        timeout: seconds for a whole answer with its redirects.
        limit: bytes of an answer, decompressed.
        hosts: where given, the only hosts that may be asked.
        attempts: how often a request is tried where the venue is overloaded or silent.
        patience: the longest wait in seconds that a venue may ask for.
        pause: seconds before the second attempt; doubled for the third.
        resolver: gives the addresses of a host and port; None is the system's.
    """

    allow_private: bool = False
    offline: bool = False
    user_agent: str | None = None
    timeout: float = 20.0
    limit: int = MAX_RESPONSE_BYTES
    hosts: frozenset[str] = frozenset()
    attempts: int = 3
    patience: float = 60.0
    pause: float = 0.5
    resolver: Resolver | None = None
