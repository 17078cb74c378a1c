"""Each adapter by example: what a system gave, `tests/golden/ADAPTER/NAME.<ext>`, and what `mkdocs-echo threads` prints
for it, `NAME.thread.json` beside it.

An adapter is tested by adding such a pair, no code. `pytest tests/unit/sources/test_golden.py --write-golden` writes the
printed side of every pair anew: read the difference before it is committed.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Callable
from contextlib import closing
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

import pytest

from mkdocs_echo_plugin.sources import GROUP

GOLDEN = Path(__file__).parents[2] / "golden"
PRINTED = ".thread.json"
NEVER_RECOGNISED = {"utterances": "its saved answer is that of any issue: `github_issues` recognises it"}
"""Adapters that have to be named, and why."""

PAIRS = sorted(
    path
    for folder in GOLDEN.iterdir()
    for path in folder.iterdir()
    if not path.name.endswith(PRINTED) and not path.name.startswith(".")
)
ALL = pytest.mark.parametrize("given", PAIRS, ids=lambda path: path.relative_to(GOLDEN).as_posix())
_PRIVATE = re.compile(rb"\b[\w.+-]+@[\w-]+\.[\w.]+\b|\b192\.0\.2\.\d+|\b203\.0\.113\.\d+")
"""E-mail addresses and the IP addresses that are set aside for examples."""


def printed(given: Path) -> Path:
    """Where the printed side of a pair stands."""
    return given.parent / f"{given.stem}{PRINTED}"


@pytest.fixture
def threads(
    echo: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Callable[..., list[dict[str, Any]]]:
    """Runs `mkdocs-echo threads` on the given side of a pair, beside it; an .sql file is made a database first."""

    def run(given: Path, *options: str) -> list[dict[str, Any]]:
        monkeypatch.chdir(given.parent)
        name: str | Path = given.name
        if given.suffix == ".sql":
            name = tmp_path / f"{given.stem}.db"
            name.unlink(missing_ok=True)
            with closing(sqlite3.connect(name)) as base:
                base.executescript(given.read_text("utf-8"))
        ran = echo("threads", name, *options)
        assert ran.status == 0, ran.err
        found: list[dict[str, Any]] = ran.objects
        return found

    return run


@ALL
def test_an_adapter_prints_what_stands_beside_its_file(
    given: Path, threads: Callable[..., Any], pytestconfig: pytest.Config
) -> None:
    found = threads(given, "--source", given.parent.name)
    if pytestconfig.getoption("--write-golden"):
        words = json.dumps(found, ensure_ascii=False, indent=1) + "\n"
        printed(given).write_text(words, "utf-8")
    assert printed(given).is_file(), "no printed side yet: run with --write-golden, then read what it wrote"
    assert found == json.loads(printed(given).read_text("utf-8"))


@ALL
def test_a_file_is_recognised_without_naming_its_source(given: Path, threads: Callable[..., Any]) -> None:
    if given.parent.name not in NEVER_RECOGNISED:
        assert threads(given) == threads(given, "--source", given.parent.name)


@ALL
def test_what_is_printed_is_read_back_as_it_is(given: Path, threads: Callable[..., Any]) -> None:
    beside = printed(given)
    expected = json.loads(beside.read_text("utf-8"))
    if len(expected) == 1 and expected[0]["key"] is expected[0]["page_url"] is None:
        expected[0]["key"] = beside.stem  # a file whose thread says nothing of its post is named by the file
    assert threads(beside) == expected


@ALL
def test_no_e_mail_and_no_ip_address_of_a_file_is_printed(given: Path) -> None:
    files = [given] if given.is_file() else [file for file in given.rglob("*") if file.is_file()]
    private = {found for file in files for found in _PRIVATE.findall(file.read_bytes())}
    kept = printed(given).read_bytes()
    assert not [one for one in private if one in kept]


@pytest.mark.parametrize("name", sorted(p.name for p in entry_points(group=GROUP) if "mkdocs_echo_plugin." in p.value))
def test_every_adapter_has_a_pair(name: str) -> None:
    assert [path for path in PAIRS if path.parent.name == name], (
        f"put a saved answer or an export of {name}, in your own words, into tests/golden/{name}/"
    )


def test_no_printed_side_stands_alone_or_for_two_files() -> None:
    beside = [printed(path) for path in PAIRS]
    assert sorted(set(beside)) == sorted(beside)
    assert set(GOLDEN.glob(f"*/*{PRINTED}")) == set(beside)
