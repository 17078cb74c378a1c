from __future__ import annotations

import re
from importlib import resources

import pytest

from mkdocs_echo_plugin.locales import catalogue

LANGUAGES = sorted(f.name.removesuffix(".yml") for f in resources.files("mkdocs_echo_plugin.locales").iterdir() if f.name.endswith(".yml"))
ENGLISH = catalogue("en").strings


def forms(entry: str | dict[str, str]) -> list[str]:
    return list(entry.values()) if isinstance(entry, dict) else [entry]


def blanks(text: str) -> set[str]:
    return set(re.findall(r"\{(\w+)\}", text))


def test_the_languages_that_are_promised_are_there() -> None:
    assert LANGUAGES == ["de", "en", "es", "fr", "pt-BR"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_every_string_with_the_same_blanks(language: str) -> None:
    import yaml

    text = resources.files("mkdocs_echo_plugin.locales").joinpath(f"{language}.yml").read_text("utf-8")
    written = {f"{section}.{key}": entry for section, entries in yaml.safe_load(text).items() for key, entry in entries.items()}
    assert written.keys() == ENGLISH.keys()
    for key, entry in written.items():
        expected = set().union(*map(blanks, forms(ENGLISH[key])))
        for form in forms(entry):
            assert blanks(form) <= expected, key
        assert set().union(*map(blanks, forms(entry))) == expected, key


def test_a_count_of_none_takes_the_form_that_the_language_asks_for() -> None:
    assert catalogue("en").say("fact.first-time", 0) == "0 first-time voices"
    assert catalogue("pt-BR").say("panel.agree", 0) == "0 concorda"
    assert catalogue("de").say("panel.agree", 0) == "0 stimmen zu"


@pytest.mark.parametrize(("tag", "found"), [("pt-BR", "pt-BR"), ("pt_br", "pt-BR"), ("de-AT", "de"), ("pt", "en"), ("en-GB", "en")])
def test_a_tag_finds_its_region_then_its_language_then_english(tag: str, found: str) -> None:
    assert catalogue(tag).language == found
