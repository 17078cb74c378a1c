"""A survey as report.v1: the public one, and the author's own, which never leaves the cache."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, get_args

from mkdocs_echo_plugin.build_cache import fingerprint
from mkdocs_echo_plugin.model import Health, HealthState
from mkdocs_echo_plugin.serialize import health_for_author, health_to_dict

if TYPE_CHECKING:
    from mkdocs_echo_plugin.survey import Survey

SCHEMA = "report.v1"


@dataclass(frozen=True, slots=True)
class Reports:
    """A build's two reports, each made once: what everybody may read, and what stays with the site's author."""

    public: dict[str, Any]
    author: dict[str, Any]


def reports(survey: Survey, *, site: str | None, language: str = "en") -> Reports:
    """Both reports of a survey.

    The public one has no tone, and nobody's stance but where its author declared it. The author's has tone,
    `author_state` and read dissents; its `of` is the `fingerprint` of the public one that it goes with. `language` is
    the site's: what is printed from the report is in that language, whatever a single post's is.
    """
    public = _report(survey, site, language, health_to_dict)
    author = {**_report(survey, site, language, health_for_author), "private": True, "of": fingerprint(public)}
    return Reports(public, author)


def _report(
    survey: Survey, site: str | None, language: str, health_in: Callable[[Health], dict[str, Any]]
) -> dict[str, Any]:
    posts = [
        {
            "path": surveyed.post.path,
            "url": surveyed.post.canonical_url or surveyed.post.url,
            "title": surveyed.post.title,
            **health_in(surveyed.health),
        }
        for surveyed in sorted(survey.posts, key=lambda s: s.post.path)
    ]
    unmatched = [
        {"source": u.source, "thread_key": u.thread_key, "page_url": u.page_url, "reason": u.reason}
        for u in survey.unmatched
    ]
    findings: dict[str, list[dict[str, Any]]] = {}
    for found in survey.findings:
        findings.setdefault(found.key, []).append({"text": found.text, "posts": list(found.posts)})
    return {
        "schema": SCHEMA,
        "site": site,
        "language": language,
        "generated_from": {
            "plugin": version("mkdocs-echo-plugin"),
            "newest": max(filter(None, ((p["thread"] or {}).get("newest") for p in posts)), default=None),
        },
        "summary": summary(posts, unmatched=len(unmatched)),
        "posts": posts,
        "unmatched": unmatched,
        "site_findings": findings,
        "sources": [
            {
                "name": account.name,
                "asked": account.asked,
                "answered": account.answered,
                "from_cache": account.from_cache,
                "failed": [{"post": post, "why": why} for post, why in account.failed],
                "stale": [{"post": post, "why": why} for post, why in account.stale],
            }
            for account in survey.sources
        ],
    }


def summary(posts: Iterable[Mapping[str, Any]], *, unmatched: int) -> dict[str, Any]:
    """The site in a few counts: posts by state, comments read, voices, objections answered, what waits by kind."""
    states = dict.fromkeys(get_args(HealthState), 0)
    waiting = {"objection": 0, "question": 0}
    total = {"posts": 0, "comments": 0, "voices": 0, "objections": 0, "answered": 0}
    for post in posts:
        states[post["state"]] += 1
        total["posts"] += 1
        total["comments"] += post["comments"]["read"]
        total["voices"] += post["voices"]["n"]
        total["objections"] += post["answers"]["objections"]
        total["answered"] += post["answers"]["answered"]
        for comment in post["open"]["waiting"]:
            waiting[comment["kind"]] += 1
    return {**total, "waiting": waiting, "states": states, "unmatched": unmatched}
