"""`dslint stats`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from dslint.cli import choices

HELP = """Say what is in a set: records, turns, tokens by role, longest records, labels, system prompts.

Example: dslint stats data/train.jsonl data/test.jsonl

Exit codes: 0 done, 2 could not do the job, 130 interrupted."""


def stats(
    paths: Annotated[list[str] | None, typer.Argument(help="Files, folders, or - for standard input.")] = None,
    output_format: Annotated[
        str,
        typer.Option(
            "--format", "--output-format", help="text or json.", autocompletion=choices.among("text", "json")
        ),
    ] = "text",
    layout: Annotated[
        str | None,
        typer.Option(
            help="Layout of the records, told from their keys without it.", autocompletion=choices.layouts
        ),
    ] = None,
    config: Annotated[Path | None, typer.Option(help="Configuration file.")] = None,
    isolated: Annotated[bool, typer.Option("--isolated", help="Ignore configuration files.")] = False,
    no_progress: Annotated[bool, typer.Option("--no-progress", help="No progress on standard error.")] = False,
) -> int:
    """Count, and print."""
    from dslint.cli.arguments import configuration
    from dslint.cli.counting import counted
    from dslint.report import facts
    from dslint.stats import summed_up

    if output_format not in ("text", "json"):
        raise typer.BadParameter(f"{output_format!r} is not one of text, json", param_hint="--format")
    settings = configuration(config, isolated=isolated, layout=layout)
    with counted(paths or [], settings, progress=not no_progress) as (sources, found, failed):
        if not found.records:
            return 2
        known = summed_up(found, sources, settings)
        print(facts.as_json(known) if output_format == "json" else "\n".join(facts.text(known)))
        return 2 if failed else 0
