"""One run of `dslint lint`: read, fix, read again, report, and the exit code that follows."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from dslint import fixes
from dslint.cli.arguments import complaints, trouble_lines
from dslint.cli.reports import STDOUT, Wanted, check_inputs, opened
from dslint.cli.strangers import with_rules
from dslint.cli.terminal import Progress, color_for, width_for
from dslint.config import Config
from dslint.driver import Result
from dslint.driver import lint as run_rules
from dslint.near_search import NearSearch
from dslint.report import Report, renderer
from dslint.report.machine import crash_line
from dslint.report.masked import Masking
from dslint.report.text import plural
from dslint.report.visible import visible
from dslint.sources import LARGE, Inputs, Source
from dslint.targets import load as load_target

if TYPE_CHECKING:
    from dslint.cache import Cache


@dataclass(frozen=True)
class Request:
    """What the command line asked for."""

    config: Config
    inputs: Inputs
    scope: str = ""
    baseline: Path | None = None
    strict_baseline: bool = False
    diff_base: str = ""
    audit: bool = False
    exact: bool = False
    jobs: int = 1
    cache: bool = True
    fix: bool = False
    unsafe: bool = False
    diff: bool = False
    reports: Sequence[Wanted] = (Wanted("full"),)
    show_source: bool = True
    color: str = "auto"
    progress: bool = True
    exit_zero: bool = False
    exit_non_zero_on_fix: bool = False


def perform(request: Request) -> int:
    """Do it, and return the exit code."""
    check_inputs(request.reports, request.inputs.sources)
    for line in complaints(request.inputs):
        print(line, file=sys.stderr)
    result = _run(request)
    fixed = 0
    if request.diff:
        return _show_diff(request, result)
    if request.fix:
        fixed = _fix(request, result)
        request = _as_written(request, result)
        result = _run(request) if fixed else result
    result.troubles.extend(request.inputs.troubles)
    if request.diff_base:
        from dslint.changes import on_changes

        result.findings = on_changes(result.findings, request.inputs.sources, request.diff_base)
    stale = _hold_back(request, result)
    _report(request, result)
    _afterwards(request, result, fixed)
    return _exit_code(request, result, fixed) or int(stale and request.strict_baseline)


def _run(request: Request) -> Result:
    sources = request.inputs.sources
    progress = Progress(sum(source.size for source in sources), quiet=not request.progress)
    jobs = request.jobs or os.cpu_count() or 1

    def say(line: str) -> None:
        progress.clear()
        print(f"dslint: {line}", file=sys.stderr)

    cache = _cache(request)
    search = NearSearch(request.exact, request.audit, say, kept=cache.sketches if cache else None)
    try:

        def work(config: Config, report: Callable[[int], None]) -> Result:
            return run_rules(
                sources, config, scope=request.scope, jobs=jobs, report=report, search=search, cache=cache
            )

        result = with_rules(work, request.config, progress.add)
        if cache is not None:
            cache.tidy()
        return result
    finally:
        progress.clear()


def _cache(request: Request) -> Cache | None:
    if not request.cache or all(source.size < LARGE for source in request.inputs.sources):
        return None
    from dslint.cache import usual

    return usual()


def _hold_back(request: Request, result: Result) -> bool:
    """Take out what is known and accepted; whether the baseline names findings that are gone."""
    if request.baseline is None and not request.config.waiver:
        return False
    from dslint.baseline import accept, read

    known = read(request.baseline) if request.baseline else []
    folder = request.baseline.parent if request.baseline else request.config.folder
    accepted = accept(result, request.inputs.sources, folder, known, request.config.waiver)
    result.findings, result.held_back = accepted.left, accepted.held_back
    if accepted.stale:
        gone = f"{plural(len(accepted.stale), 'entry', 'entries')} of {request.baseline}"
        print(f"dslint: {visible(gone, 500)} gone from the data (dslint baseline prune)", file=sys.stderr)
    return bool(accepted.stale)


def _fixable(request: Request, result: Result) -> Iterator[tuple[Source, fixes.FilePlan]]:
    rules = {rule.code: rule for rule in result.rules}
    wanted = fixes.plan(result.findings, rules, unsafe=request.unsafe)
    for source in request.inputs.sources:
        if source.name in wanted and wanted[source.name].covers(source):
            yield source, wanted[source.name]


def _show_diff(request: Request, result: Result) -> int:
    changed = 0
    masking = Masking(result.rules, request.config.layout)
    for source, wanted in _fixable(request, result):
        for line in fixes.diff(source, wanted, masking.text):
            print(line)
            changed += line.startswith("@@")
    lines = "line" if changed == 1 else "lines"
    print(f"Would change {changed:,} {lines}.", file=sys.stderr)
    _show_audits(result)
    return 2 if _failed(request, result) else int(changed > 0)


def _fix(request: Request, result: Result) -> int:
    from dslint.replacing import replacing

    private = {spool.path: spool for spool in request.inputs.temporary}
    fixed = 0
    for source, wanted in _fixable(request, result):
        spool = private.get(source.file)
        with replacing(source.file) if spool is None else spool.rewriting() as new:
            fixed += fixes.apply(source, wanted, new)
    return fixed


def _as_written(request: Request, result: Result) -> Request:
    """The request over the files as they are now: those put on lines are read from where they stand."""
    written = {source.name for source, _ in _fixable(request, result) if source.items}
    sources = [
        replace(source, path=source.file, items="", original=None) if source.name in written else source
        for source in request.inputs.sources
    ]
    return replace(request, inputs=replace(request.inputs, sources=sources))


def _streams(request: Request) -> list[Path]:
    """Copies of standard input and pipes to write out again, fixed; what stands for a JSON array is none."""
    meant = {source.file for source in request.inputs.sources}
    return [spool.path for spool in request.inputs.temporary if request.fix and spool.path in meant]


def _report(request: Request, result: Result) -> None:
    """Write the reports, those to files first: a reader of standard output may go away."""
    target = load_target(request.config.target)
    progress = Progress(sum(file.size for file in result.files), quiet=not request.progress)
    report = Report(
        result,
        request.inputs.sources,
        target.name,
        show_source=request.show_source,
        max_per_rule=request.config.max_per_rule,
        fail_on=request.config.fail_on,
        target_ends=target.ends,
        layout=request.config.layout,
        progress=progress.add,
    )
    for one in sorted(request.reports, key=lambda one: one.path == STDOUT):
        with opened(one, stdout_taken=bool(_streams(request))) as out:
            color = color_for(out, request.color) if one.path == STDOUT else request.color == "always"
            shown = replace(report, width=width_for(out), color=color)
            renderer(one.format)(shown, out)
        progress.clear()
    for path in _streams(request):
        sys.stdout.flush()
        with open(path, "rb") as stream:
            shutil.copyfileobj(stream, sys.stdout.buffer)


def _afterwards(request: Request, result: Result, fixed: int) -> None:
    if fixed:
        print(f"Fixed {fixed:,} line{'' if fixed == 1 else 's'}.", file=sys.stderr)
    if request.scope == "file" and result.left_out:
        print(f"dslint: {plural(result.left_out, 'dataset rule')} not run (--scope file)", file=sys.stderr)
    _show_audits(result)
    for trouble in result.troubles:
        if trouble not in request.inputs.troubles:
            print("\n".join(trouble_lines(trouble)), file=sys.stderr)
    for crash in result.crashes[:10]:
        line = crash_line(crash.name, crash.where, crash.error)
        print(f"dslint: {visible(line, 500)} (please report)", file=sys.stderr)
    if len(result.crashes) > 10:
        print(f"dslint: {len(result.crashes) - 10:,} more internal errors", file=sys.stderr)


def _show_audits(result: Result) -> None:
    if result.audits is None:
        return
    from dslint.report.audited import audit_lines

    for line in audit_lines(result.audits):
        print(f"dslint: {line}", file=sys.stderr)


def _failed(request: Request, result: Result) -> bool:
    return bool(result.troubles or result.crashes or request.inputs.troubles)


def _exit_code(request: Request, result: Result, fixed: int) -> int:
    if _failed(request, result):
        return 2
    if fixed and request.exit_non_zero_on_fix:
        return 1
    return int(not request.exit_zero and result.reaches(request.config.fail_on))
