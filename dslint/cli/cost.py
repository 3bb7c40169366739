"""`dslint cost`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from dslint.cli import choices

HELP = """Say what training on a set costs, by target and model.

Example: dslint cost data/train.jsonl --target openai --epochs 3

Prices are data with a source and a date; where none is known, --price gives one. Validation and test files are
not trained on. Exit codes: 0 done, 2 could not do the job, 130 interrupted."""


def cost(
    paths: Annotated[list[str] | None, typer.Argument(help="Files, folders, or - for standard input.")] = None,
    target: Annotated[
        str | None, typer.Option(help="What the data is for: openai, azure …", autocompletion=choices.targets)
    ] = None,
    model: Annotated[str | None, typer.Option(help="Only this model, with or without its date.")] = None,
    epochs: Annotated[int | None, typer.Option(min=1, help="Epochs of the job, else the provider's own.")] = None,
    price: Annotated[
        float | None, typer.Option(min=0, help="US dollars per million trained tokens, instead of known prices.")
    ] = None,
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
    """Count, multiply, and print."""
    from dslint import prices
    from dslint.cli.arguments import configuration
    from dslint.cli.counting import counted
    from dslint.config import ConfigError
    from dslint.report import costs
    from dslint.targets import TargetError
    from dslint.targets import load as load_target

    if output_format not in ("text", "json"):
        raise typer.BadParameter(f"{output_format!r} is not one of text, json", param_hint="--format")
    settings = configuration(config, isolated=isolated, target=target, layout=layout)
    try:
        wanted, known = load_target(settings.target), prices.load(settings.target)
        models = {model or "at the price given": price} if price is not None else known.models
        models = known.of(model) if model and price is None else models
    except TargetError as error:
        raise ConfigError(str(error)) from None
    with counted(paths or [], settings, progress=not no_progress) as (_, found, failed):
        if not found.records:
            return 2
        hourly = next((file for file in found.files if file.layout in known.by_the_hour), None)
        if hourly is not None:
            raise ConfigError(f"{hourly.source}: {hourly.layout} is billed by the hour, not by tokens")
        bill = prices.bill(found.records, wanted, known, epochs)
        if output_format == "json":
            print(costs.as_json(bill, models, known, wanted))
        else:
            print("\n".join(costs.text(bill, models, known, wanted)))
        return 2 if failed else 0
