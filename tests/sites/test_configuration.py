"""What a wrong mkdocs.yml, a broken file and a gate do to a real build."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from drawing import Builder, badges, draw, thread, voices
from test_builds import FILES, SMALL


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"sourcess": []}, "Plugin 'echo' option 'sourcess': unknown option. Did you mean 'sources'?"),
        ({"sources": [{"nowhere": {}}]}, "Plugin 'echo' option 'sources': unknown source 'nowhere'. Known: "),
        ({"sources": [{"giscus": {}}]}, "Plugin 'echo' option 'sources': giscus: option 'repo' is missing."),
        (
            {"sources": [{"files": {"path": "no"}}]},
            "option 'sources': files: path: 'no' does not exist",
        ),
        ({"fail_on": ["bad"]}, "Plugin 'echo' option 'fail_on': 'bad' is not known. Write one of "),
    ],
)
def test_a_wrong_option_stops_the_build_with_one_line(build: Builder, options: dict[str, Any], says: str) -> None:
    built = build(SMALL, echo=options)
    assert built.exit_code == 1
    assert len([line for line in built.log.splitlines() if "echo" in line]) == 1
    assert says in built.log
    assert "Traceback" not in built.log
    assert not built.site.exists()


def test_a_broken_overrides_file_stops_the_build_and_names_its_line(build: Builder) -> None:
    tree = {**SMALL, "echo-stances.yml": "c1: agree\nc2: perhaps\n"}
    built = build(tree, echo={**FILES, "stance": {"overrides": "echo-stances.yml"}})
    assert built.exit_code == 1
    assert "echo-stances.yml, line 2" in built.log
    assert "Traceback" not in built.log


def test_a_broken_thread_file_makes_its_post_unknown_and_the_build_goes_on(build: Builder) -> None:
    tree = {**SMALL, "comments/second.json": '{"schema": "thread.v1", "comments": [{"id": "1", "text": "half'}
    built = build(tree, echo=FILES)
    assert built.exit_code == 0, built.log
    assert built.states() == {"first": "one-side", "second": "unknown"}
    assert build(tree, echo=FILES, args=("--strict",)).exit_code == 1
    second = built.report()["posts"][1]
    assert second["reason"].startswith("comments/second.json")
    assert badges(built.page("second/")) == []
    (failed,) = built.report()["sources"][0]["failed"]
    assert failed == {"post": "second.md", "why": second["reason"]}


def test_a_broken_export_of_the_whole_site_leaves_no_post_called_quiet(build: Builder) -> None:
    tree = {**SMALL, "export.xml": '<?xml version="1.0"?><disqus xmlns="http://disqus.com"><category dsq:id="1"'}
    built = build(tree, echo={"sources": [{"files": {"path": "export.xml", "source": "disqus_xml"}}]})
    assert built.states() == {"first": "unknown", "second": "unknown"}


def test_one_of_several_files_failing_leaves_the_others_and_says_so(build: Builder) -> None:
    tree = {**SMALL, "more/first.json": '{"comments": [{"text": "half'}
    built = build(tree, echo={"sources": [{"files": {"path": "comments"}}, {"files": {"path": "more"}}]})
    first = built.report()["posts"][0]
    assert (first["state"], first["thread"]["complete"]) == ("one-side", False)
    assert first["reason"].startswith("more/first.json")


def test_fail_on_ends_the_build_with_exit_1_and_the_pages_written(build: Builder) -> None:
    built = build(SMALL, echo={**FILES, "fail_on": ["one-side"]}, plugins=["search"])
    assert built.exit_code == 1
    assert "fail_on: first.md is one-side (10 people commented · nearly all agree so far)" in built.log
    assert "Traceback" not in built.log
    assert badges(built.page("first/")) == ["one-side"]
    assert built.states()["first"] == "one-side"
    assert "Tea is better" in built.index()


def test_fail_on_passes_where_no_post_is_in_such_a_state(build: Builder) -> None:
    assert build(SMALL, echo={**FILES, "fail_on": ["waiting", "unknown"]}).exit_code == 0


def mkdocs(root: Path, *args: str) -> subprocess.CompletedProcess[str]:
    """The program itself, as people run it."""
    environment = {k: v for k, v in os.environ.items() if k not in ("GITHUB_STEP_SUMMARY", "GITHUB_TOKEN")}
    return subprocess.run(
        [sys.executable, "-m", "mkdocs", *args], cwd=root, env=environment, capture_output=True, text=True, timeout=120
    )


def test_quiet_and_strict_together_still_fail_on_the_gate(tmp_path: Path) -> None:
    draw(tmp_path, SMALL)
    plugins = ["search", {"echo": {**FILES, "fail_on": ["one-side"]}}]
    (tmp_path / "mkdocs.yml").write_text(yaml.safe_dump({"site_name": "Letters", "plugins": plugins}), "utf-8")
    run = mkdocs(tmp_path, "build", "-q", "--strict")
    assert run.returncode == 1
    assert "first.md is one-side" in run.stderr
    assert (tmp_path / "site/first/index.html").exists()


def test_quiet_and_strict_say_nothing_where_nothing_is_wrong(tmp_path: Path) -> None:
    draw(tmp_path, {**SMALL, "comments/lost.json": thread(*voices(agree=1), page_url="https://x.example/lost/")})
    plugins = ["search", {"echo": FILES}]
    (tmp_path / "mkdocs.yml").write_text(yaml.safe_dump({"site_name": "Letters", "plugins": plugins}), "utf-8")
    run = mkdocs(tmp_path, "build", "-q", "--strict")
    assert (run.returncode, run.stdout, run.stderr) == (0, "", "")


def test_a_mistake_in_front_matter_is_a_warning_and_no_end(build: Builder) -> None:
    tree = {**SMALL, "docs/first.md": "---\ncomments: true\ndiscussion: facts\n---\n# First\n\nTea."}
    built = build(tree, echo=FILES)
    assert built.exit_code == 0
    assert "first.md: front matter 'discussion': 'facts' is no kind of discussion." in built.log
    assert badges(built.page("first/")) == ["one-side"]


def test_an_overrides_file_mends_a_stance(build: Builder) -> None:
    keys = [f"letters:https://blog.example/first/#{i}" for i in range(1, 6)]
    tree = {**SMALL, "echo-stances.yml": "".join(f"'{key}': disagree\n" for key in keys)}
    built = build(tree, echo={**FILES, "stance": {"overrides": "echo-stances.yml"}})
    assert built.report()["posts"][0]["voices"]["overridden"] == 5
    assert built.states()["first"] == "several"
