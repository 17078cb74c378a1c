"""The strings that people read: one YAML catalogue a language, English where a language or a string is missing."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Final

FALLBACK: Final = "en"
_ONE_INCLUDES_ZERO: Final = frozenset({"fr", "pt"})
"""Languages in which 0 takes the form of 1 (CLDR plural rules)."""


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The strings of one language; `language` is the one found, which may be the fallback."""

    language: str
    strings: dict[str, str | dict[str, str]]

    def say(self, key: str, n: int | None = None, /, **values: object) -> str:
        """The string called `key` ("badge.early") with `{n}` and `{values}` filled in, its plural chosen by `n`.

        Raises:
            KeyError: no such string, or a value that the string asks for is missing.
        """
        entry = self.strings[key]
        if isinstance(entry, dict):
            entry = entry["one" if n is not None and self._is_one(n) else "other"]
        return entry.format(n=n, **values)

    def _is_one(self, n: int) -> bool:
        return n == 1 or (n == 0 and self.language.split("-")[0] in _ONE_INCLUDES_ZERO)


@cache
def catalogue(language: str) -> Catalogue:
    """The strings of a language ("pt-BR", else "pt", else English), each missing one in English."""
    tag = language.replace("_", "-")
    main = tag.split("-")[0].lower()
    region = tag.split("-")[1].upper() if "-" in tag else ""
    strings = dict(_read(FALLBACK) or {})
    for name in dict.fromkeys((f"{main}-{region}", main)):
        if name != FALLBACK and (own := _read(name)):
            return Catalogue(name, strings | own)
    return Catalogue(FALLBACK, strings)


def _read(name: str) -> dict[str, str | dict[str, str]] | None:
    file = resources.files(__package__).joinpath(f"{name}.yml")
    if not name.replace("-", "").isalnum() or not file.is_file():
        return None
    import yaml

    flat: dict[str, str | dict[str, str]] = {}
    sections: dict[str, dict[str, Any]] = yaml.safe_load(file.read_text("utf-8"))
    for section, entries in sections.items():
        for key, entry in entries.items():
            flat[f"{section}.{key}"] = entry if isinstance(entry, dict) else str(entry)
    return flat
