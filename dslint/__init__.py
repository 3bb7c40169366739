"""A linter for chat fine-tuning data."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dslint.api import Report, lint
    from dslint.config import ConfigError
    from dslint.findings import Fact, Finding, Related, Where
    from dslint.parted import Split, split
    from dslint.records import Line, Message, Record, digest
    from dslint.ruledef import Rule, RuleError, rule
    from dslint.sources import SourceError

__version__ = "0.1.0"

# Public names are imported when they are asked for: `dslint --version` asks for none.
_HOMES = {
    "ConfigError": "dslint.config",
    "Fact": "dslint.findings",
    "Finding": "dslint.findings",
    "Line": "dslint.records",
    "Message": "dslint.records",
    "Record": "dslint.records",
    "Related": "dslint.findings",
    "Report": "dslint.api",
    "Rule": "dslint.ruledef",
    "RuleError": "dslint.ruledef",
    "SourceError": "dslint.sources",
    "Split": "dslint.parted",
    "Where": "dslint.findings",
    "digest": "dslint.records",
    "lint": "dslint.api",
    "rule": "dslint.ruledef",
    "split": "dslint.parted",
}

__all__ = [
    "ConfigError",
    "Fact",
    "Finding",
    "Line",
    "Message",
    "Record",
    "Related",
    "Report",
    "Rule",
    "RuleError",
    "SourceError",
    "Split",
    "Where",
    "digest",
    "lint",
    "rule",
    "split",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'dslint' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
