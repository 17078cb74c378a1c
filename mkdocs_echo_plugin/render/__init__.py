"""Health to HTML: the badge with its panel, the prompt and the policy, and their place in a page.

Every fragment is a template under `THEME_DIR/partials/echo`, which a site's `custom_dir` can override.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Literal

THEME_DIR = Path(__file__).resolve().parent.parent / "theme"
"""Templates and CSS: what `config.theme.dirs` gets as its last entry, so that a site's own files win."""

STYLESHEET = "assets/echo/echo.css"
"""Where the CSS lies in the built site, for `extra_css`."""

FOLDER = "echo"
"""The folder of the built site in which the plugin's own files lie, unless the site chooses another."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderOptions:
    """What a site shows and where.

    `badge` "none" shows it only where a page has the marker; `prompt` "none" leaves what the author wrote. `how_url` is
    the page on how the badge works, absolute or from the site's root; without one the panel says it in two sentences.
    `lists` shows the short form on cards. `live` says that the site asks a comment system over the network, so that a
    post without a comment can have one; `after_in_theme`, that the theme itself puts `echo_after` after the comments.
    `tone` is shown to readers only when "public". `author_view` adds what is for the author alone: in `serve`, never in
    a build.
    """

    badge: Literal["title", "end", "none"] = "title"
    prompt: Literal["end", "none"] = "end"
    policy: bool = True
    tone: Literal["author", "public", "off"] = "author"
    card: bool = True
    lists: bool = True
    reactions: Literal["separate", "count"] = "separate"
    live: bool = False
    after_in_theme: bool = False
    how_url: str | None = None
    folder: str = FOLDER
    static_badges: bool = True
    site_url: str | None = None
    author_view: bool = False


USUAL = RenderOptions()
"""What a site shows that says nothing of it."""


@dataclass(frozen=True, slots=True)
class Fragments:
    """Safe HTML for one post; each is "" where nothing is to be shown.

    `short` is for cards in a list of posts, `after` for a theme that puts it after the comments.
    """

    badge: str = ""
    prompt: str = ""
    policy: str = ""
    short: str = ""
    after: str = ""
    author: str = ""


def badge_file(path: str, folder: str = FOLDER) -> str:
    """Where the badge of the post at `path` lies in the site, without an ending ("echo/badges/posts/well")."""
    return f"{folder}/badges/{PurePosixPath(path).with_suffix('')}"


def how_file(folder: str = FOLDER) -> str:
    """Where the page that says how the badge works lies in the built site."""
    return f"{folder}/how/index.html"


def report_file(folder: str = FOLDER) -> str:
    """Where the public report lies in the built site."""
    return f"{folder}/report.json"
