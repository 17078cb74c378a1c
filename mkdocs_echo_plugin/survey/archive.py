"""Threads from files: those that the site's `files:` sources name, and those that a page's front matter names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from itertools import islice
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from mkdocs_echo_plugin.derived import Derived, code, fingerprint
from mkdocs_echo_plugin.errors import SourceError
from mkdocs_echo_plugin.model import Post, Thread
from mkdocs_echo_plugin.sources.match import Located, Misfit, match, read_map
from mkdocs_echo_plugin.sources.raw import Document, RawThread
from mkdocs_echo_plugin.survey.site import Files, Site, Unmatched
from mkdocs_echo_plugin.wire import thread_from_dict, thread_to_dict

if TYPE_CHECKING:
    from mkdocs_echo_plugin.sources.door import Door
    from mkdocs_echo_plugin.sources.files import Chosen
    from mkdocs_echo_plugin.survey.collect import Tally

BROKEN = "broken file "
MOST_ENTRIES, LARGEST = 20_000, 64_000_000


@dataclass(slots=True)
class Shelf:
    """What was found in some files: each thread beside what names it, and each file that cannot be read with why."""

    threads: list[tuple[Located, Thread]]
    broken: list[tuple[Located, str]]


def from_files(posts: Sequence[Post], site: Site, door: Door, derived: Derived, tally: Tally) -> None:
    """Enters the threads of all files into the tally.

    Raises:
        ConfigurationError: a `map:` file cannot be used.
    """
    for files in site.files:
        _from_source(posts, files, site, door, derived, tally)
    for post in posts:
        for named in dict.fromkeys(post.threads):
            if "://" not in named and not any(_holds(files, site.root / named) for files in site.files):
                _from_front_matter(named, post, site, door, derived, tally)


def _from_source(posts: Sequence[Post], files: Files, site: Site, door: Door, derived: Derived, tally: Tally) -> None:
    shelf = _read(files.path, _origin(files.path, site), files.source, door, derived)
    all_located = [located for located, _ in (*shelf.threads, *shelf.broken)]
    map_ = read_map(files.map_) if files.map_ else None
    found = match(posts, all_located, site_url=site.site_url, from_=files.from_, map_=map_)
    threads = {id(located): thread for located, thread in shelf.threads}
    reasons = {id(located): why for located, why in shelf.broken}
    name = f"files {files.name}"
    lost = [why for misfit in found.unmatched if (why := reasons.get(id(misfit.thread)))]
    for post in posts:
        of_post = found.matched.get(post.path, ())
        failed = [reasons[id(located)] for located in of_post if id(located) in reasons]
        if not of_post and files.path.is_file():
            failed = lost  # the one file that holds the threads of all posts: that this post has none is not known
        if failed:
            tally.failure(name, post, "; ".join(failed))
            tally.threads[post.path] += [threads[id(located)] for located in of_post if id(located) in threads]
        else:
            tally.answer(name, post, [threads[id(located)] for located in of_post])
    tally.unmatched += [_unmatched(files, misfit, reasons) for misfit in (*found.unmatched, *found.ambiguous)]


def _from_front_matter(named: str, post: Post, site: Site, door: Door, derived: Derived, tally: Tally) -> None:
    path, root = (site.root / named).resolve(), site.root.resolve()
    name = f"files {named}"
    if not path.is_relative_to(root):
        tally.failure(name, post, f"echo.threads: '{named}' lies outside the project. Move it below {root.name}/.")
        return
    if not path.exists():
        tally.failure(name, post, f"echo.threads: '{named}' does not exist beside mkdocs.yml. Mend the path.")
        return
    shelf = _read(path, PurePosixPath(named).as_posix(), None, door, derived)
    if len(shelf.threads) > 1:  # an export of a whole site: the post's own thread is looked for in it
        found = match([post], [located for located, _ in shelf.threads], site_url=site.site_url)
        wanted = [id(located) for located in found.matched.get(post.path, ())]
        shelf.threads = [(located, thread) for located, thread in shelf.threads if id(located) in wanted]
    if shelf.broken:
        tally.failure(name, post, "; ".join(why for _, why in shelf.broken))
        tally.threads[post.path] += [thread for _, thread in shelf.threads]
    else:
        tally.answer(name, post, [thread for _, thread in shelf.threads])


def _read(path: Path, origin: str, source: Chosen, door: Door, derived: Derived) -> Shelf:
    """What the files hold, out of the cache where these very bytes were read before: then no adapter is loaded."""
    bodies = _bodies(path)
    key = fingerprint(code(), door.digest, source, origin, bodies)
    if bodies and (kept := derived.file(key)) is not None:
        with suppress(KeyError, TypeError, ValueError, AttributeError):  # damaged: as good as none
            return _shelf(kept)
    record = _read_anew(path, origin, source, door)
    if bodies:
        derived.keep_file(key, record)
    return _shelf(record)


def _shelf(record: dict[str, list[Any]]) -> Shelf:
    return Shelf(
        [_placed(thread_from_dict(thread), tuple(aliases), name) for name, aliases, thread in record["threads"]],
        [(_stub(name), why) for name, why in record["broken"]],
    )


def _bodies(path: Path) -> list[tuple[str, str]]:
    """Every file's name and SHA-256; empty where a file cannot be read, or there are too many to look at."""
    found = [path] if path.is_file() else sorted(islice(path.rglob("*"), MOST_ENTRIES))
    if len(found) == MOST_ENTRIES:
        return []
    try:
        return [
            (file.relative_to(path).as_posix(), sha256(file.read_bytes()).hexdigest())
            for file in found
            if file.is_file() and file.stat().st_size <= LARGEST
        ]
    except OSError:
        return []


def _read_anew(path: Path, origin: str, source: Chosen, door: Door) -> dict[str, list[Any]]:
    from mkdocs_echo_plugin.sources.files import documents, read

    threads: list[Any] = []
    broken: list[Any] = []
    waiting: Iterator[Document] = documents(path, name=origin)
    while True:
        try:
            document = next(waiting)
        except StopIteration:
            break
        except SourceError as error:  # of the walk itself: a file that is too large, or may not be opened
            broken.append([origin, str(error)])
            break
        try:
            for raw in read(document, source):
                threads.append([document.name, list(raw.aliases), thread_to_dict(door.admit(raw), anonymise=False)])
        except SourceError as error:
            broken.append([document.name, str(error)])
    return {"threads": threads, "broken": broken}


def _placed(thread: Thread, aliases: tuple[str, ...], origin: str) -> tuple[Located, Thread]:
    names = RawThread(
        thread.platform, page_url=thread.page_url, key=thread.key, source_url=thread.source_url, aliases=aliases
    )
    return Located(names, origin), thread


def _stub(origin: str) -> Located:
    # what cannot be read is still somebody's: the post whose name the file bears must not be called quiet
    return Located(RawThread(platform=f"{BROKEN}{origin}", key=PurePosixPath(origin).stem), origin)


def _unmatched(files: Files, misfit: Misfit, reasons: dict[int, str]) -> Unmatched:
    located = misfit.thread
    why = reasons.get(id(located))
    key = located.origin if why else located.raw.key or located.origin
    return Unmatched(f"files {files.name}", key, located.raw.page_url, why or misfit.reason)


def _origin(path: Path, site: Site) -> str:
    root = site.root.resolve()
    whole = path.resolve()
    return whole.relative_to(root).as_posix() if whole.is_relative_to(root) else whole.name


def _holds(files: Files, path: Path) -> bool:
    whole, named = files.path.resolve(), path.resolve()
    return named == whole or (whole.is_dir() and named.is_relative_to(whole))
