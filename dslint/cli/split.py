"""`dslint split`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from dslint.cli import choices

if TYPE_CHECKING:
    from dslint.parts import Parts
    from dslint.previous import Previous

HELP = """Write train and test files that do not leak, and set aside what has errors.

Example: dslint split data/all.jsonl -o data/split --ratio 80:20

Example: dslint split data/all.jsonl -o data/split --into train=rest,validation=10%,golden=200

Example: dslint split data/all.jsonl -o data/next --keep data/split

Near-duplicates and records that share a --group-by field stay in one part; labels, or --stratify-by fields, are
kept in proportion; a line goes where its content says, whatever the order. Shares and sizes are met as near as
whole clusters allow. A field is metadata.user_id, messages[0].content or a JSON pointer such as /metadata/user_id.
Every line read ends in exactly one file: that of its part, or rejected.jsonl with the reason. Where the folder
holds a split already, the plan is shown and nothing is written without --force. All files appear in one step, and
`dslint split --check data/split` proves sizes, lines and digests again. Exit codes: 0 written (planned with
--dry-run, sound with --check), 1 only with --check: it differs, 2 could not do the job, 130 interrupted."""

RATIO = "90:10"

Given = TypeVar("Given")
Made = TypeVar("Made")


def parts(ratio: str | None, into: list[str] | None, folds: int | None, previous: Previous | None) -> Parts:
    """The parts asked for in one of three ways, else those of the split to keep. Raises typer.BadParameter."""
    from dslint.cli.arguments import split_list
    from dslint.parts import by_name, by_ratio, into_folds

    given = [
        name for name, value in (("--ratio", ratio), ("--into", into), ("--folds", folds)) if value is not None
    ]
    if len(given) > 1:
        raise typer.BadParameter(f"{given[0]} and {given[1]} both say what to split into", param_hint=given[1])
    if folds is not None:
        return _valid("--folds", into_folds, folds)
    if into is not None:
        return _valid("--into", by_name, split_list(into) or ())
    if ratio is None and previous is not None and previous.into:
        return _valid("--keep", by_name, [f"{name}={asked}" for name, asked in previous.into.items()])
    return _valid("--ratio", by_ratio, RATIO if ratio is None else ratio)


def _valid(option: str, make: Callable[[Given], Made], value: Given) -> Made:
    try:
        return make(value)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint=option) from None


def check_kept(wanted: Parts, previous: Previous) -> None:
    """Raise typer.BadParameter when records of the old split would have to leave their part."""
    lost = sorted(set(previous.records) - {part.name for part in wanted})
    if lost:
        count = previous.records[lost[0]]
        raise typer.BadParameter(
            f"{lost[0]!r} of the old split ({count:,} records) is no part of this one", param_hint="--keep"
        )


def split(
    paths: Annotated[list[str] | None, typer.Argument(help="Files or folders.")] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Folder to write, new or with an older split.")
    ] = None,
    ratio: Annotated[
        str | None, typer.Option(help=f"Shares of train:test or train:validation:test (default {RATIO}).")
    ] = None,
    into: Annotated[
        list[str] | None, typer.Option(help="Parts by name: train=80%,test=20% or train=rest,golden=200.")
    ] = None,
    folds: Annotated[
        int | None, typer.Option(help="So many parts of one size, fold-1 … fold-K, for cross-validation.")
    ] = None,
    group_by: Annotated[
        list[str] | None, typer.Option(help="Field whose equal values stay together; A,B for several.")
    ] = None,
    stratify_by: Annotated[
        list[str] | None, typer.Option(help="Field kept in proportion, instead of answers that are labels.")
    ] = None,
    keep: Annotated[
        Path | None, typer.Option(help="Folder (or split.json) of an older split: its records stay in their parts.")
    ] = None,
    conflicts: Annotated[
        str,
        typer.Option(
            help="Of contradicting records keep or reject all, or keep the majority.",
            autocompletion=choices.conflicts,
        ),
    ] = "keep",
    max_per_cluster: Annotated[
        int | None, typer.Option(help="Of near-duplicates keep so many, set the others aside.")
    ] = None,
    seed: Annotated[int, typer.Option(help="Another seed gives another split.")] = 0,
    target: Annotated[
        str | None, typer.Option(help="What the data is for.", autocompletion=choices.targets)
    ] = None,
    layout: Annotated[
        str | None, typer.Option(help="Layout of the records.", autocompletion=choices.layouts)
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show the plan, write nothing.")] = False,
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
    from dslint.cli.splitting import Run, perform
    from dslint.disputes import POLICIES
    from dslint.fields import parse
    from dslint.inputs import gather
    from dslint.previous import read_previous
    from dslint.splits import Wish

    if conflicts not in POLICIES:
        raise typer.BadParameter(f"{conflicts!r} is not one of {', '.join(POLICIES)}", param_hint="--conflicts")
    if max_per_cluster is not None and max_per_cluster < 1:
        raise typer.BadParameter(f"{max_per_cluster} is less than 1", param_hint="--max-per-cluster")
    groups = [_valid("--group-by", parse, text) for text in split_list(group_by) or ()]
    strata = [_valid("--stratify-by", parse, text) for text in split_list(stratify_by) or ()]
    settings = configuration(config, isolated=isolated, target=target, layout=layout)
    previous = None if keep is None else read_previous(keep)
    wanted = parts(ratio, into, folds, previous)
    if previous is not None:
        check_kept(wanted, previous)
    wish = Wish(wanted, seed, tuple(groups), tuple(strata), conflicts, max_per_cluster or 0, folds or 0, previous)
    inputs = gather(paths, settings, unroll=False)
    try:
        return perform(Run(paths, inputs, settings, wish, output, dry_run, force, not no_progress))
    finally:
        inputs.close()
