"""What all tests share: the command line as a process of its own and in this one, and sound records."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, settings

from dslint.cli import run

# How long a test takes says something of the machine: nothing here may fail for it.
settings.register_profile("dslint", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("dslint")

ROOT = Path(__file__).resolve().parent.parent


class Ran(NamedTuple):
    """How a command line ended."""

    code: int
    out: str
    err: str


def environment(**more: str) -> dict[str, str]:
    """That of a user without settings of their own for dslint, colour or CI."""
    left_out = ("DSLINT_", "GITHUB_", "CI", "NO_COLOR", "FORCE_COLOR", "CLICOLOR", "COLUMNS")
    kept = {key: value for key, value in os.environ.items() if not key.startswith(left_out)}
    return kept | {"PYTHONPATH": str(ROOT)} | more


@pytest.fixture
def here(monkeypatch, tmp_path) -> Path:
    """An empty folder of the test's own, which it stands in."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


class Full:
    """A temporary file on a disk that has no room."""

    def write(self, data: bytes) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def close(self) -> None:
        """As any file."""


@pytest.fixture
def full_disk(monkeypatch) -> str:
    """The temporary folder, on a disk without room; all that is kept beside a run goes there at once."""
    monkeypatch.setattr("dslint.spilling.IN_MEMORY", 16)
    monkeypatch.setattr(tempfile, "TemporaryFile", Full)
    return tempfile.gettempdir()


@pytest.fixture
def dslint():
    """Run `python -m dslint` as a process; standard input, output and error are bytes."""

    def call(*arguments, input: bytes = b"", cwd=None, env=None, **options):
        command = [sys.executable, "-m", "dslint", *map(str, arguments)]
        variables = environment(**(env or {}))
        return subprocess.run(
            command, input=input, capture_output=True, cwd=cwd, env=variables, timeout=60, **options
        )

    return call


@pytest.fixture
def on_path(monkeypatch, tmp_path_factory) -> None:
    """Let shells find `dslint`, and nobody's home."""
    folder = tmp_path_factory.mktemp("bin")
    shim = folder / "dslint"
    shim.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m dslint "$@"\n')
    shim.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")
    monkeypatch.setenv("HOME", str(folder))


@pytest.fixture
def main(capsys, monkeypatch):
    """Run the command line in this process."""
    for key in os.environ.keys() - environment().keys():
        monkeypatch.delenv(key)

    def call(*arguments) -> Ran:
        code = run([str(argument) for argument in arguments])
        return Ran(code, *capsys.readouterr())

    return call


@pytest.fixture
def sound():
    """Lines of chat records that no rule has anything to say of: `sound(12)`."""

    def lines(count: int, start: int = 0) -> bytes:
        return b"".join(_line(number) for number in range(start, start + count))

    return lines


@pytest.fixture(scope="session")
def heap(tmp_path_factory):
    """Two reports of 1,700 findings each: hostile ones, and harmless ones of the same shape."""
    from reporting import heap_in

    return heap_in(tmp_path_factory.mktemp("heap"))


@pytest.fixture(scope="session")
def places(heap):
    """The hostile findings with their places."""
    return list(heap[0].located())


def _line(number: int) -> bytes:
    question = f"What is {number * 7919} multiplied by {number + 31}?"
    turns = [
        {"role": "user", "content": question},
        {"role": "assistant", "content": f"It is {number * 7919 * (number + 31)}."},
    ]
    return json.dumps({"messages": turns}).encode() + b"\n"


def pytest_terminal_summary(terminalreporter) -> None:
    """Figures that tests have recorded are part of what a run is for."""
    passed = terminalreporter.getreports("passed")
    figures = [text for report in passed for name, text in report.user_properties if name == "figures"]
    if figures:
        terminalreporter.section("figures")
        for text in sorted(figures):
            terminalreporter.line(text)
