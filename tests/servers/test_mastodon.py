"""A Mastodon server on loopback (mastodon-mock, which keeps statuses as Mastodon does): posted, then read back."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from mkdocs_echo_plugin.errors import NoThread
from mkdocs_echo_plugin.model import Post
from mkdocs_echo_plugin.sources import for_url
from mkdocs_echo_plugin.sources.formats.markup import to_text
from mkdocs_echo_plugin.sources.http.client import Client, NetworkSettings
from mkdocs_echo_plugin.sources.raw import RawThread

POST = Post("blog/bread.md", url="blog/bread/", canonical_url="https://b.example/blog/bread/")


@dataclass
class Server:
    """A running server, and a person's way to talk on it."""

    url: str

    def ask(self, method: str, path: str, **form: Any) -> Any:
        answer = httpx.request(
            method, f"{self.url}/api/v1/{path}", data=form, headers={"Authorization": "Bearer mock_token"}
        )
        answer.raise_for_status()
        return answer.json()

    def translate(self, words: str, **more: Any) -> dict[str, Any]:
        said: dict[str, Any] = self.ask("POST", "statuses", status=words, **more)
        return said

    def read(self, status: dict[str, Any]) -> RawThread:
        source = for_url(f"{self.url}/@{status['account']['username']}/{status['id']}")
        assert source is not None
        with Client(NetworkSettings(allow_private=True, attempts=1)) as client:
            (thread,) = source.fetch(POST, client)
        return thread


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    program = Path(sys.executable).with_name("mastodon_mock")
    if not program.exists():
        pytest.skip("mastodon-mock is not installed: pip install mastodon-mock")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    folder = tmp_path_factory.mktemp("mastodon")
    with (folder / "log").open("wb") as log:
        command = [str(program), "serve", "--in-memory", "--host", "127.0.0.1", "--port", str(port)]
        running = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log, start_new_session=True)
    try:
        url = f"http://127.0.0.1:{port}"
        for _ in range(150):
            try:
                httpx.get(f"{url}/api/v1/instance", timeout=2)
                break
            except httpx.HTTPError:
                if running.poll() is not None:
                    pytest.fail(f"the server ended: {(folder / 'log').read_text()[-500:]}")
                time.sleep(0.2)
        yield Server(url)
    finally:
        os.killpg(running.pid, signal.SIGTERM)
        running.wait(10)


def test_a_thread_is_read_as_it_was_written(server: Server) -> None:
    top = server.translate("New post: bread")
    first = server.translate("I don't think so & more <water>", in_reply_to_id=top["id"])
    deeper = server.translate("Why not?", in_reply_to_id=first["id"])
    server.translate("Between us", in_reply_to_id=top["id"], visibility="private")
    thread = server.read(top)
    seen = {c.id: c for c in thread.comments if c.state == "visible"}
    assert {key: one.parent_id for key, one in seen.items()} == {first["id"]: None, deeper["id"]: first["id"]}
    assert to_text(seen[first["id"]].body) == "I don't think so & more <water>"
    assert all(one.created is not None and one.created.tzinfo is not None for one in seen.values())
    assert (thread.key, thread.page_url, thread.open) == (top["id"], POST.canonical_url, True)


def test_an_edit_a_favourite_and_a_deletion_are_seen(server: Server) -> None:
    top = server.translate("New post: rye")
    kept, gone = (server.translate(words, in_reply_to_id=top["id"]) for words in ("Yes", "No"))
    server.ask("PUT", f"statuses/{kept['id']}", status="Yes, rather")
    server.ask("POST", f"statuses/{kept['id']}/favourite")
    server.ask("DELETE", f"statuses/{gone['id']}")
    thread = server.read(top)
    assert [(c.id, to_text(c.body), c.score, c.edited is not None) for c in thread.comments] == [
        (kept["id"], "Yes, rather", 1, True)
    ]


def test_a_status_without_replies_is_an_open_empty_thread(server: Server) -> None:
    thread = server.read(server.translate("New post: silence"))
    assert (thread.comments, thread.open, thread.complete) == ((), True, True)


def test_a_status_that_was_taken_back_is_no_thread(server: Server) -> None:
    top = server.translate("New post: oops")
    server.ask("DELETE", f"statuses/{top['id']}")
    with pytest.raises(NoThread, match="gone or not public"):
        server.read(top)
