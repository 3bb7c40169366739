"""Findings as a fragment of HTML for notebooks. No script, no address, no style that a hostile text could use: all
data goes through `visible` and is escaped."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import TYPE_CHECKING

from dslint.findings import SEVERITIES, Finding
from dslint.report.text import place, plural
from dslint.report.visible import visible

if TYPE_CHECKING:
    from dslint.api import Report

IN_NOTEBOOK = 100  # findings that a notebook shows
COLUMNS = ("severity", "rule", "place", "what")


def fragment(report: Report) -> str:
    """A sentence and a table of at most IN_NOTEBOOK findings, the most severe first."""
    return "".join(f"{line}\n" for line in _lines(report))


def _lines(report: Report) -> Iterator[str]:
    counts = report.counts
    found = f"{plural(counts['error'], 'error')}, {plural(counts['warning'], 'warning')}"
    found += f", {plural(counts['info'], 'note')}" if counts["info"] else ""
    read = f"{plural(report.records, 'record')} for target {_text(report.target)}"
    yield f"<div><p><b>dslint: {found}</b> in {read}</p>"
    for error in report.errors[:10]:
        yield f"<p>{_text(error, 500)}</p>"
    if report.findings:
        yield "<table><thead><tr>" + "".join(f"<th>{name}</th>" for name in COLUMNS) + "</tr></thead><tbody>"
        ordered = sorted(report.findings, key=lambda finding: SEVERITIES.index(finding.severity))
        for finding in ordered[:IN_NOTEBOOK]:
            yield _row(finding, report)
        yield "</tbody></table>"
    if len(report.findings) > IN_NOTEBOOK:
        yield f"<p>and {len(report.findings) - IN_NOTEBOOK:,} more: see <code>findings</code></p>"
    yield "</div>"


def _row(finding: Finding, report: Report) -> str:
    at = finding.where.json_path
    cells = (
        finding.severity,
        f"{finding.code} {report.rules[finding.code].name}",
        escape(place(finding.where)) + (f"<br><code>{_text(at)}</code>" if at else ""),
        _text(finding.message),
    )
    return "<tr>" + "".join(f'<td style="text-align:left">{cell}</td>' for cell in cells) + "</tr>"


def _text(text: str, limit: int = 200) -> str:
    return escape(visible(text, limit))
