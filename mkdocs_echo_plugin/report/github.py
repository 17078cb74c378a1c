"""A report as GitHub Actions annotations: workflow commands on standard output, which GitHub pins to the files.

Format: `::notice file={path},title={title}::{message}`. In a message % CR LF are escaped, in a property also : and ,
(GitHub's documentation, "Workflow commands"). GitHub shows ten annotations of a kind a step.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from mkdocs_echo_plugin.messages import printable
from mkdocs_echo_plugin.report.notices import notices

LIMIT: Final = 10


def write(report: Mapping[str, Any], *, docs_dir: str = "docs") -> str:
    """At most ten annotations, most useful first, one a line; the last one says how many more there are."""
    found = notices(report)
    kept = found if len(found) <= LIMIT else found[: LIMIT - 1]
    lines = [
        f"::{'warning' if n.severe else 'notice'} file={_property(_path(docs_dir, n.path))},title={_property(n.title)}"
        f"::{_message(n.text)}"
        for n in kept
    ]
    if len(kept) < len(found):
        lines.append(f"::notice title=echo::{len(found) - len(kept)} more in echo/report.json")
    return "".join(line + "\n" for line in lines)


def _path(docs_dir: str, path: str) -> str:
    return f"{docs_dir.rstrip('/')}/{path}" if docs_dir else path


def _message(text: str) -> str:
    return printable(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _message(text).replace(":", "%3A").replace(",", "%2C")
