"""The anonymiser: who is who, what is kept of a comment, and what never gets through."""

from __future__ import annotations

import hashlib
import json
import time
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mkdocs_echo_plugin.limits import MAX_COMMENT_CHARACTERS, MAX_COMMENTS
from mkdocs_echo_plugin.model import Comment, Thread
from mkdocs_echo_plugin.serialize import thread_from_dict, thread_to_dict
from mkdocs_echo_plugin.sources.anonymise import Anonymiser, clean, link, site_key
from mkdocs_echo_plugin.sources.raw import Author, RawComment, RawReaction, RawThread

DOOR = Anonymiser(b"a key for tests", authors=["ada", "Grace Hopper"])


def md5(text: str) -> str:
    return hashlib.md5(text.encode()).hexdigest()


def said(author: Author | None = None, body: str = "Hello", id: str = "1", **fields: Any) -> RawComment:
    return RawComment(id, body, markup=fields.pop("markup", "text"), author=author, **fields)


def to_thread(
    *comments: RawComment, anonymiser: Anonymiser = DOOR, platform: str = "isso", **fields: Any
) -> tuple[Comment, ...]:
    return anonymiser.to_thread(RawThread(platform, comments, **fields)).comments


def key(author: Author | None, **fields: Any) -> str | None:
    return to_thread(said(author), **fields)[0].author_key


# -- who is who


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (Author(name="Ada", id="17"), Author(name="Ada Lovelace", id="17", email="a@b.example")),
        (Author(name="Ada", email=" Ada@B.example "), Author(name="A. L.", email="ada@b.example")),
        (Author(name="Ada", email="ada@b.example"), Author(email_hash=md5("ada@b.example").upper())),
        (Author(name="Ada", email_hash="abc1"), Author(name="Somebody", email_hash=" ABC1")),
        (Author(name="Zoe\u0301"), Author(name="  ZO\u00c9 ")),
        (Author(name="Ada", website="https://ada.example/"), Author(name="ada", website="http://ada.example")),
        (Author(name="Ada", id="0"), Author(name="Ada")),
    ],
)  # fmt: skip
def test_one_person_under_two_spellings_is_one_voice(one: Author, other: Author) -> None:
    assert key(one) == key(other) is not None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (Author(name="Ada", id="17"), Author(name="Ada", id="18")),
        (Author(name="Ada", id="17"), Author(name="Ada")),
        (Author(name="Ada", id="x"), Author(name="x")),
        (Author(name="Ada", email="a@b.example"), Author(name="Ada", email="c@b.example")),
        (Author(name="Ada", website="https://ada.example"), Author(name="Ada", website="https://other.example")),
        (Author(name="a", website="https://b"), Author(name="a b")),
        (Author(name="Ada", website="one.example"), Author(name="Ada", website="two.example")),
        (Author(name="x" * 100 + "1"), Author(name="x" * 100 + "2")),
    ],
)
def test_two_people_who_share_something_are_two_voices(one: Author, other: Author) -> None:
    assert key(one) != key(other)


@pytest.mark.parametrize("name", [
    None, "", "  ", "Guest", "ANONYMOUS", "anonymous user", "A guest", "Anonym", "Gast", "Invité", "Invite\u0301",
    "Anónimo", "Anônimo", "Ospite", "匿名", "ゲスト", "Гость", "[deleted]", "???", "\u202e\x00",
])  # fmt: skip
def test_a_name_that_names_nobody_makes_no_author(name: str | None) -> None:
    assert key(Author(name=name)) is None


@pytest.mark.parametrize("empty", ["", "d41d8cd98f00b204e9800998ecf8427e", hashlib.sha256(b"").hexdigest()])
def test_the_hash_of_an_empty_e_mail_field_is_not_one_person_for_all_guests(empty: str) -> None:
    assert key(Author(name="Guest", email_hash=empty)) is None


def test_a_guest_with_an_e_mail_is_somebody() -> None:
    assert key(Author(name="Guest", email="g@b.example")) is not None


def test_a_comment_without_author_has_no_key() -> None:
    assert key(None) is None


def test_an_author_is_known_again_within_a_venue_and_not_beyond_it() -> None:
    author = Author(name="Ada", id="1")
    home = key(author, platform="wordpress", source_url="https://www.one.example/a")
    assert home == key(author, platform="wordpress", source_url="https://one.example/b")
    assert home != key(author, platform="wordpress", source_url="https://two.example/a")
    assert home != key(author, platform="disqus", source_url="https://one.example/a")


def test_another_site_key_gives_other_hashes() -> None:
    hashes = {key(Author(name="Ada"), anonymiser=Anonymiser(secret)) for secret in (b"one", b"two")}
    assert len(hashes) == 2
    assert all(len(h or "") == 32 for h in hashes)


def test_the_site_key_comes_from_the_environment_else_from_the_address(monkeypatch: pytest.MonkeyPatch) -> None:
    assert site_key("https://a.example/") == hashlib.sha256(b"echohttps://a.example/").digest()
    assert site_key(None) == hashlib.sha256(b"echo").digest()
    monkeypatch.setenv("ECHO_KEY", "mine")
    assert site_key("https://a.example/") == site_key("https://b.example/") == b"mine"


def test_the_digest_changes_with_the_key_and_the_authors_but_not_with_their_order() -> None:
    assert Anonymiser(b"k", authors=["a", "b"]).digest == Anonymiser(b"k", authors=["B", "a"]).digest
    assert len({Anonymiser(b"k").digest, Anonymiser(b"l").digest, Anonymiser(b"k", authors=["a"]).digest}) == 3


@pytest.mark.parametrize("author", [
    Author(name="Somebody", id="ADA"), Author(name="grace  hopper"), Author(name="Zed", role="author"),
    Author(name="Ada"),
])  # fmt: skip
def test_who_wrote_the_post_is_known_by_login_by_name_and_by_the_venue(author: Author) -> None:
    assert to_thread(said(author))[0].author_role == "author"


def test_a_login_may_be_written_with_its_at_sign() -> None:
    assert (
        to_thread(said(Author(id="grace")), anonymiser=Anonymiser(b"", authors=["@Grace"]))[0].author_role == "author"
    )


@pytest.mark.parametrize(
    "author", [Author(name="dependabot[bot]"), Author(id="x[BOT]"), Author(name="ada", role="bot")]
)
def test_a_program_is_a_bot_even_under_the_author_s_name(author: Author) -> None:
    assert to_thread(said(author))[0].author_role == "bot"


def test_other_roles_are_the_venue_s() -> None:
    assert to_thread(said(Author(name="Zed", role="member")))[0].author_role == "member"


# -- what never gets through

SECRETS = {
    "name": "Wilhelmina Featherstonehaugh",
    "id": "login-77712",
    "website": "https://featherstone.example",
    "email": "w.feather@mail.example",
    "email_hash": "5f4dcc3b5aa765d61d8327deb882cf99",
}


@pytest.mark.parametrize("left_out", [(), ("id",), ("id", "email"), ("id", "email", "email_hash")])
def test_nothing_of_a_person_gets_through(left_out: tuple[str, ...]) -> None:
    known = {field: value for field, value in SECRETS.items() if field not in left_out}
    person = Author(**known)
    thread = DOOR.to_thread(
        RawThread(
            "disqus",
            (
                said(person, reactions=(RawReaction("+1", person),)),
                said(Author(name="Zed"), "Yes", id="2", parent_id="1"),
                said(person, f'<img src="https://g.example/{SECRETS["email_hash"]}">So', id="3", markup="html"),
            ),
            reactions=(RawReaction("heart", person),),
            source_url="https://w.feather@mail.example:secret@venue.example/",
        )
    )  # fmt: skip
    written = (repr(thread) + json.dumps(thread_to_dict(thread, anonymise=False), ensure_ascii=False)).casefold()
    for secret in (*SECRETS.values(), "g.example", "secret@", md5(SECRETS["email"])):
        assert secret.casefold() not in written
    assert thread.comments[0].author_key == thread.comments[0].reactions[0].author_key == thread.reactions[0].author_key


def test_a_deleted_comment_keeps_its_place_and_loses_its_words_and_its_author() -> None:
    first, reply = to_thread(said(Author(name="Ada"), "regretted", state="deleted"), said(id="2", parent_id="1"))
    assert (first.text, first.author_key, first.state) == ("", None, "deleted")
    assert reply.parent_id == first.id


# -- what is kept of a comment


@pytest.mark.parametrize(
    ("dirty", "kept"),
    [
        ("a\x00b\x08c\x1b[31md\x7fe\x85f", "abc[31mdef"),
        ("safe \u202etxt.exe\u202c \u2066x\u2069", "safe txt.exe x"),
        ("one\r\ntwo\rthree\u2028four\tfive", "one\ntwo\nthree\nfour\tfive"),
        ("half a pair \ud83d!", "half a pair \ufffd!"),
        (
            "  family \U0001f468\u200d\U0001f469\u200d\U0001f467 stays ",
            "family \U0001f468\u200d\U0001f469\u200d\U0001f467 stays",
        ),
    ],
)
def test_characters_that_control_or_deceive_are_taken_out(dirty: str, kept: str) -> None:
    assert clean(dirty) == kept


def test_html_becomes_text_and_other_markup_stays() -> None:
    html, markdown = to_thread(
        said(body="<p>1 &lt; 2 <script>alert(1)</script><b>so</b></p>", markup="html"),
        said(body="> quoted\n\n**so** <script>", markup="markdown", id="2"),
    )
    assert html.text == "1 < 2 so"
    assert markdown.text == "> quoted\n\n**so** <script>"


@pytest.mark.parametrize("markup", ["html", "text"])
def test_a_comment_of_five_megabytes_is_cut_in_time(markup: str) -> None:
    began = time.perf_counter()
    (comment,) = to_thread(said(body="<b>x</b> " * 600_000, markup=markup))
    assert len(comment.text) <= MAX_COMMENT_CHARACTERS
    assert time.perf_counter() - began < 2


def test_more_comments_than_the_bound_are_cut_and_said() -> None:
    raw = RawThread("isso", tuple(said(id=str(n)) for n in range(MAX_COMMENTS + 5)))
    thread = DOOR.to_thread(raw)
    assert len(thread.comments) == MAX_COMMENTS
    assert not thread.complete
    assert thread.truncated_reason == "only the first 100,000 of 100,005 comments were kept"


@pytest.mark.parametrize("url", [
    "javascript:alert(1)", "data:text/html,x", "/relative", "//host/x", "https://user:pw@h.example/", "https:///x",
    "https://a b", "https://h.example/\x00", "https://[::1", "HTTPS://", "h" * 3000, "", None,
])  # fmt: skip
def test_an_address_that_is_not_plain_http_is_dropped(url: str | None) -> None:
    assert to_thread(said(url=url))[0].url is None


def test_an_http_address_is_kept() -> None:
    assert link(" https://h.example/a?b=c#comment-1 ") == "https://h.example/a?b=c#comment-1"


@pytest.mark.parametrize(
    ("told", "kept"),
    [
        (datetime(2024, 5, 1, 12), datetime(2024, 5, 1, 12, tzinfo=UTC)),
        (datetime(2024, 5, 1, 12, tzinfo=timezone(timedelta(hours=2))), datetime(2024, 5, 1, 10, tzinfo=UTC)),
        (datetime.min.replace(tzinfo=timezone(timedelta(hours=2))), None),
    ],
)
def test_times_are_utc(told: datetime, kept: datetime | None) -> None:
    assert to_thread(said(created=told, edited=told))[0].created == kept


def test_a_comment_with_a_parent_is_a_reply_unless_the_venue_says_more() -> None:
    found = to_thread(
        said(), said(id="2", parent_id="1"), said(id="3", parent_id="1", kind="pingback"), said(id="4", parent_id="")
    )
    assert [c.kind for c in found] == ["comment", "reply", "pingback", "comment"]


def test_ids_become_unique_and_a_reply_keeps_the_first_that_had_its_parent_s() -> None:
    found = to_thread(
        *(
            said(id=i, parent_id=p)
            for i, p in [("5", None), ("5", None), ("5~2", None), ("", None), ("", "5"), ("9" * 300, "5")]
        )
    )
    assert [c.id for c in found][:5] == ["5", "5~3", "5~2", "~1", "~2"]
    assert [c.parent_id for c in found] == [None, None, None, None, "5", "5"]
    assert len({c.id for c in found}) == 6


def test_the_root_is_the_top_of_the_branch_and_a_circle_has_none() -> None:
    edges = {"a": None, "b": "a", "c": "b", "d": "missing", "e": "d", "x": "y", "y": "x", "z": "x", "s": "s"}
    found = to_thread(*(said(id=i, parent_id=p) for i, p in reversed(edges.items())))
    assert {c.id: c.root_id for c in found} == dict.fromkeys("xyzs") | dict.fromkeys("abc", "a") | {"d": "d", "e": "d"}
    assert {c.id: c.parent_id for c in found} == edges


def test_a_chain_of_ten_thousand_replies_is_read_in_time() -> None:
    began = time.perf_counter()
    found = to_thread(
        *(
            said(Author(name=f"n{n % 500}"), "@n3 yes", id=str(n), parent_id=str(n - 1) if n else None)
            for n in range(10_000)
        )
    )
    assert {c.root_id for c in found} == {"0"}
    assert time.perf_counter() - began < 3


# -- whom the first line calls


@pytest.mark.parametrize(
    ("line", "called"),
    [
        ("@Ada that is so", "ada"),
        ("@ada: that is so", "ada"),
        ("Ada: that is so", "ada"),
        ("Ada, that is so", "ada"),
        ("[Ada](https://x.example/ada) that is so", "ada"),
        ("[@ada](https://x.example) so", "ada"),
        ("\n> Ada wrote\n\nADA, no", "ada"),
        ("@Ada Byron I mean", "ada byron"),
        ("Ada Byron: I mean", "ada byron"),
        ("@zoé, salut", "zoé"),
        ("@Adam who is not here", None),
        ("Ada that is no call", None),
        ("I think, @Ada, so", "ada"),
        ("in the second line\n@Ada", "ada"),
        ("@Guest hello", None),
        ("@Twin hello", None),
        ("@me hello", None),
        ("", None),
        ("@", None),
    ],
)
def test_the_first_lines_call_a_participant(line: str, called: str | None) -> None:
    people = [
        Author(name="Ada"), Author(name="Ada Byron"), Author(name="Zoe\u0301"), Author(name="Guest"),
        Author(name="Twin", id="t1"), Author(name="Twin", id="t2"),
    ]  # fmt: skip
    found = to_thread(*(said(p, id=str(n)) for n, p in enumerate(people)), said(Author(name="me"), line, id="last"))
    by_key = {c.author_key: (p.name or "").casefold() for c, p in zip(found, people, strict=False) if c.author_key}
    assert (by_key.get(found[-1].addressed) if found[-1].addressed else None) == (
        called and {"zoé": "zoe\u0301"}.get(called, called)
    )


def test_a_login_is_a_name_too() -> None:
    found = to_thread(said(Author(name="Ada Byron", id="adab")), said(Author(name="Zed"), "@adab: yes", id="2"))
    assert found[1].addressed == found[0].author_key


# -- laws

names = st.none() | st.sampled_from(["Ada", "ada", "Guest", "Zoé"]) | st.text(max_size=12)
authors = st.none() | st.builds(
    Author, name=names, id=st.none() | st.sampled_from(["1", "2", ""]), email=names, email_hash=names
)
comments = st.builds(
    RawComment,
    id=st.text(max_size=3) | st.sampled_from("abc"),
    body=st.text(max_size=80),
    markup=st.sampled_from(["html", "markdown", "text"]),
    author=authors,
    parent_id=st.none() | st.sampled_from("abcd"),
    url=st.none() | st.text(max_size=20),
    created=st.none() | st.datetimes(timezones=st.sampled_from([None, UTC])),
    reactions=st.lists(st.builds(RawReaction, st.text(max_size=5), authors, st.integers()), max_size=2).map(tuple),
    state=st.sampled_from(["visible", "deleted", "hidden", "pending"]),
)


@given(st.lists(comments, max_size=8), st.text(max_size=8), st.none() | st.text(max_size=30))
def test_whatever_a_venue_tells_comes_out_bounded_writable_and_without_control(
    told: list[RawComment], title: str, where: str | None
) -> None:
    thread = DOOR.to_thread(RawThread("isso", tuple(told), title=title, key=title, source_url=where, page_url=where))
    text = json.dumps(thread_to_dict(thread, anonymise=False), ensure_ascii=False).encode()
    assert thread_from_dict(json.loads(text)) == thread
    assert len(thread.comments) == len(told)
    ids = [c.id for c in thread.comments]
    assert len(set(ids)) == len(ids)
    assert all(c.root_id is None or c.root_id in ids for c in thread.comments)
    assert all(clean(c.text) == c.text for c in thread.comments)


@given(st.lists(comments, max_size=6))
def test_the_door_says_the_same_of_the_same(told: list[RawComment]) -> None:
    def through() -> Thread:
        return Anonymiser(b"k", authors=["Ada"]).to_thread(RawThread("isso", tuple(told)))

    assert through() == through()


def test_one_person_on_two_venues_is_one_voice_only_where_the_site_says_so() -> None:
    blog = RawThread("wordpress", (RawComment("1", "Agree: yes", author=Author(name="Ann Smith")),))
    social = RawThread("mastodon", (RawComment("9", "Agree: yes", author=Author(id="@Ann@example.social")),))

    def keys(anonymiser: Anonymiser) -> list[str | None]:
        return [anonymiser.to_thread(thread).comments[0].author_key for thread in (blog, social)]

    apart = Anonymiser(b"k")
    assert len(set(keys(apart))) == 2
    mapped = Anonymiser(
        b"k", people=[["wordpress:ann smith", "mastodon:@ann@example.social"], ["wordpress:Bob", "mastodon:@bob@x"]]
    )
    assert len(set(keys(mapped))) == 1
    assert mapped.digest != apart.digest
    assert keys(Anonymiser(b"other", people=[["wordpress:ann smith", "mastodon:@ann@example.social"]])) != keys(mapped)
