"""`dslint split --check`: sound is what dslint wrote, to the byte, and nothing else is."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest


@pytest.fixture
def out(main, here, sound) -> Path:
    (here / "data.jsonl").write_bytes(sound(30))
    assert main("split", "data.jsonl", "-o", "out", "--isolated").code == 0
    return Path("out")


def edited(change):
    def edit(out: Path) -> None:
        manifest = json.loads((out / "split.json").read_text())
        change(manifest)
        (out / "split.json").write_text(json.dumps(manifest))

    return edit


def swapped(out: Path) -> None:
    body = (out / "train.jsonl").read_bytes()
    (out / "train.jsonl").write_bytes(body.replace(b"What", b"Whom", 1))


def joined(out: Path) -> None:
    body = (out / "train.jsonl").read_bytes()
    (out / "train.jsonl").write_bytes(body.replace(b"\n", b" ", 1))


CHANGES = {
    "train.jsonl is missing": lambda out: (out / "train.jsonl").unlink(),
    "notes is not of this split": lambda out: (out / "notes").touch(),
    "train.jsonl has another content": swapped,
    "lines instead of": joined,
    "bytes instead of": lambda out: os.truncate(out / "train.jsonl", 5),
    "split.json is missing: the split is incomplete": lambda out: (out / "split.json").unlink(),
    "split.json is no JSON": lambda out: os.truncate(out / "split.json", 50),
    "split.json is no manifest": lambda out: (out / "split.json").write_text("[]"),
    "split.json names no outputs": edited(lambda manifest: manifest.pop("outputs")),
    "split.json does not say how large": edited(lambda manifest: manifest["outputs"]["test.jsonl"].pop("bytes")),
    "names a file outside": edited(lambda manifest: manifest["outputs"].update({"../data.jsonl": {}})),
    "split.json speaks of 31 lines read and 30": edited(lambda manifest: manifest["inputs"][0].update(lines=31)),
    "split.json does not say what was read": edited(lambda manifest: manifest.pop("inputs")),
    "test.jsonl is not a file": lambda out: ((out / "test.jsonl").unlink(), os.mkfifo(out / "test.jsonl")),
}


def test_what_was_written_is_sound(main, out):
    ran = main("split", "--check", out)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out == "out is whole and unchanged: sizes, lines and digests are as in split.json\n"


@pytest.mark.parametrize("said", CHANGES)
def test_any_change_is_found_and_named(main, out, said):
    CHANGES[said](out)
    ran = main("split", "--check", out)
    assert (ran.code, ran.err) == (1, "")
    assert said in ran.out


@pytest.mark.parametrize("where", ["missing", "data.jsonl"])
def test_what_is_no_folder_cannot_be_checked(main, out, where):
    ran = main("split", "--check", where)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == f"dslint: error: {where} is not a folder\n"


def test_a_later_version_cannot_be_checked(main, out):
    edited(lambda manifest: manifest.update(version=2))(out)
    ran = main("split", "--check", out)
    assert (ran.code, ran.out) == (2, "")
    assert "of version 2, this dslint knows 1" in ran.err


def test_check_takes_nothing_else(main, out):
    assert main("split", "--check", out, "data.jsonl").code == 2
    assert main("split", "--check", out, "-o", "other").code == 2
    assert main("split", "data.jsonl").code == 2
    assert main("split", "-o", "other").code == 2


def test_only_what_a_split_wrote_is_replaced(main, out):
    shutil.copy(out / "train.jsonl", "mine.jsonl")
    (out / "split.json").unlink()
    ran = main("split", "data.jsonl", "-o", out, "--isolated", "--force")
    assert ran.code == 2
    assert "which no split wrote" in ran.err
    assert (out / "train.jsonl").read_bytes() == Path("mine.jsonl").read_bytes()
