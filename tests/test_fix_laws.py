"""Laws of every fix: applying it twice is applying it once, it adds no finding, and it touches nothing else."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from arbitrary import records
from hypothesis import example, given, settings

from dslint.config import Config
from dslint.dataset import File
from dslint.decode import decode
from dslint.engine import Plan
from dslint.fixes import fix_line
from dslint.loader import load, page
from dslint.mapper import Mapper
from dslint.precise import examine
from dslint.ruledef import Rule
from dslint.selection import select
from dslint.testing import examples

SET = {"unknown-label": {"labels": ["billing", "shipping"]}}
FIXING = [
    rule.configure(SET.get(rule.name, {}))
    for rule in load(isolated=True).values()
    if rule.fix and rule.subject != "fault"
]
OF_ONE_RECORD = ("shape", "record", "message", "line", "fault")
PLAN = Plan([rule for rule in select(Config(isolated=True)) if rule.subject in OF_ONE_RECORD])
each_fix = pytest.mark.parametrize("rule", FIXING, ids=lambda rule: rule.name)


def on_pages() -> list[bytes]:
    """Every line of JSON that stands as an example on the page of a rule."""
    lines: dict[bytes, None] = {}
    for rule in load(isolated=True).values():
        for shown in examples(page(rule)):
            for body in shown.files.values():
                lines |= dict.fromkeys(line for line in body.split(b"\n") if decode(line) is not None)
    return list(lines)


LINES = on_pages()


def codes(raw: bytes) -> list[str]:
    mapped = Mapper(PLAN, File("data.jsonl", "train")).map([raw + b"\n"])
    assert not mapped.crashes
    return sorted(finding.code for finding in mapped.findings)


def check(rule: Rule, raw: bytes) -> None:
    fixed = fix_line(raw, [rule])
    if fixed is None or fixed == raw:
        return
    assert fix_line(fixed, [rule]) == fixed
    assert decode(fixed) is not None
    before, after = codes(raw), codes(fixed)
    assert set(after) <= set(before), f"{raw.decode()} became {fixed.decode()}"


def unchanged(raw: bytes, fixed: bytes) -> None:
    """Values that are equal before and after have their bytes of before."""
    before, after = examine(raw).spans, examine(fixed).spans
    for pointer in before.keys() & after.keys():
        old = raw[before[pointer].start : before[pointer].end]
        new = fixed[after[pointer].start : after[pointer].end]
        if old[:1] not in b"[{" and json.loads(old) == json.loads(new):
            assert old == new


@each_fix
def test_a_fix_is_whole_and_adds_nothing_on_the_examples_of_all_pages(rule: Rule) -> None:
    for raw in LINES:
        check(rule, raw)


@each_fix
@settings(max_examples=200)
@given(data=records)
@example(data={"instruction": "Quote it.", "output": "\x91\x91"})
def test_a_fix_is_whole_and_adds_nothing_on_any_record(rule: Rule, data: dict[str, Any]) -> None:
    check(rule, json.dumps(data).encode())


@each_fix
def test_a_fix_leaves_every_other_byte(rule: Rule) -> None:
    for raw in LINES:
        spaced = raw.replace(b'": ', b'" :\t')  # white space that no library writes
        fixed = fix_line(spaced, [rule]) if decode(spaced) is not None else None
        if fixed is not None:
            unchanged(spaced, fixed)


def test_some_example_is_fixed_by_every_rule_that_fixes() -> None:
    idle = [rule.name for rule in FIXING if all(fix_line(raw, [rule]) in (raw,) for raw in LINES)]
    assert not idle


def test_every_page_of_a_fix_shows_it() -> None:
    for rule in load(isolated=True).values():
        if rule.fix:
            assert "```fixed" in page(rule), Path(rule.origin).name
