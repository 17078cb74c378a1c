"""pages: which page is a post, and what a page says about its discussion."""

from __future__ import annotations

from pathlib import Path
from time import perf_counter
from typing import Any

import pytest
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, InclusionLevel
from mkdocs.structure.pages import Page

from mkdocs_echo_plugin.model import OutsideVoice, Post
from mkdocs_echo_plugin.pages import cards, is_post, post


def a_page(tmp_path: Path, *, uri: str = "posts/first.md", content: str = "<h1>First</h1>", **meta: Any) -> Page:
    config = a_config(tmp_path)
    page = Page(None, File(uri, str(tmp_path / "docs"), str(tmp_path / "site"), use_directory_urls=True), config)
    page.meta, page.content, page.markdown = {"title": "First", **meta}, content, ""
    return page


def a_config(tmp_path: Path, theme: Any = "mkdocs") -> MkDocsConfig:
    (tmp_path / "docs").mkdir(exist_ok=True)
    config = MkDocsConfig(str(tmp_path / "mkdocs.yml"))
    config.load_dict({"site_name": "Letters", "theme": theme, "docs_dir": "docs", "plugins": []})
    assert config.validate()[0] == []
    return config


def read(tmp_path: Path, content: str = "<h1>First</h1>", **meta: Any) -> tuple[Post, list[str]]:
    page = a_page(tmp_path, content=content, **meta)
    return post(page, a_config(tmp_path), "https://blog.example/sub/")


def test_a_page_without_a_word_about_comments_is_no_post(tmp_path: Path) -> None:
    assert not is_post(a_page(tmp_path))


@pytest.mark.parametrize("meta", [{"comments": True}, {"echo": True}, {"echo": {"threads": ["a.json"]}}, {"echo": {}}])
def test_front_matter_makes_a_post(tmp_path: Path, meta: dict[str, Any]) -> None:
    assert is_post(a_page(tmp_path, **meta))


@pytest.mark.parametrize("meta", [{"echo": False}, {"comments": False}, {"draft": True}])
def test_front_matter_unmakes_what_the_globs_include(tmp_path: Path, meta: dict[str, Any]) -> None:
    assert not is_post(a_page(tmp_path, **meta), include=["posts/*"])


def test_globs_stand_for_the_path_below_docs(tmp_path: Path) -> None:
    assert is_post(a_page(tmp_path), include=["posts/*"])
    assert not is_post(a_page(tmp_path), include=["blog/*"])
    assert not is_post(a_page(tmp_path, comments=True), exclude=["posts/f*"])


def test_a_draft_is_no_post(tmp_path: Path) -> None:
    page = a_page(tmp_path, comments=True)
    page.file.inclusion = InclusionLevel.EXCLUDED
    assert not is_post(page)


def test_an_address_is_the_published_one_with_its_sub_path(tmp_path: Path) -> None:
    found, _ = read(tmp_path)
    assert (found.path, found.url, found.canonical_url) == (
        "posts/first.md",
        "posts/first/",
        "https://blog.example/sub/posts/first/",
    )


def test_the_text_is_what_readers_see(tmp_path: Path) -> None:
    content = (
        '<h1>First<a class="headerlink" href="#first">&para;</a></h1>\n<!-- echo:badge -->\n'
        "<p>Tea &amp; <em>cake</em>, not<br>coffee</p><script>alert(1)</script><ul><li>one</li><li>two</li></ul>"
    )
    found, _ = read(tmp_path, content)
    assert found.text == "First\nTea & cake, not\ncoffee\none\ntwo"
    assert found.description == "Tea & cake, not\ncoffee"


def test_a_written_description_stands_before_the_first_paragraph(tmp_path: Path) -> None:
    assert read(tmp_path, "<p>Tea.</p>", description="On tea")[0].description == "On tea"


def test_an_empty_paragraph_is_not_the_first(tmp_path: Path) -> None:
    assert read(tmp_path, '<p><img src="a.png"></p><p>Tea.</p>')[0].description == "Tea."


def test_yaml_reads_a_bare_off_as_false(tmp_path: Path) -> None:
    assert read(tmp_path, discussion=False) == (read(tmp_path, discussion="off")[0], [])
    assert read(tmp_path, discussion=False)[0].discussion == "off"


def test_everything_that_front_matter_may_say_arrives(tmp_path: Path) -> None:
    found, problems = read(
        tmp_path,
        discussion="fact",
        echo={"threads": ["https://a.example/@me/1", "comments/x.json"], "key": 42, "aliases": "/old/"},
        aliases=["/older.html"],
        author_update="I was wrong about tea.",
        outside_voices=[{"from": "a neighbour", "said": "Coffee."}],
        lang="pt_BR",
    )
    assert problems == []
    assert (found.discussion, found.threads, found.key) == (
        "fact",
        ("https://a.example/@me/1", "comments/x.json"),
        "42",
    )
    assert found.aliases == ("/old/", "/older.html")
    assert found.author_update == "I was wrong about tea."
    assert found.outside_voices == (OutsideVoice("a neighbour", "Coffee."),)
    assert found.language == "pt-BR"


@pytest.mark.parametrize(
    ("meta", "says"),
    [
        (
            {"discussion": "facts"},
            "posts/first.md: front matter 'discussion': 'facts' is no kind of discussion. Write",
        ),
        ({"discussion": ["fact"]}, "is no kind of discussion"),
        ({"echo": {"thread": "a.json"}}, "front matter 'echo.thread': unknown. Did you mean threads?"),
        ({"echo": {"zzz": 1}}, "front matter 'echo.zzz': unknown. Known: threads, key, aliases, prompt."),
        ({"echo": "yes"}, "front matter 'echo': expected `false`, or a mapping"),
        ({"echo": {"threads": [{"url": "x"}]}}, "front matter 'echo.threads': expected a text."),
        ({"echo": {"key": ["a"]}}, "front matter 'echo.key': expected a text."),
        ({"outside_voices": "Coffee."}, "front matter 'outside_voices': expected entries like {from:"),
        ({"outside_voices": [{"from": "me"}]}, "front matter 'outside_voices': expected entries like {from:"),
        ({"author_update": {"a": 1}}, "front matter 'author_update': expected a text."),
    ],
)
def test_a_mistake_in_front_matter_is_named_and_the_rest_is_used(
    tmp_path: Path, meta: dict[str, Any], says: str
) -> None:
    found, problems = read(tmp_path, "<p>Tea.</p>", **meta)
    assert len(problems) == 1
    assert says in problems[0]
    assert "\n" not in problems[0]
    assert found.text == "Tea."


@pytest.mark.parametrize(
    ("theme", "meta", "language"),
    [
        ("mkdocs", {}, "en"),
        ({"name": "mkdocs", "locale": "de"}, {}, "de"),
        ({"name": "material", "language": "fr"}, {}, "fr"),
        ({"name": "material", "language": "fr"}, {"language": "es"}, "es"),
    ],
)
def test_the_language_is_the_pages_own_before_the_themes(tmp_path: Path, theme: Any, meta: Any, language: str) -> None:
    assert post(a_page(tmp_path, **meta), a_config(tmp_path, theme), None)[0].language == language


def test_a_page_that_lists_no_posts_has_no_cards() -> None:
    assert cards({}) == []
    assert cards({"posts": "a macro's own variable"}) == []


@pytest.mark.parametrize("opening", ["<", "<!--", "<script>", "<a ", "<p>", '<a class="headerlink">'])
def test_a_page_of_unclosed_tags_takes_linear_time(tmp_path: Path, opening: str) -> None:
    began = perf_counter()
    read(tmp_path, opening * 20_000)
    assert perf_counter() - began < 2  # quadratic: a minute
