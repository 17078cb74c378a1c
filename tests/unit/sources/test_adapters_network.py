"""GitHub issues, utterances, Mastodon, Bluesky, Hacker News, Discourse: what is asked, page after page, with which token."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from fake_venue import POST, Venue, fetch
from pytest_httpserver import HTTPServer
from social_samples import CONTEXT, ISSUE_COMMENTS, ITEM, SKY, TOPIC, sky, status, topic_post
from werkzeug import Request, Response

from mkdocs_echo_plugin.errors import NoThread
from mkdocs_echo_plugin.model import Post
from mkdocs_echo_plugin.sources import for_url
from mkdocs_echo_plugin.sources.http.client import Client, NetworkSettings
from mkdocs_echo_plugin.sources.raw import RawThread


@pytest.fixture
def venue(httpserver: HTTPServer) -> Venue:
    return Venue(httpserver)


@pytest.fixture
def client() -> Iterator[Client]:
    with Client(NetworkSettings(allow_private=True, attempts=1)) as client:
        yield client


# GitHub issues, utterances


def issues(count: int, comments: int) -> list[dict[str, Any]]:
    return [
        {"number": n, "title": f"blog/{n}/", "comments": comments, "html_url": f"https://github.com/o/r/issues/{n}",
         "locked": False, "reactions": {"+1": 1}}
        for n in range(1, count + 1)
    ]  # fmt: skip


def rest(total: int, listed: list[dict[str, Any]]) -> Callable[[Request], Any]:
    def answer(request: Request) -> Any:
        page = int(request.args.get("page", 1)) - 1
        if request.path.endswith("/comments"):
            every = [{**ISSUE_COMMENTS[0], "id": n} for n in range(total)]
            return every[page * 100 : page * 100 + 100]
        if request.path.endswith("/issues"):
            return listed[page * 100 : page * 100 + 100]
        return listed[0]

    return answer


def test_utterances_reads_the_issue_named_by_the_path_page_after_page(venue: Venue, client: Client) -> None:
    listed = [{**issues(1, 130)[0], "title": "Blog/Bread/"}]
    venue.answer = rest(130, listed)
    (thread,) = fetch("utterances", client, repo="o/r", api=venue.url)
    assert (len(thread.comments), thread.complete, thread.platform) == (130, True, "utterances")
    assert venue.paths == ["/repos/o/r/issues", "/repos/o/r/issues/1/comments", "/repos/o/r/issues/1/comments"]


def test_utterances_lists_the_issues_once_and_asks_for_none_without_comments(venue: Venue, client: Client) -> None:
    venue.answer = rest(0, issues(130, 0))
    for n in (1, 2, 130, 131):
        (thread,) = fetch("utterances", client, Post(f"{n}.md", url=f"blog/{n}/"), repo="o/r", api=venue.url)
        assert thread.comments == ()
    assert venue.paths == ["/repos/o/r/issues"] * 2


def test_utterances_takes_the_oldest_of_two_issues_as_the_embed_does(venue: Venue, client: Client) -> None:
    venue.answer = rest(1, [{**one, "title": "blog/bread/"} for one in issues(2, 1)])
    assert fetch("utterances", client, repo="o/r", api=venue.url)[0].source_url == "https://github.com/o/r/issues/1"


def test_github_is_asked_without_a_token_where_there_is_none(
    venue: Venue, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    venue.answer = rest(1, issues(1, 1))
    source = for_url("https://github.com/o/r/issues/1")
    assert source is not None
    for value in ("", "ghp_x"):
        monkeypatch.setenv("GITHUB_TOKEN", value)
        (thread,) = replace(source, api=venue.url).fetch(POST, client)  # type: ignore[type-var]
        assert len(thread.comments) == 1
    assert [r.headers.get("authorization") for r in venue.asked] == [None, None, "bearer ghp_x", "bearer ghp_x"]


# Lobsters: named by its address


def test_lobsters_is_asked_for_each_story_that_the_page_names(venue: Venue, client: Client) -> None:
    venue.answer = lambda request: {
        "short_id": request.path[3:9], "title": "Rye", "url": "https://elsewhere.example/", "comment_count": 1,
        "comments": [{"short_id": "c1", "comment": "<p>No</p>", "commenting_user": "ada", "depth": 0}],
    }  # fmt: skip
    post = replace(POST, threads=("https://lobste.rs/s/aaaaaa/rye", "https://x.example/", "https://lobste.rs/s/bbbbbb"))
    threads = fetch("lobsters", client, post, api=venue.url)
    assert venue.paths == ["/s/aaaaaa.json", "/s/bbbbbb.json"]
    assert [(one.key, one.page_url, len(one.comments)) for one in threads] == [
        ("aaaaaa", POST.canonical_url, 1), ("bbbbbb", POST.canonical_url, 1),
    ]  # fmt: skip


def test_a_story_that_is_not_there_and_a_page_that_names_none_are_said(venue: Venue, client: Client) -> None:
    with pytest.raises(NoThread, match="there is no story aaaaaa"):
        fetch("lobsters", client, replace(POST, threads=("https://lobste.rs/s/aaaaaa",)), api=venue.url)
    with pytest.raises(NoThread, match="the page names no story"):
        fetch("lobsters", client, api=venue.url)


# Mastodon, Bluesky, Hacker News, Discourse: named by their address


def from_address(url: str, client: Client, **options: Any) -> list[RawThread]:
    source = for_url(url)
    assert source is not None
    return list((replace(source, **options) if options else source).fetch(POST, client))  # type: ignore[type-var]


def test_mastodon_is_asked_for_the_status_and_its_context(venue: Venue, client: Client) -> None:
    root = status("100", None, "New post", "1", replies_count=3, favourites_count=7)
    venue.answer = lambda request: CONTEXT if request.path.endswith("/context") else root
    (thread,) = from_address(f"{venue.url}/@me/100", client)
    assert venue.paths == ["/api/v1/statuses/100", "/api/v1/statuses/100/context"]
    assert [c.id for c in thread.comments if c.state == "visible"] == ["101", "102", "104"]
    assert ("favourite", 7) in [(r.content, r.count) for r in thread.reactions]


def test_sixty_replies_on_mastodon_are_all_that_a_stranger_is_given(venue: Venue, client: Client) -> None:
    many = {"ancestors": [], "descendants": [status(str(n), "100", "x") for n in range(200, 260)]}
    venue.answer = lambda request: many if request.path.endswith("/context") else status("100", None, "New", "1")
    (thread,) = from_address(f"{venue.url}/@me/100", client)
    assert (thread.complete, thread.truncated_reason) == (False, "the server gives 60 replies at most")


def test_a_mastodon_token_goes_to_its_own_server_only(
    venue: Venue, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MASTODON_TOKEN", "secret")
    venue.answer = lambda request: CONTEXT if request.path.endswith("/context") else status("100", None, "New", "1")
    for url in (venue.url, "https://other.example"):
        fetch("mastodon", client, replace(POST, threads=(f"{venue.url}/@me/100",)), url=url)
    assert [r.headers.get("authorization") for r in venue.asked] == ["bearer secret"] * 2 + [None] * 2


def test_a_status_that_is_gone_is_no_thread(venue: Venue, client: Client) -> None:
    with pytest.raises(NoThread, match="gone or not public"):
        from_address(f"{venue.url}/@me/100", client)


def test_bluesky_is_asked_by_handle_for_the_whole_depth(venue: Venue, client: Client) -> None:
    venue.answer = lambda request: SKY
    (thread,) = from_address("https://bsky.app/profile/me.example/post/3n2", client, api=venue.url)
    assert dict(venue.asked[0].args) == {
        "uri": "at://me.example/app.bsky.feed.post/3n2", "depth": "1000", "parentHeight": "0",
    }  # fmt: skip
    assert thread.truncated_reason == "2 replies are blocked, deleted or deeper than was asked for"


def test_a_chain_of_a_thousand_posts_on_bluesky_is_read(venue: Venue, client: Client) -> None:
    deepest = sky("999", "did:plc:b", "x", [])
    for n in range(998, -1, -1):
        deepest = sky(str(n), "did:plc:b", "x", [deepest])
    opened = json.dumps(sky("leaf", "did:plc:b", "x", []))
    body = json.dumps({"thread": "HERE"})
    parts = [json.dumps(sky(str(n), "did:plc:b", "x", ["HERE"])).split('"HERE"') for n in range(1000)]
    text = "".join(a for a, _ in parts) + opened + "".join(b for _, b in reversed(parts))
    venue.answer = lambda request: Response(body.replace('"HERE"', text), content_type="application/json")
    (thread,) = from_address("https://bsky.app/profile/me.example/post/0", client, api=venue.url)
    assert (len(thread.comments), thread.complete) == (1000, True)


def test_hacker_news_is_asked_from_its_index(venue: Venue, client: Client) -> None:
    venue.answer = lambda request: ITEM
    (thread,) = from_address("https://news.ycombinator.com/item?id=1", client, api=venue.url)
    assert (venue.paths, len(thread.comments), thread.source_url) == (
        ["/items/1"], 3, "https://news.ycombinator.com/item?id=1",
    )  # fmt: skip


def test_the_posts_that_a_discourse_topic_leaves_out_are_asked_for(venue: Venue, client: Client) -> None:
    posts = {501 + n: topic_post(1 + n, "ada", str(n), 1 if n else None) for n in range(130)}
    first = {**TOPIC, "post_stream": {"posts": list(posts.values())[:20], "stream": list(posts)}, "posts_count": 130}

    def answer(request: Request) -> Any:
        asked = [int(one) for one in request.args.getlist("post_ids[]")]
        return {"post_stream": {"posts": [posts[one] for one in asked]}} if asked else first

    venue.answer = answer
    (thread,) = from_address(f"{venue.url}/t/bread/9/4", client)
    assert (len(thread.comments), thread.complete) == (130, True)
    assert venue.paths == ["/t/9.json", "/t/9/posts.json", "/t/9/posts.json", "/t/9/posts.json"]


@pytest.mark.parametrize("name", ["mastodon", "bluesky", "hackernews", "discourse", "github_issues"])
def test_a_page_that_names_no_thread_has_none_where_there_is_no_rule(client: Client, name: str) -> None:
    with pytest.raises(NoThread, match="threads: "):
        fetch(name, client)
    assert client.requests == 0
