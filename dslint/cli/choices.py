"""What shells may complete a value to. Only what dslint comes with: pressing a key must run nobody's rules."""

from __future__ import annotations

from collections.abc import Callable

Choice = tuple[str, str]  # a value, and what it stands for
Choices = Callable[[str], list[Choice]]


def among(*values: str) -> Choices:
    """Values of a closed set."""

    def choices(incomplete: str) -> list[Choice]:
        return [(value, "") for value in values]

    return choices


def rules(incomplete: str) -> list[Choice]:
    """Names of rules, codes where a capital letter was typed."""
    from dslint.catalogue import summary
    from dslint.loader import load

    by_code = incomplete[:1].isupper()
    found = load(isolated=True).values()
    return [(rule.code if by_code else rule.name, summary(rule)) for rule in found]


def selectors(incomplete: str) -> list[Choice]:
    """Rules, families and sets; after a comma the next one."""
    from dslint.catalogue import FAMILIES
    from dslint.selection import SETS

    before, comma, last = incomplete.rpartition(",")
    wide = [(name, "") for name in SETS] + list(FAMILIES.items())
    return [(before + comma + value, meaning) for value, meaning in [*wide, *rules(last)]]


def targets(incomplete: str) -> list[Choice]:
    """Names of targets."""
    from dslint.targets import load, names

    return [(name, load(name).title) for name in names()]


def layouts(incomplete: str) -> list[Choice]:
    """Names of layouts."""
    from dslint.layouts import layouts as known

    return [(layout.name, layout.title) for layout in known()]


def formats(incomplete: str) -> list[Choice]:
    """Names of output formats."""
    from dslint.report import FORMATS

    return [(name, "") for name in FORMATS]


def written_layouts(incomplete: str) -> list[Choice]:
    """Layouts that can be written."""
    from dslint.convert import WRITERS

    return [choice for choice in layouts(incomplete) if choice[0] in WRITERS]


def keys(incomplete: str) -> list[Choice]:
    """Keys of the configuration."""
    from dslint.config import KEYS
    from dslint.config_schema import MEANING

    return [(key, MEANING[key]) for key in KEYS]


def conflicts(incomplete: str) -> list[Choice]:
    """What a split may do with contradicting records."""
    from dslint.disputes import POLICIES

    return [(policy, "") for policy in POLICIES]
