"""What came of asking: threads and failures by post, and an account of each source."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from mkdocs_echo_plugin.model import Post
from mkdocs_echo_plugin.survey.records import LazyThread, SourceAccount, Unmatched


@dataclass(frozen=True, slots=True)
class Gathered:
    """By post's path: its `threads`, and what `failed` as (source, why). And what belongs to no post."""

    threads: dict[str, tuple[LazyThread, ...]]
    failed: dict[str, tuple[tuple[str, str], ...]]
    unmatched: tuple[Unmatched, ...]
    accounts: tuple[SourceAccount, ...]
    by_hand: frozenset[str] = frozenset()
    """The posts for which a thread that their front matter names could not be read."""


@dataclass(slots=True)
class Tally:
    """The same, while it grows."""

    threads: defaultdict[str, list[LazyThread]] = field(default_factory=lambda: defaultdict(list))
    failed: defaultdict[str, list[tuple[str, str]]] = field(default_factory=lambda: defaultdict(list))
    unmatched: list[Unmatched] = field(default_factory=list)
    accounts: dict[str, SourceAccount] = field(default_factory=dict)
    by_hand: set[str] = field(default_factory=set)

    def answer(
        self, source: str, post: Post, threads: Sequence[LazyThread], *, cached: bool = False, stale: str = ""
    ) -> None:
        """A source has answered for a post, perhaps with nothing; `stale` says why an older answer had to do."""
        was = self.accounts.setdefault(source, SourceAccount(source))
        self.accounts[source] = replace(
            was,
            asked=was.asked + 1,
            answered=was.answered + (not cached),
            from_cache=was.from_cache + cached,
            stale=(*was.stale, (post.path, stale)) if stale else was.stale,
        )
        self.threads[post.path] += threads

    def failure(self, source: str, post: Post, why: str, *, lacking: str | None = None, by_hand: bool = False) -> None:
        """A source could not answer for a post; `by_hand` where its front matter names the thread."""
        if by_hand:
            self.by_hand.add(post.path)
        was = self.accounts.setdefault(source, SourceAccount(source))
        failed = (*was.failed, (post.path, why))
        self.accounts[source] = replace(was, asked=was.asked + 1, failed=failed, lacking=was.lacking or lacking)
        self.failed[post.path].append((source, why))

    def broken(self, source: str, files: Sequence[tuple[str, str]]) -> None:
        """Files of a source that could not be read."""
        was = self.accounts.setdefault(source, SourceAccount(source))
        self.accounts[source] = replace(was, broken=(*was.broken, *files), is_network=False)

    def close(self) -> Gathered:
        """What was gathered; a thread that two ways led to stands there once."""
        return Gathered(
            threads={path: _once(threads) for path, threads in self.threads.items() if threads},
            failed={path: tuple(why) for path, why in self.failed.items()},
            unmatched=tuple(self.unmatched),
            accounts=tuple(self.accounts.values()),
            by_hand=frozenset(self.by_hand),
        )


def _once(threads: Sequence[LazyThread]) -> tuple[LazyThread, ...]:
    found: dict[object, LazyThread] = {}
    for thread in threads:
        name = (
            (thread.speakers.platform, thread.source_url, thread.key) if thread.source_url or thread.key else id(thread)
        )
        found.setdefault(name, thread)
    return tuple(found.values())
