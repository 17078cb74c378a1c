"""docs/customise.md held to the code: its examples work, and what it lists is what there is."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import pytest

from mkdocs_echo_plugin.model import Badge, Health, Post, Prompt, ThreadFacts, VoiceCounts
from mkdocs_echo_plugin.render import STYLESHEET, THEME_DIR
from mkdocs_echo_plugin.render.badge import Fragments, Renderer, RenderOptions

MANUAL = (Path(__file__).parents[3] / "docs" / "customise.md").read_text("utf-8")
TEMPLATES = THEME_DIR / "partials" / "echo"
HEALTH = Health(
    state="early",
    thread=ThreadFacts("isso", "1", None, True, True, True, None),
    voices=VoiceCounts(n=3),
    badge=Badge("3 people have commented so far", "So far"),
    prompt=Prompt("ask", "What do you think?", ""),
)


def with_template(folder: Path, name: str, block: str) -> Fragments:
    (folder / "partials" / "echo").mkdir(parents=True)
    (folder / "partials" / "echo" / name).write_text(block, "utf-8")
    return Renderer(theme_dirs=[folder]).fragments(HEALTH, Post(path="a.md"))


def block_after(words: str) -> str:
    found = re.search(re.escape(words) + r".*?```html\n(.*?)```", MANUAL, re.DOTALL)
    assert found, words
    return found[1]


def column(heading: str) -> list[str]:
    """The names in backticks in the first column of the table under a row of headings."""
    table = MANUAL.split(heading, 1)[1].split("\n\n", 1)[0]
    return [name for row in table.splitlines()[2:] for name in re.findall(r"`([^`]+)`", row.split("|")[1])]


def test_the_manuals_badge_without_a_panel_works_as_printed(tmp_path: Path) -> None:
    badge = with_template(tmp_path, "badge.html", block_after("overrides/partials/echo/badge.html")).badge
    assert '<span class="echo-badge" data-echo-state="early">3 people have commented so far</span>' in badge
    assert "<details" not in badge


def test_the_manuals_policy_works_as_printed(tmp_path: Path) -> None:
    shown = with_template(tmp_path, "policy.html", block_after("To write a policy of your own"))
    assert "Begin with “Agree:” or “Disagree:”" in shown.policy
    assert "No politics on Sundays." in shown.policy
    assert "<details" in shown.badge


def test_the_manual_lists_every_template_and_no_other() -> None:
    assert sorted(column("| file | is | included by |")) == sorted(file.name for file in TEMPLATES.glob("*.html"))


def test_the_manual_lists_classes_that_exist() -> None:
    code = (THEME_DIR / STYLESHEET).read_text("utf-8") + "".join(f.read_text("utf-8") for f in TEMPLATES.glob("*.html"))
    listed = column("| class | is |")
    assert len(listed) > 10
    for name in listed:
        assert re.search(rf"\b{name}\b", code), name


@pytest.mark.parametrize("name", ["--echo-soft", "--echo-rule"])
def test_the_manuals_variables_are_the_stylesheets(name: str) -> None:
    assert name in MANUAL
    assert f"var({name})" in (THEME_DIR / STYLESHEET).read_text("utf-8")


def test_what_the_manual_says_of_options_is_what_a_template_gets() -> None:
    known = {field.name for field in fields(RenderOptions)}
    assert set(re.findall(r"(?<![(\w])options\.(\w+)", MANUAL)) <= known
