"""A build whose stances a language model guesses: a real server, a real build."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from fake_venue import Venue
from mkdocs.commands.build import build
from mkdocs.config import load_config
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

PEOPLE = 6
FILE = "id,author,text\n" + "".join(
    f'{n},p{n},"The well on our square, says number {"abcdefgh"[n]}, costs the town more than it brings"\n'
    for n in range(PEOPLE)
)


def says(stance: str) -> Any:
    def answer(request: Request) -> Any:
        mark = json.loads(request.get_json()["messages"][1]["content"])["id"]
        return {"choices": [{"message": {"content": json.dumps({"id": mark, "stance": stance})}}]}

    return answer


@pytest.fixture
def model(httpserver: HTTPServer) -> Venue:
    venue = Venue(httpserver)
    venue.answer = says("disagree")
    return venue


@pytest.fixture
def site(tmp_path: Path, model: Venue) -> Path:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs/well.md").write_text("---\ncomments: true\ndiscussion: opinion\n---\n# The well\nKeep it open.\n")
    (tmp_path / "comments").mkdir()
    (tmp_path / "comments/well.csv").write_text(FILE)
    (tmp_path / "mkdocs.yml").write_text(
        "site_name: x\nsite_url: https://b.example/\nplugins:\n  - echo:\n      sources: [files: {path: comments}]\n"
        f"      allow_private: true\n      stance: {{reader: llm, url: '{model.url}/v1', model: small}}\n"
    )
    return tmp_path


def built(site: Path, caplog: pytest.LogCaptureFixture, **options: Any) -> tuple[dict[str, Any], list[str]]:
    """The post's health after a build, and the build's warnings."""
    caplog.clear()
    config = load_config(str(site / "mkdocs.yml"), site_dir=str(site / "site"))
    config.plugins["echo"].config.update(options)
    config.plugins.on_startup(command="build", dirty=False)
    build(config)
    report = json.loads((site / "site/echo/report.json").read_text())
    return report["posts"][0], [r.getMessage() for r in caplog.records if r.levelname == "WARNING"]


def test_what_the_model_says_is_counted_and_a_second_build_asks_nobody(
    site: Path, model: Venue, caplog: pytest.LogCaptureFixture
) -> None:
    post, warnings = built(site, caplog)
    assert post["voices"]["read"] == PEOPLE
    assert post["voices"]["disagree"][1] > post["voices"]["agree"][1]
    assert warnings == []
    assert len(model.asked) == PEOPLE
    assert built(site, caplog)[0] == post
    assert built(site, caplog, offline=True)[0] == post
    assert len(model.asked) == PEOPLE


def test_a_model_that_fails_leaves_a_page_and_one_warning_and_is_asked_again(
    site: Path, model: Venue, caplog: pytest.LogCaptureFixture
) -> None:
    model.answer = lambda request: Response("busy", 500)
    post, warnings = built(site, caplog)
    assert (post["state"], post["voices"]["read"]) == ("unread", 0)
    assert len(warnings) == 1
    assert f"{PEOPLE} comments not read" in warnings[0]
    model.answer = says("agree")
    post, warnings = built(site, caplog)
    assert (post["voices"]["read"], warnings) == (PEOPLE, [])
