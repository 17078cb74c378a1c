"""The house has one way through it; nothing points backwards, and the core knows neither MkDocs nor the network."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[2] / "mkdocs_echo_plugin"
NAME = PACKAGE.name
MODULES = sorted(p for p in PACKAGE.rglob("*.py"))

# a room may import those to its left and itself
ORDER = (
    "errors", "limits", "messages", "model", "thresholds", "venues", "typed_json", "cache_files", "build_cache",
    "serialize", "sources", "threads", "stance", "readers", "health", "locales", "prompts", "assess",
    "review", "site", "survey", "render", "report", "neighbours", "feeds", "front_matter", "pages", "built_site", "embeds",
    "option_types", "option_groups", "config", "site_files", "plugin", "cli",
)  # fmt: skip
# sources stand to the left of the reading for the order of the data; they know nothing of it and it nothing of them
CORE = (
    "model", "errors", "limits", "messages", "thresholds", "venues", "typed_json", "serialize", "threads", "stance",
    "health", "locales", "prompts", "assess", "review", "site",
)  # fmt: skip


def room(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def module(path: Path) -> str:
    """The full name of the module in a file."""
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


BY_NAME = {module(path): path for path in MODULES}


@cache
def statements(path: Path) -> tuple[tuple[ast.Import | ast.ImportFrom, bool], ...]:
    """The import statements of a file, at the top or in a function, and whether each is for types alone."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for_types = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test)
        for statement in node.body
        for inner in ast.walk(statement)
    }
    found = [node for node in ast.walk(tree) if isinstance(node, (ast.Import, ast.ImportFrom))]
    return tuple((node, id(node) in for_types) for node in found)


def imports(path: Path, *, types_too: bool = False) -> Iterator[str]:
    """Full names of the modules that a file imports, at the top or in a function; those for types alone left out."""
    for node, for_types in statements(path):
        if for_types and not types_too:
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        else:
            assert node.level == 0, f"{path}: a relative import hides where it points"
            assert node.module is not None
            for alias in node.names:  # `from package.room import file` names a file, `... import function` does not
                inside = f"{node.module}.{alias.name}"
                yield inside if inside in BY_NAME else node.module


def siblings(path: Path, *, types_too: bool = False) -> set[str]:
    ours = (name.split(".") for name in imports(path, types_too=types_too) if name.split(".")[0] == NAME)
    return {parts[1] for parts in ours if len(parts) > 1}


def test_every_room_has_its_place() -> None:
    assert {room(path) for path in MODULES} - {"__init__"} == set(ORDER)


@pytest.mark.parametrize("path", MODULES, ids=lambda p: p.relative_to(PACKAGE).as_posix())
def test_nothing_points_backwards(path: Path) -> None:
    if room(path) == "__init__":
        return  # the public names come from every room
    allowed = set(ORDER[: ORDER.index(room(path)) + 1])
    assert siblings(path) - allowed == set()


# Pairs of files that still import each other, directly or by way of others. The list may only get shorter.
KNOWN_CIRCLES: set[tuple[str, str]] = set()
"""None is left; a circle that comes back fails."""


def circles() -> set[tuple[str, str]]:
    """Every pair of files of which each leads to the other by imports; imports inside functions count."""
    direct = {name: {i for i in imports(path) if i in BY_NAME and i != name} for name, path in BY_NAME.items()}

    def reached(start: str) -> set[str]:
        found: set[str] = set()
        waiting = [start]
        while waiting:
            new = direct[waiting.pop()] - found
            found |= new
            waiting += new
        return found

    leads_to = {name: reached(name) for name in BY_NAME}
    pairs = {(a, b) for a in BY_NAME for b in leads_to[a] if a < b and a in leads_to[b]}
    return {(shown(a), shown(b)) for a, b in pairs}


def shown(name: str) -> str:
    return BY_NAME[name].relative_to(PACKAGE).as_posix()


def test_no_two_files_import_each_other_directly_or_by_way_of_others() -> None:
    assert circles() - KNOWN_CIRCLES == set()


def test_a_circle_that_is_gone_is_off_the_list() -> None:
    assert KNOWN_CIRCLES - circles() == set(), "delete these pairs from KNOWN_CIRCLES"


def test_the_model_imports_no_sibling() -> None:
    assert siblings(PACKAGE / "model.py", types_too=True) == set()


@pytest.mark.parametrize(
    "path", [p for p in MODULES if room(p) in CORE], ids=lambda p: p.relative_to(PACKAGE).as_posix()
)
def test_the_core_imports_neither_mkdocs_nor_the_network(path: Path) -> None:
    tops = {name.split(".")[0] for name in imports(path)}
    assert tops & {"mkdocs", "material", "httpx", "stamina", "socket", "urllib3", "requests", "click"} == set()
    assert "sources" not in siblings(path)


def test_only_the_pages_room_knows_material() -> None:
    knowing = {room(p) for p in MODULES if any(name.split(".")[0] == "material" for name in imports(p))}
    assert knowing <= {"pages"}


# one vocabulary in one place: nothing but declarations and what they mean
DECLARATIONS = {"model.py": 450}


@pytest.mark.parametrize("path", MODULES, ids=lambda p: p.relative_to(PACKAGE).as_posix())
def test_no_file_is_longer_than_300_lines(path: Path) -> None:
    limit = DECLARATIONS.get(path.relative_to(PACKAGE).as_posix(), 300)
    assert len(path.read_text(encoding="utf-8").splitlines()) <= limit


def test_no_room_is_called_after_nothing() -> None:
    assert {p.stem for p in MODULES} & {"utils", "util", "helpers", "helper", "common", "misc"} == set()


def loaded_by(statement: str) -> set[str]:
    """The top-level names of all modules that a fresh interpreter holds after a statement."""
    program = f"import sys\n{statement}\nprint('\\n'.join({{m.split('.')[0] for m in sys.modules}}))"
    answer = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    return set(answer.stdout.split())


HEAVY = {"mkdocs", "httpx", "bs4", "lxml", "babel", "jinja2", "yaml", "vaderSentiment", "numpy"}


def test_the_core_loads_nothing_heavy_before_it_is_used() -> None:
    assert loaded_by("import mkdocs_echo_plugin.assess") & (HEAVY - {"yaml"}) == set()


def test_the_list_of_commands_loads_nothing_but_click() -> None:
    shown = "from mkdocs_echo_plugin.cli import main\ntry: main(['--help'])\nexcept SystemExit: pass"
    assert loaded_by(shown) & HEAVY == set()


@pytest.mark.parametrize("command", ["range", "report", "check", "digest"])
def test_a_command_that_only_computes_loads_nothing_heavy(command: str, tmp_path: Path) -> None:
    arguments = {"range": ["range", "6", "0", "2"]}.get(command, [command, str(tmp_path)])
    ran = f"from mkdocs_echo_plugin.cli import main\ntry: main({arguments!r})\nexcept SystemExit: pass"
    words = {"yaml"} if command == "digest" else set()  # it speaks the site's language, from a catalogue
    assert loaded_by(ran) & HEAVY <= words


def test_the_package_alone_does_not_load_the_reading() -> None:
    program = "import sys, mkdocs_echo_plugin; print(*(m for m in sys.modules if m.startswith('mkdocs_echo')))"
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.split()
    assert sorted(loaded) == ["mkdocs_echo_plugin", "mkdocs_echo_plugin.errors", "mkdocs_echo_plugin.model"]


@pytest.mark.parametrize("first", ["import mkdocs_echo_plugin.assess", "from mkdocs_echo_plugin import assess", "pass"])
def test_assess_is_the_function_whatever_was_imported_first(first: str) -> None:
    program = f"{first}\nimport mkdocs_echo_plugin as package\nprint(package.assess([]).state)"
    answer = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert answer.stdout.split() == ["quiet"]


def test_no_two_files_of_tests_share_a_name() -> None:
    names = [path.name for path in (PACKAGE.parent / "tests").rglob("*.py") if path.name != "conftest.py"]
    assert {name for name in names if names.count(name) > 1} == set(), "`import NAME` would find the first of them"


def drawn() -> list[str]:
    """The paths in the drawing of CONTRIBUTING.md, in its order."""
    text = (PACKAGE.parent / "CONTRIBUTING.md").read_text("utf-8")
    lines = text.partition(f"\n    {NAME}/\n")[2].split("\n\n")[0].splitlines()
    found: list[str] = []
    for line in lines:
        depth, name = len(line) - len(line.lstrip()), line.split()[0]
        found.append(f"{found[-1].partition('/')[0]}/{name}" if depth > 8 else name)
    return found


def test_the_drawing_of_the_house_is_the_folder() -> None:
    assert [path for path in drawn() if not (PACKAGE / path).exists()] == []
    inside = {f"{p.parent.relative_to(PACKAGE).as_posix()}/" for p in MODULES} - {"./"}
    files = {p.name for p in MODULES if p.parent == PACKAGE and p.name != "__init__.py"}
    assert inside | files == set(drawn()), "draw it in CONTRIBUTING.md, under 'The house'"


def test_the_drawing_has_the_order_in_which_files_may_import_each_other() -> None:
    assert [path.removesuffix("/").removesuffix(".py") for path in drawn() if path.count("/") < 2] == list(ORDER)
