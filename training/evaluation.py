"""What the predictions are worth: F1, calibration, and where they fail, as Markdown tables and a diagram."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from training.linear import Array
from training.rows import LABELS, Row, labels, read_rows

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


def parts_of(rows: Sequence[Row]) -> dict[str, Any]:
    """The lines of the table: a name, and which rows it is about."""
    on_blogs = np.array([row.source == "blog" for row in rows])
    top = on_blogs & np.array([row.item.task == "top" for row in rows])
    reddit = np.array([row.source == "debagreement" for row in rows])
    places = np.array([row.place for row in rows])
    sizes = Counter(places[top].tolist())
    weight = np.array([row.weight for row in rows])
    agreement = np.array([row.agreement or 0 for row in rows])
    lengths = np.array([len(row.item.comment.split()) for row in rows])
    parts = {"on posts, blogs unseen": top}
    if len(sizes) > 1:
        [(largest, _)] = sizes.most_common(1)
        parts["- the largest blog, unseen"] = top & (places == largest)
        parts["- all others, unseen"] = top & (places != largest)
    parts |= {
        "- labels that are sure": top & (weight == 1.0),
        "- labels that are probable": top & (weight == 0.8),
        "- labels that could be another": top & (weight == 0.5),
        "- under 10 words": top & (lengths < 10),
        "- 10 to 49": top & (lengths >= 10) & (lengths < 50),
        "- 50 and more": top & (lengths >= 50),
        "replies on blogs, unseen": on_blogs & ~top,
        "replies on Reddit, submissions unseen": reddit,
        "- annotators of one mind": reddit & (agreement > 0.9),
        "replies on masks, another topic": np.array([row.source == "mask" for row in rows]),
    }
    return {name: part for name, part in parts.items() if part.any()}


def tables(rows: Sequence[Row], chances: Array) -> str:
    """The card's tables, as Markdown: by part, beside a second annotator, and which stance is read as which."""
    truth = labels(rows)
    parts = parts_of(rows)
    base = np.tile(np.bincount(truth, minlength=len(LABELS)) / len(truth), (len(truth), 1))
    lines = [HEAD]
    for name, part in parts.items():
        lines.append(line(name, truth[part], chances[part]))
        if not name.startswith("-"):
            shares = np.bincount(truth[part], minlength=len(LABELS)) / part.sum()
            base[part] = shares
            lines.append(line(f"- always the commonest, {name.split(',')[0]}", truth[part], base[part]))
    twice = [i for i, row in enumerate(rows) if row.second in LABELS]
    if twice:
        second = np.array([LABELS.index(str(rows[i].second)) for i in twice])
        lines.append(line("read twice: the reader, by the first reading", truth[twice], chances[twice]))
        lines.append(line("read twice: the reader, by the second", second, chances[twice]))
        lines.append(line("read twice: the first reading, by the second", second, np.eye(len(LABELS))[truth[twice]]))
    first = next(iter(parts.values()))
    lines += ["", f"| label \\ read | {' | '.join(LABELS)} |", "|---|---|---|---|"]
    for name, counts in zip(LABELS, confusion(truth[first], chances[first].argmax(axis=1)), strict=True):
        lines.append(f"| {name} | {' | '.join(f'{count:,}' for count in counts)} |")
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


def predictions(rows: Sequence[Row], out: Path, reader: str) -> tuple[list[Row], Array]:
    """The labelled rows that the reader said something of without having learned from them, and what it said.

    Those are in OUT/READER.jsonl ({"id", "p": [disagree, neutral, agree]}), as training writes it. A reader without
    such a file is asked now; it must have learned from none of the rows.
    """
    labelled = [row for row in rows if row.label]
    file = out / f"{reader}.jsonl"
    if file.is_file():
        said = {row["id"]: row["p"] for row in read_rows(file)}
        known = [row for row in labelled if row.id in said]
        return known, np.array([said[row.id] for row in known])
    if reader in ("embedded", "crossencoder"):
        raise SystemExit(f"{file}: not there. The reader learned from these rows; train it out of fold first.")
    from mkdocs_echo_plugin.stance import load

    return labelled, np.array(load(reader).read([row.item for row in labelled]))


def report(rows: Sequence[Row], out: Path, reader: str, card: Path | None) -> None:
    """Prints the tables; with a card, renews what stands between the reader's markers, and the diagram beside it."""
    known, chances = predictions(rows, out, reader)
    text = tables(known, chances)
    print(text)
    if card is not None:
        begin, end = f"<!-- {reader} -->", f"<!-- end of {reader} -->"
        before, _, rest = card.read_text("utf-8").partition(begin)
        _, _, after = rest.partition(end)
        card.write_text(f"{before}{begin}\n{text}\n{end}{after}", encoding="utf-8")
        top = next(iter(parts_of(known).values()))
        picture = (
            card.parent / "pictures" / ("reliability.svg" if reader == "embedded" else f"reliability-{reader}.svg")
        )
        picture.write_text(diagram(labels(known)[top], chances[top]), encoding="utf-8")
