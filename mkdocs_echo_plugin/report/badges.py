"""Badges as files that any page may show: one SVG and one shields endpoint for each post, and for the site."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from mkdocs_echo_plugin.render import BADGES, badge_file
from mkdocs_echo_plugin.report import shields, svg


def files(report: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """(path in the site, text) of every badge of a public report; a post without a badge has none.

    The endpoint's form is shields.io's: {"schemaVersion": 1, "label", "message", "color", "isError"}.
    """
    yield f"{BADGES}/site.svg", svg.write(report)
    yield f"{BADGES}/site.json", shields.write(report)
    for post in report["posts"]:
        if post["badge"]:
            yield f"{badge_file(post['path'])}.svg", svg.draw(shields.LABEL, post["badge"]["text"])
            yield f"{badge_file(post['path'])}.json", shields.endpoint(post["badge"]["text"])


def write(report: Mapping[str, Any], site_dir: Path) -> list[str]:
    """Writes the badges into a built site, and returns where; those of posts that have none any more go."""
    wanted = {site_dir / path: text for path, text in files(report)}
    folder = site_dir / BADGES
    for old in [f for f in folder.rglob("*") if f.suffix in (".svg", ".json")] if folder.is_dir() else []:
        if old not in wanted:
            old.unlink()
    for path, text in wanted.items():
        if site_dir.resolve() in path.resolve().parents:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="\n")
    return sorted(path.relative_to(site_dir).as_posix() for path in wanted if path.is_file())
