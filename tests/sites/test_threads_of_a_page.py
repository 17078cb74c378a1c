"""Which threads a post gets, and what is said where that cannot be known: `quiet` is "read, and nobody commented"."""

from __future__ import annotations

from importlib.util import find_spec

import pytest
from drawing import BLOG, Builder, badges, drawn, thread, voices

FILES = {"sources": [{"files": {"path": "comments"}}]}


def disqus(*links: str) -> str:
    """A Disqus export with a thread for each link, one comment each."""
    threads = "".join(
        f'<thread dsq:id="{i}"><id/><forum>k</forum><link>{link}</link><title>Tea</title><isClosed>false</isClosed>'
        f"<isDeleted>false</isDeleted></thread>"
        for i, link in enumerate(links, 1)
    )
    posts = "".join(
        f'<post dsq:id="{i}0"><id/><message>Boil it {i} times.</message><createdAt>2013-02-1{i}T16:00:00Z</createdAt>'
        f"<isDeleted>false</isDeleted><isSpam>false</isSpam><author><name>Reader {i}</name></author>"
        f'<thread dsq:id="{i}"/></post>'
        for i in range(1, len(links) + 1)
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?><disqus xmlns="http://disqus.com" '
        f'xmlns:dsq="http://disqus.com/disqus-internals">{threads}{posts}</disqus>'
    )


SITE = r"""
    docs/
    ├── index.md     ---\ncomments: true\n---\n# Home\n\nWelcome.
    └── tea.md       ---\ncomments: true\n---\n# Tea\n\nBoil water.
    comments/
    └── export.xml   {export}
"""


@pytest.mark.parametrize(
    "links",
    [
        ("http://blog.example/tea/", "https://blog.example/tea/"),
        ("https://www.blog.example/tea", "https://blog.example/tea/", "https://blog.example/tea/index.html"),
        ("https://blog.example/tea/?utm_source=feed&amp;utm_medium=rss", "https://blog.example/tea/?fbclid=x1"),
        ("https://blog.example/tea/#disqus_thread", "https://blog.example/tea/"),
        ("https://blog.example/tea/?replytocom=7", "https://blog.example/tea/comment-page-2/"),
        ("http://localhost:4000/tea/", "https://blog.example/tea.html"),
    ],
    ids=["scheme", "www and slash", "tracking", "fragment", "WordPress", "a preview's host"],
)
def test_threads_of_one_page_are_one_thread(build: Builder, links: tuple[str, ...]) -> None:
    built = build(drawn(SITE, export=disqus(*links)), echo=FILES)
    tea = next(post for post in built.report()["posts"] if post["path"] == "tea.md")
    assert tea["comments"]["read"] == len(links)
    assert tea["venues"] == []
    assert built.report()["unmatched"] == []


@pytest.mark.parametrize(
    "link",
    [
        "http://blog.example/?p=9",
        "http://blog.example/index.php?p=9",
        "http://blog.example/?page_id=9&amp;utm_source=x",
    ],
)
def test_a_query_that_names_a_post_is_never_the_home_page(build: Builder, link: str) -> None:
    built = build(drawn(SITE, export=disqus(link)), echo=FILES)
    assert built.states() == {"index": "quiet", "tea": "quiet"}
    assert len(built.report()["unmatched"]) == 1


def test_a_tracking_parameter_leaves_the_home_page_the_home_page(build: Builder) -> None:
    built = build(drawn(SITE, export=disqus("https://blog.example/?utm_source=feed")), echo=FILES)
    assert {p["path"]: p["comments"]["read"] for p in built.report()["posts"]} == {"index.md": 1, "tea.md": 0}


def test_what_fits_one_post_twice_makes_it_unknown_with_the_reason(build: Builder) -> None:
    export = disqus("https://old.example/2012/tea/", "https://old.example/recipes/tea/")
    built = build(drawn(SITE, export=export), echo=FILES)
    assert built.states() == {"index": "quiet", "tea": "unknown"}
    reason = built.report()["posts"][1]["reason"]
    assert "one of 2 disqus threads that fit tea.md; name it in echo.threads" in reason
    assert [line for line in built.log.splitlines() if line.startswith("WARNING")] != []


def test_what_fits_two_posts_makes_both_unknown_but_not_one_that_has_its_thread(build: Builder) -> None:
    site = r"""
        docs/
        ├── a/tea.md   ---\ncomments: true\n---\n# Tea
        ├── b/tea.md   ---\ncomments: true\n---\n# Tea again
        └── c/tea.md   ---\ncomments: true\n---\n# Tea once more
        comments/
        └── export.xml   {export}
    """
    export = disqus("https://blog.example/a/tea/", "https://old.example/tea/")
    built = build(drawn(site, export=export), echo=FILES)
    states = {post["path"]: post["state"] for post in built.report()["posts"]}
    assert states["b/tea.md"] == states["c/tea.md"] == "unknown"
    assert states["a/tea.md"] != "unknown"


NAMED = r"""
    docs/
    ├── file.md    ---\necho: {threads: [comments/file.json]}\n---\n# File
    ├── gone.md    ---\necho: {threads: [comments/fiel.json]}\n---\n# Gone
    ├── both.md    ---\necho: {threads: [comments/both.json, nowhere.json]}\n---\n# Both
    └── key.md     ---\necho: {key: old-slug}\n---\n# Key
    comments/
    ├── both.json  {letters}
    └── file.json  {letters}
"""


def test_what_is_named_by_hand_and_missing_makes_its_post_unknown_whatever_else_it_has(build: Builder) -> None:
    tree = drawn(NAMED, letters=thread(*voices(agree=6)))
    built = build(tree, echo=FILES)
    posts = {post["path"]: post for post in built.report()["posts"]}
    assert [path for path, post in posts.items() if post["state"] == "unknown"] == ["both.md", "gone.md", "key.md"]
    assert (
        "'comments/fiel.json' does not exist beside mkdocs.yml. Did you mean 'comments/file.json'?"
        in posts["gone.md"]["reason"]
    )
    assert "no thread in comments is called 'old-slug'" in posts["key.md"]["reason"]
    warned = [line for line in built.log.splitlines() if line.startswith("WARNING")]
    assert len(warned) == 3
    assert build(tree, echo=FILES, args=("--strict",)).exit_code == 1


@pytest.mark.parametrize(
    "moved", [{"old-well.md": "posts/well.md"}, {"a.md": "old-well.md", "old-well.md": "posts/well.md"}]
)
def test_an_old_address_that_the_redirects_plugin_knows_is_the_posts(build: Builder, moved: dict[str, str]) -> None:
    if find_spec("mkdocs_redirects") is None:
        pytest.skip("mkdocs_redirects is not installed: pip install -e '.[test]'")
    site = r"""
        docs/
        ├── index.md        # Letters
        └── posts/
            └── well.md     ---\ncomments: true\n---\n# The deep well\n\nIt stays.
        comments/
        └── letters.json    {letters}
    """
    old = next(iter(moved)).removesuffix(".md")
    tree = drawn(site, letters=thread(*voices(agree=6), page_url=f"https://blog.example/{old}/"))
    built = build(tree, plugins=["search", {"redirects": {"redirect_maps": moved}}], echo=FILES)
    assert built.exit_code == 0, built.log
    assert built.report()["unmatched"] == []
    assert len(badges(built.page("posts/well"))) == 1


def test_a_post_whose_page_embeds_nothing_while_its_siblings_do_is_off(build: Builder) -> None:
    site = r"""
        docs/
        ├── index.md            # Letters
        └── blog/
            ├── index.md        # Blog
            └── posts/
                ├── one.md      ---\ndate: 2026-01-02\ncomments: true\n---\n# One\n\nTea.
                ├── two.md      ---\ndate: 2026-01-03\n---\n# Two\n\nNo comments here.
                └── three.md    ---\ndate: 2026-01-04\necho: {threads: [gone.json]}\n---\n# Three\n\nElsewhere.
        over/
        └── partials/
            └── comments.html   {partial}
    """
    partial = (
        "{% if page.meta.comments %}<h2>{{ lang.t('meta.comments') }}</h2><script src='https://giscus.app/client.js' "
        "data-repo='me/blog' data-category-id='D' data-mapping='pathname'></script>{% endif %}"
    )
    built = build(
        drawn(site, partial=partial), theme={"name": "material", "font": False, "custom_dir": "over"}, plugins=["search", BLOG],
        echo={"offline": True},
    )  # fmt: skip
    assert built.states() == {"one": "unknown", "two": "off", "three": "unknown"}
