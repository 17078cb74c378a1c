"""The names under which a venue may know a post's page: its path and its address, with and without a last slash."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlsplit, urlunsplit

from mkdocs_echo_plugin.model import Post


def paths(post: Post) -> tuple[str, ...]:
    """Paths, likeliest first: with the sub-path that the site is served under, then without, then the aliases.

    Each as it is, then with its last slash taken away or added. ("/docs/first/", "/docs/first", "/first/", "/first")
    """
    whole = [urlsplit(post.canonical_url).path] if post.canonical_url else []
    return _slashes([*whole, "/" + post.url.lstrip("/"), *(urlsplit(a).path for a in post.aliases)])


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


def _slashes(names: Iterable[str]) -> tuple[str, ...]:
    both = (form for name in names if name for form in (name, name.rstrip("/") if name.endswith("/") else name + "/"))
    return tuple(dict.fromkeys(form for form in both if form))
