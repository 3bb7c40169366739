"""Paired comparison of `dslint lint` with the script people write today and with the bare decode loop.

Every round runs each variant once, in turn, as a process of its own; ratios are taken inside a round,
so that a busy neighbour spoils both sides. Figures are medians over the rounds, ratios median (min–max).
"""

import argparse
import os
import platform
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from threading import TIMEOUT_MAX, Timer

HERE = Path(__file__).resolve().parent
PYTHON = sys.executable
# The tree beside this file, installed or not, compiled once as an installed one is.
ENVIRONMENT = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"} | {
    "PYTHONPATH": str(HERE.parent)
}
LINT = [PYTHON, "-m", "dslint", "lint", "{file}", "--scope", "file", "--exit-zero", "--isolated", "--no-cache"]
VARIANTS = {
    "dslint": [*LINT, "-j", "1"],
    "plain": [PYTHON, str(HERE / "plain_script.py"), "{file}"],
    "plain-no-tokens": [PYTHON, str(HERE / "plain_script.py"), "{file}", "--no-tokens"],
    "decode": [PYTHON, str(HERE / "decode_loop.py"), "{file}"],
}
STARTUP = {
    "python -c pass": [PYTHON, "-c", "pass"],
    'python -c "import typer"': [PYTHON, "-c", "import typer"],
    "dslint --version": [PYTHON, "-m", "dslint", "--version"],
    "dslint lint, 100 records": LINT,
}
TITLES = {
    "dslint": "`dslint lint`",
    "plain": "plain script with tiktoken",
    "plain-no-tokens": "plain script, no tokens",
    "decode": "decode loop",
}


@dataclass(frozen=True)
class Cost:
    """One run of one process: user + system and wall seconds, peak resident memory in MB."""

    cpu: float
    wall: float
    peak: float


def measure(command: list[str], limit: float | None = None) -> Cost:
    """Run to the end; SystemExit with the process's last words if it fails, TimeoutError after `limit` seconds."""
    with tempfile.TemporaryFile() as errors:
        started = time.perf_counter()
        child = subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=errors, env=ENVIRONMENT, process_group=0
        )
        late = Timer(limit or TIMEOUT_MAX, os.killpg, (child.pid, signal.SIGKILL))
        late.start()
        _, status, usage = os.wait4(child.pid, 0)
        late.cancel()
        wall = time.perf_counter() - started
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode == -signal.SIGKILL and limit is not None and wall >= limit:
            raise TimeoutError
        if child.returncode:
            errors.seek(0)
            said = errors.read().decode(errors="replace").strip().splitlines() or [""]
            raise SystemExit(f"run: exit {child.returncode} from {' '.join(command)}: {said[-1]}")
    unit = 1 if sys.platform == "darwin" else 1024  # bytes of one unit of ru_maxrss
    return Cost(usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss * unit / 1e6)


def rounds(commands: dict[str, list[str]], file: Path, count: int) -> dict[str, list[Cost]]:
    costs: dict[str, list[Cost]] = {name: [] for name in commands}
    for number in range(count):
        for name, command in commands.items():
            costs[name].append(measure([part.format(file=file) for part in command]))
            print(f"round {number + 1}: {name} {costs[name][-1].cpu:.2f} s", file=sys.stderr)
    return costs


def corpus(folder: Path, data: Path, rows: int, kind: str) -> Path:
    """The corpus of that size, made on first use."""
    file = folder / f"{kind}{rows}.jsonl"
    if not file.exists():
        made = [PYTHON, str(HERE / "corpus.py"), "--data", str(data), "--rows", str(rows), "--kind", kind]
        measure([*made, "-o", str(file)])
    return file


def ratio(costs: list[Cost], base: list[Cost] | None) -> str:
    if base is None or costs is base:
        return "–"
    pairs = [mine.cpu / theirs.cpu for mine, theirs in zip(costs, base, strict=True)]
    return f"{median(pairs):.3g} ({min(pairs):.3g}–{max(pairs):.3g})"


def table(costs: dict[str, list[Cost]]) -> list[str]:
    lines = [
        "| | CPU s | wall s | peak MB | CPU ÷ decode loop | CPU ÷ plain script with tiktoken |",
        "|---|---|---|---|---|---|",
    ]
    for name, runs in costs.items():
        cpu, wall = median(run.cpu for run in runs), median(run.wall for run in runs)
        peak = max(run.peak for run in runs)
        ratios = f"{ratio(runs, costs.get('decode'))} | {ratio(runs, costs.get('plain'))}"
        lines.append(f"| {TITLES[name]} | {cpu:.3f} | {wall:.3f} | {peak:.0f} | {ratios} |")
    return lines


def startup_table(costs: dict[str, list[Cost]]) -> list[str]:
    lines = ["| | CPU ms, median (min–max) | peak MB |", "|---|---|---|"]
    for name, runs in costs.items():
        ms = [run.cpu * 1e3 for run in runs]
        peak = max(run.peak for run in runs)
        lines.append(f"| `{name}` | {median(ms):.0f} ({min(ms):.0f}–{max(ms):.0f}) | {peak:.0f} |")
    return lines


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--data", type=Path, required=True, help="folder the corpora are drawn from")
    parser.add_argument("--rows", default="10000,100000", help="sizes, separated by commas")
    parser.add_argument("--kind", choices=("short", "mix"), default="mix")
    parser.add_argument("--rounds", type=int, help="default 3; 10 with --startup")
    parser.add_argument("--variants", nargs="+", choices=VARIANTS, default=list(VARIANTS), help="default all")
    parser.add_argument("--work", type=Path, default=Path(tempfile.gettempdir(), "dslint-benchmarks"))
    parser.add_argument("--startup", action="store_true", help="start-up cost instead of throughput")
    return parser.parse_args()


def main() -> None:
    args = arguments()
    commands = STARTUP if args.startup else {name: VARIANTS[name] for name in args.variants}
    args.work.mkdir(parents=True, exist_ok=True)
    small = corpus(args.work, args.data, 100, args.kind)
    rounds(commands, small, 1)  # compiles the byte code of every variant before anything counts
    print(f"{platform.platform()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    if args.startup:
        print("\n" + "\n".join(startup_table(rounds(STARTUP, small, args.rounds or 10))))
        return
    for rows in map(int, args.rows.split(",")):
        file = corpus(args.work, args.data, rows, args.kind)
        count = args.rounds or 3
        print(f"\n{rows:,} records ({args.kind}), {file.stat().st_size / 1e6:,.0f} MB, rounds: {count}\n")
        print("\n".join(table(rounds(commands, file, count))), flush=True)


if __name__ == "__main__":
    main()
