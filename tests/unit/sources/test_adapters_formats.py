"""Databases, corpora and snapshots: what the other formats of the adapters hold, and what a hostile one may not do."""

from __future__ import annotations

import json
import sqlite3
import time
from contextlib import closing
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from samples import SAMPLES, waline
from social_samples import SKY

from mkdocs_echo_plugin.errors import Unreadable
from mkdocs_echo_plugin.model import Comment, Thread
from mkdocs_echo_plugin.sources import candidates, named
from mkdocs_echo_plugin.sources.adapters.convokit import thread_to_utterances
from mkdocs_echo_plugin.sources.anonymise import Anonymiser
from mkdocs_echo_plugin.sources.raw import Document, RawThread


def read(name: str, data: bytes, called: str = "x") -> list[RawThread]:
    return list(named(name)().read(Document(called, data)))


# databases


def database(script: str) -> bytes:
    with closing(sqlite3.connect(":memory:")) as base:
        base.executescript(script)
        base.commit()
        return base.serialize()


WALINE = """
    CREATE TABLE wl_Comment (id INTEGER PRIMARY KEY, user_id INTEGER, comment TEXT, insertedAt DATETIME, ip TEXT,
        link TEXT, mail TEXT, nick TEXT, rid INTEGER, pid INTEGER, sticky NUMERIC, status TEXT NOT NULL, "like" INTEGER,
        ua TEXT, url TEXT, createdAt DATETIME, updatedAt DATETIME);
    INSERT INTO wl_Comment (id, comment, insertedAt, mail, nick, pid, status, "like", url, ip) VALUES
        (1, 'Too *sour*', '2026-01-05 12:00:00', 'ada@example.org', 'Ada', NULL, 'approved', 2, '/a/', '192.0.2.1'),
        (2, 'Hm', '2026-01-05 12:01:00', '', 'Bob', 1, 'spam', 0, '/a/', '192.0.2.1'),
        (3, 'Hi', '2026-01-05 12:02:00', NULL, 'Cy', NULL, 'waiting', 0, '/b/', '192.0.2.1');
"""


def test_walines_database_is_recognised_and_read_page_by_page() -> None:
    document = Document("waline.sqlite", database(WALINE))
    assert candidates(document) == ["waline"]
    threads = read("waline", document.data)
    assert [(t.key, [(c.id, c.parent_id, c.state, c.score) for c in t.comments]) for t in threads] == [
        ("/a/", [("1", None, "visible", 2), ("2", "1", "hidden", 0)]),
        ("/b/", [("3", None, "pending", 0)]),
    ]
    assert threads[0].comments[0].created == datetime(2026, 1, 5, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    "script",
    [
        "CREATE TABLE comments (tid, id, parent, created, modified, mode, text, author, email, website, likes, dislikes);"
        "CREATE VIEW threads AS WITH RECURSIVE n(id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM n)"
        " SELECT id, id AS uri, id AS title FROM n;",
        "CREATE TABLE threads (id, uri, title);",
        "CREATE TABLE threads (id, uri, title); CREATE TABLE comments (id);",
    ],
    ids=["a view without end", "no comments", "other columns"],
)
def test_a_database_of_another_kind_is_refused_in_time(script: str) -> None:
    began = time.process_time()
    with pytest.raises(Unreadable, match="not a database of Isso"):
        read("isso_db", database(script))
    assert time.process_time() - began < 5


def test_a_database_with_a_write_ahead_log_is_read_as_it_was_last_merged() -> None:
    data = SAMPLES["isso_db"].data
    (thread, _) = read("isso_db", data[:18] + b"\x02\x02" + data[20:])
    assert len(thread.comments) == 4


def test_no_address_of_a_machine_comes_out_of_a_database() -> None:
    for name, data in (("isso_db", SAMPLES["isso_db"].data), ("waline", database(WALINE))):
        assert "192.0.2" not in repr(read(name, data))


# Bluesky's snapshots


def test_a_snapshot_of_the_appviews_tests_is_a_thread_for_each_export() -> None:
    loose = json.dumps(SKY["thread"], indent=2).replace("]\n", "],\n").replace('"\n', '",\n')
    body = f"// Vitest Snapshot v1\n\nexports[`views > deep 1`] = `\n{loose}\n`;\n\nexports[`v2 1`] = `\n{{\n}}\n`;\n"
    document = Document("thread.test.ts.snap", body.encode())
    assert candidates(document) == ["bluesky"]
    assert [len(t.comments) for t in read("bluesky", document.data)] == [4]


# ConvoKit, in and out

comments = st.lists(
    st.builds(
        Comment,
        id=st.integers(0, 9).map(str),
        parent_id=st.none() | st.integers(0, 9).map(str),
        author_key=st.none() | st.sampled_from(["a", "b"]),
        created=st.none() | st.integers(1, 2_000_000_000).map(lambda n: datetime.fromtimestamp(n, UTC)),
        text=st.sampled_from(["No", "Why?", "> No\nSo", "naïve ☕"]),
        state=st.sampled_from(["visible", "hidden", "pending"]),
        score=st.none() | st.integers(-5, 5),
    ),
    max_size=6,
    unique_by=lambda c: c.id,
).map(tuple)


@given(comments)
@settings(max_examples=60, deadline=None)
def test_a_thread_written_as_a_corpus_is_read_back_as_it_was(written: tuple[Comment, ...]) -> None:
    thread = Thread(
        platform="giscus", key="blog/bread/", title="Bread", page_url="https://b.example/x/", comments=written
    )
    data = "\n".join(json.dumps(one) for one in thread_to_utterances(thread)).encode()
    (raw,) = read("convokit", data)
    back = Anonymiser(b"key").to_thread(raw)
    assert (back.platform, back.key, back.title, back.page_url) == ("giscus", thread.key, "Bread", thread.page_url)
    ids = {c.id for c in written}
    assert [(c.id, c.parent_id, c.created, c.text, c.state, c.score) for c in back.comments] == [
        (c.id, c.parent_id if c.parent_id in ids else None, c.created, c.text, c.state, c.score) for c in written
    ]


def test_a_corpus_names_nobody_and_has_one_root() -> None:
    said = (Comment("1", author_key="secret-hash"), Comment("2"), Comment("3", parent_id="1", author_key="secret-hash"))
    out = thread_to_utterances(Thread(platform="isso", key="/x/", comments=said))
    assert [one["speaker"] for one in out] == ["post", "v1", "v2", "v1"]
    assert [one["id"] for one in out if one["reply-to"] is None] == [out[0]["conversation_id"]]
    assert "secret" not in json.dumps(out)


# bounds


def test_a_deep_answer_of_millions_of_values_is_refused_in_time() -> None:
    data = b'{"children":' + b"[" * 100_000 + b"[]," * 1_000_000
    began = time.process_time()
    with pytest.raises(Unreadable, match=r"more than 600,000 values, nested too deeply"):
        read("hackernews", data)
    assert time.process_time() - began < 8


def test_waline_replies_keep_the_parent_that_the_nesting_hides() -> None:
    deep = waline(1, "Ada", "a", None, children=[waline(n, "Bob", "b", n - 1) for n in (2, 3, 4)])
    answer = {"errno": 0, "errmsg": "", "data": {"page": 1, "totalPages": 1, "count": 4, "data": [deep]}}
    (thread,) = read("waline", json.dumps(answer).encode())
    assert [c.parent_id for c in thread.comments] == [None, "1", "2", "3"]
