"""`mkdocs-echo apply` on what other generators really build: Zensical, Pelican, Sphinx. And the same badge as the plugin's."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from html import unescape
from importlib.util import find_spec
from pathlib import Path

import pytest

COMMENTS = [
    {"id": str(i), "author": f"a{i}", "text": f"{'Agree' if i < 5 else 'Disagree'}: so it is."} for i in range(9)
] + [
    {
        "id": "9",
        "author": "z",
        "text": "I totally agree with you, the well brings all of us together every single morning.",
    }
]


def needs(module: str) -> pytest.MarkDecorator:
    return pytest.mark.skipif(find_spec(module) is None, reason=f"{module} is not installed: pip install -e '.[test]'")


def run(*command: str, cwd: Path) -> None:
    ran = subprocess.run(command, cwd=cwd, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stdout + ran.stderr


def echo(*args: str, cwd: Path) -> None:
    run(sys.executable, "-c", "from mkdocs_echo_plugin.cli import main; main()", *args, cwd=cwd)


def thread_for(folder: Path, path: str) -> None:
    (folder / "comments").mkdir()
    thread = {"platform": "isso", "page_url": f"https://example.org/{path}", "comments": COMMENTS}
    (folder / "comments/well.json").write_text(json.dumps(thread), "utf-8")


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {f.relative_to(folder).as_posix(): f.read_bytes() for f in sorted(folder.rglob("*")) if f.is_file()}


def badge(html: str) -> tuple[str, str]:
    found = re.search(r'class="echo-badge" data-echo-state="([^"]+)">(.+?)</span>', html)
    assert found is not None
    return found[1], unescape(found[2])


def check(folder: Path, built: str, page: str, heading: str) -> str:
    """Applies, looks for the badge behind the heading, undoes, compares every byte; returns the page with its badge."""
    before = bytes_of(folder / built)
    echo("apply", built, "--comments", "comments", cwd=folder)
    changed = {name for name, data in bytes_of(folder / built).items() if before.get(name) != data}
    ours = {page, "assets/echo/echo.css", "echo/report.json", "echo/applied.json"}
    assert {name for name in changed if not name.startswith("echo/badges/")} == ours
    html = (folder / built / page).read_text("utf-8")
    at = html.index("<!--echo:applied", html.index("</head"))
    assert re.search(rf"<h[12][^>]*>(?:(?!</h[12]>).)*{heading}(?:(?!</h[12]>).)*</h[12]>$", html[:at], re.DOTALL)
    echo("apply", built, "--undo", cwd=folder)
    assert bytes_of(folder / built) == before
    return html


@needs("zensical")
def test_zensical_and_the_same_badge_as_the_plugin_gives(tmp_path: Path) -> None:
    thread_for(tmp_path, "well/")
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs/index.md").write_text("# Home\n\nWelcome.\n", "utf-8")
    (tmp_path / "docs/well.md").write_text(
        "---\ncomments: true\n---\n# The well stays\n\nThe village well should stay open.\n\nIt costs little.\n",
        "utf-8",
    )
    config = (
        "site_name: Village\nsite_url: https://example.org/\ntheme: {name: material}\nplugins:\n  - search\n  - echo:\n"
    )
    config += "      sources:\n        - files: {path: comments}\n"
    (tmp_path / "mkdocs.yml").write_text(config, "utf-8")
    run(sys.executable, "-m", "zensical", "build", cwd=tmp_path)
    html = check(tmp_path, "site", "well/index.html", "The well stays")
    run(sys.executable, "-m", "mkdocs", "build", "-q", "-d", "by-mkdocs", cwd=tmp_path)
    assert badge(html) == badge((tmp_path / "by-mkdocs/well/index.html").read_text("utf-8"))


@needs("pelican")
def test_pelican(tmp_path: Path) -> None:
    thread_for(tmp_path, "the-well-stays.html")
    (tmp_path / "content").mkdir()
    (tmp_path / "content/well.md").write_text(
        "Title: The well stays\nDate: 2026-01-01\nSlug: the-well-stays\n\nThe village well should stay open.\n", "utf-8"
    )
    (tmp_path / "content/other.md").write_text("Title: Other\nDate: 2026-01-02\nSlug: other\n\nWords.\n", "utf-8")
    run(sys.executable, "-m", "pelican", "content", "-o", "output", cwd=tmp_path)
    assert badge(check(tmp_path, "output", "the-well-stays.html", "The well stays"))[0] == "several"


@needs("sphinx")
@pytest.mark.parametrize("theme", ["alabaster", "classic", "haiku"])
def test_sphinx(tmp_path: Path, theme: str) -> None:
    thread_for(tmp_path, "well.html")
    (tmp_path / "source").mkdir()
    (tmp_path / "source/conf.py").write_text(f"project = 'Village'\nhtml_theme = '{theme}'\n", "utf-8")
    (tmp_path / "source/index.rst").write_text("Home\n====\n\n.. toctree::\n\n   well\n", "utf-8")
    (tmp_path / "source/well.rst").write_text(
        "The well stays\n==============\n\nThe village well should stay.\n", "utf-8"
    )
    run(sys.executable, "-m", "sphinx", "-q", "source", "out", cwd=tmp_path)
    assert badge(check(tmp_path, "out", "well.html", "The well stays"))[0] == "several"
