"""Badges as files that any page may show: one SVG and one shields endpoint for each post, and for the site."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from mkdocs_echo_plugin.render import FOLDER, badge_file
from mkdocs_echo_plugin.report import shields, svg
from mkdocs_echo_plugin.report.wording import words_of


def files(report: Mapping[str, Any], folder: str = FOLDER) -> Iterator[tuple[str, str]]:
    """(path in the site, text) of every badge of a public report; a post without a badge has none.

    The endpoint's form is shields.io's: {"schemaVersion": 1, "label", "message", "color", "isError"}.
    """
    label = words_of(report).translate("badge.label")
    yield f"{folder}/badges/site.svg", svg.write(report)
    yield f"{folder}/badges/site.json", shields.write(report)
    for post in report["posts"]:
        if post["badge"]:
            yield f"{badge_file(post['path'], folder)}.svg", svg.draw(label, post["badge"]["small"])
            yield f"{badge_file(post['path'], folder)}.json", shields.endpoint(label, post["badge"]["small"])


def write(report: Mapping[str, Any], site_dir: Path, *, folder: str = FOLDER, before: object = None) -> None:
    """Writes the badges into a built site; those of posts that have none any more go.

    A file that says so already is left alone, and nothing is written outside of the site.

    Args:
        before: the report that lay there until now. No file goes but a badge of one of its posts, or of this one's.
    """
    wanted, root = dict(files(report, folder)), site_dir.resolve()
    for name in (_of_posts(before, folder) | _of_posts(report, folder)) - wanted.keys():
        old = site_dir / name
        if root in old.resolve().parents:
            old.unlink(missing_ok=True)
    inside: dict[Path, bool] = {}
    for path, text in wanted.items():
        file = site_dir / path
        within = inside.get(file.parent)
        if within is None:
            whole = file.parent.resolve()
            within = inside[file.parent] = whole == root or root in whole.parents
            if within:
                file.parent.mkdir(parents=True, exist_ok=True)
        data = text.encode()
        if not within or (file.is_symlink() and root not in file.resolve().parents):
            continue
        if not file.is_file() or file.read_bytes() != data:
            file.write_bytes(data)


def _of_posts(report: object, folder: str) -> set[str]:
    """The badges that go with a report of an earlier build, whatever it holds."""
    posts = report.get("posts") if isinstance(report, dict) else None
    paths = [post.get("path") for post in posts if isinstance(post, dict)] if isinstance(posts, list) else []
    names = {badge_file(path, folder) for path in paths if isinstance(path, str) and path}
    return {f"{name}{ending}" for name in names for ending in (".svg", ".json")}
