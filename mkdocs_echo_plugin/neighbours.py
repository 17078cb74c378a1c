"""What other plugins of the same site say that matters here: a page's old addresses, its secrecy, its language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.pages import Page

_MOST_HOPS = 10


def redirects(config: MkDocsConfig) -> dict[str, tuple[str, ...]]:
    """The old paths that mkdocs-redirects leads to a page, by the page's source or address ("blog/posts/well.md")."""
    plugin: Any = config.plugins.get("redirects")
    maps = getattr(plugin, "config", {}).get("redirect_maps") if plugin is not None else None
    if not isinstance(maps, Mapping):
        return {}
    found: dict[str, dict[str, None]] = {}
    for old in maps:
        to, hops = str(maps[old]), 0
        while to in maps and hops < _MOST_HOPS:  # a page that moved twice
            to, hops = str(maps[to]), hops + 1
        path = PurePosixPath(str(old))
        if path.suffix in (".md", ".markdown", ".ipynb"):
            path = path.parent if path.stem.casefold() in ("index", "readme") else path.with_suffix("")
        found.setdefault(to.partition("#")[0].lstrip("/"), {})[f"/{path.as_posix()}"] = None
    return {to: tuple(old) for to, old in found.items()}


def is_encrypted(page: Page) -> bool:
    """Whether mkdocs-encryptcontent encrypts the page: it marks it before any page has content."""
    return bool(getattr(page, "encryptcontent", None)) or getattr(page, "encrypted", False) is True


@dataclass(frozen=True, slots=True)
class Language:
    """Which of its languages mkdocs-static-i18n is building: it builds the others inside of the first one's build."""

    code: str = ""
    is_default: bool = True
    all: tuple[str, ...] = ("",)
    is_first: bool = True

    @property
    def prefix(self) -> str:
        """The folder of the site that this language's pages lie in ("de/")."""
        return "" if self.is_default else f"{self.code}/"


def language_built(config: MkDocsConfig) -> Language:
    """The language that is being built; the only one, called "", where a site has one."""
    plugin: Any = config.plugins.get("i18n")
    code = getattr(plugin, "current_language", None)
    if plugin is None or not hasattr(plugin, "build_languages"):
        return Language()
    code = code or plugin.default_language
    return Language(
        code=str(code),
        is_default=code == plugin.default_language,
        all=tuple(map(str, plugin.build_languages)),
        is_first=not getattr(plugin, "building", False),
    )
