"""The JSON Schema of the configuration, made from what the reader of configurations and the rules accept."""

from __future__ import annotations

import json
import types
from collections.abc import Mapping
from dataclasses import MISSING, fields
from pathlib import Path
from typing import Any, Literal, Union, get_args, get_origin

from dslint.config import DATASET_KEYS, KEYS, SHORTEST_RECORD, WAIVER_KEYS, Config
from dslint.findings import SEVERITIES
from dslint.layouts import layouts
from dslint.ruledef import Option, Rule
from dslint.selection import SETS
from dslint.targets import names

SHIPPED = Path(__file__).parent / "data" / "config.schema.json"

Schema = dict[str, Any]

JSON_TYPES = {bool: "boolean", int: "integer", float: "number", str: "string"}

# What each key is for; those of a table in an array stand behind a dot.
MEANING = {
    "target": "What the data is for: which rules apply, how severely, with which limits.",
    "layout": "How records are laid out; told from the keys of each record without it.",
    "select": "The rules to run, by name, code or family, or a set: default, preview, all.",
    "extend-select": "Rules to run as well as those selected.",
    "ignore": "Rules to leave out; the more particular of select and ignore counts.",
    "fail-on": "The lowest severity that makes a run end with exit code 1.",
    "max-per-rule": "How many findings of a rule text shows for a file; 0 shows all.",
    "exclude": "Files that are not read: patterns, from the folder of the configuration.",
    "rules": "Files and folders with rules of your own, from the folder of the configuration.",
    "per-file-ignores": "Rules to leave out in files that match a pattern.",
    "severity": "Another severity for a rule.",
    "options": "Options of rules, a table for each rule.",
    "dataset": "Files that belong together, by role: what leaks from one into another is found.",
    "dataset.name": "What the set is called in reports.",
    "dataset.train": "Patterns of the files to train on.",
    "dataset.validation": "Patterns of the files to validate with.",
    "dataset.test": "Patterns of the files to test with.",
    "dataset.against": "Patterns of benchmarks: compared with the set, never linted, fixed or split.",
    "waiver": "Findings that stay, each with a reason.",
    "waiver.rule": "The rule whose finding stays, by name or code.",
    "waiver.record": "The record: the first digits of its digest, as json output has it.",
    "waiver.reason": "Why the finding stays.",
}


def schema(rules: Mapping[str, Rule]) -> Schema:
    """The schema of a configuration with these rules, in draft 7, which validate-pyproject and taplo read."""
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "$id": "https://dslint.invalid/config.schema.json",  # a name that judges resolve references by, no place
        "title": "dslint",
        "description": "Configuration of dslint: dslint.toml, .dslint.toml or [tool.dslint] in pyproject.toml.",
        "type": "object",
        "additionalProperties": False,
        "properties": {key: _key(key, rules) for key in KEYS},
        "definitions": {
            "selector": {"anyOf": [{"enum": _selectors(rules)}, {"type": "string"}]},
            "severity": {"enum": list(SEVERITIES)},
            **{f"{rule.name}-options": _options(rule) for rule in rules.values() if rule.options},
        },
    }


def as_text(found: Schema) -> str:
    """A schema as it is written to a file."""
    return json.dumps(found, ensure_ascii=False, indent=1) + "\n"


def for_pyproject(tool_name: str) -> Schema:
    """The schema of `[tool.dslint]`, for validate-pyproject."""
    shipped: Schema = json.loads(SHIPPED.read_text("utf-8"))
    return shipped


def of_type(annotation: Any) -> Schema:
    """What `ruledef.accepts` accepts for the annotation, as far as TOML can write it: it has no null."""
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin in (Union, types.UnionType):
        choices = [of_type(argument) for argument in arguments if argument is not type(None)]
        return choices[0] if len(choices) == 1 else {"anyOf": choices}
    if origin is Literal:
        return {"enum": list(arguments)}
    if origin in (tuple, list):
        return {"type": "array", "items": of_type(arguments[0])}
    return {"type": JSON_TYPES[annotation]}


def _key(key: str, rules: Mapping[str, Rule]) -> Schema:
    default = next(field.default for field in fields(Config) if field.name == key.replace("-", "_"))
    found = {"description": MEANING[key], **(_special(rules).get(key) or of_type(KEYS[key]))}
    if default not in (MISSING, (), ""):
        found["default"] = _plain(default)
    return found


def _special(rules: Mapping[str, Rule]) -> dict[str, Schema]:
    """What a key accepts where that is more than its type."""
    selectors = {"type": "array", "items": {"$ref": "#/definitions/selector"}}
    return {
        "target": {"enum": names()},
        "layout": {"enum": ["", *sorted(layout.name for layout in layouts())]},
        "select": selectors,
        "extend-select": selectors,
        "ignore": selectors,
        "fail-on": {"enum": [*SEVERITIES, "never"]},
        "per-file-ignores": {"type": "object", "additionalProperties": selectors},
        "severity": _severities(rules),
        "options": _all_options(rules),
        "dataset": {"type": "array", "items": _dataset()},
        "waiver": {"type": "array", "items": _waiver()},
    }


def _selectors(rules: Mapping[str, Rule]) -> list[str]:
    families = sorted({rule.family for rule in rules.values()})
    return [*SETS, *families, *(rule.name for rule in rules.values()), *rules]


def _severities(rules: Mapping[str, Rule]) -> Schema:
    severity = {"$ref": "#/definitions/severity"}
    named = {rule.name: severity for rule in rules.values()}
    return {"type": "object", "properties": named, "additionalProperties": severity}


def _all_options(rules: Mapping[str, Rule]) -> Schema:
    """Tables of rules with options, by name and code; empty ones of those without; any of rules not known here."""
    known = {key: rule for rule in rules.values() for key in (rule.name, rule.code)}
    without = "|".join(key for key, rule in known.items() if not rule.options)
    return {
        "type": "object",
        "properties": {
            key: {"$ref": f"#/definitions/{rule.name}-options"} for key, rule in known.items() if rule.options
        },
        "patternProperties": {f"^({without})$": {"type": "object", "maxProperties": 0}},
        "additionalProperties": {"type": "object"},
    }


def _options(rule: Rule) -> Schema:
    return {
        "description": rule.doc.partition("\n")[0],
        "type": "object",
        "additionalProperties": False,
        "properties": {option.name: _option(option) for option in rule.options},
    }


def _option(option: Option) -> Schema:
    found = {"description": option.doc} if option.doc else {}
    found |= of_type(option.type)
    return found if option.default is None else {**found, "default": _plain(option.default)}


def _dataset() -> Schema:
    known = {
        key: {"description": MEANING[f"dataset.{key}"], **of_type(wanted)} for key, wanted in DATASET_KEYS.items()
    }
    return {"type": "object", "additionalProperties": False, "properties": known}


def _waiver() -> Schema:
    """The patterns are those of `config`: a record is named by so many digits, nothing is left blank."""
    patterns = {"record": f"^[0-9a-f]{{{SHORTEST_RECORD},32}}$"}
    return {
        "type": "object",
        "additionalProperties": False,
        "required": list(WAIVER_KEYS),
        "properties": {
            key: {"description": MEANING[f"waiver.{key}"], "type": "string", "pattern": patterns.get(key, "\\S")}
            for key in WAIVER_KEYS
        },
    }


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value
