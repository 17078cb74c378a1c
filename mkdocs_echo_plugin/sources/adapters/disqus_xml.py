"""The XML that Disqus exports: all threads of a forum, then all posts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

from mkdocs_echo_plugin.model import State
from mkdocs_echo_plugin.sources.formats import json_values, xml
from mkdocs_echo_plugin.sources.formats.xml_repairs import Grammar, Repairs
from mkdocs_echo_plugin.sources.raw import Author, Document, RawComment, RawThread

if TYPE_CHECKING:
    from lxml.etree import _Element

_GRAMMAR = Grammar(
    title="Disqus", root="disqus", level=1, elements=frozenset(("thread", "post")), inner=frozenset(("author",)),
    comment="post",
)  # fmt: skip


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

        Where a post is damaged or the file breaks off, every thread says that the file is not complete: nobody can
        know which thread the lost posts belonged to.
        """
        threads: dict[str, dict[str, str]] = {}
        posts: dict[str, list[RawComment]] = {}
        count = 0
        repairs = Repairs()
        for element in xml.elements(document, _GRAMMAR, repairs):
            if xml.local(element) == "thread":
                threads[xml.attribute(element, "id")] = _fields(element)
            else:
                count += 1
                where = _below(element, "thread")
                posts.setdefault(where, []).append(_comment(element, threads.get(where, {}), f"post-{count}"))
        reason = None
        if repairs.lost:
            reason = f"{len(repairs.lost)} left out: {repairs.lines()} of the export is damaged"
        elif repairs.breaks_off:
            reason = f"the export breaks off in line {repairs.breaks_off}"
        for key in (*(k for k in threads if k in posts), *(k for k in posts if k not in threads)):
            thread = _thread(key, threads.get(key, {}), posts[key])
            yield replace(thread, complete=reason is None, truncated_reason=reason)


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
        id=xml.attribute(post, "id") or fields.get("id") or number,
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
    return next((xml.attribute(child, "id") for child in post if xml.local(child) == name), "")


def _fields(element: _Element) -> dict[str, str]:
    """The text of an element's children, and of its author's as "author/name"."""
    fields: dict[str, str] = {}
    for child in element:
        name = xml.local(child)
        if name == "author":
            fields |= {f"author/{xml.local(part)}": (part.text or "").strip() for part in child}
        elif name:
            fields[name] = (child.text or "").strip()
    return fields
