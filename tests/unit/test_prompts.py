from __future__ import annotations

import re
from dataclasses import replace
from importlib import resources
from typing import Any

import pytest
import yaml

from mkdocs_echo_plugin.locales import catalogue
from mkdocs_echo_plugin.model import (
    Answers,
    Breadth,
    Health,
    HealthState,
    Open,
    Range,
    Side,
    Strength,
    ThreadFacts,
    VoiceCounts,
    Waiting,
)
from mkdocs_echo_plugin.prompts import add_badge

NINE = VoiceCounts(n=9, known=9, agree=(8, 8.0, 8), neutral=(1, 1.0, 1), disagree=(0, 0.0, 0))
WAITS = Open(objections=1, waiting=(Waiting("objection", "1", None, "2026-01-01T00:00:00Z"),))


def said(state: HealthState, **more: object) -> str | None:
    more.setdefault("voices", NINE)
    badge = add_badge(Health(state, **more), path="a.md", language="en").badge  # type: ignore[arg-type]
    return None if badge is None else badge.text


def asked(state: HealthState, path: str = "a.md", **more: object) -> str | None:
    more.setdefault("voices", NINE)
    prompt = add_badge(Health(state, **more), path=path, language="en").prompt  # type: ignore[arg-type]
    return None if prompt is None else prompt.key


@pytest.mark.parametrize(
    ("state", "text"),
    [
        ("off", None), ("unknown", None), ("quiet", None), ("facts", "9 people commented"),
        ("early", "9 people have commented so far"), ("unread", "9 people commented"),
        ("few-sides", "9 people commented · mostly notes and questions"),
        ("several", "9 people commented · views differ"), ("unclear", "9 people commented · hard to sum up"),
    ],
)  # fmt: skip
def test_every_state_has_its_words(state: HealthState, text: str | None) -> None:
    assert said(state) == text


@pytest.mark.parametrize(
    ("side", "strength", "words"),
    [("agree", "nearly-all", "nearly all agree so far"), ("disagree", "nearly-all", "nearly all disagree so far"),
     ("agree", "most", "most agree, not all"), ("disagree", "most", "most disagree, not all"),
     ("agree", None, "most who take a side agree"), ("disagree", None, "most who take a side disagree")],
)  # fmt: skip
def test_one_side_says_which_and_how_strongly(side: Side, strength: Strength | None, words: str) -> None:
    views = Range(verdict="one-side", side=side, strength=strength)
    assert said("one-side", range=views) == f"9 people commented · {words}"


def test_where_more_than_a_fifth_takes_no_side_the_words_say_who_is_meant() -> None:
    views = Range(verdict="one-side", side="agree", strength="nearly-all")
    many = VoiceCounts(n=9, known=9, agree=(6, 6.0, 6), neutral=(3, 3.0, 3), disagree=(0, 0.0, 0))
    assert said("one-side", voices=many, range=views) == "9 people commented · nearly all who take a side agree"


def test_what_is_open_follows_the_verdict() -> None:
    assert said("unclear", open=WAITS) == "9 people commented · hard to sum up · 1 objection unanswered"
    both = Open(questions=2, objections=1, waiting=WAITS.waiting * 3)
    assert said("facts", open=both) == "9 people commented · 2 questions open · 1 objection unanswered"
    assert said("several", answers=Answers(objections=2, answered=2)) == (
        "9 people commented · views differ · every objection answered, 2 in all"
    )
    assert said("several", answers=Answers(objections=2, answered=1)) == "9 people commented · views differ"


def test_one_person_is_one_person() -> None:
    assert said("early", voices=VoiceCounts(n=1, known=1)) == "1 person has commented so far"


def test_each_weakness_has_its_prompt() -> None:
    assert asked("one-side") == "ask-outside"
    assert asked("several", open=WAITS) == "waiting"
    assert asked("unclear", breadth=Breadth(0, None)) == "newcomers"
    assert asked("few-sides") == "question"
    assert asked("several") == "changed"
    assert asked("early", voices=VoiceCounts(n=2)) == "start"
    social = ThreadFacts("mastodon", None, None, True, True, False, "2026-01-01T00:00:00Z")
    assert asked("unclear", thread=social) == "offline"
    assert asked("off") is None
    assert asked("unknown") is None


def test_a_fact_is_never_asked_for_another_view() -> None:
    assert {asked("facts", path=f"{n}.md") for n in range(40)} == {"newcomers", "policy"}


def test_the_policy_is_asked_for_now_and_then_so_that_it_tells_nothing() -> None:
    keys = [asked("unclear", path=f"{n}.md") for n in range(200)]
    assert set(keys) == {"ask-outside", "policy"}
    assert 20 <= keys.count("policy") <= 80


@pytest.mark.parametrize("state", ["several", "one-side", "few-sides", "unclear", "early", "unread"])
def test_what_a_thread_asks_does_not_tell_whether_it_is_tense(state: Any) -> None:
    for n in range(60):
        calm, tense = (asked(state, path=f"{n}.md", open=WAITS, author_state=s) for s in (state, "tense"))
        assert calm == tense


def test_a_quiet_post_asks_its_author_only() -> None:
    prompt = add_badge(Health("quiet"), path="a.md", language="en").prompt
    assert prompt is not None
    assert prompt.reader == ""
    assert prompt.author


def test_the_prompt_turns_with_the_post_and_the_month_and_not_with_the_clock() -> None:
    weak = Health("one-side", voices=NINE, breadth=Breadth(0, None), open=WAITS)
    at = ThreadFacts("csv", None, None, True, True, True, "2026-01-05T00:00:00Z")
    keys = {
        asked_of(replace(weak, thread=replace(at, newest=f"2026-{m:02}-01T00:00:00Z")), "a.md") for m in range(1, 13)
    }
    assert len(keys) > 1
    assert asked_of(replace(weak, thread=at), "a.md") == asked_of(
        replace(weak, thread=replace(at, newest="2026-01-28T00:00:00Z")), "a.md"
    )
    assert len({asked_of(replace(weak, thread=at), f"{n}.md") for n in range(12)}) > 1


def asked_of(health: Health, path: str) -> str:
    prompt = add_badge(health, path=path, language="en").prompt
    assert prompt is not None
    return prompt.key


def test_wording_blames_nobody() -> None:
    text = resources.files("mkdocs_echo_plugin.locales").joinpath("en.yml").read_text("utf-8")
    strings = yaml.safe_load(text)
    assert not re.search(r"bubble|\bbias|balanced|both sides|echo chamber", str(strings), re.IGNORECASE)


def test_a_language_without_strings_speaks_english() -> None:
    assert catalogue("tlh").language == "en"
    assert catalogue("en-GB").translate("badge.people", 2) == "2 people commented"


def test_a_language_tag_opens_no_file_elsewhere() -> None:
    assert catalogue("../../etc/passwd").language == "en"
