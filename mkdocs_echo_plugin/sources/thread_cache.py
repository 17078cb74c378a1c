"""Threads that were read before: one SQLite file of anonymised threads, and the ladder that uses it.

The ladder: a cached thread that is still `FRESH`, else the venue, else what the cache still holds, else the error. What
a venue no longer shows leaves the cache with the next answer, and everything leaves it when it is older than `KEPT`.
Nothing in it names anybody or opens anything: no token, no name, and authors as keyed hashes.
"""

from __future__ import annotations

import json
import logging
import sqlite3
import threading
import weakref
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal, Self

from mkdocs_echo_plugin.cache_files import FRESH, KEPT, CacheFiles, keep_private
from mkdocs_echo_plugin.errors import NoThread, SourceError
from mkdocs_echo_plugin.messages import OneLine
from mkdocs_echo_plugin.model import Thread
from mkdocs_echo_plugin.serialize import thread_from_dict, thread_to_dict
from mkdocs_echo_plugin.sources.anonymise import Anonymiser
from mkdocs_echo_plugin.sources.http.response import Gone, NotModified, Validator, if_modified
from mkdocs_echo_plugin.sources.raw import RawThread

__all__ = ["Cached", "Origin", "ThreadCache", "read_through"]

Origin = Literal["network", "cache", "stale"]
VERSION = 2
COLUMNS = "source TEXT, key TEXT, anonymiser TEXT, fetched REAL, address TEXT, etag TEXT, modified TEXT, threads TEXT"

log = OneLine(logging.getLogger(__name__))


@dataclass(frozen=True, slots=True)
class Cached:
    """What was read before; `fresh` if it is younger than the age that was asked for."""

    threads: tuple[Thread, ...]
    fetched_at: datetime
    fresh: bool
    validator: Validator | None = None


class ThreadCache:
    """The threads of one site in `directory`/threads.db; safe to share between threads of a process.

    Changes are held in memory and written by `save` (or at the end of the `with` block) in one transaction, so a run
    that breaks off changes nothing. A file that is no cache of ours is deleted and made anew; one that cannot be
    written leaves the build as it is.
    """

    def __init__(self, directory: Path) -> None:
        self._layout = CacheFiles(directory)
        self._path = self._layout.threads
        self._lock = threading.RLock()
        self._reader: sqlite3.Connection | None = None
        self._changed: dict[tuple[str, str], tuple[str, Cached] | None] = {}
        self._now: datetime | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.save()

    def get(
        self, source: str, key: str, *, max_age: timedelta = FRESH, now: datetime, anonymiser: str = ""
    ) -> Cached | None:
        """What is held for a key of a source, None if nothing, if it is past `KEPT` or of another `anonymiser`."""
        with self._lock:
            self._now = now
            if (source, key) in self._changed:
                change = self._changed[source, key]
                cached = change[1] if change and change[0] == anonymiser else None
            else:
                cached = self._read(source, key, anonymiser)
            if cached is None:
                return None
            age = now - cached.fetched_at
            if age > KEPT:
                self._changed[source, key] = None
                return None
            # a clock that was set back must not keep a thread for ever
            return replace(cached, fresh=timedelta(hours=-1) <= age <= max_age)

    def put(
        self,
        source: str,
        key: str,
        threads: Iterable[Thread],
        *,
        now: datetime,
        anonymiser: str = "",
        validator: Validator | None = None,
    ) -> None:
        """Holds threads instead of whatever was held for the key."""
        with self._lock:
            self._now = now
            self._changed[source, key] = (anonymiser, Cached(tuple(threads), now.astimezone(UTC), True, validator))

    def forget(self, source: str, key: str) -> None:
        """Drops a key: the venue no longer has its thread."""
        with self._lock:
            self._changed[source, key] = None

    def save(self) -> None:
        """Writes what changed and drops what is past `KEPT`, in one transaction, and closes the file."""
        with self._lock:
            if self._reader:
                self._reader.close()
                self._reader = None
            if self._changed or (self._now and self._path.exists()):
                try:
                    self._write()
                except sqlite3.OperationalError as error:
                    log.info("%s cannot be written (%s); comments are asked for again next time.", self._path, error)
                except (sqlite3.DatabaseError, OSError, ValueError) as error:
                    log.info("%s is broken (%s); it is made anew.", self._path, error)
                    with suppress(OSError, sqlite3.Error, ValueError):
                        self._path.unlink(missing_ok=True)
                        self._write()
            self._changed.clear()

    def _read(self, source: str, key: str, anonymiser: str) -> Cached | None:
        try:
            if self._reader is None:
                if not self._path.exists():
                    return None
                self._reader = sqlite3.connect(self._path, timeout=5, check_same_thread=False)
                # a cache that is only looked into is never saved: the file closes with it
                weakref.finalize(self, self._reader.close)
                if self._reader.execute("PRAGMA user_version").fetchone()[0] != VERSION:
                    raise sqlite3.DatabaseError("another version")
            row = self._reader.execute(
                "SELECT fetched, address, etag, modified, threads FROM thread"
                " WHERE source=? AND key=? AND anonymiser=?",
                (source, key, anonymiser),
            ).fetchone()
            if row is None:
                return None
            written = json.loads(row[4])
            if not isinstance(written, list) or not all(map(_fits_a_header, row[1:4])):
                raise TypeError("no row of ours")
            threads = tuple(map(thread_from_dict, written))
            validator = Validator(*row[1:4]) if row[1] else None
            return Cached(threads, datetime.fromtimestamp(row[0], UTC), False, validator)
        except sqlite3.OperationalError:
            return None
        except sqlite3.DatabaseError as error:
            log.info("%s is no cache of this version (%s); it is made anew.", self._path, error)
            if self._reader:
                self._reader.close()
                self._reader = None
            with suppress(OSError):
                self._path.unlink(missing_ok=True)
            return None
        except (ValueError, KeyError, TypeError, OverflowError, OSError, RecursionError):
            self._changed[source, key] = None
            return None

    def _write(self) -> None:
        self._layout.prepare()
        keep_private(self._path)
        with closing(sqlite3.connect(self._path, timeout=5)) as connection:
            connection.execute("PRAGMA secure_delete=ON")
            with connection:
                connection.execute(
                    f"CREATE TABLE IF NOT EXISTS thread ({COLUMNS}, PRIMARY KEY (source, key)) WITHOUT ROWID"
                )
                connection.execute(f"PRAGMA user_version={VERSION}")
                for (source, key), change in self._changed.items():
                    if change is None:
                        connection.execute("DELETE FROM thread WHERE source=? AND key=?", (source, key))
                        continue
                    anonymiser, cached = change
                    known = cached.validator or Validator("")
                    text = json.dumps([thread_to_dict(t, anonymise=False) for t in cached.threads], ensure_ascii=False)
                    row = (anonymiser, cached.fetched_at.timestamp(), known.address, known.etag, known.modified, text)
                    connection.execute("REPLACE INTO thread VALUES (?,?,?,?,?,?,?,?)", (source, key, *row))
                if self._now:
                    connection.execute("DELETE FROM thread WHERE fetched<?", ((self._now - KEPT).timestamp(),))


def _fits_a_header(value: object) -> bool:
    return value is None or (isinstance(value, str) and value.isascii() and value.isprintable())


def fetched(layout: CacheFiles) -> list[datetime]:
    """When each answer in a cache was fetched, oldest first; empty where there is none, or it is none of ours."""
    if not layout.threads.is_file():
        return []
    try:
        with closing(sqlite3.connect(f"file:{layout.threads}?mode=ro", uri=True, timeout=5)) as connection:
            rows = connection.execute("SELECT fetched FROM thread ORDER BY fetched").fetchall()
        return [datetime.fromtimestamp(row[0], UTC) for row in rows]
    except (sqlite3.Error, ValueError, TypeError, OverflowError, OSError):
        return []


def read_through(
    cache: ThreadCache | None,
    source: str,
    key: str,
    fetch: Callable[[], Sequence[RawThread]] | Callable[[], Iterable[RawThread]],
    anonymiser: Anonymiser,
    *,
    now: datetime,
    max_age: timedelta = FRESH,
    refresh: bool = False,
    on_stale: Callable[[SourceError], None] | None = None,
) -> tuple[tuple[Thread, ...], Origin]:
    """One post's threads by the ladder cache -> network -> stale cache, and which rung they stand on.

    Args:
        fetch: asks the venue. If it makes a single GET whose answer has a validator, the next one is conditional.
        refresh: ask the venue even where the cache is fresh.
        on_stale: told why the venue did not answer when a cached thread takes its place.

    Raises:
        SourceError: the venue did not answer and nothing is cached, or it has no such thread (then nothing is kept).
    """
    cached = cache.get(source, key, max_age=max_age, now=now, anonymiser=anonymiser.digest) if cache else None
    if cached and cached.fresh and not refresh:
        return cached.threads, "cache"
    try:
        with if_modified(cached.validator if cached else None) as exchange:
            threads = tuple(anonymiser.to_thread(raw, fetched_at=now) for raw in fetch())
        validator = exchange.seen
    except NotModified:
        if cached is None:  # only a request that carried the validator of a cached thread is answered so
            raise
        threads, validator = tuple(replace(t, fetched_at=now) for t in cached.threads), cached.validator
    except (NoThread, Gone):
        if cache:
            cache.forget(source, key)
        raise
    except SourceError as error:
        if cached is None:
            raise
        if on_stale:
            on_stale(error)
        return cached.threads, "stale"
    if cache:
        cache.put(source, key, threads, now=now, anonymiser=anonymiser.digest, validator=validator)
    return threads, "network"
