"""Small threads of our own words, as each comment system writes them: one document a source."""

# fmt: off

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from typing import Any

from social_samples import CONTEXT, DISCUSSION, ISSUE_COMMENTS, ITEM, REDDIT, SKY, TOPIC, person, status

from mkdocs_echo_plugin.sources.raw import Document


def _json(name: str, value: Any) -> Document:
    return Document(name, json.dumps(value).encode())


def waline(identity: int, nick: str, text: str, pid: int | None, **more: Any) -> dict[str, Any]:
    """A comment of Waline's list."""
    return {"status": "approved", "comment": f"<p>{text}</p>", "link": "", "nick": nick, "pid": pid, "rid": pid and 1,
            "user_id": None, "like": 2, "objectId": identity, "avatar": f"https://a.example/avatar/{identity:032x}",
            "orig": text, "time": 1767614400000, **more}


WALINE = {"errno": 0, "errmsg": "", "data": {"page": 1, "totalPages": 1, "pageSize": 100, "count": 4, "data": [
    waline(1, "Ada", "Too sour", None, children=[waline(3, "Ada", "Ah", 2), waline(2, "Bob", "Less time", 1)]),
    waline(4, "Cy", "Held", None, status="waiting", children=[]),
]}}


def remark42(identity: str, pid: str, text: str, **more: Any) -> dict[str, Any]:
    """A comment of Remark42."""
    user = {"name": "Ada", "id": f"github_{identity}", "picture": "", "admin": False}
    return {"id": identity, "pid": pid, "text": text, "user": user, "locator": {"site": "s", "url": "https://b.example/x/"},
            "score": -1, "vote": 0, "time": "2026-01-05T12:00:00.123456789Z", **more}


_DELETED_USER = {"name": "deleted", "id": "deleted", "picture": "", "admin": False}
REMARKS = [remark42("a", "", "<p>No</p>"), remark42("b", "a", "", delete=True, user=_DELETED_USER), remark42("c", "b", "Oh")]

STATICMAN = Document("comments/bread", parts=(
    Document("comments/bread/c1.yml", b"_id: u1\n_parent: /blog/bread/\nname: Ada\nmessage: 'Rye, *please*'\ndate: '2026-01-05T12:00:00.000Z'\nemail: 28ae5bf8fa0cde12855e61ac303859cc\n"),
    Document("comments/bread/c2.yml", b"_id: u2\n_parent: /blog/bread/\nname: Bob\nmessage: No\ndate: 1767614460\nreplying_to: '1'\n"),
    Document("comments/bread/c3.yml", b"_id: u3\n_parent: /blog/bread/\nname: Cy\nmessage: Why\ndate: 1767614520\nreplying_to: '1'\n"),
    Document("comments/bread/c4.yml", b"_id: u4\n_parent: /blog/bread/\nname: Dee\nmessage: Hm\ndate: 1767614580000\nreplying_to_uid: u3\n"),
    Document("comments/bread/c5.json", b'{"_id": "u5", "_parent": "/blog/bread/", "name": "Eve", "message": "So", "date": "2026-01-05", "reply_to": "u4"}'),
    Document("comments/bread/c6.yml", b"_id: u6\n_parent: /blog/bread/\nname: Fay\nmessage: And\ndate: 2026-01-06\nreplyToId: gone\n"),
))

MENTIONS = {"type": "feed", "name": "Webmentions", "children": [
    {"type": "entry", "author": {"type": "card", "name": "Ada", "photo": "https://a.example/p.jpg", "url": "https://a.example"},
     "url": f"https://a.example/{n}", "published": published, "wm-received": "2026-01-06T00:00:00Z", "wm-id": n,
     "wm-target": f"https://b.example/x{slash}", "wm-property": kind, "wm-private": False, "content": content}
    for n, kind, slash, published, content in (
        (1, "in-reply-to", "/", "2026-01-05T13:00:00+01:00", {"html": "<p>No</p>", "text": "No"}),
        (2, "like-of", "", None, None), (3, "repost-of", "/", None, None), (4, "mention-of", "/", None, {"text": "See x"}),
        (5, "bookmark-of", "/", None, None),
    )
]}

MF2 = {"type": ["h-entry"], "properties": {"name": ["Bread"], "url": ["https://b.example/bread/"], "comment": [
    {"type": ["h-cite"], "properties": {"author": [{"type": ["h-card"], "properties": {"name": ["Ada"]}}], "content": ["No"],
     "url": ["https://a.example/1"], "published": ["2026-01-05T12:00:00Z"]}},
    {"type": ["h-cite"], "properties": {"content": [{"html": "<b>Yes</b>", "value": "Yes"}]}},
]}}


UTTERANCES = b"""{"id": "u1", "conversation_id": "u1", "text": "Rye?", "speaker": "ada", "meta": {"score": 2}, "reply-to": null, "timestamp": 1767614400, "vectors": []}
{"id": "u2", "conversation_id": "u1", "text": "No", "speaker": "bob", "meta": {}, "reply-to": "u1", "timestamp": "1767614460", "vectors": []}
{"id": "u3", "conversation_id": "u3", "text": "[deleted]", "speaker": "[deleted]", "meta": {}, "reply-to": null, "timestamp": null, "vectors": []}
"""

WORDPRESS_FLAT = {"bread": [
    {"author": "Ada", "date": "2026-01-05T12:00:00", "depth": depth, "content": f"<p>{n}</p>"}
    for n, depth in enumerate((0, 1, 2, 3, 4, 4, 1, 0))
]}

_ROOT, _HEX = "root", "ab" * 32
COMMENTO = {"version": 1, "comments": [
    {"commentHex": "c1", "domain": "b.example", "url": "/x/", "commenterHex": _HEX, "markdown": "No", "html": "",
     "parentHex": _ROOT, "score": 1, "state": "approved", "creationDate": "2026-01-05T12:00:00Z", "deleted": False},
    {"commentHex": "c2", "domain": "b.example", "url": "/x/", "commenterHex": "anonymous", "markdown": "Why", "html": "",
     "parentHex": "c1", "score": 0, "state": "unapproved", "creationDate": "2026-01-05T12:01:00Z", "deleted": False},
    {"commentHex": "c3", "domain": "b.example", "url": "/y/", "commenterHex": _HEX, "markdown": "[deleted]", "html": "",
     "parentHex": _ROOT, "score": 0, "state": "approved", "creationDate": "2026-01-05T12:02:00Z", "deleted": True},
], "commenters": [{"commenterHex": _HEX, "email": "ada@example.org", "name": "Ada", "link": "https://a.example",
                   "isModerator": True}]}
COMENTARIO = {"version": 3, "pages": [{"id": "p1", "domainId": "d", "path": "/x/", "title": "Bread"}], "comments": [
    {"id": "c1", "parentId": "00000000-0000-0000-0000-000000000000", "pageId": "p1", "markdown": "No", "html": "<p>No</p>",
     "score": 2, "isApproved": True, "isPending": False, "isDeleted": False, "createdTime": "2026-01-05T12:00:00.000Z",
     "userCreated": "m1"},
    {"id": "c2", "parentId": "c1", "pageId": "p1", "markdown": "Why", "html": "", "score": 0, "isApproved": False,
     "isPending": False, "isDeleted": False, "createdTime": "2026-01-05T12:01:00.000Z", "userCreated": "",
     "authorName": "Guest Bob"},
], "commenters": [{"id": "m1", "name": "Ada", "email": "ada@example.org", "isModerator": False}]}

DISQUS = {"cursor": {"hasNext": False, "next": "1:0:0"}, "code": 0, "response": [
    {"id": "11", "parent": None, "thread": "77", "author": {"name": "Ada", "id": "5", "url": ""}, "message": "<p>No</p>",
     "createdAt": "2026-01-05T12:00:00", "points": 1, "isDeleted": False, "isSpam": False, "isApproved": True},
    {"id": "12", "parent": 11, "thread": "77", "author": {"name": "Bob", "isAnonymous": True}, "message": "<p>Why</p>",
     "createdAt": "2026-01-05T12:01:00", "points": 0, "isDeleted": True, "isSpam": False, "isApproved": True},
]}


def twikoo(identity: str, text: str, pid: str | None, **more: Any) -> dict[str, Any]:
    """A comment of Twikoo."""
    return {"id": identity, "nick": "Ada", "mailMd5": f"{1:064x}", "link": "", "comment": f"<p>{text}</p>", "master": False,
            "like": 1, "ups": 3, "downs": 1, "rid": pid and "t1", "pid": pid, "created": 1767614400000,
            "updated": 1767614400000, "replies": [], **more}


TWIKOO = {"data": [twikoo("t1", "No", None, replies=[twikoo("t2", "Why", "t1"), twikoo("t3", "So", "t2", master=True)])],
          "more": False, "count": 1}


def artalk(identity: int, rid: int, text: str, **more: Any) -> dict[str, Any]:
    """A comment of Artalk."""
    return {"id": identity, "content": text, "content_marked": f"<p>{text}</p>", "user_id": 1, "nick": "Ada",
            "email_encrypted": f"{1:064x}", "link": "", "date": "2026-01-05 12:00:00", "is_collapsed": False,
            "is_pending": False, "rid": rid, "badge_name": "", "visible": True, "vote_up": 3, "vote_down": 1,
            "page_key": "/blog/bread/", "site_name": "B", **more}


ARTALK = {"comments": [artalk(1, 0, "No"), artalk(2, 1, "Why", badge_name="Admin"), artalk(3, 2, "So", is_pending=True)],
          "count": 3, "roots_count": 1, "page": {"id": 1, "key": "/blog/bread/"}}


def cusdis(identity: str, text: str, replies: list[Any], *, total: int | None = None, **more: Any) -> dict[str, Any]:
    """A comment of Cusdis with its first ten replies."""
    inner = {"data": replies, "commentCount": len(replies) if total is None else total, "pageSize": 10, "pageCount": 1}
    return {"id": identity, "createdAt": "2026-01-05T12:00:00.000Z", "content": text, "by_nickname": "Ada",
            "moderatorId": None, "page": {"slug": "/blog/bread/", "url": "https://b.example/blog/bread/", "title": "Bread"},
            "replies": inner, "parsedContent": f"<p>{text}</p>\n", **more}


CUSDIS = {"data": {"data": [cusdis("k1", "No", [cusdis("k2", "Why", [], moderatorId="m")], total=12)], "commentCount": 1,
                   "pageSize": 10, "pageCount": 1}}

ISSO_JSON = [{"id": "/blog/bread/", "title": "Bread+%26+butter", "comments": [
    {"email": "ada@example.org", "remote_addr": "192.0.2.1", "website": "", "created": "2026-01-05 12:00:00",
     "author": "Ada", "id": 0, "text": "No"},
    {"email": "", "remote_addr": "192.0.2.2", "website": "", "created": "2026-01-05 12:01:00", "author": "Bob", "id": 0,
     "text": "Yes"},
]}]


def isso_database() -> bytes:
    """A database with Isso's own schema (isso/db/comments.py, threads.py)."""
    with closing(sqlite3.connect(":memory:")) as base:
        base.executescript("""
            CREATE TABLE preferences (key VARCHAR PRIMARY KEY, value VARCHAR);
            CREATE TABLE threads (id INTEGER PRIMARY KEY, uri VARCHAR(256) UNIQUE, title VARCHAR(256));
            CREATE TABLE comments (tid REFERENCES threads(id), id INTEGER PRIMARY KEY, parent INTEGER,
                created FLOAT NOT NULL, modified FLOAT, mode INTEGER, remote_addr VARCHAR, text VARCHAR NOT NULL,
                author VARCHAR, email VARCHAR, website VARCHAR, likes INTEGER DEFAULT 0, dislikes INTEGER DEFAULT 0,
                voters BLOB NOT NULL, notification INTEGER DEFAULT 0);
            INSERT INTO threads VALUES (1, '/blog/bread/', 'Bread'), (2, '/blog/none/', 'None');
            INSERT INTO comments VALUES
                (1, 1, NULL, 1767614400.5, NULL, 1, '192.0.2.0', 'No *rye*', 'Ada', 'ada@example.org', NULL, 3, 1, x'00', 0),
                (1, 2, 1, 1767614460.0, 1767614470.0, 1, '192.0.2.0', 'Why', 'Bob', NULL, NULL, 0, 0, x'00', 0),
                (1, 3, 1, 1767614520.0, NULL, 2, '192.0.2.0', 'Held', NULL, NULL, NULL, 0, 0, x'00', 0),
                (1, 4, NULL, 1767614580.0, NULL, 4, '192.0.2.0', '', NULL, NULL, NULL, 0, 0, x'00', 0);
        """)
        base.commit()
        return base.serialize()


SAMPLES: dict[str, Document] = {
    "giscus": _json("discussion.json", {"data": {"repository": {"discussion": DISCUSSION}}}),
    "github_issues": _json("comments.json", ISSUE_COMMENTS),
    "mastodon": _json("context.json", CONTEXT),
    "bluesky": _json("thread.json", SKY),
    "hackernews": _json("item.json", ITEM),
    "waline": _json("list.json", WALINE),
    "remark42": _json("find.json", {"comments": REMARKS, "info": {"url": "https://b.example/x/", "count": 3}}),
    "staticman": STATICMAN,
    "webmention": _json("mentions.json", MENTIONS),
    "discourse": _json("topic.json", TOPIC),
    "reddit": _json("reddit.json", REDDIT),
    "convokit": Document("utterances.jsonl", UTTERANCES),
    "wordpress_flat": _json("comments.json", WORDPRESS_FLAT),
    "commento": _json("commento.json", COMMENTO),
    "isso_db": Document("comments.db", isso_database()),
    "isso_json": _json("generic.json", ISSO_JSON),
    "disqus": _json("listPosts.json", DISQUS),
    "twikoo": _json("comment_get.json", TWIKOO),
    "artalk": _json("artalk.json", ARTALK),
    "cusdis": _json("cusdis.json", CUSDIS),
}
_OTHER_BACKUP = b'{"version":1,"users":[],"posts":[{"url":"https://b.example/x/","read_only":true}]}\n'
OTHER_SHAPES: dict[str, tuple[str, Document]] = {
    "a GitHub issue of the command line": ("github_issues", _json("gh.json", {"number": 12, "title": "x", "comments": [
        {"id": "IC_1", **person("ada"), "body": "No", "createdAt": "2026-01-05T12:00:00Z", "isMinimized": False,
         "reactionGroups": [{"content": "HEART", "users": {"totalCount": 2}}], "url": "https://github.com/o/r/issues/12#1"},
    ]})),
    "a Remark42 tree": ("remark42", _json("tree.json", {"comments": [
        {"comment": REMARKS[0], "replies": [{"comment": REMARKS[1], "replies": [{"comment": REMARKS[2]}]}]}]})),
    "a Remark42 backup": ("remark42", Document("b.json", _OTHER_BACKUP + b"\n".join(json.dumps(r).encode() for r in REMARKS))),
    "Waline's recent comments": ("waline", _json("recent.json", {"errno": 0, "errmsg": "", "data": [
        waline(1, "Ada", "x", None, url="/a/"), waline(2, "Bob", "y", None, url="/b/")]})),
    "Comentario's export": ("commento", _json("comentario.json", COMENTARIO)),
    "microformats": ("webmention", _json("mf2.json", MF2)),
    "a Mastodon status": ("mastodon", _json("status.json", status("100", None, "New post", "1", replies_count=3))),
    "a Bluesky post that is gone": ("bluesky", _json("gone.json", {
        "error": "NotFound", "message": "Post not found: at://did:plc:a/app.bsky.feed.post/3"})),
}
