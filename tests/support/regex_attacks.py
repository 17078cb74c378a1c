"""Finds every regular expression of a package and makes the texts on which each would be slow, if it can be.

A backtracking engine is slow where a repeated part can be matched in several ways, or where a search begins anew at
every character and goes far each time. So for each repetition in an expression: what leads to it, then what it repeats,
many times; and both together many times; each with an end that lets the match fail.
"""

from __future__ import annotations

import ast
import importlib
import re
import re._constants as names  # type: ignore[import-not-found]
import re._parser as parser  # type: ignore[import-not-found]
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

METHODS = ("search", "match", "fullmatch", "sub", "subn", "split", "findall", "finditer")
ALPHABET = " \n\ta1Zé<>\"'`/-.:&=x()[]{}*_#?;,@|%!~+\\"
FAILS = ("", "\x00", "!", "\n", "<")
MANY = 10
"""A part that is repeated less often than this cannot make a text slow by itself."""


@dataclass(frozen=True, slots=True)
class Expression:
    """A regular expression, where it stands, and whether it is only ever asked at a given place."""

    where: str
    pattern: re.Pattern[Any]
    anchored: bool

    def takes(self, attack: str) -> float:
        """The seconds that it takes to look through a text."""
        text: Any = attack
        if isinstance(self.pattern.pattern, bytes):
            text = attack.encode("utf-8", "replace")
        began = time.perf_counter()
        if self.anchored:
            self.pattern.match(text)
        else:
            for _ in self.pattern.finditer(text):
                pass
        return time.perf_counter() - began


def expressions(package: Path) -> Iterator[Expression]:
    """Those that modules hold under a name, and those that are written into a call."""
    seen: set[tuple[Any, int, bool]] = set()
    for path in sorted(package.rglob("*.py")):
        module = ".".join(path.relative_to(package.parent).with_suffix("").parts).removesuffix(".__init__")
        if module.endswith("__main__"):
            continue
        source = path.read_text("utf-8")
        held = list(_held(vars(importlib.import_module(module))))
        kept = {(pattern.pattern, pattern.flags) for _, pattern in held}
        found = [(name, pattern, _only_matched(name, source)) for name, pattern in held]
        for line, pattern, method in _written(source):
            if method != "compile" or (pattern.pattern, pattern.flags) not in kept:
                found.append((f"line {line}", pattern, method in ("match", "fullmatch")))
        for where, pattern, anchored in found:
            key = (pattern.pattern, pattern.flags, anchored)
            if key not in seen:
                seen.add(key)
                yield Expression(f"{path.relative_to(package).as_posix()}: {where}", pattern, anchored)


def _held(value: Any, name: str = "", depth: int = 3) -> Iterator[tuple[str, re.Pattern[Any]]]:
    if isinstance(value, re.Pattern):
        yield name, value
    elif depth and isinstance(value, Mapping):
        for key, one in list(value.items()):
            if not (depth == 3 and str(key).startswith("__")):
                yield from _held(one, name or str(key), depth - 1)
    elif depth and isinstance(value, tuple | list | set | frozenset):
        for one in islice(value, 1000):
            yield from _held(one, name, depth - 1)


def _written(source: str) -> Iterator[tuple[int, re.Pattern[Any], str]]:
    for node in ast.walk(ast.parse(source)):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args):
            continue
        first, called = node.args[0], node.func
        is_re = isinstance(called.value, ast.Name) and called.value.id == "re" and called.attr in (*METHODS, "compile")
        if is_re and isinstance(first, ast.Constant) and isinstance(first.value, str | bytes):
            flags = sum(
                getattr(re, a.attr)
                for a in ast.walk(node)
                if isinstance(a, ast.Attribute) and a.attr in re.RegexFlag.__members__
            )
            yield node.lineno, re.compile(first.value, flags), called.attr


def _only_matched(name: str, source: str) -> bool:
    used = set(re.findall(rf"\b{re.escape(name)}\.(\w+)\(", source))
    return bool(used) and used <= {"match", "fullmatch"}


def attacks(expression: Expression, length: int) -> Iterator[str]:
    """Texts of about a length on which the expression may be slow."""
    pattern = expression.pattern
    words = pattern.pattern if isinstance(pattern.pattern, str) else pattern.pattern.decode("latin-1")
    seen: set[str] = set()
    for before, pumps in _repetitions(parser.parse(words, pattern.flags & ~re.UNICODE & ~re.LOCALE), ""):
        for pump in pumps:
            for attack in _around(before, pump, length):
                if attack not in seen:
                    seen.add(attack)
                    yield attack


def _around(before: str, pump: str, length: int) -> Iterator[str]:
    many = pump * (length // len(pump))
    for end in FAILS:
        yield before + many + end
    yield many + "\x00"
    yield (before + pump) * (length // len(before + pump))
    block = before + pump * 40
    yield block * max(1, length // len(block))
    if before:
        yield before * (length // len(before))


def _repetitions(parsed: Iterable[Any], before: str) -> Iterator[tuple[str, list[str]]]:
    """Each repetition with a text that leads to it, and texts that it repeats."""
    for operation, argument in parsed:
        if operation in (names.MAX_REPEAT, names.MIN_REPEAT, names.POSSESSIVE_REPEAT):
            least, most, inside = argument
            yield from _repetitions(inside, before)
            if most is names.MAXREPEAT or most >= MANY:
                pumps = [sample for sample in _samples(inside, 12) if sample]
                if pumps:
                    yield before, pumps
            before += next(iter(_samples(inside, 1)), "") * min(least, 3)
            continue
        for part in _parts(operation, argument):
            yield from _repetitions(part, before)
        before += next(iter(_samples([(operation, argument)], 1)), "")


def _parts(operation: Any, argument: Any) -> list[Any]:
    if operation is names.SUBPATTERN:
        return [argument[-1]]
    if operation is names.BRANCH:
        return list(argument[1])
    if operation in (names.ASSERT, names.ASSERT_NOT):
        return [argument[1]]
    return [argument] if operation is names.ATOMIC_GROUP else []


def _samples(parsed: Iterable[Any], most: int) -> list[str]:
    """Some texts that a part matches, of different characters."""
    found = [""]
    for operation, argument in parsed:
        found = [a + b for b in _of(operation, argument, most) for a in found][:most] or found
    return list(dict.fromkeys(found))


def _of(operation: Any, argument: Any, most: int) -> list[str]:
    if operation is names.LITERAL:
        return [chr(argument)]
    if operation is names.ANY:
        return list('a <"1`')[:most]
    if operation in (names.IN, names.NOT_LITERAL):
        members = argument if operation is names.IN else [(names.NEGATE, None), (names.LITERAL, argument)]
        return _characters(members)[:most]
    if operation is names.BRANCH:
        return [sample for branch in argument[1] for sample in _samples(branch, max(1, most // 2))][:most]
    if operation in (names.SUBPATTERN, names.ATOMIC_GROUP):
        return _samples(argument[-1] if operation is names.SUBPATTERN else argument, most)
    if operation in (names.MAX_REPEAT, names.MIN_REPEAT, names.POSSESSIVE_REPEAT):
        least, upmost, inside = argument
        count = max(least, 1 if upmost is names.MAXREPEAT or upmost > 0 else 0)
        return [sample * min(count, 40) for sample in _samples(inside, most)]
    return [""]


def _characters(members: Any) -> list[str]:
    tests = {names.CATEGORY_DIGIT: str.isdigit, names.CATEGORY_SPACE: str.isspace,
             names.CATEGORY_WORD: lambda c: c.isalnum() or c == "_"}  # fmt: skip
    opposites = {names.CATEGORY_NOT_DIGIT: names.CATEGORY_DIGIT, names.CATEGORY_NOT_SPACE: names.CATEGORY_SPACE,
                 names.CATEGORY_NOT_WORD: names.CATEGORY_WORD}  # fmt: skip
    own = [chr(a) for o, a in members if o is names.LITERAL] + [chr(a[0]) for o, a in members if o is names.RANGE]

    def holds(c: str) -> bool:
        for operation, argument in members:
            if operation is names.LITERAL and ord(c) == argument:
                return True
            if operation is names.RANGE and argument[0] <= ord(c) <= argument[1]:
                return True
            if operation is names.CATEGORY:
                if argument in tests and tests[argument](c):
                    return True
                if argument in opposites and not tests[opposites[argument]](c):
                    return True
        return False

    negated = any(operation is names.NEGATE for operation, _ in members)
    choices = dict.fromkeys((*ALPHABET, *own)) if negated else dict.fromkeys((*own, *ALPHABET))
    return [c for c in choices if holds(c) != negated]
