"""The pictures in the manual: one of every state that has a badge, small, and shown where the manual speaks of them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

from screenshots import FIRST_SCHEMES, README, SHEETS, STATES, TENSE

from mkdocs_echo_plugin.health.state import SHOWS_NO_BADGE
from mkdocs_echo_plugin.model import HealthState

ROOT = Path(__file__).parents[2]
PICTURES = ROOT / "docs" / "pictures"
STATES_PAGE = (ROOT / "docs" / "states.md").read_text("utf-8")


def test_a_sheet_has_every_state_with_a_badge_in_the_order_of_the_manual() -> None:
    listed = re.findall(r"^\| `([a-z-]+)` \|", STATES_PAGE, re.MULTILINE)
    assert [state for state in listed if state in STATES] == list(STATES)
    assert set(STATES) == set(get_args(HealthState)) - SHOWS_NO_BADGE
    assert set(listed) == {*get_args(HealthState), "tense"}
    assert all((ROOT / "example_site/docs/posts" / f"{post}.md").is_file() for post in (*STATES.values(), TENSE))


def test_every_picture_is_shown_and_is_small() -> None:
    names = {f"{name}.png" for name, *_ in README} | {f"{name}.webp" for name, *_ in SHEETS}
    names |= {f"first-{scheme}.png" for scheme in FIRST_SCHEMES}
    assert {path.name for path in PICTURES.iterdir() if path.suffix != ".svg"} == names
    shown = (ROOT / "README.md").read_text("utf-8") + STATES_PAGE
    assert all(f"pictures/{name}" in shown for name in names)
    assert max(path.stat().st_size for path in PICTURES.iterdir()) < 100_000
