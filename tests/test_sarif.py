"""sarif before the standard's schema and GitHub's demands, and fingerprints that follow the record."""

from __future__ import annotations

import gzip
import json
import os
import re
import urllib.parse
from collections import Counter
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from reporting import FIXTURES, SCHEMAS, report_of, run_on, written

from dslint.findings import SEVERITIES, Finding, Where
from dslint.locate import Located
from dslint.report import Report
from dslint.report.choice import most_severe
from dslint.report.fingerprint import Fingerprints
from dslint.report.text import place, told
from dslint.sources import Source

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
