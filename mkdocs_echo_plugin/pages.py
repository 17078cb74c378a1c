"""Which pages of an MkDocs site are posts. The only room that knows Material's blog."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin

from mkdocs_echo_plugin.front_matter import language_of as language_named
from mkdocs_echo_plugin.front_matter import post_of
from mkdocs_echo_plugin.model import Post

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import File
    from mkdocs.structure.pages import Page

    from mkdocs_echo_plugin.config import EchoConfig
    from mkdocs_echo_plugin.render.site import SiteFragments

EXPLAINED = "echo/how.md"


def is_post(page: Page, *, include: Sequence[str] = (), exclude: Sequence[str] = ()) -> bool:
    """Whether readers comment on this page.

    The page's own front matter decides first (`echo: false`, `comments: false` say no, `comments: true` or an `echo`
    mapping say yes), then the site's globs over src_uri, and without globs Material's blog. Drafts never, the blog's
    index, archive, category and profile pages never, nor what `exclude` names.
    """
    wish, uri = page.meta.get("echo"), page.file.src_uri
    if wish is False or page.meta.get("comments") is False or uri == EXPLAINED:
        return False
    if _is_draft(page) or _is_a_blog("View", page):
        return False
    if any(fnmatchcase(uri, glob) for glob in exclude):
        return False
    if page.meta.get("comments") is True or wish is True or isinstance(wish, dict):
        return True
    if include:
        return any(fnmatchcase(uri, glob) for glob in include)
    return _is_a_blog("Post", page)


def explained(config: MkDocsConfig) -> tuple[File, str]:
    """`echo/how.md` for a site whose nav names it, in the theme and in the site's language; and its text as HTML, which
    is to be put in late: no word of it belongs into a search index."""
    from mkdocs.structure.files import File

    from mkdocs_echo_plugin.render.how import explanation_html

    title, text = explanation_html(language_of(config))
    return File.generated(config, EXPLAINED, content=f"# {title}\n"), text


def write_how_page(config: MkDocsConfig, fragments: SiteFragments) -> None:
    """Writes the page that says how the badge works beside the site's own, in no search index and no navigation."""
    from mkdocs_echo_plugin.render import HOW

    path = Path(config.site_dir) / HOW
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(fragments.how_page(language_of(config), config.site_name), "utf-8")


def language_of(config: MkDocsConfig) -> str:
    """The language of the theme, English where it says none."""
    return str(config.theme.get("language") or config.theme.get("locale") or "en").replace("_", "-")


def cards(context: Any) -> list[Any]:
    """The excerpts that a list page of Material's blog shows, each with its `.post`; none elsewhere."""
    posts = context.get("posts")
    return [card for card in posts if hasattr(card, "post")] if isinstance(posts, list) else []


def _is_draft(page: Page) -> bool:
    # drafts reach page events in `mkdocs serve` only, where nobody but their author can have commented
    return page.file.inclusion.is_excluded() or page.meta.get("draft") is True


def _is_a_blog(kind: str, page: Page) -> bool:
    # a page can only be one if its module is loaded; importing it here would cost sites without a blog 100 ms, and
    # asking config.plugins would miss MaterialX and second instances
    structure = sys.modules.get("material.plugins.blog.structure")
    return structure is not None and isinstance(page, getattr(structure, kind))


def authors(pages: Iterable[Page]) -> tuple[str, ...]:
    """The names and ids that Material's `.authors.yml` gives the authors of these posts, each once."""
    found: dict[str, None] = {}
    for page in pages:
        for author in getattr(page, "authors", ()):
            found[author.name] = None
        for identifier in getattr(getattr(page, "config", None), "authors", ()):
            found[str(identifier)] = None
    return tuple(found)


def post(page: Page, config: MkDocsConfig, site_url: str | None) -> tuple[Post, list[str]]:
    """A page with its content as a Post, and what is wrong with its front matter, a line each.

    `site_url` is the published site's, which `mkdocs serve` hides behind its own.
    """
    return post_of(
        page.meta,
        page.content or "",
        path=page.file.src_uri,
        url=page.url,
        canonical_url=urljoin(site_url, page.url) if site_url else None,
        title=str(page.title or ""),
        language=_language(page, config),
    )


def _language(page: Page, config: MkDocsConfig) -> str:
    """What the page says, in the order i18n plugin, front matter, theme, English."""
    locale = getattr(page.file, "locale", None)
    return str(locale).replace("_", "-") if locale else language_named(page.meta, language_of(config))


class Posts:
    """The site's posts as far as this process has seen them: with --dirty MkDocs reads changed pages only."""

    def __init__(self) -> None:
        self._known: dict[str, Post | None] = {}
        self.authors: tuple[str, ...] = ()
        self.complete = True

    def __iter__(self) -> Iterator[Post]:
        return (known for known in self._known.values() if known is not None)

    def update(
        self, files: Sequence[File], config: MkDocsConfig, options: EchoConfig, site_url: str | None
    ) -> list[str]:
        """Takes in what a build has read, and returns what is wrong in the front matter of posts, a line each.

        Afterwards `complete` is False where a page was never read by this process, so that it may be a post unknown.
        """
        known, problems, read = self._known, [], []
        self._known = {}
        for file in files:
            page = file.page
            if page is None or page.content is None:
                if file.src_uri in known:
                    self._known[file.src_uri] = known[file.src_uri]
                continue
            self._known[file.src_uri] = None
            if is_post(page, include=options.include, exclude=options.exclude):
                read.append(page)
                self._known[file.src_uri], wrong = post(page, config, site_url)
                problems += wrong
        self.authors = tuple(dict.fromkeys((*self.authors, *authors(read))))
        self.complete = all(file.src_uri in self._known for file in files if file.page is not None)
        return problems
