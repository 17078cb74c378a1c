"""JSON back into the dataclasses that it was written from, every value held to its declared type.

What our own files hold may have been altered, cut, or written by another version: then it is an error here, at the
door, and never one deep inside of a build.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import datetime
from functools import cache
from math import isfinite
from types import NoneType, UnionType
from typing import Any, Final, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

T = TypeVar("T")
Read = Callable[[Any], Any]


def from_record(kind: type[T], record: Any) -> T:
    """The dataclass of which `dataclasses.asdict` and JSON made `record`. Keys that it does not know are passed over.

    Raises:
        KeyError: a field is missing that has to be there (one that may be None may be missing).
        TypeError, ValueError: a value is not of its field's type.
    """
    found: T = _reader(kind)(record)  # type: ignore[arg-type]  # a class is hashable
    return found


@cache
def _reader(hint: Any) -> Read:
    """How a value of a type is read. Written out for speed: of a large site, millions of values pass here."""
    known = _PLAIN.get(hint)
    if known is not None:
        return known
    origin, args = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        kinds = [one for one in args if one is not NoneType]
        read = _reader(Literal[*kinds] if all(get_origin(one) is Literal for one in kinds) else _only(kinds))
        return _or_none(read) if NoneType in args else read
    if origin is Literal:
        return _one_of(frozenset(args))
    if origin is tuple:
        return _many(_reader(args[0])) if args[-1] is Ellipsis else _each([_reader(one) for one in args])
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return _mapping(_reader(args[1]))
    if is_dataclass(hint):
        return _dataclass(hint)
    if isinstance(hint, type) and issubclass(hint, tuple):
        return _named_tuple(hint)
    raise AssertionError(f"nobody has said how {hint} is read")


def _only(kinds: list[Any]) -> Any:
    (kind,) = kinds  # of other unions nobody could tell which is meant
    return kind


def _text(value: Any) -> str:
    if type(value) is not str:
        raise TypeError("no text")
    if not value.isascii():
        value.encode()  # a lone surrogate can be written nowhere
    return value


def _flag(value: Any) -> bool:
    if type(value) is not bool:
        raise TypeError("neither true nor false")
    return value


def _integer(value: Any) -> int:
    if type(value) is not int:
        raise TypeError("no whole number")
    return value


def _number(value: Any) -> float:
    if type(value) not in (int, float):
        raise TypeError("no number")
    try:
        found = float(value)
    except OverflowError:
        raise ValueError("a number past all bounds") from None
    if not isfinite(found):
        raise ValueError("no finite number")
    return found


def _time(value: Any) -> datetime:
    when = datetime.fromisoformat(value)
    if when.tzinfo is None:
        raise ValueError("a time without its zone")
    return when


_PLAIN: Final[dict[Any, Read]] = {str: _text, bool: _flag, int: _integer, float: _number, datetime: _time}


def _or_none(read: Read) -> Read:
    return lambda value: None if value is None else read(value)


def _one_of(values: frozenset[str]) -> Read:
    def one(value: Any) -> str:
        if _text(value) not in values:
            raise ValueError("none of the values that are known")
        return value  # type: ignore[no-any-return]  # `_text` has looked

    return one


def _each(reads: Sequence[Read]) -> Read:
    def each(value: Any) -> tuple[Any, ...]:
        if not isinstance(value, (list, tuple)):
            raise TypeError("no list")
        return tuple(read(one) for read, one in zip(reads, value, strict=True))

    return each


def _many(read: Read) -> Read:
    def many(value: Any) -> tuple[Any, ...]:
        if not isinstance(value, (list, tuple)):
            raise TypeError("no list")
        return tuple(map(read, value))

    return many


def _mapping(read: Read) -> Read:
    def mapping(value: Any) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise TypeError("no mapping")
        return {_text(key): read(one) for key, one in value.items()}

    return mapping


def _named_tuple(kind: Any) -> Read:
    readers = [(name, _reader(hint)) for name, hint in get_type_hints(kind).items()]

    def named(value: Any) -> Any:
        if isinstance(value, dict):
            return kind(*(read(value[name]) for name, read in readers))
        if not isinstance(value, (list, tuple)):
            raise TypeError("no list")
        return kind(*(read(one) for (_, read), one in zip(readers, value, strict=True)))

    return named


def _dataclass(kind: Any) -> Read:
    hints = get_type_hints(kind)
    readers = [(f.name, _reader(hints[f.name]), _may_be_missing(f, hints[f.name])) for f in fields(kind)]

    def made(value: Any) -> Any:
        if not isinstance(value, dict):
            raise TypeError("no mapping")
        return kind(*[read(value.get(name) if optional else value[name]) for name, read, optional in readers])

    return made


def _may_be_missing(field: Any, hint: Any) -> bool:
    return field.default is None and NoneType in get_args(hint)
