"""Standard input and output, JSON lines, and a progress bar for those who watch."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO, Final

import click

from mkdocs_echo_plugin.errors import ConfigurationError, Unreadable
from mkdocs_echo_plugin.limits import MAX_LINE_BYTES

# line ends that are not "\n", and terminal controls, which JSON itself lets through: escaped, a line stays a line
_ESCAPES: Final = {code: f"\\u{code:04x}" for code in (*range(0x7F, 0xA0), 0x2028, 0x2029)}


def json_line(value: Any) -> bytes:
    """A value as one line of JSON in UTF-8. Lone surrogates become escapes, so every value can be written."""
    line = json.dumps(value, ensure_ascii=False, allow_nan=False).translate(_ESCAPES)
    return line.encode("utf-8", "backslashreplace") + b"\n"


def json_document(value: Any) -> str:
    """A value as indented JSON for a file."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False, indent=2).translate(_ESCAPES) + "\n"


def write(text: str | bytes, out: str = "-") -> None:
    """Text to a file, or to standard output for "-"; always UTF-8, always "\\n"."""
    data = text.encode("utf-8", "backslashreplace") if isinstance(text, str) else text
    if out == "-":
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
        return
    path = Path(out)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.exists() and not path.is_file():
            path.write_bytes(data)  # a pipe or a device
        else:
            _replace(path.resolve(), data)
    except OSError as error:
        raise ConfigurationError(f"--out {out}: {error.strerror or error}.") from error


def _replace(path: Path, data: bytes) -> None:
    """Writes a file beside and puts it in its place: whenever the program ends, the old bytes are there or the new."""
    beside = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        with beside.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if path.exists():
            beside.chmod(path.stat().st_mode & 0o777)
        beside.replace(path)
    except OSError:
        with suppress(OSError):
            beside.unlink(missing_ok=True)
        raise


def read_json_lines(given: str, *, option: str) -> Iterator[tuple[str, Any]]:
    """The values of a file of JSON lines ("-": standard input), each with "FILE, line N" for messages.

    Raises:
        ConfigurationError: the file cannot be opened.
        Unreadable: a line is not JSON, not UTF-8, or longer than 1 MB; blank lines are passed over.
    """
    name = "standard input" if given == "-" else given
    with _open(given, option) as stream:
        number = 0
        while line := stream.readline(MAX_LINE_BYTES + 1):
            number += 1
            where = f"{name}, line {number}"
            if len(line) > MAX_LINE_BYTES:
                raise Unreadable(f"{where}: longer than {MAX_LINE_BYTES:,} bytes. Write one JSON object a line.")
            if not line.strip():
                continue
            try:
                value = json.loads(line, parse_constant=_no_number)
            except (ValueError, RecursionError) as error:
                why = getattr(error, "msg", None) or "not UTF-8 text or nested too deeply"
                raise Unreadable(f"{where}: not JSON ({why}). Write one JSON object a line.") from error
            yield where, value


def _no_number(name: str) -> float:
    raise ValueError(f"{name} is no JSON number")


def _open(given: str, option: str) -> BinaryIO:
    if given == "-":
        return sys.stdin.buffer
    try:
        return Path(given).open("rb")
    except OSError as error:
        raise ConfigurationError(f"{option} {given}: {error.strerror or error}.") from error


def watched(items: Sequence[str], label: str) -> Iterable[str]:
    """The items, with a bar on standard error if that is a terminal and there is more than one."""
    if len(items) < 2 or not sys.stderr.isatty():
        return items
    return _with_bar(items, label)


def _with_bar(items: Sequence[str], label: str) -> Iterator[str]:
    with click.progressbar(length=len(items), label=label, file=sys.stderr) as bar:
        for item in items:
            if sys.stdout.isatty():
                click.echo("\r\033[K", nl=False, err=True)  # output and bar share the screen
            yield item
            bar.update(1)
