"""Which records must stay together: near-duplicates, equal questions, groups that the user names."""

from __future__ import annotations

import marshal
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

from dslint.budget import ENCODING, PER_MESSAGE, REPLY
from dslint.collecting import Batch, Collector, Columns, GroupBy
from dslint.compare import by_question, by_text, by_turn, compared
from dslint.dataset import Dataset, NearPair
from dslint.decode import BOM
from dslint.driver import Reading
from dslint.exchanges import Exchange
from dslint.facts import Facts
from dslint.fields import Field
from dslint.findings import Fact
from dslint.near_search import NearSearch
from dslint.records import Record, digest
from dslint.recordset import UNCOUNTED, Forest, Ints, Records
from dslint.tokens import record_tokens

NEAR = 90.0  # likeness of two questions from which their records stay in one split
NEAR_GUARDED = 85.0  # likeness from which the guard may still call two questions the same
LABEL = "label"  # a field of that name, else the answer where it reads like a label
COUNTED_BYTES = 1 << 16  # of a record whose tokens are counted: a tokeniser can take minutes for a huge word


def describe(strata: tuple[Field, ...], counted: float, batch: Batch) -> Columns:
    """What is kept of each record: the digest of its line, its stratum, tokens and bytes.

    Of the share `counted` of all records, chosen by content, tokens are counted.
    """
    lines, keys, values = [], [], []
    for record, asked in zip(batch.records, compared(batch).exchanges, strict=True):
        raw = record.raw.removeprefix(BOM).strip()
        key, tokens = digest(raw), UNCOUNTED
        if len(raw) <= COUNTED_BYTES and int.from_bytes(key[:4], "big") < counted * 2**32:
            each, others = record_tokens(record, ENCODING, per_message=PER_MESSAGE, reply=REPLY)
            tokens = sum(each) + others
        lines.append(record.line)
        keys.append(key)
        values.append(marshal.dumps((_stratum(strata, record, asked), tokens, len(raw))))
    return Columns(lines, keys, values)


def _stratum(strata: tuple[Field, ...], record: Record, asked: Exchange | None) -> str:
    if not strata:
        return _label(asked)
    found = [
        _label(asked) if field.text == LABEL and LABEL not in record.data else field.of(record.data) or ""
        for field in strata
    ]
    return " | ".join(found) if any(found) else ""


def _label(asked: Exchange | None) -> str:
    # Lone surrogates can be in a record, but not in a manifest.
    return asked.answer.encode("utf-8", "replace").decode() if asked is not None and asked.label else ""


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
    return Collectors(Collector(partial(describe, tuple(stratify_by), counted)), groups)


@dataclass
class Clustering:
    """The records, and which of them belong together.

    `alike` and `together` (n) have a cluster's number by record: near-duplicates, and these with the user's groups.
    `pairs` are the near-duplicates found one by one, `recut` counts chains that were cut because they drift,
    `ungrouped` the records without each of the fields that make groups.
    """

    records: Records
    alike: Ints
    together: Ints
    dataset: Dataset
    pairs: Sequence[NearPair] = ()
    recut: int = 0
    ungrouped: Sequence[int] = ()


def cluster(reading: Reading, wanted: Collectors, search: NearSearch) -> Clustering:
    """The records of a reading in clusters."""
    records = Records(reading.facts_of(wanted.row))
    forest = Forest(len(records))
    for copies in records.facts.repeated():
        forest.join_all(copies)
    _join_equal(forest, reading.facts_of(by_question), records)
    dataset = Dataset((), reading.facts_of(by_text), search)
    near = dataset.near(NEAR_GUARDED)
    pairs = [pair for pair in near if pair.score >= NEAR or dataset.same_request(pair)]
    edges, recut = _chained(pairs)
    for edge in edges:
        forest.join_all(records.number((fact.source, fact.line)) for fact in edge)
    alike = together = forest.roots()
    groups = [reading.facts_of(group) for group in wanted.groups]
    for group in groups:
        _join_equal(forest, group, records)
        together = forest.roots()
    ungrouped = [len(records) - len(group) for group in groups]
    return Clustering(records, alike, together, dataset, pairs, recut, ungrouped)


def _join_equal(forest: Forest, facts: Facts, records: Records) -> None:
    """Put the records of facts with equal keys together."""
    for group in facts.repeated():
        forest.join_all(records.number(facts.line(place)) for place in group)


def _chained(pairs: Sequence[NearPair]) -> tuple[list[tuple[Fact, Fact]], int]:
    """Pairs of facts that chains of near-duplicates connect, and how many chains were cut because they drift."""
    from dslint.similarity import Pair, components

    known = sorted({fact for pair in pairs for fact in pair[:2]})
    place = {fact: number for number, fact in enumerate(known)}
    edges = [Pair(place[pair.first], place[pair.second], pair.score) for pair in pairs]
    groups, recut = components(edges, len(known))
    return [(known[group[0]], known[row]) for group in groups for row in group[1:]], recut
