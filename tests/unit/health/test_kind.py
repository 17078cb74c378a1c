from __future__ import annotations

from dataclasses import replace

import pytest
from talk import POST

from mkdocs_echo_plugin.health.kind import judged, kind_of
from mkdocs_echo_plugin.model import KindReading
from mkdocs_echo_plugin.stance.kind import read

SHARES = {"opinion": 0.1, "howto": 0.6, "news": 0.2, "question": 0.1}


@pytest.mark.parametrize(("said", "p"), [("opinion", 1.0), ("howto", 0.0), ("condolence", 0.0)])
def test_what_the_author_or_the_site_says_is_taken(said: str, p: float) -> None:
    for taken in (kind_of(replace(POST, discussion=said)), kind_of(POST, said)):  # type: ignore[arg-type]
        assert (taken.value, taken.how, taken.p) == (said, "set", p)


def test_the_author_s_word_goes_before_the_site_s() -> None:
    assert kind_of(replace(POST, discussion="news"), "opinion").value == "news"


def test_a_post_that_surely_takes_no_position_is_its_likeliest_other_kind() -> None:
    taken = judged(KindReading(0.1, 0.1, SHARES))  # type: ignore[arg-type]
    assert (taken.value, taken.how, taken.p) == ("howto", "read", 0.1)


def test_a_post_that_surely_takes_one_is_an_opinion_and_an_unsure_one_too_with_its_doubt() -> None:
    assert judged(KindReading(0.9, 0.0, {})).how == "read"
    unsure = judged(KindReading(0.4, 0.0, {}))
    assert (unsure.value, unsure.how, unsure.p) == ("opinion", "default", 0.4)


def test_a_post_that_asks_is_a_question_whatever_else_it_is() -> None:
    assert judged(KindReading(0.9, 0.8, {})).value == "question"
    assert judged(read("What would you do with the well?", "The council meets on Monday.")).value == "question"
    assert judged(read("Is the well worth it?", "The council meets on Monday. Let me know!")).value == "question"
    assert judged(read("Is the well worth it?", "It is. " * 80)).value != "question"


def test_without_a_post_nothing_is_known_of_it() -> None:
    assert (kind_of(None).value, kind_of(None).how) == ("opinion", "default")


@pytest.mark.parametrize(("language", "value"), [("en", "question"), ("en-GB", "question"), ("de", "opinion")])
def test_only_english_posts_are_read(language: str, value: str) -> None:
    asking = replace(POST, title="What would you do with the well?", text="The council meets. " * 30, language=language)
    assert kind_of(asking).value == value
