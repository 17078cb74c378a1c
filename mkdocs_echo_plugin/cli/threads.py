"""`threads` and `score`: comments from a file, a folder, an address or standard input, as JSON lines."""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mkdocs_echo_plugin.errors import ConfigurationError, SourceError
from mkdocs_echo_plugin.limits import MAX_RESPONSE_BYTES
from mkdocs_echo_plugin.model import DISCUSSIONS

if TYPE_CHECKING:
    from mkdocs_echo_plugin.model import Discussion, Stance, Thread
    from mkdocs_echo_plugin.sources.files import Refusals
    from mkdocs_echo_plugin.sources.notes import Note
    from mkdocs_echo_plugin.sources.raw import Document, RawThread


def _inputs(command: Callable[..., Any]) -> Callable[..., Any]:
    for decorate in (
        click.option("--allow-private", is_flag=True, help="Let an INPUT be an address in a private network."),
        click.option("--author", "authors", metavar="NAME", multiple=True, help="The post's author: login or name."),
        click.option("--url", metavar="URL", help="The page's own address, for saved pages and fragments."),
        click.option("--source", metavar="KIND", help="The adapter, as `sources` lists it; guessed if not given."),
        click.argument("inputs", metavar="INPUT...", nargs=-1, required=True),
    ):
        command = decorate(command)
    return command


@click.command("threads", epilog="\b\nExample:\n  mkdocs-echo threads comments/first-post.json")
@_inputs
@click.pass_context
def threads_command(ctx: click.Context, /, **given: Any) -> None:
    """Read comments and print them as neutral threads, one JSON object a line (thread.v1).

    INPUT is a file, a folder, an address, or - for standard input. The list is the venue's own, before any cleaning:
    deleted, held, pings and likes stay, with their kind and state. Authors are printed as v1, v2 ...
    """
    from mkdocs_echo_plugin.cli.streams import json_line, write
    from mkdocs_echo_plugin.serialize import thread_to_dict

    def printed(thread: Thread) -> None:
        write(json_line(thread_to_dict(thread)))

    ctx.exit(_each(printed, **given))


@click.command("score", epilog="\b\nExample:\n  mkdocs-echo score comments/first-post.json --format text")
@_inputs
@click.option("--post", "post_file", metavar="FILE", help="The post: Markdown with front matter, HTML or text.")
@click.option("--kind", type=click.Choice(DISCUSSIONS), help="The kind of post, before what its front matter says.")
@click.option("--reader", metavar="NAME", default="embedded", show_default=True, help="Which model reads.")
@click.option("--overrides", metavar="FILE", help="Stances set by hand: `PLATFORM:THREAD#COMMENT: agree` lines.")
@click.option("--format", "form", type=click.Choice(("json", "text")), default="json", show_default=True)
@click.pass_context
def score_command(
    ctx: click.Context,
    /,
    post_file: str | None,
    kind: Discussion | None,
    reader: str,
    overrides: str | None,
    form: str,
    **given: Any,
) -> None:
    """Read comments and assess each thread: one health.v1 object a line, or text for people.

    Without --post what top-level comments say about the post cannot be read.
    """
    from mkdocs_echo_plugin.assess import assess
    from mkdocs_echo_plugin.cli.streams import json_line, write
    from mkdocs_echo_plugin.model import Settings
    from mkdocs_echo_plugin.report import text as text_report
    from mkdocs_echo_plugin.serialize import health_to_dict

    post = None
    if post_file is not None:
        from mkdocs_echo_plugin.cli.posts import read_post

        post = read_post(post_file)
    if post is not None and kind is not None:
        post = dataclasses.replace(post, discussion=kind)
    stances: dict[str, Stance] = {}
    if overrides is not None:
        from mkdocs_echo_plugin.stance.declared import load_overrides

        stances = load_overrides(overrides)
    from mkdocs_echo_plugin.readers import configured

    chosen = configured(reader, {})
    settings = Settings(reader=reader, discussion=kind or "auto", overrides=stances)

    def assessed(thread: Thread) -> None:
        health = health_to_dict(assess([thread], post=post, settings=settings, reader=chosen))
        write(json_line(health) if form == "json" else text_report.write(health))

    ctx.exit(_each(assessed, **given))


def _each(
    use: Callable[[Thread], None],
    *,
    inputs: tuple[str, ...],
    source: str | None,
    url: str | None,
    authors: tuple[str, ...],
    allow_private: bool,
) -> int:
    """Hands every thread of every input to `use`; what cannot be read is said and passed over. The exit status."""
    from mkdocs_echo_plugin.cli import print_message
    from mkdocs_echo_plugin.cli.streams import watched
    from mkdocs_echo_plugin.sources import broken, faults_as_unreadable
    from mkdocs_echo_plugin.sources.anonymise import Anonymiser, site_key
    from mkdocs_echo_plugin.sources.files import read
    from mkdocs_echo_plugin.sources.notes import summed_up

    if source is not None:
        from mkdocs_echo_plugin.sources import named

        try:
            named(source)  # a wrong name is said once, before any input is opened
        except ConfigurationError as error:
            raise ConfigurationError(f"--source: {str(error).removeprefix('sources: ')}") from None
    anonymiser = Anonymiser(site_key(None), authors=authors)
    status = 0

    def read_all(raws: Callable[[], Iterable[RawThread]]) -> None:
        nonlocal status
        try:
            with faults_as_unreadable(given):
                for raw in raws():
                    use(anonymiser.to_thread(raw))
        except (SourceError, ConfigurationError) as error:
            print_message(str(error))
            status = 2

    for given in watched(inputs, "reading"):
        if given.startswith(("http://", "https://")):
            read_all(partial(_fetched, given, source, url, allow_private=allow_private))
            continue
        refused: Refusals = []
        notes: list[tuple[str, Note]] = []
        try:
            for document in _documents(given, refused):
                read_all(partial(read, dataclasses.replace(document, url=url) if url else document, source))
                notes += [(document.name, note) for note in document.notes]
        except (SourceError, ConfigurationError) as error:
            print_message(str(error))
            status = 2
        for note in summed_up(notes):
            print_message(note.text)
        for _, why in refused:
            print_message(str(why))
            status = 2
    for line in broken():
        print_message(line)
    return status


def _documents(given: str, refused: Refusals) -> Iterator[Document]:
    from mkdocs_echo_plugin.sources.files import documents

    if given == "-":
        return iter([_standard_input()])
    if not given or not Path(given).exists():
        raise ConfigurationError(f"{given or 'INPUT is empty'}: no such file or folder.")
    return documents(Path(given), refused=refused)


def _fetched(address: str, source: str | None, url: str | None, *, allow_private: bool) -> Iterator[RawThread]:
    from mkdocs_echo_plugin.model import Post
    from mkdocs_echo_plugin.sources import for_url, is_network, named
    from mkdocs_echo_plugin.sources.files import read
    from mkdocs_echo_plugin.sources.http.client import Client, NetworkSettings

    if source is None:
        venue = for_url(address)
    else:
        adapter = named(source)
        venue = adapter.from_url(address) if is_network(adapter) else None
    with Client(NetworkSettings(allow_private=allow_private)) as client:
        if venue is not None:
            yield from venue.fetch(Post(path=address, canonical_url=url, threads=(address,)), client)
            return
        document = client.get(address, accept="*/*", scrape=True).document()
    yield from read(dataclasses.replace(document, url=url or document.url or address), source)


def _standard_input() -> Document:
    from mkdocs_echo_plugin.errors import TooLarge
    from mkdocs_echo_plugin.sources.raw import Document

    data = sys.stdin.buffer.read(MAX_RESPONSE_BYTES + 1)
    if len(data) > MAX_RESPONSE_BYTES:
        raise TooLarge(f"standard input: more than {MAX_RESPONSE_BYTES:,} bytes. Save it to a file and name that.")
    return Document(name="standard input", data=data)
