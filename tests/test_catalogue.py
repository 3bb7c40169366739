"""The page of what is not checked: it names only rules that exist."""

from __future__ import annotations

import re

import pytest

from dslint import catalogue
from dslint.loader import builtin, load
from dslint.ruledef import Rule

PAGE = "NOT.md"


@pytest.fixture(scope="module")
def text() -> str:
    return (builtin() / PAGE).read_text("utf-8")


@pytest.fixture(scope="module")
def rules() -> dict[str, Rule]:
    return {rule.code: rule for rule in load(isolated=True).values()}


def test_the_codes_it_names_exist(text: str, rules: dict[str, Rule]) -> None:
    named = set(re.findall(r"\b[A-Z]{3}\d{3}\b", text))
    assert named
    assert not named - rules.keys()


def test_its_links_lead_to_the_pages_of_their_rules(text: str, rules: dict[str, Rule]) -> None:
    for code, path in re.findall(r"\[([A-Z]{3}\d{3})\]\(([^)]+)\)", text):
        assert path == f"{code[:3].lower()}/{rules[code].name.replace('-', '_')}.md"
    assert not re.findall(r"(?<!\[)\b[A-Z]{3}\d{3}\b", text), "a code without a link"


def test_its_rows_have_two_cells(text: str) -> None:
    for line in text.splitlines():
        if line.startswith("|"):
            assert line.count("|") == 3, line


def test_the_table_of_rules_leads_to_it() -> None:
    assert f"]({PAGE})" in catalogue.LEGEND
