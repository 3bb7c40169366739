"""Azure Pipelines logging commands: issues of the build, and the text of them all.

Sources: microsoft/azure-pipelines-task-lib `taskcommand.ts` (escapes), microsoft/azure-pipelines-agent
`ExecutionContext.cs` (10 issues per level and step, the rest stand in the log only); checked 2026-11-21.
"""

from __future__ import annotations

from typing import TextIO

from dslint.locate import Located
from dslint.report import Report
from dslint.report.choice import each_level
from dslint.report.commands import write
from dslint.report.paths import in_command, relative
from dslint.report.text import told
from dslint.report.visible import visible

LEVELS = ("error", "warning")  # an issue is one of these; notes are in the text
PER_LEVEL = 10


def data(text: str) -> str:
    """Text as the message of a command."""
    return text.replace("%", "%AZP25").replace("\r", "%0D").replace("\n", "%0A")


def value(text: str) -> str:
    """Text as a property of a command."""
    return data(text).replace("]", "%5D").replace(";", "%3B")


def command(located: Located, report: Report) -> str:
    """One issue."""
    finding = located.finding
    rule = report.rules[finding.code]
    properties = {"type": finding.severity, "sourcepath": in_command(relative(finding.where.source))}
    if finding.where.line:
        properties |= {"linenumber": str(finding.where.line), "columnnumber": str(located.column)}
    properties["code"] = finding.code
    said = f"{rule.name}: {told(finding)}" + (f"\n{visible(rule.help)}" if rule.help else "")
    fields = "".join(f"{key}={value(text)};" for key, text in properties.items())
    return f"##vso[task.logissue {fields}]{data(said)}"


def azure(report: Report, out: TextIO) -> None:
    """The findings as concise text inside a group, the issues, and how many there was no room for."""
    kept = each_level(report.findings, PER_LEVEL, LEVELS)
    left_out = f"in the text only (Azure shows {PER_LEVEL} errors and {PER_LEVEL} warnings)"
    write(report, out, kept, command, group=("##[group]", "##[endgroup]"), left_out=left_out)
