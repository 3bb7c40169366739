"""Other tools beside dslint on the same texts: what each finds of the known near-duplicates, and what it costs.

Each tool is installed from the package index into an environment of its own under `--work`, in the version named
here. One round runs every tool once, in turn; ratios of wall time are taken within a round. Found is what dslint
means by near: a likeness of 90 or more after its own normalisation, verified for every tool alike.
"""

import argparse
import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from itertools import chain, combinations
from pathlib import Path
from random import Random
from statistics import median

import near_texts
from run import Cost
from similarity import RULES, Pairs, chat, figures, known, lint, made, recall, search, spread

from dslint.similarity.normal_form import normalise_bytes

# With what a tool imports and does not ask for, or asks for in a version it does not work with.
PACKAGES = {
    "rensa": ["rensa==0.5.0"],
    "datasketch": ["datasketch==2.0.0"],
    "text-dedup": ["text-dedup==0.4.0"],  # the last for Python 3.11; 0.4.1 wants 3.12
    "datatrove": ["datatrove==0.10.1", "spacy==3.8.18", "regex", "fasteners", "tokenizers", "xxhash<4"],
    "finelint": ["finelint==0.2.0"],
}
CLUSTERING = ("text-dedup", "datatrove")  # what they find are clusters: pairs are all those within one
JACCARD = 0.7
NEAR = 90.0
VERIFIED = 200_000  # pairs of a tool, more are judged by so many of them
Run = tuple[str, float]


def install(work: Path, name: str) -> tuple[str, str]:
    """The interpreter of a tool's environment, made on first use, and "", or else why there is none."""
    folder = work / "peers" / PACKAGES[name][0]
    python, done = folder / "bin" / "python", folder / "installed"
    if not done.exists():
        print(f"installing {name}", file=sys.stderr)
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(folder)], check=True)
        pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        tried = subprocess.run([*pip, *PACKAGES[name]], capture_output=True, text=True)
        if tried.returncode:
            return "", (tried.stderr.strip().splitlines() or ["pip failed"])[-1]
        done.touch()
    return str(python), ""


def closed(pairs: Pairs) -> list[list[int]]:
    """The clusters that pairs connect."""
    parent: dict[int, int] = {}

    def root(row: int) -> int:
        while parent.setdefault(row, row) != row:
            parent[row] = parent[parent[row]]
            row = parent[row]
        return row

    for a, b in pairs:
        parent[root(a)] = root(b)
    clusters: dict[int, list[int]] = {}
    for row in sorted(parent):
        clusters.setdefault(root(row), []).append(row)
    return list(clusters.values())


def reported(run: Run, found: Pairs) -> tuple[int, Pairs, dict[int, int]]:
    """How many pairs a tool reports, those or so many of them by chance, and the cluster of each row."""
    if run[0] not in CLUSTERING:
        return len(found), Random(1).sample(found, VERIFIED) if len(found) > VERIFIED else found, {}
    clusters = closed(found)
    total = sum(len(rows) * (len(rows) - 1) // 2 for rows in clusters)
    if total <= VERIFIED:
        pairs = [pair for rows in clusters for pair in combinations(rows, 2)]
    else:
        rng = Random(1)
        chosen = rng.choices(clusters, [len(rows) * (len(rows) - 1) for rows in clusters], k=VERIFIED)
        pairs = [(a, b) for a, b in (rng.sample(rows, 2) for rows in chosen)]
    return total, pairs, {row: number for number, rows in enumerate(clusters) for row in rows}


class Judge:
    """Holds what tools found against what is known of a set of texts."""

    def __init__(self, file: Path) -> None:
        self.near = known(file)
        self.plains = list(map(normalise_bytes, near_texts.read(file)))

    def figures(self, run: Run, found: Pairs) -> str:
        total, some, cluster = reported(run, found)
        if cluster:
            found = [(a, b) for a, b, _ in self.near if a in cluster and cluster[a] == cluster.get(b)]
        right = sum(near_texts.likeness(self.plains[a], self.plains[b]) >= NEAR for a, b in some)
        precision = f"{right / len(some):.3f}" if some else "–"
        return f"{total:,} | {precision} | {recall(found, self.near, NEAR)[1]:.3f}"


def lint_table(file: Path, tool: str, python: str, rounds: int, limit: float) -> Iterator[str]:
    """All of `dslint lint` on chat records beside a tool's search through their texts alone, in turn."""
    records, costs = chat(file), []
    for _ in range(rounds):
        linted = [lint(records, rules).cpu for rules in RULES]
        costs.append((linted, search(tool, JACCARD, file, python, limit)[0].cpu))
    yield f"| rules | CPU s of lint | CPU s of {tool} | lint ÷ {tool} |"
    yield "|---|---|---|---|"
    for place, rules in enumerate(RULES):
        own, its = median(linted[place] for linted, _ in costs), median(cpu for _, cpu in costs)
        ratios = spread([linted[place] / cpu for linted, cpu in costs])
        yield f"| {rules} | {own:.1f} | {its:.1f} | {ratios} |"


def table(work: Path, file: Path, pythons: dict[str, str], rounds: int, limit: float) -> Iterator[str]:
    runs: dict[Run, str] = {("dslint", NEAR): sys.executable}
    runs |= {(name, JACCARD): python for name, python in pythons.items()}
    costs: dict[Run, list[Cost]] = {run: [] for run in runs}
    found: dict[Run, Pairs] = {}
    for number in range(rounds):
        for run in [run for run in runs if run in found or not number]:
            try:
                cost, found[run] = search(*run, file, runs[run], limit)
            except TimeoutError:
                continue
            costs[run].append(cost)
            print(f"round {number + 1}: {run[0]} {cost.wall:.2f} s", file=sys.stderr)
    judge = Judge(file)
    yield "| | pairs reported | precision at 90 | recall at 90 | CPU s | wall s | peak MB | dslint's wall ÷ its |"
    yield "|---|---|---|---|---|---|---|---|"
    for run, spent in costs.items():
        name = f"{PACKAGES.get(run[0], ['dslint'])[0].replace('==', ' ')}, {run[1]:g}"
        if len(spent) < rounds:
            yield f"| {name} | stopped after {limit:g} s | | | | | | |"
            continue
        ratios = [mine.wall / its.wall for mine, its in zip(costs["dslint", NEAR], spent, strict=True)]
        beside = spread(ratios) if run[0] != "dslint" else "–"
        yield f"| {name} | {judge.figures(run, found[run])} | {figures(spent)} | {beside} |"


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--data", type=Path, required=True, help="folder of chat, Alpaca, ShareGPT … files")
    parser.add_argument("--rows", default="10000,100000", help="sizes of the mixed set; 0 for the real texts")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--limit", type=float, default=900, help="seconds after which a search is stopped")
    parser.add_argument("--tools", default=",".join(PACKAGES), help="which of them")
    parser.add_argument("--lint", action="store_true", help="instead, lint of chat records beside each tool")
    parser.add_argument("--work", type=Path, default=Path(tempfile.gettempdir(), "dslint-benchmarks"))
    args = parser.parse_args()
    args.work.mkdir(parents=True, exist_ok=True)
    tried = {name: install(args.work, name) for name in args.tools.split(",")}
    pythons = {name: python for name, (python, _) in tried.items() if python}
    print(f"{platform.platform()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    for name in sorted(tried.keys() - pythons.keys()):
        print(f"{name}: not installed: {tried[name][1]}")
    for count in map(int, args.rows.split(",")):
        file = made(args.work, args.data, "mixed" if count else "real", count)
        print(f"\n{count:,} mixed texts\n" if count else "\nreal texts\n")
        if args.lint:
            tables = [lint_table(file, *tool, args.rounds, args.limit) for tool in pythons.items()]
        else:
            tables = [table(args.work, file, pythons, args.rounds, args.limit)]
        for line in chain.from_iterable(tables):
            print(line, flush=True)


if __name__ == "__main__":
    main()
