"""Which pages of an MkDocs site are posts. The only room that knows Material's blog."""

from __future__ import annotations

import re
import sys
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin

from mkdocs_echo_plugin.front_matter import language_of as language_named
from mkdocs_echo_plugin.front_matter import post_of, says_no, wants_comments
from mkdocs_echo_plugin.model import Post
from mkdocs_echo_plugin.neighbours import is_encrypted, redirects

if TYPE_CHECKING:
    from jinja2 import Environment
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import File
    from mkdocs.structure.pages import Page

    from mkdocs_echo_plugin.config import EchoConfig


def is_post(
    page: Page, *, include: Sequence[str] = (), exclude: Sequence[str] = (), sections: Collection[str] = ()
) -> bool:
    """Whether readers comment on this page.

    The page's own front matter decides first (`echo: false`, `comments: false` say no, `comments: true` or an `echo`
    mapping say yes), then the site's globs over src_uri, and without globs Material's blog. Drafts never, the blog's
    index, archive, category and profile pages never, nor what `exclude` names. A glob leaves out the index of a folder
    that holds other pages, unless it names it.

    Args:
        sections: the folders, as in src_uri, that hold other pages than their index.
    """
    wish, uri = page.meta.get("echo"), page.file.src_uri
    comments = wants_comments(page.meta)
    if wish is False or comments is False or str(getattr(page.file, "generated_by", None)).startswith("echo"):
        return False
    if _is_draft(page) or _is_a_blog("View", page):
        return False
    if any(fnmatchcase(uri, glob) for glob in exclude):
        return False
    if comments or wish is True or isinstance(wish, dict):
        return True
    if include:
        return any(fnmatchcase(uri, glob) and not _is_section(uri, glob, sections) for glob in include)
    return _is_a_blog("Post", page)


def is_index(page: Page) -> bool:
    """Whether the page is its folder's own."""
    return _names_a_folder(page.file.src_uri.rpartition("/")[2])


def sections_of(files: Iterable[File]) -> frozenset[str]:
    """The folders that hold pages besides their own index, those of folders below too; the whole site's is ""."""
    found: set[str] = set()
    for file in files:
        folder, _, name = file.src_uri.rpartition("/")
        if _names_a_folder(name):
            folder = folder.rpartition("/")[0] if folder else "-"  # its own folder is no section for it alone
        while folder not in found and folder != "-":
            found.add(folder)
            if not folder:
                break
            folder = folder.rpartition("/")[0]
    return frozenset(found)


def _names_a_folder(name: str) -> bool:
    return name.partition(".")[0].casefold() in ("index", "readme")  # "index.de.md" too


def _is_section(uri: str, glob: str, sections: Collection[str]) -> bool:
    folder, _, name = uri.rpartition("/")
    if not _names_a_folder(name) or glob == uri:
        return False
    named = glob.rpartition("/")[2].casefold()
    if named.startswith(("index.", "readme.")) and folder:
        return False
    base = re.split(r"[*?\[]", glob, maxsplit=1)[0].rstrip("/")
    return folder in sections or folder == base


def explained_file(folder: str) -> str:
    """The page on how the badge works that a site's nav may name."""
    return f"{folder}/how.md"


def explained(config: MkDocsConfig, folder: str) -> tuple[File, str]:
    """`echo/how.md` for a site whose nav names it, in the theme and in the site's language; and its text as HTML, which
    is to be put in late: no word of it belongs into a search index."""
    from mkdocs.structure.files import File

    from mkdocs_echo_plugin.render.how import explanation_html

    title, text = explanation_html(language_of(config))
    return File.generated(config, explained_file(folder), content=f"# {title}\n"), text


def after_in_theme(env: Environment) -> bool:
    """Whether the site's theme puts `echo_after` where its comments are, so that the prompt need not hold it."""
    from jinja2 import TemplateNotFound

    for name in ("partials/comments.html", "comments.html", "main.html"):
        try:
            if env.loader and "echo_after" in env.loader.get_source(env, name)[0]:
                return True
        except (TemplateNotFound, UnicodeDecodeError):
            continue
    return False


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
        self.hidden: set[str] = set()
        """The paths of posts that another plugin encrypts: of them nothing is shown."""
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
        sections, moved = sections_of(files), redirects(config)
        for file in files:
            page = file.page
            if page is None or page.content is None:
                if file.src_uri in known:
                    self._known[file.src_uri] = known[file.src_uri]
                continue
            self._known[file.src_uri] = None
            self.hidden.discard(file.src_uri)
            if is_post(page, include=options.include, exclude=options.exclude, sections=sections):
                read.append(page)
                found, wrong = post(page, config, site_url)
                old = (*moved.get(file.src_uri, ()), *moved.get(page.url, ()))
                found = replace(found, aliases=tuple(dict.fromkeys((*found.aliases, *old)))) if old else found
                if is_encrypted(page):
                    self.hidden.add(file.src_uri)
                    found = replace(found, discussion="off")
                self._known[file.src_uri] = found
                problems += wrong
            elif says_no(page.meta.get("comments")):
                problems += post(page, config, site_url)[1]
        self.authors = tuple(dict.fromkeys((*self.authors, *authors(read))))
        self.complete = all(file.src_uri in self._known for file in files if file.page is not None)
        return problems
