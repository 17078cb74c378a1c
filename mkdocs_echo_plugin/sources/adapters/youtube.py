"""YouTube: what `yt-dlp --write-comments` and youtube-comment-downloader write, and answers of the Data API."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from mkdocs_echo_plugin.errors import Unreadable
from mkdocs_echo_plugin.model import State
from mkdocs_echo_plugin.sources.formats.json_values import number, records, rows, table, text, when
from mkdocs_echo_plugin.sources.formats.shape import fields
from mkdocs_echo_plugin.sources.raw import Author, Document, RawComment, RawThread

_KIND = re.compile(r"youtube#comment(?:Thread)?(?:ListResponse)?")
_COMMENTS = re.compile(rb'"comments"\s*:\s*\[\s*\{')
_DOWNLOADED = {"cid", "text", "author", "channel"}
_WRITTEN = {"id", "text", "parent", "author_is_uploader"}
_WATCH = "https://www.youtube.com/watch?v="


@dataclass(frozen=True)
class YouTube:
    """Files only: the API wants a key of one's own."""

    name: ClassVar[str] = "youtube"
    title: ClassVar[str] = "YouTube"
    social: ClassVar[bool] = True
    needs: ClassVar[str] = "nothing"

    @classmethod
    def recognises(cls, document: Document) -> bool:
        if any(_KIND.fullmatch(fields(document, place).get("kind", "")) for place in ("", "[]")):
            return True
        for place in ("", "[]", "comments[]"):
            row = fields(document, place).keys()
            if row >= _DOWNLOADED or row >= _WRITTEN:
                return True
        video = fields(document)
        if not {"id", "title"} <= video.keys() or not video.keys() & {"formats", "webpage_url", "thumbnails"}:
            return False
        # the list of formats is long: the comments stand behind it. Within a string the quotes would be escaped
        comment = fields(document, "comments[]")
        return comment.keys() >= {"id", "text", "parent"} or (not comment and bool(_COMMENTS.search(document.data)))

    def read(self, document: Document) -> Iterable[RawThread]:
        threads: list[RawThread] = []
        listed: list[Mapping[str, Any]] = []
        loose: list[RawComment] = []
        more = False
        for answer in records(document, "yt-dlp or the YouTube Data API"):
            alone = rows(answer.get("comments")) if "comments" in answer else [answer]
            if alone and all("cid" in row for row in alone):
                loose += [comment for row in alone if (comment := _downloaded(row))]
            elif "author_is_uploader" in answer:  # yt-dlp's list of comments without the video around it
                loose += [comment for row in alone if (comment := _remark(row))]
            elif isinstance(answer.get("comments"), list):
                threads.append(_video(answer))
            elif _KIND.fullmatch(str(answer.get("kind"))):
                items = rows(answer.get("items"))
                listed += items or [answer] * ("snippet" in answer)
                more = bool(answer.get("nextPageToken"))  # the last page has none
        if loose:  # one video a file, which is not named in it
            threads.append(RawThread(platform="youtube", comments=tuple(loose)))
        if not threads and not listed and document.data.strip() not in (b"[]", b""):
            raise Unreadable(
                f"{document.name}: no comments in it. Run yt-dlp --write-comments, or save commentThreads."
            )
        return [*threads, *_answered(listed, more)]


def _video(video: Mapping[str, Any]) -> RawThread:
    """What yt-dlp wrote; it writes comments of other sites in the same form."""
    found = tuple(comment for row in rows(video["comments"]) if (comment := _remark(row)))
    total = number(video.get("comment_count"))
    short = total is not None and total > len(found)
    system = text(video.get("extractor_key")) or text(video.get("extractor")) or "youtube"
    return RawThread(
        platform=system.partition(":")[0].lower(),
        comments=found,
        source_url=text(video.get("webpage_url")),
        key=text(video.get("id")) or text(video.get("video_id")),
        title=text(video.get("title")) or "",
        complete=not short,
        truncated_reason=f"{len(found)} of {total} comments were read" if short else None,
        reported_count=total,
    )


def _remark(row: Mapping[str, Any]) -> RawComment | None:
    identity, parent = text(row.get("id")), text(row.get("parent"))
    if identity is None:
        return None
    name, account = text(row.get("author")), text(row.get("author_id"))
    return RawComment(
        identity,
        body=text(row.get("text")) or text(row.get("html")) or "",
        markup="text" if row.get("text") else "html",
        author=Author(name=name, id=account or name, role="author" if row.get("author_is_uploader") is True else "user")
        if account or name
        else None,
        parent_id=None if parent == "root" else parent,
        parent_exact=parent == "root" or parent is None,  # YouTube has two levels: a reply to a reply stands beside it
        created=when(
            row.get("timestamp")
        ),  # reckoned by yt-dlp from "2 years ago": good for the order, not for the day
        score=number(row.get("like_count")),
    )


def _downloaded(row: Mapping[str, Any]) -> RawComment | None:
    """A comment as youtube-comment-downloader writes it: a line each, the id of a reply begins with its comment's."""
    identity, name, account = text(row.get("cid")), text(row.get("author")), text(row.get("channel"))
    if identity is None:
        return None
    above = identity.partition(".")[0]
    return RawComment(
        identity,
        body=text(row.get("text")) or "",
        markup="text",
        author=Author(name=name, id=account or name) if account or name else None,
        parent_id=above if above != identity else None,
        parent_exact=above == identity,
        created=when(row.get("time_parsed")),
        score=number(row.get("votes")),
    )


def _answered(listed: Iterable[Mapping[str, Any]], more: bool) -> list[RawThread]:
    by_video: dict[str | None, dict[str, RawComment]] = {}
    missing: dict[str | None, int] = {}
    last: str | None = None
    for item in listed:
        snippet = table(item.get("snippet"))
        top = table(snippet.get("topLevelComment"))
        every = [top, *rows(table(item.get("replies")).get("comments"))] if top else [item]
        video = text(snippet.get("videoId")) or text(table(every[0].get("snippet")).get("videoId")) or last
        last = video
        # a thread comes with five of its replies at most; the others have to be asked for by the comment's id
        missing[video] = missing.get(video, 0) + max(0, (number(snippet.get("totalReplyCount")) or 0) - len(every) + 1)
        for row in every:
            if comment := _comment(row):
                if top and row is not top and comment.id in by_video.get(video, {}):
                    continue
                by_video.setdefault(video, {})[comment.id] = comment
        if not top:
            missing[video] -= 1  # a reply that was asked for
    return [
        RawThread(
            platform="youtube",
            comments=tuple(found.values()),
            source_url=_WATCH + video if video else None,
            key=video,
            complete=not more and missing.get(video, 0) <= 0,
            truncated_reason="more pages were not sent"
            if more
            else f"{missing[video]} replies were not sent"
            if missing.get(video, 0) > 0
            else None,
        )
        for video, found in by_video.items()
    ]


def _comment(row: Mapping[str, Any]) -> RawComment | None:
    identity, said = text(row.get("id")), table(row.get("snippet"))
    if identity is None or not said:
        return None
    account = text(table(said.get("authorChannelId")).get("value"))
    name = text(said.get("authorDisplayName"))
    created, edited = when(said.get("publishedAt")), when(said.get("updatedAt"))
    held: State = "pending" if said.get("moderationStatus") in ("heldForReview", "likelySpam") else "visible"
    plain = text(said.get("textOriginal"))
    return RawComment(
        identity,
        body=plain or text(said.get("textDisplay")) or "",  # textOriginal is sent with some requests only
        markup="text" if plain else "html",
        author=Author(
            name=name,
            id=account or name,
            role="author" if account and account == text(said.get("channelId")) else "user",
        )
        if account or name
        else None,
        parent_id=text(said.get("parentId")),
        parent_exact=said.get("parentId") is None,
        created=created,
        edited=edited if edited != created else None,
        score=number(said.get("likeCount")),
        state="hidden" if said.get("moderationStatus") == "rejected" else held,
    )
