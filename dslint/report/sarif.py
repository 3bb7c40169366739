"""sarif: Static Analysis Results Interchange Format 2.1.0, as GitHub code scanning takes it.

Sources: OASIS SARIF 2.1.0 (§3.11 messages, §3.30 regions), docs.github.com "SARIF support for code scanning" (what
is required; of 25,000 results of a run 5,000 are shown, of 1,000 related places 100); checked 2026-11-21.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TextIO

from dslint.findings import Related, Where, tokens
from dslint.loader import page
from dslint.locate import Located
from dslint.regex import regex
from dslint.report import Report
from dslint.report.choice import most_severe
from dslint.report.fingerprint import Fingerprints
from dslint.report.machine import dumped, errors, plain
from dslint.report.paths import uri
from dslint.report.text import place, told
from dslint.report.visible import visible
from dslint.ruledef import Rule

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
LEVELS = {"error": "error", "warning": "warning", "info": "note"}
SEVERITY = {"error": "error", "warning": "warning", "info": "recommendation"}  # GitHub's names
MOST = 5000
MOST_RELATED = 100
LINKED = 5  # related places that the message leads to
LONGEST = 1024  # of a description
SNIPPET = 200
LINK = regex(r"\]\(")
PAGE_LINK = regex(r"\[([^\]]*)\]\([^():]*\.md[^()]*\)")  # leads nowhere outside the folder of pages


def sarif(report: Report, out: TextIO) -> None:
    """One run: the rules that were asked, at most 5,000 results, and what else there is to say of the run."""
    from dslint import __version__

    rules = sorted(report.rules.values(), key=lambda rule: rule.code)
    driver = {"name": "dslint", "version": __version__, "rules": [_rule(rule) for rule in rules]}
    shown = most_severe(report.findings, MOST)
    places, fingerprints = {rule.code: number for number, rule in enumerate(rules)}, Fingerprints()
    run = {
        "tool": {"driver": driver},
        "automationDetails": {"id": "dslint/"},
        "columnKind": "unicodeCodePoints",
        "invocations": [_invocation(report, len(shown))],
        "properties": {"findings": len(report.findings), "shown": len(shown), "counts": report.counts()},
        "results": [
            _result(one, report, places[one.finding.code], fingerprints.of(one)) for one in report.located(shown)
        ],
    }
    out.write(dumped({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}) + "\n")


def message(text: str) -> dict[str, str]:
    """Visible text as a plain message: nothing in it is a placeholder or a link (§3.11.5, §3.11.6)."""
    return {"text": LINK.sub(r"]\\u0028", text).replace("{", "{{").replace("}", "}}")}


def _rule(rule: Rule) -> dict[str, Any]:
    first, _, _ = rule.doc.partition("\n")
    text = page(rule).partition("\n## Examples")[0]
    return {
        "id": rule.code,
        "name": rule.name,
        "shortDescription": message(visible(first, LONGEST) or rule.name),
        "fullDescription": message(visible(" ".join(rule.doc.split()), LONGEST) or rule.name),
        "help": message(visible(rule.help, LONGEST) or rule.name) | {"markdown": _markdown(text) or rule.name},
        "defaultConfiguration": {"level": LEVELS[rule.severity]},
        "properties": {"tags": [rule.family], "problem": {"severity": SEVERITY[rule.severity]}},
    }


def _markdown(text: str) -> str:
    lines = (visible(line, len(line)) for line in PAGE_LINK.sub(r"\1", text).strip().split("\n"))
    return "\n".join(lines).replace("{", "{{").replace("}", "}}")


def _invocation(report: Report, shown: int) -> dict[str, Any]:
    notes = [
        {"level": "error", "message": message(visible(f"{error['message']} {error['help']}".strip(), 500))}
        for error in errors(report)
    ]
    if shown < len(report.findings):
        said = f"only the {shown:,} most severe of {len(report.findings):,} findings are in this file"
        notes.append({"level": "warning", "message": message(said)})
    return {"executionSuccessful": not report.result.failed, "toolExecutionNotifications": notes}


def _result(located: Located, report: Report, index: int, fingerprint: str) -> dict[str, Any]:
    finding = located.finding
    result: dict[str, Any] = {
        "ruleId": finding.code,
        "ruleIndex": index,
        "level": LEVELS[finding.severity],
        "message": message(told(finding)),
        "locations": [_location(finding.where, _region(located, report))],
        "partialFingerprints": {"primaryLocationLineHash": fingerprint},
    }
    related = finding.related[:MOST_RELATED]
    if related:
        result["message"]["text"] += _links(related[:LINKED])
        result["relatedLocations"] = [
            {"id": number, **_location(other.where, {"startLine": max(other.where.line, 1)})}
            | ({"message": message(visible(other.note))} if other.note else {})
            for number, other in enumerate(related, 1)
        ]
    return result


def _links(related: Sequence[Related]) -> str:
    """`; see [data.jsonl:3](1)`: what is between the brackets is escaped with a backslash (§3.11.6)."""
    texts = (message(place(other.where))["text"].translate(BRACKETS) for other in related)
    return "; see " + ", ".join(f"[{text}]({number})" for number, text in enumerate(texts, 1))


BRACKETS = str.maketrans({char: f"\\{char}" for char in "\\[]"})


def _region(located: Located, report: Report) -> dict[str, Any]:
    """GitHub wants all four of any result, so that a finding about a whole file stands at its beginning."""
    line = max(located.finding.where.line, 1)
    ends = {"startColumn": located.start + 1, "endColumn": located.end + 1}
    region: dict[str, Any] = {"startLine": line, "endLine": line, **ends}
    text = located.text[located.start : located.end]
    if report.show_source and 0 < len(text) <= SNIPPET:
        region["snippet"] = {"text": plain(text)}
    return region


def _location(where: Where, region: dict[str, Any]) -> dict[str, Any]:
    physical = {"artifactLocation": {"uri": uri(where.source)}, "region": region}
    location: dict[str, Any] = {"physicalLocation": physical}
    if where.pointer:
        pointer = plain(where.pointer)
        name = {"name": tokens(pointer)[-1], "fullyQualifiedName": pointer, "kind": "value"}
        location["logicalLocations"] = [name]
    return location
