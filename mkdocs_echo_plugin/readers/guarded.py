"""Somebody else's reader, held to what a reader promises: its fault makes stances unknown and ends no build."""

from __future__ import annotations

import logging
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from mkdocs_echo_plugin.errors import ConfigurationError, EchoError
from mkdocs_echo_plugin.messages import OneLine
from mkdocs_echo_plugin.model import Probabilities
from mkdocs_echo_plugin.stance.reader import TASKS, Reader, Spoken, Task, ToRead
from mkdocs_echo_plugin.venues import fault

log = OneLine(logging.getLogger(__name__))


class Guarded:
    """A reader whose answers are checked: three shares each, finite and not negative, scaled to 1 together, or None."""

    def __init__(self, reader: Any) -> None:
        self._reader = reader
        self.name: str = reader.name
        self.pi: Mapping[Task, Probabilities] = _shares(reader)
        self._lost = 0
        self._why = ""

    @property
    def unread(self) -> int:
        """Comments that should have been read and were not."""
        return self._lost + int(getattr(self._reader, "unread", 0))

    def close(self) -> tuple[str, ...]:
        """What it has to say in the end, and what went wrong."""
        lines = []
        if hasattr(self._reader, "close"):
            try:
                lines += [str(line) for line in self._reader.close() or ()]
            except Exception as error:
                self._failed(error, 0)
        if self._why:
            many = f"{self._lost} comment{'' if self._lost == 1 else 's'} not read, so the stance is unknown"
            lines.append(f"stance.reader: {self.name}: {many}: {self._why}. Please report this to its makers.")
        return tuple(lines)

    def read(self, items: Sequence[ToRead]) -> list[Probabilities | None]:
        """Its answers, in order."""
        found = self._asked(
            lambda: dict(zip(range(len(items)), self._reader.read(items), strict=True)), range(len(items))
        )
        return [found.get(i) for i in range(len(items))]

    def _asked(self, ask: Callable[[], Mapping[int, Any]], places: Iterable[int]) -> dict[int, Probabilities | None]:
        places = list(places)
        try:
            said = ask()
            return {place: _checked(said.get(place)) for place in places}
        except EchoError:
            raise
        except Exception as error:
            self._failed(error, len(places))
            return dict.fromkeys(places)

    def _failed(self, error: Exception, many: int) -> None:
        log.debug("%s", self.name, exc_info=True)
        self._lost += many
        self._why = self._why or fault(error)


class GuardedOfThreads(Guarded):
    """The same for one that sees whole threads."""

    def read_thread(
        self, items: Mapping[int, ToRead], thread: Sequence[Spoken], *, title: str, post: str
    ) -> dict[int, Probabilities | None]:
        """Its answers, by place."""
        return self._asked(lambda: self._reader.read_thread(items, thread, title=title, post=post), items)


def guarded(reader: Any) -> Reader:
    """The reader, held to what it promises.

    Raises:
        ConfigurationError: it has no shares (`pi`) for both tasks.
    """
    return GuardedOfThreads(reader) if hasattr(reader, "read_thread") else Guarded(reader)


def _shares(reader: Any) -> dict[Task, Probabilities]:
    try:
        found = {task: _checked(reader.pi[task]) for task in TASKS}
        if all(shares is not None and min(shares) > 0 for shares in found.values()):
            return {task: shares for task, shares in found.items() if shares is not None}
    except (AttributeError, KeyError, TypeError, ValueError):
        pass
    raise ConfigurationError(
        f"stance.reader: {reader.name}: its pi is not three shares above 0 for each of {', '.join(TASKS)}. "
        "Please report this to its makers."
    )


def _checked(said: Any) -> Probabilities | None:
    """Three shares scaled to 1 together. Raises TypeError or ValueError for anything else but None."""
    if said is None:
        return None
    parts = [float(part) for part in said]
    whole = sum(parts)
    if len(parts) != 3 or not math.isfinite(whole) or min(parts) < 0 or whole <= 0:
        raise ValueError("an answer is not three probabilities")
    return Probabilities(*(part / whole for part in parts))
