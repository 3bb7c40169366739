"""junit: a test suite for each file, a test for each finding.

There is no standard; this holds to the schema of Jenkins' xUnit plugin (junit-10.xsd), the strictest there is, and
to the characters of XML 1.0.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from html import escape
from itertools import islice
from typing import TextIO

from dslint.findings import SEVERITIES, Finding
from dslint.locate import Located
from dslint.report import Report
from dslint.report.excerpt import excerpt
from dslint.report.machine import errors
from dslint.report.text import place
from dslint.report.visible import visible

EXCERPT = 200
PASSED = '    <testcase name="no findings" classname="dslint"/>\n'


def junit(report: Report, out: TextIO) -> None:
    """What makes the run fail is a failure, what does not is a skipped test; a file without findings passes."""
    failing, broken, found = fails(report.fail_on), errors(report), report.findings
    names = sorted({file.source for file in report.result.files} | {one.where.source for one in found})
    failures = sum(one.severity in failing for one in found)
    tests = len(found) + len(broken) + len(names) - len({one.where.source for one in found})
    out.write('<?xml version="1.0" encoding="UTF-8"?>\n')
    out.write(f'<testsuites name="dslint" tests="{tests}" failures="{failures}" errors="{len(broken)}">\n')
    if broken:
        out.write(_suite("dslint", Counter(error=len(broken))))
        for error in broken:
            out.write(_case("run", "could-not-check", "error", visible(error["message"], 500), error["help"]))
        out.write("  </testsuite>\n")
    counts = {name: Counter[str]() for name in names}
    for finding in found:
        counts[finding.where.source][_kind(finding, failing)] += 1
    located = report.located()
    for name in names:
        out.write(_suite(name, counts[name] or Counter(passed=1)))
        for one in islice(located, counts[name].total()):  # both are in the order of the names
            out.write(_test(one, report, failing))
        out.write("" if counts[name] else PASSED)
        out.write("  </testsuite>\n")
    out.write("</testsuites>\n")


def _kind(finding: Finding, failing: tuple[str, ...]) -> str:
    return "failure" if finding.severity in failing else "skipped"


def fails(bar: str) -> tuple[str, ...]:
    """The severities that make a run fail with this `--fail-on`."""
    return SEVERITIES[: SEVERITIES.index(bar) + 1] if bar in SEVERITIES else ()


def _suite(name: str, counts: Counter[str]) -> str:
    numbers = f'failures="{counts["failure"]}" errors="{counts["error"]}" skipped="{counts["skipped"]}"'
    return f'  <testsuite name="{escape(visible(name, 300))}" tests="{counts.total()}" {numbers}>\n'


def _case(name: str, group: str, kind: str, message: str, text: str, type: str = "error") -> str:
    return (
        f'    <testcase name="{escape(name)}" classname="{escape(group)}">'
        f'<{kind} type="{type}" message="{escape(message)}">{escape(text)}</{kind}></testcase>\n'
    )


def _test(located: Located, report: Report, failing: tuple[str, ...]) -> str:
    finding = located.finding
    where = finding.where
    spot = f" line {where.line} column {located.column}" if where.line else ""
    path = f" {visible(where.json_path)}" if where.pointer else ""
    text = "\n".join(_lines(located, report))
    name, group = f"{finding.code}{spot}{path}", report.rules[finding.code].name
    return _case(name, group, _kind(finding, failing), visible(finding.message), text, finding.severity)


def _lines(located: Located, report: Report) -> Iterator[str]:
    finding = located.finding
    yield place(finding.where, located.column if finding.where.line else None)
    if report.show_source and finding.where.line and located.text:
        yield "| " + excerpt(located.text, located.start, located.end, EXCERPT)[0]
    for related in finding.related[:5]:
        yield f"{place(related.where)} {visible(related.note)}".rstrip()
    rule = report.rules[finding.code]
    if rule.help:
        yield f"help: {visible(rule.help)}"
