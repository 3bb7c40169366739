"""The table of all rules: `rules/README.md`, written by `dslint test --write`."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from pathlib import Path

from dslint.ruledef import Rule

NAME = "README.md"
FAMILIES = {
    "DUP": "duplicates and conflicting answers",
    "IMG": "images and other media",
    "JSN": "bytes, encoding, JSON, one object per line",
    "LBL": "labels of classification sets",
    "LEK": "leakage between splits",
    "MSG": "messages, roles, turn order",
    "PRF": "preference pairs, KTO, reinforcement items",
    "RAG": "grounded examples",
    "REC": "layout and keys of records",
    "SEC": "secrets and personal data",
    "SET": "the whole set",
    "TOK": "token budgets",
    "TOL": "tools, calls, results",
    "TXT": "damaged and left-over text",
}
LEGEND = """Every rule has a page with examples, which are its tests. Preview rules are off unless selected by name,
by family, or with `--extend-select preview`. What a target changes stands in [targets](targets).

A fix is safe when no record is dropped and nothing that is trained on changes.

What is left unchecked, and why, is listed in [NOT.md](NOT.md).
"""


def summary(rule: Rule) -> str:
    """The first line of the rule's docstring."""
    return rule.doc.splitlines()[0] if rule.doc else ""


def table(rules: Sequence[Rule]) -> str:
    """The rules by family in Markdown; `rules` are in the order of their codes."""
    default = sum(not rule.preview for rule in rules)
    text = f"# Rules\n\n{len(rules)} rules, {default} of them on by default.\n\n{LEGEND}"
    for family, members in groupby(rules, key=lambda rule: rule.family):
        text += f"\n## {family}: {FAMILIES.get(family, 'more rules')}\n\n"
        text += "| code | rule | severity | fix | what it finds |\n|---|---|---|---|---|\n"
        text += "".join(f"{_row(rule)}\n" for rule in members)
    return text


def _row(rule: Rule) -> str:
    path = Path(rule.origin)
    link = f"[{rule.name}]({path.parent.name}/{path.stem}.md)"
    state = f"{rule.severity}, preview" if rule.preview else rule.severity
    return f"| {rule.code} | {link} | {state} | {rule.fixable} | {summary(rule).replace('|', '&#124;')} |"
