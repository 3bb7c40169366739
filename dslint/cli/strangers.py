"""Where the rules of a run are worked: here, or in a process of their own when strangers wrote some of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from dslint.config import Config
from dslint.loader import plugins

Report = Callable[[int], None]
Value = TypeVar("Value")


def with_rules(work: Callable[[Config, Report], Value], config: Config, report: Report) -> Value:
    """What the work gives, as `contained.contained` has it where code may run that dslint does not come with."""
    if not config.rules and (config.isolated or not plugins()):
        return work(config, report)
    from dslint.contained import contained  # few runs have rules of their own

    return contained(work, config, report)
