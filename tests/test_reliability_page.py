"""The page of promises names tests that exist, and figures that they hold."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import test_determinism
import test_hostile_rules
import test_hostile_text
import test_mutations
import test_odd_inputs

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "reliability.md").read_text("utf-8")
NODES = sorted(set(re.findall(r"pytest (tests/\w+\.py)::(\w+)", PAGE)))


def test_every_row_has_a_command() -> None:
    rows = re.findall(r"^\| (?!promise)([^|]+) \| ([^|]+) \| ([^|]+) \|$", PAGE.split("## Memory")[0], re.M)
    assert len(rows) > 25
    assert [
        row for row in rows if "`pytest " not in row[2] and "`python " not in row[2] and row[2] != "the same"
    ] == []
    assert len(NODES) > 25


@pytest.mark.parametrize(("file", "test"), NODES)
def test_every_named_test_exists(file: str, test: str) -> None:
    assert re.search(rf"^def {test}\(", (ROOT / file).read_text("utf-8"), re.M)


@pytest.mark.parametrize(
    ("row", "count"),
    [
        ("mutations of values", f"{test_mutations.COUNT:,}"),
        ("mutations of bytes", f"{test_mutations.COUNT:,}"),
        ("hostile text in every format", f"{test_hostile_text.COUNT:,}"),
        ("determinism", str(len(test_determinism.MATRIX))),
        ("hostile rules: what they do", str(len(test_hostile_rules.ENDS))),
        ("hostile rules: what they answer", str(len(test_hostile_rules.LIES))),
        ("odd inputs", str(len(test_odd_inputs.CASES))),
    ],
)
def test_the_figures_are_those_of_the_tests(row: str, count: str) -> None:
    figure = next(line.split("|")[2] for line in PAGE.splitlines() if line.startswith(f"| {row}"))
    assert re.search(rf"(?<![\d,]){count}(?![\d,])", figure)
