"""Kills builds and fetches at random steps, and looks whether anything is lost, left or shown to Git.

    python benchmarks/kills.py --kills 200 [--seed 1]

A step is whatever changes a file: it is opened to be written, put in another's place, deleted, or a folder is made.
After each kill: where something of the cache is kept, Git has been told to pass over it; a file that `fetch --out` had
written before is whole; the next build gives the bytes of one that was never disturbed, and nothing unfinished stays.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

POSTS = 4
WORDS = "the claim does not hold because there are many counter examples which we have seen in practice SECRETWORDS"
CACHE = Path(".cache/plugin/echo")
SERVER = """
import http.server, json, sys
words = sys.argv[1]
def row(i): return {"id": i, "text": f"{words} {i}", "author": f"a{i}", "mode": 1, "created": 1767225600.0 + i, "likes": 0,
                    "dislikes": 0, "parent": None, "hash": f"h{i}", "website": None}
class Isso(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        body = json.dumps({"id": None, "total_replies": 6, "hidden_replies": 0, "replies": [row(i) for i in range(6)]}).encode()
        self.send_response(200); self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body))); self.end_headers(); self.wfile.write(body)
    def log_message(self, *_): pass
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Isso)
print(server.server_port, flush=True)
server.serve_forever()
"""
CHANGES = frozenset(("open", "os.rename", "os.remove", "os.mkdir", "os.chmod", "sqlite3.connect"))


def site(root: Path, sources: list[dict[str, Any]]) -> None:
    """A site with a few posts, and a comment file for each."""
    (root / "docs").mkdir(parents=True)
    (root / "comments").mkdir()
    for i in range(POSTS):
        (root / f"docs/p{i}.md").write_text(f"---\ncomments: true\n---\n# Post {i}\n\nText.\n")
        rows = [
            {"id": str(j), "author": f"a{j}", "text": f"{WORDS} {i} {j}", "created": "2026-01-01T00:00:00Z"}
            for j in range(9)
        ]
        thread = {
            "schema": "thread.v1",
            "platform": "x",
            "key": f"p{i}",
            "page_url": f"/p{i}/",
            "open": True,
            "comments": rows,
        }
        (root / f"comments/p{i}.json").write_text(json.dumps(thread))
    echo = {"sources": sources, "allow_private": True}
    plugins = json.dumps([{"echo": echo}])
    (root / "mkdocs.yml").write_text(f"site_name: x\nsite_url: https://b.example/\nplugins: {plugins}\n")


def run(command: list[str], root: Path, *, kill_at: int | None = None) -> tuple[int, int]:
    """Runs a command in a process of its own that kills itself before its step `kill_at`: exit status, steps made."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        _in_child(command, root, kill_at, writing)
    os.close(writing)
    steps = 0
    while data := os.read(reading, 65536):
        steps += len(data)
    os.close(reading)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), steps


def _in_child(command: list[str], root: Path, kill_at: int | None, writing: int) -> None:
    status = 1
    try:
        os.chdir(root)
        steps, inside = 0, str(root)

        def hook(event: str, args: tuple[Any, ...]) -> None:
            nonlocal steps
            if event not in CHANGES or not args or not isinstance(args[0], (str, bytes, os.PathLike)):
                return
            if event == "open" and not (isinstance(args[2], int) and args[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)):
                return
            if inside not in os.path.abspath(os.fsdecode(args[0])):  # noqa: PTH100  # a Path would open nothing either
                return
            steps += 1
            os.write(writing, b".")
            if steps == kill_at:
                os.kill(os.getpid(), signal.SIGKILL)

        sys.addaudithook(hook)
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, 1)
        os.dup2(null, 2)
        if command[0] == "mkdocs":
            from mkdocs.__main__ import cli as main
        else:
            from mkdocs_echo_plugin.cli import main
        main(command[1:], standalone_mode=command[0] != "mkdocs")
        status = 0
    except SystemExit as ended:
        status = ended.code if isinstance(ended.code, int) else 1
    finally:
        os._exit(status)


def wrongs_after_kill(root: Path, kept: dict[str, bytes]) -> list[str]:
    """What must hold at any moment, and does not."""
    found = []
    cache = root / CACHE
    held = [p for p in cache.rglob("*") if p.is_file() and b"SECRETWORDS" in p.read_bytes()] if cache.is_dir() else []
    if held and not (cache / ".gitignore").exists():
        found.append(f"{held[0].name} is kept, and Git has not been told")
    found += [f"{p.name} can be read by others" for p in held if p.stat().st_mode & 0o077]
    for name, data in kept.items():
        now = root / name
        if not now.is_file() or now.read_bytes() != data:
            found.append(f"{name} is no longer whole")
    return found


def published(root: Path) -> dict[str, bytes]:
    """The pages, and the report without its account of who was asked: that tells what the cache knew."""
    site = root / "site"
    report = json.loads((site / "echo/report.json").read_text())
    del report["sources"]
    pages = {str(path.relative_to(site)): path.read_bytes() for path in site.rglob("*/index.html")}
    return pages | {"report": json.dumps(report).encode()}


def wrongs_after_build(root: Path, status: int, report: dict[str, bytes]) -> list[str]:
    """What a build after the kill has not put right."""
    found = [] if status == 0 else [f"the next build ended with {status}"]
    if published(root) != report:
        found.append("the next build gives other pages or another report")
    found += [f"{path.name} stays" for path in (root / CACHE).rglob("*.tmp")]
    return found


def main() -> int:
    """Says what went wrong; 1 if anything did."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    draw = random.Random(asked.seed)
    import mkdocs.__main__  # noqa: F401  # imported once, for all children

    import mkdocs_echo_plugin.cli.fetch
    import mkdocs_echo_plugin.plugin
    import mkdocs_echo_plugin.render.site  # noqa: F401  # the same

    wrongs: list[str] = []
    with tempfile.TemporaryDirectory() as name, subprocess.Popen(
        [sys.executable, "-c", SERVER, WORDS], stdout=subprocess.PIPE, text=True
    ) as server:  # fmt: skip
        assert server.stdout is not None
        isso = {"isso": {"url": f"http://127.0.0.1:{server.stdout.readline().strip()}/"}}
        for kind, command, sources in (
            ("build", ["mkdocs", "build", "-q"], [{"files": {"path": "comments"}}, isso]),
            ("fetch", ["mkdocs-echo", "fetch", "--out", "kept"], [isso]),
        ):
            root = Path(name) / kind
            site(root, sources)
            build = ["mkdocs", "build", "-q"]
            run(build, root)
            report = published(root)
            run(command, root)
            kept = {str(p.relative_to(root)): p.read_bytes() for p in (root / "kept").rglob("*.json")}
            shutil.rmtree(root / ".cache")
            _, cold = run(command, root)
            _, warm = run(command, root)
            for number in range(asked.kills // 2):
                is_cold = number % 2 == 0
                if is_cold:
                    shutil.rmtree(root / ".cache", ignore_errors=True)
                step = draw.randint(1, cold if is_cold else warm)
                run(command, root, kill_at=step)
                found = wrongs_after_kill(root, kept)
                status, _ = run(build, root)
                found += wrongs_after_build(root, status, report)
                wrongs += [f"{kind}, {'cold' if is_cold else 'warm'}, step {step}: {one}" for one in found]
        server.kill()
    print("\n".join(wrongs[:40]))
    print(f"{asked.kills // 2 * 2} kills, {len(wrongs)} things wrong")
    return 1 if wrongs else 0


if __name__ == "__main__":
    sys.exit(main())
