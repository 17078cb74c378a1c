"""Where everything lies that is kept from build to build: one object names every file in a site's cache directory.

The cache holds what commenters wrote, so it is the user's alone: files 0600, a directory that we make 0700, nothing
that Git takes, and no leftover of a build that was killed.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Final

FRESH: Final = timedelta(hours=24)
"""How long an answer over the network is used before its comment system is asked again."""
KEPT: Final = timedelta(days=30)
"""How old such an answer may become where the comment system does not answer."""
_TEMPORARY: Final = re.compile(r"\.(\d{1,10})-\d+\.tmp", re.ASCII)
_ABANDONED_SECONDS: Final = 3600
"""Age of another process's unfinished file that is nobody's any more, where the process itself cannot be asked for."""
_numbers = count()


@dataclass(frozen=True, slots=True)
class CacheFiles:
    """The files in one cache directory, for the plugin and the command line alike."""

    directory: Path

    @property
    def threads(self) -> Path:
        """What comment systems answered over the network (SQLite)."""
        return self.directory / "threads.db"

    @property
    def healths(self) -> Path:
        """The health of each post, by the hash of what it was worked out from."""
        return self.directory / "healths.json"

    @property
    def matches(self) -> Path:
        """Which thread belongs to which post."""
        return self.directory / "matches.json"

    @property
    def fragments(self) -> Path:
        """The HTML of each post's badge, panel and prompt."""
        return self.directory / "fragments.json"

    @property
    def author(self) -> Path:
        """The author's own report of the last build."""
        return self.directory / "author.json"

    @property
    def answers(self) -> Path:
        """What a language model answered, by the hash of what it was asked."""
        return self.directory / "answers.json"

    @property
    def files(self) -> Path:
        """The threads of each comment file (a folder)."""
        return self.directory / "files"

    @property
    def share(self) -> Path:
        """The pictures for links that others share, by the hash of what they show (a folder)."""
        return self.directory / "share"

    def kept(self) -> dict[str, tuple[Path, ...]]:
        """By name, the files that are there."""
        found: dict[str, tuple[Path, ...]] = {}
        for path in (self.threads, self.healths, self.matches, self.fragments, self.author, self.answers):
            if path.is_file():
                found[path.name] = (path,)
        if self.files.is_dir() and (inside := tuple(sorted(self.files.glob("*.json")))):
            found[self.files.name] = inside
        if self.share.is_dir() and (pictures := tuple(sorted(self.share.glob("*.png")))):
            found[self.share.name] = pictures
        return found

    def clear(self) -> int:
        """Deletes what the plugin has put there, and nothing else; how many bytes that were."""
        freed = 0
        ours = [path for paths in self.kept().values() for path in paths]
        for path in (*ours, *self._unfinished(), *self.directory.glob("threads.db-*")):
            freed += path.stat().st_size
            path.unlink(missing_ok=True)
        for folder in (self.files, self.share):
            with suppress(OSError):
                folder.rmdir()
        return freed

    def prepare(self) -> None:
        """Makes the directory, and has Git pass over it before anything is kept: what is committed cannot be deleted.

        A directory in which something else lies is somebody else's to ignore. Raises OSError where it cannot be made.
        """
        make_private_folder(self.directory)
        ignore = self.directory / ".gitignore"
        ours = {
            path.name for path in (self.threads, self.healths, self.matches, self.fragments, self.author, self.answers)
        }
        with suppress(OSError):
            if not ignore.exists():
                there = {path.name for path in self.directory.iterdir() if not path.name.startswith("threads.db-")}
                unfinished = {path.name for path in self._unfinished()}
                if there <= ours | unfinished | {self.files.name, self.share.name}:
                    write_private(ignore, b"*\n")

    def sweep(self) -> None:
        """Deletes what a killed build left unfinished, and answers over the network that all are past their time.

        What an earlier version left readable for others is closed to them.
        """
        with suppress(OSError):
            for path in (path for paths in self.kept().values() for path in paths):
                if path.stat().st_mode & 0o077:
                    path.chmod(0o600)
            for path in self._unfinished():
                if _is_abandoned(path):
                    path.unlink(missing_ok=True)
            if self.threads.is_file() and time.time() - self.threads.stat().st_mtime > KEPT.total_seconds():
                self.threads.unlink(missing_ok=True)
                self.threads.with_name("threads.db-journal").unlink(missing_ok=True)

    def _unfinished(self) -> Iterator[Path]:
        for folder in (self.directory, self.files, self.share):
            yield from (path for path in folder.glob("*.tmp") if _TEMPORARY.search(path.name))


def make_private_folder(folder: Path) -> None:
    """Makes a folder that only its owner may open; one that is there already stays as it is. Raises OSError."""
    if not folder.is_dir():
        folder.parent.mkdir(parents=True, exist_ok=True)
        folder.mkdir(mode=0o700, exist_ok=True)


def write_private(path: Path, data: bytes) -> None:
    """Writes a file that only its owner may read, in one step: nobody ever reads half of it.

    Raises:
        OSError: it cannot be written; what stood there stays.
    """
    make_private_folder(path.parent)
    passing = path.with_name(f"{path.name}.{os.getpid()}-{next(_numbers)}.tmp")
    try:
        with os.fdopen(os.open(passing, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(data)
        passing.replace(path)
    except OSError:
        with suppress(OSError):
            passing.unlink(missing_ok=True)
        raise


def keep_private(path: Path) -> None:
    """Makes an empty file that only its owner may read, or takes everybody else's rights to one that is there."""
    make_private_folder(path.parent)
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600))
    if path.stat().st_mode & 0o077:
        path.chmod(0o600)


def _is_abandoned(path: Path) -> bool:
    """Whether the process that was writing the file runs no more."""
    named = _TEMPORARY.search(path.name)
    try:
        if time.time() - path.stat().st_mtime > _ABANDONED_SECONDS:
            return True
        if os.name != "posix" or named is None:  # elsewhere a signal would end the process that is asked for
            return False
        os.kill(int(named[1]), 0)
    except ProcessLookupError:
        return True
    except (OSError, OverflowError):
        return False
    return int(named[1]) == os.getpid()
