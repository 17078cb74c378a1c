"""Exports that are no XML: what can be read is read, and what was repaired or left out is said in one line."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_exports import DISQUS, WXR, remark

from mkdocs_echo_plugin.errors import SourceError, Unreadable
from mkdocs_echo_plugin.sources.adapters.feed import Feed
from mkdocs_echo_plugin.sources.adapters.wxr import Wxr
from mkdocs_echo_plugin.sources.files import read
from mkdocs_echo_plugin.sources.formats import xml
from mkdocs_echo_plugin.sources.formats.forgiving_xml import ForgivingReader
from mkdocs_echo_plugin.sources.formats.xml_repairs import Grammar, Repairs
from mkdocs_echo_plugin.sources.raw import Document, RawThread

SITE = WXR.format(comments=remark(1, "Boil it twice.") + "\n" + remark(2, "Never & <b>never</b>.", parent="1"))


def wxr(words: str | bytes) -> tuple[list[RawThread], Document]:
    document = Document("site.xml", words if isinstance(words, bytes) else words.encode())
    return list(Wxr().read(document)), document


def said(words: str | bytes) -> list[tuple[str, str | None, str]]:
    threads, _ = wxr(words)
    return [(c.id, c.parent_id, c.body) for thread in threads for c in thread.comments]


WHOLE = [("1", None, "Boil it twice."), ("2", "1", "Never & never.")]

DAMAGE: dict[str, tuple[Callable[[str], str | bytes], str]] = {
    "an undeclared prefix": (
        lambda w: w.replace("<item>", '<atom:link href="https://old.example"/>\n<item>', 1), "undeclared atom: accepted"),
    "no namespace of WordPress' own": (
        lambda w: w.replace(' xmlns:wp="http://wordpress.org/export/1.2/"', ""), "undeclared wp: accepted"),
    "CDATA in CDATA": (
        lambda w: w.replace("<wp:post_id>", "<content:encoded><![CDATA[<script>// <![CDATA[\nx\n// ]]></script>]]>"
                            "</content:encoded><wp:post_id>", 1), "1 CDATA in CDATA kept"),
    "an address that was cut inside an entity": (
        lambda w: w.replace("<wp:comment_id>1", "<wp:u>http://x.example/?a&amp;b&am</wp:u><wp:comment_id>1"),
        "1 loose '&' kept"),
    "a value that nobody escaped": (
        lambda w: w.replace("</wp:comment>", "<wp:commentmeta><wp:meta_value>a=1&b=2<br></wp:meta_value></wp:commentmeta>"
                            "</wp:comment>", 1), "1 loose '&' kept"),
    "a control character written as a number": (
        lambda w: w.replace("<title>Tea", "<title>Tea&#x1;&#xD800;"), "2 control characters left out"),
    "a control character": (lambda w: w.replace("<title>Tea", "<title>T\x08ea"), "1 control characters left out"),
    "an entity of HTML": (lambda w: w.replace("<title>Tea", "<title>Tea&nbsp;"), "read leniently: nothing is missing"),
    "Latin-1 that says UTF-8": (
        lambda w: w.replace("<title>Tea", "<title>Caf\xe9").encode("latin-1"), "1 texts that are not UTF-8 taken for"),
    "a warning of PHP before it": (
        lambda w: "<br />\n<b>Warning</b>: Cannot modify header <i>x</i> in line 9<br />\n" + w, ""),
    "an error page after it": (lambda w: w + "<html><body>504</body></html>", "read leniently"),
    "two exports in one file": (lambda w: w + WXR.format(comments=""), "read leniently"),
    "an encoding that is none": (lambda w: w.replace('"UTF-8"', '"x-unknown"'), ""),
    "an encoding that it is not in": (lambda w: w.replace('"UTF-8"', '"UTF-16"'), ""),
    "a comment that is not closed": (lambda w: w.replace("</wp:comment>", "", 1), "1 unclosed elements closed"),
}  # fmt: skip


@pytest.mark.parametrize("damage", DAMAGE)
def test_every_comment_is_read_in_spite_of(damage: str) -> None:
    change, note = DAMAGE[damage]
    threads, document = wxr(change(SITE))
    assert [(c.id, c.parent_id, c.body) for thread in threads for c in thread.comments] == WHOLE
    assert all(thread.complete for thread in threads)
    assert len(document.notes) <= 1
    assert note in "".join(one.text for one in document.notes)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_utf_16_is_recognised_with_and_without_its_mark(encoding: str) -> None:
    for words, platform in ((SITE, "wordpress"), (DISQUS, "disqus")):
        data = words.replace("UTF-8", "UTF-16").replace("utf-8", "utf-16").encode(encoding)
        assert {thread.platform for thread in read(Document("x.xml", data))} == {platform}


def test_text_that_is_not_utf_8_is_read_as_windows_does() -> None:
    words = SITE.replace("Boil it", "“Café”").encode("cp1252")
    assert said(words)[0][2] == "“Café” twice."


def test_a_comment_whose_words_have_no_end_is_left_out_and_its_post_says_so() -> None:
    threads, document = wxr(SITE.replace("twice.]]></wp:comment_content>", "twice.", 1))
    (thread,) = threads
    assert [c.id for c in thread.comments] == ["2"]
    assert (thread.complete, thread.truncated_reason) == (False, "1 left out: the export is damaged there")
    assert "1 damaged comments left out (line 8)" in document.notes[0].text
    assert document.notes[0].lost == "comments"


def test_a_post_all_of_whose_comments_are_lost_is_an_incomplete_thread_not_a_quiet_one() -> None:
    threads, _ = wxr(WXR.format(comments=remark(1, "Boil it").replace("]]></wp:comment_content>", "")))
    assert [(len(thread.comments), thread.complete) for thread in threads] == [(0, False)]


def test_an_export_that_breaks_off_is_read_up_to_there() -> None:
    threads, document = wxr(SITE[: SITE.index("never</b>")])
    assert [c.id for thread in threads for c in thread.comments] == ["1"]
    assert not threads[0].complete
    assert "the file breaks off in line 9, what came after is missing" in document.notes[0].text
    assert document.notes[0].lost == "threads"


def test_a_document_type_is_refused_by_the_lenient_reader_too() -> None:
    for place in ("<rss", "<?xml"):
        words = SITE.replace("&", "&broken;", 1).replace(place, f'<!DOCTYPE x [<!ENTITY broken "x">]>{place}', 1)
        with pytest.raises(Unreadable, match="document type"):
            wxr(words.replace("<title>Tea", "<title>Tea & "))


def test_a_damaged_feed_gives_its_comments() -> None:
    feed = """<rss version="2.0"><channel><title>Comments on: Tea</title><link>https://old.example/tea/</link>
<item><title>By: Ada & Bob</title><link>https://old.example/tea/#comment-1</link><dc:creator>Ada</dc:creator>
<content:encoded><![CDATA[<p>Twice</p>]]></content:encoded></item></channel></rss>"""
    (thread,) = Feed().read(Document("feed.xml", feed.encode()))
    assert [(c.author and c.author.name, c.body) for c in thread.comments] == [("Ada", "<p>Twice</p>")]


GRAMMARS = (
    Grammar("x", "rss", 2, frozenset(("item", "author")), frozenset(("comment",)), "comment"),
    Grammar("x", "disqus", 1, frozenset(("thread", "post")), frozenset(("author",)), "post"),
)
WORDS = st.text(
    st.characters(codec="utf-8", exclude_characters="\r", categories=("L", "N", "P", "S", "Zs")), max_size=30
)


@settings(max_examples=150, deadline=None)
@given(WORDS, WORDS, st.booleans())
def test_of_an_export_that_is_well_formed_both_readers_read_the_same(title: str, words: str, section: bool) -> None:
    from xml.sax.saxutils import escape

    content = f"<![CDATA[{words.replace(']]>', ']]')}]]>" if section else escape(words)
    for grammar, text in zip(GRAMMARS, (SITE, DISQUS), strict=True):
        data = text.replace("Tea", escape(title)).replace("<![CDATA[Boil it twice.]]>", content).encode()
        document = Document("x.xml", data)
        strict = [plain(e) for e in xml._strictly(document, grammar, 0, Repairs()) if xml.local(e) in grammar.elements]
        repairs = Repairs()
        assert [plain(e) for e in ForgivingReader(data, grammar, 0, repairs).elements()] == strict
        assert repairs.said() == "nothing is missing"


def plain(element: object) -> tuple[str, str, list[object], list[str]]:
    from lxml.etree import _Element

    assert isinstance(element, _Element)
    children = [plain(child) for child in element]
    text = (element.text or "") if not children else ""
    return xml.local(element), text.replace("\r\n", "\n"), children, sorted(map(str, element.attrib.values()))


PUMPS = ["<wp:a>", "<wp:a><![CDATA[", "<![CDATA[]]>x", "<wp:comment>", "</wp:comment>", "<item>", "<a b='", "&#1;", "&amp", "<!--",
         "<?x", "<wp:a><![CDATA[]]>x</wp:a>", "]]>", "<item><wp:comment><wp:a>", "</rss>"]  # fmt: skip


@pytest.mark.parametrize("pump", PUMPS)
def test_a_megabyte_of_the_worst_takes_less_than_two_seconds(pump: str) -> None:
    start = SITE[: SITE.index("<wp:comment>")] + "<wp:comment>&"
    for many in (
        pump * (1_000_000 // len(pump)),
        "".join(pump.replace("a", f"a{i}") for i in range(60_000))[:1_000_000],
    ):
        began = time.process_time()
        with suppress(SourceError):
            wxr(start + many)
        assert time.process_time() - began < 2
