"""The sockets: only to an address that was checked, only until a deadline, only so many bytes.

A name is resolved once, every address it has is judged, and the connection goes to the very address that passed, with
the name kept for TLS and the Host header: a name that changes its mind between check and use gains nothing. The token
is added here, below everything that builds, shows or logs a URL.
"""

from __future__ import annotations

import ipaddress
import logging
import socket
import threading
import time
import zlib
from collections.abc import Iterable, Iterator
from typing import Any, TypeAlias
from urllib.parse import quote_plus, urlencode

import httpcore
import httpx

from mkdocs_echo_plugin.errors import Refused, TooLarge, Unreadable
from mkdocs_echo_plugin.sources.http.settings import NetworkSettings
from mkdocs_echo_plugin.sources.http.token import Token

Address: TypeAlias = ipaddress.IPv4Address | ipaddress.IPv6Address

NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
LOCAL_NAT64 = ipaddress.IPv6Network("64:ff9b:1::/48")
ISATAP = (0x00005EFE, 0x02005EFE)

CLOUD = frozenset(
    map(
        ipaddress.ip_address,
        ("100.100.100.200", "168.63.129.16", "192.0.0.192", "fd00:ec2::254", "fd20:ce::254", "fd00:c1::a9fe:a9fe"),
    )
)
"""Where Alibaba, Azure, Oracle, Amazon and Google keep a machine's credentials, beside 169.254.169.254."""

_NOT_GLOBAL = tuple(
    map(
        ipaddress.ip_network,
        ("0.0.0.0/8", "100.64.0.0/10", "192.0.0.0/24", "192.88.99.0/24", "198.18.0.0/15", "100::/64", "2001::/23",
         "3fff::/20", "5f00::/16", "2001:db8::/32", "64:ff9b:1::/48", "fec0::/10"),
    )
)  # fmt: skip
"""Networks that not every Python's `is_global` knows to be none of the internet's."""


def stands_for(address: Address) -> Address:
    """The IPv4 address that an IPv6 one leads to (mapped, 6to4, Teredo, NAT64, ISATAP), else itself."""
    if isinstance(address, ipaddress.IPv4Address):
        return address
    number = int(address)
    isatap = (number >> 32) & 0xFFFFFFFF in ISATAP and not address.is_link_local
    if address in NAT64 or address in LOCAL_NAT64 or isatap:
        return ipaddress.IPv4Address(number & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or (address.teredo or (None, None))[1] or address


def objection(text: str, *, allow_private: bool) -> str | None:
    """Why the address must not be asked ("a loopback address"), None if it may.

    `allow_private` lets loopback and private networks through, never link-local (where clouds keep their
    credentials), multicast, reserved or unspecified addresses.
    """
    try:
        address = stands_for(ipaddress.ip_address(text.partition("%")[0]))
    except ValueError:
        return "not an IP address"
    if address in CLOUD:
        return "where a cloud keeps a machine's credentials"
    if address.is_unspecified:
        return "an unspecified address"
    if address.is_multicast:
        return "a multicast address"
    if address.is_link_local:
        return "a link-local address"
    if address.is_loopback:
        return None if allow_private else "a loopback address"
    if address.is_reserved:
        return "a reserved address"
    if not address.is_global or any(address in network for network in _NOT_GLOBAL):
        return None if allow_private else "a private address"
    return None


def resolve(host: str, port: int) -> list[str]:
    """Every address of a host, in the system's order. Raises OSError where the name is unknown."""
    return list(dict.fromkeys(str(a[4][0]) for a in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)))


class Deadline(threading.local):
    """When the answer that this thread waits for must be complete (monotonic seconds)."""

    at: float = float("inf")

    def left(self, timeout: float | None, error: type[Exception]) -> float | None:
        """The seconds left, `timeout` at most.

        Raises:
            error: none is left.
        """
        left = min(self.at - time.monotonic(), float("inf") if timeout is None else timeout)
        if left <= 0:
            raise error("the whole answer took too long")
        return None if left == float("inf") else left


class Stream(httpcore.NetworkStream):
    """A connection whose every read and write ends at the deadline: a drip of one byte a second does too."""

    def __init__(self, inner: httpcore.NetworkStream, deadline: Deadline) -> None:
        self._inner, self._deadline = inner, deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._inner.read(max_bytes, self._deadline.left(timeout, httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, self._deadline.left(timeout, httpcore.WriteTimeout))

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self, ssl_context: Any, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        left = self._deadline.left(timeout, httpcore.ConnectTimeout)
        return Stream(self._inner.start_tls(ssl_context, server_hostname, left), self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


class Backend(httpcore.NetworkBackend):
    """Connects to the checked addresses of a name, and to nothing else."""

    def __init__(self, deadline: Deadline, settings: NetworkSettings) -> None:
        self._deadline, self._settings = deadline, settings
        self._resolver = settings.resolver or resolve
        self._inner = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        try:
            addresses = list(self._resolver(host, port))
        except (OSError, UnicodeError) as error:
            raise httpcore.ConnectError(f"the name {host} does not resolve") from error
        trusted = self._settings.trusts(host, port)
        objections = [objection(a, allow_private=trusted) for a in addresses]
        allowed = [a for a, why in zip(addresses, objections, strict=True) if why is None]
        if addresses and not allowed:
            named = "name it under `sources` in mkdocs.yml" if self._settings.allow_private else ""
            raise Refused(
                f"{host} is {objections[0]}, which a public page must not make a build ask. If it is your own server, "
                f"{named or 'set allow_private: true'}."
            )
        failure: Exception = httpcore.ConnectError(f"the name {host} has no address")
        for place, address in enumerate(allowed):
            left = self._deadline.left(timeout, httpcore.ConnectTimeout)
            if left is not None and place + 1 < len(allowed):
                left /= 2  # a dead IPv6 route must leave time for the next address
            try:
                inner = self._inner.connect_tcp(address, port, left, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
            else:
                return Stream(inner, self._deadline)
        raise failure


class Redaction(logging.Filter):
    """Takes the tokens out of what httpcore logs at level DEBUG: a venue may repeat one in a header of its answer."""

    def __init__(self) -> None:
        super().__init__()
        self.secrets: set[str] = set()

    def filter(self, record: logging.LogRecord) -> bool:
        if self.secrets:
            message = record.getMessage()
            for secret in self.secrets:
                message = message.replace(secret, "***").replace(quote_plus(secret), "***")
            record.msg, record.args = message, ()
        return True


class Transport(httpx.BaseTransport):
    """One httpcore pool behind `Backend`. Raises httpcore's errors, and `Refused`."""

    def __init__(self, settings: NetworkSettings) -> None:
        self.deadline = Deadline()
        self._redaction = Redaction()
        logging.getLogger("httpcore.http11").addFilter(self._redaction)
        self._pool = httpcore.ConnectionPool(
            ssl_context=httpx.create_ssl_context(),
            http2=False,
            max_connections=100,  # `retries` holds it to one a host; the default of ten would close those in use
            keepalive_expiry=10.0,
            network_backend=Backend(self.deadline, settings),
        )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Sends a request, and the `Token` in its extension "token" in the header or query that the venue wants."""
        token: Token | None = request.extensions.get("token")
        if token:
            self._redaction.secrets.add(token.value)
        headers, target = list(request.headers.raw), request.url.raw_path
        if token and token.query:
            target += (b"&" if b"?" in target else b"?") + urlencode({token.query: token.value}).encode()
        elif token:
            headers.append((token.header.encode(), f"{token.scheme} {token.value}".strip().encode()))
        url = httpcore.URL(
            scheme=request.url.raw_scheme, host=request.url.raw_host, port=request.url.port, target=target
        )
        answer = self._pool.handle_request(
            httpcore.Request(request.method, url, headers=headers, content=request.read())
        )
        return httpx.Response(answer.status, headers=answer.headers, stream=_Body(answer))

    def close(self) -> None:
        self._pool.close()
        logging.getLogger("httpcore.http11").removeFilter(self._redaction)


class _Body(httpx.SyncByteStream):
    def __init__(self, answer: httpcore.Response) -> None:
        self._answer = answer

    def __iter__(self) -> Iterator[bytes]:
        yield from self._answer.iter_stream()

    def close(self) -> None:
        self._answer.close()


def body(response: httpx.Response, *, limit: int, shown: str) -> bytes:
    """The decompressed body, never more than `limit` bytes of it in memory, whatever a bomb would unfold to.

    Raises:
        TooLarge: more than `limit` bytes, announced or real.
        Unreadable: a compression that was not asked for, or broken.
    """
    said = response.headers.get("content-length", "")
    if said.isdecimal() and len(said) < 20 and int(said) > limit:
        raise TooLarge(f"{shown} announces {int(said):,} bytes; {limit:,} are the most that is read.")
    coding = response.headers.get("content-encoding", "identity").strip().lower()
    if coding not in {"identity", "", "gzip", "x-gzip", "deflate"}:
        raise Unreadable(f"{shown} is compressed with '{coding[:40]}', which was not asked for.")
    gunzip = None if coding in {"identity", ""} else zlib.decompressobj(47)
    found, taken = bytearray(), 0
    for chunk in response.iter_raw():
        data, taken = chunk, taken + len(chunk)
        while data:
            try:
                found += gunzip.decompress(data, limit + 1 - len(found)) if gunzip else data
            except zlib.error:
                if coding == "deflate" and not found:  # some servers leave the zlib header out
                    gunzip, coding = zlib.decompressobj(-15), "raw deflate"
                    continue
                raise Unreadable(f"{shown} is not the {coding} that it says it is.") from None
            if max(len(found), taken) > limit:
                raise TooLarge(f"{shown} is longer than {limit:,} bytes, the most that is read.")
            data = gunzip.unconsumed_tail if gunzip else b""
        if gunzip and gunzip.unused_data:
            break  # whatever follows the end of the compressed stream would only pile up
    if gunzip and taken and not gunzip.eof:
        raise Unreadable(f"{shown} broke off in the middle.")
    return bytes(found)
