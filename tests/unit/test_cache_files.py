"""The cache is the user's alone: closed to others, out of Git before anything is in it, and without leftovers."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from mkdocs_echo_plugin.build_cache import BuildCache
from mkdocs_echo_plugin.cache_files import KEPT, CacheFiles, write_private
from mkdocs_echo_plugin.model import Health, Thread
from mkdocs_echo_plugin.sources.thread_cache import ThreadCache

NOW = datetime(2026, 3, 1, 9, tzinfo=UTC)
posix = pytest.mark.skipif(os.name != "posix", reason="only POSIX has these rights and these processes")


def fill(directory: Path) -> None:
    with ThreadCache(directory) as cache:
        cache.put("isso", "k", [Thread("isso")], now=NOW)
    build_cache = BuildCache(directory)
    build_cache.keep_health("h", Health(state="quiet"))
    build_cache.keep_file("f", {"a": 1})
    build_cache.close(complete=True)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def gone_process() -> int:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    return ended.pid


@posix
def test_only_the_owner_reads_what_is_kept(tmp_path: Path) -> None:
    directory = tmp_path / "a/b/echo"
    before = os.umask(0)
    try:
        fill(directory)
    finally:
        os.umask(before)
    assert {path.name: mode(path) for path in directory.rglob("*") if path.is_file()} == dict.fromkeys(
        (".gitignore", "threads.db", "healths.json", "f.json"), 0o600
    )
    assert (mode(directory), mode(directory / "files")) == (0o700, 0o700)


@posix
def test_what_an_earlier_version_left_readable_is_closed(tmp_path: Path) -> None:
    fill(tmp_path / "echo")
    for path in (tmp_path / "echo").rglob("*.*"):
        path.chmod(0o644)
    fill(tmp_path / "echo")
    assert {mode(path) for path in CacheFiles(tmp_path / "echo").files.iterdir()} == {0o600}
    assert mode(tmp_path / "echo/threads.db") == mode(tmp_path / "echo/healths.json") == 0o600


def test_git_is_told_before_anything_is_kept(tmp_path: Path) -> None:
    cache = BuildCache(tmp_path / "echo")
    cache.keep_file("f", {"a": 1})
    assert (tmp_path / "echo/.gitignore").read_text() == "*\n"


def test_a_leftover_does_not_keep_git_from_being_told(tmp_path: Path) -> None:
    (tmp_path / f"healths.json.{gone_process()}-7.tmp").write_text("words")
    CacheFiles(tmp_path).prepare()
    assert (tmp_path / ".gitignore").exists()


def test_a_directory_with_something_else_in_it_is_left_to_its_owner(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    fill(tmp_path)
    assert not (tmp_path / ".gitignore").exists()


@posix
def test_the_next_build_deletes_what_a_killed_one_left(tmp_path: Path) -> None:
    fill(tmp_path)
    pid = gone_process()
    for left in (f"healths.json.{pid}-0.tmp", f"files/f.json.{pid}-12.tmp", f"author.{pid}-140234.tmp"):
        (tmp_path / left).write_text("SECRETWORDS")
    (tmp_path / "draft.tmp").write_text("somebody else's")
    BuildCache(tmp_path)
    assert sorted(path.name for path in tmp_path.rglob("*.tmp")) == ["draft.tmp"]


def test_what_a_build_beside_this_one_is_writing_stays_for_an_hour(tmp_path: Path) -> None:
    beside = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    unfinished = tmp_path / f"healths.json.{beside.pid}-0.tmp"
    unfinished.write_text("half")
    BuildCache(tmp_path)
    stays = unfinished.exists()
    os.utime(unfinished, (time.time() - 4000, time.time() - 4000))
    BuildCache(tmp_path)
    beside.communicate(b"\n")
    assert (stays, unfinished.exists()) == (True, False)


def test_answers_that_no_build_has_looked_at_for_thirty_days_go(tmp_path: Path) -> None:
    fill(tmp_path)
    old = time.time() - KEPT.total_seconds() - 60
    os.utime(tmp_path / "threads.db", (old, old))
    BuildCache(tmp_path)
    assert not (tmp_path / "threads.db").exists()


def test_a_file_that_cannot_be_written_leaves_what_stood_there_and_nothing_unfinished(tmp_path: Path) -> None:
    (tmp_path / "t").mkdir()
    (tmp_path / "t/inside").write_text("a folder cannot be replaced")
    with pytest.raises(OSError, match="t"):
        write_private(tmp_path / "t", b"new")
    assert [path.name for path in tmp_path.rglob("*")] == ["t", "inside"]
