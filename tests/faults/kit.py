"""What the tests of this folder share: the shim, compiled once for a worker, and runs under it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from conftest import environment

HERE = Path(__file__).resolve().parent

needs_shim = pytest.mark.skipif(
    shutil.which("gcc") is None or not sys.platform.startswith("linux"),
    reason="faults are injected by a C library for Linux, which needs gcc",
)


@cache
def shim(folder: Path) -> Path:
    """The library to preload."""
    path = folder / "shim.so"
    subprocess.run(["gcc", "-O1", "-shared", "-fPIC", "-o", path, HERE / "shim.c", "-ldl"], check=True)
    return path


def points(scenario: str, fault: str, folder: Path, library: Path) -> list[dict[str, Any]]:
    """What came of every point of a scenario, the last being the run that went by untouched."""
    # The kit's own Python must not write where it counts, and where the dead leave nothing.
    variables = environment(LD_PRELOAD=str(library), TMPDIR=str(folder), PYTHONDONTWRITEBYTECODE="1")
    command = [sys.executable, str(HERE / "runner.py"), scenario, fault, str(folder)]
    ran = subprocess.run(command, env=variables, capture_output=True, text=True, cwd=os.sep)
    assert ran.returncode == 0, ran.stderr
    return [json.loads(line) for line in ran.stdout.splitlines()]
