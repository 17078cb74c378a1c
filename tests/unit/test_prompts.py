from __future__ import annotations

import re
from dataclasses import replace
from importlib import resources

import pytest
import yaml

from mkdocs_echo_plugin.locales import catalogue
from mkdocs_echo_plugin.model import (
    Answers,
    Breadth,
    Fresh,
    Health,
    HealthState,
    ThreadFacts,
    VoiceCounts,
    Waiting,
)
from mkdocs_echo_plugin.prompts import add_badge

NINE = VoiceCounts(n=9, known=9)
WAITS = Answers(dissents=1, waiting=(Waiting("dissent", "1", None, "2026-01-01T00:00:00Z"),))


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
        ("off", None), ("unknown", None), ("quiet", None), ("facts", "9 voices"), ("early", "Early days - 9 voices"),
        ("unread", "9 voices"), ("few-sides", "Few take a side - 9 voices"),
        ("several-answered", "Several views, answered - 9 voices"), ("several", "Several views - 9 voices"),
        ("one-view", "Mostly one view so far - 9 voices"), ("leaning", "Leaning one way - 9 voices"),
        ("unclear", "Not clear yet - 9 voices"),
    ],
)  # fmt: skip
def test_every_state_has_its_words(state: HealthState, text: str | None) -> None:
    assert said(state) == text


def test_several_waiting_says_how_many() -> None:
    assert said("several-waiting", answers=WAITS) == "Several views, 1 waiting for a reply"


def test_where_some_voices_are_unknown_the_words_say_so() -> None:
    some = VoiceCounts(n=9, known=7)
    assert said("unclear", voices=some) == "Not clear yet - 7 of 9 voices"
    assert said("unread", voices=VoiceCounts(n=9, known=3)) == "9 voices"


def test_a_fact_goes_with_the_state_the_first_that_holds_and_is_not_said_already() -> None:
    fresh, first = Fresh(n=8, new=3), Breadth(first_time=2, effective_voices=None)
    assert said("unclear", answers=WAITS, fresh=fresh) == "Not clear yet - 9 voices, 1 waiting for a reply"
    answered = Answers(dissents=2, answered=2)
    assert (
        said("unclear", answers=answered, fresh=fresh) == "Not clear yet - 9 voices, 2 open disagreements, all answered"
    )
    assert said("several-answered", answers=answered, fresh=fresh, breadth=first) == (
        "Several views, answered - 9 voices, 3 of 8 comments bring something new"
    )
    assert said("unclear", breadth=first) == "Not clear yet - 9 voices, 2 first-time voices"
    assert said("unclear", fresh=Fresh(n=8, new=0)) == "Not clear yet - 9 voices"


def test_under_five_known_voices_the_badge_counts_no_disagreement() -> None:
    few = VoiceCounts(n=3, known=3)
    assert said("early", voices=few, answers=Answers(dissents=1, answered=1)) == "Early days - 3 voices"


def test_one_voice_is_one_voice() -> None:
    assert said("early", voices=VoiceCounts(n=1, known=1)) == "Early days - 1 voice"


def test_each_weakness_has_its_prompt() -> None:
    assert asked("one-view") == "ask-outside"
    assert asked("several-waiting", answers=WAITS) == "waiting"
    assert asked("unclear", breadth=Breadth(0, None)) == "newcomers"
    assert asked("unclear", fresh=Fresh(n=6, new=1)) == "fresh"
    assert asked("few-sides") == "question"
    assert asked("several-answered") == "changed"
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


def test_a_tense_thread_is_asked_for_nothing_but_the_policy() -> None:
    assert asked("several-waiting", answers=WAITS, author_state="tense") == "tense"


def test_a_quiet_post_asks_its_author_only() -> None:
    prompt = add_badge(Health("quiet"), path="a.md", language="en").prompt
    assert prompt is not None
    assert prompt.reader == ""
    assert prompt.author


def test_the_prompt_turns_with_the_post_and_the_month_and_not_with_the_clock() -> None:
    weak = Health("one-view", voices=NINE, fresh=Fresh(6, 0), breadth=Breadth(0, None), answers=WAITS)
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
    assert catalogue("en-GB").translate("badge.voices", 2) == "2 voices"


def test_a_language_tag_opens_no_file_elsewhere() -> None:
    assert catalogue("../../etc/passwd").language == "en"
