"""What the golden pairs of platforms' exports do not show: what is refused, and how; and what stands far into a file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from mkdocs_echo_plugin.errors import Unreadable
from mkdocs_echo_plugin.sources import files, named
from mkdocs_echo_plugin.sources.raw import Document, RawThread

GOLDEN = Path(__file__).parents[2] / "golden"


def read(name: str, value: Any) -> list[RawThread]:
    data = value if isinstance(value, bytes) else json.dumps(value).encode()
    return list(named(name)().read(Document("x.json", data)))


def test_an_export_of_ghost_without_comments_says_where_they_are() -> None:
    dump = {"db": [{"meta": {"exported_on": 1, "version": "5"}, "data": {"posts": []}}]}
    with pytest.raises(Unreadable, match=r"no table `comments` in this export.*members/api/comments"):
        read("ghost", dump)


def test_a_channel_s_own_export_says_that_its_group_has_the_comments() -> None:
    with pytest.raises(Unreadable, match="Export the group where they are discussed"):
        read("telegram", {"name": "x", "type": "public_channel", "id": 1, "messages": []})


def test_all_chats_of_an_account_are_read() -> None:
    message = {
        "id": 1,
        "type": "message",
        "date": "2023-01-01T00:00:00",
        "from": "Ada",
        "from_id": "user1",
        "text": "No",
    }
    chats = [{"name": name, "type": "private_group", "id": 1, "messages": [message]} for name in "ab"]
    dump = {"about": "", "chats": {"about": "", "list": chats}}
    assert files.recognise(Document("x", json.dumps(dump).encode())) is named("telegram")
    assert [thread.key for thread in read("telegram", dump)] == ["a", "b"]


def test_comments_behind_a_long_list_of_formats_are_found() -> None:
    video = {"id": "v", "title": "x", "formats": [{"url": "https://x.example/" + "a" * 500}] * 300, "webpage_url": "u",
             "extractor_key": "BiliBili", "comments": [{"id": "1", "parent": "root", "text": "No", "author": "ada"}]}  # fmt: skip
    data = json.dumps(video).encode()
    assert files.recognise(Document("x", data)) is named("youtube")
    (thread,) = read("youtube", data)
    assert (thread.platform, [comment.id for comment in thread.comments]) == ("bilibili", ["1"])


def test_a_video_without_comments_is_nobody_s() -> None:
    video = {"id": "v", "title": '"comments": [{"id": 1}]', "formats": [], "webpage_url": "u"}
    assert files.recognise(Document("x", json.dumps(video).encode())) is None


def test_a_page_that_is_not_the_last_is_incomplete() -> None:
    page = {"kind": "youtube#commentThreadListResponse", "nextPageToken": "n", "items": [
        {"kind": "youtube#commentThread", "snippet": {"videoId": "v", "totalReplyCount": 0, "topLevelComment": {
            "id": "a", "snippet": {"textDisplay": "No", "videoId": "v"}}}}]}  # fmt: skip
    (thread,) = read("youtube", page)
    assert (thread.complete, thread.truncated_reason) == (False, "more pages were not sent")


def test_an_error_behind_the_first_of_several_values_has_its_line() -> None:
    with pytest.raises(Unreadable, match="line 3 is not valid JSON"):
        read("valine", b'{"objectId": "1", "comment": "x"}\n\n{"objectId": }')


def test_replies_that_substack_left_out_are_said() -> None:
    row = {
        "id": 1,
        "body": "No",
        "date": "2024-01-01T00:00:00Z",
        "ancestor_path": "",
        "children": [],
        "children_count": 2,
    }
    (thread,) = read("substack", {"comments": [row]})
    assert (thread.complete, thread.truncated_reason) == (False, "the replies to 1 comments were not sent")


def test_a_reddit_comment_whose_parent_the_file_lacks_is_said() -> None:
    row = {"id": "c2", "body": "No", "created_utc": 1, "link_id": "t3_x", "parent_id": "t1_c1", "subreddit": "b"}
    (thread,) = read("reddit", row)
    assert (thread.complete, thread.truncated_reason) == (False, "1 comments answer one that the file lacks")


def test_a_list_of_issues_of_the_rest_interface_says_that_the_comments_are_elsewhere() -> None:
    issue = {"number": 7, "title": "rye/", "comments": 3, "html_url": "https://github.com/o/r/issues/7",
             "comments_url": "https://api.github.com/x", "repository_url": "https://api.github.com/y"}  # fmt: skip
    found = read("github_issues", [issue, {**issue, "number": 8, "comments": 0}, {**issue, "pull_request": {}}])
    assert [(thread.complete, thread.truncated_reason) for thread in found] == [
        (False, "no comments in it"),
        (True, None),
    ]


def test_a_hundred_comments_of_gh_may_not_be_all() -> None:
    said = [
        {"id": f"IC_{n}", "author": {"login": "ada"}, "authorAssociation": "NONE", "body": "No"} for n in range(101)
    ]
    found = read("github_issues", [{"number": 7, "title": "a/", "comments": said[:n]} for n in (99, 100)])
    assert [thread.complete for thread in found] == [True, False]


def test_the_issues_of_a_graphql_answer_are_read() -> None:
    comment = {"id": "IC_1", "author": {"login": "ada"}, "authorAssociation": "NONE", "body": "No"}
    nodes = [{"number": 7, "title": "rye/", "url": "u", "comments": {"totalCount": 2, "nodes": [comment]}}]
    answer = {"data": {"repository": {"issues": {"nodes": nodes}}}}
    assert files.recognise(Document("x", json.dumps(answer).encode())) is named("github_issues")
    (thread,) = read("github_issues", answer)
    assert (len(thread.comments), thread.complete, thread.reported_count) == (1, False, 2)


def test_in_a_folder_a_text_file_is_read_only_where_it_is_an_export(tmp_path: Path) -> None:
    (tmp_path / "readme.txt").write_text("AUTHOR: me\nThese are the comments.\n")
    (tmp_path / "typepad.txt").write_bytes((GOLDEN / "movable_type/typepad.txt").read_bytes())
    (tmp_path / "feed.atom").write_bytes((GOLDEN / "blogger/takeout.atom").read_bytes())
    assert [Path(document.name).name for document in files.documents(tmp_path)] == ["feed.atom", "typepad.txt"]


def test_a_note_beside_one_comment_files_does_not_part_them(tmp_path: Path) -> None:
    for place in (1, 2):
        (tmp_path / f"{place}.yml").write_text(
            f"_id: u{place}\n_parent: /rye/\nname: Ada\nmessage: No\ndate: 2026-01-05\n"
        )
    (tmp_path / "notes.txt").write_text("mine\n")
    (document,) = files.documents(tmp_path)
    assert len(document.parts) == 2


def test_a_feed_s_system_is_not_taken_from_somebody_s_words() -> None:
    feed = (GOLDEN / "feed/wordpress.atom.xml").read_bytes().replace(b"http://wordpress.org/", b"http://other.example/")
    (thread,) = read("feed", feed.replace(b"Eight hours", b"wordpress.org, RSS for Node: eight hours"))
    assert thread.platform == "feed"
