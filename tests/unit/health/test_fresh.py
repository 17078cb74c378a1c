from __future__ import annotations

from math import log

import pytest
from talk import POST, SameReader, comment, thread

from mkdocs_echo_plugin.health.fresh import content_words, expected_share, fresh, is_new, stop_words
from mkdocs_echo_plugin.model import Comment, Fresh, Post
from mkdocs_echo_plugin.stance import Tags
from mkdocs_echo_plugin.stance.edges import edges
from mkdocs_echo_plugin.threads import clean

NEW = (
    "Geologists measured nitrate concentrations downstream; fertilizer from maize fields seeps through limestone cracks "
    "toward aquifers, so pumping stations install filters."
)


def judged(*comments: Comment, post: Post | None = POST) -> Fresh | None:
    cleaned = clean(thread(*comments))
    found = edges(cleaned, post=post, reader=SameReader(), tags=Tags(), overrides={})
    return fresh(cleaned.remarks, found, post)


def test_new_words_are_new_and_the_same_again_are_not() -> None:
    assert judged(comment("1", "a", NEW)) == Fresh(n=1, new=1)
    again = [comment(str(i), f"k{i}", NEW + " Indeed.") for i in range(3)]
    assert judged(*again) == Fresh(n=3, new=1)


def test_the_expected_share_falls_with_the_place_and_rises_with_the_length() -> None:
    assert expected_share(1, 8) == pytest.approx(0.804 + 0.028 * log(8))
    assert expected_share(10, 20) == pytest.approx(0.804 - 0.163 * log(10) + 0.028 * log(20))
    assert not is_new(1, {f"w{i}" for i in range(20)}, {f"w{i}" for i in range(5)})  # .75 is what a first comment has
    assert is_new(30, {f"w{i}" for i in range(20)}, {f"w{i}" for i in range(5)})
    assert not is_new(1000, {f"w{i}" for i in range(8)}, {f"w{i}" for i in range(5)})  # three words are too few


def test_short_comments_thanks_and_the_author_s_own_are_not_judged() -> None:
    found = judged(
        comment("1", "a", "Nitrate seeps through limestone."),
        comment(
            "2", "b", "Thanks so much for this wonderful article, greetings from beautiful sunny Portugal, everybody!"
        ),
        comment("3", "me", NEW, author_role="author"),
    )
    assert found == Fresh(n=0, new=0)


def test_without_the_post_s_text_or_a_list_of_stop_words_nothing_is_said() -> None:
    assert judged(comment("1", "a", NEW), post=None) is None
    assert judged(comment("1", "a", NEW), post=Post("a.md", title="T")) is None
    assert judged(comment("1", "a", NEW), post=Post("a.md", text="T", language="tlh")) is None


def test_content_words_are_long_folded_and_no_stop_words() -> None:
    stop = stop_words("en")
    assert stop is not None
    assert content_words("The WATER, the water and don’t which well", stop) == {"water"}


@pytest.mark.parametrize("language", ["en", "de", "fr", "es", "pt"])
def test_every_list_of_stop_words_is_folded_and_of_words(language: str) -> None:
    stop = stop_words(language)
    assert stop is not None
    assert len(stop) > 90
    assert all(word == word.casefold() for word in stop)


def test_a_name_that_is_no_language_reads_no_file() -> None:
    assert stop_words("../en") is None
