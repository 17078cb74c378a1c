"""Which page is a post, and what its front matter says about its discussion.

The only room that knows Material's blog. Front matter is written by people: what is wrong with it comes back as a list
of problems for the build log, and the rest of the page is used all the same.
"""

from __future__ import annotations

import html
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from difflib import get_close_matches
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args
from urllib.parse import urljoin

from mkdocs_echo_plugin.model import Discussion, OutsideVoice, Post

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import File
    from mkdocs.structure.pages import Page

    from mkdocs_echo_plugin.config import EchoConfig
    from mkdocs_echo_plugin.render.site import SiteFragments

Wrong = Callable[[str, str], None]
EXPLAINED = "echo/how.md"
ECHO_KEYS = ("threads", "key", "aliases")
KNOWN = ", ".join(ECHO_KEYS)
DISCUSSIONS: tuple[Discussion, ...] = get_args(Discussion)

# each stops at the next opening of its kind: a page of unclosed tags takes linear time
_INVISIBLE = re.compile(
    r"<!--(?:(?!<!--).)*?-->|<(script|style|svg|template|noscript|nav)\b(?:(?!<\1\b).)*?</\1\s*>",
    re.DOTALL | re.IGNORECASE,
)
_PERMALINK = re.compile(r'<a\b[^<>]*\bclass="headerlink"[^<>]*>[^<]*</a>')
_BLOCK_END = re.compile(r"</(?:p|h[1-6]|li|pre|blockquote|tr|dt|dd|div|figcaption)\s*>|<br\s*/?>|<hr\s*/?>", re.I)
_TAG = re.compile(r"<[^<>]*>")
_PARAGRAPH = re.compile(r"<p\b[^<>]*>((?:(?!<p\b).)*?)</p\s*>", re.DOTALL | re.IGNORECASE)


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
    meta, problems = page.meta, []
    content = page.content or ""

    def wrong(option: str, message: str) -> None:
        problems.append(f"{page.file.src_uri}: front matter '{option}': {message}")

    wish: Any = meta.get("echo")
    echo: dict[str, Any] = wish if isinstance(wish, dict) else {}
    if wish not in (None, True, False) and not isinstance(wish, dict):
        wrong("echo", "expected `false`, or a mapping with threads, key or aliases.")
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
        path=page.file.src_uri,
        url=page.url,
        canonical_url=urljoin(site_url, page.url) if site_url else None,
        title=untagged(str(page.title or "")),
        description=text("description", meta.get("description")) or _first_paragraph(content),
        text=untagged(content),
        language=_language(page, config),
        discussion=_discussion(meta.get("discussion"), wrong),
        threads=texts("echo.threads", echo.get("threads")),
        key=text("echo.key", echo.get("key")) or None,
        aliases=texts("echo.aliases", echo.get("aliases")) + texts("aliases", meta.get("aliases")),
        author_update=text("author_update", meta.get("author_update")),
        outside_voices=_outside_voices(meta.get("outside_voices"), wrong),
    )
    return found, problems


def _discussion(value: Any, wrong: Wrong) -> Discussion:
    if value is False:
        return "off"  # YAML 1.1 reads a bare `off` as false
    for known in DISCUSSIONS:
        if value == known:
            return known
    if value is not None:
        wrong("discussion", f"{value!r} is no kind of discussion. Write one of {', '.join(DISCUSSIONS)}.")
    return "opinion"


def _outside_voices(value: Any, wrong: Wrong) -> tuple[OutsideVoice, ...]:
    voices = []
    for one in value if isinstance(value, list) else [] if value is None else [value]:
        if isinstance(one, dict) and isinstance(one.get("from"), str) and isinstance(one.get("said"), str):
            voices.append(OutsideVoice(who=one["from"].strip(), said=one["said"].strip()))
        else:
            wrong("outside_voices", 'expected entries like {from: "a neighbour", said: "..."}.')
    return tuple(voices)


def _language(page: Page, config: MkDocsConfig) -> str:
    """What the page says, in the order i18n plugin, front matter, theme, English; as a tag like "pt-BR"."""
    wishes = (getattr(page.file, "locale", None), page.meta.get("language"), page.meta.get("lang"))
    return next((str(wish).replace("_", "-") for wish in wishes if wish), language_of(config))


def _first_paragraph(content: str) -> str:
    return next((words for match in _PARAGRAPH.finditer(content) if (words := untagged(match[1]))), "")


def untagged(content: str) -> str:
    """The words of HTML that the site's own Markdown made: no tags, no scripts, a line a block."""
    if "<" in content:
        content = _TAG.sub("", _BLOCK_END.sub("\n", _PERMALINK.sub("", _INVISIBLE.sub(" ", content))))
    lines = (" ".join(line.split()) for line in html.unescape(content).split("\n"))
    return "\n".join(filter(None, lines))


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
