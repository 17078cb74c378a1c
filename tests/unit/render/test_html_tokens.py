"""Where a title ends, told as a browser tells it: never in what is no tag."""

from __future__ import annotations

from itertools import pairwise
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mkdocs_echo_plugin.render import Fragments, RenderOptions
from mkdocs_echo_plugin.render.html_tokens import heading_end, inert, tokens
from mkdocs_echo_plugin.render.insert import into_card, into_content

TITLE = '<h1 id="t">The <em>well</em></h1>'


@pytest.mark.parametrize(
    "decoy",
    [
        "<!-- <h1>old</h1> -->",
        "<!-- a --!><!--><!---><!-- <h1>old</h1> -->",
        "<script>document.title = '<h1>x</h1>';</script>",
        "<SCRIPT type='text/x'><h1>x</h1></SCRIPT >",
        "<script><!-- <script> </script><h1>x</h1> --></script>",
        "<style>/* <h1>x</h1> */</style>",
        "<template><section><h1>x</h1></section></template>",
        "<template><template></template><h1>x</h1></template>",
        "<textarea><h1>x</h1></textarea>",
        "<noscript><h1>x</h1></noscript>",
        "<iframe><h1>x</h1></iframe>",
        '<img alt="<h1>x</h1>">',
        "<img alt='a > <h1>x</h1>' title=>",
        "<p data-x = '<h1>x</h1>' hidden>y</p>",
        "<h1 hidden>x</h1>",
        '<h1 style="display: none">x</h1>',
        "<?php <h1 ?><!DOCTYPE h1>",
    ],
)
def test_a_heading_that_no_reader_sees_is_none(decoy: str) -> None:
    text = f"{decoy}{TITLE}<p>Text</p>"
    assert heading_end(text, ("h1",)) == len(decoy) + len(TITLE)
    fragments, options = Fragments(badge="[badge]", short="[short]"), RenderOptions()
    assert into_content(text, fragments, options) == f"{decoy}{TITLE}\n[badge]\n<p>Text</p>"
    assert into_content(decoy, fragments, options) == f"\n[badge]\n{decoy}"
    assert into_card(text, fragments) == f"{decoy}{TITLE}\n[short]\n<p>Text</p>"


@pytest.mark.parametrize(
    "wrapped", ["<!-- echo:badge -->", "<p><!-- echo:badge --></p>", "<p>\n<!--echo:badge-->\n</p>"]
)
def test_a_marker_counts_where_it_is_a_comment(wrapped: str) -> None:
    decoy = "<script>var s = '<!-- echo:badge -->';</script><textarea><!-- echo:badge --></textarea>"
    text = f"{TITLE}{decoy}<p>a</p>{wrapped}<p>b</p>"
    shown = into_content(text, Fragments(badge="[badge]"), RenderOptions())
    assert shown == f"{TITLE}{decoy}<p>a</p>[badge]<p>b</p>"


@pytest.mark.parametrize(
    "unfinished", ["<!-- a", "<script>x", "<p class='", "<textarea>", "<template>", "<h1", "<h1>x"]
)
def test_what_is_not_finished_ends_the_text(unfinished: str) -> None:
    assert heading_end(f"{unfinished}<h1>", ("h1",)) is None
    list(inert(unfinished))


@pytest.mark.parametrize(
    "piece",
    ["<!--", "<script>", "<script><!--", "<p a='", "<p a=", "<", "</", "<textarea>", "<template>", "<h1>", "</h1", "=\"", "--",
     "<title>", "</script", "<p ", "<noscript>", "<!-- echo:badge", "<h1 style=display"],
)  # fmt: skip
def test_the_time_grows_with_the_text_and_no_faster(piece: str) -> None:
    def seconds(text: str) -> float:
        start = perf_counter()
        heading_end(text, ("h1",))
        into_content(text, Fragments(badge="b"), RenderOptions())
        return perf_counter() - start

    assert seconds(piece * (200_000 // len(piece))) < 3


@given(
    st.lists(
        st.sampled_from(
            ["<h1>", "</h1>", "<script>", "</script>", "<!--", "-->", "<p a='", "'>", "x", "<template>", "</template>"]
        )
    )
)
def test_places_are_in_order_and_inside_the_text(pieces: list[str]) -> None:
    text = "".join(pieces)
    found = list(tokens(text))
    assert all(0 <= token.start < token.end <= len(text) for token in found)
    assert all(one.end <= two.start for one, two in pairwise(found))
