"""`sources` and `readers`: which comment systems can be read, what can guess stances, and what each needs."""

from __future__ import annotations

import click


@click.command("sources", epilog="\b\nExample:\n  mkdocs-echo sources")
def sources_command() -> None:
    """List the comment systems that can be read, those of third-party packages too, with what each needs.

    "file" stands for an adapter that reads files, exports and saved answers; "network" for one that can also ask.
    """
    from mkdocs_echo_plugin.cli import print_message
    from mkdocs_echo_plugin.cli.streams import write
    from mkdocs_echo_plugin.sources import available, broken, is_network

    rows = [
        (name, "network" if is_network(adapter) else "file", adapter.title, adapter.needs)
        for name, adapter in available().items()
    ]
    widths = [max(map(len, column)) for column in zip(("name", "reads", "system", ""), *rows, strict=True)]
    lines = [("name", "reads", "system", "needs"), *rows]
    table = ("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in lines)
    write("\n".join(table) + "\n")
    for line in broken():
        print_message(line)


@click.command("readers", epilog="\b\nExample:\n  mkdocs-echo readers")
def readers_command() -> None:
    """List what can guess stances, readers of third-party packages too, with what each needs.

    `stance: {reader: NAME}` in mkdocs.yml chooses one.
    """
    from mkdocs_echo_plugin.cli import print_message
    from mkdocs_echo_plugin.cli.streams import write
    from mkdocs_echo_plugin.readers import available

    rows, broken = available()
    widths = [max(map(len, column)) for column in zip(("name", "reader"), *(row[:2] for row in rows), strict=True)]
    for name, title, needs in (("name", "reader", "needs"), *rows):
        write(f"{name.ljust(widths[0])}  {title.ljust(widths[1])}  {needs}".rstrip() + "\n")
    for line in broken:
        print_message(line)
