"""giscus against a GraphQL server with GitHub's own types (graphql-core): a field that GitHub lacks is an error here."""

from __future__ import annotations

import json
import shutil
import subprocess
import tarfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from hashlib import sha1
from pathlib import Path
from typing import Any

import pytest
from graphql import GraphQLSchema, build_schema, graphql_sync, parse, validate
from pytest_httpserver import HTTPServer
from social_samples import remark
from werkzeug import Request, Response

from mkdocs_echo_plugin.errors import NoThread, RateLimited, Refused, SourceError, Unreachable, Unreadable
from mkdocs_echo_plugin.model import Post
from mkdocs_echo_plugin.sources.adapters import giscus
from mkdocs_echo_plugin.sources.adapters.giscus import Giscus
from mkdocs_echo_plugin.sources.http.client import Client, NetworkSettings
from mkdocs_echo_plugin.sources.raw import RawThread

PACKAGE = "@octokit/graphql-schema@15.26.1"
TOKEN = "ghp_forTheTestOnly"
EXCERPT = Path(__file__).with_name("github_excerpt.graphql")
POST = Post("blog/bread.md", url="blog/bread/", canonical_url="https://b.example/blog/bread/", title="Bread")


def paged(nodes: list[Any]) -> Callable[..., dict[str, Any]]:
    """A connection, at most 100 nodes at a time as GitHub gives them."""

    def resolve(info: Any, first: int | None = None, after: str | None = None, **_: Any) -> dict[str, Any]:
        assert first is None or first <= 100
        start = int(after or 0)
        end = start + (first or 0)
        info = {"hasNextPage": end < len(nodes), "endCursor": str(end), "hasPreviousPage": start > 0}
        return {"totalCount": len(nodes), "nodes": nodes[start:end], "pageInfo": info}

    return resolve


def comment(identity: str, *, replies: int = 0, login: str = "ada", up: tuple[str, ...] = ()) -> dict[str, Any]:
    """A comment of the server, its connections as functions."""
    answers = [remark(f"{identity}.{n}", "Hm", "bob", n % 60, replyTo={"id": identity}) for n in range(replies)]
    for one in answers:
        one["reactions"] = paged([])
    row = remark(identity, f"No, {identity}", login, 0)
    row["author"] = {"login": login, "__typename": "User"}
    given = [{"content": "THUMBS_UP", "user": {"login": who}} for who in up]
    return row | {"__typename": "DiscussionComment", "replies": paged(answers), "reactions": paged(given)}


def discussion(number: int, title: str, comments: list[Any], **more: Any) -> dict[str, Any]:
    """A discussion of the server."""
    return {
        "number": number, "title": title, "url": f"https://github.com/o/r/discussions/{number}", "locked": False,
        "closed": False, "body": "", "category": {"id": "DIC_1", "name": "Announcements", "slug": "announcements"},
        "author": {"login": "giscus", "__typename": "Bot"}, "reactions": paged([]), "reactionGroups": [],
        "comments": paged(comments), **more,
    }  # fmt: skip


class GitHub:
    """What the server holds, and what it was asked."""

    def __init__(self, schema: GraphQLSchema) -> None:
        self.schema = schema
        self.discussions: list[dict[str, Any]] = []
        self.asked: list[Mapping[str, Any]] = []
        self.says: dict[str, Any] | None = None

    def answer(self, request: Request) -> Response:
        if request.headers.get("authorization") != f"bearer {TOKEN}":
            return Response(status=401)
        asked = json.loads(request.data)
        self.asked.append(asked)
        if self.says:
            return Response(json.dumps(self.says), content_type="application/json")
        root = {"repository": self.repository, "node": self.node}
        result = graphql_sync(self.schema, asked["query"], root, variable_values=asked["variables"])
        errors = [{"message": error.message} for error in result.errors or []]
        whole = {"data": result.data} | ({"errors": errors} if errors else {})
        return Response(json.dumps(whole), content_type="application/json")

    def repository(self, info: Any, owner: str, name: str, **_: Any) -> Any:
        assert (owner, name) == ("o", "r")

        def one(info: Any, number: int) -> Any:
            return next((d for d in self.discussions if d["number"] == number), None)

        kinds = [{"name": name, "slug": name.casefold()} for name in ("Announcements", "General")]
        return {"discussions": paged(self.discussions), "discussion": one, "discussionCategories": paged(kinds)}

    def node(self, info: Any, id: str) -> Any:
        every = [c for d in self.discussions for c in d["comments"](None, first=100)["nodes"]]
        return next(c for c in every if c["id"] == id)


@pytest.fixture
def github(httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch) -> GitHub:
    monkeypatch.setenv("GITHUB_TOKEN", TOKEN)
    server = GitHub(build_schema(EXCERPT.read_text("utf-8")))
    httpserver.expect_request("/graphql", method="POST").respond_with_handler(server.answer)
    return server


@pytest.fixture
def ask(httpserver: HTTPServer) -> Iterator[Callable[..., list[RawThread]]]:
    with Client(NetworkSettings(allow_private=True)) as client:

        def asking(post: Post = POST, *, source: Giscus | None = None, **options: Any) -> list[RawThread]:
            at = httpserver.url_for("/graphql")
            adapter = replace(source, api=at) if source else Giscus(repo="o/r", api=at, **options)
            return list(adapter.fetch(post, client))

        yield asking


Ask = Callable[..., list[RawThread]]


def test_a_category_that_the_repository_does_not_have_is_said_and_an_empty_one_is_quiet(
    github: GitHub, ask: Ask
) -> None:
    github.discussions = [discussion(7, "blog/bread/", [comment("A")])]
    with pytest.raises(Unreadable, match=r"o/r has no category 'Anouncements'\. Did you mean 'Announcements'\?"):
        ask(category="Anouncements")
    (thread,) = ask(category="general")
    assert thread.comments == ()


def test_a_posts_discussion_is_found_by_its_path_and_read(github: GitHub, ask: Ask) -> None:
    github.discussions = [
        discussion(3, "other/", []),
        discussion(7, "blog/bread/", [comment("A", replies=2, up=("cy",))]),
    ]
    (thread,) = ask()
    assert [(c.id, c.parent_id) for c in thread.comments] == [("A", None), ("A.0", "A"), ("A.1", "A")]
    assert [(r.content, r.author and r.author.id) for r in thread.comments[0].reactions] == [("+1", "cy")]
    assert (thread.complete, thread.open, thread.page_url) == (True, True, POST.canonical_url)


def test_every_comment_and_reply_is_read_however_many_pages(github: GitHub, ask: Ask) -> None:
    many = [comment(f"C{n}", replies=130 if n == 3 else 0) for n in range(250)]
    github.discussions = [discussion(7, "blog/bread/", many)]
    (thread,) = ask()
    assert (len(thread.comments), thread.complete, thread.reported_count) == (380, True, 380)


def test_a_hundred_posts_share_one_listing(github: GitHub, ask: Ask) -> None:
    github.discussions = [discussion(n, f"blog/{n}/", [comment(f"c{n}")] if n == 5 else []) for n in range(120)]
    for n in range(100):
        ask(Post(f"{n}.md", url=f"blog/{n}/", canonical_url=f"https://b.example/blog/{n}/"))
    assert len(github.asked) == 3  # two pages of the list, and the one discussion in which anybody wrote


def test_a_post_that_nobody_has_commented_on_is_an_open_empty_thread(github: GitHub, ask: Ask) -> None:
    (thread,) = ask()
    assert (thread.comments, thread.open, thread.complete) == ((), True, True)


@pytest.mark.parametrize(
    ("mapping", "title", "post"),
    [
        ("pathname", "blog/bread/", POST),
        ("pathname", "blog/bread", POST),
        ("pathname", "BLOG/Bread/", POST),
        ("pathname", "index", Post("index.md", canonical_url="https://b.example/")),
        ("pathname", "blog/bread", Post("b.md", url="blog/bread.html", canonical_url="https://b.example/blog/bread.html")),
        ("pathname", "old/bread", Post("b.md", url="x/", canonical_url="https://b.example/x/", aliases=("/old/bread.html",))),
        ("pathname", "docs/blog/bread/", replace(POST, canonical_url="https://b.example/docs/blog/bread/")),
        ("pathname", "blog/bread/", replace(POST, canonical_url="https://b.example/docs/blog/bread/")),
        ("pathname", "blog/%E9%BA%B5%E5%8C%85/", Post("b.md", url="blog/麵包/", canonical_url="https://b.example/blog/麵包/")),
        ("url", "https://b.example/blog/bread/", POST),
        ("url", "http://b.example/blog/bread", POST),
        ("title", "Bread - A blog", POST),
        ("og:title", "Bread", POST),
        ("specific", "rye", replace(POST, key="rye")),
    ],
)  # fmt: skip
def test_the_mapping_of_the_embed_finds_the_discussion(
    github: GitHub, ask: Ask, mapping: str, title: str, post: Post
) -> None:
    github.discussions = [discussion(1, "blog/", []), discussion(7, title, [comment("A")])]
    (thread,) = ask(post, mapping=mapping, term="a term")
    assert [c.id for c in thread.comments] == ["A"]


def test_a_title_that_only_begins_alike_is_another_posts(github: GitHub, ask: Ask) -> None:
    github.discussions = [discussion(7, "blog/bread/", [comment("A")]), discussion(8, "Breadcrumbs - A blog", [])]
    (thread,) = ask(replace(POST, url="blog/bre/", canonical_url="https://b.example/blog/bre/"))
    assert thread.comments == ()


@pytest.mark.parametrize("hashed", ["blog/bread/", "blog/rye/"])
def test_strict_believes_the_hash_and_not_the_title(github: GitHub, ask: Ask, hashed: str) -> None:
    body = f"# Bread\n\n<!-- sha1: {sha1(hashed.encode()).hexdigest()} -->"
    github.discussions = [discussion(7, "renamed by hand", [comment("A")], body=body)]
    (thread,) = ask(strict=True)
    assert bool(thread.comments) == (hashed == "blog/bread/")


def test_a_number_in_the_page_names_the_discussion(github: GitHub, ask: Ask) -> None:
    github.discussions = [discussion(7, "anything", [comment("A")])]
    assert [len(t.comments) for t in ask(replace(POST, key="7"), mapping="number")] == [1]
    with pytest.raises(NoThread, match=r"echo: \{key: NUMBER\}"):
        ask(mapping="number")
    with pytest.raises(NoThread, match="no discussion #9"):
        ask(replace(POST, key="9"), mapping="number")


def test_a_discussions_own_address_needs_no_mapping(github: GitHub, ask: Ask) -> None:
    github.discussions = [discussion(7, "anything", [comment("A")])]
    source = Giscus.from_url("https://github.com/o/r/discussions/7")
    assert [len(t.comments) for t in ask(source=source)] == [1]


def test_only_the_named_category_counts(github: GitHub, ask: Ask) -> None:
    other = {"id": "DIC_2", "name": "Q&A", "slug": "q-a"}
    github.discussions = [
        discussion(6, "blog/bread/", [comment("Q")], category=other),
        discussion(7, "blog/bread/", [comment("A")]),
    ]
    assert [c.id for c in ask(category="announcements")[0].comments] == ["A"]


@pytest.mark.parametrize(("openers", "taken"), [
    (("ada", "giscus"), "second"), (("giscus", "mallory"), "first"), (("mallory", "o"), "second"),
    (("ada", "mallory"), "first"), (("giscus", "giscus"), "first"), ((None, None), "first"),
])  # fmt: skip
@pytest.mark.parametrize("newest_first", [False, True])
def test_a_second_discussion_of_the_same_title_takes_nothing_from_the_post(
    github: GitHub,
    ask: Ask,
    caplog: pytest.LogCaptureFixture,
    openers: tuple[str | None, str | None],
    taken: str,
    newest_first: bool,
) -> None:
    authors = [{"login": login, "__typename": "User"} if login else None for login in openers]
    github.discussions = [
        discussion(6, "blog/bread/", [comment("first")], author=authors[0]),
        discussion(7, "blog/bread/", [comment("second")], author=authors[1]),
    ][:: -1 if newest_first else 1]
    with caplog.at_level("INFO"):
        assert [c.id for c in ask()[0].comments] == [taken]
    (line,) = [record.getMessage() for record in caplog.records if "giscus:" in record.getMessage()]
    assert "has its title too" in line


def test_without_a_token_nothing_is_asked_and_the_message_says_what_to_set(
    github: GitHub, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("GITHUB_TOKEN")
    with pytest.raises(Refused, match=r"Set GITHUB_TOKEN \(in GitHub Actions"):
        ask()
    assert github.asked == []


@pytest.mark.parametrize(
    ("kind", "error"), [("NOT_FOUND", Unreachable), ("RATE_LIMITED", RateLimited), ("INSUFFICIENT_SCOPES", Unreachable)]
)
def test_an_error_with_status_200_is_an_error(github: GitHub, ask: Ask, kind: str, error: type[SourceError]) -> None:
    github.says = {"data": {"repository": None}, "errors": [{"type": kind, "message": "it\nsays so"}]}
    with pytest.raises(error, match="it says so") as caught:
        ask()
    assert TOKEN not in str(caught.value)


def test_a_field_that_github_does_not_have_is_refused_by_the_types(
    github: GitHub, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(giscus, "LIST", giscus.LIST.replace("number title", "number titel"))
    with pytest.raises(Unreachable, match="Cannot query field 'titel'"):
        ask()


@pytest.fixture(scope="module")
def whole_schema(tmp_path_factory: pytest.TempPathFactory) -> GraphQLSchema:
    """GitHub's public schema whole, fetched with npm."""
    place = tmp_path_factory.mktemp("schema")
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip("npm is not installed, and it brings GitHub's GraphQL schema")
    ran = subprocess.run([npm, "pack", "--silent", PACKAGE], cwd=place, capture_output=True, timeout=120, check=False)
    if ran.returncode:
        pytest.skip(f"npm could not fetch {PACKAGE}: {ran.stderr.decode(errors='replace')[-200:]}")
    (packed,) = place.glob("*.tgz")
    with tarfile.open(packed) as tar:
        member = tar.extractfile("package/schema.graphql")
        assert member is not None
        # GitHub's own file defines a field twice and deprecates what its interfaces do not
        return build_schema(member.read().decode(), assume_valid=True)


@pytest.mark.parametrize("query", ["LIST", "READ", "REPLIES"])
def test_the_queries_are_valid_for_githubs_whole_schema(whole_schema: GraphQLSchema, query: str) -> None:
    assert validate(whole_schema, parse(getattr(giscus, query))) == []


def test_the_excerpt_says_nothing_that_githubs_schema_does_not(whole_schema: GraphQLSchema) -> None:
    for name, kind in build_schema(EXCERPT.read_text("utf-8")).type_map.items():
        theirs = whole_schema.type_map[name]
        for field, ours in getattr(kind, "fields", {}).items():
            assert str(theirs.fields[field].type) == str(ours.type), f"{name}.{field}"
            known = {argument: str(value.type) for argument, value in theirs.fields[field].args.items()}
            assert {argument: str(value.type) for argument, value in ours.args.items()}.items() <= known.items()
        assert set(getattr(kind, "values", ())) <= set(getattr(theirs, "values", ()))
