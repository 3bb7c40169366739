"""Which records must stay together: near-duplicates, equal questions, groups that the user names."""

from __future__ import annotations

import marshal
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import NamedTuple

from dslint.budget import ENCODING, PER_MESSAGE, REPLY
from dslint.compare import by_question, by_text, by_turn
from dslint.dataset import Dataset, NearPair
from dslint.decode import BOM
from dslint.driver import Reading
from dslint.exchanges import exchange
from dslint.fields import Field
from dslint.findings import Fact
from dslint.records import Record, digest
from dslint.ruledef import GroupBy
from dslint.tokens import record_tokens

NEAR = 90.0  # likeness of two questions from which their records stay in one split
NEAR_GUARDED = 85.0  # likeness from which the guard may still call two questions the same
LABEL = "label"  # a field of that name, else the answer where it reads like a label
COUNTED_BYTES = 1 << 16  # of a record whose tokens are counted: a tokeniser can take minutes for a huge word
UNCOUNTED = -1

Line = tuple[str, int]


class Row(NamedTuple):
    """A record to be placed.

    `digest` is that of its line, `stratum` its label or the fields that are kept in proportion ("" for none),
    `tokens` may be UNCOUNTED, `size` is in bytes.
    """

    line: Line
    digest: bytes
    stratum: str
    tokens: int
    size: int


def describe(strata: tuple[Field, ...], counted: float, record: Record) -> Iterator[tuple[bytes, bytes]]:
    """What a row says of a record; of the share `counted` of all records, chosen by content, tokens are counted."""
    raw = record.raw.removeprefix(BOM).strip()
    key, tokens = digest(raw), UNCOUNTED
    if len(raw) <= COUNTED_BYTES and int.from_bytes(key[:4], "big") < counted * 2**32:
        each, others = record_tokens(record, ENCODING, per_message=PER_MESSAGE, reply=REPLY)
        tokens = sum(each) + others
    yield key, marshal.dumps((_stratum(strata, record), tokens, len(raw)))


def _stratum(strata: tuple[Field, ...], record: Record) -> str:
    if not strata:
        return _label(record)
    found = [
        _label(record) if field.text == LABEL and LABEL not in record.data else field.of(record.data) or ""
        for field in strata
    ]
    return " | ".join(found) if any(found) else ""


def _label(record: Record) -> str:
    found = exchange(record)
    # Lone surrogates can be in a record, but not in a manifest.
    return found.answer.encode("utf-8", "replace").decode() if found is not None and found.label else ""


def same_field(field: Field, record: Record) -> Iterator[tuple[bytes, bytes]]:
    """Key: the value of the field. For groups."""
    value = field.of(record.data)
    if value is not None:
        yield digest(value.encode("utf-8", "replace")), b""


class Collectors(NamedTuple):
    """What to gather from each record besides what rules ask for."""

    row: GroupBy
    groups: tuple[GroupBy, ...]

    def all(self) -> tuple[GroupBy, ...]:
        """In the order in which a plan has them."""
        return (self.row, by_question, by_text, by_turn, *self.groups)


def collectors(group_by: Sequence[Field], stratify_by: Sequence[Field], counted: float) -> Collectors:
    """The collectors for these fields."""
    groups = tuple(partial(same_field, field) for field in group_by)
    return Collectors(partial(describe, tuple(stratify_by), counted), groups)


class Forest:
    """Sets of things that belong together (union-find); each set is known by its first member."""

    def __init__(self) -> None:
        self.number: dict[Hashable, int] = {}
        self.parent: list[int] = []

    def root(self, thing: Hashable) -> int:
        """The number of the first member of the thing's set; a thing not met before is a set of its own."""
        number = self.number.setdefault(thing, len(self.parent))
        if number == len(self.parent):
            self.parent.append(number)
        while self.parent[number] != number:
            self.parent[number] = self.parent[self.parent[number]]
            number = self.parent[number]
        return number

    def join(self, one: Hashable, other: Hashable) -> None:
        """Make one set of two."""
        a, b = self.root(one), self.root(other)
        self.parent[max(a, b)] = min(a, b)

    def join_equal(self, facts: Iterable[Fact]) -> None:
        """Put the lines of facts with equal keys together."""
        first: dict[bytes, Line] = {}
        for fact in facts:
            line = fact.source, fact.line
            self.join(first.setdefault(fact.key, line), line)


@dataclass
class Clustering:
    """The rows, and which of them belong together.

    `alike` and `together` have a cluster's number by line: near-duplicates, and these with the user's groups.
    `pairs` are the near-duplicates found one by one, `recut` counts chains that were cut because they drift.
    """

    rows: list[Row] = field(default_factory=list)
    alike: dict[Line, int] = field(default_factory=dict)
    together: dict[Line, int] = field(default_factory=dict)
    dataset: Dataset = field(default_factory=lambda: Dataset(()))
    pairs: list[NearPair] = field(default_factory=list)
    recut: int = 0
    ungrouped: list[int] = field(default_factory=list)


def cluster(reading: Reading, wanted: Collectors) -> Clustering:
    """The rows of a reading in clusters."""
    described = reading.facts_of(wanted.row)
    rows = [Row((fact.source, fact.line), fact.key, *marshal.loads(fact.value)) for fact in described]
    found = Clustering(rows, dataset=Dataset((), reading.facts_of(by_text)))
    forest = Forest()
    forest.join_equal(described)  # first, so that the forest numbers all rows
    forest.join_equal(reading.facts_of(by_question))
    near = found.dataset.near(NEAR_GUARDED)
    found.pairs = [pair for pair in near if pair.score >= NEAR or found.dataset.same_request(pair)]
    edges, found.recut = _chained(found.pairs)
    for one, other in edges:
        forest.join((one.source, one.line), (other.source, other.line))
    found.alike = {row.line: forest.root(row.line) for row in rows}
    for group in wanted.groups:
        grouped = reading.facts_of(group)
        forest.join_equal(grouped)
        found.ungrouped.append(len(rows) - len(grouped))
    found.together = {row.line: forest.root(row.line) for row in rows} if wanted.groups else found.alike
    return found


def _chained(pairs: Sequence[NearPair]) -> tuple[list[tuple[Fact, Fact]], int]:
    """Pairs of facts that chains of near-duplicates connect, and how many chains were cut because they drift."""
    from dslint.similarity import Pair, components

    known = sorted({fact for pair in pairs for fact in pair[:2]})
    place = {fact: number for number, fact in enumerate(known)}
    edges = [Pair(place[pair.first], place[pair.second], pair.score) for pair in pairs]
    groups, recut = components(edges, len(known))
    return [(known[group[0]], known[row]) for group in groups for row in group[1:]], recut
