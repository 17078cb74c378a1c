"""Without `sources:` the embed that a page shows says where its comments live."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from drawing import BLOG, Builder, drawn, thread, voices
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


def test_an_embed_in_the_pages_own_content_is_seen_and_reaches_no_private_host(build: Builder, venue: Venue) -> None:
    docs = {name: f"{text}\n\n{isso(venue)}\n" for name, text in DOCS.items()}
    built = build(docs, echo=OPTIONS)
    (line,) = [line for line in built.lines() if "recognised" in line]
    assert "isso (3 posts). Set `sources:` to choose otherwise." in line
    assert set(built.states().values()) == {"unknown"}
    assert venue.asked == []


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
    assert states == {"blog/posts/one.md": "quiet", "blog/posts/two.md": "off", "one.md": "one-side"}
    assert not any("two" in uri for uri in venue.asked)


def test_an_override_of_a_page_template_is_looked_into(build: Builder, venue: Venue) -> None:
    main = '{% extends "base.html" %}{% block content %}{{ super() }}' + isso(venue) + "{% endblock %}"
    built = build({**DOCS, "over/main.html": main}, theme={"name": "mkdocs", "custom_dir": "over"}, echo=OPTIONS)
    assert built.states() == {"one": "one-side", "two": "quiet", "three": "quiet"}


COUNTING = """
def count():
    with open("rendered.txt", "a") as file:
        file.write("x")
    return ""

def on_env(env, config, files):
    env.globals["count"] = count
"""


def test_no_page_is_rendered_a_second_time_to_find_an_embed(build: Builder, venue: Venue) -> None:
    # a partial as Material's manual gives it, whose words come from the page's template, and a page with no embed
    site = r"""
        docs/
        ├── index.md        # Home
        ├── one.md          ---\ncomments: true\n---\n# One\n\nTea is better.
        └── two.md          ---\necho: true\n---\n# Two\n\nNo comments.
        over/
        ├── main.html       {% extends "base.html" %}{% block content %}{{ count() }}{{ super() }}{% endblock %}
        └── partials/
            └── comments.html   {partial}
        hooks.py            {hooks}
    """
    partial = "{% if page.meta.comments %}<h2>{{ lang.t('meta.comments') }}</h2>" + isso(venue) + "{% endif %}"
    built = build(
        drawn(site, partial=partial, hooks=COUNTING), theme={"name": "material", "font": False, "custom_dir": "over"},
        hooks=["hooks.py"], echo=OPTIONS,
    )  # fmt: skip
    assert built.states() == {"one": "one-side", "two": "off"}
    pages = len([page for page in built.site.rglob("index.html") if "echo" not in page.parts])
    assert len((built.root / "rendered.txt").read_text("utf-8")) == pages


def test_an_embed_in_a_block_with_words_of_the_theme_or_in_an_own_partial_is_seen(build: Builder, venue: Venue) -> None:
    site = r"""
        docs/
        ├── index.md        # Home
        ├── one.md          ---\ncomments: true\n---\n# One\n\nTea is better.
        └── two.md          ---\ncomments: true\ntemplate: letter.html\n---\n# Two\n\nCake.
        over/
        ├── main.html       {main}
        ├── letter.html     {% extends "base.html" %}{% block content %}{{ super() }}{% include "my/talk.html" %}{% endblock %}
        └── my/
            └── talk.html   {talk}
    """
    main = (
        '{% extends "base.html" %}{% set words = "Talk" %}{% block content %}{{ super() }}{% if page.meta.comments %}'
        f"<h2>{{{{ words }}}} {{{{ lang.t('meta.comments') }}}}</h2>{isso(venue)}{{% endif %}}{{% endblock %}}"
    )
    built = build(
        drawn(site, main=main, talk=isso(venue)), theme={"name": "material", "font": False, "custom_dir": "over"}, echo=OPTIONS
    )  # fmt: skip
    assert built.exit_code == 0, built.log
    assert built.states() == {"one": "one-side", "two": "quiet"}


def test_a_script_of_the_site_that_loads_the_embed_is_read(build: Builder) -> None:
    script = "s.src = 'https://giscus.app/client.js'; s.setAttribute('data-repo', 'me/blog');"
    built = build({**DOCS, "docs/js/comments.js": script}, extra_javascript=["js/comments.js"])
    assert any("recognised in the pages: giscus (3 posts)" in line for line in built.lines())


def test_an_editors_lock_in_the_sites_templates_stops_nothing(build: Builder, tmp_path: Path) -> None:
    (tmp_path / "over/partials/echo").mkdir(parents=True)
    (tmp_path / "over/old.html").mkdir()
    for folder in ("over", "over/partials/echo"):
        (tmp_path / folder / ".#main.html").symlink_to("nobody@host.1:1")
    tree = {**DOCS, "comments/one.json": thread(*voices(agree=6))}
    for echo in ({}, {"sources": [{"files": {"path": "comments"}}]}):
        built = build(tree, theme={"name": "mkdocs", "custom_dir": "over"}, echo=echo)
        assert built.exit_code == 0, built.log


@pytest.mark.parametrize(
    ("page", "says"),
    [
        ("docs/posts/well.md", '2 pages embed utterances, but no page is a post: write `include: ["posts/*"]` under'),
        ("docs/well.md", '2 pages embed utterances, but no page is a post: write `include: ["*"]` under'),
    ],
)
def test_where_pages_show_comments_and_none_is_a_post_the_log_says_what_to_write(
    build: Builder, page: str, says: str
) -> None:
    partial = (
        "{% if not page.meta.no_comments %}<script src='https://utteranc.es/client.js' repo='me/blog' issue-term='title'>"
        "</script>{% endif %}"
    )
    site = r"""
        docs/
        ├── index.md            # Home
        └── about.md            ---\nno_comments: true\n---\n# About
        over/
        └── partials/
            └── comments.html   {partial}
    """
    tree = {**drawn(site, partial=partial), page: "# The well\n\nIt stays."}
    built = build(tree, theme={"name": "material", "font": False, "custom_dir": "over"})
    assert says in built.log
    assert "no page is a post, so" not in built.log


def test_a_system_that_does_not_say_which_thread_is_the_pages_says_what_to_write(build: Builder) -> None:
    script = "<script>DiscourseEmbed = {discourseUrl: 'https://talk.example/', discourseEmbedUrl: 'x'};</script>"
    built = build({**DOCS, "docs/one.md": f"{DOCS['docs/one.md']}\n\n{script}\n"})
    one = next(post for post in built.report()["posts"] if post["path"] == "one.md")
    assert one["state"] == "unknown"
    assert "echo: {threads: [https://FORUM/t/NUMBER]}" in one["reason"]
    assert "recognised in the pages: Discourse (1 post)" in built.log


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
