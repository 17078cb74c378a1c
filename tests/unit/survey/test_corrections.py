from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from talk import POST, WORDY, comment, thread

from mkdocs_echo_plugin.health.correction import FROM_LABELS, Label, corrected, correction
from mkdocs_echo_plugin.model import Comment, Post, Probabilities, Settings, Stance
from mkdocs_echo_plugin.survey.corrections import Corrections, corrections, learned
from mkdocs_echo_plugin.survey.records import LazyThread, to_lazy_thread

ONE = {"well.md": [comment("1", "ada", f"I doubt it {WORDY}."), comment("7", "bob", f"I like it {WORDY}.")]}
TWO = {**ONE, "rope.md": [comment("1", "cy", f"I doubt it {WORDY}.")]}


def threads(posts: Mapping[str, list[Comment]]) -> dict[str, tuple[LazyThread, ...]]:
    """An Isso thread for each post, named by the post."""
    return {
        path: (to_lazy_thread(thread(*said, platform="isso", key=f"/{path[:-3]}/")),) for path, said in posts.items()
    }


def fits(overrides: Mapping[str, Stance], *, all_seen: bool = True) -> Corrections:
    return corrections(overrides, threads(TWO), all_seen=all_seen)


def test_a_whole_key_means_the_comment_of_its_thread_alone() -> None:
    found = fits({"isso:/well/#1": "agree"})
    assert found.by_post == {"well.md": {"isso:/well/#1": "agree"}}
    assert found.warnings == ()


def test_a_key_that_matches_nothing_is_a_warning() -> None:
    found = fits({"isso:/well/#2": "agree", "disqus:/well/#1": "agree", "isso:/wel/#1": "agree"})
    assert found.by_post == {}
    (line,) = found.warnings
    assert "'isso:/well/#2', 'disqus:/well/#1', 'isso:/wel/#1': no comment of this site" in line
    assert "review --list" in line


def test_a_bare_id_that_one_comment_of_the_site_has_is_used_with_a_warning() -> None:
    found = fits({"7": "disagree"})
    assert found.by_post == {"well.md": {"isso:/well/#7": "disagree"}}
    assert "'7 -> isso:/well/#7'" in found.warnings[0]


def test_a_bare_id_of_two_comments_is_ignored_with_a_warning() -> None:
    found = fits({"1": "disagree"})
    assert found.by_post == {}
    assert "several comments have this id" in found.warnings[0]


def test_nothing_is_said_to_be_lost_while_a_thread_could_not_be_read() -> None:
    assert fits({"isso:/gone/#2": "agree"}, all_seen=False).warnings == ()


def test_many_wrong_keys_are_one_line() -> None:
    (line,) = fits({f"isso:/well/#x{n}": "agree" for n in range(500)}).warnings
    assert "and 497 more" in line
    assert len(line) < 400


def test_an_id_with_signs_of_json_and_yaml_is_found() -> None:
    odd = 'a"b\\#c: é'
    known = threads({"well.md": [comment(odd, "ada", WORDY)]})
    assert corrections({f"isso:/well/#{odd}": "agree"}, known).by_post == {"well.md": {f"isso:/well/#{odd}": "agree"}}


def test_a_comments_words_are_not_taken_for_its_id() -> None:
    known = threads({"well.md": [comment("1", "ada", 'He wrote "id":"9" there')]})
    assert corrections({"isso:/well/#9": "agree"}, known).by_post == {}


def labels(many: int, said: Stance) -> list[Label]:
    return [Label(Probabilities(0.1, 0.3, 0.6), said)] * many


def test_a_few_labels_correct_nothing() -> None:
    assert correction(labels(FROM_LABELS - 1, "neutral")) == {}


def test_a_reader_that_is_often_wrong_is_believed_less() -> None:
    q = Probabilities(0.1, 0.3, 0.6)
    after = corrected(q, correction(labels(FROM_LABELS, "neutral")))
    assert after.neutral > after.agree
    assert abs(sum(after) - 1) < 1e-9


def test_a_reader_that_is_as_right_as_it_says_is_left_as_it_is() -> None:
    q = Probabilities(0.1, 0.3, 0.6)
    said = [*labels(3, "disagree"), *labels(9, "neutral"), *labels(18, "agree")]
    assert all(abs(a - b) < 1e-6 for a, b in zip(corrected(q, correction(said)), q, strict=True))


def test_what_the_reader_says_nothing_was_learned_of_stays() -> None:
    q = Probabilities(0.6, 0.3, 0.1)
    assert corrected(q, correction(labels(FROM_LABELS, "agree"))) == q


def test_thirty_corrections_of_a_site_teach_something_and_twenty_nine_nothing(tmp_path: Path) -> None:
    said = [comment(str(n), f"k{n}", f"I doubt it {WORDY} {n}.") for n in range(30)]
    known = threads({POST.path: said})
    posts: list[Post] = [POST]

    def taught(many: int) -> object:
        overrides: dict[str, Stance] = {f"isso:/{POST.path[:-3]}/#{n}": "agree" for n in range(many)}
        return learned(corrections(overrides, known), posts, known, Settings(), None)

    assert taught(29) == {}
    assert taught(30) != {}
