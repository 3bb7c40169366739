"""Which findings to show where there is room for a few: the most severe, and none crowds out the rest."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import zip_longest

from dslint.findings import SEVERITIES, Finding


def _in_turn(groups: Iterable[Sequence[Finding]]) -> list[Finding]:
    return [one for turn in zip_longest(*groups) for one in turn if one is not None]


def chosen(findings: Iterable[Finding], limit: int) -> list[Finding]:
    """At most `limit` of these: rules in turn, and files in turn within a rule, so that none uses up the places."""
    rules: dict[str, dict[str, list[Finding]]] = {}
    for finding in findings:
        rules.setdefault(finding.code, {}).setdefault(finding.where.source, []).append(finding)
    return _in_turn([_in_turn(files.values()) for files in rules.values()])[:limit]


def each_level(findings: Sequence[Finding], limit: int, levels: Sequence[str] = SEVERITIES) -> list[Finding]:
    """At most `limit` of each of these severities, in report order."""
    kept = [one for level in levels for one in chosen((f for f in findings if f.severity == level), limit)]
    return sorted(kept, key=Finding.sort_key)


def most_severe(findings: Sequence[Finding], limit: int) -> Sequence[Finding]:
    """At most `limit` in all, in report order: a finding is left out only for others at least as severe."""
    if len(findings) <= limit:
        return findings
    kept: list[Finding] = []
    for level in SEVERITIES:
        kept += chosen((one for one in findings if one.severity == level), limit - len(kept))
    return sorted(kept, key=Finding.sort_key)
