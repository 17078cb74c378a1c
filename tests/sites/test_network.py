"""Builds of sites whose comments are asked for over the network, here from a server on this machine."""

from __future__ import annotations

import json
import os
import pty
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from drawing import Builder, badges, draw
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

DOCS = {
    "docs/index.md": "# Home",
    **{
        f"docs/{n}.md": f"---\ncomments: true\n---\n# {n}\n\nTea is better than coffee."
        for n in ("one", "two", "three")
    },
}


def isso(*texts: str) -> dict[str, Any]:
    """What Isso answers for a thread."""
    replies = [
        {
            "id": i, "parent": None, "text": f"<p>{text}</p>", "author": f"Person {i}", "website": None, "mode": 1,
            "created": 1772000000.0 + i, "modified": None, "likes": 0, "dislikes": 0, "hash": f"{i:012x}",
            "notification": 0, "total_replies": 0, "hidden_replies": 0, "replies": [],
        }
        for i, text in enumerate(texts, start=1)
    ]  # fmt: skip
    return {"id": None, "total_replies": len(texts), "hidden_replies": 0, "replies": replies, "config": {}}


class Venue:
    """An Isso that counts what it is asked."""

    def __init__(self, server: HTTPServer) -> None:
        self.asked: list[str] = []
        self.status = 200
        self.url = server.url_for("/")
        server.expect_request("/").respond_with_handler(self.answer)

    def answer(self, request: Request) -> Response:
        uri = request.args["uri"]
        self.asked.append(uri)
        if self.status != 200:
            return Response("no", self.status)
        said = ["Agree: so it is, tea it must be"] * 6 if uri == "/one/" else []
        return Response(json.dumps(isso(*said)), content_type="application/json")

    @property
    def options(self) -> dict[str, Any]:
        return {"sources": [{"isso": {"url": self.url}}], "allow_private": True}


@pytest.fixture
def venue(httpserver: HTTPServer) -> Venue:
    return Venue(httpserver)


def test_comments_of_all_posts_come_from_the_venue(build: Builder, venue: Venue) -> None:
    built = build(DOCS, echo=venue.options)
    assert built.states() == {"one": "one-side", "two": "quiet", "three": "quiet"}
    assert badges(built.page("one/")) == ["one-side"]
    assert built.report()["sources"] == [
        {"name": "isso", "asked": 3, "answered": 3, "from_cache": 0, "failed": [], "stale": []}
    ]


def test_a_second_build_makes_no_request_and_writes_the_same_pages(build: Builder, venue: Venue) -> None:
    first = build(DOCS, echo=venue.options)
    pages, asked = first.files(), list(venue.asked)
    assert asked
    second = build(echo=venue.options)
    third = second.files()
    assert venue.asked == asked
    assert second.report()["sources"][0]["from_cache"] == 3
    del pages["echo/report.json"], third["echo/report.json"]
    assert pages == third
    assert build(echo=venue.options).report() == second.report()


def test_a_silent_venue_makes_unknown_posts_and_one_warning(build: Builder, venue: Venue) -> None:
    venue.status = 500
    built = build(DOCS, echo=venue.options)
    assert built.exit_code == 0, built.log
    assert set(built.states().values()) == {"unknown"}
    assert "answered 500" in built.report()["posts"][0]["reason"]
    assert badges(built.page("one/")) == []
    (warned,) = [line for line in built.log.splitlines() if line.startswith("WARNING")]
    assert "answered 500 Internal Server Error. (3 posts)" in warned
    assert build(DOCS, echo=venue.options, args=("--strict",)).exit_code == 1


def test_when_the_venue_fails_later_what_was_read_stays(build: Builder, venue: Venue) -> None:
    page = build(DOCS, echo=venue.options).page("one/")
    (database,) = (Path.cwd() / ".cache/plugin/echo").glob("*.db")
    connection = sqlite3.connect(database)
    with connection:
        connection.execute("UPDATE thread SET fetched = fetched - 172800")
    connection.close()
    venue.status = 503
    built = build(echo=venue.options)
    assert built.page("one/") == page
    assert built.report()["sources"][0]["from_cache"] == 3


def test_offline_asks_nobody(build: Builder, venue: Venue) -> None:
    built = build(DOCS, echo={**venue.options, "offline": True})
    assert venue.asked == []
    assert set(built.states().values()) == {"unknown"}
    assert "offline" in built.report()["posts"][0]["reason"]


def test_a_private_address_is_refused_unless_the_site_allows_it(build: Builder, venue: Venue) -> None:
    built = build(DOCS, echo={**venue.options, "allow_private": False})
    assert venue.asked == []
    assert "private" in built.report()["posts"][0]["reason"]


def test_a_source_without_its_token_says_once_what_to_set(build: Builder) -> None:
    options = {"sources": [{"giscus": {"repo": "me/blog"}}]}
    built = build(DOCS, echo=options, args=("--strict",))
    assert built.exit_code == 0
    lines = built.lines()
    assert len(lines) == 2
    assert "Set GITHUB_TOKEN" in lines[1]
    assert lines[1].endswith("(3 posts)")
    assert set(built.states().values()) == {"unknown"}


def test_offline_a_source_without_its_token_is_passed_over_in_silence(build: Builder) -> None:
    built = build(DOCS, echo={"sources": [{"giscus": {"repo": "me/blog"}}], "offline": True})
    assert len(built.lines()) == 1


def test_an_address_in_front_matter_is_asked_and_its_host_is_in_the_report(build: Builder, venue: Venue) -> None:
    address = f"{venue.url}?uri=%2Fone%2F"
    tree = {"docs/index.md": "# Home", "docs/x.md": f"---\necho: {{threads: ['{address}']}}\n---\n# X\n\nTea."}
    built = build(tree, echo=venue.options)
    assert built.states() == {"x": "one-side"}
    host = venue.url.split("/")[2]
    assert built.report()["sources"][0]["name"] == f"isso {host}"
    assert venue.asked[0] == "/one/"


def test_front_matter_reaches_no_private_host_that_mkdocs_yml_does_not_name(build: Builder, venue: Venue) -> None:
    address = f"{venue.url}?uri=%2Fone%2F"
    tree = {"docs/index.md": "# Home", "docs/x.md": f"---\necho: {{threads: ['{address}']}}\n---\n# X\n\nTea."}
    built = build(tree, echo={"allow_private": True, "sources": [{"isso": {"url": "http://127.0.0.1:9/"}}]})
    assert venue.asked == []
    assert "name it under `sources` in mkdocs.yml" in built.report()["posts"][0]["reason"]


def test_front_matter_reaches_no_other_path_of_a_private_host(build: Builder, venue: Venue) -> None:
    address = f"{venue.url}?uri=%2Fone%2F".replace("/isso/", "/admin/restart/")
    tree = {"docs/index.md": "# Home", "docs/x.md": f"---\necho: {{threads: ['{address}']}}\n---\n# X\n\nTea."}
    options = {"allow_private": True, "sources": [{"isso": {"url": f"{venue.url}isso/"}}]}
    built = build(tree, echo=options)
    assert "is named in mkdocs.yml for another path" in built.report()["posts"][0]["reason"]


def test_a_token_is_not_sent_in_clear_because_front_matter_says_http(
    build: Builder, httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[str | None] = []

    def answer(request: Request) -> Response:
        sent.append(request.headers.get("Authorization"))
        return Response("{}", content_type="application/json")

    httpserver.expect_request("/api/v1/statuses/1").respond_with_handler(answer)
    monkeypatch.setenv("MASTODON_TOKEN", "SECRETTOKEN123")
    here = httpserver.url_for("").rstrip("/")
    tree = {"docs/index.md": "# Home", "docs/x.md": f"---\necho: {{threads: ['{here}/@me/1']}}\n---\n# X\n\nTea."}
    own = here.replace("http://", "https://")
    build(tree, echo={"allow_private": True, "sources": [{"mastodon": {"url": own}}]})
    assert [one for one in sent if one] == []


def test_a_host_is_not_matched_by_the_beginning_of_its_name(build: Builder, httpserver: HTTPServer) -> None:
    here = httpserver.url_for("").rstrip("/")
    tree = {"docs/index.md": "# Home", "docs/x.md": f"---\necho: {{threads: ['{here}/evil']}}\n---\n# X\n\nTea."}
    build(tree, echo={"allow_private": True, "sources": [{"webpage": {"url": here[:-1]}}, {"isso": {"url": here}}]})
    assert [request.path for request, _ in httpserver.log if "evil" in request.path] == []


def test_a_thread_named_in_front_matter_is_not_asked_for_twice(build: Builder, venue: Venue) -> None:
    address = f"{venue.url}?uri=%2Fone%2F"
    tree = {"docs/index.md": "# Home", "docs/one.md": f"---\necho: {{threads: ['{address}']}}\n---\n# X\n\nTea."}
    built = build(tree, echo=venue.options)
    (post,) = built.report()["posts"]
    assert (post["voices"]["n"], post["venues"]) == (6, [])


def test_an_address_that_no_source_knows_is_reported(build: Builder) -> None:
    tree = {"docs/index.md": "# Home", "docs/x.md": "---\necho: {threads: ['gopher://x.example/1']}\n---\n# X"}
    built = build(tree)
    (post,) = built.report()["posts"]
    assert post["state"] == "unknown"
    assert "'gopher://x.example/1' is no address that a source knows" in post["reason"]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Any]:
    """Starts `mkdocs serve` and gives a function that waits for a text in a page."""
    running: list[subprocess.Popen[str]] = []

    def start(*args: str) -> Any:
        port = _free_port()
        command = [sys.executable, "-m", "mkdocs", "serve", "-a", f"127.0.0.1:{port}", *args]
        with (tmp_path / "serve.log").open("w") as log:
            running.append(subprocess.Popen(command, cwd=tmp_path, text=True, stdout=log, stderr=log))

        def page(path: str, text: str) -> str:
            for _ in range(200):
                try:
                    with urllib.request.urlopen(f"http://127.0.0.1:{port}/{path}", timeout=5) as answer:
                        html: str = answer.read().decode()
                    if text in html:
                        return html
                except OSError:
                    pass
                time.sleep(0.1)
            raise AssertionError(f"no {text!r} in {path}: {(tmp_path / 'serve.log').read_text()}")

        return page

    yield start
    for process in running:
        process.terminate()
        process.wait(timeout=20)


def _write_site(root: Path, echo: dict[str, Any]) -> None:
    draw(root, DOCS)
    settings = {"site_name": "Letters", "site_url": "https://blog.example/", "plugins": ["search", {"echo": echo}]}
    (root / "mkdocs.yml").write_text(yaml.safe_dump(settings), "utf-8")


@pytest.mark.parametrize("dirty", [False, True])
def test_serve_asks_nobody_again_and_shows_no_stale_badge(
    tmp_path: Path, venue: Venue, serve: Any, dirty: bool
) -> None:
    _write_site(tmp_path, venue.options)
    page = serve("--dirty") if dirty else serve()
    assert badges(page("one/", "Tea")) == ["one-side"]
    asked = list(venue.asked)
    time.sleep(1.1)  # file times of a whole second: --dirty compares them
    (tmp_path / "docs/one.md").write_text("---\ncomments: true\n---\n# one\n\nWater is better.", "utf-8")
    html = page("one/", "Water is better")
    assert badges(html) == ["one-side"]
    assert venue.asked == asked
    draw(tmp_path, {"docs/one.md": "---\ncomments: true\ndiscussion: off\n---\n# one\n\nNothing to say."})
    assert badges(page("one/", "Nothing to say")) == []
    assert not (tmp_path / ".cache/plugin/echo/author.json").exists()


def test_serve_without_us_where_the_site_wants_that(tmp_path: Path, venue: Venue, serve: Any) -> None:
    _write_site(tmp_path, {**venue.options, "enabled_on_serve": False})
    html = serve()("one/", "Tea")
    assert "echo" not in html
    assert venue.asked == []


def test_on_a_terminal_a_bar_shows_how_far_the_reading_is_and_in_a_pipe_nothing(tmp_path: Path, venue: Venue) -> None:
    pages = {f"docs/p{i}.md": f"---\ncomments: true\n---\n# Page {i}\n" for i in range(9)}
    draw(
        tmp_path,
        {
            **pages,
            "mkdocs.yml": yaml.safe_dump(
                {"site_name": "x", "site_url": "https://b.example/", "plugins": [{"echo": venue.options}]}
            ),
        },
    )
    command = [sys.executable, "-m", "mkdocs", "build", "-q"]
    piped = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert "Reading comments" not in piped.stderr
    shutil.rmtree(tmp_path / ".cache")
    ours, theirs = pty.openpty()
    subprocess.run(command, cwd=tmp_path, stderr=theirs, stdout=subprocess.DEVNULL, check=True)
    os.close(theirs)
    shown = os.read(ours, 65536).decode("utf-8", "replace")
    os.close(ours)
    assert "Reading comments" in shown
    assert "100%" in shown
