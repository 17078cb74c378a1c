"""The example blog in a real browser: usable by keyboard, without JavaScript, read aloud well, in every theme."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from example_pages import NO_CHROMIUM, POSTS, THEMES, browser, build, chromium, page_of, served

pytestmark = pytest.mark.skipif(chromium() is None, reason=NO_CHROMIUM)

WIDTHS = (360, 1280)
GOLDEN = Path(__file__).parent / "golden"
POLICY = """<section class="echo echo-policy" dir="auto"><ul><li>חדשים כאן? ברוכים הבאים.</li></ul></section>"""
"""What a site in Hebrew may write in the place of ours, which there is in English only."""

BEYOND = """elements => elements.filter(e => e.getClientRects().length).filter(e => {
    const [inner, outer] = [e, e.closest(".echo")].map(e => e.getBoundingClientRect())
    return inner.left < outer.left - 1 || inner.right > outer.right + 1
}).map(e => e.outerHTML)"""
"""What sticks out of the column."""


@pytest.fixture(scope="module")
def chrome() -> Iterator[Any]:
    with browser() as running:
        yield running


@pytest.fixture(scope="module")
def origins(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    folder = tmp_path_factory.mktemp("example")
    with served(folder) as address:
        for theme in THEMES:
            build(theme, folder)
        # Material navigates instantly only on the site that site_url names
        build("material", folder, site_url=f"{address}instant/", name="instant")
        build("material", folder, language="he", name="hebrew", files={"overrides/partials/echo/policy.html": POLICY})
        yield {name: f"{address}{name}/" for name in (*THEMES, "instant", "hebrew")}


@pytest.fixture
def visit(chrome: Any, origins: dict[str, str]) -> Iterator[Any]:
    contexts: list[Any] = []

    def opened(
        theme: str,
        address: str,
        *,
        scheme: str = "light",
        width: int = 1280,
        height: int = 900,
        javascript: bool = True,
    ) -> Any:
        context = chrome.new_context(
            viewport={"width": width, "height": height}, color_scheme=scheme, java_script_enabled=javascript
        )
        contexts.append(context)
        page = context.new_page()
        page.requested = []
        page.on("request", lambda request: page.requested.append(request.url))
        page.goto(origins[theme] + address, wait_until="load")
        return page

    yield opened
    for context in contexts:
        context.close()


@pytest.mark.parametrize("theme", THEMES)
def test_without_javascript_everything_is_there_but_the_copy_button(visit: Any, theme: str) -> None:
    page = visit(theme, page_of(theme, "sundays-without-cars"), javascript=False)
    assert page.locator(".echo-badge").inner_text().startswith("11 people commented · ")
    assert not page.locator(".echo-open").is_visible()
    page.locator(".echo-panel > summary").click()
    for part in (".echo-large", ".echo-key", ".echo-open", ".echo-foot", ".echo-prompt", ".echo-policy"):
        assert page.locator(part).is_visible(), part
    assert page.locator(".echo-act:visible").all_inner_texts() == ["Send the question", "Print a card"]


def test_with_javascript_the_question_and_the_address_are_copied(chrome: Any, origins: dict[str, str]) -> None:
    context = chrome.new_context(permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto(origins["material"] + page_of("material", "sundays-without-cars"))
    page.locator("button.echo-act").click()
    page.locator("button.echo-act", has_text="Copied").wait_for()
    copied = page.evaluate("navigator.clipboard.readText()")
    context.close()
    assert copied.startswith("I read “Sundays without cars”.")
    assert copied.endswith("/2026/09/sundays-without-cars/")


@pytest.mark.parametrize("theme", THEMES)
def test_the_keyboard_opens_and_closes_the_panel(visit: Any, theme: str) -> None:
    page = visit(theme, page_of(theme, "sundays-without-cars"))
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('.echo-panel > summary')"):
            break
    assert page.evaluate("document.activeElement.matches('.echo-panel > summary')")
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    assert page.locator(".echo-foot").is_visible()
    page.keyboard.press("Space")
    assert not page.locator(".echo-foot").is_visible()


@pytest.mark.parametrize("theme", THEMES)
def test_no_request_leaves_the_origin(visit: Any, origins: dict[str, str], theme: str) -> None:
    page = visit(theme, page_of(theme, "three-weeks-without-the-feed"))
    page.locator(".echo-panel > summary").click()
    page.wait_for_load_state("networkidle")
    assert any(url.endswith("echo.css") for url in page.requested)
    assert [url for url in page.requested if not url.startswith((origins[theme], "data:"))] == []


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("width", WIDTHS)
def test_the_panel_is_no_box_and_fits_the_column(visit: Any, theme: str, width: int) -> None:
    page = visit(theme, page_of(theme, "three-weeks-without-the-feed"), width=width)
    page.locator(".echo-panel > summary").click()
    look = page.locator(".echo-panel").evaluate(
        "e => (s => [s.backgroundColor, s.borderTopWidth, s.borderLeftWidth, s.boxShadow])(getComputedStyle(e))"
    )
    assert look == ["rgba(0, 0, 0, 0)", "0px", "0px", "none"]
    assert page.locator(".echo *").evaluate_all(BEYOND) == []


def test_instant_navigation_keeps_the_badge(visit: Any) -> None:
    page = visit("instant", "")
    page.wait_for_load_state("networkidle")  # the sitemap, by which the theme knows its own pages
    page.evaluate("window.same = true")
    page.locator("article h2 a", has_text="Sundays without cars").click()
    page.wait_for_selector(".echo-badge")
    assert page.evaluate("window.same") is True
    page.locator(".echo-panel > summary").click()
    assert page.locator(".echo-foot").is_visible()


def test_a_link_to_what_waits_leads_to_the_comment_on_the_same_page(visit: Any) -> None:
    page = visit("material", page_of("material", "sundays-without-cars"))
    before = page.url
    page.locator(".echo-first a").click()
    page.wait_for_url(f"{before}#s6")
    assert "nobody has asked us" in " ".join(page.locator("#s6").inner_text().lower().split())


@pytest.mark.parametrize("theme", THEMES)
def test_the_card_prints_alone_and_only_where_it_was_asked_for(visit: Any, theme: str) -> None:
    page = visit(theme, page_of(theme, "the-tool-shelf"))
    page.evaluate("window.print = () => { window.printed = true }")
    assert not page.locator(".echo-card").is_visible()
    page.emulate_media(media="print")
    assert not page.locator(".echo-card").is_visible()
    page.emulate_media(media="screen")
    page.locator(".echo-act", has_text="Print a card").click()
    page.wait_for_function("window.printed")
    page.emulate_media(media="print")
    assert "The tool shelf" in page.locator(".echo-card").inner_text()
    seen = page.evaluate("document.body.innerText")
    assert " ".join(seen.split()) == " ".join(page.locator(".echo-card").inner_text().split())


@pytest.mark.parametrize("theme", THEMES)
def test_a_closed_panel_prints_closed_and_an_open_one_open(visit: Any, theme: str) -> None:
    page = visit(theme, page_of(theme, "the-tool-shelf"))
    page.emulate_media(media="print")
    assert page.locator(".echo-badge").is_visible()
    assert not page.locator(".echo-foot").is_visible()
    page.locator(".echo-panel").evaluate("e => e.open = true")
    assert page.locator(".echo-foot").is_visible()
    for of_no_use in (".echo-policy", ".echo-more", ".echo-acts"):
        assert not page.locator(of_no_use).is_visible(), of_no_use


def test_high_contrast_leaves_the_marks(chrome: Any, origins: dict[str, str]) -> None:
    page = chrome.new_page(forced_colors="active")
    page.goto(origins["material"] + page_of("material", "three-weeks-without-the-feed"))
    page.locator(".echo-panel > summary").click()
    paper, *drawn = page.evaluate(
        """() => [getComputedStyle(document.body).backgroundColor,
                  getComputedStyle(document.querySelector(".echo-large .echo-agree")).fill,
                  getComputedStyle(document.querySelector(".echo-large .echo-disagree")).fill,
                  getComputedStyle(document.querySelector(".echo-large .echo-neutral")).stroke]"""
    )
    page.close()
    assert paper not in drawn


COLOURS = """() => {
    const paint = document.createElement("canvas").getContext("2d", {willReadFrequently: true})
    const rgb = (...layers) => {
        paint.globalCompositeOperation = "source-over"
        layers.forEach(c => { paint.fillStyle = c; paint.fillRect(0, 0, 1, 1) })
        return [...paint.getImageData(0, 0, 1, 1).data].slice(0, 3)
    }
    const behind = e => { const found = []
        for (; e; e = e.parentElement) found.unshift(getComputedStyle(e).backgroundColor)
        return ["white", ...found] }
    const of = (name, kind) => { const e = document.querySelector(".echo-large " + name)
        return rgb(...behind(e), getComputedStyle(e)[kind]) }
    return {paper: rgb(...behind(document.querySelector(".echo-large"))), agree: of(".echo-agree:not(.echo-guess)", "fill"),
            disagree: of(".echo-disagree:not(.echo-guess)", "fill"), neutral: of(".echo-neutral:not(.echo-guess)", "stroke")}
}"""


def contrast(one: list[int], other: list[int]) -> float:
    """The ratio of WCAG 2: (L1 + .05) / (L2 + .05)."""

    def luminance(colour: list[int]) -> float:
        parts = [c / 255 / 12.92 if c <= 10 else ((c / 255 + 0.055) / 1.055) ** 2.4 for c in colour]
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]

    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("theme", THEMES)
def test_marks_stand_out_three_to_one_against_paper_and_against_each_other(visit: Any, theme: str, scheme: str) -> None:
    page = visit(theme, page_of(theme, "three-weeks-without-the-feed"), scheme=scheme)
    page.locator(".echo-panel > summary").click()
    page.wait_for_timeout(300)  # themes fade colours in
    found = page.evaluate(COLOURS)
    for stance in ("agree", "neutral", "disagree"):
        assert contrast(found[stance], found["paper"]) >= 3, (stance, found)
    assert contrast(found["agree"], found["disagree"]) >= 3, found


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("width", WIDTHS)
def test_what_can_be_pressed_is_24_pixels_high_or_stands_in_a_line_of_text(visit: Any, theme: str, width: int) -> None:
    page = visit(theme, page_of(theme, "sundays-without-cars"), width=width)
    page.locator(".echo-panel > summary").click()
    size = "e => e.map(e => [e.outerHTML.slice(0, 60), e.getBoundingClientRect().height])"
    alone = ".echo summary, .echo-act:visible, .echo a.echo-thread, .echo-open a, .echo-first a"
    for what, height in page.locator(alone).evaluate_all(size):
        assert height >= 24, what


@pytest.mark.parametrize("post", POSTS)
def test_what_a_screen_reader_is_told_of_each_state_is_kept(visit: Any, origins: dict[str, str], post: str) -> None:
    """`ECHO_GOLDEN=write` writes the accessibility trees anew, to be read before they are kept."""
    page = visit("material", page_of("material", post))
    if page.locator(".echo-panel").count():
        page.locator(".echo-panel > summary").click()
    told = "\n".join(part.aria_snapshot() for part in page.locator("article .echo").all()) + "\n"
    told = told.replace(origins["material"], "/")
    kept = GOLDEN / f"{post}.yml"
    if os.environ.get("ECHO_GOLDEN") == "write":
        kept.parent.mkdir(exist_ok=True)
        kept.write_text(told, "utf-8")
    assert kept.read_text("utf-8") == told


def test_lists_of_posts_carry_the_short_badge_and_no_panel(visit: Any, origins: dict[str, str]) -> None:
    page = visit("material", "")
    assert page.locator(".echo-short").count() >= 7
    assert page.locator(".echo-badge, .echo-panel, .echo-prompt").count() == 0


@pytest.mark.parametrize("theme", THEMES)
def test_the_panel_leads_to_the_page_that_says_how_the_badge_works(visit: Any, theme: str) -> None:
    page = visit(theme, page_of(theme, "sundays-without-cars"))
    page.locator(".echo-panel > summary").click()
    with page.expect_response("**/echo/how/**") as answer:
        page.locator(".echo-foot a").click()
    assert answer.value.status == 200
    page.wait_for_selector("h1:has-text('How')")


def left(page: Any, selector: str) -> float:
    edge: float = page.locator(selector).first.bounding_box()["x"]
    return edge


@pytest.mark.parametrize("width", WIDTHS)
def test_on_a_page_from_right_to_left_each_language_keeps_its_direction(visit: Any, width: int) -> None:
    page = visit("hebrew", page_of("material", "sundays-without-cars"), width=width)
    assert page.evaluate("getComputedStyle(document.body).direction") == "rtl"
    summary = page.locator(".echo-panel > summary")
    summary.click()
    direction = "e => e.map(e => [e.lang, getComputedStyle(e).direction])"
    assert page.locator(".echo").evaluate_all(direction) == [["en", "ltr"], ["en", "ltr"], ["", "rtl"]]
    assert left(page, ".echo-line") <= left(page, ".echo-badge")
    # line and panel stand on one side
    ends = "e => ['.echo-panel > summary', '.echo-body'].map(s => Math.round(e.querySelector(s).getBoundingClientRect().right))"
    assert len(set(page.locator(".echo:has(.echo-panel)").evaluate(ends))) == 1
    assert page.locator(".echo *").evaluate_all(BEYOND) == []
    # words in Hebrew turn the line and its panel round
    page.locator(".echo-badge").evaluate("e => e.textContent = 'כמה דעות - 10 קולות'")
    if width > 360:
        assert left(page, ".echo-line") > left(page, ".echo-badge")
    assert page.locator(".echo *").evaluate_all(BEYOND) == []


def test_a_comment_cannot_turn_the_words_around_it(visit: Any) -> None:
    page = visit("material", page_of("material", "three-weeks-without-the-feed"))
    note = page.locator(".echo-note", has_text="passed on by the author")
    words = note.locator("q").inner_text()
    note.locator("q").evaluate("(e, words) => e.textContent = '\u202e' + words", words)
    at = """e => [0, 1].map(i => { const letter = new Range(); letter.setStart(e.firstChild, i)
        letter.setEnd(e.firstChild, i + 1); return letter.getBoundingClientRect().x })"""
    first, second = note.locator("small").evaluate(at)
    assert first < second
