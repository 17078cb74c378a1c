"""From rows to a reader: training, exporting and reading the cross-encoder are one way.

Needs PyTorch, and says so where it is not installed.
"""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from mkdocs_echo_plugin.model import Probabilities
from mkdocs_echo_plugin.stance import ToRead, crossencoder, crossencoder_build

for _name in ("numpy", "onnxruntime", "tokenizers"):
    pytest.importorskip(_name, reason=f"{_name} is not installed: pip install '.[model]'")
from random_bert import WORDS, Counting, random_tensors, tokenizer, write_safetensors  # noqa: E402

SHIPPED = Path(crossencoder.__file__).parent


def test_the_shipped_graph_is_the_one_that_training_draws() -> None:
    pytest.importorskip("onnx", reason="onnx is not installed, and only it can draw the graph: pip install onnx")
    from training.crossencoder_graph import graph

    drawn = graph(crossencoder_build.MINILM).SerializeToString()
    assert drawn == (SHIPPED / crossencoder_build.GRAPH).read_bytes()


def corpus(data: Path) -> list[dict[str, str]]:
    """Comments on posts of five blogs, unlabelled ones, and replies; returns the labelled comments."""
    sayings = [("that is wrong", "disagree"), ("i agree", "agree"), ("a dog", "neutral")]
    for name in ("blog", "stance"):
        (data / name).mkdir(parents=True)
    rows, unlabelled, replies = [], [], []
    for i, (say, label) in enumerate(sayings * 24):
        said = f"{say} {WORDS[i % 20]} {WORDS[i % 7]}"
        post = {"blog": f"blog{i % 5}", "group": f"p{i}", "kind": "top", "title": "the tax", "post": "the tax is good"}
        rows.append(post | {"id": f"b{i}", "comment": said, "label": label, "confidence": 3})
        unlabelled.append(post | {"id": f"u{i}", "comment": said})
        replies.append({"id": f"r{i}", "parent": "the tax is good", "reply": said, "label": label, "group": f"g{i}"})
    for name, kept in (("stance", rows), ("unlabelled", unlabelled)):
        lines = "".join(json.dumps(row) + "\n" for row in kept)
        (data / "blog" / f"{name}.jsonl.gz").write_bytes(gzip.compress(lines.encode()))
    for name in ("debagreement", "subreddit_mask"):
        (data / "stance" / f"{name}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in replies), "utf-8")
    return [{key: str(value) for key, value in row.items()} for row in rows]


def test_training_exporting_and_reading_are_one_way(tmp_path: Path) -> None:
    for name in ("torch", "safetensors", "onnx", "scipy"):
        pytest.importorskip(name, reason=f"{name} is not installed, and only training needs it")
    from training import crossencoder as train
    from training import crossencoder_export as export

    base, data, work = tmp_path / "base", tmp_path / "data", tmp_path / "work"
    base.mkdir()
    small = crossencoder_build.Shape(vocabulary=130, positions=200, width=48, heads=4, inner=96, layers=2)
    config = {
        "vocab_size": small.vocabulary, "max_position_embeddings": small.positions, "hidden_size": small.width,
        "num_attention_heads": small.heads, "intermediate_size": small.inner, "num_hidden_layers": small.layers,
    }  # fmt: skip
    (base / "config.json").write_text(json.dumps(config), encoding="utf-8")
    write_safetensors(base / "model.safetensors", random_tensors(1, small))
    tokenizer().save(str(base / "tokenizer.json"))
    rows = corpus(data)
    common = f"--data {data} --out {work} --base {base} --threads 1 --epochs 8 --rate 0.003".split()
    train.main(["folds", *common])
    soft = [json.loads(line) for line in (work / "soft.jsonl").read_text().splitlines()]
    assert {row["fold"] for row in soft} == set(range(5))
    train.main(["final", *common, "--soft", str(work / "soft.jsonl")])
    out_of_fold = work / "oof.jsonl"
    embedded = tmp_path / "embedded.jsonl"
    embedded.write_text(
        "".join(json.dumps({"id": f"{a}{i}", "p": [0.4, 0.3, 0.3]}) + "\n" for a in "br" for i in range(len(rows)))
    )
    export.main(
        [
            "ship",
            "--model",
            str(work / "final.safetensors"),
            "--base",
            str(base),
            "--out",
            str(tmp_path),
            "--rank",
            "16",
        ]
    )
    fit = ["--data", str(data), "--logits", str(out_of_fold), "--embedded", str(embedded), "--out", str(tmp_path)]
    export.main(["fit", "--base", str(base), *fit])
    target = tmp_path / "cache" / "made"
    crossencoder_build.build(base, tmp_path, target)
    reader = crossencoder.CrossEncoder(target, embedded=Counting())
    assert json.loads((target / crossencoder_build.ABOUT).read_text())["tasks"]["top"]["fitted_on"] == len(rows)
    read = reader.read([ToRead(row["comment"], title=row["title"], post=row["post"]) for row in rows])
    assert sum(most_probable(p) == row["label"] for p, row in zip(read, rows, strict=True)) / len(rows) > 0.9


def test_the_teacher_reads_bert_s_tokens_as_its_own() -> None:
    pytest.importorskip("torch", reason="torch is not installed, and only training needs it")
    from training.teacher_model import TeacherModel

    assert TeacherModel.encoded([([101, 2000, 102, 7, 102], 3)]) == [([0, 2004, 2, 11, 2], 3)]


def most_probable(p: Probabilities) -> str:
    return p._fields[p.index(max(p))]
