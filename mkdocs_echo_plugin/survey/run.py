"""The one run over all posts, and the cache of healths before it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from mkdocs_echo_plugin.build_cache import BuildCache, code_version, fingerprint, hash_of
from mkdocs_echo_plugin.errors import Unreadable
from mkdocs_echo_plugin.model import Finding, Health, Post, Settings
from mkdocs_echo_plugin.site.findings import findings, first_seen
from mkdocs_echo_plugin.survey.corrections import Corrections, corrections, learned
from mkdocs_echo_plugin.survey.reading import SiteReader, reading
from mkdocs_echo_plugin.survey.records import LazyThread, Memory, Site, Survey, Surveyed

if TYPE_CHECKING:
    from datetime import datetime

    from mkdocs_echo_plugin.survey.tally import Gathered

NOWHERE = "name a source under `sources:`, or a post's thread under `echo: {threads: [...]}` in its front matter."


def survey(posts: Sequence[Post], site: Site, *, memory: Memory | None = None, complete: bool = True) -> Survey:
    """Surveys a site.

    Args:
        posts: all posts of the site; `complete` is False where some are missing, so that what they left in the cache
            is kept.
        memory: of earlier runs of this process.

    Raises:
        ConfigurationError: an option or file of the site has to be changed. A thread that cannot be read raises
            nothing: its post becomes `unknown`.
    """
    from mkdocs_echo_plugin.survey.gather import gather

    memory = memory or Memory()
    build_cache = BuildCache(site.cache_dir)
    gathered = gather(posts, site, build_cache, memory)
    settings = site.settings or Settings()
    fits = corrections(settings.overrides, gathered.threads, all_seen=complete and not gathered.failed)
    with reading(site) as reader:
        surveyed = _surveyed(posts, site, gathered, build_cache, fits, reader)
    warnings = (*fits.warnings, *reader.warnings)
    build_cache.close(complete=complete)
    if not complete:
        build_cache.note(memory.used)
    lost = (_is_nowhere(post, site, gathered) and post.path not in site.aside for post in posts)
    return Survey(
        posts=tuple(surveyed),
        unmatched=gathered.unmatched,
        sources=gathered.accounts,
        findings=site_findings(surveyed),
        nowhere=None if any(site.embedded.values()) or not any(lost) else NOWHERE,
        warnings=warnings,
    )


def _is_nowhere(post: Post, site: Site, gathered: Gathered) -> bool:
    """Whether nobody was asked for a post: that is not the same as no comments."""
    asked = bool(site.sources or site.files or site.embedded.get(post.path))
    answered = gathered.threads.get(post.path) or gathered.failed.get(post.path)
    return post.discussion != "off" and not asked and not answered


def _surveyed(
    posts: Sequence[Post],
    site: Site,
    gathered: Gathered,
    build_cache: BuildCache,
    fits: Corrections,
    reader: SiteReader,
) -> list[Surveyed]:
    first = first_seen(lazy.speakers for threads in gathered.threads.values() for lazy in threads)
    # a correction changes the health of its own post alone, until there are enough to tell of the reader's errors
    plain = replace(site.settings or Settings(), overrides={})
    plain = replace(plain, correction=learned(fits, posts, gathered.threads, plain, reader.reader))
    known = fingerprint(code_version(), plain, _model_named(site))
    found = []
    for post in posts:
        own = replace(plain, overrides=fits.by_post.get(post.path, {}))
        found.append(_of_post(post, site, gathered, build_cache, first, own, known, reader))
    return found


def _model_named(site: Site) -> list[str]:
    """The hashes of a model of the site's own: it lies outside the package, whose code and weights `code` knows."""
    if site.settings is None or site.settings.reader != "crossencoder":
        return []
    from mkdocs_echo_plugin.stance.crossencoder import named

    return [hash_of(str(file)) for file in named()]


def _of_post(
    post: Post,
    site: Site,
    gathered: Gathered,
    build_cache: BuildCache,
    first: Mapping[str, datetime],
    settings: Settings,
    known: str,
    reader: SiteReader,
) -> Surveyed:
    threads, failed = gathered.threads.get(post.path, ()), gathered.failed.get(post.path, ())
    if _is_nowhere(post, site, gathered):
        failed = (("", site.aside.get(post.path) or f"where the comments live is not known: {NOWHERE}"),)
    why = "; ".join(dict.fromkeys(reason for _, reason in failed))
    if failed and (post.path in gathered.by_hand or not any(lazy.speakers.comments for lazy in threads)):
        health = Health(state="unknown", author_state="unknown", reason=why)
        return Surveyed(post, health, threads, fingerprint("unknown", why, _said(post)))
    seen, digests = _seen_before(threads, first), [lazy.digest for lazy in threads]
    key = fingerprint(known, settings.overrides, _said(post), digests, seen)
    found = build_cache.health(key)
    if found is None:
        from mkdocs_echo_plugin.assess import assess

        try:
            read = [lazy.thread for lazy in threads]
        except Unreadable as error:
            health = Health(state="unknown", author_state="unknown", reason=str(error))
            return Surveyed(post, health, threads)
        unread = reader.unread
        found = assess(read, post=post, settings=settings, first_seen=first, reader=reader.reader)
        if reader.unread == unread:  # else it is asked again in the next build
            build_cache.keep_health(key, found)
    if failed and found.thread is not None:
        # some venues answered: their voices are shown, and what is missing is said
        found = replace(found, thread=replace(found.thread, complete=False), reason=why)
    return Surveyed(post, found, threads, fingerprint(key, why))


def _said(post: Post) -> Post:
    """A post without what its author added since, which changes no figure."""
    return replace(post, author_update="", outside_voices=()) if post.author_update or post.outside_voices else post


def _seen_before(threads: Sequence[LazyThread], first: Mapping[str, datetime]) -> dict[str, str]:
    """What a health depends on besides its own threads: who of their authors was first seen elsewhere, and when."""
    seen: dict[str, str] = {}
    for lazy in threads:
        for key, when in lazy.speakers.spoke.items():
            if (elsewhere := first.get(key)) is not None and elsewhere != when:
                seen[key] = elsewhere.isoformat()
        seen.update((key, first[key].isoformat()) for key in lazy.speakers.others if key in first)
    return seen


def site_findings(surveyed: Sequence[Surveyed]) -> tuple[Finding, ...]:
    """What only all posts together show."""
    return findings(
        {one.post.path: one.health for one in surveyed},
        {one.post.path: [lazy.speakers for lazy in one.lazy_threads] for one in surveyed if one.lazy_threads},
    )
