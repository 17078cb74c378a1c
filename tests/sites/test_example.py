"""The example blog: every state of the badge, from comments in many formats, built as the README says."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any, get_args

import pytest
from bs4 import BeautifulSoup

from mkdocs_echo_plugin.model import HealthState
from mkdocs_echo_plugin.sources.files import documents, read

EXAMPLE = Path(__file__).parents[2] / "example_site"
Posts = dict[str, dict[str, Any]]
SITE_URL = "https://tillerstreet.example/"
WITHOUT_BADGE = ("off", "unknown", "quiet")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("example")
    source = folder / "source"
    shutil.copytree(EXAMPLE, source, ignore=shutil.ignore_patterns("site", ".cache", "__pycache__"))
    command = [sys.executable, "-m", "mkdocs", "build", "-q", "--strict", "-d", folder / "site"]
    built = subprocess.run(command, cwd=source, capture_output=True, text=True, timeout=120)
    assert built.returncode == 0, built.stderr
    return folder / "site"


@pytest.fixture(scope="module")
def posts(site: Path) -> Posts:
    report = json.loads((site / "echo" / "report.json").read_text("utf-8"))
    return {Path(post["path"]).stem: post for post in report["posts"]}


def page(site: Path, url: str) -> BeautifulSoup:
    return BeautifulSoup((site / url.removeprefix(SITE_URL) / "index.html").read_text("utf-8"), "lxml")


def test_between_them_the_posts_show_every_state(posts: Posts) -> None:
    assert {post["state"] for post in posts.values()} == set(get_args(HealthState))


def test_one_thread_is_tense_and_only_its_author_is_told(site: Path, posts: Posts) -> None:
    author = json.loads((site.parent / "source/.cache/plugin/echo/author.json").read_text("utf-8"))
    assert [Path(post["path"]).stem for post in author["posts"] if post["author_state"] == "tense"] == [
        "the-leaf-blower"
    ]
    assert "tense" not in (site / "echo" / "report.json").read_text("utf-8").lower()
    assert "Tense" not in page(site, posts["the-leaf-blower"]["url"]).select(".echo")[0].get_text()


def test_every_thread_finds_its_post_and_one_is_broken_on_purpose(site: Path) -> None:
    report = json.loads((site / "echo" / "report.json").read_text("utf-8"))
    assert report["unmatched"] == []
    failed = [failure for source in report["sources"] for failure in source["failed"]]
    assert [Path(failure["post"]).stem for failure in failed] == ["the-night-bus"]
    assert "line 6" in failed[0]["why"]


def test_the_badge_is_on_the_posts_that_have_one_and_on_no_other_page(site: Path, posts: Posts) -> None:
    badges = {}
    for file in site.rglob("*.html"):
        for badge in BeautifulSoup(file.read_text("utf-8"), "lxml").select(".echo-badge"):
            badges[f"{SITE_URL}{file.parent.relative_to(site).as_posix()}/"] = (
                badge["data-echo-state"],
                badge.get_text(),
            )
    expected = {
        post["url"]: (post["state"], post["badge"]["text"])
        for post in posts.values()
        if post["state"] not in WITHOUT_BADGE
    }
    assert badges == expected


@pytest.mark.parametrize("post", ["the-night-bus", "keys-found"])
def test_a_thread_that_cannot_be_read_or_is_not_to_be_leaves_its_post_as_it_was_written(
    post: str, site: Path, posts: Posts
) -> None:
    assert page(site, posts[post]["url"]).select(".echo") == []


def test_the_comments_come_in_at_least_five_formats() -> None:
    formats = set()
    for document in documents(EXAMPLE / "comments"):
        if not document.name.endswith("night-bus.json"):
            formats |= {(Path(document.name).suffix, thread.platform) for thread in read(document)}
    assert len({suffix for suffix, _ in formats}) >= 5
    assert len(formats) >= 8


def test_a_fact_has_no_range_and_another_language_is_not_read(posts: Posts) -> None:
    assert posts["high-water"]["range"]["verdict"] == "off"
    german = posts["die-apfelpresse"]
    assert german["state"] == "unread"
    assert german["comments"]["unsupported_language"] >= 5


def test_two_venues_stand_side_by_side(site: Path, posts: Posts) -> None:
    weeks = posts["three-weeks-without-the-feed"]
    assert [venue["platform"] for venue in weeks["venues"]] == ["linkedin", "wordpress"]
    rows = page(site, weeks["url"]).select(".echo-venues tbody th")
    assert [row.get_text() for row in rows] == ["LinkedIn", "WordPress"]


def test_an_update_and_a_voice_from_outside_are_shown(site: Path, posts: Posts) -> None:
    shown = page(site, posts["three-weeks-without-the-feed"]["url"]).select_one(".echo-end")
    assert shown is not None
    assert "my neighbour Osei" in shown.get_text()
    assert "nobody missed me" in shown.get_text()


def test_the_badges_words_stay_out_of_the_search_index(site: Path) -> None:
    index = (site / "search" / "search_index.json").read_text("utf-8")
    for words in (
        "Still open",
        "Only people who commented are counted",
        "Who would see this differently",
    ):
        assert words not in index


def test_what_a_page_grows_by_is_small(site: Path, posts: Posts) -> None:
    for post in posts.values():
        added = sum(len(str(part).encode()) for part in page(site, post["url"]).select(".echo"))
        assert added < (12_000 if post.get("venues") else 6_000), post["path"]
    assert (site / "assets" / "echo" / "echo.css").stat().st_size < 9_000


def test_no_name_and_no_stance_of_a_person_is_in_the_report(site: Path) -> None:
    report = (site / "echo" / "report.json").read_text("utf-8")
    for name in ("Tom Bexley", "Priya", "Whitlock", "author_key", '"tone"'):
        assert name not in report
