"""From a post's threads to the health of its discussion. No MkDocs, no network, no clock."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from mkdocs_echo_plugin.health.answers import answers
from mkdocs_echo_plugin.health.breadth import breadth
from mkdocs_echo_plugin.health.bridging import highlight
from mkdocs_echo_plugin.health.fresh import fresh
from mkdocs_echo_plugin.health.policy import policy
from mkdocs_echo_plugin.health.state import RESTS_ON_STANCES, state
from mkdocs_echo_plugin.health.tone import tone
from mkdocs_echo_plugin.health.views import FEWEST, Counts, range_of_views
from mkdocs_echo_plugin.model import (
    Answers,
    CommentCounts,
    Health,
    Post,
    Probabilities,
    Range,
    Reaction,
    ReactionCounts,
    Settings,
    Thread,
    ThreadFacts,
    ToneFacts,
    Venue,
    VoiceCounts,
)
from mkdocs_echo_plugin.prompts import add_badge
from mkdocs_echo_plugin.serialize import time_to_text
from mkdocs_echo_plugin.stance import load
from mkdocs_echo_plugin.stance.edges import READ_LANGUAGE, Edge, edges
from mkdocs_echo_plugin.stance.voices import Towards, VoiceOf, towards_post, voices
from mkdocs_echo_plugin.threads import CleanThread, Remark, clean, in_time

__all__ = ["Settings", "assess", "unknown"]


@dataclass(frozen=True, slots=True)
class _Read:
    """One venue's thread, cleaned and read."""

    clean: CleanThread
    edges: list[Edge]
    stances: list[Towards | None]
    voices: list[VoiceOf]


def assess(
    threads: Sequence[Thread],
    *,
    post: Post | None = None,
    settings: Settings | None = None,
    first_seen: Mapping[str, datetime] | None = None,
) -> Health:
    """The health of the discussion in a post's threads, which are read as one and shown side by side.

    Args:
        threads: one a venue; none, or none with a comment, is `quiet`.
        post: without it, top-level comments have nothing to be read against, and fresh content is not judged.
        settings: the site's choices.
        first_seen: for each author key its first comment on the site (`sitewide.first_seen`).

    Raises:
        ConfigurationError: the reader that the settings name does not exist or is not installed.
    """
    settings = settings or Settings()
    path, language = (post.path, post.language) if post else ("", READ_LANGUAGE)
    if post is not None and post.discussion == "off":
        return Health(state="off", range=Range(verdict="off"))
    reader = load(settings.reader)
    venues = []
    for thread in threads:
        cleaned = clean(thread)
        found = edges(cleaned, post=post, reader=reader, tags=settings.tags, overrides=settings.overrides)
        venues.append(_read(cleaned, found, reader.pi, _thumbs(thread, settings)))
    whole = venues[0] if len(venues) == 1 else _merged(venues, reader.pi, settings)
    discussion = post.discussion if post else "opinion"
    counts, figures = _views(whole.voices, is_opinion=discussion == "opinion")
    said = _joined([answers(v.clean, v.edges, v.voices) for v in venues])
    heat = None if settings.tone == "off" else _tone(whole)
    word = state(discussion, whole.clean.counts.read, figures, said)
    health = Health(
        state=word,
        thread=_facts([v.clean for v in venues]) if venues else None,
        comments=_comments(whole),
        voices=counts,
        range=figures,
        answers=said,
        fresh=fresh(whole.clean.remarks, whole.edges, post),
        breadth=breadth(whole.voices, whole.clean.remarks, first_seen),
        policy=policy(whole.clean.remarks),
        reactions=_reactions(threads),
        highlight=highlight(whole.clean.remarks, whole.edges, whole.stances, whole.voices),
        venues=_side_by_side(venues, counts.known, post, settings) if len(venues) > 1 else (),
        tone=heat,
        author_state="tense" if heat and heat.flag and word in RESTS_ON_STANCES else word,
    )
    return add_badge(health, path=path, language=language, tone_is_public=settings.tone == "public")


def _read(cleaned: CleanThread, found: list[Edge], pi: Probabilities, thumbs: Sequence[Reaction]) -> _Read:
    stances = towards_post(cleaned.remarks, found, pi)
    return _Read(cleaned, found, stances, voices(cleaned.remarks, found, stances, thumbs))


def unknown(reason: str) -> Health:
    """The health of a post whose thread could not be read: no badge, never a low score, and why."""
    return Health(state="unknown", author_state="unknown", reason=reason)


def _merged(venues: Sequence[_Read], pi: Probabilities, settings: Settings) -> _Read:
    """Several venues as one talk in order of time; replies stay within their venue."""
    entries = sorted(
        ((v, i) for v in range(len(venues)) for i in range(len(venues[v].edges))),
        key=lambda entry: (*in_time(venues[entry[0]].clean.remarks[entry[1]].comment), entry),
    )
    place = {entry: at for at, entry in enumerate(entries)}
    remarks: list[Remark] = []
    for v, i in entries:
        remark = venues[v].clean.remarks[i]
        above = None if remark.parent is None else place[v, remark.parent]
        remarks.append(replace(remark, parent=above, root=place[v, remark.root]))
    merged_edges = [venues[v].edges[i] for v, i in entries]
    parts = [v.clean.counts for v in venues]
    counts = CommentCounts(
        read=sum(c.read for c in parts),
        deleted=sum(c.deleted for c in parts),
        pending=sum(c.pending for c in parts),
        pings=sum(c.pings for c in parts),
        bots=sum(c.bots for c in parts),
    )
    thumbs = [thumb for v in venues for thumb in _thumbs(v.clean.thread, settings)]
    cleaned = CleanThread(thread=Thread(platform="several"), remarks=tuple(remarks), counts=counts)
    return _read(cleaned, merged_edges, pi, thumbs)


def _thumbs(thread: Thread, settings: Settings) -> tuple[Reaction, ...]:
    return thread.reactions if settings.reactions == "count" else ()


def _evidence(voices: Sequence[VoiceOf]) -> tuple[list[int], list[Probabilities], int]:
    """Declared or overridden voices that agree, are neutral, disagree; the evidence of the read; the unknown."""
    readings = [v.voice.reading for v in voices]
    certain = [sum(r.stance == stance for r in readings) for stance in ("agree", "neutral", "disagree")]
    return certain, [r.evidence for r in readings if r.evidence is not None], sum(r.how == "unknown" for r in readings)


def _views(voices: Sequence[VoiceOf], *, is_opinion: bool) -> tuple[VoiceCounts, Range]:
    """The voices counted, and their range of views: no number of stances under five known voices."""
    (agree, neutral, disagree), evidence, unread = _evidence(voices)
    how = [v.voice.reading.how for v in voices]
    known = len(voices) - unread
    shown: Counts | tuple[None, None, None] = (None, None, None)
    if is_opinion:
        figures, expected = range_of_views(agree, neutral, disagree, evidence, unknown=unread)
        if known >= FEWEST:
            shown = expected
        else:
            figures = Range(verdict=figures.verdict)
    else:
        figures = Range(verdict="off")
    counts = VoiceCounts(
        n=len(voices),
        known=known,
        declared=how.count("declared"),
        overridden=how.count("override"),
        read=how.count("read"),
        anonymous=sum(v.voice.key is None for v in voices),
        agree=shown[0],
        neutral=shown[1],
        disagree=shown[2],
    )
    return counts, figures


def _facts(cleans: Sequence[CleanThread]) -> ThreadFacts:
    threads = [c.thread for c in cleans]
    times = [r.comment.created for c in cleans for r in c.remarks if r.comment.created is not None]
    platforms = list(dict.fromkeys(t.platform for t in threads))
    return ThreadFacts(
        platform="+".join(platforms),
        key=threads[0].key if len(threads) == 1 else None,
        page_url=next((t.page_url for t in threads if t.page_url), None),
        complete=all(t.complete for t in threads),
        parents_exact=all(r.comment.parent_exact for c in cleans for r in c.remarks),
        open=any(t.open and not t.locked for t in threads),
        newest=time_to_text(max(times, default=None)),
    )


def _comments(read: _Read) -> CommentCounts:
    unsupported = sum(e.language != READ_LANGUAGE and e.stance is None for e in read.edges)
    return replace(read.clean.counts, unsupported_language=unsupported)


def _joined(parts: Sequence[Answers]) -> Answers:
    waiting = sorted((w for part in parts for w in part.waiting), key=lambda w: (w.since or "", w.comment_id))
    return Answers(
        dissents=sum(a.dissents for a in parts),
        answered=sum(a.answered for a in parts),
        declared_dissents=sum(a.declared_dissents for a in parts),
        declared_answered=sum(a.declared_answered for a in parts),
        questions=sum(a.questions for a in parts),
        unreplied=sum(a.unreplied for a in parts),
        waiting=tuple(waiting),
    )


def _tone(read: _Read) -> ToneFacts | None:
    english = [
        (remark.comment.author_key or remark.comment.id, remark.words)
        for remark, edge in zip(read.clean.remarks, read.edges, strict=True)
        if edge.language == READ_LANGUAGE
    ]
    found = tone(english)
    return None if found is None else ToneFacts(heat=round(found.heat, 9), flag=found.flag)


def _reactions(threads: Sequence[Thread]) -> ReactionCounts:
    named = [r.content for t in threads for r in t.reactions if r.author_key is not None]
    return ReactionCounts(up=named.count("+1"), down=named.count("-1"))


def _side_by_side(venues: Sequence[_Read], known: int, post: Post | None, settings: Settings) -> tuple[Venue, ...]:
    """Each venue's own figures. Stances only where every venue, and what is left of the whole without it, has five
    known voices: else what one withholds could be found by subtraction."""
    each = [sum(v.voice.reading.how != "unknown" for v in venue.voices) for venue in venues]
    counted = min(each) >= FEWEST and known - max(each) >= FEWEST
    return tuple(_venue(venue, post, settings, counted=counted) for venue in venues)


def _venue(read: _Read, post: Post | None, settings: Settings, *, counted: bool) -> Venue:
    counts, own = _views(read.voices, is_opinion=post is None or post.discussion == "opinion")
    if counted and own.verdict != "off":
        certain, evidence, _ = _evidence(read.voices)
        from mkdocs_echo_plugin.health.venues import venue_range

        own = venue_range(own, certain, evidence)
    else:
        counts = replace(counts, agree=None, neutral=None, disagree=None)
        own = Range(verdict=own.verdict if own.verdict in ("off", "early", "unread") else "unread")
    return Venue(
        thread=_facts([read.clean]),
        comments=_comments(read),
        voices=counts,
        range=own,
        answers=answers(read.clean, read.edges, read.voices),
        fresh=fresh(read.clean.remarks, read.edges, post),
        tone=None if settings.tone == "off" else _tone(read),
    )
