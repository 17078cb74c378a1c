"""Files and folders -> documents, and each document -> its threads, by the adapter that knows the format.

A folder is read in the order of its names, never through a link that leads out of it, and no file past 64 MB, also
not one that is small only while it is packed; XML, which is streamed, may be larger.
"""

from __future__ import annotations

import os
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from mkdocs_echo_plugin.errors import Ambiguous, ConfigurationError, Refused, SourceError, TooLarge, Unreadable
from mkdocs_echo_plugin.limits import MAX_FILE_BYTES, MAX_FILES, MAX_PART_BYTES, MAX_XML_BYTES
from mkdocs_echo_plugin.sources import candidates, configured, named, recognise
from mkdocs_echo_plugin.sources.formats import decode
from mkdocs_echo_plugin.sources.formats.diagnosis import fault, lfs_pointer
from mkdocs_echo_plugin.sources.raw import Document, RawThread

Chosen = str | Mapping[str, Any] | None
"""An adapter's name, or {name: options}, or None: recognise it."""

_SUFFIXES = frozenset(
    (".json", ".jsonl", ".ndjson", ".yml", ".yaml", ".csv", ".tsv", ".xml", ".html", ".htm", ".xhtml", ".db", ".sqlite",
     ".sqlite3", ".snap", ".toml", ".gz", ".atom", ".rss", ".artrans", ".txt")
)  # fmt: skip
_ONE_COMMENT = frozenset((".json", ".yml", ".yaml", ".toml"))
Refusals = list[tuple[str, SourceError]]
"""Names of files in a folder, and why each was not read."""


def documents(
    path: Path,
    *,
    name: str | None = None,
    source: Chosen = None,
    refused: Refusals | None = None,
    held: dict[Path, bytes] | None = None,
) -> Iterator[Document]:
    """The documents in a file, or in a folder and all below it, sorted by name.

    A folder of one-comment files (Staticman) is one document with parts. Hidden files and those whose ending no
    format has are passed over in a folder; a file that is named itself is read whatever its ending.

    Args:
        path: a file or folder that exists.
        name: what to call it in messages, with forward slashes; default the path itself.
        source: the adapter that will read them; only it is asked whether a folder is one document.
        refused: takes up what is wrong with one file of a folder, so that the others are read all the same.
        held: the bytes of files that were read already; what is used is taken out.

    Raises:
        TooLarge: a file past 64 MB, or a folder with more than 50,000 files.
        Refused: a link that leads out of the folder.
        Unreadable: a file that the system does not let us read, or a packed file that is damaged.
    """
    called = name if name is not None else path.as_posix()
    held = {} if held is None else held
    if not path.is_dir():
        yield _document(path, called, held)
        return
    inside = path.resolve()
    count = 0
    for folder, below, files in os.walk(path):
        below[:] = sorted(d for d in below if not d.startswith("."))
        here = Path(folder)
        prefix = f"{called.rstrip('/')}/{here.relative_to(path).as_posix()}".removesuffix("/.")
        found = [here / f for f in sorted(files) if not f.startswith(".") and (here / f).suffix.lower() in _SUFFIXES]
        found = [file for file in found if file.is_file()]  # no pipe, no device, no dangling link
        for file in [file for file in found if file.is_symlink() and not file.resolve().is_relative_to(inside)]:
            where = f"{prefix}/{file.name}"
            error = Refused(f"{where}: this link leads out of the folder. Put the file itself there.")
            _refuse(where, error, refused)
            found.remove(file)
        found = [file for file in found if file.suffix.lower() != ".txt" or _is_export(file, source)]
        count += len(found)
        if count > MAX_FILES:
            raise TooLarge(f"{called}: more than {MAX_FILES:,} files. Name the folder that holds the comments.")
        whole = _one_thread(found, prefix, source, held)
        if whole is not None:
            yield whole
        else:
            for file in found:
                try:
                    document = _document(file, f"{prefix}/{file.name}", held)
                except SourceError as unread:
                    _refuse(f"{prefix}/{file.name}", unread, refused)
                    continue
                yield document


def _is_export(file: Path, source: Chosen) -> bool:
    """Whether a text file is one of Movable Type's exports, and not somebody's notes beside the comments."""
    chosen = next(iter(source), None) if isinstance(source, Mapping) else source
    try:
        with file.open("rb") as opened:
            return named(chosen or "movable_type").recognises(Document(file.as_posix(), opened.read(4096)))
    except OSError:
        return True  # said when it is read


def _refuse(name: str, error: SourceError, refused: Refusals | None) -> None:
    if refused is None:
        raise error
    refused.append((name, error))


def read(document: Document, source: Chosen = None) -> Iterator[RawThread]:
    """A document's threads as they are asked for, by the adapter called `source`, else by the one that recognises it.

    Args:
        document: a file, or an answer.
        source: a name, or a name with options, as in `source: {webpage: {comment: .my-comment}}`.

    Raises:
        Unreadable: no adapter recognises it; or, while the threads are taken, it is malformed.
        Ambiguous: more than one adapter recognises it.
        ConfigurationError: there is no such source or option.
    """
    if pointer := lfs_pointer(document):
        raise Unreadable(pointer)
    document = decode.as_utf8(document)
    if isinstance(source, Mapping):
        if len(source) != 1:
            raise ConfigurationError("source: one name with its options was expected, `source: {webpage: {...}}`.")
        ((name, options),) = source.items()
        return iter(configured(name, options or {}).read(document))
    adapter = named(source) if source is not None else recognise(document)
    if adapter is not None:
        return iter(adapter().read(document))
    hits = candidates(document)
    what_to_do = "Name its source: --source on the command line, `source:` beside `path:` in mkdocs.yml"
    if hits:
        raise Ambiguous(f"{document.name}: this could be {' or '.join(hits)}. {what_to_do}.")
    if not document.data and not document.parts:
        raise Unreadable(f"{document.name}: there is nothing in it. Export the comments again.")
    if wrong := fault(document):
        raise Unreadable(wrong)
    raise Unreadable(f"{document.name}: no source knows this format. {what_to_do} (`mkdocs-echo sources` lists them).")


def _one_thread(files: list[Path], prefix: str, source: Chosen, held: dict[Path, bytes]) -> Document | None:
    """A folder's files as the parts of one document, if an adapter recognises them as one thread."""
    parts = [f for f in files if f.suffix.lower() in _ONE_COMMENT]
    if not parts or len(parts) != len(files) or any(f.stat().st_size > MAX_PART_BYTES for f in parts):
        return None
    if parts[0] not in held:
        held[parts[0]] = parts[0].read_bytes()
    part = Document(f"{prefix}/{parts[0].name}", held[parts[0]])
    first = Document(name=prefix, parts=(part,))
    chosen = next(iter(source), None) if isinstance(source, Mapping) else source
    if chosen is None:
        is_one = recognise(first) is not None
    elif (looks := getattr(named(chosen), "is_one_comment", None)) is not None:
        is_one = looks(part)
    else:
        is_one = named(chosen).recognises(first)
    if not is_one:
        return None
    return Document(name=prefix, parts=tuple(_document(f, f"{prefix}/{f.name}", held) for f in parts))


def _document(path: Path, name: str, held: dict[Path, bytes]) -> Document:
    try:
        data = held.pop(path, None)
        if data is None:
            with path.open("rb") as file:
                data = file.read(MAX_FILE_BYTES + 1)
                if len(data) > MAX_FILE_BYTES and _is_xml(data):
                    data += file.read(MAX_XML_BYTES + 1 - len(data))
    except OSError as error:
        raise Unreadable(f"{name}: {error.strerror or 'not readable'}. Check the path and who may read it.") from None
    if data[:2] == b"\x1f\x8b":
        data = _unpacked(data, name)
        name = name.removesuffix(".gz")
    if len(data) > (most := MAX_XML_BYTES if _is_xml(data) else MAX_FILE_BYTES):
        raise TooLarge(f"{name}: more than {most // 1_000_000} MB. Split it, or export fewer threads at a time.")
    return Document(name=name, data=data)


def _unpacked(data: bytes, name: str) -> bytes:
    unpacker = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
    try:
        unpacked = unpacker.decompress(data, MAX_FILE_BYTES + 1)
        if len(unpacked) > MAX_FILE_BYTES and _is_xml(unpacked):
            unpacked += unpacker.decompress(unpacker.unconsumed_tail, MAX_XML_BYTES + 1 - len(unpacked))
        return unpacked
    except zlib.error:
        raise Unreadable(f"{name}: the packed file is damaged. Export it again.") from None


def _is_xml(data: bytes) -> bool:
    return b"<rss" in data[:4096] or b"<?xml" in data[:4096] or b"<feed" in data[:4096]
