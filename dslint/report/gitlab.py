"""gitlab: a Code Quality report.

Source: GitLab documentation, doc/ci/testing/code_quality.md (the fields; paths relative to the repository; no byte
order mark; of equal fingerprints only the first is shown); checked 2026-11-21.
"""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from typing import Any, TextIO

from dslint.locate import Located
from dslint.report import Report
from dslint.report.fingerprint import Fingerprints
from dslint.report.machine import dumped, errors, plain
from dslint.report.paths import relative
from dslint.report.text import told
from dslint.report.visible import visible

LEVELS = {"error": "major", "warning": "minor", "info": "info"}


def gitlab(report: Report, out: TextIO) -> None:
    """An array with an object for each finding, and one for each thing that kept the run from doing its job."""
    out.write("[")
    for number, issue in enumerate(_issues(report)):
        out.write(("," if number else "") + "\n" + dumped(issue))
    out.write("\n]\n")


def _issues(report: Report) -> Iterator[dict[str, Any]]:
    for error in errors(report):
        name = sha256(error["message"].encode()).hexdigest()[:16]
        yield _issue(visible(error["message"], 500), "could-not-check", f"{name}:0", "blocker", ".", 1)
    fingerprints = Fingerprints()
    for located in report.located():
        yield _found(located, report, fingerprints.of(located))


def _found(located: Located, report: Report, fingerprint: str) -> dict[str, Any]:
    finding = located.finding
    where = finding.where
    name = f"{finding.code} {report.rules[finding.code].name}"
    path, line = relative(where.source), max(where.line, 1)
    return _issue(told(finding), name, fingerprint, LEVELS[finding.severity], path, line)


def _issue(said: str, name: str, fingerprint: str, severity: str, path: str, line: int) -> dict[str, Any]:
    return {
        "description": said,
        "check_name": name,
        "fingerprint": fingerprint,
        "severity": severity,
        "location": {"path": plain(path), "lines": {"begin": line}},
    }
