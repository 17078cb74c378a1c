"""The picture and the feed that a site may publish besides its pages."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest
from PIL import Image
from talk import POST, declared_thread

from mkdocs_echo_plugin import assess
from mkdocs_echo_plugin.model import Health, Open, Waiting
from mkdocs_echo_plugin.report import build, feeds, share
from mkdocs_echo_plugin.report.share_pages import SharePictures
from mkdocs_echo_plugin.survey import Survey, Surveyed

HERE = replace(POST, canonical_url="https://b.example/blog/well/")
HEALTH = assess([declared_thread(6, 1, 3)], post=replace(HERE, discussion="opinion"))
PAGE = "<html><head><title>Well</title></head><body>{head}</body></html>"


def pictures(health: Health = HEALTH) -> SharePictures:
    survey = Survey(posts=(Surveyed(HERE, health),))
    return SharePictures(survey, site_url="https://b.example/", site_name="The square", folder="echo")


def test_a_post_with_a_line_has_a_picture_that_says_what_the_line_says(tmp_path: Path) -> None:
    drawn = pictures().write(site_dir=tmp_path / "site", cache_dir=tmp_path / "cache", complete=True)
    with Image.open(tmp_path / "site/echo/share/blog/posts/well.png") as image:
        assert image.size == (1200, 630)
        assert len(image.convert("RGB").getcolors(1 << 20) or ()) > 3
    assert drawn == 1
    found = share.picture_of(HERE, HEALTH, site_name="The square")
    assert found is not None
    assert found.told == "6 agree, 1 takes no side, 3 disagree"


def test_a_warm_build_draws_nothing(tmp_path: Path) -> None:
    def write() -> int:
        return pictures().write(site_dir=tmp_path / "site", cache_dir=tmp_path / "cache", complete=True)

    assert (write(), write()) == (1, 0)


def test_a_quiet_post_has_no_picture() -> None:
    assert share.picture_of(HERE, assess([], post=HERE)) is None


def test_a_page_names_the_picture_unless_it_names_one_already() -> None:
    shown = pictures().into_head(HERE.path, PAGE)
    assert '<meta property="og:image" content="https://b.example/echo/share/blog/posts/well.png">' in shown
    own = PAGE.replace("<title>", '<meta property=og:image content="/social.png"><title>')
    assert pictures().into_head(HERE.path, own) == own
    assert pictures().into_head("another.md", PAGE) == PAGE


@pytest.mark.parametrize("title", ["", "\U0001f980" * 3, "בלי מכוניות", "W" * 200, "井戸を残そう" * 20, "a\u202eb\x00"])
def test_any_title_gives_a_picture(title: str) -> None:
    found = share.picture_of(replace(HERE, title=title), HEALTH)
    assert found is not None
    assert Image.open(io.BytesIO(share.draw(found))).size == (1200, 630)


def test_the_feed_has_what_waits_and_nobody_s_words() -> None:
    waits = (Waiting("question", "q<1>", "javascript:alert(1)", "2026-01-02T00:00:00Z", "Who pays for it"),)
    survey = Survey(posts=(Surveyed(HERE, replace(HEALTH, open=Open(questions=1, waiting=waits))),))
    feed = feeds.waiting(build.reports(survey, site="https://b.example/").public, site_name="The square")
    root = ElementTree.fromstring(feed)
    space = "{http://www.w3.org/2005/Atom}"
    (entry,) = root.iter(f"{space}entry")
    assert entry.findtext(f"{space}title") == f"{HERE.title}: a question, since 2 January 2026"
    assert [link.attrib["href"] for link in entry.iter(f"{space}link")] == ["https://b.example/blog/well/"]
    assert root.findtext(f"{space}updated") == "2026-01-02T00:00:00Z"
    assert "Who pays" not in feed
    assert "javascript" not in feed
