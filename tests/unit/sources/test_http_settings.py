"""Which hosts a site trusts, and what a page may name: by parsed addresses, never by the beginning of a string."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mkdocs_echo_plugin.errors import Refused
from mkdocs_echo_plugin.sources.http.client import Client, NetworkSettings, Token
from mkdocs_echo_plugin.sources.http.settings import is_below, origin
from mkdocs_echo_plugin.sources.http.transport import objection

CLOUDS = ["169.254.169.254", "192.0.0.192", "168.63.129.16", "100.100.100.200", "fd00:ec2::254", "fd20:ce::254",
          "fd00:c1::a9fe:a9fe", "::ffff:168.63.129.16", "64:ff9b::a9fe:a9fe", "64:ff9b:1::a9fe:a9fe",
          "2002:a9fe:a9fe::", "fe80::a9fe:a9fe"]  # fmt: skip
OWN = NetworkSettings(allow_private=True, named=("http://127.0.0.1:8080/isso/", "https://talk.internal"))


@pytest.mark.parametrize("address", CLOUDS)
def test_where_a_cloud_keeps_credentials_is_refused_whatever_the_site_allows(address: str) -> None:
    assert objection(address, allow_private=True)


@pytest.mark.parametrize("address", [
    "192.0.0.1", "192.0.0.170", "192.88.99.1", "198.18.0.1", "100.64.0.1", "3fff::1", "5f00::1", "2001:20::1", "100::1",
    "64:ff9b:1::7f00:1", "2001:0:4136:e378:8000:63bf:3fff:fdd2", "2a00::5efe:7f00:1", "fec0::1", "::127.0.0.1",
])  # fmt: skip
def test_networks_that_some_pythons_call_global_are_private(address: str) -> None:
    assert objection(address, allow_private=False)


@pytest.mark.parametrize(("host", "port", "trusted"), [
    ("127.0.0.1", 8080, True), ("127.0.0.1", 8081, False), ("127.0.0.1", None, False), ("localhost", 8080, False),
    ("talk.internal", 443, True), ("talk.internal", None, True), ("TALK.internal", 443, True),
    ("talk.internal", 80, False), ("talk.internal.evil.example", 443, False), ("::1", 8080, False),
])  # fmt: skip
def test_allow_private_is_for_the_hosts_and_ports_that_the_site_names(
    host: str, port: int | None, trusted: bool
) -> None:
    assert OWN.trusts(host, port) is trusted


def test_without_allow_private_naming_a_host_opens_nothing() -> None:
    assert not NetworkSettings(named=("http://127.0.0.1:8080",)).trusts("127.0.0.1", 8080)


def test_a_private_host_that_the_site_does_not_name_is_refused_with_what_to_do() -> None:
    with Client(OWN) as ask, pytest.raises(Refused, match=r"name it under `sources` in mkdocs\.yml"):
        ask.get("http://127.0.0.1:9/x")


@pytest.mark.parametrize("url", ["http://talk.internal/x", "http://talk.internal:443/x", "http://venue.example/x"])
def test_a_token_travels_in_clear_only_to_an_http_address_that_the_site_names(url: str) -> None:
    token = Token("secret", host=url.split("/")[2])
    with Client(OWN) as ask, pytest.raises(Refused, match="over https only"):
        ask.get(url, token=token)
    assert OWN.trusts("127.0.0.1", 8080, "http")


@pytest.mark.parametrize(("address", "fine"), [
    ("http://127.0.0.1:8080/isso/?uri=/x", True), ("http://127.0.0.1:8080/isso", True),
    ("http://127.0.0.1:8080/admin/restart", False), ("http://127.0.0.1:8080/isso-admin", False),
    ("http://127.0.0.1:8080/isso/../admin", False), ("http://127.0.0.1:8080/isso/%2e%2e/admin", False),
    ("https://talk.internal/t/1", True), ("https://elsewhere.example/x", True),
])  # fmt: skip
def test_on_a_host_that_may_be_private_a_page_names_only_what_lies_below_the_site_s_own_address(
    address: str, fine: bool
) -> None:
    assert OWN.may_be_named(address) is fine


@pytest.mark.parametrize("address", [
    "https://old.example.org.evil.example/x", "https://old.example.org@evil.example/x", "http://old.example.org/x",
    "https://old.example.org:8443/x", "https://old.example.organic/x", "//old.example.org/x", "",
])  # fmt: skip
def test_another_host_scheme_or_port_is_not_below(address: str) -> None:
    assert not is_below(address, "https://old.example.org")


@pytest.mark.parametrize("address", [
    "https://old.example.org", "https://OLD.example.org/", "https://old.example.org:443/2020/x?p=1",
])  # fmt: skip
def test_the_same_host_is_below_in_whatever_spelling(address: str) -> None:
    assert is_below(address, "https://old.example.org")


@given(st.text(max_size=60))
def test_any_text_has_an_origin_or_none(text: str) -> None:
    for address in (text, f"http://{text}", f"https://[{text}]/", f"http://a:{text}/"):
        found = origin(address)
        assert found is None or found.startswith(("http://", "https://"))
