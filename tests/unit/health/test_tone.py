"""Heat: what raises it, what does not, and what must not."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mkdocs_echo_plugin.health.tone import (
    _KIND,
    _SENTENCE,
    _YOU,
    _aimed,
    _entries,
    _lexicon,
    _plain,
    _text,
    calm,
    compile_lexicon,
    tone,
)

FILLER = "the garden needs water and shade in summer or it dries out within a week or two "


def test_no_words_have_no_tone() -> None:
    assert tone([]) is None
    assert tone([("v", "?!")]) is None


def test_two_voices_that_insult_each_other_are_worth_a_look() -> None:
    found = tone([("a", "You are an idiot and you know it."), ("b", "No, you are the moron.")])
    assert found is not None
    assert found.flag
    assert found.heat == 2.0


def test_one_voice_alone_raises_no_flag() -> None:
    found = tone([("a", "You are an idiot."), ("a", "You moron."), ("b", FILLER)])
    assert found is not None
    assert (found.aiming, found.flag) == (1, False)


@pytest.mark.parametrize(
    "text",
    [
        "Thank you so much!",
        "Bless you.",
        "Love your garden.",
        "Would you do it again?",
        "You are so kind.",
        "Hope you both enjoy it.",
    ],
)
def test_thanks_praise_wishes_and_questions_are_not_aimed_at_anybody(text: str) -> None:
    found = tone([("a", text), ("b", text)])
    assert found is not None
    assert found.you == 0


def test_kind_words_do_not_cover_the_rest_of_the_sentence() -> None:
    found = tone([("a", "Love your idea but you know nothing.")])
    assert found is not None
    assert found.aiming == 1


def test_the_formula_is_the_one_that_is_documented() -> None:
    text = "leaf " * 96 + "you are wrong maybe"  # 100 words: 1 you-word, 1 hedge
    found = tone([("a", text)])
    assert found is not None
    assert (found.you, found.hedges, found.insults) == (1.0, 1.0, 0.0)
    assert found.heat == pytest.approx(1 / 4 - 0.5 * (1 / 1.5))


@pytest.mark.parametrize(
    "term",
    [
        "gay Muslim",
        "Black",
        "trans",
        "Jewish",
        "disabled",
        "autistic",
        "lesbian",
        "Mexican",
        "queer",
        "deaf",
        "atheist",
        "old",
    ],
)
def test_who_somebody_is_does_not_change_the_tone(term: str) -> None:
    with_term, without = tone([("a", f"as a {term} man I disagree")]), tone([("a", "as a man I disagree")])
    assert with_term is not None
    assert without is not None
    assert (with_term.heat, with_term.flag) == (without.heat, without.flag)
    assert calm(f"as a {term} man I disagree")


@pytest.mark.parametrize(
    "text", ["ain't nobody got time for that", "y'all finna be sick", "damn, that's dope", "my ass is tired"]
)
def test_dialect_is_no_insult(text: str) -> None:
    assert calm(text)


def test_parts_of_words_are_no_insults() -> None:
    assert calm("The arsenal in Scunthorpe has a classic cockpit and a hedgehog.")
    assert not calm("What an IDIOT.")
    assert not calm("shut  up")


def test_a_lexicon_is_a_plain_file(tmp_path: Path) -> None:
    path = tmp_path / "mine.txt"
    path.write_text("# mine\nblockhead*\nhalf wit # two words\n\n")
    pattern = compile_lexicon(path)
    assert pattern.findall("blockheads and a half  wit, not a half") == ["blockheads", "half  wit"]
    path.write_text("# none\n")
    assert compile_lexicon(path).search("anything") is None


@given(st.lists(st.tuples(st.sampled_from("abc"), st.text(max_size=80)), max_size=6))
def test_heat_stays_within_its_bounds_whatever_is_said(remarks: list[tuple[str, str]]) -> None:
    found = tone(remarks)
    assert found is None or -0.5 <= found.heat <= 2.0


def test_a_five_megabyte_comment_takes_no_time() -> None:
    found = tone([("a", "you " * 1_250_000)])
    assert found is not None
    assert found.you == 100.0


_ENTRIES = _entries(_text("insults"))


@given(
    st.lists(st.sampled_from(["you", "a", "not", "x'", "3", "_", "é", "I", *_ENTRIES]), max_size=8),
    st.sampled_from([" ", "-", "'", "\n", "s ", "_", "x"]),
)
def test_looking_at_the_first_letters_only_hides_no_insult(words: list[str], between: str) -> None:
    text = between.join(word.replace("*", "ty") for word in words)
    assert calm(text) is (_lexicon("insults").search(_plain(text)) is None)


@given(st.text(alphabet="yourselfYOU'’ .?!thank lovég\n", max_size=80))
def test_looking_for_a_you_first_hides_none(text: str) -> None:
    plain = _plain(text)
    sentences = [s for s in _SENTENCE.findall(plain) if not s.endswith("?")]
    assert _aimed(plain) == sum(len(_YOU.findall(_KIND.sub(" ", s))) for s in sentences)
