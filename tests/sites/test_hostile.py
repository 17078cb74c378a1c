"""Comments are written by anybody: what they hold must not reach a page as markup, nor stop or slow a build."""

from __future__ import annotations

import json
import re
from time import perf_counter
from typing import Any

import pytest
from drawing import THEMES, Build, Builder, badges, tags, thread, voices
from test_builds import FILES

EVIL = '<script>alert("x")</script><img src=x onerror=alert(1)>'
URL = 'javascript:alert(1)//https://blog.example/"><script>alert(2)</script>'
BIDI = "\u202eevil\u202c\u2066 \x00\x07 \ufeff \ud800"


def one_post(build: Builder, comments: str, **keywords: Any) -> Build:
    tree = {
        "docs/index.md": "# Home",
        "docs/first.md": "---\ncomments: true\n---\n# First\n\nTea is better than coffee.",
        "comments/first.json": comments,
    }
    built = build(tree, echo={**FILES, "tone": "public"}, **keywords)
    assert built.exit_code == 0, built.log
    return built


@pytest.mark.parametrize("theme", THEMES)
def test_markup_in_name_text_and_address_stays_text(build: Builder, theme: str) -> None:
    question = f"{EVIL} What would you say, and why would anybody drink coffee at all, if there is tea? {EVIL}"
    comments = [
        *voices(agree=4, disagree=4),
        *({"author": f"{EVIL}{i}", "author_url": URL, "text": question, "url": URL} for i in range(4)),
        {"author": "Eve", "text": f"Disagree: {question}", "url": f"https://blog.example/{EVIL}", "id": EVIL},
    ]
    built = one_post(build, thread(*comments, title=EVIL, open=True, source_url=URL), theme=theme)
    clean = build({"docs/first.md": "---\necho: false\n---\n# First"}, echo=FILES, theme=theme)
    scripts = [t for t, a in tags(clean.page("first/")) if t == "script"]
    page = one_post(build, thread(*comments, title=EVIL, open=True, source_url=URL), theme=theme).page("first/")
    assert badges(page)
    assert [t for t, a in tags(page) if t == "script"] == [*scripts, "script"]  # the copy button's
    (ours,) = re.findall(r"<script>\(d=>.*?</script>", page)
    assert "alert" not in ours
    for tag, attributes in tags(page):
        assert "onerror" not in attributes, tag
        assert not (attributes.get("href") or "").lower().startswith("javascript:")
        assert "alert(" not in json.dumps({k: v for k, v in attributes.items() if k in ("href", "src")})
    assert "<script" not in json.dumps(built.report()["posts"][0]["badge"])


def test_control_and_direction_characters_are_gone(build: Builder) -> None:
    comments = [
        {"author": f"{BIDI}{i}", "text": f"Disagree: {BIDI} this is {BIDI} what I think of tea"} for i in range(8)
    ]
    built = one_post(build, thread(*comments, open=True))
    page = built.page("first/")
    assert built.report()["posts"][0]["voices"]["n"] == 8
    for bad in ("\u202e", "\u2066", "\x00", "\x07", "\ud800"):
        assert bad not in page
        assert bad not in (built.site / "echo/report.json").read_text("utf-8")


def test_ten_thousand_replies_in_one_chain(build: Builder) -> None:
    chain = [
        {
            "id": str(i),
            "parent_id": str(i - 1) if i else None,
            "author": f"a{i % 50}",
            "text": f"Agree: number {i}",
        }
        for i in range(10_000)
    ]
    began = perf_counter()
    built = one_post(build, thread(*chain))
    assert perf_counter() - began < 30
    assert built.report()["posts"][0]["comments"]["read"] > 9_000


def test_a_comment_of_five_megabytes(build: Builder) -> None:
    comments = [*voices(agree=6), {"author": "Long", "text": "tea <b>is</b> fine " * 300_000}]
    began = perf_counter()
    built = one_post(build, thread(*comments))
    assert perf_counter() - began < 20
    assert built.states() == {"first": "one-side"}
    assert len(built.page("first/")) < 60_000


def test_circles_missing_parents_and_double_ids(build: Builder) -> None:
    comments = [
        {"id": "a", "parent_id": "b", "author": "A", "text": "Agree: yes it is so"},
        {"id": "b", "parent_id": "a", "author": "B", "text": "Agree: yes it is so indeed"},
        {"id": "c", "parent_id": "c", "author": "C", "text": "Agree: my own parent"},
        {"id": "d", "parent_id": "nobody", "author": "D", "text": "Agree: an orphan"},
        {"id": "d", "author": "E", "text": "Agree: the same id again"},
    ]
    built = one_post(build, thread(*comments))
    assert built.report()["posts"][0]["voices"]["n"] == 5


@pytest.mark.parametrize(
    "broken",
    [
        "",
        "{",
        "[" * 100_000,
        "null",
        '{"schema": "thread.v1"}',
        '{"schema": "thread.v1", "platform": 7, "comments": {"a": 1}}',
        '{"schema": "thread.v1", "platform": "x", "comments": [1, null, {"id": []}]}',
        "\ufffd\x00\x01\x02",
    ],
)
def test_a_file_of_nonsense_stops_nothing(build: Builder, broken: str) -> None:
    built = one_post(build, broken)
    assert built.states()["first"] in ("unknown", "quiet", "early")
    assert badges(built.page("first/")) in ([], ["early"])


def test_yaml_that_would_run_code_or_swell_is_not_read(build: Builder) -> None:
    named = "echo: {threads: [comments/first.yml, comments/second.yml]}"
    tree = {
        "docs/index.md": "# Home",
        "docs/first.md": f"---\ncomments: true\n{named}\n---\n# First",
        "comments/first.yml": "schema: thread.v1\nplatform: !!python/object/apply:os.system ['touch owned']\n",
        "comments/second.yml": "a: &a [x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a]\n"
        "c: &c [*b,*b,*b,*b,*b,*b,*b,*b]\nd: &d [*c,*c,*c,*c,*c,*c,*c,*c]\ne: [*d,*d,*d,*d,*d,*d,*d,*d]\n"
        "schema: thread.v1\ncomments: [*d]\n",
    }
    built = build(tree, echo=FILES)
    assert built.states() == {"first": "unknown"}
    assert not (built.root / "owned").exists()


def test_no_front_matter_writes_a_line_of_its_own_into_the_log(build: Builder) -> None:
    front = {
        "comments": True,
        "echo": {"x\n::add-mask::a\n::error file=a::b\n\x1b]0;owned\x07": 1, "threads": ["https://e.example/\n::warning::v"]},
        "discussion": "\n::error::v",
        "outside_voices": ["\n##[error]x"],
    }  # fmt: skip
    page = f"---\n{json.dumps(front)}\n---\n# First\n"
    built = build({"docs/index.md": "# Home", "docs/first.md": page}, echo={"fail_on": ["unknown"]})
    assert "discussion" in built.log
    assert [line for line in built.log.splitlines() if line.startswith(("::", "##"))] == []
    assert "\x1b" not in built.log
    assert "##[" not in built.log


def test_an_address_that_a_commenter_chose_gets_no_vote_of_the_site(build: Builder) -> None:
    asks = "Would you say so too, and what is it that you see in it? It would be good to know that from you."
    comments = [
        *voices(agree=5, disagree=5),
        *(
            {
                "author": f"a{i}",
                "text": asks,
                "url": f"https://casino.example/{i}",
                "id": f"q{i}",
                "created": f"2026-01-0{i + 1}T00:00:00Z",
            }
            for i in range(4)
        ),
        {
            "author": "b",
            "text": f"Disagree: {asks} {asks}",
            "url": "https://casino.example/d",
            "score": 9,
            "id": "d",
            "created": "2026-01-09T00:00:00Z",
        },
    ]
    page = one_post(build, thread(*comments, open=True)).page("first/")
    links = [attributes for tag, attributes in tags(page) if tag == "a" and "casino" in (attributes.get("href") or "")]
    assert len(links) >= 1
    assert {attributes.get("rel") for attributes in links} == {"nofollow ugc noopener"}
