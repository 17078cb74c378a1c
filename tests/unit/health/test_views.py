from __future__ import annotations

from itertools import product
from math import exp, lgamma

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mkdocs_echo_plugin.health.crowd import approximate_ways, interval_of_sample
from mkdocs_echo_plugin.health.estimate import Counts, Prior, Trust, priors, trust_in, ways
from mkdocs_echo_plugin.health.verdict import Division
from mkdocs_echo_plugin.health.views import _summed, diversity, diversity_of_sample, range_of_views, said
from mkdocs_echo_plugin.model import Probabilities

counts = st.integers(0, 40)
evidence = st.builds(Probabilities, *[st.floats(0.01, 3)] * 3)
EVEN = Counts(0.5, 1.5, 0.5)
TRUST = Trust(position=Counts(1.5, 1.0, 1.5), none=EVEN, sharpness=0.9, shared=0.1, useless=0.1, sure=0.8)
FLAT = [Prior(EVEN, 1.0, 1.0)]


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


@pytest.mark.parametrize("n", [1, 3, 4, 5])
@given(data=st.data())
def test_the_estimate_equals_the_sum_over_every_way_to_divide_under_every_prior(n: int, data: st.DataObject) -> None:
    read = [data.draw(evidence) for _ in range(n)]
    a, b, c = (data.draw(st.integers(0, 4)) for _ in range(3))
    mixture = priors(TRUST, data.draw(st.floats(0.05, 0.95)), n)
    masses: dict[tuple[int, int, int], float] = {}
    for prior, division in product(mixture, product(range(3), repeat=n)):
        key = (a + division.count(2), b + division.count(1), c + division.count(0))
        mass = prior.weight * exp(lgamma(sum(prior.alpha)) - lgamma(sum(prior.alpha) + sum(key)))
        for alpha, count in zip(prior.alpha, key, strict=True):
            mass *= exp(lgamma(alpha + count) - lgamma(alpha))
        for r, stance in zip(read, division, strict=True):
            mass *= r[stance] ** prior.power
        masses[key] = masses.get(key, 0.0) + mass
    total = sum(masses.values())
    for way in ways(a, b, c, read, mixture):
        assert way.probability == pytest.approx(masses[way[:3]] / total, abs=1e-10)  # type: ignore[index]


@given(st.integers(1, 12), st.floats(0.01, 100))
def test_readings_that_tell_nothing_leave_the_prior(n: int, scale: float) -> None:
    for a, b, c, p in ways(0, 0, 0, [Probabilities(scale, scale, scale)] * n, FLAT):
        log_p = lgamma(n + 1) + lgamma(sum(EVEN)) - lgamma(sum(EVEN) + n)
        for k, alpha in zip((a, b, c), EVEN, strict=True):
            log_p += lgamma(k + alpha) - lgamma(alpha) - lgamma(k + 1)
        assert p == pytest.approx(exp(log_p), rel=1e-9)


def test_a_useless_reader_leaves_the_prior_whatever_it_says() -> None:
    blind = Trust(EVEN, EVEN, sharpness=0.9, shared=0.1, useless=1.0, sure=0.8)
    one = range_of_views(0, 0, 0, [Probabilities(9, 1, 0.1)] * 20, trust=blind)
    other = range_of_views(0, 0, 0, [Probabilities(1, 1, 1)] * 20, trust=blind)
    assert one.range.p == pytest.approx(other.range.p, abs=1e-8)


def test_more_misreadings_that_are_shared_make_no_surer() -> None:
    read = Probabilities(3.0, 0.6, 0.4)
    powers = [TRUST.temper(n) * n for n in (1, 5, 20, 100, 1000)]
    assert powers == sorted(powers)
    assert powers[-1] < TRUST.sharpness / TRUST.shared
    alone = Trust(EVEN, EVEN, sharpness=0.9, shared=0.0, useless=0.0, sure=0.8)
    width = [range_of_views(0, 0, 0, [read] * 60, trust=t).range for t in (alone, TRUST)]
    assert width[0].high is not None
    assert width[1].high is not None
    assert width[1].high - (width[1].low or 0) > width[0].high - (width[0].low or 0)


def test_doubt_about_the_post_says_less_than_either_answer() -> None:
    read = [Probabilities(0.8, 0.9, 1.6)] * 8
    sides = [range_of_views(0, 0, 0, read, position=p, trust=TRUST).range.p for p in (0.0, 0.5, 1.0)]
    assert all(p is not None for p in sides)
    few = [p["few-sides"] for p in sides if p is not None]
    assert few[0] > few[1] > few[2]


@given(st.lists(evidence, min_size=5, max_size=9), st.randoms(use_true_random=False))
def test_the_order_of_voices_does_not_matter(read: list[Probabilities], random) -> None:  # type: ignore[no-untyped-def]
    one, other = range_of_views(2, 0, 1, read), range_of_views(2, 0, 1, random.sample(read, len(read)))
    assert one.range.median == other.range.median
    assert one.agree == pytest.approx(other.agree, abs=1e-8)


@given(st.lists(evidence, min_size=5, max_size=9))
def test_reading_the_sides_the_other_way_round_mirrors_the_counts(read: list[Probabilities]) -> None:
    mirrored = [Probabilities(r.agree, r.neutral, r.disagree) for r in read]
    fair = Trust(EVEN, EVEN, 0.9, 0.1, 0.1, 0.8)
    one, other = range_of_views(0, 0, 0, read, trust=fair), range_of_views(0, 0, 0, mirrored, trust=fair)
    assert other.range.p == pytest.approx(one.range.p, abs=1e-8)
    assert one.agree is not None
    assert other.disagree is not None
    assert other.disagree[1] == pytest.approx(one.agree[1], abs=1e-8)


def test_declared_counts_are_exact_and_have_no_interval() -> None:
    views = range_of_views(9, 2, 1, position=0.1)
    assert views.range.d == views.range.median == views.range.low == views.range.high == pytest.approx(76 / 144)
    assert (views.agree, views.neutral, views.disagree) == ((9, 9, 9), (2, 2, 2), (1, 1, 1))


def test_one_read_voice_leaves_no_exact_d() -> None:
    views = range_of_views(9, 2, 1, [Probabilities(1, 1, 1)])
    assert views.range.d is None
    assert views.range.median is not None
    assert views.agree is not None
    assert views.agree[0] >= 9
    assert views.agree[2] <= 10


@given(st.lists(evidence, min_size=1, max_size=12), counts, counts, counts)
def test_the_range_of_people_holds_the_declared_and_no_more_than_all(
    read: list[Probabilities], a: int, b: int, c: int
) -> None:
    views = range_of_views(a, b, c, read)
    for span, least in ((views.agree, a), (views.neutral, b), (views.disagree, c)):
        assert span is not None
        assert least <= span[0] <= span[2] <= least + len(read)
        assert least - 1e-9 <= span[1] <= least + len(read) + 1e-9
    assert views.range.p is not None
    assert sum(views.range.p.values()) == pytest.approx(1, abs=1e-6)


def test_one_side_is_said_without_its_strength_where_only_both_together_are_probable() -> None:
    nearly, most = Division("one-side", "agree", "nearly-all"), Division("one-side", "agree", "most")
    assert said({nearly: 0.5, most: 0.4, Division("several"): 0.1}, 0.8) == (Division("one-side", "agree"), 0.9)
    assert said({nearly: 0.9, most: 0.1}, 0.8)[0] == nearly
    assert said({nearly: 0.5, Division("several"): 0.5}, 0.8) == (Division("unclear"), 0.0)


def test_voices_with_unknown_stances_count_towards_n_only() -> None:
    assert range_of_views(4, 0, 0, unknown=3).range.verdict == "unread"
    assert range_of_views(4, 0, 0).range.verdict == "early"
    assert range_of_views(6, 0, 0, unknown=3).range.verdict == "one-side"
    assert range_of_views(6, 0, 0, unknown=4).range.verdict == "unread"
    assert range_of_views(0, 0, 0, unknown=7).range.verdict == "unread"


@pytest.mark.parametrize("bad", [(-1, 0, 0), (0, -1, 0), (0, 0, -1)])
def test_negative_counts_are_refused(bad: tuple[int, int, int]) -> None:
    with pytest.raises(ValueError, match="0 or more"):
        range_of_views(*bad)


@pytest.mark.parametrize("bad", [(0, 0, 0), (-1, 1, 1), (float("nan"), 1, 1), (float("inf"), 1, 1)])
def test_evidence_that_is_no_evidence_is_refused(bad: tuple[float, float, float]) -> None:
    with pytest.raises(ValueError, match="evidence"):
        range_of_views(0, 0, 0, [Probabilities(*bad)])


def test_a_crowd_is_as_good_as_its_exact_sum() -> None:
    read = [Probabilities(1.4 - (i % 7) / 5, 0.9, 0.6 + (i % 5) / 3) for i in range(120)]
    mixture = priors(TRUST, 0.4, len(read))
    exact = _summed(ways(3, 2, 1, read, mixture), 126, None, sure=0.8, exact=False)
    near = _summed(approximate_ways(3, 2, 1, read, mixture), 126, None, sure=0.8, exact=False)
    assert near.range.p == pytest.approx(exact.range.p, abs=0.02)
    for name in ("median", "low", "high"):
        assert getattr(near.range, name) == pytest.approx(getattr(exact.range, name), abs=0.02), name


def test_past_200_read_voices_the_range_is_still_given() -> None:
    views = range_of_views(0, 0, 0, [Probabilities(0.3, 0.8, 1.6)] * 201)
    assert views.agree is not None
    assert views.neutral is not None
    assert views.disagree is not None
    assert views.agree[1] + views.neutral[1] + views.disagree[1] == pytest.approx(201)


def test_the_interval_of_a_sample_narrows_with_its_size() -> None:
    low, median, high = interval_of_sample(6, 2, 2, [], FLAT)
    wider = interval_of_sample(3, 1, 1, [], FLAT)
    assert 0 <= low < median < high <= 1
    assert wider[2] - wider[0] > high - low


def test_a_reader_that_nobody_measured_is_trusted_least() -> None:
    unknown = trust_in("somebody's own")
    assert unknown == trust_in("other")
    assert unknown.temper(10) <= trust_in("embedded").temper(10)


def test_a_billion_declared_voices_take_no_more_memory_than_ten() -> None:
    found = range_of_views(1_000_000_000, 0, 0, [Probabilities(1.0, 1.0, 2.0)] * 3)
    assert (found.range.verdict, found.range.side) == ("one-side", "agree")
