"""What dslint holds in memory for files of any size: a generated file, each command a process of its own.

The file has about 770,000 rows a gigabyte: distinct questions of 12 to 60 words and answers of some sentences, one
row in 1,000 spoiled. It is made block by block, and deleted afterwards unless `--keep` is given. Every command runs
under an address-space limit, so that a mistake ends the command and not the machine.
"""

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from random import Random

HERE = Path(__file__).resolve().parent
DSLINT = [sys.executable, "-m", "dslint"]
ENVIRONMENT = os.environ | {"PYTHONPATH": str(HERE.parent)}
COMMANDS = {
    "lint --scope file": ["lint", "{file}", "--scope", "file", "--exit-zero", "--no-cache", "-j", "1"],
    "lint --scope file -j 2": ["lint", "{file}", "--scope", "file", "--exit-zero", "--no-cache", "-j", "2"],
    "lint": ["lint", "{file}", "--exit-zero", "--no-cache", "-j", "1"],
    "split": ["split", "{file}", "-o", "{out}", "--force"],
}
SPOILED = 1000  # one row in so many has an empty answer
BLOCK = 2000  # rows written at once


def rows(seed: int) -> Iterator[str]:
    """Lines of chat records without end, each question another one."""
    rng = Random(seed)
    letters = "aeioubcdfghklmnprstvw"
    words = ["".join(rng.choices(letters, k=rng.randint(2, 10))) for _ in range(30_000)]
    answers = [" ".join(rng.choices(words, k=14)) + "." for _ in range(20_000)]
    number = 0
    while True:
        number += 1
        question = " ".join(rng.choices(words, k=rng.randint(12, 60)))
        answer = " ".join(rng.choices(answers, k=rng.randint(3, 15))) if number % SPOILED else ""
        turns = [
            {"role": "system", "content": "You are a helpful assistant."},
            {"role": "user", "content": f"{question} {number}?"},
            {"role": "assistant", "content": answer},
        ]
        yield json.dumps({"messages": turns}) + "\n"


def generate(path: Path, size: int) -> int:
    """Write rows until the file has `size` bytes; the number of rows."""
    written = count = 0
    source = rows(5)
    with open(path, "w", encoding="ascii") as file:
        while written < size:
            block = "".join(next(source) for _ in range(BLOCK))
            file.write(block)
            written += len(block)
            count += BLOCK
    return count


def limited(gigabytes: float) -> Callable[[], None]:
    """For a child process: no more address space than this."""
    size = int(gigabytes * (1 << 30))
    return partial(resource.setrlimit, resource.RLIMIT_AS, (size, size))


def measure(command: list[str], gigabytes: float) -> tuple[int, float, float, float]:
    """(exit code, CPU seconds, wall seconds, MB of the largest process)."""
    started = time.perf_counter()
    child = subprocess.Popen(
        command,
        env=ENVIRONMENT,
        stdout=subprocess.DEVNULL,
        preexec_fn=limited(gigabytes),  # safe: this process has one thread
    )
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    wall = time.perf_counter() - started
    return child.returncode, usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss * 1024 / 1e6


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--gigabytes", type=float, default=1.0, help="size of the file")
    parser.add_argument("--limit", type=float, default=16.0, help="address space of a command, in GiB")
    parser.add_argument("--commands", nargs="*", choices=COMMANDS, default=list(COMMANDS))
    parser.add_argument("--work", type=Path, help="where the file is made")
    parser.add_argument("--keep", action="store_true", help="leave the file there")
    options = parser.parse_args()
    work = Path(tempfile.mkdtemp(prefix="dslint-memory-", dir=options.work))
    try:
        file = work / f"rows{options.gigabytes:g}.jsonl"
        count = generate(file, int(options.gigabytes * 1e9))
        print(f"{file.stat().st_size / 1e9:.2f} GB, {count:,} rows", flush=True)
        for name in options.commands:
            command = [part.format(file=file, out=work / "parts") for part in COMMANDS[name]]
            code, cpu, wall, peak = measure([*DSLINT, *command], options.limit)
            print(
                f"{name}: exit {code}, {cpu:.1f} s CPU, {wall:.1f} s wall, {peak:,.0f} MB in the largest process, "
                f"{peak / count * 1e6:,.0f} MB per million rows",
                flush=True,
            )
    finally:
        if not options.keep:
            shutil.rmtree(work)


if __name__ == "__main__":
    main()
