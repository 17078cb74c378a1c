"""survey and build_cache: the same run for the plugin and the command line, and what it remembers."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from mkdocs_echo_plugin.assess import assess
from mkdocs_echo_plugin.build_cache import BuildCache, fingerprint
from mkdocs_echo_plugin.model import Comment, Health, Post, Reaction, Thread
from mkdocs_echo_plugin.serialize import health_for_author
from mkdocs_echo_plugin.survey import Files, Site, survey
from mkdocs_echo_plugin.survey.records import to_lazy_thread
from mkdocs_echo_plugin.typed_json import from_record

POSTS = [Post(path=f"{name}.md", url=f"{name}/", title=name, text="Tea is better.") for name in ("one", "two")]


def a_site(root: Path, **options: Any) -> Site:
    given = (Files(path=root / "comments", name="comments"),) if (root / "comments").is_dir() else ()
    return Site(site_url="https://blog.example/", root=root, cache_dir=root / "cache", files=given, **options)


def a_thread(count: int, *, page: str = "/one/") -> str:
    comments = [
        {
            "id": str(i),
            "author": f"a{i}",
            "created": f"2026-03-{i + 1:02}T10:00:00Z",
            "text": "Agree: so it is with tea.",
        }
        for i in range(count)
    ]
    return json.dumps({"schema": "thread.v1", "platform": "letters", "page_url": page, "comments": comments})


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "comments").mkdir()
    (tmp_path / "comments/one.json").write_text(a_thread(7), "utf-8")
    return tmp_path


def states(root: Path, **options: Any) -> dict[str, str]:
    return {s.post.path: s.health.state for s in survey(POSTS, a_site(root, **options)).posts}


def test_a_thread_goes_to_its_post_and_no_thread_is_quiet(root: Path) -> None:
    assert states(root) == {"one.md": "one-side", "two.md": "quiet"}


def test_where_nothing_is_named_nothing_is_known(tmp_path: Path) -> None:
    found = survey(POSTS, a_site(tmp_path))
    assert {s.health.state for s in found.posts} == {"unknown"}
    assert all("name a source" in (s.health.reason or "") for s in found.posts)
    assert found.nowhere


def test_a_second_survey_gives_the_same_healths_out_of_the_cache(root: Path) -> None:
    cold, warm = survey(POSTS, a_site(root)), survey(POSTS, a_site(root))
    assert [asdict(s.health) for s in cold.posts] == [asdict(s.health) for s in warm.posts]
    assert [s.threads for s in cold.posts] == [s.threads for s in warm.posts]


def test_a_changed_file_is_read_anew(root: Path) -> None:
    assert states(root)["one.md"] == "one-side"
    (root / "comments/one.json").write_text(a_thread(3), "utf-8")
    assert states(root)["one.md"] == "early"


def test_what_a_complete_run_no_longer_needs_leaves_the_cache(root: Path) -> None:
    survey(POSTS, a_site(root))
    before = set((root / "cache/files").iterdir())
    (root / "comments/one.json").write_text(a_thread(3), "utf-8")
    survey(POSTS[:1], a_site(root), complete=False)
    assert before < set((root / "cache/files").iterdir())
    survey(POSTS, a_site(root))
    assert before & set((root / "cache/files").iterdir()) == set()


@pytest.mark.parametrize("damage", [b"", b"{", b"[]", b'{"x": 1}', b"\xff\xfe"])
def test_a_damaged_cache_is_as_good_as_none(root: Path, damage: bytes) -> None:
    fine = states(root)
    (root / "cache/healths.json").write_bytes(damage)
    for kept in (root / "cache/files").iterdir():
        kept.write_bytes(damage)
    assert states(root) == fine


def test_the_author_of_a_post_is_no_voice(root: Path) -> None:
    assert survey(POSTS, a_site(root, authors=("a0", "a1", "a2"))).posts[0].health.voices.n == 4


def test_first_time_voices_are_told_from_those_seen_elsewhere(root: Path) -> None:
    (root / "comments/two.json").write_text(a_thread(9, page="/two/").replace("2026-03-", "2026-04-"), "utf-8")
    one, two = survey(POSTS, a_site(root)).posts
    assert (one.health.breadth.first_time, two.health.breadth.first_time) == (7, 2)


def test_a_health_survives_the_cache_whole() -> None:
    comments = [
        Comment(
            str(i),
            author_key=f"k{i}",
            text=f"{word}: I think so, because tea is what it is and nothing else",
            url="https://x.example/",
        )
        for i, word in enumerate(["Agree"] * 5 + ["Disagree"] * 5)
    ]
    other = Thread("b", comments=tuple(comments[:3]), reactions=(Reaction("+1", "k1"),))
    health = assess([Thread("a", comments=tuple(comments), open=True), other], post=POSTS[0])
    again = from_record(Health, json.loads(json.dumps(asdict(health))))
    assert again == health
    assert health_for_author(again) == health_for_author(health)


def test_a_fingerprint_depends_on_every_part_and_on_nothing_else() -> None:
    assert fingerprint("a", {"x": 1, "y": 2}) == fingerprint("a", {"y": 2, "x": 1})
    assert fingerprint(POSTS[0]) != fingerprint(POSTS[1])
    assert len({fingerprint(*parts) for parts in (("a", "b"), ("ab",), ("a", "b", None), (["a", "b"],))}) == 4
    with pytest.raises(TypeError):
        fingerprint(object())


def test_an_unknown_key_gives_nothing(tmp_path: Path) -> None:
    build_cache = BuildCache(tmp_path)
    assert build_cache.health("no") is None
    assert build_cache.file("no") is None


WARM = """
import sys
from pathlib import Path
sys.path[:0] = {here!r}
from test_survey import POSTS, a_site
from mkdocs_echo_plugin.survey import survey
survey(POSTS, a_site(Path({root!r})))
print("\\n".join(sorted(m for m in sys.modules)))
"""


def test_a_warm_survey_loads_no_parser_no_adapter_and_no_network(root: Path) -> None:
    program = WARM.format(here=[str(Path(__file__).parent), str(Path(__file__).parents[2] / "support")], root=str(root))
    run = [sys.executable, "-c", program]
    subprocess.run(run, check=True, capture_output=True)
    loaded = subprocess.run(run, check=True, capture_output=True, text=True).stdout.split()
    for name in (
        "bs4",
        "lxml",
        "httpx",
        "numpy",
        "jinja2",
        "mkdocs_echo_plugin.sources.adapters.webpage",
    ):
        assert name not in loaded


def test_a_thread_in_which_a_comment_has_turned_a_year_old_is_another_thread() -> None:
    written = datetime(2025, 3, 1, tzinfo=UTC)
    told = [
        to_lazy_thread(Thread(platform="isso", fetched_at=written + timedelta(days=days), comments=(Comment(id="1", created=written),)))
        for days in (3, 300, 366, 400)
    ]  # fmt: skip
    young, grown, old, older = (one.digest for one in told)
    assert young == grown != old == older
