"""The schema of the options, with which editors complete mkdocs.yml."""

from __future__ import annotations

import json
import runpy
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

ROOT = Path(__file__).parents[2]
WRITTEN = ROOT / "schema/options.v1.json"


@pytest.fixture(scope="module")
def options() -> Draft202012Validator:
    schema = json.loads(WRITTEN.read_text("utf-8"))
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


def test_it_says_what_the_options_are() -> None:
    made = runpy.run_path(str(ROOT / "schema/options.py"))["schema"]()
    assert WRITTEN.read_text("utf-8") == made, "run `python schema/generate.py`"


def test_the_example_is_valid(options: Draft202012Validator) -> None:
    plugins = yaml.safe_load((ROOT / "example_site/mkdocs.yml").read_text("utf-8"))["plugins"]
    (ours,) = [p["echo"] for p in plugins if isinstance(p, dict) and "echo" in p]
    options.validate(ours)


@pytest.mark.parametrize(
    "wrong",
    [
        {"sauces": []},
        {"badge": {"position": "left"}},
        {"sources": [{"isso": {}}]},
        {"sources": [{"isso": {"url": "https://c.example", "address": "x"}}]},
        {"sources": [{"geocities": {}}]},
        {"fail_on": ["sad"]},
        {"offline": "perhaps"},
    ],
    ids=str,
)
def test_what_the_plugin_refuses_the_schema_refuses(wrong: dict[str, Any], options: Draft202012Validator) -> None:
    assert not options.is_valid(wrong)


@pytest.mark.parametrize("name", ["isso", "waline", "wordpress"])
def test_an_address_that_is_none_stops_the_build(name: str) -> None:
    from mkdocs_echo_plugin.errors import ConfigurationError
    from mkdocs_echo_plugin.sources import configured

    with pytest.raises(ConfigurationError, match=f"{name}: option 'url': 'notaurl' is no http or https address"):
        configured(name, {"url": "notaurl"})
