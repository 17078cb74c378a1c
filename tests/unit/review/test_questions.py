from __future__ import annotations

from talk import POST, WORDY, SameReader, comment, thread

from mkdocs_echo_plugin.assess import read
from mkdocs_echo_plugin.model import Health, KindFacts, Open, Probabilities, Range, Settings, Thread, Waiting
from mkdocs_echo_plugin.review.questions import Question, divergence, promise, questions, verdicts

OPINION = KindFacts("opinion", "set", 1.0)
DOUBT = Probabilities(0.3, 0.4, 0.3)
SURE = Probabilities(0.9, 0.05, 0.05)


def a_thread(many: int, declared: str = "", known: int = 0) -> Thread:
    """Comments of so many people, the last ones declared."""
    said = [f"So it goes {'abcdefghijklmnop'[n]} {WORDY}." for n in range(many)]
    said += [f"{declared}: so it is {n} and no other way." for n in range(known)]
    return thread(*(comment(str(n), f"k{n}", text) for n, text in enumerate(said)), key="well", platform="isso")


def asked(talk: Thread, says: Probabilities, kind: KindFacts = OPINION, **more: object) -> list[Question]:
    _, found = read([talk], post=POST, settings=Settings(), reader=SameReader(says))
    return questions(kind, found, Settings(), **more)  # type: ignore[arg-type]


def test_an_answer_is_worth_something_where_the_verdict_is_open() -> None:
    found = asked(a_thread(6), DOUBT)
    assert found
    assert all(0 < q.learned < 1.6 for q in found)


def test_nothing_is_asked_where_all_have_declared() -> None:
    assert asked(a_thread(0, "Agree", 8), DOUBT) == []


def test_nothing_is_asked_of_views_where_a_post_takes_no_position() -> None:
    assert asked(a_thread(6), DOUBT, KindFacts("howto", "set", 0.0)) == []


def test_what_reads_as_an_objection_is_asked_first_whatever_the_post_is() -> None:
    found = asked(a_thread(3), SURE, KindFacts("howto", "set", 0.0))
    assert [q.dissent for q in found] == [True] * 3


def test_what_was_passed_over_is_not_asked_again() -> None:
    talk = a_thread(6)
    first = asked(talk, DOUBT)[0]
    assert first.reading.key not in [q.reading.key for q in asked(talk, DOUBT, passed={first.reading.key})]


def test_the_order_is_the_same_each_time() -> None:
    talk = a_thread(7, "Disagree", 2)
    assert asked(talk, DOUBT) == asked(talk, DOUBT)


def test_nobody_is_asked_about_the_authors_own_comments() -> None:
    talk = thread(comment("1", "me", f"Thank you all {WORDY}.", author_role="author"), key="well", platform="isso")
    assert asked(talk, SURE) == []


def test_a_thread_of_a_hundred_people_is_not_tried() -> None:
    many = thread(
        *(comment(str(n), f"k{n}", f"So {'x' * (n % 50 + 1)} {'y' * (n // 50 + 1)} {WORDY}") for n in range(100))
    )
    assert asked(many, DOUBT) == []


def test_nothing_is_learned_where_nothing_changes() -> None:
    even = verdicts(Range(verdict="early"))
    sure = {"few-sides": 0.0, "several": 1.0, "one-side": 0.0}
    assert divergence(even, even) == 0
    assert divergence(sure, sure) == 0
    assert abs(divergence(sure, even) - 1.585) < 0.001


def test_posts_that_promise_most_are_those_with_objections_then_those_of_which_least_is_known() -> None:
    even = Range(verdict="unclear", p={"few-sides": 1 / 3, "several": 1 / 3, "one-side": 1 / 3})
    sure = Range(verdict="several", p={"few-sides": 0.05, "several": 0.9, "one-side": 0.05})
    objection = Open(author_only=(Waiting("dissent", "1", None, None),))
    found = [
        promise(Health("facts", kind=KindFacts("howto", "set", 0.0), range=Range(verdict="off"))),
        promise(Health("early", range=Range(verdict="early"))),
        promise(Health("several", range=sure)),
        promise(Health("unclear", range=even)),
        promise(Health("facts", kind=KindFacts("howto", "set", 0.0), range=Range(verdict="off"), open=objection)),
        promise(Health("unclear", range=even, open=objection)),
    ]
    assert found == sorted(found)
    assert found[:2] == [0, 0]
    assert found[1] < found[2] < found[3] < found[4] < found[5]
