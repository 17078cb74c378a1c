"""Which language a comment is taken to be in."""

from __future__ import annotations

import pytest

from mkdocs_echo_plugin.stance.language import detect, thread_languages

ENGLISH = (
    "I have been reading this blog for years and never wrote a word, but this time I think that the whole argument "
    "rests on something that nobody has checked."
)
GERMAN = (
    "Ich lese dieses Blog seit Jahren und habe nie etwas geschrieben, aber diesmal glaube ich, dass die ganze "
    "Begründung auf etwas beruht, das niemand geprüft hat."
)
FRENCH = (
    "Je lis ce blog depuis des années sans jamais rien écrire, mais cette fois je crois que tout l'argument repose "
    "sur quelque chose que personne n'a vérifié."
)


@pytest.mark.parametrize(("text", "language"), [(ENGLISH, "en"), (GERMAN, "de"), (FRENCH, "fr")])
def test_a_comment_of_some_length_is_told(text: str, language: str) -> None:
    assert detect(text) == language


@pytest.mark.parametrize("text", ["", "12 + 30 = 42", "?", "\U0001f600\U0001f600"])
def test_what_has_no_words_has_no_language(text: str) -> None:
    assert detect(text) is None


def test_a_short_comment_goes_with_most_of_its_thread() -> None:
    assert thread_languages([GERMAN, GERMAN, ENGLISH, "ok"], "en") == ["de", "de", "en", "de"]


def test_without_longer_comments_it_goes_with_the_page() -> None:
    assert thread_languages(["ja", "so ist es"], "de-AT") == ["de", "de"]


def test_a_tie_goes_with_the_page() -> None:
    assert thread_languages([GERMAN, FRENCH, "ok"], "en")[2] == "en"


def test_an_empty_thread_has_no_languages() -> None:
    assert thread_languages([], "en") == []
