"""markdown: GitHub Flavored Markdown for a job summary or a comment.

Source: actions/runner `FileCommandManager.cs` (a summary of more than 1 MiB is refused as a whole); checked
2026-11-21.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import TextIO

from dslint.findings import Finding
from dslint.locate import Located
from dslint.regex import regex
from dslint.report import Report
from dslint.report.choice import most_severe
from dslint.report.machine import errors
from dslint.report.text import by_rule, found, place, plural, read, shown, worst
from dslint.report.visible import visible

LIMIT = 1 << 20  # bytes
ROOM = 64 << 10  # of them for what other commands of the step say in the same summary, and for our last line
MOST_ROWS = 12_000  # more never fit
CLOSED = "\n</details>\n"
TICKS = regex("`+")


def code(text: str, limit: int = 300) -> str:
    """Data as a code span, in which nothing of Markdown, HTML or GitHub means anything, also in a table's cell."""
    seen = visible(text, limit).replace("|", "\\u007c")
    longest = max((len(run) for run in TICKS.findall(seen)), default=0)
    ticks = "`" * (longest + 1)
    pad = " " if seen[:1] in ("`", " ") or seen[-1:] in ("`", " ") else ""
    return f"{ticks}{pad}{seen}{pad}{ticks}" if seen.strip() else ""


def markdown(report: Report, out: TextIO) -> None:
    """What was found in one line, a table of rules, and the first findings of each, cut at a whole row."""
    room, closing = LIMIT - ROOM, ""
    for text, after in _pieces(report):
        room -= len(text.encode())
        if room < 0:
            out.write(f"{closing}\n**Cut here:** a job summary may have 1 MiB; other formats have all findings.\n")
            return
        out.write(text)
        closing = after


def _pieces(report: Report) -> Iterator[tuple[str, str]]:
    """The text in parts that must not be divided, each with what has to follow where the text ends after it."""
    yield f"## dslint: {found(report) if report.findings else 'no findings'}\n\n", ""
    yield f"{read(report)} · target {report.target} · {plural(len(report.result.rules), 'rule')}\n", ""
    if report.target_ends:
        yield f"\n{report.target}: {report.target_ends}\n", ""
    for error in errors(report):
        yield f"\n**Could not check:** {code(error['message'], 500)} {code(error['help'])}\n", ""
    rules = by_rule(report.findings)
    if rules:
        yield "\n| Rule | Level | Findings | Files | First |\n|---|---|--:|--:|---|\n", ""
    for name, findings in rules.items():
        yield _rule_row(report, name, findings), ""
    yield from _details(report, rules)


def _title(report: Report, rule: str) -> str:
    return f"{rule} {report.rules[rule].name}"


def _rule_row(report: Report, rule: str, findings: Sequence[Finding]) -> str:
    files = len({finding.where.source for finding in findings})
    first = code(place(findings[0].where), 400)
    level = worst(findings)
    return f"| {_title(report, rule)} | {level} | {len(findings):,} | {files:,} | {first} |\n"


def _details(report: Report, rules: Mapping[str, Sequence[Finding]]) -> Iterator[tuple[str, str]]:
    """The first findings of each rule in each file, as many as could stand here."""
    rows: defaultdict[str, list[str]] = defaultdict(list)
    for one in report.located(most_severe(shown(report)[0], MOST_ROWS)):
        rows[one.finding.code].append(_row(one))
    for rule, findings in rules.items():
        if not rows[rule]:
            continue
        some = "" if len(rows[rule]) == len(findings) else f"{len(rows[rule]):,} of "
        help = code(report.rules[rule].help, 500)
        head = f"\n<details><summary>{_title(report, rule)}: {some}{plural(len(findings), 'finding')}</summary>\n\n"
        head += f"{help}\n\n" if help else ""
        yield f"{head}| Place | In the record | Finding |\n|---|---|---|\n{rows[rule][0]}", CLOSED
        for row in rows[rule][1:]:
            yield row, CLOSED
        yield CLOSED, ""


def _row(located: Located) -> str:
    finding = located.finding
    where = finding.where
    spot = code(place(where, located.column if where.line else None), 400)
    return f"| {spot} | {code(where.json_path)} | {code(finding.message)} |\n"
