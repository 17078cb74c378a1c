"""Makes the table by which a comment's language is told: `python -m training.languages`, with py3langid 0.4.0.

py3langid knows 142 languages by 100,053 sequences of bytes, in 4.5 MB that need numpy. This keeps the 3,000 sequences
that tell most about the 44 languages with Latin or Cyrillic letters that blogs are written in, rounded to quarters:
81 kB that Python reads alone. Languages with letters of their own are told by these (`stance/language.py`).
"""

from __future__ import annotations

import json
import sys
import zlib
from collections import deque
from pathlib import Path
from typing import Any

import numpy as np

OUT = Path(__file__).parents[1] / "mkdocs_echo_plugin/stance/languages.bin"
SEQUENCES = 3_000
LONGEST = 4
"""Bytes of a sequence."""
STEPS = 4
"""Steps of a weight to one unit of log probability."""
FREQUENT = ("en", "de", "fr", "es", "pt", "it")
OTHERS = (
    "nl", "pl", "sv", "da", "no", "fi", "cs", "hu", "ro", "tr", "id", "ca", "vi", "hr", "sk", "sl", "lt", "lv", "et",
    "ru", "uk", "bg", "sr",
)  # fmt: skip
RARE = (
    "sq", "af", "lb", "gl", "tl", "is", "eu", "cy", "ga", "eo", "la", "sw", "be", "mk", "kk",
)  # fmt: skip
"""Told apart as well, and said only on stronger grounds."""


def sequences(model: Any) -> list[bytes]:
    """The bytes of every feature, from the automaton that finds them."""
    known = {0: b""}
    waiting = deque([0])
    while waiting:
        state = waiting.popleft()
        for byte in range(256):
            new = model.tk_nextmove[model._rowbase[state] + byte]
            if new and new not in known:
                known[new] = known[state] + bytes([byte])
                waiting.append(new)
    found = [b""] * model.nb_ptc.shape[0]
    for state, text in known.items():
        if model.tk_output[state] >= 0:
            found[model.tk_output[state]] = text
    return found


def main() -> None:
    """Chooses the sequences and writes the file."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    model = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    languages = (*FREQUENT, *OTHERS, *RARE)
    log_p = model.nb_ptc.astype(np.float64)[:, [model.nb_classes.index(code) for code in languages]]
    p = np.exp(log_p)
    worth = np.array([3.0] * len(FREQUENT) + [1.0] * len(OTHERS) + [0.5] * len(RARE))
    texts = sequences(model)
    usable = np.array([1 <= len(text) <= LONGEST for text in texts])
    tells = (np.clip(p * (log_p - np.log(p.mean(axis=1, keepdims=True))), 0, None) * worth).sum(axis=1) * usable
    chosen = sorted(np.argsort(-tells, kind="stable")[:SEQUENCES], key=lambda i: texts[i])
    centred = log_p[chosen] - log_p[chosen].mean(axis=1, keepdims=True)
    weights = (np.clip(np.round(centred * STEPS), -16, 15) + 16).astype(np.uint8)
    head = json.dumps({"languages": languages, "rare": len(RARE), "steps": STEPS, "sequences": SEQUENCES}).encode()
    lengths = bytes(len(texts[i]) for i in chosen)
    parts = (head, b"\n", lengths, b"".join(texts[i] for i in chosen), weights.tobytes())
    OUT.write_bytes(zlib.compress(b"".join(parts), 9))
    sys.stdout.write(f"{OUT.name}: {OUT.stat().st_size} bytes\n")


if __name__ == "__main__":
    main()
