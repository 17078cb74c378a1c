"""From rows to a reader: training, exporting and reading the cross-encoder are one way.

Needs PyTorch, and says so where it is not installed.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from mkdocs_echo_plugin.model import Probabilities
from mkdocs_echo_plugin.stance import crossencoder, crossencoder_build

for _name in ("numpy", "onnxruntime", "tokenizers"):
    pytest.importorskip(_name, reason=f"{_name} is not installed: pip install '.[model]'")
from random_bert import WORDS, Counting, random_tensors, tokenizer, write_safetensors  # noqa: E402

TRAINING = Path(__file__).resolve().parents[3] / "training"
SHIPPED = Path(crossencoder.__file__).parent


@pytest.fixture
def training(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], Any]]:
    """Modules of training/, which is a folder of scripts and no package."""
    import importlib

    monkeypatch.syspath_prepend(str(TRAINING))
    before = set(sys.modules)
    yield importlib.import_module
    for name in [name for name, module in sys.modules.items() if str(TRAINING) in str(getattr(module, "__file__", ""))]:
        if name not in before:
            del sys.modules[name]


def test_a_submission_stays_in_its_fold_and_folds_are_of_like_size(training: Callable[[str], Any]) -> None:
    fold_of = training("folds").fold_of
    folds = [fold_of(f"submission {i}") for i in range(1000)]
    assert folds == [fold_of(f"submission {i}") for i in range(1000)]
    assert all(150 < folds.count(fold) < 250 for fold in range(5))


def test_the_shipped_graph_is_the_one_that_training_draws(training: Callable[[str], Any]) -> None:
    pytest.importorskip("onnx", reason="onnx is not installed, and only it can draw the graph: pip install onnx")
    drawn = training("crossencoder_graph").graph(crossencoder_build.MINILM).SerializeToString()
    assert drawn == (SHIPPED / crossencoder_build.GRAPH).read_bytes()


def test_training_exporting_and_reading_are_one_way(tmp_path: Path, training: Callable[[str], Any]) -> None:
    for name in ("torch", "safetensors", "onnx", "scipy"):
        pytest.importorskip(name, reason=f"{name} is not installed, and only training needs it")
    base, data, work = tmp_path / "base", tmp_path / "data", tmp_path / "work"
    base.mkdir()
    data.mkdir()
    small = crossencoder_build.Shape(vocabulary=130, positions=200, width=48, heads=4, inner=96, layers=2)
    config = {
        "vocab_size": small.vocabulary, "max_position_embeddings": small.positions, "hidden_size": small.width,
        "num_attention_heads": small.heads, "intermediate_size": small.inner, "num_hidden_layers": small.layers,
    }  # fmt: skip
    (base / "config.json").write_text(json.dumps(config), encoding="utf-8")
    write_safetensors(base / "model.safetensors", random_tensors(1, small))
    tokenizer().save(str(base / "tokenizer.json"))
    sayings = [("that is wrong", "disagree"), ("i agree", "agree"), ("a dog", "neutral")]
    rows = [
        {
            "id": f"r{i}", "parent": "the tax is good", "reply": f"{say} {WORDS[i % 20]} {WORDS[i % 7]}",
            "label": label, "agreement": 1.0, "group": f"g{i}",
        }
        for i, (say, label) in enumerate(sayings * 24)
    ]  # fmt: skip
    lines = "".join(json.dumps(row) + "\n" for row in rows)
    for name in ("debagreement.jsonl", "subreddit_mask.jsonl"):
        (data / name).write_text(lines, encoding="utf-8")
    train, export = training("crossencoder"), training("crossencoder_export")
    common = f"--data {data} --out {work} --base {base} --threads 1 --unlabelled 0 --epochs 20 --rate 0.003".split()
    train.main(["final", *common])
    train.main(["folds", "--fold", "0", *common])
    export.ship(base, work / "final.safetensors", tmp_path, rank=16)
    export.write_logits(data, work, base, rank=16, folds=5)
    out_of_fold = [json.loads(line)["id"] for line in (work / "oof0.jsonl").read_text().splitlines()]
    embedded = tmp_path / "embedded.jsonl"
    embedded.write_text("".join(json.dumps({"id": row["id"], "p": [0.4, 0.3, 0.3]}) + "\n" for row in rows))
    export.write_fit(data, work, embedded, tmp_path, rank=16)
    target = tmp_path / "cache" / "made"
    crossencoder_build.build(base, tmp_path, target)
    reader = crossencoder.CrossEncoder(target, embedded=Counting())
    assert 0 < len(out_of_fold) < len(rows)
    assert json.loads((target / crossencoder_build.ABOUT).read_text())["fitted_on"] == len(out_of_fold)
    right = [
        most_probable(p) == row["label"]
        for p, row in zip(reader.read([(row["parent"], row["reply"]) for row in rows]), rows, strict=True)
    ]
    assert sum(right) / len(right) > 0.9


def most_probable(p: Probabilities) -> str:
    return p._fields[p.index(max(p))]
