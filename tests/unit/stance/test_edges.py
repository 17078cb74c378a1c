from __future__ import annotations

import pytest
from talk import POST, WORDY, SameReader, comment, thread

from mkdocs_echo_plugin.model import Post, Probabilities, Stance, Thread
from mkdocs_echo_plugin.stance import Tags, ToRead
from mkdocs_echo_plugin.stance.edges import Edge, edges, post_words
from mkdocs_echo_plugin.threads import clean

SAYS = Probabilities(0.2, 0.3, 0.5)


def read(
    told: Thread, *, post: Post | None = POST, overrides: dict[str, Stance] | None = None
) -> tuple[list[Edge], SameReader]:
    reader = SameReader(SAYS)
    return edges(clean(told), post=post, reader=reader, tags=Tags(), overrides=overrides or {}), reader


def test_an_override_beats_a_tag_and_a_tag_beats_the_reader() -> None:
    told = thread(
        comment("1", "a", f"Agree: {WORDY}"),
        comment("2", "b", f"Agree: {WORDY}"),
        comment("3", "c", f"So it is, {WORDY}"),
    )
    found, _ = read(told, overrides={"csv:#1": "disagree"})
    assert [(e.how, e.stance, e.q) for e in found] == [
        ("override", "disagree", None), ("declared", "agree", None), ("read", None, SAYS),
    ]  # fmt: skip


def test_what_the_venue_declares_beats_the_tag() -> None:
    found, _ = read(thread(comment("1", "a", "Agree: yes", declared="neutral")))
    assert found[0].stance == "neutral"


def test_a_top_level_comment_is_read_against_the_post_and_a_reply_against_its_parent() -> None:
    _, reader = read(thread(comment("1", "a", f"First, {WORDY}"), comment("2", "b", f"Second, {WORDY}", "1")))
    title, post = post_words(POST)
    assert reader.asked == [
        ToRead(f"First, {WORDY}", title=title, post=post), ToRead(f"Second, {WORDY}", f"First, {WORDY}"),
    ]  # fmt: skip


def test_a_top_level_comment_that_quotes_is_read_against_the_post_and_without_the_quotation() -> None:
    _, reader = read(thread(comment("1", "a", f"> costs little\n{WORDY}")))
    assert [(item.task, item.comment) for item in reader.asked] == [("top", WORDY)]


def test_without_the_post_a_top_level_comment_is_unknown() -> None:
    found, reader = read(thread(comment("1", "a", WORDY)), post=None)
    assert found[0].how == "unknown"
    assert reader.asked == []


def test_a_short_comment_is_read_like_others_and_one_without_words_is_not() -> None:
    found, _ = read(thread(comment("1", "a", "My grandmother drank from it."), comment("2", "b", "42!")))
    assert [e.how for e in found] == ["read", "unknown"]


def test_what_somebody_outside_said_is_nobody_s_stance() -> None:
    found, reader = read(thread(comment("1", "a", f"Heard: my neighbour would rather have a pump, {WORDY}")))
    assert [(e.how, e.stance, e.heard) for e in found] == [("unknown", None, True)]
    assert reader.asked == []


def test_a_bare_comment_id_overrides_nothing() -> None:
    found, _ = read(thread(comment("1", "a", "Agree: yes")), overrides={"1": "disagree"})
    assert [e.how for e in found] == ["declared"]


def test_another_language_is_not_read_but_its_tags_count() -> None:
    german = "Der Brunnen kostet jedes Jahr mehr als die Bücherei und trotzdem wird er von kaum jemandem wirklich genutzt im Winter."
    found, reader = read(thread(comment("1", "a", german), comment("2", "b", f"Disagree: {german} Und so weiter.")))
    assert [(e.how, e.language) for e in found] == [("unknown", "de"), ("declared", "de")]
    assert reader.asked == []


def test_a_post_in_another_language_is_nothing_to_read_against() -> None:
    german = Post("a.md", title="Der Brunnen bleibt", text="Warum er bleibt.", language="de")
    found, _ = read(
        thread(comment("1", "a", f"So it is, {WORDY}"), comment("2", "b", f"It is not, {WORDY}", "1")), post=german
    )
    assert [e.how for e in found] == ["unknown", "read"]


@pytest.mark.parametrize("state", ["deleted", "pending"])
def test_a_reply_to_what_nobody_sees_is_unknown(state: str) -> None:
    found, _ = read(thread(comment("1", "a", WORDY, state=state), comment("2", "b", f"It is not, {WORDY}", "1")))
    assert [e.how for e in found] == ["unknown"]


def test_a_post_is_its_title_and_the_words_of_its_text_else_its_description() -> None:
    assert post_words(Post("a.md", title="T", description="D", text="Run `x` now")) == ("T", "Run   now")
    assert post_words(Post("a.md", title="T", description="D")) == ("T", "D")
    assert post_words(Post("a.md")) == ("", "")


def test_an_edge_that_was_read_says_what_its_reader_says_blindly_at_its_place() -> None:
    reader = SameReader(SAYS)
    reader.pi = {"top": Probabilities(0.1, 0.7, 0.2), "reply": Probabilities(0.4, 0.3, 0.3)}
    told = thread(comment("1", "a", f"First, {WORDY}"), comment("2", "b", f"Second, {WORDY}", "1"))
    found = edges(clean(told), post=POST, reader=reader, tags=Tags(), overrides={})
    assert [e.pi for e in found] == [reader.pi["top"], reader.pi["reply"]]
