"""The report of a build, and the formats that a CI reads."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mkdocs_echo_plugin.assess import assess, unknown
from mkdocs_echo_plugin.build_cache import fingerprint
from mkdocs_echo_plugin.errors import ConfigurationError
from mkdocs_echo_plugin.messages import one_line
from mkdocs_echo_plugin.model import Comment, Finding, Health, KindFacts, Post, Thread
from mkdocs_echo_plugin.report import build, digest, gate, github, gitlab, junit, shields, summary, svg
from mkdocs_echo_plugin.report import text as plain
from mkdocs_echo_plugin.serialize import health_to_dict
from mkdocs_echo_plugin.survey import SourceAccount, Survey, Surveyed, Unmatched

START = datetime(2026, 3, 1, 12, tzinfo=UTC)
REASON = "isso: https://comments.example.org did not answer in 20 s. Is the server up?"


def letters(*said: str, platform: str = "isso", open_: bool = True) -> Thread:
    """A thread of top-level comments, each by another person, an hour apart."""
    comments = tuple(
        Comment(
            id=str(i),
            author_key=f"key-of-{i}",
            created=START + timedelta(hours=i),
            text=text,
            url=f"https://blog.example/p/#{i}",
        )
        for i, text in enumerate(said, 1)
    )
    return Thread(platform=platform, key="p", page_url="/p/", open=open_, comments=comments)


LONG = "because the figures of ten years, which I kept for our own garden, show nothing of the kind to anybody here"


def one_side() -> Health:
    return assess([letters(*(f"Agree: number {i} has nothing to add to this." for i in range(8)))])


def debate() -> Health:
    thread = letters(
        *(f"Agree: {LONG}, says number {i}." for i in range(6)), f"Disagree: {LONG}.", f"Disagree: no, {LONG}.",
        "How deep should a bed for leeks be?",
    )  # fmt: skip
    return assess([thread])


def survey(*posts: tuple[str, Health], unmatched: Sequence[Unmatched] = (), findings: Sequence[Finding] = ()) -> Survey:
    failed = tuple((path, health.reason) for path, health in posts if health.reason)
    return Survey(
        posts=tuple(
            Surveyed(Post(path=path, url=f"{path[:-3]}/", title=f"About {path[:-3]}"), health) for path, health in posts
        ),
        unmatched=tuple(unmatched),
        sources=(SourceAccount("isso", len(posts), len(posts) - len(failed), 0, failed),),
        findings=tuple(findings),
    )


@pytest.fixture(scope="module")
def made() -> Survey:
    return survey(
        ("walks.md", one_side()),
        ("gardens.md", debate()),
        ("storms.md", unknown(REASON)),
        ("bread.md", assess([])),
        unmatched=[Unmatched("disqus_xml", "old-post", "https://old.example/old-post", "no post has this path")],
        findings=[Finding("same-circle", "The same circle of commenters returns under 3 posts.", ("walks.md",))],
    )


@pytest.fixture(scope="module")
def report(made: Survey) -> dict[str, Any]:
    return build.reports(made, site="https://blog.example/").public


def post_in(report: dict[str, Any], path: str) -> dict[str, Any]:
    found: dict[str, Any] = next(p for p in report["posts"] if p["path"] == path)
    return found


def test_posts_stand_by_path_with_their_health_beside_their_names(report: dict[str, Any]) -> None:
    assert [p["path"] for p in report["posts"]] == ["bread.md", "gardens.md", "storms.md", "walks.md"]
    assert post_in(report, "walks.md") == {
        "path": "walks.md", "url": "walks/", "title": "About walks", **health_to_dict(one_side()),
    }  # fmt: skip


def test_the_summary_counts_posts_by_state_and_what_waits(report: dict[str, Any]) -> None:
    figures = report["summary"]
    assert figures["posts"] == 4
    assert {state: n for state, n in figures["states"].items() if n} == {
        "one-side": 2, "unknown": 1, "quiet": 1,
    }  # fmt: skip
    assert figures["comments"] == 17
    assert figures["waiting"]["objection"] == 2
    assert figures["waiting"]["question"] == 0  # the reader that ships tells them too badly for the public
    assert figures["unmatched"] == 1


def test_the_report_is_dated_by_its_newest_comment_not_by_the_clock(report: dict[str, Any]) -> None:
    assert report["generated_from"]["newest"] == "2026-03-01T21:00:00Z"


def test_the_same_survey_gives_the_same_bytes(made: Survey, report: dict[str, Any]) -> None:
    assert json.dumps(build.reports(made, site="https://blog.example/").public) == json.dumps(report)


def test_a_failed_source_is_told_with_the_post_and_the_reason(report: dict[str, Any]) -> None:
    assert report["sources"] == [
        {
            "name": "isso",
            "asked": 4,
            "answered": 3,
            "from_cache": 0,
            "failed": [{"post": "storms.md", "why": REASON}],
            "stale": [],
        }
    ]


def test_tone_is_in_the_author_s_report_only(made: Survey, report: dict[str, Any]) -> None:
    own = build.reports(made, site="https://blog.example/").author
    assert "tone" in post_in(own, "gardens.md")
    assert not re.search(r'"(tone|heat|flag|author_state)"', json.dumps(report))


def test_no_report_holds_a_key_of_who_wrote(made: Survey, report: dict[str, Any]) -> None:
    assert "key-of-" not in json.dumps([report, build.reports(made, site=None).author])


def test_the_author_s_report_knows_the_public_one_that_it_goes_with(made: Survey, report: dict[str, Any]) -> None:
    own = build.reports(made, site="https://blog.example/").author
    assert own["of"] == fingerprint(json.loads(json.dumps(report)))
    assert own["of"] != fingerprint({**report, "site": "https://other.example/"})


# the gate


def test_a_post_in_a_named_state_fails(report: dict[str, Any]) -> None:
    verdict = gate.check(report, ["one-side", "unknown"])
    assert [(path, state) for path, state, _ in verdict.failed] == [
        ("gardens.md", "one-side"), ("storms.md", "unknown"), ("walks.md", "one-side"),
    ]  # fmt: skip


def test_no_state_named_nothing_fails(report: dict[str, Any]) -> None:
    assert gate.check(report, []) == gate.Verdict()


def test_a_post_that_had_the_state_in_the_baseline_is_excused(report: dict[str, Any]) -> None:
    verdict = gate.check(report, ["one-side"], report)
    assert verdict.failed == ()
    assert [path for path, _, _ in verdict.excused] == ["gardens.md", "walks.md"]
    assert verdict.changes == ()


def test_what_changed_since_the_baseline_is_told_with_posts_that_came_and_went(report: dict[str, Any]) -> None:
    younger = {**post_in(report, "walks.md"), "state": "early"}
    gone = {**post_in(report, "bread.md"), "path": "gone.md"}
    before = {**report, "posts": [younger, gone]}
    verdict = gate.check(report, ["one-side"], before)
    assert [path for path, _, _ in verdict.failed] == ["gardens.md", "walks.md"]
    assert gate.Change("walks.md", "early", "one-side") in verdict.changes
    assert gate.Change("gone.md", "quiet", None) in verdict.changes
    assert gate.Change("gardens.md", None, "one-side") in verdict.changes


def test_the_author_s_own_state_can_be_named(report: dict[str, Any]) -> None:
    own = {**report, "posts": [{**post_in(report, "gardens.md"), "author_state": "tense"}]}
    assert [state for _, state, _ in gate.check(own, ["tense"]).failed] == ["tense"]


def test_a_post_in_which_something_waits_can_be_named(report: dict[str, Any]) -> None:
    assert [(path, state) for path, state, _ in gate.check(report, ["waiting"]).failed] == [("gardens.md", "waiting")]
    assert gate.check(report, ["waiting"], report).failed == ()


def test_an_unknown_state_is_an_error_that_lists_the_known_ones() -> None:
    with pytest.raises(ConfigurationError, match=r"--fail-on: unknown state 'sad'\. Known: off, unknown, .*tense"):
        gate.states_named(["sad"], option="--fail-on")


# Markdown


def test_markdown_lists_posts_what_waits_and_what_matched_nothing(report: dict[str, Any]) -> None:
    text = summary.write(report)
    assert "| About gardens | 9 people commented · most agree, not all · 2 objections unanswered" in text
    assert "- About gardens: an [objection](https://blog.example/p/#7) since 2026-03-01" in text
    assert "- disqus\\_xml: https://old.example/old-post: no post has this path" in text
    assert text.endswith("The comments here are not a sample of anybody.\n")


HOSTILE = "<script>|`*[x](javascript:1)\n::error::%0A]]>&\x00\x1b[31m\u202e"


@pytest.fixture
def hostile(report: dict[str, Any]) -> dict[str, Any]:
    """A report in which everything that comes from outside wants to be something else."""
    names = {"title": HOSTILE, "url": f"https://x.example/{HOSTILE}", "path": f"{HOSTILE}.md"}
    post = {**post_in(report, "gardens.md"), **names}
    post["open"] = {**post["open"], "waiting": [{**w, "url": HOSTILE} for w in post["open"]["waiting"]]}
    bad = {**post_in(report, "storms.md"), "reason": HOSTILE}
    return {**report, "posts": [post, bad], "site": HOSTILE}


def test_hostile_titles_stay_one_escaped_cell_in_markdown(hostile: dict[str, Any]) -> None:
    text = summary.write(hostile)
    row = next(line for line in text.splitlines() if line.startswith("| \\<script"))
    assert len(re.findall(r"(?<!\\)\|", row)) == 6
    assert "<script" not in text.replace("\\<script", "")
    assert not re.search(r"(?<!\\)\]\((?!https?://)", text)


def test_the_step_summary_is_appended_where_the_variable_names_a_file(tmp_path: Path) -> None:
    target = tmp_path / "summary.md"
    target.write_text("# before\n")
    assert summary.to_step_summary("# ours\n", {"GITHUB_STEP_SUMMARY": str(target)}) == target
    summary.to_step_summary("# ours\n", {"GITHUB_STEP_SUMMARY": str(target)})
    assert target.read_text() == "# before\n# ours\n"
    assert summary.to_step_summary("# ours\n", {}) is None


def test_a_step_summary_that_cannot_be_written_ends_nothing(tmp_path: Path) -> None:
    assert summary.to_step_summary("# ours\n", {"GITHUB_STEP_SUMMARY": str(tmp_path)}) is None
    assert summary.to_step_summary("# ours\n", {"GITHUB_STEP_SUMMARY": str(tmp_path / "no" / "file")}) is None


def test_the_step_summary_never_passes_one_mebibyte(tmp_path: Path) -> None:
    target = tmp_path / "summary.md"
    summary.to_step_summary("a line of a long report\n" * 60_000, {"GITHUB_STEP_SUMMARY": str(target)})
    assert summary.STEP_LIMIT - 100 < target.stat().st_size <= summary.STEP_LIMIT
    assert target.read_text().endswith("(cut: the whole report is in echo/report.json)\n")


# annotations


def test_annotations_name_the_file_of_the_post(report: dict[str, Any]) -> None:
    lines = github.write(report).splitlines()
    assert lines[0] == f"::warning file=docs/storms.md,title=The comments could not be read::{REASON}"
    assert any(
        line.startswith("::notice file=docs/walks.md,title=8 people commented · nearly all agree") for line in lines
    )


def test_annotations_escape_what_would_end_them(hostile: dict[str, Any]) -> None:
    for line in github.write(hostile).splitlines():
        command, properties, message = re.fullmatch(r"::(\w+) (.*?)::(.*)", line).groups()  # type: ignore[union-attr]
        assert command in ("notice", "warning")
        assert re.fullmatch(r"file=[^:,]*,title=[^:,]*", properties)
        assert "%" not in re.sub(r"%25|%0D|%0A", "", message)
    assert "%25" in github.write(hostile)


def test_there_are_never_more_than_ten_annotations_and_the_tenth_says_how_many_are_left() -> None:
    many = build.reports(survey(*((f"p{i:02}.md", unknown(REASON)) for i in range(25))), site=None).public
    lines = github.write(many).splitlines()
    assert len(lines) == 10
    assert lines[-1] == "::notice title=echo::16 more in echo/report.json"


# JUnit


def test_junit_counts_what_it_lists(report: dict[str, Any]) -> None:
    suite = ET.fromstring(junit.write(report, fail_on=["one-side"])).find("testsuite")
    assert suite is not None
    cases = suite.findall("testcase")
    assert {k: int(suite.attrib[k]) for k in ("tests", "failures", "errors", "skipped")} == {
        "tests": 4, "failures": 2, "errors": 1, "skipped": 1,
    }  # fmt: skip
    assert [c.attrib["name"] for c in cases if c.find("failure") is not None] == ["gardens.md", "walks.md"]
    assert [c.attrib["name"] for c in cases if c.find("error") is not None] == ["storms.md"]


@given(st.text())
def test_junit_is_well_formed_whatever_a_title_or_reason_holds(text: str) -> None:
    post = {"path": text, "state": "unknown", "reason": text, "badge": None}
    case = ET.fromstring(junit.write({"posts": [post]})).find(".//testcase")
    assert case is not None
    assert len(case.attrib["name"]) == len(text)


# GitLab


def test_gitlab_findings_have_what_gitlab_asks_for(report: dict[str, Any]) -> None:
    found = json.loads(gitlab.write(report))
    assert {f["location"]["path"] for f in found} == {"docs/storms.md", "docs/gardens.md", "docs/walks.md"}
    for entry in found:
        assert set(entry) == {"description", "check_name", "fingerprint", "severity", "location"}
        assert entry["severity"] in ("info", "minor", "major", "critical", "blocker")
        assert entry["location"]["lines"]["begin"] == 1


def test_gitlab_fingerprints_are_unique_and_survive_a_new_comment(report: dict[str, Any]) -> None:
    first = json.loads(gitlab.write(report))
    words = {"text": "changed", "title": "changed"}
    later = {**report, "posts": [{**p, "badge": p["badge"] and words} for p in report["posts"]]}
    prints = [f["fingerprint"] for f in first]
    assert len(set(prints)) == len(prints)
    assert [f["fingerprint"] for f in json.loads(gitlab.write(later))] == prints


# badges


def test_shields_get_their_endpoint(report: dict[str, Any]) -> None:
    assert json.loads(shields.write(report)) == {
        "schemaVersion": 1, "label": "discussion", "message": f"{report['summary']['comments']} comments · "
        "2 wait", "color": "lightgrey", "isError": False,
    }  # fmt: skip


def test_a_site_of_which_nothing_could_be_read_is_an_error_not_a_zero() -> None:
    badge = json.loads(shields.write(build.reports(survey(("storms.md", unknown(REASON))), site=None).public))
    assert (badge["message"], badge["isError"]) == ("unknown", True)


def test_the_svg_says_aloud_what_it_shows(report: dict[str, Any]) -> None:
    root = ET.fromstring(svg.write(report))
    space = "{http://www.w3.org/2000/svg}"
    title = root.findtext(f"{space}title")
    assert root.attrib["role"] == "img"
    assert root.attrib["aria-label"] == title == f"discussion: {shields.message(report)}"
    assert [t.text for t in root.iter(f"{space}text")] == ["discussion", shields.message(report)]


@given(st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff")))
def test_an_svg_is_well_formed_and_as_wide_as_its_parts(text: str) -> None:
    root = ET.fromstring(svg.draw("discussion", text))
    parts = [float(r.attrib["width"]) for r in root.iter("{http://www.w3.org/2000/svg}rect")]
    assert parts[0] == float(root.attrib["width"]) == parts[1] + parts[2]


def test_wide_letters_take_more_room_than_narrow_ones() -> None:
    assert svg.width("iiii") < svg.width("nnnn") < svg.width("WWWW") < svg.width("語語語語語")


# for people


def test_the_digest_begins_with_what_waits_longest(report: dict[str, Any]) -> None:
    text = digest.write(report)
    assert text.startswith(
        "Waits longest\n  1. About gardens: an objection, since 1 March 2026: https://blog.example/p/#7\n\n"
        "Questions and objections without an answer\n  1. About gardens: an objection, since 1 March 2026: "
    )
    order = ["Most take one side", "One thing to do", "Could not be read", "Discussions that belong to no post"]
    assert sorted(order, key=text.index) == order


def test_the_digest_of_a_quiet_site_says_so() -> None:
    report = build.reports(survey(("a.md", Health(state="facts", kind=KindFacts("fact")))), site=None).public
    assert digest.write(report) == "Nothing waits, and there is nothing to do.\n"


def test_hostile_text_reaches_no_terminal(hostile: dict[str, Any]) -> None:
    shown = digest.write(hostile) + plain.write(hostile["posts"][0])
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]", shown)


def test_a_health_for_people_says_the_state_the_voices_and_what_waits() -> None:
    text = plain.write(health_to_dict(debate()))
    assert "state     one-side" in text
    assert "voices    9, 8 known (8 declared): 6 agree, 0 neutral, 2 disagree" in text
    assert "range     0.75 of 1 (exact), one-side most agree" in text
    assert "waiting   objection since 2026-03-01 https://blog.example/p/#7" in text


def test_one_number_of_what_waits_stands_in_every_report(made: Survey, report: dict[str, Any]) -> None:
    post = post_in(report, "gardens.md")
    assert len(post["open"]["waiting"]) == post["open"]["questions"] + post["open"]["objections"] == 2
    assert "| 2 | 2026-03-01 |" in summary.write(report)
    assert "title=2 waiting for a reply::The longest is an objection since 2026-03-01" in github.write(report)
    own = build.reports(made, site="https://blog.example/").author
    unreplied = "About gardens: a comment, since 1 March 2026 (and 5 more): https://blog.example/p/#1"
    assert unreplied in digest.write(own)
    assert unreplied not in digest.write(report)


@pytest.mark.parametrize("form", ["markdown", "github", "junit", "gitlab", "digest", "check", "shields", "svg"])
def test_no_format_lets_a_title_command_a_terminal_or_a_runner(hostile: dict[str, Any], form: str) -> None:
    text = {
        "markdown": lambda: summary.write(hostile),
        "github": lambda: github.write(hostile),
        "junit": lambda: junit.write(hostile),
        "gitlab": lambda: gitlab.write(hostile),
        "digest": lambda: digest.write(hostile),
        "check": lambda: "\n".join(map(one_line, map(repr, gate.check(hostile, ["unknown"]).failed))),
        "shields": lambda: shields.write(hostile),
        "svg": lambda: svg.write(hostile),
    }[form]()
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e]", text)
    commands = [line for line in text.splitlines() if line.lstrip().startswith("::")]
    assert all(form == "github" and re.match(r"::(?:notice|warning) (?:file|title)=", line) for line in commands)
