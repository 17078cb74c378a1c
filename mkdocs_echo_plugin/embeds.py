"""Which comment system a page embeds, read from the HTML that shows it: what a site without `sources:` uses.

The embed's own attributes are taken over: readers and this plugin then look at the same thread.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from mkdocs_echo_plugin.errors import ConfigurationError
from mkdocs_echo_plugin.model import Post

if TYPE_CHECKING:
    from jinja2 import Environment
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import File, Files
    from mkdocs.structure.nav import Navigation
    from mkdocs.structure.pages import Page

    from mkdocs_echo_plugin.sources import NetworkSource

PARTIAL = "partials/comments.html"
Attributes = Mapping[str, str]

SIGNS = re.compile(
    r"giscus\.app|data-repo=|utteranc\.es|\.disqus\.com/embed\.js|disqus_shortname|data-isso=|remark_config|serverURL"
    r"|cusdis_thread|commento\.js|comentario\.js|HYVOR_TALK|hyvor-talk-comments",
    re.IGNORECASE,
)
"""What no embed lacks; pages without any of it are not parsed."""

ASIDE = {
    name: f"{title} cannot be asked without an account: export its comments and name the file under `sources: files`."
    for name, title in (("commento", "Commento"), ("hyvor", "Hyvor Talk"))
}
"""Systems that are recognised and cannot be read over the network, with what to do."""


@dataclass(frozen=True, slots=True)
class Embed:
    """A system by its adapter's name, the `options` that the adapter takes, and the `key` of the page's own thread."""

    name: str
    options: Mapping[str, str | bool | int] = field(default_factory=dict)
    key: str | None = None


class _Scripts(HTMLParser):
    """Start tags with their attributes, and the text of scripts."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, Attributes]] = []
        self.code: list[str] = []
        self._inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))
        self._inside = tag == "script"

    def handle_endtag(self, tag: str) -> None:
        self._inside = self._inside and tag != "script"

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.code.append(data)


def embeds(html: str) -> tuple[Embed, ...]:
    """The embeds in a page, each once, in the order of their names. A sample of code in the text is none."""
    if not SIGNS.search(html):
        return ()
    parser = _Scripts()
    parser.feed(html)
    parser.close()
    code = "\n".join(parser.code)
    found = [embed for tag, given in parser.tags for read in _TAGS if (embed := read(tag, given, parser.tags))]
    found += [embed for read in _CODES if (embed := read(code))]
    return tuple({embed.name: embed for embed in reversed(found)}[name] for name in sorted({e.name for e in found}))


def _giscus(tag: str, given: Attributes, _: list[tuple[str, Attributes]]) -> Embed | None:
    if tag not in ("script", "giscus-widget") or not ("giscus" in given.get("src", "") or tag == "giscus-widget"):
        return None
    own = {name.removeprefix("data-").replace("-", ""): value for name, value in given.items()}
    if not own.get("repo"):
        return None
    mapping = own.get("mapping") or "pathname"
    options: dict[str, str | bool | int] = {"repo": own["repo"], "mapping": mapping}
    # the category's id is exact; without one every discussion of the repository is looked at, as giscus itself does
    options |= {
        option: own[name] for option, name in (("category", "category"), ("category_id", "categoryid")) if own.get(name)
    }
    if own.get("strict") == "1":
        options["strict"] = True
    return Embed("giscus", options, own.get("term") if mapping in ("specific", "number") else None)


def _utterances(tag: str, given: Attributes, _: list[tuple[str, Attributes]]) -> Embed | None:
    if tag != "script" or "utteranc.es" not in given.get("src", "") or not given.get("repo"):
        return None
    options: dict[str, str | bool | int] = {"repo": given["repo"]}
    if given.get("issue-number", "").isdecimal():
        options["issue_number"] = int(given["issue-number"])
    elif given.get("issue-term"):
        options["issue_term"] = given["issue-term"]
    return Embed("utterances", options)


def _isso(tag: str, given: Attributes, tags: list[tuple[str, Attributes]]) -> Embed | None:
    server = given.get("data-isso", "")
    if tag != "script" or not server:
        return None
    thread = next((other for _, other in tags if other.get("id") == "isso-thread"), {})
    url = f"https:{server}" if server.startswith("//") else server
    return Embed("isso", {"url": url}, thread.get("data-isso-id") or None) if urlsplit(url).netloc else None


def _cusdis(tag: str, given: Attributes, _: list[tuple[str, Attributes]]) -> Embed | None:
    if given.get("id") != "cusdis_thread" or not given.get("data-app-id"):
        return None
    host = {"url": given["data-host"]} if given.get("data-host") else {}
    return Embed("cusdis", {"app_id": given["data-app-id"], **host}, given.get("data-page-id") or None)


def _disqus_script(tag: str, given: Attributes, _: list[tuple[str, Attributes]]) -> Embed | None:
    match = re.search(r"//([\w-]+)\.disqus\.com/embed\.js", given.get("src", "")) if tag == "script" else None
    return Embed("disqus", {"forum": match[1]}) if match else None


def _aside(tag: str, given: Attributes, _: list[tuple[str, Attributes]]) -> Embed | None:
    if tag == "script" and re.search(r"/(?:commento|comentario)\.js", given.get("src", "")):
        return Embed("commento")
    return Embed("hyvor") if tag == "hyvor-talk-comments" or "talk.hyvor.com" in given.get("src", "") else None


def _disqus(code: str) -> Embed | None:
    forum = re.search(r"//([\w-]+)\.disqus\.com/embed\.js", code) or _set(code, "disqus_shortname")
    own = re.search(r"(?:this\.)?page\.identifier\s*=\s*([\"'])(.{1,500}?)\1", code) or _set(code, "disqus_identifier")
    return Embed("disqus", {"forum": forum[forum.lastindex or 1]}, own[2] if own else None) if forum else None


def _remark42(code: str) -> Embed | None:
    at = code.find("remark_config")
    host, site = (_set(code[at : at + 5000], name) for name in ("host", "site_id"))
    if at < 0 or host is None:
        return None
    return Embed("remark42", {"url": host[2], **({"site": site[2]} if site else {})})


def _waline(code: str) -> Embed | None:
    server = _set(code, "serverURL")
    if server is None or "waline" not in code.casefold():
        return None
    path = _set(code, "path")
    return Embed("waline", {"url": server[2]}, path[2] if path else None)


def _set(code: str, name: str) -> re.Match[str] | None:
    """`name = "value"` or `name: "value"` in a script; a value that only the browser computes is none."""
    return re.search(rf"\b{name}[\"']?\s*[:=]\s*([\"'`])([^\"'`\n]{{1,500}})\1", code)


_TAGS: tuple[Callable[[str, Attributes, list[tuple[str, Attributes]]], Embed | None], ...] = (
    _giscus, _utterances, _isso, _cusdis, _disqus_script, _aside,
)  # fmt: skip
_CODES: tuple[Callable[[str], Embed | None], ...] = (_disqus, _remark42, _waline)


class Embedded:
    """The embeds of a site's posts, as far as this process has seen them: --dirty reads changed pages only."""

    def __init__(self) -> None:
        self._of: dict[str, tuple[Embed, ...]] = {}

    def update(
        self, posts: Sequence[Post], env: Environment, files: Files, config: MkDocsConfig, nav: Navigation
    ) -> None:
        """Looks into each post's content, then into what the theme's comments partial makes of the page."""
        wanted = {post.path for post in posts}
        own = _own_templates(config)
        for file in files.documentation_pages():
            if file.src_uri in wanted and file.page is not None and file.page.content is not None:
                self._of[file.src_uri] = _of_page(file.page, env, files.documentation_pages(), config, nav, own)

    def keyed(self, posts: Iterable[Post]) -> list[Post]:
        """The posts, with the thread's key that the embed itself names where front matter names none."""
        keys = {path: next((e.key for e in found if e.key), None) for path, found in self._of.items()}
        return [replace(post, key=post.key or keys.get(post.path)) for post in posts]

    def sources(self) -> dict[str, tuple[NetworkSource, ...]]:
        """By post's path, the adapters set up as its embeds are. An embed that no adapter can use is left out."""
        return {
            path: tuple(source for embed in found if (source := _adapter(embed)) is not None)
            for path, found in self._of.items()
        }

    def lines(self) -> list[str]:
        """What was recognised, for the build log; one line, and one for each system that cannot be asked."""
        count = Counter(embed.name for found in self._of.values() for embed in found)
        usable = ", ".join(
            f"{name} ({n} post{'' if n == 1 else 's'})" for name, n in sorted(count.items()) if name not in ASIDE
        )
        said = [f"recognised in the pages: {usable}. Set `sources:` to choose otherwise."] if usable else []
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


def _own_templates(config: MkDocsConfig) -> bool:
    """Whether a template of the site's own, other than the comments partial, may hold an embed."""
    folder = Path(config.theme.custom_dir) if config.theme.custom_dir else None
    files = sorted(folder.rglob("*.html")) if folder else []
    return any(SIGNS.search(file.read_text("utf-8", "replace")) for file in files)


def _of_page(
    page: Page, env: Environment, files: Sequence[File], config: MkDocsConfig, nav: Navigation, own: bool
) -> tuple[Embed, ...]:
    from jinja2 import TemplateError
    from mkdocs.commands.build import get_context

    if found := embeds(page.content or ""):
        return found
    context = get_context(nav, files, config, page)
    for template in (PARTIAL, str(page.meta.get("template", "main.html")))[: 1 + own]:
        try:
            if found := embeds(env.get_template(template).render(context)):
                return found
        except (TemplateError, AttributeError, KeyError, TypeError):  # it needs what its page alone has: no embed seen
            continue
    return ()
