"""What the near-duplicate join finds and costs: recall, scaling, hostile input. Other tools: `near_peers.py`.

Every search is a process of its own (`near_run.py`), reading and start-up included. Recall is the share of the
pairs with a true score at or above the threshold that came out: of all pairs for real texts, which are compared
one with another by brute force, of the planted ones for made texts.
"""

import argparse
import json
import os
import platform
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from math import log
from multiprocessing import get_context
from pathlib import Path
from random import Random
from statistics import median

import near_texts
from near_texts import Near
from run import HERE, Cost, measure

THRESHOLDS = (90.0, 85.0, 80.0)
Pairs = list[tuple[int, int]]

ORDINARY_BYTES = 250  # of a mixed text
LABELS = ["account", "billing", "cancel", "feedback", "other", "refund", "sales", "shipping", "technical"]
RULES = ("DUP101,DUP102,DUP103,DUP104,LEK", "DUP,LEK")  # those on by default, and all


def made(work: Path, data: Path, name: str, count: int = 0) -> Path:
    """A set of texts with its known pairs beside it, made on first use: `real`, or `mixed` of a size."""
    file = work / f"{name}{count or ''}.txt"
    if not file.exists():
        print(f"making {file.name}", file=sys.stderr)
        measure([sys.executable, str(HERE / "near_texts.py"), str(data), str(count), str(file)])
    return file


def known(file: Path) -> list[Near]:
    lines = (line.split("\t") for line in file.with_suffix(".pairs").read_text().splitlines())
    return [(int(a), int(b), float(score)) for a, b, score in lines]


def search(
    engine: str, threshold: float, file: Path, python: str = sys.executable, limit: float | None = None
) -> tuple[Cost, Pairs]:
    """One search in a process of its own, and the distinct pairs it found; TimeoutError after `limit` seconds."""
    out = file.with_suffix(".found")
    # A child's peak begins at its parent's: started from here it would be that of the pairs held here.
    with ProcessPoolExecutor(1, get_context("spawn")) as apart:
        command = [python, str(HERE / "near_run.py"), engine, f"{threshold}", f"{file}", f"{out}"]
        cost = apart.submit(measure, command, limit).result()
    with out.open() as lines:
        pairs = {tuple(sorted(map(int, line.split("\t")))) for line in lines}
    out.unlink()
    return cost, sorted((a, b) for a, b in pairs)


def recall(found: Pairs, near: list[Near], threshold: float) -> tuple[int, float]:
    """How many pairs there are at or above the threshold, and the share of them that was found."""
    wanted = {(a, b) for a, b, score in near if score >= threshold - 1e-6}
    return len(wanted), len(wanted.intersection(found)) / max(1, len(wanted))


def recall_table(work: Path, data: Path, sizes: list[int]) -> Iterator[str]:
    yield "| texts | threshold | pairs known | found | recall | CPU s | wall s | peak MB |"
    yield "|---|---|---|---|---|---|---|---|"
    for name, count in [("real", 0), *(("mixed", size) for size in sizes)]:
        file = made(work, data, name, count)
        near, rows = known(file), sum(1 for _ in file.open("rb"))
        for threshold in THRESHOLDS if name == "real" or count <= 100_000 else THRESHOLDS[:1]:
            cost, found = search("dslint", threshold, file)
            total, share = recall(found, near, threshold)
            spent = f"{cost.cpu:.2f} | {cost.wall:.2f} | {cost.peak:.0f}"
            yield f"| {rows:,} {name} | {threshold:g} | {total:,} | {len(found):,} | {share:.4f} | {spent} |"


def scale_table(work: Path, data: Path, sizes: list[int], rounds: int) -> Iterator[str]:
    yield "| texts | MB | CPU s | wall s | peak MB | exponent of CPU |"
    yield "|---|---|---|---|---|---|"
    before: tuple[int, float] | None = None
    for count in sizes:
        file = made(work, data, "mixed", count)
        costs = [search("dslint", 90.0, file)[0] for _ in range(rounds)]
        cpu = median(cost.cpu for cost in costs)
        grown = f"{log(cpu / before[1]) / log(count / before[0]):.2f}" if before else "–"
        yield f"| {count:,} | {file.stat().st_size / 1e6:.0f} | {figures(costs)} | {grown} |"
        before = count, cpu


def hostile_table(work: Path, data: Path, count: int, rounds: int) -> Iterator[str]:
    yield "| set | texts | MB | CPU s | wall s | peak MB | pairs | CPU ÷ ordinary set |"
    yield "|---|---|---|---|---|---|---|---|"
    for name, texts in near_texts.hostile(data, count):
        file = work / "hostile.txt"
        near_texts.write(file, texts)
        size = file.stat().st_size
        ordinary = made(work, data, "mixed", max(len(texts), size // ORDINARY_BYTES // 10_000 * 10_000))
        costs, ratios, pairs = [], [], 0
        for _ in range(rounds):
            cost, found = search("dslint", 90.0, file)
            costs.append(cost)
            ratios.append(cost.cpu / search("dslint", 90.0, ordinary)[0].cpu)
            pairs = len(found)
        line = f"| {name} | {len(texts):,} | {size / 1e6:.1f} | {figures(costs)} | {pairs:,} | {spread(ratios)} |"
        yield line


def lint_table(work: Path, data: Path, sizes: list[int], rounds: int) -> Iterator[str]:
    yield "| records | MB | rules | CPU s | wall s | peak MB |"
    yield "|---|---|---|---|---|---|"
    for count in sizes:
        file = chat(made(work, data, "mixed", count))
        for rules in RULES:
            costs = [lint(file, rules) for _ in range(rounds)]
            yield f"| {count:,} | {file.stat().st_size / 1e6:.0f} | {rules} | {figures(costs)} |"


def lint(file: Path, rules: str) -> Cost:
    options = ["--select", rules, "--isolated", "--exit-zero", "--no-cache"]
    return measure([sys.executable, "-m", "dslint", "lint", f"{file}", *options])


def chat(texts: Path) -> Path:
    """The chat file of a set of texts, made on first use."""
    out = texts.with_suffix(".jsonl")
    if not out.exists():
        with ProcessPoolExecutor(1, get_context("spawn")) as apart:  # as in a search
            apart.submit(as_chat, texts, out).result()
    return out


def as_chat(file: Path, out: Path) -> None:
    """The texts of a set as tickets with labels; nine in ten planted copies have that of their original."""
    rng, texts = Random(5), near_texts.read(file)
    labels = rng.choices(LABELS, k=len(texts))
    for a, b, _ in known(file):
        if rng.random() < 0.9:
            labels[b] = labels[a]
    part = out.with_suffix(".part")
    with part.open("w", encoding="utf-8", newline="\n") as lines:
        for text, label in zip(texts, labels, strict=True):
            turns = (("system", "Classify the ticket."), ("user", text), ("assistant", label))
            record = {"messages": [{"role": role, "content": content} for role, content in turns]}
            lines.write(json.dumps(record, ensure_ascii=False) + "\n")
    part.replace(out)


def figures(costs: list[Cost]) -> str:
    cpu, wall = median(cost.cpu for cost in costs), median(cost.wall for cost in costs)
    return f"{cpu:.2f} | {wall:.2f} | {max(cost.peak for cost in costs):.0f}"


def spread(ratios: list[float]) -> str:
    return f"{median(ratios):.2f} ({min(ratios):.2f}–{max(ratios):.2f})"


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("table", choices=("recall", "scale", "hostile", "lint"))
    parser.add_argument("--data", type=Path, required=True, help="folder of chat, Alpaca, ShareGPT … files")
    parser.add_argument("--rows", default="10000,100000,1000000", help="sizes; hostile takes the first")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--work", type=Path, default=Path(tempfile.gettempdir(), "dslint-benchmarks"))
    args = parser.parse_args()
    args.work.mkdir(parents=True, exist_ok=True)
    sizes = [int(size) for size in args.rows.split(",")]
    print(f"{platform.platform()}, {os.cpu_count()} cores, Python {platform.python_version()}\n")
    if args.table == "recall":
        lines = recall_table(args.work, args.data, sizes)
    elif args.table == "scale":
        lines = scale_table(args.work, args.data, sizes, args.rounds)
    elif args.table == "lint":
        lines = lint_table(args.work, args.data, sizes, args.rounds)
    else:
        lines = hostile_table(args.work, args.data, sizes[0], args.rounds)
    for line in lines:
        print(line, flush=True)


if __name__ == "__main__":
    main()
