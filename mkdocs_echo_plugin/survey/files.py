"""Threads from files: those that the site's `files:` sources name, and those that a page's front matter names."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import Path, PurePosixPath
from typing import Any

from mkdocs_echo_plugin.build_cache import BuildCache, code_version, fingerprint
from mkdocs_echo_plugin.model import Post
from mkdocs_echo_plugin.survey.file_contents import FileReader, StoredThread
from mkdocs_echo_plugin.survey.merging import one_a_platform
from mkdocs_echo_plugin.survey.records import Files, Site, Unmatched
from mkdocs_echo_plugin.survey.tally import Tally


def add_files(posts: Sequence[Post], site: Site, reader: FileReader, tally: Tally) -> None:
    """Enters the threads of all files into the tally.

    Raises:
        ConfigurationError: a `map:` file cannot be used.
    """
    for files in site.files:
        _from_source(posts, files, site, reader, tally)
    for post in posts:
        for named in dict.fromkeys(post.threads):
            if "://" in named or any(_holds(files, site.root / named) for files in site.files):
                continue  # a venue's, or among the files that were read above
            _from_front_matter(named, post, site, reader, tally)


def _from_source(posts: Sequence[Post], files: Files, site: Site, reader: FileReader, tally: Tally) -> None:
    origin = _origin(files.path, site)
    stored = reader.threads_in(files.path, origin, files.source)
    found = _matched(posts, stored, reader.build_cache, site_url=site.site_url, from_=files.from_, map_=files.map_)
    name = f"files {files.name}"
    # what holds the threads of all posts, one file or the folder, was not read: that a post has none is not known
    whole = (origin, origin.removesuffix(".gz"))
    lost = [why for place, *_ in found["unmatched"] if (why := stored[place].why) and stored[place].origin in whole]
    # what fits two posts, or fits one post twice, is not used: that nobody commented there is not known either
    unclear: defaultdict[str, list[str]] = defaultdict(list)
    for place, reason, fitting in found["ambiguous"]:
        for path in fitting:
            unclear[path].append(stored[place].why or f"{stored[place].key or stored[place].origin}: {reason}")
    apart = {stored[place].thread for place in found["named"]}
    for post in posts:
        of_post = [stored[place] for place in found["matched"].get(post.path, ())]
        failed = [one.why for one in of_post if one.why] + unclear[post.path][:5]
        if not of_post and not failed:
            failed = lost
        threads = one_a_platform([one.thread for one in of_post if one.thread], apart=apart)
        if not of_post and not failed and post.key and not site.sources and not site.embedded.get(post.path):
            failed = [
                f"echo.key: no thread in {files.name} is called '{post.key[:200]}'. Correct the key, or take it out."
            ]
        if failed:
            tally.failure(name, post, "; ".join(failed))
            tally.threads[post.path] += threads
        else:
            tally.answer(name, post, threads)
    tally.broken(name, [(one.origin, one.why) for one in stored if one.why])
    if not stored and files.path.is_file():
        tally.broken(name, [(origin, f"{origin}: there is no thread in it. Export the comments again.")])
    for place, reason, *_ in (*found["unmatched"], *found["ambiguous"]):
        one = stored[place]
        key = one.origin if one.why else one.key or one.origin
        tally.unmatched.append(Unmatched(name, key, one.page_url, one.why or reason))


def _from_front_matter(named: str, post: Post, site: Site, reader: FileReader, tally: Tally) -> None:
    path, root = (site.root / named).resolve(), site.root.resolve()
    name = f"files {named}"
    tally.broken(name, [])
    if not path.is_relative_to(root):
        why = f"echo.threads: '{named}' lies outside the project. Move it below {root.name}/."
        tally.failure(name, post, why, by_hand=True)
        return
    if not path.exists():
        why = f"echo.threads: '{named}' does not exist beside mkdocs.yml.{near(path, root)}"
        tally.failure(name, post, why, by_hand=True)
        return
    stored = reader.threads_in(path, PurePosixPath(named).as_posix(), None)
    broken, whole = [one.why for one in stored if one.why], [one for one in stored if one.thread]
    if len(whole) > 1:  # an export of a whole site: the post's own thread is looked for in it
        found = _matched([post], whole, reader.build_cache, site_url=site.site_url)
        whole = [whole[place] for place in found["matched"].get(post.path, ())]
    threads = one_a_platform([one.thread for one in whole if one.thread])
    if broken:
        tally.failure(name, post, "; ".join(broken), by_hand=True)
        tally.threads[post.path] += threads
    elif len(stored) > 1 and not threads:
        why = f"echo.threads: none of the {len(stored)} threads in '{named}' is this post's. Name its own with `key:`."
        tally.failure(name, post, why, by_hand=True)
    else:
        tally.answer(name, post, threads)


def near(path: Path, root: Path) -> str:
    """What to do about a path that does not exist: " Did you mean 'comments'?", where something is called nearly so."""
    names = sorted(entry.name for entry in path.parent.iterdir()) if path.parent.is_dir() else []
    if found := get_close_matches(path.name, names, n=1):
        whole = path.with_name(found[0])
        shown = whole.relative_to(root).as_posix() if whole.is_relative_to(root) else found[0]
        return f" Did you mean '{shown}'?"
    return " Correct the path."


def _matched(
    posts: Sequence[Post],
    stored: Sequence[StoredThread],
    build_cache: BuildCache,
    *,
    site_url: str | None,
    from_: str | None = None,
    map_: Path | None = None,
) -> dict[str, Any]:
    """`sources.matching.match` by places on the stored: "matched" by post's path, the others with the reason."""
    asked = [(p.path, p.url, p.canonical_url, p.key, p.aliases, p.threads) for p in posts]
    names = [(one.origin, one.aliases, one.platform, one.key, one.page_url, one.source_url) for one in stored]
    key = "" if map_ else fingerprint(code_version(), site_url, from_, asked, names)
    if key and isinstance(kept := build_cache.matches.get(key), dict):
        return kept
    from mkdocs_echo_plugin.sources.matching import Located, match, read_map

    located = [
        Located(platform, page, name, source, tuple(aliases), origin)
        for origin, aliases, platform, name, page, source in names
    ]
    place = {id(one): i for i, one in enumerate(located)}
    found = match(posts, located, site_url=site_url, from_=from_, map_=read_map(map_) if map_ else None)
    record = {
        "matched": {path: [place[id(one)] for one in of_post] for path, of_post in found.matched.items()},
        "unmatched": [(place[id(one.thread)], one.reason) for one in found.unmatched],
        "ambiguous": [(place[id(one.thread)], one.reason, one.posts) for one in found.ambiguous],
        "named": [place[id(one)] for one in found.named],
    }
    if key:
        build_cache.matches.keep(key, record)
    return record


def _origin(path: Path, site: Site) -> str:
    root = site.root.resolve()
    whole = path.resolve()
    return whole.relative_to(root).as_posix() if whole.is_relative_to(root) else whole.name


def _holds(files: Files, path: Path) -> bool:
    whole, named = files.path.resolve(), path.resolve()
    return named.exists() and (named == whole or (whole.is_dir() and named.is_relative_to(whole)))
