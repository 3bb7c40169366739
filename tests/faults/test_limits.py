"""Disks that are full or read-only, files too large or too many, streams that are closed: one line, and no half."""

from __future__ import annotations

import errno
import os
import resource
import shutil
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from conftest import environment
from runner import records

pytestmark = pytest.mark.usefixtures("here")

COMMAND = [sys.executable, "-m", "dslint", "split", "data.jsonl", "-o", "disk/out", "--isolated"]


@cache
def can_mount() -> bool:
    """Whether this machine lets a test have mounts of its own."""
    command = ["unshare", "-rm", "mount", "-t", "tmpfs", "tmpfs", "/mnt"]
    return shutil.which("unshare") is not None and subprocess.run(command, capture_output=True).returncode == 0


@pytest.fixture
def mounted(here: Path) -> Callable[..., tuple[int, str, list[str]]]:
    """Run a command with something mounted: exit code, standard error, and the names below `disk` after it."""
    if not can_mount():
        pytest.skip("mounts of its own need `unshare -rm`")
    (here / "disk").mkdir()
    (here / "data.jsonl").write_bytes(records(3000))

    def call(mount: str, *command: str) -> tuple[int, str, list[str]]:
        script = f'{mount} && {{ "$@"; code=$?; find disk -mindepth 1 | sort; exit $code; }}'
        ran = subprocess.run(
            ["unshare", "-rm", "sh", "-c", script, "sh", *command],
            env=environment(),
            capture_output=True,
            text=True,
        )
        return ran.returncode, ran.stderr, ran.stdout.splitlines()

    return call


def limited(what: int, value: int, *command: str) -> subprocess.CompletedProcess[str]:
    def limit() -> None:
        resource.setrlimit(what, (value, value))

    return subprocess.run(command, env=environment(), capture_output=True, text=True, preexec_fn=limit)


@pytest.mark.parametrize("options", ["size=64k", "size=10m,nr_inodes=4"])
def test_a_full_disk(mounted, options: str) -> None:
    code, said, found = mounted(f"mount -t tmpfs -o {options} tmpfs disk", *COMMAND)
    assert (code, said, found) == (2, "dslint: error: disk/out: No space left on device\n", [])


def test_a_disk_that_only_fills_when_an_older_split_stands_there(mounted) -> None:
    twice = 'for seed in 1 2; do "$@" --seed $seed --force >/dev/null || exit; done'
    fits = f"{len(records(3000)) * 3 // 2}"
    code, said, found = mounted(f"mount -t tmpfs -o size={fits} tmpfs disk", "sh", "-c", twice, "sh", *COMMAND)
    assert (code, said) == (2, "dslint: error: disk/out: No space left on device\n")
    assert len(found) == 6  # the folder, and the older split as it was
    assert "disk/out/split.json" in found


def test_a_full_disk_while_fixing(mounted) -> None:
    size = f"{len(records(3000)) * 3 // 2}"
    make = 'printf "\\n" > disk/d.jsonl; cat data.jsonl >> disk/d.jsonl; '
    fix = make + '"$@"; code=$?; wc -c < disk/d.jsonl >&2; exit $code'
    lint = [sys.executable, "-m", "dslint", "lint", "--fix", "--isolated", "--select", "JSN", "-q", "disk/d.jsonl"]
    code, said, found = mounted(f"mount -t tmpfs -o size={size} tmpfs disk", "sh", "-c", fix, "sh", *lint)
    whole = len(records(3000)) + 1
    assert (code, said) == (2, f"dslint: error: disk/d.jsonl: No space left on device\n{whole}\n")
    assert found == ["disk/d.jsonl"]


def test_a_read_only_disk(mounted) -> None:
    code, said, found = mounted("mount -t tmpfs -o ro tmpfs disk", *COMMAND)
    assert (code, said, found) == (2, "dslint: error: disk/out: Read-only file system\n", [])


def test_a_mount_point_as_target(mounted) -> None:
    mount = "mkdir disk/out && mount -t tmpfs tmpfs disk/out"
    code, said, found = mounted(mount, *COMMAND)
    assert (code, found) == (2, ["disk/out"])
    assert said.count("\n") == 1
    assert "choose a folder inside" in said


@pytest.mark.parametrize("size", [1, 1000, 100_000])
def test_a_limit_on_the_size_of_files(here: Path, size: int) -> None:
    (here / "disk").mkdir()
    (here / "data.jsonl").write_bytes(records(3000))
    ran = limited(resource.RLIMIT_FSIZE, size, *COMMAND)
    assert (ran.returncode, ran.stderr) == (2, "dslint: error: disk/out: File too large\n")
    assert os.listdir("disk") == []


def test_any_limit_on_open_files(here: Path) -> None:
    (here / "disk").mkdir()
    (here / "data.jsonl").write_bytes(records(20))
    codes = []
    for most in range(5, 24):
        ran = limited(resource.RLIMIT_NOFILE, most, *COMMAND, "--force")
        if "can't open file" in ran.stderr or "Fatal Python error" in ran.stderr or "No module named" in ran.stderr:
            continue  # Python itself cannot start
        codes.append(ran.returncode)
        assert "Traceback" not in ran.stderr, (most, ran.stderr)
        assert ran.returncode == 0 or "dslint: error: " in ran.stderr
        assert os.listdir("disk") == (["out"] if 0 in codes else [])
    assert {0, 2} == set(codes)


def test_a_quota(main, here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (here / "data.jsonl").write_bytes(records(20))

    def fail(_: int) -> None:
        raise OSError(errno.EDQUOT, os.strerror(errno.EDQUOT))

    monkeypatch.setattr(os, "fsync", fail)
    ran = main("split", "data.jsonl", "-o", "out", "--isolated")
    assert (ran.code, ran.err) == (2, "dslint: error: out: Disk quota exceeded\n")
    assert os.listdir() == ["data.jsonl"]


@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_a_reader_that_has_gone(here: Path, unbuffered: str) -> None:
    (here / "disk").mkdir()
    (here / "data.jsonl").write_bytes(records(20))
    reader, writer = os.pipe()
    os.close(reader)
    ran = subprocess.run(
        COMMAND, stdout=writer, stderr=subprocess.PIPE, env=environment(PYTHONUNBUFFERED=unbuffered)
    )
    os.close(writer)
    assert (ran.returncode, ran.stderr) == (0, b"")
    assert (
        subprocess.run([*COMMAND[:4], "--check", "disk/out"], env=environment(), capture_output=True).returncode
        == 0
    )


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_streams_closed_from_the_start(here: Path, closed: str) -> None:
    (here / "disk").mkdir()
    (here / "data.jsonl").write_bytes(records(20))
    ran = subprocess.run(["sh", "-c", f'"$@" {closed}', "sh", *COMMAND], env=environment(), capture_output=True)
    assert (ran.returncode, ran.stderr) == (0, b"")
    assert os.listdir("disk") == ["out"]
    check = subprocess.run([*COMMAND[:4], "--check", "disk/out"], env=environment(), capture_output=True)
    assert check.returncode == 0, check.stdout


def test_places_where_no_split_can_stand(main, here: Path) -> None:
    (here / "in").mkdir()
    (here / "in" / "data.jsonl").write_bytes(records(20))
    (here / "elsewhere").mkdir()
    os.symlink("elsewhere", "link")
    os.symlink("nowhere", "dangling")
    said = {
        ("in", "in/out"): "the output folder in/out lies in in, which is read; choose one outside",
        ("in/data.jsonl", "in"): "in/data.jsonl lies in the output folder in",
        ("in/data.jsonl", "link"): "link is a symbolic link; name the folder it leads to",
        ("in/data.jsonl", "dangling"): "dangling is a symbolic link; name the folder it leads to",
        ("in/data.jsonl", "in/data.jsonl"): "in/data.jsonl is not a folder that can be written",
        ("in/data.jsonl", "/"): "/ is not a folder that can be written",
        ("in/data.jsonl", "missing/out"): "missing is not a folder",
    }
    for (source, target), message in said.items():
        ran = main("split", source, "-o", target, "--isolated")
        assert (ran.code, ran.err) == (2, f"dslint: error: {message}\n")
    assert sorted(os.listdir()) == ["dangling", "elsewhere", "in", "link"]
    assert os.listdir("in") == ["data.jsonl"]
    assert os.listdir("elsewhere") == []


def test_an_output_that_is_a_second_name_of_an_input_stays_an_input(main, here: Path) -> None:
    (here / "data.jsonl").write_bytes(records(20))
    assert main("split", "data.jsonl", "-o", "out", "--isolated").code == 0
    os.unlink("out/train.jsonl")
    os.link("data.jsonl", "out/train.jsonl")
    assert main("split", "data.jsonl", "-o", "out", "--isolated", "--force").code == 0
    assert (here / "data.jsonl").read_bytes() == records(20)
    assert os.stat("data.jsonl").st_nlink == 1
