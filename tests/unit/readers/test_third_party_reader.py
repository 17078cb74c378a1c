"""A reader of somebody else's: the package of the manual, installed and used."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
COMMENTS = """id,author,text
1,ada,Indeed the well on our square should stay open for the neighbours
2,bob,That is wrong and the figures in the post are far too old
3,cy,The rope at the well is new since last week
"""


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the example package as pip installs it."""
    target = tmp_path_factory.mktemp("third-party-reader")
    source = target / "source"
    subprocess.run(["cp", "-r", str(ROOT / "docs/example-reader"), str(source)], check=True)
    command = [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--no-build-isolation", "--no-index"]
    ran = subprocess.run([*command, "--target", str(target / "lib"), str(source)], capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr
    return target / "lib"


def echo(installed: Path, *args: str, where: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from mkdocs_echo_plugin.cli import main; main()", *args]
    env = {**os.environ, "PYTHONPATH": os.pathsep.join([str(installed), str(ROOT)])}
    return subprocess.run(command, env=env, capture_output=True, text=True, cwd=where)


def a_site(folder: Path, reader: str) -> None:
    (folder / "docs").mkdir()
    (folder / "docs/well.md").write_text("---\ncomments: true\ndiscussion: opinion\n---\n# The well\nKeep it open.\n")
    (folder / "comments").mkdir()
    (folder / "comments/well.csv").write_text(COMMENTS)
    (folder / "mkdocs.yml").write_text(
        "site_name: x\nsite_url: https://b.example/\nplugins:\n  - echo:\n      sources: [files: {path: comments}]\n"
        f"      stance: {{reader: {reader}}}\n"
    )


def test_it_is_listed_with_what_it_needs(installed: Path, tmp_path: Path) -> None:
    (line,) = [line for line in echo(installed, "readers", where=tmp_path).stdout.splitlines() if "wordlist" in line]
    assert line.split() == ["wordlist", "two", "lists", "of", "words", "nothing"]


def test_a_site_that_names_it_is_read_by_it(installed: Path, tmp_path: Path) -> None:
    a_site(tmp_path, "wordlist")
    lines = echo(installed, "review", "--list", where=tmp_path).stdout.splitlines()
    assert [line.split("#well")[-1].partition("  # ")[0].split(": ")[-1] for line in lines[1:]] == [
        "agree", "disagree", "unknown",
    ]  # fmt: skip


def test_its_options_stand_in_mkdocs_yml(installed: Path, tmp_path: Path) -> None:
    a_site(tmp_path, "{wordlist: {disagree: [rope]}}")
    listed = echo(installed, "review", "--list", where=tmp_path).stdout
    assert [": disagree" in line for line in listed.splitlines()[1:]] == [False, False, True]


def test_an_option_that_it_does_not_have_ends_the_command_with_one_line(installed: Path, tmp_path: Path) -> None:
    a_site(tmp_path, "{wordlist: {disagre: [rope]}}")
    ran = echo(installed, "review", "--list", where=tmp_path)
    assert ran.returncode == 2
    assert "Did you mean 'disagree'?" in ran.stderr
    assert len(ran.stderr.splitlines()) == 1
