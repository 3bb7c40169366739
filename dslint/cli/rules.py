"""`dslint rule` and `dslint rules`: what there is and what it means."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dslint.cli import choices

if TYPE_CHECKING:
    from dslint.config import Config
    from dslint.ruledef import Rule

RULE_HELP = """Print the page of a rule, by name or code.

Example: dslint rule conflicting-answers

Exit codes: 0 printed, 2 there is none of that name."""

RULES_HELP = """List the rules: code, name, severity, whether on by default, fix, what it looks at.

Example: dslint rules

Exit codes: 0 printed, 2 could not do the job."""


def all_rules(settings: Config) -> dict[str, Rule]:
    """The rules there are under a configuration, by code. Raises ConfigError when one is written wrongly."""
    from dslint.config import ConfigError
    from dslint.loader import load
    from dslint.ruledef import RuleError

    try:
        return load((settings.folder / path for path in settings.rules), isolated=settings.isolated)
    except RuleError as error:
        raise ConfigError(str(error)) from None


def _described(rule: Rule) -> dict[str, Any]:
    return {
        "code": rule.code,
        "name": rule.name,
        "summary": rule.doc.splitlines()[0] if rule.doc else "",
        "severity": rule.severity,
        "default": not rule.preview,
        "fix": rule.fixable or None,
        "looks_at": rule.subject,
        "help": rule.help,
        "options": [{"name": option.name, "default": option.default, "doc": option.doc} for option in rule.options],
    }


def rule(
    name: Annotated[str, typer.Argument(help="Name or code of the rule.", autocompletion=choices.rules)],
    output_format: Annotated[
        str, typer.Option(help="markdown or json.", autocompletion=choices.among("markdown", "json"))
    ] = "markdown",
    config: Annotated[Path | None, typer.Option(help="Configuration file.")] = None,
) -> int:
    """Print one rule."""
    from dslint.cli.arguments import configuration
    from dslint.config import ConfigError
    from dslint.loader import page
    from dslint.selection import check_selector

    rules = all_rules(configuration(config, isolated=False))
    found = next((rule for rule in rules.values() if name in (rule.code, rule.name)), None)
    if found is None:
        check_selector(name, rules)
        raise ConfigError(f"{name!r} is a set of rules: see `dslint rules`")
    if output_format == "json":
        print(json.dumps(_described(found) | {"page": page(found)}, ensure_ascii=False, indent=2))
    else:
        print(page(found).rstrip())
    return 0


def rules(
    output_format: Annotated[
        str, typer.Option(help="text or json.", autocompletion=choices.among("text", "json"))
    ] = "text",
    config: Annotated[Path | None, typer.Option(help="Configuration file.")] = None,
) -> int:
    """Print a table of all rules."""
    from dslint.cli.arguments import configuration

    found = [_described(rule) for rule in all_rules(configuration(config, isolated=False)).values()]
    if output_format == "json":
        print(json.dumps(found, ensure_ascii=False, indent=2))
        return 0
    width = max(len(rule["name"]) for rule in found)
    for rule in found:
        state = "default" if rule["default"] else "preview"
        fix = rule["fix"] or "-"
        name, level = rule["name"].ljust(width), rule["severity"].ljust(7)
        print(f"{rule['code']}  {name}  {level}  {state}  {fix:6}  {rule['looks_at']:7}  {rule['summary']}")
    return 0
