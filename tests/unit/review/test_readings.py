from __future__ import annotations

from talk import POST, WORDY, comment, thread

from mkdocs_echo_plugin.model import Settings
from mkdocs_echo_plugin.review.readings import CommentReading, readings

TALK = thread(
    comment("1", "ada", f"Agree: {WORDY}."),
    comment("2", "bob", f"I doubt it {WORDY}.", "1"),
    comment("3", "me", f"Thank you {WORDY}.", "2", author_role="author"),
    comment("4", "ada", "我不同意您在这篇文章中所写的内容。"),
    key="well",
    platform="isso",
)


def read(**settings: object) -> list[CommentReading]:
    return readings([TALK], POST, Settings(**settings))  # type: ignore[arg-type]


def test_each_comment_has_the_key_by_which_it_is_corrected() -> None:
    assert [r.key for r in read()] == [f"isso:well#{n}" for n in range(1, 5)]


def test_people_are_numbered_and_the_author_is_not() -> None:
    assert [r.who for r in read()] == ["v1", "v2", "author", "v1"]


def test_it_says_how_each_was_read_and_what_it_answers() -> None:
    first, second, _, fourth = read()
    assert (first.how, first.stance, first.answers) == ("declared", "agree", "")
    assert (second.how, second.answers) == ("read", first.words)
    assert second.p is not None
    assert (fourth.how, fourth.stance, fourth.p) == ("unknown", None, None)


def test_a_correction_by_its_key_is_what_is_shown_then() -> None:
    second = read(overrides={"isso:well#2": "disagree"})[1]
    assert (second.how, second.stance) == ("override", "disagree")
