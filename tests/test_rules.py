"""Every rule: named as agreed, documented, and right about the examples on its page."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from dslint import catalogue
from dslint.decode import LINE_ENDS, WHOLE_FILE
from dslint.loader import builtin, load, page, retired
from dslint.precise import KINDS
from dslint.ruledef import Rule
from dslint.targets import load as load_target
from dslint.targets import names as target_names
from dslint.testing import examples, outcomes, refreshed, run

RULES = list(load(isolated=True).values())
CURES = ("avoid-", "use-", "prefer-", "no-more-", "fix-", "check-", "require-", "ensure-", "remove-")
every_rule = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)


@every_rule
def test_the_page_says_what_comes_out(rule: Rule) -> None:
    for outcome in outcomes(rule):
        assert outcome.expected == outcome.actual, f"{rule.name}, example {outcome.number}"
    assert refreshed(rule) == page(rule)


@every_rule
def test_the_page_has_all_it_needs(rule: Rule) -> None:
    text = page(rule)
    assert "\n## Why it hurts\n" in text
    shown = list(examples(text))
    if rule.name != "long-line":  # a bad example would be 64 MiB long
        assert any(example.findings for example in shown)
    assert any(not example.findings for example in shown), "no good example"
    assert ("\n## Fix safety\n" in text) == bool(rule.fixable)
    for option in rule.options:
        assert option.doc, f"option {option.name} is not explained"
    addresses = re.findall(r"<?https?://[^\s>)]+>? \(checked \d{4}-\d{2}-\d{2}\)", text)
    assert ("\n## Sources\n" in text) <= bool(addresses)


@every_rule
def test_names_and_files_agree(rule: Rule) -> None:
    path = Path(rule.origin)
    assert path.stem.replace("_", "-") == rule.name
    assert path.parent.name == rule.family.lower()
    assert not rule.name.startswith(CURES)
    assert rule.help
    assert rule.help[0].islower() or rule.help[0] in "`"
    assert not rule.help.endswith(".")


@every_rule
def test_messages_are_short_facts(rule: Rule) -> None:
    for example in examples(page(rule)):
        for line in run(rule, example)[0].splitlines():
            if line.startswith("  "):
                continue
            message = re.sub(r"^\S+ (error|warning|info): |( \([\w\[\].~ -]+\))?$", "", line)
            assert len(message) <= 90, message
            assert not message.endswith(".")


def test_the_table_of_rules_is_fresh() -> None:
    assert (builtin() / catalogue.NAME).read_text("utf-8") == catalogue.table(RULES)
    assert {rule.family for rule in RULES} <= catalogue.FAMILIES.keys()


def test_every_fault_has_exactly_one_rule() -> None:
    handled = [rule.fault for rule in RULES if rule.fault]
    assert sorted(handled) == sorted(set(handled))
    assert set(handled) == KINDS | WHOLE_FILE | LINE_ENDS | {"damaged-archive"}


def test_no_rule_imports_the_engine() -> None:
    machine = (
        "cli",
        "config",
        "driver",
        "engine",
        "fixes",
        "inputs",
        "loader",
        "mapper",
        "outputs",
        "report",
        "splits",
    )
    for path in builtin().rglob("*.py"):
        imported = set(re.findall(r"^(?:from|import) (dslint[\w.]*)", path.read_text(), re.M))
        assert not {name for name in imported if name.startswith(tuple(f"dslint.{one}" for one in machine))}, path


def test_the_engine_names_no_rule() -> None:
    package = Path(__file__).parent.parent / "dslint"
    names = {rule.name for rule in RULES} - KINDS - WHOLE_FILE - LINE_ENDS - {"damaged-archive"}
    for path in package.rglob("*.py"):
        text = path.read_text()
        assert not {rule.code for rule in RULES} & set(re.findall(r'"([A-Z]{3}\d{3})"', text)), path
        assert not names & set(re.findall(r'"([a-z]+(?:-[a-z]+)+)"', text)), path


def test_every_rule_says_what_it_finds() -> None:
    assert not [rule.name for rule in RULES if not catalogue.summary(rule)]


def test_retired_names_are_not_taken() -> None:
    assert not retired().keys() & ({rule.code for rule in RULES} | {rule.name for rule in RULES})


@pytest.mark.parametrize("name", target_names())
def test_every_limit_of_a_target_has_a_source(name: str) -> None:
    target = load_target(name)
    known = {rule.name: {option.name for option in rule.options} for rule in RULES}
    for rule, options in target.options.items():
        assert options.keys() <= known[rule]
    assert set(target.severity) <= known.keys()
    for address, checked in target.sources.values():
        assert address.startswith("https://")
        assert re.fullmatch(r"\d{4}-\d{2}-\d{2}", checked)
