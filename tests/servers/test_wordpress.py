"""A real WordPress with its database: page, interface, feed and export of one thread, compared comment by comment."""

from __future__ import annotations

import getpass
import json
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from mkdocs_echo_plugin.model import Post
from mkdocs_echo_plugin.sources.adapters.wordpress import WordPress
from mkdocs_echo_plugin.sources.files import read
from mkdocs_echo_plugin.sources.formats.markup import to_text
from mkdocs_echo_plugin.sources.http.client import Client, NetworkSettings
from mkdocs_echo_plugin.sources.raw import Document, RawComment, RawThread

HERE = Path(__file__).parent / "wordpress"
PROGRAM = Path("/usr/share/wordpress")
THEMES = {"classic": "twentytwentyone", "block": "twentytwentythree"}
POST = Post(path="twice.md", url="2026/01/twice/")

ADA = {"author": "Ada", "email": "ada@example.org", "site": "https://ada.example/"}
BOB = {"author": "Bob", "email": "bob@example.org"}
TESS = {"author": "tess", "email": "tess@example.org", "user": 1}
COMMENTS: list[dict[str, Any]] = [
    {"name": "1", **ADA, "text": "Boil it <strong>twice</strong>.\n\n<code>kettle --again</code>"},
    {"name": "1.1", "to": "1", **BOB, "text": "<blockquote>Boil it twice.</blockquote>\nNever: naïve ☕ 日本語"},
    {"name": "1.1.1", "to": "1.1", **ADA, "text": "Why not?"},
    {"name": "1.1.1.1", "to": "1.1.1", **TESS, "text": "I changed the post."},
    {"name": "5a", "to": "1.1.1.1", **BOB, "text": "On the fifth level"},
    {"name": "6a", "to": "5a", **ADA, "text": "On the sixth"},
    {"name": "7a", "to": "6a", **BOB, "text": "On the seventh"},
    {"name": "5b", "to": "1.1.1.1", **ADA, "text": "On the fifth again"},
    {"name": "2", **BOB, "text": "See <a href=\"https://x.example/\">this &amp; that</a>"},
    {"name": "2.1", "to": "2", "author": "", "email": "", "text": "Nobody said this"},
    {"name": "ping", "author": "Other blog", "email": "", "site": "https://other.example/", "text": "[…] linked […]",
     "type": "pingback"},
    {"name": "held", **ADA, "text": "Held", "approved": 0},
    {"name": "spam", "author": "Spam", "email": "s@example.org", "text": "Buy", "approved": "spam"},
]  # fmt: skip
SHOWN = [c for c in COMMENTS if "approved" not in c and "type" not in c]


@dataclass
class Blog:
    """A running blog. `ids` are the comments' numbers by our names for them."""

    url: str
    folder: Path
    post: int
    ids: dict[str, str]

    def php(self, script: str, *arguments: str) -> bytes:
        return _php(HERE / script, str(self.folder), self.url, *arguments)

    def document(self, path: str) -> Document:
        answer = httpx.get(self.url + path, timeout=60)
        answer.raise_for_status()
        return Document(path, answer.content, url=self.url + path)


def _php(*arguments: object) -> bytes:
    done = subprocess.run(["php", *map(str, arguments)], capture_output=True, timeout=120, check=False)
    assert done.returncode == 0, (done.stderr or done.stdout)[-2000:].decode("utf-8", "replace")
    return done.stdout


def _end(process: subprocess.Popen[bytes]) -> None:
    for how in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, how)
            process.wait(20)
            return
        except ProcessLookupError:
            return
        except subprocess.TimeoutExpired:
            continue


def _configuration(url: str, database: Path) -> str:
    settings = {
        "DB_NAME": "blog", "DB_USER": getpass.getuser(), "DB_PASSWORD": "", "DB_HOST": f"localhost:{database}/socket",
        "DB_CHARSET": "utf8mb4", "DB_COLLATE": "", "WP_HOME": url, "WP_SITEURL": url, "WP_HTTP_BLOCK_EXTERNAL": True,
        "DISABLE_WP_CRON": True, "AUTOMATIC_UPDATER_DISABLED": True, "WP_DEBUG": False,
    }  # fmt: skip
    lines = "\n".join(f"define('{key}', {json.dumps(value)});" for key, value in settings.items())
    return f"<?php\n{lines}\n$table_prefix = 'wp_';\ndefined('ABSPATH') || define('ABSPATH', __DIR__ . '/');\n" \
           "require_once ABSPATH . 'wp-settings.php';\n"  # fmt: skip


@pytest.fixture(scope="module")
def blog(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Blog]:
    """A WordPress of the system's package beside a database of its own; both end with their process groups."""
    missing = [name for name in ("php", "mariadbd", "mariadb-install-db") if shutil.which(name) is None]
    missing += [
        str(p) for p in (PROGRAM, *(PROGRAM / "wp-content/themes" / t for t in THEMES.values())) if not p.exists()
    ]
    if missing:
        pytest.skip(f"no {', '.join(missing)}: on Debian, apt-get install wordpress wordpress-theme-twentytwentyone "
                    "wordpress-theme-twentytwentythree mariadb-server php-cli php-mysql")  # fmt: skip
    folder = tmp_path_factory.mktemp("wordpress")
    database = Path(f"/tmp/echo-db-{os.getpid()}")  # a socket's path may have a hundred characters only
    with ExitStack() as running:
        database.mkdir(mode=0o700)
        running.callback(shutil.rmtree, database, ignore_errors=True)
        me = getpass.getuser()
        where = ["--no-defaults", f"--datadir={database}/data", f"--user={me}"]
        subprocess.run(["mariadb-install-db", *where, "--auth-root-authentication-method=normal", "--skip-test-db"],
                       check=True, capture_output=True, timeout=120)  # fmt: skip
        log = running.enter_context((folder / "log").open("wb"))
        server = subprocess.Popen(
            ["mariadbd", *where, f"--socket={database}/socket", f"--pid-file={database}/pid", "--skip-networking"],
            stdout=log, stderr=log, start_new_session=True,
        )  # fmt: skip
        running.callback(_end, server)
        sql = f"create database blog; create user if not exists '{me}'@'localhost'; grant all on *.* to '{me}'@'localhost';"
        until = time.monotonic() + 60
        while subprocess.run(["mariadb", "--no-defaults", f"--socket={database}/socket", "-u", "root", "-e", sql],
                             capture_output=True, check=False).returncode:  # fmt: skip
            assert time.monotonic() < until, (folder / "log").read_text(encoding="utf-8", errors="replace")[-2000:]
            assert server.poll() is None, (folder / "log").read_text(encoding="utf-8", errors="replace")[-2000:]
            time.sleep(0.2)
        with socket.create_server(("127.0.0.1", 0)) as free:
            url = f"http://127.0.0.1:{free.getsockname()[1]}"
        site = folder / "site"
        shutil.copytree(PROGRAM, site, ignore_dangling_symlinks=True)
        (site / "wp-config.php").write_text(_configuration(url, database), encoding="utf-8")
        (site / "comments.json").write_text(json.dumps(COMMENTS), encoding="utf-8")
        made = json.loads(_php(HERE / "seed.php", site, url))
        web = subprocess.Popen(
            ["php", "-S", url.partition("//")[2], "-t", str(site), str(HERE / "router.php")],
            stdout=log, stderr=log, start_new_session=True, env={**os.environ, "PHP_CLI_SERVER_WORKERS": "3"},
        )  # fmt: skip
        running.callback(_end, web)
        until = time.monotonic() + 60
        while time.monotonic() < until:
            try:
                httpx.get(f"{url}/wp-json/", timeout=20)
                break
            except httpx.TransportError:
                time.sleep(0.1)
        yield Blog(url, site, made["post"], {name: str(number) for name, number in made["comments"].items()})


@pytest.fixture(scope="module")
def by_interface(blog: Blog) -> RawThread:
    with Client(NetworkSettings(allow_private=True)) as client:
        (thread,) = WordPress(url=blog.url).fetch(POST, client)
    return thread


def words(comment: RawComment) -> str:
    return " ".join((to_text(comment.body) if comment.markup == "html" else comment.body).split())


def facts(comment: RawComment) -> tuple[object, ...]:
    name = comment.author.name.strip() if comment.author and comment.author.name else None
    return comment.id, comment.parent_id, name, comment.created, words(comment)


def test_the_interface_gives_what_was_written(blog: Blog, by_interface: RawThread) -> None:
    found = {c.id: c for c in by_interface.comments}
    assert found.keys() == {blog.ids[c["name"]] for c in SHOWN}
    for sent in SHOWN:
        comment = found[blog.ids[sent["name"]]]
        assert comment.parent_id == (blog.ids[sent["to"]] if "to" in sent else None)
        assert comment.parent_exact
        assert comment.author is not None
        assert comment.author.role == ("author" if "user" in sent else "unknown")
    assert words(found[blog.ids["1"]]) == "Boil it twice. `kettle --again`"
    assert words(found[blog.ids["1.1"]]) == "> Boil it twice. Never: naïve ☕ 日本語"
    assert words(found[blog.ids["2"]]) == "See this & that"
    assert (by_interface.open, by_interface.complete, by_interface.title) == (True, True, "Boil it twice?")


def test_the_export_says_the_same_and_keeps_what_is_not_shown(blog: Blog, by_interface: RawThread) -> None:
    document = Document("site.xml", blog.php("export.php"))
    thread = next(t for t in read(document) if t.key == "twice")
    shown = [c for c in thread.comments if c.state == "visible" and c.kind is None]
    assert sorted(map(facts, shown), key=str) == sorted(map(facts, by_interface.comments), key=str)
    others = {c.id: (c.state, c.kind) for c in thread.comments if c not in shown}
    assert others == {blog.ids["ping"]: ("visible", "pingback"), blog.ids["held"]: ("pending", None)}
    assert b"203.0.113.7" in document.data
    assert "203.0.113.7" not in repr(thread)


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES.keys())
def test_the_page_says_the_same_but_for_what_it_flattens_and_marks_that(
    blog: Blog, by_interface: RawThread, theme: str
) -> None:
    assert blog.php("theme.php", theme).decode() == theme
    (thread,) = read(blog.document("/2026/01/twice/"))
    page = {c.id: c for c in thread.comments}
    assert {c.id for c in thread.comments if c.kind == "pingback"} == {blog.ids["ping"]}
    assert page.keys() - {blog.ids["ping"]} == {c.id for c in by_interface.comments}
    assert thread.page_url is not None
    assert thread.page_url.endswith("/2026/01/twice/")
    for true in by_interface.comments:
        seen = page[true.id]
        assert (seen.created, words(seen), seen.url) == (true.created, words(true), true.url)
        assert (seen.author and seen.author.email_hash) == (true.author and true.author.email_hash)
        assert seen.parent_id == true.parent_id or not seen.parent_exact, f"a wrong parent, not marked: {seen}"
    flattened = {blog.ids[name] for name in ("6a", "7a", "5b")}
    assert {c.id for c in thread.comments if not c.parent_exact} == flattened
    assert page[blog.ids["1.1.1.1"]].author is not None
    assert page[blog.ids["1.1.1.1"]].author.role == "author"  # type: ignore[union-attr]


def test_the_feed_says_the_same_and_that_it_may_lack_some(blog: Blog, by_interface: RawThread) -> None:
    (thread,) = read(blog.document("/2026/01/twice/feed/"))
    feed = {c.id: c for c in thread.comments}
    assert not thread.complete
    for true in by_interface.comments:
        seen = feed[true.id]
        assert (seen.parent_id, seen.created, words(seen)) == (true.parent_id, true.created, words(true))


def test_a_post_is_found_by_the_address_of_its_page(blog: Blog, by_interface: RawThread) -> None:
    with Client(NetworkSettings(allow_private=True)) as client:
        post = Post(path="x.md", url="renamed/", threads=(f"{blog.url}/2026/01/twice/",))
        (thread,) = WordPress(url=blog.url).fetch(post, client)
    assert thread.comments == by_interface.comments


def test_a_post_without_comments_is_a_quiet_thread(blog: Blog) -> None:
    with Client(NetworkSettings(allow_private=True)) as client:
        (thread,) = WordPress(url=blog.url).fetch(Post(path="hello.md", url="hello-world/"), client)
    assert (thread.comments, thread.open) == ((), True)
