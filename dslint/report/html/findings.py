"""What is wrong and where: rules, the worst first, and the findings of each with the place they speak of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from itertools import chain

from dslint.findings import Finding, Related, Where
from dslint.locate import Located
from dslint.report import Report
from dslint.report.choice import most_severe
from dslint.report.excerpt import window
from dslint.report.html import sides
from dslint.report.html.charts import bar
from dslint.report.html.markup import code, prose, section, table, tag, text
from dslint.report.table import fitted
from dslint.report.text import RELATED, by_rule, place, plural, worst

MOST = 1_000  # findings of a page
FIRST = 5  # findings of a rule that stand open
OPEN = 24  # rows of the rules that stand open
WIDTH = 280  # columns of an excerpt
MORE = 200  # bytes around the further findings of a rule
PLACE = 36  # and of a place in a table
FIXES = {"safe": "fixed by --fix", "unsafe": "fixed by --fix --unsafe-fixes", "": ""}


def findings(report: Report, room: int) -> str:
    """The section in `room` bytes: a table of all rules, and as many findings of each as there is room for."""
    if not report.findings:
        return ""
    rules = by_rule(report.findings)
    rows = _rows(report, most_severe(report.findings, MOST))
    overview = _overview(report, rules)
    room -= len(overview.encode())
    room -= sum(len(_rule(report, rule, found, (), True).encode()) + MORE for rule, found in rules.items())
    parts, shown = [], 0
    for rule, found in rules.items():
        kept: list[str] = []
        for row in rows[rule]:
            room -= len(row.encode())
            if room < 0:
                break
            kept.append(row)
        parts.append(_rule(report, rule, found, kept, shown < OPEN))
        shown += len(kept[:FIRST])
    return section("findings", "What is wrong, and where", overview, *parts)


def _overview(report: Report, rules: Mapping[str, Sequence[Finding]]) -> str:
    most = max(map(len, rules.values()))
    rows = [_overview_row(report, rule, found, most) for rule, found in rules.items()]
    return table("Rules and their findings", ("Rule", "Findings", "", "Files", "First"), rows, "tnbnl")


def _overview_row(report: Report, rule: str, found: Sequence[Finding], most: int) -> Sequence[str]:
    level, files = worst(found), len({finding.where.source for finding in found})
    name = tag("a", f"{rule} {text(report.rules[rule].name)}", href=f"#{rule}")
    first = tag("code", escape(fitted(place(found[0].where), PLACE, tail=True)))
    drawn = bar(len(found), most, level)
    return f"{severity(level)} {name}", f"{len(found):,}", drawn, f"{files:,}", first


def severity(level: str) -> str:
    """The name of a severity, in its colour."""
    return tag("span", level, class_=f"level {level}")


def _rows(report: Report, wanted: Sequence[Finding]) -> Mapping[str, Sequence[str]]:
    """The articles of these findings by rule."""
    roles = {file.source: file.role for file in (*report.result.files, *report.result.references)}
    known = sides.sides_of(wanted, report, roles) if report.show_source else {}
    rows: defaultdict[str, list[str]] = defaultdict(list)
    for located in report.located(wanted):
        role = roles.get(located.finding.where.source, "")
        rows[located.finding.code].append(_article(report, located, known, role))
    return rows


def _rule(report: Report, rule: str, found: Sequence[Finding], rows: Sequence[str], open_: bool) -> str:
    about, count = report.rules[rule], plural(len(found), "finding")
    title = f"{severity(worst(found))} {tag('b', rule)} {text(about.name)} {tag('span', count, class_='count')}"
    doc = about.doc.partition("\n")[0]
    inner = [tag("p", prose(doc), class_="doc")] if doc else []
    if about.help:
        inner.append(tag("p", tag("b", "Remedy"), " ", prose(about.help), class_="remedy"))
    inner += rows[:FIRST]
    if rows[FIRST:]:
        more = tag("summary", plural(len(rows) - FIRST, "more finding"))
        inner.append(tag("details", more, "\n", *rows[FIRST:], class_="more"))
    if len(rows) < len(found):
        left = f"{len(found) - len(rows):,} of {count} left out of this page: dslint lint --select {rule} has all."
        inner.append(tag("p", left, class_="note"))
    target = tag("div", "\n", *inner, id=rule)  # a browser opens what a link leads into
    return tag("details", tag("summary", title), target, class_="rule", open=open_) + "\n"


def _article(report: Report, located: Located, known: Mapping[Where, sides.Side], role: str) -> str:
    finding = located.finding
    where = finding.where
    spot = place(where, located.column if where.line else None)
    path = " " + code(where.json_path) if where.pointer else ""
    fix = " " + tag("span", FIXES[finding.fix], class_="fix") if finding.fix else ""
    head = tag("p", code(spot, 400), path, fix, class_="at")
    cards, listed = _beside(report, located, known, role)
    shown = cards or _excerpt(report, located)
    return tag("article", head, tag("p", text(finding.message), class_="said"), shown, _related(listed)) + "\n"


def _excerpt(report: Report, located: Located) -> str:
    if not (report.show_source and located.finding.where.line and located.text):
        return ""
    seen = window(located.text, located.start, located.end, WIDTH)
    is_part = located.start > 0 or located.end < len(located.text.rstrip())
    before, marked, after = map(escape, seen)  # which is visible by now
    marked = tag("mark", marked) if is_part else marked
    number = tag("span", f"{located.finding.where.line:,}", class_="line", aria_hidden="true")
    return tag("pre", number, tag("code", before, marked, after))


def _beside(
    report: Report, located: Located, known: Mapping[Where, sides.Side], role: str
) -> tuple[str, Sequence[Related]]:
    """Cards of the records that are worth reading side by side, and the related places that are not in them."""
    related = located.finding.related
    near = [known[other.where] for other in related[: sides.SIDES] if other.where in known]
    own = sides.side(located, report.layout, role) if near else None
    if own is None:
        return "", related
    telling = [one for one in near if own.alike(one) and not own.same(one)]
    shown = {one.where for one in telling}
    return sides.cards(own, telling), [other for other in related if other.where not in shown]


def _related(related: Sequence[Related]) -> str:
    """The places that a finding speaks of besides its own."""
    items = [tag("li", code(place(one.where), 400), f" {text(one.note)}") for one in related[:RELATED]]
    if len(related) > RELATED:
        items.append(tag("li", f"and {plural(len(related) - RELATED, 'more place')}"))
    return tag("ul", *items, class_="related") if items else ""


def clusters(report: Report, families: Sequence[str]) -> Iterator[Sequence[str]]:
    """Of each rule of these families: the rule, its clusters, the records in them, the largest; the worst first."""
    for rule, found in by_rule(one for one in report.findings if one.code[:3] in families).items():
        sizes = [1 + len(one.related) for one in found if one.where.line]
        lines = {_line(where) for one in found for where in chain([one.where], (o.where for o in one.related))}
        name = tag("a", f"{rule} {text(report.rules[rule].name)}", href=f"#{rule}")
        if sizes:
            yield name, f"{len(sizes):,}", f"{len(lines):,}", f"{max(sizes):,}"


def _line(where: Where) -> tuple[str, int]:
    return where.source, where.line
