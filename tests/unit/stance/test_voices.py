from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from talk import POST, WORDY, SameReader, comment, thread

from mkdocs_echo_plugin.health.estimate import Counts, Prior, ways
from mkdocs_echo_plugin.model import Comment, Probabilities, Reaction, Stance
from mkdocs_echo_plugin.stance import Tags
from mkdocs_echo_plugin.stance.edges import edges
from mkdocs_echo_plugin.stance.voices import VoiceOf, towards_post, voices
from mkdocs_echo_plugin.threads import clean

READS_AGREE = Probabilities(0.1, 0.2, 0.7)


def speakers(
    *comments: Comment,
    says: Probabilities | None = None,
    thumbs: tuple[Reaction, ...] = (),
    overrides: dict[str, Stance] | None = None,
) -> list[VoiceOf]:
    reader = SameReader(says)
    cleaned = clean(thread(*comments))
    found = edges(cleaned, post=POST, reader=reader, tags=Tags(), overrides=overrides or {})
    return voices(cleaned.remarks, found, towards_post(cleaned.remarks, found), thumbs)


def stances(found: list[VoiceOf]) -> list[Stance | None]:
    return [v.voice.reading.stance for v in found]


def test_a_voice_counts_once_however_much_it_writes() -> None:
    found = speakers(
        comment("1", "a", "Agree: one."), comment("2", "a", "Agree: two."), comment("3", "b", "Disagree: three.")
    )
    assert [v.voice.comments for v in found] == [("1", "2"), ("3",)]
    assert stances(found) == ["agree", "disagree"]


def test_the_latest_declared_comment_is_the_voice_s_stance() -> None:
    assert stances(speakers(comment("1", "a", "Agree: one."), comment("2", "a", "Disagree: I changed my mind."))) == [
        "disagree"
    ]


def test_an_override_beats_a_later_tag() -> None:
    found = speakers(comment("1", "a", "one"), comment("2", "a", "Disagree: two."), overrides={"csv:#1": "agree"})
    assert stances(found) == ["agree"]
    assert found[0].voice.reading.how == "override"


@pytest.mark.parametrize(
    ("first", "second", "towards"),
    [
        ("Agree", "Agree", "agree"),
        ("Agree", "Disagree", "disagree"),
        ("Disagree", "Agree", "disagree"),
        ("Disagree", "Disagree", "agree"),
        ("Neutral", "Disagree", "neutral"),
        ("Agree", "Neutral", "neutral"),
    ],
)
def test_declared_stances_multiply_up_the_tree(first: str, second: str, towards: str) -> None:
    assert stances(speakers(comment("1", "a", f"{first}: x"), comment("2", "b", f"{second}: y", "1")))[1] == towards


def test_a_reply_to_the_post_s_author_counts_as_a_reply_to_the_post() -> None:
    found = speakers(
        comment("1", "a", "Disagree: too dear."),
        comment("2", "me", "It costs less than a bench.", "1", author_role="author"),
        comment("3", "b", "Disagree: I have the bill here.", "2"),
    )
    assert stances(found) == ["disagree", "disagree"]


def test_an_author_who_tags_their_own_post_has_that_stance() -> None:
    found = speakers(
        comment("1", "me", "Disagree: I was wrong in this post.", author_role="author"),
        comment("2", "b", "Agree: you were.", "1"),
    )
    assert stances(found) == ["disagree"]


def test_all_comments_of_the_post_s_author_are_left_out_even_where_the_venue_forgot_to_mark_one() -> None:
    assert speakers(comment("1", "me", "x", author_role="author"), comment("2", "me", "Agree: y")) == []


def test_unnamed_authors_are_a_voice_a_comment() -> None:
    found = speakers(comment("1", None, "Agree: one."), comment("2", None, "Disagree: two."))
    assert [v.voice.key for v in found] == [None, None]
    assert stances(found) == ["agree", "disagree"]


def test_a_path_of_two_edges_is_known_and_one_of_three_is_not() -> None:
    chain = [comment(str(i), f"k{i}", "Agree: yes.", str(i - 1) if i else None) for i in range(4)]
    assert stances(speakers(*chain)) == ["agree", "agree", None, None]


def test_a_path_past_an_unknown_comment_is_unknown() -> None:
    found = speakers(comment("1", "a", "42!"), comment("2", "b", "Agree: yes.", "1"))
    assert [v.voice.reading.how for v in found] == ["unknown", "unknown"]


def test_disagreeing_with_a_neutral_comment_says_nothing_when_it_is_read() -> None:
    found = speakers(
        comment("1", "a", "Neutral: a note."), comment("2", "b", f"It is so, {WORDY}", "1"), says=READS_AGREE
    )
    assert found[1].voice.reading.how == "unknown"


def test_read_stances_multiply_as_probabilities_and_are_held_against_what_the_reader_says_blindly() -> None:
    q, pi = READS_AGREE, SameReader.shares
    one, two = speakers(
        comment("1", "a", f"So it is, {WORDY}"), comment("2", "b", f"So it is too, {WORDY}", "1"), says=q
    )
    assert one.voice.reading.evidence == pytest.approx(tuple(k / b for k, b in zip(q, pi, strict=True)))
    agree, disagree = q.agree**2 + q.disagree**2, 2 * q.agree * q.disagree
    blind = (2 * pi.agree * pi.disagree, 1 - (pi.agree + pi.disagree) ** 2, pi.agree**2 + pi.disagree**2)
    expected = tuple(k / b for k, b in zip((disagree, 1 - agree - disagree, agree), blind, strict=True))
    assert two.voice.reading.evidence == pytest.approx(expected)


def test_a_voice_with_two_readable_comments_has_the_mean_of_both() -> None:
    (found,) = speakers(
        comment("1", "a", f"So it is, {WORDY}"), comment("2", "a", f"So it was, {WORDY}"), says=READS_AGREE
    )
    once = speakers(comment("1", "a", f"So it is, {WORDY}"), says=READS_AGREE)[0]
    assert found.voice.reading.evidence == pytest.approx(once.voice.reading.evidence)


@given(
    parents=st.lists(st.integers(0, 8), min_size=1, max_size=9),
    authors=st.lists(st.integers(0, 9), min_size=9, max_size=9),
)
def test_uninformative_readings_change_nothing_at_any_depth(parents: list[int], authors: list[int]) -> None:
    told = [
        comment(str(i), f"k{authors[i]}", f"Number {i}, {WORDY}", None if i == 0 or up >= i else str(up))
        for i, up in enumerate(parents)
    ]
    found = speakers(*told, says=SameReader.shares)
    read = [v.voice.reading.evidence for v in found if v.voice.reading.evidence is not None]
    assert read
    for evidence in read:
        assert evidence == pytest.approx((1.0, 1.0, 1.0))
    alone = Prior(Counts(0.5, 1.5, 0.5), 1.0, 1.0)
    blind = ways(0, 0, 0, [Probabilities(1, 1, 1)] * len(read), [alone])
    assert [w.probability for w in ways(0, 0, 0, read, [alone])] == pytest.approx([w.probability for w in blind])


def test_an_override_on_a_comment_without_a_known_parent_means_the_post() -> None:
    found = speakers(comment("1", "a", "So it is.", "missing"), overrides={"csv:#1": "agree"})
    assert stances(found) == ["agree"]


def test_thumbs_are_declared_voices_of_those_who_said_nothing_known() -> None:
    found = speakers(
        comment("1", "a", "Disagree: no."),
        comment("2", "b", "42!"),
        thumbs=(
            Reaction("+1", "a"), Reaction("+1", "b"), Reaction("-1", "c"), Reaction("+1", None, 40),
            Reaction("heart", "d"), Reaction("+1", "e"), Reaction("-1", "e"),
        ),
    )  # fmt: skip
    assert [(v.voice.key, v.voice.reading.stance) for v in found] == [
        ("a", "disagree"),
        ("b", "agree"),
        ("c", "disagree"),
    ]


def test_unnamed_people_are_known_for_no_more_than_the_named_are_or_for_four() -> None:
    opinions = [
        f"Disagree: {word} and nothing else of it." for word in ("rain", "snow", "hail", "fog", "sun", "wind", "ice")
    ]
    unnamed = [comment(f"u{i}", None, text) for i, text in enumerate(opinions)]
    assert [v.voice.reading.how for v in speakers(*unnamed)] == ["declared"] * 4 + ["unknown"] * 3
    named = [comment(f"n{i}", f"k{i}", "Agree: yes.") for i in range(6)]
    known = [v for v in speakers(*named, *unnamed) if v.voice.reading.how == "declared"]
    assert sum(v.voice.key is None for v in known) == 6


def test_the_same_words_without_a_name_are_one_voice() -> None:
    named = [comment(f"n{i}", f"k{i}", "Agree: yes.") for i in range(10)]
    found = speakers(*named, *(comment(f"u{i}", None, f"Disagree: no. {i}") for i in range(20)))
    assert len(found) == 11
    assert stances(found).count("disagree") == 1
