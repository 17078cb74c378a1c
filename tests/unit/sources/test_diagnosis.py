"""Why a file cannot be read: one line that names the file and the place, and repeats no comment."""

from __future__ import annotations

import pytest

from mkdocs_echo_plugin.sources.formats.diagnosis import fault
from mkdocs_echo_plugin.sources.raw import Document


@pytest.mark.parametrize(
    ("name", "data", "where"),
    [
        ("x.xml", b"<a>\n<b>private words</a>", "x.xml, line 2"),
        ("x.xml", b"<a>private &nbsp words</a>", "x.xml, line 1"),
        ("x.json", b'[{"text": "private words"},\n{"text": ]', "x.json, line 2"),
        ("x.yml", b"- text: private words\n- [", "x.yml, line 3"),
    ],
)
def test_the_place_is_named_and_no_comment_repeated(name: str, data: bytes, where: str) -> None:
    said = fault(Document(name, data))
    assert said is not None
    assert said.startswith(where)
    assert "private" not in said
    assert "\n" not in said
