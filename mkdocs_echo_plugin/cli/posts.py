"""The post that is commented on, from a file: Markdown with front matter, HTML, or text."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from mkdocs_echo_plugin.errors import ConfigurationError
from mkdocs_echo_plugin.limits import MAX_POST_BYTES
from mkdocs_echo_plugin.model import Post

if TYPE_CHECKING:
    from bs4 import BeautifulSoup

_NOT_THE_POST: Final = (
    "script, style, template, noscript, nav, .comments-area, .comment-list, .commentlist, #comments, #disqus_thread"
)


def read_post(given: str) -> Post:
    """A post from a file, read as a build reads it: title, description or first paragraph, text, front matter.

    Raises:
        ConfigurationError: the file cannot be read, or is neither text nor of bearable size.
    """
    try:
        data = Path(given).read_bytes()
    except OSError as error:
        raise ConfigurationError(f"--post {given}: {error.strerror or error}.") from error
    if len(data) > MAX_POST_BYTES:
        raise ConfigurationError(f"--post {given}: larger than {MAX_POST_BYTES:,} bytes.")
    suffix = Path(given).suffix.lower()
    if suffix in (".html", ".htm") or (suffix not in (".md", ".markdown", ".txt") and data.lstrip()[:1] == b"<"):
        return _from_html(given, data)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ConfigurationError(f"--post {given}: not UTF-8 text (byte {error.start}).") from error
    return _from_text(given, text) if suffix == ".txt" else _from_markdown(given, text)


def _from_markdown(given: str, source: str) -> Post:
    import markdown  # type: ignore[import-untyped]  # it has no types
    from mkdocs.utils.meta import get_data

    words, meta = get_data(source)
    content = markdown.markdown(words, extensions=["tables", "fenced_code"])
    return _as_the_build_does(given, meta, content, _heading(content))


def _from_html(given: str, data: bytes) -> Post:
    from bs4 import BeautifulSoup

    page = BeautifulSoup(data, "lxml")
    for part in page.select(_NOT_THE_POST):
        part.decompose()
    body = page.find("article") or page.find("main") or page.body or page
    title = _meta(page, "og:title") or (page.title.get_text() if page.title else "")
    meta = {"description": _meta(page, "description") or _meta(page, "og:description")}
    if page.html is not None and (language := page.html.get("lang")):
        meta["lang"] = str(language)
    return _as_the_build_does(given, meta, str(body), title.strip())


def _from_text(given: str, text: str) -> Post:
    paragraphs = [" ".join(block.split()) for block in re.split(r"\n\s*\n", text) if block.strip()]
    # a short first line that stands alone is the title
    titled = len(paragraphs) > 1 and len(paragraphs[0]) <= 120 and not paragraphs[0].endswith((".", ":", ","))
    title, rest = (paragraphs[0], paragraphs[1:]) if titled else ("", paragraphs)
    return Post(path=given, title=title, description=rest[0] if rest else "", text="\n".join(paragraphs))


def _as_the_build_does(given: str, meta: dict[str, Any], content: str, title: str) -> Post:
    from mkdocs_echo_plugin.cli import print_message
    from mkdocs_echo_plugin.front_matter import language_of, post_of

    found, problems = post_of(
        meta, content, path=given, title=str(meta.get("title") or title), language=language_of(meta, "en")
    )
    for problem in problems:
        print_message(problem)
    return found


def _heading(content: str) -> str:
    begins = re.search(r"<h1\b[^<>]*>", content)
    ends = content.find("</h1>", begins.end()) if begins else -1
    return content[begins.end() : ends] if begins and ends >= 0 else ""


def _meta(page: BeautifulSoup, name: str) -> str:
    from bs4 import Tag

    tag = page.find("meta", attrs={"name": name}) or page.find("meta", attrs={"property": name})
    content = tag.get("content") if isinstance(tag, Tag) else None
    return content.strip() if isinstance(content, str) else ""
