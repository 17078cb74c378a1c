"""Prints one of the README's two commands, so that what CI runs is what people are told to paste."""

from __future__ import annotations

import re
import sys
from pathlib import Path

MARKS = {"example": "mkdocs build", "tests": "pytest"}


def command(which: str) -> str:
    """The first shell block of the README that runs what `which` stands for."""
    text = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
    for block in re.findall(r"^```(?:bash|sh|console)\n(.*?)^```", text, re.MULTILINE | re.DOTALL):
        if MARKS[which] in block:
            return str(block).strip()
    raise SystemExit(f"README.md: no shell block with `{MARKS[which]}`.")


if __name__ == "__main__":
    print(command(sys.argv[1]))
