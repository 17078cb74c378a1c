"""A few hundred cases of benchmarks/fuzz.py, always the same, and those that once broke something."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

FUZZ = Path(__file__).parents[2] / "benchmarks/fuzz.py"
BROKE: tuple[int, ...] = ()
"""Seeds of cases that failed once. Golden files that come later change what a seed makes; the kind stays in other tests."""


@pytest.fixture(scope="module")
def fuzz() -> ModuleType:
    spec = importlib.util.spec_from_file_location("fuzz", FUZZ)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_damaged_files_of_every_system_are_read_or_refused_and_rendered(fuzz: ModuleType, tmp_path: Path) -> None:
    given = fuzz.inputs(tmp_path)
    ended = [fuzz.run(seed, given, tmp_path) for seed in (*BROKE, *range(200))]
    assert ended.count("read") > 20
    assert set(ended) == {"read", "refused"}
