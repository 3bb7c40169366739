"""Configuration: find it, read it, check it. All values are plain, so that worker processes can be sent them."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

from dslint.findings import SEVERITIES
from dslint.ruledef import accepts, type_name

NAMES = (".dslint.toml", "dslint.toml", "pyproject.toml")
BASELINE = "dslint-baseline.json"
ROLE_KEYS = ("train", "validation", "test")
FILE_KEYS = (*ROLE_KEYS, "against")  # what the set is only compared with: benchmarks


class ConfigError(Exception):
    """Configuration that cannot be followed; the message is one line."""


@dataclass(frozen=True)
class DatasetConfig:
    """One `[[dataset]]`: glob patterns of its files by role."""

    name: str
    train: tuple[str, ...] = ()
    validation: tuple[str, ...] = ()
    test: tuple[str, ...] = ()
    against: tuple[str, ...] = ()


@dataclass(frozen=True)
class Waiver:
    """One `[[waiver]]`: findings of `rule` in the record whose digest begins with `record`, and why they stay."""

    rule: str
    record: str
    reason: str


@dataclass(frozen=True)
class Config:
    """What was asked for. Patterns and rule paths are relative to `folder`, the configuration's own."""

    folder: Path = field(default_factory=Path)
    path: Path | None = None
    target: str = "generic"
    layout: str = ""
    select: tuple[str, ...] = ("default",)
    extend_select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    fail_on: str = "error"
    max_per_rule: int = 5
    exclude: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    per_file_ignores: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    severity: Mapping[str, str] = field(default_factory=dict)
    options: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    dataset: tuple[DatasetConfig, ...] = ()
    waiver: tuple[Waiver, ...] = ()
    isolated: bool = False

    @property
    def baseline(self) -> Path | None:
        """The baseline beside the configuration, if there is one and configuration counts."""
        place = self.folder / BASELINE
        return place if not self.isolated and place.is_file() else None

    def covers(self, pattern: str, name: str) -> bool:
        """Whether a pattern fits a file's name, as it was given or from the configuration's folder."""
        from_folder = os.path.relpath(os.path.abspath(name), self.folder.resolve())
        return fnmatch(name, pattern) or fnmatch(from_folder.replace(os.sep, "/"), pattern)


STRINGS = list[str]
KEYS: dict[str, Any] = {
    "target": str,
    "layout": str,
    "select": STRINGS,
    "extend-select": STRINGS,
    "ignore": STRINGS,
    "fail-on": str,
    "max-per-rule": int,
    "exclude": STRINGS,
    "rules": STRINGS,
    "per-file-ignores": dict,
    "severity": dict,
    "options": dict,
    "dataset": list,
    "waiver": list,
}
DATASET_KEYS: dict[str, Any] = {"name": str, **dict.fromkeys(FILE_KEYS, STRINGS)}
WAIVER_KEYS = ("rule", "record", "reason")
SHORTEST_RECORD = 8  # hex digits of a record's digest, as git has it


def suggest(word: str, choices: Iterable[str]) -> str:
    """` (did you mean …?)` when a choice is close, else nothing."""
    from difflib import get_close_matches

    close = get_close_matches(word, list(choices), n=1, cutoff=0.6)
    return f" (did you mean `{close[0]}`?)" if close else ""


def _line_of(text: str, key: str) -> int:
    """The line a key stands on, for the message: as a key of its own, else somewhere on it; 1 when on none."""
    lines = list(enumerate(text.split("\n"), 1))
    start = next((place for place, (_, line) in enumerate(lines) if "tool.dslint" in line), 0)
    for number, line in lines[start:]:
        path = line.partition("=")[0].strip().strip("[]").strip()
        if key in (path.strip("\"'"), *(part.strip().strip("\"'") for part in path.split("."))):
            return number
    return next((number for number, line in lines[start:] if key in line), 1)


def _check_keys(
    table: Mapping[str, Any], known: Mapping[str, Any], place: Path, text: str, prefix: str = ""
) -> None:
    for key, value in table.items():
        where = f"{place}:{_line_of(text, key)}"
        if key not in known:
            raise ConfigError(f"{where}: unknown key `{prefix}{key}`{suggest(key, known)}")
        if not accepts(known[key], value):
            wanted = {dict: "a table", list: "an array of tables"}.get(known[key]) or type_name(known[key])
            raise ConfigError(f"{where}: {prefix}{key} must be {wanted}")


def _datasets(tables: list[Any], place: Path, text: str) -> tuple[DatasetConfig, ...]:
    found = []
    for number, table in enumerate(tables, 1):
        if not isinstance(table, dict):
            raise ConfigError(
                f"{place}:{_line_of(text, 'dataset')}: dataset must be an array of tables, [[dataset]]"
            )
        _check_keys(table, DATASET_KEYS, place, text, "dataset.")
        patterns = {role: tuple(table.get(role, ())) for role in FILE_KEYS}
        found.append(DatasetConfig(table.get("name", f"dataset {number}"), **patterns))
    return tuple(found)


def _waivers(tables: list[Any], place: Path, text: str) -> tuple[Waiver, ...]:
    found = []
    line = f"{place}:{_line_of(text, 'waiver')}"
    for table in tables:
        if not isinstance(table, dict):
            raise ConfigError(f"{line}: waiver must be an array of tables, [[waiver]]")
        _check_keys(table, dict.fromkeys(WAIVER_KEYS, str), place, text, "waiver.")
        missing = [key for key in WAIVER_KEYS if not table.get(key, "").strip()]
        if missing:
            raise ConfigError(f"{line}: a waiver needs {missing[0]}")
        if not re.fullmatch(f"[0-9a-f]{{{SHORTEST_RECORD},32}}", table["record"]):
            raise ConfigError(
                f"{line}: waiver.record must be {SHORTEST_RECORD} to 32 hex digits, as json output has them"
            )
        found.append(Waiver(**table))
    return tuple(found)


def _nested(table: Mapping[str, Any], key: str, wanted: Any, place: Path, text: str) -> dict[str, Any]:
    entries = table.get(key, {})
    for name, value in entries.items():
        if not accepts(wanted, value):
            raise ConfigError(f"{place}:{_line_of(text, name)}: {key}.{name} must be {type_name(wanted)}")
    return dict(entries)


def from_table(table: Mapping[str, Any], path: Path, text: str = "") -> Config:
    """The configuration in a TOML table. Raises ConfigError naming file, line and key."""
    _check_keys(table, KEYS, path, text)
    values: dict[str, Any] = {
        key.replace("-", "_"): tuple(value) if isinstance(value, list) else value for key, value in table.items()
    }
    ignores = _nested(table, "per-file-ignores", STRINGS, path, text)
    values["per_file_ignores"] = {pattern: tuple(selectors) for pattern, selectors in ignores.items()}
    values["severity"] = _nested(table, "severity", str, path, text)
    for name, table_of in table.get("options", {}).items():
        if not isinstance(table_of, dict):
            raise ConfigError(f"{path}:{_line_of(text, name)}: options.{name} must be a table")
    values["dataset"] = _datasets(table.get("dataset", []), path, text)
    values["waiver"] = _waivers(table.get("waiver", []), path, text)
    for name, severity in values["severity"].items():
        if severity not in SEVERITIES:
            raise ConfigError(
                f"{path}:{_line_of(text, name)}: severity.{name} must be one of {', '.join(SEVERITIES)}"
            )
    if values.get("fail_on", "error") not in (*SEVERITIES, "never"):
        line = _line_of(text, "fail-on")
        raise ConfigError(f"{path}:{line}: fail-on must be one of {', '.join(SEVERITIES)} or never")
    check_layout(values.get("layout", ""), f"{path}:{_line_of(text, 'layout')}: ")
    return Config(folder=path.parent, path=path, **values)


def check_layout(name: str, place: str = "") -> None:
    """Raise ConfigError when there is no layout of that name; "" is told from each record's keys."""
    from dslint.layouts import layouts

    names = [layout.name for layout in layouts()]
    if name and name not in names:
        raise ConfigError(f"{place}unknown layout {name!r} (there are {', '.join(sorted(names))})")


def read(path: Path) -> Config | None:
    """The configuration in a file; None in a pyproject.toml that says nothing of dslint. Raises ConfigError."""
    try:
        text = path.read_text("utf-8")
        table = tomllib.loads(text)
    except OSError as error:
        raise ConfigError(f"{path}: {error.strerror}") from None
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        raise ConfigError(f"{path}: {error}") from None
    if path.name == "pyproject.toml":
        tools = table.get("tool")
        if not isinstance(tools, dict) or "dslint" not in tools:
            return None
        table = tools["dslint"]
        if not isinstance(table, dict):
            raise ConfigError(f"{path}:{_line_of(text, 'dslint')}: tool.dslint must be a table")
    return from_table(table, path, text)


def discover(start: Path) -> Config:
    """The nearest configuration at or above a folder, up to the root of its git repository; the default if none."""
    for folder in (start, *start.parents):
        for name in NAMES:
            path = folder / name
            if path.is_file():
                config = read(path)
                if config is not None:
                    return config
        if (folder / ".git").exists():
            break
    return Config(folder=start)


def overridden(config: Config, **changes: Any) -> Config:
    """The configuration with everything that is not None in `changes` put in its place."""
    from dataclasses import replace

    known = {field.name for field in fields(config)}
    return replace(config, **{key: value for key, value in changes.items() if key in known and value is not None})
