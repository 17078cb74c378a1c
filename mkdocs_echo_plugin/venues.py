"""What people call a comment system, and whether it is social media: facts that its adapter declares.

An adapter is looked up by the platform's name and loaded alone, the first time somebody asks; the others stay unloaded.
"""

from __future__ import annotations

from contextlib import suppress
from functools import cache, lru_cache
from importlib.metadata import EntryPoint, entry_points
from typing import Any, NamedTuple

from mkdocs_echo_plugin.errors import ConfigurationError

GROUP = "mkdocs_echo.sources"
"""The entry-point group under which adapters are registered, ours and those of other packages."""


class Venue(NamedTuple):
    """A place where people comment: its name for people, and whether it is social media."""

    title: str
    social: bool = False


_BY_HAND = {
    "facebook": Venue("Facebook", True), "lemmy": Venue("Lemmy", True), "linkedin": Venue("LinkedIn", True),
    "threads": Venue("Threads", True), "twitter": Venue("Twitter", True), "x": Venue("X", True),
}  # fmt: skip
"""Platforms that have no adapter to say it: their comments come in as neutral files, written by hand."""


@cache
def installed() -> dict[str, EntryPoint]:
    """The entry point of every installed adapter, by name in alphabetical order; loads none of them."""
    return {point.name: point for point in sorted(entry_points(group=GROUP), key=lambda point: point.name)}


def load(point: EntryPoint) -> Any:
    """The adapter of an entry point.

    Raises:
        ConfigurationError: whatever is wrong with it: the code may be anybody's.
    """
    try:
        adapter: Any = point.load()
    except Exception as error:
        why = f"cannot be loaded ({fault(error)})"
    else:
        if isinstance(adapter, type) and all(hasattr(adapter, a) for a in ("name", "recognises", "read")):
            return adapter
        why = "is no Source (it lacks name, recognises or read)"
    package = f" {point.dist.name}" if point.dist else ""
    raise ConfigurationError(f"sources: {point.name} ({point.value}) {why}. Update or uninstall its package{package}.")


def fault(error: Exception) -> str:
    """An error of somebody else's code in a few words."""
    return " ".join(f"{type(error).__name__}: {error}".split())[:200].rstrip(": ")


@lru_cache(maxsize=1024)  # a neutral file may name any number of platforms
def venue(platform: str) -> Venue:
    """The venue that threads of `platform` come from.

    Its adapter says it: `venue`, else `title`, and `social`. A platform without an adapter has the name that a neutral
    file gives it.
    """
    if (point := installed().get(platform)) and (adapter := _loaded(point)):
        # another package's adapter may leave `social` and `venue` out
        title = getattr(adapter, "venue", None) or getattr(adapter, "title", None) or _capitalised(platform)
        return Venue(str(title), bool(getattr(adapter, "social", False)))
    return _BY_HAND.get(platform) or Venue(_capitalised(platform))


def _loaded(point: EntryPoint) -> Any:
    with suppress(ConfigurationError):  # said where the adapters are listed
        return load(point)
    return None


def all_social(platforms: set[str]) -> bool:
    """Whether there are platforms, and all of them are social media."""
    return bool(platforms) and all(venue(platform).social for platform in platforms)


def _capitalised(platform: str) -> str:
    words = platform.replace("_", " ").strip()
    return words if any(c.isupper() for c in words) else words.capitalize()
