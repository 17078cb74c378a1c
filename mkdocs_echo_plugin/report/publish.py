"""What a build leaves: the public report beside the pages, the author's own in the cache, a summary, a line, a gate."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, get_args

from mkdocs_echo_plugin.cache_files import CacheFiles, write_private
from mkdocs_echo_plugin.model import HealthState
from mkdocs_echo_plugin.render import FOLDER, report_file
from mkdocs_echo_plugin.report.build import Reports

if TYPE_CHECKING:
    from mkdocs_echo_plugin.config import EchoConfig
    from mkdocs_echo_plugin.survey import Survey


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which files a build leaves beside the pages; names as under `publish:` in mkdocs.yml."""

    report: bool = True
    badges: bool = True
    feeds: bool = False


USUAL: Final = Wanted()
"""The files of a site that says nothing of them."""


def wanted(config: EchoConfig) -> Wanted:
    """What a site's options ask for."""
    given = config.publish
    return Wanted(report=given.report, badges=given.badges, feeds=given.feeds)


def files(
    public: Mapping[str, Any], *, wanted: Wanted = USUAL, folder: str = FOLDER, site_name: str = ""
) -> dict[str, bytes]:
    """What goes with a public report into the site, by path: the report itself, the badges, the feed."""
    found = {report_file(folder): _as_json(public)} if wanted.report else {}
    if wanted.badges:
        from mkdocs_echo_plugin.report import badges

        found |= {name: text.encode() for name, text in badges.files(public, folder)}
    if wanted.feeds:
        from mkdocs_echo_plugin.report import feeds

        found[feeds.waiting_file(folder)] = feeds.waiting(public, folder=folder, site_name=site_name).encode()
    return found


def write(
    made: Reports,
    *,
    site_dir: Path,
    cache: CacheFiles | None,
    wanted: Wanted = USUAL,
    folder: str = FOLDER,
    site_name: str = "",
) -> None:
    """Writes what is `wanted` into the site and, unless `cache` is None, the author's report into the cache.

    Where `GITHUB_STEP_SUMMARY` names a file, the public report is appended there as Markdown.
    """
    before = _read(site_dir / report_file(folder))
    if wanted.report:
        _write(site_dir / report_file(folder), made.public)
    if wanted.feeds:
        from mkdocs_echo_plugin.report import feeds

        feeds.write(made.public, site_dir, folder=folder, site_name=site_name)
    if wanted.badges:
        from mkdocs_echo_plugin.report import badges

        badges.write(made.public, site_dir, folder=folder, before=before)
    if cache is not None:
        with suppress(OSError):  # a cache that cannot be written stops no build
            cache.prepare()
            _write(cache.author, made.author, write_private)
        if os.environ.get("GITHUB_STEP_SUMMARY"):
            from mkdocs_echo_plugin.report import summary

            summary.to_step_summary(summary.write(made.public))


def _write_public(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def _as_json(report: Mapping[str, Any]) -> bytes:
    # `indent` would take the slow encoder
    return json.dumps(report, ensure_ascii=True, allow_nan=False).encode("ascii") + b"\n"


def _read(path: Path) -> object:
    with suppress(OSError, ValueError, RecursionError):
        return json.loads(path.read_bytes())
    return None


def _write(path: Path, report: Mapping[str, Any], how: Callable[[Path, bytes], None] = _write_public) -> None:
    data = _as_json(report)
    if not path.is_file() or path.read_bytes() != data:
        how(path, data)


def warnings(survey: Survey, *, offline: bool = False) -> list[str]:
    """One line for each source that failed, however many posts it failed for, and what the survey itself warns of. A
    missing token is no fault of the site, and offline no venue is expected to answer."""
    said: dict[str, None] = dict.fromkeys(survey.warnings)
    for account in survey.sources:
        why = Counter(reason for _, reason in account.failed)
        broken = [reason for _, reason in account.broken]
        if account.lacking or (offline and account.is_network):
            why.clear()
        # that a host is not asked again is what came of the first reason
        reasons = sorted([*broken, *why], key=lambda reason: "is not asked again" in reason)
        first = next(iter(reasons), None)
        if first is None:
            continue
        others = len({*broken, *why}) - 1
        first = first if first.endswith((".", "?", "!", ")", "`")) else f"{first}."
        more = f" {_count(others, 'other reason')} in the report." if others else ""
        posts = sorted({post for post, _ in account.failed})
        many = "" if not why else f" ({posts[0]})" if len(posts) == 1 else f" ({len(posts)} posts)"
        said[f"{first}{more}{many}"] = None
    return list(said)


def lines(
    survey: Survey, *, offline: bool = False, complete: bool = True, folder: str = FOLDER, hidden: int = 0
) -> list[str]:
    """What the build log says: one line with the posts by state, and one more for each thing that the site can change.

    Args:
        complete: whether the build has read every page; of one that has not, no post is missed.
        hidden: posts that are encrypted.
    """
    if not survey.posts and not complete:
        return []
    if not survey.posts and hidden:
        return [f"{_count(hidden, 'post')}, encrypted: nothing is shown of it"]
    if not survey.posts:
        return [
            "no page is a post, so there is nothing to show. Add `comments: true` to a post's front matter, "
            'or `include: ["blog/*"]` to this plugin\'s options.'
        ]
    found = Counter(surveyed.health.state for surveyed in survey.posts)
    states = ", ".join(f"{found[state]} {state}" for state in get_args(HealthState) if found[state])
    lost = f", {_count(len(survey.unmatched), 'thread')} without a post" if survey.unmatched else ""
    said = [f"{_count(len(survey.posts), 'post')} ({states}){lost}; details in {report_file(folder)}"]
    if survey.nowhere:
        said.append("where the comments live is not known: " + survey.nowhere)
    if not offline:  # offline, a source without its token is what the site wants
        said += [
            f"{a.failed[0][1]} ({_count(len(a.failed), 'post')})" for a in survey.sources if a.lacking and a.failed
        ]
    return said


def _count(n: int, noun: str) -> str:
    return f"{n} {noun}" if n == 1 else f"{n} {noun}s"


def gate(made: Reports, states: Sequence[str], *, folder: str = FOLDER) -> str | None:
    """Why the build must fail by the site's `fail_on`, None where it need not."""
    if not states:
        return None
    from mkdocs_echo_plugin.report.gate import check

    failed = check(made.author, states).failed
    if not failed:
        return None
    named = "; ".join(f"{path} is {state}{f' ({badge})' if badge else ''}" for path, state, badge in failed[:10])
    more = f" and {len(failed) - 10} more" if len(failed) > 10 else ""
    return f"echo: fail_on: {named}{more}. The pages and {report_file(folder)} are written."
