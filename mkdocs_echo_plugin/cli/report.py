"""`report`, `check` and `digest`: what a build left in SITE_DIR/echo/report.json, for a CI and for the author."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from mkdocs_echo_plugin.cli.configuration import SiteConfiguration, config_option, site_configuration
from mkdocs_echo_plugin.errors import ConfigurationError, GateNotMet, Unreadable
from mkdocs_echo_plugin.messages import one_line

FORMATS = ("json", "markdown", "github", "junit", "gitlab", "shields", "svg")
BLOCKS = ("summary", "posts", "unmatched", "site_findings", "sources")
site_dir = click.argument("site", metavar="[SITE_DIR]", required=False)
docs_dir = click.option(
    "--docs-dir", metavar="DIR",
    help="Where the posts' sources lie, for the paths in github and gitlab; the configuration's, else docs.",
)  # fmt: skip


@click.command("report", epilog="\b\nExample:\n  mkdocs-echo report site --format markdown")
@site_dir
@config_option
@click.option("--format", "form", type=click.Choice(FORMATS), default="json", show_default=True)
@click.option("--out", metavar="FILE", default="-", show_default=True, help="- is standard output.")
@click.option("--fail-on", metavar="STATE,...", default="", help="The states that are failures in junit.")
@docs_dir
def report_command(
    site: str | None, config_file: str | None, form: str, out: str, fail_on: str, docs_dir: str | None
) -> None:
    """Print a build's report in the format that a CI reads.

    Reads SITE_DIR/echo/report.json, the public one; SITE_DIR is the configuration's site_dir, else `site`. In GitHub
    Actions `--format markdown` also appends to the step's summary.
    """
    from mkdocs_echo_plugin.cli.streams import write

    configuration = site_configuration(config_file, site)
    site = site or str(_shown(configuration.site_dir))
    report = read_report(site)
    with sound(str(report_file(site))):
        text = _formatted(report, form, fail_on=fail_on, docs_dir=docs_dir or configuration.docs_dir)
    write(text, out)


def _formatted(report: dict[str, Any], form: str, *, fail_on: str, docs_dir: str) -> str:
    if form == "markdown":
        from mkdocs_echo_plugin.report import summary

        text = summary.write(report)
        summary.to_step_summary(text)
        return text
    if form == "github":
        from mkdocs_echo_plugin.report import github

        return github.write(report, docs_dir=docs_dir)
    if form == "gitlab":
        from mkdocs_echo_plugin.report import gitlab

        return gitlab.write(report, docs_dir=docs_dir)
    if form == "junit":
        from mkdocs_echo_plugin.report import junit

        return junit.write(report, fail_on=_states(fail_on))
    if form == "shields":
        from mkdocs_echo_plugin.report import shields

        return shields.write(report)
    if form == "svg":
        from mkdocs_echo_plugin.report import svg

        return svg.write(report)
    from mkdocs_echo_plugin.cli.streams import json_document

    return json_document(report)


@click.command("check", epilog="\b\nExample:\n  mkdocs-echo check site --fail-on unknown,waiting")
@site_dir
@config_option
@click.option("--fail-on", metavar="STATE,...", default="", help="The states that a post must not be in.")
@click.option(
    "--baseline", metavar="FILE|URL",
    help="An earlier report.json: print what changed, and excuse the posts that were already in such a state.",
)  # fmt: skip
@click.option("--allow-private", is_flag=True, help="Let --baseline be an address in a private network.")
def check_command(
    site: str | None, config_file: str | None, fail_on: str, baseline: str | None, allow_private: bool
) -> None:
    """The gate for CI: exit 1 if a post is in a state that you name.

    With --baseline only what is new counts. Where the author's own report lies beside the cache and goes with this
    build, `tense` and read disagreements count too.
    """
    from mkdocs_echo_plugin.cli.streams import write
    from mkdocs_echo_plugin.report import gate

    states = _states(fail_on)
    configuration = site_configuration(config_file, site)
    site = site or str(_shown(configuration.site_dir))
    report = author_report(configuration, read_report(site))
    before = None if baseline is None else _baseline(baseline, allow_private=allow_private)
    with sound(f"{report_file(site)}{f' or {baseline}' if baseline else ''}"):
        verdict = gate.check(report, states, before)
    lines = [f"{c.path}: {c.before or 'not there'} -> {c.after or 'not there'}" for c in verdict.changes]
    lines += [f"{path}: {state} ({words}), as in the baseline" for path, state, words in verdict.excused]
    lines += [f"{path}: {state} ({words})" for path, state, words in verdict.failed]
    posts = len(report["posts"])
    lines.append(f"{posts} post{'' if posts == 1 else 's'} checked, {len(verdict.failed)} not accepted.")
    write("".join(_line(line) for line in lines))
    if verdict.failed:
        first = f"{verdict.failed[0][0]} is {verdict.failed[0][1]}"
        raise GateNotMet(f"--fail-on {','.join(states)}: {len(verdict.failed)} not accepted; {first}.")


@click.command("digest", epilog="\b\nExample:\n  mkdocs-echo digest site")
@site_dir
@config_option
def digest_command(site: str | None, config_file: str | None) -> None:
    """The author's list, most useful act first.

    What waits longest for a reply, the posts with mostly one view, what to ask of whom, and the threads that matched
    no post. Reads the author's own report in the cache directory where it goes with this build.
    """
    from mkdocs_echo_plugin.cli.streams import write
    from mkdocs_echo_plugin.report import digest

    configuration = site_configuration(config_file, site)
    site = site or str(_shown(configuration.site_dir))
    report = author_report(configuration, read_report(site))
    with sound(str(report_file(site))):
        text = digest.write(report)
    write(text)


def report_file(site: str) -> Path:
    """Where a built site keeps its report."""
    return Path(site) / "echo" / "report.json"


def read_report(site: str) -> dict[str, Any]:
    """The public report of a built site.

    Raises:
        ConfigurationError: there is none.
        Unreadable: it is not report.v1.
    """
    path = report_file(site)
    try:
        data = path.read_bytes()
    except OSError as error:
        raise ConfigurationError(
            f"{path}: {error.strerror or error}. Run mkdocs build with the echo plugin, or name the site's folder."
        ) from error
    return parse_report(data, str(path))


def parse_report(data: bytes, name: str) -> dict[str, Any]:
    """Bytes as report.v1. Raises Unreadable, naming the file and the line."""
    try:
        report = json.loads(data)
    except (ValueError, RecursionError) as error:
        line = f", line {error.lineno}" if isinstance(error, json.JSONDecodeError) else ""
        raise Unreadable(f"{name}{line}: not JSON. Build the site again.") from error
    if not isinstance(report, dict) or report.get("schema") != "report.v1":
        raise Unreadable(f'{name}: not a report.v1 ("schema" says otherwise). Build the site with this version.')
    if missing := [block for block in BLOCKS if block not in report]:
        raise Unreadable(f"{name}: a report.v1 without {', '.join(missing)}. Build the site again.")
    return report


@contextmanager
def sound(name: str) -> Iterator[None]:
    """Inside, a report whose inner shape is not report.v1's is one message instead of a traceback."""
    try:
        yield
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise Unreadable(f"{name}: not the shape of a report.v1 ({error!r}). Build the site again.") from error


def author_report(configuration: SiteConfiguration, report: dict[str, Any]) -> dict[str, Any]:
    """The author's report in the site's cache if it was made with this public one, else the public one."""
    from mkdocs_echo_plugin.build_cache import fingerprint

    path = configuration.cache.author
    if path.is_file():
        own = parse_report(path.read_bytes(), str(path))
        if own.get("of") == fingerprint(report):
            return own
    return report


def _shown(path: Path) -> Path:
    """A path as people would write it, from here."""
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path


def _baseline(given: str, *, allow_private: bool) -> dict[str, Any]:
    if given.startswith(("http://", "https://")):
        from mkdocs_echo_plugin.sources.http.client import Client, NetworkSettings

        with Client(NetworkSettings(allow_private=allow_private)) as client:
            return parse_report(client.get(given).body, given)
    try:
        data = Path(given).read_bytes()
    except OSError as error:
        raise ConfigurationError(f"--baseline {given}: {error.strerror or error}.") from error
    return parse_report(data, given)


def _states(given: str) -> tuple[str, ...]:
    from mkdocs_echo_plugin.report.gate import states_named

    return states_named([s for s in map(str.strip, given.split(",")) if s], option="--fail-on")


def _line(text: str) -> str:
    return one_line(text) + "\n"
