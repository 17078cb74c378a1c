"""Text from outside on its way to a log, a terminal or Markdown: one line, printable, and a command to nobody."""

from __future__ import annotations

import logging
import re
from collections.abc import MutableMapping
from typing import Any

_JOINERS = "\u200c\u200d"  # of Persian and Indic words, and of emoji
_COMMAND = re.compile(r"^([ \t]*):(?=:)|#(?=#)", re.MULTILINE)
"""What a CI's runner acts on: `::name` at a line's beginning (GitHub), `##[` and `##vso[` anywhere (GitHub, Azure)."""


def printable(text: str) -> str:
    """The text with "?" for every control, direction override and broken surrogate; line ends stay."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() or c in _JOINERS or c == "\n" else "?" for c in text)


def plain_text(text: str) -> str:
    """The printable text, its line ends kept, in which no line is a command to a CI's runner."""
    return _COMMAND.sub(lambda found: f"{found[0]} ", printable(text))


def one_line(text: str) -> str:
    """The text on one line that no terminal and no CI takes for a command.

    >>> one_line("front matter '\\n::error::x': unknown")
    "front matter ' ::error::x': unknown"
    >>> one_line("::error::x")
    ': :error::x'
    """
    return plain_text(" ".join(text.split()))


class OneLine(logging.LoggerAdapter[Any]):
    """A logger of ours: whatever a message holds, it is one line. Every module that logs uses it."""

    def __init__(self, logger: Any) -> None:
        super().__init__(logger, {})

    def log(self, level: int, msg: object, *args: object, **kwargs: Any) -> None:
        """Logs one line."""
        if self.isEnabledFor(level):
            text = str(msg)
            self.logger.log(level, "%s", one_line(text % args if args else text), **kwargs)

    def process(self, msg: Any, kwargs: MutableMapping[str, Any]) -> tuple[Any, MutableMapping[str, Any]]:
        return msg, kwargs
