"""The network client against venues that are slow, broken, greedy or hostile: real sockets, a test for each rule."""

from __future__ import annotations

import gzip
import json
import logging
import socket
import struct
import threading
import time
import traceback
import tracemalloc
import zlib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pytest_httpserver import HTTPServer
from small_internet import PUBLIC, Internet
from werkzeug import Request, Response

from mkdocs_echo_plugin.cache_files import FRESH
from mkdocs_echo_plugin.errors import NoThread, RateLimited, Refused, SourceError, TooLarge, Unreachable, Unreadable
from mkdocs_echo_plugin.sources.anonymise import Anonymiser
from mkdocs_echo_plugin.sources.http import retries
from mkdocs_echo_plugin.sources.http.client import Client, NetworkSettings, Token
from mkdocs_echo_plugin.sources.http.response import Gone
from mkdocs_echo_plugin.sources.raw import RawComment, RawThread
from mkdocs_echo_plugin.sources.thread_cache import ThreadCache, read_through

Serve = Callable[[Callable[[socket.socket], None]], None]
URL = "http://venue.example/comments"
SECRET = "ghp_Very5ecretValue"
NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)


def client(**options: Any) -> Client:
    return Client(NetworkSettings(**{"pause": 0.01, "timeout": 2.0} | options))


@pytest.fixture
def ask() -> Iterator[Client]:
    with client() as asking:
        yield asking


# -- slow and silent


def test_a_venue_that_never_answers_is_left_after_the_time_limit(misbehaving: Serve) -> None:
    misbehaving(lambda connection: time.sleep(5))
    began = time.monotonic()
    with client(timeout=0.3, attempts=1) as ask, pytest.raises(Unreachable, match=r"did not answer within 0\.3 s"):
        ask.get(URL)
    assert time.monotonic() - began < 2


@pytest.mark.parametrize("head", [b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n", b"HTTP/1.1 200 OK\r\nX-Drip: "])
def test_a_venue_that_drips_a_byte_at_a_time_is_left_after_the_time_limit(misbehaving: Serve, head: bytes) -> None:
    def drip(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(head)
        for _ in range(200):
            connection.sendall(b"x")
            time.sleep(0.05)

    misbehaving(drip)
    began = time.monotonic()
    with client(timeout=0.5, attempts=1) as ask, pytest.raises(Unreachable, match="did not answer within"):
        ask.get(URL)
    assert time.monotonic() - began < 2


def test_a_venue_that_resets_the_connection_late_is_given_up(misbehaving: Serve) -> None:
    arrived: list[float] = []

    def late_reset(connection: socket.socket) -> None:
        connection.recv(65536)
        arrived.append(time.monotonic())
        time.sleep(0.2)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    misbehaving(late_reset)
    with client() as ask:
        for post in range(6):
            with pytest.raises(Unreachable):
                ask.get(f"{URL}?uri={post}")
    assert len(arrived) == 3


def test_a_venue_that_always_answers_late_gets_no_more_than_its_time(
    misbehaving: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retries, "EASY", 0.05)

    def late(connection: socket.socket) -> None:
        connection.recv(65536)
        time.sleep(0.3)
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}")

    misbehaving(late)
    with client(host_seconds=0.6) as ask:
        asked = [f"{URL}?uri={post}" for post in range(20)]
        answers: list[bytes] = []
        errors: list[str] = []
        for url in asked:
            try:
                answers.append(ask.get(url).body)
            except Unreachable as error:
                errors.append(str(error))
    assert 1 <= len(answers) <= 3
    assert all("has kept this run waiting for" in error for error in errors)


def test_a_host_answers_no_more_bytes_than_a_run_takes(web: HTTPServer) -> None:
    web.expect_request("/comments").respond_with_data(b"1" * 1000, content_type="application/json")
    with client(host_bytes=2500) as ask:
        for post in range(3):
            ask.get(f"{URL}?uri={post}")
        with pytest.raises(Unreachable, match="3,000 bytes in this run"):
            ask.get(URL)


def test_redirects_share_one_time_limit(misbehaving: Serve) -> None:
    def slow_redirect(connection: socket.socket) -> None:
        connection.recv(65536)
        time.sleep(0.3)
        connection.sendall(b"HTTP/1.1 302 Found\r\nLocation: /on\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")

    misbehaving(slow_redirect)
    began = time.monotonic()
    with client(timeout=0.7, attempts=1) as ask, pytest.raises(Unreachable, match="did not answer"):
        ask.get(URL)
    assert time.monotonic() - began < 1.2


def test_a_dead_venue_is_given_up_for_the_rest_of_the_run(internet: Internet) -> None:
    with client() as ask:
        with pytest.raises(Unreachable, match="cannot be reached"):
            ask.get(URL)
        sent = ask.requests
        with pytest.raises(Unreachable, match="3 times in a row and is not asked again"):
            ask.get(URL)
        assert ask.requests == sent == 3


def test_a_name_that_does_not_exist_is_unreachable(internet: Internet) -> None:
    internet.names["venue.example"] = [[]]
    with client(attempts=1) as ask, pytest.raises(Unreachable, match=r"the name venue\.example does not resolve"):
        ask.get(URL)


@pytest.mark.parametrize("garbage", [
    b"", b"SSH-2.0-OpenSSH_9\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{",
    b"HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n", b"HTTP/1.1 200 OK\r\n" + b"X-A: b\r\n" * 200_000,
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
])  # fmt: skip
def test_an_answer_that_is_broken_off_or_no_http_is_unreachable(misbehaving: Serve, garbage: bytes) -> None:
    def answer(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(garbage)

    misbehaving(answer)
    with client() as ask:
        with pytest.raises(Unreachable, match="broke off or is no HTTP"):
            ask.get(URL)
        assert ask.requests == 3


# -- errors and waiting


def test_an_error_of_the_venue_is_said_and_not_tried_again(web: HTTPServer, ask: Client) -> None:
    web.expect_request("/comments").respond_with_data("no", status=500)
    with pytest.raises(Unreachable, match=r"^http://venue\.example/comments answered 500 Internal Server Error\.$"):
        ask.get(URL + "?key=1")
    assert ask.requests == 1


@pytest.mark.parametrize("status", [502, 503, 504])
def test_an_overloaded_venue_is_asked_again(web: HTTPServer, ask: Client, status: int) -> None:
    for _ in range(2):
        web.expect_ordered_request("/comments").respond_with_data("busy", status=status)
    web.expect_ordered_request("/comments").respond_with_json([1])
    assert ask.get(URL).json() == [1]
    assert ask.requests == 3


def test_a_status_that_the_adapter_expects_is_an_answer(web: HTTPServer, ask: Client) -> None:
    web.expect_request("/comments").respond_with_data("none", status=404)
    assert ask.get(URL, absent=(404,)).status == 404
    with pytest.raises(Gone, match=r"404 Not Found\. Is the address right\?"):
        ask.get(URL)


def test_a_short_wait_that_the_venue_asks_for_is_kept(web: HTTPServer, ask: Client) -> None:
    web.expect_ordered_request("/comments").respond_with_data("wait", status=429, headers={"Retry-After": "1"})
    web.expect_ordered_request("/comments").respond_with_json([1])
    began = time.monotonic()
    assert ask.get(URL).json() == [1]
    assert time.monotonic() - began >= 0.99


@pytest.mark.parametrize(
    ("status", "headers"),
    [
        (429, {"Retry-After": "3600"}),
        (503, {"Retry-After": "3600"}),
        (429, {"Retry-After": "%a, %d %b %Y %H:%M:%S GMT"}),
        (403, {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "%s"}),
        (429, {"X-RateLimit-Reset": "%Y-%m-%dT%H:%M:%S+00:00"}),
    ],
)
def test_a_long_wait_ends_the_questions_to_that_venue_and_says_until_when(
    web: HTTPServer, ask: Client, status: int, headers: dict[str, str]
) -> None:
    then = datetime.now(UTC) + timedelta(hours=1)
    headers = {name: then.strftime(value.replace("%s", str(int(then.timestamp())))) for name, value in headers.items()}
    web.expect_request("/comments").respond_with_data("wait", status=status, headers=headers)
    for _ in range(2):
        with pytest.raises(RateLimited, match=r"asks to wait until \d{4}-\d\d-\d\d") as caught:
            ask.get(URL)
        assert caught.value.until is not None
        assert abs(caught.value.until - datetime.now(UTC) - timedelta(hours=1)) < timedelta(seconds=60)
    assert ask.requests == 1


def test_a_403_that_is_no_rate_limit_is_not_taken_for_one(web: HTTPServer, ask: Client) -> None:
    web.expect_request("/comments").respond_with_data("no", status=403, headers={"X-RateLimit-Remaining": "4999"})
    with pytest.raises(Unreachable, match="scope") as caught:
        ask.get(URL)
    assert not isinstance(caught.value, RateLimited)


# -- too much


def test_an_announced_50_mb_are_not_read(misbehaving: Serve) -> None:
    sent = []

    def big(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 50000000\r\n\r\n")
        for _ in range(50):
            connection.sendall(bytes(1_000_000))
            sent.append(1)

    misbehaving(big)
    with client() as ask, pytest.raises(TooLarge, match="announces 50,000,000 bytes; 10,000,000 are the most"):
        ask.get(URL)
    assert len(sent) < 10


def test_50_mb_in_chunks_are_read_up_to_the_limit(misbehaving: Serve) -> None:
    sent = []

    def big(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        for _ in range(50):
            connection.sendall(b"f4240\r\n" + bytes(1_000_000) + b"\r\n")
            sent.append(1)

    misbehaving(big)
    with client(timeout=10) as ask, pytest.raises(TooLarge, match="longer than 10,000,000 bytes"):
        ask.get(URL)
    assert len(sent) < 20


def test_a_gzip_bomb_ends_at_the_limit_and_not_in_memory(web: HTTPServer) -> None:
    bomb = gzip.compress(bytes(300_000_000), 9)
    assert len(bomb) < 400_000
    web.expect_request("/comments").respond_with_data(bomb, headers={"Content-Encoding": "gzip"})
    with client(timeout=10) as ask:
        ask.get("http://venue.example/none", absent=(404, 500))
        tracemalloc.start()
        try:
            with pytest.raises(TooLarge, match="longer than 10,000,000 bytes"):
                ask.get(URL)
            assert tracemalloc.get_traced_memory()[1] < 40_000_000
        finally:
            tracemalloc.stop()


@pytest.mark.parametrize("coding", ["gzip", "deflate", "raw"])
def test_compressed_answers_are_read(web: HTTPServer, ask: Client, coding: str) -> None:
    body = json.dumps(["x" * 1000]).encode()
    packed = {
        "gzip": gzip.compress(body, mtime=0),
        "deflate": zlib.compress(body),
        "raw": zlib.compress(body, wbits=-15),
    }[coding]
    headers = {"Content-Encoding": "gzip" if coding == "gzip" else "deflate"}
    web.expect_request("/comments").respond_with_data(packed, headers=headers)
    assert ask.get(URL).json() == ["x" * 1000]


@pytest.mark.parametrize(
    ("coding", "data", "why"),
    [
        ("br", b"x", "was not asked for"),
        ("gzip, gzip", b"x", "was not asked for"),
        ("gzip", b"no gzip", "is not the gzip"),
        ("gzip", gzip.compress(b"[1, 2, 3]" * 99, mtime=0)[:-9], "broke off in the middle"),
    ],
)
def test_compression_that_is_strange_or_broken_is_unreadable(
    web: HTTPServer, ask: Client, coding: str, data: bytes, why: str
) -> None:
    web.expect_request("/comments").respond_with_data(data, headers={"Content-Encoding": coding})
    with pytest.raises(Unreadable, match=why):
        ask.get(URL)


def test_what_follows_a_compressed_answer_is_not_collected(misbehaving: Serve, ask: Client) -> None:
    def endless(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(
            b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n" + gzip.compress(b"[]", mtime=0) + bytes(12_000_000)
        )

    misbehaving(endless)
    assert ask.get(URL).json() == []


# -- not what was asked for


@pytest.mark.parametrize(
    ("body", "kind", "why"),
    [
        (b'[{"id": 1, "te', "application/json", "is broken or truncated JSON"),
        (b"<html>Log in", "text/html; charset=utf-8", "is text/html, not JSON"),
        (b"\xff\xfe\x00", "application/json", "is broken or truncated JSON"),
        (b"1" * 9000, "application/json", "is broken or truncated JSON"),
    ],
)
def test_an_answer_that_is_no_json_is_explained(web: HTTPServer, ask: Client, body: bytes, kind: str, why: str) -> None:
    web.expect_request("/comments").respond_with_data(body, content_type=kind)
    with pytest.raises(Unreadable, match=why) as caught:
        ask.get(URL + "?secret=1").json()
    assert "secret" not in str(caught.value)


def test_json_that_nests_a_hundred_thousand_deep_is_read(web: HTTPServer, ask: Client) -> None:
    web.expect_request("/comments").respond_with_data(b'{"r":[' * 100_000 + b"]}" * 100_000)
    at, depth = ask.get(URL).json(), 0
    while at:
        at, depth = at["r"][0] if at["r"] else None, depth + 1
    assert depth == 100_000


def test_a_picture_is_no_page(web: HTTPServer, ask: Client) -> None:
    web.expect_request("/comments").respond_with_data(b"\x89PNG", content_type="image/png")
    with pytest.raises(Unreadable, match="is image/png, not a web page"):
        ask.get(URL, accept="text/html")


# -- addresses


@pytest.mark.parametrize("address", [
    "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",
    "255.255.255.255", "::1", "::", "fe80::1", "fc00::1", "fec0::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1",
    "2002:7f00:1::", "2002:a00:1::", "64:ff9b::7f00:1", "64:ff9b::a00:1", "64:ff9b:1::a00:1", "::127.0.0.1",
    "2001:0:5ef5:79fb::1",
])  # fmt: skip
def test_a_name_that_leads_to_a_private_address_is_refused(internet: Internet, address: str) -> None:
    internet.names["venue.example"] = [[address]]
    with client() as ask, pytest.raises(Refused, match=r"venue\.example is an? .* address"):
        ask.get(URL)
    assert internet.connected == []


@pytest.mark.parametrize("url", [
    "http://127.0.0.1/", "http://[::1]/", "http://[::ffff:127.0.0.1]/", "http://2130706433/", "http://0x7f.1/", "http://localhost/",
    "http://0/", "http://127.1/",
])  # fmt: skip
def test_every_spelling_of_this_machine_is_refused_or_no_name(url: str) -> None:
    with client(attempts=1) as ask, pytest.raises((Refused, Unreachable)) as caught:
        ask.get(url)
    assert isinstance(caught.value, Refused) or "does not resolve" in str(caught.value)


def test_a_public_address_beside_a_private_one_is_taken(internet: Internet, web: HTTPServer, ask: Client) -> None:
    internet.names["venue.example"] = [["10.0.0.1", PUBLIC]]
    web.expect_request("/comments").respond_with_json([1])
    assert ask.get(URL).json() == [1]
    assert internet.connected == [(PUBLIC, 80)]


@pytest.mark.parametrize("address", ["169.254.169.254", "fe80::1", "224.0.0.1", "0.0.0.0", "::ffff:169.254.169.254"])
def test_allow_private_opens_no_way_to_a_cloud_s_credentials(internet: Internet, address: str) -> None:
    internet.names["venue.example"] = [[address]]
    with client(allow_private=True) as ask, pytest.raises(Refused):
        ask.get(URL)


def test_allow_private_asks_this_machine(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/x").respond_with_json([1])
    with client(allow_private=True) as ask:
        assert ask.get(httpserver.url_for("/x")).json() == [1]
        assert ask.asked == ["localhost"]


def test_a_name_that_changes_between_check_and_use_gains_nothing(internet: Internet, httpserver: HTTPServer) -> None:
    internet.names["rebind.example"] = [[PUBLIC], ["127.0.0.1"]]
    with client(attempts=1) as ask, pytest.raises(Unreachable):
        ask.get(f"http://rebind.example:{httpserver.port}/admin")
    assert internet.asked == ["rebind.example"]
    assert internet.connected == [(PUBLIC, httpserver.port)]
    assert not httpserver.log


def test_a_name_that_changes_before_the_second_attempt_is_refused(internet: Internet, httpserver: HTTPServer) -> None:
    internet.names["rebind.example"] = [[PUBLIC], ["127.0.0.1"]]
    with client() as ask, pytest.raises(Refused, match="loopback"):
        ask.get(f"http://rebind.example:{httpserver.port}/admin")
    assert not httpserver.log


@pytest.mark.parametrize(
    "target",
    ["http://127.0.0.1:{port}/admin", "http://[::1]:{port}/", "//localhost:{port}/", "http://inside.example:{port}/"],
)
def test_a_redirect_to_a_private_address_is_refused(
    internet: Internet, web: HTTPServer, httpserver: HTTPServer, ask: Client, target: str
) -> None:
    internet.names |= {"inside.example": [["10.0.0.7"]], "localhost": [["127.0.0.1"]]}
    web.expect_request("/comments").respond_with_data(
        "", status=302, headers={"Location": target.format(port=httpserver.port)}
    )
    with pytest.raises(Refused, match="address"):
        ask.get(URL)
    assert not httpserver.log


@pytest.mark.parametrize("target", ["file:///etc/passwd", "ftp://venue.example/", "gopher://x/", "data:,x"])
def test_a_redirect_out_of_the_web_is_refused(web: HTTPServer, ask: Client, target: str) -> None:
    web.expect_request("/comments").respond_with_data("", status=302, headers={"Location": target})
    with pytest.raises(Refused, match="only http and https"):
        ask.get(URL)


def test_a_redirect_is_followed_at_most_five_times(web: HTTPServer, ask: Client) -> None:
    web.expect_request("/comments").respond_with_data("", status=301, headers={"Location": "/comments"})
    with pytest.raises(Unreachable, match="more than 5 redirects"):
        ask.get(URL)
    assert ask.requests == 6


def test_a_redirect_to_a_public_address_is_followed(web: HTTPServer, ask: Client) -> None:
    web.expect_request("/comments").respond_with_data(
        "", status=307, headers={"Location": "http://other.example/there?a=1"}
    )
    web.expect_request("/there").respond_with_json([1])
    answer = ask.get(URL)
    assert (answer.json(), answer.url, answer.shown) == (
        [1],
        "http://other.example/there?a=1",
        "http://other.example/there",
    )
    assert ask.asked == ["venue.example", "other.example"]


def test_only_the_named_hosts_are_asked_redirects_too(web: HTTPServer) -> None:
    web.expect_request("/comments").respond_with_data("", status=302, headers={"Location": "http://other.example/"})
    with client(hosts=["venue.example"]) as ask:
        for url in (URL, "http://other.example/"):
            with pytest.raises(Refused, match="is none that mkdocs"):
                ask.get(url)
        assert ask.asked == ["venue.example"]


def test_the_name_is_kept_for_the_host_header_and_for_tls(secure_web: HTTPServer, internet: Internet) -> None:
    secure_web.expect_request("/c").respond_with_handler(lambda request: Response(json.dumps(request.host)))
    with client(attempts=1) as ask:
        assert ask.get("https://venue.example/c").json() == "venue.example"
        assert internet.connected == [(PUBLIC, 443)]
        with pytest.raises(Unreachable, match="certificate"):
            ask.get("https://other.example/c")


# -- tokens


def echoed(request: Request) -> Response:
    return Response(json.dumps({"headers": dict(request.headers), "query": request.query_string.decode()}))


@pytest.mark.parametrize("place", ["header", "query"])
def test_a_token_reaches_its_own_host(secure_web: HTTPServer, place: str) -> None:
    secure_web.expect_request("/c").respond_with_handler(echoed)
    token = Token(SECRET, "venue.example", query="api_key" if place == "query" else None)
    with client() as ask:
        answer = ask.get("https://venue.example/c", params={"page": 1}, token=token)
    told = answer.json()
    assert told["query"] == (f"page=1&api_key={SECRET}" if place == "query" else "page=1")
    assert told["headers"].get("Authorization") == (None if place == "query" else f"bearer {SECRET}")
    assert SECRET not in answer.url


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("https://evil.example/c", "the token is for venue.example alone"),
        ("https://venue.example.evil.example/c", "the token is for venue.example alone"),
        ("http://venue.example/c", "a token travels over https only"),
    ],
)
def test_a_token_is_sent_to_no_other_host_and_never_in_clear(web: HTTPServer, ask: Client, url: str, why: str) -> None:
    with pytest.raises(Refused, match=why):
        ask.get(url, token=Token(SECRET, "venue.example"))
    assert not web.log
    assert ask.requests == 0


@pytest.mark.parametrize("target", ["https://venue.example/there", "/there"])
@pytest.mark.parametrize("place", ["header", "query"])
def test_a_token_does_not_follow_a_redirect(secure_web: HTTPServer, place: str, target: str) -> None:
    secure_web.expect_request("/c").respond_with_data("", status=302, headers={"Location": target})
    secure_web.expect_request("/there").respond_with_handler(echoed)
    with client() as ask:
        answer = ask.get(
            "https://venue.example/c", token=Token(SECRET, "venue.example", query="k" if place == "query" else None)
        )
    assert SECRET not in answer.body.decode()


def test_a_redirect_that_repeats_the_token_is_refused(secure_web: HTTPServer) -> None:
    location = {"Location": f"https://venue.example/there?key={SECRET}"}
    secure_web.expect_request("/c").respond_with_data("", status=302, headers=location)
    with client() as ask, pytest.raises(Refused, match="carries the token onward"):
        ask.get("https://venue.example/c", token=Token(SECRET, "venue.example", query="key"))
    assert len(secure_web.log) == 1


def test_a_request_with_a_token_is_not_led_from_https_to_http(secure_web: HTTPServer, web: HTTPServer) -> None:
    secure_web.expect_request("/c").respond_with_data("", status=302, headers={"Location": "http://venue.example/c"})
    web.expect_request("/c").respond_with_json([])
    with client() as ask:
        assert ask.get("https://venue.example/c").json() == []
        with pytest.raises(Refused, match="from https to http"):
            ask.get("https://venue.example/c", token=Token(SECRET, "venue.example"))
    assert len(web.log) == 1


@pytest.mark.parametrize("place", ["header", "query"])
@pytest.mark.parametrize("fault", ["fine", "redirect", "error", "limited", "no json", "drip", "echo", "tls"])
def test_a_token_is_in_no_log_and_no_error(
    secure_web: HTTPServer, caplog: pytest.LogCaptureFixture, place: str, fault: str
) -> None:
    echo = {"X-You-Sent": SECRET, "Location": f"/there?key={SECRET}"}
    answers: dict[str, Callable[[Request], Response]] = {
        "fine": lambda r: Response("[]"),
        "redirect": lambda r: Response("", 302, echo),
        "error": lambda r: Response(SECRET, 500, echo),
        "limited": lambda r: Response(SECRET, 429, {**echo, "Retry-After": "9999"}),
        "no json": lambda r: Response(SECRET, 200, {**echo, "Content-Type": "text/html"}),
        "drip": lambda r: (time.sleep(0.6), Response("[]"))[1],
        "echo": lambda r: Response(SECRET, 403, echo),
    }
    secure_web.expect_request("/c").respond_with_handler(answers.get(fault, answers["fine"]))
    host = "other.example" if fault == "tls" else "venue.example"
    caplog.set_level(logging.DEBUG)
    token = Token(SECRET, host, query="key" if place == "query" else None)
    told = repr(token)
    with client(timeout=0.5, attempts=2) as ask:
        try:
            told += repr(ask.get(f"https://{host}/c", token=token).json())
        except SourceError as error:
            told += repr(error) + str(error.__dict__) + "".join(traceback.format_exception(error))
        told += repr(ask.asked)
    logged = " ".join(r.getMessage() + repr(vars(r)) for r in caplog.records if r.name != "werkzeug")  # the venue's log
    assert "httpcore" in logged
    assert SECRET not in logged
    assert SECRET not in told
    if fault != "tls":
        assert len(secure_web.log) >= 1


def test_a_token_is_not_in_the_cache(secure_web: HTTPServer, tmp_path: Any) -> None:
    secure_web.expect_request("/c").respond_with_json([{"id": 7}], headers={"ETag": '"1"'})
    token = Token(SECRET, "venue.example", query="api_key")
    with client() as ask, ThreadCache(tmp_path) as cache:

        def fetch() -> list[RawThread]:
            answer = ask.get("https://venue.example/c", token=token)
            return [RawThread("disqus", (RawComment(str(answer.json()[0]["id"])),), source_url=answer.url)]

        read_through(cache, "disqus", "a", fetch, Anonymiser(b"k"), now=NOW)
    written = b"".join(file.read_bytes() for file in tmp_path.iterdir() if file.suffix != ".pem")
    assert b"disqus" in written
    assert SECRET.encode() not in written
    assert b"api_key" not in written


# -- manners


def test_one_connection_a_host_and_eight_requests_in_all(internet: Internet, misbehaving: Serve) -> None:
    lock, now, most = threading.Lock(), dict[str, int](), {"all": 0, "a host": 0}

    def busy(connection: socket.socket) -> None:
        while said := connection.recv(65536):
            host = said.partition(b"Host: ")[2].partition(b"\r")[0].decode()
            with lock:
                now[host] = now.get(host, 0) + 1
                most["all"], most["a host"] = max(most["all"], sum(now.values())), max(most["a host"], *now.values())
            time.sleep(0.05)
            with lock:
                now[host] -= 1
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[]")

    misbehaving(busy)
    with client(timeout=10) as ask, ThreadPoolExecutor(24) as pool:
        assert len(list(pool.map(ask.get, [f"http://h{n}.example/c" for n in range(12)] * 2))) == 24
    assert most["a host"] == 1
    assert 4 <= most["all"] <= 8
    assert len(internet.connected) == 12, "a second request uses the connection of the first"


def test_the_program_says_who_it_is_and_keeps_no_cookie(web: HTTPServer, ask: Client) -> None:
    web.expect_request("/c").respond_with_handler(
        lambda r: Response(json.dumps(dict(r.headers)), headers={"Set-Cookie": "a=b"})
    )
    ask.get("http://venue.example/c")
    told = ask.get("http://venue.example/c").json()
    assert told["User-Agent"].startswith("mkdocs-echo-plugin/")
    assert "Cookie" not in told


def test_robots_txt_is_asked_once_and_obeyed_for_pages_alone(web: HTTPServer, ask: Client) -> None:
    rules = "User-agent: *\nAllow: /\n\nUser-agent: mkdocs-echo-plugin\nDisallow: /private\n"
    web.expect_request("/robots.txt").respond_with_data(rules, content_type="text/plain")
    for path in ("/open", "/private/api"):
        web.expect_request(path).respond_with_data("<p>", content_type="text/html")
    assert ask.get("http://venue.example/open", scrape=True, accept="text/html").status == 200
    with pytest.raises(Refused, match=r"robots\.txt"):
        ask.get("http://venue.example/private/api", scrape=True, accept="text/html")
    assert ask.get("http://venue.example/private/api").status == 200
    assert [request.path for request, _ in web.log] == ["/robots.txt", "/open", "/private/api"]


@pytest.mark.parametrize(("status", "may"), [(404, True), (403, True), (500, False)])
def test_a_missing_robots_txt_allows_and_a_failing_one_does_not(
    web: HTTPServer, ask: Client, status: int, may: bool
) -> None:
    web.expect_request("/robots.txt").respond_with_data("", status=status)
    web.expect_request("/open").respond_with_data("<p>", content_type="text/html")
    if may:
        assert ask.get("http://venue.example/open", scrape=True).status == 200
    else:
        with pytest.raises(Unreachable):
            ask.get("http://venue.example/open", scrape=True)


def test_robots_txt_of_a_redirect_s_target_counts_too(web: HTTPServer, ask: Client) -> None:
    def robots(request: Request) -> Response:
        return Response("User-agent: *\nDisallow: /\n" if request.host == "shy.example" else "")

    web.expect_request("/robots.txt").respond_with_handler(robots)
    web.expect_request("/open").respond_with_data("", status=302, headers={"Location": "http://shy.example/in"})
    with pytest.raises(Refused, match=r"shy\.example/in: the host's robots\.txt"):
        ask.get("http://venue.example/open", scrape=True)


def test_a_post_that_is_sent_elsewhere_is_refused(web: HTTPServer, ask: Client) -> None:
    web.expect_request("/q", method="POST").respond_with_data(
        "", status=307, headers={"Location": "http://other.example/q"}
    )
    with pytest.raises(Refused, match="sends a POST elsewhere"):
        ask.post("http://venue.example/q", json={"query": "x"})


def test_a_post_carries_json(web: HTTPServer, ask: Client) -> None:
    web.expect_request("/q", method="POST", json={"query": "x"}).respond_with_json({"data": 1})
    assert ask.post("http://venue.example/q", json={"query": "x"}).json() == {"data": 1}


def test_offline_nobody_is_asked(web: HTTPServer) -> None:
    with client(offline=True) as ask:
        for question in (lambda: ask.get(URL), lambda: ask.post(URL, json={}), lambda: ask.get(URL, scrape=True)):
            with pytest.raises(Unreachable, match="offline"):
                question()
        assert ask.requests == 0
    assert not web.log


# -- the ladder: cache, network, stale cache, error


class Reading:
    """One post's comments, read through the cache from a server that counts."""

    def __init__(self, ask: Client, cache: ThreadCache) -> None:
        self.ask, self.cache, self.anonymiser = ask, cache, Anonymiser(b"k")
        self.why: list[str] = []

    def __call__(self, hours: float = 0, **options: Any) -> tuple[list[str], str]:
        def fetch() -> list[RawThread]:
            answer = self.ask.get(URL)
            return [
                RawThread(
                    "isso", tuple(RawComment(str(c), "text", markup="text") for c in answer.json()), source_url=URL
                )
            ]

        threads, origin = read_through(
            self.cache, "isso", "/post/", fetch, self.anonymiser, now=NOW + timedelta(hours=hours),
            on_stale=lambda error: self.why.append(str(error)), **options,
        )  # fmt: skip
        return [c.id for t in threads for c in t.comments], origin


@pytest.fixture
def reading(ask: Client, tmp_path: Any) -> Reading:
    return Reading(ask, ThreadCache(tmp_path / "cache"))


def test_a_second_read_while_the_first_is_fresh_makes_no_request(web: HTTPServer, reading: Reading) -> None:
    web.expect_request("/comments").respond_with_json([1, 2])
    assert reading() == (["1", "2"], "network")
    reading.cache.save()
    fresh = FRESH / timedelta(hours=1)
    assert reading(fresh - 0.1) == (["1", "2"], "cache")
    assert reading.ask.requests == 1
    assert reading(fresh + 0.1) == (["1", "2"], "network")
    assert reading(fresh + 0.2, refresh=True) == (["1", "2"], "network")
    assert reading.ask.requests == 3


@pytest.mark.parametrize("fault", [
    Response("no", 500), Response("wait", 429, {"Retry-After": "9999"}), Response('[{"a'), Response("x" * 10_000_001),
    Response("", 302, {"Location": "http://127.0.0.1/"}), Response("", 401),
])  # fmt: skip
def test_when_the_venue_fails_the_cache_answers_for_up_to_thirty_days(
    web: HTTPServer, reading: Reading, fault: Response
) -> None:
    web.expect_ordered_request("/comments").respond_with_json([1])
    assert reading()[1] == "network"
    web.clear()
    web.expect_request("/comments").respond_with_response(fault)
    assert reading(29 * 24) == (["1"], "stale")
    assert len(reading.why) == 1
    with pytest.raises(SourceError):
        reading(31 * 24)


def test_what_the_venue_no_longer_shows_leaves_the_cache(web: HTTPServer, reading: Reading, tmp_path: Any) -> None:
    web.expect_ordered_request("/comments").respond_with_json(["keepsake", "regret"])
    web.expect_ordered_request("/comments").respond_with_json(["keepsake"])
    web.expect_ordered_request("/comments").respond_with_data("", status=404)
    file = tmp_path / "cache" / "threads.db"
    assert reading() == (["keepsake", "regret"], "network")
    reading.cache.save()
    assert b"regret" in file.read_bytes()
    assert reading(25) == (["keepsake"], "network")
    reading.cache.save()
    assert b"regret" not in file.read_bytes()
    with pytest.raises(Gone):
        reading(50)
    reading.cache.save()
    assert b"keepsake" not in file.read_bytes()
    with pytest.raises(SourceError):
        reading(50)


def test_a_venue_that_has_no_such_thread_any_more_leaves_nothing(ask: Client, tmp_path: Any) -> None:
    cache, anonymiser = ThreadCache(tmp_path), Anonymiser(b"k")
    read_through(cache, "hn", "1", lambda: [RawThread("hn")], anonymiser, now=NOW)

    def gone() -> list[RawThread]:
        raise NoThread("no thread")

    with pytest.raises(NoThread):
        read_through(cache, "hn", "1", gone, anonymiser, now=NOW, refresh=True)
    assert cache.get("hn", "1", now=NOW, anonymiser=anonymiser.digest) is None


@pytest.mark.parametrize(
    "validator",
    [("ETag", '"abc"', "If-None-Match"), ("Last-Modified", "Fri, 01 May 2026 10:00:00 GMT", "If-Modified-Since")],
)
def test_an_unchanged_thread_is_asked_for_and_not_sent_again(
    web: HTTPServer, reading: Reading, validator: tuple[str, str, str]
) -> None:
    header, value, condition = validator
    web.expect_ordered_request("/comments").respond_with_json([1], headers={header: value})
    web.expect_ordered_request("/comments", headers={condition: value}).respond_with_data("", status=304)
    web.expect_ordered_request("/comments", headers={condition: value}).respond_with_json([1, 2])
    assert reading() == (["1"], "network")
    reading.cache.save()
    assert reading(25) == (["1"], "network")
    assert reading(26) == (["1"], "cache"), "an answer of not modified makes the thread fresh again"
    reading.cache.save()
    assert reading(51) == (["1", "2"], "network")
    assert reading.ask.requests == 3


def test_of_several_pages_none_is_asked_conditionally(web: HTTPServer, ask: Client, tmp_path: Any) -> None:
    web.expect_request("/comments").respond_with_json([1], headers={"ETag": '"a"'})
    cache = ThreadCache(tmp_path)

    def fetch() -> list[RawThread]:
        return [RawThread("x", tuple(RawComment(str(n)) for n in range(2) if ask.get(URL, params={"page": n}).json()))]

    for _ in range(2):
        assert read_through(cache, "x", "1", fetch, Anonymiser(b"k"), now=NOW, refresh=True)[1] == "network"
    assert ask.requests == 4
    assert all("If-None-Match" not in request.headers for request, _ in web.log)
    found = cache.get("x", "1", now=NOW, anonymiser=Anonymiser(b"k").digest)
    assert found is not None
    assert found.validator is None


def test_a_listing_for_many_posts_is_asked_for_once_and_never_conditionally(
    web: HTTPServer, ask: Client, tmp_path: Any
) -> None:
    web.expect_request("/comments").respond_with_json([1], headers={"ETag": '"a"'})
    cache = ThreadCache(tmp_path)

    def post(n: int) -> str:
        def fetch() -> list[RawThread]:
            return [RawThread("x", tuple(RawComment(str(c)) for c in ask.once("all", lambda: ask.get(URL).json())))]

        return read_through(cache, "x", str(n), fetch, Anonymiser(b"k"), now=NOW)[1]

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(post, range(20))) == {"network"}
    assert ask.requests == 1
    assert all(
        (c := cache.get("x", str(n), now=NOW, anonymiser=Anonymiser(b"k").digest)) and c.validator is None
        for n in range(20)
    )


def test_a_304_that_nobody_asked_for_is_an_error(web: HTTPServer, ask: Client) -> None:
    web.expect_request("/comments").respond_with_data("", status=304)
    with pytest.raises(Unreachable, match="304"):
        ask.get(URL)
