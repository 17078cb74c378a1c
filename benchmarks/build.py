"""What the plugin costs a build: `python benchmarks/build.py [--posts N] [--rounds N]`.

Builds the example blog, then a made one of N posts with 20 comments each, without the plugin, with it on an empty cache,
and again with what the first build kept; whole processes, in turn, so that ratios count and seconds do not.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median
from time import perf_counter

import yaml
from mkdocs.utils.yaml import yaml_load

EXAMPLE = Path(__file__).parents[1] / "example_site"
WORDS = ["the", "river", "and", "a", "bread", "of", "that", "winter", "is", "for", "you", "neighbour", "with", "this", "engine", "it", "was", "paper", "they", "have", "village", "to", "letter", "garden", "not", "signal", "what", "would", "window", "in", "harbour", "we", "from", "school", "there", "market"]


def built(root: Path, config: str) -> float:
    """Seconds of one `mkdocs build` as a process of its own."""
    command = [sys.executable, "-m", "mkdocs", "build", "-q", "-f", config, "-d", str(root / "out")]
    start = perf_counter()
    subprocess.run(command, cwd=root, check=True, capture_output=True, env={**os.environ, "NO_MKDOCS_2_WARNING": "1"})
    return perf_counter() - start


def without_echo(root: Path) -> None:
    """Writes plain.yml beside mkdocs.yml, the same but for the plugin."""
    with (root / "mkdocs.yml").open("rb") as file:
        config = yaml_load(file)
    config["plugins"] = [p for p in config["plugins"] if not (p == "echo" or (isinstance(p, dict) and "echo" in p))]
    (root / "plain.yml").write_text(yaml.safe_dump(config), encoding="utf-8")


def made(root: Path, posts: int) -> None:
    """A blog of so many posts of 300 words with 20 comments of 40 words each."""
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
             "created": f"2026-01-{n + 1:02}T00:00:00Z", "parent": str(n - 1) if n % 3 else None}
            for n in range(20)
        ]  # fmt: skip
        thread = {"platform": "letters", "key": f"post-{i}", "comments": said}
        (root / f"comments/post-{i}.json").write_text(json.dumps(thread), encoding="utf-8")
    config = {"site_name": "Made", "site_url": "https://made.example/", "theme": "material", "not_in_nav": "post-*.md",
              "nav": ["index.md"], "plugins": ["search", {"echo": {"sources": [{"files": {"path": "comments"}}]}}]}  # fmt: skip
    (root / "mkdocs.yml").write_text(yaml.safe_dump(config), encoding="utf-8")


def measured(name: str, root: Path, rounds: int) -> None:
    """Prints the median seconds and ratios of the rounds."""
    without_echo(root)
    built(root, "plain.yml")
    plain, cold, warm = [], [], []
    for _ in range(rounds):
        shutil.rmtree(root / ".cache", ignore_errors=True)
        plain.append(built(root, "plain.yml"))
        cold.append(built(root, "mkdocs.yml"))
        warm.append(built(root, "mkdocs.yml"))
    of_cold, of_warm = (median(a / b for a, b in zip(x, plain, strict=True)) for x in (cold, warm))
    print(f"{name}, {rounds} rounds: {median(plain):.2f} s without, {median(cold):.2f} s first ({of_cold:.2f} times), "
          f"{median(warm):.2f} s again ({of_warm:.2f} times)")  # fmt: skip


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--posts", type=int, default=100)
    options.add_argument("--rounds", type=int, default=5)
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        example = Path(folder, "example")
        shutil.copytree(EXAMPLE, example, ignore=shutil.ignore_patterns(".cache", "site"))
        measured("example blog", example, given.rounds)
        blog = Path(folder, "made")
        blog.mkdir()
        made(blog, given.posts)
        measured(f"{given.posts} posts with 20 comments each", blog, given.rounds)


if __name__ == "__main__":
    main()
