"""Records that nobody has a name for: what is taken for comments and what is not, which field is taken for what, and
what a hostile file may not do. The shapes that are read stand in tests/golden/records and tests/golden/staticman."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mkdocs_echo_plugin.errors import ConfigurationError, Unreadable
from mkdocs_echo_plugin.sources import candidates, configured
from mkdocs_echo_plugin.sources.adapters.records import Records
from mkdocs_echo_plugin.sources.anonymise import Anonymiser
from mkdocs_echo_plugin.sources.files import documents, read
from mkdocs_echo_plugin.sources.formats.record_fields import moment
from mkdocs_echo_plugin.sources.raw import Document, RawThread

ADA = {"name": "Ada", "when": "2024-05-01", "message": "Boil it twice."}
BOB = {"name": "Bob", "when": "2024-05-02", "message": "Never."}


def document(value: Any, name: str = "tea.json") -> Document:
    return Document(name, (value if isinstance(value, str) else json.dumps(value)).encode())


def read_json(value: Any, name: str = "tea.json", **options: Any) -> list[RawThread]:
    return list(Records(**options).read(document(value, name)))


def said(threads: list[RawThread]) -> list[tuple[str | None, list[str]]]:
    return [(thread.key, [comment.body for comment in thread.comments]) for thread in threads]


# what is taken for comments

DOUBTFUL: dict[str, Any] = {
    "articles": [{"title": "Tea", "author": "Ada", "date": "2024-05-01", "content": "<p>Boil it.</p>"}],
    "articles with tags": {"posts": [{"title": "Tea", "author": "Ada", "date": "2024-05-01", "body": "x", "tags": []}]},
    "translations": {"title": {"message": "Tea"}, "body": {"message": "Boil it.", "description": "what to do"}},
    "people": [{"name": "Ada", "text": "Baker", "photo": "ada.png"}, {"name": "Bob", "text": "Miller"}],
    "products": [{"name": "Kettle", "text": "Boils", "price": 20, "created": "2024-05-01"}],
    "settings": {"plugins": [{"name": "search", "lang": "en"}], "title": "Tea"},
    "numbers": [1, 2, 3],
    "words": ["boil", "it"],
    "packages": {"packages": [{"name": "tea", "version": "1.0", "time": "2024-05-01T00:00:00Z"}]},
    "an error": {"error": "unauthorized", "data": []},
    "an error of objects": {"errors": [{"message": "Bad credentials", "time": "2024-05-01"}], "comments": []},
    "quiz": [{"id": 1, "text": "Boil it?", "answers": ["yes", "no"]}],
    "a log among much else": {
        "a": [{"x": 1}],
        "b": [{"y": 1}],
        "c": [{"user": "a", "date": "2024-05-01", "message": "in"}],
    },
}


@pytest.mark.parametrize("what", sorted(DOUBTFUL))
def test_what_may_be_something_else_is_not_claimed(what: str) -> None:
    assert candidates(document(DOUBTFUL[what], "data.json")) == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("data.json", [ADA, BOB]),
        ("comments.json", [{"name": "Ada", "text": "Boil it twice."}]),
        ("data.json", {"/tea/": [ADA], "/coffee/": [BOB]}),
        ("data.json", [{"name": "Ada", "text": "Why?", "replies": [{"name": "Bob", "text": "So."}]}]),
        ("data.jsonl", "\n".join(map(json.dumps, (ADA, BOB)))),
        ("data.yml", "- {name: Ada, date: 2024-05-01, comment: Twice.}\n"),
        ("data.toml", '[[tea]]\nname = "Ada"\ndate = "2024-05-01"\ntext = "Twice."\n'),
        ("data.json", []),
        ("data.json", {"comments": [], "count": 0}),
    ],
)
def test_what_is_comments_beyond_doubt_is_claimed(name: str, value: Any) -> None:
    assert candidates(document(value, name)) == ["records"]


def test_a_file_that_another_adapter_knows_is_not_asked_about() -> None:
    disqus = Document("d.xml", b'<?xml version="1.0"?><disqus xmlns="http://disqus.com"></disqus>')
    assert candidates(disqus) == ["disqus_xml"]


def test_a_file_that_is_no_comments_says_how_to_name_the_fields() -> None:
    with pytest.raises(Unreadable, match=r"tea\.json: no records .*`source: \{records: \{fields: \{text"):
        read_json({"a": [{"b": 1}]})


# which field is taken for what


def test_one_line_says_which_field_was_taken_for_what(echo: Callable[..., Any], tmp_path: Path) -> None:
    file = tmp_path / "tea.json"
    file.write_text(json.dumps([{**ADA, "mood": "glad", "ip": "192.0.2.1"}, {**BOB, "replyTo": 1}]))
    ran = echo("threads", file)
    assert ran.err.count("\n") == 1
    assert ran.err.endswith(
        "tea.json: read as comments: text from `message`, author from `name`, date from `when`, parent from `replyTo`; "
        "not used: `mood`.\n"
    )


def test_the_same_line_about_many_files_is_said_once(echo: Callable[..., Any], files: Callable[..., Path]) -> None:
    root = files({f"c/{n}/{part}.yml": "name: Ada\ndate: 2024-05-01\nbody: x\n" for n in range(5) for part in "ab"})
    ran = echo("threads", root / "c")
    assert len(ran.objects) == 5
    assert ran.err.count("\n") == 1
    assert "/c/0: read as comments: text from `body`" in ran.err
    assert "(and 4 more like it)" in ran.err


def test_a_field_is_taken_by_what_stands_in_it_not_by_its_name_alone() -> None:
    records = [{"author": "Ada", "date": "today", "time": 1714521600, "content": "", "comment": "Twice."}] * 2
    (thread,) = read_json(records)
    first = thread.comments[0]
    assert first.body == "Twice."
    assert first.created is not None
    assert first.created.isoformat() == "2024-05-01T00:00:00+00:00"


def test_a_site_may_name_its_own_fields() -> None:
    (thread,) = read_json(
        [{"wer": "Ada", "wann": "2024-05-01", "was": "Twice.", "text": "note"}], fields={"text": "was"}
    )
    assert thread.comments[0].body == "Twice."


def test_a_part_of_a_comment_that_does_not_exist_is_an_error_that_lists_them() -> None:
    with pytest.raises(ConfigurationError, match=r"sources: records: fields: 'wrods' is no part .*Known: text, author"):
        configured("records", {"fields": {"wrods": "x"}})


def test_a_link_is_the_writers_site_where_each_writer_has_one_and_else_the_comments_address() -> None:
    sites = [{**ADA, "url": "https://ada.example/"}, {**BOB, "url": "https://bob.example/"}] * 2
    addresses = [{**ADA, "url": f"https://tea.example/#{n}"} for n in range(4)]
    assert {c.url for c in read_json(sites)[0].comments} == {None}
    assert [c.url for c in read_json(addresses)[0].comments] == [f"https://tea.example/#{n}" for n in range(4)]


def test_a_name_that_is_an_e_mail_address_tells_people_apart_and_is_no_name() -> None:
    (thread,) = read_json([{**ADA, "name": "ada@example.org"}, {**BOB, "name": "bob@example.org"}])
    kept = Anonymiser(b"key").to_thread(thread)
    assert [c.author and (c.author.name, c.author.email) for c in thread.comments] == [
        (None, "ada@example.org"), (None, "bob@example.org"),
    ]  # fmt: skip
    assert len({c.author_key for c in kept.comments} - {None}) == 2
    assert "example.org" not in repr(kept)


def test_a_persons_or_a_machines_address_is_no_id_and_no_page() -> None:
    by_key = {"comments": {"ada@example.org": ADA, "192.0.2.1": BOB}}
    by_field = [{**ADA, "uid": "ada@example.org"}, {**BOB, "uid": "2001:db8::1", "reply_to": "ada@example.org"}]
    in_place = [{**ADA, "page": "ada@example.org"}, {**BOB, "page": "192.0.2.1"}]
    pages = {"ada@example.org": [ADA], "192.0.2.1": [BOB]}
    for value in (by_key, by_field, in_place, pages):
        kept = repr([Anonymiser(b"key").to_thread(thread) for thread in read_json(value)])
        assert not [one for one in ("example.org", "192.0.2", "2001:db8") if one in kept]


def test_a_document_that_counts_more_comments_than_it_holds_is_not_complete() -> None:
    (thread,) = read_json({"total": 44, "comments": [ADA, BOB]})
    assert (thread.complete, thread.truncated_reason) == (False, "the file holds 2 of 44 comments")


@pytest.mark.parametrize(
    ("fields", "state"),
    [
        ({"approved": False}, "pending"), ({"approved": "1"}, "visible"), ({"status": "spam"}, "hidden"),
        ({"status": "hold"}, "pending"), ({"deleted": True}, "deleted"), ({"hidden": ""}, "visible"),
        ({"is_deleted": 0}, "visible"), ({"published": "2024-05-01"}, "visible"), ({"status": "trash"}, "deleted"),
    ],
)  # fmt: skip
def test_what_is_not_shown_is_marked(fields: Mapping[str, Any], state: str) -> None:
    (thread,) = read_json([{**ADA, **fields}])
    assert thread.comments[0].state == state


@pytest.mark.parametrize(
    "value",
    [
        "2024-05-01T12:00:00Z", "2024-05-01 14:00:00 +0200", 1714564800, 1714564800000, "1714564800", 1714564800000000,
        {"$date": "2024-05-01T12:00:00Z"}, {"$date": {"$numberLong": "1714564800000"}}, {"seconds": 1714564800},
        "Wed, 01 May 2024 12:00:00 +0000",
    ],
)  # fmt: skip
def test_a_time_is_read_as_systems_and_databases_write_it(value: Any) -> None:
    found = moment(value)
    assert found is not None
    assert found.isoformat() == "2024-05-01T12:00:00+00:00"


@pytest.mark.parametrize(
    "value", [None, True, 12, -1, 1e300, float("nan"), "soon", {"$date": {"$date": {"$date": 1}}}, []]
)
def test_what_is_no_time_is_none(value: Any) -> None:
    assert moment(value) is None


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("<p>Boil it.</p>\n<p>Twice.</p>", "Boil it.\n\nTwice."),
        ("Boil <em>it</em>.\nTwice &amp; long.", "Boil it.\nTwice & long."),
        ("Put `<p>` before `</p>`,\nas in **this**.", "Put `<p>` before `</p>`,\nas in **this**."),
        ("a < b and b > c", "a < b and b > c"),
        ("Use `<b>` <b>always</b>", "Use `<b>` always"),
    ],
)
def test_markup_is_what_the_words_look_like(body: str, text: str) -> None:
    (thread,) = read_json([{**ADA, "message": body}])
    assert Anonymiser(b"key").to_thread(thread).comments[0].text == text


def test_the_words_are_not_lost_where_a_file_is_said_to_be_wordpress_data() -> None:
    threads = list(
        read(document({"tea": [{"author": "Ada", "date": "2024-05-01", "body": "Twice."}]}), "wordpress_flat")
    )
    assert said(threads) == [("tea", ["Twice."])]


# folders

FORCED = {
    "comments/tea/1.yml": "id: 1\nname: Ada\ndate: 2024-05-01\nmessage: Twice.\n",
    "comments/tea/2.yml": "id: 2\nname: Bob\ndate: 2024-05-02\nmessage: Never.\nreplying_to: 1\n",
    "comments/coffee/1.yml": "id: 1\nverfasser: Cy\ndatum: 2024-05-03\ninhalt: Black.\n",
}


def test_a_source_that_is_named_staticman_makes_a_thread_of_each_folder(files: Callable[..., Path]) -> None:
    root = files(FORCED)
    found = [thread for one in documents(root / "comments", source="staticman") for thread in read(one, "staticman")]
    assert [(t.platform, t.key, len(t.comments)) for t in found] == [
        ("staticman", "coffee", 1),
        ("staticman", "tea", 2),
    ]
    assert found[1].comments[1].parent_id == "1"


def test_a_source_that_is_named_staticman_reads_a_file_that_maps_pages_to_lists(files: Callable[..., Path]) -> None:
    root = files({"comments.yml": "tea:\n- {name: Ada, date: 2024-05-01, message: Twice.}\ncoffee: []\n"})
    found = [thread for one in documents(root, source="staticman") for thread in read(one, "staticman")]
    assert said(found) == [("tea", ["Twice."])]


def test_an_empty_list_in_a_folder_says_nothing_and_harms_nobody(
    echo: Callable[..., Any], files: Callable[..., Path]
) -> None:
    root = files({"c/empty.json": "[]", "c/none.yml": "# no comments yet\n", "c/tea.json": json.dumps([ADA, BOB])})
    ran = echo("threads", root / "c")
    assert (ran.status, len(ran.objects)) == (2, 1)
    assert "empty.json: nothing said yet" in ran.err
    assert "none.yml: no source knows this format" in ran.err


# hostile files


def nested(depth: int) -> str:
    return '[{"author":"a","date":"2024-05-01","text":"t","replies":' * depth + "[]" + "}]" * depth


BOMB = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{chr(98 + n)}: &{chr(98 + n)} [{', '.join(f'*{chr(97 + n)}' for _ in range(9))}]\n" for n in range(8)
)
CIRCLE = "&a\n- {author: Ada, date: 2024-05-01, text: Twice., replies: *a}\n"


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("deep.json", nested(10_000)),
        ("deep-objects.json", '{"a":' * 5_000 + "[]" + "}" * 5_000),
        ("wide.json", json.dumps([[[]]] * 50_000)),
        ("bomb.yml", BOMB),
        ("circle.yml", CIRCLE),
        ("keys.json", json.dumps([{f"k{n}": "x" for n in range(50_000)}])),
        ("same.json", json.dumps([{**ADA, "id": 1, "parent": 1}] * 5_000)),
        ("ring.json", json.dumps([{**ADA, "id": n, "parent": (n + 1) % 3_000} for n in range(3_000)])),
        ("ticks.json", json.dumps([{**ADA, "message": "`" * 90_000 + "<b" * 30_000}])),
    ],
)
def test_a_hostile_file_is_read_or_refused_in_time(name: str, words: str) -> None:
    began = time.process_time()
    hostile = document(words, name)
    candidates(hostile)
    with suppress(Unreadable):
        for thread in Records().read(hostile):
            Anonymiser(b"key").to_thread(thread)
    assert time.process_time() - began < 10


odd = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(("text", "name", "date", "id", "parent",
        "replies", "page", "url", "email", "likes", "status", "x")), inner, max_size=4),
    max_leaves=20,
)  # fmt: skip


@given(odd)
def test_whatever_a_file_holds_it_is_read_or_refused(value: Any) -> None:
    written = document(json.dumps(value))
    assert Records.recognises(written) in (True, False)
    try:
        threads = list(Records().read(written))
    except Unreadable:
        return
    for thread in threads:
        Anonymiser(b"key").to_thread(thread)
