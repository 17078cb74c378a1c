"""Beside the plugins that blogs use, listed before ours and after: one badge a post, its words in no index and no feed."""

from __future__ import annotations

import json
import shutil
import warnings
from ctypes.util import find_library
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from drawing import BLOG, Build, Builder, drawn, tags, thread, voices

WELL = """---
date: 2026-03-01
comments: true
categories: [Village]
tags: [water]
---
# The well stays

The village well should stay open. ![A bucket](bucket.png)

<!-- more -->

It costs little.
"""
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360606060000000050001a5f64540"
    "0000000049454e44ae426082"
)
SITE = r"""
    docs/
    ├── index.md         # Letters
    ├── tags.md          # Tags\n\n<!-- material/tags -->
    └── posts/
        ├── well.md      {well}
        └── bucket.png   {png}
    comments/
    └── well.json        {letters}
"""
LETTERS = thread(*voices(agree=6, disagree=2))
TREE = drawn(SITE, well=WELL, png=PNG, letters=LETTERS)
MODULES = {
    "rss": "mkdocs_rss_plugin", "minify": "mkdocs_minify_plugin", "glightbox": "mkdocs_glightbox",
    "macros": "mkdocs_macros", "i18n": "mkdocs_static_i18n", "awesome-nav": "mkdocs_awesome_nav",
}  # fmt: skip
NEIGHBOURS: dict[str, Any] = {
    "search": {},
    "tags": {},
    "offline": {},
    "privacy": {"assets_fetch": False},
    "meta": {},
    "rss": {"use_git": False, "match_path": "posts/.*", "use_material_social_cards": False},
    "minify": {"minify_html": True, "minify_css": True, "css_files": ["assets/echo/echo.css"]},
    "glightbox": {},
    "macros": {},
    "awesome-nav": {},
}


def listed(name: str, options: dict[str, Any]) -> dict[str, Any]:
    return {name: options}


@pytest.mark.parametrize("echo_first", [False, True], ids=["before ours", "after ours"])
@pytest.mark.parametrize("name", NEIGHBOURS)
def test_beside(name: str, echo_first: bool, build: Builder) -> None:
    module = MODULES.get(name)
    if module is not None and find_spec(module) is None:
        pytest.skip(f"{module} is not installed: pip install -e '.[test]'")
    plugins = ["search"] if name != "search" else []
    plugins += [BLOG_AT_HOME, listed(name, NEIGHBOURS[name])]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what our neighbours warn of is theirs to mend
        built = build(
            TREE, theme={"name": "material", "font": False}, plugins=plugins, echo={"sources": [{"files": {"path": "comments"}}]},
            echo_first=echo_first, args=("--strict",) if name not in TALKATIVE else (),
        )  # fmt: skip
    assert_only_the_post_has_a_badge(built)
    if name == "rss":
        assert "The well stays" in (built.site / "feed_rss_created.xml").read_text("utf-8")


def assert_only_the_post_has_a_badge(built: Build) -> None:
    assert built.exit_code == 0, built.log
    (page,) = [p for p in built.site.rglob("*.html") if "well" in p.as_posix()]
    html = page.read_text("utf-8")
    assert html.count("echo-badge") == 1
    assert "data-echo-state=several" in html.replace('"', "")
    assert html.count("data-echo-prompt") == 1
    assert "echo.css" in html or "echo.min.css" in html
    for other in built.site.rglob("*.html"):
        if other != page:
            assert "echo-panel" not in other.read_text("utf-8"), other
    for index in (*built.site.rglob("search_index.js*"), *built.site.rglob("feed_*.xml")):
        assert "echo-" not in index.read_text("utf-8"), index
        assert "Several views" not in index.read_text("utf-8"), index


BLOG_AT_HOME = {"blog": {**BLOG["blog"], "blog_dir": "."}}
TALKATIVE = frozenset({"privacy"})
"""Plugins that warn of things other than ours, which --strict would count."""


@pytest.mark.parametrize("echo_first", [False, True], ids=["before ours", "after ours"])
def test_beside_social_the_cards_are_those_of_a_site_without_us(
    echo_first: bool, build: Builder, tmp_path: Path
) -> None:
    if find_spec("cairosvg") is None or find_library("cairo") is None:
        pytest.skip("the social plugin draws with Cairo: pip install -e '.[test]' and Debian's package libcairo2")
    from PIL import ImageFont

    # the font that Pillow brings, where the plugin keeps what it else downloads
    font = ImageFont.load_default(20).path.getvalue()
    tree = {**TREE, ".cache/plugin/social/fonts/Roboto/Regular.ttf": font}
    sources = {"sources": [{"files": {"path": "comments"}}]}

    def cards(**echo: Any) -> tuple[Build, dict[str, bytes]]:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            built = build(
                tree, theme={"name": "material", "font": False}, plugins=["search", BLOG_AT_HOME, {"social": {}}],
                echo=sources | echo, echo_first=echo_first, args=("--strict",),
            )  # fmt: skip
        shutil.rmtree(tmp_path / ".cache/plugin/social/assets")  # or the next build has these
        return built, {name: data for name, data in built.files().items() if name.startswith("assets/images/social/")}

    built, drawn_beside_us = cards()
    assert_only_the_post_has_a_badge(built)
    (page,) = [p for p in built.site.rglob("*.html") if "well" in p.as_posix()]
    (card,) = [name for name in drawn_beside_us if "well" in name]
    meta = [attributes for tag, attributes in tags(page.read_text("utf-8")) if tag == "meta"]
    assert {"property": "og:image", "content": f"https://blog.example/{card}"} in meta
    assert not [m for m in meta if "views" in (m.get("content") or "")]
    assert drawn_beside_us[card].startswith(b"\x89PNG")
    without, drawn_without_us = cards(enabled=False)
    assert "echo-badge" not in without.files()[page.relative_to(built.site).as_posix()].decode()
    assert drawn_beside_us == drawn_without_us


def test_macros_and_templates_know_the_health(build: Builder) -> None:
    if find_spec("mkdocs_macros") is None:
        pytest.skip("mkdocs_macros is not installed: pip install -e '.[test]'")
    template = r"""
        overrides/
        └── health.html  {% extends 'base.html' %}{% block content %}{{ super() }}<i>{{ page.meta.echo_health.state }}</i>{% endblock %}
    """
    post = WELL.replace("date:", "template: health.html\ndate:")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        built = build(
            {**TREE, **drawn(template), "docs/posts/well.md": post}, theme={"name": "material", "font": False, "custom_dir": "overrides"},
            plugins=["search", BLOG_AT_HOME, "macros"], echo={"sources": [{"files": {"path": "comments"}}]},
        )  # fmt: skip
    assert built.exit_code == 0, built.log
    (page,) = [p for p in built.site.rglob("*.html") if "well" in p.as_posix()]
    assert "<i>several</i>" in page.read_text("utf-8")


@pytest.mark.parametrize("echo_first", [False, True], ids=["before ours", "after ours"])
def test_beside_i18n_a_page_speaks_its_own_language(echo_first: bool, build: Builder) -> None:
    # without Material's blog, whose posts the i18n plugin does not know
    if find_spec("mkdocs_static_i18n") is None:
        pytest.skip("mkdocs_static_i18n is not installed: pip install -e '.[test]'")
    languages = [
        {"locale": "en", "default": True, "name": "English", "build": True},
        {"locale": "de", "name": "Deutsch", "build": True},
    ]
    site = r"""
        docs/
        ├── index.md       # Letters
        ├── well.md        ---\ncomments: true\n---\n# The well\n\nIt stays.
        └── well.de.md     ---\ncomments: true\n---\n# Der Brunnen\n\nEr bleibt.
        comments/
        ├── well.json      {english}
        └── brunnen.json   {german}
    """
    english = thread(*voices(agree=6, disagree=2), page_url="https://blog.example/well/")
    german = thread(*voices(agree=8), page_url="https://blog.example/de/well/")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        built = build(drawn(site, english=english, german=german), theme={"name": "material", "font": False}, plugins=["search", {"i18n": {"languages": languages}}],
                      echo={"sources": [{"files": {"path": "comments"}}]}, echo_first=echo_first)  # fmt: skip
    assert built.exit_code == 0, built.log
    assert "Several views - 8 voices" in built.page("well")
    assert "Bisher meist eine Ansicht - 8 Stimmen" in built.page("de/well")
    # neither language throws away what was worked out of the other's threads
    kept = (built.root / ".cache/plugin/echo/healths.json").read_bytes().partition(b"\n")[2]
    assert len(json.loads(kept)) >= 2
