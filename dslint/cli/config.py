"""`dslint config`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from dslint.cli import choices

HELP = """Explain the keys of dslint.toml, or print their JSON Schema.

Example: dslint config fail-on

Example: dslint config --schema > dslint.schema.json

The schema knows the rules that dslint comes with, those of rule packages, and those that the configuration names.
Options of a rule: `dslint rule NAME`. Exit codes: 0 done, 2 could not do the job."""

WIDTH = 16


def config(
    key: Annotated[
        str | None, typer.Argument(help="A key, all of them without.", autocompletion=choices.keys)
    ] = None,
    schema: Annotated[bool, typer.Option("--schema", help="Print the JSON Schema of the configuration.")] = False,
    file: Annotated[Path | None, typer.Option("--config", help="Configuration file.")] = None,
    isolated: Annotated[
        bool, typer.Option("--isolated", help="Ignore configuration files and rule packages.")
    ] = False,
) -> int:
    """Print one key, all of them, or the schema."""
    from dslint import config_schema
    from dslint.cli.arguments import configuration
    from dslint.cli.rules import all_rules
    from dslint.config import KEYS, ConfigError, suggest

    if key is not None and schema:
        raise typer.BadParameter("goes without a key", param_hint="--schema")
    if key is not None and key not in KEYS:
        raise ConfigError(f"unknown key `{key}`{suggest(key, KEYS)}")
    found = config_schema.schema(all_rules(configuration(file, isolated=isolated)))
    if schema:
        print(config_schema.as_text(found), end="")
    elif key is not None:
        print("\n".join(_explained(key, found["properties"][key])))
    else:
        for name, known in found["properties"].items():
            print(f"{name.ljust(WIDTH)}  {known['description']}")
    return 0


def _explained(key: str, known: dict[str, Any]) -> list[str]:
    from dslint.config import KEYS
    from dslint.ruledef import type_name

    choices = ", ".join(repr(choice) for choice in known.get("enum", ()))
    kind = f"one of {choices}" if choices else {list: "array of tables"}.get(KEYS[key]) or type_name(KEYS[key])
    default = [f"default: {known['default']!r}"] if "default" in known else []
    items = known.get("items", {}).get("properties", {})
    inner = [f"  {name.ljust(WIDTH - 2)}  {item['description']}" for name, item in items.items()]
    return [key, known["description"], f"type: {kind}", *default, *inner]
