"""A split, planned: which record goes where, and why some go nowhere."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from dslint.assignment import assign, clusters_of, position
from dslint.clustering import Clustering, cluster, collectors
from dslint.compare import by_turn
from dslint.config import Config, ConfigError
from dslint.disputes import KEEP, Dispute, disputes
from dslint.driver import Result, conclude, read
from dslint.engine import Plan
from dslint.fields import Field
from dslint.findings import Finding
from dslint.near_search import NearSearch
from dslint.parts import Parts, wanted
from dslint.previous import Previous
from dslint.recordset import Ints, Line, Mask
from dslint.ruledef import Rule
from dslint.selection import DATASET_SUBJECTS, select
from dslint.sources import Source

Parted = NDArray[np.int16]
ASIDE = -1  # in no part
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
    """Where every record goes: `split` (n) has its part by place among `parts`, ASIDE where it is rejected.

    `reasons` say why, for lines without a record, too. `wanted` has the records each part should have, `disputes`
    the conflicts that were met. Of an earlier split, `old` (n) has the part of each of its records, ASIDE for new
    ones, and `torn` are the clusters that it had divided.
    """

    clustering: Clustering
    parts: Sequence[str]
    split: Parted
    old: Parted
    reasons: dict[Line, list[Reason]] = field(default_factory=dict)
    wanted: Mapping[str, float] = field(default_factory=dict)
    disputes: list[Dispute] = field(default_factory=list)
    torn: set[int] = field(default_factory=set)

    @property
    def sound(self) -> Mask:
        """Which records (n) no reason keeps out."""
        records = self.clustering.records
        found = np.ones(len(records), bool)
        for line in self.reasons:
            number = records.number(line)
            if number >= 0:
                found[number] = False
        return found

    def part_of(self, line: Line) -> str:
        """The part that a line goes to, "" for none."""
        number = self.clustering.records.number(line)
        return self.parts[self.split[number]] if number >= 0 and self.split[number] != ASIDE else ""


def place(
    sources: Sequence[Source], config: Config, wish: Wish, report: Callable[[int], None]
) -> tuple[Placement | None, Result]:
    """Lint the sources as one set and say where each of their records goes, unless that cannot be found out.

    Raises ConfigError.
    """
    sources = [replace(source, role="", dataset="split") for source in sources]
    size = sum(source.size for source in sources)
    gathered = collectors(wish.group_by, wish.stratify_by, COUNTED_BYTES / max(size, 1))
    plan = Plan(select(config), gathered.all())
    search = NearSearch()
    reading = read(plan, sources, config, report=report)
    result = conclude(plan, reading, sources, config, search)
    if result.failed:
        return None, result
    clustering = cluster(reading, gathered, search)
    _check_fields(clustering, wish)
    rules = {rule.code: rule for rule in result.rules}
    nowhere = np.full(len(clustering.records), ASIDE, np.int16)
    parts = [part.name for part in wish.parts]
    placement = Placement(clustering, parts, nowhere, nowhere.copy(), _faulty(result.findings, rules))
    conflicting = [one for one in result.findings if rules[one.code].conflict and one.severity != "info"]
    placement.disputes = disputes(conflicting, reading.facts_of(by_turn), clustering)
    _settle_disputes(placement, wish, rules)
    _find_homes(placement, wish)
    _thin_out(placement, wish)
    placement.wanted = wanted(wish.parts, int(placement.sound.sum()))
    _distribute(placement, wish)
    return placement, result


def rejected(placement: Placement, result: Result) -> Iterator[dict[str, Any]]:
    """Why lines are in no part, in their order: file, line, and what a rule, or an option, says of it."""
    names = {rule.code: rule.name for rule in result.rules}
    by_line = dict(placement.reasons)
    for finding in result.findings:  # a blank line is only a warning, but holds no record to keep
        line = finding.where.source, finding.where.line
        if finding.where.line and line not in by_line and not placement.part_of(line):
            by_line[line] = [Reason(finding.code, names[finding.code], finding.message, finding.where.json_path)]
    for (source, number), reasons in sorted(by_line.items()):
        for reason in reasons:
            yield {"path": source, "line": number, **reason._asdict()}


def _check_fields(clustering: Clustering, wish: Wish) -> None:
    """A field that no record has is misspelt, and a split without it would leak."""
    records = clustering.records
    for named, missing in zip(wish.group_by, clustering.ungrouped, strict=True):
        if len(records) and missing == len(records):
            raise ConfigError(f"no record has a field {named.text!r} (--group-by)")
    if len(records) and wish.stratify_by and not any(records.strata[one] for one in np.unique(records.stratum)):
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
    kept_out = set(placement.reasons)
    for dispute in placement.disputes:
        one = dispute.finding
        for line in dispute.rejected(wish.conflicts, dispute.answers.keys() - kept_out):
            own = (one.where.source, one.where.line) == line
            reason = Reason(one.code, rules[one.code].name, one.message, one.where.json_path if own else "")
            placement.reasons.setdefault(line, []).append(reason)


def _find_homes(placement: Placement, wish: Wish) -> None:
    """The parts in which records stood before; of identical lines as many stay in each as stood there."""
    if wish.previous is None:
        return
    met = Counter[bytes]()
    sound = placement.sound
    for number, digest in enumerate(placement.clustering.records.digests()):
        homes = wish.previous.homes.get(digest, ())
        if met[digest] < len(homes) and sound[number]:
            placement.old[number] = placement.parts.index(homes[met[digest]])
            met[digest] += 1


def _clusters(placement: Placement, number: Ints, chosen: Mask) -> Iterator[list[int]]:
    """The chosen records of each cluster that has several of them."""
    members = np.flatnonzero(chosen)
    members = members[np.argsort(number[members], kind="stable")]
    begins = np.flatnonzero(np.diff(number[members], prepend=-1))
    ends = np.append(begins[1:], len(members))
    several = ends - begins > 1
    for begin, end in zip(begins[several].tolist(), ends[several].tolist(), strict=True):
        yield members[begin:end].tolist()


def _thin_out(placement: Placement, wish: Wish) -> None:
    """Set aside what a cluster has too much of, chosen by content.

    Records of an earlier split stay, and so does every side of a dispute: thinning must not decide it.
    """
    if not wish.max_per_cluster:
        return
    records, old = placement.clustering.records, placement.old
    counted = placement.sound
    if wish.conflicts == KEEP:  # else what is left of a dispute agrees
        for dispute in placement.disputes:
            counted[[number for number in map(records.number, dispute.answers) if number >= 0]] = False
    for members in _clusters(placement, placement.clustering.alike, counted):
        members.sort(key=lambda one: (old[one] == ASIDE, position(records.digest(one), wish.seed)))
        for one in members[wish.max_per_cluster :]:
            if old[one] == ASIDE:
                reason = Reason(
                    "", CAPPED, f"one of {len(members):,} near-duplicates, limit {wish.max_per_cluster:,}"
                )
                placement.reasons[records.line(one)] = [reason]


def _distribute(placement: Placement, wish: Wish) -> None:
    """Old records stay, clusters follow them, and the others fill the parts."""
    records, together = placement.clustering.records, placement.clustering.together
    fixed = {part: Counter[int]() for part in placement.parts}
    free = placement.sound
    for root, members in _settled(placement, free):
        homes = Counter(placement.old[members][placement.old[members] != ASIDE].tolist())
        if len(homes) > 1:
            placement.torn.add(root)
        # New records of a cluster that stood in two parts follow most of it: whatever is done, it leaks already.
        home = max(range(len(placement.parts)), key=lambda part: homes[part])
        split = np.where(placement.old[members] == ASIDE, home, placement.old[members])
        placement.split[members], free[members] = split, False
        for part, stratum in zip(split.tolist(), records.stratum[members].tolist(), strict=True):
            fixed[placement.parts[part]][stratum] += 1
    clusters = clusters_of(records, together, free, wish.seed)
    parts = assign(clusters, placement.wanted, fixed)
    placement.split[clusters.members] = np.repeat(parts, clusters.size)


def _settled(placement: Placement, sound: Mask) -> Iterator[tuple[int, Ints]]:
    """The clusters that have records of an earlier split, each with all of its sound ones."""
    together = placement.clustering.together
    roots = np.unique(together[placement.old != ASIDE])
    members = np.flatnonzero(sound & np.isin(together, roots)).astype(np.int32)
    members = members[np.argsort(together[members], kind="stable")]
    cuts = np.flatnonzero(np.diff(together[members])) + 1
    for having in np.split(members, cuts) if len(members) else ():
        yield int(together[having[0]]), having
