"""The whole way from labelled rows to a weights file that the reader loads, on a made-up corpus."""

from __future__ import annotations

import gzip
import json
import random
import struct
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

pytest.importorskip("scipy", reason="training needs scipy")

import numpy as np

from mkdocs_echo_plugin.stance import ToRead
from mkdocs_echo_plugin.stance.kind import KINDS, KindReader
from mkdocs_echo_plugin.stance.reader import TASKS, EmbeddedReader, LinearModel
from training.__main__ import main
from training.calibration import calibration, out_of_fold
from training.evaluation import calibration_error, confusion, diagram, f1_by_class, reliability
from training.folds import folds_of_blogs
from training.linear import fit, probabilities, tellingness
from training.rows import load

OPENINGS = {
    "agree": ["yes, exactly.", "i agree.", "true, and"],
    "disagree": ["no, you are wrong.", "that isn't so.", "why would you say"],
    "neutral": ["depends on", "maybe, but", "how many of"],
}
TOPICS = [
    "garden",
    "bridge",
    "school",
    "river",
    "market",
    "library",
    "bus",
    "road",
    "mill",
    "field",
    "winter",
    "bakery",
]


BLOGS = ("amsel", "drossel", "fink", "meise", "specht", "star")


def corpus(folder: Path, rows: int = 240) -> Path:
    """Comments on posts and replies, labelled and not, of six blogs and some subreddits."""
    draw = random.Random(5)
    for name in ("blog", "stance"):
        (folder / name).mkdir(parents=True)

    def said(i: int) -> tuple[str, str]:
        label = draw.choice(sorted(OPENINGS))
        return label, f"{draw.choice(OPENINGS[label])} the {draw.choice(TOPICS)} and the {draw.choice(TOPICS)}"

    labelled, unlabelled, replies = [], [], []
    for i in range(rows):
        label, comment = said(i)
        row = {
            "id": f"b{i}", "blog": BLOGS[i // 3 % 6], "group": f"p{i // 4}", "kind": "top", "title": "The village",
            "post": f"The {draw.choice(TOPICS)} is too far.", "comment": comment,
        }  # fmt: skip
        if i % 8 == 7:
            row |= {"kind": "reply", "parent": f"the {draw.choice(TOPICS)} is too far"}
        (labelled if i % 3 else unlabelled).append(row | ({"label": label, "confidence": 1 + i % 3} if i % 3 else {}))
        label, comment = said(i)
        replies.append(
            {"id": f"r{i}", "parent": f"the {draw.choice(TOPICS)} is too far", "reply": comment, "label": label,
             "group": f"g{i // 2}", "agreement": 1.0, "subreddit": f"r{i % 4}"}
        )  # fmt: skip
    labelled.append(labelled[0] | {"id": "spam", "label": "unfit"})
    replies.append(replies[0] | {"id": "x", "parent": ""})
    write_rows(folder / "blog" / "stance.jsonl.gz", labelled)
    write_rows(folder / "blog" / "unlabelled.jsonl.gz", unlabelled)
    write_rows(folder / "stance" / "debagreement.jsonl", replies)
    return folder


def write_rows(path: Path, rows: Sequence[Mapping[str, object]]) -> None:
    data = "".join(json.dumps(row) + "\n" for row in rows).encode()
    path.write_bytes(gzip.compress(data, mtime=0) if path.suffix == ".gz" else data)


def vectors(folder: Path) -> Path:
    """A word-piece vocabulary and embeddings of the published shape, drawn at random."""
    folder.mkdir()
    words = [*TOPICS, "##s", "yes", "no", *(f"w{chr(97 + i // 26)}{chr(97 + i % 26)}" for i in range(200))]
    (folder / "vocab.txt").write_text("\n".join(words) + "\n")
    table = np.random.default_rng(3).normal(size=(len(words), 384)).astype(np.float32)
    head = json.dumps(
        {
            "embeddings.word_embeddings.weight": {
                "dtype": "F32",
                "shape": list(table.shape),
                "data_offsets": [0, table.nbytes],
            }
        }
    ).encode()
    (folder / "model.safetensors").write_bytes(struct.pack("<Q", len(head)) + head + table.tobytes())
    return folder


def made(tmp_path: Path, data: Path, words: Path, name: str = "work", *more: str) -> Path:
    """The working folder and, in it, the weights files."""
    work = tmp_path / name
    common = ["--data", str(data), "--out", str(work)]
    assert main(["train", *common, "--vectors", str(words), *more]) == 0
    assert main(["export", *common, "--to", str(work)]) == 0
    return work


def test_a_corpus_becomes_weights_that_read_comments_on_posts_and_replies(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data, words, card = corpus(tmp_path / "data"), vectors(tmp_path / "vectors"), tmp_path / "card.md"
    (tmp_path / "pictures").mkdir()
    card.write_text("before\n<!-- embedded -->\nstale\n<!-- end of embedded -->\nafter\n")
    work = made(tmp_path, data, words)
    assert main(["evaluate", "--data", str(data), "--out", str(work), "--card", str(card)]) == 0
    text = card.read_text()
    assert text.startswith("before")
    assert text.endswith("after\n")
    assert "on posts, blogs unseen" in text
    assert "stale" not in text
    assert (tmp_path / "pictures" / "reliability.svg").read_text().startswith("<svg")

    reader = EmbeddedReader({task: (work / f"weights-{task}.bin").read_bytes() for task in TASKS})
    for where in ({"parent": "the mill is too far"}, {"title": "The village", "post": "The mill is too far."}):
        agree, disagree = reader.read(
            [ToRead("yes, exactly. the bus", **where), ToRead("no, you are wrong. the bus", **where)]
        )
        assert agree.agree == max(agree)
        assert disagree.disagree == max(disagree)


def test_a_row_is_kept_back_with_its_whole_blog_and_a_whole_thread_trains_nothing(tmp_path: Path) -> None:
    data = corpus(tmp_path / "data")
    (data / "gold_threads" / "gold").mkdir(parents=True)
    (data / "gold_threads" / "gold" / "a.json").write_text(json.dumps({"group": "p1"}))
    rows = load(data)
    blog = [row for row in rows if row.source == "blog"]
    assert len({(row.place, row.fold) for row in blog}) == len(BLOGS)
    assert {row.id for row in blog if not row.trains} == {"b4", "b5", "b7"}  # p1 without the unlabelled b6
    assert {row.id for row in rows}.isdisjoint({"spam", "x"})


def test_a_run_that_was_cut_off_goes_on_and_ends_alike(tmp_path: Path) -> None:
    data, words = corpus(tmp_path / "data", rows=120), vectors(tmp_path / "vectors")
    whole, again = made(tmp_path, data, words, "one"), made(tmp_path, data, words, "two")
    for file in ("top-1.npz", "reply.pickle", "embedded.jsonl"):
        (again / file).unlink()
    again = made(tmp_path, data, words, "two")
    for file in ("weights-top.bin", "weights-reply.bin", "embedded.jsonl"):
        assert (whole / file).read_bytes() == (again / file).read_bytes()


def test_a_teacher_of_unlabelled_rows_is_learned_from(tmp_path: Path) -> None:
    data, words = corpus(tmp_path / "data", rows=120), vectors(tmp_path / "vectors")
    soft = tmp_path / "soft.jsonl"
    write_rows(
        soft,
        [
            {"id": row.id, "fold": fold, "p": [0.98, 0.01, 0.01]}
            for fold in (None, *range(5))
            for row in load(data)
            if row.source == "unlabelled"
        ],
    )
    plain, taught = made(tmp_path, data, words, "plain"), made(tmp_path, data, words, "taught", "--soft", str(soft))
    item = ToRead("the mill and the bus", title="The village", post="The mill is too far.")
    before, after = (
        LinearModel((work / "weights-top.bin").read_bytes()).read(item.answers, item.comment)
        for work in (plain, taught)
    )
    assert after.disagree > before.disagree


def test_what_few_said_or_only_one_blog_is_not_told_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("training.weights._LEAST_MEANING", 0.0)  # on so few rows no word means much
    data, words = corpus(tmp_path / "data"), vectors(tmp_path / "vectors")
    file = data / "blog" / "stance.jsonl.gz"
    rows = [json.loads(line) for line in gzip.decompress(file.read_bytes()).splitlines()]
    tops = [row for row in rows if row["kind"] == "top"]
    for row in tops[:8]:  # "mills" has a meaning, that of its pieces, and so would a name that eight comments mention
        row["comment"] += " mills"
    for row in [row for row in tops if row["blog"] == BLOGS[1]][:20]:
        row["comment"] += " rivers"
    write_rows(file, rows)
    told = (made(tmp_path, data, words) / "weights-top.bin").read_bytes().split(b"\n")
    assert b"mill" in told
    assert not any(word in name.split() for name in told for word in (b"mills", b"rivers"))


def test_evaluating_a_reader_on_rows_that_it_learned_from_is_refused(tmp_path: Path) -> None:
    data = corpus(tmp_path / "data", rows=24)
    with pytest.raises(SystemExit, match="learned from these rows"):
        main(["evaluate", "--data", str(data), "--out", str(tmp_path), "--reader", "embedded"])


def test_the_largest_blogs_have_a_fold_each_and_the_others_share_two_alike() -> None:
    sizes = {"big": 900, "next": 300, "third": 200, **{f"b{i}": 10 + i for i in range(8)}}
    folds = folds_of_blogs(sizes)
    assert [folds[name] for name in ("big", "next", "third")] == [0, 1, 2]
    filled = [sum(sizes[blog] for blog, fold in folds.items() if fold == last) for last in (3, 4)]
    assert abs(filled[0] - filled[1]) < 20


def test_posts_become_a_reader_of_their_kind(tmp_path: Path) -> None:
    data, words, draw = tmp_path / "data", vectors(tmp_path / "vectors"), random.Random(3)
    (data / "blog").mkdir(parents=True)
    texts = {"howto": "First run `x = 1`; then yes", "opinion": "I think people should never", "news": "We released it"}
    rows = [
        {"id": f"p{i}", "group": f"g{i}", "blog": BLOGS[i % 6], "kind": kind, "confidence": 3, "claim": "",
         "title": {"howto": "How to mend", "opinion": "Why", "news": f"Version {i}.1"}[kind] + " a mill",
         "post": f"{texts[kind]} the {draw.choice(TOPICS)}."}
        for i, kind in enumerate(["howto", "opinion", "news"] * 30)
    ]  # fmt: skip
    write_rows(data / "blog" / "posts.jsonl.gz", rows)
    assert main(["kinds", "--data", str(data), "--vectors", str(words), "--to", str(tmp_path)]) == 0
    reader = KindReader((tmp_path / "kind.bin").read_bytes())
    for row in rows[:3]:
        said = reader.read(str(row["title"]), str(row["post"]))
        assert KINDS[said.index(max(said))] == row["kind"]


def test_the_fit_finds_what_scikit_learn_would() -> None:
    linear_model = pytest.importorskip(
        "sklearn.linear_model", reason="compares with scikit-learn where it is installed"
    )
    from scipy import sparse

    draw = np.random.default_rng(1)
    matrix, truth = sparse.csr_matrix(draw.normal(size=(80, 6))), draw.integers(0, 3, 80)
    weights, bias = fit(matrix, np.eye(3)[truth], penalty=2.0, steps=500)
    theirs = linear_model.LogisticRegression(C=0.5, max_iter=2000, tol=1e-9).fit(matrix, truth)
    assert np.abs(probabilities(matrix @ weights + bias) - theirs.predict_proba(matrix)).max() < 1e-3


def test_what_occurs_in_one_class_only_tells_most() -> None:
    from scipy import sparse

    matrix = sparse.csr_matrix(np.array([[1, 1], [1, 1], [0, 1], [0, 1]]))
    told, untold = tellingness(matrix, np.eye(2)[[0, 0, 1, 1]])
    assert told > untold


def test_the_measures_are_those_of_the_textbook() -> None:
    truth, guesses = np.array([0, 0, 1, 2]), np.array([0, 1, 1, 1])
    assert confusion(truth, guesses).tolist() == [[1, 1, 0], [0, 1, 0], [0, 1, 0]]
    assert f1_by_class(truth, guesses).tolist() == [2 / 3, 0.5, 0.0]


def test_calibration_error_is_the_gap_between_said_and_right() -> None:
    chances = np.array([[0.8, 0.1, 0.1]] * 10)
    truth = np.array([0] * 6 + [1] * 4)
    assert calibration_error(truth, chances) == pytest.approx(0.2)
    assert reliability(truth, chances) == [(pytest.approx(0.8), pytest.approx(0.6), 10)]
    assert "probability 0.80, right 0.60, 10 pairs" in diagram(truth, chances)


def test_a_reader_that_boasts_is_cooled_and_one_that_leans_is_set_upright() -> None:
    boasting = np.log(np.array([[0.98, 0.01, 0.01], [0.01, 0.98, 0.01], [0.01, 0.01, 0.98]] * 20))
    truth = np.array([0, 1, 2] * 20)
    truth[::4] = (truth[::4] + 1) % 3
    assert calibration(boasting, truth).scale < 0.7
    leaning = np.log(np.array([[0.6, 0.2, 0.2]] * 60))
    fitted = calibration(leaning, np.array([0, 1, 2] * 20)).apply(leaning)
    assert fitted[0] == pytest.approx([1 / 3] * 3, abs=0.02)


def test_what_is_said_out_of_fold_is_calibrated_by_the_other_folds_alone() -> None:
    scores = np.log(np.array([[0.8, 0.1, 0.1]] * 40))
    truth, folds = np.array([0] * 20 + [1] * 20), np.array([0] * 20 + [1] * 20)
    chances = out_of_fold(scores, truth, folds)
    assert chances[0].argmax() == 1  # the other fold knows only neutral
    assert chances[-1].argmax() == 0
