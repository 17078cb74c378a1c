"""What kind of post it is, whether it takes a position or asks: by form alone, until a trained reader is here."""

from __future__ import annotations

from mkdocs_echo_plugin.model import KindReading
from mkdocs_echo_plugin.thresholds import POSITION_UNREAD


def read(title: str, text: str, code_share: float | None = None) -> KindReading:
    """The kind of a post from its title and text; the usual shares where there is nothing to tell by.

    A post asks where its title is a question and its text either is hardly longer than that or ends with one, too.
    """
    del code_share
    body = " ".join(text[:20_000].split())
    brief = len(body.split()) < 60
    asks = title.rstrip().endswith("?") and (brief or body.endswith("?"))
    p = 0.9 if asks else 0.05
    rest = 1 - p
    position = 0.05 if asks else POSITION_UNREAD
    return KindReading(
        p_position=position,
        p_question=p,
        kinds={"question": p, "opinion": min(position, rest), "howto": max(rest - position, 0.0)},
    )
