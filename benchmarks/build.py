"""What the plugin costs a build: `python benchmarks/build.py [--posts N] [--comments N] [--rounds N] [--phases] [--folder DIR]`.

Builds the example blog, then a made one of N posts with 20 comments each, with the plugin on an empty cache, again with what
the first build kept, and once more after one comment has come. Each build is a process of its own that measures its own CPU
seconds: those inside the plugin (its hooks, its options, every import that they cause) and all others of the same process,
interpreter's start and MkDocs' imports included. What a busy machine does to one it does to the other, and only ever adds:
printed is the least of the rounds for the plugin over the least for the rest, with the ratios of single rounds beside it.
"""

from __future__ import annotations

import argparse
import builtins
import importlib.metadata
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from time import process_time
from typing import Any

import yaml

ROOT = Path(__file__).parents[1]
WORDS = [
    "the",
    "river",
    "and",
    "a",
    "bread",
    "of",
    "that",
    "winter",
    "is",
    "for",
    "you",
    "neighbour",
    "with",
    "this",
    "engine",
    "it",
    "was",
    "paper",
    "they",
    "have",
    "village",
    "to",
    "letter",
    "garden",
    "not",
    "signal",
    "what",
    "would",
    "window",
    "in",
    "harbour",
    "we",
    "from",
    "school",
    "there",
    "market",
]

PHASES = {
    "find the posts": ("pages", "Posts.update"),
    "look for embeds": ("embeds.lookup", "Embedded.update"),
    "read the threads": ("survey.gather", "gather"),
    "assess": ("survey.run", "_surveyed"),
    "read stances": ("stance.reader", "EmbeddedReader.read"),
    "render": ("render.site", "SiteFragments.of"),
    "write the reports": ("report.publish", "write"),
}
"""What is timed of its own besides the imports; nested ones are taken off what holds them."""


class Clock:
    """CPU seconds by what they were spent on; a span inside another counts for the inner one alone."""

    def __init__(self) -> None:
        self.spent: defaultdict[str, float] = defaultdict(float)
        self._stack: list[str] = []
        self._since = 0.0

    def _pass(self) -> None:
        now = process_time()
        if self._stack:
            self.spent[self._stack[-1]] += now - self._since
        self._since = now

    @contextmanager
    def span(self, name: str) -> Iterator[None]:
        self._pass()
        self._stack.append(name)
        try:
            yield
        finally:
            self._pass()
            self._stack.pop()

    @property
    def inside(self) -> bool:
        return bool(self._stack)

    def timed(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(function)
        def run(*args: Any, **kwargs: Any) -> Any:
            with self.span(name):
                return function(*args, **kwargs)

        return run


def measure(config: str, out: str, *, echo: bool) -> None:
    """Builds in this process and prints {what: CPU seconds} as JSON, "rest" for all that is not the plugin's."""
    clock = Clock()
    # what MkDocs loads of itself in every build is not the plugin's, whoever asks first
    import mkdocs.commands.build
    import mkdocs.config.defaults
    import mkdocs.plugins
    import mkdocs.utils.yaml
    from mkdocs.config import load_config

    if echo:
        watch(clock)
    built = load_config(config, site_dir=out)
    built.plugins.on_startup(command="build", dirty=False)
    mkdocs.commands.build.build(built)
    built.plugins.on_shutdown()
    print(json.dumps({**clock.spent, "rest": process_time() - sum(clock.spent.values())}))


def watch(clock: Clock) -> None:
    """Times the plugin's import, options, hooks, and the phases inside them as their modules come to be."""
    importing = builtins.__import__
    waiting = dict(PHASES)

    def imported(name: str, *args: Any, **kwargs: Any) -> Any:
        if not clock.inside:
            return importing(name, *args, **kwargs)
        known = len(sys.modules)
        if known and name in sys.modules and not (args[2:3] and args[2]):
            return importing(name, *args, **kwargs)
        with clock.span("imports"):
            module = importing(name, *args, **kwargs)
        if len(sys.modules) != known:
            for phase, (where, what) in list(waiting.items()):
                holder = sys.modules.get(f"mkdocs_echo_plugin.{where}")
                *path, last = what.split(".")
                for step in path:
                    holder = getattr(holder, step, None)
                if holder is not None and hasattr(holder, last):
                    setattr(holder, last, clock.timed(phase, getattr(holder, last)))
                    del waiting[phase]
        return module

    builtins.__import__ = imported
    loading = importlib.metadata.import_module  # how entry points load adapters
    importlib.metadata.import_module = lambda name: (
        clock.timed("imports", loading)(name) if clock.inside else loading(name)
    )
    from mkdocs.plugins import CombinedEvent

    with clock.span("imports"):
        import mkdocs_echo_plugin.plugin
    plugin = mkdocs_echo_plugin.plugin.EchoPlugin
    for hook in [name for name in vars(plugin) if name.startswith("on_")]:
        events = getattr(vars(plugin)[hook], "methods", None)  # several functions of one event
        timed = [clock.timed("in the hooks besides", event) for event in events or [vars(plugin)[hook]]]
        setattr(plugin, hook, CombinedEvent(*timed) if events else timed[0])
    plugin.load_config = clock.timed("check the options", plugin.load_config)


def built(root: Path, config: str) -> dict[str, float]:
    """The CPU seconds of one build, as `measure` prints them."""
    command = [sys.executable, __file__, "--inside", str(root / config), str(root / "out")]
    environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1", "PYTHONHASHSEED": "0"}
    ran = subprocess.run(command, cwd=root, check=True, stdout=subprocess.PIPE, text=True, env=environment)
    return json.loads(ran.stdout.splitlines()[-1])


def without_echo(root: Path) -> None:
    """Writes plain.yml beside mkdocs.yml, the same but for the plugin."""
    from mkdocs.utils.yaml import yaml_load

    with (root / "mkdocs.yml").open("rb") as file:
        config = yaml_load(file)
    config["plugins"] = [p for p in config["plugins"] if not (p == "echo" or (isinstance(p, dict) and "echo" in p))]
    (root / "plain.yml").write_text(yaml.safe_dump(config), encoding="utf-8")


def made(root: Path, posts: int, comments: int) -> None:
    """A blog of so many posts of 300 words with comments of 40 words each."""
    draw = random.Random(1)

    def words(n: int) -> str:
        return " ".join(draw.choices(WORDS, k=n))

    (root / "docs").mkdir()
    (root / "comments").mkdir()
    (root / "docs/index.md").write_text("# Home\n", encoding="utf-8")
    for i in range(posts):
        text = "\n\n".join(words(60) + "." for _ in range(5))
        (root / f"docs/post-{i}.md").write_text(f"---\ncomments: true\n---\n# {words(4)}\n\n{text}\n", encoding="utf-8")
        said = [
            {"id": str(n), "author": f"a{draw.randrange(300)}", "text": f"I {draw.choice(['do', 'do not'])} agree. {words(40)}",
             "created": f"2026-01-{n % 28 + 1:02}T{n // 28 % 24:02}:00:00Z", "parent": str(n - 1) if n % 3 else None}
            for n in range(comments)
        ]  # fmt: skip
        thread = {"platform": "letters", "key": f"post-{i}", "comments": said}
        (root / f"comments/post-{i}.json").write_text(json.dumps(thread), encoding="utf-8")
    config = {"site_name": "Made", "site_url": "https://made.example/", "theme": "material", "not_in_nav": "post-*.md",
              "nav": ["index.md"], "plugins": ["search", {"echo": {"sources": [{"files": {"path": "comments"}}]}}]}  # fmt: skip
    (root / "mkdocs.yml").write_text(yaml.safe_dump(config), encoding="utf-8")


def one_more(root: Path, number: int) -> None:
    """Adds a comment to the first thread that lies in the blog's folder of comments."""
    path = min((root / "comments").glob("*.json"))
    thread = json.loads(path.read_text("utf-8"))
    said = {
        "id": f"late-{number}",
        "author": "a late reader",
        "text": "Is it so in every village?",
        "created": "2026-02-03T00:00:00Z",
    }
    path.write_text(json.dumps({**thread, "comments": [*thread["comments"], said]}), encoding="utf-8")


def ours(spent: dict[str, float]) -> float:
    """The CPU seconds that a build spent in the plugin."""
    return sum(spent.values()) - spent["rest"]


def measured(name: str, root: Path, rounds: int, *, phases: bool) -> None:
    """Prints the ratios of the three builds."""
    without_echo(root)
    built(root, "plain.yml")
    plain, cold, warm, changed = [], [], [], []
    for number in range(rounds):
        shutil.rmtree(root / ".cache", ignore_errors=True)
        plain.append(sum(built(root, "plain.yml").values()))
        cold.append(built(root, "mkdocs.yml"))
        warm.append(built(root, "mkdocs.yml"))
        one_more(root, number)
        changed.append(built(root, "mkdocs.yml"))
    print(f"{name}, {rounds} rounds: {min(plain):.2f} s of CPU without the plugin")
    for which, runs in (("first build", cold), ("built again", warm), ("one comment more", changed)):
        best = min(runs, key=ours)
        rest = min(run["rest"] for run in runs)
        single = sorted(ours(run) / run["rest"] for run in runs)
        print(f"  {which}: {ours(best) / rest:.3f} of the rest (single rounds {single[0]:.2f} to {single[-1]:.2f}): "
              f"{ours(best):.3f} s on {rest:.3f} s, {best['imports'] * 1000:.0f} ms of it imports")  # fmt: skip
        for phase, seconds in sorted(best.items(), key=lambda entry: -entry[1]) if phases else ():
            print(f"    {1000 * seconds:8.1f} ms  {phase}")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--posts", type=int, default=100)
    options.add_argument("--comments", type=int, default=20)
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--phases", action="store_true", help="print what the best round's seconds went to")
    options.add_argument(
        "--folder", help="where to build: /dev/shm leaves the disk out, which makes a file in .02 to .6 ms"
    )
    options.add_argument("--inside", nargs=2, metavar=("CONFIG", "OUT"), help=argparse.SUPPRESS)
    given = options.parse_args()
    if given.inside:
        config, out = given.inside
        measure(config, out, echo=not config.endswith("plain.yml"))
        return
    with tempfile.TemporaryDirectory(dir=given.folder) as folder:
        example = Path(folder, "example")
        shutil.copytree(ROOT / "example_site", example, ignore=shutil.ignore_patterns(".cache", "site"))
        measured("example blog", example, given.rounds, phases=given.phases)
        blog = Path(folder, "made")
        blog.mkdir()
        made(blog, given.posts, given.comments)
        measured(f"{given.posts} posts with {given.comments} comments each", blog, given.rounds, phases=given.phases)


if __name__ == "__main__":
    main()
