"""The neutral words that every room speaks: post, thread, comment, voice, reading, health.

Nothing here computes, reads or writes; nothing here imports a sibling. Field names follow what the comment systems
share (ConvoKit's utterance, schema.org's Comment, ActivityStreams' inReplyTo).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Literal, NamedTuple, get_args

Stance = Literal["agree", "neutral", "disagree"]
"""What a comment says towards its parent, or a voice towards the post."""

How = Literal["override", "declared", "read", "unknown"]
"""How a stance is known: mended by the site, written by its author, read by the model, or not at all."""

Role = Literal["author", "owner", "member", "user", "bot", "unknown"]
"""What the venue says of who wrote: `author` wrote the post, `owner` owns the venue, `bot` is a program."""

Kind = Literal["comment", "reply", "pingback", "like", "repost", "mention"]
State = Literal["visible", "deleted", "hidden", "pending"]
PostKind = Literal["opinion", "howto", "news", "question", "personal", "fact", "condolence"]
"""What kind of talk a post invites; for all but `opinion`, consensus is never a finding."""

Discussion = Literal["auto", "opinion", "howto", "news", "question", "personal", "fact", "condolence", "off"]
"""What a post's author, or its site, says of its kind: `auto` leaves it to be read, `off` shows nothing."""

DISCUSSIONS: Final[tuple[Discussion, ...]] = get_args(Discussion)

HealthState = Literal[
    "off", "unknown", "quiet", "facts", "early", "unread", "few-sides", "several", "one-side", "unclear"
]
STATES: Final = (*get_args(HealthState), "waiting", "tense")
"""What `fail_on` and `--fail-on` may name: the badge's states, something that waits, and the author's own."""

Verdict = Literal["early", "unread", "few-sides", "several", "one-side", "unclear", "off"]
Side = Literal["agree", "disagree"]
Strength = Literal["nearly-all", "most"]
Span = tuple[int, float, int]
"""(low, expected, high): the 80 % range of a number of people, and its expectation."""


class Probabilities(NamedTuple):
    """Shares or probabilities of the three stances, each 0..1, together 1."""

    disagree: float
    neutral: float
    agree: float


@dataclass(frozen=True, slots=True)
class Post:
    """What is known of a post without its comments.

    `path` names it in reports (src_uri in MkDocs), `url` is its address within the site ("2014/05/first/").
    `threads` are addresses from its front matter: URLs, or paths relative to the site's configuration. `prompt` is the
    post's own question to readers; `embeds` says that the page shows a comment system.
    """

    path: str
    url: str = ""
    canonical_url: str | None = None
    title: str = ""
    description: str = ""
    text: str = ""
    language: str = "en"
    discussion: Discussion = "auto"
    threads: tuple[str, ...] = ()
    key: str | None = None
    aliases: tuple[str, ...] = ()
    author_update: str = ""
    outside_voices: tuple[OutsideVoice, ...] = ()
    prompt: str = ""
    embeds: bool = False


@dataclass(frozen=True, slots=True)
class OutsideVoice:
    """What somebody off-line said to the post's author, who relays it: shown, never counted."""

    who: str
    said: str


@dataclass(frozen=True, slots=True)
class Reaction:
    """A reaction of one known account (`author_key`), or of `count` unnamed ones. `content`: "+1", "-1", "heart" ..."""

    content: str
    author_key: str | None = None
    count: int = 1


@dataclass(frozen=True, slots=True)
class Comment:
    """One remark as its venue gives it, in plain text, with no trace of who wrote it but a keyed hash.

    `text` keeps quotes as lines that begin with "> " and code between backticks; `threads.own_words` takes them out.
    `author_key` is None where nobody is named (deleted account, "Guest"). `addressed` is the key of the participant
    whose name the first line calls ("@Ada ..."). `parent_exact` is False where the venue flattens replies. `read` is
    what a reader read when the words were still there, in threads that were kept without them.
    Times are UTC.
    """

    id: str
    parent_id: str | None = None
    root_id: str | None = None
    parent_exact: bool = True
    author_key: str | None = None
    author_role: Role = "unknown"
    addressed: str | None = None
    created: datetime | None = None
    edited: datetime | None = None
    text: str = ""
    url: str | None = None
    kind: Kind = "comment"
    reactions: tuple[Reaction, ...] = ()
    score: int | None = None
    state: State = "visible"
    declared: Stance | None = None
    read: Probabilities | None = None


@dataclass(frozen=True, slots=True)
class Thread:
    """All that one venue holds for one post, before any cleaning.

    `key` is what the venue itself calls the thread (identifier, number, slug); `page_url` the page that it belongs
    to. `complete` is False where a cap was hit, with the reason beside it. `open` says whether a reply is possible.
    """

    platform: str
    source_url: str | None = None
    page_url: str | None = None
    key: str | None = None
    fetched_at: datetime | None = None
    title: str = ""
    locked: bool = False
    complete: bool = True
    truncated_reason: str | None = None
    reported_count: int | None = None
    open: bool = False
    reactions: tuple[Reaction, ...] = ()
    comments: tuple[Comment, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """What is known of one voice's stance towards the post.

    Known voices have `stance` (override, declared) or `evidence` (read): q_path / pi_path over disagree, neutral,
    agree, positive, uninformative at (1, 1, 1). Both are None where the stance is unknown.
    """

    how: How
    stance: Stance | None = None
    evidence: Probabilities | None = None


@dataclass(frozen=True, slots=True)
class Voice:
    """One distinct author of visible comments, the post's author left out. A voice counts once."""

    key: str | None
    comments: tuple[str, ...]
    reading: Reading


@dataclass(frozen=True, slots=True)
class Tags:
    """The words by which a comment declares its stance, whatever their case.

    A tag made of letters counts where a colon follows it ("Agree: because ..."), or where it is all that the line
    says; a sign ("+1", a thumb) only where it stands alone on its line. `heard` opens an outside view, with a colon.
    """

    agree: tuple[str, ...] = ("agree", "agreed", "i agree", "+1", "\U0001f44d")
    disagree: tuple[str, ...] = ("disagree", "disagreed", "i disagree", "-1", "\u22121", "\U0001f44e")
    neutral: tuple[str, ...] = ("neutral", "neither")
    heard: tuple[str, ...] = ("heard", "gehört", "entendu", "oído", "ouvi")


OUR_READERS: Final = ("embedded", "crossencoder")
"""The readers of stances in the package, which ask nobody."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What a site may choose about the reading of its threads; names as in mkdocs.yml.

    `overrides` are the site's own corrections by `PLATFORM:THREAD#COMMENT`, each towards the comment's parent.
    `reader_options` are what a reader of the site's own choice has to know; `correction` are factors for what the
    reader says, by its most probable stance (`health.correction`).
    """

    reader: str = "embedded"
    reader_options: Mapping[str, str | int | float | bool] = field(default_factory=dict)
    discussion: Discussion = "auto"
    tags: Tags = field(default_factory=Tags)
    overrides: Mapping[str, Stance] = field(default_factory=dict)
    correction: Mapping[Stance, Probabilities] = field(default_factory=dict)
    reactions: Literal["separate", "count"] = "separate"
    tone: Literal["author", "public", "off"] = "author"


@dataclass(frozen=True, slots=True)
class ThreadFacts:
    """health.v1 `thread`: where the talk is and how much of it was seen. `newest` is a date of the data, ISO 8601.

    `source_url` is where people read it on the comment system's own site, None where there is no such place.
    """

    platform: str
    key: str | None
    page_url: str | None
    complete: bool
    parents_exact: bool
    open: bool
    newest: str | None
    source_url: str | None = None


@dataclass(frozen=True, slots=True)
class CommentCounts:
    """health.v1 `comments`: how many were read, and how many were not, by reason."""

    read: int = 0
    deleted: int = 0
    pending: int = 0
    pings: int = 0
    bots: int = 0
    unsupported_language: int = 0


@dataclass(frozen=True, slots=True)
class KindReading:
    """What a reader says of a post: whether it takes a position, whether it asks, and which kind it is (together 1)."""

    p_position: float
    p_question: float
    kinds: Mapping[PostKind, float]


@dataclass(frozen=True, slots=True)
class KindFacts:
    """health.v1 `kind`: what the post is taken for, `set` by its author or site, `read`, or `default` if neither.

    `p` is the probability that it takes a position, 1 or 0 where it was set.
    """

    value: PostKind = "opinion"
    how: Literal["set", "read", "default"] = "default"
    p: float = 1.0


@dataclass(frozen=True, slots=True)
class VoiceCounts:
    """health.v1 `voices`. agree, neutral, disagree are (low, expected, high) people; None under five known voices."""

    n: int = 0
    known: int = 0
    declared: int = 0
    overridden: int = 0
    read: int = 0
    anonymous: int = 0
    agree: Span | None = None
    neutral: Span | None = None
    disagree: Span | None = None


@dataclass(frozen=True, slots=True)
class Range:
    """health.v1 `range`: D, 0 (all alike) to 1 (split in halves), what misreading leaves open of it, and the verdict.

    `d` is None where any stance was read; `low` and `high` bound 80 %. All numbers are None where the range is off
    or too few voices are known. `p` are the verdicts' probabilities, `p_said` that of what the verdict says.
    """

    d: float | None = None
    median: float | None = None
    low: float | None = None
    high: float | None = None
    verdict: Verdict = "early"
    side: Side | None = None
    strength: Strength | None = None
    p: Mapping[str, float] | None = None
    p_said: float | None = None


WaitingKind = Literal["objection", "question"]
"""`objection`: declared by its writer, or marked by the site's author."""

AuthorOnly = Literal["dissent", "comment"]
"""A disagreement that a model read, any other comment without a reply: nothing that the public is told of."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A comment that nobody answered. `words` are its first dozen, for a page; no report has them."""

    kind: WaitingKind | AuthorOnly
    comment_id: str
    url: str | None
    since: str | None
    words: str = ""


@dataclass(frozen=True, slots=True)
class Open:
    """health.v1 `open`: how many questions and objections wait for an answer, and which; the longest first.

    `author_only` are dissents that a model read and other comments without a reply: never public.
    """

    questions: int = 0
    objections: int = 0
    waiting: tuple[Waiting, ...] = ()
    author_only: tuple[Waiting, ...] = ()


@dataclass(frozen=True, slots=True)
class Answers:
    """health.v1 `answers`: objections, how many are answered, and the median seconds to a comment's first reply.

    `time_to_first_reply` is None where no comment has a reply whose parent is exact.
    """

    objections: int = 0
    answered: int = 0
    time_to_first_reply: float | None = None


@dataclass(frozen=True, slots=True)
class Breadth:
    """health.v1 `breadth`: first-time voices (None without the rest of the site) and the effective number of voices."""

    first_time: int | None
    effective_voices: float | None


@dataclass(frozen=True, slots=True)
class PolicyFindings:
    """health.v1 `policy`: comments against the policy that the site shows. Counts; they name nobody."""

    brief: int = 0
    links: int = 0


@dataclass(frozen=True, slots=True)
class ToneFacts:
    """For the author alone: heat, about -0.5 to 2, and whether it is worth a look."""

    heat: float
    flag: bool


@dataclass(frozen=True, slots=True)
class ReactionCounts:
    """Thumbs on the post itself by identified accounts, shown in a row of their own."""

    up: int = 0
    down: int = 0


@dataclass(frozen=True, slots=True)
class Heard:
    """An outside view: a comment that begins with "Heard:" and says what somebody said elsewhere. Nobody's stance."""

    comment_id: str
    url: str | None
    words: str


@dataclass(frozen=True, slots=True)
class Badge:
    """What the badge says, the longer title that is read aloud, and `small`, its people and views for a picture."""

    text: str
    title: str
    small: str = ""


@dataclass(frozen=True, slots=True)
class Prompt:
    """One concrete act: `reader` is public, `author` is for the digest; either may be empty."""

    key: str
    reader: str
    author: str


@dataclass(frozen=True, slots=True)
class Venue:
    """One venue's own figures, beside the others of the same post."""

    thread: ThreadFacts
    comments: CommentCounts
    voices: VoiceCounts
    range: Range
    open: Open
    answers: Answers
    tone: ToneFacts | None


@dataclass(frozen=True, slots=True)
class Health:
    """All that is known of one post's discussion. `wire.health_to_dict` writes it as health.v1.

    `reason` says why the state is `unknown`, for people. `outside` are places of comments that say what somebody
    outside said. `tone`, `author_state` and `open.author_only` are the author's alone.
    """

    state: HealthState
    thread: ThreadFacts | None = None
    kind: KindFacts = field(default_factory=KindFacts)
    comments: CommentCounts = field(default_factory=CommentCounts)
    voices: VoiceCounts = field(default_factory=VoiceCounts)
    range: Range = field(default_factory=Range)
    open: Open = field(default_factory=Open)
    answers: Answers = field(default_factory=Answers)
    outside: tuple[Heard, ...] = ()
    breadth: Breadth = field(default_factory=lambda: Breadth(None, None))
    policy: PolicyFindings = field(default_factory=PolicyFindings)
    reactions: ReactionCounts = field(default_factory=ReactionCounts)
    venues: tuple[Venue, ...] = ()
    badge: Badge | None = None
    prompt: Prompt | None = None
    tone: ToneFacts | None = None
    author_state: str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """Something about the site as a whole that a single post cannot show."""

    key: str
    text: str
    posts: tuple[str, ...] = ()
