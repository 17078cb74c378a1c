from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from time import perf_counter, process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from talk import MONDAY, WORDY, comment, thread

from mkdocs_echo_plugin.model import Comment, Thread
from mkdocs_echo_plugin.threads import _WORD, clean, count_words, first_of_same_words, own_words, quoted_words, words_of

WHEN = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "own"),
    [
        ("> You are wrong.\nI agree.", "I agree."),
        ("&gt; You are wrong.\nI agree.", "I agree."),
        ("before\n```\nif you: disagree()\n```\nafter", "before\n \nafter"),
        ("before\n```\nnever closed", "before"),
        ("use `you are wrong` here", "use   here"),
        ("see [the study](https://example.org/a_(b)) now", "see [the study](  now"),
        ("see [the study](https://example.org/a) now", "see the study now"),
        ("see https://example.org/you-are-wrong now", "see   now"),
        ("a > b and b < c", "a > b and b < c"),
        ("", ""),
    ],
)
def test_own_words_are_without_quotes_code_and_links(text: str, own: str) -> None:
    assert own_words(text) == own


def test_quoted_lines_are_kept_apart() -> None:
    assert quoted_words("> first\n>second\nmine\n&gt; third") == "first\nsecond\nthird"


@pytest.mark.parametrize("piece", ["`", "[", "](", "> ", "```\n", "www.", "~~~", "[a]("])
def test_text_made_to_slow_a_pattern_down_does_not(piece: str) -> None:
    start = perf_counter()
    own_words(piece * 100_000)
    assert perf_counter() - start < 5


def test_words_are_letters_with_inner_apostrophes() -> None:
    assert count_words("I don't, 42 times — naïve café!") == 5


def test_what_is_left_out_is_counted() -> None:
    cleaned = clean(
        thread(
            comment("1", "a", "hello"),
            comment("2", "b", "", state="deleted"),
            comment("3", "b", "spam", state="hidden"),
            comment("4", "c", "held", state="pending"),
            comment("5", None, "ping", kind="pingback"),
            comment("6", None, "liked", kind="like"),
            comment("7", "bot", "stale", author_role="bot"),
        )
    )
    counts = cleaned.counts
    assert (counts.read, counts.deleted, counts.pending, counts.pings, counts.bots) == (1, 2, 1, 2, 1)
    assert [r.comment.id for r in cleaned.remarks] == ["1"]


def test_a_comment_sent_twice_counts_once_and_keeps_the_replies_to_both() -> None:
    cleaned = clean(
        thread(
            comment("1", "a", "I think so."),
            comment("2", "a", "I  think so. "),
            comment("3", "b", "Why?", "2"),
            comment("3", "c", "the same id again"),
        )
    )
    assert [(r.comment.id, r.parent, r.broken) for r in cleaned.remarks] == [("1", None, False), ("3", 0, False)]


def test_two_unnamed_people_may_say_the_same() -> None:
    assert clean(thread(comment("1", None, "Thanks"), comment("2", None, "Thanks"))).counts.read == 2


def test_a_reply_to_a_deleted_comment_hangs_higher_and_is_marked() -> None:
    cleaned = clean(
        thread(comment("1", "a", "one"), comment("2", "b", "", "1", state="deleted"), comment("3", "c", "three", "2"))
    )
    assert [(r.parent, r.root, r.broken) for r in cleaned.remarks] == [(None, 0, False), (0, 0, True)]


def test_a_reply_to_nobody_is_a_root_and_is_marked() -> None:
    (only,) = clean(thread(comment("1", "a", "one", "missing"))).remarks
    assert (only.parent, only.root, only.broken) == (None, 0, True)


@pytest.mark.parametrize("length", [1, 2, 3, 7])
def test_a_loop_is_cut(length: int) -> None:
    loop = [comment(str(i), f"k{i}", f"number {i}", str((i + 1) % length)) for i in range(length)]
    remarks = clean(thread(*loop, comment("9", "z", "below the loop", "0"))).remarks
    assert all(r.parent is None and r.broken for r in remarks[:length])
    assert (remarks[-1].parent, remarks[-1].broken) == (0, False)


def test_a_chain_of_a_hundred_thousand_replies_is_read_in_seconds() -> None:
    start = perf_counter()
    chain = [
        comment(str(i), f"k{i % 7}", f"reply {i}", str(i - 1) if i else None, created=MONDAY) for i in range(100_000)
    ]
    remarks = clean(thread(*chain)).remarks
    assert len(remarks) == 100_000
    assert {r.root for r in remarks} == {next(i for i, r in enumerate(remarks) if r.comment.id == "0")}
    assert perf_counter() - start < 30


def test_a_chain_of_deleted_comments_is_climbed_once_each() -> None:
    start = perf_counter()
    dead = [comment(str(i), None, "", str(i - 1) if i else None, state="deleted") for i in range(5_000)]
    alive = [comment(f"a{i}", f"k{i}", f"alive {i}", "4999") for i in range(2_000)]
    assert clean(thread(*dead, *alive)).counts.read == 2_000
    assert perf_counter() - start < 10


def test_where_the_venue_flattens_the_name_or_the_words_tell_the_parent() -> None:
    remarks = clean(
        thread(
            comment("1", "ann", "The well should stay."),
            comment("2", "bob", "It costs too much every single year.", "1", parent_exact=False),
            comment("3", "cid", "@bob does it?", "1", parent_exact=False, addressed="bob"),
            comment("4", "dan", "> costs too much every single year\nNo.", "1", parent_exact=False),
            comment("5", "eve", "I wonder.", "1", parent_exact=False),
        )
    ).remarks
    assert [(r.parent, r.broken) for r in remarks] == [(None, False), (0, True), (1, False), (1, False), (0, True)]


@given(st.permutations(range(8)))
def test_the_order_in_which_the_venue_lists_siblings_does_not_matter(order: list[int]) -> None:
    told = [comment(str(i), f"k{i % 5}", f"{WORDY} {i}", str(i // 3) if i else None) for i in range(8)]
    assert clean(thread(*(told[i] for i in order))).remarks == clean(thread(*told)).remarks


@given(st.lists(st.tuples(st.integers(0, 9), st.none() | st.integers(0, 12)), max_size=12))
def test_whatever_the_parents_every_chain_ends(told: list[tuple[int, int | None]]) -> None:
    comments = [
        comment(str(id), f"k{id}", f"text {n}", None if up is None else str(up)) for n, (id, up) in enumerate(told)
    ]
    remarks = clean(thread(*comments)).remarks
    for remark in remarks:
        seen, at = 0, remark.parent
        while at is not None and seen <= len(remarks):
            seen, at = seen + 1, remarks[at].parent
        assert at is None
        assert remarks[remark.root].parent is None


@given(st.sampled_from(["deleted", "hidden", "pending"]))
def test_a_comment_that_nobody_sees_changes_nothing_but_its_count(state: str) -> None:
    seen = thread(comment("1", "a", "one"), comment("2", "b", "two", "1"))
    with_it = replace(seen, comments=(*seen.comments, comment("3", "c", "three", state=state)))
    assert clean(with_it).remarks == clean(seen).remarks


def test_undated_comments_keep_the_order_of_their_venue() -> None:
    told = [comment(i, i, f"says {i}", created=None) for i in ("9", "10", "1")]
    assert [r.comment.id for r in clean(thread(*told)).remarks] == ["9", "10", "1"]


@given(st.text(alphabet=st.characters(max_codepoint=0x17F), max_size=60))
def test_the_words_of_ascii_are_those_of_any_text(text: str) -> None:
    assert words_of(text) == _WORD.findall(text)


# -- unnamed people who say the same


def unnamed(*texts: str) -> list[str]:
    comments = tuple(Comment(str(i), text=text) for i, text in enumerate(texts))
    return [remark.speaker for remark in clean(Thread("isso", comments=comments)).remarks]


LONG = "I hold that this is not so, since the numbers of the last three years say otherwise, and nobody has shown why"


@pytest.mark.parametrize("texts", [
    ["Disagree: no."] * 6,
    ["Disagree: no. 1", "Disagree: no. 2", "disagree, NO!", "No. Disagree:", "Disagree: \uff4e\uff4f"],
    [LONG, f"{LONG} they err", f"Indeed {LONG}", " ".join(reversed(LONG.split()))],
    [f"{LONG} {i}" for i in range(50)],
    ["\U0001f44e"] * 3,
])  # fmt: skip
def test_unnamed_comments_with_nearly_the_same_words_are_one_speaker_s(texts: list[str]) -> None:
    assert len(set(unnamed(*texts))) == 1


def test_unnamed_comments_with_other_words_are_other_speakers() -> None:
    assert len(set(unnamed("Agree: yes.", "Disagree: no.", LONG, "It rained there for nine days last summer"))) == 4


def test_named_people_who_say_the_same_stay_as_many_as_they_are() -> None:
    comments = tuple(Comment(str(i), author_key=f"k{i}", text="Agree: yes.") for i in range(5))
    assert len({remark.speaker for remark in clean(Thread("isso", comments=comments)).remarks}) == 5


@pytest.mark.parametrize("same", [True, False])
def test_many_unnamed_comments_are_looked_at_in_linear_time(same: bool) -> None:
    def seconds(n: int) -> float:
        texts = {i: f"{LONG} {'' if same else f'w{chr(97 + i % 26)}{chr(97 + i // 26 % 26)} ' * 9}" for i in range(n)}
        began = process_time()
        first_of_same_words(texts)
        return process_time() - began

    assert seconds(8_000) < 20 * max(seconds(1_000), 0.1)


# -- threads of any form are cleaned in linear time


def in_form(form: str, n: int) -> Thread:
    def parent(i: int) -> str | None:
        return {
            "chain": str(i - 1) if i else None, "star": "0" if i else None, "flat star": "0" if i else None,
            "loop": str((i + 1) % n), "deleted": str(i - 1) if i else None, "missing": f"m{i}", "twins": None,
        }[form]  # fmt: skip

    return Thread("isso", comments=tuple(
        Comment(
            str(i), parent(i), author_key=f"k{i % 97}", created=WHEN + timedelta(seconds=i),
            text="Agree: so it is" if form == "twins" else f"> words of somebody before, number {i - 1}\nno {i}",
            parent_exact=form != "flat star", state="deleted" if form == "deleted" and i % 2 else "visible",
        )
        for i in range(n)
    ))  # fmt: skip


@pytest.mark.parametrize("form", ["chain", "star", "flat star", "loop", "deleted", "missing", "twins"])
def test_eight_times_the_comments_take_no_more_than_twenty_times_the_time(form: str) -> None:
    def seconds(n: int) -> float:
        thread = in_form(form, n)
        began = process_time()
        clean(thread)
        return process_time() - began

    assert seconds(16_000) < 20 * max(seconds(2_000), 0.1)
