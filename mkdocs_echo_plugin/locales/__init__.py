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
    strings = dict(_read(FALLBACK) or {})
    for name in _names(language):
        if name != FALLBACK and (own := _read(name)):
            return Catalogue(name, strings | own)
    return Catalogue(FALLBACK, strings)


def explanation(language: str) -> tuple[str, str]:
    """Title and text, as Markdown, of the page that says how the badge works; English where there is none."""
    files = (resources.files(__package__).joinpath("how", f"{name}.md") for name in (*_names(language), FALLBACK))
    title, _, text = next(file.read_text("utf-8") for file in files if file.is_file()).partition("\n")
    return title.removeprefix("# "), text


def _names(language: str) -> list[str]:
    """The names under which a language's strings may lie ("pt-BR", "pt"); nothing that is no language tag."""
    main, _, rest = language.replace("_", "-").partition("-")
    region = rest.split("-")[0].upper()
    named = (f"{main.lower()}-{region}" if region else "", main.lower())
    return [name for name in dict.fromkeys(named) if name.replace("-", "").isalnum()]


def _read(name: str) -> dict[str, str | dict[str, str]] | None:
    file = resources.files(__package__).joinpath(f"{name}.yml")
    if not file.is_file():
        return None
    import yaml

    flat: dict[str, str | dict[str, str]] = {}
    sections: dict[str, dict[str, Any]] = yaml.safe_load(file.read_text("utf-8"))
    for section, entries in sections.items():
        for key, entry in entries.items():
            flat[f"{section}.{key}"] = entry if isinstance(entry, dict) else str(entry)
    return flat
