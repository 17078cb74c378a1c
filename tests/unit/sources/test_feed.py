"""Feeds of comments."""

from __future__ import annotations

from datetime import UTC, datetime

from mkdocs_echo_plugin.sources.adapters.feed import Feed
from mkdocs_echo_plugin.sources.raw import Document

RSS = """<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
 xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>Comments on: Tea</title><link>https://blog.example/tea/</link>
<generator>https://wordpress.org/?v=6.1.9</generator>
<item><title>By: Bob</title><link>https://blog.example/tea/#comment-2</link><dc:creator><![CDATA[Bob]]></dc:creator>
<pubDate>Mon, 05 Jan 2026 15:31:00 +0000</pubDate><guid>https://blog.example/tea/#comment-2</guid>
<content:encoded><![CDATA[<p>In reply to <a href="https://blog.example/tea/#comment-1">Ada</a>.</p>
<p>Never.</p>]]></content:encoded></item>
<item><title>By: Ada</title><link>https://blog.example/tea/#comment-1</link><dc:creator>Ada</dc:creator>
<pubDate>Mon, 05 Jan 2026 15:30:00 +0000</pubDate><content:encoded><![CDATA[<p>Twice.</p>]]></content:encoded></item>
<item><link>https://blog.example/coffee/#comment-9</link><dc:creator>Cy</dc:creator><description>Black.</description></item>
</channel></rss>"""

ATOM = """<?xml version='1.0'?><feed xmlns="http://www.w3.org/2005/Atom" xmlns:thr="http://purl.org/syndication/thread/1.0">
<title>Comments for blog.example/tea/</title>
<entry><id>tag:x/1/2</id><updated>2026-01-05T15:31:00Z</updated><author><name>Bob</name></author>
<link href="https://blog.example/tea/#isso-2"/><content type="html">&lt;p&gt;Never.&lt;/p&gt;</content>
<thr:in-reply-to ref="tag:x/1/1" href="https://blog.example/tea/#isso-1"/></entry>
<entry><id>tag:x/1/1</id><updated>2026-01-05T15:30:00Z</updated><author><name/></author>
<link href="https://blog.example/tea/#isso-1"/><content type="html">Twice.</content></entry></feed>"""


def test_wordpress_feed_gives_each_page_its_comments_with_what_they_answer() -> None:
    document = Document("feed.xml", RSS.encode())
    assert Feed.recognises(document)
    tea, coffee = Feed().read(document)
    assert [(c.id, c.parent_id, c.author and c.author.name, c.body, c.parent_exact) for c in tea.comments] == [
        ("2", "1", "Bob", "<p>Never.</p>", True), ("1", None, "Ada", "<p>Twice.</p>", True),
    ]  # fmt: skip
    assert tea.comments[0].created == datetime(2026, 1, 5, 15, 31, tzinfo=UTC)
    assert (tea.platform, tea.page_url, tea.complete) == ("wordpress", "https://blog.example/tea/", False)
    assert (coffee.page_url, [c.body for c in coffee.comments]) == ("https://blog.example/coffee/", ["Black."])


def test_issos_feed_says_that_its_parents_are_not_sure() -> None:
    document = Document("feed.xml", ATOM.encode())
    assert Feed.recognises(document)
    (thread,) = Feed().read(document)
    assert thread.platform == "isso"
    assert [(c.id, c.parent_id, c.parent_exact, c.author and c.author.name) for c in thread.comments] == [
        ("2", "1", False, "Bob"), ("1", None, True, None),
    ]  # fmt: skip


def test_a_feed_of_posts_is_not_taken_for_comments() -> None:
    posts = RSS.replace("#comment-", "#post-")
    assert not Feed.recognises(Document("feed.xml", posts.encode()))
