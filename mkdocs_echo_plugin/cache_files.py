"""Where everything lies that is kept from build to build: one object names every file in a site's cache directory."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path


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
    def files(self) -> Path:
        """The threads of each comment file (a folder)."""
        return self.directory / "files"

    def kept(self) -> dict[str, tuple[Path, ...]]:
        """By name, the files that are there."""
        found: dict[str, tuple[Path, ...]] = {}
        for path in (self.threads, self.healths, self.matches, self.fragments, self.author):
            if path.is_file():
                found[path.name] = (path,)
        if self.files.is_dir() and (inside := tuple(sorted(self.files.glob("*.json")))):
            found[self.files.name] = inside
        return found

    def clear(self) -> int:
        """Deletes what the plugin has put there, and nothing else; how many bytes that were."""
        freed = 0
        ours = [path for paths in self.kept().values() for path in paths]
        leftovers = [*self.directory.glob("*.tmp"), *self.files.glob("*.tmp"), *self.directory.glob("threads.db-*")]
        for path in (*ours, *leftovers):
            freed += path.stat().st_size
            path.unlink(missing_ok=True)
        with suppress(OSError):
            self.files.rmdir()
        return freed

    def keep_out_of_repository(self) -> None:
        """Has Git pass over a cache directory that holds nothing but ours: what is committed outlives its deletion."""
        ignore = self.directory / ".gitignore"
        ours = {
            path.name for path in (self.threads, self.healths, self.matches, self.fragments, self.author, self.files)
        }
        with suppress(OSError):
            there = {file.name for file in self.directory.iterdir() if not file.name.endswith((".tmp", "-journal"))}
            if not ignore.exists() and there <= ours:
                ignore.write_text("*\n", encoding="utf-8")
