"""Without `sources:` the embed that a page shows says where its comments live."""

from __future__ import annotations

from typing import Any

import pytest
from drawing import BLOG, Builder, badges
from pytest_httpserver import HTTPServer
from test_network import DOCS, Venue

from mkdocs_echo_plugin.embeds import Embed, embeds

GISCUS = (
    '<script src="https://giscus.app/client.js" data-repo="me/blog" data-repo-id="R_1" data-category="Announcements" '
    'data-category-id="DIC_1" data-mapping="pathname" data-strict="1" data-lang="en" crossorigin="anonymous" async></script>'
)


@pytest.mark.parametrize(
    ("html", "found"),
    [
        (
            GISCUS,
            Embed(
                "giscus",
                {
                    "repo": "me/blog",
                    "mapping": "pathname",
                    "category": "Announcements",
                    "category_id": "DIC_1",
                    "strict": True,
                },
            ),
        ),
        (
            '<script src="https://giscus.app/client.js" data-repo="me/blog" data-mapping="number" data-term="7"></script>',
            Embed("giscus", {"repo": "me/blog", "mapping": "number"}, "7"),
        ),
        (
            '<script src="https://utteranc.es/client.js" repo="me/blog" issue-term="title" async></script>',
            Embed("utterances", {"repo": "me/blog", "issue_term": "title"}),
        ),
        (
            '<script data-isso="//c.example/" src="//c.example/js/embed.min.js"></script>'
            '<section id="isso-thread" data-isso-id="/old/"></section>',
            Embed("isso", {"url": "https://c.example/"}, "/old/"),
        ),
        (
            "<script>var disqus_config = function () { this.page.identifier = 'p-1'; };\n"
            "(function() { var s = d.createElement('script'); s.src = 'https://my-blog.disqus.com/embed.js'; })();</script>",
            Embed("disqus", {"forum": "my-blog"}, "p-1"),
        ),
        (
            '<script>var disqus_shortname = "my-blog";</script>',
            Embed("disqus", {"forum": "my-blog"}),
        ),
        (
            "<script>var remark_config = {host: 'https://r.example', site_id: 'blog', url: location.href}</script>",
            Embed("remark42", {"url": "https://r.example", "site": "blog"}),
        ),
        (
            "<script type='module'>import { init } from 'https://unpkg.com/@waline/client@v3/dist/waline.js';"
            "init({ el: '#waline', serverURL: 'https://w.example' });</script>",
            Embed("waline", {"url": "https://w.example"}),
        ),
        (
            '<div id="cusdis_thread" data-host="https://cusdis.com" data-app-id="a-1" data-page-id="/p/"></div>',
            Embed("cusdis", {"app_id": "a-1", "url": "https://cusdis.com"}, "/p/"),
        ),
        ('<script defer src="https://cdn.commento.io/js/commento.js"></script>', Embed("commento")),
        ('<hyvor-talk-comments website-id="1" page-id=""></hyvor-talk-comments>', Embed("hyvor")),
    ],
    ids=lambda value: value.name if isinstance(value, Embed) else "",
)
def test_an_embed_is_read_as_it_stands(html: str, found: Embed) -> None:
    assert embeds(f"<h1>Title</h1><p>Text</p>{html}") == (found,)


def test_a_sample_of_code_in_the_text_is_no_embed() -> None:
    sample = GISCUS.replace("<", "&lt;").replace(">", "&gt;")
    assert embeds(f"<pre><code>{sample}</code></pre><p>var disqus_shortname = 'x'</p>") == ()


def isso(venue: Venue) -> str:
    return f'<script data-isso="{venue.url}" src="{venue.url}js/embed.min.js"></script><section id="isso-thread"></section>'


@pytest.fixture
def venue(httpserver: HTTPServer) -> Venue:
    return Venue(httpserver)


OPTIONS: dict[str, Any] = {"allow_private": True}


def test_an_embed_in_the_pages_own_content_is_used(build: Builder, venue: Venue) -> None:
    docs = {name: f"{text}\n\n{isso(venue)}\n" for name, text in DOCS.items()}
    built = build(docs, echo=OPTIONS)
    assert built.states() == {"one": "one-side", "two": "quiet", "three": "quiet"}
    assert badges(built.page("one/")) == ["one-side"]
    (line,) = [line for line in built.lines() if "recognised" in line]
    assert "isso (3 posts). Set `sources:` to choose otherwise." in line


def test_materials_comments_partial_is_looked_into(build: Builder, venue: Venue) -> None:
    partial = "{% if page.meta.comments %}<h2>Comments</h2>" + isso(venue) + "{% endif %}"
    tree = {
        "docs/index.md": "# Home",
        "docs/blog/index.md": "# Blog",
        "docs/blog/posts/one.md": "---\ndate: 2026-01-02\ncomments: true\nslug: one\n---\n# One\n\nTea is better.",
        "docs/blog/posts/two.md": "---\ndate: 2026-01-03\nslug: two\n---\n# Two\n\nNo comments here.",
        "docs/one.md": "---\ncomments: true\n---\n# One\n\nTea is better.",
        "over/partials/comments.html": partial,
    }
    built = build(tree, theme={"name": "material", "custom_dir": "over"}, plugins=["search", BLOG], echo=OPTIONS)
    assert built.exit_code == 0, built.log
    states = {post["path"]: post["state"] for post in built.report()["posts"]}
    assert states == {"blog/posts/one.md": "quiet", "blog/posts/two.md": "unknown", "one.md": "one-side"}
    assert not any("two" in uri for uri in venue.asked)


def test_an_override_of_a_page_template_is_looked_into(build: Builder, venue: Venue) -> None:
    main = '{% extends "base.html" %}{% block content %}{{ super() }}' + isso(venue) + "{% endblock %}"
    built = build({**DOCS, "over/main.html": main}, theme={"name": "mkdocs", "custom_dir": "over"}, echo=OPTIONS)
    assert built.states() == {"one": "one-side", "two": "quiet", "three": "quiet"}


def test_a_giscus_without_token_is_recognised_and_says_what_to_set(build: Builder) -> None:
    tree = {**DOCS, "over/partials/comments.html": GISCUS}
    built = build(tree, theme={"name": "material", "custom_dir": "over"})
    said = "\n".join(built.lines())
    assert "recognised in the pages: giscus (3 posts)" in said
    assert "Set GITHUB_TOKEN" in said
    assert set(built.states().values()) == {"unknown"}


def test_sources_that_are_set_win_over_the_embed(build: Builder, venue: Venue) -> None:
    tree = {**DOCS, "over/partials/comments.html": GISCUS}
    built = build(tree, theme={"name": "material", "custom_dir": "over"}, echo=venue.options)
    assert built.states()["one"] == "one-side"
    assert "recognised" not in built.log


def test_a_system_that_cannot_be_asked_says_so(build: Builder) -> None:
    docs = {
        **DOCS,
        "docs/one.md": DOCS["docs/one.md"] + '\n\n<script src="https://cdn.commento.io/js/commento.js"></script>',
    }
    built = build(docs)
    assert any("Commento cannot be asked without an account" in line for line in built.lines())
