"""Builds that are killed, at steps spread over all of them; benchmarks/kills.py does it at 200 random ones."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="only POSIX can fork a process that kills itself at a step")
def test_a_build_that_is_killed_at_any_step_loses_nothing() -> None:
    command = [sys.executable, str(ROOT / "benchmarks/kills.py"), "--kills", "8", "--seed", "7"]
    ran = subprocess.run(command, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "8 kills, 0 things wrong" in ran.stdout
