"""YAML that nobody vouches for -> strings, lists and mappings, null and booleans; no tags, no merges.

Built from libyaml's events: no tree in between, which would take ten times the memory, and no recursion. Ids keep their
leading zeros, a bad date cannot raise, and `<<` is a key like any other. An alias is the value that it names; values
that are repeated so are counted, for ten lines of them can stand for gigabytes, and two for what never ends.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mkdocs_echo_plugin.errors import Unreadable
from mkdocs_echo_plugin.limits import MAX_ALIASED_VALUES, MAX_VALUES
from mkdocs_echo_plugin.sources.raw import Document

_NULL = frozenset(("", "~", "null", "Null", "NULL"))
_TRUE = frozenset(("yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"))
_FALSE = frozenset(("no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"))
_STANDARD = "tag:yaml.org,2002:"
_KNOWN = {None, "!", *(_STANDARD + n for n in ("str", "int", "float", "bool", "null", "timestamp", "seq", "map"))}


def documents(document: Document, words: str) -> Iterator[Any]:
    """The documents in a YAML text.

    Raises:
        Unreadable: not YAML, tags that only a trusting loader would follow, aliases without end, or nested too deeply;
            with the line.
    """
    import yaml

    try:
        yield from _Builder().documents(yaml.parse(words, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f"line {mark.line + 1}" if mark else "somewhere"
        problem = " ".join(str(getattr(error, "problem", None) or getattr(error, "reason", None)).split())[:100]
        raise Unreadable(f"{document.name}: {line} is not valid YAML ({problem}). Correct it there.") from None
    except _Refused as error:
        raise Unreadable(f"{document.name}: line {error.line} is not valid YAML ({error}). Correct it there.") from None
    except (ValueError, RecursionError) as error:  # no libyaml and a deep file
        raise Unreadable(f"{document.name}: not readable as YAML ({error}). Correct the file.") from None


class _Refused(Exception):
    def __init__(self, what: str, event: Any) -> None:
        super().__init__(what)
        self.line = event.start_mark.line + 1


class _Builder:
    def __init__(self) -> None:
        self._count = self._repeated = 0

    def documents(self, events: Iterator[Any]) -> Iterator[Any]:
        import yaml

        stack: list[_Box] = []
        anchors: dict[str, tuple[Any, int]] = {}
        for event in events:
            kind = type(event)
            if kind is yaml.ScalarEvent:
                value, size = self._scalar(event), 1
            elif kind in (yaml.SequenceStartEvent, yaml.MappingStartEvent):
                _check_tag(event)
                stack.append(_Box([] if kind is yaml.SequenceStartEvent else {}, event, self._count + self._repeated))
                anchors.pop(event.anchor, None)
                self._count += 1
                continue
            elif kind in (yaml.SequenceEndEvent, yaml.MappingEndEvent):
                box = stack.pop()
                value, size = box.value, self._count + self._repeated - box.before
                event = box.event
            elif kind is yaml.AliasEvent:
                value, size = self._alias(event, anchors)
            else:
                if kind is yaml.DocumentStartEvent:
                    anchors.clear()
                continue
            if kind is not yaml.AliasEvent:
                self._count += kind is yaml.ScalarEvent
                if event.anchor:
                    anchors[event.anchor] = value, size
                if self._count > MAX_VALUES:
                    raise _Refused(f"more than {MAX_VALUES:,} values", event)
            if stack:
                stack[-1].add(value, event)
            else:
                yield value

    def _alias(self, event: Any, anchors: dict[str, tuple[Any, int]]) -> tuple[Any, int]:
        if event.anchor not in anchors:
            raise _Refused(f"*{event.anchor[:40]} names nothing that ends before it", event)
        value, size = anchors[event.anchor]
        self._repeated += size
        if self._repeated > MAX_ALIASED_VALUES:
            raise _Refused(f"aliases stand for more than {MAX_ALIASED_VALUES:,} values", event)
        return value, size

    @staticmethod
    def _scalar(event: Any) -> Any:
        words, tag = event.value, event.tag
        _check_tag(event)
        if tag == _STANDARD + "null":
            return None
        if event.implicit[0] or tag == _STANDARD + "bool":
            return None if words in _NULL else True if words in _TRUE else False if words in _FALSE else words
        return words


def _check_tag(event: Any) -> None:
    if event.tag not in _KNOWN:
        raise _Refused(f"the tag '{event.tag[:60]}' is not allowed", event)


class _Box:
    """A list or mapping that has not ended; of a mapping, the key that waits for its value."""

    __slots__ = ("before", "event", "key", "value", "waits")

    def __init__(self, value: Any, event: Any, before: int) -> None:
        self.value, self.event, self.before = value, event, before
        self.key: Any = None
        self.waits = False

    def add(self, value: Any, event: Any) -> None:
        """Takes up an entry, a key, or a key's value."""
        if isinstance(self.value, list):
            self.value.append(value)
        elif self.waits:
            self.value[self.key], self.waits = value, False
        elif isinstance(value, list | dict):
            raise _Refused("a list or mapping is no key", event)
        else:
            self.key, self.waits = value, True
