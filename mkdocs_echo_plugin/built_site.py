"""The posts of a site that any generator has built: what `pages` is for MkDocs, read from the HTML itself."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from pathlib import Path, PurePosixPath
from typing import Any, Final
from urllib.parse import unquote, urljoin, urlsplit

from mkdocs_echo_plugin.errors import ConfigurationError
from mkdocs_echo_plugin.feeds import addresses_in
from mkdocs_echo_plugin.front_matter import language_of, post_of, wants_comments
from mkdocs_echo_plugin.limits import MAX_POST_BYTES
from mkdocs_echo_plugin.model import Post
from mkdocs_echo_plugin.render.document import COMMENTS, CONTENTS, TITLES, Document, without_fragments

_FEEDS: Final = ("feed.xml", "rss.xml", "atom.xml", "index.xml", "feed_rss_created.xml")
_NEVER: Final = frozenset({"404.html", "search.html", "genindex.html", "py-modindex.html"})
_IS_ARTICLE: Final = (
    "meta[property='og:type'][content='article']", "article.h-entry, article.post, .h-entry, article.hentry",
    "[itemtype*='schema.org/BlogPosting'], [itemtype*='schema.org/Article']", ".md-post__meta",
)  # fmt: skip


_IS_LIST: Final = (
    ".md-post--excerpt", "body.list, body.home, body.archive, body.taxonomy, body.term, body.section, body.search",
    ".h-feed, [itemtype$='schema.org/CollectionPage']",
)  # fmt: skip
"""What only pages have that list posts: Material's and Zensical's excerpts, the classes that Hugo's and others' themes
give the page, microformats and schema.org."""
_IS_ENCRYPTED: Final = "#mkdocs-encrypted-content, #mkdocs-encrypted-content-key"
_LISTS: Final = frozenset(
    ("tag", "tags", "category", "categories", "archive", "archives", "author", "authors", "topics", "label", "labels")
)
"""Folders in which generators put the lists that they make."""


@dataclass(frozen=True, slots=True)
class BuiltPage:
    """A page of a built site: its file, the post that it may be, and whether its markup says that it is one."""

    file: Path
    post: Post
    is_article: bool
    meta: Mapping[str, Any]
    """Its source's front matter, {} where the source is not known."""
    is_list: bool = False
    """Whether it is the home page, an index, an archive: a page that shows others."""
    is_encrypted: bool = False


def pages(
    site_dir: Path, *, site_url: str | None, docs_dir: Path | None = None, language: str = "en"
) -> tuple[list[BuiltPage], list[str]]:
    """The pages of a built site in the order of their paths, and what is wrong in their front matter, a line each.

    Pages that a sitemap leaves out are left out, where there is one that names any of them.

    Args:
        docs_dir: the folder of the Markdown sources; front matter is taken from "a/b.md" for "a/b/index.html".

    Raises:
        ConfigurationError: no such folder, or no page in it.
    """
    if not site_dir.is_dir():
        raise ConfigurationError(f"{site_dir}: no such folder. Build the site first, and name its folder.")
    # a folder may be called x.html, and what lies behind a link is another site's
    found_files = (f for f in site_dir.rglob("*.html") if f.name not in _NEVER and not f.name.startswith("."))
    files = sorted(f for f in found_files if f.is_file() and not f.is_symlink())
    listed = {_path(url) for url in addresses_in(site_dir, ("sitemap.xml",))}
    base = _path(site_url or "")
    known = [f for f in files if _same(f.relative_to(site_dir).as_posix(), base) in listed]
    found: list[BuiltPage] = []
    problems: list[str] = []
    for file in known or files:
        if file.stat().st_size <= MAX_POST_BYTES:
            page, wrong = _page(file, site_dir, site_url, docs_dir, language)
            found.append(page)
            problems += wrong
    if not found:
        raise ConfigurationError(f"{site_dir}: no HTML page in it. Build the site first.")
    return found, problems


def posts(
    found: Iterable[BuiltPage], site_dir: Path, *, globs: Sequence[str] = (), exclude: Sequence[str] = ()
) -> list[BuiltPage]:
    """Those pages that are posts.

    The source's front matter decides first (`echo: false`, `comments: true` ...), then globs over the page's path and
    its source's, else what a feed lists, else the page's markup (`og:type`, h-entry, schema.org). The home page,
    indexes and archives are posts only where front matter says so; encrypted pages never are.
    """
    in_feed = {_path(url) for url in addresses_in(site_dir, _FEEDS)}
    found, chosen = list(found), []
    folders = {f"{folder.as_posix()}/" for page in found for folder in PurePosixPath(page.post.url).parents}
    for page in found:
        names = (page.file.relative_to(site_dir).as_posix(), page.post.url, page.post.path)
        wish, comments = page.meta.get("echo"), wants_comments(page.meta)
        if wish is False or comments is False or _any(names, exclude) or page.is_encrypted:
            continue
        if wish is True or isinstance(wish, dict) or comments:
            chosen.append(page)
        elif page.is_list:
            continue
        elif globs:
            over = [glob for glob in globs if not (_is_its_index(page.post.url, glob) and page.post.url in folders)]
            chosen += [page] if _any(names, over) else []
        elif in_feed:
            chosen += [page] if _path(page.post.canonical_url or page.post.url) in in_feed else []
        elif page.is_article:
            chosen.append(page)
    return chosen


def _page(
    file: Path, site_dir: Path, site_url: str | None, docs_dir: Path | None, language: str
) -> tuple[BuiltPage, list[str]]:
    relative = file.relative_to(site_dir).as_posix()
    data = without_fragments(file.read_bytes())
    document = Document(data)
    soup = document.soup
    content, title, comments = (document.first(s) for s in (CONTENTS, TITLES, COMMENTS))
    inner = document.text[content.inside : content.close] if content else ""
    if content and comments and content.inside <= comments.start < content.close:
        inner = document.text[content.inside : comments.start]
    meta, source = _front_matter(relative, docs_dir)
    url = relative.removesuffix("index.html")
    found, problems = post_of(
        meta,
        _words(inner),
        path=source or relative,
        url=url,
        canonical_url=urljoin(site_url, url) if site_url else None,
        title=str(meta.get("title") or "")
        or (_words(document.text[title.inside : title.close]) if title else "")
        or _title(soup),
        language=language_of(meta, _attribute(soup, "html", "lang") or language),
    )
    canonical = _attribute(soup, "link[rel=canonical]", "href")
    if canonical and urlsplit(canonical).scheme in ("http", "https"):
        found = replace(found, canonical_url=canonical)
    return (
        BuiltPage(
            file,
            found,
            is_article=any(soup.select_one(s) for s in _IS_ARTICLE),
            meta=meta,
            is_list=_is_list(url, soup),
            is_encrypted=soup.select_one(_IS_ENCRYPTED) is not None,
        ),
        problems,
    )


def _is_list(url: str, soup: Any) -> bool:
    """Whether a page lists others: by its place, its markup, or several articles side by side, none with a title."""
    if not url or any(soup.select_one(selector) for selector in _IS_LIST):
        return True
    *above, own = url.strip("/").split("/")
    if _is_article(soup):
        return False
    if _LISTS & {*above, own} or (above and above[-1] == "page" and own.isdecimal()):
        return True
    side_by_side: dict[int, list[Any]] = {}
    for article in soup.find_all("article", limit=200):
        side_by_side.setdefault(id(article.parent), []).append(article)
    most = max(side_by_side.values(), key=len, default=[])
    return len(most) > 1 and sum(article.find("h1") is not None for article in most) != 1


def _is_article(soup: Any) -> bool:
    return soup.select_one(_IS_ARTICLE[0]) is not None


def _is_its_index(url: str, glob: str) -> bool:
    """Whether a page is the index of the folder over whose pages a glob goes ("blog/" of "/blog/*")."""
    return re.split(r"[*?\[]", glob, maxsplit=1)[0].strip("/") == url.strip("/") and glob[-1:] in ("*", "?", "]")


def _words(text: str) -> str:
    """Text that was cut from a document read byte by byte, in its own encoding."""
    data = text.encode("latin-1")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return text


def _title(soup: Any) -> str:
    plain = soup.title.get_text() if soup.title else ""
    return _words(_attribute(soup, "meta[property='og:title']", "content") or plain)


def _attribute(soup: Any, selector: str, name: str) -> str:
    tag = soup.select_one(selector)
    value = tag.get(name) if tag is not None else None
    return value.strip() if isinstance(value, str) else ""


def _front_matter(relative: str, docs_dir: Path | None) -> tuple[Mapping[str, Any], str | None]:
    """The front matter of the page's source and the source's path under `docs_dir`; ({}, None) without one."""
    if docs_dir is None:
        return {}, None
    from mkdocs.utils.meta import get_data

    stem = relative.removesuffix(".html").removesuffix("/index")
    for name in (f"{stem}.md", f"{stem}/index.md", f"{stem}/README.md", f"{stem}.markdown"):
        source = docs_dir / name
        if source.is_file() and source.stat().st_size <= MAX_POST_BYTES:
            return get_data(source.read_text("utf-8-sig", "replace"))[1], name
    return {}, None


def _path(url: str) -> str:
    return re.sub(r"(^|/)index\.html?$", r"\1", unquote(urlsplit(url).path)).removesuffix(".html").strip("/")


def _same(relative: str, base: str) -> str:
    return _path(f"{base}/{relative}" if base else relative)


def _any(names: Sequence[str], globs: Sequence[str]) -> bool:
    return any(fnmatchcase(name, glob) or fnmatchcase(f"/{name}", glob) for name in names for glob in globs)
