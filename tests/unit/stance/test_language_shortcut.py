"""Plain English and German are told by their small words, without counting sequences of letters."""

from __future__ import annotations

import subprocess
import sys

import pytest

from mkdocs_echo_plugin.stance.language import detect

ENGLISH = (
    "I think that the well should stay open because it is there for all of us and they have not shown what it costs."
)
GERMAN = (
    "Ich finde, dass der Brunnen offen bleiben soll, weil er für alle da ist und niemand gezeigt hat, was er kostet."
)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        (
            "nl",
            "Dat is een van de dingen die ik niet begrijp, want het was toch al lang bekend dat we hier geen water hebben.",
        ),
        (
            "da",
            "Det er en af de ting som jeg ikke forstår, for vi har kendt til det i mange år og det var ikke noget problem.",
        ),
        ("de", GERMAN),
        (
            "fr",
            "Je pense que le puits doit rester ouvert parce qu'il est là pour nous tous et que personne n'a dit ce qu'il coûte.",
        ),
        (
            "af",
            "Ek dink nie dat dit die moeite werd is nie, want ons het al gesien dat niemand daaroor omgee nie en dit is jammer vir almal.",
        ),
        (
            "lb",
            "Ech mengen datt dat net esou einfach ass, well mir hunn dat schonn oft gesinn an et ass nach ëmmer esou gewiescht.",
        ),
        (
            "nl",
            "Ik vind dat hij in de zon zit en dat is ook maar zo, want het kan nog een tijd duren tot er weer wat water in staat.",
        ),
        ("en", ENGLISH),
    ],
)
def test_neighbouring_languages_are_not_taken_for_english(language: str, text: str) -> None:
    assert detect(text) == language


@pytest.mark.parametrize(("language", "text"), [("en", ENGLISH), ("de", GERMAN)])
def test_plain_comments_load_no_model(language: str, text: str) -> None:
    program = (
        "from mkdocs_echo_plugin.stance import language as room\n"
        f"print(room.detect({text!r}), room._table.cache_info().currsize)"
    )
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert ran.stdout.split() == [language, "0"]
