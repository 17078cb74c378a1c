from __future__ import annotations

import re
import subprocess
import sys
from importlib import resources

import pytest

from mkdocs_echo_plugin.locales import Catalogue, catalogue, plural_form

LANGUAGES = sorted(
    f.name.removesuffix(".yml")
    for f in resources.files("mkdocs_echo_plugin.locales").iterdir()
    if f.name.endswith(".yml")
)
ENGLISH = catalogue("en").strings


def forms(entry: str | dict[str, str]) -> list[str]:
    return list(entry.values()) if isinstance(entry, dict) else [entry]


def blanks(text: str) -> set[str]:
    return set(re.findall(r"\{(\w+)\}", text))


def test_the_languages_that_are_promised_are_there() -> None:
    assert LANGUAGES == ["de", "en", "es", "fr", "it", "ja", "ko", "nl", "pl", "pt-BR", "ru", "tr", "zh"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_every_string_with_the_same_blanks(language: str) -> None:
    import yaml

    text = resources.files("mkdocs_echo_plugin.locales").joinpath(f"{language}.yml").read_text("utf-8")
    written = {
        f"{section}.{key}": entry for section, entries in yaml.safe_load(text).items() for key, entry in entries.items()
    }
    assert written.keys() == ENGLISH.keys()
    for key, entry in written.items():
        expected = set().union(*map(blanks, forms(ENGLISH[key])))
        for form in forms(entry):
            assert blanks(form) <= expected, key
        assert set().union(*map(blanks, forms(entry))) == expected, key


def test_a_count_of_none_takes_the_form_that_the_language_asks_for() -> None:
    assert catalogue("en").translate("badge.people", 0) == "0 people commented"
    assert catalogue("pt-BR").translate("people.agree", 0) == "0 concorda"
    assert catalogue("de").translate("people.agree", 0) == "0 stimmen zu"


@pytest.mark.parametrize(
    ("tag", "found"),
    [
        ("pt-BR", "pt-BR"),
        ("pt_br", "pt-BR"),
        ("de-AT", "de"),
        ("pt", "pt-BR"),
        ("pt-PT", "pt-BR"),
        ("en-GB", "en"),
        ("zh-CN", "zh"),
        ("zh-Hans", "zh"),
        ("zh-Hans-CN", "zh"),
        ("zh_SG", "zh"),
        ("zh-TW", "en"),
        ("zh-Hant", "en"),
        ("xx", "en"),
    ],
)
def test_a_tag_finds_its_region_then_its_language_then_english(tag: str, found: str) -> None:
    assert catalogue(tag).language == found


CATEGORIES = ["zero", "one", "two", "few", "many", "other"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_plural_has_what_its_language_tells_apart_or_other_in_its_place(language: str) -> None:
    reached = {plural_form(language)(n) for n in (*range(200), 10**6)} | {"other"}
    for key, entry in catalogue(language).strings.items():
        if isinstance(entry, dict):
            assert "other" in entry, key
            assert set(entry) == reached, f"{key}: other forms than {language} asks for"
            assert all(
                catalogue(language).translate(key, n, **dict.fromkeys(blanks(entry["other"]) - {"n"}, 1))
                for n in (0, 1, 2, 10**6)
            )


@pytest.mark.parametrize(
    ("language", "said"),
    [
        # in Polish 12 is not like 2 and 22 is; Arabic tells six forms apart; in French 0 is like 1, and a million is "many"
        ("pl", {0: "many", 1: "one", 2: "few", 5: "many", 12: "many", 22: "few"}),
        ("ar", {0: "zero", 1: "one", 2: "two", 3: "few", 11: "many", 100: "other"}),
        ("he", {1: "one", 2: "two", 3: "other"}),
        ("ja", {0: "other", 1: "other", 2: "other"}),
        ("fr", {0: "one", 1: "one", 2: "other", 1_000_000: "many"}),
        ("pt-PT", {0: "other", 1: "one"}),
        ("pt-BR", {0: "one", 1: "one"}),
    ],
)
def test_a_language_chooses_among_its_own_forms(language: str, said: dict[int, str]) -> None:
    words = Catalogue(language, {"badge.voices": {category: f"{category} {{n}}" for category in CATEGORIES}})
    assert {n: words.translate("badge.voices", n) for n in said} == {
        n: f"{category} {n}" for n, category in said.items()
    }


def test_a_form_that_a_catalogue_leaves_out_is_said_as_other() -> None:
    words = Catalogue("pl", {"badge.voices": {"one": "{n} głos", "few": "{n} głosy", "other": "{n} głosów"}})
    assert [words.translate("badge.voices", n) for n in (1, 3, 5, 23)] == ["1 głos", "3 głosy", "5 głosów", "23 głosy"]


def test_a_count_in_english_words_of_another_language_is_no_error() -> None:
    # a catalogue that lacks a string has the English one, which knows one and other only
    words = Catalogue("ar", {"people.agree": ENGLISH["people.agree"]})
    assert [words.translate("people.agree", n) for n in (0, 1, 2, 3, 11)] == [
        "0 agree",
        "1 agrees",
        "2 agree",
        "3 agree",
        "11 agree",
    ]


def test_babel_is_loaded_by_the_first_plural_only() -> None:
    program = (
        "import sys; from mkdocs_echo_plugin.locales import catalogue; words = catalogue('de'); words.translate('panel.sample')\n"
        "before = 'babel' in sys.modules; words.translate('people.agree', 3); print(before, 'babel' in sys.modules)"
    )
    assert (
        subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
        == "False True\n"
    )
