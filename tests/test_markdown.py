"""markdown as GitHub's own renderer shows it."""

from __future__ import annotations

import re
from collections import Counter
from html.parser import HTMLParser

import cmarkgfm
from cmarkgfm.cmark import Options
from reporting import report_of, written

from dslint.findings import SEVERITIES, Finding, Where
from dslint.locate import Located
from dslint.report import Report
from dslint.report.text import place
from dslint.report.visible import visible

TAGS = {"h2", "p", "table", "thead", "tbody", "tr", "th", "td", "code", "details", "summary", "strong"}


class Page(HTMLParser):
    """A page as GitHub renders it: its tags, and the cells of its rows."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: Counter[str] = Counter()
        self.tables: list[list[list[str]]] = []
        options = Options.CMARK_OPT_UNSAFE
        self.feed(cmarkgfm.github_flavored_markdown_to_html(text, options=options))
        assert self.open == []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        assert tag in TAGS
        assert {name for name, _ in attributes} <= {"align"}
        self.open.append(tag)
        self.tags[tag] += 1
        if tag == "table":
            self.tables.append([])
        elif tag == "tr":
            self.tables[-1].append([])
        elif tag in ("td", "th"):
            self.tables[-1][-1].append("")

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)

    def handle_data(self, data: str) -> None:
        if {"td", "th"} & set(self.open):
            assert self.open[-1] in ("td", "th", "code")
            self.tables[-1][-1][-1] += data


def cell(text: str, limit: int = 300) -> str:
    shown = visible(text, limit).replace("|", "\\u007c")
    return shown if shown.strip() else ""


def test_markdown_says_what_was_found(heap: tuple[Report, Report], places: list[Located]) -> None:
    page = Page(written("markdown", heap[0]))
    overview, *tables = page.tables
    assert sorted(row[0] for row in overview[1:]) == [f"TST10{n} rule-{n}" for n in range(4)]
    for row, table in zip(overview[1:], tables, strict=True):
        of_rule = [one for one in places if one.finding.code == row[0][:6]]
        assert row[2] == str(len(of_rule))
        assert table[1:] == [
            [
                cell(place(one.finding.where, one.column if one.finding.where.line else None), 400),
                cell(one.finding.where.json_path),
                cell(one.finding.message),
            ]
            for one in of_rule
        ]
    assert page.tags["details"] == 4
    assert page.tags["strong"] == 2


def wide(count: int) -> str:
    findings = [
        Finding(Where("a" * 200, 0, f"/{number}"), "é" * 80, f"TST10{number % 4}", SEVERITIES[number % 3])
        for number in range(count)
    ]
    return written("markdown", report_of(findings, [], max_per_rule=0))


def test_markdown_is_cut_at_a_whole_row() -> None:
    assert "Cut here" not in wide(1000)
    text = wide(4000)
    assert 900_000 < len(text.encode()) < 1 << 20
    assert text.splitlines()[-1].startswith("**Cut here:** a job summary may have 1 MiB")
    page = Page(text)
    assert len(page.tables[0]) == 5
    assert {len(row) for table in page.tables[1:] for row in table} == {3}
    assert page.tags["details"] == len(page.tables) - 1


def test_markdown_puts_the_worst_first_and_says_how_many_more() -> None:
    levels = {"TST100": "info", "TST101": "warning", "TST102": "error", "TST103": "error"}
    findings = [
        Finding(Where("a", 0, f"/{number}"), "x", code, level)
        for code, level in levels.items()
        for number in range(7 + (code == "TST103"))
    ]
    text = written("markdown", report_of(findings, [], max_per_rule=5))
    assert re.findall(r"^\| (TST\d+)", text, re.M) == ["TST103", "TST102", "TST101", "TST100"]
    assert re.findall(r"<summary>(.*)</summary>", text)[0] == "TST103 rule-3: 5 of 8 findings"
    assert text.startswith("## dslint: 15 errors, 7 warnings, 7 notes\n")
    clean = written("markdown", report_of([], []))
    assert clean.startswith("## dslint: no findings\n")
    assert "|" not in clean
