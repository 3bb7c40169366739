"""Which facts of a later role, or of any in a reference file, stand in an earlier one."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from dslint.dataset import Dataset, NearPair, asked
from dslint.facts import Facts, places_of_repeated
from dslint.findings import REFERENCE, Fact

# Data flows from left to right: what a later role shares with an earlier one has leaked.
ROLE_ORDER = {"train": 0, "validation": 1, "test": 2}


def leaks(facts: Iterable[Fact]) -> Iterator[tuple[Fact, list[Fact]]]:
    """Facts of one key that stand in a later role, each with those of the earliest role that has the key.

    Those that stand in a reference come after them, whatever their role, each with the references.
    """
    facts = list(facts)
    known = sorted((fact for fact in facts if fact.role in ROLE_ORDER), key=lambda fact: ROLE_ORDER[fact.role])
    earliest = [fact for fact in known if fact.role == known[0].role]
    for fact in known[len(earliest) :]:
        yield fact, earliest
    references = [fact for fact in facts if fact.role == REFERENCE]
    for fact in facts if references else ():
        if fact.role != REFERENCE:
            yield fact, references


def sides(pair: NearPair) -> tuple[Fact, Fact] | None:
    """The fact of the later role and that of the earlier one, or of the reference; None when nothing leaks."""
    one, other = sorted(pair[:2], key=lambda fact: ROLE_ORDER.get(fact.role, -1))
    if one.role == other.role:
        return None
    if REFERENCE in (one.role, other.role):
        return (other, one) if one.role == REFERENCE else (one, other)
    return (other, one) if one.role else None


class Share(NamedTuple):
    """How many questions of a role, or of the references, are equal or nearly equal to one of another role."""

    role: str
    other: str
    copied: int
    questions: int


def shares(dataset: Dataset, min_score: float) -> list[Share]:
    """The shares above 0 between the roles of a dataset whose facts are those of `by_text`."""
    roles = dataset.facts.roles
    if len(roles) < 2:
        return []
    copied: dict[tuple[str, str], set[tuple[str, bytes, bytes]]] = {}
    for pair in (*_equal(dataset.facts), *dataset.near(min_score), *dataset.out_of_context()):
        found = sides(pair)
        if found is not None:
            held_out, known = found if found[1].role != REFERENCE else found[::-1]
            copied.setdefault((held_out.role, known.role), set()).add(_said(held_out))
    wanted = {said for having in copied.values() for said in having}
    same = Counter(said for said in map(_said, dataset.facts) if said in wanted)
    return [
        Share(*between, sum(same[one] for one in having), roles[between[0]])
        for between, having in sorted(copied.items(), key=lambda item: _rank(item[0]))
    ]


def _rank(between: tuple[str, str]) -> tuple[int, ...]:
    return tuple(ROLE_ORDER.get(role, len(ROLE_ORDER)) for role in between)


def _said(fact: Fact) -> tuple[str, bytes, bytes]:
    return fact.role, fact.key, fact.value


def _equal(facts: Facts) -> Iterator[NearPair]:
    """Each question with the first equal one of every other role."""
    first: dict[bytes, dict[str, Fact]] = {}
    rows = places_of_repeated(array("Q", (int.from_bytes(asked(fact)[:8], "little") for fact in facts)))
    for row in rows:
        fact = facts[row]
        first.setdefault(asked(fact), {}).setdefault(fact.role, fact)
    for row in rows:
        fact = facts[row]
        for role, other in first[asked(fact)].items():
            if role != fact.role:
                yield NearPair(fact, other, 100.0)
