"""Runs one command of dslint again and again, each time with another file call failing, and says what came of it.

`runner.py SCENARIO FAULT FOLDER` is started with the shim preloaded. It imports the program once and forks for
every point, so that hundreds of points take seconds; what runs in the fork is the program's own `main`, to its exit
code. It prints a line of JSON for every point, until a run goes by untouched.
"""

from __future__ import annotations

import ctypes
import errno
import gc
import json
import mmap
import os
import shutil
import signal
import sys
import time
import traceback
from collections.abc import Callable
from contextlib import redirect_stdout
from functools import cache
from pathlib import Path
from typing import Any

import dslint.loader
import dslint.outputs
from dslint.__main__ import main
from dslint.cli import run
from dslint.manifest import differences

ERROR, SHORT, SIGNAL = range(3)
FAULTS = {
    "KILL": (SIGNAL, signal.SIGKILL, False),
    "INT": (SIGNAL, signal.SIGINT, False),
    "TERM": (SIGNAL, signal.SIGTERM, False),
    "EIO": (ERROR, errno.EIO, False),
    "ENOSPC": (ERROR, errno.ENOSPC, False),
    "ENOSPC-LASTING": (ERROR, errno.ENOSPC, True),
    "SHORT": (SHORT, 0, False),
}
MOST = 1000  # points; a loop that does not end is a fault of the kit
PATIENCE = 60  # seconds for one run of a few milliseconds: beyond it the run hangs

Tree = dict[str, bytes]


class Seen(ctypes.Structure):
    """What the shim shares: calls counted, whether one was hit, and which."""

    _fields_ = [
        ("count", ctypes.c_long),
        ("fired", ctypes.c_long),
        ("call", ctypes.c_char * 32),
        ("path", ctypes.c_char * 512),
    ]


def records(count: int) -> bytes:
    """Chat records that differ."""
    turns = ({"role": "user", "content": f"What is {7919 * n} and {n}?"} for n in range(count))
    lines = ({"messages": [turn, {"role": "assistant", "content": "a sum"}]} for turn in turns)
    return b"".join(json.dumps(line).encode() + b"\n" for line in lines)


class Split:
    """`dslint split` into a new folder, or over an older split."""

    def __init__(self, folder: Path, *, replace: bool) -> None:
        self.folder, self.out = folder / "work", folder / "work" / "out"
        self.data = records(24) + b'{"messages": []}\n{oops\n\n\r\n' + records(2).removesuffix(b"\n")
        self.argv = ["split", str(self.folder / "data.jsonl"), "-o", str(self.out), "--isolated", "--force"]
        self.old: Tree | None = None
        self.new = self._outcome("80:10:10")
        self.old = self._outcome("60:40") if replace else None
        assert self.old != self.new
        self.argv += ["--ratio", "80:10:10"]
        self.refused = self.argv[:-3] if replace else None  # without --force

    def _outcome(self, ratio: str) -> Tree:
        self.prepare()
        assert run([*self.argv, "--ratio", ratio]) == 0
        return tree(self.out) or {}

    def prepare(self) -> None:
        """Everything as it is before a run."""
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir()
        (self.folder / "data.jsonl").write_bytes(self.data)
        if self.old is not None:
            self.out.mkdir()
            for name, body in self.old.items():
                (self.out / name).write_bytes(body)

    def state(self) -> str:
        """Whether the folder is as it was, as it is to be, or neither."""
        now = tree(self.out)
        if now is not None and list(differences(self.out)):
            return "unsound"
        return "new" if now == self.new else "old" if now == self.old else "absent" if now is None else "torn"

    def untouched(self) -> bool:
        """Whether what was read is as it was."""
        return (self.folder / "data.jsonl").read_bytes() == self.data


class Fix:
    """`dslint lint --fix` on one file."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "work"
        self.file = self.folder / "data.jsonl"
        self.old = b"\xef\xbb\xbf" + records(120) + b"\n  \n" + records(3).removesuffix(b"\n")
        self.argv = ["lint", "--fix", "--isolated", "--select", "JSN", "--exit-zero", str(self.file)]
        self.refused = None
        self.prepare()
        assert run(self.argv) == 0
        self.new = self.file.read_bytes()
        assert self.new == records(120) + records(3)

    def prepare(self) -> None:
        """Everything as it is before a run."""
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir()
        self.file.write_bytes(self.old)
        self.file.chmod(0o640)

    def state(self) -> str:
        """Whether the file is as it was, as it is to be, or neither."""
        if self.file.stat().st_mode & 0o777 != 0o640:
            return "mode"
        now = self.file.read_bytes()
        return "new" if now == self.new else "old" if now == self.old else "torn"

    def untouched(self) -> bool:
        """There is nothing but the file."""
        return True


SCENARIOS: dict[str, Callable[[Path], Any]] = {
    "split": lambda folder: Split(folder, replace=False),
    "split-over": lambda folder: Split(folder, replace=True),
    "split-over-plain": lambda folder: Split(folder, replace=True),
    "fix": Fix,
}


def tree(folder: Path) -> Tree | None:
    """The bytes of every file of a folder."""
    return {path.name: path.read_bytes() for path in folder.iterdir()} if folder.is_dir() else None


def forked(argv: list[str], log: Path, arm: Callable[[], None]) -> int:
    """The exit code of the program, or minus the signal that ended it."""
    sys.stdout.flush()
    child = os.fork()
    if child == 0:
        _as_program(argv, log, arm)
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        pid, status = os.waitpid(child, os.WNOHANG)
        if pid:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.0005)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    raise TimeoutError(f"{argv} hangs")


def _as_program(argv: list[str], log: Path, arm: Callable[[], None]) -> None:
    for number, end in ((1, ".out"), (2, ".err")):
        os.dup2(os.open(log.with_suffix(end), os.O_WRONLY | os.O_CREAT | os.O_TRUNC), number)
    sys.argv = ["dslint", *argv]
    code = 70
    try:
        arm()
        main()
    except SystemExit as end:
        code = int(end.code or 0)
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def points(scenario: str, fault: str, folder: Path) -> None:
    """Print what comes of each."""
    dslint.outputs.BUFFER = 700  # many writes where there would be one
    dslint.loader.load_file = cache(dslint.loader.load_file)  # rules are imported once, as modules are
    with redirect_stdout(sys.stderr):
        job = SCENARIOS[scenario](folder)
    seen = Seen.from_buffer(mmap.mmap(-1, mmap.PAGESIZE))
    kind, value, lasting = FAULTS[fault]
    log, below = folder / "log", ctypes.create_string_buffer(os.fsencode(job.folder))
    plain = scenario.endswith("plain")

    def arm(nth: int) -> Callable[[], None]:
        return lambda: SHIM.fault_arm(below, kind, value, nth, lasting, plain, ctypes.byref(seen))

    gc.freeze()
    for nth in range(1, MOST):
        ctypes.memset(ctypes.byref(seen), 0, ctypes.sizeof(seen))
        job.prepare()
        code = forked(job.argv, log, arm(nth))
        fact: dict[str, Any] = {"n": nth, "hit": bool(seen.fired), "call": seen.call.decode(), "code": code}
        fact |= {"path": seen.path.decode(), "state": job.state(), "untouched": job.untouched()}
        fact |= {"said": log.with_suffix(".err").read_text(), "litter": litter(job)}
        if fact["state"] == "absent" and job.refused:
            fact["refused"] = forked(job.refused, log, lambda: None)
            fact["restored"] = job.state()
        if fact["litter"]:
            fact["next"] = forked(job.argv, log, lambda: None)
            fact["next_state"], fact["next_litter"] = job.state(), litter(job)
        print(json.dumps(fact), flush=True)
        if not seen.fired:
            return
    raise AssertionError("no run went by untouched")


def litter(job: Any) -> list[str]:
    """Names in the folder that are neither the data nor the result."""
    return sorted({path.name for path in job.folder.iterdir()} - {"data.jsonl", "out"})


if __name__ == "__main__":
    SHIM = ctypes.CDLL(None)
    points(sys.argv[1], sys.argv[2], Path(sys.argv[3]))
