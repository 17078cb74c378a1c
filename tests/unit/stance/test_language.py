"""Which language a comment is taken to be in."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mkdocs_echo_plugin.stance import language
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


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("es", "El pozo del pueblo lleva abierto cien años y nadie ha explicado cuánto cuesta cerrarlo, así que no entiendo la prisa."),
        ("it", "Il pozzo del paese resta aperto da cento anni e nessuno ha spiegato quanto costa chiuderlo, quindi non capisco la fretta."),
        ("pt", "O poço da aldeia está aberto há cem anos e ninguém explicou quanto custa fechá-lo, por isso não entendo a pressa."),
        ("fr", "Le puits du village est ouvert depuis cent ans et personne n'a dit combien coûte sa fermeture, alors pourquoi se presser ?"),
        ("nl", "De put van het dorp is al honderd jaar open en niemand heeft uitgelegd wat het kost om hem te sluiten, dus waarom die haast?"),
        ("pl", "Studnia we wsi jest otwarta od stu lat i nikt nie wyjaśnił, ile kosztuje jej zamknięcie, więc nie rozumiem tego pośpiechu."),
        ("ru", "Колодец в деревне открыт уже сто лет, и никто не объяснил, сколько стоит его закрыть, поэтому я не понимаю этой спешки."),
        ("uk", "Криниця в селі відкрита вже сто років, і ніхто не пояснив, скільки коштує її закрити, тому я не розумію цього поспіху."),
        ("tr", "Köyün kuyusu yüz yıldır açık ve kimse kapatmanın ne kadara mal olduğunu anlatmadı, bu yüzden aceleyi anlamıyorum."),
        ("el", "Το πηγάδι είναι ανοιχτό εδώ και εκατό χρόνια."), ("he", "הבאר פתוחה כבר מאה שנים."), ("ko", "우물은 백 년 동안 열려 있었다."),
        ("ja", "村の井戸は百年も開いているのに、急ぐ理由がわからない。"), ("zh", "村里的井已经开了一百年，为什么要急着关？"),
        ("ar", "البئر مفتوحة منذ مئة عام"), ("fa", "چاه روستا صد سال است که باز است"), ("th", "บ่อน้ำเปิดมาร้อยปีแล้ว"),
        ("hi", "गाँव का कुआँ सौ साल से खुला है"),
    ],
    ids=lambda value: value[:6],
)  # fmt: skip
def test_a_comment_is_told_by_its_words_its_letters_or_its_script(language: str, text: str) -> None:
    assert detect(text) == language


def test_capital_letters_are_read_like_small_ones() -> None:
    assert detect(ENGLISH.upper()) == "en"
    assert detect(FRENCH.upper()) == "fr"


def test_a_short_comment_in_a_script_of_its_own_is_not_taken_for_the_language_of_the_page() -> None:
    assert thread_languages(["ok", "村里的井已经开了一百年，为什么要急着关？"], "en")[1] == "zh"


def test_a_name_in_another_script_decides_nothing() -> None:
    assert thread_languages(["I agree with Ωmega and Σigma"], "en") == ["en"]


@given(st.text(max_size=1_500))
def test_no_text_raises(text: str) -> None:
    assert detect(text) is None or len(detect(text) or "") in (2, 3)


def test_the_table_is_small() -> None:
    assert (Path(language.__file__).parent / "languages.bin").stat().st_size < 100_000
