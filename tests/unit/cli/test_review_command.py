"""`mkdocs-echo review`: the author's own five minutes, on a site with a comment file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from mkdocs_echo_plugin.stance.declared import load_overrides

Files = Callable[[Mapping[str, str | bytes]], Path]
Echo = Callable[..., Any]

SAID = (
    "I left ours long for the bees and the neighbours asked what had happened to us",
    "You are wrong, this is nonsense and nobody should do it because the drivers cannot see the corner",
    "No, I disagree with all of this, a long verge is a danger to every child on the way to school",
    "Thank you for the list of plants, it will help me with our own garden in spring",
    "Indeed, exactly what I think, the council should have done this many years ago",
    "We mow twice a year and that is enough for our street, says the man with the mower",
)
FILE = "id,author,text\n" + "".join(f'{n},p{n},"{text}"\n' for n, text in enumerate(SAID, 1))
POST = (
    "---\ncomments: true\ndiscussion: opinion\n---\n# Leave the verge long\nThe council should stop mowing the verge.\n"
)


@pytest.fixture
def site(files: Files) -> Path:
    return files(
        {
            "mkdocs.yml": "site_name: x\nsite_url: https://b.example/\nplugins:\n"
            "  - echo: {sources: [files: {path: comments}]}\n",
            "docs/verge.md": POST,
            "docs/mower.md": POST.replace("Leave the verge long", "The mower"),
            "comments/verge.csv": FILE,
            "comments/mower.csv": FILE.replace('1,p1,"I left', '1,p1,"\x1b[31m::error::I left'),
        }
    )


def review(echo: Echo, site: Path, *more: str, keys: str = "") -> Any:
    return echo("review", *more, "-f", site / "mkdocs.yml", given="".join(f"{key}\n" for key in keys))


def stances(site: Path) -> list[str]:
    file = site / "echo-stances.yml"
    return list(load_overrides(file).values()) if file.exists() else []


def test_each_key_is_written_at_once(site: Path, echo: Echo) -> None:
    ran = review(echo, site, keys="ad")
    assert ran.status == 0
    assert stances(site) == ["agree", "disagree"]
    assert "2 stances written to echo-stances.yml" in ran.text


def test_it_says_what_an_answer_changed(site: Path, echo: Echo) -> None:
    ran = review(echo, site, "verge.md", keys="dddddd")
    changes = [line for line in ran.text.splitlines() if line.startswith("disagree. Leave the verge long: ")]
    assert len(changes) >= 4
    assert any(" -> " in line and "disagree" in line.partition(" -> ")[2] for line in changes)


def test_undo_takes_the_last_line_out_again(site: Path, echo: Echo) -> None:
    before = review(echo, site, keys="q").text
    ran = review(echo, site, keys="duq")
    assert stances(site) == []
    assert "Taken back." in ran.text
    assert ran.text.split("Taken back.")[1].splitlines()[2:5] == before.splitlines()[1:4]


def test_the_next_run_goes_on_where_the_last_one_stopped(site: Path, echo: Echo) -> None:
    first = review(echo, site, keys="dq").text
    again = review(echo, site, keys="q").text
    assert again.splitlines()[1:6] == first.partition("2 of 10")[2].join(["1 of 10", ""]).splitlines()[:5]


def test_a_skipped_comment_is_passed_over_and_no_stance_is_written(site: Path, echo: Echo) -> None:
    ran = review(echo, site, keys="sq")
    shown = [block.partition("(")[0] for block in ran.text.split("1 of 10")[1:]]
    assert len(shown) == 2
    assert shown[0] != shown[1]
    assert stances(site) == []


def test_an_unknown_key_says_which_there_are(site: Path, echo: Echo) -> None:
    ran = review(echo, site, keys="xq")
    assert "\n[a]grees  [n]either  [d]isagrees  [s]kip  [u]ndo  [q]uit\n" in ran.text


def test_the_end_of_the_input_is_quit(site: Path, echo: Echo) -> None:
    assert review(echo, site).status == 0


def test_next_bounds_how_many_are_asked(site: Path, echo: Echo) -> None:
    review(echo, site, "--next", "2", keys="aaaaaa")
    assert stances(site) == ["agree", "agree"]


def test_one_post_is_named_by_its_file_address_or_title(site: Path, echo: Echo) -> None:
    for name in ("verge.md", "docs/verge.md", "https://b.example/verge/", "Leave the verge long", "verge"):
        listed = review(echo, site, name, "--list").text
        assert listed.startswith("# Leave the verge long (verge.md)\n"), name
        assert "mower.md" not in listed
    ran = review(echo, site, "hedge", "--list")
    assert ran.status == 2
    assert "hedge: no post with comments is called so" in ran.err


def test_the_list_has_every_comment_with_its_key_and_no_more_than_a_dozen_words(site: Path, echo: Echo) -> None:
    lines = review(echo, site, "verge.md", "--list").text.splitlines()[1:]
    assert len(lines) == len(SAID)
    assert "nobody should do it because ..." in lines[1]
    assert all(f", v{n}: " in line for n, line in enumerate(lines, 1))
    assert "p1" not in "".join(lines)


def test_a_line_of_the_list_is_a_line_of_the_file_of_corrections(site: Path, echo: Echo) -> None:
    listed = review(echo, site, "verge.md", "--list").text
    (site / "echo-stances.yml").write_text(listed.replace(": neutral", ": agree"))
    assert set(stances(site)) <= {"agree", "disagree"}
    again = review(echo, site, "verge.md", "--list").text
    assert again.count("set by you") == len(SAID)


def test_a_comment_commands_neither_terminal_nor_ci(site: Path, echo: Echo) -> None:
    listed = review(echo, site, "--list").text + review(echo, site, keys="ssssssssssss").text
    assert "\x1b" not in listed
    assert "\n::" not in listed


def test_a_build_counts_what_was_written_without_an_option(site: Path, echo: Echo) -> None:
    review(echo, site, "--next", "20", keys="n" * 20)
    listed = review(echo, site, "--list").text
    assert listed.count("set by you") == len(stances(site)) > 2


def test_a_key_that_matches_nothing_is_a_warning_of_the_build(site: Path, caplog: pytest.LogCaptureFixture) -> None:
    from mkdocs.commands.build import build
    from mkdocs.config import load_config

    (site / "echo-stances.yml").write_text("csv:gone#1: agree\n")
    config = load_config(str(site / "mkdocs.yml"), site_dir=str(site / "site"))
    config.plugins.on_startup(command="build", dirty=False)
    build(config)
    said = [r.getMessage() for r in caplog.records if r.levelname == "WARNING"]
    assert len([line for line in said if "'csv:gone#1': no comment of this site has this key" in line]) == 1


def test_a_site_without_comments_says_what_to_do(files: Files, echo: Echo) -> None:
    root = files({"mkdocs.yml": "site_name: x\nplugins: [echo]\n", "docs/a.md": "---\ncomments: true\n---\n# A\n"})
    ran = review(echo, root)
    assert ran.status == 2
    assert "no comments are kept yet" in ran.err
