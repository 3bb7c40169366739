"""Laws of the machine: how lines are cut never changes findings, no JSON value makes a rule raise."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from arbitrary import anything, records
from hypothesis import given, settings
from hypothesis import strategies as st

from dslint.config import Config
from dslint.dataset import File
from dslint.driver import lint, map_range
from dslint.engine import Mapped, Plan, judge, judge_file
from dslint.facts import Facts
from dslint.findings import Finding
from dslint.mapper import Mapper
from dslint.selection import select
from dslint.sources import Source, role_of, shards

RULES = select(Config(select=("all",), isolated=True))


def chat(question: str, answer: str) -> dict[str, Any]:
    return {"messages": [{"role": "user", "content": question}, {"role": "assistant", "content": answer}]}


def mapped(lines: list[bytes], *, role: str = "train") -> Mapped:
    return Mapper(PLAN, File("data.jsonl", role)).map(lines)


def findings_of(parts: list[Mapped]) -> list[Finding]:
    whole = parts[0]
    for part in parts[1:]:
        whole.add(part)
    found = whole.findings + [finding for once in whole.once.values() for finding in once]
    found += judge_file(PLAN, whole)
    found += judge(PLAN, [whole.file], [Facts(segments) for segments in whole.facts.segments], whole.crashes)
    assert whole.crashes == []
    return sorted(set(found), key=Finding.sort_key)


PLAN = Plan(RULES)


@settings(max_examples=300, derandomize=True, deadline=None)
@given(st.lists(records, min_size=1, max_size=6))
def test_no_record_makes_a_rule_raise(data: list[Any]) -> None:
    found = findings_of([mapped([json.dumps(record).encode() + b"\n" for record in data])])
    assert all(finding.code and finding.severity for finding in found)


@settings(max_examples=300, derandomize=True, deadline=None)
@given(st.lists(st.one_of(anything, records), min_size=1, max_size=6))
def test_no_json_value_makes_a_rule_raise(data: list[Any]) -> None:
    findings_of([mapped([json.dumps(value).encode() + b"\n" for value in data])])


lines_of_a_file = st.lists(
    st.one_of(records.map(lambda record: json.dumps(record).encode()), st.binary(max_size=20), st.just(b"")),
    min_size=1,
    max_size=12,
)


@settings(max_examples=200, derandomize=True, deadline=None)
@given(lines_of_a_file, st.lists(st.integers(0, 12), max_size=4), st.randoms(use_true_random=False))
def test_partition_never_changes_findings(body: list[bytes], cuts: list[int], rnd: random.Random) -> None:
    lines = [line.replace(b"\n", b"\r") + b"\n" for line in body]
    lines += rnd.sample(lines, k=min(3, len(lines)))
    whole = findings_of([mapped(lines)])
    edges = sorted({0, len(lines), *(cut for cut in cuts if cut <= len(lines))})
    pieces = [mapped(lines[start:end]) for start, end in pairwise(edges)]
    assert findings_of(pieces) == whole


def test_order_of_files_never_changes_findings(tmp_path: Path) -> None:
    sources = []
    for name in ("train.jsonl", "test.jsonl", "valid.jsonl"):
        rows = [
            {"messages": [{"role": "user", "content": f"q{number}"}, {"role": "assistant", "content": name[:2]}]}
            for number in range(4)
        ]
        (tmp_path / name).write_text("".join(json.dumps(row) + "\n" for row in rows))
        sources.append(Source(name, tmp_path / name, role_of(name)))
    config = Config(select=("all",), isolated=True)
    expected = lint(sources, config).findings
    assert expected
    assert lint(sources[::-1], config).findings == expected


@pytest.fixture
def rule_file(tmp_path: Path) -> Callable[[str], Config]:
    def write(body: str) -> Config:
        (tmp_path / "own.py").write_text("from dslint import rule\n" + body)
        return Config(folder=tmp_path, rules=("own.py",), select=("ABC001", "empty-assistant"))

    return write


@pytest.mark.parametrize(
    "error", ["ValueError('no')", "SystemExit(3)", "RecursionError()", "MemoryError()", "KeyError('x')"]
)
def test_a_rule_that_raises_is_reported_and_the_others_go_on(
    tmp_path: Path, rule_file: Callable[[str], Config], error: str
) -> None:
    config = rule_file(f"@rule('ABC001')\ndef own(record):\n    'x'\n    raise {error}\n")
    path = tmp_path / "data.jsonl"
    path.write_text(json.dumps(chat("hi", "")) + "\n")
    result = lint([Source("data.jsonl", path)], config)
    assert [finding.code for finding in result.findings] == ["MSG107"]
    assert [(crash.name, crash.where.line) for crash in result.crashes] == [("own", 1)]


def test_a_rule_over_every_line_sees_the_broken_ones_too(
    tmp_path: Path, rule_file: Callable[[str], Config]
) -> None:
    body = "@rule('ABC001')\ndef own(line):\n    'x'\n    yield line.finding(f'{len(line.raw)} bytes')\n"
    path = tmp_path / "data.jsonl"
    path.write_bytes(b"{}\n{oops\n")
    config = rule_file(body)
    found = lint([Source("data.jsonl", path)], config).findings
    assert [(finding.where.source, finding.where.line, finding.message) for finding in found] == [
        ("data.jsonl", 1, "2 bytes"),
        ("data.jsonl", 2, "5 bytes"),
    ]


def test_shards_of_a_file_find_what_one_pass_finds(tmp_path: Path) -> None:
    path = tmp_path / "data.jsonl"
    rows = [
        {
            "messages": [
                {"role": "user", "content": f"q{n % 7}"},
                {"role": "assistant", "content": "" if n % 5 else "a"},
            ]
        }
        for n in range(60)
    ]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    source = Source("data.jsonl", path)
    whole = findings_of([map_range(PLAN, source, 0, source.size)])
    for count in (2, 3, 7):
        pieces = [map_range(PLAN, source, start, length) for start, length in shards(source, count)]
        assert findings_of(pieces) == whole
