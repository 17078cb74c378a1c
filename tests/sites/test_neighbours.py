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
    assert "data-echo-state=one-side" in html.replace('"', "")
    assert html.count("data-echo-prompt") == 1
    assert "echo.css" in html or "echo.min.css" in html
    for other in built.site.rglob("*.html"):
        if other != page:
            assert "echo-panel" not in other.read_text("utf-8"), other
    for index in (*built.site.rglob("search_index.js*"), *built.site.rglob("feed_*.xml")):
        assert "echo-" not in index.read_text("utf-8"), index
        assert "most agree, not all" not in index.read_text("utf-8"), index


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
    assert "<i>one-side</i>" in page.read_text("utf-8")


@pytest.mark.parametrize("echo_first", [False, True], ids=["before ours", "after ours"])
def test_the_gate_of_a_site_in_several_languages_sees_all_of_them(echo_first: bool, build: Builder) -> None:
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
        └── well.de.md     ---\necho: {threads: [gone.json]}\n---\n# Der Brunnen\n\nEr bleibt.
        comments/
        └── well.json      {english}
    """
    english = thread(*voices(agree=5, disagree=5), page_url="https://blog.example/well/")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        built = build(drawn(site, english=english), plugins=["search", {"i18n": {"languages": languages}}],
                      echo={"sources": [{"files": {"path": "comments"}}], "fail_on": ["unknown"]}, echo_first=echo_first)  # fmt: skip
    assert built.exit_code == 1
    assert built.states() == {"well.de": "unknown", "well": "several"}
    assert "fail_on: well.de.md is unknown" in built.log


@pytest.mark.parametrize("echo_first", [False, True], ids=["before ours", "after ours"])
@pytest.mark.parametrize("secret", ["password: hunter2-and-more-words", "obfuscate: tea"])
def test_of_an_encrypted_post_nothing_is_shown(secret: str, echo_first: bool, build: Builder) -> None:
    if find_spec("encryptcontent") is None:
        pytest.skip("encryptcontent is not installed: pip install -e '.[test]'")
    site = r"""
        docs/
        ├── index.md         # Letters
        └── posts/
            ├── pump.md      {pump}
            └── well.md      {well}
        comments/
        ├── pump.json        {secrets}
        └── well.json        {letters}
    """
    pump = WELL.replace("The well stays", "The hidden spring").replace("comments: true", f"comments: true\n{secret}")
    pump = pump.replace(" ![A bucket](bucket.png)", "")
    tree = drawn(
        site, pump=pump, well=WELL.replace("![A bucket](bucket.png)", ""), letters=LETTERS,
        secrets=thread(*voices(agree=6), {"author": "Eve", "text": "Agree: I would dig it deeper, would you?"}, page_url="/pump/"),
    )  # fmt: skip
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        built = build(
            tree, theme={"name": "material", "font": False}, plugins=["search", BLOG_AT_HOME, {"encryptcontent": {"title_prefix": ""}}],
            echo={"sources": [{"files": {"path": "comments"}}]}, echo_first=echo_first,
        )  # fmt: skip
    assert built.exit_code == 0, built.log
    assert [post["path"] for post in built.report()["posts"]] == ["posts/well.md"]
    for file in built.site.rglob("*"):
        if file.is_file() and file.suffix in (".html", ".json", ".svg", ".xml"):
            text = file.read_text("utf-8")
            assert "dig it deeper" not in text, file
            if "echo" in file.relative_to(built.site).parts:
                assert "spring" not in text, file
                assert "pump" not in text, file
    (page,) = [p for p in built.site.rglob("index.html") if "spring" in p.as_posix()]
    assert "echo-" not in page.read_text("utf-8")


def test_a_notebook_gets_its_badge_after_its_title_and_keeps_its_scripts(
    build: Builder, monkeypatch: pytest.MonkeyPatch
) -> None:
    nbconvert = find_spec("nbconvert")
    if find_spec("mkdocs_jupyter") is None or nbconvert is None or nbconvert.origin is None:
        pytest.skip("mkdocs_jupyter is not installed: pip install -e '.[test]'")
    # its templates lie in the environment that it was installed in, which may not be the one that runs
    monkeypatch.setenv("JUPYTER_PATH", str(Path(nbconvert.origin).parents[4] / "share/jupyter"))
    script = "<script>var t='<h1>chart</h1>';</script><div>plot</div>"
    shown = {"output_type": "display_data", "metadata": {}, "data": {"text/html": script}}
    notebook = {
        "nbformat": 4, "nbformat_minor": 5,
        "metadata": {"kernelspec": {"name": "python3", "display_name": "p", "language": "python"}},
        "cells": [
            {"cell_type": "code", "id": "b", "metadata": {}, "execution_count": 1, "source": "show()", "outputs": [shown]},
            {"cell_type": "markdown", "id": "a", "metadata": {}, "source": "# The well in numbers\n\nText."},
        ],
    }  # fmt: skip
    tree = {"docs/index.md": "# Home", "docs/nb.ipynb": json.dumps(notebook), "comments/nb.json": LETTERS}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        built = build(
            tree, theme={"name": "material", "font": False}, plugins=["search", {"mkdocs-jupyter": {}}],
            echo={"sources": [{"files": {"path": "comments"}}], "include": ["nb.*"]},
        )  # fmt: skip
    page = built.page("nb")
    assert script in page
    assert page.index("The well in numbers<") < page.index("echo-panel") < page.index("<p>Text.")


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
    # one report, and a badge's file, for the posts of all languages
    assert [post["path"] for post in built.report()["posts"]] == ["well.de.md", "well.md"]
    assert built.report()["unmatched"] == []
    for name in ("well", "well.de"):
        assert (built.site / f"echo/badges/{name}.svg").is_file()
    assert "Wie gezählt wird" in built.page("de/echo/how") or 'lang="de"' in built.page("de/echo/how")
    assert len([line for line in built.log.splitlines() if "details in echo/report.json" in line]) == 1
    assert "<b>8 people commented</b> · most agree, not all" in built.page("well")
    assert "<b>8 Menschen haben kommentiert</b> · " in built.page("de/well")
    # neither language throws away what was worked out of the other's threads
    kept = (built.root / ".cache/plugin/echo/healths.json").read_bytes().partition(b"\n")[2]
    assert len(json.loads(kept)) >= 2
