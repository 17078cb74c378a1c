"""What counts as a declared stance, and what the file of corrections must look like."""

from __future__ import annotations

from pathlib import Path

import pytest

from mkdocs_echo_plugin.errors import ConfigurationError
from mkdocs_echo_plugin.stance.declared import Tags, declared, heard, load_overrides


@pytest.mark.parametrize(
    "text",
    ["Agree: because it is so", "**Agree:** yes", "_AGREE_: yes", "I agree.", "+1", "+1!", "*+1*", "\U0001f44d",
     "\U0001f44d\U0001f3fd", "> Disagree: no\n\nAgree: yes", "\n\n  agree : x"],
)  # fmt: skip
def test_a_tag_on_the_first_own_line_declares_agreement(text: str) -> None:
    assert declared(text) == "agree"


@pytest.mark.parametrize("text", ["Disagree: no", "-1", "−1.", "**-1**", "\U0001f44e", "DISAGREE"])
def test_disagreement_is_declared_the_same_way(text: str) -> None:
    assert declared(text) == "disagree"


@pytest.mark.parametrize(
    "text",
    ["Agree to disagree, friend", "I agree that it is late", "+10", "+1-555-0100 is my number", "+1 555 0100", "-1.5 degrees",
     "-1°C", "Well, +1", "+1 for Bag", "+1 to @Matt", "-1 degrees", "`+1`", "`Agree:` is a tag", "~~Agree:~~ no", "\"Agree: yes\" she said",
     "```\nAgree: x\n```", "\U0001f44d nice", "first words\nAgree: x", "> Agree: quoted", "", "   \n", "Neutrality matters"],
)  # fmt: skip
def test_what_only_looks_like_a_tag_declares_nothing(text: str) -> None:
    assert declared(text) is None


def test_neutral_can_be_declared_too() -> None:
    assert declared("Neutral: both have a point") == "neutral"


def test_a_site_has_words_of_its_own() -> None:
    tags = Tags(agree=("Zustimmung",), disagree=("Widerspruch", "contra:"), neutral=())
    assert declared("Zustimmung: ja", tags) == "agree"
    assert declared("contra: nein", tags) == "disagree"
    assert declared("Agree: yes", tags) is None


@pytest.mark.parametrize(
    ("text", "relayed"),
    [("Heard: my neighbour would rather have a pump.", "my neighbour would rather have a pump."),
     ("**Heard:** a pump\nis better", "a pump is better"), ("Gehört: lieber eine Pumpe", "lieber eine Pumpe"),
     ("I heard: nothing", None), ("Heard it all before", None), ("Heard:", None), ("> Heard: quoted", None)],
)  # fmt: skip
def test_what_somebody_outside_said_is_relayed_and_declares_nothing(text: str, relayed: str | None) -> None:
    assert heard(text) == relayed
    assert declared(text) is None


def test_a_comment_of_one_endless_line_is_answered_at_once() -> None:
    assert declared("> " * 2_000_000) is None


def test_overrides_are_read_by_venue_thread_and_comment(tmp_path: Path) -> None:
    path = tmp_path / "echo-stances.yml"
    path.write_text("csv:well#17: agree\nisso:#42: Disagree\n'a b': neutral\n")
    assert load_overrides(path) == {"csv:well#17": "agree", "isso:#42": "disagree", "a b": "neutral"}


def test_an_empty_file_overrides_nothing(tmp_path: Path) -> None:
    path = tmp_path / "echo-stances.yml"
    path.write_text("# none yet\n")
    assert load_overrides(path) == {}


@pytest.mark.parametrize(
    ("content", "named"),
    [
        (b"a: agree\nb: maybe\n", "line 2"),
        (b"a: agree\na: neutral\n", "line 2"),
        (b"- a\n", "line 1"),
        (b"a: [agree]\n", "line 1"),
        (b"a: agree\nb: {\n", "line 3"),
        (b"\xff\xfe", "UTF-8"),
        (b"a: " + b"[" * 100_000, "echo-stances.yml"),
    ],
)
def test_a_bad_file_is_named_with_its_line(tmp_path: Path, content: bytes, named: str) -> None:
    path = tmp_path / "echo-stances.yml"
    path.write_bytes(content)
    with pytest.raises(ConfigurationError) as caught:
        load_overrides(path)
    assert named in str(caught.value)
    assert str(path) in str(caught.value)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="No such file"):
        load_overrides(tmp_path / "gone.yml")
