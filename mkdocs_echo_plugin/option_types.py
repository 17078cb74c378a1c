"""Kinds of options that MkDocs itself does not have; each says in one line what is wrong and what to do."""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from mkdocs.config import base
from mkdocs.config import config_options as c

from mkdocs_echo_plugin.model import STATES
from mkdocs_echo_plugin.render import FOLDER

if TYPE_CHECKING:
    from mkdocs.config.base import ConfigErrors, ConfigWarnings


class Options(base.Config):
    """A group of options in which a name that does not exist is an error: a misspelt option must not be lost."""

    def validate(self) -> tuple[ConfigErrors, ConfigWarnings]:
        known = sorted(self._schema_keys)
        for name in self.keys() - self._schema_keys:
            near = get_close_matches(str(name), known, n=1)
            hint = f"Did you mean '{near[0]}'?" if near else f"Known: {', '.join(known)}."
            return [(str(name), base.ValidationError(f"unknown option. {hint}"))], []
        result: tuple[ConfigErrors, ConfigWarnings] = super().validate()
        return result


class OneOf(c.Choice[str]):
    """A choice of words, one of which may be "off" or "none", which YAML also reads as false."""

    def run_validation(self, value: object) -> str:
        if value is False:
            value = "off" if "off" in self.choices else "none"
        if value not in self.choices:
            near = get_close_matches(str(value), list(self.choices), n=1)
            hint = f" Did you mean '{near[0]}'?" if near else ""
            raise base.ValidationError(f"{value!r} is not known.{hint} Write one of {', '.join(self.choices)}.")
        return str(value)


class ReaderName(base.BaseConfigOption["str | dict[str, Any]"]):
    """A reader's name, or `{name: {options}}`."""

    def __init__(self, default: str) -> None:
        super().__init__()
        self.default = default

    def run_validation(self, value: object) -> str | dict[str, Any]:
        from mkdocs_echo_plugin.model import OUR_READERS

        if isinstance(value, str) and value in OUR_READERS:
            return value
        name, options = next(iter(value.items())) if isinstance(value, dict) and len(value) == 1 else (value, None)
        if not isinstance(name, str) or not isinstance(options, (dict, type(None))):
            raise base.ValidationError(
                f"{value!r}: expected a reader's name like `embedded`, or `{{name: {{options}}}}`."
            )
        from mkdocs_echo_plugin.readers import names

        if name not in (known := names()):
            near = get_close_matches(name, known, n=1)
            hint = f" Did you mean '{near[0]}'?" if near else ""
            raise base.ValidationError(f"{name!r} is not known.{hint} Write one of {', '.join(known)}.")
        return name if options is None else {name: options}


class FolderName(base.BaseConfigOption[str]):
    """The folder of the built site for what the plugin adds: plain names, so that it stays inside the site."""

    def __init__(self) -> None:
        super().__init__()
        self.default = FOLDER

    def run_validation(self, value: object) -> str:
        if not isinstance(value, str) or not re.fullmatch(r"[\w-]+(/[\w-]+)*", value.strip("/"), re.ASCII):
            raise base.ValidationError(f"{value!r}: expected a folder's name like `echo`, of letters, digits, - and _.")
        return value.strip("/")


class States(c.ListOfItems[str]):
    """Names of states; one name may stand without a list around it."""

    def __init__(self) -> None:
        super().__init__(OneOf(STATES), default=[])

    def pre_validation(self, config: base.Config, key_name: str) -> None:
        if isinstance(config.get(key_name), str):
            config[key_name] = [name.strip() for name in config[key_name].split(",") if name.strip()]
