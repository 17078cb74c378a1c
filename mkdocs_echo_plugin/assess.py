"""From a post's threads to the health of its discussion. No MkDocs, no network, no clock."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from mkdocs_echo_plugin.health.breadth import breadth
from mkdocs_echo_plugin.health.correction import corrected
from mkdocs_echo_plugin.health.estimate import trust_in
from mkdocs_echo_plugin.health.kind import kind_of
from mkdocs_echo_plugin.health.policy import policy
from mkdocs_echo_plugin.health.state import RESTS_ON_STANCES, state
from mkdocs_echo_plugin.health.tone import tone
from mkdocs_echo_plugin.health.views import range_of_views
from mkdocs_echo_plugin.health.waiting import waiting
from mkdocs_echo_plugin.model import (
    Answers,
    CommentCounts,
    Health,
    Heard,
    KindFacts,
    Open,
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
    Waiting,
)
from mkdocs_echo_plugin.prompts import add_badge
from mkdocs_echo_plugin.serialize import time_to_text
from mkdocs_echo_plugin.stance import Reader, load
from mkdocs_echo_plugin.stance.declared import heard
from mkdocs_echo_plugin.stance.edges import READ_LANGUAGE, Edge, edges
from mkdocs_echo_plugin.stance.voices import Towards, VoiceOf, towards_post, voices
from mkdocs_echo_plugin.threads import CleanThread, Remark, clean, in_time
from mkdocs_echo_plugin.thresholds import FEWEST

__all__ = ["Read", "Settings", "assess", "merged", "read", "thumbs_of", "unknown", "views_of", "with_voices"]

QUOTED = 1000  # characters of an outside view that are kept


@dataclass(frozen=True, slots=True)
class Read:
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
    reader: Reader | None = None,
) -> Health:
    """The health of the discussion in a post's threads, which are read as one and shown side by side.

    Args:
        threads: one a venue; none, or none with a comment, is `quiet`.
        post: without it, top-level comments have nothing to be read against.
        settings: the site's choices.
        first_seen: for each author key its first comment on the site (`sitewide.first_seen`).
        reader: who reads; without it the one that the settings name.

    Raises:
        ConfigurationError: the reader that the settings name does not exist or is not installed.
    """
    settings = settings or Settings()
    language = post.language if post else READ_LANGUAGE
    said = post.discussion if post is not None and post.discussion != "auto" else settings.discussion
    if said == "off":
        return Health(state="off", range=Range(verdict="off"))
    kind, venues = read(threads, post=post, settings=settings, reader=reader)
    whole = merged(venues, settings)
    counts, figures = views_of(whole.voices, kind, settings)
    open_, answers = _waiting(venues, whole, settings)
    heat = None if settings.tone == "off" else _tone(whole)
    word = state(kind.value, whole.clean.counts.read, figures)
    health = Health(
        state=word,
        thread=_facts([v.clean for v in venues]) if venues else None,
        kind=kind,
        comments=_comments(whole),
        voices=counts,
        range=figures,
        open=open_,
        answers=answers,
        outside=_outside(whole, settings),
        breadth=breadth(whole.voices, whole.clean.remarks, first_seen),
        policy=policy(whole.clean.remarks),
        reactions=_reactions(threads),
        venues=_side_by_side(venues, counts.known, kind, settings) if len(venues) > 1 else (),
        tone=heat,
        author_state="tense" if heat and heat.flag and word in RESTS_ON_STANCES else word,
    )
    return add_badge(health, post=post, language=language, tone_is_public=settings.tone == "public")


def read(
    threads: Sequence[Thread], *, post: Post | None, settings: Settings, reader: Reader | None = None
) -> tuple[KindFacts, list[Read]]:
    """What a post is taken for, and its threads, cleaned and read, before anything is counted. Raises as `assess`."""
    kind = kind_of(post, settings.discussion)
    reader = reader or load(settings.reader)
    # a post that asks has no side to take: what is said to it is not read
    to_read = None if kind.value == "question" else post
    found = []
    for thread in threads:
        cleaned = clean(thread)
        edged = edges(cleaned, post=to_read, reader=reader, tags=settings.tags, overrides=settings.overrides)
        if settings.correction:
            edged = [replace(e, q=corrected(e.q, settings.correction)) if e.q else e for e in edged]
        found.append(with_voices(cleaned, edged, thumbs_of(thread, settings)))
    return kind, found


def with_voices(cleaned: CleanThread, found: list[Edge], thumbs: Sequence[Reaction]) -> Read:
    """A thread whose edges are known, with the voices that they make."""
    stances = towards_post(cleaned.remarks, found)
    return Read(cleaned, found, stances, voices(cleaned.remarks, found, stances, thumbs))


def unknown(reason: str) -> Health:
    """The health of a post whose thread could not be read: no badge, never a low score, and why."""
    return Health(state="unknown", author_state="unknown", reason=reason)


def merged(venues: Sequence[Read], settings: Settings) -> Read:
    """Several venues as one talk in order of time; replies stay within their venue."""
    if len(venues) == 1:
        return venues[0]
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
    thumbs = [thumb for v in venues for thumb in thumbs_of(v.clean.thread, settings)]
    cleaned = CleanThread(thread=Thread(platform="several"), remarks=tuple(remarks), counts=counts)
    return with_voices(cleaned, merged_edges, thumbs)


def thumbs_of(thread: Thread, settings: Settings) -> tuple[Reaction, ...]:
    """The thumbs on the post that count as stances."""
    return thread.reactions if settings.reactions == "count" else ()


def _evidence(voices: Sequence[VoiceOf]) -> tuple[list[int], list[Probabilities], int]:
    """Declared or overridden voices that agree, are neutral, disagree; the evidence of the read; the unknown."""
    readings = [v.voice.reading for v in voices]
    certain = [sum(r.stance == stance for r in readings) for stance in ("agree", "neutral", "disagree")]
    return certain, [r.evidence for r in readings if r.evidence is not None], sum(r.how == "unknown" for r in readings)


def views_of(voices: Sequence[VoiceOf], kind: KindFacts, settings: Settings) -> tuple[VoiceCounts, Range]:
    """The voices counted, and their range of views: no number of stances under five known voices."""
    (agree, neutral, disagree), evidence, unread = _evidence(voices)
    how = [v.voice.reading.how for v in voices]
    known = len(voices) - unread
    counts = VoiceCounts(
        n=len(voices),
        known=known,
        declared=how.count("declared"),
        overridden=how.count("override"),
        read=how.count("read"),
        anonymous=sum(v.voice.key is None for v in voices),
    )
    if kind.value != "opinion":
        return counts, Range(verdict="off")
    views = range_of_views(
        agree, neutral, disagree, evidence, unknown=unread, position=kind.p, trust=trust_in(settings.reader)
    )
    if known < FEWEST:
        return counts, Range(verdict=views.range.verdict)
    return replace(counts, agree=views.agree, neutral=views.neutral, disagree=views.disagree), views.range


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
        source_url=next((t.source_url for t in threads if t.source_url), None),
    )


def _comments(read: Read) -> CommentCounts:
    unsupported = sum(e.language != READ_LANGUAGE and e.stance is None for e in read.edges)
    return replace(read.clean.counts, unsupported_language=unsupported)


def _waiting(venues: Sequence[Read], whole: Read, settings: Settings) -> tuple[Open, Answers]:
    """What waits in every venue, the longest first; the median time to a reply is that of all comments together."""
    questions = trust_in(settings.reader).questions
    parts = [waiting(v.clean, v.edges, v.voices, questions=questions) for v in venues]
    if len(parts) == 1:
        return parts[0]
    opens, answers = [of for of, _ in parts], [of for _, of in parts]
    return (
        Open(
            questions=sum(of.questions for of in opens),
            objections=sum(of.objections for of in opens),
            waiting=_longest_first(w for of in opens for w in of.waiting),
            author_only=_longest_first(w for of in opens for w in of.author_only),
        ),
        Answers(
            objections=sum(of.objections for of in answers),
            answered=sum(of.answered for of in answers),
            time_to_first_reply=waiting(whole.clean, whole.edges, whole.voices)[1].time_to_first_reply,
        ),
    )


def _longest_first(found: Iterable[Waiting]) -> tuple[Waiting, ...]:
    return tuple(sorted(found, key=lambda w: (w.since or "", w.comment_id)))


def _outside(read: Read, settings: Settings) -> tuple[Heard, ...]:
    said = ((remark.comment, heard(remark.comment.text, settings.tags)) for remark in read.clean.remarks)
    return tuple(Heard(comment.id, comment.url, words[:QUOTED]) for comment, words in said if words)


def _tone(read: Read) -> ToneFacts | None:
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


def _side_by_side(venues: Sequence[Read], known: int, kind: KindFacts, settings: Settings) -> tuple[Venue, ...]:
    """Each venue's own figures. Stances only where every venue, and what is left of the whole without it, has five
    known voices: else what one withholds could be found by subtraction."""
    each = [sum(v.voice.reading.how != "unknown" for v in venue.voices) for venue in venues]
    counted = min(each) >= FEWEST and known - max(each) >= FEWEST
    return tuple(_venue(venue, kind, settings, counted=counted) for venue in venues)


def _venue(read: Read, kind: KindFacts, settings: Settings, *, counted: bool) -> Venue:
    counts, own = views_of(read.voices, kind, settings)
    if counted and own.verdict != "off":
        certain, evidence, _ = _evidence(read.voices)
        from mkdocs_echo_plugin.health.venues import venue_range

        own = venue_range(own, certain, evidence, position=kind.p, trust=trust_in(settings.reader))
    else:
        counts = replace(counts, agree=None, neutral=None, disagree=None)
        own = Range(verdict=own.verdict if own.verdict in ("off", "early", "unread") else "unread")
    open_, answers = _waiting([read], read, settings)
    return Venue(
        thread=_facts([read.clean]),
        comments=_comments(read),
        voices=counts,
        range=own,
        open=open_,
        answers=answers,
        tone=None if settings.tone == "off" else _tone(read),
    )
