"""A real Isso server on loopback: threads posted over its own interface, read back, compared comment by comment."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from mkdocs_echo_plugin.errors import Ambiguous, SourceError
from mkdocs_echo_plugin.model import Post
from mkdocs_echo_plugin.sources.adapters.isso import Isso
from mkdocs_echo_plugin.sources.anonymise import Anonymiser
from mkdocs_echo_plugin.sources.formats.markup import to_text
from mkdocs_echo_plugin.sources.http.client import Client, NetworkSettings
from mkdocs_echo_plugin.sources.raw import Document, RawComment, RawThread

CONFIGURATION = """\
[general]
dbpath = {folder}/comments.db
host = http://127.0.0.1:{port}/
[server]
listen = http://127.0.0.1:{port}
trusted-proxies = 127.0.0.1
[guard]
enabled = false
[moderation]
enabled = {moderated}
"""


@dataclass
class Server:
    """A running server, and a person's way to talk on it."""

    url: str
    posted: int = 0

    def post(self, uri: str, text: str, author: str | None, **more: Any) -> dict[str, Any]:
        """Posts a comment as a browser does, each from a machine of its own."""
        self.posted += 1
        answer = httpx.post(
            f"{self.url}/new", params={"uri": uri}, headers={"X-Forwarded-For": f"203.0.{self.posted}.7"},
            json={"text": text, "author": author, "title": "A post", **more},
        )  # fmt: skip
        answer.raise_for_status()
        written: dict[str, Any] = answer.json()
        return {**written, "cookies": answer.cookies}

    def delete(self, comment: dict[str, Any]) -> None:
        """Takes a comment back, as its author may."""
        httpx.delete(f"{self.url}/id/{comment['id']}", cookies=comment["cookies"], headers={
            "Content-Type": "application/json"}).raise_for_status()  # fmt: skip

    def edit(self, comment: dict[str, Any], text: str) -> None:
        """Changes a comment, as its author may."""
        httpx.put(f"{self.url}/id/{comment['id']}", cookies=comment["cookies"], json={
            "text": text, "author": comment["author"]}).raise_for_status()  # fmt: skip

    def vote(self, comment: dict[str, Any], way: str) -> None:
        """Likes or dislikes a comment from yet another machine."""
        self.posted += 1
        elsewhere = {"X-Forwarded-For": f"203.0.{self.posted}.7", "Content-Type": "application/json"}
        httpx.post(f"{self.url}/id/{comment['id']}/{way}", headers=elsewhere).raise_for_status()


@pytest.fixture(scope="module")
def start(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[bool], Server]]:
    """Starts servers; ends each with its whole process group."""
    program = shutil.which("isso", path=str(Path(sys.executable).parent)) or shutil.which("isso")
    if program is None:
        pytest.skip("no program 'isso' beside Python: pip install mkdocs-echo-plugin[test] installs it")
    with ExitStack() as running:

        def begin(moderated: bool) -> Server:
            folder = tmp_path_factory.mktemp("isso")
            with socket.create_server(("127.0.0.1", 0)) as free:
                port = free.getsockname()[1]
            configuration = folder / "isso.cfg"
            configuration.write_text(
                CONFIGURATION.format(folder=folder, port=port, moderated=str(moderated).lower()), encoding="utf-8"
            )
            log = running.enter_context((folder / "log").open("wb"))
            process = subprocess.Popen(
                [program, "-c", str(configuration), "run"], stdout=log, stderr=log, start_new_session=True
            )
            running.callback(_end, process)
            server = Server(f"http://127.0.0.1:{port}")
            until = time.monotonic() + 60
            while time.monotonic() < until:
                try:
                    httpx.get(f"{server.url}/info", timeout=2)
                    return server
                except httpx.TransportError:
                    assert process.poll() is None, (folder / "log").read_text(encoding="utf-8")
                    time.sleep(0.1)
            raise AssertionError(f"Isso did not answer in 60 s: {(folder / 'log').read_text(encoding='utf-8')}")

        yield begin


def _end(process: subprocess.Popen[bytes]) -> None:
    for how in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, how)
            process.wait(10)
            return
        except ProcessLookupError:
            return
        except subprocess.TimeoutExpired:
            continue


@pytest.fixture(scope="module")
def isso(start: Callable[[bool], Server]) -> Server:
    return start(False)


@pytest.fixture
def client() -> Iterator[Client]:
    with Client(NetworkSettings(allow_private=True)) as client:
        yield client


def read(server: Server, client: Client, post: Post) -> list[RawThread]:
    return list(Isso(url=server.url).fetch(post, client))


def test_a_thread_is_read_back_comment_by_comment(isso: Server, client: Client) -> None:
    uri = "/blog/tea/"
    ada = isso.post(uri, "Boil it **twice**.\n\n> as my mother did\n\n`kettle --again`", "Ada", email="ada@example.org",
                    website="https://ada.example/")  # fmt: skip
    bob = isso.post(uri, "Never twice: naïve ☕ 日本語", "Bob", parent=ada["id"])
    cy = isso.post(uri, "Bob is right.", "Cy", parent=bob["id"])
    guest = isso.post(uri, "Why boil at all?", None)
    again = isso.post(uri, "Because of <b>leaves</b> & time", "Ada", email="ada@example.org", parent=guest["id"])
    isso.vote(bob, "like")
    isso.vote(bob, "like")
    isso.vote(bob, "dislike")
    isso.edit(again, "Because of leaves & time")

    (thread,) = read(isso, client, Post(path="tea.md", url="blog/tea/"))

    found = {comment.id: comment for comment in thread.comments}
    sent = {str(c["id"]): c for c in (ada, bob, cy, guest, again)}
    assert found.keys() == sent.keys()
    for key, comment in found.items():
        assert (comment.author.name if comment.author else None) == sent[key]["author"]
        assert comment.created is not None
        assert abs(comment.created.timestamp() - sent[key]["created"]) < 0.001
        assert comment.state == "visible"
    assert to_text(found[str(ada["id"])].body) == "Boil it twice.\n\n> as my mother did\n\n`kettle --again`"
    assert to_text(found[str(bob["id"])].body) == "Never twice: naïve ☕ 日本語"
    assert to_text(found[str(again["id"])].body) == "Because of leaves & time"
    assert found[str(again["id"])].edited is not None
    assert found[str(ada["id"])].edited is None
    assert [(r.content, r.count) for r in found[str(bob["id"])].reactions] == [("+1", 2), ("-1", 1)]
    assert (thread.key, thread.open, thread.complete, thread.reported_count) == (uri, True, True, 5)


def test_the_server_hangs_every_reply_on_the_first_comment_and_the_reader_says_so(isso: Server, client: Client) -> None:
    uri = "/blog/chain/"
    first = isso.post(uri, "First", "Ada")
    second = isso.post(uri, "Second", "Bob", parent=first["id"])
    third = isso.post(uri, "Third", "Cy", parent=second["id"])
    (thread,) = read(isso, client, Post(path="chain.md", url="blog/chain/"))
    found = {c.id: c for c in thread.comments}
    assert found[str(first["id"])].parent_exact
    assert found[str(third["id"])].parent_id == str(first["id"]), "Isso kept the parent: does it still flatten?"
    assert not found[str(third["id"])].parent_exact


def test_one_person_is_recognised_by_e_mail_and_strangers_behind_one_machine_are_not_mixed_up(
    isso: Server, client: Client
) -> None:
    uri = "/blog/people/"
    for text, author, more in (
        ("One", "Ada", {"email": "ada@example.org"}),
        ("Two", "Ada", {"email": "ada@example.org"}),
        ("Three", "Ada", {"email": "other@example.org"}),
        ("Four", "Bob", {}),
    ):
        isso.post(uri, text, author, **more)
    (thread,) = read(isso, client, Post(path="people.md", url="blog/people/"))
    keys = [c.author_key for c in Anonymiser(b"key").to_thread(thread).comments]
    assert keys[0] == keys[1]
    assert len(set(keys)) == 3
    assert "ada@example.org" not in repr(thread)


def test_a_deleted_comment_that_was_answered_stays_as_a_stub_and_an_unanswered_one_goes(
    isso: Server, client: Client
) -> None:
    uri = "/blog/gone/"
    answered, lone = isso.post(uri, "I take this back", "Ada"), isso.post(uri, "And this", "Bob")
    reply = isso.post(uri, "What did you say?", "Cy", parent=answered["id"])
    isso.delete(answered)
    isso.delete(lone)
    (thread,) = read(isso, client, Post(path="gone.md", url="blog/gone/"))
    assert {c.id: c.state for c in thread.comments} == {str(answered["id"]): "deleted", str(reply["id"]): "visible"}
    stub: RawComment = thread.comments[0]
    assert (stub.author, to_text(stub.body)) == (None, "")


def test_a_held_comment_is_not_shown_to_the_reader(start: Callable[[bool], Server], client: Client) -> None:
    moderated = start(True)
    held = moderated.post("/blog/held/", "Is this all right?", "Ada")
    assert held["mode"] == 2
    (thread,) = read(moderated, client, Post(path="held.md", url="blog/held/"))
    assert thread.comments == ()


def test_a_page_without_a_thread_is_an_empty_thread_not_an_error(isso: Server, client: Client) -> None:
    (thread,) = read(isso, client, Post(path="quiet.md", url="blog/quiet/"))
    assert (thread.comments, thread.key) == ((), "/blog/quiet/")


def test_the_address_without_its_slash_is_the_same_page(isso: Server, client: Client) -> None:
    isso.post("/blog/slash", "Without", "Ada")
    isso.post("/blog/slash/", "With", "Bob")
    threads = read(isso, client, Post(path="slash.md", url="blog/slash/"))
    assert [(t.key, [to_text(c.body) for c in t.comments]) for t in threads] == [
        ("/blog/slash/", ["With"]),
        ("/blog/slash", ["Without"]),
    ]


def test_comments_below_and_without_the_sub_path_of_the_site_are_ambiguous(isso: Server, client: Client) -> None:
    isso.post("/docs/both/", "Below", "Ada")
    isso.post("/both/", "Without", "Bob")
    post = Post(path="both.md", url="both/", canonical_url="https://example.org/docs/both/")
    with pytest.raises(Ambiguous, match=r"both\.md.*/docs/both/.*/both/.*echo: \{key"):
        read(isso, client, post)
    named = Post(path="both.md", url="both/", canonical_url="https://example.org/docs/both/", key="/both/")
    assert [to_text(c.body) for c in read(isso, client, named)[0].comments] == ["Without"]


def test_a_thread_is_read_by_its_own_address(isso: Server, client: Client) -> None:
    isso.post("/blog/by-address/", "Here", "Ada")
    source = Isso.from_url(f"{isso.url}/?uri=%2Fblog%2Fby-address%2F")
    assert source is not None
    (thread,) = source.fetch(Post(path="x.md", url="something/else/"), client)
    assert [to_text(c.body) for c in thread.comments] == ["Here"]


def test_a_saved_answer_reads_as_the_server_does_but_takes_no_replies(isso: Server, client: Client) -> None:
    uri = "/blog/saved/"
    isso.post(uri, "Two", "Bob", parent=isso.post(uri, "One", "Ada")["id"])
    saved = Document("saved.json", httpx.get(f"{isso.url}/", params={"uri": uri}).content)
    (live,) = read(isso, client, Post(path="saved.md", url="blog/saved/"))
    (from_file,) = Isso().read(saved)
    assert Isso.recognises(saved)
    assert from_file.comments == live.comments
    assert not from_file.open


def test_replies_that_the_server_keeps_back_make_a_saved_thread_incomplete(isso: Server) -> None:
    uri = "/blog/limited/"
    first = isso.post(uri, "One", "Ada")
    for i in range(4):
        isso.post(uri, f"Reply {i}", "Bob", parent=first["id"])
    answer = httpx.get(f"{isso.url}/", params={"uri": uri, "nested_limit": 1})
    (thread,) = Isso().read(Document("limited.json", answer.content))
    assert len(thread.comments) == 2
    assert (thread.complete, thread.truncated_reason) == (False, "Isso kept back 3 replies")


def test_an_address_that_is_no_isso_is_said_with_the_option_to_set(isso: Server, client: Client) -> None:
    with pytest.raises(SourceError, match=r"/info"):
        list(Isso(url=f"{isso.url}/info").fetch(Post(path="x.md", url="x/"), client))
