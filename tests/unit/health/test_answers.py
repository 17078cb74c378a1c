from __future__ import annotations

from datetime import timedelta

from talk import MONDAY, POST, WORDY, SameReader, comment, thread

from mkdocs_echo_plugin.health.answers import answers
from mkdocs_echo_plugin.model import Answers, Comment, Probabilities
from mkdocs_echo_plugin.stance import Tags
from mkdocs_echo_plugin.stance.edges import edges
from mkdocs_echo_plugin.stance.voices import towards_post, voices
from mkdocs_echo_plugin.threads import clean

DISSENT = f"Disagree: {WORDY}."
ASSENT = f"Agree: {WORDY}."


def judged(*comments: Comment, says: Probabilities | None = None, **more: object) -> Answers:
    more.setdefault("open", True)
    cleaned = clean(thread(*comments, **more))
    reader = SameReader(says)
    found = edges(cleaned, post=POST, reader=reader, tags=Tags(), overrides={})
    return answers(cleaned, found, voices(cleaned.remarks, found, towards_post(cleaned.remarks, found, reader.pi)))


def test_an_unanswered_dissent_waits() -> None:
    found = judged(comment("1", "a", DISSENT, url="https://example.org/#c1"))
    assert (found.dissents, found.answered) == (1, 0)
    (waiting,) = found.waiting
    assert (waiting.kind, waiting.comment_id, waiting.url, waiting.since, waiting.declared) == (
        "dissent", "1", "https://example.org/#c1", "2026-03-02T09:00:00Z", True,
    )  # fmt: skip


def test_the_author_or_another_stance_answers_and_the_like_minded_do_not() -> None:
    assert judged(comment("1", "a", DISSENT), comment("2", "me", WORDY, "1", author_role="author")).answered == 1
    assert judged(comment("1", "a", DISSENT), comment("2", "b", f"Agree: so it is, {WORDY}", "1")).answered == 0
    assert judged(comment("1", "a", DISSENT), comment("2", "b", f"Disagree: it is not, {WORDY}", "1")).answered == 1
    assert judged(comment("1", "a", DISSENT), comment("2", "a", f"Disagree: and {WORDY}", "1")).answered == 0


def test_a_short_or_heated_reply_is_no_answer() -> None:
    assert judged(comment("1", "a", DISSENT), comment("2", "me", "Thank you.", "1", author_role="author")).answered == 0
    insult = f"You are an idiot, {WORDY}."
    assert judged(comment("1", "a", DISSENT), comment("2", "me", insult, "1", author_role="author")).answered == 0


def test_once_answered_it_does_not_wait_again() -> None:
    found = judged(
        comment("1", "a", DISSENT),
        comment("2", "me", WORDY, "1", author_role="author"),
        comment("3", "a", DISSENT + " So.", "2"),
    )
    assert (found.dissents, found.answered) == (1, 1)
    assert not [w for w in found.waiting if w.kind == "dissent"]


def test_an_answer_elsewhere_is_none_here() -> None:
    found = judged(
        comment("1", "a", DISSENT), comment("2", "b", ASSENT), comment("3", "me", WORDY, "2", author_role="author")
    )
    assert (found.dissents, found.answered) == (1, 0)


def test_a_dissent_is_substantial_calm_and_not_the_author_s() -> None:
    assert judged(comment("1", "a", "Disagree: no.")).dissents == 0
    assert judged(comment("1", "a", f"Disagree: you idiot, {WORDY}")).dissents == 0
    assert judged(comment("1", "b", ASSENT), comment("2", "me", DISSENT, "1", author_role="author")).dissents == 0


def test_a_dissent_is_read_only_where_the_reader_is_sure() -> None:
    text = f"It is not, {WORDY}"
    (waiting,) = judged(comment("1", "a", text), says=Probabilities(0.7, 0.2, 0.1)).waiting
    assert (waiting.kind, waiting.declared) == ("dissent", False)
    assert judged(comment("1", "a", text), says=Probabilities(0.69, 0.2, 0.11)).dissents == 0


def test_nothing_waits_where_no_reply_is_possible() -> None:
    assert judged(comment("1", "a", DISSENT), open=False).waiting == ()
    assert judged(comment("1", "a", DISSENT), locked=True).waiting == ()


def test_nothing_waits_after_a_year() -> None:
    assert judged(comment("1", "a", DISSENT), fetched_at=MONDAY + timedelta(days=367)).waiting == ()
    assert len(judged(comment("1", "a", DISSENT), fetched_at=MONDAY + timedelta(days=360)).waiting) == 1
    later = comment("2", "b", "Agree: fine.", created=MONDAY + timedelta(days=400))
    assert judged(comment("1", "a", DISSENT), later).waiting == ()


def test_a_question_that_nobody_replied_to_waits() -> None:
    found = judged(comment("1", "a", "Is it deep?"), comment("2", "b", "> Is it deep?\nWell."), comment("3", "c", "How deep?"),
                   comment("4", "d", "Nine metres.", "3"))  # fmt: skip
    assert found.questions == 1
    assert [(w.kind, w.comment_id) for w in found.waiting] == [("question", "1")]


def test_calling_somebody_by_name_is_a_reply() -> None:
    assert judged(comment("1", "a", "Is it deep?"), comment("2", "b", "@a nine metres", addressed="a")).questions == 0


def test_where_the_venue_hides_who_replies_to_whom_nothing_is_said_to_wait() -> None:
    flat = [comment(str(i), f"k{i}", f"Is it deep, number {i}?", parent_exact=False) for i in range(3)]
    assert [w.comment_id for w in judged(*flat).waiting] == ["2"]


def test_what_waits_longest_comes_first() -> None:
    found = judged(comment("3", "c", DISSENT), comment("1", "a", "Is it deep?"), comment("2", "b", WORDY))
    assert [(w.kind, w.comment_id) for w in found.waiting] == [("question", "1"), ("comment", "2"), ("dissent", "3")]
