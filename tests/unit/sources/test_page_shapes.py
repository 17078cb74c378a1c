"""Comments in the pages of many systems, old ones and home-made ones: who, when and what, one by one."""

from __future__ import annotations

import pytest

from mkdocs_echo_plugin.errors import Unreadable
from mkdocs_echo_plugin.sources.adapters.webpage import Webpage
from mkdocs_echo_plugin.sources.raw import Document, RawThread

WORDS = ("Boil it twice, I always do.", "Never twice, it tastes flat.", "Once is enough for most leaves.")
PEOPLE = ("Ada", "Bob", "Cy")
ARTICLE = "<article><h1>Tea</h1><p>Boil the water and wait. Posted by Tess on June 1, 2006 at 09:00 AM</p></article>"


def page(inside: str, *, language: str = "en") -> RawThread:
    html = (
        f'<!DOCTYPE html><html lang="{language}"><head><title>Tea</title></head><body>{ARTICLE}{inside}</body></html>'
    )
    (thread,) = Webpage().read(Document("tea.html", html.encode()))
    return thread


def each(form: str) -> str:
    """A comment's markup three times, with its number, person, words and hour."""
    return "".join(
        form.format(n=101 + i, who=who, words=words, hour=3 + i)
        for i, (who, words) in enumerate(zip(PEOPLE, WORDS, strict=True))
    )


FORM = '<form id="comment-form" action="/post"><textarea name="text"></textarea></form>'
SHAPES = {
    "movable type 2": '<div class="comments-head">Comments</div>' + each(
        '<div class="comments-body"><p>{words}</p><span class="comments-post">Posted by: <a href="http://x.example/">{who}'
        "</a> at March 1, 2004 0{hour}:10 PM</span></div>"),
    "movable type 3": '<div id="comments"><h2>Comments</h2>' + each(
        '<a id="c{n}"></a><p>{words}</p><p class="posted">Posted by {who} at March 1, 2004 0{hour}:10 PM</p>') + FORM + "</div>",
    "movable type 4": '<div id="comments" class="comments"><div class="comments-content">' + each(
        '<div class="comment" id="comment-{n}"><div class="inner"><div class="comment-header"><div class="asset-meta"><span '
        'class="byline"><span class="vcard author">{who}</span> said:</span></div></div><div class="comment-content"><p>{words}'
        '</p></div><div class="comment-footer"><a href="#comment-{n}"><abbr class="published" title="2004-03-01T1{hour}:10:00">'
        "March 1</abbr></a></div></div></div>") + "</div></div>",
    "typepad": '<div class="comments" id="comments"><h2 class="comments-header">Comments</h2>' + each(
        '<a id="c{n}"></a><div class="comment" id="comment-{n}"><div class="comment-content"><p>{words}</p></div><p '
        'class="comment-footer">Posted by: <a href="http://x.example">{who}</a> | <a href="#comment-{n}">March 01, 2004 at '
        "0{hour}:10 PM</a></p></div>") + "</div>",
    "drupal 5": '<div id="comments">' + each(
        '<a id="comment-{n}"></a><div class="comment"><h3 class="title"><a href="/node/5#comment-{n}" class="active">Tea</a></h3>'
        '<div class="submitted">Submitted by {who} (not verified) on Mon, 2004-03-01 1{hour}:10.</div><div class="content"><p>'
        '{words}</p></div><div class="links"><ul class="links"><li><a href="/comment/reply/5/{n}">reply</a></li></ul></div>'
        "</div>") + "</div>",
    "drupal 7": '<div id="comments" class="comment-wrapper"><h2 class="title">Comments</h2>' + each(
        '<a id="comment-{n}"></a><div class="comment clearfix"><h3><a href="/comment/{n}#comment-{n}" class="permalink">Tea</a>'
        '</h3><div class="submitted"><a href="/c/{n}#comment-{n}" class="permalink">Permalink</a> Submitted by <span '
        'class="username">{who}</span> on <span>Mon, 03/01/2004 - 1{hour}:10</span></div><div class="content"><div '
        'class="field-name-comment-body"><p>{words}</p></div></div></div>') + "</div>",
    "typecho": '<div id="comments"><h4>3 Responses</h4><ol id="comment_list">' + each(
        '<li id="comment-{n}"><div class="comment_data">1. <strong>{who}</strong> on March 1st, 2004 at 0{hour}:10 pm </div>'
        '<div class="comment_body"><p>{words}</p></div></li>') + "</ol></div>",
    "habari": '<ol id="commentlist">' + each(
        '<li id="comment{n}" class="comment"><a href="#comment-{n}" class="counter">{n}</a><span class="commentauthor"><a '
        'href="http://x.example">{who}</a></span><small class="comment-meta"><a href="#comment-{n}">March 1, 2004 0{hour}:10 '
        'pm</a></small><div class="comment-content"><p>{words}</p></div></li>') + "</ol>",
    "serendipity": '<div class="serendipity_comments">' + each(
        '<a id="c{n}"></a><div id="serendipity_comment_{n}" class="serendipity_comment serendipity_comment_author_x">'
        '<div class="serendipity_commentBody"><p>{words}</p></div><div class="serendipity_comment_source"><a class="comment_source'
        '_trace" href="#c{n}">#1</a> <span class="comment_source_author">{who}</span> on <span class="comment_source_date">'
        "2004-03-01 1{hour}:10</span></div></div>") + "</div>",
    "textpattern": '<h3 id="comment">Comments</h3><ol class="comments">' + each(
        '<li><div id="c0000{n}" class="comment"><h4><span class="comment_name">{who}</span></h4><p class="comment_date"><a '
        'href="#c0000{n}">01 March 2004, 1{hour}:10</a></p><p>{words}</p></div></li>') + "</ol>",
    "nucleus": '<h2>Comments</h2><div class="contentdivcomments">' + each(
        '<h3 class="commenttitle">{who} wrote:</h3><div class="commentbody">{words}<div class="commentinfo">01/03/2004 '
        "1{hour}:10:00</div></div>") + "</div>",
    "b2evolution": "<h4>3 comments</h4>" + each(
        '<div class="bComment" id="c{n}"><div class="bCommentTitle">Comment from: <a href="http://x.example">{who}</a> [Visitor]'
        '</div><div class="bCommentText"><p>{words}</p></div><div class="bCommentSmallPrint">2004-03-01 @ 1{hour}:10</div></div>'),
    "dotclear": '<div id="comments"><h3>Comments</h3><dl>' + each(
        '<dt id="c{n}"><a href="#c{n}" class="comment-number">1.</a> On 2004-03-01, 1{hour}:10 by <a href="http://x.example">'
        "{who}</a></dt><dd><p>{words}</p></dd>") + "</dl></div>",
    "spip": '<ul class="forum">' + each(
        '<li class="forum-fil"><div class="forum-message"><p class="forum-chapo"><strong class="forum-titre">Tea</strong>'
        '<small> <abbr class="dtreviewed" title="2004-03-01T1{hour}:10:00Z">1 March</abbr>, by <span class="comment_author">'
        '{who}</span></small></p><div class="forum-texte"><p>{words}</p></div></div></li>') + "</ul>",
    "one box a comment, names with underscores": "<div>" + each(
        '<div class="comment_box"><div class="comment_author">{who}</div><div class="comment_time">March 1, 2004 0{hour}:10 PM'
        '</div><div class="comment_text" id="comment-body-{n}">{words}</div></div>') + "</div>",
    "no box at all, names with underscores": "<div>" + each(
        '<div class="comment_author">{who}</div><div class="comment_time">March 1, 2004 0{hour}:10 PM</div>'
        '<div class="comment-body-{n}">{words}</div>') + FORM + "</div>",
    "a table of rows": "<table>" + each(
        '<tr><td class="comment_author">{who}</td><td class="comment_time">2004-03-01 1{hour}:10</td><td '
        'id="comment-body-{n}"><p>{words}</p></td></tr>') + "</table>",
    "staticman in a theme": '<section class="page__comments"><div class="js-comments">' + each(
        '<article id="comment{n}" class="js-comment comment" itemprop="comment"><div class="comment__content-wrapper"><h3 '
        'class="comment__author" itemprop="author">{who}</h3><p class="comment__date"><time datetime="2004-03-01T1{hour}:10:00Z">'
        'March 1</time></p><div itemprop="text"><p>{words}</p></div></div></article>') + "</div></section>",
}  # fmt: skip


@pytest.mark.parametrize("system", SHAPES)
def test_who_wrote_what_is_read_in_pages_of(system: str) -> None:
    thread = page(SHAPES[system])
    assert [(c.author and c.author.name, c.body) for c in thread.comments] == list(zip(PEOPLE, WORDS, strict=True))


@pytest.mark.parametrize("system", SHAPES)
def test_when_they_wrote_is_read_in_pages_of(system: str) -> None:
    thread = page(SHAPES[system])
    assert all(c.created and f"{c.created:%Y-%m-%d}" in ("2004-03-01", "2004-01-03") for c in thread.comments)


AVATARS = each(
    '<li class="comment even depth-1" id="comment-{n}"><div class="comment-author avatar-cell"><a class="view" href="#"><img '
    'src="/p.png" alt=""></a><a class="profile" href="javascript:;">Profile</a></div><div class="comment_author">{who}</div>'
    '<div class="comment_date">12.29.14 at {hour}:01 pm</div><div class="comment-body"><p>{words}</p></div></li>'
)  # fmt: skip


def test_the_link_on_a_picture_is_nobodys_name() -> None:
    thread = page(f'<div id="comments"><ol class="commentlist">{AVATARS}</ol></div>')
    assert [c.author and c.author.name for c in thread.comments] == list(PEOPLE)


def test_reactions_in_french_are_read_with_their_dates() -> None:
    markup = each(
        '<a id="comment-{n}"></a><div class="article_comment"><div class="comment_pic"><img src="/a.jpg"></div><div class='
        '"comment_author">Soumis par <span class="comment_author_name">{who}</span>, le lundi 1 mars 2004 à 1{hour}h10</div>'
        '<div class="comment_content"><p>{words}</p></div></div>')  # fmt: skip
    thread = page(f'<div id="comments"><h2>3 réactions</h2>{markup}{FORM}</div>', language="fr")
    assert [(c.author and c.author.name, c.body) for c in thread.comments] == list(zip(PEOPLE, WORDS, strict=True))
    assert {f"{c.created:%Y-%m-%d}" for c in thread.comments if c.created} == {"2004-03-01"}


ODD = '<section class="talk"><div class="q1"><u>Ada</u><div>Boil it twice, I always do.</div></div></section>'


@pytest.mark.parametrize("form", [FORM, '<form class="comment-form"><textarea></textarea></form>',
                                  '<form action="/x"><textarea name="comment"></textarea></form>', '<div id="comments"></div>'])  # fmt: skip
def test_a_place_for_comments_in_markup_that_nobody_knows_is_no_quiet_thread(form: str) -> None:
    with pytest.raises(
        Unreadable, match=r"^tea\.html: the page has a form for comments, and no comment was found\. Name"
    ):
        page(ODD + form)


@pytest.mark.parametrize(
    "words",
    ["<p>No comments yet.</p>", "<h3>0 Comments</h3>", "<p>Be the first to comment!</p>", "<p>Noch keine Kommentare</p>",
     '<ul class="comment-list"></ul>', '<div id="respond" class="comment-respond"></div>', "<p>Comments are closed.</p>"],
)  # fmt: skip
def test_a_page_that_says_that_nobody_commented_is_quiet(words: str) -> None:
    thread = page(f'<div id="comments">{words}{FORM}</div>')
    assert (len(thread.comments), thread.complete) == (0, True)


LISTED = '<div id="comments">{head}' + each(
    '<div class="comment" id="c{n}"><b class="author">{who}</b> <time datetime="2004-03-01">x</time><p>{words}</p></div>'
) + "{foot}</div>"  # fmt: skip


@pytest.mark.parametrize(
    ("head", "foot", "count"),
    [("<p>Showing 3 of 1,333 comments</p>", "", 1333), ('<h3 class="comments-title">3 of 1,333</h3>', "", 1333),
     ("", "<p><span>3</span> von <b>120</b> Kommentaren</p>".replace("Kommentaren", "Kommentare"), 120),
     ('<h3 class="comments-title">20 Comments</h3>', "", 20), ("", '<a href="#">Load more comments</a>', None),
     ("", '<button><span>Show 17 more replies</span></button>', None)],
)  # fmt: skip
def test_a_page_that_shows_fewer_comments_than_it_counts_is_incomplete(head: str, foot: str, count: int | None) -> None:
    thread = page(LISTED.replace("{head}", head).replace("{foot}", foot))
    assert (len(thread.comments), thread.complete, thread.reported_count) == (3, False, count)
    assert thread.truncated_reason in (
        f"the page shows 3 of {count} comments",
        "the page shows one of several pages of comments",
    )


@pytest.mark.parametrize("head", ["", '<h3 class="comments-title">3 Comments</h3>', "<p>2 of 3 people liked this</p>"])
def test_a_page_that_shows_all_its_comments_is_complete(head: str) -> None:
    assert page(LISTED.replace("{head}", head).replace("{foot}", "")).complete


EMPTY = {
    "a container that is marked up as a comment":
        '<div itemscope itemtype="http://schema.org/UserComments"><h3>All comments</h3><ul></ul></div>',
    "a template of one": '<li class="comment even" id="comment-0" style="display:none"><div class="comment-body"></div></li>',
    "opinion pieces": each('<div class="comment"><h3><a href="/opinion/{n}">Tea is dead</a></h3><span class="author">{who}</span>'
                           '<time datetime="2004-03-01">March</time><p>{words}</p></div>'),
    "related stories": '<div class="related">' + each('<div class="comment-item"><h4><a href="/s/{n}">Tea</a></h4><span class='
                                                      '"comment-author">{who}</span> March 1, 2004<p>{words}</p></div>') + "</div>",
    "a sidebar of the latest comments": '<aside class="widget"><ul>' + each(
        '<li class="recentcomments"><span class="comment-author-link">{who}</span> on <a href="/x#comment-{n}">Tea</a> March 1, '
        "2004</li>") + "</ul></aside>",
}  # fmt: skip


@pytest.mark.parametrize("kind", EMPTY)
def test_what_only_looks_like_comments_is_none(kind: str) -> None:
    assert page(f'<div id="comments">{EMPTY[kind]}<p>No comments yet.</p></div>').comments == ()


def test_a_page_with_the_article_alone_is_an_error_that_says_what_to_do() -> None:
    with pytest.raises(Unreadable, match="has none of the markup that is known, and no comment was found"):
        page("<p>Nothing here.</p>")
