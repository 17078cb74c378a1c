"""`cache`: what is kept between builds, how old and how large it is, and how to empty it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import click

from mkdocs_echo_plugin.cache_files import FRESH, KEPT, CacheFiles
from mkdocs_echo_plugin.cli.configuration import config_option, site_configuration

HOLDS = {
    "threads.db": "comments fetched over the network",
    "files": "threads read from comment files",
    "healths.json": "the health of each post",
    "matches.json": "which thread belongs to which post",
    "fragments.json": "the HTML of badges and prompts",
    "answers.json": "what a language model answered, by the hash of the question",
    "author.json": "the author's own report of the last build",
}


@click.group("cache", epilog="\b\nExamples:\n  mkdocs-echo cache info\n  mkdocs-echo cache clear -f mkdocs.yml")
def cache_command() -> None:
    """Show or empty what is kept between builds.

    Comments that were fetched leave the cache when they are old (`cache info` says after how long), or as soon as their
    comment system no longer shows them. All else goes with the first build that has no use for it.
    """


@cache_command.command("info")
@config_option
def info_command(config_file: str | None) -> None:
    """Show what is kept, how old it is and how large."""
    from mkdocs_echo_plugin.cli.streams import write

    cache = site_configuration(config_file).cache
    kept = cache.kept()
    if not kept:
        write(f"{cache.directory}: nothing is kept yet.\n")
        return
    lines = [f"{cache.directory}"]
    lines += [f"  {name:<15}{_size(paths):>10}  {_newest(paths)}  {HOLDS[name]}" for name, paths in kept.items()]
    if threads := _threads(cache):
        lines.append(f"  {threads};")
        hours, days = FRESH // timedelta(hours=1), KEPT.days
        lines.append(f"  each is asked for again after {hours} hours, and deleted after {days} days.")
    write("\n".join(lines) + "\n")


@cache_command.command("clear")
@config_option
def clear_command(config_file: str | None) -> None:
    """Delete it all; the next build reads every comment again. Nothing else in the folder is touched."""
    from mkdocs_echo_plugin.cli.streams import write

    cache = site_configuration(config_file).cache
    freed = cache.clear()
    write(f"{cache.directory}: {_bytes(freed)} deleted.\n" if freed else f"{cache.directory}: nothing was kept.\n")


def _threads(cache: CacheFiles) -> str:
    """How many posts' comments were fetched, from the oldest to the newest day."""
    from mkdocs_echo_plugin.sources.thread_cache import fetched

    times = fetched(cache)
    if not times:
        return ""
    first, last = (f"{when:%Y-%m-%d %H:%M}" for when in (times[0], times[-1]))
    return f"{len(times)} answers of comment systems, fetched {first if first == last else f'{first} to {last}'} UTC"


def _newest(paths: tuple[Path, ...]) -> str:
    return f"{datetime.fromtimestamp(max(path.stat().st_mtime for path in paths), UTC):%Y-%m-%d %H:%M}"


def _size(paths: tuple[Path, ...]) -> str:
    return _bytes(sum(path.stat().st_size for path in paths))


def _bytes(n: int) -> str:
    return f"{n / 1e6:.1f} MB" if n >= 1e6 else f"{n / 1e3:.1f} kB"
