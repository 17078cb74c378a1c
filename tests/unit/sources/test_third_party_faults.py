"""Other people's adapters that are broken: one line each, and everything else goes on."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
THREAD = {"schema": "thread.v1", "platform": "x", "key": "one", "page_url": "/one/", "open": True,
          "comments": [{"id": str(i), "author": f"a{i}", "text": "Agree: yes"} for i in range(6)]}  # fmt: skip
MODULE = """
class Faulty:
    name, title, needs = "faulty", "Faulty", "nothing"
    @classmethod
    def recognises(cls, document):
        return b"faulty" in document.data
    def read(self, document):
        raise ZeroDivisionError("division by zero\\n::error::x")
    @classmethod
    def from_url(cls, url):
        return None
    def fetch(self, post, client):
        return []
"""


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A site, and beside it a package with four adapters: three cannot be loaded, one fails as it reads."""
    (tmp_path / "lib").mkdir()
    (tmp_path / "lib/old_mod.py").write_text("raise ImportError('old dependency')")
    (tmp_path / "lib/odd_mod.py").write_text("def (:")
    (tmp_path / "lib/thing_mod.py").write_text("Thing = 5")
    (tmp_path / "lib/faulty_mod.py").write_text(MODULE)
    info = tmp_path / "lib/elsewhere-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: elsewhere\nVersion: 1.0\n")
    points = ["odd = odd_mod:Odd", "old = old_mod:Old", "thing = thing_mod:Thing", "faulty = faulty_mod:Faulty"]
    (info / "entry_points.txt").write_text("[mkdocs_echo.sources]\n" + "\n".join(points) + "\n")
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs/one.md").write_text("---\ncomments: true\n---\n# One\n\nTea is good.\n")
    (tmp_path / "docs/two.md").write_text("---\ncomments: true\n---\n# Two\n\nTea is good.\n")
    (tmp_path / "comments").mkdir()
    (tmp_path / "comments/one.json").write_text(json.dumps(THREAD))
    (tmp_path / "mkdocs.yml").write_text(
        "site_name: x\nsite_url: https://b.example/\nplugins:\n  - echo: {sources: [{files: {path: comments}}]}\n"
    )
    return tmp_path


def run(site: Path, *command: str) -> subprocess.CompletedProcess[str]:
    main = {
        "mkdocs": "from mkdocs.__main__ import cli as main",
        "mkdocs-echo": "from mkdocs_echo_plugin.cli import main",
    }
    start = f"import sys; sys.path[:0] = [{str(site / 'lib')!r}, {str(ROOT)!r}]; {main[command[0]]}; main()"
    return subprocess.run([sys.executable, "-c", start, *command[1:]], cwd=site, capture_output=True, text=True)


def test_adapters_that_cannot_be_loaded_are_said_and_the_build_goes_on(site: Path) -> None:
    built = run(site, "mkdocs", "build")
    assert built.returncode == 0, built.stderr
    assert json.loads((site / "site/echo/report.json").read_text())["posts"][0]["voices"]["n"] == 6
    lines = [line for line in built.stderr.splitlines() if "elsewhere" in line]
    assert [line.split("sources: ")[1].split()[0] for line in lines] == ["odd", "old", "thing"]
    assert "old (old_mod:Old) cannot be loaded (ImportError: old dependency)" in built.stderr
    assert "Traceback" not in built.stderr


def test_the_list_of_sources_says_what_cannot_be_loaded(site: Path) -> None:
    listed = run(site, "mkdocs-echo", "sources")
    assert listed.returncode == 0
    assert "isso" in listed.stdout
    assert (
        len([line for line in listed.stderr.splitlines() if "Update or uninstall its package elsewhere" in line]) == 3
    )


def test_an_adapter_that_is_asked_for_and_cannot_be_loaded_is_one_line(site: Path) -> None:
    asked = run(site, "mkdocs-echo", "threads", "comments/one.json", "--source", "old")
    assert asked.returncode == 2
    assert asked.stderr.count("\n") == 1
    assert "old dependency" in asked.stderr


def test_an_adapter_that_fails_makes_its_own_post_unknown_and_no_other(site: Path) -> None:
    (site / "comments/two.json").write_text("faulty")
    built = run(site, "mkdocs", "build")
    assert built.returncode == 0, built.stderr
    posts = {post["path"]: post for post in json.loads((site / "site/echo/report.json").read_text())["posts"]}
    assert posts["one.md"]["voices"]["n"] == 6
    assert posts["two.md"]["state"] == "unknown"
    assert "its source failed (ZeroDivisionError: division by zero ::error::x)" in posts["two.md"]["reason"]
