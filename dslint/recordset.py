"""The records that a split places, as columns: of millions there are more than fit into memory as objects."""

from __future__ import annotations

import marshal
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator

import numpy as np
from numpy.typing import NDArray

from dslint.facts import Facts

Line = tuple[str, int]
Ints = NDArray[np.int32]
Mask = NDArray[np.bool_]

UNCOUNTED = -1
MIXED = "\0several"  # the stratum of a cluster whose records are of several


class Records:
    """Records by number, in file order.

    `strata` are names in ascending order, MIXED among them, and `stratum` (n) has the place of each record's there:
    its label or the fields that are kept in proportion ("" for none). `tokens` (n) may be UNCOUNTED, `size` (n) is
    in bytes. `facts` are those they come from, one for each, with the digest of the line as key.
    """

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        names: dict[str, int] = {MIXED: 0}
        stratum, self._lines = array("i"), array("Q")
        tokens, size = array("i"), array("q")
        self._first: dict[str, tuple[int, int]] = {}
        for number, fact in enumerate(facts):
            first, _ = self._first.get(fact.source, (number, 0))
            self._first[fact.source] = first, number + 1
            name, counted, length = marshal.loads(fact.value)
            stratum.append(names.setdefault(name, len(names)))
            self._lines.append(fact.line)
            tokens.append(counted)
            size.append(length)
        self.strata = sorted(names)
        place = {name: number for number, name in enumerate(self.strata)}
        self.stratum: Ints = np.array([place[name] for name in names], np.int32)[np.frombuffer(stratum, np.int32)]
        self.tokens, self.size = np.frombuffer(tokens, np.int32), np.frombuffer(size, np.int64)

    def __len__(self) -> int:
        return len(self._lines)

    @property
    def mixed(self) -> int:
        """The place of MIXED."""
        return self.strata.index(MIXED)

    def line(self, number: int) -> Line:
        """The file and the line that a record stands on."""
        source = next(source for source, (first, last) in self._first.items() if first <= number < last)
        return source, self._lines[number]

    def number(self, line: Line) -> int:
        """The number of the record on a line, -1 where there is none."""
        first, last = self._first.get(line[0], (0, 0))
        place = bisect_left(self._lines, line[1], first, last)
        return place if place < last and self._lines[place] == line[1] else -1

    def digests(self) -> Iterator[bytes]:
        """The digest of each record's line."""
        return self.facts.keys()

    def digest(self, number: int) -> bytes:
        """That of one record."""
        return self.facts[number].key


class Forest:
    """Which of so many things belong together (union-find); each set is known by its first member."""

    def __init__(self, things: int = 0) -> None:
        self._parent = array("i", range(things))

    def add(self) -> int:
        """One thing more, and its number."""
        self._parent.append(len(self._parent))
        return len(self._parent) - 1

    def root(self, thing: int) -> int:
        """The first member of the thing's set."""
        parent = self._parent
        while parent[thing] != thing:
            parent[thing] = parent[parent[thing]]
            thing = parent[thing]
        return thing

    def join(self, one: int, other: int) -> None:
        """Make one set of two."""
        a, b = self.root(one), self.root(other)
        self._parent[max(a, b)] = min(a, b)

    def join_all(self, things: Iterable[int]) -> None:
        """Make one set of all of them."""
        first = -1
        for thing in things:
            first = thing if first < 0 else first
            self.join(first, thing)

    def roots(self) -> Ints:
        """The first member of the set of each thing."""
        found = np.array(self._parent, np.int32)
        while not np.array_equal(found, higher := found[found]):
            found = higher
        return found
