"""`dslint lint`."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from dslint.cli import choices

HELP = """Check chat-format JSONL files.

Example: dslint lint data/train.jsonl data/test.jsonl

Exit codes: 0 nothing at or above --fail-on, 1 findings, 2 could not do the job, 130 interrupted."""


LONGEST_PATH = 4096
LEVELS = ("error", "warning", "info", "never")
SCOPES = ("file", "dataset")
COLORS = ("auto", "always", "never")


def default_format() -> str:
    """Annotations in GitHub Actions, text for people elsewhere."""
    return "github" if os.environ.get("GITHUB_ACTIONS") == "true" else "full"


def lint(
    paths: Annotated[list[str] | None, typer.Argument(help="Files, folders, or - for standard input.")] = None,
    select: Annotated[
        list[str] | None,
        typer.Option(
            help="Only these rules: names, codes, families, default, all.", autocompletion=choices.selectors
        ),
    ] = None,
    ignore: Annotated[
        list[str] | None, typer.Option(help="Leave out these rules.", autocompletion=choices.selectors)
    ] = None,
    extend_select: Annotated[
        list[str] | None, typer.Option(help="These rules as well.", autocompletion=choices.selectors)
    ] = None,
    against: Annotated[
        list[str] | None, typer.Option(help="Reference files, such as benchmarks, that must not stand in the data.")
    ] = None,
    target: Annotated[
        str | None, typer.Option(help="What the data is for: generic, openai …", autocompletion=choices.targets)
    ] = None,
    layout: Annotated[
        str | None,
        typer.Option(
            help="Layout of the records, told from their keys without it.", autocompletion=choices.layouts
        ),
    ] = None,
    fail_on: Annotated[
        str | None, typer.Option(help="error, warning, info or never.", autocompletion=choices.among(*LEVELS))
    ] = None,
    fix: Annotated[bool, typer.Option("--fix", help="Apply safe fixes.")] = False,
    unsafe_fixes: Annotated[
        bool, typer.Option("--unsafe-fixes", help="With --fix or --diff: also rewrite records.")
    ] = False,
    diff: Annotated[bool, typer.Option("--diff", help="Show what --fix would write, write nothing.")] = False,
    exit_non_zero_on_fix: Annotated[
        bool, typer.Option("--exit-non-zero-on-fix", help="Exit 1 if anything was fixed.")
    ] = False,
    output_format: Annotated[
        str | None,
        typer.Option(
            envvar="DSLINT_OUTPUT_FORMAT",
            help="full, concise, grouped, html, json, json-lines, github, sarif, gitlab, junit, rdjson, azure, "
            "markdown.",
            autocompletion=choices.formats,
        ),
    ] = None,
    output_file: Annotated[Path | None, typer.Option("--output-file", "-o", help="Write the report here.")] = None,
    report: Annotated[
        list[str] | None,
        typer.Option(metavar="FORMAT=PATH", help="Write another report of the same run; may be repeated."),
    ] = None,
    statistics: Annotated[bool, typer.Option("--statistics", help="Counts per rule instead of findings.")] = False,
    show_files: Annotated[bool, typer.Option("--show-files", help="List the files that would be read.")] = False,
    show_source: Annotated[bool, typer.Option(help="Show the part of the line a finding speaks of.")] = True,
    max_per_rule: Annotated[
        int | None, typer.Option(help="Findings of a rule that text shows per file, 0 for all.")
    ] = None,
    baseline: Annotated[
        Path | None, typer.Option(help="Known findings to leave out; dslint-baseline.json where it is there.")
    ] = None,
    no_baseline: Annotated[bool, typer.Option("--no-baseline", help="Show known findings too.")] = False,
    strict_baseline: Annotated[
        bool, typer.Option("--strict-baseline", help="Exit 1 when the baseline names findings that are gone.")
    ] = False,
    diff_base: Annotated[
        str | None, typer.Option(help="Only findings on lines added or changed since this git revision.")
    ] = None,
    audit: Annotated[
        bool, typer.Option("--audit", help="Measure how many of the near-duplicates in this data are found.")
    ] = False,
    exact: Annotated[
        bool, typer.Option("--exact", help="Compare all pairs of questions: misses nothing, for small sets.")
    ] = False,
    scope: Annotated[
        str,
        typer.Option(
            help="file: no rules across records; dataset: only those.", autocompletion=choices.among(*SCOPES)
        ),
    ] = "",
    exit_zero: Annotated[bool, typer.Option("--exit-zero", help="Exit 0 even with findings.")] = False,
    config: Annotated[Path | None, typer.Option(help="Configuration file.")] = None,
    isolated: Annotated[
        bool, typer.Option("--isolated", help="Ignore configuration files and rule packages.")
    ] = False,
    no_cache: Annotated[
        bool, typer.Option("--no-cache", help="Neither use nor keep what parts of large files gave.")
    ] = False,
    jobs: Annotated[int, typer.Option("--jobs", "-j", help="Processes for large files, 0 for one per core.")] = 1,
    stdin_filename: Annotated[str, typer.Option(help="Name of standard input in the report.")] = "<stdin>",
    color: Annotated[
        str, typer.Option(help="auto, always or never.", autocompletion=choices.among(*COLORS))
    ] = "auto",
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress on standard error.")] = False,
    no_progress: Annotated[bool, typer.Option("--no-progress", help="No progress on standard error.")] = False,
) -> int:
    """Lint, and fix when asked to."""
    from dslint.cli.arguments import configuration, split_list
    from dslint.cli.linting import Request, perform
    from dslint.cli.reports import STDOUT, Wanted, known_format, wanted
    from dslint.inputs import gather
    from dslint.report.visible import visible

    for name, given, known in (
        ("--fail-on", fail_on, LEVELS),
        ("--scope", scope or None, SCOPES),
        ("--color", color, COLORS),
    ):
        if given is not None and given not in known:
            raise typer.BadParameter(f"{given!r} is not one of {', '.join(known)}", param_hint=name)
    format = known_format(output_format or default_format(), "--output-format")
    reports = wanted(Wanted("statistics" if statistics else format, output_file or STDOUT), report or [])
    if diff and report:
        raise typer.BadParameter("goes with a report, and --diff shows none", param_hint="--report")
    settings = configuration(
        config,
        isolated=isolated,
        target=target,
        layout=layout,
        select=split_list(select),
        ignore=split_list(ignore),
        extend_select=split_list(extend_select),
        fail_on=fail_on,
        max_per_rule=max_per_rule,
    )
    inputs = gather(paths or [], settings, stdin_name=stdin_filename, against=against or [])
    try:
        if show_files:
            for source in inputs.sources:
                print(visible(source.name, LONGEST_PATH))
            return 2 if inputs.troubles else 0
        request = Request(
            settings,
            inputs,
            scope=scope,
            baseline=None if no_baseline else baseline or settings.baseline,
            strict_baseline=strict_baseline,
            diff_base=diff_base or "",
            audit=audit,
            exact=exact,
            jobs=jobs,
            cache=not no_cache,
            fix=fix,
            unsafe=unsafe_fixes,
            diff=diff,
            reports=reports,
            show_source=show_source,
            color=color,
            progress=not (quiet or no_progress),
            exit_zero=exit_zero,
            exit_non_zero_on_fix=exit_non_zero_on_fix,
        )
        return perform(request)
    finally:
        inputs.close()
