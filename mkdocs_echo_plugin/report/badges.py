"""Badges as files that any page may show: one SVG and one shields endpoint for each post, and for the site."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Any, Final

from mkdocs_echo_plugin.report import shields, svg

FOLDER: Final = "echo/badges"


def name(path: str) -> str:
    """Where the badge of the post at `path` lies in the site, without an ending ("echo/badges/posts/well")."""
    return f"{FOLDER}/{PurePosixPath(path).with_suffix('')}"


def files(report: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """(path in the site, text) of every badge of a public report; a post without a badge has none.

    The endpoint's form is shields.io's: {"schemaVersion": 1, "label", "message", "color", "isError"}.
    """
    yield f"{FOLDER}/site.svg", svg.write(report)
    yield f"{FOLDER}/site.json", shields.write(report)
    for post in report["posts"]:
        if post["badge"]:
            yield f"{name(post['path'])}.svg", svg.draw(shields.LABEL, post["badge"]["text"])
            yield f"{name(post['path'])}.json", shields.endpoint(post["badge"]["text"])


def write(report: Mapping[str, Any], site_dir: Path) -> None:
    """Writes the badges into a built site; those of posts that have none any more go."""
    wanted = {site_dir / path: text for path, text in files(report)}
    folder = site_dir / FOLDER
    for old in [f for f in folder.rglob("*") if f.suffix in (".svg", ".json")] if folder.is_dir() else []:
        if old not in wanted:
            old.unlink()
    for path, text in wanted.items():
        if site_dir.resolve() in path.resolve().parents:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="\n")


def snippet(site_url: str | None, path: str, text: str, page: str) -> str:
    """Markdown that shows a post's badge elsewhere and links to the post."""
    alt = text.replace("[", "(").replace("]", ")")
    return f"[![{alt}]({(site_url or '').rstrip('/')}/{name(path)}.svg)]({page})"
