"""`mkdocs serve` builds anew when what a page is made of changes, wherever that lies."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import yaml
from drawing import draw, drawn, thread, voices

SITE = r"""
    docs/
    ├── index.md                 # Letters
    ├── well.md                  ---\ncomments: true\n---\n# The well
    └── named.md                 ---\necho: {threads: [elsewhere/named.json]}\n---\n# Named
    comments/
    └── well.json                {few}
    elsewhere/
    └── named.json               {few_named}
    over/
    └── partials/echo/who.html   mark-one
    echo-stances.yml             {{}}
"""


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


@contextmanager
def serving(root: Path) -> Iterator[Callable[[str], str]]:
    """`mkdocs serve` of a site; what it gives for a path."""
    port = free_port()
    environment = {k: v for k, v in os.environ.items() if k != "GITHUB_STEP_SUMMARY"}
    with (root / "serve.log").open("w") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "mkdocs", "serve", "-a", f"127.0.0.1:{port}"], cwd=root, env=environment, stdout=log, stderr=log
        )  # fmt: skip

        def page(path: str) -> str:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/{path}", timeout=10) as answer:
                text: str = answer.read().decode()
                return text

        try:
            yield page
        finally:
            server.terminate()
            server.wait(20)


def until(wanted: str, page: Callable[[str], str], path: str, log: Path) -> None:
    """Waits for a page to show something."""
    end = time.monotonic() + 60
    while time.monotonic() < end:
        try:
            if wanted in page(path):
                return
        except OSError:
            pass  # it does not listen yet
        time.sleep(0.3)
    pytest.fail(f"{path} never showed {wanted}: {log.read_text()[-3000:]}")


def test_a_change_of_comments_overrides_and_templates_is_seen(tmp_path: Path) -> None:
    few, many = thread(*voices(agree=5)), thread(*voices(agree=9))
    tree = drawn(SITE.replace("{{}}", "{}"), few=few, few_named=few)
    draw(tmp_path, tree)
    echo = {"sources": [{"files": {"path": "comments"}}], "stance": {"overrides": "echo-stances.yml"}}
    site = {"site_name": "Letters", "site_url": "https://blog.example/", "theme": {"name": "mkdocs", "custom_dir": "over"},
            "plugins": [{"echo": echo}]}  # fmt: skip
    (tmp_path / "mkdocs.yml").write_text(yaml.safe_dump(site), "utf-8")
    log = tmp_path / "serve.log"
    with serving(tmp_path) as page:
        until("5 people", page, "well/", log)
        (tmp_path / "comments/well.json").write_text(many, "utf-8")
        until("9 people", page, "well/", log)
        (tmp_path / "elsewhere/named.json").write_text(many, "utf-8")
        until("9 people", page, "named/", log)
        (tmp_path / "over/partials/echo/who.html").write_text("mark-two", "utf-8")
        until("mark-two", page, "well/", log)
        seen = log.read_text("utf-8").count("Detected file changes")
        (tmp_path / "echo-stances.yml").write_text("'letters:well#1': disagree\n", "utf-8")
        end = time.monotonic() + 60
        while log.read_text("utf-8").count("Detected file changes") == seen:
            assert time.monotonic() < end, "a change of the overrides is not seen"
            time.sleep(0.3)
