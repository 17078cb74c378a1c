"""One post's health as HTML fragments, from templates that a site can override.

The environment is our own and escapes everything: MkDocs' does not, and comments are hostile.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime
from functools import cached_property, lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

from markupsafe import Markup

from mkdocs_echo_plugin.locales import SEPARATOR, catalogue, day, locale_of
from mkdocs_echo_plugin.prompts import short
from mkdocs_echo_plugin.render import THEME_DIR, USUAL, Fragments, RenderOptions, badge_file, marks
from mkdocs_echo_plugin.render.marks import Group, groups
from mkdocs_echo_plugin.render.templates import rendered
from mkdocs_echo_plugin.serialize import public
from mkdocs_echo_plugin.thresholds import MOST_OPEN, MOST_READINGS, QUOTED_WORDS
from mkdocs_echo_plugin.venues import venue as venue_of

if TYPE_CHECKING:
    from jinja2 import Environment

    from mkdocs_echo_plugin.model import Health, Post, Range, Venue, Waiting
    from mkdocs_echo_plugin.review.readings import CommentReading

__all__ = ["Fragments", "RenderOptions", "Renderer"]

_URGENCY = ("objection", "dissent", "question", "comment")
_RESTS_ON_STANCES = frozenset(("few-sides", "several", "one-side", "unclear"))
_REL = Markup(' rel="nofollow ugc noopener"')
"""On every link that a commenter may have chosen."""


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

    def fragments(self, health: Health, post: Post, *, readings: Sequence[CommentReading] = ()) -> Fragments:
        """What the post's page shows of its health: nothing for `off`, only the author's view for `unknown`.

        Args:
            readings: how each comment was read, for the author's view.
        """
        if health.state == "off":
            return Fragments()
        seen = public(health)
        can_comment = self._can_comment(seen, post)
        context = {
            "health": seen,
            "post": post,
            "options": self.options,
            "can_comment": can_comment,
            "rel": _REL,
            "lang": self._catalogue.language if self._catalogue.language != post.language else None,
            **self._line(seen, post),
            **self._panel(seen, post),
            **self._prompt(seen, post, can_comment=can_comment),
            "thumbs_count": self._thumbs_count(seen),
            "comment_at": self._comment_at(seen, post, can_comment=can_comment),
        }
        author = ""
        if self.options.author_view:
            own = {
                "health": health,
                "author_waiting": _by_urgency(health),
                "snippet": self._snippet(health, post),
                "readings": readings[:MOST_READINGS],
                "most_words": QUOTED_WORDS,
            }
            author = self._render("author", {**context, **own})
        if health.state == "unknown":
            return Fragments(author=author)
        shown = health.badge is not None and health.state != "quiet"
        after = context["changed"] or post.author_update
        says = context["asks"] or context["waiting_line"] or context["outside"]
        says = says or (after and not self.options.after_in_theme)
        return Fragments(
            badge=self._render("badge", context) if shown else "",
            short=self._render("short", context) if shown and self.options.lists else "",
            prompt=self._render("prompt", context) if says else "",
            policy=self._render("policy", context) if self.options.policy and can_comment else "",
            after=self._render("after", context) if after and self.options.after_in_theme else "",
            author=author,
        )

    def _can_comment(self, health: Health, post: Post) -> bool:
        """Whether somebody can comment: an open thread, an embed in the page, or, of a quiet post, a venue to ask."""
        threads = [health.thread, *(venue.thread for venue in health.venues)]
        is_open = any(thread is not None and thread.open for thread in threads)
        return is_open or post.embeds or (health.state == "quiet" and self.options.live)

    def _line(self, health: Health, post: Post) -> dict[str, Any]:
        people = groups(health.voices) if health.state in _RESTS_ON_STANCES else ()
        thread_url = _href(health.thread.source_url if health.thread else None, post)
        return {
            "people": people,
            "line": marks.line(people),
            "parts": health.badge.text.split(SEPARATOR) if health.badge else [""],
            "short": short(health, self._catalogue),
            "thread_url": thread_url,
            "comments_url": thread_url,
        }

    def _panel(self, health: Health, post: Post) -> dict[str, Any]:
        people = groups(health.voices) if health.state in _RESTS_ON_STANCES else ()
        return {
            "stances": health.state in _RESTS_ON_STANCES,
            "large": marks.large(people),
            "told": ", ".join(self._count(group) for group in people),
            "venues": [self._venue(venue) for venue in health.venues],
            "diversity": self._diversity(health.range) if people else "",
            "most_open": MOST_OPEN,
            "how": _from(post, self.options.how_url),
        }

    def _venue(self, venue: Venue) -> dict[str, Any]:
        people = groups(venue.voices)
        return {
            "name": venue_of(venue.thread.platform).title,
            "n": venue.voices.n,
            "people": people,
            "line": marks.line(people),
            "waiting": venue.open.questions + venue.open.objections,
        }

    def _count(self, group: Group) -> str:
        say = self._catalogue.translate
        if group.exact:
            return say(f"people.{group.stance}", group.count)
        return say(f"people.{group.stance}_range", low=group.low, high=group.high)

    def _diversity(self, range_: Range) -> str:
        """D in a sentence, for the footnote."""
        say, number = self._catalogue.translate, partial(_number, locale=self._locale)
        if range_.d is not None:
            return say("panel.diversity", d=number(range_.d))
        if range_.low is None or range_.high is None:
            return ""
        if number(range_.low) == number(range_.high):
            return say("panel.diversity", d=number(range_.low))
        return say("panel.diversity_range", low=number(range_.low), high=number(range_.high))

    def _prompt(self, health: Health, post: Post, *, can_comment: bool) -> dict[str, Any]:
        say = self._catalogue.translate
        asked = health.prompt.reader if health.prompt else ""
        address = _href(post.canonical_url, post) if post.canonical_url else ""
        question = "\n\n".join(filter(None, (asked, post.canonical_url or "")))
        subject, body = quote(post.title, safe=""), quote(question.replace("\n", "\r\n"), safe="")
        first = next(iter(health.open.waiting), None)
        outside = [{"said": v.said, "by": say("prompt.passed_on", who=v.who), "url": ""} for v in post.outside_voices]
        outside += [
            {"said": h.words, "by": say("prompt.heard"), "url": _href(h.url, post)} for h in health.outside if h.words
        ]
        return {
            "asks": bool(asked) and self.options.prompt == "end",
            "question": question,
            "address": post.canonical_url if address else "",
            "mailto": f"mailto:?subject={subject}&body={body}",
            "waiting_line": say(f"prompt.waiting_{first.kind}") if first and self.options.prompt == "end" else "",
            "waiting_to": _href(first.url, post) if first and first.url else self._line(health, post)["thread_url"],
            "outside": outside,
            "changed": can_comment and health.voices.n > 0 and self.options.prompt == "end",
            "after_in_theme": self.options.after_in_theme,
        }

    def _thumbs_count(self, health: Health) -> bool:
        """Whether a thumb on the post counts, and there is a place to press it: a GitHub discussion."""
        threads = [v.thread for v in health.venues] or ([health.thread] if health.thread else [])
        return self.options.reactions == "count" and any(thread.platform == "giscus" for thread in threads)

    def _comment_at(self, health: Health, post: Post, *, can_comment: bool) -> dict[str, str] | None:
        """Where to comment if the page itself shows no comment system: the one open thread elsewhere."""
        threads = [v.thread for v in health.venues] or ([health.thread] if health.thread else [])
        if post.embeds or not can_comment:
            return None
        for thread in threads:
            if thread.open and (url := _href(thread.source_url, post)):
                return {"url": url, "name": venue_of(thread.platform).title}
        return None

    def _snippet(self, health: Health, post: Post) -> str:
        """Markdown that shows the badge elsewhere and links to the post; "" where the site has no address."""
        if not (self.options.static_badges and self.options.site_url and post.canonical_url and health.badge):
            return ""
        alt = health.badge.small.replace("[", "(").replace("]", ")")
        picture = f"{self.options.site_url.rstrip('/')}/{badge_file(post.path, self.options.folder)}.svg"
        return f"[![{alt}]({picture})]({post.canonical_url})"

    def _render(self, name: str, context: dict[str, Any]) -> str:
        html = rendered(self._environment, f"echo/{name}.html", context)
        # indentation is for who edits the templates; a page pays for it by the byte
        return re.sub("  +", " ", "\n".join(filter(None, map(str.strip, html.split("\n")))))

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
        environment.filters.update(
            day=partial(_day, language=self._catalogue.language),
            iso=_iso,
            href=_href,
        )
        return environment

    @property
    def _locale(self) -> str:
        return locale_of(self._catalogue.language)


def _day(when: str | datetime, *, language: str) -> str:
    return day(date.fromisoformat(_iso(when)), language)


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
