"""rdjson: the Reviewdog Diagnostic Format.

Source: reviewdog/reviewdog, proto/rdf/reviewdog.proto (columns count bytes from 1, the end is exclusive); checked
2026-11-21.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TextIO

from dslint.findings import Where
from dslint.locate import Located
from dslint.report import Report
from dslint.report.machine import dumped, errors, plain
from dslint.report.paths import relative
from dslint.report.text import told
from dslint.report.visible import visible

LEVELS = {"error": "ERROR", "warning": "WARNING", "info": "INFO"}


def rdjson(report: Report, out: TextIO) -> None:
    """One object with a diagnostic for each finding, and one for each thing that kept the run from its job."""
    out.write('{"source": {"name": "dslint"}, "diagnostics": [')
    for number, diagnostic in enumerate(_diagnostics(report)):
        out.write(("," if number else "") + "\n" + dumped(diagnostic))
    out.write("\n]}\n")


def _diagnostics(report: Report) -> Iterator[dict[str, Any]]:
    for error in errors(report):
        message = visible(error["message"], 500)
        yield {"message": message, "location": {"path": "."}, "severity": "ERROR"}
    for located in report.located():
        yield _diagnostic(located)


def _diagnostic(located: Located) -> dict[str, Any]:
    finding = located.finding
    diagnostic: dict[str, Any] = {
        "message": told(finding),
        "location": _location(finding.where),
        "severity": LEVELS[finding.severity],
        "code": {"value": finding.code},
    }
    if finding.where.line:
        line = finding.where.line
        ends = {"start": located.byte_start, "end": located.byte_end}
        diagnostic["location"]["range"] = {
            key: {"line": line, "column": offset + 1} for key, offset in ends.items()
        }
    if finding.related:
        diagnostic["related_locations"] = [
            {"message": visible(related.note), "location": _location(related.where)} for related in finding.related
        ]
    return diagnostic


def _location(where: Where) -> dict[str, Any]:
    span = {"range": {"start": {"line": where.line}}} if where.line else {}
    return {"path": plain(relative(where.source)), **span}
