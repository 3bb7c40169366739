"""The facts of all records, kept as bytes: a set of millions has more of them than fit into memory as objects."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, starmap
from operator import attrgetter
from struct import Struct
from typing import NamedTuple, overload

from dslint.findings import REFERENCE, Fact
from dslint.records import digest
from dslint.spilling import Spill

# Facts from which sorting in columns pays for importing numpy.
MANY = 10_000

# One fact: its line, its key, where its value stands.
ENTRY = Struct("<Q16sQ")
_SIZE = Struct("<I")
_KEY = 16  # bytes; another key is kept apart and stands here as its digest
_CHUNK = 1 << 14  # facts read at a time

BY_SOURCE = attrgetter("source")  # the order of files
Entries = tuple[tuple[bytes, bytes], ...]  # (key, value) of each fact of a record


class Segment(NamedTuple):
    """Facts of one collector from lines of one file that stand together: entries first to last of `entries`.

    `line` and `place` are added to those of an entry.
    """

    source: str
    role: str
    entries: Spill
    values: Spill
    keys: dict[bytes, bytes]
    first: int
    last: int
    line: int = 0
    place: int = 0

    def value(self, place: int) -> bytes:
        """The value that stands at a place."""
        data, at = self.values.data, self.place + place
        (size,) = _SIZE.unpack_from(data, at)
        return bytes(data[at + _SIZE.size : at + _SIZE.size + size]) if size else b""

    def fact(self, line: int, key: bytes, place: int) -> Fact:
        """The fact of an entry."""
        return Fact(self.source, self.line + line, self.role, self.keys.get(key, key), self.value(place))

    def chunks(self) -> Iterator[bytes]:
        """Its entries, some thousand at a time."""
        for lo in range(self.first, self.last, _CHUNK):
            hi = min(lo + _CHUNK, self.last)
            yield bytes(self.entries.data[lo * ENTRY.size : hi * ENTRY.size])
            self.entries.release()
            self.values.release()

    def read(self) -> Iterator[tuple[int, bytes, int]]:
        """(line, key, place) of its entries."""
        for chunk in self.chunks():
            yield from ENTRY.iter_unpack(chunk)


class Gathered:
    """What collectors made of the records of files. Pickles as bytes, so that processes can send it."""

    def __init__(self, collectors: int) -> None:
        self.values = Spill(_SIZE.pack(0))  # the empty value stands first
        self.entries = [Spill() for _ in range(collectors)]
        self.keys: dict[bytes, bytes] = {}
        self.segments: list[list[Segment]] = [[] for _ in range(collectors)]
        self._end, self._last, self._last_at = len(self.values), b"", 0
        self._new_values: list[bytes] = []
        self._new_entries: list[list[bytes]] = [[] for _ in range(collectors)]

    def add(self, line: int, found: Iterable[Entries]) -> None:
        """Add what each collector made of a record. A value that several give one after the other is kept once."""
        full = False
        for entries, facts in zip(self._new_entries, found, strict=True):
            for key, value in facts:
                if value is not self._last:
                    self._last, self._last_at = value, self._end if value else 0
                    if value:
                        self._new_values += (_SIZE.pack(len(value)), value)
                        self._end += _SIZE.size + len(value)
                if len(key) != _KEY:
                    known = digest(key)
                    self.keys[known] = key
                    key = known
                entries.append(ENTRY.pack(line, key, self._last_at))
            full |= len(entries) >= _CHUNK
        if full:
            self._settle()

    def _settle(self) -> None:
        """Put what is new where it stays."""
        for spill, new in zip([self.values, *self.entries], [self._new_values, *self._new_entries], strict=True):
            spill.append(b"".join(new))
            new.clear()

    def close(self, source: str, role: str) -> None:
        """Say of which file the facts added so far are."""
        self._settle()
        self._last, self._last_at = b"", 0
        for entries, segments in zip(self.entries, self.segments, strict=True):
            count = len(entries) // ENTRY.size
            segments.append(Segment(source, role, entries, self.values, self.keys, 0, count))

    def take(self, other: Gathered, lines: int = 0) -> None:
        """Append the facts of another, whose lines follow after so many of the same file."""
        place = len(self.values)
        _append(self.values, other.values)
        self._end = len(self.values)
        self.keys.update(other.keys)
        for mine, theirs, segments, more in zip(
            self.entries, other.entries, self.segments, other.segments, strict=True
        ):
            shift = len(mine) // ENTRY.size
            _append(mine, theirs)
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
        segment, at = self._entry(row)
        self._looked_up += 1
        if self._looked_up % _CHUNK == 0:
            segment.values.release()
        return segment.fact(*ENTRY.unpack_from(segment.entries.data, at))

    def _entry(self, row: int) -> tuple[Segment, int]:
        """Where a fact stands: its segment, and the byte of the entries there."""
        if not 0 <= row < len(self):
            row = range(len(self))[row]
        number = bisect_right(self._ends, row)
        segment = self.segments[number]
        return segment, (segment.last - (self._ends[number] - row)) * ENTRY.size

    def values(self) -> Iterator[bytes]:
        """The value of each."""
        for segment in self.segments:
            for chunk in segment.chunks():
                data, before = segment.values.data, segment.place
                for _, _, place in ENTRY.iter_unpack(chunk):
                    at = before + place
                    (size,) = _SIZE.unpack_from(data, at)
                    yield bytes(data[at + _SIZE.size : at + _SIZE.size + size])

    def keys(self) -> Iterator[bytes]:
        """The key of each."""
        for segment in self.segments:
            for _, key, _ in segment.read():
                yield segment.keys.get(key, key)

    def line(self, row: int) -> tuple[str, int]:
        """The file and the line of one."""
        segment, at = self._entry(row)
        return segment.source, segment.line + ENTRY.unpack_from(segment.entries.data, at)[0]

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
            for chunk in segment.chunks():
                halves.frombytes(memoryview(chunk).cast("Q")[1 :: ENTRY.size // 8].tobytes())
        by_key: dict[bytes, list[int]] = {}
        for row in places_of_repeated(halves):
            segment, at = self._entry(row)
            by_key.setdefault(ENTRY.unpack_from(segment.entries.data, at)[1], []).append(row)
        return [group for group in by_key.values() if len(group) > 1]


def places_of_repeated(values: array[int]) -> Sequence[int]:
    """The places, ascending, of numbers below 2**64 that stand more than once; of few numbers perhaps of more."""
    if len(values) <= MANY:
        return range(len(values))
    import numpy as np

    from dslint.similarity.sketch import repeated

    found: list[int] = repeated(np.frombuffer(values, np.uint64)).tolist()
    return found
