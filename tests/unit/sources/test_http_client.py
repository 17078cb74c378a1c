"""Rules of the network client that need no server: addresses, tokens, waits, sharing. The rest: test_faults.py."""

from __future__ import annotations

import ipaddress
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mkdocs_echo_plugin.errors import ConfigurationError, NoThread, Refused, Unreachable, Unreadable
from mkdocs_echo_plugin.sources.http.client import Client, NetworkSettings, Token
from mkdocs_echo_plugin.sources.http.rate_limits import Robots, retry_at
from mkdocs_echo_plugin.sources.http.response import Answer
from mkdocs_echo_plugin.sources.http.transport import objection, stands_for

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)


# -- addresses


@pytest.mark.parametrize("address", [
    "8.8.8.8", "1.1.1.1", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808", "2002:808:808::1",
])  # fmt: skip
def test_a_public_address_and_what_leads_to_one_may_be_asked(address: str) -> None:
    assert objection(address, allow_private=False) is None


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "10.0.0.1", "192.168.0.9", "fd00::1", "::ffff:127.0.0.1"])
def test_allow_private_lets_the_own_machine_and_network_through(address: str) -> None:
    assert objection(address, allow_private=False)
    assert objection(address, allow_private=True) is None


@given(st.ip_addresses(v=4))
def test_an_ipv6_address_that_leads_to_an_ipv4_one_is_judged_like_it(address: ipaddress.IPv4Address) -> None:
    number = int(address)
    spelled = [f"::ffff:{address}", f"64:ff9b::{address}", str(ipaddress.IPv6Address((0x2002 << 112) | (number << 80)))]
    for allow in (False, True):
        assert {objection(s, allow_private=allow) for s in spelled} == {objection(str(address), allow_private=allow)}


@given(st.ip_addresses() | st.ip_addresses(network="10.0.0.0/8") | st.ip_addresses(network="fc00::/7"))
def test_what_is_not_global_is_never_asked(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> None:
    if objection(str(address), allow_private=False) is None:
        leads = stands_for(address)
        assert leads.is_global


@pytest.mark.parametrize("text", ["", "venue.example", "1.2.3", "fe80::1%eth0", "300.1.1.1"])
def test_what_is_no_plain_public_address_is_objected_to(text: str) -> None:
    assert objection(text, allow_private=False)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "venue.example/x",
        "/etc/passwd",
        "file:///etc/passwd",
        "ftp://a/b",
        "https://",
        "http://[::1",
        "https://u:p@venue.example/",
        "http://a\x00b/",
    ],
)
def test_what_is_no_web_address_is_refused_before_anything_is_asked(url: str) -> None:
    with Client() as ask:
        with pytest.raises(Refused) as caught:
            ask.get(url)
        assert ask.requests == 0
    assert "p@" not in str(caught.value)


# -- tokens


def test_a_token_shows_itself_nowhere() -> None:
    token = Token("  s3cret\n", "api.github.com")
    assert "s3cret" not in repr(token) + str(token)
    assert token.value == "s3cret"


@pytest.mark.parametrize("value", ["", "  ", "a\nb", "a\x00b", "tökén"])
def test_a_token_that_no_header_can_carry_is_refused_without_being_told(value: str) -> None:
    with pytest.raises(ConfigurationError, match=r"the token for venue\.example") as caught:
        Token(value, "venue.example")
    assert not value.strip() or value not in str(caught.value)


@pytest.mark.parametrize(
    ("host", "fits"),
    [
        ("venue.example", True),
        ("VENUE.example", True),
        ("a.venue.example", False),
        ("venue.example.evil", False),
        ("", False),
    ],
)
def test_a_token_fits_its_own_host_alone(host: str, fits: bool) -> None:
    assert Token("x", "venue.example").fits(host, None) is fits


def test_a_token_for_a_port_fits_that_port_alone() -> None:
    assert Token("x", "venue.example:8443").fits("venue.example", 8443)
    assert not Token("x", "venue.example:8443").fits("venue.example", None)


# -- waits


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "30"}, 30),
        ({"retry-after": "0"}, 1),
        ({"retry-after": "-5"}, None),
        ({"retry-after": "Fri, 01 May 2026 12:00:40 GMT"}, 40),
        ({"retry-after": "Fri, 01 May 2020 12:00:00 GMT"}, 1),
        ({"x-ratelimit-reset": str(int(NOW.timestamp()) + 50)}, 50),
        ({"ratelimit-reset": "20"}, 20),
        ({"x-ratelimit-reset": "2026-05-01T12:05:00.000Z"}, 300),
        ({"retry-after": "7", "x-ratelimit-reset": "2026-05-01T12:05:00Z"}, 7),
        ({"retry-after": "9" * 400}, 400 * 86_400),
        ({"retry-after": "soon"}, None),
        ({}, None),
    ],
)
def test_when_a_venue_will_answer_again_is_read(headers: dict[str, str], seconds: int | None) -> None:
    assert retry_at(headers, NOW) == (None if seconds is None else NOW + timedelta(seconds=seconds))


@given(st.text(max_size=40))
def test_whatever_a_venue_says_of_waiting_is_bounded(said: str) -> None:
    when = retry_at({"retry-after": said}, NOW)
    assert when is None or timedelta(seconds=1) <= when - NOW <= timedelta(days=400)


@given(st.binary(max_size=300))
def test_any_robots_txt_can_be_read(text: bytes) -> None:
    assert Robots(text).allows("https://venue.example/a", "mkdocs-echo-plugin") in {True, False}


# -- answers


def test_an_answer_shows_its_address_without_query() -> None:
    answer = Answer("https://venue.example/a?api_key=x#b", 200, {}, b"[1")
    assert answer.document().name == answer.shown == "https://venue.example/a"
    with pytest.raises(Unreadable, match=r"^https://venue\.example/a: the answer is broken or truncated JSON"):
        answer.json()


# -- one listing for all posts


def test_one_listing_is_made_for_all_who_ask_at_once() -> None:
    made: list[int] = []
    gate = threading.Barrier(8)

    def make() -> int:
        made.append(1)
        return 7

    with Client() as ask, ThreadPoolExecutor(8) as pool:

        def together(_: int) -> int:
            gate.wait()
            return ask.once(("giscus", "a/b"), make)

        assert set(pool.map(together, range(8))) == {7}
        assert ask.once("another", lambda: 8) == 8
    assert made == [1]


def test_a_listing_that_failed_fails_for_everybody_without_being_asked_again() -> None:
    made: list[int] = []

    def make() -> int:
        made.append(1)
        raise NoThread("no such category")

    with Client() as ask:
        for _ in range(3):
            with pytest.raises(NoThread, match="no such category"):
                ask.once("k", make)
    assert made == [1]


def test_a_listing_may_use_another_listing() -> None:
    with Client() as ask:
        assert ask.once("a", lambda: ask.once("b", lambda: 1) + 1) == 2


def test_offline_the_network_library_opens_no_socket() -> None:
    with (
        Client(NetworkSettings(offline=True)) as ask,
        pytest.raises(Unreachable, match=r"^offline: venue\.example was not asked\.$"),
    ):
        ask.get("https://venue.example/x")


def test_a_client_that_asks_nobody_imports_no_network_library() -> None:
    code = (
        "import sys; from mkdocs_echo_plugin.sources.http.client import Client, NetworkSettings\n"
        "from mkdocs_echo_plugin.sources.thread_cache import read_through\n"
        "with Client() as c: pass\n"
        "print([m for m in ('httpx', 'httpcore', 'stamina', 'protego', 'bs4', 'lxml') if m in sys.modules])"
    )
    assert (
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "[]"
    )
