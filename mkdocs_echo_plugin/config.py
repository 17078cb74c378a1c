"""What mkdocs.yml may say under `- echo:`. Every message is one line that names the option and says what to do."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from mkdocs.config import config_options as c
from mkdocs.exceptions import PluginError

from mkdocs_echo_plugin.errors import ConfigurationError
from mkdocs_echo_plugin.messages import one_line
from mkdocs_echo_plugin.model import DISCUSSIONS, OUR_READERS
from mkdocs_echo_plugin.option_groups import BadgeOptions, PromptOptions, PublishOptions, Sources, StanceOptions
from mkdocs_echo_plugin.option_types import FolderName, OneOf, Options, States

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from mkdocs.config.defaults import MkDocsConfig

    from mkdocs_echo_plugin.model import Settings, Stance
    from mkdocs_echo_plugin.render import RenderOptions
    from mkdocs_echo_plugin.sources import NetworkSource
    from mkdocs_echo_plugin.survey import Files, Site


OVERRIDES: Final = "echo-stances.yml"
"""The site's corrections, beside mkdocs.yml: `mkdocs-echo review` writes it."""


class EchoConfig(Options):
    """All options; docs/options.md has each with its default and an example."""

    enabled_on_serve = c.Type(bool, default=True)
    sources = Sources()
    authors = c.ListOfItems(c.Type(str), default=[])
    people = c.ListOfItems(c.ListOfItems(c.Type(str)), default=[])
    include = c.ListOfItems(c.Type(str), default=[])
    exclude = c.ListOfItems(c.Type(str), default=[])
    offline = c.Type(bool, default=False)
    allow_private = c.Type(bool, default=False)
    cache_dir = c.Type(str, default=".cache/plugin/echo")
    folder = FolderName()
    stance = c.SubConfig(StanceOptions)
    badge = c.SubConfig(BadgeOptions)
    prompt = c.SubConfig(PromptOptions)
    policy = c.Type(bool, default=True)
    publish = c.SubConfig(PublishOptions)
    discussion = OneOf(DISCUSSIONS, default="auto")
    tone = OneOf(("author", "public", "off"), default="author")
    fail_on = States()

    @property
    def overrides_file(self) -> Path:
        """The file of corrections: the one that the option names, else `echo-stances.yml` beside mkdocs.yml, if any."""
        beside = Path(self.config_file_path or "mkdocs.yml").absolute().parent / OVERRIDES
        return Path(self.stance.overrides) if self.stance.overrides else beside

    def _reader(self) -> tuple[str, dict[str, Any]]:
        """The reader's name and the options that it has here."""
        given = self.stance.reader
        name, options = next(iter(given.items())) if isinstance(given, dict) else (given, {})
        beside = {option: self.stance[option] for option in ("url", "model", "max_comments")}
        found = {**{k: v for k, v in beside.items() if v is not None}, **(options or {})}
        if found or name not in OUR_READERS:
            from mkdocs_echo_plugin.readers import configured

            configured(name, found)  # a wrong option stops the build here, before anything is read
        return name, found

    def settings(self) -> Settings:
        """What the assessment has to know.

        Raises:
            ConfigurationError: the overrides file cannot be used; the message names its line.
                Or the reader is not there, or has no such option.
        """
        from mkdocs_echo_plugin.model import Settings, Tags

        overrides: dict[str, Stance] = {}
        if self.overrides_file.is_file():
            from mkdocs_echo_plugin.stance.declared import load_overrides

            overrides = load_overrides(self.overrides_file)
        reactions: Any = self.stance.reactions
        tone: Any = self.tone
        discussion: Any = self.discussion
        given = {name: tuple(words) for name, words in self.stance.tags.items() if words is not None}
        reader, options = self._reader()
        return Settings(
            reader=reader,
            reader_options=options,
            discussion=discussion,
            tags=Tags(**given),
            overrides=overrides,
            reactions=reactions,
            tone=tone,
        )

    def site(self, *, site_url: str | None, authors: tuple[str, ...] = (), refresh: bool = False) -> Site:
        """Where this site's comments are; `authors` are those that the site's blog names besides the option."""
        from mkdocs_echo_plugin.sources.http.settings import NetworkSettings
        from mkdocs_echo_plugin.survey import Files, Site

        root = Path(self.config_file_path or "mkdocs.yml").absolute().parent
        return Site(
            site_url=site_url,
            root=root,
            cache_dir=root / self.cache_dir,
            sources=tuple(s for s in self.sources if not isinstance(s, Files)),
            files=tuple(s for s in self.sources if isinstance(s, Files)),
            authors=tuple(dict.fromkeys((*self.authors, *authors))),
            people=tuple(tuple(person) for person in self.people),
            network=NetworkSettings(
                allow_private=self.allow_private, offline=self.offline, named=_addresses(self.sources)
            ),
            refresh=refresh,
            settings=self.settings(),
        )

    def rendering(
        self,
        *,
        site_url: str | None = None,
        explained: str | None = None,
        author_view: bool = False,
        after_in_theme: bool = False,
    ) -> RenderOptions:
        """What the page fragments have to know.

        Args:
            site_url: the published site's, for badges shown elsewhere.
            explained: where in the site the page on how the badge works lies, if the plugin has made one.
            author_view: whether nobody but the author looks.
            after_in_theme: whether the theme's own templates show `echo_after`.
        """
        from mkdocs_echo_plugin.render import RenderOptions
        from mkdocs_echo_plugin.survey import Files

        chosen: dict[str, Any] = {"badge": self.badge.position, "prompt": self.prompt.position, "tone": self.tone}
        how_url = self.badge.explained if isinstance(self.badge.explained, str) else explained
        return RenderOptions(
            **chosen,
            policy=self.policy,
            card=self.prompt.card,
            lists=self.badge.lists,
            reactions="count" if self.stance.reactions == "count" else "separate",
            live=any(not isinstance(source, Files) for source in self.sources),
            how_url=how_url,
            folder=self.folder,
            after_in_theme=after_in_theme,
            static_badges=self.publish.badges,
            site_url=site_url,
            author_view=author_view,
        )


def _addresses(sources: Sequence[NetworkSource | Files]) -> tuple[str, ...]:
    """The http addresses among the options of the site's sources."""
    values = (getattr(source, f.name) for source in sources for f in fields(source))  # type: ignore[arg-type]  # a dataclass
    return tuple(v for v in values if isinstance(v, str) and v.startswith(("http://", "https://")))


@contextmanager
def as_plugin_error() -> Iterator[None]:
    """What the site has to change ends the build with one line."""
    try:
        yield
    except ConfigurationError as error:
        raise PluginError(one_line(f"echo: {error}")) from error


def published_at(config: MkDocsConfig) -> str | None:
    """The `site_url` that mkdocs.yml says; `mkdocs serve` has put its own address into the configuration."""
    from mkdocs.utils.yaml import yaml_load

    try:
        with Path(config.config_file_path).open("rb") as file:
            written = yaml_load(file).get("site_url")
    except OSError:
        return config.site_url
    return written.rstrip("/") + "/" if isinstance(written, str) and written else None
