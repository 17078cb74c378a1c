"""What a post's page shows of its health, and what it must not show."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from urllib.parse import unquote

import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st
from talk import comment, thread

from mkdocs_echo_plugin.assess import assess
from mkdocs_echo_plugin.model import (
    Answers,
    Breadth,
    CommentCounts,
    Health,
    HealthState,
    Heard,
    Open,
    OutsideVoice,
    Post,
    Range,
    ReactionCounts,
    ThreadFacts,
    ToneFacts,
    Venue,
    VoiceCounts,
    Waiting,
)
from mkdocs_echo_plugin.prompts import add_badge
from mkdocs_echo_plugin.render.badge import Fragments, Renderer, RenderOptions
from mkdocs_echo_plugin.render.insert import into_card, into_content

POST = Post(path="a.md", url="a/", canonical_url="https://blog.example/a/", title="A lamp", embeds=True)
THREAD = ThreadFacts(
    "wordpress",
    "7",
    "https://blog.example/a/",
    True,
    True,
    True,
    "2026-09-14T10:00:00Z",
    "https://blog.example/a/#talk",
)
WAITING = (
    Waiting("objection", "3", "https://blog.example/a/#c3", "2026-08-03T00:00:00Z", "The lamp keeps my child awake …"),
    Waiting("question", "4", None, None, "Who pays for the bulbs?"),
)
AUTHOR_ONLY = (
    Waiting("comment", "1", "https://blog.example/a/#c1", "2026-08-01T00:00:00Z", "A long remark"),
    Waiting("dissent", "2", "https://elsewhere.example/#c2", "2026-08-02T00:00:00Z", "I cannot see why"),
)


def made(health: Health, post: Post = POST, language: str = "en") -> Health:
    return add_badge(health, post=post, language=language)


HEALTH = made(
    Health(
        state="unclear",
        thread=THREAD,
        comments=CommentCounts(read=19, deleted=1, pending=2, pings=3, unsupported_language=2),
        voices=VoiceCounts(
            n=12, known=10, declared=5, overridden=1, read=4,
            agree=(5, 5.6, 7), neutral=(1, 1.7, 3), disagree=(3, 2.7, 3),
        ),
        range=Range(median=0.58, low=0.41, high=0.74, verdict="unclear"),
        open=Open(questions=1, objections=1, waiting=WAITING, author_only=AUTHOR_ONLY),
        answers=Answers(objections=3, answered=2),
        breadth=Breadth(first_time=4, effective_voices=8.0),
        reactions=ReactionCounts(up=14, down=3),
        tone=ToneFacts(heat=1.2, flag=True),
        author_state="tense",
    )
)  # fmt: skip
LINE = "12 people commented · hard to sum up · 1 question open · 1 objection unanswered"
EXACT = VoiceCounts(n=10, known=10, declared=10, agree=(6, 6.0, 6), neutral=(1, 1.0, 1), disagree=(3, 3.0, 3))
VENUES = tuple(
    Venue(
        replace(THREAD, platform=p),
        CommentCounts(read=9),
        VoiceCounts(n, n, n, agree=(a, float(a), a), neutral=(0, 0.0, 0), disagree=(n - a, float(n - a), n - a))
        if a
        else VoiceCounts(n, n),
        Range(),
        Open(questions=q, waiting=(Waiting("question", "4", None, None),) * q),
        Answers(2, 1),
        None,
    )
    for p, n, a, q in (("disqus_xml", 9, 6, 1), ("Pub night", 4, 0, 0))
)


def fragments(health: Health = HEALTH, post: Post = POST, **options: object) -> Fragments:
    return Renderer(options=RenderOptions(**options)).fragments(health, post)  # type: ignore[arg-type]


def soup(html: str) -> BeautifulSoup:
    return BeautifulSoup(html, "lxml")


def words(html: str) -> str:
    return " ".join(soup(html).get_text(" ").split())


# the line


def test_the_line_stands_in_the_panels_summary_people_first() -> None:
    badge = soup(fragments().badge).select_one(".echo details.echo-panel > summary .echo-badge")
    assert badge is not None
    assert badge["data-echo-state"] == "unclear"
    assert badge.get_text() == LINE
    assert badge.select_one("b").get_text() == "12 people commented"  # type: ignore[union-attr]


@pytest.mark.parametrize("state", ["off", "unknown"])
def test_nothing_is_shown_of_a_post_that_is_off_or_could_not_be_read(state: HealthState) -> None:
    assert fragments(replace(HEALTH, state=state)) == Fragments()


def test_a_post_without_a_comment_has_the_prompt_and_the_policy_and_no_line() -> None:
    quiet = fragments(made(Health(state="quiet")), live=True)
    assert (quiet.badge, quiet.short) == ("", "")
    assert "Who would see this differently?" in quiet.prompt
    assert "First comment? Welcome." in quiet.policy


def test_a_card_in_a_list_says_comments_and_what_is_open() -> None:
    assert words(fragments().short) == "19 comments · 1 question open · 1 objection unanswered"
    assert fragments(lists=False).short == ""


def test_a_thread_elsewhere_is_linked_where_people_read_it() -> None:
    social = replace(HEALTH, thread=replace(THREAD, platform="mastodon", source_url="https://m.example/@a/1"))
    shown = fragments(social, replace(POST, embeds=False))
    link = soup(shown.badge).select_one("a.echo-thread")
    assert link is not None
    assert (link["href"], link.get_text()) == ("https://m.example/@a/1", "Read the comments")
    assert "Comment on Mastodon" in words(shown.policy)
    assert "https://m.example/@a/1" in shown.policy


# the panel


def test_the_panel_says_counts_as_people_and_ranges_as_ranges_of_people() -> None:
    panel = words(fragments().badge)
    for said in (
        "How 10 of the 12 see it",
        "5 to 7 agree 1 to 3 take no side 3 disagree",
        "6 are certain, and a program guessed 4. It makes mistakes, so a count may be a range.",
        "What 2 people think of the post could not be read.",
        "There are 14 thumbs up and 3 down on the post. They are not counted as people.",
        "2 of 3 objections were answered.",
        "4 of the 12 are here for the first time.",
        "Last comment: 14 September 2026.",
        "Not counted: 1 deleted comment, 2 comments held for review, 2 comments in other languages, 3 links or reposts.",
        "Only people who commented are counted. They do not stand for all readers.",
        "Agreement diversity: 0.41 to 0.74 (0: all alike, 1: split in halves).",
    ):
        assert said in panel
    assert "%" not in panel


def test_its_parts_are_headings_in_one_order() -> None:
    panel = soup(fragments(replace(HEALTH, venues=VENUES)).badge)
    assert [h.get_text() for h in panel.select("h2")] == [
        "How 10 of the 12 see it", "Still open", "It depends where you ask", "Who wrote",
    ]  # fmt: skip


def test_the_words_of_what_waits_are_quoted_and_lead_to_the_comment() -> None:
    links = soup(fragments().badge).select(".echo-open a")
    assert [(a["href"], a.get_text()) for a in links] == [
        ("#c3", "The lamp keeps my child awake …"),
        ("#talk", "Who pays for the bulbs?"),  # no link of its own: to the thread
    ]
    assert "an objection, since 3 August 2026" in words(fragments().badge)


def test_what_only_the_author_is_told_is_in_no_page() -> None:
    shown = "".join(getattr(fragments(), name) for name in ("badge", "prompt", "policy", "short"))
    for private in ("elsewhere.example", "#c1", "A long remark", "I cannot see why", "tense"):
        assert private not in shown


def test_no_stance_is_counted_or_drawn_under_five_known_people() -> None:
    few = made(replace(HEALTH, state="early", voices=VoiceCounts(n=4, known=4, declared=4), venues=()))
    assert "<svg" not in fragments(few).badge
    assert "agree" not in words(fragments(few).badge)


def test_where_agreement_is_no_finding_there_are_no_marks() -> None:
    fact = made(replace(HEALTH, state="facts", voices=EXACT, range=Range(verdict="off")))
    assert "<svg" not in fragments(fact).badge


def test_a_range_wider_than_half_the_people_has_words_only() -> None:
    wide = replace(HEALTH.voices, agree=(1, 4.0, 8), neutral=(1, 3.0, 6), disagree=(0, 3.0, 5))
    shown = fragments(made(replace(HEALTH, voices=wide))).badge
    assert "<svg" not in shown
    assert "It is not sure enough to count them." in words(shown)


def test_the_drawing_of_the_panel_says_its_counts_aloud_and_that_of_the_line_is_silent() -> None:
    panel = soup(fragments(made(replace(HEALTH, voices=EXACT))).badge)
    line, large = panel.select_one("summary svg"), panel.select_one(".echo-body svg.echo-large")
    assert line is not None
    assert large is not None
    assert (line.get("aria-hidden"), line.get("role")) == ("true", None)
    assert (large["role"], large["aria-label"]) == ("img", "6 agree, 1 takes no side, 3 disagree")


def test_tone_is_shown_to_readers_only_where_the_site_wants_it() -> None:
    assert "tense" not in fragments().badge
    public = add_badge(HEALTH, post=POST, language="en", tone_is_public=True)
    assert "tense in places" in fragments(public, tone="public").badge


def test_venues_stand_side_by_side_and_say_what_waits_in_each() -> None:
    assert soup(fragments().badge).select("table") == []
    rows = soup(fragments(replace(HEALTH, venues=VENUES)).badge).select("table tbody tr")
    assert [" ".join(row.get_text(" ").split()) for row in rows] == [
        "Disqus 6 agree, 3 disagree 1 waits",
        "Pub night 4 people nothing",
    ]


def test_a_site_can_point_to_its_own_page_about_the_badge_or_to_none() -> None:
    link = soup(fragments(how_url="/how/").badge).select_one(".echo-foot a")
    assert link is not None
    assert link["href"] == "/how/"
    assert "The line counts people, not comments." in words(fragments().badge)


# the prompt


def test_the_prompt_is_one_question_with_three_ways_to_ask_it() -> None:
    shown = soup(fragments().prompt)
    asked = shown.select_one(".echo-prompt blockquote")
    assert asked is not None
    assert asked.get_text(strip=True) == "I read “A lamp”. What is it like for you? What would it change?"
    acts = shown.select(".echo-act")
    assert [a.get_text(strip=True) for a in acts] == ["Send the question", "Copy it", "Print a card"]
    assert [a.name for a in acts] == ["a", "button", "a"]
    assert "begin with “Heard:”" in words(fragments().prompt).replace("Begin", "begin")


@given(st.text(min_size=1, max_size=80))
def test_the_mail_holds_the_question_and_the_address_whatever_the_title(title: str) -> None:
    post = replace(POST, title=title)
    link = soup(fragments(made(HEALTH, post), post).prompt).select_one("a[href^='mailto:']")
    assert link is not None
    assert re.fullmatch(r"mailto:\?subject=[A-Za-z0-9%._~-]*&body=[A-Za-z0-9%._~-]*", str(link["href"]))
    body = unquote(str(link["href"]).partition("&body=")[2])
    assert body.endswith("\r\n\r\nhttps://blog.example/a/")


def test_a_post_asks_its_own_question() -> None:
    post = replace(POST, prompt="Where do you wait for the bus?")
    shown = fragments(made(HEALTH, post), post).prompt
    assert 'data-echo-prompt="own"' in shown
    assert "Where do you wait for the bus?" in words(shown)


def test_what_waits_has_its_own_line_above_the_prompt() -> None:
    first = soup(fragments().prompt).select_one(".echo-first a")
    assert first is not None
    assert (first["href"], first.get_text()) == ("#c3", "An objection here is still waiting for an answer.")


def test_an_outside_view_comes_from_the_author_or_from_a_comment_and_both_are_counted() -> None:
    post = replace(POST, outside_voices=(OutsideVoice("a neighbour", "Too late for me."),))
    health = replace(HEALTH, outside=(Heard("8", "https://blog.example/a/#c8", "My sister works nights."),))
    shown = words(fragments(health, post).prompt)
    assert "Outside views so far: 2 Too late for me. a neighbour, passed on by the author" in shown
    assert "My sister works nights. passed on in a comment" in shown


def test_the_card_says_where_to_put_the_answer_and_to_whom_it_goes_where_nobody_can_comment() -> None:
    assert "Put the answer under the post" in words(fragments().prompt)
    closed = replace(HEALTH, thread=replace(THREAD, open=False))
    assert "Give the answer to whoever gave you this card." in words(
        fragments(closed, replace(POST, embeds=False)).prompt
    )


def test_without_the_prompt_what_people_wrote_stays() -> None:
    post = replace(POST, author_update="I moved it.", outside_voices=(OutsideVoice("a neighbour", "Too late."),))
    shown = fragments(post=post, prompt="none").prompt
    assert "I moved it." in shown
    assert "Too late." in shown
    assert "echo-prompt" not in shown
    assert "<script" not in shown


def test_a_theme_can_put_the_last_words_after_its_comments() -> None:
    post = replace(POST, author_update="I moved it.")
    here, there = fragments(post=post), fragments(post=post, after_in_theme=True)
    assert "Has anything here changed your mind?" in here.prompt
    assert here.after == ""
    assert "I moved it." not in there.prompt
    assert words(there.after) == (
        "The author changed this after a comment. I moved it. Has anything here changed your mind?"
    )


# the policy


@pytest.mark.parametrize(
    ("is_open", "embeds", "shown"), [(True, False, True), (False, True, True), (False, False, False)]
)
def test_the_policy_stands_only_where_somebody_can_comment(is_open: bool, embeds: bool, shown: bool) -> None:
    health = replace(HEALTH, thread=replace(THREAD, open=is_open))
    assert bool(fragments(health, replace(POST, embeds=embeds)).policy) is shown


def test_a_closed_archive_invites_nobody() -> None:
    closed = fragments(replace(HEALTH, thread=replace(THREAD, open=False)), replace(POST, embeds=False))
    assert "Heard:" not in closed.prompt
    assert "changed your mind" not in closed.prompt
    assert closed.policy == ""


def test_a_thumb_is_said_to_count_only_where_it_counts_and_can_be_pressed() -> None:
    giscus = replace(HEALTH, thread=replace(THREAD, platform="giscus"))
    assert "A thumb up or down on the discussion counts, too." in fragments(giscus, reactions="count").policy
    assert "thumb" not in fragments(giscus).policy
    assert "thumb" not in fragments(reactions="count").policy


def test_the_policy_is_a_heading_and_a_list() -> None:
    policy = soup(fragments().policy)
    assert [h.get_text() for h in policy.select("h2")] == ["Before you comment"]
    assert len(policy.select("ul > li")) == 3


# every part


@pytest.mark.parametrize(
    ("options", "part"),
    [({"lists": False}, "short"), ({"policy": False}, "policy"), ({"prompt": "none"}, "prompt")],
)
def test_each_part_can_be_switched_off_alone(options: dict[str, object], part: str) -> None:
    on, off = fragments(), fragments(**options)
    assert getattr(on, part)
    assert "echo-prompt" not in getattr(off, part)
    assert part == "prompt" or getattr(off, part) == ""
    for other in {"badge", "short", "policy", "prompt"} - {part}:
        assert getattr(off, other) == getattr(on, other)
    assert "echo-card" not in fragments(card=False).prompt


@given(st.text(max_size=60), st.text(max_size=60))
def test_hostile_words_and_addresses_stay_words(text: str, scheme: str) -> None:
    hostile = f"<script>alert(1)</script>\"'><img src=x onerror=alert(1)>{text}"
    url = f"{scheme}javascript:alert(1)//"
    post = replace(
        POST, title=hostile, prompt=text or "x", author_update=hostile, outside_voices=(OutsideVoice(hostile, hostile),)
    )
    health = made(
        replace(
            HEALTH,
            thread=replace(THREAD, source_url=url),
            outside=(Heard("1", url, hostile),),
            open=Open(objections=1, waiting=(Waiting("objection", "1", url, None, hostile),)),
            venues=tuple(replace(v, thread=replace(THREAD, platform=hostile)) for v in VENUES),
        ),
        post,
    )
    shown = fragments(health, post, author_view=True)
    page = soup(shown.badge + shown.prompt + shown.policy + shown.short + shown.author)
    (ours,) = page.select("script")
    assert "alert" not in ours.get_text()
    assert page.select("img, iframe") == []
    assert {name for tag in page.find_all(True) for name in tag.attrs if name.startswith("on")} == set()
    for link in page.select("a[href]"):
        assert not re.match(r"\s*javascript:", str(link["href"]), re.IGNORECASE)


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "JavaScript:alert(1)", "java\nscript:alert(1)", "data:text/html,x", "//[", ""]
)
def test_an_address_that_is_none_makes_no_link(url: str) -> None:
    waits = (Waiting("question", "1", url, None, "Who pays?"),)
    health = replace(HEALTH, thread=replace(THREAD, source_url=None), open=Open(questions=1, waiting=waits))
    shown = fragments(health).badge
    assert "Who pays?" in shown
    assert "href" not in shown


def test_a_page_grows_by_less_than_six_kilobytes_or_twelve_with_venues() -> None:
    longest = tuple(Waiting("question", str(i), f"https://b.example/a/#c{i}", "2026-08-03T00:00:00Z", "The lamp on the corner keeps my youngest child awake until midnight …")
                    for i in range(6))  # fmt: skip
    health = made(replace(HEALTH, voices=replace(EXACT, n=24, known=24, agree=(24, 24.0, 24), neutral=(0, 0.0, 0),
                                                 disagree=(0, 0.0, 0)), open=Open(questions=6, waiting=longest)))  # fmt: skip

    def size(health: Health) -> int:
        shown = fragments(health)
        return len((shown.badge + shown.prompt + shown.policy).encode())

    assert size(health) < 6_000
    assert size(replace(health, venues=VENUES * 4)) < 12_000


def test_the_stylesheet_is_under_nine_kilobytes() -> None:
    from mkdocs_echo_plugin.render import STYLESHEET, THEME_DIR

    assert len((THEME_DIR / STYLESHEET).read_bytes()) < 9_000


def test_a_site_overrides_one_template_and_keeps_the_others(tmp_path: Path) -> None:
    (tmp_path / "partials" / "echo").mkdir(parents=True)
    (tmp_path / "partials" / "echo" / "who.html").write_text("<p>{{ post.title }}, {{ translate('panel.sample') }}</p>")
    shown = Renderer(theme_dirs=[tmp_path]).fragments(HEALTH, replace(POST, title="A & B")).badge
    assert "<p>A &amp; B, Only people who commented are counted. They do not stand for all readers.</p>" in shown
    assert "echo-open" in shown


def test_strings_in_another_language_than_the_page_say_so() -> None:
    assert ' lang="en"' in Renderer(language="tlh").fragments(HEALTH, replace(POST, language="tlh")).badge
    assert " lang=" not in fragments().badge


# the author's view


def test_the_author_s_view_says_what_the_public_one_must_not() -> None:
    assert fragments().author == ""
    shown = fragments(author_view=True).author
    items = [" ".join(li.get_text(" ").split()) for li in soup(shown).select("li")]
    assert [i.partition(",")[0] for i in items[:4]] == [
        "An objection without an answer",
        "A comment that a program takes for a disagreement",
        "A question without an answer",
        "A comment without a reply",
    ]
    assert "The tone may be tense in places." in words(shown)
    assert "mkdocs-echo review a.md" in words(shown)


def test_the_author_is_told_why_a_thread_was_not_read_and_nothing_else() -> None:
    health = Health("unknown", reason="isso: <no answer>")
    assert Renderer().fragments(health, Post("a.md")) == Fragments()
    shown = Renderer(options=RenderOptions(author_view=True)).fragments(health, Post("a.md"))
    assert "Not read: isso: <no answer>" in words(shown.author)
    assert "<ul>" not in shown.author
    assert (shown.badge, shown.prompt, shown.policy) == ("", "", "")


def test_no_list_in_the_author_s_view_is_empty() -> None:
    for health in (HEALTH, made(Health("quiet")), made(Health("facts", voices=VoiceCounts(n=3)))):
        for items in soup(fragments(health, author_view=True).author).select("ul"):
            assert items.select("li")


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


def test_the_author_sees_how_each_comment_was_read_with_the_key_that_corrects_it() -> None:
    from mkdocs_echo_plugin.review.readings import readings

    hostile = thread(
        comment("1", "a", "Agree: <script>alert(1)</script> it should stay open."),
        comment("2", "b", "Disagree: it costs too much for what it is, and nobody has asked the neighbours."),
    )
    health = assess([hostile], post=POST)
    found = readings([hostile], POST)
    page = soup(Renderer(options=RenderOptions(author_view=True)).fragments(health, POST, readings=found).author)
    listed = [item.get_text(" ", strip=True) for item in page.select("li li")]
    assert [line.split()[0] for line in listed] == [f"{one.key}:" for one in found]
    assert [line.split()[1] for line in listed] == ["agree", "disagree"]
    assert page.find("script") is None


def test_no_reading_stands_in_a_page_that_others_see() -> None:
    from mkdocs_echo_plugin.review.readings import readings

    talk = thread(comment("1", "a", "Agree: it should stay open."))
    shown = Renderer().fragments(assess([talk], post=POST), POST, readings=readings([talk], POST))
    assert not any(readings([talk], POST)[0].key in part for part in (shown.badge, shown.prompt, shown.author))
