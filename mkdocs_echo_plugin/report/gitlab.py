"""A report as GitLab Code Quality: a JSON list of findings, shown in the merge request.

Fields: description, check_name, fingerprint (unique, and the same from run to run: no line number, no date), severity,
location.path, location.lines.begin (GitLab's documentation, "Code Quality report format").
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from mkdocs_echo_plugin.report.notices import notices


def write(report: Mapping[str, Any], *, docs_dir: str = "docs") -> str:
    """The report's notices; a thread that could not be read is "minor", an act worth doing is "info"."""
    found = [
        {
            "description": f"{n.title}. {n.text}",
            "check_name": f"echo-{n.check}",
            "fingerprint": hashlib.sha256(f"echo\0{n.check}\0{n.path}".encode()).hexdigest(),
            "severity": "minor" if n.severe else "info",
            "location": {"path": f"{docs_dir.rstrip('/')}/{n.path}" if docs_dir else n.path, "lines": {"begin": 1}},
        }
        for n in notices(report)
    ]
    return json.dumps(found, ensure_ascii=True, indent=2) + "\n"
