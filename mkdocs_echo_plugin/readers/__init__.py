"""Readers of a site's own choice: what says who agrees, found by entry point `mkdocs_echo.readers`.

A reader is a dataclass: its fields are the options that mkdocs.yml may set, its class attributes say what it is
(`name`, `title`, `needs`). It has what `stance.Reader` asks for. Three more are looked for, and may be missing:

    placed(where)     a copy of it that knows where it runs (`Surroundings`); called once, before anything is read
    unread            how many comments it should have read and could not; such posts are read again in the next build
    close()           called once in the end; lines for the build's log, each a warning
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields, is_dataclass
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import Any, Final, NamedTuple

from mkdocs_echo_plugin.errors import ConfigurationError
from mkdocs_echo_plugin.model import OUR_READERS
from mkdocs_echo_plugin.readers.guarded import guarded
from mkdocs_echo_plugin.sources import did_you_mean
from mkdocs_echo_plugin.sources.http.settings import NetworkSettings
from mkdocs_echo_plugin.stance.reader import Reader
from mkdocs_echo_plugin.venues import fault

GROUP: Final = "mkdocs_echo.readers"


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Where a reader runs: the folder in which it may keep something, and how it may use the network."""

    cache_dir: Path
    network: NetworkSettings


class Listed(NamedTuple):
    """A reader as `mkdocs-echo readers` shows it."""

    name: str
    title: str
    needs: str


_OURS: Final = (
    Listed("embedded", "the small model in the package", "nothing"),
    Listed("crossencoder", "the larger model in the package", "pip install 'mkdocs-echo-plugin[model]'"),
)


@cache
def installed() -> dict[str, EntryPoint]:
    """The entry point of every reader that is not read from the package's own weights; loads none of them."""
    return {point.name: point for point in sorted(entry_points(group=GROUP), key=lambda point: point.name)}


def names() -> list[str]:
    """What `stance.reader` may say."""
    return [*OUR_READERS, *(name for name in installed() if name not in OUR_READERS)]


def available() -> tuple[list[Listed], list[str]]:
    """All readers, ours first, and a line for each that could not be loaded."""
    found, broken = list(_OURS), []
    for name, point in installed().items():
        try:
            kind = _loaded(point)
        except ConfigurationError as error:
            broken.append(str(error))
        else:
            found.append(Listed(name, str(getattr(kind, "title", name)), str(getattr(kind, "needs", ""))))
    return found, broken


def configured(name: str, options: Mapping[str, Any], where: Surroundings | None = None) -> Reader:
    """A reader with the options that mkdocs.yml gives it, told where it runs.

    Raises:
        ConfigurationError: no such reader, or an option that is unknown, missing or wrong.
    """
    if name in OUR_READERS:
        from mkdocs_echo_plugin.stance import load

        if options:
            raise ConfigurationError(f"stance: {name} has no option '{next(iter(options))}'. Take it out.")
        return load(name)
    if name not in installed():
        raise ConfigurationError(f"stance.reader: unknown reader '{name}'. {did_you_mean(name, names())}")
    kind = _loaded(installed()[name])
    known = {f.name: f for f in fields(kind) if f.init and not f.name.startswith("_")}
    for option in options:
        if option not in known:
            raise ConfigurationError(f"stance: {name}: unknown option '{option}'. {did_you_mean(option, known)}")
    for option, one in known.items():
        if one.default is MISSING and one.default_factory is MISSING and option not in options:
            raise ConfigurationError(f"stance: {name}: option '{option}' is missing.")
    try:
        reader: Any = kind(**options)
        if where is not None and hasattr(reader, "placed"):
            reader = reader.placed(where)
    except (TypeError, ValueError) as error:
        raise ConfigurationError(f"stance: {name}: {error}") from error
    return guarded(reader)


def _loaded(point: EntryPoint) -> Any:
    """The class of an entry point. Raises ConfigurationError, whatever is wrong: the code may be anybody's."""
    try:
        kind: Any = point.load()
    except Exception as error:
        why = f"cannot be loaded ({fault(error)})"
    else:
        if isinstance(kind, type) and is_dataclass(kind) and all(hasattr(kind, a) for a in ("name", "read")):
            return kind
        why = "is no reader (a dataclass with name, pi and read)"
    package = f" {point.dist.name}" if point.dist else ""
    raise ConfigurationError(f"readers: {point.name} ({point.value}) {why}. Update or uninstall its package{package}.")
