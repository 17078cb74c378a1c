from __future__ import annotations

import re
from dataclasses import replace
from importlib import resources
from typing import Final, get_args

import pytest
import yaml

from mkdocs_echo_plugin.locales import catalogue
from mkdocs_echo_plugin.model import (
    Answers,
    Health,
    HealthState,
    KindFacts,
    Open,
    Post,
    PostKind,
    Range,
    Side,
    Strength,
    ThreadFacts,
    ToneFacts,
    VoiceCounts,
    Waiting,
)
from mkdocs_echo_plugin.prompts import add_badge

NINE = VoiceCounts(n=9, known=9, agree=(8, 8.0, 8), neutral=(1, 1.0, 1), disagree=(0, 0.0, 0))
BOTH = Open(
    questions=4,
    objections=2,
    waiting=tuple(
        Waiting(
            "question" if i < 4 else "objection", str(i), f"https://b.example/a/#{i}", "2026-01-01T00:00:00Z", "Why"
        )
        for i in range(6)
    ),
)
WAITS = Open(objections=1, waiting=(Waiting("objection", "1", None, "2026-01-01T00:00:00Z"),))


POST = Post("a.md", title="A lamp")


def said(state: HealthState, **more: object) -> str | None:
    more.setdefault("voices", NINE)
    badge = add_badge(Health(state, **more), post=POST, language="en").badge  # type: ignore[arg-type]
    return None if badge is None else badge.text


def asked(state: HealthState, post: Post = POST, **more: object) -> str | None:
    more.setdefault("voices", NINE)
    prompt = add_badge(Health(state, **more), post=post, language="en").prompt  # type: ignore[arg-type]
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


def at(platform: str) -> ThreadFacts:
    return ThreadFacts(platform, None, None, True, True, False, "2026-01-01T00:00:00Z")


EVERY_STATE: Final = get_args(HealthState)


def test_each_state_asks_for_one_outside_view_and_a_split_thread_for_a_story() -> None:
    keys = {state: asked(state) for state in EVERY_STATE}
    assert keys == {
        **dict.fromkeys(EVERY_STATE, "ask"), "several": "story", "off": None, "unknown": None,
    }  # fmt: skip


@pytest.mark.parametrize("kind", ["fact", "personal", "condolence"])
def test_where_it_would_be_out_of_place_nobody_is_asked(kind: PostKind) -> None:
    assert asked("facts", kind=KindFacts(kind)) is None


def test_where_only_social_media_talk_somebody_else_is_asked() -> None:
    assert asked("unclear", thread=at("mastodon")) == "offline"
    assert asked("unclear", thread=at("isso")) == "ask"


def test_a_post_s_own_question_comes_before_ours() -> None:
    own = replace(POST, prompt="Where do you wait for the bus?")
    for state in EVERY_STATE:
        assert asked(state, own) == (None if state in ("off", "unknown") else "own")
    prompt = add_badge(Health("several"), post=own, language="en").prompt
    assert prompt is not None
    assert prompt.reader == "Where do you wait for the bus?"


def test_the_question_names_the_post_and_needs_no_title() -> None:
    asks = [
        add_badge(Health("early"), post=Post("a.md", title=title), language="en").prompt for title in ("A lamp", "")
    ]
    assert [prompt.reader for prompt in asks if prompt] == [
        "I read “A lamp”. What is it like for you? What would it change?",
        "I read something. What is it like for you? What would it change?",
    ]


def test_neither_tone_nor_a_stance_nor_what_waits_nor_a_month_changes_the_prompt() -> None:
    calm = Health("one-side", thread=at("isso"), voices=NINE, range=Range(side="agree"))
    others = (
        replace(calm, author_state="tense", tone=ToneFacts(1.2, True)),
        replace(calm, voices=replace(NINE, agree=(7, 7.0, 7), disagree=(1, 1.0, 1))),
        replace(calm, range=Range(side="disagree")),
        replace(calm, open=WAITS),
        replace(calm, thread=replace(at("isso"), newest="2026-07-01T00:00:00Z")),
    )
    prompts = {add_badge(health, post=POST, language="en").prompt for health in (calm, calm, *others)}
    assert len(prompts) == 1


def test_no_prompt_is_the_policy() -> None:
    strings = catalogue("en").strings
    policy = {str(text) for key, text in strings.items() if key.startswith("policy.")}
    assert policy.isdisjoint(str(text) for key, text in strings.items() if key.startswith("prompt."))


@pytest.mark.parametrize("state", EVERY_STATE)
@pytest.mark.parametrize("waits", [WAITS, BOTH, Open()])
def test_one_number_of_what_waits_stands_in_line_card_panel_report_feed_and_digest(
    state: HealthState, waits: Open
) -> None:
    from mkdocs_echo_plugin.render.badge import Renderer
    from mkdocs_echo_plugin.report import build, digest, feeds, summary
    from mkdocs_echo_plugin.report.waiting import how_many
    from mkdocs_echo_plugin.survey import Survey, Surveyed

    if state in ("off", "unknown", "quiet"):
        waits = Open()  # nothing was read there
    n = len(waits.waiting)
    post = replace(POST, canonical_url="https://b.example/a/")
    health = add_badge(Health(state, thread=at("isso"), voices=NINE, open=waits), post=post, language="en")
    line = health.badge.text if health.badge else ""
    shown = Renderer().fragments(health, post)
    report = build.reports(Survey(posts=(Surveyed(post, health),)), site="https://b.example/").public

    def said(text: str) -> int:
        return sum(map(int, re.findall(r"(\d+) (?:questions? open|objections? unanswered)", text)))

    assert said(line) == said(shown.short) == n
    listed = shown.badge.count("<q dir")
    more = re.search(r"and (\d+) more", shown.badge)
    assert listed + (int(more[1]) if more else 0) == n
    assert how_many(report["posts"][0]) == sum(report["summary"]["waiting"].values()) == n
    assert f"{n} waiting for a reply" in summary.write(report)
    assert feeds.waiting(report).count("<entry>") == n
    assert digest.write(report).count("A lamp: a question") + digest.write(report).count("A lamp: an objection") == n


def test_wording_blames_nobody() -> None:
    text = resources.files("mkdocs_echo_plugin.locales").joinpath("en.yml").read_text("utf-8")
    strings = yaml.safe_load(text)
    assert not re.search(r"bubble|\bbias|balanced|both sides|echo chamber", str(strings), re.IGNORECASE)


def test_a_language_without_strings_speaks_english() -> None:
    assert catalogue("tlh").language == "en"
    assert catalogue("en-GB").translate("badge.people", 2) == "2 people commented"


def test_a_language_tag_opens_no_file_elsewhere() -> None:
    assert catalogue("../../etc/passwd").language == "en"
