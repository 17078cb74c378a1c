"""The whole way from labelled rows to a weights file that the reader loads, on a made-up corpus."""

from __future__ import annotations

import json
import random
import struct
from pathlib import Path

import pytest

pytest.importorskip("scipy", reason="training needs scipy")

import numpy as np

from mkdocs_echo_plugin.stance.reader import EmbeddedReader
from training.__main__ import main
from training.embedded import temperature
from training.evaluation import calibration_error, confusion, diagram, f1_by_class, reliability
from training.linear import fit, probabilities, tellingness

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


def corpus(folder: Path, rows: int = 180) -> Path:
    draw = random.Random(5)
    (folder / "stance").mkdir(parents=True)
    for name, count in (("debagreement", rows), ("subreddit_mask", 30)):
        with (folder / "stance" / f"{name}.jsonl").open("w") as file:
            for i in range(count):
                label = draw.choice(sorted(OPENINGS))
                reply = f"{draw.choice(OPENINGS[label])} the {draw.choice(TOPICS)} and the {draw.choice(TOPICS)}"
                row = {"id": f"r{i}", "parent": f"the {draw.choice(TOPICS)} is too far", "reply": reply, "label": label,
                       "group": f"g{i // 2}" if name == "debagreement" else None, "agreement": 1.0, "subreddit": "village"}  # fmt: skip
                file.write(json.dumps(row) + "\n")
            file.write(
                json.dumps({"id": "x", "parent": "", "reply": "no parent", "label": "agree", "group": "g"}) + "\n"
            )
    return folder


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


def test_a_corpus_becomes_weights_that_read_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data, words = corpus(tmp_path / "data"), vectors(tmp_path / "vectors")
    work, weights, card = tmp_path / "work", tmp_path / "weights.bin", tmp_path / "card.md"
    (tmp_path / "pictures").mkdir()
    card.write_text("before\n<!-- tables -->\nstale\n<!-- end of tables -->\nafter\n")
    assert main(["prepare", "--data", str(data), "--out", str(work)]) == 0
    assert main(["train", "--out", str(work), "--vectors", str(words)]) == 0
    assert main(["evaluate", "--out", str(work), "--card", str(card)]) == 0
    assert main(["export", "--out", str(work), "--to", str(weights)]) == 0

    found = json.loads((work / "predictions.json").read_text())
    rows = [json.loads(line) for line in (work / "rows.jsonl").read_text().splitlines()]
    assert len(rows) == len(found["rows"]) == 180  # the row without a parent's words is left out
    text = card.read_text()
    assert text.startswith("before")
    assert text.endswith("after\n")
    assert "out of fold" in text
    assert "stale" not in text
    assert (tmp_path / "pictures" / "reliability.svg").read_text().startswith("<svg")

    reader = EmbeddedReader(weights.read_bytes())
    agree, disagree = reader.read(
        [("the mill is too far", "yes, exactly. the bus"), ("the mill", "no, you are wrong. the bus")]
    )
    assert agree.agree == max(agree)
    assert disagree.disagree == max(disagree)
    mask = [json.loads(line) for line in (work / "mask.jsonl").read_text().splitlines()]
    read = np.array(reader.read([(row["parent"], row["reply"]) for row in mask]))
    assert np.abs(read - np.array(found["mask"])).max() < 0.05  # what rounding and small weights left out come to


def test_what_few_said_is_not_told_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("training.weights._LEAST_MEANING", 0.0)  # on so few rows no word means much
    data, words, weights = corpus(tmp_path / "data"), vectors(tmp_path / "vectors"), tmp_path / "weights.bin"
    file = data / "stance" / "debagreement.jsonl"
    lines = file.read_text().splitlines()
    for i in range(8):  # "mills" has a meaning, that of its pieces, and so would a name that eight pairs mention
        lines[i] = lines[i].replace('"reply": "', '"reply": "mills ')
    file.write_text("\n".join(lines[:-1]) + "\n")
    for step in (
        ["prepare", "--data", str(data)],
        ["train", "--vectors", str(words)],
        ["export", "--to", str(weights)],
    ):
        assert main([*step, "--out", str(tmp_path / "work")]) == 0
    told = weights.read_bytes().split(b"\n")
    assert b"mill" in told
    assert not any(b"mills" in name.split() for name in told)


def test_training_twice_gives_the_same_file(tmp_path: Path) -> None:
    data, words = corpus(tmp_path / "data", rows=60), vectors(tmp_path / "vectors")
    files = []
    for name in ("one", "two"):
        main(["prepare", "--data", str(data), "--out", str(tmp_path / name)])
        main(["train", "--out", str(tmp_path / name), "--vectors", str(words)])
        main(["export", "--out", str(tmp_path / name), "--to", str(tmp_path / f"{name}.bin")])
        files.append((tmp_path / f"{name}.bin").read_bytes())
    assert files[0] == files[1]


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


def test_a_reader_that_boasts_is_cooled() -> None:
    chances = np.array([[0.98, 0.01, 0.01]] * 10)
    assert temperature(chances, np.array([0] * 6 + [1] * 4)) < 0.7
