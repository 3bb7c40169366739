"""One run of `dslint split`: plan, write, prove, commit, and say what happened."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dslint import __version__
from dslint.accounts import account
from dslint.cli.arguments import complaints
from dslint.cli.strangers import with_rules
from dslint.cli.terminal import Progress
from dslint.config import Config
from dslint.driver import Result
from dslint.locking import OutputError
from dslint.manifest import REASONS
from dslint.outputs import REJECTED, Copied, Stage, check_place, check_target, conserved, copy, line_count
from dslint.report.plan import lines
from dslint.report.visible import visible
from dslint.sources import Inputs, Source
from dslint.splits import Placement, Wish, place, rejected
from dslint.staging import commit, exclusive, leftovers, staging


@dataclass(frozen=True)
class Run:
    """What a run was asked to do."""

    paths: Sequence[str]
    inputs: Inputs
    config: Config
    wish: Wish
    target: Path
    dry_run: bool = False
    force: bool = False
    progress: bool = True

    @property
    def files(self) -> dict[str, str]:
        """The file of each part."""
        return {part.name: f"{part.name}.jsonl" for part in self.wish.parts}


def perform(run: Run) -> int:
    """Do it, and return the exit code; nothing is written unless every line read is accounted for."""
    for line in complaints(run.inputs):
        print(line, file=sys.stderr)
    if run.inputs.troubles:
        return 2
    # By name, so that the order on the command line changes nothing.
    sources = sorted(run.inputs.sources, key=lambda source: source.name)
    check_place(run.target, run.paths, sources)
    with nullcontext() if run.dry_run else exclusive(run.target):
        occupied = check_target(run.target)
        plan = _split(run, sources, write=not run.dry_run and (run.force or not occupied))
    if plan is None:
        return 2
    if run.dry_run or (occupied and not run.force):
        return _show(run, plan, occupied)
    for path in leftovers(run.target):
        print(f"dslint: warning: {visible(str(path), 500)} could not be removed; it is not needed", file=sys.stderr)
    print(f"Split in {visible(str(run.target))}")
    _say(plan)
    return 0


def _split(run: Run, sources: Sequence[Source], *, write: bool) -> dict[str, Any] | None:
    """The plan, which has been carried out or not; None when there can be none."""
    bar = Progress(sum(source.size for source in sources), quiet=not run.progress)

    def work(config: Config, report: Callable[[int], None]) -> tuple[Placement | None, Result]:
        return place(sources, config, run.wish, report)

    placement, result = with_rules(work, run.config, bar.add)
    bar.clear()
    problems = [str(trouble) for trouble in result.troubles]
    problems += [f"internal error in {crash.name}: {crash.error}" for crash in result.crashes]
    for problem in problems:
        print(f"dslint: error: {visible(problem, 500)}", file=sys.stderr)
    if problems or placement is None:
        return None
    plan = account(placement, run.wish, sum(line_count(source, result.files) for source in sources))
    if write:
        _write(run, sources, plan, placement, result)
    return plan


def _show(run: Run, plan: Mapping[str, Any], occupied: bool) -> int:
    """The plan of a split that is not written, because that was asked for or would replace another."""
    print("Plan (nothing is written)")
    _say(plan)
    sys.stdout.flush()
    if run.dry_run:
        print(f"dslint: to write it, leave out --dry-run{' and add --force' if occupied else ''}", file=sys.stderr)
        return 0
    raise OutputError(f"{run.target} holds a split already, nothing was written; --force replaces it")


def _say(plan: Mapping[str, Any]) -> None:
    for line in lines(plan):
        print(line)


def _write(
    run: Run, sources: Sequence[Source], plan: Mapping[str, Any], placement: Placement, result: Result
) -> None:
    copies: dict[str, Copied] = {}
    names = [*run.files.values(), REJECTED, REASONS]
    with staging(run.target) as folder, Stage(folder, names) as stage:
        for source in sources:
            copies[source.name] = copy(source, stage, _destination(source, run.files, placement))
        tallies = {name: tally for name, tally in stage.tallies.items() if name != REASONS}
        if not conserved(list(copies.values()), tallies):
            raise OutputError("lines read and lines written do not agree; nothing was written (please report)")
        if sum(copied.lines for copied in copies.values()) != plan["lines"]:
            raise OutputError("a file has changed while it was read; nothing was written")
        for reason in rejected(placement, result):
            stage.write(REASONS, json.dumps(reason).encode() + b"\n")
        manifest = {
            "version": 1,
            "tool": {"name": "dslint", "version": __version__},
            "target": run.config.target,
            **plan,
            "inputs": [copies[source.name].entry(source) for source in sources],
            "outputs": {name: tally.entry() for name, tally in stage.tallies.items()},
        }
        stage.finish(manifest)
        commit(folder, run.target)


def _destination(source: Source, files: Mapping[str, str], placement: Placement) -> Callable[[int], str]:
    def file_for(number: int) -> str:
        return files.get(placement.part_of((source.name, number)), REJECTED)

    return file_for
