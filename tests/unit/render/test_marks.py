"""One mark a person: shapes, what is guessed, and where people are too many or too few to draw."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mkdocs_echo_plugin.model import VoiceCounts
from mkdocs_echo_plugin.render.marks import Drawing, Group, groups, large, line
from mkdocs_echo_plugin.thresholds import MOST_MARKS, MOST_MARKS_IN_LINE


def exact(agree: int, neutral: int, disagree: int) -> VoiceCounts:
    n = agree + neutral + disagree
    spans = [(k, float(k), k) for k in (agree, neutral, disagree)]
    return VoiceCounts(n=n, known=n, declared=n, agree=spans[0], neutral=spans[1], disagree=spans[2])


def marks_of(drawing: Drawing | None) -> dict[tuple[str, bool], int]:
    """How many marks of each kind are drawn: every one begins with a move."""
    assert drawing is not None
    return {(path.stance, path.guessed): path.d.count("M") for path in drawing.paths}


def test_there_is_one_mark_for_each_person() -> None:
    people = groups(exact(6, 1, 3))
    assert marks_of(line(people)) == {("agree", False): 6, ("neutral", False): 1, ("disagree", False): 3}
    assert marks_of(large(people)) == marks_of(line(people))


def test_the_stances_differ_in_shape_and_not_only_in_colour() -> None:
    drawing = large(groups(exact(3, 1, 3)))
    assert drawing is not None
    shape = {path.stance: re.sub(r"[\d.]+", "", path.d.split("M")[1]) for path in drawing.paths}
    radius = {p.stance: float(re.findall(r"a([\d.]+)", p.d)[0]) for p in drawing.paths if p.stance != "disagree"}
    assert "a" in shape["agree"]
    assert "l" in shape["disagree"]
    assert radius["neutral"] < radius["agree"]  # a ring, drawn as a line


def test_what_is_guessed_is_told_apart_and_comes_after_what_is_sure() -> None:
    voices = VoiceCounts(
        n=11, known=11, declared=2, read=9, agree=(6, 8.0, 9), neutral=(1, 2.0, 4), disagree=(1, 1.0, 1)
    )
    assert marks_of(line(groups(voices))) == {
        ("agree", False): 6, ("agree", True): 2, ("neutral", False): 1, ("neutral", True): 1, ("disagree", False): 1,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("n", "in_line", "in_panel"), [(24, True, True), (25, False, True), (60, False, True), (61, False, False)]
)
def test_the_line_draws_24_people_and_the_panel_60_and_more_are_a_bar(n: int, in_line: bool, in_panel: bool) -> None:
    people = groups(exact(n - 5, 0, 5))
    assert (MOST_MARKS_IN_LINE, MOST_MARKS) == (24, 60)
    assert (sum(marks_of(line(people)).values()) == n) is in_line
    assert (sum(marks_of(large(people)).values()) == n) is in_panel


@given(st.integers(61, 400), st.integers(0, 60), st.integers(0, 60))
def test_a_bar_is_as_long_as_its_parts(agree: int, neutral: int, disagree: int) -> None:
    drawing = large(groups(exact(agree, neutral, disagree)))
    assert drawing is not None
    ends = [re.fullmatch(r"M([\d.]+) 0h([\d.]+)v.*", path.d) for path in drawing.paths]
    spans = [(float(m[1]), float(m[1]) + float(m[2])) for m in ends if m]
    assert len(spans) == len(drawing.paths)
    assert all(a[1] <= b[0] + 0.6 for a, b in pairwise(spans))
    assert spans[-1][1] <= drawing.width + 0.6


@given(st.integers(5, 60))
def test_a_large_drawing_fits_on_a_phone(n: int) -> None:
    drawing = large(groups(exact(n, 0, 0)))
    assert drawing is not None
    assert drawing.width <= 300


@given(st.lists(st.floats(0.01, 50), min_size=3, max_size=3), st.integers(5, 150))
def test_guessed_people_are_whole_people_who_add_up(expected: list[float], known: int) -> None:
    scale = known / sum(expected)
    agree, neutral, disagree = ((int(x * scale), x * scale, int(x * scale) + 1) for x in expected)
    people = groups(VoiceCounts(n=known, known=known, agree=agree, neutral=neutral, disagree=disagree))
    assert sum(group.count for group in people) == known
    assert all(isinstance(group, Group) for group in people)


def test_nobody_is_drawn_under_five_known_people_or_where_a_range_is_wide() -> None:
    some = VoiceCounts(n=9, known=4, agree=(2, 2.0, 2), neutral=(1, 1.0, 1), disagree=(1, 1.0, 1))
    wide = VoiceCounts(n=9, known=9, agree=(2, 4.0, 7), neutral=(2, 4.0, 6), disagree=(0, 1.0, 2))
    for voices in (some, wide, VoiceCounts(n=9, known=9)):
        assert groups(voices) == ()
    assert line(()) is None
    assert large(()) is None
