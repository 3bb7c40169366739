"""What is known of files and sets of files once every line has been read: counts, facts, near-duplicates."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from itertools import combinations, product
from typing import TYPE_CHECKING, NamedTuple, overload

from dslint.compare import answer_of, check_of, question_of
from dslint.contexts import BARE
from dslint.facts import Facts
from dslint.findings import REFERENCE, Fact, Finding, Related, Where
from dslint.near_search import NearSearch
from dslint.nfkc import fold
from dslint.records import digest

if TYPE_CHECKING:
    from dslint.similarity import Difference, Join


@dataclass
class File:
    """Counts of one file.

    `role` is train, validation, test or ""; `size` is in bytes as the file stands on disk; `lines` counts physical
    lines, `records` those that hold an object;
    `layouts` maps a layout's name to its number of records, `first` to the first line it stands on. `marks` are
    those of a source: (lines, bytes) before places in it.
    """

    source: str
    role: str
    size: int = 0
    lines: int = 0
    records: int = 0
    layouts: Counter[str] = field(default_factory=Counter)
    first: dict[str, int] = field(default_factory=dict)
    marks: list[tuple[int, int]] = field(default_factory=list)

    @property
    def layout(self) -> str:
        """The layout most records have, "" in a file without records."""
        return min(self.layouts, key=lambda name: (-self.layouts[name], self.first[name]), default="")

    def finding(self, message: str, *, line: int = 0, severity: str = "") -> Finding:
        """A finding about the file."""
        return Finding(Where(self.source, line), message, severity=severity)

    def add(self, other: File) -> None:
        """Append what was counted in the following part of the same file."""
        for name, line in other.first.items():
            self.first.setdefault(name, self.lines + line)
        self.marks += [(self.lines + lines, start) for lines, start in other.marks]
        self.lines += other.lines
        self.records += other.records
        self.layouts.update(other.layouts)


TALLY_KEYS = 10_000  # a count of more kinds than this says nothing about the set, and is dropped


@dataclass
class Tally:
    """How often each key occurs in a file: key to [records, the first line that has it].

    More than TALLY_KEYS kinds are no vocabulary: then `counts` is empty and `dropped` true.
    """

    file: File
    counts: dict[str, list[int]] = field(default_factory=dict)
    dropped: bool = False

    def add(self, key: str, line: int, times: int = 1) -> None:
        """Count a key `times` more, first met on `line`."""
        known = self.counts.get(key)
        if known is not None:
            known[0] += times
            if line < known[1]:
                known[1] = line
        elif not self.dropped:
            self.counts[key] = [times, line]
            if len(self.counts) > TALLY_KEYS:
                self.counts.clear()
                self.dropped = True

    def merge(self, other: Tally, shift: int) -> None:
        """Add what was counted in the following part of the file, which begins after line `shift`."""
        self.dropped |= other.dropped
        for key, (count, first) in other.counts.items():
            self.add(key, first + shift, count)
        if self.dropped:
            self.counts.clear()

    def finding(self, message: str, *, key: str = "", pointer: str = "", severity: str = "") -> Finding:
        """A finding about the file, or about the first record that has `key`."""
        line = self.counts[key][1] if key else 0
        return Finding(Where(self.file.source, line, pointer if line else ""), message, severity=severity)


class NearPair(NamedTuple):
    """Two facts whose questions are nearly the same, or the same in two contexts; `score` is 0 to 100."""

    first: Fact
    second: Fact
    score: float

    @property
    def in_context(self) -> bool:
        """Whether both questions are asked in the same context."""
        return self.first.key == self.second.key

    @property
    def same(self) -> bool:
        """Whether the questions are equal but for case and white space."""
        return fold(question(self.first)) == fold(question(self.second))


def question(fact: Fact) -> str:
    """The question in the value of a fact made by `compare.by_text`."""
    return question_of(fact.value)


def asked(fact: Fact) -> bytes:
    """The key that `compare.by_question` gives to the question of a fact made by `compare.by_text`."""
    return digest(fact.key + fold(question(fact)).encode("utf-8", "replace"))


# No pair below this likeness is ever reported, so one join at this score serves every rule.
NEAR_FLOOR = 85.0


WHOLE_GROUP = 32  # rows; in larger groups of equal texts only pairs with the first one are looked at


def _within(group: Sequence[int]) -> Iterator[tuple[int, int]]:
    if len(group) <= WHOLE_GROUP:
        return combinations(group, 2)
    return ((group[0], other) for other in group[1:])


def _comparable(one: Fact, other: Fact) -> bool:
    """Whether two questions stand in one context, or one is a reference's that has none."""
    return one.key == other.key or any(fact.role == REFERENCE and fact.key == BARE for fact in (one, other))


class Questions(Sequence[str]):
    """The questions of facts made by `compare.by_text`, read when asked for."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts

    @cached_property
    def checks(self) -> array[int]:
        """The CRC-32 of each, of its bytes as they are kept."""
        return array("I", map(check_of, self.facts.values()))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Questions) and self.facts.segments == other.facts.segments

    def __len__(self) -> int:
        return len(self.facts)

    def __iter__(self) -> Iterator[str]:
        return map(question_of, self.facts.values())

    @overload
    def __getitem__(self, row: int) -> str: ...
    @overload
    def __getitem__(self, row: slice) -> list[str]: ...
    def __getitem__(self, row: int | slice) -> str | list[str]:
        return list(map(question, self.facts[row])) if isinstance(row, slice) else question(self.facts[row])


class Dataset:
    """A set of files that belong together, and the facts a rule gathered from their records, in file order."""

    def __init__(self, files: Sequence[File], facts: Facts | None = None, search: NearSearch | None = None) -> None:
        self.files, self.facts = list(files), facts or Facts()
        self.search = search or NearSearch()

    @cached_property
    def _compared(self) -> Facts:
        """The facts, those of references first: of many equal texts all pairs with one are looked at."""
        return self.facts.references_first()

    @cached_property
    def _questions(self) -> Questions:
        return Questions(self._compared)

    @cached_property
    def _join(self) -> Join:
        return self.search.join(self._questions, NEAR_FLOOR, [file.source for file in self.files])

    @cached_property
    def _words(self) -> dict[str, int]:
        from dslint.similarity import rarity

        return rarity(self._questions, {row for group in self._join.groups for row in group[1:]})

    def same_request(self, pair: NearPair) -> bool:
        """Whether only typos, inflections or neutral words tell the two questions apart."""
        return not self.difference(pair).reason

    def difference(self, pair: NearPair) -> Difference:
        """What tells the two questions apart, as the guard sees it."""
        from dslint.similarity import difference_of

        return difference_of(question(pair.first), question(pair.second), self._words)

    @cached_property
    def _near(self) -> list[NearPair]:
        fact = lru_cache(None)(self._compared.__getitem__)  # one object for each, however many pairs it is in
        groups = {group[0]: self._distinct(group) for group in self._join.groups}
        found = [
            NearPair(fact(a), fact(b), 100.0)
            for group in groups.values()
            for a, b in _within(group)
            if _comparable(fact(a), fact(b))
        ]
        found = [pair for pair in found if not (pair.in_context and pair.same)]
        for a, b, score in self._join.pairs:
            alone = a not in groups and b not in groups
            for edge in ((a, b),) if alone else product(groups.get(a, (a,)), groups.get(b, (b,))):
                one, other = fact(min(edge)), fact(max(edge))
                if _comparable(one, other):
                    found.append(NearPair(one, other, score))
        return sorted(found)

    def _distinct(self, group: Iterable[int]) -> list[int]:
        """The rows of a group whose role, context, question or answer is new."""
        facts = ((row, self._compared[row]) for row in reversed(list(group)))
        return sorted({(fact.role, fact.key, fact.value): row for row, fact in facts}.values())

    def near(self, threshold: float) -> list[NearPair]:
        """Pairs of facts of one context whose questions are alike at or above `threshold`, in file order.

        Questions that are equal but for case and white space are not near but the same. Of facts with the same
        question, answer and role only the first takes part. A question that a reference asks without any context
        is compared with those of all contexts. Raises ValueError below NEAR_FLOOR.
        """
        if threshold < NEAR_FLOOR:
            raise ValueError(f"near-duplicates are not looked for below {NEAR_FLOOR:g}")
        return [pair for pair in self._near if pair.score >= threshold and (pair.in_context or not pair.same)]

    def out_of_context(self) -> list[NearPair]:
        """Pairs of the same question, which a reference asks without any context and a record within one."""
        return [pair for pair in self._near if not pair.in_context and pair.same]


def stars(pairs: Iterable[NearPair]) -> list[list[Fact]]:
    """Clusters of facts that pairs connect, each with its centre first, in file order of the centres."""
    from dslint.similarity import Pair
    from dslint.similarity import stars as cluster

    pairs = list(pairs)
    known = {id(pair.first): pair.first for pair in pairs} | {id(pair.second): pair.second for pair in pairs}
    facts = sorted(known.values())  # known by their identity: to hash a fact takes long
    place = {id(fact): number for number, fact in enumerate(facts)}
    edges = [Pair(place[id(pair.first)], place[id(pair.second)], pair.score) for pair in pairs]
    return sorted([facts[row] for row in rows] for rows in cluster(edges, len(facts)) if len(rows) > 1)


def same_role(facts: Iterable[Fact]) -> list[list[Fact]]:
    """Facts by the role of their file, each list in file order."""
    by_role: dict[str, list[Fact]] = {}
    for fact in facts:
        by_role.setdefault(fact.role, []).append(fact)
    return list(by_role.values())


def questions_of(facts: Iterable[Fact], note: str) -> tuple[Related, ...]:
    """Where these facts' questions stand, each with the same note."""
    return tuple(Related(Where(fact.source, fact.line, answer_of(fact.value).asked_at), note) for fact in facts)


def related(facts: Iterable[Fact], note: str) -> tuple[Related, ...]:
    """The places of these facts, each with the same note."""
    return tuple(Related(fact.where, note) for fact in facts)
