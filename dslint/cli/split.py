"""`dslint split`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

HELP = """Write train and test files that do not leak, and set aside what has errors.

Example: dslint split data/all.jsonl -o data/split --ratio 80:20

Near-duplicates and records that share a --group-by field stay in one split; labels are kept in proportion; a
line goes where its content says, whatever the order. Every line read ends in exactly one file: train, validation,
test or rejected, all of them appear in one step, and `dslint split --check data/split` proves it again: sizes,
lines and digests. Exit codes: 0 written (sound), 1 only with --check: it differs, 2 could not do the job,
130 interrupted."""

NAMES = {2: ("train", "test"), 3: ("train", "validation", "test")}


def shares(ratio: str) -> dict[str, float]:
    """`90:10` as train and test, `80:10:10` as train, validation and test. Raises typer.BadParameter."""
    try:
        parts = [float(part) for part in ratio.split(":")]
    except ValueError:
        parts = []
    if len(parts) not in NAMES or any(not 0 < part < 1e9 for part in parts):
        raise typer.BadParameter(f"{ratio!r} is not like 90:10 or 80:10:10", param_hint="--ratio")
    return {name: part / sum(parts) for name, part in zip(NAMES[len(parts)], parts, strict=True)}


def split(
    paths: Annotated[list[str] | None, typer.Argument(help="Files or folders.")] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Folder to write, new or with an older split.")
    ] = None,
    ratio: Annotated[str, typer.Option(help="Shares of train:test or train:validation:test.")] = "90:10",
    group_by: Annotated[list[str] | None, typer.Option(help="Field whose equal values stay together.")] = None,
    conflicts: Annotated[str, typer.Option(help="keep or reject records with conflicting answers.")] = "keep",
    seed: Annotated[int, typer.Option(help="Another seed gives another split.")] = 0,
    target: Annotated[str | None, typer.Option(help="What the data is for.")] = None,
    layout: Annotated[str | None, typer.Option(help="Layout of the records.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace an older split.")] = False,
    config: Annotated[Path | None, typer.Option(help="Configuration file.")] = None,
    isolated: Annotated[bool, typer.Option("--isolated", help="Ignore configuration files.")] = False,
    check: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Write nothing; say whether DIR is still the split it was.")
    ] = None,
    no_progress: Annotated[bool, typer.Option("--no-progress", help="No progress on standard error.")] = False,
) -> int:
    """Split, and say what went where."""
    if check is not None:
        from dslint.cli.checking import verify

        if paths or output:
            raise typer.BadParameter("takes neither paths nor --output", param_hint="--check")
        return verify(check)
    if not paths or output is None:
        raise typer.BadParameter("needed to split: paths to read, and -o with a folder to write")

    from dslint.cli.arguments import configuration, split_list
    from dslint.cli.splitting import perform
    from dslint.inputs import gather
    from dslint.splits import Wish

    if conflicts not in ("keep", "reject"):
        raise typer.BadParameter(f"{conflicts!r} is not one of keep, reject", param_hint="--conflicts")
    settings = configuration(config, isolated=isolated, target=target, layout=layout)
    wish = Wish(shares(ratio), seed, split_list(group_by) or (), conflicts == "reject")
    inputs = gather(paths, settings, unroll=False)
    try:
        return perform(paths, inputs, settings, wish, output, force=force, progress=not no_progress)
    finally:
        inputs.close()
