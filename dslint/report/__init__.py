"""What a run has to say, and the formats it can be said in: one module each."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib import import_module
from typing import TextIO

from dslint.driver import Result
from dslint.findings import SEVERITIES, Finding
from dslint.locate import Located, locate
from dslint.report.masked import masked
from dslint.ruledef import Rule
from dslint.sources import Source


def _nothing(_: int) -> None:
    pass


@dataclass(frozen=True)
class Report:
    """A result and how it is to be shown: columns of text, colour, excerpts or not, findings shown per rule.

    `fail_on` is the least severity that fails the run, `target_ends` what to know about a target whose end is
    announced, `layout` the one that was asked for, "" where each record has its own. `progress` is told the numbers
    of bytes that a report reads once more.
    """

    result: Result
    sources: Sequence[Source]
    target: str
    width: int = 100
    color: bool = False
    show_source: bool = True
    max_per_rule: int = 5
    fail_on: str = "error"
    target_ends: str = ""
    layout: str = ""
    progress: Callable[[int], None] = _nothing

    @cached_property
    def record_ids(self) -> dict[tuple[str, int], bytes]:
        """A digest of every record that findings speak of, by (source, line)."""
        from dslint.baseline import record_ids

        return record_ids(self.findings, self.sources)

    @property
    def findings(self) -> list[Finding]:
        """All findings in report order."""
        return self.result.findings

    @property
    def rules(self) -> dict[str, Rule]:
        """The rules of the run by code."""
        return {rule.code: rule for rule in self.result.rules}

    @cached_property
    def sensitive(self) -> list[Finding]:
        """The findings of rules that find what nobody should read, in report order."""
        rules = self.rules
        return [one for one in self.findings if one.code in rules and rules[one.code].sensitive]

    def located(self, findings: Sequence[Finding] | None = None) -> Iterator[Located]:
        """These findings (all of them), each with its place; what sensitive rules found is masked."""
        wanted = self.findings if findings is None else findings
        lines = {(one.where.source, one.where.line) for one in wanted}
        lines.update((place.where.source, place.where.line) for one in wanted for place in one.related)
        hidden = [one for one in self.sensitive if (one.where.source, one.where.line) in lines]
        return masked(wanted, hidden, self.sources) if hidden else locate(wanted, self.sources)

    def counts(self) -> dict[str, int]:
        """Number of findings by severity."""
        return {level: sum(found.severity == level for found in self.findings) for level in SEVERITIES}


Render = Callable[[Report, TextIO], None]

# format -> (module, function)
FORMATS = {
    "full": ("text", "full"),
    "concise": ("text", "concise"),
    "grouped": ("grouped", "grouped"),
    "json": ("machine", "json_object"),
    "json-lines": ("machine", "json_lines"),
    "github": ("github", "github"),
    "sarif": ("sarif", "sarif"),
    "gitlab": ("gitlab", "gitlab"),
    "junit": ("junit", "junit"),
    "rdjson": ("rdjson", "rdjson"),
    "azure": ("azure", "azure"),
    "markdown": ("markdown", "markdown"),
    "html": ("html", "html"),
    "statistics": ("statistics", "statistics"),
}


def renderer(name: str) -> Render:
    """The function that writes a format."""
    module, function = FORMATS[name]
    render: Render = getattr(import_module(f"dslint.report.{module}"), function)
    return render
