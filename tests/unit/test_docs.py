"""The manual knows everything that exists, and what it shows runs and prints what it says."""

from __future__ import annotations

import configparser
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, get_args

import click
import pytest
import yaml
from mkdocs.config import config_options

from mkdocs_echo_plugin import errors, model
from mkdocs_echo_plugin.cache_files import FRESH, KEPT
from mkdocs_echo_plugin.cli import COMMANDS, main
from mkdocs_echo_plugin.config import EchoConfig
from mkdocs_echo_plugin.locales import catalogue, explanation
from mkdocs_echo_plugin.report import gate
from mkdocs_echo_plugin.sources import available

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
EXPLAINED = sorted(path.stem for path in (ROOT / "mkdocs_echo_plugin/locales/how").glob("*.md"))
README = (ROOT / "README.md").read_text("utf-8")


def manual(name: str) -> str:
    return (DOCS / name).read_text("utf-8")


def section(text: str, title: str) -> str:
    """What stands under a heading of the second level."""
    found = re.search(rf"^## `?{re.escape(title)}`?\n(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
    assert found, f"no section '{title}'"
    return found[1]


def test_the_manual_says_how_long_threads_are_kept() -> None:
    hours, days = FRESH // timedelta(hours=1), KEPT.days
    assert f"younger than {hours} hours" in manual("network.md")
    assert f"younger than {days} days" in manual("network.md")
    assert f"leaves the cache\nafter {days} days" in manual("privacy.md")


@pytest.mark.parametrize("state", ["few-sides", "several", "unclear"])
@pytest.mark.parametrize("name", ["../README.md", "states.md", "reading.md", "report.md"])
def test_a_table_of_states_has_the_words_of_the_badge(name: str, state: str) -> None:
    row = next(line for line in manual(name).splitlines() if line.startswith(f"| `{state}` |"))
    assert str(catalogue("en").strings[f"badge.{state}"]) in row


@pytest.mark.parametrize("language", EXPLAINED)
@pytest.mark.parametrize("words", ["few-sides", "several", "nearly-all-agree", "most-agree", "unclear"])
def test_the_page_on_how_the_badge_works_has_the_words_of_the_badge(language: str, words: str) -> None:
    assert f"| {catalogue(language).strings[f'badge.{words}']} |" in explanation(language)[1]


# the command line


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_of_a_command_stands_in_its_section(name: str) -> None:
    command = main.get_command(click.Context(main), name)  # type: ignore[attr-defined]
    text = section(manual("commands.md"), name)
    if name == "score":
        text += section(manual("commands.md"), "threads")  # it says that these are the same
    for option in command.params:
        if isinstance(option, click.Option):
            assert any(f"`{flag}" in text or f", `{flag}" in text for flag in option.opts), option.opts


def test_no_section_is_about_a_command_that_does_not_exist() -> None:
    assert set(re.findall(r"^## (\w+)$", manual("commands.md"), re.MULTILINE)) == set(COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_the_readme_names_every_command(name: str) -> None:
    assert f"`{name}`" in README or f"mkdocs-echo {name}" in README


# the options of mkdocs.yml


def options(config: Any = EchoConfig, above: str = "") -> Iterator[str]:
    for name, option in config._schema:
        if isinstance(option, config_options.SubConfig):
            yield from options(option.config_class, f"{above}{name}.")
        elif name != "enabled":
            yield f"{above}{name}"


@pytest.mark.parametrize("option", list(options()))
def test_every_option_stands_in_the_manual(option: str) -> None:
    assert f"`{option}`" in manual("options.md") or f"`{option.split('.')[-1]}`" in manual("options.md")


# sources


@pytest.mark.parametrize("name", list(available()))
def test_every_source_has_a_page_and_a_place_in_the_readme(name: str) -> None:
    assert (DOCS / "sources" / f"{name}.md").is_file()
    assert f"`{name}`" in README or f"sources/{name}.md" in README


@pytest.mark.parametrize("name", list(available()))
def test_the_table_of_sources_says_what_each_was_tried_on(name: str) -> None:
    assert f"\n| [{name}]({name}.md) |" in manual("sources/README.md")


# states and errors


@pytest.mark.parametrize("state", gate.STATES)
def test_every_state_stands_in_the_manual(state: str) -> None:
    assert f"| `{state}` |" in section(manual("report.md"), "The states")
    assert f"`{state}`" in section(manual("commands.md"), "check")


@pytest.mark.parametrize("state", get_args(model.HealthState))
def test_the_readme_names_every_state(state: str) -> None:
    assert f"`{state}`" in README


ERRORS = [name for name, value in vars(errors).items() if getattr(value, "__module__", "") == errors.__name__]


@pytest.mark.parametrize("error", ERRORS)
def test_every_error_that_people_can_meet_stands_in_the_manual(error: str) -> None:
    if error in ("EchoError", "SourceError"):
        return  # branches of the tree; nobody meets them by name
    assert f"`{error}`" in manual("report.md")


@pytest.mark.parametrize("form", ["json", "markdown", "github", "junit", "gitlab", "shields", "svg"])
def test_every_format_stands_in_the_manual(form: str) -> None:
    assert f"| `{form}` |" in manual("report.md")


# links, and what stands beside the manual

CONFIGURATION = configparser.ConfigParser()
CONFIGURATION.read(ROOT / "setup.cfg", "utf-8")
HOME = CONFIGURATION["metadata"]["url"]
FRONT = sorted(ROOT.glob("*.md"))
PAGES = [*FRONT, *DOCS.rglob("*.md"), *(ROOT / ".github").rglob("*.md")]


def prose(page: Path) -> str:
    """A page without its blocks of code."""
    return re.sub(r"^```.*?^```", "", page.read_text("utf-8"), flags=re.MULTILINE | re.DOTALL)


def targets(page: Path) -> list[str]:
    """Where the links and pictures of a page lead, written in place or at its end."""
    text = prose(page)
    return [*re.findall(r"\]\(([^)\s]+)", text), *re.findall(r"^\[[^\]]+\]: (\S+)$", text, re.MULTILINE)]


def anchors(page: Path) -> set[str]:
    """The names under which GitHub and MkDocs link to a page's headings."""
    headings = re.findall(r"^#+ (.+)$", prose(page), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def local(page: Path, target: str) -> tuple[Path, str] | None:
    """The file that a link leads to, here or in the repository's home, and the heading in it; None for other sites."""
    place, _, heading = target.partition("#")
    if target.startswith(HOME):
        inside = re.fullmatch(rf"{re.escape(HOME)}/(?:blob|raw|tree)/main/(.+)", place)
        return (ROOT / inside[1], heading) if inside else None
    if target.startswith(("http://", "https://", "mailto:")):
        return None
    return (page.parent / place if place else page), heading


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_links_lead_to_a_file_and_a_heading_that_exist(page: Path) -> None:
    for target in targets(page):
        if found := local(page, target):
            file, heading = found
            assert file.exists(), target
            assert not heading or heading in anchors(file), target


def test_links_and_pictures_of_the_readme_work_on_a_package_index_too() -> None:
    assert [target for target in targets(ROOT / "README.md") if not target.startswith("https://")] == []


def test_every_link_that_the_readme_names_is_defined_and_used() -> None:
    text = re.sub(r"`[^`]*`", "", prose(ROOT / "README.md"))
    defined = re.findall(r"^\[([^\]]+)\]: ", text, re.MULTILINE)
    assert set(re.findall(r"\]\[([^\]]+)\]", text)) == set(defined)


def test_the_address_of_the_project_is_the_same_everywhere() -> None:
    owner, name = HOME.rsplit("/", 2)[1:]
    files = [*FRONT, ROOT / "CITATION.cff", ROOT / "setup.cfg", *(ROOT / ".github").rglob("*.*"), *DOCS.rglob("*.md")]
    for path in files:
        found = set(re.findall(rf"github\.com/([\w.-]+)/{name}\b", path.read_text("utf-8")))
        assert found <= {owner}, path.name


PATHS = re.compile(
    r"`(?:pytest |python )?((?:mkdocs_echo_plugin|tests|docs|schema|benchmarks|training|example_site)/[\w./-]*)"
)


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_files_of_the_project_that_a_page_names_exist(page: Path) -> None:
    left_by_a_build = {"docs/echo/how.md", "docs/sources/pebble.md", "tests/golden/pebble/", "example_site/site/"}
    named = {
        name for name in PATHS.findall(page.read_text("utf-8")) if not re.search("[A-Z]{4}", name)
    } - left_by_a_build
    assert [name for name in sorted(named) if not (ROOT / name).exists()] == []


def test_every_test_that_the_threat_model_names_exists() -> None:
    named = re.findall(r"`(tests/[\w/.]+)::(\w+)`", (ROOT / "SECURITY.md").read_text("utf-8"))
    assert len(named) >= 15
    for file, test in named:
        assert f"def {test}(" in (ROOT / file).read_text("utf-8"), test


def test_the_citation_is_of_this_version_and_address() -> None:
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))
    assert citation["version"] == CONFIGURATION["metadata"]["version"]
    assert citation["repository-code"] == HOME
    assert citation["license"] == CONFIGURATION["metadata"]["license"]


def test_the_changelog_begins_with_what_is_not_released_and_dates_every_release() -> None:
    titles = re.findall(r"^## (.+)$", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)
    assert titles[0] == "[Unreleased]"
    assert all(re.fullmatch(r"\[\d+\.\d+\.\d+\] - \d{4}-\d{2}-\d{2}", title) for title in titles[1:])
    assert any(title.startswith(f"[{CONFIGURATION['metadata']['version']}]") for title in titles)


@pytest.mark.parametrize("form", sorted((ROOT / ".github").rglob("*.yml")), ids=lambda p: p.stem)
def test_the_forms_for_issues_are_forms(form: Path) -> None:
    written = yaml.safe_load(form.read_text("utf-8"))
    if form.stem == "config":
        assert {"blank_issues_enabled", "contact_links"} == set(written)
        return
    assert written["name"]
    assert written["description"]
    kinds = {part["type"] for part in written["body"]}
    assert kinds <= {"markdown", "textarea", "input", "dropdown", "checkboxes"}
    questions = [part for part in written["body"] if part["type"] != "markdown"]
    assert all(part["attributes"]["label"] for part in questions)
    assert len({part["id"] for part in questions}) == len(questions)


# examples


def examples() -> list[tuple[str, str]]:
    """Every "$ mkdocs-echo ..." of the manual, with the output that is shown under it."""
    found = []
    for block in re.findall(r"^```console\n(.*?)^```", manual("commands.md"), re.MULTILINE | re.DOTALL):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, output = part.partition("\n")
            found.append((command, output))
    return found


LETTERS = {
    "schema": "thread.v1",
    "platform": "letters",
    "page_url": "/first-post/",
    "comments": [{"id": str(i), "author": f"Reader {i}", "text": f"Agree: says number {i}."} for i in range(6)],
}
SITE: dict[str, Any] = {
    "site_name": "Letters",
    "site_url": "https://blog.example/",
    "docs_dir": "docs/posts",
    "plugins": [{"echo": {"sources": [{"files": {"path": "comments"}}], "include": ["*.md"]}}],
}


@pytest.fixture(scope="module")
def blog(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site that the manual's examples are about, built."""
    root = tmp_path_factory.mktemp("blog")
    for folder in ("docs/posts", "comments"):
        (root / folder).mkdir(parents=True)
    (root / "mkdocs.yml").write_text(yaml.safe_dump(SITE))
    (root / "docs/posts/first-post.md").write_text("# First post\n\nWhat happened here.\n")
    (root / "comments/first-post.json").write_text(json.dumps(LETTERS))
    subprocess.run([sys.executable, "-m", "mkdocs", "build", "-q"], cwd=root, check=True)
    return root


def test_every_command_has_an_example() -> None:
    shown = {re.search(r"mkdocs-echo (\w+)", command)[1] for command, _ in examples()}  # type: ignore[index]
    assert shown == set(COMMANDS)


@pytest.mark.parametrize(("command", "output"), examples(), ids=[command[-60:] for command, _ in examples()])
def test_the_manual_s_example_runs_and_prints_what_it_shows(
    command: str, output: str, blog: Path, tmp_path: Path
) -> None:
    here = shutil.copytree(blog, tmp_path / "blog")
    program = tmp_path / "mkdocs-echo"
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -m mkdocs_echo_plugin.cli "$@"\n')
    program.chmod(0o755)
    environment = {**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}"}
    ran = subprocess.run(command, shell=True, cwd=here, env=environment, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    if output:
        assert ran.stdout == output
