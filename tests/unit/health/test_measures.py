"""The small measures: breadth, the interval of a share, the state."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from talk import SameReader, comment, thread

from mkdocs_echo_plugin.health.breadth import breadth, effective_voices
from mkdocs_echo_plugin.health.proportion import interval
from mkdocs_echo_plugin.health.state import state
from mkdocs_echo_plugin.model import Range
from mkdocs_echo_plugin.site.findings import first_seen
from mkdocs_echo_plugin.stance import Tags
from mkdocs_echo_plugin.stance.edges import edges
from mkdocs_echo_plugin.stance.voices import towards_post, voices
from mkdocs_echo_plugin.threads import clean


@given(st.lists(st.integers(1, 20), min_size=1, max_size=20))
def test_effective_voices_lie_between_one_and_all(comments: list[int]) -> None:
    found = effective_voices(comments)
    assert found is not None
    assert 1 - 1e-9 <= found <= len(comments) + 1e-9
    assert (found == pytest.approx(len(comments))) == (len(set(comments)) == 1)


@pytest.mark.parametrize("share", [0, 0.001, 0.05, 0.5, 1])
@pytest.mark.parametrize("n", [5, 1_081, 2_040, 20_000])
def test_the_interval_of_a_share_is_jeffreys_at_any_size(share: float, n: int) -> None:
    from scipy.stats import beta

    k = round(share * n)
    expected = beta.ppf((0.1, 0.9), k + 0.5, n - k + 0.5)
    assert interval(k, n) == pytest.approx(tuple(expected), abs=1e-9)


def test_nobody_is_no_effective_voice() -> None:
    assert effective_voices([]) is None


def test_a_voice_is_new_where_its_first_comment_on_the_site_stands() -> None:
    early = thread(comment("1", "a", "x"), comment("2", "b", "y"))
    late = thread(comment("5", "b", "z"), comment("6", "c", "w"), comment("7", None, "v"))
    seen = first_seen([early, late])
    for told, expected in ((early, 2), (late, 1)):
        cleaned = clean(told)
        found = edges(cleaned, post=None, reader=SameReader(), tags=Tags(), overrides={})
        speakers = voices(cleaned.remarks, found, towards_post(cleaned.remarks, found))
        assert breadth(speakers, cleaned.remarks, seen).first_time == expected
        assert breadth(speakers, cleaned.remarks, None).first_time is None


@pytest.mark.parametrize(
    ("k", "m", "low", "high"),
    [(3, 5, 0.3268473973, 0.8250236556), (0, 4, 0.0018528185, 0.2718625116), (0, 0, 0.0244717419, 0.9755282581),
     (400, 1000, 0.3803017613, 0.4199836406)],
)  # fmt: skip
def test_the_interval_of_a_share_is_that_of_its_beta_distribution(k: int, m: int, low: float, high: float) -> None:
    # bounds from scipy.stats.beta.ppf([.1, .9], k + .5, m - k + .5)
    assert interval(k, m) == pytest.approx((low, high), abs=1e-8)


@given(st.integers(0, 200), st.integers(0, 200))
def test_the_interval_of_the_rest_is_the_mirrored_one(k: int, rest: int) -> None:
    low, high = interval(k, k + rest)
    assert interval(rest, k + rest) == pytest.approx((1 - high, 1 - low), abs=1e-8)
    assert low <= high


def test_more_than_all_is_no_share() -> None:
    with pytest.raises(ValueError, match="not a share"):
        interval(3, 2)


def test_the_first_state_that_matches_wins() -> None:
    assert state("opinion", 0, Range(verdict="early")) == "quiet"
    assert state("fact", 9, Range(verdict="off")) == "facts"
    assert state("question", 9, Range(verdict="unread")) == "facts"
    assert state("opinion", 9, Range(verdict="several")) == "several"
    assert state("opinion", 3, Range(verdict="early")) == "early"
