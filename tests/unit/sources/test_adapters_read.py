"""What each adapter makes of its system's own shape: who answers whom, what is gone, what is missing."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from samples import OTHER_SHAPES, SAMPLES

from mkdocs_echo_plugin.errors import NoThread, Unreadable
from mkdocs_echo_plugin.sources import named
from mkdocs_echo_plugin.sources.raw import Document, RawThread

NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)


def read(name: str, document: Document | None = None) -> list[RawThread]:
    return list(named(name)().read(document or SAMPLES[name]))


TREES: dict[str, list[list[tuple[str, str | None, str]]]] = {
    "giscus": [
        [("A", None, "visible"), ("B", "A", "visible"), ("C", "A", "visible"), ("D", None, "deleted"),
         ("E", None, "hidden"), ("F", None, "visible")],
    ],
    "github_issues": [[("1", None, "visible"), ("2", None, "visible")]],
    "mastodon": [
        [("101", None, "visible"), ("102", "101", "visible"), ("103", None, "hidden"), ("104", None, "visible")],
    ],
    "bluesky": [
        [("at://did:plc:b/app.bsky.feed.post/1", None, "visible"),
         ("at://did:plc:a/app.bsky.feed.post/2", "at://did:plc:b/app.bsky.feed.post/1", "visible"),
         ("at://did:plc:c/app.bsky.feed.post/3", None, "deleted"),
         ("at://did:plc:d/app.bsky.feed.post/4", None, "hidden")],
    ],
    "hackernews": [[("2", None, "visible"), ("3", "2", "visible"), ("4", None, "deleted")]],
    "waline": [[("1", None, "visible"), ("3", "2", "visible"), ("2", "1", "visible"), ("4", None, "pending")]],
    "remark42": [[("a", None, "visible"), ("b", "a", "deleted"), ("c", "b", "visible")]],
    "staticman": [
        [("u1", None, "visible"), ("u2", "u1", "visible"), ("u3", "u1", "visible"), ("u4", "u3", "visible"),
         ("u5", "u4", "visible"), ("u6", "gone", "visible")],
    ],
    "webmention": [[(str(n), None, "visible") for n in range(1, 6)]],
    "discourse": [
        [("1", None, "visible"), ("2", "1", "visible"), ("3", "2", "visible"), ("4", None, "deleted"),
         ("5", None, "hidden")],
    ],
    "reddit": [
        [("a", None, "visible"), ("b", "a", "visible"), ("c", None, "deleted"), ("d", None, "hidden"),
         ("e", None, "visible")],
    ],
    "convokit": [[("u1", None, "visible"), ("u2", "u1", "visible")], [("u3", None, "deleted")]],
    "wordpress_flat": [
        [("1", None, "visible"), ("2", "1", "visible"), ("3", "2", "visible"), ("4", "3", "visible"),
         ("5", "4", "visible"), ("6", "4", "visible"), ("7", "1", "visible"), ("8", None, "visible")],
    ],
    "commento": [[("c1", None, "visible"), ("c2", "c1", "pending")], [("c3", None, "deleted")]],
    "isso_db": [
        [("1", None, "visible"), ("2", "1", "visible"), ("3", "1", "pending"), ("4", None, "deleted")], [],
    ],
    "isso_json": [[("0-1", None, "visible"), ("0-2", None, "visible")]],
    "disqus": [[("11", None, "visible"), ("12", "11", "deleted")]],
    "twikoo": [[("t1", None, "visible"), ("t2", "t1", "visible"), ("t3", "t2", "visible")]],
    "artalk": [[("1", None, "visible"), ("2", "1", "visible"), ("3", "2", "pending")]],
    "cusdis": [[("k1", None, "visible"), ("k2", "k1", "visible")]],
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(TREES))
def test_every_comment_is_in_the_list_with_its_parent_and_state(name: str) -> None:
    found = [[(c.id, c.parent_id, c.state) for c in thread.comments] for thread in read(name)]
    assert found == TREES[name]


def test_every_sample_has_its_expected_tree() -> None:
    assert set(TREES) == set(SAMPLES)


@pytest.mark.parametrize("name", sorted(set(SAMPLES) - {"github_issues", "staticman", "wordpress_flat", "convokit"}))
def test_the_first_comment_has_text_and_a_time_in_utc(name: str) -> None:
    first = read(name)[0].comments[0]
    assert first.body
    assert first.created is not None
    assert first.created.replace(microsecond=0) == NOON


@pytest.mark.parametrize(
    ("name", "complete"),
    [("giscus", True), ("mastodon", True), ("bluesky", False), ("waline", True), ("remark42", True),
     ("discourse", True),
     ("reddit", False), ("cusdis", False), ("artalk", True), ("twikoo", True), ("disqus", True)],
)  # fmt: skip
def test_a_thread_with_comments_missing_says_why(name: str, complete: bool) -> None:
    thread = read(name)[0]
    assert (thread.complete, thread.truncated_reason is None) == (complete, complete)


@pytest.mark.parametrize(
    ("name", "roles"),
    [
        ("giscus", ["user", "user", "owner", None, "user", "bot"]),
        ("github_issues", ["member", "member"]),
        ("mastodon", ["user", "author", "user", "bot"]),
        ("bluesky", ["user", "author", None, None]),
        ("hackernews", ["user", "author", None]),
        ("discourse", ["author", "user", "member", "user", "user"]),
        ("reddit", ["user", "author", None, "user", "bot"]),
        ("twikoo", ["user", "user", "owner"]),
        ("artalk", ["user", "owner", "user"]),
        ("cusdis", ["user", "owner"]),
    ],
)
def test_roles_are_those_that_the_venue_gives(name: str, roles: list[str | None]) -> None:
    assert [c.author.role if c.author else None for c in read(name)[0].comments] == roles


@pytest.mark.parametrize(("title", "role"), [("Ask HN: Tea?", "author"), ("Show HN: Tea", "author"),
                                             ("Tell HN: Tea", "author"), ("Tea", "user")])  # fmt: skip
def test_who_submits_to_hacker_news_is_the_author_where_the_words_are_theirs(title: str, role: str) -> None:
    comment = {"id": 2, "author": "ada", "text": "Green.", "created_at_i": 1, "parent_id": 1, "children": []}
    item = {"id": 1, "author": "ada", "title": title, "created_at_i": 0, "parent_id": None, "children": [comment]}
    (thread,) = read("hackernews", Document("item.json", json.dumps(item).encode()))
    assert thread.comments[0].author is not None
    assert thread.comments[0].author.role == role


@pytest.mark.parametrize(
    ("name", "not_exact"),
    [("giscus", ["C"]), ("staticman", ["u3"]), ("wordpress_flat", ["6"]), ("isso_db", ["2", "3"]), ("remark42", []),
     ("waline", []), ("isso_json", ["0-1", "0-2"])],
)  # fmt: skip
def test_a_parent_is_not_exact_where_the_system_flattens_replies(name: str, not_exact: list[str]) -> None:
    assert [c.id for c in read(name)[0].comments if not c.parent_exact] == not_exact


def test_reactions_on_github_name_their_givers_and_count_the_rest() -> None:
    thread = read("giscus")[0]
    assert [(r.content, r.author and r.author.id, r.count) for r in thread.reactions] == [
        ("+1", "ada", 1),
        ("+1", None, 2),
    ]


def test_a_list_of_rest_comments_keeps_counted_reactions() -> None:
    assert [(r.content, r.count) for r in read("github_issues")[0].comments[0].reactions] == [("+1", 2)]


def test_likes_and_dislikes_in_issos_database_are_counted_apart() -> None:
    assert [(r.content, r.count) for r in read("isso_db")[0].comments[0].reactions] == [("+1", 3), ("-1", 1)]


def test_webmentions_keep_likes_reposts_and_mentions_apart() -> None:
    assert [c.kind for c in read("webmention")[0].comments] == ["comment", "like", "repost", "mention", "mention"]


def test_webmentions_of_one_page_with_and_without_a_slash_are_one_thread() -> None:
    assert [thread.page_url for thread in read("webmention")] == ["https://b.example/x"]


def test_a_webmention_without_a_date_has_the_day_it_was_received() -> None:
    assert [c.created for c in read("webmention")[0].comments[:2]] == [NOON, datetime(2026, 1, 6, tzinfo=UTC)]


@pytest.mark.parametrize("name", sorted(set(SAMPLES) - {"staticman"}))
def test_nobody_can_reply_to_a_saved_answer(name: str) -> None:
    assert not any(thread.open for thread in read(name))


def test_a_folder_of_staticman_files_is_named_by_the_folder_and_its_page() -> None:
    (thread,) = read("staticman")
    assert (thread.key, thread.page_url) == ("bread", "/blog/bread/")


def test_staticman_dates_are_iso_or_seconds_or_milliseconds() -> None:
    minutes = [c.created and (c.created - NOON).total_seconds() // 60 for c in read("staticman")[0].comments[:4]]
    assert minutes == [0, 1, 2, 3]


@pytest.mark.parametrize(("name", "score"), [("reddit", 5), ("twikoo", 2), ("artalk", 2), ("discourse", 4)])
def test_scores_are_ups_less_downs(name: str, score: int) -> None:
    assert read(name)[0].comments[0].score == score


@pytest.mark.parametrize(
    ("what", "sizes"),
    [("a GitHub issue of the command line", [1]), ("a Remark42 tree", [3]), ("a Remark42 backup", [3]),
     ("Waline's recent comments", [1, 1]), ("Comentario's export", [2]), ("microformats", [2]),
     ("a Mastodon status", [0])],
)  # fmt: skip
def test_other_shapes_of_a_system_are_read_too(what: str, sizes: list[int]) -> None:
    name, document = OTHER_SHAPES[what]
    assert [len(thread.comments) for thread in read(name, document)] == sizes


def test_a_remark42_backup_knows_which_pages_are_closed() -> None:
    name, document = OTHER_SHAPES["a Remark42 backup"]
    assert [(thread.locked, thread.open) for thread in read(name, document)] == [(True, False)]


def test_the_replies_under_a_remark42_tree_keep_their_parents() -> None:
    name, document = OTHER_SHAPES["a Remark42 tree"]
    assert [c.parent_id for c in read(name, document)[0].comments] == [None, "a", "b"]


def test_a_guest_of_comentario_has_a_name_and_no_id() -> None:
    name, document = OTHER_SHAPES["Comentario's export"]
    author = read(name, document)[0].comments[1].author
    assert author is not None
    assert (author.name, author.id) == ("Guest Bob", None)


def test_a_bluesky_post_that_is_gone_is_no_thread() -> None:
    name, document = OTHER_SHAPES["a Bluesky post that is gone"]
    with pytest.raises(NoThread, match="no such post"):
        read(name, document)


def test_a_chain_of_ten_thousand_replies_is_read_from_a_nested_answer() -> None:
    opened = "".join(f'{{"id": {n}, "text": "a", "author": "a", "children": [' for n in range(10_000))
    (thread,) = read("hackernews", Document("deep.json", (opened + "]}" * 10_000).encode()))
    assert len(thread.comments) == 9_999
    assert thread.comments[-1].parent_id == "9998"


def test_broken_json_is_named_with_its_file_line_and_what_to_do() -> None:
    with pytest.raises(Unreadable, match=r"x\.json: line 2 is not valid JSON .*Export it from Reddit again"):
        read("reddit", Document("x.json", b'[{"kind": "Listing",\n oops}]'))


def test_a_file_that_only_says_that_it_is_a_database_is_unreadable() -> None:
    head = b"SQLite format 3\x00" + b"CREATE TABLE threads CREATE TABLE comments" + bytes(1000)
    with pytest.raises(Unreadable, match=r"comments\.db: not a database of Isso"):
        read("isso_db", Document("comments.db", head))


def test_reading_a_database_leaves_the_file_as_it_was() -> None:
    before = SAMPLES["isso_db"].data
    read("isso_db")
    assert SAMPLES["isso_db"].data == before


@pytest.mark.parametrize("moment", ["\u00b2", "1\u00b2", "\u0663", "1.2.3", ".", "9" * 400, "NaN", "1e5"])
def test_a_convokit_time_in_odd_digits_is_no_time(moment: str) -> None:
    row = {"id": "1", "conversation_id": "1", "speaker": "ada", "reply-to": None, "timestamp": moment, "text": "Tea."}
    document = Document("utterances.jsonl", json.dumps(row).encode())
    (thread,) = named("convokit")().read(document)
    assert [comment.created for comment in thread.comments] in ([], [None])
