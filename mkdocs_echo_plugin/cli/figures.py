"""`stance` and `range`: the two figures that everything else rests on, for texts and counts of one's own."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import click

from mkdocs_echo_plugin.errors import Unreadable
from mkdocs_echo_plugin.model import DISCUSSIONS, Discussion, Probabilities

if TYPE_CHECKING:
    from mkdocs_echo_plugin.stance import ToRead

BLOCK = 256  # replies read at a time: bounded memory, and answers while the input is still being written
COUNT = click.IntRange(min=0, max=1_000_000_000)


@click.command(
    "stance",
    epilog="""\b\nExample:\n  echo '{"id": 1, "parent": "Tea!", "reply": "Disagree: coffee."}' | mkdocs-echo stance""",
)
@click.option("--in", "given", metavar="FILE", default="-", show_default=True, help="JSON lines; - is stdin.")
@click.option(
    "--reader", "reader_name", metavar="NAME", default="embedded", show_default=True,
    help="Which reader, as `readers` lists them.",
)  # fmt: skip
def stance_command(given: str, reader_name: str) -> None:
    """Say how comments stand to what they answer.

    Reads JSON lines, {"id", "reply", "parent"} for a reply to another comment and {"id", "reply", "title", "post"} for
    a comment on a post (its title and beginning), and prints, in order, {"id", "stance", "p", "how"}: stance is
    agree, neutral, disagree or unknown, p the calibrated probabilities (given even where the stance is unknown),
    how is declared (the reply's first line says so) or read (by the model in the package).
    """
    from mkdocs_echo_plugin.cli.streams import json_line, read_json_lines, write
    from mkdocs_echo_plugin.readers import configured
    from mkdocs_echo_plugin.stance import stance_of

    reader = configured(reader_name, {})

    def answer(waiting: list[tuple[Any, ToRead]]) -> None:
        answers = stance_of([item for _, item in waiting], reader=reader)
        for (name, _), found in zip(waiting, answers, strict=True):
            p = {"agree": found.p.agree, "neutral": found.p.neutral, "disagree": found.p.disagree}
            write(json_line({"id": name, "stance": found.stance, "p": p, "how": found.how}))

    waiting: list[tuple[Any, ToRead]] = []
    try:
        for where, value in read_json_lines(given, option="--in"):
            waiting.append(_to_read(value, where))
            if len(waiting) == BLOCK:
                answer(waiting)
                waiting = []
    finally:
        answer(waiting)  # what came before a malformed line is answered too


def _to_read(value: Any, where: str) -> tuple[Any, ToRead]:
    from mkdocs_echo_plugin.stance import ToRead

    form = 'Write {"id": ..., "reply": ..., "parent": ...} or {"id": ..., "reply": ..., "title": ..., "post": ...}.'
    if not isinstance(value, dict):
        raise Unreadable(f"{where}: not an object. {form}")
    of_post = "parent" not in value and ("title" in value or "post" in value)
    for key in ("id", "reply", "title", "post") if of_post else ("id", "parent", "reply"):
        if key not in value:
            raise Unreadable(f'{where}: "{key}" is missing. {form}')
        if key != "id" and not isinstance(value[key], str):
            raise Unreadable(f'{where}: "{key}" is not text. Put it in quotes.')
    if not isinstance(value["id"], str | int | None):
        raise Unreadable(f'{where}: "id" is neither text nor a whole number.')
    if of_post:
        return value["id"], ToRead(value["reply"], title=value["title"], post=value["post"])
    return value["id"], ToRead(value["reply"], value["parent"])


@click.command(
    "range",
    context_settings={"ignore_unknown_options": True},  # "-1" is a wrong count, not an option
    epilog="\b\nExample:\n  mkdocs-echo range 6 0 2",
)
@click.argument("agree", type=COUNT)
@click.argument("neutral", type=COUNT)
@click.argument("disagree", type=COUNT)
@click.option(
    "--readings",
    metavar="FILE",
    help="""JSON lines, one voice a line: {"p": {"agree":, "neutral":, "disagree":}}, as `stance` prints it, or the
    p itself. A line whose "stance" is unknown is a voice whose stance is not known. - is standard input.""",
)
@click.option(
    "--kind",
    type=click.Choice(DISCUSSIONS),
    default="auto",
    show_default=True,
    help="What kind of post it is; all but opinion have no range, auto leaves it open.",
)
@click.option("--reader", "reader_name", metavar="NAME", default="embedded", show_default=True, help="Who read.")
def range_command(
    agree: int, neutral: int, disagree: int, readings: str | None, kind: Discussion, reader_name: str
) -> None:
    """Compute the range of views from counts and readings.

    AGREE, NEUTRAL and DISAGREE count the voices that declare their stance. Prints health.v1's `range`: d is D =
    2(2ac + ab + bc) over the shares, exact where no voice was read; else median, low and high (80 %); the verdict, and
    how probable each is.
    """
    from dataclasses import asdict

    from mkdocs_echo_plugin.cli.streams import json_line, read_json_lines, write
    from mkdocs_echo_plugin.health.estimate import trust_in
    from mkdocs_echo_plugin.health.kind import kind_of
    from mkdocs_echo_plugin.health.views import range_of_views
    from mkdocs_echo_plugin.model import Range

    taken = kind_of(None, kind)
    if taken.value != "opinion" or kind == "off":
        write(json_line(asdict(Range(verdict="off"))))
        return
    evidence: list[Probabilities] = []
    unknown = 0
    if readings is not None:
        from mkdocs_echo_plugin.readers import configured

        pi = configured(reader_name, {}).pi["top"]
        for where, value in read_json_lines(readings, option="--readings"):
            q = _probabilities(value, where)
            if isinstance(value, dict) and value.get("stance") == "unknown":
                unknown += 1
            else:
                evidence.append(Probabilities(*(share / base for share, base in zip(q, pi, strict=True))))
    views = range_of_views(
        agree, neutral, disagree, evidence, unknown=unknown, position=taken.p, trust=trust_in(reader_name)
    )
    write(json_line(asdict(views.range)))


def _probabilities(value: Any, where: str) -> Probabilities:
    p = value.get("p", value) if isinstance(value, dict) else value
    form = '{"agree": ..., "neutral": ..., "disagree": ...}'
    if not isinstance(p, dict) or set(p) != {"agree", "neutral", "disagree"}:
        raise Unreadable(f"{where}: not the probabilities of one voice. Write {form}.")
    shares = Probabilities(disagree=p["disagree"], neutral=p["neutral"], agree=p["agree"])
    for name, share in zip(shares._fields, shares, strict=True):
        if isinstance(share, bool) or not isinstance(share, int | float) or not 0 <= share <= 1:
            raise Unreadable(f'{where}: "{name}" is not a number from 0 to 1.')
    if not math.isclose(sum(shares), 1, abs_tol=0.01):
        raise Unreadable(f"{where}: the three probabilities add up to {sum(shares):.4g}, not to 1.")
    return shares
