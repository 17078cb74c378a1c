"""One post's health as HTML fragments, from templates that a site can override.

The environment is our own and escapes everything: MkDocs' does not, and comments are hostile.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from functools import cached_property, lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from mkdocs_echo_plugin.health.proportion import interval
from mkdocs_echo_plugin.locales import catalogue
from mkdocs_echo_plugin.render import THEME_DIR, USUAL, Fragments, RenderOptions, badge_file
from mkdocs_echo_plugin.render.svg import interval_plot, voices_bar
from mkdocs_echo_plugin.render.templates import rendered
from mkdocs_echo_plugin.serialize import public
from mkdocs_echo_plugin.venues import venue

if TYPE_CHECKING:
    from jinja2 import Environment

    from mkdocs_echo_plugin.model import Health, Post, Waiting

__all__ = ["Fragments", "RenderOptions", "Renderer"]

_URGENCY = ("objection", "dissent", "question", "comment")


class Renderer:
    """Renders fragments in one language.

    Args:
        theme_dirs: directories that may hold `partials/echo/*.html`, most important first (a site's custom_dir).
        language: of the page; the strings fall back to English where there is no catalogue for it.
        options: what is shown.
    """

    def __init__(
        self, *, theme_dirs: Sequence[Path] = (), language: str = "en", options: RenderOptions = USUAL
    ) -> None:
        self.options = options
        self._dirs = [Path(d) / "partials" for d in (*theme_dirs, THEME_DIR)]
        self._catalogue = catalogue(language)

    def fragments(self, health: Health, post: Post) -> Fragments:
        """What the post's page shows of its health: nothing for `off` and `unknown`, no badge for `quiet`."""
        if health.state == "off":
            return Fragments()
        seen = public(health)
        context: dict[str, Any] = {
            "health": seen,
            "post": post,
            "options": self.options,
            "plot": interval_plot(health.range),
            "bar": voices_bar(health.voices) if health.range.verdict != "off" else (),
            "waiting": _by_urgency(seen),
            "how": _from(post, self.options.how_url),
            "snippet": self._snippet(health, post),
            "lang": self._catalogue.language if self._catalogue.language != post.language else None,
        }
        own = {**context, "health": health, "waiting": _by_urgency(health)}
        author = self._render("author", own) if self.options.author_view else ""
        if health.state == "unknown":
            return Fragments(author=author)
        shown = health.badge is not None and health.state != "quiet"
        asks = self.options.prompt == "end" and health.prompt is not None and health.prompt.reader
        return Fragments(
            badge=self._render("badge", context) if shown else "",
            short=self._render("short", context) if shown else "",
            prompt=self._render("prompt", context) if asks or post.author_update or post.outside_voices else "",
            policy=self._render("policy", context) if self.options.policy else "",
            author=author,
        )

    def _snippet(self, health: Health, post: Post) -> str:
        """Markdown that shows the badge elsewhere and links to the post; "" where the site has no address."""
        if not (self.options.static_badges and self.options.site_url and post.canonical_url and health.badge):
            return ""
        alt = health.badge.text.replace("[", "(").replace("]", ")")
        picture = f"{self.options.site_url.rstrip('/')}/{badge_file(post.path, self.options.folder)}.svg"
        return f"[![{alt}]({picture})]({post.canonical_url})"

    def _render(self, name: str, context: dict[str, Any]) -> str:
        html = rendered(self._environment, f"echo/{name}.html", context)
        # indentation is for who edits the templates; a page pays for it by the byte
        return "\n".join(filter(None, map(str.strip, html.split("\n"))))

    @cached_property
    def _environment(self) -> Environment:
        from jinja2 import Environment, FileSystemLoader, StrictUndefined

        environment = Environment(
            loader=FileSystemLoader(self._dirs),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )
        environment.globals["translate"] = self._catalogue.translate
        environment.globals["interval"] = interval
        environment.filters.update(
            day=partial(_day, locale=self._locale),
            iso=_iso,
            number=partial(_number, locale=self._locale),
            href=_href,
            venue=lambda platform: venue(platform).title,
            percent="{:.1f}%".format,
        )
        return environment

    @property
    def _locale(self) -> str:
        language = self._catalogue.language.replace("-", "_")
        return "en_GB" if language == "en" else language


@lru_cache(maxsize=4096)
def _day(when: str | datetime, *, locale: str) -> str:
    """A date as people of the language write it ("3 May 2026")."""
    from babel.dates import format_date

    return format_date(date.fromisoformat(_iso(when)), format="long", locale=locale)


@lru_cache(maxsize=4096)
def _number(value: float, *, locale: str) -> str:
    """A number between 0 and 1 with two decimals, as the language writes it."""
    from babel.numbers import format_decimal

    return format_decimal(value, format="0.00", locale=locale)


def _by_urgency(health: Health) -> list[Waiting]:
    return sorted((*health.open.waiting, *health.open.author_only), key=lambda w: _URGENCY.index(w.kind))


def _from(post: Post, url: str | None) -> str:
    """A site's address as seen from a post's page: one without a scheme or a slash in front is from the site's root."""
    if not url or urlsplit(url).scheme or url.startswith("/"):
        return url or ""
    return "../" * post.url.count("/") + url


def _iso(when: str | datetime) -> str:
    return (when if isinstance(when, str) else when.isoformat())[:10]


def _href(url: str | None, post: Post) -> str:
    """A URL that may stand in href: http, https or relative; anything else (javascript:) becomes "".

    An address on the post's own page is cut to its fragment, which works wherever the page is looked at.
    """
    url = "".join(c for c in url or "" if c.isprintable()).strip()
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    if parts.scheme.lower() not in ("", "http", "https"):
        return ""
    own = urlsplit(post.canonical_url or "")
    if parts.fragment and (parts.netloc, parts.path.rstrip("/")) == (own.netloc, own.path.rstrip("/")):
        return f"#{parts.fragment}"
    return url
