"""`dslint test`: run the examples on rule pages."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from dslint.ruledef import Rule
    from dslint.testing import Outcome

HELP = """Run the examples on the pages of rules.

Example: dslint test lint/ --write

Exit codes: 0 all pages are right (or were written), 1 some are not, 2 could not do the job."""


def run_pages(
    paths: Annotated[
        list[Path] | None, typer.Argument(help="Rule files or folders; without any, the built-in rules.")
    ] = None,
    write: Annotated[bool, typer.Option("--write", help="Write what comes out into the pages.")] = False,
) -> int:
    """Test rules against their pages."""
    from dslint.config import ConfigError
    from dslint.loader import builtin, load_file, rule_files
    from dslint.ruledef import RuleError
    from dslint.testing import outcomes

    roots = paths or [builtin()]
    try:
        missing = next((root for root in roots if not root.exists()), None)
        if missing is not None:
            raise ConfigError(f"{missing} does not exist")
        rules = [rule for root in roots for path in rule_files(root.resolve()) for rule in load_file(path)]
    except RuleError as error:
        raise ConfigError(str(error)) from None
    if write:
        return _write(rules, roots)
    total, failed = 0, 0
    for rule in rules:
        count = 0
        for outcome in outcomes(rule):
            count += 1
            if not outcome.ok:
                failed += 1
                _explain(outcome)
        if not count:
            print(f"{rule.name} ({rule.code}): no examples on its page")
        total += count
    print(f"{total - failed:,} passed, {failed:,} failed, {len(rules):,} rules")
    return int(failed > 0)


def _explain(outcome: Outcome) -> None:
    print(f"{outcome.rule.name} ({outcome.rule.code}), example {outcome.number}")
    print("  the page says:")
    print("".join(f"    {line}\n" for line in outcome.expected.splitlines()) or "    nothing\n", end="")
    print("  what comes out:")
    print("".join(f"    {line}\n" for line in outcome.actual.splitlines()) or "    nothing\n", end="")


def _write(rules: list[Rule], roots: list[Path]) -> int:
    from dslint import catalogue
    from dslint.testing import refreshed

    pages = ((Path(rule.origin).with_name(rule.name.replace("-", "_") + ".md"), rule) for rule in rules)
    changed = sum(_wrote(path, refreshed(rule)) for path, rule in pages if path.is_file())
    for root in roots:  # a folder of rules that has a table of them gets it made anew
        path = root / catalogue.NAME
        own = [rule for rule in rules if Path(rule.origin).is_relative_to(root.resolve())]
        if path.is_file():
            changed += _wrote(path, catalogue.table(sorted(own, key=lambda rule: rule.code)))
    print(f"{changed} pages changed")
    return 0


def _wrote(path: Path, text: str) -> bool:
    if path.read_text("utf-8") == text:
        return False
    path.write_text(text, "utf-8", newline="\n")
    return True
