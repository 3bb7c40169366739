"""From selectors to the rules of a run: default, preview, all, families, codes, names."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from dslint.config import Config, ConfigError, suggest
from dslint.loader import builtin, load, retired
from dslint.ruledef import Rule, RuleError
from dslint.targets import Target, TargetError
from dslint.targets import load as load_target

SETS = ("default", "preview", "all")
DATASET_SUBJECTS = ("group", "dataset")


def check_selector(selector: str, rules: Mapping[str, Rule]) -> None:
    """Raise ConfigError when a selector names no rule, family or set."""
    names = {rule.name for rule in rules.values()}
    families = {rule.family for rule in rules.values()}
    if selector in SETS or selector in rules or selector in names or selector in families:
        return
    gone = retired().get(selector)
    if gone:
        raise ConfigError(f"rule {selector} is retired: {gone}")
    raise ConfigError(f"unknown rule {selector!r}{suggest(selector, [*names, *rules, *families, *SETS])}")


def _weight(rule: Rule, selectors: Iterable[str]) -> int:
    """How particularly the selectors speak of a rule: 3 by name or code, 2 by family, 1 by set, 0 not at all."""
    weight = 0
    for selector in selectors:
        if selector in (rule.code, rule.name):
            return 3
        if selector == rule.family:
            weight = max(weight, 2)
        elif selector == "all" or (selector in SETS and rule.preview == (selector == "preview")):
            weight = max(weight, 1)
    return weight


def matches(rule: Rule, selectors: Iterable[str]) -> bool:
    """Whether any of the selectors speaks of the rule."""
    return _weight(rule, selectors) > 0


def _configured(rule: Rule, config: Config, target: Target) -> Rule:
    severity = rule.severity
    for key in (rule.code, rule.name):
        if key in target.options:
            rule = rule.configure(target.options[key])
        severity = target.severity.get(key, severity)
    for key in (rule.code, rule.name):
        if key in config.options:
            try:
                rule = rule.configure(config.options[key])
            except RuleError as error:
                raise ConfigError(f"{config.path}: {error}" if config.path else str(error)) from None
        severity = config.severity.get(key, severity)
    if severity != rule.severity:
        rule = replace(rule, severity=severity)
    return rule


def in_scope(rules: Iterable[Rule], scope: str) -> list[Rule]:
    """Scope "file" leaves out the rules over groups and datasets, "dataset" all others, "" none."""
    return [rule for rule in rules if not scope or (rule.subject in DATASET_SUBJECTS) == (scope == "dataset")]


def select(config: Config) -> list[Rule]:
    """The rules of a run with their options and severities set, by code. Raises ConfigError."""
    try:
        rules = load((config.folder / Path(path) for path in config.rules), isolated=config.isolated)
        target = load_target(config.target)
        for selector in (
            *config.select,
            *config.extend_select,
            *config.ignore,
            *config.options,
            *config.severity,
            *(waiver.rule for waiver in config.waiver),
        ):
            check_selector(selector, rules)
        for selectors in config.per_file_ignores.values():
            for selector in selectors:
                check_selector(selector, rules)
        wanted = (*config.select, *config.extend_select, *target.select)
        unwanted = (*config.ignore, *target.ignore)
        chosen = [rule for rule in rules.values() if _weight(rule, wanted) > _weight(rule, unwanted)]
        return _fenced([_configured(rule, config, target) for rule in chosen])
    except (RuleError, TargetError) as error:
        raise ConfigError(str(error)) from None


def _fenced(rules: list[Rule]) -> list[Rule]:
    """The rules, those of strangers behind a fence."""
    home = str(builtin()) + os.sep
    if all(rule.origin.startswith(home) for rule in rules):
        return rules
    from dslint.guard import fenced

    return fenced(rules)
