"""What stands in some files: each thread with its names, read once for as long as the very bytes stay the same."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from itertools import islice
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from mkdocs_echo_plugin.build_cache import BuildCache, code_version, files_below, fingerprint, hash_of
from mkdocs_echo_plugin.errors import SourceError
from mkdocs_echo_plugin.limits import MAX_FILE_BYTES, MAX_FILES, MAX_HELD_BYTES, MAX_HELD_COMMENTS, MAX_XML_BYTES
from mkdocs_echo_plugin.messages import OneLine
from mkdocs_echo_plugin.model import Thread
from mkdocs_echo_plugin.site.findings import Speakers, speakers
from mkdocs_echo_plugin.sources.notes import Note, summed_up
from mkdocs_echo_plugin.survey.records import LazyThread, to_line

if TYPE_CHECKING:
    from mkdocs_echo_plugin.sources.anonymise import Anonymiser
    from mkdocs_echo_plugin.sources.files import Chosen, Refusals
    from mkdocs_echo_plugin.sources.raw import Document, RawThread

log = OneLine(logging.getLogger("mkdocs.plugins.mkdocs_echo_plugin.survey"))

BROKEN = "broken file "


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


@dataclass(frozen=True, slots=True)
class FileReader:
    """Reads comment files, each of them once, and remembers what stood in them by their very bytes."""

    anonymiser: Anonymiser
    build_cache: BuildCache

    def threads_in(self, path: Path, origin: str, source: Chosen) -> list[StoredThread]:
        """What a file or a folder holds, threads first.

        Out of the cache where these very bytes were read before: then no adapter is loaded, and no comment put
        together. Of a folder in which some files have changed, only those are read.
        """
        hashes, held = _hashes(path)
        reading = fingerprint(code_version(), self.anonymiser.digest, source, origin)
        key = fingerprint(reading, hashes)
        if hashes and (kept := self.build_cache.file(key)) is not None:
            with suppress(KeyError, TypeError, ValueError, IndexError):  # not of this form: ignored
                return _stored_threads(*kept, held={})
        known = {} if not hashes else _known(reading, self.build_cache)
        held_threads: dict[int, Thread] = {}
        room = MAX_HELD_COMMENTS
        record: dict[str, Any] = {"reading": reading, "documents": []}
        lines: list[bytes] = []
        for hashed, entry, of_document, fresh in _read(path, origin, source, self.anonymiser, known, held):
            for place, thread in enumerate(fresh, start=len(lines)):
                if (room := room - len(thread.comments)) >= 0:
                    held_threads[place] = thread
            lines += of_document
            record["documents"].append((hashed, len(of_document), *entry))
        if hashes:
            self.build_cache.keep_file(key, record, lines)
        return _stored_threads(record, lines, held=held_threads)


def _stored_threads(
    record: Mapping[str, Any], lines: Sequence[bytes], *, held: Mapping[int, Thread]
) -> list[StoredThread]:
    threads: list[StoredThread] = []
    broken: list[StoredThread] = []
    said: list[tuple[str, Note]] = []
    at = 0
    for _, count, name, entries, why, notes in record["documents"]:
        said += [(name, Note(text, "comments" if lost else "nothing")) for text, lost in notes]
        for place, (entry, line) in enumerate(zip(entries, lines[at : at + count], strict=True), start=at):
            threads.append(_stored_thread(name, line, held.get(place), **entry))
        at += count
        if why:
            # what cannot be read is still somebody's: the post whose name the file bears must not be called quiet
            broken.append(StoredThread(name, f"{BROKEN}{name}", PurePosixPath(name).stem, why=why))
    for note in summed_up(said):
        log.log(logging.INFO if note.lost == "nothing" else logging.WARNING, note.text)
    return threads + broken


def _stored_thread(
    origin: str,
    line: bytes,
    held: Thread | None,
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
    thread = LazyThread(line, digest=digest, speakers=known, source_url=source_url, key=key, held=held)
    return StoredThread(origin, platform, key, page_url, source_url, tuple(aliases), thread)


def _hashes(path: Path) -> tuple[list[tuple[str, str]], dict[Path, bytes]]:
    """Every file's name and SHA-256, and the bytes that were read for it, up to a bound.

    The names are empty where a file cannot be read, or there are too many to look at.
    """
    held: dict[Path, bytes] = {}
    room = MAX_HELD_BYTES
    hashes: list[tuple[str, str]] = []
    try:
        one = path.is_file()
        found = [path] if one else [Path(entry.path) for entry in islice(files_below(path), MAX_FILES + 1)]
        if len(found) > MAX_FILES:
            return [], {}
        for file in found:
            name = file.name if one else str(file)[len(str(path)) :]
            # of a file that is not read: what it is refused for, a link's end or its size
            link = os.path.realpath(file) if not one and file.is_symlink() else ""
            if (size := file.stat().st_size) > MAX_FILE_BYTES:
                hashes.append((name, f"{link} {hash_of(str(file))}" if size <= MAX_XML_BYTES else f"{size} bytes"))
                continue
            data = file.read_bytes()
            hashes.append((name, f"{link} {sha256(data).hexdigest()}"))
            if len(data) <= room:
                held[file] = data
                room -= len(data)
    except OSError:
        return [], {}
    return sorted(hashes), held


_Notes = list[tuple[str, bool]]
_Entry = tuple[str, list[dict[str, Any]], str, _Notes]
"""A document's name, its threads' names and speakers, why it could not be read, and what was repaired in it."""


def _known(reading: str, build_cache: BuildCache) -> dict[str, tuple[_Entry, list[bytes]]]:
    """By hash, the documents that an earlier build read in the same way."""
    known: dict[str, tuple[_Entry, list[bytes]]] = {}
    for record, lines in build_cache.files():
        with suppress(KeyError, TypeError, ValueError):  # somebody else's
            at = 0
            for hashed, count, *entry in record["documents"] if record["reading"] == reading else ():
                name, entries, why, notes = entry
                known[hashed] = (name, entries, why, notes), lines[at : at + count]
                at += count
    return known


def _read(
    path: Path,
    origin: str,
    source: Chosen,
    anonymiser: Anonymiser,
    known: dict[str, tuple[_Entry, list[bytes]]],
    held: dict[Path, bytes],
) -> Iterator[tuple[str, _Entry, list[bytes], list[Thread]]]:
    """Each document's hash, its entry, its threads as lines, and the threads where they were read only now."""
    from mkdocs_echo_plugin.sources import faults_as_unreadable
    from mkdocs_echo_plugin.sources.files import documents, read

    refused: Refusals = []
    waiting: Iterator[Document] = documents(path, name=origin, source=source, refused=refused, held=held)
    while True:
        try:
            document = next(waiting)
        except StopIteration:
            for name, error in refused:
                yield "", (name, [], str(error), []), [], []
            return
        except SourceError as error:  # of the whole: too many files, or the one file is too large
            yield "", (origin, [], str(error), []), [], []
            return
        parts = [(part.name, sha256(part.data).hexdigest()) for part in document.parts]
        hashed = fingerprint(document.name, sha256(document.data).hexdigest(), parts)
        if hashed in known:
            yield hashed, *known[hashed], []
            continue
        entries: list[dict[str, Any]] = []
        threads: list[Thread] = []
        lines: list[bytes] = []
        why = ""
        try:
            with faults_as_unreadable(document.name):
                for raw in read(document, source):
                    threads.append(anonymiser.to_thread(raw))
                    lines.append(to_line(threads[-1]))
                    entries.append(_entry(raw, threads[-1], lines[-1]))
        except SourceError as error:
            why = str(error)
        notes = [(note.text, note.lost == "comments") for note in document.notes if note.lost != "threads"]
        why = why or next((note.text for note in document.notes if note.lost == "threads"), "")
        yield hashed, (document.name, entries, why, notes), lines, threads


def _entry(raw: RawThread, thread: Thread, line: bytes) -> dict[str, Any]:
    who = speakers(thread)
    return {
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
