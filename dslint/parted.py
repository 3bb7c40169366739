"""Splitting as a function: of paths, rows and tables to parts that programs and notebooks can use."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dslint.accounts import account
from dslint.api import Report, Settings, report_of, settings_of, sources_of
from dslint.decode import BOM, decode
from dslint.disputes import KEEP, POLICIES
from dslint.fields import parse
from dslint.outputs import line_count
from dslint.parts import Parts, by_name, by_ratio, into_folds
from dslint.sources import Source, SourceError, read_lines
from dslint.splits import Placement, Wish, place, rejected
from dslint.spooling import Spool

if TYPE_CHECKING:
    import polars

RATIO = "90:10"


@dataclass(frozen=True, repr=False)
class Split:
    """Where every record goes. `plan` is what `split.json` says, `report` what was found in the whole set.

    `rejected` has a dict for each reason why a line is in no part: path, line, code, name, message, json_path.
    """

    plan: Mapping[str, Any]
    report: Report
    rejected: tuple[Mapping[str, Any], ...]
    _sources: Sequence[Source]
    _placement: Placement

    def __repr__(self) -> str:
        sizes = ", ".join(f"{name}: {part['records']}" for name, part in self.plan["splits"].items())
        return f"<dslint.Split: {sizes}, rejected: {self.plan['rejected_lines']}>"

    @property
    def parts(self) -> tuple[str, ...]:
        """The names of the parts."""
        return tuple(self.plan["splits"])

    def _lines(self, part: str) -> Iterator[tuple[Source, int, bytes]]:
        if part not in self.parts:
            raise KeyError(f"{part!r} is none of the parts {', '.join(self.parts)}")
        for source in self._sources:
            with source.open() as stream:
                for number, raw in enumerate(read_lines(stream), 1):
                    if self._placement.part_of((source.name, number)) == part:
                        yield source, number, raw

    def places(self, part: str) -> list[tuple[str, int]]:
        """The file and the line, counted from 1, of each record of a part. Raises KeyError for another name."""
        return [(source.name, number) for source, number, _ in self._lines(part)]

    def rows(self, part: str) -> list[int]:
        """The rows of a part, counted from 0, of data that is one table or list; `Dataset.select` takes them.

        Raises ValueError for data that stands in several places.
        """
        if len(self._sources) != 1:
            raise ValueError("the data stands in several places: `places` names each")
        return [number - 1 for _, number, _ in self._lines(part)]

    def records(self, part: str) -> list[dict[str, Any]]:
        """The records of a part, in the order they stand in."""
        found = (decode(raw.strip().removeprefix(BOM)) for _, _, raw in self._lines(part))
        return [record for record in found if record is not None]

    def to_polars(self, part: str) -> polars.DataFrame:
        """The records of a part as a frame."""
        import polars as pl

        return pl.DataFrame(self.records(part), infer_schema_length=None)


def split(
    source: Any,
    *,
    ratio: str | None = None,
    into: Sequence[str] | Mapping[str, str] | None = None,
    folds: int | None = None,
    group_by: str | Sequence[str] = (),
    stratify_by: str | Sequence[str] = (),
    conflicts: str = KEEP,
    max_per_cluster: int | None = None,
    seed: int = 0,
    target: str | None = None,
    config: Settings = None,
) -> Split:
    """Split data, wherever it stands, into parts that do not leak; nothing is written.

    `source` and `config` are as for `dslint.lint`, the others as the options of `dslint split`: `ratio` ("80:20",
    90:10 where nothing is said), `into` ({"train": "rest", "golden": "200"}, or "train=80%" and so on) or `folds`;
    `group_by` and `stratify_by` name fields. Raises ValueError for an option that cannot be followed, SourceError
    for data that cannot be read, ConfigError for a configuration that cannot be followed or a field that no record
    has.
    """
    wish = _wish(_parts(ratio, into, folds), group_by, stratify_by, conflicts, max_per_cluster, seed, folds)
    settings = settings_of(config, target=target)
    temporary: list[Spool] = []
    try:
        sources = sorted(sources_of(source, settings, temporary), key=lambda one: one.name)
        placement, result = place(sources, settings, wish, _nothing)
        report = report_of(result, sources, settings)
        if placement is None:
            raise SourceError(report.errors[0])
        lines = sum(line_count(one, result.files) for one in sources)
        made = Split(
            account(placement, wish, lines), report, tuple(rejected(placement, result)), sources, placement
        )
    except BaseException:  # whatever ends it: a split keeps its copies, a failure leaves none
        for spool in temporary:
            spool.close()
        raise
    return made


def _nothing(_: int) -> None:
    pass


def _parts(ratio: str | None, into: Sequence[str] | Mapping[str, str] | None, folds: int | None) -> Parts:
    if sum(asked is not None for asked in (ratio, into, folds)) > 1:
        raise ValueError("ratio, into and folds each say what to split into: give one of them")
    if folds is not None:
        return into_folds(folds)
    if into is not None:
        return by_name([f"{name}={amount}" for name, amount in into.items()] if isinstance(into, Mapping) else into)
    return by_ratio(RATIO if ratio is None else ratio)


def _wish(
    parts: Parts,
    group_by: str | Iterable[str],
    stratify_by: str | Iterable[str],
    conflicts: str,
    max_per_cluster: int | None,
    seed: int,
    folds: int | None,
) -> Wish:
    if conflicts not in POLICIES:
        raise ValueError(f"conflicts must be one of {', '.join(POLICIES)}, not {conflicts!r}")
    if max_per_cluster is not None and max_per_cluster < 1:
        raise ValueError(f"max_per_cluster is {max_per_cluster}, less than 1")
    groups, strata = (
        tuple(parse(text) for text in ([given] if isinstance(given, str) else given))
        for given in (group_by, stratify_by)
    )
    return Wish(parts, seed, groups, strata, conflicts, max_per_cluster or 0, folds or 0)
