"""GitHub workflow commands: annotations within GitHub's limits, and the text of them all.

Sources: actions/toolkit `command.ts` (escapes) and `docs/problem-matchers.md` (10 annotations per level and step),
actions/runner `ActionCommand.cs` (messages are cut at 4,096 characters); checked 2026-11-21.
"""

from __future__ import annotations

from typing import TextIO

from dslint.locate import Located
from dslint.report import Report
from dslint.report.choice import each_level
from dslint.report.commands import write
from dslint.report.excerpt import excerpt
from dslint.report.paths import in_command
from dslint.report.text import told
from dslint.report.visible import visible

LEVELS = {"error": "error", "warning": "warning", "info": "notice"}
PER_LEVEL = 10
EXCERPT = 200


def data(text: str) -> str:
    """Text as the message of a command."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def value(text: str) -> str:
    """Text as a property of a command."""
    return data(text).replace(":", "%3A").replace(",", "%2C")


def command(located: Located, report: Report) -> str:
    """One annotation."""
    finding = located.finding
    rule = report.rules[finding.code]
    properties = {"file": in_command(finding.where.source)}
    lines = [told(finding)]
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
    kept = each_level(report.findings, PER_LEVEL)
    left_out = f"not annotated (GitHub shows {PER_LEVEL} per level per step)"
    write(report, out, kept, command, group=("::group::", "::endgroup::"), left_out=left_out)
