"""What was worked out before, by the hash of all that it was worked out from: a warm build reads no comment twice.

In the cache directory lie tables (`healths.json`, `matches.json`, `fragments.json`: a JSON object by key) and
`files/<hash>.json` (what a comment file holds). Each begins with an HMAC of what follows, so that a file which is
damaged, or was written without the site's ECHO_KEY where there is one, is as good as none. They hold JSON, and nothing
in them is ever run. What a complete run has no use for goes, and with it what a venue deleted; of what only part of a
site was asked for, a bounded rest stays.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
import os
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, fields, is_dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from mkdocs_echo_plugin.cache_files import CacheFiles, write_private
from mkdocs_echo_plugin.limits import MAX_CACHE_FILE_BYTES
from mkdocs_echo_plugin.messages import OneLine
from mkdocs_echo_plugin.model import Health
from mkdocs_echo_plugin.typed_json import from_record

MOST_UNUSED: Final = 10_000
"""Records of a table that a run which saw only part of the site leaves for the next."""
MOST_UNUSED_FILES: Final = 100
READ_WITH: Final = (
    "babel", "beautifulsoup4", "jinja2", "lxml", "Markdown", "markupsafe", "PyYAML", "vaderSentiment",
)  # fmt: skip

log = OneLine(logging.getLogger(__name__))


def fingerprint(*parts: object) -> str:
    """SHA-256 over the JSON of `parts`; dataclasses count by their fields, sets and paths are not accepted."""
    text = json.dumps(parts, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=_plain)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _plain(value: object) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return {name: getattr(value, name) for name in _names(type(value))}
    if hasattr(value, "isoformat"):
        return value.isoformat()
    if isinstance(value, (set, frozenset)):
        return sorted(value)
    if hasattr(value, "items"):
        return dict(value.items())
    raise TypeError(f"cannot fingerprint a {type(value).__name__}")


@cache
def _names(kind: type[Any]) -> tuple[str, ...]:
    return tuple(f.name for f in fields(kind))


@cache
def code_version() -> str:
    """The hash of this package's own code, weights and word lists, and the versions of what it reads and writes with.

    A new version of any works everything out anew.
    """
    from importlib.metadata import distribution

    here, kinds = Path(__file__).parent, (".py", ".bin", ".json", ".npz", ".onnx", ".txt", ".yml", ".md")
    ours = [entry.path for entry in files_below(here) if entry.name.endswith(kinds)]
    # unparsed, which is what would take long
    others = [d.read_text("METADATA") or d.read_text("PKG-INFO") for d in map(distribution, READ_WITH)]
    return fingerprint(sorted((path[len(str(here)) :], hash_of(path)) for path in ours), others)


def files_below(folder: Path) -> Iterator[os.DirEntry[str]]:
    """Every file in a folder and below it, in no order; no link to a folder is followed."""
    waiting = [str(folder)]
    while waiting:
        with os.scandir(waiting.pop()) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(entry.path)
                elif entry.is_file():
                    yield entry


def hash_of(path: str) -> str:
    """SHA-256 of a file's bytes. Raises OSError."""
    with open(path, "rb") as file:  # noqa: PTH123  # making a Path of it takes longer than reading
        return hashlib.sha256(file.read()).hexdigest()


class Table:
    """Records by key in one file. Reads are forgiving: a damaged file is an empty one."""

    def __init__(self, path: Path) -> None:
        self.path = path
        stored = _load(path)
        self._stored: dict[str, Any] = stored[0] if stored and isinstance(stored[0], dict) else {}
        self._used: dict[str, Any] = {}

    def get(self, key: str) -> Any:
        """The record kept under `key`, None without."""
        record = self._used.get(key)
        if record is None and (record := self._stored.get(key)) is not None:
            self._used[key] = record
        return record

    @property
    def used(self) -> set[str]:
        """The keys that were asked for and found, or kept."""
        return set(self._used)

    def keep(self, key: str, record: Any) -> None:
        """Keeps what JSON can say, or a dataclass of such, under `key`."""
        self._used[key] = record

    def close(self, *, complete: bool) -> None:
        """Writes what was used; after a run that was not `complete` also what it had no use for, up to a bound."""
        unused = [] if complete else [key for key in self._stored if key not in self._used][-MOST_UNUSED:]
        kept = {key: self._stored[key] for key in unused} | self._used
        if kept != self._stored:
            _write(self.path, kept)


@dataclass(slots=True)
class Used:
    """What the builds of one run have used of a cache: of a site in several languages each is a build by itself."""

    records: defaultdict[Path, set[str]] = field(default_factory=lambda: defaultdict(set))
    files: set[str] = field(default_factory=set)

    def note(self, *tables: Table, files: Iterable[str] = ()) -> None:
        """Adds what a build has used."""
        for table in tables:
            self.records[table.path] |= table.used
        self.files.update(files)

    def drop_rest(self, directory: Path) -> None:
        """Deletes what none of the builds has used, and begins anew."""
        cache = BuildCache(directory)
        for path in (cache.layout.healths, cache.layout.matches, cache.layout.fragments):
            table = Table(path)
            for key in self.records[path]:
                table.get(key)
            table.close(complete=True)
        cache.drop_files(keep=self.files)
        self.records.clear()
        self.files.clear()


class BuildCache:
    """The healths, matches and comment files in one cache directory."""

    def __init__(self, directory: Path) -> None:
        self.layout = CacheFiles(directory)
        self.layout.sweep()
        self._is_prepared = False
        self._files = self.layout.files
        self._healths = Table(self.layout.healths)
        self.matches = Table(self.layout.matches)
        self._used_files: set[str] = set()

    def health(self, key: str) -> Health | None:
        """The health kept under `key`."""
        record = self._healths.get(key)
        if record is None or isinstance(record, Health):
            return record
        try:
            return from_record(Health, record)
        except (TypeError, ValueError, KeyError):
            return None

    def keep_health(self, key: str, health: Health) -> None:
        """Keeps a health under `key`."""
        self._healths.keep(key, health)

    def file(self, key: str) -> tuple[Any, list[bytes]] | None:
        """The JSON kept under `key` and the lines that belong to it, None without."""
        self._used_files.add(key)
        return _load(self._files / f"{key}.json")

    def keep_file(self, key: str, record: Any, lines: Sequence[bytes] = ()) -> None:
        """Keeps JSON under `key`, and lines that are only looked at when they are needed."""
        self._used_files.add(key)
        self._prepare()
        _write(self._files / f"{key}.json", record, lines)

    def files(self) -> Iterator[tuple[Any, list[bytes]]]:
        """All that is kept of files, by whatever key."""
        for path in sorted(self._files.glob("*.json")):
            if (found := _load(path)) is not None:
                yield found

    def _prepare(self) -> None:
        if not self._is_prepared:
            self._is_prepared = True
            with suppress(OSError):  # then nothing can be kept either, which is said where it is tried
                self.layout.prepare()

    def close(self, *, complete: bool) -> None:
        """Writes the tables; after a `complete` run drops what it had no use for."""
        self._prepare()
        self._healths.close(complete=complete)
        self.matches.close(complete=complete)
        self.drop_files(keep=self._used_files, most=0 if complete else MOST_UNUSED_FILES)

    def drop_files(self, *, keep: Collection[str], most: int = 0) -> None:
        """Deletes what is kept of files, but for those in `keep` and the `most` newest of the others."""
        unused = sorted((path for path in self._files.glob("*.json") if path.stem not in keep), key=_age)
        for path in unused[: len(unused) - most]:
            path.unlink(missing_ok=True)

    def note(self, used: Used) -> None:
        """Adds what this build has used."""
        used.note(self._healths, self.matches, files=self._used_files)


def _age(path: Path) -> float:
    with suppress(OSError):
        return path.stat().st_mtime
    return 0.0


def _load(path: Path) -> tuple[Any, list[bytes]] | None:
    """What `_write` wrote: the record and the lines; None for anything else."""
    try:
        if path.stat().st_size > MAX_CACHE_FILE_BYTES:
            return None
        hashed, _, rest = path.read_bytes().partition(b"\n")
        if not hmac.compare_digest(_seal(rest), hashed):
            log.debug("%s is damaged, or none of ours: what it held is worked out again.", path)
            return None
        first, *lines = rest.split(b"\n")
        return json.loads(first), lines
    except (OSError, ValueError, RecursionError):
        return None


def _seal(rest: bytes) -> bytes:
    """HMAC-SHA-256 under ECHO_KEY: where that is set, nobody without it can write a cache that is believed."""
    return hmac.digest(os.fsencode(os.environ.get("ECHO_KEY", "")), rest, "sha256").hex().encode()


def _write(path: Path, record: Any, lines: Sequence[bytes] = ()) -> None:
    """Writes in one step, so that a build beside this one never reads half a file."""
    first = json.dumps(record, ensure_ascii=True, separators=(",", ":"), default=_plain).encode("ascii")
    rest = b"\n".join((first, *lines))
    try:
        write_private(path, _seal(rest) + b"\n" + rest)
    except OSError as error:
        log.debug("%s cannot be written (%s): the next build works it out again.", path, error)
