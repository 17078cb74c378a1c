"""HTML of a comment to plain text."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mkdocs_echo_plugin.sources.formats.markup import to_text


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("", ""),
        ("just  words\n here", "just words here"),
        ("<p>One</p><p>Two<br>three</p>", "One\n\nTwo\nthree"),
        ("<blockquote><p>You said</p></blockquote><p>I say</p>", "> You said\n\nI say"),
        ("<blockquote>a<blockquote>b</blockquote></blockquote>", "> a\n\n> > b"),
        ("use <code>x = 1</code> here", "use `x = 1` here"),
        ("<pre><code>a\n  b</code></pre>after", "```\na\n  b\n```\n\nafter"),
        ("<ul><li>one</li><li>two</li></ul>", "- one\n- two"),
        ('see <a href="https://x.example/">this page</a>', "see this page"),
        ('<a href="https://x.example/">https://x.example/</a>', "https://x.example/"),
        ('fine <img src="x.png" alt="a photo"> <img class="emoji" alt="☕">', "fine ☕"),
        ("<script>alert(1)</script><style>p{}</style>words", "words"),
        ("&lt;b&gt; &amp; naïve &#9749;", "<b> & naïve ☕"),
        ("<td>a</td><td>b</td>", "a b"),
        ("a\x00b<b>\x07c</b>", "abc"),
        ("1 < 2 and <b>so on", "1 < 2 and so on"),
    ],
)
def test_markup_becomes_what_a_reader_sees(html: str, text: str) -> None:
    assert to_text(html) == text


def test_line_ends_count_where_the_venue_stores_them_as_paragraphs() -> None:
    assert to_text("one\ntwo\n\nthree <b>bold</b>", newlines=True) == "one\ntwo\n\nthree bold"
    assert to_text("one\ntwo <b>bold</b>") == "one two bold"


@pytest.mark.parametrize(
    "html",
    ["<blockquote>" * 20_000 + "x", "<" * 200_000, '<a "' * 100_000, "<p>" * 100_000, "<pre>" + "\n" * 200_000,
     "&" * 200_000, "<!--" * 100_000, "<i>" * 50_000 + "x", "<code>" * 50_000],
    ids=["quotes", "brackets", "open quotes", "paragraphs", "empty lines", "ampersands", "comments", "deep", "code"],
)  # fmt: skip
def test_hostile_markup_costs_what_its_length_costs(html: str) -> None:
    began = time.process_time()
    text = to_text(html)
    assert time.process_time() - began < 2
    assert len(text) < 2 * len(html)


@given(st.text())
def test_any_text_is_read_without_tags_being_made_up(words: str) -> None:
    escaped = words.replace("&", "&amp;").replace("<", "&lt;")
    readable = "".join(c if c.isprintable() else " " for c in words.encode("utf-8", "replace").decode())
    assert to_text(f"<p>{escaped}</p>").split() == to_text(escaped).split()
    assert "\x00" not in to_text(readable)


@given(st.text(alphabet="<>/bqpre lia\"'&;\n=!-", max_size=200))
def test_no_markup_is_too_broken(html: str) -> None:
    assert isinstance(to_text(html), str)
