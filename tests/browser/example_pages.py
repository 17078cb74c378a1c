"""The example blog in three themes, served on loopback, and the system's Chromium to look at it."""

from __future__ import annotations

import functools
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import MappingProxyType
from typing import Any

import yaml

EXAMPLE = Path(__file__).parents[2] / "example_site"
POSTS = tuple(sorted(path.stem for path in (EXAMPLE / "docs" / "posts").glob("*.md")))
THEMES = ("material", "readthedocs", "mkdocs")
HOSTS = os.environ.get("ECHO_HOSTS")
"""The Python of an environment that has MaterialX, which stands in Material's way."""

NO_HOSTS = "ECHO_HOSTS names no Python with mkdocs-materialx (.ci/run makes one)"
NO_CHROMIUM = "no Chromium on this machine: install Debian's package `chromium` (.ci/run does)"


def chromium() -> str | None:
    """Where the system's Chromium is."""
    names = ("chromium", "chromium-browser", "google-chrome")
    return next((path for name in names if (path := shutil.which(name))), None)


@contextmanager
def browser() -> Iterator[Any]:
    """The system's Chromium, driven by Playwright."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        # in a container there is neither a sandbox nor a large /dev/shm
        flags = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-background-networking"]
        running = playwright.chromium.launch(executable_path=chromium(), args=flags)
        yield running
        running.close()


AS_THE_AUTHOR = """
from mkdocs.commands.build import build
from mkdocs.config import load_config
config = load_config(site_dir=r"{site}")
config.plugins.on_startup(command="serve", dirty=False)
build(config, serve_url=config.site_url)
"""
"""What `mkdocs serve` does before it serves."""


def build(
    theme: str,
    folder: Path,
    *,
    site_url: str | None = None,
    name: str = "",
    for_author: bool = False,
    language: str = "en",
    files: Mapping[str, str] = MappingProxyType({}),
) -> Path:
    """Builds the example below `folder` and returns the site: as it is, or its posts as pages of a built-in theme.

    `for_author` builds it as `mkdocs serve` does, with the strip that the author alone sees; `language` is Material's;
    `files` are written over the example's.
    """
    name = name or theme
    source, site = folder / f"{name}-source", folder / name
    shutil.copytree(EXAMPLE, source, ignore=shutil.ignore_patterns("site", ".cache", "__pycache__"))
    written = yaml.safe_load((source / "mkdocs.yml").read_text("utf-8"))
    written["site_url"] = site_url or written["site_url"]
    written["theme"]["language"] = language
    for path, text in files.items():
        (source / path).parent.mkdir(parents=True, exist_ok=True)
        (source / path).write_text(text, "utf-8")
    python = sys.executable
    if theme == "materialx":
        assert HOSTS, NO_HOSTS
        python, written["theme"]["name"] = HOSTS, theme
    elif theme != "material":
        # their code highlighting comes from another host
        written["theme"] = {"name": theme, "highlightjs": False} | ({"color_mode": "auto"} if theme == "mkdocs" else {})
        written["plugins"] = [p for p in written["plugins"] if not (isinstance(p, dict) and "blog" in p)]
        for option in ("hooks", "extra_css", "nav"):
            del written[option]
    (source / "mkdocs.yml").write_text(yaml.safe_dump(written, sort_keys=False), "utf-8")
    how = ["-c", AS_THE_AUTHOR.format(site=site)] if for_author else ["-m", "mkdocs", "build", "-q", "-d", str(site)]
    ran = subprocess.run([python, *how], cwd=source, capture_output=True, text=True, timeout=300)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return site


def page_of(theme: str, post: str) -> str:
    """The address of a post within a built site."""
    if not theme.startswith("material"):
        return f"posts/{post}/"
    meta = next(yaml.safe_load_all((EXAMPLE / "docs" / "posts" / f"{post}.md").read_text("utf-8")))
    return f"{meta['date']:%Y/%m}/{post}/"


class _Silent(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Nothing: the tests say what went wrong."""


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serves a folder on loopback and gives its address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Silent, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
