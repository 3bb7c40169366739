"""Targets: what they say holds together, and their schemas mean the same to both judges."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from arbitrary import anything, records
from hypothesis import given
from hypothesis import strategies as st

from dslint.config import Config
from dslint.loader import builtin
from dslint.schema import fast, reference
from dslint.selection import select
from dslint.targets import load, names

SCHEMAS = sorted((builtin() / "targets").glob("*.schema.json"))


def contents(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    turn = st.fixed_dictionaries(
        {}, optional={"role": inner, "parts": st.lists(inner, max_size=2), "content": inner}
    )
    return st.fixed_dictionaries(
        {},
        optional={
            "contents": st.lists(turn, max_size=3),
            "systemInstruction": turn,
            "schemaVersion": inner,
            "messages": st.lists(turn, max_size=3),
            "system": st.lists(inner, max_size=2),
            "functions": st.lists(inner, max_size=2),
            "tools": inner,
        },
    )


@pytest.mark.parametrize("path", SCHEMAS, ids=lambda path: path.stem)
@given(data=st.one_of(records, contents(anything)))
def test_both_judges_agree_on_a_target_schema(path: Path, data: dict[str, Any]) -> None:
    schema = json.loads(path.read_text("utf-8"))
    places = [sorted({pointer for pointer, _ in judge(schema)(data)}) for judge in (fast, reference)]
    assert places[0] == places[1]


@pytest.mark.parametrize("name", names())
def test_a_target_selects_rules_and_refuses_nothing_valid(name: str) -> None:
    rules = {rule.name: rule for rule in select(Config(target=name, isolated=True))}
    target = load(name)
    assert target.title
    for rule, options in target.options.items():
        if rule in rules:
            wanted = {option.replace("-", "_"): value for option, value in options.items()}
            shown = {
                key: list(value) if isinstance(value, tuple) else value
                for key, value in rules[rule].settings.items()
            }
            assert shown | wanted == shown


def test_a_target_that_ends_says_when() -> None:
    assert load("openai").sunset == "2027-01-06"
    assert "2027-01-06" in load("openai").status
    assert load("generic").sunset == ""


def test_every_schema_belongs_to_a_target() -> None:
    used = {load(name).options.get("off-target-schema", {}).get("schema") for name in names()}
    assert {path.name for path in SCHEMAS} == used - {None}
