"""The files that the plugin adds to a site, keeps out of it, and never writes over."""

from __future__ import annotations

import json
from importlib.util import find_spec
from typing import Any

import pytest
from drawing import BLOG, Builder, badges, drawn, tags, thread, voices
from test_builds import FILES, SMALL

LETTERS = thread(*voices(agree=5, disagree=5), page_url="https://blog.example/well/")
SITE = r"""
    docs/
    ├── index.md             # Letters
    ├── about.md             # About
    └── well.md              ---\ncomments: true\n---\n# The well\n\nIt stays.
    comments/
    └── well.json            {letters}
"""
TREE = drawn(SITE, letters=LETTERS)


@pytest.mark.parametrize(
    ("own", "place"),
    [
        ("docs/echo/report.json", "echo/report.json"),
        ("docs/echo/badges/site.svg", "echo/badges/site.svg"),
        ("docs/echo/badges/other.json", "echo/badges/other.json"),
        ("docs/echo/how/index.html", "echo/how/index.html"),
    ],
)
def test_a_file_of_the_sites_own_is_never_written_over(build: Builder, own: str, place: str) -> None:
    built = build({**TREE, own: "mine"}, echo=FILES)
    assert built.exit_code == 1
    assert f"your own '{own.removeprefix('docs/')}' and this plugin would both write '{place}'" in built.log
    assert "folder: comments-health" in built.log
    elsewhere = build(echo={**FILES, "folder": "health"})
    assert elsewhere.exit_code == 0, elsewhere.log
    assert (elsewhere.site / place).read_text("utf-8") == "mine"
    assert json.loads((elsewhere.site / "health/report.json").read_text("utf-8"))["posts"][0]["path"] == "well.md"
    assert (elsewhere.site / "health/badges/well.svg").is_file()
    assert 'href="../health/how/"' in elsewhere.page("well")


def test_pages_of_the_sites_own_in_the_folder_are_no_trouble(build: Builder) -> None:
    built = build({**TREE, "docs/echo/index.md": "# Echo, the dog", "docs/echo/dog.png": b"x"}, echo=FILES)
    assert built.exit_code == 0, built.log
    assert "Echo, the dog" in built.page("echo")


@pytest.mark.parametrize("place", ["docs/.echo", "site/cache", "docs", "site", "docs/../site/x"])
def test_a_cache_in_the_site_is_refused(build: Builder, place: str) -> None:
    built = build(TREE, echo={**FILES, "cache_dir": place})
    assert built.exit_code == 1
    assert f"cache_dir: '{place}' lies inside {'site_dir' if 'site' in place else 'docs_dir'}" in built.log
    assert not built.site.exists()


@pytest.mark.parametrize(
    ("options", "front_matter"),
    [
        ({"sources": [{"files": {"path": "docs/talk"}}]}, ""),
        ({"sources": [{"files": {"path": "docs/talk/well.json"}}]}, ""),
        ({}, "echo: {threads: [docs/talk/well.json]}\n"),
    ],
    ids=["a folder", "a file", "front matter"],
)
def test_comments_that_lie_among_the_pages_stay_out_of_the_site(
    build: Builder, options: dict[str, Any], front_matter: str
) -> None:
    site = r"""
        docs/
        ├── index.md         # Letters
        ├── well.md          {well}
        └── talk/
            ├── index.md     # How we talk
            └── well.json    {letters}
    """
    well = f"---\ncomments: true\n{front_matter}---\n# The well\n\nIt stays.\n"
    built = build(drawn(site, well=well, letters=LETTERS), echo=options)
    assert built.exit_code == 0, built.log
    assert not (built.site / "talk/well.json").exists()
    assert "How we talk" in built.page("talk")
    assert built.states() == {"well": "several"}
    (said,) = [line for line in built.log.splitlines() if line.startswith("WARNING")]
    assert "lies inside docs_dir" in said
    assert "1 file was left out of the site" in said


def styled(html: str) -> bool:
    return any(tag == "link" and "echo.css" in (given.get("href") or "") for tag, given in tags(html))


@pytest.mark.parametrize("theme", ["mkdocs", "material"])
def test_the_stylesheet_is_on_the_pages_that_show_something_and_on_no_other(build: Builder, theme: str) -> None:
    built = build(TREE, theme=theme, echo=FILES)
    assert styled(built.page("well"))
    assert not any(styled(built.page(page)) for page in ("", "about", "404.html"))


def test_a_list_with_badges_has_the_stylesheet_and_a_site_that_shows_badges_anywhere_has_it_everywhere(
    build: Builder,
) -> None:
    site = r"""
        docs/
        ├── index.md             # Letters
        └── blog/
            ├── index.md         # Blog
            └── posts/
                └── well.md      ---\ndate: 2026-03-01\n---\n# Well\n\nIt stays.\n\n<!-- more -->\n\nMore.
        comments/
        └── well.json            {letters}
        over/
        └── main.html            {main}
    """
    main = '{% extends "base.html" %}{% block content %}{{ super() }}{{ page | EMPTY }}{% endblock %}'
    letters = thread(*voices(agree=6))
    theme = {"name": "material", "font": False, "custom_dir": "over"}
    built = build(
        drawn(site, letters=letters, main=main.replace("EMPTY", "string")),
        theme=theme,
        plugins=["search", BLOG],
        echo=FILES,
    )
    assert styled(built.page("blog"))
    assert not styled(built.page(""))
    everywhere = build(
        {"over/main.html": main.replace("EMPTY", "echo_badge")}, theme=theme, plugins=["search", BLOG], echo=FILES
    )
    assert styled(everywhere.page(""))


def test_the_page_on_how_it_works_is_a_file_that_link_checkers_know(build: Builder) -> None:
    if find_spec("htmlproofer") is None:
        pytest.skip("htmlproofer is not installed: pip install -e '.[test]'")
    proofer = {"htmlproofer": {"raise_error": True, "validate_external_urls": False}}
    for echo_first in (False, True):
        built = build(TREE, echo=FILES, plugins=["search", proofer], echo_first=echo_first)
        assert built.exit_code == 0, built.log
        assert (built.site / "echo/how/index.html").is_file()


@pytest.mark.parametrize("value", ["true", "yes", "on", "1", '"giscus"', "{id: 7}", '"yes"'])
def test_whatever_a_theme_takes_for_yes_is_yes(build: Builder, value: str) -> None:
    built = build({**SMALL, "docs/second.md": f"---\ncomments: {value}\n---\n# Second"}, echo=FILES)
    assert "second" in built.states()


@pytest.mark.parametrize("value", ['"false"', "'no'", '"off"'])
def test_a_no_in_quotes_is_no_and_warned_of(build: Builder, value: str) -> None:
    built = build({**SMALL, "docs/second.md": f"---\ncomments: {value}\n---\n# Second"}, echo=FILES)
    assert "second" not in built.states()
    assert "second.md: front matter 'comments':" in built.log
    assert "Write `comments: false`." in built.log


@pytest.mark.parametrize(
    ("include", "posts"),
    [
        (["blog/*"], {"blog/2024/well.md", "blog/bundle/index.md"}),
        (["*"], {"blog/2024/well.md", "blog/bundle/index.md", "about.md"}),
        (["blog/index.md"], {"blog/index.md"}),
        (["blog/*/index.md"], {"blog/bundle/index.md", "blog/2024/index.md"}),
    ],
)
def test_a_glob_leaves_out_the_indexes_of_folders_and_not_the_posts_in_folders_of_their_own(
    build: Builder, include: list[str], posts: set[str]
) -> None:
    site = r"""
        docs/
        ├── index.md             # Home
        ├── about.md             # About
        └── blog/
            ├── index.md         # Blog
            ├── 2024/
            │   ├── index.md     # 2024
            │   └── well.md      # Well
            └── bundle/
                ├── index.md     # A post with pictures
                └── a.png        x
        comments/
        └── well.json            {letters}
    """
    built = build(drawn(site, letters=thread(*voices(agree=6))), echo={**FILES, "include": include})
    assert {post["path"] for post in built.report()["posts"]} == posts


def test_a_dirty_build_that_read_nothing_says_nothing_of_posts(build: Builder) -> None:
    build(TREE, echo=FILES)
    dirty = build(echo=FILES, args=("--dirty",))
    assert "no page is a post" not in dirty.log
    assert dirty.states() == {"well": "several"}


def test_the_address_that_a_hook_or_plugin_gives_the_site_late_is_the_posts(build: Builder) -> None:
    hook = "def on_config(config):\n    config.site_url = 'https://blog.example/v2'\n"
    built = build({**TREE, "late.py": hook}, echo=FILES, hooks=["late.py"])
    assert built.report()["posts"][0]["url"] == "https://blog.example/v2/well/"
    assert badges(built.page("well")) == ["several"]
