"""Prints the comments under each post, as blogs with static comments do. The badge does not need it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from mkdocs_echo_plugin.errors import EchoError
from mkdocs_echo_plugin.sources.files import documents, read
from mkdocs_echo_plugin.sources.formats.markup import to_text
from mkdocs_echo_plugin.sources.raw import RawThread


def on_env(env: Any, config: Any, **_: Any) -> None:
    talks: dict[str, list[dict[str, Any]]] = {}
    for document in documents(Path(config.config_file_path).parent / "comments"):
        try:
            threads = list(read(document))
        except EchoError:  # one file is broken, so that the example has a post whose thread cannot be read
            continue
        for thread in threads:
            talks.setdefault(_slug(thread.page_url or thread.key or ""), []).extend(_in_order(thread))

    def comments_on(page: Any) -> list[dict[str, Any]]:
        names = [page.url, *page.meta.get("aliases", [])]
        return [comment for name in names for comment in talks.get(_slug(name), [])]

    env.globals["comments_on"] = comments_on


def _slug(address: str) -> str:
    return address.rstrip("/").rpartition("/")[2].removesuffix(".html")


def _in_order(thread: RawThread) -> list[dict[str, Any]]:
    """Visible comments, each reply under what it replies to."""
    known = {comment.id for comment in thread.comments}
    replies: dict[str | None, list[Any]] = {}
    for comment in thread.comments:
        replies.setdefault(comment.parent_id if comment.parent_id in known else None, []).append(comment)
    shown, waiting = [], [(comment, 0) for comment in reversed(replies.get(None, []))]
    while waiting:
        comment, depth = waiting.pop()
        waiting += [(reply, depth + 1) for reply in reversed(replies.get(comment.id, []))]
        if comment.state == "visible":
            shown.append(
                {
                    "id": (comment.url or "").partition("#")[2] or comment.id,
                    "who": comment.author.name if comment.author else "",
                    "when": comment.created,
                    "text": to_text(comment.body) if comment.markup == "html" else comment.body,
                    "depth": min(depth, 3),
                }
            )
    return shown
