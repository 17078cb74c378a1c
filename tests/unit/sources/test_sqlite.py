"""Databases that nobody vouches for: stored rows are read, nothing is computed, and no more comes out than is in."""

from __future__ import annotations

import sqlite3
import time
from contextlib import closing
from pathlib import Path

import pytest

from mkdocs_echo_plugin.errors import Unreadable
from mkdocs_echo_plugin.sources.files import read
from mkdocs_echo_plugin.sources.formats import sqlite
from mkdocs_echo_plugin.sources.raw import Document

COLUMNS = "tid, id, parent, created, modified, mode, text, author, email, website, likes, dislikes"
THREADS = "CREATE TABLE threads (id INTEGER PRIMARY KEY, uri, title); INSERT INTO threads VALUES (1, '/a/', 'A');"
ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)"


def database(script: str) -> bytes:
    with closing(sqlite3.connect(":memory:")) as base:
        base.executescript(script)
        return bytes(base.serialize())


HOSTILE = {
    "a view without end": f"CREATE TABLE threads_(x); CREATE VIEW threads AS {ENDLESS} SELECT i AS id, i AS uri FROM n;",
    "a view of gigabytes": f"{THREADS} CREATE VIEW comments AS {ENDLESS} "
                           "SELECT 1 tid, i id, hex(zeroblob(4900000)) || i AS text FROM n WHERE i < 5000;",
    "a view that one step computes for hours": f"{THREADS} CREATE VIEW comments AS SELECT 1 tid, 1 id, "
                           "instr(hex(zeroblob(4900000)), hex(zeroblob(2400000)) || '1') AS text;",
    "a computed column": f"{THREADS} CREATE TABLE comments (tid, id, text AS (hex(zeroblob(4900000)) || id));"
                           "INSERT INTO comments VALUES (1, 1), (1, 2);",
    "a virtual table": f"{THREADS} CREATE VIRTUAL TABLE comments USING fts5(tid, id, text);",
}  # fmt: skip


@pytest.mark.parametrize("script", HOSTILE.values(), ids=HOSTILE)
def test_a_database_that_computes_is_refused_at_once(
    script: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SQLITE_TMPDIR", str(tmp_path))
    began = time.process_time()
    with pytest.raises(Unreadable, match=r"^c\.db: not a database of Isso \((no table|table '\w+' has computed)"):
        list(read(Document("c.db", database(script)), "isso_db"))
    assert time.process_time() - began < 1
    assert not list(tmp_path.iterdir())


def test_rows_that_give_more_than_the_file_holds_are_refused() -> None:
    # what a made-up file can say, in which the long texts of all rows begin on the same page
    with closing(sqlite3.connect(":memory:")) as base:
        base.executescript(f"CREATE TABLE comments ({COLUMNS});")
        base.executemany(
            "INSERT INTO comments (tid, id, text) VALUES (1, ?, ?)", [(i, "x" * 60_000) for i in range(50)]
        )
        needs = ("tid", "id", "text")
        assert len(list(sqlite._rows(base, "comments", needs, (), 3_100_000))) == 50
        with pytest.raises(ValueError, match="more in its rows than in the file"):
            list(sqlite._rows(base, "comments", needs, (), 100_000))


def test_a_value_past_the_bound_is_refused() -> None:
    long = f"INSERT INTO comments (tid, id, text) VALUES (1, 1, printf('%.{sqlite.LONGEST_VALUE + 10}c', 'x'));"
    with pytest.raises(Unreadable, match="too big"):
        list(read(Document("c.db", database(f"{THREADS} CREATE TABLE comments ({COLUMNS}); {long}")), "isso_db"))


def test_columns_that_an_older_database_lacks_are_empty() -> None:
    script = f"{THREADS} CREATE TABLE comments (tid, id, text, author); INSERT INTO comments VALUES (1, 2, 'x', 'Ada');"
    (thread,) = read(Document("c.db", database(script)), "isso_db")
    assert [(c.id, c.body, c.author and c.author.name) for c in thread.comments] == [("2", "x", "Ada")]
