"""json, one object, and json-lines, one finding a line: everything, for programs."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from math import isfinite
from typing import Any, TextIO

from dslint.findings import Finding, Where
from dslint.locate import Located
from dslint.near_search import Audited
from dslint.regex import regex
from dslint.report import Report
from dslint.ruledef import Rule

VERSION = 1  # of the format; goes up when a field changes its meaning or goes away
SURROGATE = regex("[\ud800-\udfff]")
NO_COLUMNS: Mapping[str, int | None] = {}


def _place(where: Where) -> dict[str, Any]:
    return {
        "path": plain(where.source),
        "line": where.line or None,
        "pointer": plain(where.pointer),
        "json_path": plain(where.json_path),
    }


def plain(text: str) -> str:
    """Text that every JSON reader takes: an undecodable byte of a file name as %XX, a lone surrogate as U+FFFD."""
    return SURROGATE.sub(_spelled, text)


def _spelled(surrogate: re.Match[str]) -> str:
    code = ord(surrogate[0])
    return f"%{code - 0xDC00:02X}" if 0xDC80 <= code <= 0xDCFF else "\ufffd"


def dumped(value: Any) -> str:
    """A value as JSON, which no CI runner takes for a command: `##` can only stand in a string."""
    return json.dumps(value, ensure_ascii=True).replace("##", "#\\u0023")


def finding_object(located: Located, report: Report) -> dict[str, Any]:
    """One finding as JSON has it; columns count characters, offsets count bytes, both within the line."""
    finding = located.finding
    on_line = finding.where.line > 0
    columns = {
        "column": located.column if on_line else None,
        "end_column": located.end + 1 if on_line else None,
        "byte_offset": located.byte_start if on_line else None,
        "byte_length": located.byte_end - located.byte_start if on_line else None,
    }
    record = report.record_ids.get((finding.where.source, finding.where.line))
    known = {"record": record.hex() if record is not None else None}
    return described(finding, report.rules[finding.code], columns) | known


def described(finding: Finding, rule: Rule, columns: Mapping[str, int | None] = NO_COLUMNS) -> dict[str, Any]:
    """One finding of a rule as JSON has it, with the columns of its place where they are known."""
    return {
        "code": finding.code,
        "name": rule.name,
        "severity": finding.severity,
        "message": plain(finding.message),
        **_place(finding.where),
        **columns,
        "help": plain(rule.help),
        "fix": {"applicability": finding.fix} if finding.fix else None,
        "score": finding.score if finding.score is not None and isfinite(finding.score) else None,
        "related": [{**_place(related.where), "message": plain(related.note)} for related in finding.related],
    }


def json_lines(report: Report, out: TextIO) -> None:
    """One finding object a line, nothing when there is none."""
    for located in report.located():
        out.write(dumped(finding_object(located, report)) + "\n")


def json_object(report: Report, out: TextIO) -> None:
    """One object: version, tool, summary, findings, errors."""
    from dslint import __version__

    result = report.result
    summary = {
        "target": report.target,
        "rules": len(result.rules),
        "records": result.records,
        "files": [
            {"path": plain(file.source), "role": file.role, "lines": file.lines, "records": file.records}
            | {"layout": file.layout}
            for file in result.files
        ],
        "counts": report.counts(),
        "held_back": result.held_back,
    }
    if result.audits is not None:
        summary["audit"] = [audit_object(audited) for audited in result.audits]
    head = {"version": VERSION, "tool": {"name": "dslint", "version": __version__}, "summary": summary}
    out.write(dumped(head)[:-1] + ', "findings": [')
    for number, located in enumerate(report.located()):
        text = dumped(finding_object(located, report))
        out.write(("," if number else "") + "\n" + text)
    out.write(f'\n], "errors": {dumped(errors(report))}}}\n')


def errors(report: Report) -> list[dict[str, str]]:
    """What kept the run from doing its whole job, and what to do about it: files that failed, rules that raised."""
    result = report.result
    said = [(str(trouble), trouble.remedy) for trouble in result.troubles]
    said += [(crash_line(crash.name, crash.where, crash.error), "") for crash in result.crashes]
    return [{"message": plain(message), "help": remedy} for message, remedy in said]


def audit_object(audited: Audited) -> dict[str, Any]:
    """What was measured of one search for near-duplicates."""
    return {
        "paths": [plain(path) for path in audited.paths],
        "questions": audited.questions,
        "asked": audited.asked,
        "exact": audited.exact,
        "capped": audited.capped,
        "likeness": [
            {"at_least": level, "pairs": there.expected, "found": there.found}
            | {"recall": round(there.recall, 6) if there.expected else None}
            for level, there in audited.at
        ],
    }


def crash_line(name: str, where: Where, error: str) -> str:
    """What is said of a rule that raised."""
    line = f":{where.line}" if where.line else ""
    return f"internal error in {name} on {where.source}{line}: {error}"
