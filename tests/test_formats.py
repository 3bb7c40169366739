"""All formats: hostile text comes out as it went in and moves nothing, secrets stay in.

Some 20,000 hostile findings are written: 1,700 in each of thirteen formats; the tests of the formats use the same.
"""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hostile import acts, commands, issues
from reporting import FILES, FIXTURES, PER_FILE, run_on, written

from dslint.locate import Located
from dslint.report import FORMATS, Report, azure, github
from dslint.report.text import told
from dslint.report.visible import visible

TEXT = ("full", "concise", "grouped", "statistics")
MACHINE = ("json", "json-lines", "sarif", "gitlab", "rdjson")


@pytest.mark.parametrize("style", TEXT)
def test_lines_for_people_are_as_many_as_for_harmless_text(heap: tuple[Report, Report], style: str) -> None:
    hostile, harmless = (written(style, report) for report in heap)
    assert hostile.count("\n") == harmless.count("\n")
    assert not acts(hostile.replace("\n", ""))
    assert commands(hostile) == issues(hostile) == []


@pytest.mark.parametrize("style", [*MACHINE, "junit", "markdown", "html"])
def test_no_runner_finds_a_command_in_a_report_for_services(heap: tuple[Report, Report], style: str) -> None:
    output = written(style, heap[0])
    assert commands(output) == issues(output) == []
    assert style not in MACHINE or output.isascii()
    assert not acts(output.replace("\n", ""))


def test_every_format_has_a_judge_here_or_among_the_reports() -> None:
    assert set(FORMATS) == {*TEXT, *MACHINE, "github", "azure", "junit", "markdown", "html"}


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
