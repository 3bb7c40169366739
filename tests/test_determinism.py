"""The same input gives the same bytes: one digest over everything that must not matter."""

from __future__ import annotations

import hashlib
import itertools
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from conftest import environment

# Set before anything runs: how much is read at once, how large shards are, when processes are started, how many
# texts are asked about at once, and how many pairs and bytes are compared at once.
RUN = """import sys
import dslint.driver, dslint.gates, dslint.sources
sizes = dict(part.split("=") for part in sys.argv[1].split(",") if part)
dslint.sources.BUFFER = int(sizes.get("buffer", dslint.sources.BUFFER))
dslint.sources.REPORT_BYTES = int(sizes.get("marks", dslint.sources.REPORT_BYTES))
dslint.driver.PARALLEL_BYTES = 0
dslint.driver.SHARD_BYTES = int(sizes.get("shard", dslint.driver.SHARD_BYTES))
dslint.gates.BLOCK_BYTES = int(sizes.get("gate", dslint.gates.BLOCK_BYTES))
if "batch" in sizes:
    import dslint.similarity.sketch, dslint.similarity.verify
    dslint.similarity.verify._BATCH = dslint.similarity.sketch._TASK_BYTES = int(sizes["batch"])
from dslint.cli import run
if __name__ == "__main__":
    at = sys.argv.index("split")
    sys.exit(run(sys.argv[2:at]) or run(sys.argv[at:]))
"""
PREVIEW = "near-duplicate,near-conflict-review"
SEEDS = ("0", "1", "random")
THREADS = ("1", "2", "5")
LOCALES = ({"LC_ALL": "C", "PYTHONUTF8": "0"}, {"LC_ALL": "C.UTF-8", "TZ": "Asia/Kathmandu"})
SIZES = ("", "buffer=4096,shard=7000,marks=1000,gate=300,batch=50")
# 36 runs: every seed, every number of threads, both locales with their time zones, both sets of sizes.
MATRIX = list(itertools.product(SEEDS, THREADS, LOCALES, SIZES))


def record(number: int) -> dict[str, object]:
    """Some of everything: duplicates, near-duplicates, conflicts, leaks, secrets, odd characters, blank answers."""
    question = f"Where is my parcel {number % 40} from {'Zürich' if number % 3 else 'ＺÜRICH'}, ordered last week?"
    if number % 7 == 0:
        question = question.replace("ordered", "orderd")
    answers = ["delivery", "Delivery", "billing", f"It is at depot {number}. ", "", "key AKIAIOSFODNN7EXAMPLX"]
    turns = [
        {"role": "system" if number % 5 else "System", "content": "You sort mail."},
        {"role": "user", "content": question},
        {"role": "assistant", "content": answers[number * 7 % 6]},
    ]
    return {"messages": turns, "id": number % 50}


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("determinism")
    for name, start, count in (("train", 0, 90), ("test", 60, 40), ("b", 30, 30)):
        rows = [json.dumps(record(n), ensure_ascii=n % 2 == 0).encode() for n in range(start, start + count)]
        rows[5:5] = [b"", b"{oops", b'{"a": 1, "a": 2}', b"\xff\xfe", b'{"messages": []}\r']
        (folder / f"{name}.jsonl").write_bytes(b"\n".join(rows) + b"\n")
    (folder / "run.py").write_text(RUN)
    return folder


def outcome(folder: Path, target: Path, case: int, turn: int) -> str:
    """One digest of the report and of all files of the split; with another order of files, of what is in them."""
    seed, threads, place, sizes = MATRIX[case]
    names = ["b.jsonl", "test.jsonl", "train.jsonl"]
    options = ["--output-format", "json", "-j", "2" if case % 6 == 1 else "1", "--isolated", "--exit-zero"]
    lint = ["lint", *names, *options, "--extend-select", PREVIEW]
    # A report lists files in the order given, so only the split has them in another one.
    split = ["split", *names[turn:], *names[:turn], "-o", str(target), "--isolated", "--group-by", "id"]
    ran = subprocess.run(
        [sys.executable, "run.py", sizes, *lint, *split],
        cwd=folder,
        env=environment(PYTHONHASHSEED=seed, POLARS_MAX_THREADS=threads, OMP_NUM_THREADS=threads, **place),
        capture_output=True,
        check=False,
    )
    assert (ran.returncode, ran.stderr) == (0, b"")
    parts = [ran.stdout.replace(os.fsencode(target), b"")]
    for path in sorted(target.iterdir()):
        body = path.read_bytes()
        parts += [path.name.encode(), in_any_order(body, path.suffix) if turn else body]
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def in_any_order(body: bytes, suffix: str) -> bytes:
    """What is the same in whatever order the files came: lines, and the manifest without digests of their order."""
    if suffix == ".jsonl":
        return b"\n".join(sorted(body.split(b"\n")))
    manifest = json.loads(body)
    manifest["inputs"].sort(key=lambda entry: str(entry["path"]))
    for entry in manifest["outputs"].values():
        del entry["sha256"]
    return json.dumps(manifest).encode()


@pytest.fixture(scope="module")
def expected(data: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str]:
    """The digests of one run, with its own order of files and with another."""
    folder = tmp_path_factory.mktemp("first")
    return outcome(data, folder / "parts", 0, 0), outcome(data, folder / "turned", 0, 1)


@pytest.mark.parametrize("case", range(1, len(MATRIX)))
def test_nothing_around_a_run_changes_a_byte(
    data: Path, tmp_path: Path, expected: tuple[str, str], case: int
) -> None:
    turn = case % 3
    assert outcome(data, tmp_path / "parts", case, turn) == expected[bool(turn)]


def test_the_set_has_some_of_everything(data: Path, main: Any) -> None:
    found = json.loads(main("lint", data, "--isolated", "--output-format", "json").out)["findings"]
    assert {finding["code"][:3] for finding in found} >= {"JSN", "MSG", "DUP", "LEK", "SEC"}
