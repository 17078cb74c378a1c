"""What a post's page shows of its health, and what it must not show."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st

from mkdocs_echo_plugin.model import (
    Answers,
    Badge,
    Breadth,
    CommentCounts,
    Health,
    Highlight,
    KindFacts,
    Open,
    OutsideVoice,
    Post,
    Prompt,
    Range,
    ReactionCounts,
    ThreadFacts,
    ToneFacts,
    Venue,
    VoiceCounts,
    Waiting,
)
from mkdocs_echo_plugin.render.badge import Fragments, Renderer, RenderOptions
from mkdocs_echo_plugin.render.insert import into_card, into_content
from mkdocs_echo_plugin.render.svg import interval_plot, voices_bar

POST = Post(path="a.md", url="a/", canonical_url="https://blog.example/a/", title="A lamp")
THREAD = ThreadFacts("wordpress", "7", "https://blog.example/a/", True, True, True, "2026-09-14T10:00:00Z")
WAITING = (
    Waiting("objection", "3", "https://blog.example/a/#c3", "2026-08-03T00:00:00Z"),
    Waiting("question", "4", None, None),
)
AUTHOR_ONLY = (
    Waiting("comment", "1", "https://blog.example/a/#c1", "2026-08-01T00:00:00Z"),
    Waiting("dissent", "2", "https://elsewhere.example/#c2", "2026-08-02T00:00:00Z"),
)
PEOPLE = "12 people commented · hard to sum up"
HEALTH = Health(
    state="unclear",
    thread=THREAD,
    comments=CommentCounts(read=19, deleted=1, pending=2, pings=3, unsupported_language=2),
    voices=VoiceCounts(
        n=12, known=10, declared=5, overridden=1, read=4, agree=(5, 5.6, 7), neutral=(1, 1.7, 3), disagree=(3, 2.7, 3)
    ),
    range=Range(median=0.58, low=0.41, high=0.74, verdict="unclear"),
    open=Open(questions=1, objections=1, waiting=WAITING, author_only=AUTHOR_ONLY),
    answers=Answers(objections=3, answered=1),
    breadth=Breadth(first_time=4, effective_voices=8.0),
    reactions=ReactionCounts(up=14, down=3),
    badge=Badge(PEOPLE, f"Discussion: {PEOPLE}."),
    prompt=Prompt("waiting", "This comment is still waiting for a reply.", "Reply to it."),
    tone=ToneFacts(heat=1.2, flag=True),
    author_state="tense",
)
VENUES = tuple(
    Venue(
        replace(THREAD, platform=p),
        CommentCounts(read=9),
        VoiceCounts(n, n, agree=None if r.median is None else (5, 5.0, 5)),
        r,
        Open(),
        Answers(2, 1),
        None,
    )
    for p, n, r in (("disqus_xml", 9, Range(median=0.4, low=0.3, high=0.6)), ("Pub night", 4, Range()))
)


def fragments(health: Health = HEALTH, post: Post = POST, **options: object) -> Fragments:
    return Renderer(options=RenderOptions(**options)).fragments(health, post)  # type: ignore[arg-type]


def soup(html: str) -> BeautifulSoup:
    return BeautifulSoup(html, "lxml")


def words(html: str) -> str:
    return " ".join(soup(html).get_text(" ").split())


def test_the_badge_says_the_state_in_words_within_the_panels_summary() -> None:
    badge = soup(fragments().badge).select_one(".echo details.echo-panel > summary .echo-badge")
    assert badge is not None
    assert badge["data-echo-state"] == "unclear"
    assert badge.get_text() == PEOPLE


@pytest.mark.parametrize("state", ["off", "unknown"])
def test_nothing_is_shown_of_a_post_that_is_off_or_could_not_be_read(state: str) -> None:
    assert fragments(replace(HEALTH, state=state)) == Fragments()  # type: ignore[arg-type]


def test_a_quiet_post_has_the_policy_and_no_badge() -> None:
    quiet = fragments(Health(state="quiet", prompt=Prompt("start", "", "Send this to two people.")))
    assert (quiet.badge, quiet.prompt, quiet.short) == ("", "", "")
    assert "First comments are welcome" in quiet.policy


def test_the_panel_says_the_numbers_and_how_each_is_known() -> None:
    panel = words(fragments().badge)
    for said in (
        "About 0.58, on a scale from 0 (everybody alike) to 1",
        "with a probability of 80 % it lies between 0.41 and 0.74",
        "5 to 7 agree 1 to 3 take no side 3 disagree",
        "1 of 3 objections answered",
        "4 of 12",
        "14 thumbs up and 3 down on the post, not counted as voices",
        "5 said so themselves, 1 set by the site, 4 read by a model, 2 not known",
        "1 deleted comment, 2 held for review, 2 in a language",
        "14 September 2026",
        "The comments here are not a sample of anybody.",
    ):
        assert said in panel


def test_only_questions_and_declared_objections_wait_in_public() -> None:
    shown = fragments().badge
    links = {a["href"]: a.get_text() for a in soup(shown).select("dd a")}
    assert links["#c3"].startswith("An objection, waiting")
    assert "A question, waiting for a reply" in shown
    assert not {"https://elsewhere.example/#c2", "#c1"} & links.keys()


def test_no_count_of_stances_is_shown_under_five_known_voices() -> None:
    few = replace(
        HEALTH, state="early", voices=VoiceCounts(n=4, known=4, declared=4), range=Range(verdict="early"), venues=()
    )
    shown = fragments(few).badge
    assert '<svg class="echo-bar"' not in shown
    assert '<svg class="echo-plot"' not in shown


def test_where_agreement_is_no_finding_there_is_no_range_and_no_bar() -> None:
    fact = replace(HEALTH, state="facts", range=Range(verdict="off"))
    assert soup(fragments(fact).badge).select(".echo-figure") == []


def test_tone_is_shown_to_readers_only_where_the_site_wants_it() -> None:
    assert "Tense" not in fragments().badge
    assert "Tense" not in fragments(tone="off").badge
    assert "Tense in places" in fragments(tone="public").badge


def test_the_authors_own_prompt_stays_out_of_the_page() -> None:
    assert "Reply to it" not in "".join((fragments().badge, fragments().prompt, fragments().policy))


def test_the_prompt_about_a_waiting_comment_links_to_it() -> None:
    prompt = soup(fragments().prompt).select_one("p.echo-prompt")
    assert prompt is not None
    assert prompt["data-echo-prompt"] == "waiting"
    link = prompt.select_one("a")
    assert link is not None
    assert link["href"] == "#c3"


def test_an_update_and_a_voice_from_outside_are_shown_as_relayed() -> None:
    post = replace(POST, author_update="I moved it.", outside_voices=(OutsideVoice("a neighbour", "Too late for me."),))
    shown = words(fragments(post=post).prompt)
    assert "The author changed this after a comment. I moved it." in shown
    assert "from a neighbour: Too late for me." in shown
    assert "not counted" in shown


def test_the_venues_stand_side_by_side_where_there_is_more_than_one() -> None:
    assert soup(fragments().badge).select("table") == []
    rows = soup(fragments(replace(HEALTH, venues=VENUES)).badge).select("table tbody tr")
    assert [" ".join(row.get_text(" ").split()) for row in rows] == [
        "Disqus 9 0.40 (0.30–0.60) 1 of 2",
        "Pub night 4 – 1 of 2",
    ]


def test_each_part_can_be_switched_off_alone() -> None:
    highlighted = replace(HEALTH, highlight=Highlight("dissent", "3", None, "I see it differently."))
    assert "I see it differently" in fragments(highlighted).prompt
    assert "I see it differently" not in fragments(highlighted, highlight=False).prompt
    assert fragments(policy=False).policy == ""
    assert "echo-card" not in fragments(card=False).prompt
    assert fragments(prompt="none").prompt == ""


def test_without_the_prompt_what_the_author_wrote_stays() -> None:
    shown = fragments(post=replace(POST, author_update="I moved it."), prompt="none").prompt
    assert "I moved it." in shown
    assert "echo-prompt" not in shown
    assert "echo-card" not in shown


def test_a_site_can_point_to_its_own_page_about_the_badge() -> None:
    link = soup(fragments(how_url="/how/").badge).select_one(".echo-foot a")
    assert link is not None
    assert link["href"] == "/how/"


@given(st.text(max_size=60), st.text(max_size=60))
def test_hostile_words_and_addresses_stay_words(text: str, scheme: str) -> None:
    hostile = f"<script>alert(1)</script>\"'><img src=x onerror=alert(1)>{text}"
    url = f"{scheme}javascript:alert(1)//"
    health = replace(
        HEALTH,
        badge=Badge(hostile, hostile),
        prompt=Prompt("waiting", hostile, hostile),
        highlight=Highlight("bridging", "1", url, hostile),
        open=Open(objections=1, waiting=(Waiting("objection", "1", url, None),)),
        venues=tuple(replace(v, thread=replace(THREAD, platform=hostile)) for v in VENUES),
    )
    post = replace(POST, title=hostile, author_update=hostile, outside_voices=(OutsideVoice(hostile, hostile),))
    shown = fragments(health, post)
    page = soup(shown.badge + shown.prompt + shown.policy + shown.short)
    assert page.select("script, img, iframe") == []
    assert {name for tag in page.find_all(True) for name in tag.attrs if name.startswith("on")} == set()
    for link in page.select("a[href]"):
        assert not re.match(r"\s*javascript:", str(link["href"]), re.IGNORECASE)


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "JavaScript:alert(1)", "java\nscript:alert(1)", "data:text/html,x", "//[", ""]
)
def test_an_address_that_is_none_makes_no_link(url: str) -> None:
    health = replace(HEALTH, open=Open(questions=1, waiting=(Waiting("question", "1", url, None),)))
    shown = fragments(health).badge
    assert "A question, waiting for a reply" in shown
    assert "href" not in shown


def test_a_page_grows_by_less_than_six_kilobytes_or_twelve_with_venues() -> None:
    def size(health: Health) -> int:
        shown = fragments(replace(health, highlight=Highlight("bridging", "1", "https://x.example/#1", "word " * 40)))
        return len((shown.badge + shown.prompt + shown.policy).encode())

    assert size(HEALTH) < 6_000
    assert size(replace(HEALTH, venues=VENUES * 4)) < 12_000


def test_a_site_overrides_one_template_and_keeps_the_others(tmp_path: Path) -> None:
    (tmp_path / "partials" / "echo").mkdir(parents=True)
    (tmp_path / "partials" / "echo" / "foot.html").write_text(
        "<p>{{ post.title }}, {{ translate('panel.sample') }}</p>"
    )
    shown = Renderer(theme_dirs=[tmp_path]).fragments(HEALTH, replace(POST, title="A & B")).badge
    assert "<p>A &amp; B, The comments here are not a sample of anybody.</p>" in shown
    assert "echo-facts" in shown


def test_strings_in_another_language_than_the_page_say_so() -> None:
    assert ' lang="en"' in Renderer(language="tlh").fragments(HEALTH, replace(POST, language="tlh")).badge
    assert " lang=" not in fragments().badge


# the place in the page

SHOWN = Fragments(badge="<i>B</i>", prompt="<i>P</i>", policy="<i>R</i>", short="<i>S</i>")


def test_the_badge_follows_the_title_and_the_prompt_the_text() -> None:
    page = into_content("<h1>T</h1><p>x</p>", SHOWN, RenderOptions())
    assert page == "<h1>T</h1>\n<i>B</i>\n<p>x</p>\n<i>P</i><i>R</i>\n"


def test_without_a_title_in_the_content_the_badge_comes_first() -> None:
    assert into_content("<p>x</p>", SHOWN, RenderOptions()).startswith("\n<i>B</i>\n<p>x</p>")


@pytest.mark.parametrize("position", ["title", "end", "none"])
def test_a_marker_in_the_page_wins_and_later_ones_go(position: str) -> None:
    content = "<h1>T</h1><p><!-- echo:badge --></p><p>x</p><!--echo:badge-->"
    page = into_content(content, SHOWN, RenderOptions(badge=position))  # type: ignore[arg-type]
    assert page == "<h1>T</h1><i>B</i><p>x</p>\n<i>P</i><i>R</i>\n"


def test_the_badge_can_stand_at_the_end_or_nowhere() -> None:
    assert into_content("<h1>T</h1>x", SHOWN, RenderOptions(badge="end")) == "<h1>T</h1>x\n<i>B</i><i>P</i><i>R</i>\n"
    assert into_content("<h1>T</h1>x", SHOWN, RenderOptions(badge="none")) == "<h1>T</h1>x\n<i>P</i><i>R</i>\n"


@given(st.text(), st.sampled_from(["title", "end", "none"]))
def test_without_fragments_a_page_keeps_every_character(content: str, position: str) -> None:
    if "echo:badge" not in content:
        assert into_content(content, Fragments(), RenderOptions(badge=position)) == content  # type: ignore[arg-type]


def test_a_card_has_the_short_badge_under_its_title() -> None:
    assert into_card('<h2 id="t"><a>T</a></h2><p>x</p>', SHOWN) == '<h2 id="t"><a>T</a></h2>\n<i>S</i>\n<p>x</p>'
    assert into_card("<p>x</p>", SHOWN) == "\n<i>S</i>\n<p>x</p>"


# the drawings


def test_an_exact_range_is_a_point_and_a_read_one_an_interval() -> None:
    exact = interval_plot(Range(d=0.72, median=0.72, low=0.72, high=0.72, verdict="several"))
    assert exact is not None
    assert (exact.median, exact.low, exact.high, exact.exact) == (72.0, 72.0, 72.0, True)
    read = interval_plot(Range(median=0.5, low=0.25, high=0.75, verdict="unclear"))
    assert read is not None
    assert (read.low, read.high, read.exact) == (25.0, 75.0, False)


@pytest.mark.parametrize("verdict", ["off", "early", "unread"])
def test_there_is_no_plot_where_too_little_is_known(verdict: str) -> None:
    assert interval_plot(Range(median=0.5, low=0.2, high=0.7, verdict=verdict)) is None  # type: ignore[arg-type]


@given(st.lists(st.floats(0.01, 50), min_size=3, max_size=3), st.integers(5, 150))
def test_the_bar_shows_whole_voices_that_add_up(expected: list[float], known: int) -> None:
    scale = known / sum(expected)
    agree, neutral, disagree = ((int(x * scale), x * scale, int(x * scale) + 1) for x in expected)
    bar = voices_bar(VoiceCounts(n=known, known=known, agree=agree, neutral=neutral, disagree=disagree))
    assert sum(part.count for part in bar) == known
    assert sum(part.width for part in bar) == pytest.approx(100, abs=0.2)


def test_the_bar_is_empty_under_five_known_voices_and_where_the_range_is_wide() -> None:
    some = VoiceCounts(n=9, known=4, agree=(2, 2.0, 2), neutral=(1, 1.0, 1), disagree=(1, 1.0, 1))
    assert voices_bar(some) == ()
    assert voices_bar(VoiceCounts(n=9, known=9)) == ()
    wide = VoiceCounts(n=9, known=9, agree=(2, 4.0, 7), neutral=(2, 4.0, 6), disagree=(0, 1.0, 2))
    assert voices_bar(wide) == ()


def test_the_author_s_view_says_what_the_public_one_must_not() -> None:
    alone = (Waiting("dissent", "3", "https://blog.example/well/#c3", "2026-03-02T00:00:00Z"),)
    health = Health(
        "unclear", open=Open(author_only=alone), author_state="tense", badge=Badge(PEOPLE, ""),
        prompt=Prompt("tense", "The policy.", "Thank the calmest reply."),
    )  # fmt: skip
    post = Post("well.md", title="Well", canonical_url="https://blog.example/well/")
    public = Renderer().fragments(health, post)
    assert public.author == ""
    assert "Tense" not in str(public)
    assert "disagreement" not in public.badge.lower()
    shown = Renderer(options=RenderOptions(author_view=True)).fragments(health, post).author
    assert "Tense in places" in shown
    assert "Thank the calmest reply." in shown
    assert '<a href="#c3">A disagreement that was read, without an answer since 2 March 2026</a>' in shown


def test_the_author_is_told_what_the_post_is_taken_for_unless_it_was_set() -> None:
    options = RenderOptions(author_view=True)
    read = (
        Renderer(options=options).fragments(Health("facts", kind=KindFacts("howto", "read", 0.1)), Post("a.md")).author
    )
    assert "Taken for: howto" in read
    assert "discussion: howto" in read
    own = Renderer(options=options).fragments(Health("facts", kind=KindFacts("howto", "set", 0.0)), Post("a.md")).author
    assert "Taken for" not in own


def test_the_author_is_told_why_a_thread_was_not_read() -> None:
    health = Health("unknown", reason="isso: <no answer>")
    assert Renderer().fragments(health, Post("a.md")) == Fragments()
    shown = Renderer(options=RenderOptions(author_view=True)).fragments(health, Post("a.md"))
    assert "Not read: isso: &lt;no answer&gt;" in shown.author
    assert (shown.badge, shown.prompt, shown.policy) == ("", "", "")
