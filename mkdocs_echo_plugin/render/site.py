"""The fragments of a whole site's posts: each post's are made once, for its page and for every list that shows it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mkdocs_echo_plugin.render.badge import Fragments, Renderer, RenderOptions
from mkdocs_echo_plugin.render.splice import into_card, into_content
from mkdocs_echo_plugin.wire import health_to_dict

if TYPE_CHECKING:
    from markupsafe import Markup
    from mkdocs.structure.pages import Page

    from mkdocs_echo_plugin.survey import Survey, Surveyed


class SiteFragments:
    """Looks up a post by its path and puts its fragments into content; other pages stay as they are.

    Args:
        theme_dirs: directories that may hold `partials/echo/*.html`, most important first.
    """

    def __init__(self, survey: Survey, *, theme_dirs: Sequence[Path], options: RenderOptions) -> None:
        self._surveyed: dict[str, Surveyed] = {s.post.path: s for s in survey.posts}
        self._dirs, self._options = theme_dirs, options
        self._renderers: dict[str, Renderer] = {}
        self._rendered: dict[str, Fragments] = {}

    def of(self, path: str) -> Fragments:
        """The fragments of the post at `path`; empty ones for a page that is none."""
        if path not in self._surveyed:
            return Fragments()
        if path not in self._rendered:
            surveyed = self._surveyed[path]
            self._rendered[path] = self._renderer(surveyed.post.language).fragments(surveyed.health, surveyed.post)
        return self._rendered[path]

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

    def into_page(self, path: str, content: str) -> str:
        """A page's content with its badge, prompt and policy."""
        return into_content(content, self.of(path), self._options) if path in self._surveyed else content

    def into_card(self, path: str, content: str) -> str:
        """An excerpt of the post at `path` with the short badge."""
        return into_card(content, self.of(path)) if path in self._surveyed else content

    def _renderer(self, language: str) -> Renderer:
        if language not in self._renderers:
            renderer = Renderer(theme_dirs=self._dirs, language=language, options=self._options)
            self._renderers[language] = renderer
        return self._renderers[language]
