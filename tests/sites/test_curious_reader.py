"""Plays a reader who compares what is public of many posts, to learn what is nobody's business."""

from __future__ import annotations

import json
from typing import Any

import pytest
from drawing import Builder, thread

INSULTS = " You idiots are stupid, you moron, your lies, you fool."
TEA = " A quiet cup of tea in the rain, with a biscuit or two."
# the post has all the words itself, so that none of them is new content
PAGE = f"---\ncomments: true\n---\n# Why tea is better\n\nTea is better than coffee.\n\nI was told:{INSULTS}{TEA}\n"


def said(heat: bool, month: int, *, sides: tuple[int, int]) -> str:
    """A thread that differs from another in nothing but its tone."""
    words = [*["Agree: yes, it was and it is good for the rest of us here."] * sides[0],
             *["Disagree: no, it was not and it is not good for the rest of us here."] * sides[1]]  # fmt: skip
    comments = [
        {"id": str(i), "author": f"a{i}", "text": text + (INSULTS if heat and text.startswith("Agree") else TEA), "created": f"2026-{month:02}-1{i}T00:00:00Z"}
        for i, text in enumerate(words)
    ]  # fmt: skip
    return thread(*comments, open=True)


@pytest.mark.parametrize("sides", [(8, 0), (4, 4), (6, 2), (3, 0)])
def test_two_sites_that_differ_only_in_tone_publish_the_same_bytes(build: Builder, sides: tuple[int, int]) -> None:
    published: list[dict[str, Any]] = []
    states = set()
    for heat in (False, True):
        tree = {"docs/index.md": "# Home"}
        for month in range(1, 13):
            tree |= {f"docs/p{month}.md": PAGE, f"comments/p{month}.json": said(heat, month, sides=sides)}
        built = build(tree, echo={"sources": [{"files": {"path": "comments"}}]})
        report = built.report()
        del report["generated_from"]  # hashes of what was read
        files = {name: data for name, data in built.files().items() if name != "echo/report.json"}
        published.append({"report": json.dumps(report), **files})
        states |= {post["author_state"] for post in built.author()["posts"]}
    assert published[0] == published[1]
    if sum(sides) > 4:
        assert "tense" in states
