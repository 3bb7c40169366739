"""kill -9 at random times of a real run over an older split. DSLINT_KILLS sets how many, 20 without it."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from conftest import environment
from runner import records, tree

from dslint.cli import run
from dslint.manifest import differences

KILLS = int(os.environ.get("DSLINT_KILLS", "20"))
BATCHES = 4  # so that several processes share them
ROWS = 4000


def command(folder: Path) -> list[str]:
    return ["split", str(folder / "data.jsonl"), "-o", str(folder / "out"), "--isolated", "--force", "--ratio"]


@pytest.mark.parametrize("batch", range(BATCHES))
def test_random_kills(batch: int, tmp_path: Path, record_property: Any, capsys: pytest.CaptureFixture[str]) -> None:
    rnd = random.Random(batch)
    data, out = tmp_path / "data.jsonl", tmp_path / "out"
    data.write_bytes(records(ROWS))
    wanted = []
    for ratio in ("90:10", "60:20:20"):
        started = time.monotonic()
        assert run([*command(tmp_path), ratio]) == 0
        lasts = time.monotonic() - started
        wanted.append(tree(out))
    now, ends = 1, Counter[str]()
    for _ in range(KILLS // BATCHES):
        process = subprocess.Popen(
            [sys.executable, "-m", "dslint", *command(tmp_path), ("90:10", "60:20:20")[1 - now]],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            env=environment(),
        )
        if rnd.random() < 0.3:
            time.sleep(rnd.uniform(0, 1.2 * lasts))  # anywhere in the run
        else:  # while it writes, which is a small part of it
            while not (tmp_path / ".out.dslint").exists() and process.poll() is None:
                time.sleep(0.001)
            time.sleep(rnd.uniform(0, 0.15 * lasts))
        process.kill()
        _, said = process.communicate()
        assert process.returncode in (0, -9), said
        assert not list(differences(out))
        assert tree(out) in wanted
        changed = tree(out) == wanted[1 - now]
        assert process.returncode or changed
        litter = len(list(tmp_path.iterdir())) > 2
        killed = "completed before" if not process.returncode else "new" if changed else "old"
        ends[killed + ", with litter" * litter] += 1
        now = 1 - now if changed else now
        assert data.read_bytes() == records(ROWS)
    assert run([*command(tmp_path), "90:10"]) == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["data.jsonl", "out"]
    assert tree(out) == wanted[0]
    record_property("figures", f"random kills {batch}: {sum(ends.values())}, {dict(sorted(ends.items()))}")
