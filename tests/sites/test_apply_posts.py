"""Which pages of a site that any generator built are posts for `apply`, and what it says where it changes none."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from time import perf_counter

import pytest
from drawing import draw, drawn, thread, voices

from mkdocs_echo_plugin.feeds import addresses

CONFIG = "site_url: https://blog.example/\nsources:\n  - files: {path: comments}\n"


def apply(*args: str, cwd: Path) -> tuple[int, str]:
    command = [sys.executable, "-m", "mkdocs_echo_plugin.cli", "apply", *args]
    ran = subprocess.run(command, cwd=cwd, capture_output=True, text=True)
    return ran.returncode, ran.stdout + ran.stderr


def posts(root: Path) -> list[str]:
    report = json.loads((root / "site/echo/report.json").read_text("utf-8"))
    return [post["path"] for post in report["posts"]]


ZENSICAL = r"""
    mkdocs.yml               {config}
    docs/
    ├── index.md             # Home
    ├── about.md             # About
    └── blog/
        ├── index.md         # Blog
        └── posts/
            ├── well.md      ---\ndate: 2026-03-01\ncategories: [Village]\n---\n# The well\n\nIt stays.\n\n<!-- more -->\n\nMore.
            └── pump.md      ---\ndate: 2026-03-02\n---\n# The pump\n\nIt goes.\n\n<!-- more -->\n\nMore.
    comments/
    └── well.json            {letters}
"""


@pytest.mark.skipif(find_spec("zensical") is None, reason="zensical is not installed: pip install -e '.[test]'")
def test_of_zensicals_blog_the_posts_are_posts_and_no_list_is(tmp_path: Path) -> None:
    config = (
        "site_name: Village\nsite_url: https://blog.example/\ntheme: {name: material}\nplugins:\n  - search\n  - blog\n"
        "  - echo:\n      sources:\n        - files: {path: comments}\n"
    )
    letters = thread(*voices(agree=6, disagree=2), page_url="https://blog.example/blog/2026/03/01/the-well/")
    draw(tmp_path, drawn(ZENSICAL, config=config, letters=letters))
    subprocess.run([sys.executable, "-m", "zensical", "build"], cwd=tmp_path, check=True, capture_output=True)
    for further in ((), ("--posts", "/blog/*")):
        status, said = apply("site", "-f", "mkdocs.yml", *further, cwd=tmp_path)
        assert status == 0, said
        assert posts(tmp_path) == ["blog/2026/03/01/the-well/index.html", "blog/2026/03/02/the-pump/index.html"]


def page(body: str, *, head: str = "", classes: str = "") -> str:
    return f'<!doctype html><html lang="en"><head>{head}</head><body class="{classes}">{body}</body></html>'


ARTICLE = '<meta property="og:type" content="article">'
SINGLE = page(
    '<main><article class="post-single"><h1>The well</h1><p>It stays.</p></article>'
    '<aside><article class="card">a</article><article class="card">b</article></aside></main>',
    head=ARTICLE,
)
ENTRIES = '<article class="post-entry"><h2>a</h2></article><article class="post-entry"><h2>b</h2></article>'
HUGO = r"""
    site/
    ├── index.html                        {home}
    ├── index.xml                         {feed}
    ├── posts/
    │   ├── index.html                    {section}
    │   ├── page/2/index.html             {entries}
    │   └── well/index.html               {single}
    ├── tags/water/index.html             {entries}
    ├── archives/index.html               {archive}
    └── old.html/index.html               {moved}
    comments/
    └── well.json                         {letters}
    echo.yml                              {config}
"""
FEED = """<?xml version="1.0"?><rss><channel><title>V</title><link>https://blog.example/</link>
<item><title>The well</title><link>https://blog.example/posts/well/</link><guid>https://blog.example/posts/well/</guid></item>
</channel></rss>"""
LETTERS = thread(*voices(agree=6, disagree=2), page_url="https://blog.example/posts/well/")


def hugo(**changed: str) -> dict[str, str | bytes]:
    files = {
        "home": page(ENTRIES, classes="list"), "feed": FEED, "section": page(ENTRIES), "entries": page(ENTRIES, classes="list"),
        "single": SINGLE, "archive": page("<h1>Archive</h1>", classes="list"), "moved": page("moved"), "letters": LETTERS,
        "config": CONFIG,
    }  # fmt: skip
    return drawn(HUGO, **{**files, **changed})


@pytest.mark.parametrize(
    ("changed", "further"),
    [
        ({}, ()),
        ({"feed": ""}, ()),
        ({"feed": FEED.replace("<item>", "<item><link>https://blog.example/posts/</link>")}, ()),
        ({}, ("--posts", "/posts/*")),
        ({"feed": ""}, ("--posts", "*")),
    ],
    ids=["a feed", "no feed", "a feed with a list in it", "a pattern", "a pattern for all"],
)
def test_of_hugos_pages_the_posts_are_posts_and_no_list_is(
    tmp_path: Path, changed: dict[str, str], further: tuple[str, ...]
) -> None:
    tree = hugo(**changed)
    if further == ("--posts", "*"):
        tree.pop("site/old.html/index.html")
    draw(tmp_path, tree)
    status, said = apply("site", "-f", "echo.yml", *further, cwd=tmp_path)
    assert status == 0, said
    assert posts(tmp_path) == ["posts/well/index.html"]
    assert b"echo-panel" in (tmp_path / "site/posts/well/index.html").read_bytes()


def test_a_folder_called_like_a_page_is_passed_over(tmp_path: Path) -> None:
    draw(tmp_path, hugo())
    assert apply("site", "--comments", "comments", cwd=tmp_path) == (0, "1 pages changed\n")
    assert apply("site", "--undo", cwd=tmp_path) == (0, "1 pages as they were\n")


@pytest.mark.parametrize(
    ("tree", "arguments", "says"),
    [
        (hugo(single=page("<p>x</p>"), feed=""), ("-f", "echo.yml"), "no page is a post. Name the posts: --posts 'GLOB'"),
        (hugo(letters=thread(*voices(agree=6), page_url="https://x.example/gone/")), ("--comments", "comments"),
         "none of the 1 threads read is a page's. The first is https://x.example/gone/: no post has its address, key or name"),
        (hugo(letters='{"comments": ['), ("--comments", "comments"), "comments/well.json"),
    ],
    ids=["no post", "no match", "a broken file"],
)  # fmt: skip
def test_where_no_page_changes_the_command_says_why(
    tmp_path: Path, tree: dict[str, str], arguments: tuple[str, ...], says: str
) -> None:
    draw(tmp_path, tree)
    status, said = apply("site", *arguments, cwd=tmp_path)
    assert status == 0
    assert "0 pages changed" in said
    assert says in said


def test_a_selector_that_is_none_is_one_line(tmp_path: Path) -> None:
    draw(tmp_path, hugo())
    status, said = apply("site", "--comments", "comments", "--after", "[[", cwd=tmp_path)
    assert (status, said.count("\n")) == (2, 1)
    assert "--after '[[': this is no CSS selector" in said


def test_a_page_that_is_encrypted_is_no_post(tmp_path: Path) -> None:
    hidden = page('<article><h1>The well</h1><div id="mkdocs-encrypted-content">x</div></article>', head=ARTICLE)
    draw(tmp_path, hugo(single=hidden))
    apply("site", "-f", "echo.yml", cwd=tmp_path)
    assert posts(tmp_path) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (FEED, ["https://blog.example/posts/well/"]),
        ("<feed><link href='https://a.example/'/><link rel='self' href='https://a.example/feed'/><entry>"
         "<link rel='alternate' href='https://a.example/1/'/><link rel='replies' href='https://a.example/1/c'/></entry></feed>",
         ["https://a.example/1/"]),
        ("<urlset><url><loc> https://a.example/?a=1&amp;b=2 </loc></url></urlset>", ["https://a.example/?a=1&b=2"]),
        ("<item><link><![CDATA[https://a.example/1/]]></link><content:encoded><![CDATA[<link>no</link>]]></content:encoded></item>",
         ["https://a.example/1/"]),
    ],
    ids=["RSS", "Atom", "sitemap", "CDATA"],
)  # fmt: skip
def test_the_pages_of_a_feed_are_those_of_its_entries(text: str, found: list[str]) -> None:
    assert list(addresses(text)) == found


@pytest.mark.parametrize(
    "piece", ["<link", "<link ", " ", "<loc>", "<item><link>", "<![CDATA[", "<link href='", "<a b"]
)
def test_a_feed_is_read_in_linear_time(piece: str) -> None:
    start = perf_counter()
    list(addresses("<item><link " + piece * (300_000 // len(piece))))
    assert perf_counter() - start < 3
