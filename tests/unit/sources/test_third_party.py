"""A source of somebody else's: the package of the manual, installed and used."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
ANSWER = {
    "guestbook": 1,
    "page": "/blog/first/",
    "entries": [
        {"no": 1, "re": None, "who": "Ada", "at": 1767225600, "says": "Agree: so it is."},
        {"no": 2, "re": 1, "who": "Bob", "at": 1767229200, "says": "Is it?"},
    ],
}


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the example package as pip installs it."""
    target = tmp_path_factory.mktemp("third-party")
    source = target / "source"
    subprocess.run(["cp", "-r", str(ROOT / "docs/example-source"), str(source)], check=True)
    command = [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--no-build-isolation", "--no-index"]
    ran = subprocess.run([*command, "--target", str(target / "lib"), str(source)], capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr
    return target / "lib"


def echo(installed: Path, *args: str, said: str = "") -> str:
    command = [sys.executable, "-c", "from mkdocs_echo_plugin.cli import main; main()", *args]
    env = {**os.environ, "PYTHONPATH": os.pathsep.join([str(installed), str(ROOT)])}
    ran = subprocess.run(command, input=said, env=env, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


def test_it_is_listed_with_what_it_needs(installed: Path) -> None:
    (line,) = [line for line in echo(installed, "sources").splitlines() if "guestbook" in line]
    assert "network" in line
    assert "the server's address" in line


def test_pages_call_its_venue_by_its_title(installed: Path) -> None:
    program = "from mkdocs_echo_plugin.venues import venue; print(*venue('guestbook'))"
    env = {**os.environ, "PYTHONPATH": os.pathsep.join([str(installed), str(ROOT)])}
    ran = subprocess.run([sys.executable, "-c", program], env=env, capture_output=True, text=True, check=True)
    assert ran.stdout.split() == ["Guestbook", "False"]


def test_its_files_are_recognised_and_read(installed: Path) -> None:
    thread = json.loads(echo(installed, "threads", "-", said=json.dumps(ANSWER)))
    assert thread["platform"] == "guestbook"
    assert [(c["id"], c["parent_id"], c["author_key"], c["text"]) for c in thread["comments"]] == [
        ("1", None, "v1", "Agree: so it is."), ("2", "1", "v2", "Is it?"),
    ]  # fmt: skip
    assert "Ada" not in json.dumps(thread)


def test_its_options_stand_in_mkdocs_yml_and_a_build_asks_it(installed: Path, tmp_path: Path) -> None:
    program = f"""
import json, threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
class Venue(BaseHTTPRequestHandler):
    def do_GET(self):
        body = {json.dumps(json.dumps(ANSWER))}.encode()
        self.send_response(200); self.send_header("Content-Type", "application/json"); self.end_headers(); self.wfile.write(body)
    def log_message(self, *a): pass
server = HTTPServer(("127.0.0.1", 0), Venue)
threading.Thread(target=server.serve_forever, daemon=True).start()
Path("docs").mkdir()
Path("docs/index.md").write_text("---\\ncomments: true\\n---\\n# First\\n")
Path("mkdocs.yml").write_text(f'''site_name: x
site_url: https://blog.example/
plugins:
  - echo:
      allow_private: true
      sources:
        - guestbook: {{{{url: "http://127.0.0.1:{{server.server_port}}"}}}}
''')
from mkdocs.__main__ import cli
cli(["build", "-q"], standalone_mode=False)
print(json.loads(Path("site/echo/report.json").read_text())["posts"][0]["voices"]["n"])
"""
    env = {**os.environ, "PYTHONPATH": os.pathsep.join([str(installed), str(ROOT)])}
    ran = subprocess.run([sys.executable, "-c", program], cwd=tmp_path, env=env, capture_output=True, text=True)
    assert ran.stdout.strip() == "2", ran.stdout + ran.stderr
