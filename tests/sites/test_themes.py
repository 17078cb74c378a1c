"""`mkdocs-echo apply` on the markup of themes whose generators the tests do not run: a piece of a post's page each."""

from __future__ import annotations

import pytest

from mkdocs_echo_plugin.render.badge import Fragments, RenderOptions
from mkdocs_echo_plugin.render.document import applied

FRAGMENTS = Fragments(badge="BADGE", prompt="PROMPT", policy="")
HEADER = "<!DOCTYPE html><html><head><title>T</title></head><body><header><h1>The blog</h1></header>"
PAGES = {
    "Material": '<main><article class="md-content__inner"><h1>T</h1><p>x</p></article></main>',
    "MkDocs' readthedocs": '<div role="main"><div class="section" itemprop="articleBody"><h1>T</h1><p>x</p></div></div>',
    "Sphinx' Read the Docs": '<div role="main"><div itemprop="articleBody"><section><h1>T</h1><p>x</p></section></div></div>',
    "Jekyll minima": '<main><article class="post h-entry"><header class="post-header"><h1 class="post-title">T</h1></header>'
    '<div class="post-content"><p>x</p></div></article></main>',
    "Hugo PaperMod": '<main class="main"><article class="post-single"><header class="post-header"><h1>T</h1></header>'
    '<div class="post-content"><p>x</p></div></article></main>',
    "Pelican notmyidea": '<section id="content"><header><h2 class="entry-title"><a>T</a></h2></header>'
    '<div class="entry-content"><p>x</p></div></section>',
    "Sphinx Furo": '<div class="content"><article role="main"><section><h1>T</h1><p>x</p></section></article></div>',
    "Sphinx PyData": '<main><article class="bd-article"><section><h1>T</h1><p>x</p></section></article></main>',
    "Sphinx classic": '<div class="body" role="main"><section><h1>T</h1><p>x</p></section></div>',
}
"""A post's page below the blog's own heading."""
COMMENTS = {
    "Material": '<h2 id="__comments">Comments</h2>',
    "a section": '<section id="comments">c</section>',
    "Disqus": '<div id="disqus_thread"></div>',
    "Isso": '<section id="isso-thread"></section>',
    "giscus": '<script src="https://giscus.app/client.js" async></script>',
    "utterances": '<script src="https://utteranc.es/client.js" async></script>',
}
"""What stands below it where people comment."""


def page(post: str, comments: str = "") -> str:
    """What `apply` makes of it."""
    document = f"{HEADER}{post}{comments}</body></html>".encode()
    return applied(document, FRAGMENTS, RenderOptions(), stylesheet="echo.css").decode()


@pytest.mark.parametrize("theme", PAGES)
def test_the_badge_stands_behind_the_heading_of_the_post(theme: str) -> None:
    made = page(PAGES[theme])
    assert "The blog</h1><!--" not in made
    heading = made[: made.index("BADGE")]
    assert heading.rpartition("<!--echo:applied")[0].endswith(("T</h1>", "T</a></h2>"))


@pytest.mark.parametrize("theme", PAGES)
def test_without_comments_the_question_stands_at_the_end_of_the_post_s_words(theme: str) -> None:
    made = page(PAGES[theme])
    assert made.index("<p>x</p>") < made.index("PROMPT")
    assert made[made.index("PROMPT") :].startswith(("PROMPT</article>", "PROMPT</div>", "PROMPT</section>"))


@pytest.mark.parametrize("system", COMMENTS)
def test_the_question_stands_before_the_comments(system: str) -> None:
    made = page(PAGES["Jekyll minima"], COMMENTS[system])
    assert f"PROMPT{COMMENTS[system]}" in made
