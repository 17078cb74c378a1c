from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mkdocs_echo_plugin.errors import ConfigurationError
from mkdocs_echo_plugin.review.stances_file import HEAD, set_stance
from mkdocs_echo_plugin.stance.declared import load_overrides


def test_a_new_file_says_what_it_is(tmp_path: Path) -> None:
    file = tmp_path / "echo-stances.yml"
    set_stance(file, "isso:/well/#1", "agree")
    assert file.read_text() == f"{HEAD}isso:/well/#1: agree\n"


def test_what_else_stands_in_the_file_stays(tmp_path: Path) -> None:
    file = tmp_path / "s.yml"
    file.write_text("# mine\nisso:/a/#1: agree  # I asked her\n\nisso:/a/#2: neutral\n")
    set_stance(file, "isso:/a/#2", "disagree")
    set_stance(file, "isso:/a/#3", "agree")
    assert file.read_text() == "# mine\nisso:/a/#1: agree  # I asked her\n\nisso:/a/#2: disagree\nisso:/a/#3: agree\n"


def test_a_line_is_taken_out_again(tmp_path: Path) -> None:
    file = tmp_path / "s.yml"
    file.write_text("isso:/a/#1: agree\n")
    set_stance(file, "isso:/a/#2", "agree")
    set_stance(file, "isso:/a/#2", None)
    assert file.read_text() == "isso:/a/#1: agree\n"


def test_a_file_that_is_none_of_such_lines_is_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "s.yml"
    file.write_text("- a list\n")
    with pytest.raises(ConfigurationError, match="expected"):
        set_stance(file, "isso:/a/#2", "agree")
    assert file.read_text() == "- a list\n"
    assert [path.name for path in tmp_path.iterdir()] == ["s.yml"]


def test_a_key_among_others_on_one_line_is_not_touched(tmp_path: Path) -> None:
    file = tmp_path / "s.yml"
    file.write_text('{"isso:/a/#1": agree, "isso:/a/#2": agree}\n')
    with pytest.raises(ConfigurationError, match="one key a line"):
        set_stance(file, "isso:/a/#2", "disagree")


def test_the_file_keeps_its_rights(tmp_path: Path) -> None:
    file = tmp_path / "s.yml"
    file.write_text("")
    file.chmod(0o640)
    set_stance(file, "isso:/a/#2", "agree")
    assert file.stat().st_mode & 0o777 == 0o640


@given(key=st.text(min_size=1, max_size=40).map(lambda text: f"isso:{text}#1"))
def test_any_key_is_read_back_and_can_be_taken_out(key: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    file = tmp_path_factory.mktemp("stances") / "s.yml"
    try:
        key.encode()
    except UnicodeEncodeError:
        return  # a lone surrogate is in no file
    set_stance(file, "isso:other#1", "neutral")
    set_stance(file, key, "agree")
    assert load_overrides(file) == {"isso:other#1": "neutral", key: "agree"}
    set_stance(file, key, None)
    assert load_overrides(file) == {"isso:other#1": "neutral"}
