"""Where comments come from: one adapter a system behind one protocol, found by entry point `mkdocs_echo.sources`.

An adapter is a frozen dataclass: its fields are the options that mkdocs.yml may set, its class attributes say what it
is. It asks and parses; it never scores, caches, hashes an author or opens a socket by itself.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import MISSING, fields
from difflib import get_close_matches
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar, Protocol, Self, TypeGuard, runtime_checkable

from mkdocs_echo_plugin.errors import ConfigurationError, EchoError, Unreadable
from mkdocs_echo_plugin.messages import OneLine
from mkdocs_echo_plugin.venues import GROUP as GROUP
from mkdocs_echo_plugin.venues import fault, installed, load

if TYPE_CHECKING:
    from mkdocs_echo_plugin.model import Post
    from mkdocs_echo_plugin.sources.http.client import Client
    from mkdocs_echo_plugin.sources.raw import Document, RawThread

log = OneLine(logging.getLogger(__name__))


@runtime_checkable
class Source(Protocol):
    """A comment system's files or saved answers.

    Attributes:
        name: how mkdocs.yml and `--source` call it ("isso").
        title: how people call it ("Isso").
        needs: what a site must have ("nothing", "GITHUB_TOKEN, public read").

    Three more may be declared: `social` (bool: is this social media? default no); `venue` (str), what pages call the
    place where people comment, if that is not the title ("WordPress" for the title "WordPress export (WXR)"); and
    `fallback` (bool) by one that knows a general shape, and is asked last.
    """

    name: ClassVar[str]
    title: ClassVar[str]
    needs: ClassVar[str]

    @classmethod
    def recognises(cls, document: Document) -> bool:
        """Whether these bytes are certainly in this system's format. Looks at the head, never raises."""
        ...

    def read(self, document: Document) -> Iterable[RawThread]:
        """The threads in a document, every comment of the venue's own list kept.

        Raises:
            Unreadable: the bytes are not in this format; the message names the document and the line.
        """
        ...


@runtime_checkable
class NetworkSource(Source, Protocol):
    """A comment system that can be asked over the network."""

    @classmethod
    def from_url(cls, url: str) -> Self | None:
        """An adapter set up to read the one thread at `url`, by the URL's form alone; None if the form is not ours."""
        ...

    def fetch(self, post: Post, client: Client) -> Iterable[RawThread]:
        """Asks for the post's thread: the front matter's own address or key, else the system's rule.

        A venue that holds nothing yet for the post (a giscus post without a Discussion) gives a thread without
        comments. Called from several threads at once.

        Raises:
            SourceError: and nothing else; the post becomes `unknown` (`NoThread`: reported as unmatched).
        """
        ...


def available() -> dict[str, type[Source]]:
    """Every adapter that is installed, ours and third parties', by name in alphabetical order; loads them all.

    One that cannot be loaded is left out, and stands in `broken`.
    """
    return _all()[0]


def broken() -> tuple[str, ...]:
    """A line for each installed adapter that could not be loaded; none before anybody has asked for all."""
    return _all()[1] if _all.cache_info().currsize else ()


@cache
def _all() -> tuple[dict[str, type[Source]], tuple[str, ...]]:
    found: dict[str, type[Source]] = {}
    lines = []
    for name, point in installed().items():
        try:
            found[name] = load(point)
        except ConfigurationError as error:
            lines.append(f"{error} The others are used.")
    return found, tuple(lines)


@contextmanager
def faults_as_unreadable(where: str) -> Iterator[None]:
    """Makes of an adapter's fault a thread that cannot be read: one of them, ours or not, must not end a build.

    Raises:
        Unreadable: something else than an error of ours was raised inside.
    """
    try:
        yield
    except EchoError:
        raise
    except Exception as error:
        log.debug("%s", where, exc_info=True)
        raise Unreadable(f"{where}: its source failed ({fault(error)}). Please report this to its makers.") from error


@cache
def named(name: str) -> type[Source]:
    """The adapter called `name`; loads that one only.

    Raises:
        ConfigurationError: no such adapter (the message lists those that exist), or it cannot be loaded.
    """
    if point := installed().get(name):
        adapter: type[Source] = load(point)
        return adapter
    raise ConfigurationError(f"sources: unknown source '{name}'. {did_you_mean(name, installed())}")


def configured(name: str, options: Mapping[str, Any]) -> Source:
    """An adapter with the options that mkdocs.yml gives it.

    Raises:
        ConfigurationError: unknown or missing option, named with those that exist.
    """
    adapter = named(name)
    # adapters are dataclasses, which a protocol cannot ask for
    known = {f.name: f for f in fields(adapter) if f.init and not f.name.startswith("_")}  # type: ignore[arg-type]
    for option in options:
        if option not in known:
            raise ConfigurationError(f"sources: {name}: unknown option '{option}'. {did_you_mean(option, known)}")
    # an adapter that reads saved answers too needs no option for that, and says in `required` what asking needs
    needed = [o for o, f in known.items() if f.default is MISSING and f.default_factory is MISSING]
    for option in dict.fromkeys((*needed, *getattr(adapter, "required", ()))):
        if option not in options:
            raise ConfigurationError(f"sources: {name}: option '{option}' is missing.")
    address = options.get("url")
    if address is not None and not re.match(r"https?://[^/\s]", str(address)):
        raise ConfigurationError(f"sources: {name}: option 'url': '{address}' is no http or https address.")
    try:
        return adapter(**options)
    except (TypeError, ValueError) as error:
        raise ConfigurationError(f"sources: {name}: {error}") from error


def did_you_mean(given: object, known: Iterable[str]) -> str:
    """The known word that is nearly the given one, else all of them."""
    words = list(known)
    near = get_close_matches(str(given), words, n=1)
    return f"Did you mean '{near[0]}'?" if near else f"Known: {', '.join(words) or 'none'}."


def recognise(document: Document) -> type[Source] | None:
    """The one adapter that recognises a document's bytes, None if none or more than one does."""
    hits = candidates(document)
    return available()[hits[0]] if len(hits) == 1 else None


def candidates(document: Document) -> list[str]:
    """The names of the adapters that recognise a document's bytes.

    An adapter with `fallback = True` knows a general shape, not a system's: it is asked about what no other recognises.
    """
    for fallback in (False, True):
        asked = {name: one for name, one in available().items() if getattr(one, "fallback", False) is fallback}
        hits = []
        for name, adapter in asked.items():
            with faults_as_unreadable(document.name):
                if adapter.recognises(document):
                    hits.append(name)
        if hits:
            return hits
    return []


def for_url(url: str) -> NetworkSource | None:
    """The adapter that knows a thread's own URL by its form ("https://news.ycombinator.com/item?id=1")."""
    for adapter in available().values():
        if is_network(adapter):
            with faults_as_unreadable(url[:200]):
                source = adapter.from_url(url)
            if source is not None:
                return source
    return None


def is_network(adapter: type[Source]) -> TypeGuard[type[NetworkSource]]:
    """Whether an adapter can be asked over the network (protocols with data members do not support issubclass)."""
    return hasattr(adapter, "fetch") and hasattr(adapter, "from_url")
