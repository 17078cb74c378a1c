"""Every network adapter against every fault: the post becomes `unknown` with a reason, and nothing else happens."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
import trustme
from small_internet import PUBLIC, Internet

from mkdocs_echo_plugin.errors import RateLimited, Refused, SourceError, TooLarge, Unreachable, Unreadable
from mkdocs_echo_plugin.model import Post
from mkdocs_echo_plugin.sources import available, configured, for_url
from mkdocs_echo_plugin.sources.http.client import Client, NetworkSettings
from mkdocs_echo_plugin.sources.raw import RawThread

SECRET = "ghp_Very5ecretValue"
VENUE = "https://venue.example"
ADAPTERS: dict[str, dict[str, str] | str] = {
    "artalk": {"url": VENUE, "site": "Blog"},
    "bluesky": "https://bsky.app/profile/did:plc:z72i7hdynmk6r22z27h6tvur/post/3k4abcdefgh2x",
    "cusdis": {"app_id": "0b1c2d3e-0000-4000-8000-000000000001", "url": VENUE},
    "discourse": "https://venue.example/t/a-topic/17",
    "disqus": {"forum": "blog"},
    "giscus": {"repo": "owner/name", "category": "Announcements"},
    "fedi_comments": {"url": VENUE},
    "github_issues": "https://github.com/owner/name/issues/7",
    "hackernews": "https://news.ycombinator.com/item?id=1",
    "isso": {"url": VENUE},
    "lobsters": "https://lobste.rs/s/ry3bre",
    "mastodon": "https://venue.example/@me/109372843234",
    "remark42": {"url": VENUE, "site": "blog"},
    "twikoo": {"url": VENUE},
    "utterances": {"repo": "owner/name"},
    "waline": {"url": VENUE},
    "webmention": {},
    "webpage": {"url": VENUE},
    "wordpress": {"url": VENUE},
}
"""The options of mkdocs.yml, or the address of a thread in front matter."""

HOSTS = (
    "venue.example", "api.github.com", "disqus.com", "hn.algolia.com", "public.api.bsky.app", "webmention.io",
    "site.example", "cusdis.com", "lobste.rs",
)  # fmt: skip
TOKEN_HOSTS = {"GITHUB_TOKEN": "api.github.com", "DISQUS_API_KEY": "disqus.com"}
POST = Post("blog/a.md", url="blog/a/", canonical_url="https://site.example/blog/a/", title="A post")

Behave = Callable[[socket.socket], None]


def answer(body: bytes, kind: bytes = b"application/json", status: bytes = b"200 OK", more: bytes = b"") -> Behave:
    head = b"HTTP/1.1 %b\r\nContent-Type: %b\r\nContent-Length: %d\r\nConnection: close\r\n%b\r\n"
    return lambda connection: connection.sendall(head % (status, kind, len(body), more) + body)


def drip(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 9999\r\n\r\n[")
    for _ in range(40):
        time.sleep(0.05)
        connection.sendall(b" ")


def announced(connection: socket.socket) -> None:
    connection.sendall(
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 50000000\r\n\r\n" + bytes(100_000)
    )


FAULTS: dict[str, tuple[Behave, type[SourceError]]] = {
    "no answer": (lambda connection: time.sleep(0.8), Unreachable),
    "reset": (lambda connection: None, Unreachable),
    "drip": (drip, Unreachable),
    "429": (answer(b"", status=b"429 Too Many Requests", more=b"Retry-After: 9999\r\n"), RateLimited),
    "500": (answer(b"oops", status=b"500 Internal Server Error"), Unreachable),
    "50 MB": (announced, TooLarge),
    "private": (answer(b"", status=b"302 Found", more=b"Location: https://127.0.0.1/\r\n"), Refused),
    "picture": (answer(b"\x89PNG\r\n\x1a\n\x00", b"image/png"), SourceError),
    "truncated": (answer(b'{"data": [{"id": 7, "te'), SourceError),
    "gzip": (answer(b"not gzip", more=b"Content-Encoding: gzip\r\n"), Unreadable),
}
STRANGE = {
    "empty": b"", "null": b"null", "list": b"[]", "object": b"{}", "number": b"7", "text": b'"x"', "nested": b"[" * 50_000,
    "lists": b'{"data":[[1]],"comments":[null,{"id":{}}],"response":[7],"children":[3],"thread":[]}',
    "deep": b'{"data":{"repository":null},"errors":[{"type":"NOT_FOUND"}]}', "page": b"<html><body><p>Hello</body></html>",
}  # fmt: skip


@pytest.fixture(scope="session")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> tuple[ssl.SSLContext, Path]:
    authority, place = trustme.CA(), tmp_path_factory.mktemp("ca") / "authority.pem"
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert(*HOSTS).configure_cert(context)
    authority.cert_pem.write_to_path(str(place))
    return context, place


class Venues:
    """All venues of the world, who behave alike; `speakers` is what they were asked."""

    def __init__(self, context: ssl.SSLContext) -> None:
        self.speakers: list[bytes] = []
        self.behave: Behave = answer(b"[]")
        self._context = context
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = self._listening.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self._listening.accept()
                threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, plain: socket.socket) -> None:
        with suppress(OSError), plain, self._context.wrap_socket(plain, server_side=True) as connection:
            connection.settimeout(5)
            said = b""
            while b"\r\n\r\n" not in said:
                if not (more := connection.recv(65536)):
                    return
                said += more
            self.speakers.append(said)
            self.behave(connection)
            with suppress(OSError):
                connection.unwrap()

    def close(self) -> None:
        self._listening.close()


@pytest.fixture
def venues(
    internet: Internet, certificates: tuple[ssl.SSLContext, Path], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Venues]:
    all_of_them = Venues(certificates[0])
    internet.routes[PUBLIC, 443] = all_of_them.port
    monkeypatch.setenv("SSL_CERT_FILE", str(certificates[1]))
    for variable in TOKEN_HOSTS:
        monkeypatch.setenv(variable, SECRET)
    yield all_of_them
    all_of_them.close()


def fetch(name: str, timeout: float = 0.3) -> list[RawThread]:
    told = ADAPTERS[name]
    source = for_url(told) if isinstance(told, str) else configured(name, told)
    assert source is not None
    assert source.name == name
    with Client(NetworkSettings(timeout=timeout, attempts=1)) as client:
        return list(source.fetch(POST, client))  # type: ignore[attr-defined]


def test_every_network_adapter_is_tried() -> None:
    ours = {n for n, a in available().items() if hasattr(a, "fetch") and a.__module__.startswith("mkdocs_echo_plugin.")}
    assert ours == set(ADAPTERS)


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("name", ADAPTERS)
def test_a_fault_of_the_venue_is_an_error_of_ours_that_tells_no_token(name: str, fault: str, venues: Venues) -> None:
    venues.behave, expected = FAULTS[fault]
    began = time.monotonic()
    with pytest.raises(expected) as caught:
        # what is not about time gets time enough on a busy machine
        fetch(name, timeout=0.3 if fault in {"no answer", "drip"} else 10)
    assert time.monotonic() - began < 6
    assert venues.speakers, "the venue was asked"
    assert SECRET not in str(caught.value)
    assert "\n" not in str(caught.value)
    for said in venues.speakers:
        if SECRET.encode() in said:
            assert any(b"\r\nHost: " + host.encode() + b"\r\n" in said for host in TOKEN_HOSTS.values())


@pytest.mark.parametrize("body", STRANGE)
@pytest.mark.parametrize("name", ADAPTERS)
def test_an_answer_of_a_strange_shape_gives_an_error_of_ours_or_threads(name: str, body: str, venues: Venues) -> None:
    venues.behave = answer(STRANGE[body], b"text/html" if name == "webpage" else b"application/json")
    with suppress(SourceError):
        assert all(isinstance(thread, RawThread) for thread in fetch(name, timeout=10))
    assert venues.speakers, "the venue was asked"


@pytest.mark.parametrize(
    ("name", "host"), [("giscus", b"api.github.com"), ("utterances", b"api.github.com"), ("disqus", b"disqus.com")]
)
def test_a_token_reaches_the_host_it_is_for(name: str, host: bytes, venues: Venues) -> None:
    with suppress(SourceError):
        fetch(name, timeout=10)
    assert SECRET.encode() in venues.speakers[0]
    assert b"\r\nHost: " + host + b"\r\n" in venues.speakers[0]
