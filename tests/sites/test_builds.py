"""The main road: a real `mkdocs build` of a small blog in each theme."""

from __future__ import annotations

import json
import os
from typing import Any

import pytest
from drawing import BLOG, THEMES, Builder, badges, tags, thread, voices

# docs/
#   index.md            no post
#   first.md            comments: true, 10 voices of one view
#   second.md           comments: true, nobody wrote
#   about.md            no post
# comments/
#   first.json
SMALL = {
    "docs/index.md": "# Home\n\nWelcome.",
    "docs/first.md": "---\ncomments: true\n---\n# First\n\nTea is better than coffee.",
    "docs/second.md": "---\ncomments: true\n---\n# Second\n\nCake is better than bread.",
    "docs/about.md": "# About\n\nMe.",
    "comments/first.json": thread(*voices(agree=10), page_url="https://blog.example/first/", open=True),
}
FILES = {"sources": [{"files": {"path": "comments"}}]}


@pytest.mark.parametrize("theme", THEMES)
def test_every_theme_shows_badge_prompt_and_report(build: Builder, theme: str) -> None:
    built = build(SMALL, theme=theme, echo=FILES)
    assert built.exit_code == 0
    assert badges(built.page("first/")) == ["one-side"]
    assert "nearly all agree so far" in built.page("first/")
    assert 'data-echo-prompt="' in built.page("first/")
    assert built.states() == {"first": "one-side", "second": "quiet"}
    assert badges(built.page("second/")) == []
    for page in ("", "about/"):
        assert "echo-badge" not in built.page(page)
        assert "data-echo-prompt" not in built.page(page)


@pytest.mark.parametrize("theme", THEMES)
def test_the_badge_follows_the_title(build: Builder, theme: str) -> None:
    page = build(SMALL, theme=theme, echo=FILES).page("first/")
    assert page.index("</h1>") < page.index("echo-badge") < page.index("Tea is better")
    assert page.index("Tea is better") < page.index("data-echo-prompt")


def test_a_marker_chooses_the_place_of_the_badge(build: Builder) -> None:
    tree = {**SMALL, "docs/first.md": "---\ncomments: true\n---\n# First\n\nTea.\n\n<!-- echo:badge -->\n\nCoffee."}
    page = build(tree, echo=FILES).page("first/")
    assert page.index("Tea.") < page.index("echo-badge") < page.index("Coffee.")
    assert badges(page) == ["one-side"]


@pytest.mark.parametrize(
    ("options", "badge", "prompt", "policy"),
    [
        ({"badge": {"position": "none"}}, False, True, True),
        ({"prompt": {"position": "none"}}, True, False, True),
        ({"policy": False}, True, True, False),
    ],
)
def test_each_part_can_be_switched_off_alone(
    build: Builder, options: dict[str, Any], badge: bool, prompt: bool, policy: bool
) -> None:
    page = build(SMALL, echo={**FILES, **options}).page("first/")
    classes = {name for _, attributes in tags(page) for name in (attributes.get("class") or "").split()}
    assert [c in classes for c in ("echo-badge", "echo-prompt", "echo-policy")] == [badge, prompt, policy]


@pytest.mark.parametrize("theme", THEMES)
def test_no_word_of_ours_reaches_the_search_index(build: Builder, theme: str) -> None:
    for plugins in (["search"], []):
        settings = {"plugins": [*plugins, {"echo": FILES}, *([] if plugins else ["search"])]}
        index = build(SMALL, theme=theme, **settings).index()
        assert "Tea is better than coffee" in index
        for word in ("nearly all agree", "voices", "echo", "sample of anybody", "Agree:"):
            assert word not in index


def test_a_sub_path_and_html_addresses_change_nothing(build: Builder) -> None:
    tree = {**SMALL, "comments/first.json": thread(*voices(agree=10), page_url="https://blog.example/sub/first.html")}
    built = build(tree, echo=FILES, site_url="https://blog.example/sub/", use_directory_urls=False)
    assert badges(built.page("first.html")) == ["one-side"]
    assert built.report()["posts"][0]["url"] == "https://blog.example/sub/first.html"
    styles = [
        a["href"] for t, a in tags(built.page("first.html")) if t == "link" and "echo.css" in (a.get("href") or "")
    ]
    assert styles == ["assets/echo/echo.css"]


def test_our_css_comes_before_the_sites_own(build: Builder) -> None:
    built = build({**SMALL, "docs/own.css": ""}, echo=FILES, extra_css=["own.css"])
    page = built.page("first/")
    assert page.index("assets/echo/echo.css") < page.index("own.css")
    assert (built.site / "assets/echo/echo.css").stat().st_size > 0


def test_a_custom_dir_overrides_a_fragment(build: Builder) -> None:
    tree = {**SMALL, "over/partials/echo/badge.html": '<p class="echo-badge mine">{{ post.title }}</p>'}
    built = build(tree, theme={"name": "mkdocs", "custom_dir": "over"}, echo=FILES)
    assert '<p class="echo-badge mine">First</p>' in built.page("first/")


def test_two_builds_are_byte_identical_cold_and_warm(build: Builder) -> None:
    import shutil

    cold = build(SMALL, theme="material", echo=FILES)
    first = cold.files()
    warm = build(theme="material", echo=FILES).files()
    shutil.rmtree(cold.root / ".cache")
    again = build(theme="material", echo=FILES).files()
    assert first == warm == again


def test_the_reports_are_public_in_the_site_and_whole_in_the_cache(build: Builder) -> None:
    built = build(SMALL, echo=FILES)
    public, author = built.report(), built.author()
    assert public["schema"] == author["schema"] == "report.v1"
    assert [p["path"] for p in public["posts"]] == ["first.md", "second.md"]
    assert "tone" not in json.dumps(public)
    assert "author_state" in author["posts"][0]
    assert not list(built.site.rglob("author.json"))


def test_one_line_in_the_build_log(build: Builder) -> None:
    lines = build(SMALL, echo=FILES).lines()
    assert len(lines) == 1
    assert lines[0].startswith("INFO")
    assert "2 posts (1 quiet, 1 one-side); details in echo/report.json" in lines[0]


def test_the_step_summary_is_written_where_ci_asks_for_it(build: Builder, monkeypatch: pytest.MonkeyPatch) -> None:
    build(SMALL, echo=FILES)
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", "summary.md")
    built = build(SMALL, echo=FILES)
    assert "nearly all agree so far" in (built.root / "summary.md").read_text("utf-8")


def test_a_thread_without_a_post_is_reported_and_said(build: Builder) -> None:
    tree = {**SMALL, "comments/gone.json": thread(*voices(agree=1), page_url="https://blog.example/gone/")}
    built = build(tree, echo=FILES)
    (lost,) = built.report()["unmatched"]
    assert (lost["source"], lost["page_url"]) == ("files comments", "https://blog.example/gone/")
    assert "1 thread without a post" in built.lines()[0]


def test_front_matter_finds_threads_by_path_key_and_alias(build: Builder) -> None:
    tree = {
        "docs/index.md": "# Home",
        "docs/a.md": "---\necho:\n  threads: [elsewhere/a.json]\n---\n# A\n\nTea.",
        "docs/b.md": "---\necho:\n  key: old-b\n---\n# B\n\nTea.",
        "docs/c.md": "---\necho:\n  aliases: [/2014/05/c.html]\n---\n# C\n\nTea.",
        "elsewhere/a.json": thread(*voices(agree=3)),
        "comments/1.json": thread(*voices(agree=6), key="old-b"),
        "comments/2.json": thread(*voices(agree=4, disagree=4), page_url="http://old.example/2014/05/c.html"),
    }
    assert build(tree, echo=FILES).states() == {"a": "early", "b": "one-side", "c": "several"}


def test_a_path_in_front_matter_may_not_leave_the_project(build: Builder) -> None:
    tree = {
        "docs/index.md": "# Home",
        "docs/a.md": "---\necho:\n  threads: [../secret.json, /etc/hostname]\n---\n# A",
    }
    built = build(tree, echo={"sources": []})
    (post,) = built.report()["posts"]
    assert post["state"] == "unknown"
    assert "'../secret.json' lies outside the project" in post["reason"]
    assert "'/etc/hostname' lies outside the project" in post["reason"]


def test_templates_and_macros_get_the_health_of_a_page(build: Builder) -> None:
    tree = {
        **SMALL,
        "over/main.html": '{% extends "base.html" %}{% block content %}{{ (page.meta.echo_health or {}).state }}'
        "{{ page.content }}{% endblock %}",
        "docs/first.md": "---\ncomments: true\ndiscussion: opinion\n---\n# First\n\nTea.",
    }
    built = build(tree, theme={"name": "mkdocs", "custom_dir": "over"}, echo=FILES)
    assert "one-side" in built.page("first/").split("<h1")[0]


def test_what_the_author_says_is_shown_and_off_is_off(build: Builder) -> None:
    tree = {
        **SMALL,
        "docs/first.md": "---\ncomments: true\nauthor_update: I changed the second part.\n"
        'outside_voices:\n  - {from: a neighbour, said: "Neither, water."}\n---\n# First\n\nTea.',
        "docs/second.md": "---\ncomments: true\ndiscussion: off\n---\n# Second",
    }
    built = build(tree, echo=FILES)
    page = built.page("first/")
    assert "I changed the second part." in page
    assert "Neither, water." in page
    assert built.states()["second"] == "off"
    assert "data-echo" not in built.page("second/")


def test_without_any_post_one_line_says_what_to_add(build: Builder) -> None:
    built = build({"docs/index.md": "# Home"}, echo=FILES | {"sources": []})
    assert built.exit_code == 0
    (line,) = built.lines()
    assert "no page is a post" in line
    assert "`comments: true`" in line
    assert "include" in line


def test_disabled_in_the_core_means_untouched(build: Builder) -> None:
    built = build(SMALL, echo={**FILES, "enabled": False})
    assert "echo" not in built.page("first/")
    assert not (built.site / "echo").exists()
    assert built.lines() == []


# docs/blog/
#   index.md
#   .authors.yml
#   posts/tea.md cake.md draft.md
MATERIAL = {
    "docs/index.md": "# Home",
    "docs/blog/index.md": "# Blog",
    "docs/blog/.authors.yml": "authors:\n  ada: {name: Ada L., description: Writes, avatar: a.png}\n",
    "docs/blog/posts/tea.md": "---\ndate: 2026-01-02\nauthors: [ada]\ncategories: [Drinks]\n---\n# Tea\n\n"
    "Tea is better.\n\n<!-- more -->\n\nThe rest.",
    "docs/blog/posts/cake.md": "---\ndate: 2026-01-03\ncategories: [Food]\n---\n# Cake\n\nCake is better.",
    "docs/blog/posts/draft.md": "---\ndate: 2026-01-04\ndraft: true\n---\n# Draft\n\nNot yet.",
    "comments/tea.json": thread(
        *voices(agree=10), {"author": "Ada L.", "text": "Disagree: thank you all, I had not thought of it that way."},
        page_url="https://blog.example/blog/2026/01/02/tea/",
    ),
    "comments/cake.json": thread(*voices(agree=3), page_url="https://blog.example/blog/2026/01/03/cake/"),
}  # fmt: skip


def test_posts_of_materials_blog_have_badges_and_lists_have_short_ones(build: Builder) -> None:
    built = build(MATERIAL, theme="material", plugins=["search", BLOG], echo=FILES)
    assert built.exit_code == 0, built.log
    assert badges(built.page("blog/2026/01/02/tea/")) == ["one-side"]
    assert built.states() == {"cake": "early", "tea": "one-side"}
    for page in ("blog/", "blog/archive/2026/", "blog/category/drinks/"):
        html = built.page(page)
        assert "echo-panel" not in html
        assert "data-echo-prompt" not in html
        assert html.count('data-echo-short="one-side"') == 1
        assert "data-echo-state" not in html
    assert built.page("blog/").count("data-echo-short") == 2
    assert "nearly all agree" not in built.index()


def test_the_blogs_own_authors_are_no_voices(build: Builder) -> None:
    built = build(MATERIAL, theme="material", plugins=["search", BLOG], echo=FILES)
    tea = next(p for p in built.report()["posts"] if p["path"].endswith("tea.md"))
    assert tea["voices"]["n"] == 10


def test_the_plugin_makes_the_page_that_says_how_the_badge_works(build: Builder) -> None:
    tree = {
        "docs/index.md": "# Home\n",
        "docs/a/well.md": "---\ncomments: true\n---\n# The well\n\nIt stays.\n",
        "comments/well.json": thread(*voices(agree=6, disagree=2)),
    }
    sources = {"sources": [{"files": {"path": "comments"}}]}
    built = build(tree, echo=sources, args=("--strict",))
    assert built.exit_code == 0, built.log
    assert "How this is counted" in built.page("echo/how")
    assert '<a href="../../echo/how/">How this is counted</a>' in built.page("a/well")
    assert "data-echo" not in built.page("echo/how")
    assert "How this is counted" not in built.index()
    own = build({"docs/echo/how.md": "# Our own words\n"}, echo=sources)
    assert '<a href="../../echo/how/">How this is counted</a>' in own.page("a/well")
    assert "Our own words" in own.page("echo/how")
    (built.root / "docs/echo/how.md").unlink()
    none = build(echo={**sources, "badge": {"explained": False}})
    assert not (none.site / "echo/how").exists()
    elsewhere = build(echo={**sources, "badge": {"explained": "https://x.example/how"}})
    assert '<a href="https://x.example/how">' in elsewhere.page("a/well")


def test_a_page_on_how_it_works_speaks_the_site_s_language_and_may_stand_in_the_nav(build: Builder) -> None:
    tree = {"docs/index.md": "# Start\n", "docs/well.md": "---\ncomments: true\n---\n# Der Brunnen\n"}
    built = build(tree, theme={"name": "material", "language": "de", "font": False},
                  nav=["index.md", "well.md", "echo/how.md"], args=("--strict",))  # fmt: skip
    assert built.exit_code == 0, built.log
    assert "Wie gezählt wird" in built.page("echo/how")
    assert 'href="echo/how/"' in built.page("index.html")
    assert "Menschen, nicht Kommentare" in built.page("echo/how")
    assert "Spannweite" not in built.index()


def test_a_build_never_shows_what_is_for_the_author_alone(build: Builder) -> None:
    tree = {
        "docs/well.md": "---\ncomments: true\n---\n# The well\n",
        "comments/well.json": thread(*voices(agree=6, disagree=2)),
    }
    built = build(tree, echo={"sources": [{"files": {"path": "comments"}}]})
    assert "echo-author" not in built.page("well")


def test_a_theme_s_own_templates_can_ask_for_a_page_s_health_and_badge(build: Builder) -> None:
    main = (
        "{% extends 'base.html' %}{% block content %}{{ super() }}"
        "<i>{{ (echo_health(page) or {}).state }}|{{ (echo_health('well.md') or {}).state }}</i><u>{{ page | echo_badge }}</u>{% endblock %}"
    )
    tree = {
        "theme/main.html": main,
        "docs/index.md": "# Home\n",
        "docs/well.md": "---\ncomments: true\n---\n# The well\n",
        "comments/well.json": thread(*voices(agree=6, disagree=2)),
    }
    built = build(
        tree, theme={"name": "mkdocs", "custom_dir": "theme"}, echo={"sources": [{"files": {"path": "comments"}}]}
    )
    assert "<i>one-side|one-side</i>" in built.page("well")
    assert 'data-echo-short="one-side"' in built.page("well")
    assert "<i>|one-side</i><u></u>" in built.page("index.html")


def test_a_dirty_build_shows_badges_and_leaves_the_whole_report_alone(build: Builder) -> None:
    tree = {
        "docs/one.md": "---\ncomments: true\n---\n# One\n",
        "docs/two.md": "---\ncomments: true\n---\n# Two\n",
        "comments/one.json": thread(*voices(agree=6, disagree=2)),
        "comments/two.json": thread(*voices(agree=8)),
    }
    sources = {"sources": [{"files": {"path": "comments"}}]}
    whole = build(tree, echo=sources)
    report = (whole.site / "echo/report.json").read_bytes()
    later = (whole.site / "one/index.html").stat().st_mtime + 5
    (whole.root / "docs/one.md").write_text("---\ncomments: true\n---\n# One, again\n", "utf-8")
    os.utime(whole.root / "docs/one.md", (later, later))
    part = build(echo=sources, args=("--dirty",))
    assert part.exit_code == 0, part.log
    assert "One, again" in part.page("one")
    assert 'data-echo-state="one-side"' in part.page("one")
    assert 'data-echo-state="one-side"' in part.page("two")
    assert (part.site / "echo/report.json").read_bytes() == report
    assert "stays as it was" in part.log
