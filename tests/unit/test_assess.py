from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from talk import MONDAY, POST, WORDY, comment, declared_thread, thread

from mkdocs_echo_plugin import Settings, assess
from mkdocs_echo_plugin.assess import unknown
from mkdocs_echo_plugin.model import Reaction, Thread, VoiceCounts
from mkdocs_echo_plugin.serialize import health_to_dict


@pytest.mark.parametrize(
    ("declared", "state"),
    [
        ((8, 0, 0), "one-side"), ((9, 2, 1), "one-side"), ((6, 0, 3), "several"), ((8, 7, 1), "one-side"),
        ((0, 20, 0), "few-sides"), ((2, 1, 1), "early"),
    ],
)  # fmt: skip
def test_declared_threads_have_the_states_that_the_manual_names(declared: tuple[int, int, int], state: str) -> None:
    health = assess([declared_thread(*declared)])
    assert health.state == state
    assert health.voices.declared == health.voices.n == sum(declared)


def test_no_thread_and_no_comment_are_quiet() -> None:
    for threads in ([], [thread()], [thread(comment("1", "a", "x", state="deleted"))]):
        health = assess(threads, post=POST)
        assert (health.state, health.badge) == ("quiet", None)


def test_five_voices_of_whom_four_are_known_are_unread_and_show_no_count() -> None:
    told = declared_thread(2, 1, 1)
    health = assess([replace(told, comments=(*told.comments, comment("9", "k9", "Hm.")))])
    assert health.state == "unread"
    assert health.badge is not None
    assert health.badge.text == "5 people commented"
    assert (health.voices.agree, health.range.median, health.range.verdict) == (None, None, "unread")


def test_early_days_show_no_number_of_stances() -> None:
    health = assess([declared_thread(2, 0, 1)])
    assert health.voices == VoiceCounts(n=3, known=3, declared=3)
    assert health.range.d is None


def test_a_discussion_of_facts_has_no_range() -> None:
    health = assess([declared_thread(8, 0, 0)], post=replace(POST, discussion="fact"))
    assert (health.state, health.range.verdict, health.range.d, health.voices.agree) == ("facts", "off", None, None)
    assert health.badge is not None
    assert health.badge.text == "8 people commented"


def test_a_post_that_switches_off_shows_nothing() -> None:
    health = assess([declared_thread(8, 0, 0)], post=replace(POST, discussion="off"))
    assert (health.state, health.badge, health.prompt, health.voices.n) == ("off", None, None, 0)


def test_a_thread_that_could_not_be_read_is_unknown_and_never_low() -> None:
    health = unknown("isso: no answer in 20 s")
    assert (health.state, health.badge, health.prompt) == ("unknown", None, None)
    assert health_to_dict(health)["reason"] == "isso: no answer in 20 s"


def test_a_read_voice_leaves_d_open() -> None:
    told = declared_thread(6, 0, 0)
    health = assess(
        [replace(told, comments=(*told.comments, comment("9", "k9", f"I disagree with that, {WORDY}")))], post=POST
    )
    assert (health.voices.declared, health.voices.read) == (6, 1)
    assert health.range.d is None
    assert health.range.low is not None


@given(st.permutations(range(9)))
def test_the_order_of_siblings_does_not_matter(order: list[int]) -> None:
    told = [
        comment(
            str(i), f"k{i % 6}", f"{('Agree', 'Disagree', 'Well')[i % 3]}: {WORDY} {i}", None if i < 3 else str(i // 3)
        )
        for i in range(9)
    ]
    expected = assess([thread(*told, open=True)], post=POST)
    assert assess([thread(*(told[i] for i in order), open=True)], post=POST) == expected


@pytest.mark.parametrize(
    "change", [{"state": "deleted"}, {"state": "pending"}, {"kind": "pingback"}, {"author_role": "bot"}]
)
def test_what_is_no_voice_changes_no_measure(change: dict[str, str]) -> None:
    told = declared_thread(6, 0, 2)
    health = assess([told], post=POST)
    with_it = assess(
        [replace(told, comments=(*told.comments, comment("9", "k9", "Disagree: no.", **change)))], post=POST
    )
    assert replace(with_it, comments=health.comments) == health
    assert with_it.comments != health.comments


def test_thumbs_stand_apart_unless_the_site_counts_them() -> None:
    told = replace(declared_thread(6, 0, 0), reactions=tuple(Reaction("-1", f"t{i}") for i in range(3)))
    apart, counted = assess([told]), assess([told], settings=Settings(reactions="count"))
    assert (apart.voices.n, apart.reactions.down, apart.state) == (6, 3, "one-side")
    assert (counted.voices.n, counted.state) == (9, "several")


def test_the_site_s_overrides_mend_a_tag() -> None:
    told = declared_thread(6, 0, 2)
    health = assess([told], settings=Settings(overrides={"csv:#6": "agree", "csv:#7": "agree"}))
    assert (health.state, health.voices.overridden) == ("one-side", 2)


def test_several_venues_are_one_reading_and_stand_side_by_side() -> None:
    blog = declared_thread(6, 0, 0, platform="isso")
    social = thread(
        *(comment(f"m{i}", f"m{i}", "Disagree: no.", created=MONDAY) for i in range(6)), platform="mastodon"
    )
    health = assess([blog, social], post=POST)
    assert (health.state, health.voices.n) == ("several", 12)
    assert health.thread is not None
    assert health.thread.platform == "isso+mastodon"
    assert [(v.thread.platform, v.range.verdict, v.voices.agree) for v in health.venues] == [
        ("isso", "one-side", (6, 6, 6)), ("mastodon", "one-side", (0, 0, 0)),
    ]  # fmt: skip
    for venue in health.venues:
        assert venue.range.d == 0
        assert venue.range.high is not None
        assert venue.range.high > 0  # a sample of six leaves something open


def test_a_venue_s_stances_show_only_where_the_others_have_five_known_voices_too() -> None:
    blog = declared_thread(6, 0, 0, platform="isso")
    social = thread(
        *(comment(f"m{i}", f"m{i}", "Disagree: no.", created=MONDAY) for i in range(4)), platform="mastodon"
    )
    for venue in assess([blog, social], post=POST).venues:
        assert (venue.voices.agree, venue.range.median) == (None, None)
        assert venue.range.verdict in ("unread", "early")


def test_what_a_small_venue_withholds_cannot_be_found_by_subtraction() -> None:
    sizes = {"isso": 6, "mastodon": 5, "lemmy": 2}
    threads = [
        thread(*(comment(f"{p}{i}", f"{p}{i}", "Agree: yes.", created=MONDAY) for i in range(n)), platform=p)
        for p, n in sizes.items()
    ]
    assert [v.voices.agree for v in assess(threads, post=POST).venues] == [None, None, None]
    shared = [
        thread(*(comment(f"{p}{i}", f"k{i + (p == 'b')}", "Agree: yes.", created=MONDAY) for i in range(5)), platform=p)
        for p in "ab"
    ]
    assert [v.voices.agree for v in assess(shared, post=POST).venues] == [None, None]


def test_one_venue_among_several_may_be_empty() -> None:
    health = assess([declared_thread(6, 0, 3), Thread("mastodon")], post=POST)
    assert health.state == "several"
    assert [v.comments.read for v in health.venues] == [9, 0]


def test_heat_makes_the_author_s_state_and_not_the_public_one() -> None:
    rude = (
        "You are an idiot, you know nothing and your numbers are stupid, you fool, go back to your cave and stay there."
    )
    told = declared_thread(4, 0, 4)
    heated = replace(
        told, comments=(*told.comments, *(comment(f"9{i}", f"r{i}", f"{rude} {i}", created=MONDAY) for i in range(8)))
    )
    health = assess([heated], post=POST)
    assert health.author_state == "tense"
    assert "tense" not in str(health.badge)
    public = assess([heated], post=POST, settings=Settings(tone="public"))
    assert public.badge is not None
    assert public.badge.text.endswith("tense in places")
    assert assess([heated], post=POST, settings=Settings(tone="off")).tone is None


@pytest.mark.parametrize(
    "text", ["<script>alert(1)</script>", "\0\u202e" * 50, "agree " * 200_000, "> " * 5_000, "?" * 10_000, "\ud800"]
)
def test_hostile_text_is_only_text(text: str) -> None:
    told = declared_thread(4, 0, 2)
    health = assess([replace(told, comments=(*told.comments, comment("9", "k9", text)))], post=POST)
    assert health.voices.n == 7
    json.dumps(health_to_dict(health))


def test_a_chain_of_ten_thousand_replies_is_assessed() -> None:
    chain = [
        comment(str(i), f"k{i % 30}", f"Agree: {i}", str(i - 1) if i else None, created=MONDAY) for i in range(10_000)
    ]
    assert assess([thread(*chain, open=True)], post=POST).voices.n == 30
