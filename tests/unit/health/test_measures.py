"""The small measures: breadth, the interval of a share, the bridging comment, the state."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from talk import POST, WORDY, SameReader, comment, thread

from mkdocs_echo_plugin.health.breadth import breadth, effective_voices
from mkdocs_echo_plugin.health.bridging import bridging_score, highlight
from mkdocs_echo_plugin.health.proportion import interval
from mkdocs_echo_plugin.health.state import state
from mkdocs_echo_plugin.model import Comment, Highlight, Range, Reaction
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


def shown(*comments: Comment) -> Highlight | None:
    cleaned = clean(thread(*comments))
    found = edges(cleaned, post=POST, reader=SameReader(), tags=Tags(), overrides={})
    stances = towards_post(cleaned.remarks, found)
    return highlight(cleaned.remarks, found, stances, voices(cleaned.remarks, found, stances))


SIDES = [comment(str(i), f"k{i}", "Agree: yes." if i < 4 else "Disagree: no.") for i in range(7)]


def up(*keys: str) -> tuple[Reaction, ...]:
    return tuple(Reaction("+1", key) for key in keys)


def test_the_comment_that_both_sides_received_well_is_the_bridge() -> None:
    found = shown(*SIDES, comment("8", "x", f"Loved by one side: {WORDY}", reactions=up("k0", "k1", "k2", "k3")),
                  comment("9", "y", f"Liked by both: {WORDY}", reactions=up("k0", "k5")))  # fmt: skip
    assert found is not None
    assert (found.kind, found.comment_id) == ("bridging", "9")
    assert bridging_score(2, 1, 4, 3) > bridging_score(4, 0, 4, 3)


def test_one_cannot_bridge_with_one_s_own_thumb_and_short_or_heated_comments_do_not() -> None:
    assert shown(*SIDES, comment("9", "k5", f"Mine: {WORDY}", reactions=up("k0", "k5"))) is None
    assert shown(*SIDES, comment("9", "y", "Both are right.", reactions=up("k0", "k5"))) is None
    assert shown(*SIDES, comment("9", "y", f"You idiots, {WORDY}", reactions=up("k0", "k5"))) is None


def test_without_two_sides_the_best_received_declared_dissent_is_shown() -> None:
    found = shown(
        comment("1", "a", f"Disagree: {WORDY} " * 3, reactions=(Reaction("+1", None, 3),)),
        comment("2", "b", f"Disagree: less liked, {WORDY}", reactions=up("z")),
        comment("3", "c", f"Agree: most liked, {WORDY}", reactions=(Reaction("+1", None, 30),)),
    )
    assert found is not None
    assert (found.kind, found.comment_id) == ("dissent", "1")
    assert len(found.words.split()) == 41  # forty words and an ellipsis


def test_without_reactions_nothing_is_highlighted() -> None:
    assert shown(*SIDES, comment("9", "y", f"Disagree: {WORDY}")) is None


def test_the_first_state_that_matches_wins() -> None:
    assert state("opinion", 0, Range(verdict="early")) == "quiet"
    assert state("fact", 9, Range(verdict="off")) == "facts"
    assert state("question", 9, Range(verdict="unread")) == "facts"
    assert state("opinion", 9, Range(verdict="several")) == "several"
    assert state("opinion", 3, Range(verdict="early")) == "early"
