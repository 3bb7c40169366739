"""A report for the log of a build: findings as text in a group, some as commands, and how many were left out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TextIO

from dslint.findings import Finding
from dslint.locate import Located
from dslint.report import Report
from dslint.report.text import concise, plural


def write(
    report: Report,
    out: TextIO,
    kept: Sequence[Finding],
    command: Callable[[Located, Report], str],
    *,
    group: tuple[str, str],
    left_out: str,
) -> None:
    """Write it; `group` has the commands that open and close one, `left_out` says what became of the others."""
    opening, closing = group
    out.write(f"{opening}dslint findings\n")
    concise(report, out)
    out.write(f"{closing}\n")
    for located in report.located(kept):
        out.write(command(located, report) + "\n")
    counts = report.counts()
    total = f"{plural(counts['error'], 'error')}, {plural(counts['warning'], 'warning')}"
    left = len(report.findings) - len(kept)
    note = f"; {left:,} {left_out}" if left else ""
    out.write(f"dslint: {total} in {plural(len(report.result.files), 'file')}{note}\n")
