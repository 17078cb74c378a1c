"""What stands in some files: each thread with its names, read once for as long as the very bytes stay the same."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from hashlib import sha256
from itertools import islice
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from mkdocs_echo_plugin.build_cache import BuildCache, code_version, files_below, fingerprint, hash_of
from mkdocs_echo_plugin.errors import SourceError
from mkdocs_echo_plugin.site.findings import Speakers, speakers
from mkdocs_echo_plugin.survey.records import LazyThread, written

if TYPE_CHECKING:
    from mkdocs_echo_plugin.sources.anonymise import Anonymiser
    from mkdocs_echo_plugin.sources.files import Chosen, Refusals
    from mkdocs_echo_plugin.sources.raw import Document, RawThread

BROKEN = "broken file "
MOST_ENTRIES, LARGEST = 20_000, 64_000_000

_dumped = partial(json.dumps, separators=(",", ":"))


@dataclass(frozen=True, slots=True)
class StoredThread:
    """A thread and what it is called; or, in its place, `why` a file could not be read."""

    origin: str
    platform: str
    key: str | None = None
    page_url: str | None = None
    source_url: str | None = None
    aliases: tuple[str, ...] = ()
    thread: LazyThread | None = None
    why: str = ""


def threads_in(
    path: Path, origin: str, source: Chosen, anonymiser: Anonymiser, build_cache: BuildCache
) -> list[StoredThread]:
    """What a file or a folder holds, threads first.

    Out of the cache where these very bytes were read before: then no adapter is loaded, and no comment put together.
    Of a folder in which some files have changed, only those are read.
    """
    bodies = _bodies(path)
    reading = fingerprint(code_version(), anonymiser.digest, source, origin)
    key = fingerprint(reading, bodies)
    if bodies and (kept := build_cache.file(key)) is not None:
        with suppress(KeyError, TypeError, ValueError, IndexError):  # not of this form: as good as none
            return _stored_threads(*kept)
    known = {} if not bodies else _known(reading, build_cache)
    read = list(_read_anew(path, origin, source, anonymiser, known))
    record = {"reading": reading, "documents": [(hashed, len(lines), *entry) for hashed, entry, lines in read]}
    lines = [line for _, _, of_document in read for line in of_document]
    if bodies and bodies == _bodies(path):  # nobody has written in between: these are the bytes that were read
        build_cache.keep_file(key, record, lines)
    return _stored_threads(json.loads(_dumped(record)), lines)


def _stored_threads(record: dict[str, Any], lines: list[bytes]) -> list[StoredThread]:
    threads: list[StoredThread] = []
    broken: list[StoredThread] = []
    at = 0
    for _, count, name, entries, why in record["documents"]:
        for entry, line in zip(entries, lines[at : at + count], strict=True):
            threads.append(_stored_thread(name, line, **entry))
        at += count
        if why:
            # what cannot be read is still somebody's: the post whose name the file bears must not be called quiet
            broken.append(StoredThread(name, f"{BROKEN}{name}", PurePosixPath(name).stem, why=why))
    return threads + broken


def _stored_thread(
    origin: str,
    line: bytes,
    *,
    aliases: list[str],
    platform: str,
    key: str | None,
    page_url: str | None,
    source_url: str | None,
    digest: str,
    comments: int,
    spoke: dict[str, str | None],
    others: list[str],
) -> StoredThread:
    when = {who: None if first is None else datetime.fromisoformat(first) for who, first in spoke.items()}
    known = Speakers(platform, comments, when, tuple(others))
    thread = LazyThread(line, digest=digest, speakers=known, source_url=source_url, key=key)
    return StoredThread(origin, platform, key, page_url, source_url, tuple(aliases), thread)


def _bodies(path: Path) -> list[tuple[str, str]]:
    """Every file's name and SHA-256; empty where a file cannot be read, or there are too many to look at."""
    try:
        if path.is_file():
            return [(path.name, hash_of(str(path)))] if path.stat().st_size <= LARGEST else []
        found = list(islice(files_below(path), MOST_ENTRIES))
        if len(found) == MOST_ENTRIES:
            return []
        start = len(str(path))
        return sorted((e.path[start:], _body(e)) for e in found)
    except OSError:
        return []


def _body(entry: os.DirEntry[str]) -> str:
    """A file's SHA-256; of one that is not read, what it is refused for: a link's end, or its size."""
    if (size := entry.stat().st_size) > LARGEST:
        return f"{size} bytes"
    return f"{os.path.realpath(entry.path) if entry.is_symlink() else ''} {hash_of(entry.path)}"


_Entry = tuple[str, list[dict[str, Any]], str]
"""A document's name, its threads' names and speakers, and why it could not be read."""


def _known(reading: str, build_cache: BuildCache) -> dict[str, tuple[_Entry, list[bytes]]]:
    """By hash, the documents that an earlier build read in the same way."""
    known: dict[str, tuple[_Entry, list[bytes]]] = {}
    for record, lines in build_cache.files():
        with suppress(KeyError, TypeError, ValueError):  # somebody else's
            at = 0
            for hashed, count, name, entries, why in record["documents"] if record["reading"] == reading else ():
                known[hashed] = (name, entries, why), lines[at : at + count]
                at += count
    return known


def _read_anew(
    path: Path, origin: str, source: Chosen, anonymiser: Anonymiser, known: dict[str, tuple[_Entry, list[bytes]]]
) -> Iterator[tuple[str, _Entry, list[bytes]]]:
    from mkdocs_echo_plugin.sources.files import documents, read

    refused: Refusals = []
    waiting: Iterator[Document] = documents(path, name=origin, source=source, refused=refused)
    while True:
        try:
            document = next(waiting)
        except StopIteration:
            for name, error in refused:
                yield "", (name, [], str(error)), []
            return
        except SourceError as error:  # of the whole: too many files, or the one file is too large
            yield "", (origin, [], str(error)), []
            return
        parts = [(part.name, sha256(part.data).hexdigest()) for part in document.parts]
        hashed = fingerprint(document.name, sha256(document.data).hexdigest(), parts)
        if hashed in known:
            yield hashed, *known[hashed]
            continue
        entries: list[dict[str, Any]] = []
        lines: list[bytes] = []
        why = ""
        try:
            for raw in read(document, source):
                entry, line = _entry(raw, anonymiser)
                entries.append(entry)
                lines.append(line)
        except SourceError as error:
            why = str(error)
        yield hashed, (document.name, entries, why), lines


def _entry(raw: RawThread, anonymiser: Anonymiser) -> tuple[dict[str, Any], bytes]:
    thread = anonymiser.to_thread(raw)
    line, who = written(thread), speakers(thread)
    entry = {
        "aliases": list(raw.aliases),
        "platform": thread.platform,
        "key": thread.key,
        "page_url": thread.page_url,
        "source_url": thread.source_url,
        "digest": sha256(line).hexdigest(),
        "comments": who.comments,
        "spoke": {name: None if when is None else when.isoformat() for name, when in who.spoke.items()},
        "others": list(who.others),
    }
    return entry, line
