"""How the thread-level estimate is fitted and judged, on a small scale."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mkdocs_echo_plugin.health.estimate import Counts, Trust, priors, ways
from mkdocs_echo_plugin.health.verdict import Division
from mkdocs_echo_plugin.model import Comment, Probabilities, Thread
from mkdocs_echo_plugin.serialize import thread_to_dict
from training import threads, trust, waiting_marks
from training.judge import judge, reliability, said_with
from training.whole_threads import Case, debates, gold, labelled

TRUST = Trust(Counts(3.0, 4.0, 2.0), Counts(1.5, 5.0, 1.0), sharpness=0.9, shared=0.1, useless=0.1, sure=0.8)
SURE = {"disagree": 0.03, "neutral": 0.94, "agree": 0.03}
FOR_IT = {"disagree": 0.1, "neutral": 0.3, "agree": 0.6}


def lines(path: Path, rows: Iterable[dict[str, Any]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    text = "".join(json.dumps(row) + "\n" for row in rows)
    path.write_bytes(gzip.compress(text.encode()) if path.suffix == ".gz" else text.encode())


@pytest.fixture
def data(tmp_path: Path) -> tuple[Path, Path]:
    """Twelve labelled posts of two blogs that lie in two folds, one gold thread, one debate; and what a reader said of them."""
    given, readings = tmp_path / "data", tmp_path / "readings"
    rows = [
        {"group": f"g{g}", "blog": "ploeh" if g % 2 else "bill", "kind": "top", "label": label, "mine": FOR_IT if label == "agree" else SURE}
        for g in range(12)
        for label in (["agree"] * 4 + ["neutral"] * 2 if g % 3 == 0 else ["neutral"] * 6)
    ]  # fmt: skip
    gold_row = {"group": "ff", "blog": "blog 0", "kind": "top", "label": "agree", "mine": FOR_IT}
    lines(readings / "stance_oof.jsonl", [*rows, *[gold_row] * 6])
    lines(
        given / "blog/posts.jsonl.gz",
        [{"group": f"g{g}", "kind": "opinion" if g % 3 == 0 else "howto"} for g in range(12)],
    )
    lines(readings / "posts_oof.jsonl", [{"thread": "well", "group": "ff", "p": {"opinion": 0.2}}])
    comments = tuple(
        Comment(id=str(i), author_key=f"v{i}", text="How deep is it?" if i == 5 else "Fine.") for i in range(6)
    )
    written = thread_to_dict(Thread("csv", comments=comments, open=True), anonymise=False)
    (given / "gold_threads/gold").mkdir(parents=True)
    (given / "gold_threads/threads").mkdir()
    (given / "gold_threads/threads/well.json").write_text(json.dumps(written))
    marks = {
        "group": "ff", "thread_file": "threads/well.json", "source_repo": "me/blog", "sample": "random",
        "voices": [{"v": f"v{i}", "stance": "neutral", "second": "neutral", "comments": [str(i)]} for i in range(6)],
        "comments": [{"comment_id": str(i), "question": i == 5, "answered": False} for i in range(6)],
    }  # fmt: skip
    (given / "gold_threads/gold/well.json").write_text(json.dumps(marks))
    lines(readings / "gold.jsonl", [{"thread": "well", "id": str(i), "mine": SURE} for i in range(6)])
    told = [{"id": f"d{i}", "group": "d", "title": "Is it?", "stance": 1 + i % 2} for i in range(6)]
    lines(given / "blog/debates.jsonl.gz", told)
    lines(readings / "debates.jsonl", [{"id": row["id"], "mine": SURE} for row in told])
    return given, readings


def test_gold_threads_are_left_out_of_what_is_fitted_on(data: tuple[Path, Path]) -> None:
    cases = labelled(*data, "mine")
    assert {case.name for case in cases} == {f"g{g}" for g in range(12)}
    assert {case.counts for case in cases} == {(4, 2, 0), (0, 6, 0)}
    assert {case.position for case in cases} == {0.0, 1.0}


def test_a_gold_thread_goes_through_the_product_s_own_voices(data: tuple[Path, Path]) -> None:
    (case,) = gold(*data, "mine")
    assert (case.n, case.counts, case.position) == (6, (0, 6, 0), 0.2)
    assert case.truths == {Division("few-sides")}
    (debate,) = debates(*data, "mine")
    assert (debate.counts, debate.asks) == ((3, 0, 3), True)


def test_the_arrays_that_are_fitted_with_give_the_package_s_own_estimate(data: tuple[Path, Path]) -> None:
    case = labelled(*data, "mine")[0]
    (batch,) = trust.batched([case])
    raw = (np.array(TRUST.position), np.array(TRUST.none), TRUST.shared, TRUST.sharpness, TRUST.useless)
    table = trust.distribution(batch, raw)[0]
    for agree, _, disagree, p in ways(0, 0, 0, case.evidence, priors(TRUST, case.position, len(case.evidence))):
        assert table[int(agree), int(disagree)] == pytest.approx(p, abs=1e-9)


def test_fitting_makes_what_was_true_more_probable(data: tuple[Path, Path]) -> None:
    cases = labelled(*data, "mine")
    fitted = trust.fit(cases)
    before, after = (sum(judge(case, of).log_score for case in cases) for of in (TRUST, fitted))
    assert after < before


def one(said: Division, *truths: Division, evidence: int = 6) -> Any:
    case = Case(
        "a", "b", "random", 0.2, False, (Probabilities(1, 1, 1),) * evidence, 0, (0, evidence, 0), frozenset(truths)
    )
    return type(judge(case, TRUST))(case, said, {said: 1.0}, True, 1.0, 0.5)


def test_a_side_without_its_strength_is_true_of_either_strength_and_of_no_other_side() -> None:
    most = Division("one-side", "agree", "most")
    assert one(Division("one-side", "agree"), most).true
    assert one(most, most, Division("several")).true
    assert not one(Division("one-side", "disagree"), most).true
    assert not one(Division("one-side", "agree", "nearly-all"), most).true


def test_the_bar_is_the_lowest_with_which_enough_of_what_is_said_is_right() -> None:
    right = [one(Division("few-sides"), Division("few-sides")) for _ in range(20)]
    wrong = [one(Division("few-sides"), Division("several")) for _ in range(20)]
    assert threads.bar(right, []) == threads.BARS[0]
    assert threads.bar(wrong, []) == threads.BARS[-1]
    assert threads.bar(right, wrong) == threads.BARS[-1]
    assert said_with(right[0], 0.5) == Division("few-sides")


def test_a_large_blog_does_not_decide_the_bar_alone() -> None:
    small = [one(Division("few-sides"), Division("few-sides")) for _ in range(30)]
    large = [one(Division("few-sides"), Division("several")) for _ in range(300)]
    for judged in large:
        object.__setattr__(judged.case, "blog", "large")
    assert threads.precision_by_blog([*small, *large], 0.8) == pytest.approx(0.5)


def test_reliability_holds_probabilities_against_what_was_true() -> None:
    assert reliability([one(Division("several"), Division("several"))] * 3) == [(0.0, 0.0, 6), (1.0, 1.0, 3)]


def test_the_report_has_a_table_and_a_drawing_and_leaves_the_package_alone(
    data: tuple[Path, Path], tmp_path: Path
) -> None:
    (tmp_path / "pictures").mkdir()
    card = tmp_path / "card.md"
    card.write_text("before\n<!-- threads mine -->\nstale words\n<!-- end of threads mine -->\nafter\n")
    before = threads.TRUST.read_bytes()
    text = threads.report(*data, "mine", fit=False, card=card)
    assert "| gold threads | 1 |" in text
    assert text in card.read_text()
    assert "stale words" not in card.read_text()
    assert (tmp_path / "pictures/threads-mine.svg").read_text().startswith("<svg")
    assert threads.TRUST.read_bytes() == before


def test_a_question_that_is_said_to_wait_is_held_against_its_mark(data: tuple[Path, Path]) -> None:
    assert "| all | 1 | 1 | 1.00 | 1.00 | 1 |" in waiting_marks.table(*data, "mine")
