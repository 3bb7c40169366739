"""`dslint baseline`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from dslint.cli import choices

HELP = """Accept the findings of today, so that only new ones fail: create, update or prune dslint-baseline.json.

Example: dslint baseline create data/

create writes all findings there are; update also takes out those that are gone; prune only takes those out.
`dslint lint` uses the file from then on. Exit codes: 0 written, 2 could not do the job."""

ACTIONS = ("create", "update", "prune")


def baseline(
    action: Annotated[str, typer.Argument(help="create, update or prune.", autocompletion=choices.among(*ACTIONS))],
    paths: Annotated[list[str] | None, typer.Argument(help="Files or folders, as for lint.")] = None,
    select: Annotated[
        list[str] | None, typer.Option(help="Only these rules.", autocompletion=choices.selectors)
    ] = None,
    target: Annotated[
        str | None, typer.Option(help="What the data is for.", autocompletion=choices.targets)
    ] = None,
    file: Annotated[Path | None, typer.Option("--baseline", help="The baseline file.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Let create replace a file that is there.")] = False,
    config: Annotated[Path | None, typer.Option(help="Configuration file.")] = None,
) -> int:
    """Lint, and write what was found."""
    from dslint.baseline import accept, entries, read, written
    from dslint.cli.arguments import complaints, configuration, split_list, trouble_lines
    from dslint.config import BASELINE, ConfigError
    from dslint.driver import lint
    from dslint.inputs import gather
    from dslint.report.text import plural

    if action not in ACTIONS:
        raise typer.BadParameter(f"{action!r} is not one of {', '.join(ACTIONS)}", param_hint="ACTION")
    settings = configuration(config, isolated=False, target=target, select=split_list(select))
    place = file or settings.folder / BASELINE
    if action == "create" and place.exists() and not force:
        raise ConfigError(f"{place} exists; update brings it up to date, --force replaces it")
    known = [] if action == "create" else read(place)
    inputs = gather(paths or [], settings)
    try:
        result = lint(inputs.sources, settings)
        for line in (*complaints(inputs), *(line for one in result.troubles for line in trouble_lines(one))):
            typer.echo(line, err=True)
        if inputs.troubles or result.failed:
            return 2
        gone = set(accept(result, inputs.sources, place.parent, known).stale)
        kept = [entry for entry in known if entry not in gone]
        found = [] if action == "prune" else entries(result.findings, inputs.sources, place.parent)
    finally:
        inputs.close()
    place.write_text(written([*kept, *found]), "utf-8", newline="\n")
    total, new = (len({entry.key for entry in some}) for some in ([*kept, *found], found))
    before = len({entry.key for entry in known} & {entry.key for entry in found})
    typer.echo(f"{place}: {plural(total, 'entry', 'entries')}, {new - before:,} new, {len(gone):,} gone")
    return 0
