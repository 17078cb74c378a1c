"""The command line keeps its promises: names, keys, exit statuses, one line on errors, the same bytes again."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pytest_httpserver import HTTPServer

from mkdocs_echo_plugin.cli import COMMANDS

Echo = Callable[..., Any]
Files = Callable[..., Path]

LONG = "because the figures that I kept for ten years in our own garden show nothing of the kind to anybody who looks"
LETTERS = {
    "schema": "thread.v1",
    "platform": "letters",
    "page_url": "/first/",
    "open": True,
    "comments": [
        *(
            {"id": f"a{i}", "author": f"Reader {i}", "created": f"2026-03-0{i}T10:00:00Z", "text": f"Agree: {LONG}."}
            for i in range(1, 7)
        ),
        {"id": "d1", "author": "Ada", "created": "2026-03-07T10:00:00Z", "text": f"Disagree: {LONG}."},
        {"id": "d2", "author": "Bo", "created": "2026-03-08T10:00:00Z", "text": f"Disagree: no, {LONG}."},
        {
            "id": "r1",
            "parent_id": "d1",
            "author": "Ada",
            "created": "2026-03-09T10:00:00Z",
            "text": "I forgot one thing.",
        },
        {"id": "gone", "created": "2026-03-09T11:00:00Z", "text": "", "state": "deleted"},
        {"id": "ping", "author": "A blog", "created": "2026-03-09T12:00:00Z", "text": "[...]", "kind": "pingback"},
    ],
}


@pytest.fixture
def letters(files: Files) -> Path:
    return files({"letters.json": json.dumps(LETTERS)}) / "letters.json"


# every command


@pytest.mark.parametrize("command", COMMANDS)
def test_help_of_every_command_has_an_example(command: str, echo: Echo) -> None:
    ran = echo(command, "--help")
    assert ran.status == 0
    assert f"mkdocs-echo {command}" in re.split("Examples?:", ran.text)[1]


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["nothing"], "'nothing'"),
        (["threads"], "'INPUT...'"),
        (["threads", "--sauce", "isso", "x"], "--sauce"),
        (["threads", "no-such-file.json"], "no-such-file.json"),
        (["threads", ""], "INPUT"),
        (["threads", "--source", "geocities", "x"], "'geocities'"),
        (["score", "--format", "xml", "x"], "--format"),
        (["score", "--post", "no-such-post.md", "x"], "--post no-such-post.md"),
        (["stance", "--in", "no-such-file"], "--in no-such-file"),
        (["range", "1", "2"], "'DISAGREE'"),
        (["range", "-1", "2", "3"], "'AGREE'"),
        (["range", "1", "2", "three"], "'DISAGREE'"),
        (["range", "1", "2", "3", "--readings", "no-such-file"], "--readings no-such-file"),
        (["fetch", "-f", "no-such.yml"], "-f no-such.yml"),
        (["fetch", "--no-text"], "--no-text"),
        (["report", "no-such-site"], "no-such-site"),
        (["report", "--format", "pdf"], "--format"),
        (["check", "no-such-site"], "no-such-site"),
        (["check", "--fail-on", "sad"], "--fail-on"),
        (["digest", "no-such-site"], "no-such-site"),
    ],
)
def test_wrong_use_is_one_line_that_names_what_is_wrong_and_exit_2(
    arguments: list[str], named: str, echo: Echo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    ran = echo(*arguments)
    assert ran.status == 2
    assert ran.out == b""
    assert len(ran.err.splitlines()) == 1
    assert named in ran.err


def test_the_program_itself_ends_with_the_status_and_without_a_traceback(letters: Path) -> None:
    def run(*arguments: str) -> subprocess.CompletedProcess[bytes]:
        program = [sys.executable, "-m", "mkdocs_echo_plugin.cli", *arguments]
        return subprocess.run(program, capture_output=True, check=False)

    assert run("threads", str(letters)).returncode == 0
    wrong = run("threads", str(letters.parent / "nothing.json"))
    assert wrong.returncode == 2
    assert wrong.stderr.count(b"\n") == 1


def test_a_closed_pipe_is_no_traceback(letters: Path) -> None:
    program = f"{sys.executable} -m mkdocs_echo_plugin.cli"
    command = f"{program} threads {letters} {letters} | head -c 10"
    ran = subprocess.run(["bash", "-c", command], capture_output=True, check=True)
    assert ran.stdout == b'{"schema":'
    assert b"Traceback" not in ran.stderr


# threads


def test_threads_prints_the_whole_list_one_thread_a_line(letters: Path, echo: Echo) -> None:
    (thread,) = echo("threads", letters).objects
    assert thread["schema"] == "thread.v1"
    assert [c["id"] for c in thread["comments"]] == [c["id"] for c in LETTERS["comments"]]  # type: ignore[index]
    assert [c["state"] for c in thread["comments"] if c["id"] == "gone"] == ["deleted"]
    assert [c["kind"] for c in thread["comments"] if c["id"] == "ping"] == ["pingback"]


def test_authors_are_numbered_in_order_of_first_appearance(letters: Path, echo: Echo) -> None:
    (thread,) = echo("threads", letters).objects
    keys = {c["id"]: c["author_key"] for c in thread["comments"]}
    assert [keys[i] for i in ("a1", "a2", "d1", "d2", "r1", "gone")] == ["v1", "v2", "v7", "v8", "v7", None]


def test_the_site_s_key_changes_nothing_that_is_printed(
    letters: Path, echo: Echo, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = echo("threads", letters).out + echo("score", letters).out
    monkeypatch.setenv("ECHO_KEY", "another key")
    assert echo("threads", letters).out + echo("score", letters).out == before


def test_standard_input_is_read_as_a_file_is(letters: Path, echo: Echo) -> None:
    assert echo("threads", "-", given=letters.read_bytes()).out == echo("threads", letters).out


def test_a_folder_is_read_in_the_order_of_its_names(files: Files, echo: Echo) -> None:
    folder = files({f"in/{name}.json": json.dumps({**LETTERS, "page_url": f"/{name}/"}) for name in "cab"})
    assert [t["page_url"] for t in echo("threads", folder / "in").objects] == ["/a/", "/b/", "/c/"]


def test_one_unreadable_input_of_several_is_said_and_the_others_are_read(
    letters: Path, files: Files, echo: Echo
) -> None:
    broken = files({"broken.json": '{"schema": "thread.v1", "comments": [\n{"id": '}) / "broken.json"
    ran = echo("threads", broken, letters)
    assert ran.status == 2
    assert len(ran.objects) == 1
    assert "broken.json" in ran.err
    assert "line 2" in ran.err


def test_one_unreadable_file_in_a_folder_is_said_and_the_others_are_read(files: Files, echo: Echo) -> None:
    folder = files(
        {"in/a.json": "{", "in/b.json": json.dumps(LETTERS), "in/c.json": "[]", "in/d.json": json.dumps(LETTERS)}
    )
    ran = echo("threads", folder / "in")
    assert ran.status == 2
    assert len(ran.objects) == 2
    assert [name for name in ("a.json", "b.json", "c.json", "d.json") if name in ran.err] == ["a.json", "c.json"]


def test_bytes_that_no_adapter_knows_say_what_to_do(files: Files, echo: Echo) -> None:
    ran = echo("threads", files({"notes.txt": "just words"}) / "notes.txt")
    assert ran.status == 2
    assert "notes.txt" in ran.err
    assert "--source" in ran.err


def test_the_address_of_a_saved_page_is_told_with_url(files: Files, echo: Echo) -> None:
    page = (
        '<html><body><ol class="comment-list"><li class="comment depth-1" id="comment-1"><article>'
        '<b class="fn">Ada</b><time datetime="2026-03-01T10:00:00Z">then</time>'
        '<div class="comment-content"><p>Agree: yes.</p></div></article></li></ol></body></html>'
    )
    path = files({"page.html": page}) / "page.html"
    (thread,) = echo("threads", path, "--source", "webpage", "--url", "https://blog.example/first/").objects
    assert thread["page_url"] == "https://blog.example/first/"
    assert len(thread["comments"]) == 1


def test_a_line_stays_a_line_and_a_terminal_stays_itself_whatever_people_write(files: Files, echo: Echo) -> None:
    text = "one\u2028two\u0085three\x1b[31m\u009b31m \ud83d"
    comments = [{"id": "1", "author": "Ada", "text": text}]
    path = files({"odd.json": json.dumps({"schema": "thread.v1", "platform": "x", "comments": comments})}) / "odd.json"
    ran = echo("threads", path)
    assert len(ran.out.decode().splitlines()) == 1
    assert not set(ran.out.decode()) & {"\x1b", "\x9b"}


# score


@pytest.mark.parametrize("order", ["utf-16", "utf-16-be"])
def test_json_as_powershell_saves_it_is_recognised(order: str, files: Files, echo: Echo) -> None:
    mark = "" if order == "utf-16" else "\ufeff"
    folder = files({"letters.json": (mark + json.dumps(LETTERS)).encode(order)})
    assert len(json.loads(echo("threads", folder / "letters.json").text)["comments"]) == len(LETTERS["comments"])


def test_a_file_that_is_refused_does_not_hide_the_others_of_its_folder(
    files: Files, echo: Echo, tmp_path: Path
) -> None:
    folder = files({"in/b.json": json.dumps(LETTERS)}) / "in"
    (folder.parent / "out.json").write_text(json.dumps(LETTERS), "utf-8")
    (folder / "a.json").symlink_to(folder.parent / "out.json")
    ran = echo("threads", folder)
    assert (ran.status, len(ran.text.splitlines())) == (2, 1)
    assert "a.json: this link leads out of the folder" in ran.err


def test_what_stands_in_the_way_is_said_in_the_words_of_the_command_line(letters: Path, echo: Echo) -> None:
    assert echo("threads", "--source", "nope", letters).err.startswith("mkdocs-echo: --source: unknown source 'nope'.")
    assert "standard input: there is nothing in it. Export the comments again." in echo("threads", "-").err
    assert "sys." not in echo("threads", "-", given='{"comments": [{"text": ' + "9" * 5000 + "}]}").err


def test_score_prints_one_health_a_thread(letters: Path, echo: Echo) -> None:
    first, second = echo("score", letters, letters).objects
    assert first == second
    assert first["schema"] == "health.v1"
    assert first["state"] == "one-side"
    assert (first["comments"]["read"], first["comments"]["deleted"], first["comments"]["pings"]) == (9, 1, 1)
    assert first["range"]["d"] == 0.75
    assert (first["range"]["side"], first["range"]["strength"]) == ("agree", "most")
    assert first["kind"] == {"value": "opinion", "how": "default", "p": 0.35}


def test_score_never_prints_tone_or_who(letters: Path, echo: Echo) -> None:
    printed = echo("score", letters).text
    assert not any(f'"{key}"' in printed for key in ("tone", "heat", "author_state", "author_key"))


def test_score_for_people_is_text(letters: Path, echo: Echo) -> None:
    text = echo("score", letters, "--format", "text").text
    assert text.startswith("/first/ (letters)\n  8 people commented · most agree, not all")


POSTS = {
    "post.md": "---\ntitle: Bees in winter\ndescription: What bees do.\n---\n# Bees\n\nThey *sleep*.\n",
    "post.html": "<html lang=en><title>Bees in winter</title><body><article><p>They sleep.</p></article></body>",
    "post.txt": "Bees in winter\n\nThey sleep, and what they eat is what we left them.\n",
}


@pytest.mark.parametrize("name", POSTS)
def test_a_post_gives_top_level_comments_something_to_be_read_against(
    name: str, letters: Path, files: Files, echo: Echo
) -> None:
    post = files(POSTS) / name
    (health,) = echo("score", letters, "--post", post).objects
    assert health["voices"]["read"] == health["voices"]["n"] - health["voices"]["declared"]


def test_the_front_matter_of_a_post_says_what_discussion_it_is(letters: Path, files: Files, echo: Echo) -> None:
    post = files({"fact.md": "---\ndiscussion: fact\n---\n# Water boils\n\nAt 100 degrees.\n"}) / "fact.md"
    (health,) = echo("score", letters, "--post", post).objects
    assert health["state"] == "facts"


def test_a_post_of_binary_is_refused_in_one_line(letters: Path, files: Files, echo: Echo) -> None:
    ran = echo("score", letters, "--post", files({"post.md": b"\xff\xfe\x00"}) / "post.md")
    assert (ran.status, len(ran.err.splitlines())) == (2, 1)
    assert "post.md" in ran.err


# stance


def test_stance_answers_every_line_in_order(echo: Echo) -> None:
    pairs = [
        {"id": 1, "parent": "Tea is best.", "reply": "Disagree: coffee is."},
        {"id": "two", "parent": "Tea is best.", "reply": "+1"},
        {"id": 3, "parent": "Tea is best.", "reply": "42!"},
        {
            "id": 4,
            "parent": "We should all drink tea.",
            "reply": "No, you are wrong, tea keeps me awake for the whole night.",
        },
    ]
    answers = echo("stance", given="\n".join(map(json.dumps, pairs)) + "\n").objects
    assert [a["id"] for a in answers] == [1, "two", 3, 4]
    assert [(a["stance"], a["how"]) for a in answers[:3]] == [
        ("disagree", "declared"),
        ("agree", "declared"),
        ("unknown", "read"),
    ]
    for answer in answers:
        assert set(answer) == {"id", "stance", "p", "how"}
        assert set(answer["p"]) == {"agree", "neutral", "disagree"}
        assert sum(answer["p"].values()) == pytest.approx(1)


@pytest.mark.parametrize(
    "line",
    [
        '{"id": 1, "parent": "a"}',
        "[1, 2]",
        "{",
        '{"id": 1, "parent": 2, "reply": "b"}',
        '{"id": NaN, "parent": "", "reply": ""}',
    ],
)
def test_a_malformed_pair_is_named_by_its_line_after_what_came_before(line: str, echo: Echo, files: Files) -> None:
    good = '{"id": 1, "parent": "a", "reply": "Agree: b"}'
    path = files({"pairs.jsonl": f"{good}\n{line}\n"}) / "pairs.jsonl"
    ran = echo("stance", "--in", path)
    assert (ran.status, len(ran.objects)) == (2, 1)
    assert "pairs.jsonl, line 2:" in ran.err


# range


def test_range_of_declared_counts_is_exact(echo: Echo) -> None:
    (figures,) = echo("range", 6, 0, 2).objects
    assert (figures["d"], figures["low"], figures["high"], figures["verdict"]) == (0.75, 0.75, 0.75, "one-side")


def test_range_takes_what_stance_prints(echo: Echo, files: Files) -> None:
    reply = "No, you are wrong, tea keeps me awake for the whole night, every night."
    pairs = "\n".join(json.dumps({"id": i, "parent": "Tea is best for everybody.", "reply": reply}) for i in range(6))
    path = files({"readings.jsonl": echo("stance", given=pairs).out}) / "readings.jsonl"
    (figures,) = echo("range", 0, 0, 0, "--readings", path).objects
    assert figures["d"] is None
    assert 0 <= figures["low"] <= figures["median"] <= figures["high"] <= 1
    assert echo("range", 0, 0, 0, "--readings", "-", given=path.read_bytes()).objects == [figures]


def test_a_reading_may_be_the_probabilities_alone(echo: Echo) -> None:
    p = {"agree": 0.2, "neutral": 0.3, "disagree": 0.5}
    alone, wrapped = (echo("range", 3, 1, 1, "--readings", "-", given=json.dumps(line)) for line in (p, {"p": p}))
    assert alone.out == wrapped.out


def test_a_reading_equal_to_the_training_shares_says_nothing(echo: Echo) -> None:
    from mkdocs_echo_plugin.stance import load

    pi = load().pi["top"]
    line = json.dumps({"p": {"agree": pi.agree, "neutral": pi.neutral, "disagree": pi.disagree}})
    (figures,) = echo("range", 0, 0, 0, "--readings", "-", given=f"{line}\n" * 5).objects
    assert figures["verdict"] == "unclear"


def test_an_unknown_stance_is_a_voice_that_is_not_known(echo: Echo) -> None:
    line = json.dumps({"id": 1, "stance": "unknown", "p": {"agree": 0.2, "neutral": 0.3, "disagree": 0.5}})
    (figures,) = echo("range", 4, 0, 0, "--readings", "-", given=f"{line}\n" * 3).objects
    assert figures["verdict"] == "unread"


@pytest.mark.parametrize(
    "line",
    [
        '{"p": {"agree": 1, "neutral": 0}}',
        '{"agree": 0.5, "neutral": 0.1, "disagree": 0.1}',
        '{"agree": NaN, "neutral": 0, "disagree": 1}',
        '{"agree": -1, "neutral": 1, "disagree": 1}',
        '{"agree": "1", "neutral": 0, "disagree": 0}',
        "0.5",
        "{",
    ],
)
def test_a_malformed_reading_is_named_by_its_line(line: str, echo: Echo) -> None:
    good = '{"agree": 0.2, "neutral": 0.3, "disagree": 0.5}'
    ran = echo("range", 3, 1, 1, "--readings", "-", given=f"{good}\n\n{line}\n")
    assert (ran.status, ran.out) == (2, b"")
    assert "standard input, line 3:" in ran.err


# sources


def test_sources_lists_every_adapter_with_what_it_needs(echo: Echo) -> None:
    from mkdocs_echo_plugin.sources import available

    lines = echo("sources").text.splitlines()
    assert [line.split()[0] for line in lines[1:]] == list(available())
    assert any("GITHUB_TOKEN" in line for line in lines if line.startswith("giscus"))


# a built site


@pytest.fixture
def site(files: Files, echo: Echo, letters: Path) -> Path:
    """A folder such as a build leaves, whose posts' healths come from `score`."""
    posts = [
        {
            "path": f"{name}.md",
            "url": f"https://blog.example/{name}/",
            "title": name,
            **echo("score", letters).objects[0],
        }
        for name in ("first", "second")
    ]
    from mkdocs_echo_plugin.report.build import summary

    report = {
        "schema": "report.v1", "site": "https://blog.example/", "generated_from": {"plugin": "0", "newest": None},
        "summary": summary(posts, unmatched=0), "posts": posts, "unmatched": [], "site_findings": {}, "sources": [],
    }  # fmt: skip
    return files({"site/echo/report.json": json.dumps(report)}) / "site"


@pytest.mark.parametrize("form", ["json", "markdown", "github", "junit", "gitlab", "shields", "svg"])
def test_a_report_is_written_to_standard_output_or_a_file_with_the_same_bytes(
    form: str, site: Path, echo: Echo, tmp_path: Path
) -> None:
    printed = echo("report", site, "--format", form)
    assert (printed.status, printed.err) == (0, "")
    assert echo("report", site, "--format", form, "--out", tmp_path / "new" / "file").status == 0
    assert (tmp_path / "new" / "file").read_bytes() == printed.out
    assert len(printed.out) > 40


def test_the_site_is_called_site_unless_said_otherwise(site: Path, echo: Echo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(site.parent)
    assert echo("report").out == echo("report", site).out


def test_a_markdown_report_also_goes_to_the_step_s_summary(
    site: Path, echo: Echo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "step.md"))
    assert echo("report", site, "--format", "markdown").out == (tmp_path / "step.md").read_bytes()


def test_the_gate_is_open_where_no_state_is_named(site: Path, echo: Echo) -> None:
    ran = echo("check", site)
    assert (ran.status, ran.text) == (0, "2 posts checked, 0 not accepted.\n")


def test_the_gate_is_shut_with_exit_1_for_a_named_state(site: Path, echo: Echo) -> None:
    ran = echo("check", site, "--fail-on", "one-side, waiting")
    assert ran.status == 1
    assert "first.md: waiting" in ran.text
    assert len(ran.err.splitlines()) == 1


def test_the_gate_lets_pass_what_the_baseline_had(site: Path, echo: Echo) -> None:
    ran = echo("check", site, "--fail-on", "waiting", "--baseline", site / "echo/report.json")
    assert ran.status == 0
    assert "first.md: waiting (8 people commented · most agree, not all" in ran.text
    assert "as in the baseline" in ran.text


@pytest.mark.parametrize("broken", ["{", "[]", '{"schema": "report.v2"}', '{"schema": "report.v1"}'])
@pytest.mark.parametrize("command", ["report", "check", "digest"])
def test_a_broken_report_is_one_line_and_exit_2(broken: str, command: str, files: Files, echo: Echo) -> None:
    ran = echo(command, files({"site/echo/report.json": broken}) / "site")
    assert (ran.status, len(ran.err.splitlines())) == (2, 1)
    assert "report.json" in ran.err


@pytest.mark.parametrize("arguments", [["report", "--format", "markdown"], ["report", "--format", "junit"], ["digest"]])
def test_a_report_of_another_shape_is_one_line_and_exit_2(arguments: list[str], site: Path, echo: Echo) -> None:
    path = site / "echo/report.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "posts": ["not a post"]}))
    ran = echo(arguments[0], site, *arguments[1:])
    assert (ran.status, len(ran.err.splitlines())) == (2, 1)


def test_the_digest_reads_the_author_s_report_where_it_goes_with_the_site(site: Path, files: Files, echo: Echo) -> None:
    from mkdocs_echo_plugin.build_cache import fingerprint

    public = json.loads((site / "echo/report.json").read_text())
    own = {**public, "of": fingerprint(public), "posts": [{**p, "author_state": "tense"} for p in public["posts"]]}
    files({".cache/plugin/echo/author.json": json.dumps(own)})
    assert "the tone may be tense" in echo("digest", site).text
    assert echo("check", site, "--fail-on", "tense").status == 1
    files({".cache/plugin/echo/author.json": json.dumps({**own, "of": "another build"})})
    assert "the tone may be tense" not in echo("digest", site).text


def test_the_public_report_is_what_report_prints_even_beside_the_author_s(site: Path, files: Files, echo: Echo) -> None:
    before = echo("report", site).out
    files({".cache/plugin/echo/author.json": json.dumps({"schema": "report.v1"})})
    assert echo("report", site).out == before


# addresses


def test_a_baseline_may_be_the_published_report(site: Path, echo: Echo, httpserver: HTTPServer) -> None:
    httpserver.expect_request("/echo/report.json").respond_with_data((site / "echo/report.json").read_bytes())
    address = httpserver.url_for("/echo/report.json")
    ran = echo("check", site, "--fail-on", "waiting", "--baseline", address, "--allow-private")
    assert (ran.status, ran.err) == (0, "")
    refused = echo("check", site, "--baseline", address)
    assert (refused.status, len(refused.err.splitlines())) == (2, 1)


def test_an_address_is_fetched_and_read_as_what_it_holds(letters: Path, echo: Echo, httpserver: HTTPServer) -> None:
    httpserver.expect_request("/letters.json").respond_with_data(letters.read_bytes(), content_type="application/json")
    httpserver.expect_request("/robots.txt").respond_with_data("", status=404)
    address = httpserver.url_for("/letters.json")
    (thread,) = echo("threads", address, "--allow-private").objects
    assert len(thread["comments"]) == len(LETTERS["comments"])  # type: ignore[arg-type]


def test_an_address_that_does_not_answer_is_one_line_and_the_others_are_read(
    letters: Path, echo: Echo, httpserver: HTTPServer
) -> None:
    ran = echo("threads", httpserver.url_for("/nothing"), letters, "--allow-private")
    assert (ran.status, len(ran.objects), len(ran.err.splitlines())) == (2, 1, 1)


def test_a_private_address_is_refused_unless_it_is_allowed(echo: Echo, httpserver: HTTPServer) -> None:
    ran = echo("threads", httpserver.url_for("/letters.json"))
    assert ran.status == 2
    assert httpserver.log == []


# a terminal


def on_a_terminal(arguments: list[str]) -> tuple[bytes, bytes]:
    """What a command prints: to a pipe on standard output, to a terminal on standard error."""
    import pty

    ours, theirs = pty.openpty()
    program = [sys.executable, "-m", "mkdocs_echo_plugin.cli", *arguments]
    with subprocess.Popen(program, stdout=subprocess.PIPE, stderr=theirs) as process:
        os.close(theirs)
        out, _ = process.communicate(timeout=60)
    shown = b""
    while True:
        try:
            more = os.read(ours, 4096)
        except OSError:
            break
        if not more:
            break
        shown += more
    os.close(ours)
    return out, shown


@pytest.mark.skipif(sys.platform == "win32", reason="pseudo-terminals are not there on Windows")
def test_long_work_shows_a_bar_on_a_terminal_and_nothing_in_a_pipe(letters: Path, echo: Echo) -> None:
    out, shown = on_a_terminal(["threads", str(letters), str(letters)])
    piped = echo("threads", letters, letters)
    assert b"reading" in shown
    assert b"100%" in shown
    assert (out, piped.err) == (piped.out, "")
