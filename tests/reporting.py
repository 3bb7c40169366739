"""Reports to judge: of a few findings, of real rules, and of a heap of hostile ones."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path
from typing import Any

from hostile import texts

from dslint.config import Config
from dslint.driver import Result, lint
from dslint.engine import Crash
from dslint.findings import SEVERITIES, Finding, Related, Where
from dslint.inputs import gather
from dslint.report import Report, renderer
from dslint.ruledef import Rule, build
from dslint.sources import Source, SourceError

FIXTURES = Path(__file__).parent.parent / "fixtures"
SCHEMAS = Path(__file__).parent / "schemas"
FILES, PER_FILE = 100, 17


def nothing(line: Any) -> None:
    """A rule for reports."""


def rules(helps: list[str]) -> list[Rule]:
    made = [
        build(nothing, code=f"TST10{n}", name=f"rule-{n}", severity="error", help=text)
        for n, text in enumerate(helps)
    ]
    return [replace(rule, doc=rule.help) for rule in made]


def report_of(findings: list[Finding], sources: list[Source], **more: Any) -> Report:
    result = Result(sorted(findings, key=Finding.sort_key), rules=more.pop("rules", rules(["mend it"] * 4)))
    return Report(result, sources, "generic", **more)


def written(style: str, report: Report) -> str:
    out = io.StringIO()
    renderer(style)(report, out)
    return out.getvalue()


def run_on(*names: str) -> Report:
    config = Config(isolated=True)
    inputs = gather(list(names), config)
    return Report(lint(inputs.sources, config), inputs.sources, "generic", max_per_rule=0)


def heap_in(folder: Path) -> tuple[Report, Report]:
    """Hostile findings, and as many harmless ones of the same shape, both with things that went wrong."""
    names = sorted({name for name in texts(1, 3 * FILES) if name and "\x00" not in name})[:FILES]
    assert len(names) == FILES
    hostile, harmless, bad, good = [], [], [], []
    for number, name in enumerate(names):
        path = folder / f"{number:03}"
        lines = [text.replace("\n", " ").encode("utf-8", "surrogatepass") for text in texts(100 + number, 4)]
        path.write_bytes(b"\n".join([b'{"a": ["x", "\xff::##[x]`|<b>"]}', *lines]))
        bad.append(Source(name, path))
        good.append(Source(f"n{number:03}", path))
        said = texts(1000 + number, 4 * PER_FILE)
        for place_, (message, key, note, other) in enumerate(zip(*[iter(said)] * 4, strict=True)):
            where = Where(name, place_ % 6, f"/{key}" if key else "", (0, place_) if place_ % 3 else None)
            plain = where._replace(source=f"n{number:03}", pointer="/x" if key else "")
            code, level = f"TST10{place_ % 4}", SEVERITIES[place_ % 3]
            beside = Where(other or "x", place_ % 3)
            hostile.append(Finding(where, message, code, level, (Related(beside, note),) * (place_ % 2)))
            beside = Where("x", place_ % 3)
            harmless.append(
                Finding(plain, "x", code, level, (Related(beside, "x" if note else ""),) * (place_ % 2))
            )
    helps = [text or "mend it" for text in texts(7, 4)]
    reports = [
        report_of(hostile, bad, rules=rules(helps), max_per_rule=0),
        report_of(harmless, good, max_per_rule=0),
    ]
    for report, word in zip(reports, (texts(8, 1)[0] or "::error::x", "x"), strict=True):
        report.result.troubles.append(SourceError(f"{word}: cannot be read", "look"))
        report.result.crashes.append(Crash("TST100", "rule-0", Where(word, 3), f"ValueError: {word}"))
    return reports[0], reports[1]
