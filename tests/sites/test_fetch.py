"""`mkdocs-echo fetch`: what it asks, what it keeps, and that a build from what was kept is the same."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from drawing import Builder, draw
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

WORDS = "because the well that my grandfather dug has never run dry in any summer that anybody here remembers"
SAID = [f"Agree: {WORDS}."] * 5 + [f"Disagree: {WORDS}, as far as I know."] * 2 + ["Where is it?"]
DOCS = {
    "docs/index.md": "# Home\n",
    "docs/well.md": "---\ncomments: true\n---\n# The well\n\nIt stays open.\n",
    "docs/storm.md": "---\ncomments: true\n---\n# The storm\n\nIt came.\n",
}


class Isso:
    """A server that answers like Isso and counts what it is asked; `/storm/` has no comments unless it is down."""

    def __init__(self, server: HTTPServer) -> None:
        self.asked: list[str] = []
        self.down: set[str] = set()
        self.url = server.url_for("/")
        server.expect_request("/").respond_with_handler(self.answer)

    def answer(self, request: Request) -> Response:
        uri = request.args["uri"]
        self.asked.append(uri)
        if uri in self.down:
            return Response("gone fishing", 403)
        replies = [
            {
                "id": i, "parent": None, "text": f"<p>{text}</p>", "author": f"Person {i}", "website": None, "mode": 1,
                "created": 1772000000.0 + i, "modified": None, "likes": 0, "dislikes": 0, "hash": f"{i:012x}",
                "notification": 0, "total_replies": 0, "hidden_replies": 0, "replies": [],
            }
            for i, text in enumerate(SAID if uri == "/well/" else [], start=1)
        ]  # fmt: skip
        body = {"id": None, "total_replies": len(replies), "hidden_replies": 0, "replies": replies, "config": {}}
        return Response(json.dumps(body), content_type="application/json")


@pytest.fixture
def isso(httpserver: HTTPServer) -> Isso:
    return Isso(httpserver)


@pytest.fixture
def site(isso: Isso, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A site of two posts whose mkdocs.yml says `offline: true`, as a CI without a network would have it."""
    monkeypatch.chdir(tmp_path)
    options: dict[str, Any] = {"sources": [{"isso": {"url": isso.url}}], "allow_private": True, "offline": True}
    settings = {"site_name": "Letters", "site_url": "https://blog.example/", "plugins": [{"echo": options}]}
    draw(tmp_path, {**DOCS, "mkdocs.yml": yaml.safe_dump(settings)})
    return tmp_path


Echo = Callable[..., Any]


def post(build: Any, name: str) -> dict[str, Any]:
    found: dict[str, Any] = next(p for p in build.report()["posts"] if p["path"] == name)
    return found


def test_the_cache_is_filled_for_builds_that_ask_nobody(site: Path, isso: Isso, echo: Echo, build: Builder) -> None:
    assert echo("fetch").status == 0
    asked = len(isso.asked)
    assert {"/well/", "/storm/"} <= set(isso.asked)
    assert not (site / "site").exists()
    sources = [{"isso": {"url": isso.url}}]
    built = build(echo={"sources": sources, "allow_private": True, "offline": True}, plugins=())
    assert built.states() == {"well": "one-side", "storm": "quiet"}
    assert len(isso.asked) == asked


def test_a_build_from_kept_threads_shows_the_same_as_a_build_over_the_network(
    site: Path, isso: Isso, echo: Echo, build: Builder
) -> None:
    ran = echo("fetch", "--out", "comments")
    assert ran.status == 0
    assert "git history keeps what a venue deletes" in ran.err
    live = build(echo={"sources": [{"isso": {"url": isso.url}}], "allow_private": True}, plugins=())
    asked = len(isso.asked)
    kept = build(echo={"sources": [{"files": {"path": "comments"}}]}, plugins=())
    assert len(isso.asked) == asked
    for name in ("well.md", "storm.md"):
        one, other = (post(b, name) for b in (live, kept))
        for health in (one, other):  # whose address it is differs: the venue's own, and the page's
            for thread in (health["thread"], *(v["thread"] for v in health["venues"])):
                del thread["page_url"], thread["key"]
        assert one == other


def test_kept_threads_hold_numbers_for_names_and_no_hash_or_date_of_the_fetch(site: Path, echo: Echo) -> None:
    echo("fetch", "--out", "comments")
    kept = json.loads((site / "comments/well.json").read_text())
    assert [c["author_key"] for c in kept["comments"]] == [f"v{i}" for i in range(1, len(SAID) + 1)]
    assert kept["fetched_at"] is None
    assert "Person" not in json.dumps(kept)


def test_fetching_again_writes_the_same_bytes(site: Path, echo: Echo) -> None:
    echo("fetch", "--out", "one")
    echo("fetch", "--out", "two")
    for path in (site / "one").rglob("*.json"):
        assert path.read_bytes() == (site / "two" / path.relative_to(site / "one")).read_bytes()


def test_without_words_structure_dates_and_stances_are_kept_and_no_word(site: Path, echo: Echo, build: Builder) -> None:
    assert echo("fetch", "--out", "comments", "--no-text").status == 0
    text = (site / "comments/well.json").read_text()
    assert "grandfather" not in text
    assert "Where is it" not in text
    kept = json.loads(text)
    assert [c["declared"] for c in kept["comments"]] == ["agree"] * 5 + ["disagree"] * 2 + [None]
    built = build(echo={"sources": [{"files": {"path": "comments"}}]}, plugins=())
    assert post(built, "well.md")["voices"]["declared"] == 7
    assert post(built, "well.md")["range"]["d"] == pytest.approx(2 * 2 * 5 * 2 / 49)


def test_without_words_nothing_is_kept_that_a_model_guessed_of_anybody(
    site: Path, echo: Echo, build: Builder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two threads that differ only in what the model reads in a comment give the same file."""
    kept, said = [], list(SAID)
    for guessed in (f"I totally agree with you, {WORDS}.", f"You are wrong, this is not true, {WORDS}."):
        monkeypatch.setattr(sys.modules[__name__], "SAID", [*said, guessed])
        assert echo("fetch", "--out", "kept", "--no-text").status == 0
        kept.append((site / "kept/well.json").read_text())
    assert kept[0] == kept[1]
    assert all("read" not in comment for comment in json.loads(kept[0])["comments"])
    people = post(build(echo={"sources": [{"files": {"path": "kept"}}]}, plugins=()), "well.md")["voices"]
    assert (people["n"], people["declared"], people["read"]) == (len(said) + 1, 7, 0)


def test_a_venue_that_is_down_is_said_and_the_others_are_kept(site: Path, isso: Isso, echo: Echo) -> None:
    isso.down = {"/storm/"}
    ran = echo("fetch", "--out", "comments")
    assert ran.status == 2
    assert "storm.md" in ran.err
    assert not (site / "comments/storm.json").exists()
    assert (site / "comments/well.json").exists()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("site_name: [", "mkdocs.yml"),
        ("site_name: x\nplugins: [search]\n", "no echo under plugins"),
        ("site_name: x\nplugins:\n  - echo: {sauces: []}\n", "sauces"),
        ("site_name: x\nplugins:\n  - echo: {sources: [geocities]}\n", "geocities"),
    ],
)
def test_a_wrong_configuration_is_one_line_and_exit_2(text: str, said: str, site: Path, echo: Echo) -> None:
    (site / "mkdocs.yml").write_text(text)
    ran = echo("fetch")
    assert (ran.status, ran.out) == (2, b"")
    assert len(ran.err.splitlines()) == 1
    assert said in ran.err


def test_what_a_venue_deleted_is_gone_after_the_next_fetch(
    site: Path, isso: Isso, echo: Echo, build: Builder, monkeypatch: pytest.MonkeyPatch
) -> None:
    offline = {"sources": [{"isso": {"url": isso.url}}], "allow_private": True, "offline": True}
    echo("fetch")
    assert post(build(echo=offline, plugins=()), "well.md")["comments"]["read"] == len(SAID)
    monkeypatch.setattr(sys.modules[__name__], "SAID", SAID[:-1])
    assert post(build(echo=offline, plugins=()), "well.md")["comments"]["read"] == len(SAID) + 1
    echo("fetch")
    assert post(build(echo=offline, plugins=()), "well.md")["comments"]["read"] == len(SAID)


def test_an_older_thread_stays_where_a_venue_is_down_and_that_is_said(site: Path, isso: Isso, echo: Echo) -> None:
    echo("fetch")
    isso.down = {"/well/", "/well"}
    said = echo("fetch", "--out", "kept")
    assert said.status == 0, (said.err, isso.asked)
    assert "well.md: " in said.err
    assert "fetched before is kept" in said.err
    assert (site / "kept/well.json").exists()
