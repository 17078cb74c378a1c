"""What readings can carry, on a small scale: benchmarks/simulate.py in full takes minutes."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[3] / "benchmarks"))

from simulate import MIXES, SIZES, Cell, read_pool, simulate, voices

POOL, PI = read_pool()


def cell(*mix: int, n: int, threads: int = 100, declare: bool = False, drawn: bool = False) -> Cell:
    return simulate(POOL, PI, mix, n, threads, declare, seed=7, drawn=drawn)


def test_a_mix_is_made_of_whole_voices() -> None:
    for mix in MIXES:
        for n in SIZES:
            counts = voices(mix, n)
            assert sum(counts) == n
            assert all(abs(count - n * share / 100) < 1 for count, share in zip(counts, mix, strict=True))


@pytest.mark.parametrize("n", [8, 15, 30])
def test_agreement_is_not_read_as_several_views(n: int) -> None:
    assert cell(95, 5, 0, n=n).share("several") <= 0.03
    assert cell(80, 15, 5, n=n).share("several") <= 0.07


def test_a_divided_thread_of_thirty_is_often_seen_for_what_it_is() -> None:
    assert cell(40, 30, 30, n=30).share("several") >= 0.3


def test_where_a_third_declare_it_mostly_is() -> None:
    assert cell(40, 30, 30, n=30, declare=True).share("several") >= 0.75


@pytest.mark.parametrize("declare", [False, True])
@pytest.mark.parametrize("n", [8, 15, 30])
@pytest.mark.parametrize("mix", MIXES)
def test_the_interval_mostly_holds_what_the_voices_think(mix: tuple[int, ...], n: int, declare: bool) -> None:
    assert cell(*mix, n=n, declare=declare, drawn=True).coverage >= 0.5


def test_threads_that_are_as_divided_as_can_be_are_told_to_be_less_so() -> None:
    # D is at its ceiling, where no interval of the middle 80 % reaches: it errs on the side of saying less
    assert cell(45, 10, 45, n=15).coverage < cell(45, 10, 45, n=15, drawn=True).coverage


def test_the_same_seed_gives_the_same_threads() -> None:
    assert cell(60, 30, 10, n=8, threads=20) == cell(60, 30, 10, n=8, threads=20)
