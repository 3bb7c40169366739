"""Ctrl-C ends a run wherever it is: in a rule, in worker processes, in a comparison; with 130 and nothing left."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from conftest import environment

from dslint.similarity import verify
from dslint.similarity.rows import Rows

SLOW = """import os, time
from pathlib import Path
from dslint import rule
@rule("ABC001")
def slow(record):
    Path("began").write_text(str(os.getpid()))
    time.sleep(600)
"""
WORKERS = """import dslint.driver as driver
from pathlib import Path
from dslint.config import Config
from dslint.sources import Source
driver.PARALLEL_BYTES = 0
driver.lint([Source("data.jsonl", Path("data.jsonl"))], Config(rules=("slow.py",), select=("ABC001",)), jobs=2)
"""


def interrupted(here: Path, arguments: list[str]) -> tuple[int, bytes, bytes]:
    """Start it, press Ctrl-C when the rule is at work, and see it end: exit code, output, errors."""
    process = subprocess.Popen(
        [sys.executable, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(),
        start_new_session=True,
    )
    began = here / "began"
    wait_for(lambda: began.exists() and bool(began.read_text()))
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does it
    out, err = process.communicate(timeout=60)
    worker = int(began.read_text())
    wait_for(lambda: not alive(worker))
    return process.returncode, out, err


def alive(process: int) -> bool:
    try:
        status = Path(f"/proc/{process}/stat").read_text()
    except OSError:
        return False
    return status.rpartition(")")[2].split()[0] != "Z"


def wait_for(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.01)


@pytest.fixture
def data(here: Path, sound: Callable[[int], bytes]) -> Path:
    (here / "slow.py").write_text(SLOW)
    (here / "dslint.toml").write_text('rules = ["slow.py"]\nextend-select = ["ABC001"]\n')
    (here / "data.jsonl").write_bytes(sound(20))
    return here


@pytest.mark.parametrize("command", [["lint", "data.jsonl"], ["split", "data.jsonl", "-o", "parts"]])
def test_in_a_rule(data: Path, command: list[str]) -> None:
    before = sorted(path.name for path in data.iterdir())
    assert interrupted(data, ["-m", "dslint", *command]) == (130, b"", b"dslint: interrupted\n")
    assert sorted(path.name for path in data.iterdir() if path.name != "__pycache__") == sorted([*before, "began"])


def test_in_worker_processes(data: Path) -> None:
    code, _, err = interrupted(data, ["-c", WORKERS])
    assert code == -signal.SIGINT
    assert err.rstrip().endswith(b"KeyboardInterrupt")


def test_no_comparison_takes_long_in_one_call(monkeypatch: pytest.MonkeyPatch) -> None:
    """The work of each call is bounded, since a Ctrl-C waits for its end; the scores do not depend on that."""
    texts = [bytes([97 + (place * step) % 7 for place in range(2000)]) for step in range(1, 41)]
    buffer = b"\xff" + b"\xff".join(texts) + b"\xff"
    starts = np.arange(len(texts)) * 2001 + 1
    rows = Rows(buffer, starts, np.array([len(text) for text in texts]))
    first, second = (places.astype(np.int64) for places in np.triu_indices(len(texts), 1))
    whole = verify.scores(rows, first, second, 50.0, 1)
    sizes = []
    ratios = verify.ratios

    def counted(left: list[bytes], right: list[bytes], *more: float) -> verify.Scores:
        sizes.append(sum(len(one) * len(other) for one, other in zip(left, right, strict=True)))
        return ratios(left, right, *more)

    monkeypatch.setattr(verify, "ratios", counted)
    monkeypatch.setattr(verify, "_WORK", 1 << 26)
    assert np.array_equal(verify.scores(rows, first, second, 50.0, 1), whole)
    assert len(sizes) > 10
    assert max(sizes) <= (1 << 26) + 2000 * 2000
