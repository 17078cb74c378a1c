"""WordPress' REST interface, played by a local server with answers of its form."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from mkdocs_echo_plugin.errors import Ambiguous, NoThread, SourceError, Unreachable, Unreadable
from mkdocs_echo_plugin.model import Post
from mkdocs_echo_plugin.sources.adapters.wordpress import WordPress
from mkdocs_echo_plugin.sources.http.client import Client, NetworkSettings
from mkdocs_echo_plugin.sources.raw import Document, RawThread

POST = Post(path="tea.md", url="2024/05/tea/")
ABOUT = {"id": 4, "link": "https://blog.example/tea/", "slug": "tea", "author": 9, "comment_status": "open",
         "title": {"rendered": "Tea &amp; time"}}  # fmt: skip


def remark(number: int, parent: int = 0, user: int = 0, **more: Any) -> dict[str, Any]:
    """A comment as the interface gives it."""
    return {"id": number, "post": 4, "parent": parent, "author": user, "author_name": f"P{number}", "author_url": "",
            "author_avatar_urls": {"24": f"https://secure.gravatar.com/avatar/{number:032x}?s=24"}, "type": "comment",
            "date_gmt": "2024-05-01T12:00:00", "content": {"rendered": f"<p>Text {number}</p>"}, "status": "approved",
            "link": f"https://blog.example/tea/comment-page-2/#comment-{number}", **more}  # fmt: skip


@pytest.fixture
def client() -> Iterator[Client]:
    with Client(NetworkSettings(allow_private=True)) as client:
        yield client


@pytest.fixture
def blog(httpserver: HTTPServer) -> HTTPServer:
    """A blog with one post of 250 comments."""
    rows = [remark(n, parent=n - 1 if n % 2 == 0 else 0, user=9 if n == 2 else 0) for n in range(1, 251)]

    def comments(request: Request) -> Response:
        if request.args["post"] != "4":
            return Response("[]", content_type="application/json", headers={"X-WP-TotalPages": "0"})
        page, size = int(request.args["page"]), int(request.args["per_page"])
        pages = -(-len(rows) // size)
        part = json.dumps(rows[(page - 1) * size : page * size])
        headers = {"X-WP-Total": str(len(rows)), "X-WP-TotalPages": str(pages)}
        return Response(part, content_type="application/json", headers=headers)

    def posts(request: Request) -> Response:
        found = {"tea": [ABOUT], "twice": [ABOUT, {**ABOUT, "id": 5}]}.get(request.args["slug"], [])
        return Response(json.dumps(found), content_type="application/json")

    httpserver.expect_request("/wp-json/wp/v2/comments").respond_with_handler(comments)
    httpserver.expect_request("/wp-json/wp/v2/posts").respond_with_handler(posts)
    httpserver.expect_request("/wp-json/wp/v2/pages").respond_with_json([])
    httpserver.expect_request("/wp-json/wp/v2/posts/4").respond_with_json(ABOUT)
    httpserver.expect_request("/wp-json/wp/v2/posts/6").respond_with_json({"code": "rest_post_invalid_id"}, status=404)
    return httpserver


def fetch(server: HTTPServer, client: Client, post: Post) -> RawThread:
    (thread,) = WordPress(url=server.url_for("/")).fetch(post, client)
    return thread


def test_every_page_of_a_post_found_by_its_name_is_read(blog: HTTPServer, client: Client) -> None:
    thread = fetch(blog, client, POST)
    assert len(thread.comments) == thread.reported_count == 250
    assert [c.parent_id for c in thread.comments[:4]] == [None, "1", None, "3"]
    assert (thread.key, thread.page_url, thread.title, thread.open, thread.locked, thread.aliases) == (
        "tea", "https://blog.example/tea/", "Tea & time", True, False, ("4",),
    )  # fmt: skip
    assert client.requests == 1 + 3


def test_who_wrote_the_post_is_its_author_and_a_gravatar_tells_people_apart(blog: HTTPServer, client: Client) -> None:
    one, two = fetch(blog, client, POST).comments[:2]
    assert one.author is not None
    assert two.author is not None
    assert (one.author.role, two.author.role) == ("unknown", "author")
    assert (one.author.email_hash, one.author.id) == (f"{1:032x}", None)


def test_a_post_is_found_by_number_without_asking_for_its_name(blog: HTTPServer, client: Client) -> None:
    thread = fetch(blog, client, Post(path="x.md", url="other/", key="4"))
    assert (len(thread.comments), thread.title) == (250, "Tea & time")


def test_a_number_that_the_blog_hides_still_gives_its_comments(blog: HTTPServer, client: Client) -> None:
    assert fetch(blog, client, Post(path="x.md", key="6")).comments == ()


def test_a_page_tells_programs_where_its_comments_are(blog: HTTPServer, client: Client) -> None:
    link = f'<link rel="alternate" type="application/json" href="{blog.url_for("/wp-json/wp/v2/posts/4")}">'
    blog.expect_request("/old-tea/").respond_with_data(f"<html><head>{link}</head></html>", content_type="text/html")
    blog.expect_request("/robots.txt").respond_with_data("", content_type="text/plain")
    thread = fetch(blog, client, Post(path="x.md", threads=(blog.url_for("/old-tea/"),)))
    assert len(thread.comments) == 250


def test_a_name_that_two_posts_have_is_not_guessed(blog: HTTPServer, client: Client) -> None:
    with pytest.raises(Ambiguous, match=r"2 posts are called 'twice'.*echo: \{key: NUMBER\}"):
        fetch(blog, client, Post(path="twice.md", url="twice/"))


def test_a_name_that_no_post_has_is_no_thread(blog: HTTPServer, client: Client) -> None:
    with pytest.raises(NoThread, match="no post called 'nowhere'"):
        fetch(blog, client, Post(path="nowhere.md", url="nowhere/"))


@pytest.mark.parametrize(
    ("status", "message"),
    [(401, "does not show this to everybody"), (403, "does not show this"), (404, "has no REST interface here"),
     (400, r"refuses the question \(per_page must be")],
)  # fmt: skip
def test_a_refusal_is_explained(httpserver: HTTPServer, client: Client, status: int, message: str) -> None:
    error = {"code": "rest_x", "message": "per_page must be between 1 and 100", "data": {"status": status}}
    httpserver.expect_request("/wp-json/wp/v2/posts").respond_with_json(error, status=status)
    with pytest.raises(Unreachable, match=message):
        fetch(httpserver, client, POST)


def test_a_site_that_answers_with_something_else_is_unreadable(httpserver: HTTPServer, client: Client) -> None:
    httpserver.expect_request("/wp-json/wp/v2/posts").respond_with_json({"hello": 1})
    with pytest.raises(Unreadable, match="a list was expected"):
        fetch(httpserver, client, POST)


def test_without_an_address_nobody_is_asked(client: Client) -> None:
    with pytest.raises(SourceError, match="option 'url' is missing"):
        list(WordPress().fetch(POST, client))
    assert client.requests == 0


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://b.example/wp-json/wp/v2/comments?post=4", WordPress(url="https://b.example", post=4)),
        ("https://b.example/x/wp-json/wp/v2/comments?post=4&page=2", WordPress(url="https://b.example/x", post=4)),
        ("https://b.example/?p=12", WordPress(url="https://b.example", post=12)),
        ("https://b.example/tea/", None),
        ("https://b.example/x.php?p=12", None),
        ("ftp://b.example/?p=12", None),
        ("https://b.example/?p=12'", None),
        ("https://[::1/?p=1", None),
    ],
)
def test_a_threads_own_address_is_known_by_its_form(url: str, expected: WordPress | None) -> None:
    assert WordPress.from_url(url) == expected


def test_saved_comments_are_read_post_by_post() -> None:
    rows = [remark(1), remark(2, parent=1, status="hold"), {**remark(3), "post": 5}, remark(4, type="pingback")]
    saved = Document("c.json", json.dumps(rows).encode())
    assert WordPress.recognises(saved)
    four, five = WordPress().read(saved)
    assert [(c.id, c.parent_id, c.state, c.kind) for c in four.comments] == [
        ("1", None, "visible", None), ("2", "1", "pending", None), ("4", None, "visible", "pingback"),
    ]  # fmt: skip
    assert (four.key, four.page_url, four.open, five.key) == ("4", "https://blog.example/tea/", False, "5")


def test_a_saved_error_is_said() -> None:
    saved = b'{"code":"rest_forbidden","message":"Sorry, you are not allowed.","data":{"status":401}}'
    with pytest.raises(Unreadable, match=r"c\.json: this is an error of WordPress.*not allowed"):
        list(WordPress().read(Document("c.json", saved)))
