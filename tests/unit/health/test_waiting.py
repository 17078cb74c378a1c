from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import pytest
from talk import MONDAY, POST, WORDY, SameReader, comment, thread

from mkdocs_echo_plugin.health.questions import asking
from mkdocs_echo_plugin.health.waiting import waiting
from mkdocs_echo_plugin.model import Answers, Comment, Open, Probabilities, Stance
from mkdocs_echo_plugin.stance import Tags
from mkdocs_echo_plugin.stance.edges import edges
from mkdocs_echo_plugin.stance.voices import towards_post, voices
from mkdocs_echo_plugin.threads import clean

OBJECTION = f"Disagree: {WORDY}."
QUESTION = "How deep is the well?"
NEUTRAL = Probabilities(0.04, 0.93, 0.03)


def judged(
    *comments: Comment,
    overrides: Mapping[str, Stance] | None = None,
    says: Probabilities = NEUTRAL,
    open: bool = True,
    questions: bool = True,
    **more: object,
) -> tuple[Open, Answers]:
    cleaned = clean(thread(*comments, open=open, **more))
    found = edges(cleaned, post=POST, reader=SameReader(says), tags=Tags(), overrides=overrides or {})
    speakers = voices(cleaned.remarks, found, towards_post(cleaned.remarks, found))
    return waiting(cleaned, found, speakers, questions=questions)


def waits(*comments: Comment, **more: object) -> list[tuple[str, str]]:
    return [(w.kind, w.comment_id) for w in judged(*comments, **more)[0].waiting]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "text",
    [QUESTION, "Nice post. How did you do that? Thanks!", "Does anyone know where to get the rope?",
     "I installed it and nothing happens. Am I missing something?", "Any help would be appreciated.",
     "> quoted\nIs this still true?", "Can you share the whole plan?"],
)  # fmt: skip
def test_a_question_that_somebody_should_answer_is_one(text: str) -> None:
    assert asking(clean(thread(comment("1", "a", text))).remarks[0].words)


@pytest.mark.parametrize(
    "text",
    ["The rope is too short.", '"How deep is it?" is what she asked.', "Who needs a well, anyway?!", "Really? It is dry.",
     "Is it deep? :-)", "Run `is_deep?` first.", "> How deep is it?\nVery.", "A good idea, isn't it?",
     "What's wrong with buckets?", "Why would anyone pay for that?"],
)  # fmt: skip
def test_rhetoric_jokes_quotations_and_code_ask_nothing(text: str) -> None:
    assert not asking(clean(thread(comment("1", "a", text))).remarks[0].words)


def test_a_question_that_reads_as_taking_a_side_does_not_wait_unless_it_pleads() -> None:
    perhaps = Probabilities(0.2, 0.6, 0.2)
    assert waits(comment("1", "a", QUESTION), says=perhaps) == []
    assert waits(comment("1", "a", "Does anyone know how deep it is?"), says=perhaps) == [("question", "1")]
    assert waits(comment("1", "a", "Does anyone know how deep it is?"), says=Probabilities(0.8, 0.1, 0.1)) == []


def test_a_question_by_a_reader_that_tells_them_badly_is_for_the_author_alone() -> None:
    found, _ = judged(comment("1", "a", QUESTION), questions=False)
    assert (found.questions, found.waiting) == (0, ())
    assert [w.kind for w in found.author_only] == ["question"]


def test_where_nobody_links_replies_and_the_author_never_writes_the_answer_may_be_among_the_later_ones() -> None:
    others = [comment(str(i), f"k{i}", "I was there.") for i in range(2, 8)]
    assert len(waits(comment("1", "a", QUESTION), *others[:5])) == 1
    assert waits(comment("1", "a", QUESTION), *others) == []


def test_a_declared_dissent_with_a_reason_is_an_objection_and_a_bare_one_is_none() -> None:
    assert waits(comment("1", "a", OBJECTION), comment("2", "b", "-1")) == [("objection", "1")]
    assert judged(comment("1", "a", OBJECTION))[1] == Answers(objections=1, answered=0)


def test_what_the_site_s_author_marks_as_dissent_is_an_objection() -> None:
    told = comment("1", "a", f"Hardly, {WORDY}.")
    assert waits(told) == []
    assert waits(told, key="well", overrides={"csv:well#1": "disagree"}) == [("objection", "1")]


def test_a_dissent_that_was_read_is_for_the_author_alone() -> None:
    found, answers = judged(comment("1", "a", f"I see it otherwise, {WORDY}."), says=Probabilities(0.9, 0.05, 0.05))
    assert (found.waiting, answers.objections) == ((), 0)
    assert [w.kind for w in found.author_only] == ["dissent"]


def test_a_comment_without_a_reply_is_for_the_author_alone() -> None:
    found, _ = judged(comment("1", "a", f"I was there, {WORDY}."))
    assert (found.waiting, [w.kind for w in found.author_only]) == ((), ["comment"])


def test_a_voice_that_repeats_itself_in_a_sub_thread_objects_once() -> None:
    _, answers = judged(comment("1", "a", OBJECTION), comment("2", "a", f"Disagree: again, {WORDY}.", "1"))
    assert answers.objections == 1


@pytest.mark.parametrize("asked", [QUESTION, OBJECTION])
def test_a_reply_by_somebody_else_answers_and_one_s_own_does_not(asked: str) -> None:
    assert waits(comment("1", "a", asked), comment("2", "b", "Ten metres.", "1")) == []
    assert len(waits(comment("1", "a", asked), comment("2", "a", "Anybody.", "1"))) == 1


def test_a_later_comment_that_calls_or_quotes_the_writer_answers() -> None:
    assert waits(comment("1", "a", QUESTION), comment("2", "b", "@Ada ten metres.", addressed="a")) == []
    assert waits(comment("1", "a", QUESTION), comment("2", "b", f"> {QUESTION}\nTen metres.")) == []
    assert waits(comment("1", "a", QUESTION), comment("2", "b", '"How deep is the well" - ten metres.')) == []
    assert len(waits(comment("1", "b", "@Ada hello.", addressed="a"), comment("2", "a", QUESTION))) == 1


def test_where_replies_are_not_linked_the_post_s_author_writing_later_answers() -> None:
    author = comment("2", "x", "Ten metres.", author_role="author")
    assert waits(comment("1", "a", QUESTION), author) == []
    assert len(waits(comment("3", "a", QUESTION), author)) == 1
    assert len(waits(comment("1", "a", QUESTION), comment("2", "b", "Nice well."))) == 1


def test_where_the_venue_does_not_say_what_a_reply_answers_nothing_surely_waits() -> None:
    asked = "Does anyone know how deep it is?"  # not read: nobody knows what it replies to
    flat = [comment("1", "a", "I was there."), comment("2", "b", asked, "1", parent_exact=False)]
    assert len(waits(*flat)) == 1
    assert waits(*flat, comment("3", "c", "Ten metres.", "1", parent_exact=False)) == []


def test_nothing_waits_in_a_closed_thread_or_for_more_than_a_year() -> None:
    assert waits(comment("1", "a", QUESTION), open=False) == []
    assert waits(comment("1", "a", QUESTION), locked=True) == []
    late = comment("2", "b", "Nice well.", created=MONDAY + timedelta(days=400))
    assert waits(comment("1", "a", QUESTION), late) == []
    assert waits(comment("1", "a", QUESTION), fetched_at=MONDAY + timedelta(days=400)) == []


def test_without_a_date_nobody_knows_how_long_it_waits_and_the_author_of_the_post_never_does() -> None:
    assert waits(comment("1", "a", QUESTION, created=None)) == []
    assert waits(comment("1", "a", QUESTION, author_role="author")) == []


def test_the_longest_waiting_comes_first_and_both_kinds_are_counted() -> None:
    found, _ = judged(
        comment("1", "a", QUESTION), comment("2", "b", OBJECTION), comment("3", "c", QUESTION + " Today?")
    )
    assert [w.comment_id for w in found.waiting] == ["1", "2", "3"]
    assert (found.questions, found.objections) == (2, 1)


def test_the_time_to_the_first_reply_is_the_median_over_comments_that_have_one() -> None:
    _, answers = judged(
        comment("1", "a", "One."), comment("2", "b", "Two."), comment("3", "c", "Three.", "1"),
        comment("4", "d", "Four.", "1"), comment("6", "e", "Six.", "2"),
    )  # fmt: skip
    assert answers.time_to_first_reply == 3 * 3600  # two hours and four
    assert judged(comment("1", "a", "One."))[1].time_to_first_reply is None


def test_a_short_line_by_nobody_with_a_name_answers_nothing() -> None:
    filler = replace(comment("2", "x", "Ok thanks", "1"), author_key=None)
    real = replace(comment("2", "x", "It is nine metres deep, says the plan from 1911.", "1"), author_key=None)
    assert waits(comment("1", "a", QUESTION), filler) == [("question", "1")]
    assert waits(comment("1", "a", QUESTION), real) == []
