"""A file is recognised by exactly one adapter, and a thread's address by its form alone."""

from __future__ import annotations

import json

import pytest
import yaml
from samples import OTHER_SHAPES, SAMPLES

from mkdocs_echo_plugin.sources import available, candidates, for_url, is_network, named
from mkdocs_echo_plugin.sources.raw import Document

EVERYTHING = [(name, document) for name, document in SAMPLES.items()] + list(OTHER_SHAPES.values())
THREADS = {
    "https://github.com/o/r/discussions/7": "giscus",
    "https://github.com/o/r.github.io/discussions/7#discussioncomment-1": "giscus",
    "https://github.com/o/r/issues/12": "github_issues",
    "https://github.com/o/r/issues/12#issuecomment-1": "github_issues",
    "https://mastodon.example/@me/1": "mastodon",
    "https://mastodon.example/@me@other.example/112233445566778899": "mastodon",
    "https://mastodon.example/users/me/statuses/112233445566778899": "mastodon",
    "https://mastodon.example/web/@me/112233445566778899": "mastodon",
    "https://bsky.app/profile/me.bsky.social/post/3n2yda7": "bluesky",
    "https://bsky.app/profile/did:plc:abc/post/3n2yda7?ref=x": "bluesky",
    "at://did:plc:abc/app.bsky.feed.post/3n2yda7": "bluesky",
    "https://news.ycombinator.com/item?id=1": "hackernews",
    "https://lobste.rs/s/ry3bre": "lobsters",
    "https://lobste.rs/s/ry3bre/rye_at_night#c_abc123": "lobsters",
    "https://lobste.rs/s/ry3bre.json": "lobsters",
    "https://forum.example.org/t/bread/57": "discourse",
    "https://forum.example.org/t/57/3": "discourse",
}
NO_THREADS = [
    "https://github.com/o/r", "https://github.com/o/r/pull/7", "https://github.com/o/r/discussions", "ftp://x/@me/1",
    "https://evil.example/?u=https://github.com/o/r/discussions/7", "https://example.org/@me", "javascript:alert(1)",
    "https://medium.com/@me/a-post-abc123", "https://bsky.app/profile/me.bsky.social", "https://example.org/blog/x/",
    "https://news.ycombinator.com/news", "https://lobste.rs/newest", "https://lobste.rs/s/", "https://lobste.rs/c/ab12cd", "https://github.com.evil.example/o/r/discussions/7", "", "comments/first.json",
    "https://me:secret@mastodon.example/@me/1", "https://example.org/t/", "https://github.com/o/r/discussions/7x",
]  # fmt: skip


@pytest.mark.parametrize(("name", "document"), EVERYTHING, ids=[f"{n}-{d.name}" for n, d in EVERYTHING])
def test_only_the_system_that_wrote_a_file_recognises_it(name: str, document: Document) -> None:
    assert candidates(document) == [name]


@pytest.mark.parametrize("junk", [b"", b"{}x", b"null", b"\x00\xff" * 3000, b"{" * 5000, b"hello: you"])
def test_nobody_recognises_what_nobody_wrote(junk: bytes) -> None:
    assert not [name for name, adapter in available().items() if adapter.recognises(Document("x", junk))]


@pytest.mark.parametrize(("url", "name"), THREADS.items())
def test_a_threads_address_is_known_by_its_form(url: str, name: str) -> None:
    hits = [one for one, adapter in available().items() if is_network(adapter) and adapter.from_url(url)]
    assert hits == [name]
    source = for_url(url)
    assert source is not None
    assert source.name == name


@pytest.mark.parametrize("url", NO_THREADS)
def test_an_address_that_names_no_thread_is_nobodys(url: str) -> None:
    assert for_url(url) is None


@pytest.mark.parametrize("name", [*sorted(SAMPLES), "utterances"])
def test_an_adapter_says_what_it_is_and_needs_no_option_to_read_a_file(name: str) -> None:
    adapter = named(name)
    assert adapter().name == name
    assert adapter.title
    assert adapter.needs


WORDS = ["Note to the user: nice post.", "See message: hi date: now _id: 3 name: x", "a, user: b, _id: c, message: d, date: e",
         "x\n_id: 1\ndate: 2\nmessage: 3", "| author: x", "\\\", \\\"_id\\\": 1, \\\"date\\\": 2, \\\"message\\\": 3",
         '", "_id": 1, "date": 2, "message": "', "My content: none", "{user: a, _id: 2, date: x, body: y}"]  # fmt: skip


@pytest.mark.parametrize("words", WORDS)
@pytest.mark.parametrize("form", ["yaml", "flow", "block", "json", "list"])
def test_no_words_of_a_comment_decide_what_a_file_is_taken_for(words: str, form: str) -> None:
    rows = [{"author": "Ann", "text": "I liked it."}, {"author": "Mallory", "text": words}]
    whole = {"comments": rows}
    dumped = {
        "yaml": yaml.safe_dump(whole, width=10_000),
        "flow": "comments:\n" + "".join(f"- {yaml.safe_dump(r, default_flow_style=True, width=10_000)}" for r in rows),
        "block": "comments:\n" + "".join(
            "  - author: x\n    text: |\n" + "".join(f"      {line}\n" for line in r["text"].split("\n")) for r in rows
        ),
        "json": json.dumps({"platform": "x", **whole}),
        "list": yaml.safe_dump(rows, sort_keys=False),
    }[form]  # fmt: skip
    name = "comments.json" if form == "json" else "comments.yml"
    document = Document(name, dumped.encode())
    assert candidates(document) == ["neutral"]
    (thread,) = named("neutral")().read(document)
    assert [comment.body.strip() for comment in thread.comments] == [r["text"].strip() for r in rows]
