"""Puts fragments into a page's content by slicing at found positions: no other character of it changes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from mkdocs_echo_plugin.render.html_tokens import comments, heading_end

if TYPE_CHECKING:
    from mkdocs_echo_plugin.render import Fragments, RenderOptions

MARKER = re.compile(r"<!-- *echo:badge *-->")
_OPEN, _CLOSE = re.compile(r"<p>\s*\Z"), re.compile(r"\s*</p>")


def into_content(content: str, fragments: Fragments, options: RenderOptions) -> str:
    """The content of a page with the badge and what stands at its end.

    The badge replaces the first `<!-- echo:badge -->`; without one it follows the first first-level heading that a
    reader sees, stands at the top (position "title", no such heading: the theme prints the title itself), at the end,
    or nowhere. Prompt and policy follow the content, next to where themes put the comments.
    """
    badge, tail = fragments.badge + fragments.author, ""
    if markers := [_with_paragraph(content, marker.start, marker.end) for marker in comments(content, MARKER)]:
        for place, (start, end) in reversed(list(enumerate(markers))):
            content = content[:start] + (badge if place == 0 else "") + content[end:]
    elif options.badge == "title":
        at = heading_end(content, ("h1",)) or 0
        content = content[:at] + _lines(badge) + content[at:]
    elif options.badge == "end":
        tail = badge
    return content + _lines(tail + fragments.prompt + fragments.policy)


def into_card(content: str, fragments: Fragments) -> str:
    """A post's excerpt in a list of posts, with the short badge under the excerpt's title, or at the top."""
    at = heading_end(content, ("h1", "h2", "h3")) or 0
    return content[:at] + _lines(fragments.short) + content[at:]


def _with_paragraph(content: str, start: int, end: int) -> tuple[int, int]:
    """A marker's place, with the paragraph that Markdown puts around it."""
    opened, closed = _OPEN.search(content, max(0, start - 20), start), _CLOSE.match(content, end)
    return (opened.start(), closed.end()) if opened and closed else (start, end)


def _lines(fragment: str) -> str:
    return f"\n{fragment}\n" if fragment else ""
