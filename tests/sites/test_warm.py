"""A build that finds what an earlier one left gives the bytes of one that finds nothing, whatever has changed since."""

from __future__ import annotations

import hmac
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from drawing import Build, Builder, thread, voices

import mkdocs_echo_plugin

CACHE = ".cache/plugin/echo"
OVERRIDES = "echo-stances.yml"
OPTIONS: dict[str, Any] = {"sources": [{"files": {"path": "comments"}}], "stance": {"overrides": OVERRIDES}}
POST = "---\ncomments: true\n---\n# On tea\n\nTea is the better drink, and nobody has to hurry over it.\n"
LONG = "I do not agree with any of it, because coffee keeps people awake at work and tea never did that for me."


def read_by_the_model(n: int) -> list[dict[str, Any]]:
    return [{"author": f"reader {i}", "text": f"{LONG} I have said so {i} times."} for i in range(n)]


TREE = {
    "docs/index.md": "# Home\n",
    "docs/tea.md": POST,
    "docs/milk.md": POST.replace("tea", "milk"),
    "docs/salt.md": POST.replace("tea", "salt"),
    "comments/tea.json": thread(*voices(4, 4), *read_by_the_model(6), open=True),
    "comments/milk.json": thread(*voices(9)),
    "comments/nobody.json": thread(*voices(1), page_url="/nobody/"),
    "overrides/partials/echo/policy.html": "<p class=own>Be kind.</p>\n",
    OVERRIDES: "'letters:tea#1': agree\n",
}
THEME = {"name": "mkdocs", "custom_dir": "overrides"}


@pytest.fixture
def rebuild(build: Builder, tmp_path: Path) -> Callable[..., tuple[Build, dict[str, bytes]]]:
    """Builds the site of TREE, then with a change on what that left; returns the second build and the first's files.

    The same change is then built on no cache, and has to give the same bytes.
    """

    def run(tree: Any = (), **settings: Any) -> tuple[Build, dict[str, bytes]]:
        given = {"echo": OPTIONS, "theme": THEME}
        before = build(TREE, **given).files()
        warm = build(dict(tree), **{**given, **settings})
        found = warm.files()
        shutil.rmtree(tmp_path / CACHE)
        assert build({}, **{**given, **settings}).files() == found
        return warm, before

    return run


Rebuild = Callable[..., tuple[Build, dict[str, bytes]]]


def test_nothing_changed(rebuild: Rebuild) -> None:
    warm, before = rebuild()
    assert warm.files() == before
    assert warm.states() == {"tea": warm.states()["tea"], "milk": "one-side", "salt": "quiet"}
    assert "echo-badge" in warm.page("tea/")


def test_a_thread_changed(rebuild: Rebuild) -> None:
    warm, before = rebuild({"comments/milk.json": thread(*voices(4, 8))})
    assert warm.states()["milk"] != "one-side"
    assert warm.files()["tea/index.html"] == before["tea/index.html"]


def test_a_thread_came_and_one_went(build: Builder, rebuild: Rebuild, tmp_path: Path) -> None:
    build(TREE, echo=OPTIONS, theme=THEME)
    (tmp_path / "comments/milk.json").unlink()
    (tmp_path / "comments/salt.json").write_text(thread(*voices(9)), "utf-8")
    warm = build(echo=OPTIONS, theme=THEME)
    assert warm.states() | {"tea": ""} == {"tea": "", "milk": "quiet", "salt": "one-side"}
    shutil.rmtree(tmp_path / CACHE)
    assert build(echo=OPTIONS, theme=THEME).files() == warm.files()


def test_a_post_changed(rebuild: Rebuild) -> None:
    warm, before = rebuild({"docs/tea.md": POST + "\nauthor_update: none\n\nAnd coffee keeps people awake.\n"})
    assert warm.files()["tea/index.html"] != before["tea/index.html"]


def test_what_an_author_added_shows(rebuild: Rebuild) -> None:
    warm, _ = rebuild({"docs/tea.md": POST.replace("comments: true", "comments: true\nauthor_update: I was wrong.")})
    assert "I was wrong." in warm.page("tea/")


@pytest.mark.parametrize(
    "options",
    [{"policy": False}, {"tone": "public"}, {"badge": {"position": "end"}}, {"authors": ["Agree 1", "Agree 2"]}],
    ids=lambda o: next(iter(o)),
)
def test_an_option_changed(rebuild: Rebuild, options: dict[str, Any]) -> None:
    warm, before = rebuild(echo={**OPTIONS, **options})
    assert (warm.files() != before) is (options != {"tone": "public"})  # nobody is tense here


def test_a_template_of_the_sites_own_changed(rebuild: Rebuild) -> None:
    warm, before = rebuild({"overrides/partials/echo/policy.html": "<p class=own>Be brief.</p>\n"})
    assert b"Be kind." in before["tea/index.html"]
    assert "Be brief." in warm.page("tea/")


def test_a_template_of_the_sites_own_came(rebuild: Rebuild) -> None:
    warm, _ = rebuild({"overrides/partials/echo/who.html": "<b>our own words</b>"})
    assert "our own words" in warm.page("tea/")


def test_a_template_that_takes_in_another_follows_its_changes(build: Builder, rebuild: Rebuild) -> None:
    tree = {
        "overrides/partials/echo/policy.html": '{% include "ours/rules.html" %}',
        "overrides/partials/ours/rules.html": "<p>Be kind.</p>",
    }
    assert "Be kind." in build({**TREE, **tree}, echo=OPTIONS, theme=THEME).page("tea/")
    warm = build({"overrides/partials/ours/rules.html": "<p>Be brief.</p>"}, echo=OPTIONS, theme=THEME)
    assert "Be brief." in warm.page("tea/")


def test_the_language_changed(rebuild: Rebuild) -> None:
    warm, before = rebuild(theme={**THEME, "locale": "de"})
    assert warm.page("milk/").encode() != before["milk/index.html"]
    assert "Wer geschrieben hat" in warm.page("milk/")


def test_the_sites_own_corrections_changed(rebuild: Rebuild) -> None:
    warm, before = rebuild({OVERRIDES: "".join(f"'letters:tea#{i}': disagree\n" for i in range(1, 9))})
    assert warm.files()["tea/index.html"] != before["tea/index.html"]


def signed(text: bytes) -> bytes:
    """What the plugin would believe to be its own."""
    return hmac.digest(b"", text, "sha256").hex().encode() + b"\n" + text


def nonsense(data: bytes) -> bytes:
    """The same keys, and something else under each of them."""
    first = json.loads(data.partition(b"\n")[2].split(b"\n")[0])
    return signed(json.dumps(dict.fromkeys(first, 7)).encode())


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: b"",
        lambda data: data[: len(data) // 2],
        lambda data: data[:-1],
        lambda data: data[:100] + bytes([data[100] ^ 1]) + data[101:],
        lambda data: bytes(reversed(data)),
        lambda data: b"\xff\xfe" * 40,
        lambda data: signed(b"[]"),
        lambda data: signed(b"{"),
        nonsense,
    ],
    ids=["empty", "half", "cut", "one bit", "backwards", "no text", "list", "no JSON", "nonsense"],
)
def test_a_damaged_or_foreign_cache_is_as_good_as_none(
    build: Builder, tmp_path: Path, damage: Callable[[bytes], bytes]
) -> None:
    fine = build(TREE, echo=OPTIONS, theme=THEME)
    before = fine.files()
    kept = [path for path in (tmp_path / CACHE).rglob("*.json") if path.name != "author.json"]
    assert len(kept) >= 4
    for path in kept:
        path.write_bytes(damage(path.read_bytes()))
    again = build(echo=OPTIONS, theme=THEME)
    assert (again.files(), again.exit_code, again.lines()) == (before, 0, fine.lines())
    assert build(echo=OPTIONS, theme=THEME).files() == before


def test_where_a_site_has_a_key_a_cache_that_was_written_without_it_is_not_believed(
    build: Builder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ECHO_KEY", "of the site alone")
    before = build(TREE, echo=OPTIONS, theme=THEME).files()
    table = tmp_path / CACHE / "fragments.json"
    kept = json.loads(table.read_bytes().partition(b"\n")[2])
    forged = {key: ["<script>1</script>"] * len(fragments) for key, fragments in kept.items()}
    table.write_bytes(signed(json.dumps(forged).encode()))
    assert build(echo=OPTIONS, theme=THEME).files() == before


def test_what_was_refused_is_read_as_soon_as_the_author_has_mended_it(build: Builder, tmp_path: Path) -> None:
    salt, elsewhere = tmp_path / "comments/salt.json", tmp_path.parent / "elsewhere.json"
    elsewhere.write_text(thread(*voices(9)), "utf-8")
    salt.parent.mkdir()
    salt.symlink_to(elsewhere)
    first = build(TREE, echo=OPTIONS, theme=THEME)
    assert first.states() == {
        "tea": "several",
        "milk": "one-side",
        "salt": "unknown",
    }  # the others are read all the same
    assert "leads out of the folder" in str(first.report()["posts"])
    salt.unlink()
    salt.write_bytes(elsewhere.read_bytes())
    assert build(echo=OPTIONS, theme=THEME).states()["salt"] == "one-side"


def test_a_file_that_is_too_large_is_noticed_when_it_comes_and_when_it_goes(build: Builder, tmp_path: Path) -> None:
    build(TREE, echo=OPTIONS, theme=THEME)
    with (tmp_path / "comments/salt.json").open("wb") as file:
        file.truncate(64_000_001)
    assert build(echo=OPTIONS, theme=THEME).states()["salt"] == "unknown"
    (tmp_path / "comments/salt.json").unlink()
    assert build(echo=OPTIONS, theme=THEME).states()["salt"] == "quiet"


def test_a_template_behind_a_link_to_a_folder_is_followed(build: Builder, tmp_path: Path) -> None:
    tree = TREE | {
        "overrides/partials/echo/policy.html": '{% include "echo/sub/own.html" %}\n',
        "other/own.html": "<p class=own>Be kind.</p>\n",
    }
    (tmp_path / "overrides/partials/echo").mkdir(parents=True)
    (tmp_path / "overrides/partials/echo/sub").symlink_to(tmp_path / "other")
    assert "Be kind." in build(tree, echo=OPTIONS, theme=THEME).page("tea/")
    assert "Be brief." in build({"other/own.html": "<p>Be brief.</p>\n"}, echo=OPTIONS, theme=THEME).page("tea/")


def test_git_passes_over_the_cache_of_a_site_with_files_alone(build: Builder, tmp_path: Path) -> None:
    build(TREE, echo=OPTIONS, theme=THEME)
    assert (tmp_path / CACHE / ".gitignore").read_text("utf-8") == "*\n"


def test_a_cache_that_cannot_be_written_stops_nothing(build: Builder, tmp_path: Path) -> None:
    (tmp_path / ".cache/plugin").mkdir(parents=True)
    (tmp_path / ".cache/plugin/kept").write_text("a file where a folder was wanted", "utf-8")
    broken = build(TREE, echo={**OPTIONS, "cache_dir": ".cache/plugin/kept/echo"}, theme=THEME)
    assert broken.exit_code == 0
    assert broken.files() == build(echo=OPTIONS, theme=THEME).files()


def test_what_a_build_no_longer_needs_leaves_the_cache(build: Builder, tmp_path: Path) -> None:
    build(TREE, echo=OPTIONS, theme=THEME)
    size = {path.name: path.stat().st_size for path in (tmp_path / CACHE).glob("*.json")}
    for i in range(5):
        build({"comments/milk.json": thread(*voices(5 + i))}, echo=OPTIONS, theme=THEME)
    after = {path.name: path.stat().st_size for path in (tmp_path / CACHE).glob("*.json")}
    assert after.keys() == size.keys()
    assert all(after[name] < 1.1 * size[name] for name in size)
    assert len(list((tmp_path / CACHE / "files").iterdir())) == 1


def package_copy(folder: Path, **changes: tuple[str, str]) -> Path:
    """A copy of the package in which words of some files are others."""
    source = Path(mkdocs_echo_plugin.__file__).parent
    shutil.copytree(source, folder / source.name, ignore=shutil.ignore_patterns("__pycache__"))
    for name, (old, new) in changes.items():
        path = folder / source.name / name.replace("__", "/")
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new), "utf-8")
    return folder


def built_by(package: Path, root: Path) -> dict[str, bytes]:
    """The site as another version of the package builds it."""
    environment = {**os.environ, "PYTHONPATH": str(package), "NO_MKDOCS_2_WARNING": "1"}
    command = [sys.executable, "-m", "mkdocs", "build", "-q", "-f", str(root / "mkdocs.yml")]
    subprocess.run(command, cwd=root, env=environment, check=True, capture_output=True)
    return Build(root, 0, "").files()


@pytest.fixture
def versions(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The package, with another word in its strings, with other thresholds, with another template."""
    folder = tmp_path_factory.mktemp("versions")
    changes: list[dict[str, tuple[str, str]]] = [
        {"locales__en.yml": ("nearly all agree", "Mostly one side")},
        {"thresholds.py": ("FEWEST: Final = 5", "FEWEST: Final = 50")},
        {"theme__partials__echo__badge.html": ("<details", "<details data-new")},
    ]
    return [package_copy(folder / str(i), **change) for i, change in enumerate(changes)]


def test_the_package_changed(build: Builder, tmp_path: Path, versions: list[Path]) -> None:
    before = build(TREE, echo=OPTIONS, theme=THEME).files()
    kept = tmp_path.with_name("kept")
    shutil.copytree(tmp_path / CACHE, kept)
    for version in versions:
        shutil.rmtree(tmp_path / CACHE)
        shutil.copytree(kept, tmp_path / CACHE)
        warm = built_by(version, tmp_path)
        shutil.rmtree(tmp_path / CACHE)
        assert built_by(version, tmp_path) == warm
        assert warm["milk/index.html"] != before["milk/index.html"]


WARM = """
import sys
from mkdocs.__main__ import cli
try:
    cli(["build", "-q"])
finally:
    print("\\n".join(sys.modules))
"""


def test_a_warm_build_loads_neither_the_reading_nor_what_draws_a_badge(build: Builder, tmp_path: Path) -> None:
    uncorrected = {path: content for path, content in TREE.items() if path != OVERRIDES}
    build(uncorrected, echo={"sources": OPTIONS["sources"]}, theme=THEME)
    ran = subprocess.run([sys.executable, "-c", WARM], cwd=tmp_path, capture_output=True, text=True, check=True)
    loaded = set(ran.stdout.split())
    assert "mkdocs_echo_plugin.survey.file_contents" in loaded
    ours = (
        "assess",
        "stance",
        "threads",
        "health",
        "prompts",
        "embeds",
        "render.badge",
        "sources.raw",
        "sources.matching",
    )
    assert loaded & {f"mkdocs_echo_plugin.{name}" for name in ours} == set()
    assert loaded & {"httpx", "bs4", "lxml", "vaderSentiment", "numpy", "sqlite3"} == set()


def test_with_two_languages_too_a_deleted_comment_leaves_the_cache(build: Builder, tmp_path: Path) -> None:
    pytest.importorskip("mkdocs_static_i18n", reason="mkdocs-static-i18n is not installed")
    words = "DELETEME " + " ".join(f"word{i}" for i in range(30))
    said = [*voices(agree=6), {"author": "carol", "text": f"Disagree: {words}"}]
    page = "---\ncomments: true\n---\n# Tea\n\nTea is good.\n"
    languages = [{"locale": c, "name": c, "build": True, "default": c == "en"} for c in ("en", "de")]
    settings: dict[str, Any] = {
        "theme": "material",
        "plugins": [{"i18n": {"docs_structure": "suffix", "languages": languages}}],
        "echo": {"sources": [{"files": {"path": "comments"}}]},
    }
    tree = {"docs/index.md": "# Home", "docs/tea.md": page, "docs/tea.de.md": page,
            "comments/tea.json": thread(*said, key="tea", page_url="/tea/", open=True)}  # fmt: skip

    def holding() -> set[str]:
        return {path.name for path in (tmp_path / CACHE).rglob("*.json") if b"DELETEME" in path.read_bytes()}

    build(tree, **settings)
    assert holding()
    warm = build({}, **settings)
    assert holding()
    assert warm.exit_code == 0
    build({"comments/tea.json": thread(*said[:6], key="tea", page_url="/tea/", open=True)}, **settings)
    assert holding() == set()
