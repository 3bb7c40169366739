"""The problem matchers of docs/editors.md, over what `--output-format concise` really says."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pages
import pytest

PAGE = pages.read("docs/editors.md")
TASK = json.loads(pages.fences(PAGE, "json")[0])["tasks"][0]
MATCHERS = TASK["problemMatcher"]
NAMES = ["train.jsonl", "a folder/ü 12.jsonl", "C:\\data\\train.jsonl", "a:1:2 b.jsonl"]

# As VS Code does it: line by line, the first expression of each matcher, groups by number.
NODE = """
const {lines, patterns} = JSON.parse(require("fs").readFileSync(0, "utf-8"));
const found = patterns.map(one => lines.map(line => new RegExp(one.regexp).exec(line)).filter(hit => hit));
console.log(JSON.stringify(found));
"""


def hits(lines: list[str], engine: str) -> list[list[list[str]]]:
    """For each matcher the groups of every line that it matches."""
    patterns = [matcher["pattern"] for matcher in MATCHERS]
    if engine == "python":
        tried = [[re.search(pattern["regexp"], line) for line in lines] for pattern in patterns]
        return [[[hit[0], *hit.groups()] for hit in some if hit] for some in tried]
    if shutil.which("node") is None:
        pytest.skip("node is not installed")
    given = json.dumps({"lines": lines, "patterns": patterns})
    done = subprocess.run(["node", "-e", NODE], input=given, capture_output=True, text=True, check=True)
    found: list[list[list[str]]] = json.loads(done.stdout)
    return found


def markers(lines: list[str], engine: str) -> list[tuple[Any, ...]]:
    """(file, line, column, severity, code) of every problem; line and column 0 for a whole file."""
    return sorted(
        (*(groups[pattern[part]] if part in pattern else "0" for part in PARTS),)
        for pattern, some in zip([matcher["pattern"] for matcher in MATCHERS], hits(lines, engine), strict=True)
        for groups in some
    )


PARTS = ("file", "line", "column", "severity", "code")


@pytest.mark.parametrize("engine", ["node", "python"])
def test_every_finding_becomes_one_problem(main, sound, here: Path, engine: str) -> None:
    data = (
        pages.SAMPLE / "train.jsonl"
    ).read_bytes() + b'{"messages": 7, "error": ":1:2: error ABC123 x"}\n{oops\n'
    for name in NAMES:
        (here / name).parent.mkdir(exist_ok=True)
        (here / name).write_bytes(data)
    (here / "few.jsonl").write_bytes(sound(1))
    arguments = ["--isolated", "--extend-select", "all", *NAMES, "few.jsonl"]
    concise = main(*TASK["command"].split()[1:], *arguments)
    findings = json.loads(main("lint", "--output-format", "json", *arguments).out)["findings"]
    expected = [
        (one["path"], str(one["line"] or 0), str(one["column"] if one["line"] else 0), one["severity"], one["code"])
        for one in findings
    ]
    assert {one[4] for one in expected if one[1] == "0"}, "no finding on a whole file"
    assert {one[0] for one in expected} == {*NAMES, "few.jsonl"}
    assert markers(concise.out.splitlines(), engine) == sorted(expected)


def test_the_first_line_of_the_configuration_is_a_comment() -> None:
    block = pages.fences(PAGE, "toml")[0]
    assert block.startswith("#:schema ./dslint.schema.json\n")
    assert "dslint config --schema > dslint.schema.json" in PAGE
    assert tomllib.loads(block) == {"target": "openai"}
