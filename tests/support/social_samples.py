"""Small threads of our own words, as GitHub, Mastodon, Bluesky, Hacker News, Discourse and Reddit write them."""

# fmt: off

from __future__ import annotations

from typing import Any


def person(login: str | None, association: str = "NONE", kind: str = "User") -> dict[str, Any]:
    return {"author": {"login": login, "__typename": kind} if login else None, "authorAssociation": association}


def _page(nodes: list[Any], *, more: bool = False, total: int | None = None) -> dict[str, Any]:
    info = {"hasNextPage": more, "endCursor": "c1" if more else None}
    return {"totalCount": len(nodes) if total is None else total, "pageInfo": info, "nodes": nodes}


def remark(identity: str, body: str, login: str | None, minute: int, **more: Any) -> dict[str, Any]:
    """A DiscussionComment as GitHub's GraphQL gives it."""
    return {
        "id": identity, "url": f"https://github.com/o/r/discussions/7#discussioncomment-{identity}", "body": body,
        "createdAt": f"2026-01-05T12:{minute:02}:00Z", "lastEditedAt": None, "deletedAt": None, "isMinimized": False,
        "upvoteCount": 1, "reactions": {"nodes": []}, "reactionGroups": [], **person(login), **more,
    }


DISCUSSION: dict[str, Any] = {
    "number": 7, "title": "blog/bread/", "url": "https://github.com/o/r/discussions/7", "locked": False, "closed": False,
    "reactions": {"nodes": [{"content": "THUMBS_UP", "user": {"login": "Ada"}}]},
    "reactionGroups": [{"content": "THUMBS_UP", "reactors": {"totalCount": 3}}],
    "comments": _page([
        remark("A", "Rye needs *more* water.", "ada", 0, replies=_page([
            remark("B", "Not mine.", "bob", 5, replyTo={"id": "A"}),
            remark("C", "@bob which flour?", "owner", 6, replyTo={"id": "A"}, authorAssociation="OWNER"),
        ])),
        remark("D", "", None, 1, deletedAt="2026-01-06T00:00:00Z", replies=_page([])),
        remark("E", "Buy my flour", "shop", 2, isMinimized=True, replies=_page([])),
        remark("F", "Thanks for posting", "helper[bot]", 3, replies=_page([])),
    ]),
}

_REST_USER = {"login": "ada", "id": 1, "avatar_url": "https://example.org/a.png", "type": "User"}
_ISSUE = "https://api.github.com/repos/o/r/issues/12"
ISSUE_COMMENTS: list[dict[str, Any]] = [
    {"id": n, "html_url": f"https://github.com/o/r/issues/12#issuecomment-{n}", "issue_url": _ISSUE, "user": _REST_USER,
     "body": body, "created_at": f"2026-01-05T12:0{n}:00Z", "updated_at": "2026-01-06T00:00:00Z",
     "author_association": "COLLABORATOR", "reactions": {"+1": 2, "-1": 0, "total_count": 2}}
    for n, body in ((1, "Worked for me"), (2, "> Worked for me\n\nNot for me"))
]


def status(identity: str, parent: str | None, text: str, who: str = "2", **more: Any) -> dict[str, Any]:
    """A Mastodon status."""
    account = {"id": who, "acct": f"u{who}", "display_name": f"U {who}", "bot": False, "url": f"https://m.example/@u{who}"}
    return {
        "id": identity, "in_reply_to_id": parent, "in_reply_to_account_id": "1" if parent == "100" else "2",
        "account": account, "content": f"<p>{text}</p>", "created_at": "2026-01-05T12:00:00.000Z", "edited_at": None,
        "favourites_count": 2, "replies_count": 0, "reblogs_count": 0, "visibility": "public", "uri": "u", "url": "https://m.example/s",
        **more,
    }


CONTEXT: dict[str, Any] = {"ancestors": [], "descendants": [
    status("101", "100", "I disagree", replies_count=1),
    status("102", "101", "Why?", "1"),
    status("103", "100", "among ourselves", visibility="private"),
    status("104", "100", "beep", "3", account={"id": "3", "acct": "b", "bot": True, "url": "https://m.example/@b"}),
]}


def sky(key: str, did: str, text: str, replies: list[Any] | None, *, reported: int | None = None) -> dict[str, Any]:
    """A threadViewPost of Bluesky."""
    return {
        "$type": "app.bsky.feed.defs#threadViewPost",
        "post": {
            "uri": f"at://{did}/app.bsky.feed.post/{key}", "author": {"did": did, "handle": f"{did[-1]}.test"},
            "record": {"text": text, "createdAt": "2026-01-05T12:00:00.000Z"}, "likeCount": 1, "repostCount": 0,
            "replyCount": len(replies or []) if reported is None else reported,
        },
        "replies": replies or [],
    }


SKY: dict[str, Any] = {"thread": sky("r", "did:plc:a", "New post", [
    sky("1", "did:plc:b", "Hm, no", [sky("2", "did:plc:a", "Why not?", [])]),
    {"$type": "app.bsky.feed.defs#notFoundPost", "uri": "at://did:plc:c/app.bsky.feed.post/3", "notFound": True},
    {"$type": "app.bsky.feed.defs#blockedPost", "uri": "at://did:plc:d/app.bsky.feed.post/4", "blocked": True},
], reported=3)}


def item(identity: int, author: str | None, text: str | None, children: list[Any], **more: Any) -> dict[str, Any]:
    """An item of Algolia's Hacker News index."""
    return {"id": identity, "created_at": "2026-01-05T12:00:00.000Z", "created_at_i": 1767614400, "type": "comment",
            "author": author, "title": None, "url": None, "text": text, "points": None, "parent_id": 1, "story_id": 1,
            "children": children, "options": [], **more}


ITEM = item(1, "ada", None, [item(2, "bob", "<p>No.", [item(3, "ada", "Why?", [])]), item(4, None, None, [])],
            title="Show HN: Bread", url="https://blog.example/bread/", parent_id=None, type="story")


def topic_post(place: int, name: str, cooked: str, above: int | None = None, **more: Any) -> dict[str, Any]:
    """A post of a Discourse topic."""
    return {"id": 500 + place, "name": name.title(), "username": name, "created_at": "2026-01-05T12:00:00.000Z",
            "updated_at": "2026-01-05T12:30:00.000Z", "cooked": f"<p>{cooked}</p>", "post_number": place, "post_type": 1,
            "reply_to_post_number": above, "version": 1, "hidden": False, "user_deleted": False, "staff": False,
            "actions_summary": [{"id": 2, "count": 4}], **more}


TOPIC = {"post_stream": {"posts": [
    topic_post(1, "blog", "Read on"), topic_post(2, "ada", "No", 1), topic_post(3, "bob", "Why", 2, staff=True),
    topic_post(4, "cy", "(gone)", None, user_deleted=True), topic_post(5, "system", "closed this", None, post_type=3),
], "stream": [501, 502, 503, 504, 505]}, "id": 9, "title": "Bread", "slug": "bread", "posts_count": 5, "closed": False,
    "archived": False}


def reddit(identity: str, parent: str, author: str, body: str, replies: list[Any] | str = "", **more: Any) -> dict[str, Any]:
    """A comment in a Reddit listing."""
    inner = {"kind": "Listing", "data": {"children": replies}} if replies else ""
    return {"kind": "t1", "data": {"id": identity, "parent_id": parent, "author": author, "body": body, "replies": inner,
            "created_utc": 1767614400.0, "edited": False, "score": 5, "is_submitter": False, "distinguished": None,
            "permalink": f"/r/x/comments/s/_/{identity}/", **more}}


REDDIT = [
    {"kind": "Listing", "data": {"children": [{"kind": "t3", "data": {
        "id": "s", "title": "Bread", "num_comments": 9, "locked": False, "archived": False, "is_self": False,
        "url": "https://b.example/x/", "permalink": "/r/x/comments/s/bread/"}}]}},
    {"kind": "Listing", "data": {"children": [
        reddit("a", "t3_s", "ada", "No", [reddit("b", "t1_a", "bob", "Why?", is_submitter=True), {
            "kind": "more", "data": {"count": 3, "children": ["x"], "parent_id": "t1_a"}}]),
        reddit("c", "t3_s", "[deleted]", "[deleted]"), reddit("d", "t3_s", "eve", "[removed]"),
        reddit("e", "t3_s", "AutoModerator", "Rules"),
    ]}},
]
