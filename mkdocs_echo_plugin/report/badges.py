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


def write(report: Mapping[str, Any], site_dir: Path) -> None:
    """Writes the badges into a built site; those of posts that have none any more go.

    A file that says so already is left alone, and nothing is written outside of the site.
    """
    wanted, root, folder = dict(files(report)), site_dir.resolve(), site_dir / BADGES
    for old in [f for f in folder.rglob("*") if f.suffix in (".svg", ".json")] if folder.is_dir() else []:
        path = old.relative_to(site_dir).as_posix()
        if path not in wanted:
            old.unlink()
        elif not old.is_symlink() and old.read_bytes() == wanted[path].encode():
            del wanted[path]
    inside: dict[Path, bool] = {}
    for path, text in wanted.items():
        file = site_dir / path
        within = inside.get(file.parent)
        if within is None:
            whole = file.parent.resolve()
            within = inside[file.parent] = whole == root or root in whole.parents
            if within:
                file.parent.mkdir(parents=True, exist_ok=True)
        if within and (not file.is_symlink() or root in file.resolve().parents):
            file.write_bytes(text.encode())
