"""The reader of a post's kind: form and words, and what it says of plain cases."""

from __future__ import annotations

import math
import subprocess
import sys

from hypothesis import given, settings
from hypothesis import strategies as st

from mkdocs_echo_plugin.stance.kind import KINDS, WORDS_READ, asks, form, read
from mkdocs_echo_plugin.thresholds import POSITION_UNREAD

HOWTO = ("How to install Ruby on Windows", "First, download the installer. Then run `gem install bundler` in a shell.")
OPINION = (
    "Why meetings are a waste of time",
    "I think most people should stop. It is wrong, and it is always a bad idea.",
)


@given(st.text(max_size=200), st.text(max_size=2000))
@settings(deadline=None)
def test_any_post_has_probabilities_that_add_up_to_one(title: str, text: str) -> None:
    reading = read(title, text)
    assert math.isclose(sum(reading.kinds.values()), 1)
    assert min(reading.kinds.values()) >= 0
    assert 0 <= reading.p_position <= 1


def test_a_how_to_takes_a_position_less_than_an_opinion_does() -> None:
    howto, opinion = read(*HOWTO), read(*OPINION)
    assert max(howto.kinds, key=lambda kind: howto.kinds[kind]) == "howto"
    assert howto.p_position < 0.3
    assert opinion.p_position > 0.4


def test_a_post_that_asks_its_readers_is_told_by_its_words_and_a_question_that_it_answers_itself_is_not() -> None:
    assert asks("Anybody using an online ledger", "")
    assert asks("A tablet or a laptop?", "I have to buy one. Let me know!")
    assert not asks("Is it always bad to swallow exceptions?", "It is not. Here is why.")
    assert read("Anybody using an online ledger", "Tell me.").p_question > 0.5


def test_of_a_post_of_a_few_words_nothing_is_sure() -> None:
    brief = read("The village well should stay open", "It costs little and brings neighbours together.")
    assert 0.2 < brief.p_position < 0.6


def test_an_empty_post_has_the_usual_shares() -> None:
    reading = read("", "  ")
    assert (reading.p_position, reading.p_question) == (POSITION_UNREAD, 0.0)


def test_what_stands_past_the_words_that_are_read_changes_nothing() -> None:
    beginning = "word " * WORDS_READ
    assert read("Title", beginning) == read("Title", beginning + "I think that it is wrong? " * 1000)


def test_an_endless_text_is_read_at_once() -> None:
    assert math.isclose(sum(read("a" * 1_000_000, "?" * 1_000_000).kinds.values()), 1)


def test_the_form_names_each_figure_once() -> None:
    names = [figure.split("=")[0] for figure in form(*OPINION)]
    assert len(names) == len(set(names))
    assert len(KINDS) == 5


def test_the_reading_is_the_same_in_every_process() -> None:
    program = f"from mkdocs_echo_plugin.stance.kind import read; print(read(*{OPINION!r}))"
    answers = {
        subprocess.run(
            [sys.executable, "-c", program], env={"PYTHONHASHSEED": seed}, capture_output=True, text=True, check=True
        ).stdout
        for seed in ("0", "1")
    }
    assert len(answers) == 1
