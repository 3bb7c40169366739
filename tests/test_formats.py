"""Formats for services: each before the strictest judge there is without a network, none moved by hostile text.

Some 20,000 hostile findings are written: 1,700 in each of twelve formats.
"""

from __future__ import annotations

import gzip
import io
import json
import os
import re
import urllib.parse
from collections import Counter
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import cmarkgfm
import jsonschema_rs
import junitparser
import pytest
from cmarkgfm.cmark import Options
from hostile import acts, commands, issues, texts
from lxml import etree

from dslint.config import Config
from dslint.driver import Result, lint
from dslint.engine import Crash
from dslint.findings import SEVERITIES, Finding, Related, Where
from dslint.inputs import gather
from dslint.locate import Located
from dslint.report import FORMATS, Report, azure, github, renderer
from dslint.report.choice import most_severe
from dslint.report.excerpt import excerpt
from dslint.report.fingerprint import Fingerprints
from dslint.report.text import place, told
from dslint.report.visible import visible
from dslint.ruledef import Rule, build
from dslint.sources import Source, SourceError

FIXTURES = Path(__file__).parent.parent / "fixtures"
SCHEMAS = Path(__file__).parent / "schemas"
FILES, PER_FILE = 100, 17


def nothing(line: Any) -> None:
    """A rule for reports."""


def rules(helps: list[str]) -> list[Rule]:
    made = [
        build(nothing, code=f"TST10{n}", name=f"rule-{n}", severity="error", help=text)
        for n, text in enumerate(helps)
    ]
    return [replace(rule, doc=rule.help) for rule in made]


def report_of(findings: list[Finding], sources: list[Source], **more: Any) -> Report:
    result = Result(sorted(findings, key=Finding.sort_key), rules=more.pop("rules", rules(["mend it"] * 4)))
    return Report(result, sources, "generic", **more)


def written(style: str, report: Report) -> str:
    out = io.StringIO()
    renderer(style)(report, out)
    return out.getvalue()


@pytest.fixture(scope="module")
def heap(tmp_path_factory: pytest.TempPathFactory) -> tuple[Report, Report]:
    """Hostile findings, and as many harmless ones of the same shape, both with things that went wrong."""
    folder = tmp_path_factory.mktemp("heap")
    names = sorted({name for name in texts(1, 3 * FILES) if name and "\x00" not in name})[:FILES]
    assert len(names) == FILES
    hostile, harmless, bad, good = [], [], [], []
    for number, name in enumerate(names):
        path = folder / f"{number:03}"
        lines = [text.replace("\n", " ").encode("utf-8", "surrogatepass") for text in texts(100 + number, 4)]
        path.write_bytes(b"\n".join([b'{"a": ["x", "\xff::##[x]`|<b>"]}', *lines]))
        bad.append(Source(name, path))
        good.append(Source(f"n{number:03}", path))
        said = texts(1000 + number, 4 * PER_FILE)
        for place_, (message, key, note, other) in enumerate(zip(*[iter(said)] * 4, strict=True)):
            where = Where(name, place_ % 6, f"/{key}" if key else "", (0, place_) if place_ % 3 else None)
            plain = where._replace(source=f"n{number:03}", pointer="/x" if key else "")
            code, level = f"TST10{place_ % 4}", SEVERITIES[place_ % 3]
            beside = Where(other or "x", place_ % 3)
            hostile.append(Finding(where, message, code, level, (Related(beside, note),) * (place_ % 2)))
            beside = Where("x", place_ % 3)
            harmless.append(
                Finding(plain, "x", code, level, (Related(beside, "x" if note else ""),) * (place_ % 2))
            )
    helps = [text or "mend it" for text in texts(7, 4)]
    reports = [
        report_of(hostile, bad, rules=rules(helps), max_per_rule=0),
        report_of(harmless, good, max_per_rule=0),
    ]
    for report, word in zip(reports, (texts(8, 1)[0] or "::error::x", "x"), strict=True):
        report.result.troubles.append(SourceError(f"{word}: cannot be read", "look"))
        report.result.crashes.append(Crash("TST100", "rule-0", Where(word, 3), f"ValueError: {word}"))
    return reports[0], reports[1]


@pytest.fixture(scope="module")
def places(heap: tuple[Report, Report]) -> list[Located]:
    found = list(heap[0].located())
    assert len(found) == FILES * PER_FILE
    return found


TEXT = ("full", "concise", "grouped", "statistics")
MACHINE = ("json", "json-lines", "sarif", "gitlab", "rdjson")


@pytest.mark.parametrize("style", TEXT)
def test_lines_for_people_are_as_many_as_for_harmless_text(heap: tuple[Report, Report], style: str) -> None:
    hostile, harmless = (written(style, report) for report in heap)
    assert hostile.count("\n") == harmless.count("\n")
    assert not acts(hostile.replace("\n", ""))
    assert commands(hostile) == issues(hostile) == []


@pytest.mark.parametrize("style", [*MACHINE, "junit", "markdown"])
def test_no_runner_finds_a_command_in_a_report_for_services(heap: tuple[Report, Report], style: str) -> None:
    output = written(style, heap[0])
    assert commands(output) == issues(output) == []
    assert style not in MACHINE or output.isascii()
    assert not acts(output.replace("\n", ""))


def test_every_format_has_a_judge_here_or_among_the_reports() -> None:
    assert set(FORMATS) == {*TEXT, *MACHINE, "github", "azure", "junit", "markdown"}


# Commands of runners


def test_github_reads_what_was_found(heap: tuple[Report, Report], places: list[Located]) -> None:
    for located in places:
        (command,) = commands(github.command(located, heap[0]))
        assert command.name == {"error": "error", "warning": "warning", "info": "notice"}[located.finding.severity]
        assert command.data.startswith(told(located.finding))
        assert command.data.endswith(f"help: {visible(heap[0].rules[located.finding.code].help)}")
        assert command.properties["file"].removeprefix("./") == visible(located.finding.where.source, 4096)
    assert Counter(command.name for command in commands(written("github", heap[0]))) == Counter(
        error=10, warning=10, notice=10, group=1, endgroup=1
    )


def test_azure_reads_what_was_found(heap: tuple[Report, Report], places: list[Located]) -> None:
    for located in places:
        finding = located.finding
        (issue,) = issues(azure.command(located, heap[0]))
        expected = {
            "type": finding.severity,
            "sourcepath": visible(finding.where.source, 4096),
            "code": finding.code,
        }
        if expected["sourcepath"].startswith("="):
            expected["sourcepath"] = "./" + expected["sourcepath"]
        if finding.where.line:
            expected |= {"linenumber": str(finding.where.line), "columnnumber": str(located.column)}
        rule = heap[0].rules[finding.code]
        assert issue == ("task.logissue", expected, f"{rule.name}: {told(finding)}\n{visible(rule.help)}")
    output = written("azure", heap[0])
    assert Counter(issue.properties["type"] for issue in issues(output)) == Counter(error=10, warning=10)
    assert [command.name for command in commands(output)] == ["group", "endgroup"]
    left = f"; {FILES * PER_FILE - 20:,} in the text only (Azure shows 10 errors and 10 warnings)"
    assert output.splitlines()[-1].endswith(left)
    assert not acts(output.replace("\n", ""))


# sarif

VALID_SARIF = jsonschema_rs.validator_for(
    json.loads((SCHEMAS / "sarif-2.1.0.json").read_text("utf-8")), validate_formats=True
)
LINK = re.compile(r"\[((?:[^\\\[\]]|\\[\\\[\]])*)\]\(([^()]*)\)")  # §3.11.6


def sarif_run(report: Report) -> Any:
    """The run, held against the schema, the standard's text and what GitHub demands."""
    output = written("sarif", report)
    whole = json.loads(output)
    errors = [f"{error.instance_path}: {error.message}" for error in VALID_SARIF.iter_errors(whole)]
    assert errors == []
    assert len(gzip.compress(output.encode())) < 10 << 20
    (run,) = whole["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == sorted(report.rules)
    for rule in rules:
        assert rule["name"] != rule["id"]
        assert rule["help"]["markdown"]
        for key in ("shortDescription", "fullDescription", "help"):
            assert 0 < len(rule[key]["text"]) <= 2048
            assert said(rule[key])[1] == []
    results = run["results"]
    assert len(results) == min(5000, len(report.findings)) == run["properties"]["shown"]
    for result in results:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        (location,) = result["locations"]
        region = location["physicalLocation"]["region"]
        assert {"startLine", "startColumn", "endLine", "endColumn"} <= region.keys()
        assert region["startLine"] == region["endLine"]
        assert region["startColumn"] <= region["endColumn"]
        assert set(result["partialFingerprints"]) == {"primaryLocationLineHash"}
        ids = [related["id"] for related in result.get("relatedLocations", ())]
        assert ids == list(range(1, len(ids) + 1))
        assert len(ids) <= 100
    prints = [result["partialFingerprints"]["primaryLocationLineHash"] for result in results]
    assert len(set(prints)) == len(prints)
    assert run["invocations"][0]["executionSuccessful"] is not report.result.failed
    return run


def said(message: dict[str, str]) -> tuple[str, list[tuple[str, str]]]:
    """What a reader of SARIF shows of a message, links as their text, and the links: (text, destination)."""
    text = message["text"]
    assert not re.search(r"[{}]", text.replace("{{", "").replace("}}", ""))
    text = text.replace("{{", "{").replace("}}", "}")
    links = [(re.sub(r"\\(.)", r"\1", link[1]), link[2]) for link in LINK.finditer(text)]
    return LINK.sub(lambda link: re.sub(r"\\(.)", r"\1", link[1]), text), links


def test_sarif_says_hostile_text_and_no_more(heap: tuple[Report, Report], places: list[Located]) -> None:
    run = sarif_run(heap[0])
    for located, result in zip(places, run["results"], strict=True):
        finding = located.finding
        shown, links = said(result["message"])
        expected = told(finding).replace("](", r"]\u0028")
        see = [(place(one.where).replace("](", r"]\u0028"), "1") for one in finding.related]
        assert shown == expected + "".join(f"; see {text}" for text, _ in see)
        assert links == see
        uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        name = re.sub("[\ud800-\udc7f\udd00-\udfff]", "\ufffd", finding.where.source)
        assert re.fullmatch(r"(?:[\w.~/-]|%[0-9A-F]{2})*", uri.removeprefix("file://"), re.ASCII)
        if not name.startswith("/"):
            assert urllib.parse.unquote_to_bytes(uri) == name.encode("utf-8", "surrogateescape")
        if finding.where.pointer:
            (logical,) = result["locations"][0]["logicalLocations"]
            assert len(logical["fullyQualifiedName"]) >= len(finding.where.pointer)
    assert len(run["invocations"][0]["toolExecutionNotifications"]) == 2


@pytest.mark.parametrize("name", ["err", "projects/triage", "ok"])
def test_sarif_of_real_rules(name: str) -> None:
    run = sarif_run(run_on(str(FIXTURES / name)))
    helps = [rule["help"]["markdown"] for rule in run["tool"]["driver"]["rules"]]
    assert all(text.startswith("# ") and ".md" not in text for text in helps)


def run_on(*names: str) -> Report:
    config = Config(isolated=True)
    inputs = gather(list(names), config)
    return Report(lint(inputs.sources, config), inputs.sources, "generic", max_per_rule=0)


def test_sarif_regions_are_columns_of_characters(here: Path) -> None:
    (here / "a.jsonl").write_text('{"é😀": "日本"}\n', "utf-8")
    found = Finding(Where("a.jsonl", 1, "/é😀", (1, 2)), "x", "TST100", "error")
    whole = Finding(Where("a.jsonl", 0), "x", "TST100", "info")
    run = sarif_run(report_of([found, whole], [Source("a.jsonl", here / "a.jsonl")]))
    assert run["columnKind"] == "unicodeCodePoints"
    file, region = (result["locations"][0]["physicalLocation"]["region"] for result in run["results"])
    span = {"startLine": 1, "endLine": 1}
    assert region == span | {"startColumn": 10, "endColumn": 11, "snippet": {"text": "本"}}
    assert file == span | {"startColumn": 1, "endColumn": 1}
    assert [result["level"] for result in run["results"]] == ["note", "error"]


@pytest.mark.parametrize(
    ("name", "uri"),
    [
        ("a b/é#?.jsonl", "a%20b/%C3%A9%23%3F.jsonl"),
        (os.fsdecode(b"caf\xe9.jsonl"), "caf%E9.jsonl"),
        ("C:x.jsonl", "C%3Ax.jsonl"),
        ("<stdin>", "%3Cstdin%3E"),
        ("/else where.jsonl", "file:///else%20where.jsonl"),
        ("//host/x.jsonl", "file:///host/x.jsonl"),
        ("HERE/in it.jsonl", "in%20it.jsonl"),
    ],
)
def test_sarif_names_files_by_uri(here: Path, name: str, uri: str) -> None:
    found = Finding(Where(name.replace("HERE", str(here)), 0), "x", "TST100", "error")
    (result,) = sarif_run(report_of([found], []))["results"]
    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == uri


def many(count: int) -> list[Finding]:
    """Findings of which one rule has most; every 50th is of another rule, every 3rd an error."""
    return [
        Finding(
            Where("a.jsonl", 0, f"/{number}"),
            "x",
            "TST101" if number % 50 == 0 else "TST100",
            SEVERITIES[number % 3],
        )
        for number in range(count)
    ]


def test_sarif_keeps_the_most_severe_of_too_many() -> None:
    for count in (5000, 5001, 15_003):
        report = report_of(many(count), [])
        run = sarif_run(report)
        levels = Counter(result["level"] for result in run["results"])
        there = report.counts()
        assert levels["error"] == min(5000, there["error"])
        assert levels["warning"] == min(5000 - levels["error"], there["warning"])
        assert run["properties"]["counts"] == there
        notes = [note["message"]["text"] for note in run["invocations"][0]["toolExecutionNotifications"]]
        told = [f"only the 5,000 most severe of {count:,} findings are in this file"]
        assert notes == (told if count > 5000 else [])


def test_a_cut_leaves_every_rule_its_place() -> None:
    findings = [one._replace(severity="error") for one in many(400)]
    kept = most_severe(findings, 16)
    assert Counter(one.code for one in kept) == Counter(TST100=8, TST101=8)
    assert list(kept) == sorted(kept, key=Finding.sort_key)
    assert most_severe(findings, 400) == findings


# Fingerprints


def fingerprints(report: Report) -> dict[str, set[str]]:
    """By message: here each record has findings with messages of its own."""
    names, found = Fingerprints(), {}
    for located in report.located():
        found.setdefault(located.finding.message, set()).add(names.of(located))
    return found


def lined(folder: Path, name: str, lines: list[bytes]) -> tuple[list[Finding], list[Source]]:
    (folder / name).write_bytes(b"\n".join(lines) + b"\n")
    findings = []
    for number, line in enumerate(lines, 1):
        for pointer in ("/a", "/b"):
            where = Where(name, number, pointer)
            findings += [
                Finding(where._replace(span=span), line.decode() + pointer, "TST100", "error")
                for span in ((0, 1), (1, 2))
            ]
    return findings, [Source(name, folder / name)]


def test_fingerprints_follow_the_record(tmp_path: Path) -> None:
    lines = [b'{"a": "x%d", "b": "y%d"}' % (n, n) for n in range(4)]
    first = fingerprints(report_of(*lined(tmp_path, "a.jsonl", lines)))
    assert len(set.union(*first.values())) == 16
    moved = [b'{"a": "new", "b": "new"}', *reversed(lines)]
    second = fingerprints(report_of(*lined(tmp_path, "other.jsonl", moved)))
    assert {key: second[key] for key in first} == first
    changed = [line.replace(b"x1", b"x9") for line in lines]
    third = set.union(*fingerprints(report_of(*lined(tmp_path, "a.jsonl", changed))).values())
    assert len(third & set.union(*first.values())) == 12
    twice = fingerprints(report_of(*lined(tmp_path, "a.jsonl", [*lines, *lines])))
    assert len(set.union(*twice.values())) == 32
    assert all(first[key] < twice[key] for key in first)


# gitlab

ISSUE = {
    "type": "object",
    "additionalProperties": False,
    "required": ["description", "check_name", "fingerprint", "severity", "location"],
    "properties": {
        "description": {"type": "string", "minLength": 1},
        "check_name": {"type": "string", "minLength": 1},
        "fingerprint": {"type": "string", "minLength": 1},
        "severity": {"enum": ["info", "minor", "major", "critical", "blocker"]},
        "location": {
            "type": "object",
            "additionalProperties": False,
            "required": ["path", "lines"],
            "properties": {
                "path": {"type": "string", "pattern": "^(?!\\./)[\\s\\S]"},
                "lines": {
                    "type": "object",
                    "additionalProperties": False,
                    "required": ["begin"],
                    "properties": {"begin": {"type": "integer", "minimum": 1}},
                },
            },
        },
    },
}
VALID_GITLAB = jsonschema_rs.validator_for({"type": "array", "items": ISSUE})


def gitlab_issues(report: Report) -> Any:
    output = written("gitlab", report)
    assert output.startswith("[")  # and not with a byte order mark
    found = json.loads(output)
    VALID_GITLAB.validate(found)
    prints = [issue["fingerprint"] for issue in found]
    assert len(set(prints)) == len(prints)
    return found


def test_gitlab_says_what_was_found(heap: tuple[Report, Report]) -> None:
    hostile, harmless = heap
    findings = [one for one in hostile.findings if told(one)]
    hostile = replace(hostile, result=replace(hostile.result, findings=findings))
    found = gitlab_issues(hostile)
    assert [issue["severity"] for issue in found[:2]] == ["blocker"] * 2
    levels = {"error": "major", "warning": "minor", "info": "info"}
    for finding, issue in zip(findings, found[2:], strict=True):
        assert issue["description"] == told(finding)
        assert issue["severity"] == levels[finding.severity]
        assert issue["location"]["lines"]["begin"] == max(finding.where.line, 1)
    assert len(gitlab_issues(harmless)) == FILES * PER_FILE + 2


def test_gitlab_of_a_clean_run_is_an_empty_array(here: Path) -> None:
    assert gitlab_issues(report_of([], [])) == []
    found = Finding(Where(str(here / "a.jsonl"), 0), "x", "TST100", "error")
    assert gitlab_issues(report_of([found], []))[0]["location"]["path"] == "a.jsonl"


# rdjson

POSITION = {
    "type": "object",
    "additionalProperties": False,
    "required": ["line"],
    "properties": {"line": {"type": "integer", "minimum": 1}, "column": {"type": "integer", "minimum": 1}},
}
LOCATION = {
    "type": "object",
    "additionalProperties": False,
    "required": ["path"],
    "properties": {
        "path": {"type": "string", "minLength": 1},
        "range": {
            "type": "object",
            "additionalProperties": False,
            "required": ["start"],
            "properties": {"start": POSITION, "end": POSITION},
        },
    },
}
DIAGNOSTIC = {
    "type": "object",
    "additionalProperties": False,
    "required": ["message", "location", "severity"],
    "properties": {
        "message": {"type": "string"},
        "location": LOCATION,
        "severity": {"enum": ["ERROR", "WARNING", "INFO"]},
        "code": {
            "type": "object",
            "additionalProperties": False,
            "required": ["value"],
            "properties": {"value": {"type": "string"}},
        },
        "related_locations": {
            "type": "array",
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": ["location"],
                "properties": {"message": {"type": "string"}, "location": LOCATION},
            },
        },
    },
}
VALID_RDJSON = jsonschema_rs.validator_for(
    {
        "type": "object",
        "additionalProperties": False,
        "required": ["source", "diagnostics"],
        "properties": {
            "source": {"const": {"name": "dslint"}},
            "diagnostics": {"type": "array", "items": DIAGNOSTIC},
        },
    }
)


def diagnostics(report: Report) -> Any:
    whole = json.loads(written("rdjson", report))
    VALID_RDJSON.validate(whole)
    return whole["diagnostics"]


def test_rdjson_says_what_was_found(heap: tuple[Report, Report], places: list[Located]) -> None:
    found = diagnostics(heap[0])
    assert [one["severity"] for one in found[:2]] == ["ERROR"] * 2
    for located, one in zip(places, found[2:], strict=True):
        assert one["message"] == told(located.finding)
        assert ("range" in one["location"]) == (located.finding.where.line > 0)


def test_rdjson_columns_count_bytes(here: Path) -> None:
    line = '{"é😀": "日本"}'
    (here / "a.jsonl").write_text(line + "\n", "utf-8")
    found = Finding(Where("a.jsonl", 1, "/é😀", (1, 2)), "x", "TST100", "error")
    (one,) = diagnostics(report_of([found], [Source("a.jsonl", here / "a.jsonl")]))
    span = one["location"]["range"]
    assert line.encode()[span["start"]["column"] - 1 : span["end"]["column"] - 1].decode() == "本"


# junit

VALID_JUNIT = etree.XMLSchema(etree.parse(SCHEMAS / "junit-10.xsd"))
COUNTS = ("tests", "failures", "errors", "skipped")


def suites(report: Report) -> list[Any]:
    """The test suites, held against the schema, with counts that are true, and read by another reader."""
    output = written("junit", report).encode()
    root = etree.fromstring(output)
    VALID_JUNIT.assertValid(root)
    for suite in root:
        kinds = Counter(child.tag for case in suite for child in case)
        counts = [len(suite), kinds["failure"], kinds["error"], kinds["skipped"]]
        assert [int(suite.get(name)) for name in COUNTS] == counts
    assert [int(root.get(name)) for name in COUNTS[:3]] == [
        sum(int(suite.get(name)) for suite in root) for name in COUNTS[:3]
    ]
    read = junitparser.JUnitXml.fromstring(output)
    assert [len(list(suite)) for suite in read] == [len(suite) for suite in root]
    return list(root)


def test_junit_says_what_was_found(heap: tuple[Report, Report], places: list[Located]) -> None:
    wrong, *found = suites(heap[0])
    assert (wrong.get("name"), wrong.get("errors")) == ("dslint", "2")
    assert [suite.get("name") for suite in found] == [visible(source.name, 300) for source in heap[0].sources]
    cases = [case for suite in found for case in suite]
    for located, case in zip(places, cases, strict=True):
        finding = located.finding
        (child,) = case
        assert child.tag == ("failure" if finding.severity == "error" else "skipped")
        assert (child.get("type"), child.get("message")) == (finding.severity, visible(finding.message))
        lines = child.text.split("\n")
        assert lines[0] == place(finding.where, located.column if finding.where.line else None)
        assert lines[-1] == f"help: {visible(heap[0].rules[finding.code].help)}"
        if finding.where.line and located.text:
            assert lines[1] == "| " + excerpt(located.text, located.start, located.end, 200)[0]


@pytest.mark.parametrize(("bar", "failing"), [("error", 1), ("warning", 2), ("info", 3), ("never", 0)])
def test_junit_fails_where_the_run_does(bar: str, failing: int) -> None:
    findings = [Finding(Where("a", 0), "x", "TST100", level) for level in SEVERITIES]
    (suite,) = suites(report_of(findings, [], fail_on=bar))
    assert [case[0].tag for case in suite].count("failure") == failing


def test_junit_of_a_clean_file_is_a_test_that_passes() -> None:
    report = run_on(str(FIXTURES / "ok"))
    found = suites(report)
    assert len(found) == len(report.result.files)
    clean = {file.source for file in report.result.files} - {one.where.source for one in report.findings}
    assert clean
    for suite in found:
        assert (suite.get("name") in clean) == (len(suite[0]) == 0)


# markdown

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


# All


@pytest.mark.parametrize("style", sorted(FORMATS))
def test_secrets_stand_in_no_format(main: Any, here: Path, style: str) -> None:
    password = "Xq7_" + "k9Zt4Wm2"
    turns = [
        {"role": "user", "content": f"postgres://ann:{password}@db.acme.org/x"},
        {"role": password, "content": "Fine."},
    ]
    (here / "a.jsonl").write_text(json.dumps({"messages": turns}) + "\n")
    ran = main("lint", "--isolated", "--select", "SEC104,unknown-role", "--output-format", style, "a.jsonl")
    assert ran.code == 1
    assert "SEC104" in ran.out
    assert "MSG102" in ran.out
    assert password not in ran.out + ran.err
    assert password[4:] not in ran.out


def test_a_secret_cannot_be_tried_against_a_fingerprint(main: Any, here: Path) -> None:
    def fingerprint(password: str) -> str:
        text = json.dumps({"messages": [{"role": "user", "content": f"postgres://ann:{password}@db.acme.org/x"}]})
        (here / "a.jsonl").write_text(text + "\n")
        ran = main("lint", "--isolated", "--select", "SEC104", "--output-format", "gitlab", "a.jsonl")
        (issue,) = json.loads(ran.out)
        return issue["fingerprint"]

    assert fingerprint("Xq7_" + "k9Zt4Wm2") == fingerprint("Wm2_" + "k9Zt4Xq7")


@pytest.mark.parametrize("style", sorted(FORMATS))
def test_the_same_run_gives_the_same_bytes(style: str) -> None:
    first, second = (written(style, run_on(str(FIXTURES / "err"))) for _ in range(2))
    assert first == second
    assert "\x1b" not in first
