"""The XML that Disqus exports: all threads of a forum, then all posts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

from mkdocs_echo_plugin.model import State
from mkdocs_echo_plugin.sources.formats import decode, json_values
from mkdocs_echo_plugin.sources.raw import Author, Document, RawComment, RawThread

if TYPE_CHECKING:
    from lxml.etree import _Element

_ID = "{http://disqus.com/disqus-internals}id"
_MOST_DAMAGED = 10


@dataclass(frozen=True, slots=True)
class DisqusXml:
    """The adapter. No options."""

    name: ClassVar[str] = "disqus_xml"
    title: ClassVar[str] = "Disqus XML export"
    venue: ClassVar[str] = "Disqus"
    social: ClassVar[bool] = False
    needs: ClassVar[str] = "nothing"

    @classmethod
    def recognises(cls, document: Document) -> bool:
        """Names Disqus' namespace near its beginning."""
        return b"<disqus" in document.head and b"http://disqus.com" in document.head

    def read(self, document: Document) -> Iterator[RawThread]:
        """The threads that hold posts, in the export's order; posts of a thread that the file lacks come last.

        A post with broken tags is left out, and every thread then says that the file is not complete: nobody can know
        which thread it belonged to. A file that breaks off is `Unreadable`.
        """
        damaged: list[int] = []
        while True:
            try:
                threads, posts = _gather(document)
                break
            except decode.Malformed as error:
                data = _without_post(document.data, error)
                if data is None or len(damaged) == _MOST_DAMAGED:
                    raise
                damaged.append(error.line)
                document = replace(document, data=data)
        reason = None
        if damaged:
            reason = f"{len(damaged)} left out: line {', '.join(map(str, damaged))} of the export is damaged"
        for key in (*(k for k in threads if k in posts), *(k for k in posts if k not in threads)):
            thread = _thread(key, threads.get(key, {}), posts[key])
            yield replace(thread, complete=not damaged, truncated_reason=reason)


def _gather(document: Document) -> tuple[dict[str, dict[str, str]], dict[str, list[RawComment]]]:
    threads: dict[str, dict[str, str]] = {}
    posts: dict[str, list[RawComment]] = {}
    count = 0
    for element in decode.elements(document, "Disqus", root="disqus", level=1):
        kind = decode.local(element)
        if kind == "thread":
            threads[element.get(_ID) or ""] = _fields(element)
        elif kind == "post":
            count += 1
            where = _below(element, "thread")
            posts.setdefault(where, []).append(_comment(element, threads.get(where, {}), f"post-{count}"))
    return threads, posts


def _without_post(data: bytes, error: decode.Malformed) -> bytes | None:
    """The export without the post around an error, which becomes empty lines; None if that is in no whole post."""
    line = 0
    for _ in range(error.line - 1):
        line = data.find(b"\n", line) + 1
        if not line:
            return None
    place = line + error.column
    start = data.rfind(b"<post", 0, place)
    end = data.find(b"</post>", start) + len(b"</post>")
    if start < 0 or end < place or data.find(b"<post", start + 1, end) > 0:
        return None
    return data[:start] + b"\n" * data.count(b"\n", start, end) + data[end:]


def _thread(key: str, fields: dict[str, str], comments: list[RawComment]) -> RawThread:
    # the identifier is the site's own name for the page; some sites left it empty, some put the address there
    names = [name for name in (fields.get("id", ""), key) if name]
    return RawThread(
        platform="disqus",
        comments=tuple(comments),
        page_url=fields.get("link") or None,
        key=names[0] if names else None,
        title=fields.get("title", ""),
        locked=fields.get("isClosed") == "true",
        aliases=tuple(names[1:]),
    )


def _comment(post: _Element, thread: dict[str, str], number: str) -> RawComment:
    fields = _fields(post)
    login = fields.get("author/username") or None
    state: State = "visible"
    if fields.get("isDeleted") == "true" or thread.get("isDeleted") == "true":
        state = "deleted"
    elif fields.get("isSpam") == "true":
        state = "hidden"
    elif fields.get("isApproved") == "false":
        state = "pending"
    wrote_post = login is not None and login == thread.get("author/username")
    return RawComment(
        id=post.get(_ID) or fields.get("id") or number,
        body=fields.get("message", ""),
        author=Author(
            name=fields.get("author/name") or None,
            id=login,
            email=fields.get("author/email") or None,
            role="author" if wrote_post else "user" if login else "unknown",
        ),
        parent_id=_below(post, "parent") or None,
        created=json_values.when(fields.get("createdAt")),
        state=state,
    )


def _below(post: _Element, name: str) -> str:
    """The id that a post's <thread> or <parent> refers to."""
    return next((child.get(_ID) or "" for child in post if decode.local(child) == name), "")


def _fields(element: _Element) -> dict[str, str]:
    """The text of an element's children, and of its author's as "author/name"."""
    fields: dict[str, str] = {}
    for child in element:
        name = decode.local(child)
        if name == "author":
            fields |= {f"author/{decode.local(part)}": (part.text or "").strip() for part in child}
        elif name:
            fields[name] = (child.text or "").strip()
    return fields
