from __future__ import annotations

from datetime import timedelta
from itertools import combinations

import pytest
from talk import MONDAY, comment, thread

from mkdocs_echo_plugin.model import Health, Thread
from mkdocs_echo_plugin.site.findings import chance_of_overlap, findings, first_seen, same_circle


def post_of(week: int, authors: list[int], platform: str = "isso") -> list[Thread]:
    at = MONDAY + timedelta(weeks=week)
    return [thread(*(comment(str(a), f"k{a}", "x", created=at) for a in authors), platform=platform)]


@pytest.mark.parametrize("shared", [0, 1, 2, 3])
def test_the_chance_of_an_overlap_is_that_of_drawing_at_random(shared: int) -> None:
    first = {0, 1, 2}
    draws = list(combinations(range(7), 3))
    expected = sum(len(first & set(draw)) >= shared for draw in draws) / len(draws)
    assert chance_of_overlap(shared, 3, 3, 7) == pytest.approx(expected)


def test_the_same_circle_shows_only_against_a_pool_that_has_others() -> None:
    same = {f"p{i}": post_of(i, [1, 2, 3, 4, 5]) for i in range(5)}
    assert same_circle(same) == ()  # nobody else ever spoke: chance could not have done otherwise
    others = {f"q{i}": post_of(10 + i, list(range(10 * i + 10, 10 * i + 16))) for i in range(5)}
    assert same_circle(same | others) == ("p1", "p2", "p3", "p4")


def test_two_posts_of_the_same_people_are_no_circle_yet() -> None:
    threads = {f"p{i}": post_of(i, [1, 2, 3, 4, 5]) for i in range(3)}
    threads |= {f"q{i}": post_of(10 + i, list(range(10 * i + 10, 10 * i + 16))) for i in range(5)}
    assert same_circle(threads) == ()


def test_one_side_everywhere_and_only_social_media_are_worth_saying() -> None:
    posts = {f"p{i}": Health("one-side") for i in range(3)}
    threads = {path: post_of(i, [i, 20 + i], "mastodon") for i, path in enumerate(posts)}
    assert [f.key for f in findings(posts, threads)] == ["one-side-throughout", "only-social-media"]
    assert findings({"p": Health("one-side")}, {"p": post_of(0, [1], "isso")}) == ()


def test_who_is_not_a_named_reader_was_not_seen() -> None:
    seen = first_seen(
        [
            thread(
                comment("1", "a", "x"), comment("2", None, "x"), comment("3", "b", "x", state="deleted"),
                comment("4", "me", "x", author_role="author"), comment("5", "c", "x", created=None),
                comment("6", "l", "x", kind="like"), comment("7", "a", "later"),
            )
        ]
    )  # fmt: skip
    assert seen == {"a": MONDAY + timedelta(hours=1)}
