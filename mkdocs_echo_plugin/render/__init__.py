"""Health to HTML: the badge with its panel, the prompt and the policy, and their place in a page.

Every fragment is a template under `THEME_DIR/partials/echo`, which a site's `custom_dir` can override.
"""

from __future__ import annotations

from pathlib import Path, PurePosixPath

THEME_DIR = Path(__file__).resolve().parent.parent / "theme"
"""Templates and CSS: what `config.theme.dirs` gets as its last entry, so that a site's own files win."""

STYLESHEET = "assets/echo/echo.css"
"""Where the CSS lies in the built site, for `extra_css`."""

HOW = "echo/how/index.html"
"""Where the page that says how the badge works lies in the built site."""

BADGES = "echo/badges"
"""Where the badges that any page may show lie in the built site."""


def badge_file(path: str) -> str:
    """Where the badge of the post at `path` lies in the site, without an ending ("echo/badges/posts/well")."""
    return f"{BADGES}/{PurePosixPath(path).with_suffix('')}"
