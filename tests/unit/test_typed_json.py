"""What our own files hold comes back as what its types say, or not at all."""

from __future__ import annotations

import copy
import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mkdocs_echo_plugin.assess import assess
from mkdocs_echo_plugin.model import Comment, Health, Post, Probabilities, Reaction, Thread
from mkdocs_echo_plugin.serialize import health_to_dict, thread_from_dict, thread_to_dict
from mkdocs_echo_plugin.sources.thread_cache import ThreadCache
from mkdocs_echo_plugin.typed_json import from_record

NOW = datetime(2026, 3, 1, 9, tzinfo=UTC)
POST = Post(path="a.md", title="Tea", description="Tea is good.", text="Tea is good.")
THREAD = Thread(
    "isso",
    source_url="https://talk.example/1",
    page_url="/tea/",
    key="tea",
    fetched_at=NOW,
    reported_count=7,
    open=True,
    reactions=(Reaction("+1", "k1"),),
    comments=(
        Comment("0", author_key="k0", created=NOW, text="Agree: yes", reactions=(Reaction("heart", None, 2),)),
        *(Comment(str(i), "0", author_key=f"k{i}", created=NOW, text="Disagree: no, why?") for i in range(1, 7)),
        Comment("7", author_key="k7", read=Probabilities(0.2, 0.3, 0.5), declared="agree", score=3, state="deleted"),
    ),
)
WRONG = [None, 5, -0.5, "zz", "", [], {}, [{}], [5], {"a": 1}, True, "2026-01-01", [[[]]], "\ud800", 10**400,
         float("nan")]  # fmt: skip


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The path to every value in a JSON document."""
    yield path
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, one in inner:
        yield from places(one, (*path, key))


def altered(document: Any, path: tuple[Any, ...], value: Any) -> Any:
    changed = copy.deepcopy(document)
    if not path:
        return value
    at = changed
    for key in path[:-1]:
        at = at[key]
    at[path[-1]] = value
    return changed


WRITTEN = json.loads(json.dumps(thread_to_dict(THREAD, anonymise=False)))
HEALTH = json.loads(json.dumps(asdict(assess([THREAD], post=POST))))


@pytest.mark.parametrize("path", list(places(WRITTEN)), ids=str)
def test_a_thread_of_which_any_value_was_altered_is_refused_or_can_be_assessed(path: tuple[Any, ...]) -> None:
    for value in WRONG:
        try:
            thread = thread_from_dict(altered(WRITTEN, path, value))
        except (KeyError, TypeError, ValueError):
            continue
        health_to_dict(assess([thread], post=POST))
        json.dumps(thread_to_dict(thread, anonymise=True)).encode()


@pytest.mark.parametrize("path", list(places(HEALTH)), ids=str)
def test_a_health_of_which_any_value_was_altered_is_refused_or_can_be_written(path: tuple[Any, ...]) -> None:
    for value in WRONG:
        try:
            health = from_record(Health, altered(HEALTH, path, value))
        except (KeyError, TypeError, ValueError):
            continue
        json.dumps(health_to_dict(health), allow_nan=False, ensure_ascii=False).encode()


@pytest.mark.parametrize("field", ["text", "id", "kind", "state", "reactions", "parent_exact"])
def test_a_comment_without_a_field_is_refused(field: str) -> None:
    written = copy.deepcopy(WRITTEN)
    del written["comments"][0][field]
    with pytest.raises((KeyError, TypeError)):
        thread_from_dict(written)


def test_every_health_that_is_kept_comes_back_as_it_was() -> None:
    long = "I do not agree with any of it, because coffee keeps people awake at work and tea never did that for me."
    read = tuple(
        Comment(f"r{i}", author_key=f"r{i}", created=NOW, text=f"{long} I have said so {i} times.") for i in range(6)
    )
    asked = tuple(
        Comment(f"q{i}", author_key=f"q{i}", created=NOW, text="What is it that you mean by that?") for i in range(3)
    )
    thread = replace(THREAD, comments=THREAD.comments + read + asked)
    for threads in ([thread], [thread, replace(thread, platform="mastodon")], [], [replace(thread, comments=())]):
        health = assess(threads, post=POST)
        assert from_record(Health, json.loads(json.dumps(asdict(health)))) == health


def test_a_field_of_a_later_version_is_passed_over() -> None:
    assert thread_from_dict({**WRITTEN, "colour": "blue"}) == THREAD


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
                    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=8))  # fmt: skip
def test_any_json_is_refused_with_one_of_three_errors(value: Any) -> None:
    with pytest.raises((KeyError, TypeError, ValueError)):
        from_record(Health, value)


@pytest.mark.parametrize("row", ["[", "null", "5", "{}", "[" * 100_000, "[" * 9_000 + "]" * 9_000, "[5]", "[null]", "",
                                 b"\xff\xfe", '[{"platform": 5}]'])  # fmt: skip
def test_a_row_that_is_no_thread_is_as_good_as_none(tmp_path: Path, row: Any) -> None:
    _alter(tmp_path, "UPDATE thread SET threads=?", row)
    assert ThreadCache(tmp_path).get("isso", "k", now=NOW) is None


@pytest.mark.parametrize("sql", [
    "UPDATE thread SET fetched='x'", "UPDATE thread SET fetched=NULL", "UPDATE thread SET fetched=1e300",
    "UPDATE thread SET fetched=-1e18", "UPDATE thread SET threads=NULL", "ALTER TABLE thread RENAME TO t2",
    "DROP TABLE thread", "UPDATE thread SET etag=X'ff', address='x'", "UPDATE thread SET modified=5, address=X'00'",
])  # fmt: skip
def test_a_cache_that_was_altered_is_passed_over_and_written_anew(tmp_path: Path, sql: str) -> None:
    _alter(tmp_path, sql)
    with ThreadCache(tmp_path) as cache:
        found = cache.get("isso", "k", now=NOW)
        assert found is None or found.validator is None or set(map(type, found.validator.headers.values())) <= {str}
        cache.put("isso", "k", [THREAD], now=NOW)
    again = ThreadCache(tmp_path).get("isso", "k", now=NOW)
    assert again is not None
    assert again.threads == (THREAD,)


def _alter(directory: Path, sql: str, *values: Any) -> None:
    with ThreadCache(directory) as cache:
        cache.put("isso", "k", [THREAD], now=NOW)
    with closing(sqlite3.connect(directory / "threads.db")) as connection:
        connection.execute(sql, values)
        connection.commit()
