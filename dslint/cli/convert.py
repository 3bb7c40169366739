"""`dslint convert`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from dslint.cli import choices

HELP = """Write records in another layout, and say what had no place there.

Example: dslint convert sharegpt.json --to chat -o train.jsonl

An output that ends in .parquet is a table. Lines that cannot be converted go to OUTPUT.rejected.jsonl as they are.
Exit codes: 0 all converted, 1 some lines were rejected, 2 could not do the job."""


def convert(
    paths: Annotated[list[str], typer.Argument(help="Files or folders.")],
    to: Annotated[
        str,
        typer.Option(
            help="Layout to write: alpaca, bedrock, chat, gemini, preference …",
            autocompletion=choices.written_layouts,
        ),
    ],
    output: Annotated[Path, typer.Option("--output", "-o", help="File to write.")],
    layout: Annotated[
        str | None,
        typer.Option(help="Layout to read, told from the keys without it.", autocompletion=choices.layouts),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace the output.")] = False,
) -> int:
    """Convert, and report losses."""
    from dslint.cli.arguments import complaints, configuration, trouble_lines
    from dslint.cli.converting import perform
    from dslint.convert import WRITERS
    from dslint.inputs import gather
    from dslint.sources import SourceError

    if to not in WRITERS:
        raise typer.BadParameter(f"{to!r} is not one of {', '.join(WRITERS)}", param_hint="--to")
    settings = configuration(None, isolated=True, layout=layout)
    inputs = gather(paths, settings)
    try:
        for line in complaints(inputs):
            typer.echo(line, err=True)
        if inputs.troubles:
            return 2
        return perform(inputs.sources, settings.layout, to, output, force=force)
    except SourceError as error:
        for line in trouble_lines(error):
            typer.echo(line, err=True)
        return 2
    finally:
        inputs.close()
