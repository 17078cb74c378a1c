"""How `apply` writes into a built site, and takes it out again, so that no byte is lost whenever it is stopped.

What is to be written is first staged beside its place; then the notes for `--undo` become durable; then each file is
renamed into its place. A file is at any moment the one that was there or the one that is to be there.
"""

from __future__ import annotations

import json
import os
import stat
from base64 import b64decode, b64encode
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path, PurePosixPath
from typing import Any, Final

from mkdocs_echo_plugin.errors import ConfigurationError

NOTES: Final = "applied.json"
"""The notes of `apply`, in the plugin's own folder of the site."""
STAGED: Final = ".echo-new-"
"""How the names of files begin that are not in their place yet."""
SCHEMA: Final = "applied.v2"
LARGEST_NOTES: Final = 512_000_000


@dataclass(slots=True)
class Notes:
    """What `apply` has done to a site, or was about to do.

    `wrote` has the files that are not pages with the hashes of what was written there; `kept` what stood there before,
    `pages` the hash of each changed page as it was.
    """

    wrote: dict[str, list[str]] = field(default_factory=dict)
    kept: dict[str, bytes] = field(default_factory=dict)
    pages: dict[str, str] = field(default_factory=dict)

    def to_json(self) -> bytes:
        kept = {name: b64encode(data).decode("ascii") for name, data in self.kept.items()}
        said = {"schema": SCHEMA, "wrote": self.wrote, "kept": kept, "pages": self.pages}
        return json.dumps(said).encode("ascii") + b"\n"


def hash_of(data: bytes) -> str:
    return sha256(data).hexdigest()


def read_notes(root: Path, folder: str, stylesheet: str) -> Notes | None:
    """The notes of an earlier run; None without any. Names that lie elsewhere than where `apply` writes are left out.

    Raises:
        ConfigurationError: they are not what `apply` writes.
    """
    place = root / folder / NOTES
    if not place.is_file() or place.is_symlink():
        return None

    def is_ours(name: object) -> bool:
        return isinstance(name, str) and ".." not in name and (name == stylesheet or name.startswith(f"{folder}/"))

    try:
        if place.stat().st_size > LARGEST_NOTES:
            raise ValueError
        noted: Any = json.loads(place.read_bytes())
        wrote = noted["wrote"] if isinstance(noted["wrote"], dict) else {name: [] for name in noted["wrote"]}
        return Notes(
            {str(k): [str(h) for h in v] for k, v in wrote.items() if is_ours(k)},
            {str(k): b64decode(v) for k, v in dict(noted["kept"]).items() if is_ours(k)},
            {str(k): str(v) for k, v in dict(noted.get("pages", {})).items()},
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ConfigurationError(
            f"{place}: these are no notes of `apply`, so what it wrote is not known. Build the site again."
        ) from error


def folder_of_notes(root: Path, usual: str) -> str:
    """The folder of the site in which notes lie: the usual one, or one that the site had named."""
    places = [root / usual / NOTES, *sorted(root.glob(f"*/{NOTES}")), *sorted(root.glob(f"*/*/{NOTES}"))]
    for place in places:
        with suppress(OSError):
            if place.is_file() and SCHEMA.encode() in place.read_bytes()[:100]:
                return place.parent.relative_to(root).as_posix()
    return usual


def pages_of(root: Path) -> Iterator[Path]:
    """The HTML files of a site in the order of their paths: no folder called x.html, and nothing behind a link."""
    found = []
    for folder, below, files in os.walk(root):
        below[:] = sorted(name for name in below if not (Path(folder) / name).is_symlink())
        found += [Path(folder) / name for name in files if name.endswith(".html") and not name.startswith(STAGED)]
    return (file for file in sorted(found) if file.is_file() and not file.is_symlink())


def sweep(root: Path) -> None:
    """Removes what an earlier run had staged when it was stopped."""
    for folder, _, files in os.walk(root):
        for name in files:
            if name.startswith(STAGED):
                (Path(folder) / name).unlink(missing_ok=True)


class Staging:
    """Files that are to be written all together.

    Raises (each method):
        ConfigurationError: a place lies behind a link.
        OSError: the system refuses; `drop` then leaves the site as it was.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._whole = root.resolve()
        self._staged: dict[str, Path] = {}
        self._made: list[Path] = []

    def add(self, name: str, data: bytes) -> None:
        """Stages a file's new content beside its place."""
        path = self._root / name
        if path.is_symlink() or path.parent.resolve() != self._whole / PurePosixPath(name).parent:
            raise ConfigurationError(
                f"{path}: this is a link, or lies behind one, and is not followed. Put a file there."
            )
        for parent in reversed(path.relative_to(self._root).parents):
            if not (self._root / parent).is_dir():
                (self._root / parent).mkdir()
                self._made.append(self._root / parent)
        staged = path.with_name(f"{STAGED}{hash_of(name.encode())[:16]}")
        self._staged[name] = staged
        _write_durably(staged, data, like=path)

    def place(self, name: str) -> None:
        """Renames a file into its place, if one is staged for it."""
        if name not in self._staged:
            return
        staged = self._staged[name]
        staged.replace(self._root / name)
        del self._staged[name]
        _sync_folder(staged.parent)

    def place_all(self) -> None:
        for name in list(self._staged):
            self.place(name)

    def drop(self) -> None:
        """Takes away what is staged and in no place yet, and the folders made for it."""
        for staged in self._staged.values():
            with suppress(OSError):
                staged.unlink(missing_ok=True)
        for folder in reversed(self._made):
            with suppress(OSError):
                folder.rmdir()


def _write_durably(path: Path, data: bytes, *, like: Path) -> None:
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        if like.is_file() and hasattr(os, "fchmod"):
            os.fchmod(file.fileno(), stat.S_IMODE(like.stat().st_mode))
        os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    if not hasattr(os, "O_DIRECTORY"):
        return
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def originals(root: Path, names: Iterable[str], noted: Notes) -> dict[str, bytes]:
    """What stood at these places before `apply` came, as far as something did."""
    found: dict[str, bytes] = {}
    for name in names:
        path = root / name
        data = path.read_bytes() if path.is_file() else None
        if data is None or (name in noted.wrote and (not noted.wrote[name] or hash_of(data) in noted.wrote[name])):
            if name in noted.kept:
                found[name] = noted.kept[name]
        else:
            found[name] = data
    return found


def write_all(
    root: Path, folder: str, noted: Notes, files: Mapping[str, bytes], pages: Iterable[tuple[str, bytes | None, str]]
) -> int:
    """Writes files and pages into the site; how many pages.

    Args:
        noted: of an earlier run.
        files: what goes into the plugin's places.
        pages: (name, new content, hash of what the page was before `apply` ever came), one after the other; no content
            where a page shows already what it is to show.
    """
    sweep(root)
    staging = Staging(root)
    notes_at = f"{folder}/{NOTES}"
    try:
        gone = [name for name in noted.wrote if name not in files]
        kept = originals(root, [*files, *gone], noted)
        wrote = {
            name: list(dict.fromkeys([*noted.wrote.get(name, ()), hash_of(data)]))[-8:] for name, data in files.items()
        }
        wrote |= {name: noted.wrote[name] for name in gone}
        was: dict[str, str] = {}
        changed = 0
        for name, data, before in pages:
            was[name] = before
            if data is not None:
                staging.add(name, data)
                changed += 1
        restored = {name: kept[name] for name in gone if name in kept}
        notes = Notes(wrote, kept, was).to_json()
        for name, content in {**files, **restored, notes_at: notes}.items():
            if not (root / name).is_file() or (root / name).is_symlink() or (root / name).read_bytes() != content:
                staging.add(name, content)
        staging.place(notes_at)
    except BaseException:
        staging.drop()
        raise
    staging.place_all()
    for name in gone:
        if name not in restored:
            (root / name).unlink(missing_ok=True)
    return changed


def put_back(root: Path, name: str, data: bytes) -> None:
    """Writes one file, durably and at once."""
    staging = Staging(root)
    try:
        staging.add(name, data)
        staging.place(name)
    except BaseException:
        staging.drop()
        raise
