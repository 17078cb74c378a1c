"""Which configuration a command reads, and that reading one runs nothing."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from mkdocs_echo_plugin.build_cache import fingerprint
from mkdocs_echo_plugin.cli.configuration import read_configuration, site_configuration
from mkdocs_echo_plugin.errors import ConfigurationError

Files = Callable[[Mapping[str, str | bytes]], Path]
Echo = Callable[..., Any]

SITE = "site_name: Tea\nsite_dir: public\nplugins:\n  - search\n  - echo:\n      cache_dir: var/echo\n"
POST = {
    "path": "tea.md", "url": "tea/", "title": "Tea", "state": "early", "badge": None, "prompt": None, "reason": None,
    "thread": None, "comments": {"read": 1}, "voices": {"n": 1}, "answers": {"waiting": []}, "venues": [],
}  # fmt: skip
REPORT = {
    "schema": "report.v1", "site": None, "summary": {"posts": 1}, "posts": [POST], "unmatched": [],
    "site_findings": {}, "sources": [],
}  # fmt: skip


@pytest.fixture
def site(files: Files) -> Path:
    """A built site whose cache lies where its configuration says, with a tense thread in the author's report."""
    author = {**REPORT, "of": fingerprint(REPORT), "posts": [{**POST, "author_state": "tense"}]}
    return files(
        {
            "blog/mkdocs.yml": SITE,
            "blog/public/echo/report.json": json.dumps(REPORT),
            "blog/var/echo/author.json": json.dumps(author),
        }
    )


def test_the_gate_reads_the_author_s_report_where_cache_dir_says(site: Path, echo: Echo) -> None:
    ran = echo("check", "-f", site / "blog/mkdocs.yml", "--fail-on", "tense")
    assert ran.status == 1
    assert "tea.md: tense" in ran.text


def test_a_configuration_above_the_site_s_folder_is_found(site: Path, echo: Echo) -> None:
    assert echo("check", site / "blog/public", "--fail-on", "tense").status == 1


def test_a_configuration_that_was_named_must_be_there(tmp_path: Path, echo: Echo) -> None:
    ran = echo("digest", "-f", tmp_path / "no.yml")
    assert (ran.status, len(ran.err.splitlines())) == (2, 1)
    assert "no.yml" in ran.err


def test_without_any_configuration_the_cache_lies_beside_the_site(tmp_path: Path) -> None:
    found = site_configuration(None, str(tmp_path / "site"))
    assert found.cache.author == tmp_path / ".cache/plugin/echo/author.json"


def test_a_nearer_file_says_more_than_the_one_that_it_inherits(files: Files) -> None:
    folder = files({"base.yml": SITE, "near.yml": "INHERIT: base.yml\nsite_dir: out\n"})
    found = read_configuration(folder / "near.yml")
    assert (found.site_dir, found.options) == (folder / "out", {"cache_dir": "var/echo"})


def test_a_file_that_inherits_itself_ends(files: Files) -> None:
    folder = files({"mkdocs.yml": f"INHERIT: mkdocs.yml\n{SITE}"})
    assert read_configuration(folder / "mkdocs.yml").site_dir == folder / "public"


def test_environment_variables_stand_for_values(files: Files, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLACE", "elsewhere")
    folder = files({"mkdocs.yml": "plugins: [echo: {cache_dir: !ENV PLACE}]\n"})
    assert read_configuration(folder / "mkdocs.yml").cache.directory == folder / "elsewhere"


def test_a_tag_in_the_file_runs_nothing(files: Files) -> None:
    mark = "!!python/object/apply:pathlib.Path.touch [!!python/object/apply:pathlib.Path [ran]]"
    folder = files({"mkdocs.yml": f"x: {mark}\ny: !!python/name:os.system\nplugins: [echo]\n"})
    assert read_configuration(folder / "mkdocs.yml").site["y"] is None
    assert not Path("ran").exists()


@pytest.mark.parametrize("text", ["- a list", "site_name: [", "\x00", "plugins: [search]\n"])
def test_what_is_no_configuration_is_an_error_that_names_the_file(text: str, files: Files) -> None:
    folder = files({"mkdocs.yml": text})
    with pytest.raises(ConfigurationError, match=r"mkdocs\.yml"):
        read_configuration(folder / "mkdocs.yml")
