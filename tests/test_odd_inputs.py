"""What is no ordinary file has an exit code and a line of its own: nothing hangs, nothing ends in a traceback."""

from __future__ import annotations

import gzip
import os
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from conftest import environment

OK, FOUND, FAILED = 0, 1, 2
LINT = ("lint", "--isolated", "--output-format", "concise", "--select", "JSN")

# What is asked for -> exit code, and what is said on either stream.
CASES: dict[str, tuple[int, str]] = {
    "empty.jsonl": (FOUND, "empty-file"),
    "blank.jsonl": (OK, "line is blank"),
    "no-final.jsonl": (OK, "no-final-newline"),
    "folder": (OK, "folder: no .jsonl or .ndjson files in this folder"),
    "folder.jsonl": (OK, "folder.jsonl: no .jsonl or .ndjson files in this folder"),
    "missing.jsonl": (FAILED, "missing.jsonl: No such file or directory"),
    "good.jsonl/x": (FAILED, "good.jsonl/x: Not a directory"),
    "x" * 300: (FAILED, "File name too long"),
    "": (FAILED, "a path is empty"),
    "empty.jsonl.gz": (FOUND, "empty-file"),
    "bad.jsonl.gz": (FOUND, "damaged-archive"),
    "bad.jsonl.zst": (FOUND, "damaged-archive"),
    "tail.jsonl.gz": (FOUND, "damaged-archive"),
    "socket.jsonl": (FAILED, "socket.jsonl is neither a file nor a folder nor a pipe"),
    "loop.jsonl": (FAILED, "loop.jsonl: Too many levels of symbolic links"),
    "dangling.jsonl": (FAILED, "dangling.jsonl: No such file or directory"),
    "tree": (OK, "1 record in 1 file"),
    "/dev/null": (FAILED, "/dev/null is neither a file nor a folder nor a pipe"),
    "/dev/zero": (FAILED, "/dev/zero is neither a file nor a folder nor a pipe"),
    "/proc/self/mem": (FAILED, "/proc/self/mem: Input/output error"),
    "/proc/cpuinfo": (FOUND, "syntax-error"),
    "\udcff\udcfe.jsonl": (OK, "1 record in 1 file"),
    "a\n::error::b\x1b[2J.jsonl": (OK, "1 record in 1 file"),
}


@pytest.fixture
def inputs(here: Path, sound: Callable[[int], bytes]) -> Path:
    good = sound(1)
    for name in ("good.jsonl", "tree/a.jsonl", "a\n::error::b\x1b[2J.jsonl", "\udcff\udcfe.jsonl"):
        Path(name).parent.mkdir(exist_ok=True)
        Path(name).write_bytes(good)
    for name, body in (("empty.jsonl", b""), ("blank.jsonl", b"\n \n"), ("no-final.jsonl", good[:-1])):
        Path(name).write_bytes(body)
    for name, body in (("empty.jsonl.gz", b""), ("bad.jsonl.gz", b"not gz"), ("bad.jsonl.zst", b"not zst")):
        Path(name).write_bytes(body)
    Path("tail.jsonl.gz").write_bytes(gzip.compress(good) + b"and something else")
    for name in ("folder", "folder.jsonl"):
        Path(name).mkdir()
    Path("loop.jsonl").symlink_to("loop.jsonl")
    Path("dangling.jsonl").symlink_to("nowhere")
    Path("tree/up").symlink_to("..")
    os.mkfifo("tree/pipe.jsonl")
    with socket.socket(socket.AF_UNIX) as bound:
        bound.bind("socket.jsonl")
    return here


@pytest.mark.parametrize("name", CASES)
def test_an_odd_input_is_one_line(inputs: Path, main: Any, name: str) -> None:
    code, said = CASES[name]
    ran = main(*LINT, name)
    assert ran.code == code
    assert said in ran.out + ran.err
    assert "Traceback" not in ran.err
    assert "\x1b" not in ran.out + ran.err
    assert not any(line.startswith("::") for line in (ran.out + ran.err).splitlines())


def test_one_file_under_three_names_is_read_once(inputs: Path, main: Any) -> None:
    os.link("good.jsonl", "hard.jsonl")
    Path("soft.jsonl").symlink_to("good.jsonl")
    assert "1 record in 1 file " in main(*LINT, "good.jsonl", "hard.jsonl", "soft.jsonl").out


def shell(command: str, **options: Any) -> subprocess.CompletedProcess[bytes]:
    command = command.replace("DSLINT", f"{sys.executable} -m dslint {' '.join(LINT)}")
    return subprocess.run(
        ["bash", "-c", command], capture_output=True, stdin=subprocess.DEVNULL, env=environment(), **options
    )


@pytest.mark.parametrize(
    ("command", "code", "said"),
    [
        ("DSLINT - <&-", FOUND, b"empty-file"),
        ("DSLINT -", FOUND, b"empty-file"),
        ("DSLINT good.jsonl >&-", OK, b""),
        ("DSLINT empty.jsonl >&-", FOUND, b""),
        ("DSLINT missing.jsonl 2>&-", FAILED, b"Checked 0 records"),
        ("mkdir gone; cd gone; rmdir ../gone; DSLINT x.jsonl", FAILED, b"No such file or directory"),
        ("DSLINT good.jsonl -o folder", FAILED, b"folder: Is a directory"),
        ("ulimit -f 0; DSLINT empty.jsonl -o report", FAILED, b"File too large"),
    ],
)
def test_an_odd_surrounding_is_one_line(inputs: Path, command: str, code: int, said: bytes) -> None:
    ran = shell(command)
    assert ran.returncode == code, ran.stderr
    assert said in ran.stdout + ran.stderr
    assert b"Traceback" not in ran.stderr


def test_what_may_not_be_read_is_one_line(inputs: Path) -> None:
    """As root everything may be read, so another user's rights are taken, where that is allowed."""
    Path("good.jsonl").chmod(0)
    drop = ""
    if os.geteuid() == 0:
        drop = "setpriv --bounding-set=-dac_override,-dac_read_search --inh-caps=-dac_override,-dac_read_search "
    ran = shell(f"{drop}DSLINT good.jsonl empty.jsonl")
    assert ran.returncode == FAILED
    assert ran.stderr.endswith(b"dslint: error: good.jsonl: Permission denied\n")
    assert b"empty-file" in ran.stdout


def test_code_and_configuration_in_the_folder_of_the_data_are_left_alone(inputs: Path, main: Any) -> None:
    """Only the folder that a user stands in, and those above it, can have a configuration that counts."""
    code = "from pathlib import Path\nPath('was-run').write_text('')\n"
    (inputs / "tree" / "own.py").write_text(code)
    (inputs / "tree" / "conftest.py").write_text(code)
    (inputs / "tree" / "json.py").write_text(code)
    (inputs / "tree" / "dslint.toml").write_text('rules = ["own.py"]\n')
    (inputs / "tree" / ".dslint.toml").write_text('rules = ["own.py"]\n')
    for arguments in (("lint", "tree"), ("lint", "tree/a.jsonl"), ("split", "tree/a.jsonl", "-o", "parts")):
        assert main(*arguments).code == OK
    assert not list(inputs.rglob("was-run"))
