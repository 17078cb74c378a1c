"""A comment and what it answers, as the cross-encoder sees them: in training and in reading alike."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tokenizers import Tokenizer

    from mkdocs_echo_plugin.stance.reader import ToRead

MAX_TOKENS = 160
POST_TOKENS = 48
_CLS, _SEP = 101, 102
_CHARACTERS = 3000  # far more than MAX_TOKENS can hold, far less than a hostile comment


def _ends(items: Sequence[int], room: int) -> list[int]:
    """The first two thirds and the last third of what there is room for: a stance stands at either end."""
    if len(items) <= room:
        return list(items)
    tail = room // 3
    return [*items[: room - tail], *items[len(items) - tail :]]


def _clip(text: str) -> str:
    if len(text) > _CHARACTERS:
        text = f"{text[: _CHARACTERS // 2]} {text[-_CHARACTERS // 2 :]}"
    return text.encode("utf-8", "replace").decode("utf-8")  # the tokenizer refuses half a surrogate pair


def encode(tokenizer: Tokenizer, items: Sequence[ToRead]) -> list[tuple[list[int], int]]:
    """Token ids of [CLS] what is answered [SEP] comment [SEP], at most `MAX_TOKENS`, and where the comment begins.

    A reply stands after its parent, a comment on a post after "post : title . beginning", `POST_TOKENS` at most. What
    is too long loses its middle; a reply keeps at least five eighths of the room.
    """
    texts = [_clip(text) for item in items for text in (_answered(item), item.comment)]
    ids = [encoding.ids for encoding in tokenizer.encode_batch(texts, add_special_tokens=False)]
    out = []
    room = MAX_TOKENS - 3
    for item, before, comment in zip(items, ids[::2], ids[1::2], strict=True):
        if item.task == "top":
            before = before[:POST_TOKENS]
            comment = _ends(comment, room - len(before))
        else:
            comment = _ends(comment, max(room - len(before), room * 5 // 8))
            before = _ends(before, room - len(comment))
        out.append(([_CLS, *before, _SEP, *comment, _SEP], len(before) + 2))
    return out


def _answered(item: ToRead) -> str:
    return f"post : {item.title} . {item.post}" if item.parent is None else item.parent


def batches(lengths: Sequence[int], size: int) -> Iterator[list[int]]:
    """Indices in batches of like length, longest first, so that little of a batch is padding."""
    order = sorted(range(len(lengths)), key=lambda i: (-lengths[i], i))
    for start in range(0, len(order), size):
        yield order[start : start + size]
