"""How `apply --undo` gives a site back as it was; it may be stopped at any moment and begun again."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from mkdocs_echo_plugin.cli.applied_files import NOTES, Notes, hash_of, pages_of, put_back, read_notes, sweep
from mkdocs_echo_plugin.errors import ConfigurationError
from mkdocs_echo_plugin.render.document import MARK, without_fragments


@dataclass(frozen=True, slots=True)
class Undone:
    """Pages that are as they were, pages edited since of which ours is out, and what could not be taken out."""

    as_they_were: int
    edited: tuple[str, ...]
    left: tuple[str, ...]
    others: tuple[str, ...]


def undo(root: Path, folder: str, stylesheet: str) -> Undone:
    """Takes out what was applied, page by page, then the files that came with it, then the notes.

    Raises:
        ConfigurationError: the notes cannot be read; every page is then without what was applied all the same.
    """
    sweep(root)
    try:
        noted, wrong = read_notes(root, folder, stylesheet) or Notes(), None
    except ConfigurationError as error:
        noted, wrong = Notes(), error
    same = 0
    edited: list[str] = []
    left: list[str] = []
    for file in pages_of(root):
        before = file.read_bytes()
        name = file.relative_to(root).as_posix()
        if MARK not in before and name not in noted.pages:
            continue
        after = without_fragments(before)
        if after != before:
            put_back(root, name, after)
        known = noted.pages.get(name)
        if known is not None and hash_of(after) != known:
            (left if MARK in after else edited).append(name)
        elif after != before or known is not None:
            same += 1
    if wrong is not None:
        raise wrong
    others = _undo_files(root, noted)
    if not left:
        (root / folder / NOTES).unlink(missing_ok=True)
        _without_empty(root, f"{folder}/{NOTES}")
    return Undone(same, tuple(edited), tuple(left), tuple(others))


def _undo_files(root: Path, noted: Notes) -> list[str]:
    """Gives back what stood at the plugin's places; the names of those that somebody has changed since."""
    others = []
    for name, hashes in noted.wrote.items():
        path = root / name
        data = path.read_bytes() if path.is_file() and not path.is_symlink() else None
        original = noted.kept.get(name)
        if data is not None and data != original and hashes and hash_of(data) not in hashes:
            others.append(name)
        elif original is not None and data != original:
            put_back(root, name, original)
        elif original is None and data is not None:
            path.unlink()
        _without_empty(root, name)
    return others


def _without_empty(root: Path, name: str) -> None:
    for parent in list(PurePosixPath(name).parents)[:-1]:
        with suppress(OSError):  # there is something in it
            (root / parent).rmdir()
