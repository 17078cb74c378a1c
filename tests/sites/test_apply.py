"""`mkdocs-echo apply` on built pages: what it changes, what it leaves, and that it takes everything out again."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mkdocs_echo_plugin.render.badge import Fragments, RenderOptions
from mkdocs_echo_plugin.render.document import applied, without_fragments

PAGE = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>The well</title>
<link rel="canonical" href="https://example.org/blog/well/"></head>
<body><h1>Our village</h1><main><article><h1 id="w">The <em>well</em> stays</h1>
<p>The village well should stay öpen.</p></article>
<section id="comments">old comments</section></main></body></html>
"""
FRAGMENTS = Fragments(badge='<div class="echo">bädge</div>', prompt="<p>ask</p>", policy="<p>policy</p>")


def apply(*args: str | Path, cwd: Path, status: int = 0) -> str:
    command = [sys.executable, "-c", "from mkdocs_echo_plugin.cli import main; main()", "apply", *map(str, args)]
    ran = subprocess.run(command, cwd=cwd, capture_output=True, text=True)
    assert ran.returncode == status, ran.stderr
    return ran.stdout + ran.stderr


@pytest.fixture
def site(tmp_path: Path) -> Path:
    (tmp_path / "site/blog/well").mkdir(parents=True)
    (tmp_path / "site/about").mkdir()
    (tmp_path / "site/blog/well/index.html").write_text(PAGE, "utf-8")
    (tmp_path / "site/about/index.html").write_bytes(b"<html><body><h1>About</h1>\xff\xfe caf\xe9<p>unclosed")
    (tmp_path / "comments").mkdir()
    comments = [
        {"id": str(i), "author": f"a{i}", "text": f"{'Agree' if i < 6 else 'Disagree'}: so it is."} for i in range(9)
    ]
    thread = {"platform": "isso", "page_url": "https://example.org/blog/well/", "comments": comments}
    (tmp_path / "comments/well.json").write_text(json.dumps(thread), "utf-8")
    return tmp_path


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {f.relative_to(folder).as_posix(): f.read_bytes() for f in sorted(folder.rglob("*")) if f.is_file()}


def test_a_page_gets_its_badge_by_its_canonical_link_and_no_other_page_changes(site: Path) -> None:
    before = bytes_of(site / "site")
    assert apply("site", "--comments", "comments", cwd=site) == "1 pages changed\n"
    after = bytes_of(site / "site")
    page = after["blog/well/index.html"].decode()
    assert "stays</h1><!--echo:applied" in page
    assert 'data-echo-state="several"' in page
    assert page.index("echo-prompt") < page.index('<section id="comments">')
    assert '<link rel="stylesheet" href="../../assets/echo/echo.css"></head>' in page
    assert after["about/index.html"] == before["about/index.html"]
    assert without_fragments(after["blog/well/index.html"]) == before["blog/well/index.html"]
    report = json.loads(after["echo/report.json"])
    assert [p["state"] for p in report["posts"] if p["path"] == "blog/well/index.html"] == ["several"]


def test_applying_again_changes_nothing_and_undo_restores_every_byte(site: Path) -> None:
    before = bytes_of(site / "site")
    apply("site", "--comments", "comments", cwd=site)
    once = bytes_of(site / "site")
    assert "0 pages changed: they show already" in apply("site", "--comments", "comments", cwd=site)
    assert bytes_of(site / "site") == once
    assert apply("site", "--undo", cwd=site) == "1 pages as they were\n"
    assert bytes_of(site / "site") == before
    assert not (site / "site/echo").exists()


def test_a_comment_that_is_gone_takes_its_badge_along(site: Path) -> None:
    before = bytes_of(site / "site")["blog/well/index.html"]
    apply("site", "--comments", "comments", cwd=site)
    (site / "comments/well.json").unlink()
    (site / "comments/other.csv").write_text("id,author,text\n1,Ann,hello\n", "utf-8")
    apply("site", "--comments", "comments", cwd=site)
    assert bytes_of(site / "site")["blog/well/index.html"] == before


def test_a_configuration_says_what_a_post_is_and_posts_without_comments_show_the_policy(site: Path) -> None:
    (site / "echo.yml").write_text("site_url: https://example.org/\nsources:\n  - files: {path: comments}\n", "utf-8")
    apply("site", "-f", "echo.yml", "--posts", "/about/*", cwd=site)
    pages = bytes_of(site / "site")
    assert b"echo-badge" not in pages["about/index.html"]
    assert b"echo" in pages["about/index.html"]
    assert b"echo" not in pages["blog/well/index.html"]


def test_front_matter_of_the_source_is_heeded(site: Path) -> None:
    (site / "docs/blog").mkdir(parents=True)
    (site / "docs/blog/well.md").write_text("---\ncomments: true\ndiscussion: fact\n---\n# The well\n", "utf-8")
    (site / "mkdocs.yml").write_text(
        "site_name: x\nsite_url: https://example.org/\nplugins:\n  - echo:\n      sources:\n        - files: {path: comments}\n",
        "utf-8",
    )
    apply("site", "-f", "mkdocs.yml", cwd=site)
    assert b'data-echo-state="facts"' in bytes_of(site / "site")["blog/well/index.html"]


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (("nowhere", "--comments", "comments"), "no such folder"),
        (("site",), "--comments"),
        (("site", "--comments", "nowhere"), "does not exist"),
        (("site", "-f", "nowhere.yml"), "nowhere.yml"),
        (("comments", "--comments", "comments"), "no HTML page"),
    ],
)
def test_wrong_use_is_one_line_and_exit_2(site: Path, args: tuple[str, ...], says: str) -> None:
    said = apply(*args, cwd=site, status=2)
    assert says in said
    assert said.count("\n") == 1


def test_hostile_comments_stay_text(site: Path) -> None:
    comments = [
        {"id": str(i), "author": "<script>alert(1)</script>", "text": "</main><script>alert(2)</script>?",
         "url": "javascript:alert(3)", "author_key": f"k{i}"} for i in range(6)
    ]  # fmt: skip
    thread = {"platform": "<b>x", "page_url": "https://example.org/blog/well/", "open": True, "comments": comments}
    (site / "comments/well.json").write_text(json.dumps(thread), "utf-8")
    apply("site", "--comments", "comments", cwd=site)
    page = bytes_of(site / "site")["blog/well/index.html"]
    assert b"<script" not in re.sub(rb"<script>\(d=>[^<]*</script>", b"", page, count=1)  # the copy button's
    assert b"javascript:" not in page


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.sampled_from([
    "<h1>", "</h1>", "<article>", "</article>", "<p>", "</head>", "<main>", "</main>", "<!--", "-->", "<div id=comments>", "<br>",
    "<h1 class='entry-title'>T", "text & more", "<script>'</h1>'</script>", "<![CDATA[", "é\r\n", "<", "'\">", "<!-- echo:badge -->",
]), max_size=14), st.binary(max_size=6))  # fmt: skip
def test_whatever_the_page_what_is_put_in_comes_out_again(pieces: list[str], noise: bytes) -> None:
    data = "".join(pieces).encode("utf-8") + noise
    once = applied(data, FRAGMENTS, RenderOptions(), stylesheet="e.css")
    assert without_fragments(once) == data
    assert applied(once, FRAGMENTS, RenderOptions(), stylesheet="e.css") == once


def test_a_page_that_writes_about_the_marks_keeps_its_words() -> None:
    data = b"<h1>x</h1><!--echo:applied 5 " + b"0" * 64 + b"-->hello"
    assert without_fragments(data) == data
    assert without_fragments(applied(data, FRAGMENTS, RenderOptions(), stylesheet="e.css")) == data


def test_ten_thousand_nested_elements_are_no_trouble() -> None:
    data = b"<div>" * 10_000 + b"<h1>deep</h1>" + b"</div>" * 10_000
    assert without_fragments(applied(data, FRAGMENTS, RenderOptions(), stylesheet="e.css")) == data


def test_what_a_build_left_at_our_places_comes_back(site: Path) -> None:
    (site / "site/echo/badges").mkdir(parents=True)
    (site / "site/assets/echo").mkdir(parents=True)
    for name in ("echo/report.json", "echo/badges/old.svg", "echo/badges/site.svg", "assets/echo/echo.css"):
        (site / "site" / name).write_text("from the build", "utf-8")
    before = bytes_of(site / "site")
    apply("site", "--comments", "comments", cwd=site)
    apply("site", "--comments", "comments", cwd=site)
    assert bytes_of(site / "site") != before
    apply("site", "--undo", cwd=site)
    assert bytes_of(site / "site") == before


def test_a_page_that_has_its_badge_already_gets_no_second_one(site: Path) -> None:
    page = site / "site/blog/well/index.html"
    page.write_text(PAGE.replace("</h1>\n<p>", '</h1><details class="echo-panel"></details>\n<p>'), "utf-8")
    assert "0 pages changed: the plugin itself" in apply("site", "--comments", "comments", cwd=site)


def test_notes_that_name_files_elsewhere_are_not_followed(site: Path) -> None:
    apply("site", "--comments", "comments", cwd=site)
    (site / "precious.txt").write_text("mine", "utf-8")
    notes = {"wrote": ["../precious.txt", "echo/../../precious.txt"], "kept": {"../evil.txt": "eA=="}}
    (site / "site/echo/applied.json").write_text(json.dumps(notes), "utf-8")
    apply("site", "--undo", cwd=site)
    assert (site / "precious.txt").exists()
    assert not (site / "evil.txt").exists()
