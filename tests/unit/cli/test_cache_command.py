"""`mkdocs-echo cache`: what is kept, and how it goes."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from mkdocs_echo_plugin.build_cache import BuildCache
from mkdocs_echo_plugin.cache_files import FRESH, KEPT, CacheFiles
from mkdocs_echo_plugin.model import Health, Thread
from mkdocs_echo_plugin.sources.thread_cache import ThreadCache

Files = Callable[[Mapping[str, str | bytes]], Path]
Echo = Callable[..., Any]


@pytest.fixture
def kept(files: Files) -> Path:
    """A site whose builds have kept something."""
    root = files({"mkdocs.yml": "plugins: [echo: {cache_dir: var/echo}]\n", "var/echo/mine.txt": "not ours"})
    directory = root / "var/echo"
    with ThreadCache(directory) as cache:
        cache.put("isso", "k", [Thread("isso")], now=datetime(2026, 3, 1, 9, 30, tzinfo=UTC))
    build_cache = BuildCache(directory)
    build_cache.keep_health("h", Health(state="quiet"))
    build_cache.keep_file("f", {"a": 1})
    build_cache.close(complete=True)
    os.utime(directory / "healths.json", (1_772_355_600, 1_772_355_600))
    return root


def test_info_says_what_is_kept_how_old_and_how_large(kept: Path, echo: Echo) -> None:
    ran = echo("cache", "info", "-f", kept / "mkdocs.yml")
    assert ran.status == 0
    assert "the health of each post" in ran.text
    assert "2026-03-01 09:00" in ran.text
    assert "1 answers of comment systems, fetched 2026-03-01 09:30 UTC;" in ran.text
    hours, days = FRESH // timedelta(hours=1), KEPT.days
    assert f"asked for again after {hours} hours, and deleted after {days} days" in ran.text
    assert {line.split()[0] for line in ran.text.splitlines()[1:4]} == {"threads.db", "healths.json", "files"}


def test_clear_deletes_ours_and_nothing_else(kept: Path, echo: Echo) -> None:
    leftover = kept / "var/echo/healths.123-4.tmp"
    leftover.write_bytes(b"words")
    assert "deleted" in echo("cache", "clear", "-f", kept / "mkdocs.yml").text
    assert [file.name for file in (kept / "var/echo").rglob("*")] == ["mine.txt"]
    assert "nothing was kept" in echo("cache", "clear", "-f", kept / "mkdocs.yml").text


def test_a_site_without_a_cache_has_nothing_kept(files: Files, echo: Echo) -> None:
    root = files({"mkdocs.yml": "plugins: [echo]\n"})
    assert "nothing is kept yet" in echo("cache", "info", "-f", root / "mkdocs.yml").text


def test_every_file_that_a_cache_can_hold_is_explained() -> None:
    from mkdocs_echo_plugin.cli.cache import HOLDS

    named = CacheFiles(Path("x"))
    paths = (named.threads, named.files, named.healths, named.matches, named.fragments, named.author, named.answers)
    assert {path.name for path in paths} == set(HOLDS)
