"""XML exports of Disqus and WordPress."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from mkdocs_echo_plugin.errors import Unreadable
from mkdocs_echo_plugin.sources.adapters.disqus_xml import DisqusXml
from mkdocs_echo_plugin.sources.adapters.wxr import Wxr
from mkdocs_echo_plugin.sources.anonymise import Anonymiser
from mkdocs_echo_plugin.sources.raw import Document, RawThread

DISQUS = """\
<?xml version="1.0" encoding="utf-8"?>
<disqus xmlns="http://disqus.com" xmlns:dsq="http://disqus.com/disqus-internals">
<thread dsq:id="10"><id>tea-post</id><link>https://old.example/tea/</link><title>Tea &amp; time</title>
 <author><name>Tess</name><username>tess</username></author>
 <isClosed>true</isClosed><isDeleted>false</isDeleted></thread>
<thread dsq:id="20"><id/><link>https://old.example/empty/</link></thread>
<post dsq:id="1"><message><![CDATA[<p>First &amp; best</p>]]></message><createdAt>2013-10-10T19:20:29Z</createdAt>
 <isDeleted>false</isDeleted><isSpam>false</isSpam>
 <author><name>Ada</name><email>ada@example.org</email><isAnonymous>true</isAnonymous></author>
 <ipAddress>203.0.113.9</ipAddress><thread dsq:id="10"/></post>
<post dsq:id="2"><message>reply</message><author><name>Tess</name><username>tess</username></author>
 <thread dsq:id="10"/><parent dsq:id="1"/></post>
<post dsq:id="3"><message/><isDeleted>true</isDeleted><author><name>Bob</name></author><thread dsq:id="10"/></post>
<post dsq:id="4"><message>buy</message><isSpam>true</isSpam><thread dsq:id="10"/></post>
<post><id>77</id><message>no id, lost thread</message><author><name>Cy</name></author><thread dsq:id="99"/></post>
</disqus>
"""

WXR = """\
<?xml version="1.0" encoding="UTF-8"?>
<!-- generator="WordPress" -->
<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:wp="http://wordpress.org/export/1.2/"><channel>
<wp:author><wp:author_id>1</wp:author_id><wp:author_login><![CDATA[tess]]></wp:author_login></wp:author>
<wp:author><wp:author_id>2</wp:author_id><wp:author_login><![CDATA[uma]]></wp:author_login></wp:author>
<item><title>Tea</title><link>https://old.example/tea/</link><dc:creator>tess</dc:creator><wp:post_id>18</wp:post_id>
<wp:post_name>tea</wp:post_name><wp:comment_status>closed</wp:comment_status>
{comments}
</item>
<item><title>Nobody</title><link>https://old.example/nobody/</link></item>
</channel></rss>
"""


def remark(number: int, text: str, **fields: str) -> str:
    """A comment of a WordPress export."""
    given = {"author": "Ada", "author_email": "ada@example.org", "author_IP": "203.0.113.9", "author_url": "",
             "approved": "1", "type": "", "parent": "0", "user_id": "0", "date_gmt": f"2014-01-14 17:00:{number:02}",
             **fields}  # fmt: skip
    inside = "".join(f"<wp:comment_{k}><![CDATA[{v}]]></wp:comment_{k}>" for k, v in given.items())
    body = f"<wp:comment_content><![CDATA[{text}]]></wp:comment_content>"
    return f"<wp:comment><wp:comment_id>{number}</wp:comment_id>{inside}{body}</wp:comment>"


def disqus(words: str) -> list[RawThread]:
    return list(DisqusXml().read(Document("disqus.xml", words.encode())))


def wxr(*comments: str) -> RawThread:
    (thread,) = Wxr().read(Document("site.xml", WXR.format(comments="\n".join(comments)).encode()))
    return thread


def test_a_disqus_export_gives_each_thread_its_posts_and_the_lost_ones_last() -> None:
    tea, lost = disqus(DISQUS)
    assert (tea.key, tea.page_url, tea.title, tea.locked, tea.aliases) == (
        "tea-post", "https://old.example/tea/", "Tea & time", True, ("10",),
    )  # fmt: skip
    assert [(c.id, c.parent_id, c.state) for c in tea.comments] == [
        ("1", None, "visible"), ("2", "1", "visible"), ("3", None, "deleted"), ("4", None, "hidden"),
    ]  # fmt: skip
    assert tea.comments[0].created == datetime(2013, 10, 10, 19, 20, 29, tzinfo=UTC)
    assert [c.author and c.author.role for c in tea.comments] == ["unknown", "author", "unknown", "unknown"]
    assert (lost.key, lost.page_url, [c.id for c in lost.comments]) == ("99", None, ["77"])
    assert tea.complete


def test_no_address_of_a_person_or_machine_passes_the_door() -> None:
    kept = repr([Anonymiser(b"key").to_thread(t) for t in disqus(DISQUS)]) + repr(
        Anonymiser(b"key").to_thread(wxr(remark(1, "hi")))
    )
    assert "example.org" not in kept
    assert "203.0.113" not in kept


def test_a_post_without_an_end_is_left_out_and_said() -> None:
    damaged = DISQUS.replace("reply</message>", "reply")
    tea, lost = disqus(damaged)
    assert [c.id for c in tea.comments] == ["1", "3", "4"]
    assert (tea.complete, tea.truncated_reason) == (False, "1 left out: line 11 of the export is damaged")
    assert not lost.complete


def test_attributes_without_quotes_lose_nothing() -> None:
    tea, lost = disqus(DISQUS.replace('<thread dsq:id="99"/>', "<thread dsq:id=99/>"))
    assert (len(tea.comments), lost.key, tea.complete) == (4, "99", True)


def test_noise_around_the_xml_and_control_characters_in_it_do_no_harm() -> None:
    noisy = "`" + DISQUS.replace("First", "Fi\x08\x0brst")
    assert disqus(noisy)[0].comments[0].body == "<p>First &amp; best</p>"
    assert DisqusXml.recognises(Document("x", noisy.encode()))


def test_a_file_that_breaks_off_before_its_first_comment_is_an_error_with_its_line() -> None:
    with pytest.raises(Unreadable, match=r"^disqus\.xml: line 7 is not valid XML .*Disqus again\.$"):
        disqus(DISQUS[: DISQUS.index("<post")])


@pytest.mark.parametrize(("cut", "read"), [(DISQUS.index("reply</message>"), 1), (-20, 5)])
def test_what_stands_before_the_place_where_a_file_breaks_off_is_read(cut: int, read: int) -> None:
    words = DISQUS[:cut]
    document = Document("disqus.xml", words.encode())
    threads = list(DisqusXml().read(document))
    assert sum(len(thread.comments) for thread in threads) == read
    line = words.count("\n") + 1
    assert not any(thread.complete for thread in threads)
    (note,) = document.notes
    assert f"breaks off in line {line}" in note.text
    assert note.lost == "threads"


def test_a_message_holds_nobodys_words() -> None:
    cut = DISQUS.partition("best</p>")[0] + "secret words\n and more"
    document = Document("disqus.xml", cut.encode())
    with pytest.raises(Unreadable) as caught:
        list(DisqusXml().read(Document("disqus.xml", cut[:200].encode() + b"secret &words")))
    list(DisqusXml().read(document))
    for said in (str(caught.value), document.notes[0].text):
        assert "secret" not in said
        assert "\n" not in said


EXPANSION = '<!DOCTYPE d [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]>'
EXTERNAL = '<!DOCTYPE d [<!ENTITY c SYSTEM "file:///etc/passwd">]>'
REMOTE = '<!DOCTYPE d SYSTEM "http://127.0.0.1:9/evil.dtd">'


@pytest.mark.parametrize("doctype", [EXPANSION, EXTERNAL, REMOTE], ids=["expansion", "external", "remote"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities_are_refused(doctype: str, encoding: str) -> None:
    for adapter, body in ((DisqusXml, DISQUS), (Wxr, WXR.format(comments=remark(1, "x")))):
        head, _, rest = body.partition("\n")
        words = head.replace("utf-8", encoding).replace("UTF-8", encoding) + doctype + rest.replace("Tea", "&c;", 1)
        with pytest.raises(Unreadable, match="declares a document type"):
            list(adapter().read(Document("x.xml", words.encode(encoding))))


def test_another_xml_file_is_no_export() -> None:
    with pytest.raises(Unreadable, match="begins no export of Disqus"):
        disqus("<html></html>")
    with pytest.raises(Unreadable, match="begins no export of WordPress"):
        list(Wxr().read(Document("x.xml", DISQUS.encode())))


def test_xml_deeper_than_any_export_is_an_error_not_a_crash() -> None:
    with pytest.raises(Unreadable, match="depth"):
        disqus("<disqus>" + "<a>" * 100_000)


def test_a_wordpress_export_gives_a_thread_for_each_post_that_has_comments() -> None:
    thread = wxr(remark(1, "One"), remark(2, "Two", parent="1", author="Bob", author_email=""))
    assert (thread.key, thread.page_url, thread.title, thread.locked, thread.aliases) == (
        "tea", "https://old.example/tea/", "Tea", True, ("18",),
    )  # fmt: skip
    assert [(c.id, c.parent_id, c.body) for c in thread.comments] == [("1", None, "One"), ("2", "1", "Two")]
    assert thread.comments[0].url == "https://old.example/tea/#comment-1"
    assert thread.comments[0].created == datetime(2014, 1, 14, 17, 0, 1, tzinfo=UTC)


def test_held_spam_thrown_away_pinged_and_odd_comments_keep_their_state_and_kind() -> None:
    kinds = ["", "comment", "pingback", "trackback", "order_note"]
    states = ["1", "0", "spam", "trash", "post-trashed"]
    thread = wxr(*(remark(i, "x", type=k) for i, k in enumerate(kinds)), *(
        remark(10 + i, "x", approved=s) for i, s in enumerate(states)))  # fmt: skip
    assert [c.kind for c in thread.comments[:5]] == [None, None, "pingback", "pingback", None]
    assert [c.state for c in thread.comments[4:]] == ["hidden", "visible", "pending", "hidden", "deleted", "deleted"]


def test_roles_come_from_who_was_logged_in() -> None:
    users = {"1": "author", "2": "member", "7": "user", "0": "unknown"}
    thread = wxr(*(remark(int(u), "x", user_id=u) for u in users))
    assert [c.author and c.author.role for c in thread.comments] == list(users.values())


def test_the_same_person_is_one_voice_logged_in_or_not() -> None:
    thread = wxr(remark(1, "x", user_id="1"), remark(2, "y"), remark(3, "z", author_email="b@example.org"))
    keys = [c.author_key for c in Anonymiser(b"key").to_thread(thread).comments]
    assert keys[0] == keys[1] != keys[2]


def test_line_ends_of_stored_comments_are_paragraphs() -> None:
    assert wxr(remark(1, "One\ntwo\n\nthree <b>x</b>")).comments[0].body == "One\ntwo\n\nthree x"
    assert wxr(remark(1, "<p>One</p>\n<p>two<br />\nthree</p>")).comments[0].body == "One\n\ntwo\nthree"


def test_exports_are_told_apart_by_their_first_bytes() -> None:
    site = WXR.format(comments="").encode()
    assert (DisqusXml.recognises(Document("x", site)), Wxr.recognises(Document("x", site))) == (False, True)
    assert (DisqusXml.recognises(Document("x", DISQUS.encode())), Wxr.recognises(Document("x", DISQUS.encode()))) == (
        True, False,
    )  # fmt: skip


def test_a_table_of_more_rows_than_people_write_is_cut_and_says_so() -> None:
    from mkdocs_echo_plugin.limits import MAX_RECORDS
    from mkdocs_echo_plugin.sources.adapters.csv_file import CsvFile
    from mkdocs_echo_plugin.sources.raw import Document

    rows = "\n".join(f"{i},hello" for i in range(MAX_RECORDS + 5))
    (thread,) = CsvFile().read(Document("big.csv", f"id,text\n{rows}\n".encode()))
    assert len(thread.comments) == MAX_RECORDS
    assert not thread.complete
    assert thread.truncated_reason == f"only the first {MAX_RECORDS:,} lines were read"


def test_a_table_on_standard_input_is_recognised_by_its_header_alone() -> None:
    from mkdocs_echo_plugin.sources.adapters.csv_file import CsvFile
    from mkdocs_echo_plugin.sources.raw import Document

    assert CsvFile.recognises(Document("standard input", b"id,author,text\n1,Ann,yes\n"))
    assert not CsvFile.recognises(Document("standard input", b"text,author\nyes,Ann\n"))
    assert not CsvFile.recognises(Document("notes.txt", b"id,author,text\n1,Ann,yes\n"))
