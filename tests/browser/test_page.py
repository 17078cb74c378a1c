"""The example blog in a real browser: usable by keyboard, without JavaScript, read aloud well, in every theme."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from example_pages import NO_CHROMIUM, THEMES, browser, build, chromium, page_of, served

pytestmark = pytest.mark.skipif(chromium() is None, reason=NO_CHROMIUM)

WIDTHS = (360, 1280)
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
def test_without_javascript_everything_is_there(visit: Any, theme: str) -> None:
    page = visit(theme, page_of(theme, "sundays-without-cars"), javascript=False)
    assert page.locator(".echo-badge").inner_text().startswith("Several views, 1 waiting for a reply")
    assert not page.locator(".echo-facts").is_visible()
    page.locator(".echo-panel > summary").click()
    for part in (".echo-plot", ".echo-bar", ".echo-facts", ".echo-foot", ".echo-prompt", ".echo-policy"):
        assert page.locator(part).is_visible(), part


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
    assert page.locator(".echo-facts").is_visible()
    page.keyboard.press("Space")
    assert not page.locator(".echo-facts").is_visible()


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
    assert page.locator(".echo-facts").is_visible()


def test_a_link_to_what_waits_leads_to_the_comment_on_the_same_page(visit: Any) -> None:
    page = visit("material", page_of("material", "sundays-without-cars"))
    before = page.url
    page.locator(".echo-prompt a").click()
    page.wait_for_url(f"{before}#s6")
    assert "nobody has asked us" in page.locator("#s6").inner_text().lower()


def test_on_paper_there_is_a_card_to_take_along(visit: Any) -> None:
    page = visit("material", page_of("material", "the-tool-shelf"))
    assert not page.locator(".echo-card").is_visible()
    page.emulate_media(media="print")
    assert page.locator(".echo-card").is_visible()
    assert "The tool shelf" in page.locator(".echo-card").inner_text()
    page.locator(".echo-panel").evaluate("e => e.open = true")
    assert page.locator(".echo-facts").is_visible()
    for of_no_use in (".echo-policy", ".echo-more", ".echo-copy"):
        assert not page.locator(of_no_use).is_visible(), of_no_use


def test_high_contrast_leaves_the_drawings(chrome: Any, origins: dict[str, str]) -> None:
    page = chrome.new_page(forced_colors="active")
    page.goto(origins["material"] + page_of("material", "three-weeks-without-the-feed"))
    page.locator(".echo-panel > summary").click()
    paper, *drawn = page.evaluate(
        """() => [getComputedStyle(document.body).backgroundColor,
                  ...[".echo-plot circle", ".echo-bar rect"].map(s => getComputedStyle(document.querySelector(s)).fill),
                  getComputedStyle(document.querySelector(".echo-key i")).borderTopColor]"""
    )
    page.close()
    assert paper not in drawn


def test_a_reader_with_a_screen_reader_hears_the_same(visit: Any) -> None:
    page = visit("material", page_of("material", "sundays-without-cars"))
    page.locator(".echo-panel > summary").click()
    speakers = page.locator("article .echo").first.aria_snapshot()
    for said in ("Several views, 1 waiting for a reply", "Range of views, 0.84 of 1", "7 agree", "not a sample"):
        assert said in speakers


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
    assert left(page, ".echo-mark") < left(page, ".echo-badge")
    ends = "e => [e, e.closest('.echo')].map(e => Math.round(e.getBoundingClientRect().right))"
    assert len(set(summary.evaluate(ends))) == 1
    assert page.locator(".echo *").evaluate_all(BEYOND) == []
    # words in Hebrew turn the line and its panel round, and leave the scale as it is: 0 on the left, 1 on the right
    at = "e => e.map(e => Math.round(e.getBoundingClientRect().x - e.parentElement.getBoundingClientRect().x))"
    plotted = page.locator(".echo-plot > *").evaluate_all(at)
    page.locator(".echo-badge").evaluate("e => e.textContent = 'כמה דעות - 10 קולות'")
    assert left(page, ".echo-mark") > left(page, ".echo-badge")
    assert left(page, ".echo-facts dt") > left(page, ".echo-facts dd") or width == 360
    assert page.locator(".echo *").evaluate_all(BEYOND) == []
    assert page.locator(".echo-plot > *").evaluate_all(at) == plotted
    zones = page.locator(".echo-zones span").evaluate_all(at)
    assert 0 == zones[0] < zones[1] < zones[2] < plotted[-1]


def test_a_comment_cannot_turn_the_words_around_it(visit: Any) -> None:
    page = visit("material", page_of("material", "three-weeks-without-the-feed"))
    note = page.locator(".echo-note", has_text="Heard elsewhere")
    before = note.locator("b").bounding_box(), note.locator("small").bounding_box()
    words = note.locator("q").inner_text()
    note.locator("q").evaluate("(e, words) => e.textContent = '\u202e' + words", words)
    assert (note.locator("b").bounding_box(), note.locator("small").bounding_box()) == before
