"""A split, planned: which record goes where, and why some go nowhere."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from dslint.assignment import assign, cluster_of, position
from dslint.clustering import Clustering, Line, Row, cluster, collectors
from dslint.compare import by_turn
from dslint.config import Config, ConfigError
from dslint.disputes import KEEP, Dispute, disputes
from dslint.driver import Result, conclude, read
from dslint.engine import Plan
from dslint.fields import Field
from dslint.findings import Finding
from dslint.parts import Parts, wanted
from dslint.previous import Previous
from dslint.ruledef import Rule
from dslint.selection import DATASET_SUBJECTS, select
from dslint.sources import Source

CAPPED = "max-per-cluster"  # why a record is set aside, where no rule says so
COUNTED_BYTES = 2 << 20  # of records whose tokens are counted; of more data a sample of this size is


@dataclass(frozen=True)
class Wish:
    """How to split.

    Records that share a value of a field of `group_by` stay together; those of `stratify_by` (or else labels) are
    kept in proportion. `conflicts` is a policy of `disputes`, `max_per_cluster` 0 for no limit, `folds` 0 for none.
    """

    parts: Parts
    seed: int = 0
    group_by: tuple[Field, ...] = ()
    stratify_by: tuple[Field, ...] = ()
    conflicts: str = KEEP
    max_per_cluster: int = 0
    folds: int = 0
    previous: Previous | None = None


class Reason(NamedTuple):
    """Why a record is set aside: a rule (or option) with what it says, and where in the record."""

    code: str
    name: str
    message: str
    json_path: str = ""


@dataclass
class Placement:
    """Where every record goes: part by line; lines without one are rejected, with the reasons.

    `wanted` has the rows each part should have, `disputes` the conflicts that were met. Of an earlier split, `old`
    has the part of each of its records, `torn` counts clusters that it had divided.
    """

    wanted: Mapping[str, float]
    clustering: Clustering
    split: dict[Line, str] = field(default_factory=dict)
    reasons: dict[Line, list[Reason]] = field(default_factory=dict)
    disputes: list[Dispute] = field(default_factory=list)
    old: dict[Line, str] = field(default_factory=dict)
    torn: int = 0


def place(
    sources: Sequence[Source], config: Config, wish: Wish, report: Callable[[int], None]
) -> tuple[Placement, Result]:
    """Lint the sources as one set and say where each of their records goes. Raises ConfigError."""
    sources = [replace(source, role="", dataset="split") for source in sources]
    size = sum(source.size for source in sources)
    gathered = collectors(wish.group_by, wish.stratify_by, COUNTED_BYTES / max(size, 1))
    plan = Plan(select(config), gathered.all())
    reading = read(plan, sources, config, report=report)
    result = conclude(plan, reading, sources, config)
    if result.failed:
        return Placement({}, Clustering()), result
    clustering = cluster(reading, gathered)
    _check_fields(clustering, wish)
    rules = {rule.code: rule for rule in result.rules}
    placement = Placement({}, clustering, reasons=_faulty(result.findings, rules))
    conflicting = [one for one in result.findings if rules[one.code].conflict and one.severity != "info"]
    placement.disputes = disputes(conflicting, reading.facts_of(by_turn), clustering)
    _settle_disputes(placement, wish, rules)
    placement.old = _homes(placement, wish)
    _thin_out(placement, wish)
    placement.wanted = wanted(wish.parts, sum(row.line not in placement.reasons for row in clustering.rows))
    _distribute(placement, wish)
    return placement, result


def _check_fields(clustering: Clustering, wish: Wish) -> None:
    """A field that no record has is misspelt, and a split without it would leak."""
    rows = clustering.rows
    for named, missing in zip(wish.group_by, clustering.ungrouped, strict=True):
        if rows and missing == len(rows):
            raise ConfigError(f"no record has a field {named.text!r} (--group-by)")
    if rows and wish.stratify_by and not any(row.stratum for row in rows):
        names = ", ".join(named.text for named in wish.stratify_by)
        raise ConfigError(f"no record has a field {names!r} (--stratify-by)")


def _faulty(findings: Iterable[Finding], rules: Mapping[str, Rule]) -> dict[Line, list[Reason]]:
    """Lines with an error of their own."""
    found: dict[Line, list[Reason]] = {}
    for one in findings:
        if one.where.line and one.severity == "error" and rules[one.code].subject not in DATASET_SUBJECTS:
            reason = Reason(one.code, rules[one.code].name, one.message, one.where.json_path)
            found.setdefault((one.where.source, one.where.line), []).append(reason)
    return found


def _settle_disputes(placement: Placement, wish: Wish, rules: Mapping[str, Rule]) -> None:
    sound = {row.line for row in placement.clustering.rows}.difference(placement.reasons)
    for dispute in placement.disputes:
        one = dispute.finding
        for line in dispute.rejected(wish.conflicts, sound):
            own = (one.where.source, one.where.line) == line
            reason = Reason(one.code, rules[one.code].name, one.message, one.where.json_path if own else "")
            placement.reasons.setdefault(line, []).append(reason)


def _homes(placement: Placement, wish: Wish) -> dict[Line, str]:
    """The parts in which records stood before; of identical lines as many stay in each as stood there."""
    found: dict[Line, str] = {}
    if wish.previous is not None:
        met = Counter[bytes]()
        for row in placement.clustering.rows:
            homes = wish.previous.homes.get(row.digest, ())
            if row.line not in placement.reasons and met[row.digest] < len(homes):
                found[row.line] = homes[met[row.digest]]
                met[row.digest] += 1
    return found


def _grouped(placement: Placement, number: Mapping[Line, int]) -> list[list[Row]]:
    """The rows that are kept, by cluster."""
    found: dict[int, list[Row]] = {}
    for row in placement.clustering.rows:
        if row.line not in placement.reasons:
            found.setdefault(number[row.line], []).append(row)
    return list(found.values())


def _thin_out(placement: Placement, wish: Wish) -> None:
    """Set aside what a cluster has too much of, chosen by content.

    Records of an earlier split stay, and so does every side of a dispute: thinning must not decide it.
    """
    if not wish.max_per_cluster:
        return
    disputed = {line for dispute in placement.disputes for line in dispute.answers}
    if wish.conflicts != KEEP:
        disputed.clear()  # what is left of a dispute agrees
    for rows in _grouped(placement, placement.clustering.alike):
        counted = [row for row in rows if row.line not in disputed]
        counted.sort(key=lambda row: (row.line not in placement.old, position(row.digest, wish.seed)))
        for row in counted[wish.max_per_cluster :]:
            if row.line not in placement.old:
                reason = Reason(
                    "", CAPPED, f"one of {len(counted):,} near-duplicates, limit {wish.max_per_cluster:,}"
                )
                placement.reasons[row.line] = [reason]


def _distribute(placement: Placement, wish: Wish) -> None:
    """Old records stay, clusters follow them, and the others fill the parts."""
    fixed: dict[str, Counter[str]] = {part.name: Counter() for part in wish.parts}
    free = []
    for rows in _grouped(placement, placement.clustering.together):
        homes = Counter(placement.old[row.line] for row in rows if row.line in placement.old)
        if not homes:
            free.append(cluster_of(rows, wish.seed))
            continue
        placement.torn += len(homes) > 1
        # New rows of a cluster that stood in two parts follow most of it: whatever is done, it leaks already.
        home = max(fixed, key=lambda part: homes[part])
        for row in rows:
            part = placement.split[row.line] = placement.old.get(row.line, home)
            fixed[part][row.stratum] += 1
    for part, whole in assign(free, placement.wanted, fixed):
        for row in whole.rows:
            placement.split[row.line] = part
