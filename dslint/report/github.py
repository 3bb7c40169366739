"""GitHub workflow commands: annotations within GitHub's limits, and the text of them all.

Sources: actions/toolkit `command.ts` (escapes) and `docs/problem-matchers.md` (10 annotations per level and step),
actions/runner `ActionCommand.cs` (messages are cut at 4,096 characters); checked 2026-11-21.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import zip_longest
from typing import TextIO

from dslint.findings import SEVERITIES, Finding
from dslint.locate import Located
from dslint.report import Report
from dslint.report.excerpt import excerpt
from dslint.report.text import concise, plural
from dslint.report.visible import visible

LEVELS = {"error": "error", "warning": "warning", "info": "notice"}
PER_LEVEL = 10
EXCERPT = 200
LONGEST_PATH = 4096


def data(text: str) -> str:
    """Text as the message of a command."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def value(text: str) -> str:
    """Text as a property of a command."""
    return data(text).replace(":", "%3A").replace(",", "%2C")


def _in_turn(groups: Iterable[Sequence[Finding]]) -> list[Finding]:
    return [one for turn in zip_longest(*groups) for one in turn if one is not None]


def chosen(findings: Sequence[Finding], limit: int = PER_LEVEL) -> list[Finding]:
    """At most `limit` of these: rules in turn, and files in turn within a rule, so that none uses up the places."""
    rules: dict[str, dict[str, list[Finding]]] = {}
    for finding in findings:
        rules.setdefault(finding.code, {}).setdefault(finding.where.source, []).append(finding)
    return _in_turn([_in_turn(files.values()) for files in rules.values()])[:limit]


def _file(name: str) -> str:
    """A file name as the runner takes it whole: it drops a `=` that begins a property."""
    shown = visible(name, LONGEST_PATH)
    return f"./{shown}" if shown.startswith("=") else shown


def command(located: Located, report: Report) -> str:
    """One annotation."""
    finding = located.finding
    rule = report.rules[finding.code]
    properties = {"file": _file(finding.where.source)}
    lines = [visible(finding.message)]
    if finding.where.pointer:
        lines[0] = f"{visible(finding.where.json_path)}: {lines[0]}"
    if finding.where.line:
        line = str(finding.where.line)
        columns = {"col": str(located.column), "endColumn": str(max(located.end, located.column))}
        properties |= {"line": line, "endLine": line, **columns}
        if report.show_source and located.text:
            lines.append(excerpt(located.text, located.start, located.end, EXCERPT)[0])
    lines += [f"help: {visible(rule.help)}"] if rule.help else []
    properties["title"] = f"dslint {finding.code} {rule.name}"  # last: the runner trims what comes last
    fields = ",".join(f"{key}={value(text)}" for key, text in properties.items())
    return f"::{LEVELS[finding.severity]} {fields}::{data(chr(10).join(lines))}"


def github(report: Report, out: TextIO) -> None:
    """The findings as concise text inside a group, the annotations, and how many there was no room for."""
    out.write("::group::dslint findings\n")
    concise(report, out)
    out.write("::endgroup::\n")
    kept = [one for level in SEVERITIES for one in chosen([f for f in report.findings if f.severity == level])]
    for located in report.located(sorted(kept, key=Finding.sort_key)):
        out.write(command(located, report) + "\n")
    counts = report.counts()
    total = f"{plural(counts['error'], 'error')}, {plural(counts['warning'], 'warning')}"
    left = len(report.findings) - len(kept)
    note = f"; {left:,} not annotated (GitHub shows {PER_LEVEL} per level per step)" if left else ""
    out.write(f"dslint: {total} in {plural(len(report.result.files), 'file')}{note}\n")
