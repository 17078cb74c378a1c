"""The readers that ship, by name."""

from __future__ import annotations

from functools import cache
from importlib import resources

from mkdocs_echo_plugin.errors import ConfigurationError
from mkdocs_echo_plugin.stance.reader import TASKS, EmbeddedReader, Reader


@cache
def load(name: str = "embedded") -> Reader:
    """The reader of that name: `embedded` (in the package), or `crossencoder` (extra `[model]`).

    Raises:
        ConfigurationError: no such reader, or its extra is not installed.
    """
    if name == "embedded":
        files = resources.files(__package__)
        return EmbeddedReader({task: files.joinpath(f"weights-{task}.bin").read_bytes() for task in TASKS})
    if name == "crossencoder":
        from mkdocs_echo_plugin.stance import crossencoder

        reader: Reader = crossencoder.load(load("embedded"))
        return reader
    raise ConfigurationError(
        f"stance.reader: {name!r} is not in the package. Write embedded or crossencoder here; others read whole sites."
    )
