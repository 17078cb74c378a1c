"""Real sites, drawn in the test as a tree of files, built by the real `mkdocs build`."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner
from mkdocs.__main__ import cli

Tree = Mapping[str, str | bytes]
THEMES = ("mkdocs", "readthedocs", "material")
NOTHING: Tree = {}
BLOG = {"blog": {"archive": True, "categories": True}}


_LEAF = re.compile(r"(?P<branches>[\s│├└─]*)(?P<name>\S+)(?:\s+(?P<content>\S.*))?")


def drawn(tree: str, **contents: str | bytes) -> dict[str, str | bytes]:
    r"""Files by path, from a drawing of their tree.

    A folder's name ends in a slash. Behind a file's stands what it holds, on one line with \n in it (draw in a raw string),
    or {name} for the content that is given by that name; nothing, if it is empty.

        docs/
        ├── index.md      # Letters
        └── posts/
            └── well.md   {well}
    """
    files: dict[str, str | bytes] = {}
    folders: list[tuple[int, str]] = []
    used = set()
    for line in filter(str.strip, tree.splitlines()):
        leaf = _LEAF.fullmatch(line)
        assert leaf, f"no branch of a tree: {line}"
        depth, name, content = len(leaf["branches"]), leaf["name"], (leaf["content"] or "").rstrip()
        while folders and folders[-1][0] >= depth:
            folders.pop()
        path = "".join([*(folder for _, folder in folders), name])
        if name.endswith("/"):
            assert not content, f"a folder holds no text: {line}"
            folders.append((depth, name))
        elif given := re.fullmatch(r"\{(\w+)\}", content):
            files[path] = contents[given[1]]
            used.add(given[1])
        else:
            files[path] = content.replace("\\n", "\n") + ("\n" if content else "")
    assert used == contents.keys(), f"in no place of the drawing: {contents.keys() - used}"
    return files


def thread(*comments: Mapping[str, Any], **fields: Any) -> str:
    """A neutral thread; a comment needs no more than `author` and `text`."""
    numbered = [
        {"id": str(i), "created": f"2026-03-{i // 24 + 1:02}T{i % 24:02}:00:00Z", **comment}
        for i, comment in enumerate(comments, start=1)
    ]
    return json.dumps({"schema": "thread.v1", "platform": "letters", **fields, "comments": numbered})


def voices(agree: int = 0, disagree: int = 0, neutral: int = 0) -> list[dict[str, Any]]:
    """Comments by so many people, each of whom says in the first line how they stand to the post."""
    said = [("Agree", agree), ("Disagree", disagree), ("Neutral", neutral)]
    return [
        {"author": f"{word} {i}", "text": f"{word}: this is what number {i} thinks after reading all of it."}
        for word, count in said
        for i in range(count)
    ]


@dataclass
class Build:
    """What one run of `mkdocs build` left."""

    root: Path
    exit_code: int
    log: str

    @property
    def site(self) -> Path:
        return self.root / "site"

    def page(self, path: str) -> str:
        """A built page by the path of its folder ("post/")."""
        return (self.site / path / "index.html" if not path.endswith(".html") else self.site / path).read_text("utf-8")

    def report(self) -> dict[str, Any]:
        written: dict[str, Any] = json.loads((self.site / "echo/report.json").read_text("utf-8"))
        return written

    def author(self) -> dict[str, Any]:
        written: dict[str, Any] = json.loads((self.root / ".cache/plugin/echo/author.json").read_text("utf-8"))
        return written

    def states(self) -> dict[str, str]:
        """The state of each post by the name of its file."""
        return {Path(p["path"]).stem: p["state"] for p in self.report()["posts"]}

    def index(self) -> str:
        """The search index as text."""
        return (self.site / "search/search_index.json").read_text("utf-8")

    def lines(self) -> list[str]:
        """Our own lines of the build log."""
        return [line for line in self.log.splitlines() if "echo" in line]

    def files(self) -> dict[str, bytes]:
        """Every built file but the gzipped sitemap, whose header is MkDocs' own."""
        return {
            p.relative_to(self.site).as_posix(): p.read_bytes()
            for p in sorted(self.site.rglob("*"))
            if p.is_file() and p.name != "sitemap.xml.gz"
        }


Builder = Callable[..., Build]


@pytest.fixture
def build(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Builder:
    """Writes a tree below tmp_path, with mkdocs.yml made of the keywords, and builds it.

    Keywords: `theme`, `echo` (the plugin's options), `plugins` (others, before ours), any other key of mkdocs.yml,
    `echo_first` to put them after ours, and `args` for the command line. A second call builds the same site with what is new in its tree.
    """
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1772000000")  # some themes print when they were built

    def run(
        tree: Tree = NOTHING,
        *,
        theme: str | dict[str, Any] = "mkdocs",
        echo: Any = None,
        plugins: Any = ("search",),
        args: tuple[str, ...] = (),
        echo_first: bool = False,
        **settings: Any,
    ) -> Build:
        draw(tmp_path, tree)
        common = {"site_name": "Letters", "site_url": "https://blog.example/", "theme": theme}
        ours = [{"echo": echo or {}}]
        written = {**common, "plugins": [*ours, *plugins] if echo_first else [*plugins, *ours], **settings}
        (tmp_path / "mkdocs.yml").write_text(yaml.safe_dump(written), "utf-8")
        result = CliRunner().invoke(cli, ["build", "-f", str(tmp_path / "mkdocs.yml"), *args])
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return Build(tmp_path, result.exit_code, result.output)

    return run


def draw(root: Path, tree: Tree) -> None:
    """Writes files, and the folders that they need."""
    for name, content in tree.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8", "surrogatepass"))


def badges(html: str) -> list[str]:
    """The states of the badges in a page, in order."""
    return re.findall(r'class="[^"]*\becho-badge\b[^"]*"[^>]*data-echo-state="([^"]+)"', html)


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


def tags(html: str) -> list[tuple[str, dict[str, str | None]]]:
    """Every start tag of a page with its attributes, as a parser sees them."""
    parser = _Words()
    parser.feed(html)
    return parser.tags
