from __future__ import annotations

from itertools import product
from math import exp, gamma, lgamma

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mkdocs_echo_plugin.health.crowd import approximate_posterior, interval_of_sample
from mkdocs_echo_plugin.health.views import (
    _summary,
    diversity,
    diversity_of_sample,
    posterior,
    range_of_views,
)
from mkdocs_echo_plugin.model import Probabilities

counts = st.integers(0, 40)
evidence = st.builds(Probabilities, *[st.floats(0.01, 3)] * 3)


@given(counts, counts, counts)
def test_agreeing_and_disagreeing_are_alike_to_the_range(a: int, b: int, c: int) -> None:
    assert diversity(a, b, c) == diversity(c, b, a)


@given(counts, counts, counts)
def test_the_range_lies_between_0_and_1_and_is_0_where_all_are_alike(a: int, b: int, c: int) -> None:
    d = diversity(a, b, c)
    if a + b + c == 0:
        assert d is None
    else:
        assert d is not None
        assert 0 <= d <= 1
        assert (d == 0) == (max(a, b, c) == a + b + c)


@given(st.integers(1, 40))
def test_two_halves_are_the_widest_range(n: int) -> None:
    assert diversity(n, 0, n) == 1
    assert diversity(n, n, 0) == 0.5


@pytest.mark.parametrize("n", [2, 3, 4, 5, 6])
@pytest.mark.parametrize("mix", [(0.95, 0.05, 0.0), (0.4, 0.3, 0.3), (0.1, 0.8, 0.1), (0.45, 0.1, 0.45)])
def test_the_form_for_samples_is_unbiased(n: int, mix: tuple[float, float, float]) -> None:
    expected = 0.0
    for sample in product(range(3), repeat=n):
        chance = 1.0
        for stance in sample:
            chance *= mix[stance]
        d = diversity_of_sample(sample.count(0), sample.count(1), sample.count(2))
        assert d is not None
        expected += chance * d
    assert expected == pytest.approx(diversity(*mix), abs=1e-12)


def test_a_sample_of_one_has_no_range() -> None:
    assert diversity_of_sample(1, 0, 0) is None


@pytest.mark.parametrize("n", [3, 4, 5, 6])
@given(data=st.data())
def test_the_posterior_equals_the_sum_over_every_way_to_divide(n: int, data: st.DataObject) -> None:
    read = [data.draw(evidence) for _ in range(n)]
    a, b, c = (data.draw(st.integers(0, 4)) for _ in range(3))
    masses: dict[tuple[int, int, int], float] = {}
    for division in product(range(3), repeat=n):
        mass = 1.0
        for r, stance in zip(read, division, strict=True):
            mass *= r[stance]
        key = (a + division.count(2), b + division.count(1), c + division.count(0))
        masses[key] = masses.get(key, 0.0) + mass * gamma(key[0] + 1 / 3) * gamma(key[1] + 1 / 3) * gamma(
            key[2] + 1 / 3
        )
    total = sum(masses.values())
    for outcome in posterior(a, b, c, read):
        assert outcome.probability == pytest.approx(masses[outcome.counts] / total, abs=1e-12)  # type: ignore[index]


@given(st.integers(1, 12), st.floats(0.01, 100))
def test_uninformative_readings_leave_the_prior(n: int, scale: float) -> None:
    for outcome in posterior(0, 0, 0, [Probabilities(scale, scale, scale)] * n):
        dirichlet_multinomial = exp(sum(lgamma(k + 1 / 3) - lgamma(k + 1) - lgamma(1 / 3) for k in outcome.counts))
        assert outcome.probability == pytest.approx(dirichlet_multinomial, rel=1e-9)


@given(st.lists(evidence, min_size=5, max_size=9), st.randoms(use_true_random=False))
def test_the_order_of_voices_does_not_matter(read: list[Probabilities], random) -> None:  # type: ignore[no-untyped-def]
    shuffled = random.sample(read, len(read))
    assert range_of_views(2, 0, 1, read)[0].median == range_of_views(2, 0, 1, shuffled)[0].median
    assert range_of_views(2, 0, 1, read)[1] == pytest.approx(range_of_views(2, 0, 1, shuffled)[1], abs=1e-8)


@given(st.lists(evidence, min_size=5, max_size=9))
def test_reading_the_sides_the_other_way_round_mirrors_the_counts(read: list[Probabilities]) -> None:
    mirrored = [Probabilities(r.agree, r.neutral, r.disagree) for r in read]
    (figures, expected), (other, swapped) = range_of_views(0, 0, 0, read), range_of_views(0, 0, 0, mirrored)
    assert other.p_wide == pytest.approx(figures.p_wide, abs=1e-8)
    assert swapped == pytest.approx(expected[::-1], abs=1e-8)


@pytest.mark.parametrize(
    ("declared", "verdict"),
    [
        ((8, 0, 0), "one-view"),
        ((9, 2, 1), "leaning"),
        ((6, 0, 2), "several"),
        ((12, 3, 3), "several"),
        ((10, 10, 0), "leaning"),
        ((8, 7, 1), "unclear"),
        ((0, 20, 0), "few-sides"),
        ((1, 8, 1), "few-sides"),
        ((2, 1, 1), "early"),
    ],
)
def test_declared_counts_give_the_verdicts_that_the_manual_names(declared: tuple[int, int, int], verdict: str) -> None:
    figures, _ = range_of_views(*declared)
    assert figures.verdict == verdict


def test_declared_counts_are_exact() -> None:
    figures, expected = range_of_views(9, 2, 1)
    assert figures.d == figures.median == figures.low == figures.high == pytest.approx(76 / 144, abs=1e-9)
    assert expected == (9, 2, 1)


def test_one_read_voice_leaves_no_exact_d() -> None:
    figures, _ = range_of_views(9, 2, 1, [Probabilities(1, 1, 1)])
    assert figures.d is None
    assert figures.median is not None


def test_a_threshold_that_is_met_exactly_is_not_passed() -> None:
    assert diversity(13, 6, 1) == pytest.approx(0.55)
    assert range_of_views(13, 6, 1)[0].verdict == "leaning"
    assert range_of_views(4, 6, 0)[0].p_neutral == 0  # a share of .6 is not more than .6


def test_voices_with_unknown_stances_count_towards_n_only() -> None:
    assert range_of_views(4, 0, 0, unknown=3)[0].verdict == "unread"
    assert range_of_views(4, 0, 0)[0].verdict == "early"
    assert range_of_views(5, 0, 0, unknown=30)[0].verdict == "one-view"
    assert range_of_views(0, 0, 0, unknown=7)[0].verdict == "unread"


@pytest.mark.parametrize("bad", [(-1, 0, 0), (0, -1, 0), (0, 0, -1)])
def test_negative_counts_are_refused(bad: tuple[int, int, int]) -> None:
    with pytest.raises(ValueError, match="0 or more"):
        range_of_views(*bad)


@pytest.mark.parametrize("bad", [(0, 0, 0), (-1, 1, 1), (float("nan"), 1, 1), (float("inf"), 1, 1)])
def test_evidence_that_is_no_evidence_is_refused(bad: tuple[float, float, float]) -> None:
    with pytest.raises(ValueError, match="evidence"):
        range_of_views(0, 0, 0, [Probabilities(*bad)])


def test_a_voice_that_cannot_be_what_it_is_read_as_leaves_the_rest() -> None:
    figures, expected = range_of_views(0, 0, 0, [Probabilities(0, 0, 2)] * 6)
    assert figures.median == 0
    assert expected == (6, 0, 0)


def test_a_crowd_is_as_good_as_its_exact_sum() -> None:
    read = [Probabilities(1.4 - (i % 7) / 5, 0.9, 0.6 + (i % 5) / 3) for i in range(120)]
    exact, _ = _summary(posterior(3, 2, 1, read), 126, 126, exact=False)
    near, _ = _summary(approximate_posterior(3, 2, 1, read), 126, 126, exact=False)
    for name in ("median", "low", "high", "p_wide", "p_middle", "p_narrow", "p_neutral"):
        assert getattr(near, name) == pytest.approx(getattr(exact, name), abs=0.02), name


def test_past_400_read_voices_the_range_is_still_given() -> None:
    figures, expected = range_of_views(0, 0, 0, [Probabilities(0.3, 0.8, 1.6)] * 401)
    assert figures.verdict == "one-view"
    assert sum(expected) == pytest.approx(401)


def test_the_interval_of_a_sample_narrows_with_its_size() -> None:
    low, median, high = interval_of_sample(6, 2, 2, [])
    wider = interval_of_sample(3, 1, 1, [])
    assert 0 <= low < median < high <= 1
    assert wider[2] - wider[0] > high - low
