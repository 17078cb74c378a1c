"""What a configuration file says of a site, read without MkDocs: no plugin is loaded, and no tag in it runs code."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from mkdocs_echo_plugin.cache_files import CacheFiles
from mkdocs_echo_plugin.errors import ConfigurationError

if TYPE_CHECKING:
    from yaml import Node, SafeLoader

CONFIG_FILE: Final = "mkdocs.yml"
CACHE_DIR: Final = ".cache/plugin/echo"
"""Where the cache lies below the configuration, unless `cache_dir` says otherwise."""
_OF_THE_SITE: Final = ("site_url", "docs_dir", "site_dir", "language")
_MOST_PARENTS: Final = 10
"""Files of an INHERIT chain."""


@dataclass(frozen=True, slots=True)
class SiteConfiguration:
    """A site's configuration file: what it says of the site, and of echo. `path` None: there is none."""

    path: Path | None = None
    site: Mapping[str, Any] = field(default_factory=dict)
    options: Mapping[str, Any] = field(default_factory=dict)

    @property
    def root(self) -> Path:
        """The folder that paths are relative to."""
        return self.path.absolute().parent if self.path else Path.cwd()

    @property
    def cache(self) -> CacheFiles:
        """The site's cache."""
        return CacheFiles(self.root / str(self.options.get("cache_dir") or CACHE_DIR))

    @property
    def site_dir(self) -> Path:
        """Where the site is built."""
        return self.root / str(self.site.get("site_dir") or "site")

    @property
    def docs_dir(self) -> str:
        """Where the posts' sources lie, relative to `root`."""
        return str(self.site.get("docs_dir") or "docs")


def config_option(function: Any) -> Any:
    """The option `-f`, the same for every command that reads a site."""
    return click.option(
        "-f", "--config-file", "config_file", metavar="FILE",
        help=f"The site's configuration; {CONFIG_FILE} here, or above SITE_DIR, where it is not named.",
    )(function)  # fmt: skip


def site_configuration(config_file: str | None, site: str | None = None) -> SiteConfiguration:
    """The configuration that `-f` names, else the one that lies here or above the built site, else none.

    Raises:
        ConfigurationError: a file that was named cannot be read, or one that was found is broken.
    """
    if config_file is not None:
        return read_configuration(Path(config_file))
    places = (Path(CONFIG_FILE), *((Path(site).absolute().parent / CONFIG_FILE,) if site else ()))
    found = next((path for path in places if path.is_file()), None)
    if found is None:
        root = Path(site).absolute().parent if site else Path.cwd()
        return SiteConfiguration(root / CONFIG_FILE)
    return read_configuration(found, echo_needed=False)


def read_configuration(path: Path, *, echo_needed: bool = True) -> SiteConfiguration:
    """A mkdocs.yml with echo in it, or a file with echo's options, site_url, docs_dir.

    Raises:
        ConfigurationError: the file cannot be read, is no mapping, or has no echo where it is needed.
    """
    written = _read(path)
    if "plugins" not in written:
        is_site = "site_name" in written
        options = {} if is_site else {k: v for k, v in written.items() if k not in _OF_THE_SITE}
        if not is_site or not echo_needed:
            return SiteConfiguration(path, written, options)
    plugins = written.get("plugins")
    entries = (
        plugins.items()
        if isinstance(plugins, dict)
        else (next(iter(p.items())) if isinstance(p, dict) and p else (p, {}) for p in plugins or ())
    )
    theme = written.get("theme")
    language = theme.get("language") or theme.get("locale") if isinstance(theme, dict) else None
    site = {"docs_dir": "docs", **written, "language": language}
    for name, options in entries:
        if name == "echo":
            return SiteConfiguration(path, site, options if isinstance(options, dict) else {})
    if echo_needed:
        raise ConfigurationError(f"-f {path}: no echo under plugins. Add `- echo:` with its sources.")
    return SiteConfiguration(path, site)


def _read(path: Path) -> dict[str, Any]:
    """The file with what it inherits, as MkDocs merges it: mappings by key, all else by the nearer file."""
    chain: list[dict[str, Any]] = []
    at: Path | None = path
    while at is not None and len(chain) < _MOST_PARENTS:
        written = _load(at)
        above = written.pop("INHERIT", None)
        chain.append(written)
        at = at.parent / above if isinstance(above, str) else None
    merged: dict[str, Any] = {}
    for written in reversed(chain):
        merged = _merged(merged, written)
    return merged


def _merged(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    """Two levels are enough: options stand no deeper than plugins -> echo -> option, which the nearer file replaces."""
    both = dict(below)
    for key, value in above.items():
        had = both.get(key)
        both[key] = {**had, **value} if isinstance(had, dict) and isinstance(value, dict) else value
    return both


def _load(path: Path) -> dict[str, Any]:
    import yaml
    from yaml_env_tag import construct_env_tag  # type: ignore[import-untyped]  # MkDocs needs it, too

    class Loader(yaml.SafeLoader):
        """Plain YAML, `!ENV`, and nothing for any other tag."""

    def ignored(loader: SafeLoader, suffix: str, node: Node) -> None:
        return None

    Loader.add_constructor("!ENV", construct_env_tag)
    for prefix in ("tag:yaml.org,2002:python/", "!"):
        Loader.add_multi_constructor(prefix, ignored)
    try:
        with path.open("rb") as file:
            written = yaml.load(file, Loader=Loader)  # noqa: S506  # a safe one
    except OSError as error:
        raise ConfigurationError(f"-f {path}: {error.strerror or error}.") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"-f {path}: {' '.join(str(error).split())}") from error
    except RecursionError as error:
        raise ConfigurationError(f"-f {path}: nested too deeply.") from error
    if not isinstance(written, dict):
        raise ConfigurationError(f"-f {path}: expected options, one a line.")
    return written
