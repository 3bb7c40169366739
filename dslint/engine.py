"""Plans and judgements: which rules look at what, and what they say of facts.

Everything after mapping is a function of findings and facts, so how lines are cut into parts and in what order the
parts come back cannot change a result.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from dslint.collecting import GroupBy
from dslint.dataset import Dataset, File, Tally
from dslint.facts import Facts, Gathered
from dslint.findings import SEVERITIES, Finding, Where
from dslint.near_search import NearSearch
from dslint.ruledef import Rule, first_parameter


class Crash(NamedTuple):
    """A rule that raised: which, where, what."""

    code: str
    name: str
    where: Where
    error: str


def gate_of(rule: Rule) -> Callable[[Any], bool]:
    """The rule's gate with its options; True for all where it has none, or raises: the check is the truth."""
    gate = rule.bound(rule.gate) if callable(rule.gate) else None
    return lambda subject: gate is None or asked(gate, subject, True)


def asked(question: Callable[[Any], Any], subject: Any, in_doubt: bool) -> bool:
    """The answer of a rule's gate, or what is taken for it when it raises."""
    try:
        return bool(question(subject))
    except Exception:  # a stranger's gate may raise anything
        return in_doubt


def _counts(rule: Rule) -> str:
    return first_parameter(rule.count_by) if rule.count_by else ""


class Gated(NamedTuple):
    """A rule, what its gate says of a shape or a size, and, of a tally rule, its place among the tallies."""

    rule: Rule
    lets_in: Callable[[Any], bool]
    place: int = 0


class Plan:
    """The rules of a run, sorted by what they look at."""

    def __init__(self, rules: Iterable[Rule], collectors: Iterable[GroupBy] = ()) -> None:
        self.rules = tuple(rules)
        by_subject: dict[str, list[Rule]] = {}
        for rule in self.rules:
            by_subject.setdefault(rule.subject, []).append(rule)
        self.lines = by_subject.get("line", [])
        self.shapes = by_subject.get("shape", [])
        records = by_subject.get("record", [])
        self.each_record = [rule for rule in records if not rule.gate]
        self.shaped_record = [Gated(rule, gate_of(rule)) for rule in records if rule.gated_by == "shape"]
        self.tools_record = [Gated(rule, gate_of(rule)) for rule in records if rule.gated_by == "tools"]
        self.sized_record = [Gated(rule, gate_of(rule)) for rule in records if rule.gated_by == "line_bytes"]
        messages = by_subject.get("message", [])
        self.each_message = [rule for rule in messages if not rule.gate]
        self.gated_message = [rule for rule in messages if rule.gate]
        self.files = by_subject.get("file", [])
        self.groups = by_subject.get("group", [])
        self.datasets = by_subject.get("dataset", [])
        self.tallies = by_subject.get("tally", [])
        counters = [Gated(rule, gate_of(rule), place) for place, rule in enumerate(self.tallies) if rule.count_by]
        self.shape_counters = [counter for counter in counters if _counts(counter.rule) == "shape"]
        self.record_counters = [counter for counter in counters if _counts(counter.rule) == "record"]
        self.text_counters = [counter for counter in counters if _counts(counter.rule) == "texts"]
        self.faults = {rule.fault: rule for rule in by_subject.get("fault", [])}
        own = [rule.group_by for rule in self.groups + self.datasets if rule.group_by]
        self.collectors: tuple[GroupBy, ...] = tuple(dict.fromkeys([*own, *collectors]))

    def facts_for(self, rule: Rule, facts: Sequence[Facts]) -> Facts:
        """The facts that a rule's `group_by` made, none when it has none."""
        return facts[self.collectors.index(rule.group_by)] if rule.group_by else Facts()


@dataclass
class Mapped:
    """What reading some lines of one file gave: plain values, so that processes can send it.

    `facts` are those of the plan's collectors, `tallies` has one tally per tally rule; `once` the first finding of
    each fault that a file has on most of its lines.
    """

    file: File
    facts: Gathered
    findings: list[Finding] = field(default_factory=list)
    once: dict[str, list[Finding]] = field(default_factory=dict)
    tallies: list[Tally] = field(default_factory=list)
    crashes: list[Crash] = field(default_factory=list)

    def add(self, other: Mapped) -> None:
        """Append what the following lines of the same file gave."""
        shift = self.file.lines
        self.findings += [_shifted(found, shift) for found in other.findings]
        for kind, found_once in other.once.items():
            self.once.setdefault(kind, [_shifted(found, shift) for found in found_once])
        for crash in other.crashes:
            self.crashes.append(crash._replace(where=crash.where._replace(line=crash.where.line + shift)))
        self.facts.take(other.facts, shift)
        for tally, more in zip(self.tallies, other.tallies, strict=True):
            tally.merge(more, shift)
        self.file.add(other.file)


def empty(plan: Plan, file: File) -> Mapped:
    """What a file gives before its first line."""
    return Mapped(file, Gathered(len(plan.collectors)), tallies=[Tally(file) for _ in plan.tallies])


def _shifted(finding: Finding, lines: int) -> Finding:
    return finding._replace(where=finding.where._replace(line=finding.where.line + lines))


def run(rule: Rule, subject: Any, where: Where, crashes: list[Crash]) -> list[Finding]:
    """What one rule finds in one subject, stamped; a rule that raises is reported and the others go on."""
    try:
        found = list(rule.check(subject, **rule.settings) or ())
        return [stamp(rule, finding) for finding in found] if found else found
    except (Exception, SystemExit) as error:  # a rule may be a stranger's code and raise anything
        crashes.append(Crash(rule.code, rule.name, where, f"{type(error).__name__}: {error}"[:200]))
        return []


def stamp(rule: Rule, finding: Finding) -> Finding:
    """The finding with its rule's code, the weaker of rule's and finding's severity, and how it can be fixed."""
    severity = max(finding.severity or rule.severity, rule.severity, key=SEVERITIES.index)
    return finding._replace(code=rule.code, severity=severity, fix=rule.fixable)


def judge(
    plan: Plan,
    files: Sequence[File],
    facts: Sequence[Facts],
    crashes: list[Crash],
    references: Sequence[Facts] = (),
    search: NearSearch | None = None,
) -> list[Finding]:
    """What the rules over groups and whole sets say of one dataset.

    `facts` has those of each collector, and so has `references`, those of reference files, if there are any.
    `search` is how near-duplicates are looked for.
    """
    findings: list[Finding] = []
    nowhere = Where(files[0].source if files else "", 0)
    joined = [own.joined(more) for own, more in zip(facts, references, strict=True)] if references else facts
    for known, rules in _by_facts(plan, plan.groups, facts, joined):
        for rows in known.repeated():
            group = [known[row] for row in rows]
            for rule in rules:
                findings += run(rule, group, group[0].where, crashes)
    for known, rules in _by_facts(plan, plan.datasets, facts, joined):
        dataset = Dataset(files, known, search)
        for rule in rules:
            findings += run(rule, dataset, nowhere, crashes)
    return findings


def _by_facts(
    plan: Plan, rules: Iterable[Rule], own: Sequence[Facts], joined: Sequence[Facts]
) -> list[tuple[Facts, list[Rule]]]:
    """The rules with the facts they look at: those that look at the same share them."""
    found: dict[tuple[GroupBy | None, bool], tuple[Facts, list[Rule]]] = {}
    for rule in rules:
        known = joined if rule.references else own
        key = rule.group_by, known is not own
        found.setdefault(key, (plan.facts_for(rule, known), []))[1].append(rule)
    return list(found.values())


def judge_file(plan: Plan, mapped: Mapped) -> list[Finding]:
    """What the rules over a file's counts say."""
    place = Where(mapped.file.source, 0)
    found = [run(rule, mapped.file, place, mapped.crashes) for rule in plan.files]
    for rule, tally in zip(plan.tallies, mapped.tallies, strict=True):
        tally.file = mapped.file
        found.append(run(rule, tally, place, mapped.crashes))
    return [finding for findings in found for finding in findings]
