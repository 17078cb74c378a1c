"""A post from what its page says: its front matter, its title and its content as HTML.

Front matter is written by people: what is wrong with it comes back as a list of problems for the build log, and the
rest of the page is used all the same.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Mapping
from difflib import get_close_matches
from typing import Any

from mkdocs_echo_plugin.model import DISCUSSIONS, Discussion, OutsideVoice, Post

Wrong = Callable[[str, str], None]
ECHO_KEYS = ("threads", "key", "aliases", "prompt")
KNOWN = ", ".join(ECHO_KEYS)
_NO = frozenset(("false", "no", "off", "0", "none", "never", "closed", "disabled"))

# each stops at the next opening of its kind: a page of unclosed tags takes linear time
_INVISIBLE = re.compile(
    r"<!--(?:(?!<!--).)*?-->|<(script|style|svg|template|noscript|nav)\b(?:(?!<\1\b).)*?</\1\s*>",
    re.DOTALL | re.IGNORECASE,
)
_PERMALINK = re.compile(r'<a\b[^<>]*\bclass="headerlink"[^<>]*>[^<]*</a>')
_BLOCK_END = re.compile(r"</(?:p|h[1-6]|li|pre|blockquote|tr|dt|dd|div|figcaption)\s*>|<br\s*/?>|<hr\s*/?>", re.I)
_TAG = re.compile(r"<[^<>]*>")
_PARAGRAPH = re.compile(r"<p\b[^<>]*>((?:(?!<p\b).)*?)</p\s*>", re.DOTALL | re.IGNORECASE)


def post_of(
    meta: Mapping[str, Any],
    content: str,
    *,
    path: str,
    url: str = "",
    canonical_url: str | None = None,
    title: str = "",
    language: str = "en",
) -> tuple[Post, list[str]]:
    """A post from its front matter and its content as HTML, and what is wrong with its front matter, a line each.

    Args:
        meta: the front matter as YAML gives it.
        path: what the post is called in reports, and in these lines.
        title: text or HTML.
    """
    problems: list[str] = []

    def wrong(option: str, message: str) -> None:
        problems.append(f"{path}: front matter '{option}': {message}")

    if says_no(meta.get("comments")):
        wrong("comments", f"{meta['comments']!r} is a text, which themes take for yes. Write `comments: false`.")
    wish: Any = meta.get("echo")
    echo: dict[str, Any] = wish if isinstance(wish, dict) else {}
    if wish not in (None, True, False) and not isinstance(wish, dict):
        wrong("echo", "expected `false`, or a mapping with threads, key, aliases or prompt.")
    for option in echo:
        if option not in ECHO_KEYS:
            near = get_close_matches(str(option), ECHO_KEYS, n=1)
            wrong(f"echo.{option}", f"unknown. {f'Did you mean {near[0]}?' if near else f'Known: {KNOWN}.'}")

    def text(option: str, value: Any) -> str:
        if value is None or isinstance(value, str):
            return (value or "").strip()
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            return str(value)
        wrong(option, "expected a text.")
        return ""

    def texts(option: str, value: Any) -> tuple[str, ...]:
        values = value if isinstance(value, list) else [] if value is None else [value]
        return tuple(filter(None, (text(option, one) for one in values)))

    found = Post(
        path=path,
        url=url,
        canonical_url=canonical_url,
        title=untagged(title),
        description=text("description", meta.get("description")) or _first_paragraph(content),
        text=untagged(content),
        language=language,
        discussion=_discussion(meta.get("discussion"), wrong),
        threads=texts("echo.threads", echo.get("threads")),
        key=text("echo.key", echo.get("key")) or None,
        aliases=texts("echo.aliases", echo.get("aliases")) + texts("aliases", meta.get("aliases")),
        author_update=text("author_update", meta.get("author_update")),
        outside_voices=_outside_voices(meta.get("outside_voices"), wrong),
        prompt=text("echo.prompt", echo.get("prompt"))[:500],
        embeds=meta.get("comments") is True,
    )
    return found, problems


def wants_comments(meta: Mapping[str, Any]) -> bool | None:
    """What front matter says of `comments:`; None where it says nothing.

    Themes show comments for whatever is not empty, so an identifier or a mapping is a yes; a word that says no is one.
    """
    value = meta.get("comments")
    if value is None or value == "":
        return None
    return bool(value) and not says_no(value)


def says_no(value: Any) -> bool:
    """Whether a text says no, which YAML gives as a text where somebody has put it in quotes."""
    return isinstance(value, str) and value.strip().casefold() in _NO


def _discussion(value: Any, wrong: Wrong) -> Discussion:
    if value is False:
        return "off"  # YAML 1.1 reads a bare `off` as false
    for known in DISCUSSIONS:
        if value == known:
            return known
    if value is not None:
        wrong("discussion", f"{value!r} is no kind of discussion. Write one of {', '.join(DISCUSSIONS)}.")
    return "auto"


def _outside_voices(value: Any, wrong: Wrong) -> tuple[OutsideVoice, ...]:
    voices = []
    for one in value if isinstance(value, list) else [] if value is None else [value]:
        if isinstance(one, dict) and isinstance(one.get("from"), str) and isinstance(one.get("said"), str):
            voices.append(OutsideVoice(who=one["from"].strip(), said=one["said"].strip()))
        else:
            wrong("outside_voices", 'expected entries like {from: "a neighbour", said: "..."}.')
    return tuple(voices)


def language_of(meta: Mapping[str, Any], fallback: str) -> str:
    """The language that front matter names, as a tag like "pt-BR", else the fallback."""
    wishes = (meta.get("language"), meta.get("lang"), fallback)
    return next(str(wish).replace("_", "-") for wish in wishes if wish)


def _first_paragraph(content: str) -> str:
    return next((words for match in _PARAGRAPH.finditer(content) if (words := untagged(match[1]))), "")


def untagged(content: str) -> str:
    """The words of HTML that the site's own Markdown made: no tags, no scripts, a line a block."""
    if "<" in content:
        content = _TAG.sub("", _BLOCK_END.sub("\n", _PERMALINK.sub("", _INVISIBLE.sub(" ", content))))
    lines = (" ".join(line.split()) for line in html.unescape(content).split("\n"))
    return "\n".join(filter(None, lines))
