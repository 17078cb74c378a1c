"""No line of ours is a command: to a CI's runner, to a terminal, or to a reader's eyes."""

from __future__ import annotations

import io
import logging
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mkdocs_echo_plugin.messages import OneLine, one_line, plain_text, printable

PACKAGE = Path(__file__).parents[2] / "mkdocs_echo_plugin"
HOSTILE = (
    "x\n::error file=a::b\r\n\x1b]0;owned\x07 \x9b2J ##[add-mask]a ##vso[task.complete]b \u202egnp.exe \ud800 ###[x"
)


@given(st.text() | st.from_regex(r"(\s*::[a-z]+|##\[|##vso\[|\x1b|\n|[a-z ])*", fullmatch=True))
def test_any_text_becomes_one_line_that_nobody_obeys(text: str) -> None:
    line = one_line(text)
    assert "\n" not in line
    assert not line.lstrip().startswith("::")
    assert "##" not in line
    assert all(c.isprintable() or c in "\u200c\u200d" for c in line)
    line.encode()


@given(st.text() | st.from_regex(r"(\n[ \t]*::[a-z]+|##\[|\x1b|\n|[a-z ])*", fullmatch=True))
def test_no_line_of_a_longer_text_is_a_command(text: str) -> None:
    lines = plain_text(text).split("\n")
    assert len(lines) == text.count("\n") + 1
    assert not [line for line in lines if line.lstrip().startswith("::") or "##" in line]


@pytest.mark.parametrize("text", ["a: b", "C::D in the middle", "café 👩\u200d🚀", "# Title", "می\u200cخواهم"])
def test_what_is_harmless_stays_as_it_is(text: str) -> None:
    assert one_line(text) == printable(text) == text


def test_a_logger_of_ours_writes_one_line_whatever_the_message_and_its_values_hold() -> None:
    stream = io.StringIO()
    logger = logging.Logger("here", logging.DEBUG)
    logger.addHandler(logging.StreamHandler(stream))
    log = OneLine(logger)
    log.warning("%s cannot be read (%s)", HOSTILE, Path("a\n::warning::b"))
    log.info(HOSTILE)
    log.debug("100 % of it")
    assert stream.getvalue().count("\n") == 3
    assert not re.search(r"^::|\x1b|##", stream.getvalue(), re.MULTILINE)


def test_every_logger_of_the_package_is_such_a_one() -> None:
    found = [
        (path.name, line.strip())
        for path in sorted(PACKAGE.rglob("*.py"))
        for line in path.read_text("utf-8").splitlines()
        if re.match(r"\w+ = .*get(?:_plugin_l|L)ogger\(", line)
    ]
    assert [one for one in found if "OneLine(" not in one[1]] == []
    assert len(found) >= 5
