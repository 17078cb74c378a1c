"""The strings that people read: one YAML catalogue a language, English where a language or a string is missing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from importlib import resources
from typing import Any, Final

FALLBACK: Final = "en"
SEPARATOR: Final = " · "
"""Between the parts of a line: people, how they see it, what is open."""

_INSTEAD: Final = {"pt": "pt-BR"}


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The strings of one language; `language` is the one found, which may be the fallback.

    An entry with plurals maps the categories of Unicode's CLDR that its language tells apart (`zero`, `one`, `two`,
    `few`, `many`) to a string each; `other`, which it must have, stands in for those that it leaves out.
    """

    language: str
    strings: dict[str, str | dict[str, str]]

    def translate(self, key: str, n: int | None = None, /, **values: object) -> str:
        """The string called `key` ("badge.early") with `{n}` and `{values}` filled in, its plural chosen by `n`.

        Raises:
            KeyError: no such string, or a value that the string asks for is missing.
        """
        entry = self.strings[key]
        if isinstance(entry, dict):
            entry = entry.get("other" if n is None else plural_form(self.language)(n), entry["other"])
        return entry.format(n=n, **values)


@cache
def catalogue(language: str) -> Catalogue:
    """The strings of a language ("pt-BR", else "pt", else English), each missing one in English."""
    strings = dict(_read(FALLBACK) or {})
    for name in _names(language):
        if name != FALLBACK and (own := _read(name)):
            return Catalogue(name, strings | own)
    return Catalogue(FALLBACK, strings)


@lru_cache(maxsize=4096)
def day(when: date, language: str) -> str:
    """A date as people of the language write it ("3 May 2026")."""
    from babel.dates import format_date

    return format_date(when, format="long", locale=locale_of(language))


def locale_of(language: str) -> str:
    """The locale by whose rules Babel writes dates and numbers for a language; English as in Britain."""
    return "en_GB" if language == "en" else language.replace("-", "_")


@cache
def plural_form(language: str) -> Callable[[int], str]:
    """The CLDR plural category of a number in a language ("pt-BR"), e.g. 2 in Polish is "few".

    Source: Unicode CLDR's plural rules, as Babel ships them.
    """
    from babel import Locale  # takes 8 ms, and its first locale 25

    category: Callable[[int], str] = Locale.parse(language, sep="-").plural_form
    return category


def explained_in(language: str) -> str:
    """The language that the page on how the badge works has for a language: English where there is no such page."""
    how = resources.files(__package__).joinpath("how")
    return next(name for name in (*_names(language), FALLBACK) if how.joinpath(f"{name}.md").is_file())


def explanation(language: str) -> tuple[str, str]:
    """Title and text, as Markdown, of the page that says how the badge works."""
    file = resources.files(__package__).joinpath("how", f"{explained_in(language)}.md")
    title, _, text = file.read_text("utf-8").partition("\n")
    return title.removeprefix("# "), text


def _names(language: str) -> list[str]:
    """The names under which a language's strings may lie ("pt-BR", "pt"); nothing that is no language tag.

    Portuguese of anywhere has Brazil's words, which everybody who reads it understands; Chinese in traditional
    characters has not those in simplified ones.
    """
    main, *rest = language.replace("_", "-").split("-")
    main, regions = main.lower(), [part.upper() for part in rest]
    if main == "zh" and not {"HANT", "TW", "HK", "MO"}.isdisjoint(regions):
        return []
    named = (f"{main}-{regions[0]}" if regions else "", main, _INSTEAD.get(main, ""))
    return [name for name in dict.fromkeys(named) if name.replace("-", "").isalnum()]


def _read(name: str) -> dict[str, str | dict[str, str]] | None:
    file = resources.files(__package__).joinpath(f"{name}.yml")
    if not file.is_file():
        return None
    import yaml

    flat: dict[str, str | dict[str, str]] = {}
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # libyaml's takes a tenth of the time, and may be missing
    sections: dict[str, dict[str, Any]] = yaml.load(file.read_text("utf-8"), Loader=loader)  # noqa: S506  # a safe one
    for section, entries in sections.items():
        for key, entry in entries.items():
            flat[f"{section}.{key}"] = entry if isinstance(entry, dict) else str(entry)
    return flat
