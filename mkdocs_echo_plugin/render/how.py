"""The page that says how the badge works: one of its own, so that no word of it reaches a site's search index."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from mkdocs_echo_plugin.locales import explained_in, explanation
from mkdocs_echo_plugin.render import THEME_DIR
from mkdocs_echo_plugin.render.templates import rendered


def how_page(*, language: str, site_name: str = "", theme_dirs: Sequence[Path] = ()) -> str:
    """The page as HTML, from `partials/echo/how.html`, in the site's language or in English.

    Args:
        theme_dirs: directories that may hold `partials/echo/how.html`, most important first.
    """
    from jinja2 import Environment, FileSystemLoader, StrictUndefined
    from markupsafe import Markup

    title, text = explanation_html(language)
    dirs = [Path(d) / "partials" for d in (*theme_dirs, THEME_DIR)]
    environment = Environment(loader=FileSystemLoader(dirs), autoescape=True, undefined=StrictUndefined)
    words = {
        "title": title,
        "text": Markup(text),  # noqa: S704  # our own words, from locales/how
        "language": explained_in(language),
        "home": "../../index.html",
        "site_name": site_name,
    }
    return rendered(environment, "echo/how.html", words)


def explanation_html(language: str) -> tuple[str, str]:
    """Its title, and its text as HTML."""
    import markdown  # type: ignore[import-untyped]  # it has no types

    title, text = explanation(language)
    return title, markdown.markdown(text, extensions=["tables"])
