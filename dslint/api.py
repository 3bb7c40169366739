"""The linter as a function: of paths, rows, tables and splits to a report that notebooks and programs can use."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dslint import driver
from dslint.config import Config, ConfigError, discover, from_table, overridden, read
from dslint.findings import SEVERITIES, Finding
from dslint.inputs import gather
from dslint.report import Report as Shown
from dslint.report.machine import crash_line, described
from dslint.rows import of_table, spooled, without_nulls
from dslint.ruledef import Rule
from dslint.sources import Source, SourceError, role_of
from dslint.spooling import Spool
from dslint.targets import load as load_target

if TYPE_CHECKING:
    import pandas
    import polars
    import pyarrow

Settings = str | os.PathLike[str] | Mapping[str, Any] | None  # a configuration: where it stands, or what it says

WHOLE = "<data>"  # the name of rows that are no split; what stands in angle brackets is no file
SET = "<splits>"  # the dataset that the splits of a mapping belong to


@dataclass(frozen=True, repr=False)
class Report:
    """What was found, in report order: by place, then rule.

    `ok` is whether the command line would end with 0: nothing at or above `fail-on`, and no rule crashed. `records`
    is how many were read, `errors` has a line for each rule that raised. What sensitive rules found is masked.
    `shown` is the run as the formats of the command line see it, with the data it read.
    """

    findings: tuple[Finding, ...]
    ok: bool
    records: int
    target: str
    errors: tuple[str, ...] = ()
    rules: Mapping[str, Rule] = field(default_factory=dict)
    shown: Shown | None = field(default=None, compare=False)

    def __repr__(self) -> str:
        found = ", ".join(f"{count} {level}" for level, count in self.counts.items())
        return f"<dslint.Report: {found} in {self.records} records for target {self.target}>"

    @property
    def counts(self) -> dict[str, int]:
        """Number of findings by severity: error, warning, info."""
        found = Counter(finding.severity for finding in self.findings)
        return {level: found[level] for level in SEVERITIES}

    def to_dicts(self) -> list[dict[str, Any]]:
        """A dict for each finding, with the names of the json format; `line` is the row, counted from 1."""
        found = [described(finding, self.rules[finding.code]) for finding in self.findings]
        return [row | {"fix": row["fix"]["applicability"] if row["fix"] else None} for row in found]

    def to_polars(self) -> polars.DataFrame:
        """A row for each finding, columns as in `to_dicts`; `related` is a list of structs."""
        import polars as pl

        place = {"path": pl.String, "line": pl.Int64, "pointer": pl.String, "json_path": pl.String}
        related = pl.List(pl.Struct({**place, "message": pl.String}))
        schema: dict[str, Any] = dict.fromkeys(("code", "name", "severity", "message"), pl.String)
        schema |= {**place, "help": pl.String, "fix": pl.String, "score": pl.Float64, "related": related}
        return pl.DataFrame(self.to_dicts(), schema=schema)

    def to_arrow(self) -> pyarrow.Table:
        """The same as an Arrow table; needs pyarrow."""
        return self.to_polars().to_arrow()

    def to_pandas(self) -> pandas.DataFrame:
        """The same as a pandas frame; needs pandas and pyarrow."""
        return self.to_polars().to_pandas()

    def to_html(self) -> str:
        """The page of `--output-format html`: what is wrong, where, and what is in the set. At most 5 MB.

        The data is read once more. Raises SourceError when a file has changed since, OSError when it is gone.
        """
        from dslint.report.html import html

        if self.shown is None:
            raise ValueError("a report made by hand has no data to show")
        changed = next((source for source in self.shown.sources if source.changed()), None)
        if changed is not None:
            raise SourceError(f"{changed.name}: changed since it was checked", "lint it again")
        out = StringIO()
        html(self.shown, out)
        return out.getvalue()

    def _repr_html_(self) -> str:
        from dslint.report.notebook import fragment

        return fragment(self)


def lint(
    source: Any,
    *,
    target: str | None = None,
    select: str | Sequence[str] | None = None,
    config: Settings = None,
) -> Report:
    """Lint data wherever it stands, and return what was found.

    `source` is a path or a list of paths (files or folders); an iterable of rows, such as a list of dicts or a
    Hugging Face dataset; anything with an Arrow C stream, such as a polars, pandas or pyarrow table; or a mapping
    of split names to any of these. A split's name says its role (train, validation, test), and leakage is looked
    for between them. Of a table, null stands for a key that is absent. Findings in rows name `<data>` or `<split>`,
    and the row's number, counted from 1, as their line.

    `target` is what the data is for, `select` names rules, codes, families, default or all; both override `config`:
    the path of a configuration file, None for the nearest one, as on the command line, with its baseline and
    waivers, or a mapping with the same keys, beside which no file counts. Raises SourceError for data that cannot
    be read, ConfigError for a configuration that cannot be followed, TypeError for a source of another kind.
    """
    wanted = (select,) if isinstance(select, str) else tuple(select) if select is not None else None
    settings = settings_of(config, target=target, select=wanted)
    temporary: list[Spool] = []
    try:
        sources = sources_of(source, settings, temporary)
        result = driver.lint(sources, settings)
        return report_of(result, sources, settings)
    except BaseException:  # whatever ends it: a report keeps its copies, a failure leaves none
        for spool in temporary:
            spool.close()
        raise


def settings_of(given: Settings, *, target: str | None, select: Sequence[str] | None = None) -> Config:
    """The configuration that is given as to `lint`. Raises ConfigError."""
    return overridden(_config(given), target=target, select=select)


def _config(given: Settings) -> Config:
    if given is None:
        return discover(Path.cwd())
    if isinstance(given, Mapping):
        return replace(from_table(given, Path("config")), path=None, isolated=True)
    found = read(Path(given))
    if found is None:
        raise ConfigError(f"{given}: no [tool.dslint] table")
    return found


def sources_of(data: Any, settings: Config, temporary: list[Spool]) -> list[Source]:
    """What to read for data given as to `lint`; copies of it go to `temporary`. Raises SourceError, TypeError."""
    found = _sources(data, settings, WHOLE, temporary)
    _check_names(found)
    return found


def _sources(data: Any, settings: Config, name: str, temporary: list[Spool]) -> list[Source]:
    """What to read for an object; copies of it in `temporary`."""
    if isinstance(data, (str, os.PathLike)):
        data = [data]
    if isinstance(data, (list, tuple)) and data and all(isinstance(item, (str, os.PathLike)) for item in data):
        return _files([os.fspath(item) for item in data], settings, temporary)
    if isinstance(data, Mapping):
        return [source for split in data for source in _split(str(split), data[split], settings, temporary)]
    if hasattr(data, "__arrow_c_stream__"):
        rows: Iterable[Any] = of_table(data, name)
    elif isinstance(data, Iterable) and not isinstance(data, (bytes, bytearray)):
        rows = map(without_nulls, data) if hasattr(data, "features") else data  # of Hugging Face: a table too
    else:
        raise TypeError(f"{name}: neither a path nor rows nor a table but {type(data).__name__}")
    temporary.append(spool := spooled(rows, name))
    return [Source(name, spool.path, role_of(name), holds=(spool,))]


def _files(paths: list[str], settings: Config, temporary: list[Spool]) -> list[Source]:
    inputs = gather(paths, settings, against=[])
    temporary += inputs.temporary
    if inputs.troubles:
        raise inputs.troubles[0]
    if not inputs.sources:
        raise SourceError(inputs.notes[0] if inputs.notes else f"{paths[0]}: nothing to read")
    return inputs.sources


def _split(split: str, data: Any, settings: Config, temporary: list[Spool]) -> list[Source]:
    """The sources of a split, in the role that its name speaks of."""
    if isinstance(data, Mapping):
        raise TypeError(f"split {split!r} is a mapping, not rows, a table or paths")
    found = _sources(data, replace(settings, dataset=()), f"<{split}>", temporary)
    return [replace(source, role=role_of(split), dataset=SET) for source in found]


def _check_names(sources: Iterable[Source]) -> None:
    names = Counter(source.name for source in sources)
    twice = next((name for name, count in names.items() if count > 1), "")
    if twice:
        raise SourceError(f"{twice} is in two splits")


def _hold_back(result: driver.Result, sources: Sequence[Source], settings: Config) -> None:
    """Leave out what the usual baseline and the waivers accept, as the command line does."""
    if settings.baseline is None and not settings.waiver:
        return
    from dslint.baseline import accept
    from dslint.baseline import read as read_baseline

    known = read_baseline(settings.baseline) if settings.baseline else []
    result.findings = accept(result, sources, settings.folder, known, settings.waiver).left


def report_of(result: driver.Result, sources: Sequence[Source], settings: Config) -> Report:
    """The report of a run, without what is known and accepted. Raises SourceError where data could not be read."""
    if result.troubles:
        raise result.troubles[0]
    _hold_back(result, sources, settings)
    target = load_target(settings.target)
    shown = Shown(
        result,
        sources,
        target.name,
        fail_on=settings.fail_on,
        target_ends=target.ends,
        layout=settings.layout,
    )
    findings: Iterable[Finding] = result.findings
    if shown.sensitive:
        findings = (located.finding for located in shown.located())
    errors = tuple(crash_line(crash.name, crash.where, crash.error) for crash in result.crashes)
    ok = not (errors or result.reaches(settings.fail_on))
    return Report(tuple(findings), ok, result.records, settings.target, errors, shown.rules, shown)
