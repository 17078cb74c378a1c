"""Servers of the test behind public names and addresses, see small_internet."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
import trustme
from pytest_httpserver import HTTPServer
from small_internet import PUBLIC, Internet


@pytest.fixture
def internet(monkeypatch: pytest.MonkeyPatch) -> Internet:
    return Internet(monkeypatch)


@pytest.fixture(scope="session")
def plain_server() -> Iterator[HTTPServer]:
    with HTTPServer(host="127.0.0.1", threaded=True) as server:
        yield server


@pytest.fixture(scope="session")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(scope="session")
def tls_server(authority: trustme.CA) -> Iterator[HTTPServer]:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("venue.example").configure_cert(context)
    with HTTPServer(host="127.0.0.1", ssl_context=context, threaded=True) as server:
        yield server


@pytest.fixture
def web(internet: Internet, plain_server: HTTPServer) -> HTTPServer:
    """A server that every public name leads to over http."""
    plain_server.clear()
    internet.routes[PUBLIC, 80] = plain_server.port
    return plain_server


@pytest.fixture
def secure_web(
    internet: Internet, tls_server: HTTPServer, authority: trustme.CA, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> HTTPServer:
    """A server that every public name leads to over https; its certificate is for venue.example alone."""
    authority.cert_pem.write_to_path(str(tmp_path / "authority.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))
    tls_server.clear()
    internet.routes[PUBLIC, 443] = tls_server.port
    return tls_server


@pytest.fixture
def misbehaving(internet: Internet) -> Iterator[Callable[[Callable[[socket.socket], None]], None]]:
    """Puts a bare socket server behind every public name over http: what it does to a connection is given."""
    if_modified = socket.create_server(("127.0.0.1", 0))
    internet.routes[PUBLIC, 80] = if_modified.getsockname()[1]
    done = threading.Event()
    threads: list[threading.Thread] = []

    def serve(behave: Callable[[socket.socket], None]) -> None:
        def one(connection: socket.socket) -> None:
            with connection, suppress(OSError):
                behave(connection)

        def accept() -> None:
            with suppress(OSError):
                while not done.is_set():
                    connection, _ = if_modified.accept()
                    threads.append(threading.Thread(target=one, args=(connection,), daemon=True))
                    threads[-1].start()

        threading.Thread(target=accept, daemon=True).start()

    yield serve
    done.set()
    if_modified.close()
