"""A pair of texts as the cross-encoder sees it; training and reading share it, so that they cannot drift apart."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tokenizers import Tokenizer

MAX_TOKENS = 160
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


def encode(tokenizer: Tokenizer, pairs: Sequence[tuple[str, str]]) -> list[tuple[list[int], int]]:
    """Token ids of [CLS] parent [SEP] reply [SEP], at most `MAX_TOKENS`, and where the reply begins.

    A pair that is too long loses the middle of its texts; the reply keeps at least five eighths of the room.
    """
    texts = [_clip(text) for pair in pairs for text in pair]
    ids = [encoding.ids for encoding in tokenizer.encode_batch(texts, add_special_tokens=False)]
    out = []
    room = MAX_TOKENS - 3
    for parent, reply in zip(ids[::2], ids[1::2], strict=True):
        reply = _ends(reply, max(room - len(parent), room * 5 // 8))
        parent = _ends(parent, room - len(reply))
        out.append(([_CLS, *parent, _SEP, *reply, _SEP], len(parent) + 2))
    return out


def batches(lengths: Sequence[int], size: int) -> Iterator[list[int]]:
    """Indices in batches of like length, longest first, so that little of a batch is padding."""
    order = sorted(range(len(lengths)), key=lambda i: (-lengths[i], i))
    for start in range(0, len(order), size):
        yield order[start : start + size]
