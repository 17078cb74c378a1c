from __future__ import annotations

from typing import Any

import pytest
from talk import POST, WORDY, SameReader, comment, thread

from mkdocs_echo_plugin.errors import ConfigurationError
from mkdocs_echo_plugin.model import Settings
from mkdocs_echo_plugin.readers.guarded import Guarded, guarded
from mkdocs_echo_plugin.review.readings import readings

TALK = thread(comment("1", "ada", f"I like it {WORDY}."), comment("2", "bob", f"I doubt it {WORDY}.", "1"))


class Says(SameReader):
    """A reader that answers with anything."""

    def __init__(self, answer: Any) -> None:
        super().__init__()
        self.answer = answer

    def read(self, items: Any) -> Any:
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


@pytest.mark.parametrize(
    "answer",
    [RuntimeError("no such file"), None, [], [None], [(1, 2)] * 2, [(float("nan"), 0, 1)] * 2, [(-1, 1, 1)] * 2,
     [(0, 0, 0)] * 2, ["agree"] * 2, 7],
)  # fmt: skip
def test_a_fault_of_a_reader_makes_stances_unknown_and_is_one_line(answer: Any) -> None:
    reader = guarded(Says(answer))
    assert isinstance(reader, Guarded)
    assert [r.how for r in readings([TALK], POST, Settings(), reader=reader)] == ["unknown"] * 2
    assert reader.unread == 2
    (line,) = reader.close()
    assert line.startswith("stance.reader: same: 2 comments not read")


def test_shares_that_are_not_one_together_are_scaled() -> None:
    reader = guarded(Says([(1, 1, 2), (0, 4, 0)]))
    assert [r.p for r in readings([TALK], POST, Settings(), reader=reader)] == [(0.25, 0.25, 0.5), (0.0, 1.0, 0.0)]


def test_a_reader_without_shares_of_its_own_stops_the_build() -> None:
    reader = Says([])
    reader.pi = {"top": (0.2, 0.8, 0.0)}  # type: ignore[assignment,dict-item]
    with pytest.raises(ConfigurationError, match="pi is not three shares"):
        guarded(reader)
