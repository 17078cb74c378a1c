"""The reader that a site has chosen, for as long as its posts are surveyed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from mkdocs_echo_plugin.model import OUR_READERS

if TYPE_CHECKING:
    from mkdocs_echo_plugin.stance import Reader
    from mkdocs_echo_plugin.survey.records import Site


class SiteReader:
    """A site's reader. `reader` is None for those in the package, which are loaded where they are first needed."""

    def __init__(self, reader: Reader | None = None) -> None:
        self.reader = reader
        self.warnings: tuple[str, ...] = ()

    @property
    def unread(self) -> int:
        """How many comments it should have read and could not: no server, no budget left."""
        return int(getattr(self.reader, "unread", 0))


@contextmanager
def reading(site: Site) -> Iterator[SiteReader]:
    """The site's reader, told where it runs, and closed in the end; then `warnings` has what it could not do.

    Raises:
        ConfigurationError: the settings name a reader that is not there, or give it options that it does not have.
    """
    if site.settings is None or site.settings.reader in OUR_READERS:
        yield SiteReader()
        return
    from mkdocs_echo_plugin.readers import Surroundings, configured

    where = Surroundings(cache_dir=site.cache_dir, network=site.network)
    reader: Any = configured(site.settings.reader, site.settings.reader_options, where)
    holds = SiteReader(reader)
    try:
        yield holds
    finally:
        if hasattr(reader, "close"):
            holds.warnings = reader.close()
