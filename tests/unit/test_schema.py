"""What is printed and written is what the schemas in schema/ promise, no key more and none less."""

from __future__ import annotations

import json
import runpy
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from referencing import Registry, Resource

from mkdocs_echo_plugin.assess import Settings, assess, unknown
from mkdocs_echo_plugin.model import Comment, Finding, Health, Post, Reaction, Thread
from mkdocs_echo_plugin.report import build
from mkdocs_echo_plugin.serialize import health_for_author, health_to_dict, thread_to_dict
from mkdocs_echo_plugin.survey import SourceAccount, Survey, Surveyed, Unmatched

FOLDER = Path(__file__).parents[2] / "schema"
SCHEMAS: dict[str, Any] = {path.name: json.loads(path.read_text("utf-8")) for path in FOLDER.glob("*.json")}


def closed(schema: Any, *, top: bool = True) -> Any:
    """A schema that allows no key but those that it names: readers may meet new ones, our own output may not."""
    if isinstance(schema, list):
        return [closed(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    inner = {key: closed(value) for key, value in schema.items()}
    if "properties" in schema and isinstance(schema.get("type"), str) and top:
        return {**inner, "unevaluatedProperties": False}
    return inner


# a post of a report is a health and has names besides: the health that it refers to is closed below its own keys
REGISTRY: Any = Registry().with_resources(
    [(name, Resource.from_contents(closed(schema, top=False))) for name, schema in SCHEMAS.items()]
)

NOON = datetime(2026, 5, 4, 12, 30, 0, 250_000, tzinfo=UTC)
WORDS = "I have kept bees for ten years and in none of them did the thing that you describe happen, so how come?"


def problems(name: str, value: Any) -> list[str]:
    """What a schema has against a value, those parts of it too that stand in alternatives."""
    found: list[str] = []
    validator = Draft202012Validator(closed(SCHEMAS[name]), registry=REGISTRY)
    errors = list(validator.iter_errors(json.loads(json.dumps(value))))
    while errors:
        error = errors.pop()
        found.append(error.message)
        errors += error.context or ()
    return found


def thread(platform: str = "giscus", count: int = 7) -> Thread:
    """A thread in which every field says something."""
    comments = [
        Comment(
            id=f"{platform}-{i}",
            parent_id=f"{platform}-0" if i > 3 else None,
            root_id=f"{platform}-0" if i > 3 else None,
            parent_exact=i != 5,
            author_key=f"someone-{i}" if i != 2 else None,
            author_role="member",
            addressed="someone-1" if i == 4 else None,
            created=NOON if i != 3 else None,
            edited=NOON,
            text=f"{'Agree' if i % 2 else 'Disagree'}: {WORDS}",
            url=f"https://forum.example/{i}",
            kind="reply" if i > 3 else "comment",
            reactions=(Reaction("+1", "someone-1"), Reaction("heart", count=3)),
            score=i - 2,
            declared="agree" if i == 1 else None,
        )
        for i in range(count)
    ]
    return Thread(
        platform=platform, source_url="https://forum.example/d/1", page_url="/bees/", key="bees", fetched_at=NOON,
        title="Bees", complete=False, truncated_reason="100 replies at most", reported_count=120, open=True,
        reactions=(Reaction("+1", "someone-9"),), comments=(*comments, Comment(id="gone", state="deleted")),
    )  # fmt: skip


POST = Post(path="bees.md", url="bees/", title="Bees", description="What bees do.", text="What bees do in winter.")
HEALTHS = {
    "unknown": unknown("isso: no answer"),
    "quiet": assess([]),
    "without a post": assess([thread()]),
    "with a post": assess([thread()], post=POST, first_seen={"someone-1": NOON}),
    "several venues": assess([thread(), thread("mastodon")], post=POST),
    "off": assess([thread()], post=Post(path="bees.md", discussion="off")),
    "facts": assess([thread()], post=Post(path="bees.md", discussion="fact")),
    "few": assess([thread(count=2)]),
    "public tone": assess([thread()], post=POST, settings=Settings(tone="public", reactions="count")),
}


@pytest.mark.parametrize("name", sorted(SCHEMAS))
def test_a_schema_is_a_schema(name: str) -> None:
    Draft202012Validator.check_schema(SCHEMAS[name])


def test_a_thread_is_thread_v1_whether_printed_or_kept() -> None:
    assert problems("thread.v1.json", thread_to_dict(thread())) == []
    assert problems("thread.v1.json", thread_to_dict(thread(), anonymise=False)) == []


@pytest.mark.parametrize("case", HEALTHS)
def test_a_health_is_health_v1(case: str) -> None:
    assert problems("health.v1.json", health_to_dict(HEALTHS[case])) == []


def test_what_is_the_author_s_alone_is_not_health_v1() -> None:
    found = " ".join(problems("health.v1.json", health_for_author(HEALTHS["with a post"])))
    assert all(f"'{key}'" in found for key in ("author_state", "tone", "author_only"))


@pytest.fixture
def report() -> dict[str, Any]:
    posts = tuple(Surveyed(Post(path=f"{case}.md", title=case), health) for case, health in HEALTHS.items())
    survey = Survey(
        posts=posts,
        unmatched=(Unmatched("disqus_xml", None, "https://old.example/", "no post has its address"),),
        sources=(SourceAccount("isso", 3, 1, 1, (("unknown.md", "no answer"),)),),
        findings=(Finding("same-circle", "The same circle returns.", ("few.md",)), Finding("same-circle", "Again.")),
    )
    return build.reports(survey, site="https://blog.example/").public


def test_a_report_is_report_v1(report: dict[str, Any]) -> None:
    assert problems("report.v1.json", report) == []
    assert problems("report.v1.json", build.reports(Survey(posts=()), site=None).public) == []


@pytest.mark.parametrize(
    ("place", "key"),
    [((), "generated_at"), (("posts", 0), "tone"), (("posts", 0, "voices"), "names"), (("sources", 0), "token")],
)
def test_a_wrong_key_anywhere_is_caught(place: tuple[str | int, ...], key: str, report: dict[str, Any]) -> None:
    part: Any = report
    for step in place:
        part = part[step]
    part[key] = 1
    assert any(f"'{key}'" in problem for problem in problems("report.v1.json", report))


def test_a_missing_key_is_caught(report: dict[str, Any]) -> None:
    del report["posts"][3]["range"]["strength"]
    assert "'strength' is a required property" in problems("report.v1.json", report)


def test_the_committed_schemas_are_those_that_the_code_makes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(FOLDER))
    made = runpy.run_path(str(FOLDER / "generate.py"))["all_schemas"]()
    for name, text in made.items():
        assert (FOLDER / name).read_text("utf-8") == text, "run `python schema/generate.py`"
    assert set(made) == set(SCHEMAS)


@pytest.mark.parametrize("name", ["thread.v1.json", "health.v1.json", "report.v1.json"])
def test_a_reader_of_today_accepts_a_figure_of_tomorrow(name: str, report: dict[str, Any]) -> None:
    today = {"thread.v1.json": thread_to_dict(thread()), "health.v1.json": report["posts"][1], "report.v1.json": report}
    places = {"thread.v1.json": "comments", "health.v1.json": "venues", "report.v1.json": "posts"}
    value = json.loads(json.dumps(today[name]))
    value["tomorrow"] = 1
    for part in value[places[name]]:
        part["tomorrow"] = {"new": [1]}
    validator = Draft202012Validator(SCHEMAS[name], registry=Registry().with_resources(
        [(other, Resource.from_contents(schema)) for other, schema in SCHEMAS.items()]))  # fmt: skip
    assert [error.message for error in validator.iter_errors(value)] == []


def test_every_sentence_of_help_is_about_a_field_that_is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(FOLDER))
    about = runpy.run_path(str(FOLDER / "generate.py"))["ABOUT"]
    written = "".join(json.dumps(schema, ensure_ascii=False) for schema in SCHEMAS.values())
    assert [key for key, said in about.items() if json.dumps(said, ensure_ascii=False) not in written] == []


def test_a_health_without_anything_is_still_whole() -> None:
    assert problems("health.v1.json", health_to_dict(Health(state="unclear"))) == []
