"""Writes the schemas in this folder: `python schema/generate.py`; `--check` only says which are out of date.

thread.v1, health.v1 and report.v1 are made from what the code writes: one object of each kind with every field set is
turned into JSON by the package itself, its keys are the schema's keys, and the types are those of the dataclasses. What
a type cannot say, bounds and a sentence of help, stands below in `ABOUT`. `options.py` makes the options' schema.

The schemas are open: a reader ignores keys that it does not know, so a new figure breaks nobody. The tests close them
(`tests/unit/test_schema.py`) before they check our own output.
"""

from __future__ import annotations

import json
import sys
import types
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import options

from mkdocs_echo_plugin import model
from mkdocs_echo_plugin.report import build
from mkdocs_echo_plugin.serialize import HEALTH_SCHEMA, THREAD_SCHEMA, health_to_dict, thread_to_dict
from mkdocs_echo_plugin.survey import SourceAccount, Survey, Surveyed, Unmatched

HERE = Path(__file__).parent
DIALECT = "https://json-schema.org/draft/2020-12/schema"
MOMENT: dict[str, Any] = {
    "type": ["string", "null"],
    "pattern": r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z$",
    "description": "UTC, ISO 8601",
}
MOMENTS = {"newest", "since", "created", "edited", "fetched_at"}
"""Fields that hold a time, whether the dataclass has it as datetime or as text."""
NEVER_EMPTY = {"id", "platform", "content", "text", "title", "key", "path", "name", "source", "reason", "plugin"}
MAY_BE_EMPTY = {"Comment.text", "Thread.title", "Surveyed.title"}
COUNTED_FROM_ONE = {"Reaction.count"}
MAY_BE_NEGATIVE = {"Comment.score"}
PAST_ONE = {"d", "median", "low", "high"}
"""In the range of one of several systems: D n / (n - 1) is unbiased, and so past 1 by up to a quarter at five people."""

ABOUT = {
    "Thread.platform": "the comment system: isso, wordpress, giscus ...",
    "Thread.source_url": "where it was read",
    "Thread.page_url": "the page that it belongs to: an address or a path",
    "Thread.key": "what the comment system itself calls the thread: identifier, number, slug",
    "Thread.fetched_at": "when it was read; null in what is printed, so that the same thread prints the same",
    "Thread.complete": "false where the comment system gave only a part",
    "Thread.reported_count": "the comment system's own count",
    "Thread.open": "whether a reply is possible",
    "Thread.reactions": "on the post itself",
    "Thread.comments": "in the comment system's order",
    "Reaction.content": "+1, -1, heart ...",
    "Reaction.count": "more than 1 where nobody is named",
    "Comment.parent_exact": "false where the comment system hides who replies to whom",
    "Comment.author_key": "v1, v2 ... in order of first appearance; null where nobody is named",
    "Comment.addressed": "author_key of whom the first line calls by name",
    "Comment.text": 'plain text; quotes are lines that begin with "> ", code stands between backticks',
    "Comment.declared": "what the comment system or the file says that the author said of the parent",
    "Comment.read": "the model's probabilities; only in files that `mkdocs-echo fetch --no-text` wrote",
    "Health.venues": "the same blocks for each comment system, where there is more than one",
    "Health.reason": "why the state is unknown, for people",
    "Health.reactions": "thumbs on the post by accounts that the comment system names",
    "CommentCounts.deleted": "deleted or hidden by the comment system",
    "CommentCounts.pings": "pingbacks, likes, reposts, mentions",
    "CommentCounts.unsupported_language": "read, but in a language in which no stance is guessed",
    "VoiceCounts.n": "distinct authors, the post's author left out",
    "VoiceCounts.read": "known by the model's guess alone",
    "VoiceCounts.agree": "people: low, expected, high (80 %); null under five people of known stance",
    "VoiceCounts.neutral": "people: low, expected, high (80 %); null under five people of known stance",
    "VoiceCounts.disagree": "people: low, expected, high (80 %); null under five people of known stance",
    "KindFacts.p": "that the post takes a position",
    "Range.strength": "null where the two strengths only together are probable enough",
    "Range.p": "the verdicts' probabilities, together 1",
    "Range.p_said": "the probability of what the verdict says",
    "RangeOfOneSystem.p": "the verdicts' probabilities, together 1",
    "Health.outside": "comments that relay what somebody outside said; nobody's stance",
    "Answers.objections": "declared by their writers, or marked by the site's author",
    "Answers.time_to_first_reply": "median, in seconds; null without a reply",
    "Range.d": "D, 0 all alike, 1 split in halves; null where any stance was guessed",
    "Range.low": "80 % interval",
    "Range.high": "80 % interval",
    "Open.waiting": "objections and questions that nobody answered, the longest first",
    "Breadth.first_time": "null without the rest of the site",
    "Breadth.effective_voices": "Hill number of order 2",
    "SourceAccount.asked": "posts that it was asked for",
    "SourceAccount.from_cache": "threads of an earlier build that were used",
    "SourceAccount.stale": "where an older thread took the place of one that could not be read",
}
"""A sentence of help by field."""


# an object with every field set


def full(hint: Any) -> Any:
    """A value of a type in which nothing is missing."""
    origin, args = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        return full(next(arg for arg in args if arg is not type(None)))
    if origin is Literal:
        return args[0]
    if origin is Mapping:
        return {}
    if origin is tuple:
        return (full(args[0]),) if args[1:] == (...,) else tuple(map(full, args))
    if is_dataclass(hint) or hasattr(hint, "_fields"):
        return hint(**{name: full(inner) for name, inner in hints(hint).items()})
    if origin is not None:
        return origin()
    return {str: "x", int: 7, float: 0.5, bool: True, datetime: datetime(2026, 1, 1, tzinfo=UTC)}[hint]


@cache
def hints(kind: Any) -> dict[str, Any]:
    """The fields of a dataclass or named tuple with their types."""
    names = [f.name for f in fields(kind)] if is_dataclass(kind) else kind._fields
    found = get_type_hints(kind)
    return {name: found[name] for name in names}


# the schema of what it became


PARTS: dict[str, dict[str, Any]] = {}
"""The objects that were described so far, by the names of their dataclasses."""


def of_object(
    kind: Any, written: dict[str, Any], extra: dict[str, Any] | None = None, *, inside: str | None = None
) -> dict[str, Any]:
    """An object's schema: the keys that were written, each with the type of its field; `extra` has those that are none."""
    known, named = hints(kind), extra or {}
    optional = {"read"} if kind is model.Comment else set()
    keys = {
        key: named[key] if key in named else of_type(known[key], value, key=key, inside=inside or kind.__name__)
        for key, value in written.items()
    }
    return {"type": "object", "properties": keys, "required": [key for key in keys if key not in optional]}


def of_type(hint: Any, written: Any, *, key: str, inside: str) -> dict[str, Any]:
    """The schema of a field by its type, with what `ABOUT` says of it."""
    about = {"description": ABOUT[f"{inside}.{key}"]} if f"{inside}.{key}" in ABOUT else {}
    if key in MOMENTS:
        return MOMENT | about
    bare, nullable = without_none(hint)
    found = of_bare(bare, written, key=key, inside=inside)
    if not nullable or bare is model.Probabilities:  # these are left out where there are none
        return found | about
    if "enum" in found:
        return found | {"enum": [*found["enum"], None]} | about
    if "type" in found:
        return found | {"type": [found["type"], "null"]} | about
    return {"anyOf": [found, {"type": "null"}]} | about


def without_none(hint: Any) -> tuple[Any, bool]:
    """A type without "or None", and whether it said that."""
    if get_origin(hint) in (Union, types.UnionType):
        return next(arg for arg in get_args(hint) if arg is not type(None)), True
    return hint, False


def of_bare(hint: Any, written: Any, *, key: str, inside: str) -> dict[str, Any]:
    """The schema of a type that cannot be None."""
    name = f"{inside}.{key}"
    if get_origin(hint) is Literal:
        return {"enum": list(get_args(hint))}
    if hint is model.Span:
        least = {"minimum": 0}
        parts = [{"type": "integer", **least}, {"type": "number", **least}, {"type": "integer", **least}]
        return {"type": "array", "prefixItems": parts, "minItems": 3, "maxItems": 3}
    if get_origin(hint) is Mapping:
        share = {"type": "number", "minimum": 0, "maximum": 1}
        return plain(dict.fromkeys(("few-sides", "several", "one-side"), share))
    if get_origin(hint) is tuple:
        return {"type": "array", "items": of_bare(get_args(hint)[0], written[0], key=key, inside=inside)}
    if hint is model.Probabilities:
        share = {"type": "number", "minimum": 0, "maximum": 1}
        return {"type": "object", "properties": dict.fromkeys(written, share), "required": list(written)}
    if is_dataclass(hint):
        extra = {"platform": {"type": "string", "minLength": 1}} if hint is model.Venue else {}
        part = "RangeOfOneSystem" if name == "Venue.range" else hint.__name__
        PARTS[part] = of_object(hint, written, extra, inside=part)
        return {"$ref": f"#/$defs/{part}"}
    if hint is str:
        empty = name in MAY_BE_EMPTY or key not in NEVER_EMPTY
        return {"type": "string"} if empty else {"type": "string", "minLength": 1}
    if hint is bool:
        return {"type": "boolean"}
    if hint is int:
        least = {} if name in MAY_BE_NEGATIVE else {"minimum": int(name in COUNTED_FROM_ONE)}
        return {"type": "integer", **least}
    assert hint is float, f"{name}: {hint} has no schema yet"
    most = {"Range": 1, "RangeOfOneSystem": 1.25 if key in PAST_ONE else 1}.get(inside)
    most = 1 if name == "KindFacts.p" else most
    return {"type": "number", "minimum": 0, **({"maximum": most} if most else {})}


# the three documents


def document(name: str, about: str, found: dict[str, Any]) -> dict[str, Any]:
    """A whole schema, with the parts that it refers to."""
    parts = {part: PARTS.pop(part) for part in sorted(PARTS)}
    head = {"$schema": DIALECT, "title": name, "description": f"{about} Made by schema/generate.py."}
    return {**head, **found, **({"$defs": parts} if parts else {})}


def thread() -> dict[str, Any]:
    """The schema of a thread."""
    written = thread_to_dict(full(model.Thread), anonymise=False)
    about = (
        "All that one comment system holds for one post, before any cleaning. Printed by `mkdocs-echo threads`; neutral "
        "files for the adapter of that name have the same keys."
    )
    return document(THREAD_SCHEMA, about, of_object(model.Thread, written, {"schema": {"const": THREAD_SCHEMA}}))


def health() -> dict[str, Any]:
    """The schema of a health as the public sees it."""
    written = health_to_dict(full(model.Health))
    about = "What is known of one post's discussion, as the public may see it: no tone, nobody's guessed stance."
    return document(HEALTH_SCHEMA, about, of_object(model.Health, written, {"schema": {"const": HEALTH_SCHEMA}}))


def report() -> dict[str, Any]:
    """The schema of a build's report."""
    post = Surveyed(full(model.Post), full(model.Health))
    survey = Survey(
        posts=(post,), unmatched=(full(Unmatched),), sources=(full(SourceAccount),), findings=(full(model.Finding),)
    )
    written = build.reports(survey, site="https://blog.example/").public
    count = {"type": "integer", "minimum": 0}
    summary = {key: counts(value) for key, value in written["summary"].items()}
    finding = of_object(model.Finding, {"text": "x", "posts": ["x"]})
    why = objects({"post": {"type": "string"}, "why": {"type": "string"}})
    account = of_object(
        SourceAccount,
        written["sources"][0],
        {"failed": why, "stale": {**why, "description": ABOUT["SourceAccount.stale"]}},
    )
    own = {"path": {"type": "string", "minLength": 1}, "url": {"type": "string"}, "title": {"type": "string"}}
    summary["comments"] = {**count, "description": "read"}
    found = {
        "schema": {"const": build.SCHEMA},
        "site": {"type": ["string", "null"], "description": "site_url"},
        "language": {"type": "string", "minLength": 2, "description": "the site's, in which a digest is printed"},
        "generated_from": {
            "description": "what the report was made from; dates are the data's own",
            **plain({"plugin": {"type": "string", "minLength": 1, "description": "version"}, "newest": MOMENT}),
        },
        "summary": plain(summary),
        "posts": {
            "type": "array",
            "description": "by path",
            "items": {"description": "health.v1 with the post's names", **plain(own), "$ref": "health.v1.json"},
        },
        "unmatched": {
            "type": "array",
            "description": "threads that match no post, or more than one",
            "items": of_object(Unmatched, written["unmatched"][0]),
        },
        "site_findings": {
            "type": "object",
            "description": "by the finding's key",
            "additionalProperties": {"type": "array", "items": finding},
        },
        "sources": {"type": "array", "items": account},
    }
    assert set(found) == set(written), "report/build.py writes other keys than this says"
    about = "What a build leaves in echo/report.json: every post's health, and what matched no post. Public."
    return document(build.SCHEMA, about, plain(found))


def plain(properties: dict[str, Any]) -> dict[str, Any]:
    """An object that always has these keys."""
    return {"type": "object", "properties": properties, "required": list(properties)}


def objects(properties: dict[str, Any]) -> dict[str, Any]:
    """A list of such objects."""
    return {"type": "array", "items": plain(properties)}


def counts(value: Any) -> dict[str, Any]:
    """A count, or an object of counts."""
    if isinstance(value, dict):
        return plain({key: counts(inner) for key, inner in value.items()})
    return {"type": "integer", "minimum": 0}


def all_schemas() -> dict[str, str]:
    """The text of every file in this folder that is made, by its name."""
    made = {"thread.v1.json": thread(), "health.v1.json": health(), "report.v1.json": report()}
    texts = {name: json.dumps(schema, indent=2, ensure_ascii=False) + "\n" for name, schema in made.items()}
    return {**texts, "options.v1.json": options.schema()}


def main() -> int:
    """Writes what is out of date, or with `--check` names it and returns 1."""
    old = {name: text for name, text in all_schemas().items() if _text(HERE / name) != text}
    for name, text in old.items():
        if "--check" in sys.argv:
            sys.stderr.write(f"schema/{name} is out of date: run `python schema/generate.py`.\n")
        else:
            (HERE / name).write_text(text, encoding="utf-8")
            sys.stdout.write(f"schema/{name}\n")
    return int(bool(old) and "--check" in sys.argv)


def _text(path: Path) -> str | None:
    return path.read_text("utf-8") if path.is_file() else None


if __name__ == "__main__":
    sys.exit(main())
