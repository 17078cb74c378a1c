"""The embeds in a page's HTML and in its scripts, by the attributes and the calls that their makers document."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Final
from urllib.parse import urlsplit

from mkdocs_echo_plugin.embeds.scripts import setting, settings_near

Attributes = Mapping[str, str]
Options = dict[str, str | bool | int]

SIGNS: Final = re.compile(
    r"giscus|data-repo=|utteranc|issue-term=|issue-number=|\.disqus\.com/embed\.js|disqus_shortname|data-isso=|remark_config"
    r"|serverURL|cusdis_thread|commento\.js|comentario\.js|HYVOR_TALK|hyvor-talk-comments|DiscourseEmbed|discourseUrl"
    r"|twikoo\.|Artalk|Gitalk|Valine",
    re.IGNORECASE,
)
"""What no embed lacks; pages without any of it are not parsed."""

LARGEST: Final = 5_000_000
"""Characters of a page that is still looked at."""

ASIDE: Final = {
    **{
        name: f"{title} cannot be asked without an account: export its comments and name the file under "
        "`sources: files`."
        for name, title in (("commento", "Commento"), ("hyvor", "Hyvor Talk"), ("valine", "Valine"))
    },
    "twikoo-cloud": "this Twikoo runs on Tencent CloudBase, which answers browsers only: export its comments and name "
    "the file under `sources: files`.",
    "gitalk": "Gitalk does not say in the page which GitHub issue is its own: name it in each post's front matter, "
    "`echo: {threads: [https://github.com/OWNER/REPO/issues/NUMBER]}`.",
    "discourse-topic": "Discourse's embed does not say in the page which topic is its own: name it in each post's "
    "front matter, `echo: {threads: [https://FORUM/t/NUMBER]}`.",
}  # fmt: skip
"""Systems that are recognised and cannot be asked for a page's thread, with what to do."""

TITLES: Final = {"twikoo-cloud": "Twikoo", "discourse-topic": "Discourse", "hyvor": "Hyvor Talk"}


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
        self.tags.append((tag, {name: (value or "").strip() for name, value in attrs}))
        self._inside = tag == "script"

    def handle_endtag(self, tag: str) -> None:
        self._inside = self._inside and tag != "script"

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.code.append(data)


def embeds(html: str) -> tuple[Embed, ...]:
    """The embeds in a page, each once, in the order of their names. A sample of code in the text is none."""
    if not SIGNS.search(html[:LARGEST]):
        return ()
    parser = _Scripts()
    parser.feed(html[:LARGEST])
    parser.close()
    found = [embed for tag, given in parser.tags for read in _TAGS if (embed := read(tag, given, parser.tags))]
    return each_once([*found, *in_script("\n".join(parser.code))])


def in_script(code: str) -> tuple[Embed, ...]:
    """The embeds that a script loads by itself."""
    if not SIGNS.search(code[:LARGEST]):
        return ()
    return each_once([embed for read in _CODES if (embed := read(code[:LARGEST]))])


def each_once(found: Iterable[Embed]) -> tuple[Embed, ...]:
    """Of each system the first, in the order of their names."""
    first: dict[str, Embed] = {}
    for embed in found:
        first.setdefault(embed.name, embed)
    if "discourse" in first:
        first.pop("discourse-topic", None)
    return tuple(first[name] for name in sorted(first))


def _giscus(tag: str, given: Attributes, _: list[tuple[str, Attributes]]) -> Embed | None:
    own = {name.removeprefix("data-").replace("-", ""): value for name, value in given.items()}
    if tag == "script":
        # a giscus of one's own is known by the attributes that no other script has
        if "giscus" not in given.get("src", "") and not (
            "data-repo" in given and {"repoid", "categoryid"} & own.keys()
        ):
            return None
    elif tag != "giscus-widget":
        return None
    return _giscus_of(own)


def _giscus_of(own: Mapping[str, str]) -> Embed | None:
    if not own.get("repo"):
        return None
    mapping = own.get("mapping") or "pathname"
    options: Options = {"repo": own["repo"], "mapping": mapping}
    # the category's id is exact; without one every discussion of the repository is looked at, as giscus itself does
    options |= {
        option: own[name] for option, name in (("category", "category"), ("category_id", "categoryid")) if own.get(name)
    }
    if own.get("strict") in ("1", "true"):
        options["strict"] = True
    return Embed("giscus", options, own.get("term") or None if mapping in ("specific", "number") else None)


def _giscus_in(code: str) -> Embed | None:
    """What a script sets on the element that it makes, or gives to a component: one by one, or as an object."""
    at = code.casefold().find("giscus")
    return _giscus_of(settings_near(code, "repo")) if at >= 0 else None


def _utterances(tag: str, given: Attributes, _: list[tuple[str, Attributes]]) -> Embed | None:
    named = "utteranc" in given.get("src", "") or {"issue-term", "issue-number"} & given.keys()
    return _utterances_of(given) if tag == "script" and named else None


def _utterances_in(code: str) -> Embed | None:
    return _utterances_of(settings_near(code, "repo")) if "utteranc" in code else None


def _utterances_of(given: Attributes) -> Embed | None:
    own = {name.replace("-", ""): value for name, value in given.items()}
    if not own.get("repo"):
        return None
    options: Options = {"repo": own["repo"]}
    if (number := own.get("issuenumber", "")).isdecimal() and len(number) < 12:
        options["issue_number"] = int(number)
    elif own.get("issueterm"):
        options["issue_term"] = own["issueterm"]
    return Embed("utterances", options)


def _isso(tag: str, given: Attributes, tags: list[tuple[str, Attributes]]) -> Embed | None:
    server = given.get("data-isso", "")
    if tag != "script" or not server:
        return None
    thread = next((other for _, other in tags if other.get("id") == "isso-thread"), {})
    url = f"https:{server}" if server.startswith("//") else server
    return Embed("isso", {"url": url}, thread.get("data-isso-id") or None) if _is_address(url) else None


def _cusdis(tag: str, given: Attributes, _: list[tuple[str, Attributes]]) -> Embed | None:
    if given.get("id") != "cusdis_thread" or not given.get("data-app-id"):
        return None
    host = {"url": given["data-host"]} if given.get("data-host") else {}
    return Embed("cusdis", {"app_id": given["data-app-id"], **host}, given.get("data-page-id") or None)


def _disqus_script(tag: str, given: Attributes, _: list[tuple[str, Attributes]]) -> Embed | None:
    match = re.search(r"//([\w-]{1,100})\.disqus\.com/embed\.js", given.get("src", "")) if tag == "script" else None
    return Embed("disqus", {"forum": match[1]}) if match else None


def _aside(tag: str, given: Attributes, _: list[tuple[str, Attributes]]) -> Embed | None:
    if tag == "script" and re.search(r"/(?:commento|comentario)\.js", given.get("src", "")):
        return Embed("commento")
    return Embed("hyvor") if tag == "hyvor-talk-comments" or "talk.hyvor.com" in given.get("src", "") else None


def _disqus(code: str) -> Embed | None:
    match = re.search(r"//([\w-]{1,100})\.disqus\.com/embed\.js", code)
    forum = match[1] if match else setting(code, "disqus_shortname")
    own = setting(code, r"page\.identifier") or setting(code, "disqus_identifier")
    return Embed("disqus", {"forum": forum}, own) if forum else None


def _remark42(code: str) -> Embed | None:
    at = code.find("remark_config")
    host, site = (setting(code[at : at + 5000], name) for name in ("host", "site_id"))
    return Embed("remark42", {"url": host, **({"site": site} if site else {})}) if at >= 0 and host else None


def _waline(code: str) -> Embed | None:
    server = setting(code, "serverURL")
    if server is None or "waline" not in code.casefold():
        return None
    return Embed("waline", {"url": server}, setting(code, "path"))


def _discourse(code: str) -> Embed | None:
    url = setting(code, "discourseUrl")
    if not url or not _is_address(url):
        return None
    topic = re.search(r"\btopicId[\"']?\s{0,9}[:=]\s{0,9}[\"']?(\d{1,10})", code)
    return Embed("discourse", {"url": url}, topic[1]) if topic else Embed("discourse-topic", {"url": url})


def _twikoo(code: str) -> Embed | None:
    for part in _calls(code, "twikoo.init("):
        server = setting(part, "envId")
        if server is not None:
            asked = {"url": server} if _is_address(server) else {}
            return Embed("twikoo" if asked else "twikoo-cloud", asked, setting(part, "path") if asked else None)
    return None


def _artalk(code: str) -> Embed | None:
    for part in (*_calls(code, "Artalk.init("), *_calls(code, "new Artalk(")):
        server = setting(part, "server")
        if server is not None and _is_address(server):
            site = setting(part, "site")
            return Embed("artalk", {"url": server, **({"site": site} if site else {})}, setting(part, "pageKey"))
    return None


def _gitalk(code: str) -> Embed | None:
    return Embed("gitalk") if any(setting(part, "repo") for part in _calls(code, "new Gitalk(")) else None


def _valine(code: str) -> Embed | None:
    return Embed("valine") if next(_calls(code, "new Valine("), None) else None


def _calls(code: str, call: str) -> Iterator[str]:
    """What stands behind each of the first calls of a function."""
    at = -1
    for _ in range(10):
        if (at := code.find(call, at + 1)) < 0:
            return
        yield code[at : at + 5000]


def _is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.netloc)


_TAGS: Final[tuple[Callable[[str, Attributes, list[tuple[str, Attributes]]], Embed | None], ...]] = (
    _giscus, _utterances, _isso, _cusdis, _disqus_script, _aside,
)  # fmt: skip
_CODES: Final[tuple[Callable[[str], Embed | None], ...]] = (
    _giscus_in, _utterances_in, _disqus, _remark42, _waline, _discourse, _twikoo, _artalk, _gitalk, _valine,
)  # fmt: skip
