"""What the build says of what went wrong: one line for each source, with the reason and the remedy."""

from __future__ import annotations

from typing import Any

import pytest
from drawing import Build, Builder, drawn, thread, voices

LETTERS = thread(*voices(agree=6))
SITE = r"""
    docs/
    ├── index.md        # Letters
    ├── one.md          ---\ncomments: true\n---\n# One
    ├── two.md          ---\ncomments: true\n---\n# Two
    └── three.md        ---\ncomments: true\n---\n# Three
    comments/
    └── one.json        {letters}
"""
TREE = drawn(SITE, letters=LETTERS)
FILES = {"files": {"path": "comments"}}


def warned(built: Build) -> list[str]:
    return [line.partition("mkdocs_echo_plugin: ")[2] for line in built.log.splitlines() if line.startswith("WARNING")]


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("export.xml", "", "export.xml: there is nothing in it. Export the comments again. (3 posts)"),
        ("export.json", '{"comments": [\n{"text": "a"},\n{"text"', "export.json"),
        ("export.json", "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 7\n", "is a Git LFS pointer, not the file. Run `git lfs pull`"),
        ("export.yml", "comments:\n  - text: a\n - text: b\n", "export.yml"),
        ("export.db", b"\x00\x01\x02", "no source knows this format"),
    ],
    ids=["empty", "cut JSON", "LFS", "YAML", "nonsense"],
)  # fmt: skip
def test_a_file_that_cannot_be_read_is_one_line_for_all_posts(
    build: Builder, name: str, data: str | bytes, says: str
) -> None:
    built = build({**TREE, name: data}, echo={"sources": [{"files": {"path": name}}]})
    assert built.exit_code == 0, built.log
    (line,) = warned(built)
    assert says in line
    assert line.endswith("(3 posts)")
    assert set(built.states().values()) == {"unknown"}
    if name in ("export.json", "export.yml") and "LFS" not in says:
        assert "line " in line
    assert build(echo={"sources": [{"files": {"path": name}}]}, args=("--strict",)).exit_code == 1


def test_an_export_without_a_thread_is_said(build: Builder) -> None:
    export = '<?xml version="1.0"?><disqus xmlns="http://disqus.com"></disqus>'
    built = build(
        {**TREE, "export.xml": export}, echo={"sources": [{"files": {"path": "export.xml", "source": "disqus_xml"}}]}
    )
    (line,) = warned(built)
    assert line == "export.xml: there is no thread in it. Export the comments again."


def test_a_broken_file_that_is_nobodys_is_said_too(build: Builder) -> None:
    built = build({**TREE, "comments/elsewhere.json": '{"comments": ['}, echo={"sources": [FILES]})
    (line,) = warned(built)
    assert line.startswith("comments/elsewhere.json")
    assert built.states()["one"] != "unknown"


def test_a_host_that_does_not_resolve_is_one_line_for_all_posts(build: Builder) -> None:
    built = build(TREE, echo={"sources": [{"isso": {"url": "https://comments.invalid"}}]})
    (line,) = warned(built)
    assert "comments.invalid does not resolve" in line
    assert line.endswith("(3 posts)")
    offline = build(echo={"sources": [{"isso": {"url": "https://comments.invalid"}}], "offline": True})
    assert warned(offline) == []


def test_a_missing_token_is_no_warning(build: Builder) -> None:
    built = build(TREE, echo={"sources": [{"giscus": {"repo": "me/blog"}}]}, args=("--strict",))
    assert built.exit_code == 0, built.log
    assert "Set GITHUB_TOKEN" in built.log


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"sources": [{"giscus": {"repo": "me/blog", "mapping": "path"}}]}, "option 'mapping': 'path' is not known. Did you mean 'pathname'?"),
        ({"sources": [{"files": {"path": "coments"}}]}, "files: path: 'coments' does not exist beside mkdocs.yml. Did you mean 'comments'?"),
        ({"sources": [{"giscsu": {}}]}, "unknown source 'giscsu'. Did you mean 'giscus'?"),
        ({"sources": [{"giscus": {"repo": "me/blog", "catgory": "x"}}]}, "giscus: unknown option 'catgory'. Did you mean 'category'?"),
        ({"fail_on": ["unkown"]}, "'unkown' is not known. Did you mean 'unknown'?"),
    ],
)  # fmt: skip
def test_a_misspelt_word_is_one_line_that_guesses_what_was_meant(
    build: Builder, options: dict[str, Any], says: str
) -> None:
    built = build(TREE, echo=options)
    assert built.exit_code == 1
    assert says in built.log
    assert "Traceback" not in built.log


def test_a_state_may_stand_without_a_list(build: Builder) -> None:
    built = build(TREE, echo={"sources": [{"files": {"path": "comments"}}, {"isso": {"url": "https://c.invalid"}}], "fail_on": "unknown"})  # fmt: skip
    assert built.exit_code == 1
    assert "fail_on: three.md is unknown" in built.log


@pytest.mark.parametrize(
    ("template", "says"),
    [
        ("<p>{{ health.state </p>", "partials/echo/badge.html, line 1: "),
        ("<p>\n{{ nothing.here }}</p>", "partials/echo/badge.html, line 2: 'nothing' is undefined"),
        ("<p>{% include 'echo/nowhere.html' %}</p>", "echo/nowhere.html"),
        ("{{ health.state | nofilter }}", "No filter named 'nofilter'"),
        ("{{ 1 / 0 }}", "partials/echo/badge.html, line 1: division by zero"),
    ],
)
def test_a_mistake_in_a_template_of_the_sites_own_is_one_line(build: Builder, template: str, says: str) -> None:
    built = build(
        {**TREE, "over/partials/echo/badge.html": template}, theme={"name": "mkdocs", "custom_dir": "over"}, echo={"sources": [FILES]}
    )  # fmt: skip
    assert built.exit_code == 1
    (line,) = [line for line in built.log.splitlines() if line.startswith("ERROR   -  echo:")]
    assert says in line
    assert "Correct your template" in line
    assert "Traceback" not in built.log
