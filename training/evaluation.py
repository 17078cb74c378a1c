"""What the predictions are worth: F1, calibration, and where they fail, as Markdown tables and a diagram."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from training.embedded import LABELS
from training.linear import Array
from training.rows import read_rows

BINS = 10


def confusion(truth: Any, guesses: Any) -> Any:
    """Rows: the label; columns: what was read."""
    table = np.zeros((len(LABELS), len(LABELS)), dtype=int)
    np.add.at(table, (truth, guesses), 1)
    return table


def f1_by_class(truth: Any, guesses: Any) -> Array:
    """F1 of disagree, neutral, agree: 2 hits / (labelled + read); 0 where neither occurs."""
    table = confusion(truth, guesses)
    whole = table.sum(axis=0) + table.sum(axis=1)
    return np.array([2 * table[k, k] / whole[k] if whole[k] else 0.0 for k in range(len(LABELS))])


def reliability(truth: Any, chances: Array) -> list[tuple[float, float, int]]:
    """(mean top probability, share right, rows) of each tenth of 0..1 that has rows."""
    top, right = chances.max(axis=1), chances.argmax(axis=1) == truth
    which = np.minimum((top * BINS).astype(int), BINS - 1)
    return [
        (float(top[which == b].mean()), float(right[which == b].mean()), int((which == b).sum()))
        for b in range(BINS)
        if (which == b).any()
    ]


def calibration_error(truth: Any, chances: Array) -> float:
    """Expected calibration error of the most probable label, ten bins (Naeini et al., 2015)."""
    return sum(rows * abs(mean - share) for mean, share, rows in reliability(truth, chances)) / len(truth)


def line(name: str, truth: Any, chances: Array) -> str:
    """One row of the table: macro-F1, accuracy, F1 by class, ECE, log-loss, n."""
    guesses = chances.argmax(axis=1)
    by_class = f1_by_class(truth, guesses)
    loss = -float(np.log(np.clip(chances[np.arange(len(truth)), truth], 1e-12, 1)).mean())
    parts = [f"{100 * by_class.mean():.1f}", f"{100 * (guesses == truth).mean():.1f}"]
    parts += [f"{100 * part:.1f}" for part in by_class]
    parts += [f"{calibration_error(truth, chances):.3f}", f"{loss:.3f}", f"{len(truth):,}"]
    return f"| {name} | " + " | ".join(parts) + " |"


HEAD = (
    "| | macro-F1 | accuracy | disagree | neutral | agree | ECE | log-loss | n |\n|---|---|---|---|---|---|---|---|---|"
)


def tables(rows: Sequence[dict[str, Any]], chances: Array, mask: Sequence[dict[str, Any]], away: Array) -> str:
    """The card's tables, as Markdown."""
    truth = np.array([LABELS.index(row["label"]) for row in rows])
    lines = [HEAD, line("out of fold", truth, chances)]
    if mask:
        lines.append(line("out of domain", np.array([LABELS.index(row["label"]) for row in mask]), away))
    agreement = np.array([row.get("agreement") or 0 for row in rows])
    lengths = np.array([len(row["reply"].split()) for row in rows])
    parts = {"annotators of one mind": agreement > 0.9, "two of three": (agreement > 0.6) & (agreement < 0.9)}
    parts |= {
        f"r/{name}": np.array([row.get("subreddit") == name for row in rows])
        for name in sorted({r.get("subreddit") or "" for r in rows} - {""})
    }
    parts |= {
        "reply of 10-19 words": (lengths >= 10) & (lengths < 20),
        "20-49": (lengths >= 20) & (lengths < 50),
        "50 and more": lengths >= 50,
    }
    parts |= {"reply with a question mark": np.array(["?" in row["reply"] for row in rows])}
    lines += [line(name, truth[held], chances[held]) for name, held in parts.items() if held.sum() >= 2]
    table = confusion(truth, chances.argmax(axis=1))
    lines += ["", "| label \\ read | " + " | ".join(LABELS) + " |", "|---|---|---|---|"]
    lines += [f"| {name} | " + " | ".join(f"{count:,}" for count in table[k]) + " |" for k, name in enumerate(LABELS)]
    return "\n".join(lines)


def diagram(truth: Any, chances: Array) -> str:
    """The reliability diagram as SVG: a dot for each tenth, its area the rows in it; on the line is honest."""
    size, edge = 300, 40
    dots = []
    for mean, share, rows in reliability(truth, chances):
        x, y = edge + mean * size, edge + (1 - share) * size
        radius = 2 + 22 * (rows / len(truth)) ** 0.5
        dots.append(
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}" fill="currentColor" fill-opacity=".45"><title>'
            f"probability {mean:.2f}, right {share:.2f}, {rows} pairs</title></circle>"
        )
    end = edge + size
    ticks = "".join(
        f'<text x="{edge + t * size:.0f}" y="{end + 16}" text-anchor="middle">{t}</text>'
        f'<text x="{edge - 6}" y="{edge + (1 - t) * size + 4:.0f}" text-anchor="end">{t}</text>'
        for t in (0, 0.5, 1)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {end + 20} {end + 40}" role="img" '
        'font-family="sans-serif" font-size="12" fill="#555" color="#3465a4">'
        "<title>Reliability: probability of the most probable stance against the share of pairs where it is right, "
        "out of fold</title>"
        f'<path d="M{edge} {edge}V{end}H{end}M{edge} {end}L{end} {edge}" fill="none" stroke="#999"/>{ticks}'
        f'<text x="{edge + size / 2}" y="{end + 34}" text-anchor="middle">probability of what is read</text>'
        f'<text x="12" y="{edge - 12}">share right</text>{"".join(dots)}</svg>\n'
    )


def report(out: Path, card: Path | None) -> None:
    """Prints the tables; with a card, renews what stands between its markers, and the diagram beside it."""
    rows, mask = read_rows(out / "rows.jsonl"), read_rows(out / "mask.jsonl")
    found = json.loads((out / "predictions.json").read_text())
    chances, away = np.array(found["rows"]), np.array(found["mask"])
    text = tables(rows, chances, mask, away)
    print(text)
    if card is not None:
        before, _, rest = card.read_text("utf-8").partition("<!-- tables -->")
        _, _, after = rest.partition("<!-- end of tables -->")
        card.write_text(f"{before}<!-- tables -->\n{text}\n<!-- end of tables -->{after}", encoding="utf-8")
        truth = np.array([LABELS.index(row["label"]) for row in rows])
        (card.parent / "pictures" / "reliability.svg").write_text(diagram(truth, chances), encoding="utf-8")
