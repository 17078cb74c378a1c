"""Telegram: `result.json` of Telegram Desktop's export of a chat, best the discussion group of a channel."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from mkdocs_echo_plugin.errors import Unreadable
from mkdocs_echo_plugin.model import Role
from mkdocs_echo_plugin.sources.formats.json_values import number, parse, rows, table, text, when
from mkdocs_echo_plugin.sources.formats.shape import fields
from mkdocs_echo_plugin.sources.raw import Author, Document, RawComment, RawReaction, RawThread

_SIGNS = {"\U0001f44d": "+1", "\U0001f44e": "-1", "❤": "heart", "❤️": "heart", "\U0001f389": "hooray"}
_MESSAGE = {"id", "type", "date"}


@dataclass(frozen=True)
class Telegram:
    """Files only. A post of the channel, as it stands in the group, is a thread; what answers it are its comments."""

    name: ClassVar[str] = "telegram"
    title: ClassVar[str] = "Telegram"
    social: ClassVar[bool] = True
    needs: ClassVar[str] = "nothing"

    @classmethod
    def recognises(cls, document: Document) -> bool:
        one = (
            fields(document).keys() >= {"type", "id", "messages"} and fields(document, "messages[]").keys() >= _MESSAGE
        )
        return one or fields(document, "chats.list[].messages[]").keys() >= _MESSAGE

    def read(self, document: Document) -> Iterable[RawThread]:
        dump = table(parse(document, "Telegram Desktop"))
        chats = rows(table(dump.get("chats")).get("list")) or [dump]
        if not any(isinstance(chat.get("messages"), list) for chat in chats):
            raise Unreadable(f"{document.name}: no `messages` in it. Export the chat from Telegram Desktop as JSON.")
        if [chat.get("type") for chat in chats] in (["public_channel"], ["private_channel"]):
            raise Unreadable(
                f"{document.name}: a channel's posts, without comments. Export the group where they are discussed."
            )
        return [thread for chat in chats for thread in _threads(chat)]


def _threads(chat: Mapping[str, Any]) -> list[RawThread]:
    messages = [row for row in rows(chat.get("messages")) if row.get("type") == "message" and text(row.get("id"))]
    posts = {str(text(row.get("id"))): row for row in messages if _is_post(row)}
    above: dict[str, str | None] = {}
    under: dict[str | None, list[RawComment]] = {}
    for row in messages:
        identity = str(text(row.get("id")))
        if identity in posts:
            continue
        # an answer to a message of another chat has a number that means nothing here
        parent = None if "reply_to_peer_id" in row else text(row.get("reply_to_message_id"))
        # a message always answers an older one, so whatever that belongs to is known
        root = parent if parent in posts else above.get(parent or "")
        above[identity] = root
        under.setdefault(root, []).append(_comment(row, identity, None if parent == root else parent))
    found = [_thread(chat, post, under[key]) for key, post in posts.items() if key in under]
    if None in under:  # said to nobody's post: a group's own talk
        found.append(_thread(chat, {}, under[None]))
    return found


def _is_post(row: Mapping[str, Any]) -> bool:
    """Whether a message is a channel's post, put into the group; an admin without a name is a "channel" too."""
    return str(row.get("from_id")).startswith("channel") and bool(row.get("forwarded_from") or row.get("saved_from"))


def _thread(chat: Mapping[str, Any], post: Mapping[str, Any], found: list[RawComment]) -> RawThread:
    words = _words(post.get("text"))
    return RawThread(
        platform="telegram",
        comments=tuple(found),
        # a channel of a blog gives the address of what it tells
        page_url=next((link for part in _parts(post) if (link := _link(part))), None),
        key=text(post.get("id")) or text(chat.get("name")) or text(chat.get("id")),
        title=(words.strip().splitlines() or [text(chat.get("name")) or ""])[0][:120],
    )


def _parts(row: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return rows(row.get("text")) + rows(row.get("text_entities"))


def _link(part: Mapping[str, Any]) -> str | None:
    at = text(part.get("href")) if part.get("type") == "text_link" else text(part.get("text"))
    return at if part.get("type") in ("link", "text_link") and at and at.startswith(("http://", "https://")) else None


def _words(value: Any) -> str:
    """A message's text, which is a string, or a list of strings and of marked-up parts."""
    parts = value if isinstance(value, list) else [value]
    return "".join(text(table(part).get("text")) or text(part) or "" for part in parts)


def _comment(row: Mapping[str, Any], identity: str, parent: str | None) -> RawComment:
    name, account = text(row.get("from")), text(row.get("from_id"))
    role: Role = "owner" if account and account.startswith("channel") else "user"
    return RawComment(
        identity,
        body=_words(row.get("text")) or text(row.get("sticker_emoji")) or "",
        markup="text",
        author=Author(name=name, id=account, role=role) if name else None,  # null for a deleted account
        parent_id=parent,
        # `date` is the clock of who exported, without a zone
        created=when(number(row.get("date_unixtime"))) or when(row.get("date")),
        edited=when(number(row.get("edited_unixtime"))) or when(row.get("edited")),
        reactions=tuple(_reactions(row)),
    )


def _reactions(row: Mapping[str, Any]) -> Iterable[RawReaction]:
    for given in rows(row.get("reactions")):
        count = number(given.get("count")) or 0
        if count > 0:
            yield RawReaction(_SIGNS.get(text(given.get("emoji")) or "", "other"), count=count)
