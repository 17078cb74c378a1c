"""`apply` stopped at any step: the site is as before, or as after, or `--undo` makes it as before and says the truth."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

PAGE = (
    '<!DOCTYPE html>\n<html lang="en"><head><title>P{i}</title></head>\n<body><article><h1>Title {i} é</h1>\n'
    "<p>text {i}</p></article></body></html>\n"
)

# every child is a fork of one process that has imported all; at the step it dies, or the system refuses the write
DRIVER = r"""
import errno, json, os, shutil, sys
from pathlib import Path
from mkdocs_echo_plugin.cli import main
import mkdocs_echo_plugin.assess, mkdocs_echo_plugin.survey.run, mkdocs_echo_plugin.cli.apply, mkdocs_echo_plugin.cli.undo

how, command = sys.argv[1], sys.argv[2]
WRITES = ("os.rename", "os.remove", "os.rmdir", "os.mkdir")

def tree(folder):
    return {f.relative_to(folder).as_posix(): f.read_bytes() for f in sorted(Path(folder).rglob("*")) if f.is_file()}

def child(arguments, step=None):
    pid = os.fork()
    if pid:
        return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    os.dup2(os.open("said.txt", os.O_WRONLY | os.O_CREAT | os.O_TRUNC), 1)
    os.dup2(1, 2)
    seen = 0
    site = os.path.abspath("site")
    def hook(event, args):
        nonlocal seen
        writes = event in WRITES or (event == "open" and isinstance(args[1], str) and set(args[1]) & set("wax+"))
        if not writes or not os.path.abspath(str(args[0])).startswith(site):
            return
        seen += 1
        if seen == step:
            if how == "kill":
                os._exit(137)
            raise OSError(errno.ENOSPC, "No space left on device", str(args[0]))
    if step is not None:
        sys.addaudithook(hook)
    try:
        main(arguments)
    except SystemExit as end:
        sys.stdout.flush()
        os._exit(int(end.code or 0))
    except BaseException:
        import traceback
        traceback.print_exc()
        os._exit(99)
    os._exit(0)

def again():
    shutil.rmtree("site", ignore_errors=True)
    shutil.copytree("before", "site")

apply, undo = ["apply", "site", "--comments", "comments"], ["apply", "site", "--undo"]
again()
assert child(apply) == 0, Path("said.txt").read_text()
before, after = tree("before"), tree("site")
found = []
for step in range(1, 400):
    again()
    if command == "undo":
        child(apply)
    if command == "apply again":
        child(apply)
        Path("comments/p1.json").write_text(Path("comments/more.txt").read_text())
        middle = tree("site")
    status = child(undo if command == "undo" else apply, step)
    left = tree("site")
    if status == 0:
        break
    said = Path("said.txt").read_text()
    undone = child(undo)
    found.append({"step": step, "status": status, "said": said, "undone": undone, "whole": left in (before, after),
                  "restored": tree("site") == before,
                  "differs": sorted(k for k in before.keys() | tree("site").keys() if before.get(k) != tree("site").get(k))})
    if command == "apply again":
        Path("comments/p1.json").write_text(Path("comments/less.txt").read_text())
print(json.dumps({"steps": found, "last": status, "as_after": left == (before if command == "undo" else after)}))
"""


def thread(name: str, many: int) -> str:
    said = [{"id": str(i), "author": f"a{i}", "text": "Agree: yes" if i % 2 else "Disagree: no"} for i in range(many)]
    return json.dumps({"platform": "x", "key": name, "page_url": f"/{name}/", "comments": said})


@pytest.fixture
def site(tmp_path: Path) -> Path:
    for name in ("p0", "p1"):
        (tmp_path / f"before/{name}").mkdir(parents=True)
        (tmp_path / f"before/{name}/index.html").write_text(PAGE.format(i=name), "utf-8")
    for name, text in (
        ("assets/echo/echo.css", "/* own */"),
        ("echo/report.json", '{"own": 1}'),
        ("echo/badges/old.svg", "own"),
    ):
        (tmp_path / "before" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "before" / name).write_text(text, "utf-8")
    (tmp_path / "comments").mkdir()
    for name in ("p0", "p1"):
        (tmp_path / f"comments/{name}.json").write_text(thread(name, 8), "utf-8")
    (tmp_path / "comments/less.txt").write_text(thread("p1", 8), "utf-8")
    (tmp_path / "comments/more.txt").write_text(thread("p1", 12), "utf-8")
    return tmp_path


@pytest.mark.skipif(not hasattr(os, "fork"), reason="stopping a fork at each step needs a system that forks")
@pytest.mark.parametrize("command", ["apply", "apply again", "undo"])
@pytest.mark.parametrize("how", ["kill", "full"])
def test_stopped_at_any_write_nothing_is_lost(site: Path, how: str, command: str) -> None:
    environment = {k: v for k, v in os.environ.items() if k != "GITHUB_STEP_SUMMARY"}
    ran = subprocess.run(
        [sys.executable, "-c", DRIVER, how, command],
        cwd=site,
        env=environment,
        capture_output=True,
        text=True,
        timeout=600,
    )
    assert ran.returncode == 0, ran.stderr
    told = json.loads(ran.stdout.splitlines()[-1])
    assert told["last"] == 0
    assert len(told["steps"]) > 4, "the steps of a run were not seen"
    for step in told["steps"]:
        assert step["restored"], step
        assert step["undone"] == 0, step
        if how == "full":
            assert step["status"] == 2, step
            assert step["said"].count("\n") <= 2, step
            assert "No space left on device" in step["said"], step


def apply(*args: str, cwd: Path) -> tuple[int, str]:
    command = [sys.executable, "-m", "mkdocs_echo_plugin.cli", "apply", *args]
    ran = subprocess.run(command, cwd=cwd, capture_output=True, text=True)
    return ran.returncode, ran.stdout + ran.stderr


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {f.relative_to(folder).as_posix(): f.read_bytes() for f in sorted(folder.rglob("*")) if f.is_file()}


def test_a_page_edited_since_is_said_and_not_counted_as_it_was(site: Path) -> None:
    before = bytes_of(site / "before")
    assert apply("before", "--comments", "comments", cwd=site)[0] == 0
    inside, outside = site / "before/p0/index.html", site / "before/p1/index.html"
    inside.write_text(inside.read_text("utf-8").replace("echo-more", "echo-less"), "utf-8")
    outside.write_text(outside.read_text("utf-8").replace("text p1", "other words"), "utf-8")
    status, said = apply("before", "--undo", cwd=site)
    assert status == 2
    assert "0 pages as they were" in said
    assert "edited since, and without what was put in: p1/index.html" in said
    assert "p0/index.html: somebody has edited what was put in, so it was left there." in said
    assert outside.read_bytes() == before["p1/index.html"].replace(b"text p1", b"other words")
    inside.write_bytes(before["p0/index.html"])
    assert apply("before", "--undo", cwd=site)[0] == 0
    assert not (site / "before/echo/applied.json").exists()


def test_a_file_of_ours_that_somebody_has_replaced_is_left(site: Path) -> None:
    apply("before", "--comments", "comments", cwd=site)
    (site / "before/echo/report.json").write_text("new", "utf-8")
    status, said = apply("before", "--undo", cwd=site)
    assert status == 0
    assert "changed since, and left: echo/report.json" in said
    assert (site / "before/echo/report.json").read_text("utf-8") == "new"


def test_links_out_of_the_site_are_not_followed(site: Path) -> None:
    out = site / "out"
    (out / "p1").mkdir(parents=True)
    for name in ("p0", "p1"):
        (out / f"{name}.html").write_text(PAGE.format(i=name), "utf-8")
    (out / "p1/index.html").write_text(PAGE.format(i="p1"), "utf-8")
    (site / "before/p0/index.html").unlink()
    (site / "before/p0/index.html").symlink_to("../../out/p0.html")
    (site / "before/p1/index.html").unlink()
    (site / "before/p1").rmdir()
    (site / "before/p1").symlink_to("../out/p1")
    (site / "before/p2").mkdir()
    (site / "before/p2/index.html").write_text(PAGE.format(i="p2"), "utf-8")
    (site / "comments/p2.json").write_text(thread("p2", 8), "utf-8")
    before = bytes_of(out)
    assert apply("before", "--comments", "comments", cwd=site) == (0, "1 pages changed\n")
    assert bytes_of(out) == before


@pytest.mark.parametrize("place", ["echo/report.json", "assets/echo/echo.css", "echo"])
def test_a_link_at_our_own_places_is_refused_before_anything_is_written(site: Path, place: str) -> None:
    import shutil

    out = site / "out"
    out.mkdir()
    (out / "report.json").write_text("theirs", "utf-8")
    target = site / "before" / place
    shutil.rmtree(target) if target.is_dir() else target.unlink()
    target.symlink_to(out if place == "echo" else out / "report.json")
    pages = {name: data for name, data in bytes_of(site / "before").items() if name.endswith(".html")}
    status, said = apply("before", "--comments", "comments", cwd=site)
    assert status == 2
    assert "is a link, or lies behind one, and is not followed" in said
    assert bytes_of(out) == {"report.json": b"theirs"}
    assert {name: data for name, data in bytes_of(site / "before").items() if name.endswith(".html")} == pages


def test_a_page_keeps_its_permissions(site: Path) -> None:
    page = site / "before/p0/index.html"
    page.chmod(0o640)
    apply("before", "--comments", "comments", cwd=site)
    assert b"echo-panel" in page.read_bytes()
    assert page.stat().st_mode & 0o777 == 0o640


def test_notes_that_are_none_of_ours_are_one_line(site: Path) -> None:
    apply("before", "--comments", "comments", cwd=site)
    (site / "before/echo/applied.json").write_text("[1", "utf-8")
    for arguments in (("before", "--undo"), ("before", "--comments", "comments")):
        status, said = apply(*arguments, cwd=site)
        assert status == 2
        assert said.count("\n") == 1
        assert "these are no notes of `apply`" in said
    assert b"echo-panel" not in (site / "before/p0/index.html").read_bytes()


def test_a_configuration_with_python_tags_runs_nothing(site: Path) -> None:
    tag = "x: !!python/object/apply:os.system ['echo ran > pwned.txt']\nsources: []\n"
    (site / "echo.yml").write_text(tag, "utf-8")
    status, said = apply("before", "-f", "echo.yml", cwd=site)
    assert not (site / "pwned.txt").exists()
    assert (status, "option 'x': unknown option" in said) == (2, True)
