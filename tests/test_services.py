"""gitlab, rdjson and junit, each before the strictest schema there is."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema_rs
import junitparser
import pytest
from lxml import etree
from reporting import FILES, FIXTURES, PER_FILE, SCHEMAS, report_of, run_on, written

from dslint.findings import SEVERITIES, Finding, Where
from dslint.locate import Located
from dslint.report import Report
from dslint.report.excerpt import excerpt
from dslint.report.text import place, told
from dslint.report.visible import visible
from dslint.sources import Source

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
