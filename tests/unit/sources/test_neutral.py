"""Neutral threads and tables: what people write by hand, and what `fetch` writes."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mkdocs_echo_plugin.errors import ConfigurationError, Unreadable
from mkdocs_echo_plugin.model import Comment, Reaction, Thread
from mkdocs_echo_plugin.serialize import thread_to_dict
from mkdocs_echo_plugin.sources import configured
from mkdocs_echo_plugin.sources.adapters.csv_file import CsvFile
from mkdocs_echo_plugin.sources.adapters.neutral import Neutral
from mkdocs_echo_plugin.sources.raw import Document, RawThread

TWO = [{"id": "a", "author": "Ada", "text": "One"}, {"id": "b", "parent": "a", "author": "Bob", "text": "Two"}]


def read(words: str | bytes, name: str = "comments/tea.json") -> list[RawThread]:
    return list(Neutral().read(Document(name, words.encode() if isinstance(words, str) else words)))


def shape(threads: list[RawThread]) -> list[list[tuple[str, str | None, str | None, str]]]:
    return [[(c.id, c.parent_id, c.author and c.author.name, c.body) for c in t.comments] for t in threads]


BOTH = [("a", None, "Ada", "One"), ("b", "a", "Bob", "Two")]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("t.json", json.dumps({"comments": TWO})),
        ("t.json", json.dumps([{"comments": TWO}])),
        ("t.json", json.dumps({"threads": [{"comments": TWO}]})),
        ("t.json", json.dumps(TWO)),
        ("t.jsonl", json.dumps({"comments": TWO}) + "\n\n"),
        ("t.jsonl", "\n".join(map(json.dumps, TWO))),
        ("t.yml", "comments:\n- {id: a, author: Ada, text: One}\n- id: b\n  parent: a\n  author: Bob\n  text: Two\n"),
        ("t.yaml", "- {id: a, author: Ada, text: One}\n- {id: b, reply_to: a, name: Bob, text: Two}\n"),
        ("t.yml", "id: a\nauthor: Ada\ntext: One\n---\nid: b\nparent_id: a\nauthor: Bob\nbody: Two\n"),
        ("t.json", json.dumps({"comments": [{**TWO[0], "replies": [{"id": "b", "author": "Bob", "text": "Two"}]}]})),
        ("t.json", "\ufeff" + json.dumps({"comments": TWO})),
    ],
    ids=["object", "list", "threads", "comments", "lines", "comment lines", "yaml", "yaml list", "yaml documents",
         "nested", "mark"],
)  # fmt: skip
def test_every_shape_gives_the_same_thread(name: str, words: str) -> None:
    assert shape(read(words, name)) == [BOTH]


def test_a_thread_without_address_is_named_by_its_file() -> None:
    assert read(json.dumps({"comments": TWO}))[0].key == "tea"
    assert read(json.dumps({"comments": TWO, "page_url": "/x/"}))[0].key is None
    assert read(json.dumps([{"comments": TWO, "key": "k"}, {"comments": []}]))[1].key is None


def test_hand_made_files_may_say_things_in_their_own_way() -> None:
    (thread,) = read(
        "platform: linkedin\npage: /blog/tea/\nlocked: yes\ncomments:\n"
        "- {text: Yes, likes: 3, stance: Agree, time: 14 Sep 2022 21:11, extra: ignored}\n"
        "- {id: 007, parent: 1, deleted: true}\n"
        "- {author: {name: Ada, url: 'https://ada.example/'}, role: author, message: Hm, date: 1409708937}\n",
        "tea.yml",
    )
    assert (thread.platform, thread.page_url, thread.locked) == ("linkedin", "/blog/tea/", True)
    one, two, three = thread.comments
    assert (one.id, one.declared, one.created) == ("1", "agree", datetime(2022, 9, 14, 21, 11, tzinfo=UTC))
    assert [(r.content, r.count) for r in one.reactions] == [("+1", 3)]
    assert (two.id, two.parent_id, two.state) == ("007", "1", "deleted")
    assert three.author is not None
    assert (three.author.name, three.author.website, three.author.role) == ("Ada", "https://ada.example/", "author")
    assert three.created == datetime(2014, 9, 3, 1, 48, 57, tzinfo=UTC)


def test_a_written_thread_is_read_with_every_field() -> None:
    when = datetime(2024, 5, 1, 12, tzinfo=UTC)
    comment = Comment(
        id="1", parent_id="0", parent_exact=False, author_key="k", author_role="owner", created=when, edited=when,
        text="> x\n\n`y`", url="https://x.example/#1", kind="reply", reactions=(Reaction("heart", "k", 1),), score=4,
        state="pending", declared="disagree",
    )  # fmt: skip
    thread = Thread(platform="p", source_url="https://s.example/", page_url="https://x.example/", key="k", title="T",
                    locked=True, complete=False, truncated_reason="cut", reported_count=9, open=True,
                    reactions=(Reaction("+1", None, 7),), comments=(comment,))  # fmt: skip
    words = json.dumps(thread_to_dict(thread, anonymise=False))
    assert Neutral.recognises(Document("x", words.encode()))
    (found,) = read(words)
    for name in ("platform", "source_url", "page_url", "key", "title", "locked", "complete", "truncated_reason",
                 "reported_count", "open"):  # fmt: skip
        assert getattr(found, name) == getattr(thread, name)
    (read_comment,) = found.comments
    for name in ("id", "parent_id", "parent_exact", "created", "edited", "url", "kind", "score", "state", "declared"):
        assert getattr(read_comment, name) == getattr(comment, name)
    assert (read_comment.body, read_comment.markup) == (comment.text, "text")
    assert read_comment.author is not None
    assert (read_comment.author.id, read_comment.author.role) == ("k", "owner")
    assert [(r.content, r.author and r.author.id, r.count) for r in read_comment.reactions] == [("heart", "k", 1)]


@pytest.mark.parametrize(
    ("name", "words", "message"),
    [
        ("t.json", '{"comments": [\n{"text": "x",}\n]}', "t.json: line 2 is not valid JSON"),
        ("t.json", '{"comments": [\n{"text": "x"},\n{"text": "y", "stance": "maybe"}\n]}', "t.json: line 3: 'stance'"),
        ("t.json", '{"comments":\n "none"}', "t.json: line 2: 'comments' has to be a list"),
        ("t.json", '{"comments": [\n{"text": "x"},\n 7]}', "t.json: line 3: a comment has to be an object"),
        ("t.json", '{"comments": [\n{"id": "x"}]}', "t.json: line 2: a comment has no 'text'"),
        ("t.json", '{"comments": [\n{"text":\n ["x"]}]}', "t.json: line 3: 'text' has to be one value"),
        ("t.json", '{"title": "x"}', "t.json: line 1: holds no thread"),
        ("t.jsonl", '{"comments": []}\n{"comments": [}\n', "t.jsonl: line 2 is not valid JSON"),
        ("t.jsonl", '{"comments": []}\n{"comments": [{"text": "x", "kind": "odd"}]}\n', "t.jsonl: line 2: 'kind'"),
        ("t.yml", "comments:\n- text: 'x\n", "t.yml: line 3 is not valid YAML"),
        ("t.yml", "comments:\n- text: x\n  state: lost\n", "t.yml: line 3: 'state'"),
        ("t.yml", "comments:\n- !!python/object/apply:os.system [echo]\n", "t.yml: line 2 is not valid YAML"),
        ("t.json", '{"comments": [{"text": ' + "9" * 5000 + "}]}", "t.json: a number in it has thousands of digits"),
    ],
)
def test_what_is_wrong_is_said_with_file_and_line(name: str, words: str, message: str) -> None:
    with pytest.raises(Unreadable) as caught:
        read(words, name)
    assert str(caught.value).startswith(message)
    assert "\n" not in str(caught.value)


def test_bytes_that_are_no_text_are_said_with_their_line() -> None:
    with pytest.raises(Unreadable, match=r"tea\.json: line 2 is not UTF-8"):
        read(b'{"comments":\n "\xff\xfe"}')


def test_a_chain_of_ten_thousand_nested_replies_is_read() -> None:
    depth = 10_000
    words = '{"comments":[' + '{"text":"x","replies":[' * depth + "]}" * depth + "]}"
    (thread,) = read(words)
    assert len(thread.comments) == depth
    assert thread.comments[-1].parent_id == str(depth - 1)


def test_yaml_that_multiplies_itself_is_refused_and_merges_merge_nothing() -> None:
    bomb = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
        f"{new}: &{new} [{', '.join([f'*{old}'] * 9)}]\n" for old, new in zip("abcdefgh", "bcdefghi", strict=True)
    )
    merges = "m: &m {x: 1}\n" + "".join(f"n{i}: &n{i} {{<<: [*m, *m, *m]}}\n" for i in range(50))
    with pytest.raises(Unreadable, match=r"bomb\.yml: line 5 .*aliases stand for more than 10,000 values"):
        read(bomb + "comments:\n- text: small\n", "bomb.yml")
    (thread,) = read(merges + "comments:\n- text: small\n", "bomb.yml")
    assert [c.body for c in thread.comments] == ["small"]


def test_other_systems_files_are_not_taken_for_neutral_ones() -> None:
    ours = [{"comments": TWO}, TWO, {"schema": "thread.v1", "comments": []}]
    theirs = [
        {"comments": [{"comment": {"id": "1", "text": "x"}}]},
        {"comments": [{"commentHex": "1", "text": "x"}]},
        [{"id": "/", "title": "t", "comments": [{"text": "x", "author": "y", "remote_addr": ""}]}],
        {"data": []},
        {"id": 1, "author": "Ada", "text": "x", "points": 3, "children": []},
        [{"id": 1, "author": "Ada", "text": "x", "uri": "/", "mode": 1}],
        [{"author": "Ada", "date": "2020", "depth": 1, "content": "x"}],
    ]
    assert [Neutral.recognises(Document("t.json", json.dumps(x).encode())) for x in ours] == [True] * 3
    assert not any(Neutral.recognises(Document("t.json", json.dumps(x).encode())) for x in theirs)
    assert Neutral.recognises(Document("t.yml", b"comments:\n- author: Ada\n  text: hi\n"))
    assert not Neutral.recognises(Document("t.yml", b"_id: 1\nmessage: hi\nname: Ada\n"))


letters = st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"])
words = st.text(alphabet=letters, min_size=1, max_size=30).map(str.strip)
comments = st.fixed_dictionaries(
    {"id": words.filter(bool), "text": words.filter(bool)},
    optional={"author": words, "stance": st.sampled_from(["agree", "neutral"]), "parent": words.filter(bool)},
)


@given(st.lists(comments, max_size=8))
def test_json_and_yaml_say_the_same(written: list[dict[str, str]]) -> None:
    as_json = json.dumps({"comments": written}, ensure_ascii=False)
    (a,), (b,) = read(as_json, "t.json"), read(as_json, "t.yml")
    assert [(c.id, c.body, c.parent_id, c.declared) for c in a.comments] == [
        (c.id, c.body, c.parent_id, c.declared) for c in b.comments
    ]


TABLE = 'id,parent,author,time,text,stance\n1,,Ada,2024-05-01T12:00Z,First,agree\n2,1,Bob,,"Second, with comma",\n'


def table(text: str | bytes, name: str = "blog/tea.csv") -> list[RawThread]:
    return list(CsvFile().read(Document(name, text.encode() if isinstance(text, str) else text)))


@pytest.mark.parametrize(
    "data",
    [
        TABLE.encode(),
        TABLE.encode("utf-8-sig"),
        TABLE.encode("utf-16"),
        TABLE.replace("\n", "\r\n").encode(),
        b"text;stance;AUTHOR ;Parent_ID;id;date\nFirst;Agree;Ada;;1;2024-05-01T12:00Z\nSecond, with comma;;Bob;1;2;\n",
        b"text\tstance\tauthor\tparent\tid\ttime\nFirst\tagree\tAda\t\t1\t2024-05-01T12:00Z\n\n"
        b"Second, with comma\t\tBob\t1\t2\t\n",
    ],
    ids=["plain", "mark", "utf-16", "crlf", "semicolons", "tabs"],
)
def test_every_dialect_of_a_table_gives_the_same_thread(data: bytes) -> None:
    assert CsvFile.recognises(Document("tea.csv", data))
    (thread,) = table(data)
    assert thread.key == "tea"
    assert [(c.id, c.parent_id, c.author and c.author.name, c.body, c.declared) for c in thread.comments] == [
        ("1", None, "Ada", "First", "agree"),
        ("2", "1", "Bob", "Second, with comma", None),
    ]
    assert thread.comments[0].created == datetime(2024, 5, 1, 12, tzinfo=UTC)


def test_a_table_may_have_likes_links_and_columns_of_its_own_and_lack_ids() -> None:
    (thread,) = table("author,text,likes,url,mood\nAda,One,3,https://x.example/#1,glad\n\n,Two,none,,\n")
    one, two = thread.comments
    assert (one.id, two.id, two.author) == ("1", "2", None)
    assert [(r.content, r.count) for r in one.reactions] == [("+1", 3)]
    assert (one.url, two.reactions) == ("https://x.example/#1", ())


def test_a_table_from_an_old_spreadsheet_keeps_its_umlauts() -> None:
    (thread,) = table("author;text\nJürgen;Größe\n".encode("cp1252"))
    assert thread.comments[0].body == "Größe"


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ("author,words\nAda,x\n", "tea.csv: line 1: no column is called 'text'"),
        ("id,text,stance\n1,a,agree\n2,b,perhaps\n", "tea.csv: line 3: stance has to be"),
        ("id,text\n1,a\n1,b\n", "tea.csv: line 3: id '1' stands in line 2 already"),
        ("", "tea.csv: line 1: no column"),
    ],
)
def test_a_wrong_table_is_said_with_its_line(data: str, message: str) -> None:
    with pytest.raises(Unreadable) as caught:
        table(data, "tea.csv")
    assert str(caught.value).startswith(message)


def test_only_tables_of_comments_are_recognised() -> None:
    assert not CsvFile.recognises(Document("urls.csv", b"old,new\n/a/,/b/\n"))
    assert not CsvFile.recognises(Document("notes.txt", TABLE.encode()))
    assert not CsvFile.recognises(Document("empty.csv", b""))


# tables as other programs write them


@pytest.mark.parametrize("page", ["cp1252", "mac_roman"])
def test_a_code_page_is_guessed_and_the_guess_is_said(page: str) -> None:
    document = Document("tea.csv", "author;text\nJürgen;Große Grüße, schöne Öfen\n".encode(page))
    (thread,) = CsvFile().read(document)
    assert thread.comments[0].body == "Große Grüße, schöne Öfen"
    (note,) = document.notes
    assert note.text.startswith(f"tea.csv: the text is not UTF-8 and was read as {page}, which is a guess.")


@pytest.mark.parametrize(
    ("page", "words"),
    [
        ("cp1250", "Łukasz;Gotować dwa razy, żeby było smaczniej, a nie raz"), ("cp1251", "Ада;Кипятить дважды, иначе невкусно"),
        ("koi8_r", "Ада;Кипятить дважды, иначе невкусно"), ("cp932", "太郎;二度沸かしてください、おいしいです"),
        ("gb18030", "小明;水要烧开两次,这样比较好喝"), ("cp1253", "Άννα;Βράσε το νερό δύο φορές, όχι μία"),
        ("cp1252", "Núñez;¿Qué pasa? ¡Así está bien, mañana más!"), ("cp1252", "Zoé;Déjà fait, ça marche très bien à l'été"),
    ],
)  # fmt: skip
def test_the_letters_of_many_scripts_come_through(page: str, words: str) -> None:
    (thread,) = table(f"author;text\n{words}\n".encode(page))
    comment = thread.comments[0]
    assert (comment.author and comment.author.name, comment.body) == tuple(words.split(";"))


def test_a_code_page_may_be_named_and_a_wrong_name_is_a_wrong_option() -> None:
    (thread,) = CsvFile(encoding="cp1254").read(Document("tea.csv", "author;text\nIşıl;Çayı\n".encode("cp1254")))
    assert thread.comments[0].body == "Çayı"
    with pytest.raises(ConfigurationError, match="sources: csv: unknown encoding: nonsense"):
        configured("csv", {"encoding": "nonsense"})
    with pytest.raises(Unreadable, match=r"tea\.csv: this is not text in 'ascii' \(byte 12\)"):
        list(CsvFile(encoding="ascii").read(Document("tea.csv", "author;text\nÇ;a\n".encode("cp1254"))))


def test_utf_16_that_lost_its_mark_is_read() -> None:
    for form in ("utf-16-le", "utf-16-be"):
        assert table("author;text\nJürgen;Große Grüße\n".encode(form))[0].comments[0].body == "Große Grüße"


@pytest.mark.parametrize(
    ("words", "body"),
    [
        ('text,id\n"He said \\"yes\\", twice",1\n', 'He said "yes", twice'),
        ('text,id\n"He said ""yes"", twice",1\n', 'He said "yes", twice'),
        ('text,id\n"C:\\",1\n', "C:\\"),
        ('text,id\n"one\ntwo",1\n', "one\ntwo"),
        ("'text','id'\n'It, too',1\n", "It, too"),
        ("sep=|\nid|text\n1|a;b,c\n", "a;b,c"),
        ("id^text\n1^a;b,c\n", "a;b,c"),
        ("id\ttext\n1\t5\" wide\n", '5" wide'),
    ],
)  # fmt: skip
def test_quotes_and_separators_are_read_as_their_program_meant_them(words: str, body: str) -> None:
    (thread,) = table(words)
    assert [comment.body for comment in thread.comments] == [body]


def test_a_column_of_pages_makes_a_thread_of_each() -> None:
    tea, coffee = table("page,id,text,open\n/tea/,1,One,yes\n/coffee/,1,Two,no\n/tea/,2,Three,\n")
    assert [(t.page_url, [c.body for c in t.comments], t.open) for t in (tea, coffee)] == [
        ("/tea/", ["One", "Three"], True), ("/coffee/", ["Two"], False),
    ]  # fmt: skip
