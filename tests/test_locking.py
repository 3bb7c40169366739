"""One writer at a time, and what a killed one left is cleared away by the next, and only then."""

from __future__ import annotations

import fcntl
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import environment

from dslint.locking import OutputError, hidden, locked
from dslint.manifest import differences
from dslint.replacing import replacing
from dslint.staging import LOCK, OLD


@pytest.fixture
def data(here: Path, sound) -> Path:
    (here / "data.jsonl").write_bytes(sound(30))
    return Path("data.jsonl")


def names() -> list[str]:
    return sorted(os.listdir())


def test_a_second_writer_gets_one_line_and_2(main, data):
    handle = os.open(hidden(Path("out"), LOCK), os.O_RDWR | os.O_CREAT)
    fcntl.flock(handle, fcntl.LOCK_EX)
    ran = main("split", data, "-o", "out", "--isolated")
    assert (ran.code, ran.err) == (2, "dslint: error: another run of dslint is writing out\n")
    os.close(handle)
    assert main("split", data, "-o", "out", "--isolated").code == 0
    assert names() == ["data.jsonl", "out"]


def test_other_folders_beside_it_are_free(main, data):
    handle = os.open(hidden(Path("out"), LOCK), os.O_RDWR | os.O_CREAT)
    fcntl.flock(handle, fcntl.LOCK_EX)
    assert main("split", data, "-o", "out2", "--isolated").code == 0
    os.close(handle)


def test_of_many_writers_those_that_succeed_leave_a_whole_split(data):
    commands = [
        [
            sys.executable,
            "-m",
            "dslint",
            "split",
            "data.jsonl",
            "-o",
            "out",
            "--isolated",
            "--force",
            "--seed",
            seed,
        ]
        for seed in ("1", "2", "3", "4")
    ]
    for _ in range(3):
        runs = [subprocess.Popen(one, stderr=-1, stdout=-1, env=environment()) for one in commands]
        said = [run.communicate()[1] for run in runs]
        codes = [run.returncode for run in runs]
        assert set(codes) <= {0, 2}
        assert 0 in codes
        busy = b"dslint: error: another run of dslint is writing out\n"
        assert all(err == (busy if code else b"") for code, err in zip(codes, said, strict=True))
        assert not list(differences(Path("out")))
        assert names() == ["data.jsonl", "out"]


@pytest.mark.parametrize("refused", [False, True])
def test_what_a_killed_run_left_is_removed(main, data, refused):
    if refused:
        assert main("split", data, "-o", "out", "--isolated").code == 0
    Path(".out.dslint").mkdir()
    Path(".out.dslint/train.jsonl").write_text("torn")
    Path(".out.dslint-lock").touch()
    Path(".other.dslint").mkdir()
    assert main("split", data, "-o", "out", "--isolated").code == (2 if refused else 0)
    assert names() == [".other.dslint", "data.jsonl", "out"]
    assert not list(differences(Path("out")))


def test_a_folder_set_aside_by_a_killed_run_is_put_back(main, data):
    assert main("split", data, "-o", "out", "--isolated").code == 0
    whole = {path.name: path.read_bytes() for path in Path("out").iterdir()}
    os.rename("out", hidden(Path("out"), OLD))
    ran = main("split", "--check", "out")
    assert ran.code == 2
    assert "killed" in ran.err
    assert main("split", data, "-o", "out", "--isolated").code == 2
    assert {path.name: path.read_bytes() for path in Path("out").iterdir()} == whole
    assert names() == ["data.jsonl", "out"]


def test_a_lock_whose_name_went_while_it_was_waited_for_is_taken_anew(here, monkeypatch):
    path = here / "lock"
    real, calls = fcntl.flock, []

    def flock(handle: int, how: int) -> None:
        if not calls:
            path.unlink()  # by the run that held it, between our open and our lock
        calls.append(handle)
        real(handle, how)

    monkeypatch.setattr(fcntl, "flock", flock)
    handle = locked(path, here / "out")
    assert len(calls) == 2
    assert os.path.samestat(os.fstat(handle), path.stat())
    os.close(handle)


def test_a_file_is_replaced_whole_or_not_at_all(here):
    file = here / "data.jsonl"
    file.write_bytes(b"old\n")
    file.chmod(0o604)

    def fail():
        with replacing(file) as new:
            new.write(b"half")
            new.flush()
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert (file.read_bytes(), names()) == (b"old\n", ["data.jsonl"])
    hidden(file).write_bytes(b"what a killed run left, longer than what is written now")
    with replacing(file) as new:
        new.write(b"new\n")
        assert file.read_bytes() == b"old\n"
        with pytest.raises(OutputError), replacing(file):
            pass
    assert (file.read_bytes(), file.stat().st_mode & 0o777, names()) == (b"new\n", 0o604, ["data.jsonl"])


def test_fix_follows_a_link_and_breaks_a_hard_link(main, here, sound):
    (here / "real").mkdir()
    real = here / "real" / "data.jsonl"
    real.write_bytes(b"\n" + sound(2))
    os.link(real, here / "other-name.jsonl")
    os.symlink(real, here / "data.jsonl")
    assert main("lint", "--fix", "--isolated", "--select", "JSN", "data.jsonl").code == 0
    assert (here / "data.jsonl").is_symlink()
    assert real.read_bytes() == sound(2)
    assert (here / "other-name.jsonl").read_bytes() == b"\n" + sound(2)
    assert os.listdir(here / "real") == ["data.jsonl"]


def test_a_long_name_has_a_hidden_one(main, here, sound):
    name = "é" * 120 + ".jsonl"
    Path(name).write_bytes(b"\n" + sound(2))
    assert main("lint", "--fix", "--isolated", "--select", "JSN", name).code == 0
    assert Path(name).read_bytes() == sound(2)
    assert main("split", name, "-o", "é" * 127, "--isolated").code == 0
    assert names() == sorted([name, "é" * 127])


def test_a_file_written_to_while_it_is_fixed_stays(main, data, monkeypatch):
    data.write_bytes(b"\n" + data.read_bytes())
    from dslint import fixes

    real = fixes.plan

    def plan(*arguments, **options):
        with open(data, "ab") as file:
            file.write(b"\n")
        return real(*arguments, **options)

    monkeypatch.setattr(fixes, "plan", plan)
    before = data.read_bytes() + b"\n"
    ran = main("lint", "--fix", "--isolated", "--select", "JSN", data)
    assert (ran.code, data.read_bytes(), names()) == (2, before, ["data.jsonl"])
    assert "changed while it was read; it is not fixed" in ran.err


def test_a_file_written_to_while_it_is_split_is_not_split(main, data, monkeypatch):
    from dslint import splits

    real = splits.select

    def select(config):
        with open(data, "ab") as file:
            file.write(json.dumps({"messages": []}).encode() + b"\n")
        return real(config)

    monkeypatch.setattr(splits, "select", select)
    ran = main("split", data, "-o", "out", "--isolated")
    assert (ran.code, names()) == (2, ["data.jsonl"])
    assert ran.err == "dslint: error: data.jsonl changed while it was read; nothing was written\n"


def test_a_link_with_a_hidden_name_is_not_followed(main, data):
    Path("precious").mkdir()
    Path("precious/thesis").write_text("mine")
    os.symlink("precious", ".out.dslint")
    ran = main("split", data, "-o", "out", "--isolated")
    assert (ran.code, ran.err) == (2, "dslint: error: out: File exists\n")
    assert Path("precious/thesis").read_text() == "mine"
    os.replace(".out.dslint", ".out.dslint-lock")
    assert main("split", data, "-o", "out", "--isolated").code == 2
    assert os.listdir("precious") == ["thesis"]
