"""The surveys of a site that is built in parts, one for each language, as the survey of the whole."""

from __future__ import annotations

from collections.abc import Sequence

from mkdocs_echo_plugin.survey.records import SourceAccount, Survey, Surveyed, Unmatched
from mkdocs_echo_plugin.survey.run import site_findings


def joined(surveys: Sequence[Survey]) -> Survey:
    """All posts of all parts, each path once; a thread is without a post only where no part has one for it."""
    if len(surveys) == 1:
        return surveys[0]
    posts: dict[str, Surveyed] = {}
    for survey in surveys:
        for one in survey.posts:
            posts.setdefault(one.post.path, one)
    lost = [{_name(thread): thread for thread in survey.unmatched} for survey in surveys]
    accounts: dict[str, list[SourceAccount]] = {}
    for survey in surveys:
        for account in survey.sources:
            accounts.setdefault(account.name, []).append(account)
    return Survey(
        posts=tuple(posts.values()),
        unmatched=tuple(thread for name, thread in lost[0].items() if all(name in other for other in lost[1:])),
        sources=tuple(map(_sum, accounts.values())),
        findings=site_findings(tuple(posts.values())),
        nowhere=next((survey.nowhere for survey in surveys if survey.nowhere), None),
        warnings=tuple(dict.fromkeys(line for survey in surveys for line in survey.warnings)),
    )


def without(survey: Survey, hidden: Sequence[str]) -> Survey:
    """The survey without some posts: as if they were not there, in what is said of sources too."""
    if not hidden:
        return survey
    gone = frozenset(hidden)
    posts = tuple(one for one in survey.posts if one.post.path not in gone)

    def seen(pairs: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
        return tuple(pair for pair in pairs if pair[0] not in gone)

    sources = tuple(
        SourceAccount(
            name=one.name,
            asked=one.asked,
            answered=one.answered,
            from_cache=one.from_cache,
            failed=seen(one.failed),
            stale=seen(one.stale),
            lacking=one.lacking,
            broken=one.broken,
            is_network=one.is_network,
        )
        for one in survey.sources
    )
    return Survey(posts, survey.unmatched, sources, site_findings(posts), survey.nowhere, survey.warnings)


def _name(thread: Unmatched) -> tuple[str, str | None, str | None]:
    return thread.source, thread.thread_key, thread.page_url


def _sum(accounts: Sequence[SourceAccount]) -> SourceAccount:
    first = accounts[0]
    return SourceAccount(
        name=first.name,
        asked=sum(one.asked for one in accounts),
        answered=sum(one.answered for one in accounts),
        from_cache=sum(one.from_cache for one in accounts),
        failed=tuple(dict.fromkeys(pair for one in accounts for pair in one.failed)),
        stale=tuple(dict.fromkeys(pair for one in accounts for pair in one.stale)),
        lacking=next((one.lacking for one in accounts if one.lacking), None),
        broken=tuple(dict.fromkeys(pair for one in accounts for pair in one.broken)),
        is_network=first.is_network,
    )
