"""Which thread of a file belongs to which post. Nothing is guessed: what fits two posts is reported and not used.

Paths only are compared (`sources.page_paths`): scheme, host, tracking parameters, index.html, .html, the last slash and
the sub-path of the site (or of the old site) are left out of every address. The rules, and for each post the first that
hits:

    1. front matter `echo.threads`: a file that holds one thread, or an address
    2. `echo.key`: the thread's identifier, its page's path, or the last segment of that
    3. `aliases`: the path of the thread's page
    4. the post's own path is that of the thread's page
    5. the thread's identifier is the post's path
    6. the last segment, without a leading date ("index.md" counts as its folder)

A post may have a thread on each of several platforms. Several of one platform at one page (http and https, with and
without a slash, `?utm_source=...`, a duplicate) are one thread in parts; of different pages they are ambiguous, unless
the front matter names each of them.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from mkdocs_echo_plugin.errors import ConfigurationError
from mkdocs_echo_plugin.model import Post
from mkdocs_echo_plugin.sources.page_paths import PagePaths, path_of

RULES = ("threads", "key", "aliases", "path", "identifier", "last")
LISTS = frozenset({"threads", "aliases"})
"""The rules by which the front matter may name several things: each name stands for a thread of its own."""
DATE = re.compile(r"^\d{4}-\d{1,2}-\d{1,2}[-_]")


@dataclass(frozen=True, slots=True)
class Located:
    """What a thread is called (fields as in `RawThread`), and the file it stands in ("comments/a.json")."""

    platform: str
    page_url: str | None = None
    key: str | None = None
    source_url: str | None = None
    aliases: tuple[str, ...] = ()
    origin: str = ""


@dataclass(frozen=True, slots=True)
class Misfit:
    """A thread that no post got, with the reason for people.

    `posts` are the paths of those that it may belong to and that have no thread of its platform for certain.
    """

    thread: Located
    reason: str
    posts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Matches:
    """`matched` by `Post.path`, in the order of the threads; the others with the reason why no post got them.

    `named` are the threads that a post's front matter names one by one, so that each of them stands for itself.
    """

    matched: dict[str, tuple[Located, ...]] = field(default_factory=dict)
    unmatched: tuple[Misfit, ...] = ()
    ambiguous: tuple[Misfit, ...] = ()
    named: tuple[Located, ...] = ()


def read_map(path: Path) -> dict[str, str]:
    """A `map:` file: CSV of old,new addresses or paths; a header line and empty lines are skipped.

    Raises:
        ConfigurationError: not readable, or a line without two columns; names the line.
    """
    found: dict[str, str] = {}
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            reader = csv.reader(lines)
            for row in reader:
                cells = [cell.strip() for cell in row]
                if not any(cells) or [c.casefold() for c in cells[:2]] == ["old", "new"]:
                    continue
                if len(cells) < 2 or not cells[0]:
                    raise ConfigurationError(f"{path}, line {reader.line_num}: write old address,new address.")
                found[cells[0]] = cells[1]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise ConfigurationError(f"{path}: cannot be read as a map of addresses ({error}).") from error
    return found


def match(
    posts: Sequence[Post],
    threads: Sequence[Located],
    *,
    site_url: str | None = None,
    from_: str | None = None,
    map_: Mapping[str, str] | None = None,
) -> Matches:
    """Gives each thread to the post that it belongs to, by the rules above. O(posts + threads).

    Args:
        site_url: the site's own address; its sub-path is left out of addresses.
        from_: the old site's address, its sub-path too.
        map_: old addresses to new ones, see `read_map`. An old one with a query ("/?p=12") is compared with it.
    """
    paths = PagePaths([site_url, from_], map_ or {})
    in_file = Counter(one.origin for one in threads)
    names = [_names(one, paths, alone=in_file[one.origin] == 1) for one in threads]
    wanted = [_wishes(post, paths) for post in posts]
    given: dict[int, str] = {}
    by_rule: dict[int, str] = {}
    lost = dict.fromkeys(range(len(threads)), "no post has its address, key or name")
    unclear: dict[int, tuple[str, tuple[str, ...]]] = {}
    for rule in RULES:
        askers: defaultdict[str, dict[str, None]] = defaultdict(dict)
        for post, wishes in zip(posts, wanted, strict=True):
            for name in wishes[rule]:
                askers[name][post.path] = None
        taken: defaultdict[tuple[str, str], dict[str, None]] = defaultdict(dict)
        for place, path in given.items():
            taken[path, threads[place].platform] |= names[place]["page"]
        hits: dict[tuple[str, str], list[int]] = defaultdict(list)
        for place in [place for place in lost if place not in unclear]:
            fitting = {path: None for name in names[place][rule] for path in askers.get(name, ())}
            if len(fitting) > 1:
                free = tuple(path for path in fitting if (path, threads[place].platform) not in taken)
                unclear[place] = f"fits {len(fitting)} posts: {', '.join(sorted(fitting)[:5])}", free
            for path in fitting if len(fitting) == 1 else ():
                hits[path, threads[place].platform].append(place)
        for (path, platform), found in hits.items():
            pages = taken.get((path, platform))
            if pages is not None:
                for place in found:
                    if pages.keys() & names[place]["page"].keys():  # the same page, under another of its names
                        given[place], by_rule[place] = path, rule
                        del lost[place]
                    else:
                        lost[place] = (
                            f"{path} has another {platform} thread by a stronger rule; name both in echo.threads"
                        )
            elif rule in LISTS or _is_one_page([names[place]["page"] for place in found]):
                for place in found:
                    given[place], by_rule[place] = path, rule
                    del lost[place]
            else:
                why = f"one of {len(found)} {platform} threads that fit {path}; name it in echo.threads"
                unclear.update((place, (why, (path,))) for place in found)
    matched: defaultdict[str, list[Located]] = defaultdict(list)
    for place in sorted(given):
        matched[given[place]].append(threads[place])
    return Matches(
        {path: tuple(found) for path, found in matched.items()},
        tuple(Misfit(threads[place], reason) for place, reason in lost.items() if place not in unclear),
        tuple(Misfit(threads[place], *unclear[place]) for place in sorted(unclear)),
        tuple(threads[place] for place in sorted(given) if by_rule[place] == "threads"),
    )


def _is_one_page(pages: Sequence[Mapping[str, None]]) -> bool:
    """Whether several threads stand at one page; one thread always does, two without an address do not."""
    return len(pages) == 1 or bool(set.intersection(*(set(page) for page in pages)))


def _address(url: str | None) -> str | None:
    """A URL whole, host and query included: how the front matter names a thread in `echo.threads`."""
    return url.partition("//")[2].partition("#")[0].rstrip("/").casefold() if url and "//" in url else None


def _last(path: str) -> str:
    return DATE.sub("", path.rpartition("/")[2]).casefold()


def _file(path: str) -> str:
    return "file " + PurePosixPath(path.replace("\\", "/")).as_posix()


def _some(*names: str | None) -> dict[str, None]:
    return dict.fromkeys(name for name in names if name)


def _wishes(post: Post, paths: PagePaths) -> dict[str, dict[str, None]]:
    """By what names each rule looks for a post's threads."""
    source = PurePosixPath(post.path)
    folder = source.stem.casefold() in {"index", "readme"}
    own = _some(*paths.without_base(post.url), *paths.without_base(post.canonical_url))
    on_disk = path_of(str(source.parent if folder else source.with_suffix("")))
    key = unicodedata.normalize("NFC", post.key or "")
    return {
        "threads": _some(*(_address(one) or _file(one) for one in post.threads)),
        "key": _some(key, path_of(key), key.casefold()),
        "aliases": _some(*(path for alias in post.aliases for path in paths.without_base(alias))),
        "path": own,
        "identifier": _some(*own, on_disk if on_disk != "." else None),
        "last": _some(*map(_last, own), _last(on_disk) if on_disk != "." else None),
    }


def _names(thread: Located, paths: PagePaths, *, alone: bool) -> dict[str, dict[str, None]]:
    """By what names each rule finds a thread."""
    pages = _some(*paths.of(thread.page_url))
    identifiers = [unicodedata.normalize("NFC", one) for one in (thread.key, *thread.aliases) if one]
    # WordPress' Disqus identifiers are "123 https://old.example/?p=123": the address in them counts
    led = _some(*(path for one in identifiers for path in paths.of(one.split()[-1] if one.split() else None)))
    file = PurePosixPath(thread.origin).stem if thread.origin and alone and not pages and not identifiers else None
    return {
        "threads": _some(
            _file(thread.origin) if thread.origin and alone else None,
            *map(_address, (thread.source_url, thread.page_url)),
        ),
        "key": _some(*identifiers, *led, *pages, *map(_last, pages), *map(_last, led)),
        "aliases": pages | led,
        "path": pages,
        "page": pages or led,
        "identifier": led,
        "last": _some(*map(_last, pages), *map(_last, led), _last(file) if file else None),
    }
