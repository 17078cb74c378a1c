"""A picture of a post's line for links that others share: 1200 x 630, drawn by Pillow, without a browser.

It says what the page says: title, one mark a person, one sentence. A title in letters for which no font is found, or
that this Pillow cannot shape, is left out, and the marks stand alone.
"""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, Final

from mkdocs_echo_plugin.build_cache import code_version, fingerprint
from mkdocs_echo_plugin.cache_files import CacheFiles, write_private
from mkdocs_echo_plugin.health.state import RESTS_ON_STANCES
from mkdocs_echo_plugin.locales import catalogue
from mkdocs_echo_plugin.render import FOLDER
from mkdocs_echo_plugin.render.marks import Group, bar_parts, each, groups
from mkdocs_echo_plugin.thresholds import MOST_MARKS

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageFont import FreeTypeFont

    from mkdocs_echo_plugin.model import Health, Post

SIZE: Final = (1200, 630)
_MARGIN: Final = 80
_PAPER, _INK, _SOFT = "#ffffff", "#1a1d24", "#59616d"
_COLOURS: Final = {"agree": "#1d5fa8", "neutral": _SOFT, "disagree": "#b4500a"}
_LIGHT: Final = {"agree": "#b3cae3", "neutral": _PAPER, "disagree": "#e6c5ab"}
"""Of those that are guessed: filled lighter, with a line around them."""

_SHAPED: Final = (range(0x0590, 0x08FF), range(0x0900, 0x10FF), range(0x1780, 0x18AF))
"""Letters that join, stack or run from right to left, which takes more than a font to set."""

_FONTS: Final = (
    "NotoSans-Regular.ttf", "DejaVuSans.ttf", "NotoSansCJK-Regular.ttc", "LiberationSans-Regular.ttf", "arial.ttf",
    "Arial Unicode.ttf", "PingFang.ttc", "YuGothM.ttc", "msyh.ttc", "malgun.ttf",
)  # fmt: skip
_FONT_FOLDERS: Final = (
    "/usr/share/fonts", "/usr/local/share/fonts", "~/.local/share/fonts", "~/.fonts", "/System/Library/Fonts",
    "/Library/Fonts", "C:/Windows/Fonts",
)  # fmt: skip
_MOST_FILES: Final = 20_000


@dataclass(frozen=True, slots=True)
class Picture:
    """What a picture shows; equal ones are drawn once."""

    site: str
    title: str
    people: tuple[Group, ...]
    told: str
    ask: str

    @property
    def text(self) -> str:
        """What it says to who cannot see it."""
        return " ".join(filter(None, (self.title, "–" if self.title else "", self.told)))


def share_file(path: str, folder: str = FOLDER) -> str:
    """Where the picture of the post at `path` lies in the site."""
    return f"{folder}/share/{PurePosixPath(path).with_suffix('')}.png"


def picture_of(post: Post, health: Health, *, site_name: str = "") -> Picture | None:
    """What a post's picture shows; None for one without a line."""
    if health.badge is None:
        return None
    words = catalogue(post.language)
    people = groups(health.voices) if health.state in RESTS_ON_STANCES else ()
    told = health.badge.small
    if people and all(group.exact for group in people):
        told = ", ".join(words.translate(f"people.{group.stance}", group.count) for group in people)
    return Picture(site_name[:80], post.title[:200], people, told, words.translate("share.ask"))


def write(wanted: Mapping[str, Picture], *, site_dir: Path, cache_dir: Path, complete: bool) -> int:
    """Writes the pictures by their path in the site; how many had to be drawn, because no earlier build had.

    Nothing is written outside of the site; of a `complete` build the cache keeps nothing else.
    """
    folder, root = CacheFiles(cache_dir).share, site_dir.resolve()
    drawn, used = 0, set()
    for path, picture in wanted.items():
        kept = folder / f"{_name(picture)}.png"
        used.add(kept.name)
        data = None
        with suppress(OSError):
            data = kept.read_bytes()
        if not data:
            data, drawn = draw(picture), drawn + 1
            with suppress(OSError):  # a cache that cannot be written stops no build
                write_private(kept, data)
        file = site_dir / path
        if root not in file.resolve().parents:
            continue
        file.parent.mkdir(parents=True, exist_ok=True)
        if not file.is_file() or file.read_bytes() != data:
            file.write_bytes(data)
    if complete and folder.is_dir():
        for old in folder.glob("*.png"):
            if old.name not in used:
                old.unlink(missing_ok=True)
    return drawn


def _name(picture: Picture) -> str:
    import PIL

    people = [[g.stance, g.count, g.low, g.high] for g in picture.people]
    return fingerprint(code_version(), PIL.__version__, picture.site, picture.title, people, picture.told, picture.ask)


def draw(picture: Picture) -> bytes:
    """The picture as PNG."""
    from PIL import Image, ImageDraw

    image = Image.new("RGB", SIZE, _PAPER)
    pen = ImageDraw.Draw(image)
    widest = SIZE[0] - 2 * _MARGIN
    if font := _font(f"{picture.site}{picture.title}"):
        pen.text((_MARGIN, 78), _cut(picture.site, font(36), widest), _SOFT, font(36))
        size, lines = _wrapped(picture.title, font, widest)
        for row, line in enumerate(lines):
            pen.text((_MARGIN, 168 + row * size * 1.2), line, _INK, font(size), stroke_width=1, stroke_fill=_INK)
    if picture.people:
        image.paste(*_marks(picture.people, widest))
    if font := _font(f"{picture.told}{picture.ask}"):
        pen.text((_MARGIN, 508), _cut(picture.told, font(38), widest), _INK, font(38))
        pen.text((_MARGIN, 562), _cut(picture.ask, font(30), widest), _SOFT, font(30))
    out = io.BytesIO()
    image.quantize(64, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
    return out.getvalue()


def _marks(people: Sequence[Group], widest: int) -> tuple[Image, tuple[int, int]]:
    """One mark a person in up to three rows, or a bar; drawn large and made small, for Pillow's edges are hard."""
    from PIL import Image, ImageDraw

    n, big = sum(group.count for group in people), 3
    radius = 27 if n <= 15 else 17 if n <= 48 else 13
    step, height = radius * 2.5, 100
    image = Image.new("RGB", (widest * big, height * big), _PAPER)
    pen = ImageDraw.Draw(image)
    if n > MOST_MARKS:
        for stance, start, width in bar_parts(people, widest):
            pen.rectangle((start * big, 30 * big, (start + width) * big, 70 * big), _COLOURS[stance])
    else:
        a_row = int((widest - 2 * radius) / step) + 1
        rows = -(-n // a_row)
        top = (height - ((rows - 1) * step + 2 * radius)) / 2 + radius
        for place, (stance, guessed) in enumerate(each(people)):
            x, y = radius + (place % a_row) * step, top + (place // a_row) * step
            _mark(pen, stance, x * big, y * big, radius * big, guessed=guessed)
    return image.resize((widest, height), Image.Resampling.LANCZOS), (_MARGIN, 385)


def _mark(pen: Any, stance: str, x: float, y: float, radius: float, *, guessed: bool) -> None:
    ink, line = _COLOURS[stance], max(int(radius / 7), 1)
    inside = _LIGHT[stance] if guessed else _PAPER if stance == "neutral" else ink
    if stance == "disagree":
        h = radius * 1.15
        pen.polygon([(x, y - h), (x + h, y), (x, y + h), (x - h, y)], inside, ink, width=line)
    else:
        pen.ellipse((x - radius, y - radius, x + radius, y + radius), inside, ink, width=line)


def _wrapped(title: str, font: Callable[[int], FreeTypeFont], widest: int) -> tuple[int, list[str]]:
    """The largest size at which a title fits into two lines, and those; else three small ones, the last one cut."""
    lines: list[str] = []
    for size, most in ((72, 2), (56, 3), (44, 4)):
        lines, room = [""], True
        for word in _breakable(title):
            if font(size).getlength((lines[-1] + word).strip()) <= widest:
                lines[-1] += word
            elif font(size).getlength(word.strip()) <= widest and len(lines) < most:
                lines.append(word.lstrip())
            else:
                lines[-1], room = _cut(lines[-1] + word, font(size), widest), False
                break
        if room:
            return size, lines
    return 44, lines


def _breakable(text: str) -> Iterator[str]:
    """Words with the blank before them; letters of scripts that have no blanks one by one."""
    word = ""
    for c in " ".join(text.split()):
        wide = "\u2e80" <= c <= "\u9fff" or "\uac00" <= c <= "\ud7af" or "\uf900" <= c <= "\uffef"
        if (c == " " or wide) and word:
            yield word
            word = ""
        word += c
    if word:
        yield word


def _cut(text: str, font: FreeTypeFont, widest: int) -> str:
    if font.getlength(text) <= widest:
        return text
    while text and font.getlength(f"{text}…") > widest:
        text = text[:-1]
    return f"{text.rstrip()}…"


def _font(text: str) -> Callable[[int], FreeTypeFont] | None:
    """A font by size that has every letter of a text: Pillow's own, else one of this machine; None without one."""
    from PIL import ImageFont, features

    if any(ord(c) in shaped for c in text for shaped in _SHAPED) and not features.check("raqm"):
        return None
    sizes: list[Callable[[int], Any]] = [cache(ImageFont.load_default)]
    sizes += [cache(lambda size, file=file: ImageFont.truetype(str(file), size)) for file in _installed()]
    for sized in sizes:
        with suppress(OSError):
            if _covers(sized(24), text):
                return sized
    return None


def _covers(font: Any, text: str) -> bool:
    if not hasattr(font, "getlength"):  # the bitmap font of a Pillow without FreeType
        return False
    lacking = _glyph(font, "\U0010fffd")
    return all(c.isspace() or _glyph(font, c) != lacking for c in set(text))


def _glyph(font: Any, character: str) -> tuple[object, bytes]:
    mask = font.getmask(character)
    return mask.size, bytes(mask)


@cache
def _installed() -> tuple[Path, ...]:
    """The fonts of this machine that are known to hold many letters, the usual ones first."""
    found: dict[str, Path] = {}
    seen = 0
    for folder in _FONT_FOLDERS:
        for at, _, files in os.walk(Path(folder).expanduser()):
            seen += len(files)
            if seen > _MOST_FILES:
                break
            found.update((name, Path(at) / name) for name in files if name in _FONTS and name not in found)
    return tuple(found[name] for name in _FONTS if name in found)
