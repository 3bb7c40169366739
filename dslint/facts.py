"""The facts of all records, kept as bytes: a set of millions has more of them than fit into memory as objects."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, starmap
from operator import attrgetter
from typing import TypeVar, overload

from dslint.collecting import Columns
from dslint.findings import REFERENCE, Fact
from dslint.records import digest
from dslint.segments import CHUNK, INT, KEY, SIZE, Entries, Segment, keys_of
from dslint.spilling import Spill

# Facts from which sorting in columns pays for importing numpy.
MANY = 10_000

Item = TypeVar("Item")

BY_SOURCE = attrgetter("source")  # the order of files


class Gathered:
    """What collectors made of the records of files. Pickles as bytes, so that processes can send it."""

    def __init__(self, collectors: int) -> None:
        self.values = Spill(SIZE.pack(0))  # the empty value stands first
        self.entries = [Entries(Spill(), Spill(), Spill()) for _ in range(collectors)]
        self.keys: dict[bytes, bytes] = {}
        self.segments: list[list[Segment]] = [[] for _ in range(collectors)]

    def add(self, found: Sequence[Columns]) -> None:
        """Add what each collector made of some records. A value that several give is kept once."""
        lines, values = _different(one.lines for one in found), _different(one.values for one in found)
        at, new, end = {id(b""): 0}, [], len(self.values)
        for column in values.values():
            for value in column:
                if id(value) not in at:
                    at[id(value)] = end
                    new += [SIZE.pack(len(value)), value]
                    end += SIZE.size + len(value)
        self.values.append(b"".join(new))
        numbers = {name: array("Q", column).tobytes() for name, column in lines.items()}
        places = {name: array("Q", [at[id(one)] for one in column]).tobytes() for name, column in values.items()}
        for entries, one in zip(self.entries, found, strict=True):
            named = map(self._named, one.keys) if {*map(len, one.keys)} - {KEY} else one.keys
            entries.append(numbers[id(one.lines)], named, places[id(one.values)])

    def _named(self, key: bytes) -> bytes:
        """The key, or what stands for it where it has another length."""
        if len(key) == KEY:
            return key
        known = digest(key)
        self.keys[known] = key
        return known

    def close(self, source: str, role: str) -> None:
        """Say of which file the facts added so far are."""
        for entries, segments in zip(self.entries, self.segments, strict=True):
            segments.append(Segment(source, role, entries, self.values, self.keys, 0, entries.size))

    def take(self, other: Gathered, lines: int = 0) -> None:
        """Append the facts of another, whose lines follow after so many of the same file."""
        place = len(self.values)
        _append(self.values, other.values)
        self.keys.update(other.keys)
        for mine, theirs, segments, more in zip(
            self.entries, other.entries, self.segments, other.segments, strict=True
        ):
            shift = mine.size
            for spill, more_of_it in zip(mine, theirs, strict=True):
                _append(spill, more_of_it)
            segments += [
                one._replace(
                    entries=mine,
                    values=self.values,
                    keys=self.keys,
                    first=one.first + shift,
                    last=one.last + shift,
                    line=one.line + lines,
                    place=one.place + place,
                )
                for one in more
            ]


def _different(columns: Iterable[Sequence[Item]]) -> dict[int, Sequence[Item]]:
    """Each of the columns by its identity: collectors that have much in common give the same."""
    return {id(column): column for column in columns}


def _append(spill: Spill, other: Spill) -> None:
    for lo in range(0, len(other), 1 << 20):
        spill.append(other.data[lo : lo + (1 << 20)])
        other.release()


class Facts(Sequence[Fact]):
    """The facts that one collector gathered from some files, read when asked for."""

    def __init__(self, segments: Iterable[Segment] = ()) -> None:
        self.segments = [segment for segment in segments if segment.last > segment.first]
        self._looked_up = 0
        self._ends = list(accumulate(segment.last - segment.first for segment in self.segments))

    def __len__(self) -> int:
        return self._ends[-1] if self._ends else 0

    def joined(self, other: Facts) -> Facts:
        """These and others, in order of file and line."""
        return Facts(sorted([*self.segments, *other.segments], key=BY_SOURCE))

    def references_first(self) -> Facts:
        """The same in another order."""
        return Facts(sorted(self.segments, key=lambda segment: segment.role != REFERENCE))

    @property
    def sources(self) -> dict[str, str]:
        """Role by file."""
        return {segment.source: segment.role for segment in self.segments}

    def __iter__(self) -> Iterator[Fact]:
        for segment in self.segments:
            yield from starmap(segment.fact, segment.read())

    @overload
    def __getitem__(self, row: int) -> Fact: ...
    @overload
    def __getitem__(self, row: slice) -> list[Fact]: ...
    def __getitem__(self, row: int | slice) -> Fact | list[Fact]:
        if isinstance(row, slice):
            return [self[one] for one in range(*row.indices(len(self)))]
        segment, number = self._entry(row)
        self._looked_up += 1
        if self._looked_up % CHUNK == 0:
            segment.values.release()
        return segment.fact(*segment.entry(number))

    def _entry(self, row: int) -> tuple[Segment, int]:
        """Where a fact stands: its segment, and its number counted from the last there."""
        if not 0 <= row < len(self):
            row = range(len(self))[row]
        number = bisect_right(self._ends, row)
        return self.segments[number], self._ends[number] - row

    def values(self) -> Iterator[bytes]:
        """The value of each."""
        for segment in self.segments:
            for _, _, places in segment.chunks():
                data, before = segment.values.data, segment.place
                for place in places:
                    at = before + place
                    (size,) = SIZE.unpack_from(data, at)
                    yield bytes(data[at + SIZE.size : at + SIZE.size + size])

    def keys(self) -> Iterator[bytes]:
        """The key of each."""
        for segment in self.segments:
            for _, keys, _ in segment.chunks():
                for key in keys_of(keys):
                    yield segment.keys.get(key, key)

    def line(self, row: int) -> tuple[str, int]:
        """The file and the line of one."""
        segment, number = self._entry(row)
        return segment.source, segment.line + segment.entry(number)[0]

    @property
    def roles(self) -> Counter[str]:
        """How many there are of each role."""
        found = Counter[str]()
        for segment in self.segments:
            found[segment.role] += segment.last - segment.first
        return found

    def repeated(self) -> list[list[int]]:
        """Places of facts that share a key, two or more, each group and all of them in order."""
        halves = array("Q")
        for segment in self.segments:
            for _, keys, _ in segment.chunks():
                halves.frombytes(memoryview(keys).cast("Q")[:: KEY // INT].tobytes())
        by_key: dict[bytes, list[int]] = {}
        for row in places_of_repeated(halves):
            segment, number = self._entry(row)
            by_key.setdefault(segment.entry(number)[1], []).append(row)
        return [group for group in by_key.values() if len(group) > 1]


def places_of_repeated(values: array[int]) -> Sequence[int]:
    """The places, ascending, of numbers below 2**64 that stand more than once; of few numbers perhaps of more."""
    if len(values) <= MANY:
        return range(len(values))
    import numpy as np

    from dslint.similarity.sketch import repeated

    found: list[int] = repeated(np.frombuffer(values, np.uint64)).tolist()
    return found
