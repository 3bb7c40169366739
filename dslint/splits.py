"""Which record goes where: clusters stay whole, labels in proportion, the same input always the same way."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, NamedTuple

from dslint.compare import by_line, by_question, by_text
from dslint.config import Config
from dslint.dataset import Dataset
from dslint.driver import Reading, Result, conclude, read
from dslint.engine import Plan
from dslint.exchanges import exchange
from dslint.findings import Fact, Finding
from dslint.records import Record, digest
from dslint.ruledef import GroupBy
from dslint.selection import DATASET_SUBJECTS, select
from dslint.sources import Source

NEAR = 90.0  # likeness of two questions from which their records stay in one split
NEAR_GUARDED = 85.0  # likeness from which the guard may still call two questions the same

Line = tuple[str, int]


class Row(NamedTuple):
    """A record to be placed: where it is, a digest of its line, its label ("" when its answer is none)."""

    line: Line
    digest: bytes
    label: str


@dataclass(frozen=True)
class Wish:
    """How to split: shares by split name in order, summing to 1; fields whose equal values stay together."""

    shares: Mapping[str, float]
    seed: int = 0
    group_by: tuple[str, ...] = ()
    reject_conflicts: bool = False


@dataclass
class Placement:
    """Where every record goes: split name by line; lines without one are rejected, with what was found there."""

    split: dict[Line, str] = field(default_factory=dict)
    reasons: dict[Line, list[Finding]] = field(default_factory=dict)
    clusters: int = 0
    largest: int = 0
    recut: int = 0
    labels: dict[str, Counter[str]] = field(default_factory=dict)


def _row(record: Record) -> Iterator[tuple[bytes, bytes]]:
    found = exchange(record)
    label = found.answer if found is not None and found.label else ""
    yield digest(record.raw.strip()), label.encode("utf-8", "replace")


def _group(pointer: str, record: Record) -> Iterator[tuple[bytes, bytes]]:
    value: Any = record.data
    for token in pointer.replace("/", ".").strip(".").split("."):
        value = value.get(token) if isinstance(value, dict) else None
    if value is not None:
        yield digest([pointer, value]), b""


def collectors(wish: Wish) -> list[GroupBy]:
    """What to gather from each record besides what rules ask for."""
    return [_row, by_line, by_question, by_text, *(partial(_group, pointer) for pointer in wish.group_by)]


class Clusters:
    """Sets of lines that must stay together, as a union-find forest over their numbers."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self.number = {line: number for number, line in enumerate(lines)}
        self.parent = list(range(len(lines)))

    def root(self, number: int) -> int:
        """The lowest line of the cluster."""
        while self.parent[number] != number:
            self.parent[number] = self.parent[self.parent[number]]
            number = self.parent[number]
        return number

    def join(self, one: Fact, other: Fact) -> None:
        """Put two facts' lines into one cluster."""
        a = self.root(self.number[one.source, one.line])
        b = self.root(self.number[other.source, other.line])
        self.parent[max(a, b)] = min(a, b)

    def join_equal(self, facts: Iterable[Fact]) -> None:
        """Put facts with equal keys together."""
        first: dict[bytes, Fact] = {}
        for fact in facts:
            self.join(first.setdefault(fact.key, fact), fact)


def _near_edges(facts: Sequence[Fact]) -> tuple[list[tuple[Fact, Fact]], int]:
    """Pairs of facts that chains of near-duplicates connect, and how many chains were cut because they drift."""
    from dslint.similarity import Pair, components

    dataset = Dataset((), facts)
    pairs = [pair for pair in dataset.near(NEAR_GUARDED) if pair.score >= NEAR or dataset.same_request(pair)]
    known = sorted({fact for pair in pairs for fact in pair[:2]})
    place = {fact: number for number, fact in enumerate(known)}
    edges = [Pair(place[pair.first], place[pair.second], pair.score) for pair in pairs]
    groups, recut = components(edges, len(known))
    return [(known[group[0]], known[row]) for group in groups for row in group[1:]], recut


def _bad_lines(result: Result, wish: Wish) -> dict[Line, list[Finding]]:
    """Lines with an error of their own, and with `reject_conflicts` all lines of a conflict."""
    by_code = {rule.code: rule for rule in result.rules}
    bad: dict[Line, list[Finding]] = {}
    for finding in result.findings:
        rule = by_code[finding.code]
        if rule.conflict and wish.reject_conflicts and finding.severity != "info":
            places = [finding.where, *(related.where for related in finding.related)]
        elif finding.where.line and finding.severity == "error" and rule.subject not in DATASET_SUBJECTS:
            places = [finding.where]
        else:
            continue
        for where in places:
            bad.setdefault((where.source, where.line), []).append(finding)
    return bad


def _rows(reading: Reading, place: int) -> list[Row]:
    rows = []
    for part in reading.parts.values():
        for fact in part.facts[place]:
            rows.append(Row((fact.source, fact.line), fact.key, fact.value.decode("utf-8", "replace")))
    return rows


def _facts(plan: Plan, reading: Reading, collector: GroupBy) -> list[Fact]:
    place = plan.collectors.index(collector)
    return [fact for part in reading.parts.values() for fact in part.facts[place]]


def _cluster(plan: Plan, reading: Reading, rows: Sequence[Row], wish: Wish) -> tuple[dict[int, list[Row]], int]:
    """Rows by cluster, and how many chains of near-duplicates were cut."""
    clusters = Clusters([row.line for row in rows])
    for collector in plan.collectors:
        if collector in (by_line, by_question) or isinstance(collector, partial):
            clusters.join_equal(_facts(plan, reading, collector))
    edges, recut = _near_edges(_facts(plan, reading, by_text))
    for one, other in edges:
        clusters.join(one, other)
    by_root: dict[int, list[Row]] = {}
    for number, row in enumerate(rows):
        by_root.setdefault(clusters.root(number), []).append(row)
    return by_root, recut


def _hash(cluster: Sequence[Row], seed: int) -> bytes:
    """Where a cluster stands in the order of assignment: it follows from content and seed alone."""
    return hashlib.blake2b(min(row.digest for row in cluster), digest_size=8, key=str(seed).encode()).digest()


def _stratum(cluster: Sequence[Row]) -> str:
    counts = Counter(row.label for row in cluster)
    return min(counts, key=lambda label: (-counts[label], label))


def assign(clusters: Iterable[Sequence[Row]], wish: Wish) -> Iterator[tuple[str, Sequence[Row]]]:
    """(split, cluster) for every cluster.

    Without labels the share of the hash range decides, so rows added later move no others. With labels, clusters
    go one after the other, in hash order within each label, to the split that lacks most of that label and of all.
    """
    ordered = sorted(((_stratum(cluster), _hash(cluster, wish.seed), cluster) for cluster in clusters), key=_order)
    if len({stratum for stratum, _, _ in ordered}) < 2:
        for _, position, cluster in ordered:
            yield _by_range(int.from_bytes(position) / 2**64, wish.shares), cluster
        return
    whole, of_label = Counter[str](), Counter[str]()
    seen, seen_label, current = 0, 0, ""
    for stratum, _, cluster in ordered:
        if stratum != current:
            of_label, seen_label, current = Counter(), 0, stratum
        seen, seen_label = seen + len(cluster), seen_label + len(cluster)
        lack = {
            name: share * (seen + seen_label) - whole[name] - of_label[name] for name, share in wish.shares.items()
        }
        name = max(lack, key=lambda split: round(lack[split], 9))
        whole[name] += len(cluster)
        of_label[name] += len(cluster)
        yield name, cluster


def _order(entry: tuple[str, bytes, Sequence[Row]]) -> tuple[str, bytes, Line]:
    return entry[0], entry[1], entry[2][0].line


def _by_range(position: float, shares: Mapping[str, float]) -> str:
    reached = 0.0
    for name, share in shares.items():
        reached += share
        if position < reached:
            return name
    return list(shares)[-1]


def place(
    sources: Sequence[Source], config: Config, wish: Wish, report: Callable[[int], None]
) -> tuple[Placement, Result]:
    """Lint the sources and say where each of their records goes. Raises ConfigError."""
    plan = Plan(select(config), collectors(wish))
    reading = read(plan, sources, config, report=report)
    result = conclude(plan, reading, sources, config)
    placement = Placement(reasons=_bad_lines(result, wish))
    rows = _rows(reading, plan.collectors.index(_row))
    by_root, placement.recut = _cluster(plan, reading, rows, wish)
    kept = [[row for row in cluster if row.line not in placement.reasons] for cluster in by_root.values()]
    kept = [cluster for cluster in kept if cluster]
    placement.clusters = sum(len(cluster) > 1 for cluster in kept)
    placement.largest = max((len(cluster) for cluster in kept), default=0)
    for name in wish.shares:
        placement.labels[name] = Counter()
    for name, cluster in assign(kept, wish):
        for row in cluster:
            placement.split[row.line] = name
            placement.labels[name][row.label] += 1
    return placement, result
