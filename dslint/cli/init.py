"""`dslint init`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

HELP = """Write a commented dslint.toml from what is seen in the data: layout, roles of files, labels.

Example: dslint init data/

Exit codes: 0 written, 2 could not do the job."""

NAME = "dslint.toml"


def init(
    paths: Annotated[list[str] | None, typer.Argument(help="Files or folders; this folder without any.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace a dslint.toml that is there.")] = False,
) -> int:
    """Look, and write."""
    from dslint.cli.arguments import complaints, configuration
    from dslint.config import ConfigError
    from dslint.inputs import gather
    from dslint.starting import first_configuration

    if Path(NAME).exists() and not force:
        raise ConfigError(f"{NAME} exists; --force replaces it")
    settings = configuration(None, isolated=True)
    inputs = gather(paths or ["."], settings)
    try:
        for line in complaints(inputs):
            typer.echo(line, err=True)
        if inputs.troubles or not inputs.sources:
            return 2
        text = first_configuration(inputs.sources, settings)
    finally:
        inputs.close()
    Path(NAME).write_text(text, "utf-8", newline="\n")
    typer.echo(f"wrote {NAME}; see what it says with: dslint lint")
    return 0
