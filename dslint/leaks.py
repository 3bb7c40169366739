"""Which facts of a later role, or of any in a reference file, stand in an earlier one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from dslint.dataset import NearPair
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
