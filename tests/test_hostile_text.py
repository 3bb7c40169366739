"""Thirty thousand hostile texts in every format: nothing acts, nothing hides, programs read back what was said.

`test_report` holds the laws with generated examples of its own; here they meet many more, made fast from a seed.
"""

from __future__ import annotations

import json
import random
import re
from pathlib import Path
from typing import Any

import pytest
from hostile import TRICKS, acts, commands, parsed
from test_mutations import lines_of
from test_report import annotations, report_of, written

from dslint.findings import Finding, Related, Where
from dslint.locate import Located
from dslint.report.github import command
from dslint.report.visible import visible
from dslint.ruledef import build
from dslint.sources import Source

COUNT = 30_000
BLOCK = 1_000
PEOPLE = ("full", "concise", "statistics", "github", "html")
PROGRAMS = ("json", "json-lines")
RUNNER = re.compile(r"##(\[|vso\[|teamcity\[)")
PIECES = [*TRICKS, *"::##[]%\r\n,=/ \t\x1b~|`<>&'\"+-@\\", "messages", "é", "\U0001f600", "\u0430", "Ａ"]
RANGES = [
    (0, 0x20),
    (0x20, 0x7F),
    (0x7F, 0xA0),
    (0x2000, 0x2070),
    (0xD800, 0xE000),
    (0xE000, 0xF900),
    (0, 0x110000),
]


def hostile(rng: random.Random) -> str:
    """Tricks and characters of kinds that act or hide, in any order."""
    parts = []
    for _ in range(rng.randrange(1, 12)):
        if rng.random() < 0.6:
            parts.append(rng.choice(PIECES))
        else:
            parts.append(chr(rng.randrange(*rng.choice(RANGES))))
    return "".join(parts)


def texts(block: int) -> list[str]:
    """The hostile texts of that number, always the same."""
    rng = random.Random(f"hostile {block}")
    return [hostile(rng) for _ in range(BLOCK)]


def nothing(line: Any) -> None:
    """A rule for reports."""


def hostile_findings(block: int, name: str) -> list[Finding]:
    rng, found = random.Random(block), []
    for text in texts(block):
        place = Where(name, rng.randrange(4), rng.choice(["", "/a", f"/{text}"]))
        found.append(Finding(place, text, "TST101", "error", (Related(place, text[::-1]),)))
    return found


@pytest.mark.parametrize("block", range(COUNT // BLOCK))
def test_no_text_acts_or_hides_in_any_format(tmp_path: Path, block: int) -> None:
    some = texts(block)
    path = tmp_path / "data.jsonl"
    path.write_bytes("\n".join(text.replace("\n", " ") for text in some[:3]).encode("utf-8", "replace"))
    rule = build(nothing, code="TST101", name="rule-1", severity="error", help=some[0] or "mend it")
    name = some[1].replace("\0", "") or "x"
    found = hostile_findings(block, name)
    report = report_of(found, [Source(name, path)], [rule])
    for style in PEOPLE:
        output = written(style, report)
        assert not acts(output.replace("\n", ""))
        assert not RUNNER.search(output)
        if style == "github":
            assert {one.name for one in annotations(output)} == {"error"}
        else:
            assert commands(output) == []
    said = [plain(finding.message) for finding in report.findings]
    for style in PROGRAMS:
        output = written(style, report)
        assert output.isascii()
        read = json.loads(output)["findings"] if style == "json" else list(map(json.loads, output.splitlines()))
        assert [finding["message"] for finding in read] == said
    for finding in found:
        one = parsed(command(Located(finding, finding.message, 0, 1, 0, 1), report))
        assert one is not None
        assert one.name == "error"
        assert set(one.properties) <= {"file", "line", "endLine", "col", "endColumn", "title"}
        assert one.properties["title"] == "dslint TST101 rule-1"
        assert not acts(one.data.replace("\n", ""))


def plain(text: str) -> str:
    """As JSON has it: undecodable bytes of names as %XX, other lone surrogates as U+FFFD."""
    out = []
    for char in text:
        code = ord(char)
        if 0xDC80 <= code <= 0xDCFF:
            out.append(f"%{code - 0xDC00:02X}")
        else:
            out.append("\ufffd" if 0xD800 <= code <= 0xDFFF else char)
    return "".join(out)


@pytest.mark.parametrize("block", range(COUNT // BLOCK))
def test_what_is_visible_is_all_there_is(block: int) -> None:
    for text in texts(block):
        shown = visible(text, 10_000)
        assert not acts(shown)
        assert "::" not in shown
        assert not RUNNER.search(shown)
        assert parsed(shown) is None
        assert len(visible(text, 5).replace("\\", "")) <= 5 * 10


@pytest.mark.parametrize("style", [*PEOPLE, *PROGRAMS])
@pytest.mark.parametrize("kind", ["structure", "bytes"])
def test_broken_lines_are_shown_safely(here: Path, main: Any, style: str, kind: str) -> None:
    (here / "data.jsonl").write_bytes(b"\n".join(lines_of(kind, 3)))
    wish = ["--statistics"] if style == "statistics" else ["--output-format", style]
    ran = main("lint", "data.jsonl", "--isolated", "--max-per-rule", "0", *wish)
    assert (ran.code, ran.err) == (1, "")
    if style in PROGRAMS:
        assert ran.out.isascii()
        return
    assert not acts(ran.out.replace("\n", ""))
    assert not RUNNER.search(ran.out)
    assert {one.name for one in commands(ran.out)} <= {"group", "endgroup", "error", "warning", "notice"}
    assert commands(ran.out) == [] or style == "github"
