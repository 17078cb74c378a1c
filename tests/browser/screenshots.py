"""Pictures of every state in three themes, light and dark, wide and narrow, with the panel open.

python tests/browser/screenshots.py OUT                    a page each, to look at
python tests/browser/screenshots.py docs/pictures --kept   the few that the README and docs/states.md show, made small
"""

from __future__ import annotations

import argparse
import io
import json
import sys
import tempfile
from base64 import b64encode
from collections.abc import Mapping
from itertools import product
from pathlib import Path
from typing import Any

from example_pages import NO_CHROMIUM, THEMES, browser, build, chromium, page_of, served

MOST = 60_000
"""Bytes of a picture in the repository."""

WIDE, NARROW = {"width": 1280, "height": 1000}, {"width": 360, "height": 1500}
FIRST = "three-weeks-without-the-feed"
"""The post of the README's first picture: its line, its panel and its prompt together."""

FIRST_SCHEMES = ("light", "dark")
README = (
    # name, theme, post, scheme, size, panel open, part of the page
    ("panel-narrow", "material", "sundays-without-cars", "dark", {"width": 360, "height": 1000}, True, None),
    ("readthedocs", "readthedocs", "the-bench-stays", "light", {"width": 1000, "height": 640}, True, None),
    ("mkdocs", "mkdocs", "who-pays-for-the-lamp", "dark", {"width": 1000, "height": 640}, True, None),
)
STATES = {
    "facts": "high-water", "early": "the-ferry-timetable", "unread": "die-apfelpresse",
    "few-sides": "behind-the-radiator", "several": "a-dog-in-the-reading-room", "one-side": "the-bench-stays",
    "unclear": "sundays-without-cars",
}  # fmt: skip
"""A post of the example for each state that has a badge, in the order of docs/states.md."""

TENSE = "the-leaf-blower"
SHEETS = (
    # name, theme, scheme, width of the window, columns
    ("states-material-light", "material", "light", 600, 3),
    ("states-material-dark", "material", "dark", 600, 3),
    ("states-readthedocs", "readthedocs", "light", 640, 3),
    ("states-mkdocs-light", "mkdocs", "light", 600, 3),
    ("states-mkdocs-dark", "mkdocs", "dark", 600, 3),
    ("states-phone", "material", "light", 360, 4),
)
SHEET = """<!doctype html><meta charset="utf-8"><style>
body {{ width: max-content; margin: 0; padding: 16px; background: {paper}; color: {ink}; columns: {columns} {width}px; column-gap: 24px }}
figure {{ margin: 0 0 24px; break-inside: avoid }} figcaption {{ font: 600 14px monospace; padding: 0 0 8px }} img {{ display: block }}
</style>{figures}"""


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("out", type=Path, metavar="OUT")
    options.add_argument("--kept", action="store_true", help="only those that the repository keeps")
    chosen = options.parse_args()
    if chromium() is None:
        sys.exit(NO_CHROMIUM)
    chosen.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        for theme in THEMES:
            build(theme, Path(folder))
            build(theme, Path(folder), name=f"{theme}-author", for_author=True)
        with served(Path(folder)) as address, browser() as running:
            if chosen.kept:
                for scheme in FIRST_SCHEMES:
                    (chosen.out / f"first-{scheme}.png").write_bytes(_small(_first(running, address, scheme)))
                for name, theme, post, scheme, size, is_open, part in README:
                    page = _page(running, f"{address}{theme}/{page_of(theme, post)}", scheme, size, is_open=is_open)
                    if part:
                        page.locator(part).evaluate("e => scrollTo(0, e.getBoundingClientRect().top + scrollY - 120)")
                        page.wait_for_timeout(600)  # Material's header turns to the post's title
                    (chosen.out / f"{name}.png").write_bytes(_small(page.screenshot()))
                    page.close()
                for name, *how in SHEETS:
                    (chosen.out / f"{name}.webp").write_bytes(_as_webp(_sheet(running, address, *how)))
                return
            report = json.loads((Path(folder) / "material" / "echo" / "report.json").read_text("utf-8"))
            states = {Path(post["path"]).stem: post["state"] for post in report["posts"]}
            for theme, scheme, size, (post, state) in product(
                THEMES, ("light", "dark"), (WIDE, NARROW), states.items()
            ):
                page = _page(running, f"{address}{theme}/{page_of(theme, post)}", scheme, size, is_open=True)
                (chosen.out / f"{theme}-{scheme}-{size['width']}-{state}-{post}.png").write_bytes(page.screenshot())
                page.close()


def _page(running: Any, url: str, scheme: str, size: Mapping[str, int], *, is_open: bool) -> Any:
    page = running.new_page(viewport=size, color_scheme=scheme)
    page.goto(url, wait_until="load")
    summary = page.locator(".echo-panel > summary")
    if is_open and summary.count():
        summary.click()
    page.mouse.move(0, 0)
    page.wait_for_timeout(300)  # themes fade colours in
    return page


def _first(running: Any, address: str, scheme: str) -> bytes:
    """The beginning and the end of a post, with what lies between left out."""
    page = _page(
        running, f"{address}material/{page_of('material', FIRST)}", scheme, {"width": 800, "height": 1400}, is_open=True
    )
    page.evaluate(
        """() => { const article = document.querySelector("article.md-content__inner"), end = article.querySelector(".echo-end")
        const shown = [article.querySelector("h1"), article.querySelector(".echo"), end]
        shown.push(article.querySelector(":scope > p"))
        for (const e of article.children) if (!shown.includes(e)) e.style.display = "none"
        for (const e of end.children) if (!e.matches(".echo-prompt, .echo-first")) e.style.display = "none"
        document.querySelectorAll(".md-header, .md-tabs, .md-sidebar").forEach(e => e.style.display = "none")
        end.style.marginTop = "1.5em" }"""
    )
    page.wait_for_timeout(300)
    box = page.locator("article.md-content__inner").bounding_box()
    end = page.locator(".echo-prompt").bounding_box()
    height = end["y"] + end["height"] - box["y"] + 24
    picture: bytes = page.screenshot(clip={"x": 0, "y": box["y"], "width": 800, "height": height})
    page.close()
    return picture


def _sheet(running: Any, address: str, theme: str, scheme: str, width: int, columns: int) -> bytes:
    """The badge and the open panel of each state as one theme shows them, and what its author sees of a tense thread."""
    size, figures = {"width": width, "height": 3000}, []
    parts = {state: (theme, post, ".echo:has(.echo-panel)") for state, post in STATES.items()}
    parts["tense (its author's preview)"] = (f"{theme}-author", TENSE, ".echo-author")
    paper = ink = ""
    for state, (site, post, part) in parts.items():
        page = _page(running, f"{address}{site}/{page_of(theme, post)}", scheme, size, is_open=True)
        found = page.locator(part)
        picture = b64encode(found.screenshot()).decode()
        figures.append(f'<figure><figcaption>{state}</figcaption><img src="data:image/png;base64,{picture}"></figure>')
        ink = found.evaluate("e => getComputedStyle(e).color")
        paper = found.evaluate(
            """e => { for (; e; e = e.parentElement) { const c = getComputedStyle(e).backgroundColor
                      if (!c.endsWith(', 0)')) return c } return 'white' }"""
        )
        column = found.evaluate("e => Math.ceil(e.getBoundingClientRect().width)")
        page.close()
    page = running.new_page(viewport={"width": columns * (column + 24) + 8, "height": 600})
    page.set_content(SHEET.format(paper=paper, ink=ink, columns=columns, width=column, figures="".join(figures)))
    composed: bytes = page.screenshot(full_page=True)
    page.close()
    return composed


def _small(picture: bytes) -> bytes:
    """The picture in as many colours as fit into what the repository should hold."""
    for colours in (128, 64, 32, 16):
        out = io.BytesIO()
        _reduced(picture, colours).save(out, "PNG", optimize=True)
        if len(out.getvalue()) < MOST:
            break
    return out.getvalue()


def _as_webp(sheet: bytes) -> bytes:
    """A sheet is words in greys, which WebP holds in half the bytes of PNG."""
    out = io.BytesIO()
    _reduced(sheet, 16).convert("RGB").save(out, "WEBP", lossless=True, quality=100, method=6)
    return out.getvalue()


def _reduced(picture: bytes, colours: int) -> Any:
    from PIL import Image

    return Image.open(io.BytesIO(picture)).convert("RGB").quantize(colours, dither=Image.Dither.NONE)


if __name__ == "__main__":
    main()
