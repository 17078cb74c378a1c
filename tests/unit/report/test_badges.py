"""Badges as files: one for each post that has one, and for the site."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from talk import POST, declared_thread

from mkdocs_echo_plugin import assess
from mkdocs_echo_plugin.assess import unknown
from mkdocs_echo_plugin.model import Health, Post
from mkdocs_echo_plugin.render.badge import Renderer, RenderOptions
from mkdocs_echo_plugin.report import badges, build
from mkdocs_echo_plugin.survey import Survey, Surveyed


def report_of(*healths: tuple[Post, Health]) -> dict[str, Any]:
    return build.reports(
        Survey(posts=tuple(Surveyed(post, health) for post, health in healths)), site="https://b.example/"
    ).public


def test_each_post_has_a_picture_and_an_endpoint_and_the_site_too(tmp_path: Path) -> None:
    report = report_of(
        (POST, assess([declared_thread(6, 0, 2)], post=POST)), (Post("blog/posts/lost.md"), unknown("no answer"))
    )
    badges.write(report, tmp_path)
    found = {p.relative_to(tmp_path).as_posix() for p in tmp_path.rglob("*") if p.is_file()}
    assert found == {f"echo/badges/{name}.{end}" for name in ("site", "blog/posts/well") for end in ("svg", "json")}
    svg = ElementTree.fromstring((tmp_path / "echo/badges/blog/posts/well.svg").read_text("utf-8"))
    assert (svg.get("role"), svg.get("aria-label")) == ("img", "discussion: 8 people · most agree, not all")
    assert svg.findtext("{http://www.w3.org/2000/svg}title") == "discussion: 8 people · most agree, not all"
    endpoint = json.loads((tmp_path / "echo/badges/blog/posts/well.json").read_text("utf-8"))
    assert endpoint == {
        "schemaVersion": 1, "label": "discussion", "message": "8 people · most agree, not all", "color": "lightgrey", "isError": False,
    }  # fmt: skip


def test_a_badge_that_is_no_more_goes(tmp_path: Path) -> None:
    badges.write(report_of((POST, assess([declared_thread(6, 0, 2)], post=POST))), tmp_path)
    badges.write(report_of((POST, assess([], post=POST))), tmp_path)
    assert sorted(p.name for p in tmp_path.rglob("*.svg")) == ["site.svg"]


def test_no_badge_is_written_outside_of_the_site(tmp_path: Path) -> None:
    site = tmp_path / "a/site"
    site.mkdir(parents=True)
    escaped = Post("../../../../escaped.md")
    badges.write(report_of((escaped, assess([declared_thread(6, 0, 2)], post=escaped))), site)
    assert not list(tmp_path.rglob("*escaped*"))


def test_the_author_is_offered_the_badge_for_elsewhere_where_the_site_has_an_address() -> None:
    post = Post("posts/well.md", title="W", canonical_url="https://b.example/well/")
    health = assess([declared_thread(6, 0, 2)], post=post)
    offered = Renderer(options=RenderOptions(site_url="https://b.example/", author_view=True)).fragments(health, post)
    shown = "[![8 people · most agree, not all](https://b.example/echo/badges/posts/well.svg)](https://b.example/well/)"
    assert f'value="{shown}"' in offered.author
    assert "<input" not in offered.badge
    for options in (
        RenderOptions(author_view=True),
        RenderOptions(site_url="https://b.example/", static_badges=False, author_view=True),
    ):
        assert "<input" not in Renderer(options=options).fragments(health, post).author
