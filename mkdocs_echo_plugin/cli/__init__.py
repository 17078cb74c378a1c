"""mkdocs-echo on the command line. A command's module, and what that needs, is imported when the command runs.

Exit status: 0 the command did its work; 1 a gate that the user set was not met; 2 wrong use or unreadable input, with
one line on standard error that names the file or option.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Any, NoReturn

import click

from mkdocs_echo_plugin.errors import EchoError, GateNotMet
from mkdocs_echo_plugin.messages import one_line

COMMANDS = {
    "threads": ("threads", "Read comments from anywhere and print them as neutral threads."),
    "score": ("threads", "Assess threads: how wide the views are, what waits, what is new."),
    "stance": ("figures", "Say how replies stand to what they reply to."),
    "range": ("figures", "Compute the range of views from counts and readings."),
    "fetch": ("fetch", "Fill the cache, or keep the threads in the repository."),
    "apply": ("apply", "Put badges and prompts into a site that any generator has built."),
    "report": ("report", "Print a build's report in the format that a CI reads."),
    "check": ("report", "The gate for CI: fail on the states that you name."),
    "digest": ("report", "The author's list, most useful act first."),
    "cache": ("cache", "Show or empty what is kept between builds."),
    "review": ("review", "Check the guesses that matter most, one key each."),
    "readers": ("listing", "List what can guess stances."),
    "sources": ("listing", "List the comment systems that can be read."),
}


class Commands(click.Group):
    """The commands by name, each loaded when it is asked for, and every error of ours as one line."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"{__name__}.{COMMANDS[cmd_name][0]}")
        command: click.Command = getattr(module, f"{cmd_name}_command")
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, about) for name, (_, about) in COMMANDS.items()])

    def main(  # type: ignore[override]  # click's overloads cannot be repeated without its NoReturn
        self, args: Sequence[str] | None = None, prog_name: str | None = None, **extra: Any
    ) -> Any:
        if not extra.pop("standalone_mode", True):
            return super().main(args, prog_name, standalone_mode=False, **extra)
        try:
            status = super().main(args, prog_name, standalone_mode=False, **extra)
        except click.exceptions.NoArgsIsHelpError as shown:  # help was asked for without a word
            click.echo(shown.format_message(), err=True)
            sys.exit(2)
        except click.UsageError as error:
            path = error.ctx.command_path if error.ctx else "mkdocs-echo"
            fail(f"{error.format_message()} Try '{path} --help'.", command=path)
        except click.ClickException as error:
            fail(error.format_message())
        except GateNotMet as error:
            fail(str(error), status=1)
        except EchoError as error:
            fail(str(error))
        except click.Abort:
            fail("stopped.", status=130)
        except OSError as error:
            fail(f"{error.filename or 'input or output'}: {error.strerror or error}.")
        sys.exit(status if isinstance(status, int) else 0)


def fail(message: str, *, command: str = "mkdocs-echo", status: int = 2) -> NoReturn:
    """Ends the program with one line on standard error."""
    print_message(message, command=command)
    sys.exit(status)


def print_message(message: str, *, command: str = "mkdocs-echo") -> None:
    """One line for people on standard error, whatever the message holds."""
    click.echo(one_line(f"{command}: {message}"), err=True)


@click.command(
    cls=Commands,
    name="mkdocs-echo",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="\b\nTry:\n  mkdocs-echo score comments/first-post.json --format text",
)
@click.version_option(package_name="mkdocs-echo-plugin", message="%(prog)s %(version)s")
def main() -> None:
    """Is the comment section an echo chamber? Reads comment threads, assesses them, reports."""
