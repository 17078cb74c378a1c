"""Writes options.v1.json, the JSON Schema of what mkdocs.yml may say under `- echo:`: `python schema/options.py`.

Editors complete and check options with it. It is made from the options themselves, so it cannot say anything else.
"""

from __future__ import annotations

import json
import sys
import types
from dataclasses import MISSING, Field, fields
from pathlib import Path
from typing import Any, Union, get_args, get_origin, get_type_hints

from mkdocs.config import base
from mkdocs.config import config_options as c

from mkdocs_echo_plugin.config import EchoConfig
from mkdocs_echo_plugin.option_groups import Place, Sources
from mkdocs_echo_plugin.option_types import ReaderName
from mkdocs_echo_plugin.sources import available, is_network

HERE = Path(__file__).parent
FILES = {
    "path": {"type": "string", "description": "file or folder with comments, beside mkdocs.yml"},
    "from": {"type": "string", "description": "the old site's address"},
    "map": {"type": "string", "description": "CSV of old,new addresses"},
    "source": {
        "type": "string",
        "enum": sorted(available()),
        "description": "the adapter, where the format is not plain",
    },
}


def of_options(config: type[base.Config]) -> dict[str, Any]:
    """An object schema of a group of options."""
    properties = {name: of_option(option) for name, option in sorted(config._schema)}
    found: dict[str, Any] = {"type": "object", "properties": properties, "additionalProperties": False}
    return {"anyOf": [{"type": "boolean"}, found]} if issubclass(config, Place) else found


def of_option(option: base.BaseConfigOption[Any]) -> dict[str, Any]:
    """The schema of one option by its class."""
    default = {} if option.default is None or isinstance(option, Sources) else {"default": option.default}
    if isinstance(option, c.Optional):
        return of_option(option.option)
    if isinstance(option, ReaderName):
        # `{name: {options}}`, and any name: other packages bring readers of their own
        return {"anyOf": [{"type": "string"}, {"type": "object", "minProperties": 1, "maxProperties": 1}], **default}
    if isinstance(option, c.Type) and option._type is int:
        return {"type": "integer", **default}
    if isinstance(option, c.SubConfig):
        return of_options(option.config_class)
    if isinstance(option, c.Choice):
        words = list(option.choices)
        return {"enum": [*words, False] if {"off", "none"} & set(words) else words, **default}
    if isinstance(option, c.ListOfItems):
        return {"type": "array", "items": of_option(option.option_type), **default}
    if isinstance(option, Sources):
        return {"type": "array", "items": {"anyOf": [of_source(name) for name in ("files", *sorted(available()))]}}
    if isinstance(option, c.Type) and option._type is bool:
        return {"type": "boolean", **default}
    return {"type": "string", **default}


def of_source(name: str) -> dict[str, Any]:
    """`- name: {options}`; a network source without required options may stand as a bare word."""
    if name == "files":
        options = {"type": "object", "properties": FILES, "required": ["path"], "additionalProperties": False}
        return {"type": "object", "properties": {name: options}, "required": [name], "additionalProperties": False}
    adapter: Any = available()[name]
    if not is_network(adapter):
        return {"not": {}}
    hints = get_type_hints(adapter)
    own = [f for f in fields(adapter) if f.init and not f.name.startswith("_")]
    asked = getattr(adapter, "required", ())
    required = [f.name for f in own if _is_required(f) or f.name in asked]
    options = {"type": "object", "properties": {f.name: of_type(hints[f.name]) for f in own},
               "required": required, "additionalProperties": False}  # fmt: skip
    entry = {"type": "object", "properties": {name: options}, "required": [name], "additionalProperties": False}
    return (
        {"title": adapter.title, **entry} if required else {"title": adapter.title, "anyOf": [{"const": name}, entry]}
    )


def _is_required(f: Field[Any]) -> bool:
    return f.default is MISSING and f.default_factory is MISSING


def of_type(hint: Any) -> dict[str, Any]:
    """The schema of a field's type."""
    origin, args = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        return of_type(next(a for a in args if a is not type(None)))
    if args and all(isinstance(a, str) for a in args):
        return {"enum": list(args)}
    if hint is bool:
        return {"type": "boolean"}
    if hint in (int, float):
        return {"type": "number"}
    if origin in (tuple, list):
        return {"type": "array", "items": of_type(args[0])}
    if origin is not None and origin is not tuple:
        return {"type": "object"}
    return {"type": "string"}


def schema() -> str:
    """The whole schema as text."""
    whole = of_options(EchoConfig)
    whole["properties"]["enabled"] = {"type": "boolean", "default": True}
    head = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "options.v1",
        "description": "what mkdocs.yml may say under `- echo:`; made by schema/options.py",
    }
    items = whole["properties"]["sources"]["items"]
    items["anyOf"] = [one for one in items["anyOf"] if one != {"not": {}}]
    return json.dumps({**head, **whole}, indent=2) + "\n"


if __name__ == "__main__":
    (HERE / "options.v1.json").write_text(schema(), encoding="utf-8")
    sys.stdout.write(f"{HERE / 'options.v1.json'}\n")
