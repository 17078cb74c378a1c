"""The cache of threads and its ladder; with a real venue behind it: tests/servers/test_faults.py."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mkdocs_echo_plugin.cache_files import FRESH, KEPT
from mkdocs_echo_plugin.errors import RateLimited, SourceError, Unreachable
from mkdocs_echo_plugin.model import Comment, Reaction, Thread
from mkdocs_echo_plugin.sources.anonymise import Anonymiser
from mkdocs_echo_plugin.sources.http.response import Validator
from mkdocs_echo_plugin.sources.raw import Author, RawComment, RawThread
from mkdocs_echo_plugin.sources.thread_cache import ThreadCache, read_through

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
DOOR = Anonymiser(b"k")


def thread(text: str = "Hello") -> Thread:
    return Thread(
        "isso", key="/a/", fetched_at=NOW, comments=(Comment("1", text=text, author_key="ab" * 16, created=NOW),)
    )


def saved(directory: Path, *threads: Thread, key: str = "/a/") -> Path:
    with ThreadCache(directory) as cache:
        cache.put("isso", key, threads, now=NOW)
    return directory / "threads.db"


def held(directory: Path, key: str = "/a/", **later: float) -> tuple[Thread, ...] | None:
    cached = ThreadCache(directory).get("isso", key, now=NOW + timedelta(**later))
    return cached.threads if cached else None


def test_what_was_put_is_there_in_the_same_run_and_in_the_next(tmp_path: Path) -> None:
    cache = ThreadCache(tmp_path)
    cache.put("isso", "/a/", [thread()], now=NOW, validator=Validator("f" * 64, '"e"', None))
    for _ in range(2):
        found = cache.get("isso", "/a/", now=NOW)
        assert found is not None
        assert (found.threads, found.fetched_at, found.fresh) == ((thread(),), NOW, True)
        assert found.validator == Validator("f" * 64, '"e"', None)
        cache.save()
        cache = ThreadCache(tmp_path)


def test_a_thread_without_comments_is_remembered_and_what_was_never_put_is_not(tmp_path: Path) -> None:
    saved(tmp_path)
    assert held(tmp_path) == ()
    assert held(tmp_path, "/b/") is None


@pytest.mark.parametrize(
    ("age", "fresh"),
    [
        (timedelta(), True), (FRESH, True), (FRESH + MINUTE, False), (-30 * MINUTE, True), (-timedelta(days=2), False),
        (KEPT, False), (KEPT + MINUTE, None),
    ],
)  # fmt: skip
def test_a_thread_is_fresh_for_a_while_and_kept_for_longer(tmp_path: Path, age: timedelta, fresh: bool | None) -> None:
    saved(tmp_path, thread())
    found = ThreadCache(tmp_path).get("isso", "/a/", now=NOW + age)
    assert (found and found.fresh) == fresh


def test_after_thirty_days_the_words_are_gone_from_the_file_though_nobody_asked_for_them(tmp_path: Path) -> None:
    file = saved(tmp_path, thread("an old regret"))
    assert b"an old regret" in file.read_bytes()
    with ThreadCache(tmp_path) as cache:
        assert cache.get("isso", "/another/", now=NOW + timedelta(days=31)) is None
    assert b"an old regret" not in file.read_bytes()


def test_what_is_forgotten_is_gone_from_the_file(tmp_path: Path) -> None:
    file = saved(tmp_path, thread("a regret"))
    with ThreadCache(tmp_path) as cache:
        cache.forget("isso", "/a/")
        assert cache.get("isso", "/a/", now=NOW) is None
    assert b"a regret" not in file.read_bytes()
    assert held(tmp_path) is None


def test_what_was_admitted_by_another_door_is_not_used_and_then_replaced(tmp_path: Path) -> None:
    cache = ThreadCache(tmp_path)
    cache.put("isso", "/a/", [thread("old")], now=NOW, anonymiser="one")
    cache.save()
    assert cache.get("isso", "/a/", now=NOW, anonymiser="two") is None
    cache.put("isso", "/a/", [thread("new")], now=NOW, anonymiser="two")
    assert cache.get("isso", "/a/", now=NOW, anonymiser="one") is None
    cache.save()
    assert b"old" not in (tmp_path / "threads.db").read_bytes()


def test_a_run_that_breaks_off_changes_nothing(tmp_path: Path) -> None:
    file = saved(tmp_path, thread("kept"))
    before = file.read_bytes()
    cache = ThreadCache(tmp_path)
    cache.put("isso", "/a/", [thread("lost")], now=NOW)
    cache.forget("isso", "/b/")
    assert file.read_bytes() == before
    assert held(tmp_path) == (thread("kept"),)


@pytest.mark.parametrize("content", [b"", b"not a database", b"SQLite format 3\x00" + b"\xff" * 5000])
def test_a_broken_cache_is_ignored_and_made_anew(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "threads.db").write_bytes(content)
    assert held(tmp_path) is None
    saved(tmp_path, thread())
    assert held(tmp_path) == (thread(),)


def test_a_cache_that_lost_its_middle_is_ignored_and_made_anew(tmp_path: Path) -> None:
    file = saved(tmp_path, *(thread("x" * 5000) for _ in range(20)))
    whole = file.read_bytes()
    file.write_bytes(whole[:4096] + bytes(len(whole) - 4096))
    assert held(tmp_path) is None
    saved(tmp_path, thread())
    assert held(tmp_path) == (thread(),)


def test_a_cache_of_another_version_is_made_anew(tmp_path: Path) -> None:
    file = saved(tmp_path, thread())
    with sqlite3.connect(file) as connection:
        connection.execute("PRAGMA user_version=99")
    connection.close()
    assert held(tmp_path) is None
    saved(tmp_path, thread())
    assert held(tmp_path) == (thread(),)


@pytest.mark.parametrize(
    "value", ["", "{", "[1]", '[{"comments": 1}]', "null", '[{"platform": "x", "comments": [{}]}]']
)
def test_a_row_that_is_broken_is_as_if_it_were_not_there(tmp_path: Path, value: str) -> None:
    file = saved(tmp_path, thread())
    with sqlite3.connect(file) as connection:
        connection.execute("UPDATE thread SET threads=?", (value,))
    connection.close()
    assert held(tmp_path) is None


def test_a_place_that_cannot_be_written_does_not_break_the_build(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no directory")
    for place in (tmp_path / "file", tmp_path / "file" / "below"):
        with ThreadCache(place) as cache:
            cache.put("isso", "/a/", [thread()], now=NOW)
            assert cache.get("isso", "/a/", now=NOW)
    assert (tmp_path / "file").read_text() == "no directory"


def test_the_new_directory_keeps_itself_out_of_the_repository(tmp_path: Path) -> None:
    saved(tmp_path / ".cache" / "plugin" / "echo", thread())
    assert (tmp_path / ".cache" / "plugin" / "echo" / ".gitignore").read_text() == "*\n"


def test_a_directory_with_anything_else_in_it_is_left_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "mkdocs.yml").write_text("site_name: a\n")
    saved(tmp_path, thread())
    assert sorted(file.name for file in tmp_path.iterdir()) == ["mkdocs.yml", "threads.db"]


def test_two_builds_at_once_keep_both_their_threads(tmp_path: Path) -> None:
    saved(tmp_path, thread(), key="first")
    gate = threading.Barrier(6)

    def build(n: int) -> None:
        with ThreadCache(tmp_path) as cache:
            cache.put("isso", str(n), [thread(str(n))], now=NOW)
            gate.wait()

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(build, range(6)))
    assert [held(tmp_path, str(n)) for n in range(6)] == [(thread(str(n)),) for n in range(6)]


def test_one_cache_serves_many_threads_of_a_process(tmp_path: Path) -> None:
    saved(tmp_path, thread(), key="shared")
    cache = ThreadCache(tmp_path)

    def use(n: int) -> bool:
        cache.put("isso", str(n), [thread(str(n))], now=NOW)
        return cache.get("isso", "shared", now=NOW) is not None

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(use, range(200)))
    cache.save()
    assert held(tmp_path, "199") == (thread("199"),)


words = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


@given(st.lists(st.tuples(words, words, st.integers(-5, 5)), max_size=4))
def test_every_thread_comes_back_as_it_was_put(
    tmp_path_factory: pytest.TempPathFactory, told: list[tuple[str, str, int]]
) -> None:
    threads = tuple(
        Thread(words_, key=key, reactions=(Reaction(key, count=n),), comments=(Comment(key, text=words_, score=n),))
        for words_, key, n in told
    )
    directory = tmp_path_factory.mktemp("cache")
    saved(directory, *threads)
    assert held(directory) == threads


# -- the ladder


def answer(*ids: str) -> list[RawThread]:
    return [RawThread("isso", tuple(RawComment(i, author=Author("Zed", email="z@mail.example")) for i in ids))]


def failing(error: SourceError) -> list[RawThread]:
    raise error


def test_without_a_cache_the_venue_is_asked_each_time() -> None:
    threads, origin = read_through(None, "isso", "/a/", lambda: answer("1"), DOOR, now=NOW)
    assert (origin, threads[0].comments[0].id, threads[0].fetched_at) == ("network", "1", NOW)
    with pytest.raises(Unreachable):
        read_through(None, "isso", "/a/", lambda: failing(Unreachable("x")), DOOR, now=NOW)


def test_an_error_without_anything_cached_is_raised_as_it_is(tmp_path: Path) -> None:
    error = RateLimited("wait", until=NOW)
    with pytest.raises(RateLimited) as caught:
        read_through(ThreadCache(tmp_path), "isso", "/a/", lambda: failing(error), DOOR, now=NOW)
    assert caught.value is error


def test_an_adapter_that_fails_midway_keeps_the_cache_whole(tmp_path: Path) -> None:
    cache = ThreadCache(tmp_path)
    read_through(cache, "isso", "/a/", lambda: answer("1", "2"), DOOR, now=NOW)

    def half() -> Iterator[RawThread]:
        yield answer("1")[0]
        raise Unreachable("page 2")

    why: list[str] = []
    threads, origin = read_through(
        cache, "isso", "/a/", half, DOOR, now=NOW, refresh=True, on_stale=lambda e: why.append(str(e))
    )
    assert (origin, [c.id for c in threads[0].comments], why) == ("stale", ["1", "2"], ["page 2"])


def test_a_mistake_in_an_adapter_is_not_hidden_by_the_cache(tmp_path: Path) -> None:
    cache = ThreadCache(tmp_path)
    read_through(cache, "isso", "/a/", lambda: answer("1"), DOOR, now=NOW)
    with pytest.raises(ZeroDivisionError):
        read_through(cache, "isso", "/a/", lambda: answer(str(1 // 0)), DOOR, now=NOW, refresh=True)


def test_other_authors_or_another_key_make_the_cache_ask_again(tmp_path: Path) -> None:
    cache = ThreadCache(tmp_path)
    for anonymiser in (DOOR, Anonymiser(b"k", authors=["Zed"]), Anonymiser(b"another")):
        assert read_through(cache, "isso", "/a/", lambda: answer("1"), anonymiser, now=NOW)[1] == "network"
        assert read_through(cache, "isso", "/a/", lambda: answer("1"), anonymiser, now=NOW)[1] == "cache"


def test_the_file_names_nobody(tmp_path: Path) -> None:
    with ThreadCache(tmp_path) as cache:
        read_through(cache, "isso", "/a/", lambda: answer("1"), DOOR, now=NOW)
    written = (tmp_path / "threads.db").read_bytes()
    assert b"isso" in written
    for secret in (b"Zed", b"zed", b"mail.example"):
        assert secret not in written
