"""The formats people read: full, with excerpts, and concise, a line each."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TextIO

from dslint.findings import SEVERITIES, Finding, Related, Where
from dslint.locate import Located
from dslint.report import Report
from dslint.report.excerpt import excerpt
from dslint.report.visible import visible

COLORS = {"error": "1;31", "warning": "1;33", "info": "1;36", "bold": "1", "dim": "2", "place": "34"}
RELATED = 5  # places of a cluster that text shows; machine formats have all
FIX_MARKS = {"safe": "[*] ", "unsafe": "[*?] ", "": ""}


def plural(count: int, noun: str, many: str = "") -> str:
    """`1 error`, `2 errors`, and with `many` a plural that is not made with s."""
    return f"{count:,} {noun if count == 1 else many or noun + 's'}"


def paint(report: Report) -> Callable[[str, str], str]:
    """(text, colour) to text as the terminal wants it."""
    if not report.color:
        return lambda text, color: text
    return lambda text, color: f"\x1b[{COLORS[color]}m{text}\x1b[0m"


def place(where: Where, column: int | None = None) -> str:
    """`data/train.jsonl:17:5`; without line and column for a whole file."""
    name = visible(where.source, 300)
    if not where.line:
        return name
    return f"{name}:{where.line}" + ("" if column is None else f":{column}")


def told(finding: Finding) -> str:
    """The message after the place in the record, for a report that has no column of its own for that."""
    path = f"{visible(finding.where.json_path)}: " if finding.where.pointer else ""
    return path + visible(finding.message)


def shown(report: Report) -> tuple[list[Finding], Counter[tuple[str, str]]]:
    """The findings to show, the first `max_per_rule` of each rule in each file, and how many are left out."""
    kept: list[Finding] = []
    seen: Counter[tuple[str, str]] = Counter()
    for finding in report.findings:
        key = finding.where.source, finding.code
        seen[key] += 1
        if not report.max_per_rule or seen[key] <= report.max_per_rule:
            kept.append(finding)
    left = {key: count - report.max_per_rule for key, count in seen.items() if report.max_per_rule}
    return kept, Counter({key: count for key, count in left.items() if count > 0})


def by_rule(findings: Iterable[Finding]) -> Mapping[str, Sequence[Finding]]:
    """The findings of each rule; the most severe rules first, then those that found most."""
    rules: defaultdict[str, list[Finding]] = defaultdict(list)
    for finding in findings:
        rules[finding.code].append(finding)
    return dict(sorted(rules.items(), key=lambda rule: (SEVERITIES.index(worst(rule[1])), -len(rule[1]), rule[0])))


def worst(findings: Iterable[Finding]) -> str:
    """The greatest severity among them."""
    return min((finding.severity for finding in findings), key=SEVERITIES.index)


def full(report: Report, out: TextIO) -> None:
    """A block for each finding: rule, place, the part of the line it speaks of, remedy."""
    kept, left = shown(report)
    for located in report.located(kept):
        for line in _block(report, located):
            out.write(line + "\n")
        out.write("\n")
    left_out(report, left, out)
    summary(report, out)


def _block(report: Report, located: Located) -> Iterator[str]:
    finding, color = located.finding, paint(report)
    rule = report.rules[finding.code]
    mark = FIX_MARKS[finding.fix]
    head = color(f"{finding.severity} {finding.code}", finding.severity)
    yield f"{head} {mark}{color(rule.name, 'bold')}: {visible(finding.message)}"
    path = f"  {visible(finding.where.json_path)}" if finding.where.pointer else ""
    column = located.column if finding.where.line else None
    yield f"  {color('-->', 'place')} {place(finding.where, column)}{path}"
    if report.show_source and finding.where.line and located.text:
        yield from _source(report, located)
    for related in finding.related[:RELATED]:
        yield f"  {color(':::', 'place')} {_related(related)}"
    if len(finding.related) > RELATED:
        yield f"  {color(':::', 'place')} and {plural(len(finding.related) - RELATED, 'more place')}"
    if rule.help:
        yield f"  {color('= help:', 'dim')} {visible(rule.help)}"


def _source(report: Report, located: Located) -> Iterator[str]:
    gutter = paint(report)("|", "place")
    number = str(located.finding.where.line)
    margin = " " * max(len(number), 4)
    window, carets = excerpt(located.text, located.start, located.end, report.width - len(margin) - 3)
    yield f"{margin} {gutter}"
    yield f"{number.rjust(len(margin))} {gutter} {window}"
    yield f"{margin} {gutter} {paint(report)(carets, located.finding.severity)}"


def _related(related: Related) -> str:
    note = f"  {visible(related.note)}" if related.note else ""
    return place(related.where) + note


def left_out(report: Report, left: Counter[tuple[str, str]], out: TextIO) -> None:
    for (source, code), count in sorted(left.items()):
        name = report.rules[code].name
        out.write(f"... {count:,} more {name} ({code}) in {visible(source, 300)} (all: --max-per-rule 0)\n")
    if left:
        out.write("\n")


def concise(report: Report, out: TextIO) -> None:
    """`path:line:column: severity CODE name: message (path in the record)`."""
    kept, left = shown(report)
    for located in report.located(kept):
        finding = located.finding
        column = located.column if finding.where.line else None
        path = f" ({visible(finding.where.json_path)})" if finding.where.pointer else ""
        mark = FIX_MARKS[finding.fix]
        name = report.rules[finding.code].name
        where = place(finding.where, column)
        out.write(f"{where}: {finding.severity} {finding.code} {mark}{name}: {visible(finding.message)}{path}\n")
    left_out(report, left, out)
    summary(report, out)


def read(report: Report) -> str:
    """What was read: `12 records in 2 files (chat)`."""
    result = report.result
    layouts: Counter[str] = Counter()
    for file in result.files:
        layouts.update(file.layouts)
    known = ", ".join(name for name, _ in sorted(layouts.items(), key=lambda item: (-item[1], item[0])))
    text = f"{plural(result.records, 'record')} in {plural(len(result.files), 'file')}"
    text += f" ({known})" if known else ""
    if result.references:
        compared = plural(sum(file.records for file in result.references), "record")
        text += f" against {compared} in {plural(len(result.references), 'reference file')}"
    return text


def found(report: Report) -> str:
    """What was found: `2 errors, 1 warning`."""
    counts = report.counts()
    text = f"{plural(counts['error'], 'error')}, {plural(counts['warning'], 'warning')}"
    return text + (f", {plural(counts['info'], 'note')}" if counts["info"] else "")


def summary(report: Report, out: TextIO) -> None:
    """What was read, what was found, what can be fixed."""
    result = report.result
    if not report.findings and not result.failed:
        rules = plural(len(result.rules), "rule")
        out.write(f"All checks passed! {read(report)} for target {report.target} ({rules}).\n")
        out.write(f"{report.target}: {report.target_ends}\n" if report.target_ends else "")
        out.writelines(f"{line}\n" for line in held_back(report))
        return
    out.write(f"Checked {read(report)} for target {report.target}.\n")
    out.write(f"{report.target}: {report.target_ends}\n" if report.target_ends else "")
    out.write(f"Found {found(report)}.\n")
    out.writelines(f"{line}\n" for line in held_back(report))
    out.writelines(f"{FIX_MARKS[fix]}{line}\n" for fix, line in fixable(report))


def held_back(report: Report) -> Iterator[str]:
    """How many findings the report leaves out because they are accepted."""
    if report.result.held_back:
        yield f"{plural(report.result.held_back, 'finding')} not shown: known to the baseline, or waived."


def fixable(report: Report) -> Iterator[tuple[str, str]]:
    """(how findings can be fixed, how many and by what), for each way there is."""
    fixes = Counter(finding.fix for finding in report.findings if finding.fix)
    if fixes["safe"]:
        yield "safe", f"{fixes['safe']:,} fixable with `--fix`."
    if fixes["unsafe"]:
        yield "unsafe", f"{fixes['unsafe']:,} fixable with `--fix --unsafe-fixes`."
