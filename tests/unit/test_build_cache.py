"""What is kept from run to run: bounded, whole or not at all, and never in the way of a build."""

from __future__ import annotations

import hmac
import json
from pathlib import Path

import pytest

from mkdocs_echo_plugin import build_cache
from mkdocs_echo_plugin.build_cache import BuildCache, Table, Used, code_version, fingerprint
from mkdocs_echo_plugin.model import Health


def filled(path: Path, records: int) -> Path:
    table = Table(path)
    for i in range(records):
        table.keep(f"k{i}", i)
    table.close(complete=True)
    return path


def kept(path: Path) -> dict[str, int]:
    found: dict[str, int] = json.loads(path.read_bytes().partition(b"\n")[2])
    return found


def test_a_complete_run_keeps_what_it_used_and_nothing_else(tmp_path: Path) -> None:
    table = Table(filled(tmp_path / "t.json", 5))
    assert (table.get("k1"), table.get("k3"), table.get("k9")) == (1, 3, None)
    table.close(complete=True)
    assert kept(tmp_path / "t.json") == {"k1": 1, "k3": 3}


def test_a_run_over_part_of_a_site_keeps_the_rest_up_to_a_bound(tmp_path: Path) -> None:
    more = 7
    table = Table(filled(tmp_path / "t.json", build_cache.MOST_UNUSED + more))
    table.keep("new", 1)
    table.get("k0")
    table.close(complete=False)
    found = kept(tmp_path / "t.json")
    assert len(found) == build_cache.MOST_UNUSED + 2
    assert {"new", "k0", f"k{build_cache.MOST_UNUSED + more - 1}"} <= found.keys()
    assert "k1" not in found


def test_files_of_runs_over_part_of_a_site_are_bounded_too(tmp_path: Path) -> None:
    for i in range(build_cache.MOST_UNUSED_FILES + 5):
        BuildCache(tmp_path).keep_file(f"f{i}", i)
    part = BuildCache(tmp_path)
    assert part.file("f3") == (3, [])
    part.close(complete=False)
    assert len(list((tmp_path / "files").iterdir())) == build_cache.MOST_UNUSED_FILES + 1
    assert BuildCache(tmp_path).file("f3") == (3, [])


def test_a_run_that_used_everything_writes_nothing(tmp_path: Path) -> None:
    path = filled(tmp_path / "t.json", 2)
    path.chmod(0o400)
    before = path.stat().st_ino
    table = Table(path)
    assert [table.get("k0"), table.get("k1")] == [0, 1]
    table.close(complete=True)
    assert path.stat().st_ino == before


def test_the_lines_of_a_file_come_back_as_they_were(tmp_path: Path) -> None:
    lines = [b'{"a":1}', b"", b"\\u2028"]
    BuildCache(tmp_path).keep_file("f", {"x": [1, None]}, lines)
    assert BuildCache(tmp_path).file("f") == ({"x": [1, None]}, lines)
    assert list(BuildCache(tmp_path).files()) == [({"x": [1, None]}, lines)]


@pytest.mark.parametrize("record", [7, [], {}, {"state": "early"}, "early"])
def test_a_health_of_another_form_is_none(tmp_path: Path, record: object) -> None:
    text = json.dumps({"h": record}).encode()
    (tmp_path / "healths.json").write_bytes(hmac.digest(b"", text, "sha256").hex().encode() + b"\n" + text)
    assert BuildCache(tmp_path).health("h") is None


def test_a_file_that_is_too_large_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = filled(tmp_path / "t.json", 50)
    monkeypatch.setattr(build_cache, "MAX_CACHE_FILE_BYTES", 200)
    assert Table(path).get("k0") is None


def test_where_nothing_can_be_written_nothing_is_raised(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("", "utf-8")
    run = BuildCache(tmp_path / "taken/echo")
    run.keep_health("h", Health("early"))
    run.keep_file("f", 1)
    run.close(complete=True)
    assert run.health("h") == Health("early")
    assert [path.name for path in tmp_path.iterdir()] == ["taken"]


def test_the_hash_of_the_code_is_one_text() -> None:
    assert code_version() == code_version()
    assert len(code_version()) == len(fingerprint()) == 64


def test_what_no_language_of_a_site_has_used_goes_when_the_last_has_ended(tmp_path: Path) -> None:
    first = BuildCache(tmp_path)
    for name in ("en", "de", "deleted"):
        first.keep_health(name, Health(state="quiet"))
        first.keep_file(name, name)
    first.close(complete=True)
    used = Used()
    for language in ("en", "de"):
        build = BuildCache(tmp_path)
        assert build.health(language)
        assert build.file(language)
        build.close(complete=False)
        build.note(used)
    used.drop_rest(tmp_path)
    assert kept(tmp_path / "healths.json").keys() == {"en", "de"}
    assert sorted(path.stem for path in (tmp_path / "files").iterdir()) == ["de", "en"]
