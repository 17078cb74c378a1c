"""What a script sets, read as text: no script is run, and a value that only the browser computes is none."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

REACH: Final = 3_000
"""Characters before and after one setting in which the others of the same embed stand."""

_SET: Final = re.compile(
    # key: "value", "data-key": "value", key = "value", setAttribute("key", "value"); a JavaScript string or template
    r"""["']?(?<![\w-])([A-Za-z][\w-]{0,60})["']?\s{0,20}[:=,]\s{0,20}(["'`])([^"'`\n]{1,500})\2"""
)


@cache
def _one(name: str) -> re.Pattern[str]:
    return re.compile(rf"""\b{name}["']?\s{{0,20}}[:=]\s{{0,20}}(["'`])([^"'`\n]{{1,500}})\1""")


def setting(code: str, name: str) -> str | None:
    """`name = "value"` or `name: "value"`; `name` is a regular expression."""
    match = _one(name).search(code)
    return match[2] if match and "${" not in match[2] else None


def settings_near(code: str, name: str) -> dict[str, str]:
    """All texts that are set around `name`: by an object's keys, by assignment to `dataset`, by `setAttribute`.

    Their names are written in small letters, without "data-" and hyphens ("data-category-id", "categoryId" and
    "category-id" are one); the first of each counts.
    """
    for match in _SET.finditer(code):
        if _plain(match[1]) == name and "/" in match[3]:
            around = code[max(0, match.start() - REACH) : match.end() + REACH]
            found: dict[str, str] = {}
            for one in _SET.finditer(around):
                if "${" not in one[3]:
                    found.setdefault(_plain(one[1]), one[3])
            return found
    return {}


def _plain(name: str) -> str:
    return name.removeprefix("data-").replace("-", "").casefold()
