"""A page's addresses as bare paths, by which threads and posts are compared."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Final
from urllib.parse import unquote

HOME: Final = "/"
"""The path of a site's first page, which is empty without its slashes."""

_INDEX: Final = re.compile(r"(^|/)(?:index\.(?:html?|php|aspx?)|default\.aspx?)$")
_SCRIPT: Final = re.compile(r"\.(?:php|aspx?|cgi|jsp|cfm|pl)$")
_ENDING: Final = re.compile(r"\.(?:x?html?|shtml|php|aspx?)$")
_PAGE_OF_COMMENTS: Final = re.compile(r"/comment-page-\d{1,6}$")
_ROUTE: Final = re.compile(r"!?/(.+)")

NAMES_A_POST: Final = frozenset(
    ("p", "page_id", "post", "post_id", "postid", "id", "pid", "aid", "nid", "tid", "node", "article", "entry", "story",
     "attachment_id", "slug")
)  # fmt: skip
"""Parameters by which a page is told from its neighbours, wherever they stand."""

TRACKING: Final = re.compile(
    r"utm_\w*|fbclid|gclid|dclid|msclkid|yclid|twclid|igshid|igsh|mc_cid|mc_eid|_hs\w*|_ga|_gl|ref|ref_src|referrer"
    r"|source|src|spm|share|shared|nb|amp|outputtype|replytocom|unapproved|moderation-hash|preview\w*|cn-reloaded|s_cid"
    r"|cmp|cmpid|campaign|hootpostid|ncid|wt\.mc_id|sr_share|from|via|rss|feed|nocache|cache|v|ver|_",
)
"""Parameters that say how a reader came, and never what is read. Others are kept on a home page and for a script."""


def path_of(address: str, *, query: bool = False) -> str:
    """An address as the bare path that is compared ("https://a.org/2014/first.html?utm_source=x" -> "2014/first").

    Of a query stays what names a page ("https://a.org/?p=9" -> "?p=9"), so that it is never taken for the home page;
    with `query` all of it stays.
    """
    rest, _, fragment = address.strip().partition("#")
    if "//" in rest[:12]:
        rest = (
            "/" + rest.partition("//")[2].partition("/")[2] if "/" in rest.partition("//")[2] else _without_host(rest)
        )
    path, _, asked = rest.partition("?")
    path = re.sub("/+", "/", unicodedata.normalize("NFC", unquote(path))).strip("/")
    path, is_script = _INDEX.sub("", path).strip("/"), bool(_SCRIPT.search(path))
    path = _PAGE_OF_COMMENTS.sub("", path.removeprefix("index.php/"))
    # a site that is one page names its pages behind the hash ("/#/first", "/#!/first")
    if not path and (route := _ROUTE.fullmatch(fragment)):
        return path_of(route[1], query=query)
    kept = asked if query else _naming(asked, whole=is_script or not path)
    path = _ENDING.sub("", path).strip("/")
    return f"{path}?{kept}" if kept else path


def _without_host(rest: str) -> str:
    """What stands behind the host of an address without a path ("https://a.org?p=9")."""
    return "?" + rest.partition("?")[2] if "?" in rest else ""


def _naming(asked: str, *, whole: bool) -> str:
    """Of a query what names a page, in one order; `whole`: all but what is known to track."""
    kept = []
    for part in asked.split("&"):
        name, _, value = part.partition("=")
        name = name.casefold()
        if (whole and not TRACKING.fullmatch(name) and part) or (name in NAMES_A_POST and value):
            kept.append(f"{name}={unquote(value)}" if value else name)
    return "&".join(sorted(kept))


class PagePaths:
    """Addresses as paths: of the old site, of the new one, and mapped from one to the other."""

    def __init__(self, sites: Iterable[str | None], mapped: Mapping[str, str]) -> None:
        self._below = [path + "/" for path in {path_of(site) for site in sites if site} if path]
        self._mapped = {path_of(old, query="?" in old): path_of(new) for old, new in mapped.items()}

    def of(self, address: str | None) -> list[str]:
        """Where an address may lead: where the map says, else its path with and without the site's sub-path."""
        if not address:
            return []
        for old in (path_of(address, query=True), path_of(address)):
            if old in self._mapped:
                return [self._mapped[old] or HOME]
        return self.without_base(address)

    def without_base(self, address: str | None) -> list[str]:
        """An address's path, and what is left of it below the site's and the old site's sub-path."""
        if address is None:
            return []
        path = path_of(address)
        bare, mark, query = path.partition("?")
        below = [f"{bare}/".removeprefix(site).rstrip("/") for site in self._below if f"{bare}/".startswith(site)]
        return [f"{one}{mark}{query}" or HOME for one in (bare, *below)]
