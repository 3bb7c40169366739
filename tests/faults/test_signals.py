"""Signals end a run with the code that shells expect, in one line at most, with nothing and nobody left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from conftest import environment
from runner import records

LONG = '''
import hashlib
from pathlib import Path
from dslint import rule

@rule("XXX001")
def long(record):
    """Works in a native call for many minutes, which no signal handler of Python's can interrupt."""
    Path("busy").touch()
    hashlib.pbkdf2_hmac("sha256", b"a", b"b", 2_000_000_000)
'''
NATIVE = """
import hashlib
from pathlib import Path
from dslint import interrupts

interrupts.catch()
Path("busy").touch()
hashlib.pbkdf2_hmac("sha256", b"a", b"b", 2_000_000_000)
"""
# As `dslint` with a small file, but in shards and worker processes as with a large one.
SHARDED = "import dslint.driver as d, dslint.__main__ as m; d.PARALLEL_BYTES = 0; d.SHARD_BYTES = 2000; m.main()"
CODES = [(signal.SIGINT, 130), (signal.SIGTERM, 143)]

pytestmark = pytest.mark.usefixtures("here")


@pytest.fixture
def long(here: Path) -> None:
    (here / "rules").mkdir()
    (here / "rules" / "long.py").write_text(LONG)
    (here / "dslint.toml").write_text('rules = ["rules"]\n')
    (here / "data.jsonl").write_bytes(records(100))


def started(*command: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, *command], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment()
    )


def wait_for(*paths: str) -> None:
    end = time.monotonic() + 60
    while not all(map(os.path.exists, paths)):
        assert time.monotonic() < end, paths
        time.sleep(0.005)


@pytest.mark.parametrize(("number", "code"), CODES)
def test_in_a_run(number: signal.Signals, code: int, here: Path) -> None:
    (here / "data.jsonl").write_bytes(records(30000))
    process = started("-m", "dslint", "split", "data.jsonl", "-o", "out", "--isolated")
    wait_for(".out.dslint-lock")
    process.send_signal(number)
    process.send_signal(number)  # one who is impatient
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out, err) == (code, b"", b"dslint: interrupted\n")
    assert os.listdir(here) == ["data.jsonl"]


@pytest.mark.parametrize(("number", "code"), CODES)
@pytest.mark.usefixtures("long")
def test_in_a_rule_of_a_stranger(number: signal.Signals, code: int) -> None:
    process = started("-m", "dslint", "lint", "--select", "XXX", "data.jsonl")
    wait_for("busy")
    process.send_signal(number)
    assert process.communicate(timeout=60) == (b"", b"dslint: interrupted\n")  # of every process that has them
    assert process.returncode == code


@pytest.mark.parametrize(("number", "code"), CODES)
def test_in_a_native_call(number: signal.Signals, code: int) -> None:
    process = started("-c", NATIVE)
    wait_for("busy")
    process.send_signal(number)
    assert process.communicate(timeout=60) == (b"", b"")  # the call would last many minutes
    assert process.returncode == code


@pytest.mark.parametrize(("number", "code"), [*CODES, (signal.SIGKILL, -9)])
@pytest.mark.usefixtures("long")
def test_no_worker_outlives_the_run(number: signal.Signals, code: int) -> None:
    process = started("-c", SHARDED, "lint", "--select", "XXX", "-j", "2", "data.jsonl")
    wait_for("busy")
    process.send_signal(number)
    _, err = process.communicate(timeout=60)  # ends when every process that has the streams has ended
    assert process.returncode == code
    assert b"Traceback" not in err


def test_a_signal_that_is_ignored_stays_ignored(here: Path) -> None:
    (here / "data.jsonl").write_bytes(records(20000))
    command = [sys.executable, "-m", "dslint", "split", "data.jsonl", "-o", "out", "--isolated"]
    process = subprocess.Popen(["nohup", "sh", "-c", 'trap "" INT; exec "$@"', "sh", *command], env=environment())
    wait_for(".out.dslint-lock")
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=60) == 0
    assert sorted(os.listdir("out"))


def test_a_copy_of_standard_input_has_no_name(here: Path) -> None:
    (here / "tmp").mkdir()
    process = subprocess.Popen(
        [sys.executable, "-m", "dslint", "lint", "-"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(TMPDIR=str(here / "tmp")),
    )
    assert process.stdin is not None
    process.stdin.write(records(1000))
    process.stdin.flush()
    handles = Path(f"/proc/{process.pid}/fd")
    end = time.monotonic() + 60
    while not any("(deleted)" in os.readlink(link) for link in handles.iterdir()):
        assert time.monotonic() < end
        time.sleep(0.01)
    process.kill()
    process.communicate()
    assert os.listdir(here / "tmp") == []
