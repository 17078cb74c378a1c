"""The groups of options under `- echo:`, and its list of sources. Each wrong value is one line that says what to do."""

from __future__ import annotations

from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from mkdocs.config import base
from mkdocs.config import config_options as c

from mkdocs_echo_plugin.errors import ConfigurationError
from mkdocs_echo_plugin.option_types import OneOf, Options, ReaderName

if TYPE_CHECKING:
    from mkdocs_echo_plugin.sources import NetworkSource
    from mkdocs_echo_plugin.survey import Files


OVERRIDES: Final = "echo-stances.yml"
"""The site's corrections, beside mkdocs.yml: `mkdocs-echo review` writes it."""


class Place(Options):
    """Where a fragment stands in the page."""

    def load_dict(self, patch: Any) -> None:
        super().load_dict({"position": "none"} if patch is False else {} if patch is True else patch)


class BadgeOptions(Place):
    """The line under the title; `explained` says how: the plugin makes a page, or the site has one, or (false) none."""

    position = OneOf(("title", "end", "none"), default="title")
    lists = c.Type(bool, default=True)
    explained = c.Type((bool, str), default=True)


class PromptOptions(Place):
    """What stands after the text: the question, and a card to print (`card`)."""

    position = OneOf(("end", "none"), default="end")
    card = c.Type(bool, default=True)


class PublishOptions(Options):
    """Files that a build writes beside the pages, all made of public figures; `publish: false` writes none."""

    report = c.Type(bool, default=True)
    badges = c.Type(bool, default=True)
    feeds = c.Type(bool, default=False)
    share = c.Type(bool, default=False)

    def load_dict(self, patch: Any) -> None:
        every = dict.fromkeys(self._schema_keys, False)
        super().load_dict(every if patch is False else {} if patch is True else patch)


class TagOptions(Options):
    """The words by which commenters declare their stance; each list replaces ours."""

    agree = c.Optional(c.ListOfItems(c.Type(str)))
    disagree = c.Optional(c.ListOfItems(c.Type(str)))
    neutral = c.Optional(c.ListOfItems(c.Type(str)))


class StanceOptions(Options):
    """How opinions are found. `url`, `model` and `max_comments` are options of a reader that has them."""

    reader = ReaderName(default="embedded")
    url = c.Optional(c.Type(str))
    model = c.Optional(c.Type(str))
    max_comments = c.Optional(c.Type(int))
    tags = c.SubConfig(TagOptions)
    overrides = c.Optional(c.File(exists=True))
    reactions = OneOf(("separate", "count"), default="separate")


class Sources(base.BaseConfigOption["tuple[NetworkSource | Files, ...]"]):
    """A list of `- name: {options}` (or `- name`), built at once so that a wrong one stops the build here."""

    def __init__(self) -> None:
        super().__init__()
        self.default = ()

    def pre_validation(self, config: base.Config, key_name: str) -> None:
        self._root = Path(config.config_file_path or "mkdocs.yml").absolute().parent

    def run_validation(self, value: object) -> tuple[NetworkSource | Files, ...]:
        if isinstance(value, dict):
            value = [{name: options} for name, options in value.items()]
        if not isinstance(value, (list, tuple)):
            raise base.ValidationError("expected a list like `- isso: {url: https://comments.example.org}`.")
        return tuple(self._source(entry) for entry in value)

    def _source(self, entry: object) -> NetworkSource | Files:
        name, options = next(iter(entry.items())) if isinstance(entry, dict) and len(entry) == 1 else (entry, {})
        if not isinstance(name, str) or not isinstance(options, (dict, type(None))):
            raise base.ValidationError(
                f"{entry!r}: expected one source an entry, like `- isso: {{url: https://comments.example.org}}`."
            )
        if name == "files":
            return self._files(options or {})
        from mkdocs_echo_plugin.sources import NetworkSource, configured

        try:
            source = configured(name, options or {})
        except ConfigurationError as error:
            raise base.ValidationError(str(error).removeprefix("sources: ")) from error
        if not isinstance(source, NetworkSource):
            raise base.ValidationError(f"{name}: reads files only. Write `- files: {{path: ..., source: {name}}}`.")
        return source

    def _files(self, options: dict[str, Any]) -> Files:
        from mkdocs_echo_plugin.sources import configured, named
        from mkdocs_echo_plugin.survey import Files
        from mkdocs_echo_plugin.survey.files import near

        known = ("path", "from", "map", "source")
        for option in options:
            if option not in known:
                like = get_close_matches(str(option), known, n=1)
                hint = f"Did you mean '{like[0]}'?" if like else f"Known: {', '.join(known)}."
                raise base.ValidationError(f"files: unknown option '{option}'. {hint}")
            if not isinstance(options[option], (str, dict) if option == "source" else str):
                raise base.ValidationError(f"files: option '{option}': expected a text.")
        if "path" not in options:
            raise base.ValidationError("files: option 'path' is missing. Name the file or folder with the comments.")
        for option in ("path", "map"):
            if option in options and not (self._root / options[option]).exists():
                shown = options[option]
                hint = near(self._root / shown, self._root)
                raise base.ValidationError(f"files: {option}: '{shown}' does not exist beside mkdocs.yml.{hint}")
        if "source" in options:
            chosen = options["source"]
            try:
                if isinstance(chosen, dict):
                    configured(*next(iter(chosen.items()), ("", {})))
                else:
                    named(chosen)
            except ConfigurationError as error:
                raise base.ValidationError(f"files: {str(error).removeprefix('sources: ')}") from error
        where = options.get("map")
        return Files(
            path=self._root / options["path"],
            name=options["path"],
            from_=options.get("from"),
            map_=self._root / where if where else None,
            source=options.get("source"),
        )
