"""The fragments of a whole site's posts: each post's are made once, for its page and for every list that shows it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import fields
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mkdocs_echo_plugin.build_cache import Table, Used, code_version, files_below, fingerprint
from mkdocs_echo_plugin.model import OUR_READERS
from mkdocs_echo_plugin.render import THEME_DIR, Fragments, RenderOptions
from mkdocs_echo_plugin.render.insert import into_card, into_content
from mkdocs_echo_plugin.serialize import health_to_dict

if TYPE_CHECKING:
    from markupsafe import Markup
    from mkdocs.structure.pages import Page

    from mkdocs_echo_plugin.model import Settings
    from mkdocs_echo_plugin.render.badge import Renderer
    from mkdocs_echo_plugin.review.readings import CommentReading
    from mkdocs_echo_plugin.survey import Survey, Surveyed


_REACH = re.compile(r"\{%[-+]?\s*(?:include|import|from|extends)\b((?:[^%{]|%(?!\})|\{(?!%))*+)%\}")
_OWN = re.compile(
    r"""\s*(["'])echo/[^"'\\]*\1\s*(?:(?:ignore missing|with(?:out)? context|as \w+|import [\w\s,]++)\s*)*[-+]?"""
)
_NAMES = tuple(f.name for f in fields(Fragments))


class SiteFragments:
    """Looks up a post by its path and puts its fragments into content; other pages stay as they are.

    Args:
        theme_dirs: directories that may hold `partials/echo/*.html`, most important first.
        kept: fragments of earlier builds, by the hash of all that they are made of.
        settings: how comments are read; the author's view lists how each one was.
    """

    def __init__(
        self,
        survey: Survey,
        *,
        theme_dirs: Sequence[Path],
        options: RenderOptions,
        kept: Table | None = None,
        settings: Settings | None = None,
    ) -> None:
        self._surveyed: dict[str, Surveyed] = {s.post.path: s for s in survey.posts}
        self._dirs, self._options, self._kept, self._settings = theme_dirs, options, kept, settings
        self._renderers: dict[str, Renderer] = {}
        self._rendered: dict[str, Fragments] = {}

    def of(self, path: str) -> Fragments:
        """The fragments of the post at `path`; empty ones for a page that is none."""
        if path not in self._surveyed:
            return Fragments()
        if path not in self._rendered:
            self._rendered[path] = self._made(self._surveyed[path])
        return self._rendered[path]

    def close(self, *, complete: bool, used: Used | None = None) -> None:
        """Keeps what was made for the next build; of a `complete` one nothing else. `used` takes up what was used."""
        if self._kept is not None:
            self._kept.close(complete=complete)
            if used is not None:
                used.note(self._kept)

    def how_page(self, language: str, site_name: str) -> str:
        """The page that says how the badge works."""

        def build() -> list[str]:
            from mkdocs_echo_plugin.render.how import how_page

            return [how_page(language=language, site_name=site_name, theme_dirs=self._dirs)]

        return self._known_or(build, ("how", language, site_name), of=1)[0]

    def _made(self, surveyed: Surveyed) -> Fragments:
        def build() -> list[str]:
            renderer = self._renderer(surveyed.post.language)
            fragments = renderer.fragments(surveyed.health, surveyed.post, readings=self._readings(surveyed))
            return [getattr(fragments, name) for name in _NAMES]

        post = surveyed.post
        depends = (surveyed.mark, post.author_update, post.outside_voices) if surveyed.mark else ()
        return Fragments(*self._known_or(build, depends, of=len(_NAMES)))

    def _readings(self, surveyed: Surveyed) -> Sequence[CommentReading]:
        """How each comment was read, where the author looks; a reader of the site's own is not asked again."""
        settings = self._settings
        if not self._options.author_view or settings is None or settings.reader not in OUR_READERS:
            return ()
        from mkdocs_echo_plugin.review.readings import readings

        return readings(surveyed.threads, surveyed.post, settings)

    def _known_or(self, build: Callable[[], list[str]], depends: tuple[object, ...], *, of: int) -> list[str]:
        """What an earlier build made of the same, else what is made now; always made where nobody knows of what."""
        if self._kept is None or not self._site or not depends:
            return build()
        key = fingerprint(self._site, depends)
        known = self._kept.get(key)
        if isinstance(known, list) and len(known) == of and all(isinstance(one, str) for one in known):
            return known
        new = build()
        self._kept.keep(key, new)
        return new

    @cached_property
    def _site(self) -> str:
        """The hash of what all fragments of the site are made of; "" where that cannot be said.

        Those are the templates, which may be the site's own, and the options. One that takes in others from
        elsewhere is followed no further: then nothing is kept.
        """
        found = []
        for folder in (*self._dirs, THEME_DIR):
            own = Path(folder) / "partials/echo"
            if own.is_dir() and any(below.is_symlink() and below.is_dir() for below in own.rglob("*")):
                return ""  # what lies behind a link to a folder is not looked at
            files = sorted(files_below(own), key=lambda entry: entry.path) if own.is_dir() else []
            # an editor's lock is a link that leads nowhere
            files = [file for file in files if file.is_file() and not file.name.startswith(".")]
            texts = [(file.path, Path(file.path).read_text("utf-8", "replace")) for file in files]
            if not all(_OWN.fullmatch(rest) for _, text in texts for rest in _REACH.findall(text)):
                return ""
            found.append([(path[len(str(own)) :], text) for path, text in texts])
        return fingerprint(code_version(), self._options, found)

    def public(self, path: str) -> dict[str, Any] | None:
        """health.v1 of the post at `path`, for templates and macros."""
        return health_to_dict(self._surveyed[path].health) if path in self._surveyed else None

    def health_of(self, page: Page | str) -> dict[str, Any] | None:
        """`echo_health(page)` in a theme's template: health.v1 of a page or of a source's path, None for no post."""
        return self.public(page if isinstance(page, str) else page.file.src_uri)

    def badge_of(self, page: Page | str) -> Markup:
        """`{{ page | echo_badge }}` in a theme's template: the short badge, safe, empty for no post."""
        from markupsafe import Markup

        return Markup(self.of(page if isinstance(page, str) else page.file.src_uri).short)  # noqa: S704  # our templates escape

    def after_of(self, page: Page | str) -> Markup:
        """`{{ page | echo_after }}` in a theme's template: what stands behind the comments, safe, empty for no post."""
        from markupsafe import Markup

        return Markup(self.of(page if isinstance(page, str) else page.file.src_uri).after)  # noqa: S704  # our templates escape

    def into_page(self, path: str, content: str) -> str:
        """A page's content with its badge, prompt and policy."""
        return into_content(content, self.of(path), self._options) if path in self._surveyed else content

    def into_card(self, path: str, content: str) -> str:
        """An excerpt of the post at `path` with the short badge."""
        return into_card(content, self.of(path)) if path in self._surveyed else content

    def _renderer(self, language: str) -> Renderer:
        from mkdocs_echo_plugin.render.badge import Renderer

        if language not in self._renderers:
            renderer = Renderer(theme_dirs=self._dirs, language=language, options=self._options)
            self._renderers[language] = renderer
        return self._renderers[language]
