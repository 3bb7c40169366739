"""Find rules: the built-in folder, installed packages, files a configuration names. One door for all."""

from __future__ import annotations

import os
import sys
import tomllib
from collections.abc import Iterable, Iterator
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

from dslint import watch
from dslint.interrupts import by_user
from dslint.ruledef import Rule, RuleError

GROUP = "dslint.rules"
NOT_RULES = ("retired.toml", "dslint.toml")
NO_RULES_IN = ("targets", "prices", "__pycache__")
LONGEST_TEXT = 1000  # characters of what an exception says


def builtin() -> Path:
    """The folder of built-in rules: in the wheel inside the package, in a checkout beside it."""
    here = Path(__file__).resolve().parent
    inside = here / "rules"
    return inside if inside.is_dir() else here.parent / "rules"


def _load_python(path: Path) -> list[Rule]:
    name = f"dslint_rule_{path.stem}"
    spec = spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise RuleError(f"{path}: cannot be loaded")
    module = module_from_spec(spec)
    sys.modules[name] = module
    watch.announce(watch.LOADING, str(path), 0)
    try:
        spec.loader.exec_module(module)
    except RuleError as error:
        raise RuleError(f"{path}:{_line_in(error, spec.origin)}: {error}") from None
    except BaseException as error:  # whatever a stranger's file raises is its own fault
        if by_user(error) and not watch.watched():
            raise
        line = error.lineno if isinstance(error, SyntaxError) else _line_in(error, spec.origin)
        raise RuleError(f"{path}:{line}: {type(error).__name__}: {said_by(error)}") from error
    watch.announce("", str(path), 0)
    return [value for value in vars(module).values() if isinstance(value, Rule)]


def said_by(error: BaseException) -> str:
    """The text of an exception, whatever its own `__str__` does."""
    try:
        text = str(error)
    except BaseException:  # a stranger wrote that method
        return "<an error without a text>"
    return text[:LONGEST_TEXT].encode("utf-8", "backslashreplace").decode()


def _line_in(error: BaseException, file: str | None) -> int:
    line, trace = 1, error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == file:
            line = trace.tb_lineno
        trace = trace.tb_next
    return line


def load_file(path: Path) -> list[Rule]:
    """The rules of one .py or .toml file. Raises RuleError when it cannot be used."""
    from dataclasses import replace

    if path.suffix == ".toml":
        from dslint.kinds import load_toml

        rules = load_toml(path)
    else:
        rules = _load_python(path)
    return [replace(rule, origin=str(path)) for rule in rules]


def rule_files(root: Path) -> Iterator[Path]:
    """The rule files under a folder (or the file itself), sorted; names that start with `_` are helpers."""
    if root.is_file():
        yield root
        return
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(name for name in folders if name not in NO_RULES_IN)
        for name in sorted(names):
            if name.endswith((".py", ".toml")) and not name.startswith("_") and name not in NOT_RULES:
                yield Path(folder, name)


def _may_have_plugins() -> bool:
    """Whether an installed package speaks of our group; to look takes a tenth of importing importlib.metadata."""
    for folder in filter(os.path.exists, dict.fromkeys(sys.path)):
        if not os.path.isdir(folder):  # an archive
            return True
        for name in os.listdir(folder):
            stated = Path(folder, name, "entry_points.txt") if name.endswith("-info") else None
            if stated is not None and stated.is_file() and GROUP.encode() in stated.read_bytes():
                return True
    return False


def plugins() -> list[Path]:
    """The folders of rule packages installed beside us (entry point group `dslint.rules`)."""
    if not _may_have_plugins():
        return []
    from importlib.metadata import entry_points
    from importlib.util import find_spec

    folders: list[Path] = []
    for point in sorted(entry_points(group=GROUP), key=lambda point: point.name):
        spec = find_spec(point.module)
        places = list(spec.submodule_search_locations or ()) if spec else []
        if not places:
            raise RuleError(f"entry point {point.name}: {point.module} is no package with rule files")
        folders.extend(Path(place) for place in places)
    return folders


def load(extra: Iterable[Path] = (), *, isolated: bool = False) -> dict[str, Rule]:
    """All rules by code: built-in, from packages (unless isolated), and from `extra` files or folders.

    Raises RuleError on a rule file that is wrong, a missing path, or a code or name taken twice.
    """
    rules: dict[str, Rule] = {}
    names: dict[str, str] = {}
    for root in (builtin(), *(() if isolated else plugins()), *extra):
        if not root.exists():
            raise RuleError(f"rules: {root} does not exist")
        for path in rule_files(root):
            for rule in load_file(path):
                taken = rules.get(rule.code) or rules.get(names.get(rule.name, ""))
                if taken is not None:
                    raise RuleError(f"{path}: {rule.code} ({rule.name}) is taken by {taken.name} in {taken.origin}")
                rules[rule.code], names[rule.name] = rule, rule.code
    return dict(sorted(rules.items()))


def retired() -> dict[str, str]:
    """Codes and names that are no longer used, and what to know about each."""
    path = builtin() / "retired.toml"
    table: dict[str, Any] = tomllib.loads(path.read_text("utf-8")) if path.is_file() else {}
    return {name: str(reason) for name, reason in table.items()}


def page(rule: Rule) -> str:
    """The rule's page: the Markdown file beside it, else its docstring."""
    if not rule.origin:
        return rule.doc
    path = Path(rule.origin).with_name(rule.name.replace("-", "_") + ".md")
    return path.read_text("utf-8") if path.is_file() else rule.doc
