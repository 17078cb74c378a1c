"""What waits for an answer as an Atom feed (RFC 4287), for the site's author: public figures, and nobody's words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote
from xml.etree import ElementTree

from mkdocs_echo_plugin.locales import day
from mkdocs_echo_plugin.messages import plain_text
from mkdocs_echo_plugin.render import FOLDER
from mkdocs_echo_plugin.report.waiting import by_age, pressing
from mkdocs_echo_plugin.report.wording import line, words_of

MOST: Final = 100
_ATOM = "http://www.w3.org/2005/Atom"
_NEVER: Final = "1970-01-01T00:00:00Z"


def waiting_file(folder: str = FOLDER) -> str:
    """Where the feed lies in the built site."""
    return f"{folder}/feeds/waiting.xml"


def waiting(report: Mapping[str, Any], *, folder: str = FOLDER, site_name: str = "") -> str:
    """The feed of questions and objections that nobody answered, the newest first.

    The same report gives the same bytes: its times are those of the comments. An answered one leaves the feed.
    """
    words = words_of(report)
    site = str(report["site"] or "")
    # who can see a site's address can name its entries; without one they are named by their place in the site
    home = site or "urn:mkdocs-echo:"
    found = by_age((p, w) for p in report["posts"] for w in pressing(p))[::-1][:MOST]
    feed = ElementTree.Element("feed", {"xmlns": _ATOM, "xml:lang": words.language})
    _add(feed, "id", f"{home}{waiting_file(folder)}")
    _add(feed, "title", " · ".join(filter(None, (site_name, words.translate("digest.waiting")))))
    _add(feed, "updated", max((w["since"] for _, w in found if w["since"]), default=_NEVER))
    if site:
        ElementTree.SubElement(feed, "link", {"rel": "self", "href": f"{site}{waiting_file(folder)}"})
        ElementTree.SubElement(feed, "link", {"href": site})
    author = ElementTree.SubElement(feed, "author")
    _add(author, "name", site_name or "mkdocs-echo")
    for post, one in found:
        entry = ElementTree.SubElement(feed, "entry")
        _add(entry, "id", f"{home}echo/waiting/{quote(post['path'])}#{quote(one['comment_id'], safe='')}")
        since = day(date.fromisoformat(one["since"][:10]), words.language) if one["since"] else ""
        key = f"open.{one['kind']}_since" if since else f"open.{one['kind']}"
        said = words.translate(key, since=since)
        _add(entry, "title", f"{post['title'] or post['path']}: {said}")
        _add(entry, "updated", one["since"] or _NEVER)
        if href := next((a for a in (one["url"], post["url"]) if a and a.startswith(("http://", "https://"))), ""):
            ElementTree.SubElement(entry, "link", {"href": href})
        _add(entry, "summary", line(post, words))
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ElementTree.tostring(feed, encoding="unicode") + "\n"


def write(report: Mapping[str, Any], site_dir: Path, *, folder: str = FOLDER, site_name: str = "") -> None:
    """Writes the feed into a built site, if it says anything else than what lies there."""
    file = site_dir / waiting_file(folder)
    data = waiting(report, folder=folder, site_name=site_name).encode()
    if file.is_file() and file.read_bytes() == data:
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(data)


def _add(parent: ElementTree.Element, name: str, text: str) -> None:
    ElementTree.SubElement(parent, name).text = plain_text(text)
