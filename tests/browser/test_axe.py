"""axe-core over a page of every state, the list of posts and the page that says how: each theme, light and dark, both widths."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from example_pages import HOSTS, NO_CHROMIUM, NO_HOSTS, POSTS, THEMES, browser, build, chromium, page_of, served

pytestmark = pytest.mark.skipif(chromium() is None, reason=NO_CHROMIUM)

FORK = pytest.param("materialx", marks=pytest.mark.skipif(not HOSTS, reason=NO_HOSTS))
SHOWS_NOTHING = {"keys-found"}
"""`discussion: off`; where a thread cannot be read or nobody wrote, the author at least sees why."""

FOUND = """where => axe.run(where, {resultTypes: ["violations"]}).then(found => ({
    violations: found.violations.map(v => [v.id, v.nodes.map(n => n.html)]),
    measured: found.passes.some(rule => rule.id === "color-contrast"),
    unsure: found.incomplete.filter(rule => rule.id === "color-contrast").map(v => v.nodes.map(n => n.html)),
}))"""
SOUND = {"violations": [], "measured": True, "unsure": []}


@pytest.fixture(scope="module")
def chrome() -> Iterator[Any]:
    with browser() as running:
        yield running


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The example as its author sees it: all that readers see, and the strip above it."""
    folder = tmp_path_factory.mktemp("example")
    for theme in (*THEMES, *(["materialx"] if HOSTS else [])):
        build(theme, folder, for_author=True)
    with served(folder) as origin:
        yield origin


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("theme", [*THEMES, FORK])
def test_axe_finds_no_violation_and_measures_the_contrast(chrome: Any, address: str, theme: str, scheme: str) -> None:
    from axe_playwright_python.sync_playwright import Axe

    lists = {"list": ("", ".echo")} if theme.startswith("material") else {}
    posts = {post: (page_of(theme, post), ".echo") for post in POSTS}
    found, silent = {}, set()
    page = chrome.new_page(color_scheme=scheme)
    for name, (path, where) in {**posts, **lists, "how": ("echo/how/", "main")}.items():
        page.goto(f"{address}{theme}/{path}", wait_until="load")
        if not page.locator(where).count():
            silent.add(name)
            continue
        if (summary := page.locator(".echo-panel > summary")).count():
            summary.click()
        # a background picture (mkdocs' grid) hides from axe what is behind the words
        page.add_style_tag(content="body { background-image: none !important }")
        page.evaluate(Axe().axe_script)
        for width in (360, 1280):
            # so high that no bar which a theme fixes to the window's edge lies over the words
            page.set_viewport_size({"width": width, "height": 6000})
            found[name, width] = page.evaluate(FOUND, where)
    page.close()
    assert {where: what for where, what in found.items() if what != SOUND} == {}
    assert silent == SHOWS_NOTHING
