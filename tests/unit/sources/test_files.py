"""Files and folders: which are read, in which order, and what is refused."""

from __future__ import annotations

import gzip
import json
import os
from pathlib import Path
from typing import Any

import pytest

from mkdocs_echo_plugin.errors import ConfigurationError, Refused, SourceError, TooLarge, Unreadable
from mkdocs_echo_plugin.sources import files
from mkdocs_echo_plugin.sources.files import documents, read
from mkdocs_echo_plugin.sources.raw import Document

THREAD = json.dumps({"schema": "thread.v1", "comments": [{"text": "hi"}]})


def tree(root: Path, *names: str, text: str = THREAD) -> Path:
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    return root


def test_a_folder_is_read_in_the_order_of_its_names(tmp_path: Path) -> None:
    tree(tmp_path, "b.json", "a/z.csv", "a/b/c.yml", "c.html", "a.json")
    found = [d.name for d in documents(tmp_path, name="comments")]
    assert found == ["comments/a.json", "comments/b.json", "comments/c.html", "comments/a/z.csv", "comments/a/b/c.yml"]


def test_hidden_files_pictures_and_notes_are_passed_over_in_a_folder_but_not_when_named(tmp_path: Path) -> None:
    tree(tmp_path, ".git/x.json", ".hidden.json", "README.md", "photo.png", "a.json")
    assert [d.name for d in documents(tmp_path, name="c")] == ["c/a.json"]
    assert [d.name for d in documents(tmp_path / "README.md")] == [(tmp_path / "README.md").as_posix()]


def test_a_link_that_leads_out_of_the_folder_is_refused(tmp_path: Path) -> None:
    tree(tmp_path, "secret.json", "comments/a.json")
    (tmp_path / "comments/inside.json").symlink_to(tmp_path / "comments/a.json")
    assert len(list(documents(tmp_path / "comments"))) == 2
    (tmp_path / "comments/b.json").symlink_to(tmp_path / "secret.json")
    with pytest.raises(Refused, match=r"c/b\.json: this link leads out"):
        list(documents(tmp_path / "comments", name="c"))


def test_a_folder_that_links_to_itself_ends(tmp_path: Path) -> None:
    tree(tmp_path, "a.json")
    (tmp_path / "loop").symlink_to(tmp_path, target_is_directory=True)
    assert len(list(documents(tmp_path))) == 1


def test_a_pipe_in_a_folder_is_not_waited_for(tmp_path: Path) -> None:
    tree(tmp_path, "a.json")
    os.mkfifo(tmp_path / "pipe.json")
    assert len(list(documents(tmp_path))) == 1


def test_a_packed_export_is_unpacked_but_never_past_the_bound(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "t.json.gz").write_bytes(gzip.compress(THREAD.encode()))
    (document,) = documents(tmp_path / "t.json.gz", name="t.json.gz")
    assert (document.name, document.data) == ("t.json", THREAD.encode())
    monkeypatch.setattr(files, "MAX_FILE_BYTES", 1_000_000)
    (tmp_path / "bomb.json.gz").write_bytes(gzip.compress(b"0" * 50_000_000))
    with pytest.raises(TooLarge, match=r"bomb\.json: more than 1 MB"):
        list(documents(tmp_path / "bomb.json.gz"))
    (tmp_path / "bomb.json.gz").write_bytes(b"\x1f\x8b" + b"x" * 100)
    with pytest.raises(Unreadable, match=r"packed file is damaged"):
        list(documents(tmp_path / "bomb.json.gz"))


def test_a_file_past_the_bound_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MAX_FILE_BYTES", 10)
    with pytest.raises(TooLarge, match=r"a\.json"):
        list(documents(tree(tmp_path, "a.json") / "a.json"))


def test_too_many_files_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MAX_FILES", 2)
    with pytest.raises(TooLarge, match="more than 2 files"):
        list(documents(tree(tmp_path, "a.json", "b.json", "c.json"), name="c"))


def test_the_adapter_is_recognised_or_named() -> None:
    assert next(read(Document("t.json", THREAD.encode()))).comments[0].body == "hi"
    assert next(read(Document("t.json", b'[{"text": "hi"}]'), "neutral")).comments[0].body == "hi"
    with pytest.raises(ConfigurationError, match="unknown source 'nope'"):
        read(Document("t.json", THREAD.encode()), "nope")


def test_a_source_may_come_with_options() -> None:
    page = Document("t.html", b"<div class=k>Ada<p>hi</p></div><div class=k>Bob<p>no</p></div>")
    (thread,) = read(page, {"webpage": {"comment": ".k", "text": "p"}})
    assert [c.body for c in thread.comments] == ["hi", "no"]
    with pytest.raises(ConfigurationError, match="unknown option 'colour'"):
        read(page, {"webpage": {"colour": "red"}})
    with pytest.raises(ConfigurationError, match="one name"):
        read(page, {"webpage": {}, "csv": {}})


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [("a.bin", b"\x00\x01", "a.bin: no source knows this format. Name its source: --source"),
     ("a.json", b"", "a.json: there is nothing in it")],
)  # fmt: skip
def test_what_nobody_recognises_is_said_with_what_to_do(name: str, data: bytes, message: str) -> None:
    with pytest.raises(SourceError) as caught:
        read(Document(name, data))
    assert str(caught.value).startswith(message)


@pytest.mark.parametrize(
    ("source", "documents_found"), [("staticman", 1), ({"staticman": {}}, 1), ("neutral", 2), (None, 1)]
)
def test_only_the_source_that_is_named_says_whether_a_folder_is_one_thread(
    tmp_path: Path, source: Any, documents_found: int
) -> None:
    for i in range(2):
        entry = f'{{"_id": "{i}", "_parent": "tea", "name": "Ada", "message": "Tea, please.", "date": 1772000000}}'
        (tmp_path / f"{i}.json").write_text(entry, "utf-8")
    assert len(list(documents(tmp_path, source=source))) == documents_found
