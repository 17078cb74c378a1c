"""ProperDocs, the fork that loads MkDocs plugins, and MaterialX, the fork of Material: the same badge as MkDocs gives.

Both stand in the way of what the other tests use (one host a process, one package called `material`), so they live in an
environment of their own: `ECHO_HOSTS` names its Python. `.ci/run` makes it.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from drawing import draw, drawn, thread, voices

HOSTS = os.environ.get("ECHO_HOSTS")
needs_hosts = pytest.mark.skipif(not HOSTS, reason="ECHO_HOSTS names no Python with properdocs and mkdocs-materialx")
SITE = r"""
    docs/
    ├── index.md      # Letters
    └── posts/
        └── well.md   ---\ndate: 2026-03-01\ncomments: true\n---\n# The well stays\n\nIt does.\n\n<!-- more -->\n\nMore.
    comments/
    └── well.json     {letters}
"""


def built(root: Path, python: str, module: str, **config: object) -> str:
    """Builds with one host, and returns the post's page."""
    draw(root, drawn(SITE, letters=thread(*voices(agree=5, disagree=3))))
    echo = {"echo": {"sources": [{"files": {"path": "comments"}}]}}
    plugins = [*config.pop("plugins", []), echo]  # type: ignore[misc]
    written = {"site_name": "Letters", "site_url": "https://blog.example/", "plugins": plugins, **config}
    (root / f"{module}.yml").write_text(yaml.safe_dump(written), "utf-8")
    command = [python, "-m", module, "build", "-q", "-f", f"{module}.yml", "-d", f"by-{module}"]
    ran = subprocess.run(command, cwd=root, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    (page,) = [p for p in (root / f"by-{module}").rglob("*.html") if "well" in p.as_posix()]
    return page.read_text("utf-8")


def ours(html: str) -> str:
    """The badge and its panel as they stand in the page."""
    return html[html.index('<div class="echo"') : html.index("</details>", html.index('<div class="echo"'))]


@needs_hosts
@pytest.mark.parametrize("theme", ["mkdocs", "readthedocs"])
def test_properdocs_gives_the_same_badge(theme: str, tmp_path: Path) -> None:
    assert HOSTS
    by_fork = built(tmp_path, HOSTS, "properdocs", theme=theme)
    assert 'data-echo-state="several"' in by_fork
    assert ours(by_fork) == ours(built(tmp_path, sys.executable, "mkdocs", theme=theme))


@needs_hosts
@pytest.mark.parametrize("module", ["mkdocs", "properdocs"])
def test_materialx_and_its_blog_give_the_same_badge(module: str, tmp_path: Path) -> None:
    assert HOSTS
    blog = {"theme": {"name": "materialx"}, "plugins": ["search", {"blog": {"blog_dir": "."}}]}
    (tmp_path / "fork").mkdir()
    (tmp_path / "material").mkdir()
    by_fork = built(tmp_path / "fork", HOSTS, module, **blog)
    assert 'data-echo-state="several"' in by_fork
    blog["theme"] = {"name": "material", "font": False}
    assert ours(by_fork) == ours(built(tmp_path / "material", sys.executable, "mkdocs", **blog))
