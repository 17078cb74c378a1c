"""The share pictures of a site's posts, and the page's link to its own (Open Graph)."""

from __future__ import annotations

import re
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from mkdocs_echo_plugin.errors import ConfigurationError
from mkdocs_echo_plugin.serialize import public

if TYPE_CHECKING:
    from mkdocs_echo_plugin.config import EchoConfig
    from mkdocs_echo_plugin.report.share import Picture
    from mkdocs_echo_plugin.survey import Survey

_HAS_ONE = re.compile(r"""<meta\b[^<>]*\b(?:property|name)=["']?(?:og|twitter):image\b""", re.IGNORECASE)
_HEAD_END = re.compile(r"</head\s*>", re.IGNORECASE)


def share_pictures(survey: Survey, config: EchoConfig, *, site_url: str | None, site_name: str) -> SharePictures | None:
    """The pictures of a site's posts, None where the site wants none.

    Raises:
        ConfigurationError: Pillow is not installed.
    """
    if not config.publish.share:
        return None
    return SharePictures(survey, site_url=site_url, site_name=site_name, folder=config.folder)


class SharePictures:
    """Which post has which picture.

    Raises:
        ConfigurationError: Pillow is not installed.
    """

    def __init__(self, survey: Survey, *, site_url: str | None, site_name: str, folder: str) -> None:
        try:
            import PIL  # noqa: F401  # only to see whether it is installed
        except ImportError as error:
            raise ConfigurationError(
                "publish.share: Pillow is not installed. Run `pip install 'mkdocs-echo-plugin[share]'`, or leave the "
                "option out."
            ) from error
        from mkdocs_echo_plugin.report.share import picture_of

        self._site_url, self._folder = site_url, folder
        found = ((s.post, picture_of(s.post, public(s.health), site_name=site_name)) for s in survey.posts)
        self._pictures: dict[str, Picture] = {post.path: picture for post, picture in found if picture}

    def into_head(self, path: str, page: str) -> str:
        """A post's whole page with its picture named in the head, unless one is named there already.

        Without a `site_url` there is no address that others could load it from.
        """
        from mkdocs_echo_plugin.report.share import SIZE, share_file

        picture, end = self._pictures.get(path), _HEAD_END.search(page)
        if picture is None or end is None or not self._site_url or _HAS_ONE.search(page, 0, end.start()):
            return page
        said = {
            "og:image": self._site_url.rstrip("/") + "/" + share_file(path, self._folder),
            "og:image:alt": picture.text,
            "og:image:width": str(SIZE[0]),
            "og:image:height": str(SIZE[1]),
        }
        tags = "".join(f'<meta property="{name}" content="{escape(value)}">\n' for name, value in said.items())
        tags += '<meta name="twitter:card" content="summary_large_image">\n'
        return page[: end.start()] + tags + page[end.start() :]

    def write(self, *, site_dir: Path, cache_dir: Path, complete: bool) -> int:
        """Writes them into the built site; how many had to be drawn."""
        from mkdocs_echo_plugin.report.share import share_file, write

        wanted = {share_file(path, self._folder): picture for path, picture in self._pictures.items()}
        return write(wanted, site_dir=site_dir, cache_dir=cache_dir, complete=complete)
