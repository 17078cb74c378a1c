"""What was worked out before, by the hash of all that it was worked out from: a warm build reads no comment twice.

Two kinds of records lie in the cache directory: `healths.json` (a post's health) and `files/<hash>.json` (a comment
file's normalised threads). Both go as soon as a complete run has no use for them, so what a venue deleted is gone.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, fields, is_dataclass
from functools import cache
from pathlib import Path
from types import UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from mkdocs_echo_plugin.model import Health

T = TypeVar("T")


def fingerprint(*parts: object) -> str:
    """SHA-256 over the JSON of `parts`; dataclasses count by their fields, sets and paths are not accepted."""
    text = json.dumps(parts, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=_plain)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _plain(value: object) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    if hasattr(value, "isoformat"):
        return value.isoformat()
    if isinstance(value, (set, frozenset)):
        return sorted(value)
    if hasattr(value, "items"):
        return dict(value.items())
    raise TypeError(f"cannot fingerprint a {type(value).__name__}")


@cache
def code() -> str:
    """The hash of this package's own code, weights and word lists: a new version reads everything anew."""
    here, digest = Path(__file__).parent, hashlib.sha256()
    for path in sorted(p for p in here.rglob("*") if p.suffix in (".py", ".bin", ".txt", ".yml") and p.is_file()):
        digest.update(path.relative_to(here).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


class Derived:
    """The records in one cache directory. Reads are forgiving: a damaged record is as good as none."""

    def __init__(self, directory: Path) -> None:
        self._healths_path, self._files = directory / "healths.json", directory / "files"
        stored = _load(self._healths_path)
        self._stored: dict[str, Any] = stored if isinstance(stored, dict) else {}
        self._used: dict[str, Any] = {}
        self._used_files: set[str] = set()

    def health(self, key: str) -> Health | None:
        """The health kept under `key`."""
        record = self._used.get(key) or self._stored.get(key)
        if record is None:
            return None
        try:
            health = rebuilt(Health, record)
        except (TypeError, ValueError, KeyError, AttributeError):
            return None
        self._used[key] = record
        return health

    def keep_health(self, key: str, health: Health) -> None:
        """Keeps a health under `key`."""
        self._used[key] = asdict(health)

    def file(self, key: str) -> Any:
        """The JSON kept under `key`, None without."""
        self._used_files.add(key)
        return _load(self._files / f"{key}.json")

    def keep_file(self, key: str, record: Any) -> None:
        """Keeps JSON under `key`."""
        self._used_files.add(key)
        _write(self._files / f"{key}.json", record)

    def close(self, *, complete: bool) -> None:
        """Writes the healths; after a `complete` run drops what it had no use for."""
        kept = self._used if complete else {**self._stored, **self._used}
        if kept != self._stored:
            _write(self._healths_path, kept)
        if complete and self._files.is_dir():
            for path in self._files.glob("*.json"):
                if path.stem not in self._used_files:
                    path.unlink(missing_ok=True)


def _load(path: Path) -> Any:
    try:
        return json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return None


def _write(path: Path, record: Any) -> None:
    """Writes in one step, so that a build beside this one never reads half a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    passing = path.with_suffix(f".{fingerprint(str(path), id(record))[:8]}.tmp")
    passing.write_text(json.dumps(record, ensure_ascii=True, separators=(",", ":"), sort_keys=True), encoding="utf-8")
    passing.replace(path)


def rebuilt(kind: type[T], record: Any) -> T:
    """The dataclass that `dataclasses.asdict` and JSON made `record` of; also one of its nested parts.

    Raises:
        TypeError, KeyError: the record is not of this kind.
    """
    hints: Iterable[tuple[str, Any]] = _hints(kind)  # type: ignore[arg-type]  # a class is hashable
    return kind(**{name: _value(hint, record[name]) for name, hint in hints})


@cache
def _hints(kind: type[Any]) -> Iterable[tuple[str, Any]]:
    hints = get_type_hints(kind)
    return tuple((f.name, _inner(hints[f.name])) for f in fields(kind))


def _inner(hint: Any) -> Any:
    """The dataclass in `X | None`, `(X,)` for a tuple of X, None for what JSON gives back as it was."""
    if get_origin(hint) in (Union, UnionType):
        return next((inner for one in get_args(hint) if (inner := _inner(one)) is not None), None)
    if get_origin(hint) is tuple:
        return (_inner(get_args(hint)[0]),)
    return hint if is_dataclass(hint) else None


def _value(hint: Any, value: Any) -> Any:
    if hint is None or value is None:
        return value
    if isinstance(hint, tuple):
        return tuple(_value(hint[0], one) for one in value)
    return rebuilt(hint, value)
