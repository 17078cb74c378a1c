"""What people call a venue, and whether it is social media: its adapter says it."""

from __future__ import annotations

import subprocess
import sys

import pytest

from mkdocs_echo_plugin.sources import available
from mkdocs_echo_plugin.venues import all_social, venue

NAMES = {
    "wordpress": "WordPress", "wordpress_flat": "WordPress", "wxr": "WordPress", "disqus_xml": "Disqus", "disqus": "Disqus",
    "hackernews": "Hacker News", "github_issues": "GitHub", "isso": "Isso", "isso_db": "Isso", "isso_json": "Isso",
    "giscus": "giscus", "utterances": "utterances", "convokit": "ConvoKit", "csv": "CSV", "mastodon": "Mastodon",
    "linkedin": "LinkedIn", "x": "X", "neutral": "Neutral", "webmention": "Webmention", "webpage": "Webpage",
    "movable_type": "Movable Type", "valine": "Valine", "ghost": "Ghost", "youtube": "YouTube", "commento": "Commento", "remark42": "Remark42", "feed": "Feed", "staticman": "Staticman",
}  # fmt: skip


@pytest.mark.parametrize(("platform", "title"), NAMES.items())
def test_a_venue_has_the_name_that_people_call_it(platform: str, title: str) -> None:
    assert venue(platform).title == title


def test_a_platform_that_nobody_knows_keeps_the_name_that_its_file_gives() -> None:
    assert venue("the_village_hall").title == "The village hall"
    assert venue("MetaFilter").title == "MetaFilter"


@pytest.mark.parametrize("name", sorted(available()))
def test_every_adapter_says_itself_whether_it_is_social_media(name: str) -> None:
    assert isinstance(vars(available()[name])["social"], bool)


def test_social_media_are_those_whose_adapters_say_so_and_those_that_come_in_by_hand() -> None:
    for platform in (
        "mastodon",
        "bluesky",
        "hackernews",
        "reddit",
        "lobsters",
        "youtube",
        "telegram",
        "lemmy",
        "linkedin",
        "x",
        "facebook",
    ):
        assert venue(platform).social, platform
    assert not venue("discourse").social
    assert not venue("the_village_hall").social


def test_all_are_social_media_only_where_there_are_any() -> None:
    assert all_social({"mastodon", "reddit"})
    assert not all_social({"mastodon", "giscus"})
    assert not all_social(set())


def test_asking_for_one_venue_loads_one_adapter() -> None:
    program = (
        "import sys; from mkdocs_echo_plugin.venues import venue; venue('mastodon')\n"
        "print(*(m for m in sys.modules if m.startswith('mkdocs_echo_plugin.sources.adapters.')))"
    )
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert ran.stdout.split() == ["mkdocs_echo_plugin.sources.adapters.mastodon"]
