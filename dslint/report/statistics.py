"""Counts per rule, the most frequent first."""

from __future__ import annotations

from collections import Counter
from typing import TextIO

from dslint.report import Report
from dslint.report.text import FIX_MARKS, plural, summary


def statistics(report: Report, out: TextIO) -> None:
    """`count  CODE  [*] name  share of records  files`."""
    counts = Counter(finding.code for finding in report.findings)
    files: dict[str, set[str]] = {}
    for finding in report.findings:
        files.setdefault(finding.code, set()).add(finding.where.source)
    records = max(report.result.records, 1)
    width = len(f"{max(counts.values(), default=0):,}")
    for code, count in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
        rule = report.rules[code]
        mark = (FIX_MARKS[rule.fixable] or "[ ] ").strip()
        share = f"{100 * count / records:.2f}% of records"
        out.write(f"{count:>{width},}  {code}  {mark:4} {rule.name}  {share}  {plural(len(files[code]), 'file')}\n")
    summary(report, out)
