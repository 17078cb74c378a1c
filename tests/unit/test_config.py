"""config: what mkdocs.yml may say, and what a mistake is answered with."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from mkdocs_echo_plugin.config import EchoConfig
from mkdocs_echo_plugin.errors import ConfigurationError


def configured(tmp_path: Path, **options: Any) -> EchoConfig:
    config = EchoConfig(str(tmp_path / "mkdocs.yml"))
    config.load_dict(options)
    failed, warnings = config.validate()
    assert (failed, warnings) == ([], [])
    return config


def mistake(tmp_path: Path, **options: Any) -> str:
    config = EchoConfig(str(tmp_path / "mkdocs.yml"))
    config.load_dict(options)
    failed, _ = config.validate()
    assert len(failed) == 1
    option, error = failed[0]
    assert "\n" not in str(error)
    return f"{option}: {error}"


def test_nothing_set_is_a_working_configuration(tmp_path: Path) -> None:
    config = configured(tmp_path)
    site = config.site(site_url="https://blog.example/")
    assert (site.sources, site.files, site.network.offline, site.network.allow_private) == ((), (), False, False)
    assert site.cache_dir == tmp_path / ".cache/plugin/echo"
    options = config.rendering()
    assert (options.badge, options.prompt, options.policy, options.tone) == ("title", "end", True, "author")


def test_a_switch_written_as_yaml_false_is_off(tmp_path: Path) -> None:
    options = configured(tmp_path, badge=False, prompt={"position": False}, policy=False, tone=False).rendering()
    assert (options.badge, options.prompt, options.policy, options.tone) == ("none", "none", False, "off")


def test_what_the_page_shows_can_be_chosen_part_by_part(tmp_path: Path) -> None:
    options = configured(tmp_path, badge={"explained": "/about/"}, prompt={"card": False}).rendering()
    assert (options.how_url, options.card) == ("/about/", False)


def test_files_are_found_beside_mkdocs_yml(tmp_path: Path) -> None:
    (tmp_path / "comments").mkdir()
    (tmp_path / "urls.csv").write_text("")
    given = {"files": {"path": "comments/", "from": "https://old.example.org", "map": "urls.csv"}}
    (files,) = configured(tmp_path, sources=[given]).site(site_url=None).files
    assert (files.path, files.name, files.from_) == (tmp_path / "comments", "comments/", "https://old.example.org")
    assert files.map_ == tmp_path / "urls.csv"


def test_site_authors_and_the_blogs_come_together_once_each(tmp_path: Path) -> None:
    site = configured(tmp_path, authors=["ada"]).site(site_url=None, authors=("Ada L.", "ada"))
    assert site.authors == ("ada", "Ada L.")


def test_own_tags_replace_ours_list_by_list(tmp_path: Path) -> None:
    tags = configured(tmp_path, stance={"tags": {"agree": ["stimmt"]}}).settings().tags
    assert tags.agree == ("stimmt",)
    assert "disagree" in tags.disagree


def test_overrides_are_read_beside_mkdocs_yml(tmp_path: Path) -> None:
    (tmp_path / "echo-stances.yml").write_text("c1: agree\n")
    assert configured(tmp_path, stance={"overrides": "echo-stances.yml"}).settings().overrides == {"c1": "agree"}


def test_a_broken_overrides_file_is_named_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "echo-stances.yml").write_text("c1: agree\nc2: maybe\n")
    with pytest.raises(ConfigurationError, match=r"echo-stances\.yml, line 2"):
        configured(tmp_path, stance={"overrides": "echo-stances.yml"}).settings()


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"sourecs": []}, "sourecs: unknown option. Did you mean 'sources'?"),
        ({"zzz": 1}, "zzz: unknown option. Known: allow_private, authors, badge"),
        ({"badge": {"positoin": "end"}}, "badge: Sub-option 'positoin': unknown option. Did you mean 'position'?"),
        ({"badge": {"position": "left"}}, "badge: Sub-option 'position': 'left' is not known. Write one of title"),
        ({"stance": {"tags": {"agre": ["x"]}}}, "Sub-option 'agre': unknown option. Did you mean 'agree'?"),
        (
            {"stance": {"reader": "gpt"}},
            "stance: Sub-option 'reader': 'gpt' is not known. Write one of embedded",
        ),
        ({"stance": {"overrides": "none.yml"}}, "stance: Sub-option 'overrides': "),
        ({"tone": "loud"}, "tone: 'loud' is not known. Write one of author, public, off."),
        ({"fail_on": ["one_view"]}, "fail_on: 'one_view' is not known. Did you mean 'one-side'? Write one of "),
        ({"fail_on": "unknwon"}, "fail_on: 'unknwon' is not known. Did you mean 'unknown'? Write one of "),
        ({"fail_on": 3}, "fail_on: Expected a list of items"),
        ({"folder": "../elsewhere"}, "folder: '../elsewhere': expected a folder's name like `echo`"),
        ({"offline": "yes please"}, "offline: Expected type: <class 'bool'>"),
        ({"sources": "isso"}, "sources: expected a list like `- isso: {url:"),
        ({"sources": [["isso"]]}, "sources: ['isso']: expected one source an entry"),
        ({"sources": [{"disquss": {}}]}, "sources: unknown source 'disquss'. Did you mean 'disqus'?"),
        ({"sources": [{"giscus": {}}]}, "sources: giscus: option 'repo' is missing."),
        (
            {"sources": [{"isso": {"url": "https://c.example", "urls": "x"}}]},
            "sources: isso: unknown option 'urls'",
        ),
        ({"sources": [{"csv": {}}]}, "sources: csv: reads files only. Write `- files: {path: ..., source: csv}`."),
        ({"sources": [{"files": {}}]}, "sources: files: option 'path' is missing. Name the file or folder"),
        ({"sources": [{"files": {"path": "no/"}}]}, "sources: files: path: 'no/' does not exist beside mkdocs.yml."),
        (
            {"sources": [{"files": {"path": ".", "maps": "x"}}]},
            "sources: files: unknown option 'maps'. Did you mean 'map'?",
        ),
        ({"sources": [{"files": {"path": ["a"]}}]}, "sources: files: option 'path': expected a text."),
        ({"sources": [{"files": {"path": ".", "source": "xml"}}]}, "sources: files: unknown source 'xml'. Known: "),
    ],
)
def test_a_mistake_is_one_line_that_says_what_to_do(tmp_path: Path, options: dict[str, Any], says: str) -> None:
    assert says in mistake(tmp_path, **options)
