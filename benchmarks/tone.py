"""What heat tells of a thread's tone, beside VADER, and what the flag is worth.

    python benchmarks/tone.py --data DATA     # DATA/tone/github_incivility.jsonl and ucc_val.jsonl

Precision is given at a base rate of 50 %: hits / (hits + false alarms), each as a share of its own class.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from mkdocs_echo_plugin.health.tone import tone
from mkdocs_echo_plugin.stance.vader import polarity
from mkdocs_echo_plugin.threads import own_words
from training.rows import read_rows

QUALITIES = ("hostile", "antagonize", "dismissive", "condescending", "sarcastic", "generalisation_unfair")


def auc(scores: Sequence[float], truth: Sequence[int]) -> float:
    """The chance that a positive scores above a negative, ties half."""
    order = sorted(range(len(scores)), key=lambda i: scores[i])
    ranks = [0.0] * len(scores)
    start = 0
    while start < len(order):
        end = start
        while end < len(order) and scores[order[end]] == scores[order[start]]:
            end += 1
        for i in order[start:end]:
            ranks[i] = (start + end + 1) / 2
        start = end
    positives = sum(truth)
    above = sum(rank for rank, one in zip(ranks, truth, strict=True) if one) - positives * (positives + 1) / 2
    return above / (positives * (len(truth) - positives))


def row(name: str, truth: Sequence[int], ours: Sequence[float], theirs: Sequence[float]) -> str:
    """A line of the table."""
    return f"| {name} | {len(truth):,} ({sum(truth)}) | {auc(ours, truth):.3f} | {auc(theirs, truth):.3f} |"


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    folder = parser.parse_args().data / "tone"
    threads = read_rows(folder / "github_incivility.jsonl")
    said = [
        [(str(c["speaker"] or i), own_words(c["text"])) for i, c in enumerate(thread["comments"])] for thread in threads
    ]
    found = [tone(remarks) for remarks in said]
    truth = [int(thread["label"]) for thread in threads]
    heat = [one.heat if one else 0.0 for one in found]
    lowest = [-min(polarity(words)["compound"] for _, words in remarks) for remarks in said]
    print("| what | n (positive) | AUC of heat | AUC of VADER |\n|---|---|---|---|")
    print(
        f"| thread with uncivil comment | {len(truth)} ({sum(truth)}) | {auc(heat, truth):.3f} | {auc(lowest, truth):.3f} |"
    )
    escalates = [int(bool(thread["escalating"])) for thread in threads]
    print(row("thread escalates", escalates, heat, lowest))
    comments = read_rows(folder / "ucc_val.jsonl")
    alone = [one.heat if (one := tone([("v", comment["text"])])) else 0.0 for comment in comments]
    mood = [-polarity(comment["text"])["compound"] for comment in comments]
    for quality in QUALITIES:
        labels = [int(comment[quality]) for comment in comments]
        print(row(f"comment: {quality}", labels, alone, mood))
    print("\n| threshold | flagged of uncivil | flagged of civil | precision at 50 % |\n|---|---|---|---|")
    flags = {f"heat >= {limit}": [value >= limit for value in heat] for limit in (0.5, 0.7, 0.9, 1.2)}
    flags["flag"] = [bool(one and one.flag) for one in found]
    for name, flagged in flags.items():
        hits = sum(f for f, label in zip(flagged, truth, strict=True) if label)
        false = sum(f for f, label in zip(flagged, truth, strict=True) if not label)
        hit, alarm = hits / sum(truth), false / (len(truth) - sum(truth))
        precision = f"{hit / (hit + alarm):.2f}" if hit + alarm else "-"
        print(f"| {name} | {hits} of {sum(truth)} | {false} of {len(truth) - sum(truth)} | {precision} |")
    return 0


if __name__ == "__main__":
    sys.exit(main())
