"""grouped: the findings of each file under its name, a line each."""

from __future__ import annotations

from itertools import groupby
from typing import TextIO

from dslint.locate import Located
from dslint.report import Report
from dslint.report.text import FIX_MARKS, left_out, paint, shown, summary
from dslint.report.visible import visible


def grouped(report: Report, out: TextIO) -> None:
    """A file's name, then `line:column  severity CODE name: message (path in the record)` for each finding."""
    kept, left = shown(report)
    bold = paint(report)
    for source, located in groupby(report.located(kept), key=lambda one: one.finding.where.source):
        out.write(f"{bold(visible(source, 300), 'bold')}:\n")
        for one in located:
            out.write(f"  {_line(report, one)}\n")
        out.write("\n")
    left_out(report, left, out)
    summary(report, out)


def _line(report: Report, located: Located) -> str:
    finding = located.finding
    where = finding.where
    spot = f"{where.line}:{located.column}" if where.line else "file"
    path = f" ({visible(where.json_path)})" if where.pointer else ""
    head = paint(report)(f"{finding.severity} {finding.code}", finding.severity)
    said = f"{FIX_MARKS[finding.fix]}{report.rules[finding.code].name}: {visible(finding.message)}{path}"
    return f"{spot}  {head} {said}"
