from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from talk import WORDY, comment, thread

from mkdocs_echo_plugin.health.policy import (
    _PRAISE,
    _THANKS,
    _is_praise,
    against_policy,
    is_kind_only,
    is_thanks,
    policy,
)
from mkdocs_echo_plugin.model import Comment, PolicyFindings
from mkdocs_echo_plugin.threads import clean


def rule(text: str, **more: object) -> str | None:
    return against_policy(clean(thread(comment("1", "a", text, **more))).remarks)[0]


@pytest.mark.parametrize("text", ["Good post!", "Great article, very informative.", "Well said.", "Awesome", "Bravo!"])
def test_brief_praise_is_found(text: str) -> None:
    assert rule(text) == "brief"


@pytest.mark.parametrize(
    "text", ["Thanks, great post!", "Great post, but is it deep?", "The rope is too short.", f"Good post, {WORDY}", ""]
)
def test_thanks_questions_and_substance_are_not_brief_praise(text: str) -> None:
    assert rule(text) is None


def test_more_than_one_link_is_found_unless_it_answers_a_question_or_is_quoted() -> None:
    two = f"See https://a.example/x and https://b.example/y, {WORDY}"
    assert rule(two) == "links"
    assert rule(f"See https://a.example/x and again https://a.example/x. {WORDY}") is None
    assert rule(f"> {two}\nNo.") is None
    answered = clean(thread(comment("1", "a", "Where can I read more?"), comment("2", "b", two, "1"))).remarks
    assert against_policy(answered) == [None, None]


def test_the_post_s_author_is_exempt() -> None:
    assert rule("Good post!", author_role="author") is None


def test_counts_name_nobody() -> None:
    told: list[Comment] = [
        comment("1", "a", "Good post!"),
        comment("2", "b", "Nice read"),
        comment("3", "c", "See https://x.example and https://y.example"),
    ]
    assert policy(clean(thread(*told)).remarks) == PolicyFindings(brief=2, links=1)


def test_kind_words_with_substance_are_more_than_kind() -> None:
    assert is_kind_only("Thank you so much for this!")
    assert not is_kind_only("Thank you! The rope of the well in our village was replaced by a chain in 1974.")
    assert not is_kind_only("The rope is too short.")


# every word that stands in one of the patterns, beside a few that stand in none
_VOCABULARY = sorted({w for p in (_THANKS, _PRAISE) for w in re.findall(r"\w+", p.pattern)} | {
    "thanks", "thank you", "loved", "this", "the", "Kelvin", "don't", "café", "www.example.org", "promo code", "lıked",
    "ſo true", "whatsapp", "web site", "free trial", "GREAT", "Post", "x_great", "3good", "(nice", "post)", ".", "!",
})  # fmt: skip


@given(st.lists(st.sampled_from(_VOCABULARY), max_size=12), st.sampled_from([" ", "-", "\n", "_"]))
def test_looking_at_the_first_words_only_never_hides_what_the_pattern_finds(words: list[str], between: str) -> None:
    text = between.join(words)
    assert is_thanks(text) is (_THANKS.search(text) is not None)
    assert _is_praise(text) is (_PRAISE.search(text) is not None)
