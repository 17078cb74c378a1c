"""The embedded reader and the rule for one pair: declared, else read, else unknown."""

from __future__ import annotations

import math
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mkdocs_echo_plugin.errors import ConfigurationError
from mkdocs_echo_plugin.model import Probabilities
from mkdocs_echo_plugin.stance import StanceOf, Tags, ToRead, has_cue, load, stance_of
from mkdocs_echo_plugin.stance.features import BLOCKS, COUNTS, FIGURES, MEANT, classes, extract_features, own, tokens
from mkdocs_echo_plugin.stance.quoting import unquoted
from mkdocs_echo_plugin.stance.reader import POST_WORDS, TASKS, pack, unpack

READER = load()
PARENT = "The new bridge was far too expensive, and nobody in the village needs it."


def read(reply: str, parent: str = PARENT) -> Probabilities:
    return READER.read([ToRead(reply, parent)])[0]


def of(reply: str, parent: str = PARENT) -> StanceOf:
    return stance_of([ToRead(reply, parent)], reader=READER)[0]


@given(st.text(max_size=300), st.text(max_size=300))
@settings(deadline=None)
def test_any_two_texts_have_probabilities(parent: str, reply: str) -> None:
    p = read(reply, parent)
    assert math.isclose(sum(p), 1)
    assert min(p) > 0


def test_the_training_shares_are_given() -> None:
    assert all(math.isclose(sum(READER.pi[task]), 1, abs_tol=1e-5) for task in TASKS)
    assert READER.pi["top"].neutral > READER.pi["reply"].neutral
    assert READER.name == "embedded"


def test_plain_agreement_and_disagreement_are_told_apart() -> None:
    yes = read("Exactly, I agree. We all said so at the time and they went ahead anyway.")
    no = read("No, you are wrong. You don't live on the other side, do you?")
    assert yes.agree > 0.7
    assert no.disagree > 0.7


def test_a_batch_reads_as_one_by_one() -> None:
    items = [
        ToRead("Yes, that is true.", PARENT), ToRead("", ""), ToRead("Why do you think so?", title="A bridge", post=PARENT),
    ]  # fmt: skip
    assert READER.read(items) == [READER.read([item])[0] for item in items]
    assert READER.read([]) == []


def test_the_answer_is_the_same_to_the_bit_in_every_process() -> None:
    program = (
        "from mkdocs_echo_plugin.stance import ToRead, load; said = 'No, you are wrong: it was cheap, and we need it!';"
        "print(load().read([ToRead(said, 'It was too expensive.'), ToRead(said, title='It was too expensive')]))"
    )
    answers = {
        subprocess.run(
            [sys.executable, "-c", program], env={"PYTHONHASHSEED": seed}, capture_output=True, text=True, check=True
        ).stdout
        for seed in ("0", "1", "2")
    }
    assert len(answers) == 1


def test_a_comment_on_a_post_answers_its_title_and_its_beginning_and_a_reply_its_parent() -> None:
    top = ToRead("Yes.", title="A bridge", post="word " * 500)
    assert (top.task, top.answers) == ("top", "A bridge. " + " ".join(["word"] * POST_WORDS))
    assert (ToRead("Yes.", "").task, ToRead("Yes.", "No.").answers) == ("reply", "No.")
    assert ToRead("Yes.", post="Only text").answers == "Only text"


def test_thanks_on_a_how_to_take_no_side_and_praise_of_an_opinion_agrees() -> None:
    thanks, praise = READER.read([
        ToRead("Thanks, this helped me a lot! How do I install it on a Mac?", title="How to install Ruby", post="First, download it."),
        ToRead("I totally agree, well said. Exactly my experience.", title="Meetings are a waste of time", post="I think that we should stop."),
    ])  # fmt: skip
    assert thanks.neutral > 0.7
    assert praise.agree == max(praise)


def test_words_past_the_bound_are_not_read() -> None:
    long = "word " * 300
    assert read(long) == read(long + "no no no I disagree " * 100_000)


def test_one_endless_word_is_read_at_once() -> None:
    assert math.isclose(sum(read("a" * 5_000_000, "b" * 5_000_000)), 1)


def test_repeated_words_of_the_parent_are_not_the_repliers() -> None:
    before = tokens("nobody in the village needs it and nobody wants it")
    some = set(before)
    assert own(tokens("nobody in the village needs it. I do"), before, some) == [".", "i", "do"]
    for kept in ("nobody in the town needs it", "it needs the village and nobody"):
        assert own(tokens(kept), before, some) == tokens(kept)


def test_every_block_has_a_name_and_those_with_a_meaning_are_sets() -> None:
    blocks, _ = extract_features(PARENT, "No, it isn't.")
    assert len(blocks) == len(BLOCKS)
    assert all(isinstance(blocks[BLOCKS.index(name)], set) for name in MEANT)


@given(st.lists(st.sampled_from(sorted({*classes()[0], "bridge", "village"})), max_size=250), st.text(max_size=40))
@settings(deadline=None)
def test_every_count_has_its_place(words: list[str], text: str) -> None:
    for parent, reply in ((" ".join(words), text), (text, " ".join(words)), (" ".join(words), " ".join(words[::-1]))):
        _, counts = extract_features(parent, reply)
        assert len(counts) == COUNTS
        assert all(0 <= count < FIGURES for count in counts)


@given(st.lists(st.tuples(st.integers(-32_767, 32_767), st.integers(-32_767, 32_767)), max_size=500))
def test_sums_of_packed_weights_are_exact(weights: list[tuple[int, int]]) -> None:
    total = sum(pack(*weight) for weight in weights)
    assert unpack(total) == (sum(w[0] for w in weights), sum(w[1] for w in weights))
    # a meaning above a weight, as in the tables of words
    both = sum((pack(*weight[::-1]) << 64) + pack(*weight) for weight in weights)
    meaning, weight = unpack(both, 64)
    assert (unpack(meaning), weight) == (unpack(total)[::-1], total)


def test_an_unknown_reader_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="embedded or crossencoder"):
        load("oracle")


def test_a_declared_stance_wins() -> None:
    assert of("Disagree: exactly, I agree with all of that and more") == StanceOf(
        "disagree", Probabilities(1.0, 0.0, 0.0), "declared"
    )
    assert stance_of([ToRead("Nay: x", PARENT)], reader=READER, tags=Tags(disagree=("Nay",)))[0].how == "declared"


def test_a_short_reply_is_read_like_others_and_one_without_words_is_unknown() -> None:
    answer = of("42!")
    assert (answer.stance, answer.how) == ("unknown", "read")
    assert math.isclose(sum(answer.p), 1)
    assert of("Exactly!").stance == "agree"


def test_another_language_is_unknown() -> None:
    german = (
        "Nein, das stimmt so nicht, denn die Brücke wird von sehr vielen Leuten gebraucht, die jeden Tag über den Fluss "
        "zur Arbeit fahren und sonst einen weiten Umweg hätten."
    )
    assert of(german).stance == "unknown"


def test_quotes_code_and_links_are_not_read_as_the_repliers_words() -> None:
    plain = "I think that they needed it for the school bus, as the old one was closed."
    noisy = f"> No, you are wrong.\n\n{plain} `no, wrong` https://example.org/no/you/are/wrong"
    assert of(noisy).p == of(plain).p


def test_a_quotation_that_lost_its_line_break_is_cut_where_the_parent_ends() -> None:
    assert unquoted("> nobody in the village needs it. No, we do.", PARENT) == "No, we do"
    assert (
        unquoted(">The new bridge was far too expensive Yes. >nobody in the village needs it True", PARENT)
        == "Yes True"
    )
    assert unquoted("> something else\nI agree", PARENT) == "> something else\nI agree"
    assert unquoted("a > b, and nobody in the village needs it", PARENT) == "a > b, and nobody in the village needs it"


@given(st.text(max_size=200), st.text(max_size=200))
def test_cutting_quotations_never_fails(reply: str, parent: str) -> None:
    assert isinstance(unquoted(reply, parent), str)


@pytest.mark.parametrize("text", ["I agree", "Nope.", "this!", "Source?", "that isn't so", "\U0001f44d"])
def test_cue_words_are_found(text: str) -> None:
    assert has_cue(text)


@pytest.mark.parametrize("text", ["", "see you on Monday", "nothing to add", "I know this place"])
def test_other_words_are_no_cues(text: str) -> None:
    assert not has_cue(text)


@given(st.text(alphabet=st.characters(max_codepoint=127), max_size=100))
def test_the_shortcut_for_ascii_finds_the_same_tokens(text: str) -> None:
    assert tokens(text) == tokens(text + " \u2019")[: len(tokens(text))]
