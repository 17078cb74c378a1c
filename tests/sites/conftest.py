"""The `build` fixture of every test in here; see drawing.py."""

from __future__ import annotations

from drawing import build

__all__ = ["build"]
