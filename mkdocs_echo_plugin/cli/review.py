"""`review`: the author's own five minutes with the guesses that matter most."""

from __future__ import annotations

import sys
import textwrap
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from mkdocs_echo_plugin.errors import ConfigurationError
from mkdocs_echo_plugin.messages import one_line, plain_text

if TYPE_CHECKING:
    from mkdocs_echo_plugin.config import EchoConfig
    from mkdocs_echo_plugin.model import Health, Post, Settings, Stance, Thread
    from mkdocs_echo_plugin.review.questions import Question
    from mkdocs_echo_plugin.review.readings import CommentReading
    from mkdocs_echo_plugin.stance import Reader
    from mkdocs_echo_plugin.survey import Surveyed

DOZEN: Final = 12
WORDS: Final = 150
WIDTH: Final = 88
MOST_POSTS: Final = 40
"""Posts that are looked at, those where most is open: about five seconds."""
STANCES: Final[dict[str, Stance]] = {"a": "agree", "n": "neutral", "d": "disagree"}
KEYS: Final = "[a]grees  [n]either  [d]isagrees  [s]kip  [u]ndo  [q]uit"


@click.command("review", epilog="\b\nExample:\n  mkdocs-echo review -f mkdocs.yml --next 10")
@click.argument("post", required=False)
@click.option("-f", "--config-file", "given", metavar="FILE", default="mkdocs.yml", show_default=True)
@click.option("--next", "many", metavar="N", type=click.IntRange(min=1), default=10, show_default=True,
              help="How many comments to ask about.")  # fmt: skip
@click.option("--list", "listing", is_flag=True, help="Print how every comment was read, with the key to correct it.")
def review_command(post: str | None, given: str, many: int, listing: bool) -> None:
    """Check the guesses that matter most, one key each.

    Shows the comments of the site, or of one POST (its file, address or title), whose stance would settle most: what
    reads as an objection first, then by how much your answer would make clear. Each key is written to echo-stances.yml
    at once. Asks no comment system: it takes what the last build or `fetch` has kept, and your comment files.
    """
    from mkdocs_echo_plugin.cli.fetch import loaded

    plugin = loaded(Path(given), ask=False)
    config, survey = plugin.config, plugin.survey
    assert survey is not None
    with _reader(config, plugin.site_url) as reader:
        talks = _talks(survey.posts, config, reader)
        chosen = talks if post is None else [talk for talk in talks if talk.is_called(post)]
        if not chosen:
            none = "no comments are kept yet. Run `mkdocs build` or `mkdocs-echo fetch` first."
            raise ConfigurationError(
                f"{given}: {none}" if post is None else f"{post}: no post with comments is called so."
            )
        if listing:
            _print_list(chosen)
        else:
            _ask(chosen, config.overrides_file, many)


@dataclass(slots=True)
class _Talk:
    """A post with its threads, and how they are read with the author's corrections so far."""

    post: Post
    health: Health
    threads: tuple[Thread, ...]
    settings: Settings
    reader: Reader | None

    @property
    def name(self) -> str:
        return one_line(self.post.title or self.post.path)

    def is_called(self, given: str) -> bool:
        post = self.post
        address = (post.canonical_url or "").rstrip("/")
        named = {post.path, post.path.rpartition("/")[2], post.url.strip("/"), address, post.title}
        return given.strip().removeprefix("./").removeprefix("docs/") in named or given.rstrip("/") == address

    def questions(self, passed: set[str]) -> list[Question]:
        from mkdocs_echo_plugin.assess import read
        from mkdocs_echo_plugin.review.questions import questions

        kind, found = read(self.threads, post=self.post, settings=self.settings, reader=self.reader)
        return questions(kind, found, self.settings, passed=passed)

    def says(self) -> str:
        """What the badge says of views and what is open, without the number of people."""
        from mkdocs_echo_plugin.assess import assess

        badge = assess(self.threads, post=self.post, settings=self.settings, reader=self.reader).badge
        text = badge.text if badge else "no badge"
        return text.partition(" · ")[2] or text

    def mark(self, key: str, stance: Stance | None) -> None:
        kept = {k: s for k, s in self.settings.overrides.items() if k != key}
        self.settings = replace(self.settings, overrides=kept if stance is None else {**kept, key: stance})


@contextmanager
def _reader(config: EchoConfig, site_url: str | None) -> Iterator[Reader | None]:
    from mkdocs_echo_plugin.survey.reading import reading

    with reading(config.site(site_url=site_url)) as chosen:
        yield chosen.reader


def _talks(posts: Sequence[Surveyed], config: EchoConfig, reader: Reader | None) -> list[_Talk]:
    """Posts with comments, each with those of the author's corrections that are its own."""
    from mkdocs_echo_plugin.survey.corrections import corrections, learned

    settings = config.settings()
    threads = {one.post.path: one.lazy_threads for one in posts}
    fits = corrections(settings.overrides, threads)
    settings = replace(settings, correction=learned(fits, [one.post for one in posts], threads, settings, reader))
    return [
        _Talk(
            one.post, one.health, one.threads, replace(settings, overrides=fits.by_post.get(one.post.path, {})), reader
        )
        for one in posts
        if one.lazy_threads
    ]


def _print_list(talks: list[_Talk]) -> None:
    """Every comment as a line of the file of corrections, with how it is known behind it."""
    from mkdocs_echo_plugin.cli.streams import write
    from mkdocs_echo_plugin.review.readings import readings
    from mkdocs_echo_plugin.review.stances_file import quoted

    for talk in talks:
        write(f"# {talk.name} ({one_line(talk.post.path)})\n")
        for one in readings(talk.threads, talk.post, talk.settings, reader=talk.reader):
            words = one.words.split()
            shown = one_line(" ".join(words[:DOZEN])) + (" ..." if len(words) > DOZEN else "")
            known = f"{quoted(one.key)}: {one.stance}" if one.stance else f"# {quoted(one.key)}: unknown"
            write(f"{plain_text(known)}  # {_how(one)}, {one.who}: {shown}\n")


def _how(one: CommentReading) -> str:
    if one.how == "read" and one.p is not None:
        return f"guessed, {max(one.p):.0%} sure"
    return {"override": "set by you", "declared": "declared by its writer"}.get(one.how, "not known")


def _ask(talks: list[_Talk], file: Path, many: int) -> None:
    from mkdocs_echo_plugin.cli.streams import write
    from mkdocs_echo_plugin.review.questions import interleaved, promise
    from mkdocs_echo_plugin.review.stances_file import set_stance

    talks = sorted(talks, key=lambda talk: (-promise(talk.health), talk.post.path))[:MOST_POSTS]
    by_path = {talk.post.path: talk for talk in talks}
    passed: set[str] = set()
    waiting = {path: talk.questions(passed) for path, talk in by_path.items()}
    done: list[tuple[_Talk, str, Stance | None]] = []
    asked = 0
    while asked < many:
        following = next(interleaved(list(waiting.items())), None)
        if following is None:
            write("Nothing is left to ask: no answer of yours would make more clear.\n")
            break
        path, question = following
        talk, reading = by_path[path], question.reading
        write(_shown(talk, question, asked + 1, many))
        key = _key()
        if key == "q":
            break
        if key == "u":
            if not done:
                write("Nothing to undo.\n")
                continue
            talk, changed, _ = done.pop()
            before = talk.says()
            set_stance(file, changed, None)
            talk.mark(changed, None)
            passed.discard(changed)
            asked -= 1
            write(f"Taken back. {_changed(talk, before)}\n")
        elif key in STANCES:
            before = talk.says()
            set_stance(file, reading.key, STANCES[key])
            talk.mark(reading.key, STANCES[key])
            done.append((talk, reading.key, STANCES[key]))
            asked += 1
            write(f"{STANCES[key]}. {_changed(talk, before)}\n")
        elif key == "s":
            passed.add(reading.key)
        else:
            write(f"{KEYS}\n")
            continue
        waiting[talk.post.path] = talk.questions(passed)
    if done:
        s = "" if len(done) == 1 else "s"
        write(f"{len(done)} stance{s} written to {file.name}. The next build uses them.\n")


def _shown(talk: _Talk, question: Question, number: int, many: int) -> str:
    reading = question.reading
    lines = ["", f"{number} of {many}   {talk.name}"]
    if reading.answers:
        lines += ["  answers:", *_wrapped(reading.answers, WORDS // 3, "    > ")]
    lines += [f"  {reading.who}:", *_wrapped(reading.words, WORDS, "    ")]
    guess = f"{_how(reading)}: {reading.stance}" if reading.stance else "nothing is known of its stance"
    about = "the comment that it answers" if reading.answers else "the post"
    lines += [f"  ({guess})", f"How does it stand to {about}?  {KEYS}", ""]
    return "\n".join(lines)


def _wrapped(text: str, most: int, indent: str) -> list[str]:
    words = text.split()
    cut = " ".join(words[:most]) + (" ..." if len(words) > most else "")
    shown = plain_text(" ".join(part[:200] for part in cut.split(" ")))
    return textwrap.wrap(shown, WIDTH, initial_indent=indent, subsequent_indent=indent)


def _changed(talk: _Talk, before: str) -> str:
    after = talk.says()
    return f"{talk.name}: {before} -> {after}" if before != after else f"{talk.name}: still {after}"


def _key() -> str:
    """One key from a terminal; from a pipe the first letter of a line, and "q" at its end."""
    if sys.stdin.isatty():
        key = click.getchar()
        return "q" if key in ("\x03", "\x04", "\x1b") else key.lower()
    line = sys.stdin.readline()
    return line.strip()[:1].lower() if line else "q"
