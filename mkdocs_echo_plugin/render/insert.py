"""Puts fragments into a page's content by slicing at found positions: no other character of it changes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mkdocs_echo_plugin.render import Fragments, RenderOptions

_MARKER = re.compile(r"<p>\s*<!-- *echo:badge *-->\s*</p>|<!-- *echo:badge *-->")
_TITLE_END = re.compile(r"</h1\s*>", re.IGNORECASE)
_CARD_TITLE_END = re.compile(r"</h[1-3]\s*>", re.IGNORECASE)


def into_content(content: str, fragments: Fragments, options: RenderOptions) -> str:
    """The content of a page with the badge and what stands at its end.

    The badge replaces the first `<!-- echo:badge -->`; without one it follows the first `</h1>`, stands at the top
    (position "title", no `</h1>` in the content: the theme prints the title itself), at the end, or nowhere. Prompt
    and policy follow the content, next to where themes put the comments.
    """
    badge, tail = fragments.badge + fragments.author, ""
    if marker := _MARKER.search(content):
        content = content[: marker.start()] + badge + _MARKER.sub("", content[marker.end() :])
    elif options.badge == "title":
        title = _TITLE_END.search(content)
        at = title.end() if title else 0
        content = content[:at] + _lines(badge) + content[at:]
    elif options.badge == "end":
        tail = badge
    return content + _lines(tail + fragments.prompt + fragments.policy)


def into_card(content: str, fragments: Fragments) -> str:
    """A post's excerpt in a list of posts, with the short badge under the excerpt's title, or at the top."""
    title = _CARD_TITLE_END.search(content)
    at = title.end() if title else 0
    return content[:at] + _lines(fragments.short) + content[at:]


def _lines(fragment: str) -> str:
    return f"\n{fragment}\n" if fragment else ""
