from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st
from talk import POST, WORDY, comment, thread

from mkdocs_echo_plugin import assess
from mkdocs_echo_plugin.model import Comment, Health, Prompt, Reaction, Thread, ToneFacts
from mkdocs_echo_plugin.serialize import health_for_author, health_to_dict, thread_from_dict, thread_to_dict

text = st.text(max_size=20)
maybe = st.none() | text
times = st.none() | st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))
reactions = st.lists(st.builds(Reaction, text, maybe, st.integers(1, 9)), max_size=2).map(tuple)
comments = st.builds(
    Comment, id=text, parent_id=maybe, root_id=maybe, parent_exact=st.booleans(), author_key=maybe,
    author_role=st.sampled_from(["author", "user", "bot"]), addressed=maybe, created=times, edited=times, text=text, url=maybe,
    kind=st.sampled_from(["comment", "reply", "like"]), reactions=reactions, score=st.none() | st.integers(-9, 9),
    state=st.sampled_from(["visible", "deleted"]), declared=st.sampled_from([None, "agree", "neutral", "disagree"]),
)  # fmt: skip
threads = st.builds(
    Thread, platform=text, source_url=maybe, page_url=maybe, key=maybe, fetched_at=times, title=text, locked=st.booleans(),
    complete=st.booleans(), truncated_reason=maybe, reported_count=st.none() | st.integers(0, 9), open=st.booleans(),
    reactions=reactions, comments=st.lists(comments, max_size=4).map(tuple),
)  # fmt: skip


@given(threads)
def test_a_thread_comes_back_as_it_was_written(given_thread: Thread) -> None:
    written = json.loads(json.dumps(thread_to_dict(given_thread, anonymise=False)))
    assert thread_from_dict(written) == given_thread


@given(threads, st.text(min_size=1), st.text(min_size=1))
def test_the_site_key_does_not_show_in_what_is_printed(given_thread: Thread, one: str, other: str) -> None:
    def under(key: str) -> str:
        keyed = [
            Comment(**{**{f: getattr(c, f) for f in Comment.__slots__}, "author_key": c.author_key and key + c.author_key,
                       "addressed": None, "reactions": ()})
            for c in given_thread.comments
        ]  # fmt: skip
        return json.dumps(thread_to_dict(Thread(platform="x", comments=tuple(keyed))))

    assert under(one) == under(other)


def test_authors_are_numbered_by_first_appearance_and_the_fetch_has_no_date() -> None:
    said = thread(
        comment("1", "zoe", "one"),
        comment("2", "ann", "two", addressed="zoe", reactions=(Reaction("+1", "bob"),)),
        comment("3", "zoe", "three"),
        fetched_at=datetime(2026, 1, 1, tzinfo=UTC),
        reactions=(Reaction("+1", "ann"),),
    )
    written = thread_to_dict(said)
    assert [c["author_key"] for c in written["comments"]] == ["v1", "v2", "v1"]
    assert written["comments"][1]["addressed"] == "v1"
    assert written["comments"][1]["reactions"][0]["author_key"] == "v3"
    assert written["reactions"][0]["author_key"] == "v2"
    assert written["fetched_at"] is None


def test_the_public_sees_no_tone_and_no_read_dissent() -> None:
    told = [comment(str(i), f"k{i}", "Disagree: not so." if i % 2 else "Agree: it is.") for i in range(8)]
    told.append(comment("8", "k8", f"You are an idiot and so are your friends, {WORDY}."))
    told.append(comment("9", "k9", f"No, you are wrong, you know nothing, you fool, {WORDY}.", "8"))
    health = assess([thread(*told, open=True)], post=POST)
    public, author = health_to_dict(health), health_for_author(health)
    assert '"tone"' not in json.dumps(public)
    assert '"author_state"' not in json.dumps(public)
    assert "tone" in author
    assert {w["kind"] for w in public["open"]["waiting"]} <= {"objection", "question"}
    assert "author_only" not in public["open"]
    assert author["open"]["author_only"]


def test_of_a_tense_thread_the_public_sees_nothing_that_a_calm_one_does_not_show() -> None:
    calm = Health("unclear", tone=ToneFacts(0.1, False), author_state="unclear", prompt=Prompt("waiting", "a", "b"))
    tense = replace(calm, tone=ToneFacts(1.2, True), author_state="tense")
    assert health_to_dict(tense) == health_to_dict(calm)
    assert health_for_author(tense)["author_state"] == "tense"
