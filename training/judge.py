"""What a reader's readings are worth on whole threads: informative, true, covered, log score, reliability."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from mkdocs_echo_plugin.health.estimate import Trust, priors, ways
from mkdocs_echo_plugin.health.verdict import Division, division, too_few
from mkdocs_echo_plugin.health.views import range_of_views, said
from mkdocs_echo_plugin.model import Range
from training.whole_threads import Case

SIZES = ((5, 9), (10, 19), (20, 49))


@dataclass(frozen=True)
class Judged:
    """What was said of one thread, and how good it was."""

    case: Case
    said: Division
    p: dict[Division, float]
    covered: bool
    people_covered: float
    log_score: float

    @property
    def informative(self) -> bool:
        """Whether anything was said of how the voices divide."""
        return self.said.verdict in ("few-sides", "several", "one-side")

    @property
    def true(self) -> bool:
        """Whether it equals either reading of the thread; a side without its strength is true of both strengths."""
        return any(
            self.said == truth or (self.said.strength is None and self.said[:2] == truth[:2])
            for truth in self.case.truths
        )


def said_with(judged: Judged, sure: float) -> Division:
    """What another bar would have said."""
    small = too_few(len(judged.case.evidence), judged.case.unknown)
    return small or said(judged.p, sure)[0]


def judge(case: Case, trust: Trust) -> Judged:
    """One thread through the package's own estimate."""
    views = range_of_views(0, 0, 0, case.evidence, unknown=case.unknown, position=case.position, trust=trust)
    found = ways(0, 0, 0, case.evidence, priors(trust, case.position, len(case.evidence))) if case.evidence else []
    p: dict[Division, float] = {}
    for way in found:
        rule = division(*way[:3])
        p[rule] = p.get(rule, 0.0) + way.probability
    true = next((w.probability for w in found if w[:3] == case.counts), 0.0)
    spans = (views.agree, views.neutral, views.disagree)
    inside = [s is not None and s[0] <= k <= s[2] for s, k in zip(spans, case.counts, strict=True)]
    return Judged(
        case, Division(views.range.verdict, views.range.side, views.range.strength), p,
        _covers(views.range, case), sum(inside) / 3, -math.log(max(true, 1e-12)),
    )  # fmt: skip


def _covers(figures: Range, case: Case) -> bool:
    agree, neutral, disagree = case.counts
    n = sum(case.counts)
    d = 2 * (2 * agree * disagree + agree * neutral + neutral * disagree) / (n * n) if n else 0.0
    return figures.low is not None and figures.high is not None and figures.low - 1e-9 <= d <= figures.high + 1e-9


HEAD = (
    "| | threads | informative | true | precision | 80 % interval covers D | counts | log score |\n"
    "|---|---|---|---|---|---|---|---|"
)


def line(name: str, judged: Sequence[Judged]) -> str:
    """One row: how many threads, what share was said something of, and how often that was right."""
    n = len(judged)
    said = [j for j in judged if j.informative]
    right = sum(j.true for j in said)
    precision = f"{right / len(said):.2f}" if said else "-"
    covered = sum(j.covered for j in judged) / n
    people, score = (sum(values) / n for values in zip(*((j.people_covered, j.log_score) for j in judged), strict=True))
    return (
        f"| {name} | {n} | {100 * len(said) / n:.0f} % ({len(said)}) | {100 * right / n:.0f} % ({right}) | {precision} "
        f"| {covered:.2f} | {people:.2f} | {score:.2f} |"
    )


def table(name: str, judged: Sequence[Judged]) -> list[str]:
    """All, by the kind of post and by size."""
    lines = [line(name, judged)]
    for kind in sorted({j.case.kind for j in judged}):
        own = [j for j in judged if j.case.kind == kind]
        if len(own) < len(judged):
            lines.append(line(f"{name}, {kind}", own))
    for low, high in SIZES:
        if own := [j for j in judged if low <= j.case.n <= high]:
            lines.append(line(f"{name}, {low} to {high} voices", own))
    return lines


def by_verdict(judged: Sequence[Judged]) -> list[str]:
    """What was said, how often, and how often that was right."""
    lines = ["| said | times | right | precision |", "|---|---|---|---|"]
    names = {j.said for j in judged if j.informative}
    for name in sorted(names, key=str):
        own = [j for j in judged if j.said == name]
        right = sum(j.true for j in own)
        words = " ".join(part for part in name if part)
        lines.append(f"| {words} | {len(own)} | {right} | {right / len(own):.2f} |")
    return lines


def reliability(judged: Sequence[Judged]) -> list[tuple[float, float, int]]:
    """(mean probability, share true, how many) of each tenth, over every verdict of every thread."""
    bins: list[list[tuple[float, bool]]] = [[] for _ in range(10)]
    for j in judged:
        if too_few(len(j.case.evidence), j.case.unknown):
            continue
        for verdict in ("few-sides", "several", "one-side"):
            p = sum(share for rule, share in j.p.items() if rule.verdict == verdict)
            bins[min(int(p * 10), 9)].append((p, any(truth.verdict == verdict for truth in j.case.truths)))
    return [(sum(p for p, _ in b) / len(b), sum(t for _, t in b) / len(b), len(b)) for b in bins if b]


def drawing(judged: Sequence[Judged]) -> str:
    """The reliability of the verdicts' probabilities as SVG: a dot for each tenth; on the line is honest."""
    size, edge = 300, 40
    found = reliability(judged)
    most = max(count for _, _, count in found)
    dots = []
    for mean, share, count in found:
        x, y = edge + mean * size, edge + (1 - share) * size
        dots.append(
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{2 + 12 * (count / most) ** 0.5:.1f}" fill="currentColor" '
            f'fill-opacity=".45"><title>probability {mean:.2f}, true {share:.2f}, {count} verdicts</title></circle>'
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
        "<title>Reliability of verdicts on threads of other blogs: their probability against the share that was true"
        f'</title><path d="M{edge} {edge}V{end}H{end}M{edge} {end}L{end} {edge}" fill="none" stroke="#999"/>{ticks}'
        f'<text x="{edge + size / 2}" y="{end + 34}" text-anchor="middle">probability of the verdict</text>'
        f'<text x="12" y="{edge - 12}">share true</text>{"".join(dots)}</svg>\n'
    )
