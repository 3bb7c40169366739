"""One run of `dslint split`: place, write, prove, commit, and say what happened."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from dslint import __version__
from dslint.cli.arguments import complaints
from dslint.cli.strangers import with_rules
from dslint.cli.terminal import Progress
from dslint.config import Config
from dslint.driver import Result
from dslint.findings import Finding
from dslint.outputs import (
    MANIFEST,
    REASONS,
    REJECTED,
    Copied,
    OutputError,
    Stage,
    check_target,
    commit,
    conserved,
    copy,
    staging,
)
from dslint.report.text import plural
from dslint.report.visible import visible
from dslint.sources import Inputs, Source
from dslint.splits import Placement, Wish, place

ALL_NAMES = ("train.jsonl", "validation.jsonl", "test.jsonl", REJECTED, REASONS, MANIFEST)


def perform(inputs: Inputs, config: Config, wish: Wish, target: Path, *, force: bool, progress: bool) -> int:
    """Do it, and return the exit code; nothing is written unless every line read is accounted for."""
    for line in complaints(inputs):
        print(line, file=sys.stderr)
    if inputs.troubles:
        return 2
    _check_inputs(inputs.sources, target)
    check_target(target, ALL_NAMES, force=force)
    bar = Progress(sum(source.size for source in inputs.sources), quiet=not progress)

    def work(config: Config, report: Callable[[int], None]) -> tuple[Placement, Result]:
        return place(inputs.sources, config, wish, report)

    placement, result = with_rules(work, config, bar.add)
    bar.clear()
    problems = [str(trouble) for trouble in result.troubles]
    problems += [f"internal error in {crash.name}: {crash.error}" for crash in result.crashes]
    for problem in problems:
        print(f"dslint: error: {visible(problem, 500)}", file=sys.stderr)
    if problems:
        return 2
    manifest = _write(inputs.sources, target, config, wish, placement, result)
    _say(manifest, placement, result, target)
    return 0


def _check_inputs(sources: Sequence[Source], target: Path) -> None:
    inside = target.resolve()
    for source in sources:
        if source.path.resolve().is_relative_to(inside):
            raise OutputError(f"{source.name} lies in the output folder {target}")


def _write(
    sources: Sequence[Source], target: Path, config: Config, wish: Wish, placement: Placement, result: Result
) -> dict[str, Any]:
    names = {name: f"{name}.jsonl" for name in wish.shares}
    copies: dict[str, Copied] = {}
    with staging(target) as folder, Stage(folder, [*names.values(), REJECTED, REASONS]) as stage:
        for source in sources:
            copies[source.name] = copy(source, stage, _destination(source, names, placement))
        tallies = {name: tally for name, tally in stage.tallies.items() if name != REASONS}
        if not conserved(list(copies.values()), tallies):
            raise OutputError("lines read and lines written do not agree; nothing was written (please report)")
        _write_reasons(stage, placement, result)
        stage.flush()
        manifest = _manifest(sources, copies, stage, config, wish, placement, result)
        commit(folder, target, manifest)
    return manifest


def _destination(source: Source, names: Mapping[str, str], placement: Placement) -> Any:
    split = placement.split

    def file_for(number: int) -> str:
        name = split.get((source.name, number))
        return REJECTED if name is None else names[name]

    return file_for


def _write_reasons(stage: Stage, placement: Placement, result: Result) -> None:
    names = {rule.code: rule.name for rule in result.rules}
    by_line: dict[tuple[str, int], list[Finding]] = dict(placement.reasons)
    for finding in result.findings:  # a blank line is only a warning, but holds no record to keep
        line = finding.where.source, finding.where.line
        if finding.where.line and line not in placement.split and line not in by_line:
            by_line[line] = [finding]
    for (source, number), findings in sorted(by_line.items()):
        for finding in findings:
            reason = {
                "path": source,
                "line": number,
                "code": finding.code,
                "name": names[finding.code],
                "message": finding.message,
                "json_path": finding.where.json_path,
            }
            stage.write(REASONS, json.dumps(reason).encode() + b"\n")


def _manifest(
    sources: Sequence[Source],
    copies: Mapping[str, Copied],
    stage: Stage,
    config: Config,
    wish: Wish,
    placement: Placement,
    result: Result,
) -> dict[str, Any]:
    codes = Counter(finding.code for findings in placement.reasons.values() for finding in findings)
    names = {rule.code: rule.name for rule in result.rules}
    return {
        "version": 1,
        "tool": {"name": "dslint", "version": __version__},
        "target": config.target,
        "seed": wish.seed,
        "shares": {name: round(share, 9) for name, share in wish.shares.items()},
        "group_by": list(wish.group_by),
        "conflicts": "reject" if wish.reject_conflicts else "keep",
        "inputs": [copies[source.name].entry(source) for source in sources],
        "outputs": {name: tally.entry() for name, tally in stage.tallies.items()},
        "rejected": {names[code]: count for code, count in sorted(codes.items())},
        "clusters": {"count": placement.clusters, "largest": placement.largest, "recut": placement.recut},
        "labels": {name: dict(sorted(labels.items())) for name, labels in placement.labels.items()}
        if _labelled(placement)
        else {},
    }


def _labelled(placement: Placement) -> bool:
    return len({label for labels in placement.labels.values() for label in labels}) > 1


def _say(manifest: Mapping[str, Any], placement: Placement, result: Result, target: Path) -> None:
    outputs = manifest["outputs"]
    total = sum(entry["lines"] for name, entry in outputs.items() if name != REASONS)
    for name, entry in outputs.items():
        if name != REASONS:
            share = 100 * entry["lines"] / max(total, 1)
            print(f"{name:20} {entry['lines']:>10,} lines  {share:5.1f}%")
    clusters = manifest["clusters"]
    text = (
        f"{plural(clusters['count'], 'cluster')} kept whole, the largest of {plural(clusters['largest'], 'record')}"
    )
    print(text + (f"; {clusters['recut']} cut because they drift" if clusters["recut"] else ""))
    for name, count in manifest["rejected"].items():
        print(f"rejected for {name}: {count:,}")
    codes = {rule.code for rule in result.rules if rule.conflict}
    conflicts = [finding for finding in result.findings if finding.code in codes and finding.severity != "info"]
    if conflicts and manifest["conflicts"] == "keep":
        print(f"{plural(len(conflicts), 'conflict')} kept; --conflicts reject sets both sides aside")
    print(f"{total:,} lines read, {total:,} lines written to {visible(str(target))}")
