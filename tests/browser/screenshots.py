"""Pictures of every state in three themes, light and dark, wide and narrow, with the panel open.

python tests/browser/screenshots.py OUT                 all of them
python tests/browser/screenshots.py OUT --pictures      and the few that the README shows, into docs/pictures
"""

from __future__ import annotations

import argparse
import io
import json
import sys
import tempfile
from itertools import product
from pathlib import Path
from typing import Any

from example_pages import NO_CHROMIUM, THEMES, browser, build, chromium, page_of, served

MOST = 60_000
"""Bytes of a picture in the repository."""

WIDE, NARROW = {"width": 1280, "height": 1000}, {"width": 360, "height": 1500}
SHOWN = (
    # name, theme, post, scheme, size, panel open, part of the page
    ("post", "material", "sundays-without-cars", "light", {"width": 860, "height": 760}, False, None),
    ("panel", "material", "leave-the-verge-long", "light", {"width": 860, "height": 760}, True, None),
    ("panel-dark", "material", "three-weeks-without-the-feed", "dark", {"width": 860, "height": 820}, True, None),
    ("panel-narrow", "material", "three-weeks-without-the-feed", "dark", {"width": 360, "height": 1100}, True, None),
    ("prompt", "material", "three-weeks-without-the-feed", "light", {"width": 860, "height": 460}, False, ".echo-end"),
    ("readthedocs", "readthedocs", "the-bench-stays", "light", {"width": 1000, "height": 640}, True, None),
    ("mkdocs", "mkdocs", "who-pays-for-the-lamp", "dark", {"width": 1000, "height": 640}, True, None),
)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("out", type=Path, metavar="OUT")
    options.add_argument("--readme", action="store_true", help="only the README's pictures, made small")
    chosen = options.parse_args()
    if chromium() is None:
        sys.exit(NO_CHROMIUM)
    chosen.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        for theme in THEMES:
            build(theme, Path(folder))
        report = json.loads((Path(folder) / "material" / "echo" / "report.json").read_text("utf-8"))
        states = {Path(post["path"]).stem: post["state"] for post in report["posts"]}
        with served(Path(folder)) as address, browser() as running:
            if chosen.readme:
                for name, theme, post, scheme, size, is_open, part in SHOWN:
                    picture = _picture(running, f"{address}{theme}/{page_of(theme, post)}", scheme, size, is_open, part)
                    (chosen.out / f"{name}.png").write_bytes(_small(picture))
                return
            for theme, scheme, size, (post, state) in product(
                THEMES, ("light", "dark"), (WIDE, NARROW), states.items()
            ):
                picture = _picture(running, f"{address}{theme}/{page_of(theme, post)}", scheme, size, True, None)
                (chosen.out / f"{theme}-{scheme}-{size['width']}-{state}-{post}.png").write_bytes(picture)


def _picture(running: Any, url: str, scheme: str, size: dict[str, int], is_open: bool, part: str | None) -> bytes:
    page = running.new_page(viewport=size, color_scheme=scheme)
    page.goto(url, wait_until="load")
    summary = page.locator(".echo-panel > summary")
    if is_open and summary.count():
        summary.click()
    if part:
        page.locator(part).evaluate("e => window.scrollTo(0, e.getBoundingClientRect().top + scrollY - 120)")
    page.mouse.move(0, 0)
    page.wait_for_timeout(300)  # themes fade colours in
    picture: bytes = page.screenshot()
    page.close()
    return picture


def _small(picture: bytes) -> bytes:
    """The picture in as many colours as fit into what the repository should hold."""
    from PIL import Image

    image = Image.open(io.BytesIO(picture)).convert("RGB")
    for colours in (128, 64, 32, 16):
        out = io.BytesIO()
        image.quantize(colours, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
        if len(out.getvalue()) < MOST:
            break
    return out.getvalue()


if __name__ == "__main__":
    main()
