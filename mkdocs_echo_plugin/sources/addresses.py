"""The names under which a venue may know a post's page: its path and its address, with and without a last slash."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from urllib.parse import urlsplit, urlunsplit

from mkdocs_echo_plugin.model import Post
from mkdocs_echo_plugin.sources.raw import RawThread


def paths(post: Post) -> tuple[str, ...]:
    """Paths, likeliest first: with the sub-path that the site is served under, the aliases, then without it.

    Each as it is, then with its last slash taken away or added: "/docs/first/", "/docs/first", "/first/", "/first".
    """
    own, bare = _own(post)
    return tuple(dict.fromkeys((*own, *bare)))


def links(post: Post) -> tuple[str, ...]:
    """Absolute addresses: the canonical one and the aliases on the same host, slash and no slash, https and http."""
    if not post.canonical_url:
        return ()
    site = urlsplit(post.canonical_url)
    whole = [post.canonical_url]
    for alias in post.aliases:
        whole.append(
            alias if "//" in alias else urlunsplit((site.scheme, site.netloc, "/" + alias.lstrip("/"), "", ""))
        )
    both = []
    for link in whole:
        scheme, _, rest = link.partition("://")
        both += [link, f"{'http' if scheme == 'https' else 'https'}://{rest}"]
    return _slashes(both)


def with_comments(post: Post, ask: Callable[[str], RawThread], *, addresses: bool = False) -> list[RawThread]:
    """The threads with comments that a venue has under the page's key; else under its paths (and whole addresses).

    A page may have two threads, with and without the last slash. The path without the site's sub-path could be
    another page's, so it is asked for only where nothing else is found.
    """
    own, bare = _own(post)
    for names in ([post.key],) if post.key else (own, links(post) if addresses else (), bare):
        if found := [thread for name in names if (thread := ask(name)).comments]:
            return found
    return []


def _own(post: Post) -> tuple[tuple[str, ...], tuple[str, ...]]:
    bare = "/" + post.url.lstrip("/")
    whole = urlsplit(post.canonical_url).path if post.canonical_url else bare
    own = _slashes([whole, *(urlsplit(alias).path for alias in post.aliases)])
    return own, tuple(name for name in _slashes([bare]) if name not in own)


def _slashes(names: Iterable[str]) -> tuple[str, ...]:
    both = (form for name in names if name for form in (name, name.rstrip("/") if name.endswith("/") else name + "/"))
    return tuple(dict.fromkeys(form for form in both if form))
