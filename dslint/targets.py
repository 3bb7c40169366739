"""Targets: what a provider or trainer demands, read from `rules/targets/*.toml`.

Every limit is a table with `value`, `source` (an address) and `checked` (the day somebody read it there).
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dslint.loader import builtin

if TYPE_CHECKING:
    from dslint.schema import Schema

KEYS = {"title", "status", "sunset", "select", "ignore", "severity", "options"}


class TargetError(Exception):
    """An unknown target, or a target file that is wrong; the message is one line."""


@dataclass(frozen=True)
class Target:
    """What applies when data is meant for one consumer.

    `status` is what to know about it, `sunset` the day (ISO) it ends or ended, "" when none is announced. `options`
    and `severity` are by rule name; `sources` maps `rule.option`, and `sunset`, to (address, day it was checked).
    """

    name: str
    title: str
    status: str = ""
    sunset: str = ""
    ignore: tuple[str, ...] = ()
    select: tuple[str, ...] = ()
    severity: Mapping[str, str] = field(default_factory=dict)
    options: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    sources: Mapping[str, tuple[str, str]] = field(default_factory=dict)

    @property
    def ends(self) -> str:
        """What to know about a target whose end is announced, "" of any other."""
        return self.status if self.sunset else ""


def names() -> list[str]:
    """The targets there are."""
    return sorted(path.stem for path in (builtin() / "targets").glob("*.toml"))


def _value(path: Path, name: str, entry: Any) -> tuple[Any, tuple[str, str]]:
    if not isinstance(entry, dict) or entry.keys() != {"value", "source", "checked"}:
        raise TargetError(f"{path.name}: {name} needs value, source and checked")
    return entry["value"], (str(entry["source"]), str(entry["checked"]))


def load(name: str) -> Target:
    """The target of that name. Raises TargetError when there is none."""
    path = builtin() / "targets" / f"{name}.toml"
    if name not in names():
        raise TargetError(f"unknown target {name!r} (there are {', '.join(names())})")
    table = tomllib.loads(path.read_text("utf-8"))
    unknown = table.keys() - KEYS
    if unknown:
        raise TargetError(f"{path.name}: unknown key {sorted(unknown)[0]!r}")
    options: dict[str, dict[str, Any]] = {}
    sources: dict[str, tuple[str, str]] = {}
    sunset = ""
    if "sunset" in table:
        day, sources["sunset"] = _value(path, "sunset", table["sunset"])
        sunset = str(day)
    for rule, entries in table.get("options", {}).items():
        for option, entry in entries.items():
            value, source = _value(path, f"options.{rule}.{option}", entry)
            options.setdefault(rule, {})[option] = value
            sources[f"{rule}.{option}"] = source
    return Target(
        name,
        table["title"],
        table.get("status", ""),
        sunset,
        tuple(table.get("ignore", ())),
        tuple(table.get("select", ())),
        table.get("severity", {}),
        options,
        sources,
    )


@cache
def schema_of(name: str) -> Schema:
    """The compiled JSON Schema of that file name. Raises TargetError when there is none."""
    from dslint.schema import Schema

    path = builtin() / "targets" / name
    if path.name != name or not path.is_file():
        raise TargetError(f"unknown schema {name!r}")
    return Schema(json.loads(path.read_text("utf-8")))
