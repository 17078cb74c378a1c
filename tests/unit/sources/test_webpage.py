"""Comments in HTML, of themes and systems that write them differently."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest

from mkdocs_echo_plugin.errors import ConfigurationError, TooLarge, Unreadable
from mkdocs_echo_plugin.sources import configured
from mkdocs_echo_plugin.sources.adapters.webpage import Webpage
from mkdocs_echo_plugin.sources.raw import Document, RawThread

HEAD = """<!DOCTYPE html><html lang="de-DE"><head><meta charset="utf-8"><title>Tee &amp; Zeit</title>
<link rel="canonical" href="https://blog.example/tee/"></head><body>"""

CLASSIC = """{head}<div id="comments"><h2 class="comments-title">3 Gedanken zu „Tee“</h2><ol class="comment-list">
<li id="comment-1" class="comment even thread-even depth-1 parent"><article id="div-comment-1" class="comment-body">
<footer class="comment-meta"><div class="comment-author vcard">
<img class="avatar" src="https://secure.gravatar.com/avatar/0123456789abcdef0123456789abcdef?s=32" alt="">
<b class="fn"><a href="https://ada.example/" class="url">Ada</a></b> <span class="says">sagt:</span></div>
<div class="comment-metadata"><a href="https://blog.example/tee/#comment-1">
<time datetime="2022-09-14T21:11:11+02:00">14. September 2022</time></a></div></footer>
<div class="comment-content"><p>Zweimal kochen.</p><blockquote><p>Wie Mutter</p></blockquote></div>
<div class="reply"><a class="comment-reply-link" href="#" aria-label="Antworte auf Ada">Antworten</a></div></article>
<ol class="children">
<li id="comment-2" class="comment byuser comment-author-tess bypostauthor odd alt depth-2">
<article id="div-comment-2" class="comment-body"><footer><div class="comment-author vcard"><b class="fn">Tess</b>
<span class="says">sagt:</span></div></footer><div class="comment-content"><p>Nie.</p></div>
<div class="reply"><a class="comment-reply-link" href="#" aria-label="Antworte auf Tess">Antworten</a></div></article>
</li></ol></li>
<li id="comment-3" class="pingback even thread-odd depth-1"><div class="comment-body">Pingback:
<a href="https://other.example/" class="url">Anderes Blog</a></div></li></ol></div></body></html>"""

BLOCK = """{head}<div class="wp-block-comments"><ol class="wp-block-comment-template">
<li id="comment-1" class="comment even thread-even depth-1"><div class="wp-block-columns"><div class="wp-block-column">
<div class="wp-block-comment-author-name"><a href="https://ada.example/">Ada</a></div>
<div class="wp-block-comment-date"><time datetime="2022-09-14T21:11:11+02:00"><a
href="https://blog.example/tee/#comment-1">14. September</a></time></div>
<div class="wp-block-comment-content"><p>Zweimal kochen.</p></div>
<div class="wp-block-comment-reply-link"><a class="comment-reply-link" aria-label="Auf Ada antworten">Antworten</a></div>
</div></div><ol><li id="comment-2" class="comment byuser bypostauthor odd alt depth-2">
<div class="wp-block-comment-author-name">Tess</div><div class="wp-block-comment-content">
<p><em class="comment-awaiting-moderation">Noch nicht frei.</em></p><p>Nie.</p></div></li></ol></li></ol></div>"""

OLD = """{head}<ol class="commentlist"><li id="li-comment-7" class="comment even depth-1"><div id="comment-7">
<cite>Ada</cite> dijo:<small class="commentmetadata">26 abril 2022 a las 14:02</small><p>Dos veces.</p></div></li>
<li class="alt" id="comment-8"><p>Nunca.</p><p><cite>Comment by <a class="url" href="https://bo.example/">Bo</a> —
17.07, 2011 @ 13:04</cite></p></li>
<li id="comment-9"><div class="comment-author meta"><strong>Cy</strong> 19. Juni 2018 um 15:28 Uhr
<a class="comment-reply-link" aria-label="Antworte auf Cy">Antworten</a></div><div class="comment-text"><p>Doch.</p>
</div></li></ol>"""


def read(html: str, name: str = "tee.html", **options: object) -> RawThread:
    words = html.replace("{head}", HEAD)
    (thread,) = configured("webpage", options).read(Document(name, words.encode()))
    return thread


def said(thread: RawThread) -> list[tuple[str, str | None, str | None, str]]:
    return [(c.id, c.parent_id, c.author.name if c.author else None, c.body) for c in thread.comments]


def test_a_classic_theme_is_read_with_who_when_where_and_what() -> None:
    thread = read(CLASSIC)
    assert (thread.platform, thread.page_url, thread.title, thread.reported_count) == (
        "wordpress", "https://blog.example/tee/", "Tee & Zeit", 3,
    )  # fmt: skip
    assert said(thread) == [
        ("1", None, "Ada", "Zweimal kochen.\n\n> Wie Mutter"), ("2", "1", "Tess", "Nie."), ("3", None, "Anderes Blog", ""),
    ]  # fmt: skip
    one, two, three = thread.comments
    assert one.created == datetime(2022, 9, 14, 19, 11, 11, tzinfo=UTC)
    assert one.url == "https://blog.example/tee/#comment-1"
    assert one.author is not None
    assert (one.author.website, one.author.email_hash) == ("https://ada.example/", "0123456789abcdef0123456789abcdef")
    assert two.author is not None
    assert (two.author.role, three.kind, thread.locked, thread.open) == ("author", "pingback", False, False)


def test_a_block_theme_is_read_the_same_and_a_held_comment_is_marked() -> None:
    thread = read(BLOCK)
    assert said(thread) == [("1", None, "Ada", "Zweimal kochen."), ("2", "1", "Tess", "Nie.")]
    assert [c.state for c in thread.comments] == ["visible", "pending"]
    assert thread.comments[0].created == datetime(2022, 9, 14, 19, 11, 11, tzinfo=UTC)


def test_old_themes_put_names_and_dates_where_they_like() -> None:
    thread = read(OLD)
    assert said(thread) == [("7", None, "Ada", "Dos veces."), ("8", None, "Bo", "Nunca."), ("9", None, "Cy", "Doch.")]
    assert [c.created for c in thread.comments] == [
        datetime(2022, 4, 26, 14, 2, tzinfo=UTC), datetime(2011, 7, 17, 13, 4, tzinfo=UTC),
        datetime(2018, 6, 19, 15, 28, tzinfo=UTC),
    ]  # fmt: skip


def item(number: int, depth: int, link: bool = True, inside: str = "") -> str:
    reply = f'<a class="comment-reply-link" aria-label="Reply to P{number}">Reply</a>' if link else ""
    return (f'<li id="comment-{number}" class="comment even depth-{depth}"><b class="fn">P{number}</b>'
            f'<div class="comment-content"><p>Text {number}</p></div>{reply}{inside}</li>')  # fmt: skip


def test_what_stands_beside_others_on_the_deepest_level_has_no_sure_parent_but_the_first() -> None:
    deep = item(3, 3, False) + item(4, 3, False) + item(5, 3, False)
    thread = read("{head}<ol>" + item(1, 1, inside="<ol>" + item(2, 2, inside=f"<ol>{deep}</ol>") + "</ol>") + "</ol>")
    assert [(c.id, c.parent_id, c.parent_exact) for c in thread.comments] == [
        ("1", None, True), ("2", "1", True), ("3", "2", True), ("4", "2", False), ("5", "2", False),
    ]  # fmt: skip


def test_replies_that_can_still_be_answered_have_sure_parents() -> None:
    thread = read("{head}<ol>" + item(1, 1, inside="<ol>" + item(2, 2) + item(3, 2) + "</ol>") + "</ol>")
    assert all(c.parent_exact for c in thread.comments)


def test_the_depth_that_the_server_wrote_mends_a_page_that_nests_wrongly() -> None:
    flat = read("{head}<ol>" + item(1, 1) + item(2, 2) + item(3, 3) + item(4, 2) + item(5, 1) + "</ol>")
    assert [(c.id, c.parent_id) for c in flat.comments] == [
        ("1", None), ("2", "1"), ("3", "2"), ("4", "1"), ("5", None),
    ]  # fmt: skip
    unclosed = read("{head}<ol>" + (item(1, 1) + item(2, 1)).replace("</li>", "<div>") + "</ol>")
    assert [c.parent_id for c in unclosed.comments] == [None, None]


def test_comments_of_other_posts_in_a_sidebar_are_left_out() -> None:
    aside = ('<aside><ol class="commentlist"><li id="comment-50" class="comment even depth-1"><b class="fn">X</b>'
             '<a href="https://blog.example/anderer-post/#comment-50">zu</a><p>Fremd</p></li></ol></aside>')  # fmt: skip
    assert [c.id for c in read(CLASSIC.replace("</body>", aside + "</body>")).comments] == ["1", "2", "3"]


def test_a_comment_that_a_page_shows_twice_counts_once() -> None:
    again = CLASSIC.partition("<ol class")[2].partition("</body>")[0]
    assert len(read(CLASSIC.replace("</body>", f'<div class="mobile"><ol class{again}</body>')).comments) == 3


def test_closed_and_paged_comments_are_said() -> None:
    thread = read(CLASSIC.replace("</ol></div></body>", """</ol><nav class="comments-pagination"><a
        href="https://blog.example/tee/comment-page-1/#comments">1</a></nav>
        <p class="no-comments">Kommentare sind geschlossen.</p></div></body>"""))  # fmt: skip
    assert (thread.locked, thread.complete, thread.truncated_reason) == (
        True, False, "the page shows one of several pages of comments",
    )  # fmt: skip


def test_a_page_without_comments_is_a_quiet_thread_and_one_whose_comments_are_not_found_an_error() -> None:
    assert read("{head}<div id='respond'><form id='commentform'></form></div>").comments == ()
    with pytest.raises(Unreadable, match=r"tee\.html: the page says that it has 12 comments.*webpage: \{comment"):
        read("{head}<h3 class='comments-title'>12 Kommentare</h3><div class='x1'>hidden by a script</div>")
    with pytest.raises(Unreadable, match="no comment was found"):
        read("{head}<p>About us</p>")


MF2 = """<article class="h-entry"><a class="p-name u-url" href="https://blog.example/tea">Tea</a>
<div class="e-content">Boil it.</div>
<div class="u-comment h-cite"><a class="p-author h-card" href="https://ada.example/">Ada</a>
<time class="dt-published" datetime="2024-05-01T12:00:00Z"></time><a class="u-url" href="https://ada.example/1">link</a>
<div class="e-content">Twice.</div>
<div class="u-comment h-cite"><span class="p-author h-card"><span class="p-name">Bob</span></span>
<p class="p-content">Never.</p></div></div>
<div class="p-like h-cite"><span class="p-author h-card">Cy</span></div></article>"""


def test_microformats_are_read_with_replies_and_likes() -> None:
    thread = read(MF2)
    assert said(thread) == [
        ("https://ada.example/1", None, "Ada", "Twice."), ("n2", "https://ada.example/1", "Bob", "Never."),
        ("n3", None, "Cy", ""),
    ]  # fmt: skip
    assert [c.kind for c in thread.comments] == [None, None, "like"]
    assert thread.comments[0].created == datetime(2024, 5, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("answer", "kind"),
    [("u-in-reply-to", None), ("u-like-of", "like"), ("u-repost-of", "repost"), ("u-bookmark-of", "mention")],
)
def test_a_page_that_answers_another_is_one_comment(answer: str, kind: str | None) -> None:
    page = (f'<div class="h-entry"><a class="{answer}" href="https://blog.example/tea"></a><p class="p-content">Hm.</p>'
            '<div class="p-author h-card"><span class="p-name">Ada</span></div></div>')  # fmt: skip
    (comment,) = read(page).comments
    assert (comment.author and comment.author.name, comment.kind) == ("Ada", kind)


def test_a_saved_post_is_not_taken_for_an_answer() -> None:
    with pytest.raises(Unreadable):
        read('{head}<div class="h-entry"><p class="e-content">See <a href="https://x.example/">this</a>.</p></div>')


MICRODATA = """{head}<section itemscope itemtype="https://schema.org/BlogPosting">
<div itemprop="comment" itemscope itemtype="https://schema.org/Comment" id="c-1"><span itemprop="author" itemscope>
<span itemprop="name">Ada</span></span><meta itemprop="dateCreated" content="2024-05-01T12:00:00Z">
<div itemprop="text">Twice.</div><meta itemprop="upvoteCount" content="4">
<div itemprop="comment" itemscope itemtype="https://schema.org/Comment" id="c-2"><b itemprop="author">Bob</b>
<div itemprop="text">Never.</div></div></div></section>"""

JSON_LD = """{head}<script type="application/ld+json">{"@context": "https://schema.org", "@graph": [{"@type": "BlogPosting",
"comment": [{"@type": "Comment", "@id": "#c-1", "text": "Twice.", "dateCreated": "2024-05-01T12:00:00Z",
"author": {"@type": "Person", "name": "Ada"}, "upvoteCount": 4, "comment": {"@type": "Comment", "@id": "#c-2",
"text": "<p>Never.</p>", "author": "Bob"}}]}]}</script>"""


@pytest.mark.parametrize(("html", "prefix"), [(MICRODATA, ""), (JSON_LD, "#")], ids=["microdata", "json-ld"])
def test_schema_org_comments_are_read(html: str, prefix: str) -> None:
    thread = read(html)
    assert said(thread) == [(f"{prefix}c-1", None, "Ada", "Twice."), (f"{prefix}c-2", f"{prefix}c-1", "Bob", "Never.")]
    assert thread.comments[0].created == datetime(2024, 5, 1, 12, tzinfo=UTC)
    assert [r.count for r in thread.comments[0].reactions] == [4]


OWN = """{head}<div class="k"><div class="say" data-n="5"><i class="who">Ada</i><u class="day">14.09.2022 um 21.11</u>
<s class="what">Twice <b>at least</b></s><q class="up">+12</q></div>
<div class="say" data-n="6" data-to="#5"><i class="who">Bob</i><s class="what">Never</s></div></div>"""


def test_a_sites_own_markup_is_told_by_selectors() -> None:
    options = {"comment": ".say", "author": ".who", "text": ".what", "time": ".day", "likes": ".up", "id": "data-n",
               "parent": "data-to", "open": True}  # fmt: skip
    thread = read(OWN, **options)
    assert said(thread) == [("5", None, "Ada", "Twice at least"), ("6", "5", "Bob", "Never")]
    assert thread.comments[0].created == datetime(2022, 9, 14, 21, 11, tzinfo=UTC)
    assert [r.count for r in thread.comments[0].reactions] == [12]
    assert thread.open


@pytest.mark.parametrize(
    ("options", "message"),
    [({"comment": "..x"}, r"webpage: option 'comment': '\.\.x' is no CSS"), ({"author": ".x"}, "option 'comment' is missing"),
     ({"comments": ".x"}, "unknown option 'comments'")],
)  # fmt: skip
def test_a_wrong_selector_is_a_wrong_option(options: dict[str, str], message: str) -> None:
    with pytest.raises(ConfigurationError, match=message):
        configured("webpage", options)


def test_comments_of_a_system_that_nobody_knows_are_found_by_what_they_are_called() -> None:
    one = ('<div class="comment-item"><span class="username">{}</span><time datetime="2024-05-01"></time>'
           '<div class="comment-text">{}</div>{}</div>')  # fmt: skip
    thread = read("{head}" + one.format("Ada", "Twice", one.format("Bob", "Never", "")) + one.format("Cy", "Once", ""))
    assert said(thread) == [("n1", None, "Ada", "Twice"), ("n2", "n1", "Bob", "Never"), ("n3", None, "Cy", "Once")]


@pytest.mark.parametrize(
    ("written", "name"),
    [("De Vries", "De Vries"), ("von Au sagt:", "von Au"), ("Comment by Ada", "Ada"), ("By Ada", "Ada"), ("Door: Ada", "Ada"),
     ("Geschrieben von Ada", "Ada"), ("Ada said:", "Ada"),
     ("Kommentar von Ada am 14.09.2022", "Ada"), ("Ada<br><span>Author</span>", "Ada"), ("Ada | 14 May 2022", "Ada")],
)  # fmt: skip
def test_a_name_is_freed_of_what_stands_around_it(written: str, name: str) -> None:
    thread = read(
        "{head}" + item(1, 1, link=False).replace('<b class="fn">P1</b>', f'<p class="comment-author">{written}</p>')
    )
    assert thread.comments[0].author is not None
    assert thread.comments[0].author.name == name


BLOGGER = """{head}<div id="comments"><h4>3 Kommentare:</h4><dl id="comments-block">
<dt class="comment-author" id="c1393909114597078"><a name="c1393909114597078"></a>
<a href="https://www.blogger.com/profile/1" rel="nofollow">Ada</a> hat gesagt…</dt>
<dd class="comment-body"><p>Zweimal kochen.</p></dd>
<dd class="comment-footer"><span class="comment-timestamp"><a title="comment permalink"
href="https://blog.example/tee/?showComment=1#c1393909114597078">13. Oktober 2025 um 10:15</a></span></dd>
<dt class="comment-author" id="c1393909114597079">Anonym said...</dt><dd class="comment-body"><p>Nie.</p></dd>
<dt class="comment-author" id="c1393909114597080">Cy said...</dt><dd class="comment-body">
<span class="deleted-comment">Der Kommentar wurde entfernt.</span></dd></dl></div>"""


def test_bloggers_old_lists_of_names_and_words_are_read() -> None:
    thread = read(BLOGGER)
    assert said(thread)[:2] == [
        ("1393909114597078", None, "Ada", "Zweimal kochen."), ("1393909114597079", None, "Anonym", "Nie."),
    ]  # fmt: skip
    assert thread.comments[0].created == datetime(2025, 10, 13, 10, 15, tzinfo=UTC)
    assert thread.comments[0].url == "https://blog.example/tee/?showComment=1#c1393909114597078"
    assert [c.state for c in thread.comments] == ["visible", "visible", "deleted"]


DRUPAL = """{head}<section class="comments"><a id="comment-1"></a><article class="comment js-comment" data-id="1">
<footer><p class="comment__author"><span>Ada</span></p><p class="comment__time">Mon, 01/05/2026 - 12:00</p></footer>
<div class="comment__content"><p>Twice.</p></div></article><div class="indented"><article class="comment" data-id="2">
<p class="comment__author">Bob</p><div class="comment__content"><p>Never.</p></div></article><div class="indented">
<article class="comment" data-id="3"><p class="comment__author">Cy</p><div class="comment__content"><p>Why?</p></div>
</article></div><article class="comment" data-id="4"><p class="comment__author">Di</p>
<div class="comment__content"><p>So.</p></div></article></div></section>"""


def test_replies_in_a_box_after_the_comment_that_they_answer_are_its_replies() -> None:
    assert said(read(DRUPAL)) == [
        ("1", None, "Ada", "Twice."), ("2", "1", "Bob", "Never."), ("3", "2", "Cy", "Why?"), ("4", "1", "Di", "So."),
    ]  # fmt: skip


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "iso-8859-1", "windows-1252", "utf-16"])
def test_a_page_is_decoded_as_it_declares(encoding: str) -> None:
    html = CLASSIC.replace("{head}", HEAD).replace("Nie.", "Größe")
    html = html.replace("„Tee“", "Tee") if encoding == "iso-8859-1" else html
    declared = html.replace('charset="utf-8"', f'charset="{encoding.removesuffix("-sig")}"')
    (thread,) = Webpage().read(Document("x.html", declared.encode(encoding)))
    assert thread.comments[1].body == "Größe"


def test_scripts_in_names_texts_and_addresses_stay_words() -> None:
    hostile = CLASSIC.replace(">Ada<", "><script>x</script>A&lt;script&gt;<").replace(
        "https://ada.example/", "javascript:alert(1)").replace("Zweimal", "<script>alert(1)</script>&lt;b&gt;Zweimal")  # fmt: skip
    one = read(hostile).comments[0]
    assert one.author is not None
    assert (one.author.website, one.body.split("\n")[0]) == (None, "<b>Zweimal kochen.")


@pytest.mark.parametrize("kind", ["wordpress", "flat", "microformats", "schema", "quotes"])
def test_ten_thousand_levels_and_ten_thousand_comments_are_read(kind: str) -> None:
    n = 10_000
    inside = {
        "wordpress": "".join(
            f'<ul><li id="comment-{i}" class="comment even"><b class="fn">A</b><p>x</p>' for i in range(n)
        ),
        "flat": "".join(item(i, 1) for i in range(n)),
        "microformats": '<div class="h-entry">' + '<div class="u-comment h-cite"><p class="e-content">x</p>' * n,
        "schema": '<div itemtype="https://schema.org/Comment"><p itemprop="text">x</p>' * n,
        "quotes": item(1, 1).replace("<p>", "<blockquote>" * n),
    }[kind]
    began = time.process_time()
    thread = read("{head}" + inside)
    assert len(thread.comments) == (1 if kind == "quotes" else n)
    assert time.process_time() - began < 30, "not linear any more?"


def test_a_page_past_ten_megabytes_is_refused() -> None:
    with pytest.raises(TooLarge, match=r"big\.html"):
        list(Webpage().read(Document("big.html", b"<html>" + b" " * 10_000_001)))


def test_html_is_recognised_and_nothing_else() -> None:
    yes = [b"<!doctype html><p>", b"\xef\xbb\xbf  <html>", b"<!-- saved -->\n<!DOCTYPE html>", b"<article class='h-entry'>",
           b'<?xml version="1.0"?><!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0"><html>']  # fmt: skip
    no = [
        b"",
        b"{}",
        b'<?xml version="1.0"?><rss><channel>',
        b"<disqus>",
        b"plain <b>words</b>",
        b"<!---->" * 580 + b"<x",
    ]
    assert all(Webpage.recognises(Document("x", data)) for data in yes)
    assert not any(Webpage.recognises(Document("x", data)) for data in no)
