"""Where on a site an embed is looked for: in a page, the theme's comments partial, the site's templates and scripts.

No page is rendered for it a second time: of a template is rendered what holds an embed, with the page's own context.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import ChainableUndefined, Environment, Template, TemplateError, nodes

from mkdocs_echo_plugin.embeds.recognise import ASIDE, SIGNS, TITLES, Embed, each_once, embeds, in_script
from mkdocs_echo_plugin.errors import ConfigurationError
from mkdocs_echo_plugin.model import Post

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files
    from mkdocs.structure.nav import Navigation
    from mkdocs.structure.pages import Page

    from mkdocs_echo_plugin.sources import NetworkSource

PARTIAL = "partials/comments.html"
LANGUAGE = "partials/language.html"
"""Where Material keeps the words that its templates import as `lang`."""
LARGEST_FILE = 1_000_000
MOST_PAGES = 10_000
_REFERS = re.compile(r"\{%-?\s{0,9}(?:extends|include|import|from)\s{1,9}[\"']([^\"'\n]{1,300})[\"']")
_NEEDED = (nodes.Import, nodes.FromImport, nodes.Macro, nodes.Assign, nodes.AssignBlock)


class _Missing(ChainableUndefined):
    """What only a whole page would have: empty, whatever is asked of it."""

    def __call__(self, *_: Any, **__: Any) -> Any:
        return self


class Lookup:
    """Finds the embeds of pages of one build."""

    def __init__(self, env: Environment, files: Files, config: MkDocsConfig, nav: Navigation) -> None:
        self._env = env.overlay(undefined=_Missing)
        self._files, self._config, self._nav = files, config, nav
        self.addresses: set[str] = set()
        """The servers that the site's own templates and scripts name, which a page's content cannot."""
        self._known: dict[str, tuple[Embed, ...]] = {}
        self._pieces: dict[str, list[Template]] = {}

    def of(self, page: Page) -> tuple[Embed, ...]:
        """The embeds that a page with its content will show, each once."""
        found = list(self._in_scripts)
        name = str(page.meta.get("template") or "main.html")
        if name not in self._pieces:
            self._pieces[name] = list(self._for(name))
        if pieces := self._pieces[name]:
            from mkdocs.commands.build import get_context

            context = get_context(self._nav, self._documents, self._config, page)
            for piece in pieces:
                # a filter that its page alone has, or a value of the wrong kind: no embed seen
                with suppress(TemplateError, AttributeError, KeyError, TypeError, ValueError):
                    html = piece.render(context)
                    if html not in self._known:
                        self._known[html] = embeds(html)
                    found += self._known[html]
        self.addresses.update(str(embed.options["url"]) for embed in found if "url" in embed.options)
        return each_once([*embeds(page.content or ""), *found])

    @cached_property
    def _documents(self) -> list[Any]:
        return list(self._files.documentation_pages())

    def _for(self, name: str) -> Iterator[Template]:
        """What is rendered of the templates of pages whose template is `name`."""
        if (source := self._source(PARTIAL)) is not None and source.strip():
            yield self._included(PARTIAL)
        if self._own:
            reached = self._reached(name)
            for own, source in self._own.items():
                if own in reached:
                    with suppress(TemplateError):
                        yield self._piece(own, source)

    def _source(self, name: str) -> str | None:
        if self._env.loader is None:
            return None
        try:
            return self._env.loader.get_source(self._env, name)[0]
        except (TemplateError, OSError, UnicodeDecodeError):
            return None

    def _included(self, name: str) -> Template:
        words = f'{{% import "{LANGUAGE}" as lang with context %}}' if self._source(LANGUAGE) is not None else ""
        return self._env.from_string(f'{words}{{% include "{name}" ignore missing %}}')

    @cached_property
    def _own(self) -> dict[str, str]:
        """The site's own templates, other than the comments partial, that may hold an embed; by name."""
        found = {}
        for name, file in _own_templates(self._config):
            with suppress(OSError):
                source = file.read_text("utf-8", "replace")
                if name != PARTIAL and SIGNS.search(source):
                    found[name] = source
        return found

    def _reached(self, name: str) -> set[str]:
        """The templates that a template extends, includes or imports by name, and those that these do."""
        reached, waiting = {name}, [name]
        while waiting:
            for other in _REFERS.findall(self._source(waiting.pop()) or ""):
                if other not in reached:
                    reached.add(other)
                    waiting.append(other)
        return reached

    def _piece(self, name: str, source: str) -> Template:
        """Of a template that extends another: its blocks with a sign of an embed, and what these may need."""
        parsed = self._env.parse(source)
        if not any(isinstance(node, nodes.Extends) for node in parsed.body):
            return self._included(name)
        words = (
            self._env.parse(f'{{% import "{LANGUAGE}" as lang with context %}}').body if self._source(LANGUAGE) else []
        )
        needed = [node for node in parsed.body if isinstance(node, _NEEDED)]
        wanted = [inner for block in parsed.find_all(nodes.Block) if _has_sign(block) for inner in block.body]
        return self._env.from_string(nodes.Template([*words, *needed, *wanted], lineno=1))

    @cached_property
    def _in_scripts(self) -> tuple[Embed, ...]:
        """The embeds that scripts of the site load on every page (`extra_javascript`)."""
        found: list[Embed] = []
        for script in self._config.extra_javascript:
            path = str(getattr(script, "path", script))
            file = None if "://" in path else self._files.get_file_from_path(path)
            if file is not None:
                with suppress(OSError, UnicodeDecodeError):
                    code = file.content_bytes[:LARGEST_FILE].decode("utf-8", "replace")
                    found += in_script(code)
        return each_once(found)


def _has_sign(block: nodes.Block) -> bool:
    return any(SIGNS.search(data.data) for data in block.find_all(nodes.TemplateData)) or any(
        isinstance(include.template, nodes.Const) and "comment" in str(include.template.value)
        for include in block.find_all(nodes.Include)
    )


def _own_templates(config: MkDocsConfig) -> Iterator[tuple[str, Path]]:
    folder = Path(config.theme.custom_dir) if config.theme.custom_dir else None
    for file in sorted(folder.rglob("*.html")) if folder else ():
        # an editor's lock is a link that leads nowhere, and a folder may be called x.html
        if not file.name.startswith(".") and file.is_file() and file.stat().st_size <= LARGEST_FILE:
            yield file.relative_to(folder).as_posix() if folder else "", file


class Embedded:
    """The embeds of a site's posts, as far as this process has seen them: --dirty reads changed pages only."""

    def __init__(self) -> None:
        self._of: dict[str, tuple[Embed, ...]] = {}
        self.addresses: set[str] = set()

    def update(
        self, posts: Sequence[Post], env: Environment, files: Files, config: MkDocsConfig, nav: Navigation
    ) -> None:
        """Looks for the embeds of each post that this build has read."""
        wanted = {post.path for post in posts}
        lookup = Lookup(env, files, config, nav)
        for file in files.documentation_pages():
            if file.src_uri in wanted and file.page is not None and file.page.content is not None:
                self._of[file.src_uri] = lookup.of(file.page)
        self._of = {path: found for path, found in self._of.items() if path in wanted}
        self.addresses |= lookup.addresses

    def keyed(self, posts: Iterable[Post]) -> list[Post]:
        """The posts, with the thread's key that the embed itself names where front matter names none.

        A post whose page embeds nothing, where its siblings' do, has no comments: its discussion is off.
        """
        keys = {path: next((e.key for e in found if e.key), None) for path, found in self._of.items()}
        anywhere = any(self._of.values())
        return [
            replace(post, discussion="off")
            if anywhere and not self._of.get(post.path) and not post.threads
            else replace(post, key=post.key or keys.get(post.path))
            for post in posts
        ]

    def sources(self) -> dict[str, tuple[NetworkSource, ...]]:
        """By post's path, the adapters set up as its embeds are. An embed that no adapter can use is left out."""
        return {
            path: tuple(source for embed in found if (source := _adapter(embed)) is not None)
            for path, found in self._of.items()
        }

    def aside(self) -> dict[str, str]:
        """By post's path, why its embed cannot be asked, where it has none that can."""
        said: dict[str, str] = {}
        for path, found in self._of.items():
            if found and not any(_adapter(embed) for embed in found):
                named = found[0].name
                said[path] = (
                    ASIDE.get(named) or f"the page's {_title(named)} embed is not set up: its options are wrong."
                )
        return said

    def lines(self) -> list[str]:
        """What was recognised, for the build log; one line, and one for each system that cannot be asked."""
        count = Counter(embed.name for found in self._of.values() for embed in found)
        seen = ", ".join(f"{_title(name)} ({n} post{'' if n == 1 else 's'})" for name, n in sorted(count.items()))
        said = [f"recognised in the pages: {seen}. Set `sources:` to choose otherwise."] if seen else []
        return said + [ASIDE[name] for name in sorted(count) if name in ASIDE]


def _adapter(embed: Embed) -> NetworkSource | None:
    from mkdocs_echo_plugin.sources import NetworkSource, configured

    if embed.name in ASIDE:
        return None
    try:
        source = configured(embed.name, embed.options)
    except ConfigurationError:  # an embed with a placeholder in the place of the repository
        return None
    return source if isinstance(source, NetworkSource) else None


def _title(name: str) -> str:
    return TITLES.get(name, name)


def advice(
    env: Environment, files: Files, config: MkDocsConfig, nav: Navigation, *, is_index: Callable[[Page], bool]
) -> str | None:
    """Where pages show comments and none is a post: how many, and the option that makes them posts; None elsewhere."""
    lookup = Lookup(env, files, config, nav)
    count: Counter[str] = Counter()
    showing: list[Page] = []
    for file in list(files.documentation_pages())[:MOST_PAGES]:
        if file.page is not None and (found := lookup.of(file.page)):
            showing.append(file.page)
            count.update(embed.name for embed in found)
    if not showing:
        return None
    folders = Counter(page.file.src_uri.rpartition("/")[0].partition("/")[0] for page in showing if not is_index(page))
    globs = [f"{folder}/*" for folder in sorted(folders) if folder]
    if not globs or "" in folders or len(globs) > 5:
        globs = ["*"]
    what = ", ".join(_title(name) for name in sorted(count))
    pages = "1 page embeds" if len(showing) == 1 else f"{len(showing)} pages embed"
    option = ", ".join(f'"{glob}"' for glob in globs)
    return f"{pages} {what}, but no page is a post: write `include: [{option}]` under `- echo:` in mkdocs.yml."
