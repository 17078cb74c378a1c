"""Systems that know a page by its path or address: which spellings are asked for, page after page, with which key."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from fake_venue import POST, Venue, fetch
from pytest_httpserver import HTTPServer
from samples import (
    ARTALK,
    DISQUS,
    MENTIONS,
    REMARKS,
    TWIKOO,
    artalk,
    cusdis,
    remark42,
    twikoo,
    waline,
)
from werkzeug import Request, Response

from mkdocs_echo_plugin.errors import Refused, SourceError, Unreachable
from mkdocs_echo_plugin.model import Post
from mkdocs_echo_plugin.sources.http.client import Client, NetworkSettings

GOLDEN = Path(__file__).parents[2] / "golden"
OLD = replace(POST, canonical_url="https://b.example/docs/blog/bread/")


@pytest.fixture
def venue(httpserver: HTTPServer) -> Venue:
    return Venue(httpserver)


@pytest.fixture
def client() -> Iterator[Client]:
    with Client(NetworkSettings(allow_private=True, attempts=1)) as client:
        yield client


# systems that know a page by its path or address


def test_waline_reads_every_page_of_both_spellings_of_a_path(venue: Venue, client: Client) -> None:
    def answer(request: Request) -> Any:
        page, path = int(request.args["page"]), request.args["path"]
        rows = {"/blog/bread/": [[waline(1, "Ada", "a", None)], [waline(2, "Bob", "b", None)]]}.get(path, [[]])
        if path == "/blog/bread":
            rows = [[waline(3, "Cy", "c", None)]]
        return {
            "errno": 0,
            "errmsg": "",
            "data": {"page": page, "totalPages": len(rows), "count": 9, "data": rows[page - 1]},
        }

    venue.answer = answer
    threads = fetch("waline", client, url=venue.url + "/")
    assert [[c.id for c in thread.comments] for thread in threads] == [["1", "2"], ["3"]]
    assert len(venue.asked) == 3


def test_the_path_without_the_sites_sub_path_is_asked_for_last(venue: Venue, client: Client) -> None:
    def answer(request: Request) -> Any:
        rows = [waline(1, "Ada", "a", None)] if request.args["path"] == "/blog/bread/" else []
        return {"errno": 0, "errmsg": "", "data": {"page": 1, "totalPages": 1, "count": 1, "data": rows}}

    venue.answer = answer
    assert [len(thread.comments) for thread in fetch("waline", client, OLD, url=venue.url)] == [1]
    assert [r.args["path"] for r in venue.asked] == [
        "/docs/blog/bread/",
        "/docs/blog/bread",
        "/blog/bread/",
        "/blog/bread",
    ]


def test_remark42_is_asked_by_whole_addresses(venue: Venue, client: Client) -> None:
    def answer(request: Request) -> Any:
        mine = request.args["url"] == "http://b.example/blog/bread"
        return {"comments": REMARKS if mine else [], "info": {"url": request.args["url"], "read_only": mine}}

    venue.answer = answer
    (thread,) = fetch("remark42", client, url=venue.url, site="s")
    assert (len(thread.comments), thread.locked) == (3, True)
    assert {r.args["site"] for r in venue.asked} == {"s"}


def test_the_pages_key_is_asked_for_and_nothing_else(venue: Venue, client: Client) -> None:
    venue.answer = lambda request: {"comments": [remark42("a", "", "x")], "info": {}}
    fetch("remark42", client, replace(POST, key="https://old.example/1"), url=venue.url)
    assert [r.args["url"] for r in venue.asked] == ["https://old.example/1"]


def test_webmentions_of_all_spellings_come_in_one_question_a_page(venue: Venue, client: Client) -> None:
    many = [{**MENTIONS["children"][0], "wm-id": n} for n in range(130)]  # type: ignore[index]

    def answer(request: Request) -> Any:
        start = int(request.args["page"]) * 100
        return {"type": "feed", "children": many[start : start + 100]}

    venue.answer = answer
    (thread,) = fetch("webmention", client, api=f"{venue.url}/api/mentions.jf2")
    assert len(thread.comments) == 130
    assert [r.args.getlist("target[]") for r in venue.asked] == [[
        "https://b.example/blog/bread/", "https://b.example/blog/bread", "http://b.example/blog/bread/",
        "http://b.example/blog/bread",
    ]] * 2  # fmt: skip


def test_fedi_comments_is_asked_for_the_pages_address_in_base64_with_and_without_a_slash(
    venue: Venue, client: Client
) -> None:
    saved = json.loads((GOLDEN / "fedi_comments/page.json").read_text())
    name = "aHR0cHM6Ly9iLmV4YW1wbGUvYmxvZy9icmVhZC8="
    venue.answer = lambda request: saved if request.path == f"/comments/{name}" else None
    (thread,) = fetch("fedi_comments", client, url=venue.url)
    assert (len(thread.comments), thread.page_url, thread.open) == (2, "https://b.example/blog/bread/", True)
    assert len(venue.paths) == 4


def test_disqus_follows_the_cursor_and_sends_its_key_in_the_query(
    venue: Venue, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DISQUS_API_KEY", "public-key")
    row = DISQUS["response"][0]  # type: ignore[index]

    def answer(request: Request) -> Any:
        if request.args["thread"] != "link:https://b.example/blog/bread":
            return Response('{"code": 2, "response": "Unable to find thread"}', 400, content_type="application/json")
        second = "cursor" in request.args
        return {"code": 0, "cursor": {"hasNext": not second, "next": "2:0:0"}, "response": [{**row, "id": str(second)}]}

    venue.answer = answer
    (thread,) = fetch("disqus", client, forum="b", api=venue.url)
    assert [c.id for c in thread.comments] == ["False", "True"]
    assert {r.args["api_key"] for r in venue.asked} == {"public-key"}


def test_the_disqus_key_stands_in_no_message(venue: Venue, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISQUS_API_KEY", "public-key")
    venue.answer = lambda request: Response('{"code": 5, "response": "Invalid API key"}', 400)
    with pytest.raises(Unreachable, match="Invalid API key") as caught:
        fetch("disqus", client, forum="b", api=venue.url)
    assert "public-key" not in str(caught.value)


def test_twikoo_is_asked_back_in_time_until_there_is_no_more(venue: Venue, client: Client) -> None:
    def answer(request: Request) -> Any:
        before = json.loads(request.data).get("before")
        page = [twikoo("old", "b", None, created=1)] if before else TWIKOO["data"]
        return {"data": page, "more": not before, "count": 2}

    venue.answer = answer
    (thread,) = fetch("twikoo", client, url=venue.url)
    assert ([c.id for c in thread.comments], thread.complete) == (["t1", "t2", "t3", "old"], True)
    assert json.loads(venue.asked[0].data) == {"event": "COMMENT_GET", "url": "/blog/bread/"}


def test_artalk_is_asked_flat_and_page_after_page(venue: Venue, client: Client) -> None:
    def answer(request: Request) -> Any:
        offset, mine = int(request.args["offset"]), request.args["page_key"] == "/blog/bread/"
        rows = [artalk(n, 0, "x") for n in range(130)] if mine else []
        return {**ARTALK, "comments": rows[offset : offset + 100], "count": len(rows)}

    venue.answer = answer
    (thread,) = fetch("artalk", client, url=venue.url, site="B")
    assert (len(thread.comments), thread.complete, venue.asked[0].args["flat_mode"]) == (130, True, "true")


def test_cusdis_is_read_page_after_page(venue: Venue, client: Client) -> None:
    def answer(request: Request) -> Any:
        rows = [cusdis(request.args["page"], "x", [])] if request.args["pageId"] == "/blog/bread/" else []
        return {"data": {"data": rows, "commentCount": 2 * len(rows), "pageSize": 10, "pageCount": 2}}

    venue.answer = answer
    (thread,) = fetch("cusdis", client, app_id="a", url=venue.url)
    assert ([c.id for c in thread.comments], thread.complete) == (["1", "2"], True)


EMPTY: dict[str, tuple[dict[str, Any], Any]] = {
    "waline": ({}, {"errno": 0, "errmsg": "", "data": {"page": 1, "totalPages": 0, "count": 0, "data": []}}),
    "remark42": ({}, {"comments": [], "info": {"count": 0}}),
    "twikoo": ({}, {"data": [], "more": False, "count": 0}),
    "artalk": ({}, {"comments": [], "count": 0}),
    "cusdis": ({"app_id": "a"}, {"data": {"data": [], "commentCount": 0, "pageCount": 1}}),
}


@pytest.mark.parametrize("name", EMPTY)
def test_a_page_that_nobody_commented_on_is_an_open_empty_thread(venue: Venue, client: Client, name: str) -> None:
    options, said = EMPTY[name]
    venue.answer = lambda request: said
    (thread,) = fetch(name, client, url=venue.url, **options)
    assert (thread.comments, thread.open, thread.complete) == ((), True, True)


@pytest.mark.parametrize(
    "name", ["giscus", "utterances", "waline", "remark42", "twikoo", "artalk", "cusdis", "disqus", "fedi_comments"]
)
def test_a_missing_option_is_named_without_asking_anybody(client: Client, name: str) -> None:
    with pytest.raises(Refused, match=f"{name}: option '.*' is missing in mkdocs.yml"):
        fetch(name, client)
    assert client.requests == 0


@pytest.mark.parametrize("name", ["remark42", "webmention", "disqus", "fedi_comments"])
def test_a_system_that_goes_by_addresses_needs_site_url(
    client: Client, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DISQUS_API_KEY", "k")
    server = {"url": "http://127.0.0.1:9"}
    options = {"remark42": server, "fedi_comments": server, "disqus": {"forum": "b"}}.get(name, {})
    with pytest.raises(SourceError, match="site_url"):
        fetch(name, client, Post("a.md", url="a/"), **options)
