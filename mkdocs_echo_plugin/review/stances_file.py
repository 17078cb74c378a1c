"""The site's file of corrections as it is written: one line a comment, what else stands in it left alone."""

from __future__ import annotations

import json
import os
import re
from contextlib import suppress
from pathlib import Path
from typing import Final

from mkdocs_echo_plugin.errors import ConfigurationError
from mkdocs_echo_plugin.model import Stance
from mkdocs_echo_plugin.stance.declared import load_overrides

HEAD: Final = (
    "# How comments stand to what they answer, by the site's author. `mkdocs-echo review` writes this file.\n"
    "# PLATFORM:THREAD#COMMENT: agree | neutral | disagree\n"
)
_PLAIN: Final = re.compile(r"[A-Za-z][\w./:#?=&%+~-]*[\w/]", re.ASCII)


def quoted(key: str) -> str:
    """A key as YAML takes it."""
    if _PLAIN.fullmatch(key):
        return key
    return "".join(c if c.isprintable() else f"\\U{ord(c):08x}" for c in json.dumps(key, ensure_ascii=False))


def set_stance(path: Path, key: str, stance: Stance | None) -> None:
    """Writes the stance of one comment, or takes its line out (None), in one step: the file is never half there.

    Raises:
        ConfigurationError: the file is none of such lines, or cannot be written.
    """
    path = path.resolve()
    had = load_overrides(path) if path.exists() else {}
    text = path.read_text(encoding="utf-8") if path.exists() else HEAD
    lines = text.removesuffix("\n").split("\n") if text else []
    own = _line_of(lines, key) if key in had else None
    if key in had and own is None:
        raise ConfigurationError(f"{path}: {key!r} does not stand on a line of its own. Write one key a line.")
    new = [] if stance is None else [f"{quoted(key)}: {stance}"]
    if own is None:
        lines += new
    else:
        lines[own : own + 1] = new
    _write(path, "\n".join(lines) + "\n")


def _line_of(lines: list[str], key: str) -> int | None:
    forms = {f"{form}:" for form in (key, quoted(key), json.dumps(key, ensure_ascii=False), f"'{key}'")}
    found = (i for i, line in enumerate(lines) if any(line.startswith(form) for form in forms))
    return next((i for i in found if re.fullmatch(r"\s*\w+\s*(?:#.*)?", _value(lines[i], forms))), None)


def _value(line: str, forms: set[str]) -> str:
    return next(line[len(form) :] for form in sorted(forms, key=len, reverse=True) if line.startswith(form))


def _write(path: Path, text: str) -> None:
    passing = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        with passing.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
        load_overrides(passing)  # what a build cannot read never takes the old file's place
        if path.exists():
            passing.chmod(path.stat().st_mode & 0o777)
        passing.replace(path)
    except OSError as error:
        raise ConfigurationError(f"{path}: cannot be written ({error.strerror or error}).") from error
    finally:
        with suppress(OSError):
            passing.unlink(missing_ok=True)
