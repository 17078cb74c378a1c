"""`fetch`: asks the site's venues now, so that later builds need neither the network nor a token."""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

import click

from mkdocs_echo_plugin.errors import ConfigurationError
from mkdocs_echo_plugin.model import Comment, Reaction, Tags, Thread

if TYPE_CHECKING:
    from mkdocs_echo_plugin.assess import Settings
    from mkdocs_echo_plugin.plugin import EchoPlugin
    from mkdocs_echo_plugin.survey import Survey, Surveyed

KEEPS = (
    "git history keeps what a venue deletes: a comment that its author takes back stays in every clone of the "
    "repository. docs/privacy.md says how to keep no words, or the cache alone."
)


@click.command("fetch", epilog="\b\nExample:\n  mkdocs-echo fetch -f mkdocs.yml --out comments")
@click.option("-f", "--config-file", "given", metavar="FILE", default="mkdocs.yml", show_default=True)
@click.option("--out", metavar="DIR", help="Write neutral threads there, a file a post, to keep in the repository.")
@click.option(
    "--no-text", is_flag=True,
    help="With --out: keep who replied to whom, when, and what each comment declares, but no words and nothing that a "
    "model guessed. A build from such files counts people and declared stances only.",
)  # fmt: skip
@click.pass_context
def fetch_command(ctx: click.Context, /, given: str, out: str | None, no_text: bool) -> None:
    """Fill the cache, or keep the threads in the repository.

    Reads mkdocs.yml and its posts as a build does, writes no page, and asks every venue under `sources`. Without --out
    the threads go to the cache, where builds find them (`mkdocs-echo cache info` says for how long).
    With --out they are written as neutral threads; name that folder under `sources` (`- files: {path: DIR}`) instead of
    the venues, and no build needs a network or a token. Commenters are numbered, not named.
    """
    if no_text and out is None:
        raise click.UsageError("--no-text needs --out: the cache is yours alone and keeps the words.", ctx)
    from mkdocs_echo_plugin.cli import print_message
    from mkdocs_echo_plugin.cli.streams import write

    found, settings = surveyed(Path(given))
    failed = [(account.name, post, why) for account in found.sources for post, why in account.failed]
    for account in found.sources:
        write(f"{account.name}: asked for {account.asked} posts, {account.answered} answered, "
              f"{account.from_cache} from the cache\n")  # fmt: skip
        if account.lacking is not None:
            print_message(f"{account.name}: {account.lacking} is not set, so it was not asked.")
    if out is not None:
        tags = settings.tags if no_text else None
        written = sum(_kept(post, Path(out), numbers, tags) for post, numbers in _numbered(found.posts))
        write(f"{written} thread{'' if written == 1 else 's'} written to {out}\n")
        print_message(KEEPS)
    for account in found.sources:
        for post, why in account.stale:
            print_message(f"{post}: {why} The thread that was fetched before is kept.")
    for _, post, why in failed:
        print_message(f"{post}: {why}")
    ctx.exit(2 if failed else 0)


def surveyed(config_file: Path) -> tuple[Survey, Settings]:
    """What the site's venues answer, for the posts that a build of it would find, and how the site reads them.

    Raises:
        ConfigurationError: the configuration is wrong, or has no echo.
    """
    plugin = loaded(config_file, ask=True)
    assert plugin.survey is not None
    return plugin.survey, plugin.config.settings()


def loaded(config_file: Path, *, ask: bool) -> EchoPlugin:
    """The plugin with its survey, as a build of the site has it when its posts are read; no page is written.

    Args:
        ask: whether the site's venues are asked, and they alone; else what the cache and the site's files hold.

    Raises:
        ConfigurationError: the configuration is wrong, or has no echo.
    """
    from mkdocs.commands.build import build
    from mkdocs.config import load_config
    from mkdocs.exceptions import MkDocsException

    if not config_file.is_file():
        raise ConfigurationError(f"-f {config_file}: no such file.")
    with tempfile.TemporaryDirectory() as nowhere, _log_of_mkdocs() as errors:
        try:
            config = load_config(config_file=str(config_file), site_dir=nowhere)
            plugin = _echo(config.plugins, config_file)
            # asked: the venues alone, whatever the builds themselves are to ask
            if ask:
                plugin.config.sources = _venues(plugin.config.sources)
            plugin.config.offline = not ask
            config.plugins.on_startup(command="build", dirty=False)
            plugin.refresh = ask
            config.plugins.events["env"].append(_enough)
            build(config)
        except _Enough:
            return plugin
        except (MkDocsException, SystemExit) as error:
            said = errors[0] if errors else str(error)
            raise ConfigurationError(f"{config_file}: {said}") from error
    raise ConfigurationError(f"{config_file}: the build ended before its posts were read. Run mkdocs build to see why.")


class _Enough(BaseException):
    """Ends a build that has read its posts; no Exception, which MkDocs would report as a failure."""


def _enough(env: object, **_: object) -> None:
    raise _Enough


def _echo(plugins: Any, config_file: Path) -> EchoPlugin:
    from mkdocs_echo_plugin.plugin import EchoPlugin

    for plugin in plugins.values():
        if isinstance(plugin, EchoPlugin):
            return plugin
    raise ConfigurationError(f"{config_file}: no echo under plugins. Add `- echo:` with its sources.")


def _venues(sources: Iterable[Any]) -> tuple[Any, ...]:
    from mkdocs_echo_plugin.survey import Files

    return tuple(source for source in sources if not isinstance(source, Files))


@contextmanager
def _log_of_mkdocs() -> Iterator[list[str]]:
    """MkDocs says in its log what is wrong with a configuration, and ends without a word: this hears it."""
    errors: list[str] = []

    class Hears(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            errors.append(record.getMessage())

    log, hears = logging.getLogger("mkdocs"), Hears(logging.ERROR)
    log.addHandler(hears)
    try:
        yield errors
    finally:
        log.removeHandler(hears)


def _numbered(posts: Iterable[Surveyed]) -> Iterator[tuple[Surveyed, dict[str, str]]]:
    """Posts by path, with the site's commenters numbered v1, v2 ...: who returns elsewhere has the same number."""
    numbers: dict[str, str] = {}
    for post in sorted(posts, key=lambda p: p.post.path):
        for thread in post.threads:
            spoke = [key for c in thread.comments for key in (c.author_key, c.addressed)]
            reactions = [thread.reactions, *(c.reactions for c in thread.comments)]
            for key in spoke + [r.author_key for given in reactions for r in given]:
                if key is not None:
                    numbers.setdefault(key, f"v{len(numbers) + 1}")
        yield post, numbers


def _kept(post: Surveyed, folder: Path, numbers: dict[str, str], wordless: Tags | None) -> int:
    """Writes the threads that a venue gave for a post, without words where the tags are given by which comments declare
    a stance; how many. Files that the site keeps already are left alone."""
    from mkdocs_echo_plugin.cli.streams import json_document, write
    from mkdocs_echo_plugin.serialize import thread_to_dict

    threads = [thread for thread in post.threads if thread.fetched_at is not None]
    stem = PurePosixPath(post.post.path).with_suffix("")
    page = post.post.canonical_url or post.post.url
    for number, thread in enumerate(threads, 1):
        nameless = replace(_named(thread, numbers), page_url=page, fetched_at=None)
        written = thread_to_dict(nameless, anonymise=False)
        if wordless is not None:
            _take_words_out(written, wordless)
        name = f"{stem}.json" if len(threads) == 1 else f"{stem}.{thread.platform}-{number}.json"
        write(json_document(written), str(folder / name))
    return len(threads)


def _named(thread: Thread, numbers: dict[str, str]) -> Thread:
    def who(key: str | None) -> str | None:
        return None if key is None else numbers[key]

    def pressed(reactions: tuple[Reaction, ...]) -> tuple[Reaction, ...]:
        return tuple(replace(r, author_key=who(r.author_key)) for r in reactions)

    def comment(c: Comment) -> Comment:
        return replace(c, author_key=who(c.author_key), addressed=who(c.addressed), reactions=pressed(c.reactions))

    return replace(thread, reactions=pressed(thread.reactions), comments=tuple(map(comment, thread.comments)))


def _take_words_out(written: dict[str, Any], tags: Tags) -> None:
    """Leaves of each comment's words what it declares by a tag, and nothing that a model could guess of it."""
    from mkdocs_echo_plugin.stance.declared import declared

    for comment in written["comments"]:
        comment["declared"] = comment["declared"] or declared(comment["text"], tags)
        comment["text"] = ""
        comment.pop("read", None)
