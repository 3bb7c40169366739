"""Facts of one collector as they are kept: columns of numbers and keys, and the values that these lead to."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator
from struct import Struct
from typing import NamedTuple

from dslint.findings import Fact
from dslint.spilling import Spill

SIZE = Struct("<I")  # before a value
KEY = 16  # bytes; another key is kept apart and stands among the others as its digest
INT = array("Q").itemsize
_NUMBER = Struct("=Q").unpack_from
CHUNK = 1 << 14  # facts read at a time


class Entries(NamedTuple):
    """Facts of one collector, a column each: their lines, their keys, where their values stand."""

    lines: Spill
    keys: Spill
    places: Spill

    def append(self, lines: bytes, keys: Iterable[bytes], places: bytes) -> None:
        """Add facts at the end; lines and places as the bytes of an array of numbers."""
        for spill, column in ((self.lines, lines), (self.keys, b"".join(keys)), (self.places, places)):
            spill.append(column)

    @property
    def size(self) -> int:
        """How many facts there are."""
        return len(self.lines) // INT

    def part(self, lo: int, hi: int) -> tuple[array[int], bytes, array[int]]:
        """The lines, keys and places of some."""
        lines, places = array("Q"), array("Q")
        lines.frombytes(self.lines.data[lo * INT : hi * INT])
        places.frombytes(self.places.data[lo * INT : hi * INT])
        return lines, bytes(self.keys.data[lo * KEY : hi * KEY]), places

    def release(self) -> None:
        """Let the system take back the memory in which they were looked at."""
        for spill in (self.lines, self.keys, self.places):
            spill.release()


class Segment(NamedTuple):
    """Facts of one collector from lines of one file that stand together: entries first to last of `entries`.

    `line` and `place` are added to those of an entry.
    """

    source: str
    role: str
    entries: Entries
    values: Spill
    keys: dict[bytes, bytes]
    first: int
    last: int
    line: int = 0
    place: int = 0

    def value(self, place: int) -> bytes:
        """The value that stands at a place."""
        data, at = self.values.data, self.place + place
        (size,) = SIZE.unpack_from(data, at)
        return bytes(data[at + SIZE.size : at + SIZE.size + size]) if size else b""

    def fact(self, line: int, key: bytes, place: int) -> Fact:
        """The fact of an entry."""
        return Fact(self.source, self.line + line, self.role, self.keys.get(key, key), self.value(place))

    def chunks(self) -> Iterator[tuple[array[int], bytes, array[int]]]:
        """Lines, keys and places of its entries, some thousand at a time."""
        for lo in range(self.first, self.last, CHUNK):
            yield self.entries.part(lo, min(lo + CHUNK, self.last))
            self.entries.release()
            self.values.release()

    def read(self) -> Iterator[tuple[int, bytes, int]]:
        """(line, key, place) of its entries."""
        for lines, keys, places in self.chunks():
            yield from zip(lines, keys_of(keys), places, strict=True)

    def entry(self, number: int) -> tuple[int, bytes, int]:
        """The same of one, counted from its last."""
        at = self.last - number
        (line,), (place,) = (_NUMBER(spill.data, at * INT) for spill in (self.entries.lines, self.entries.places))
        return line, bytes(self.entries.keys.data[at * KEY : (at + 1) * KEY]), place


def keys_of(keys: bytes) -> Iterator[bytes]:
    """Keys that stand one after the other, one by one."""
    return (keys[at : at + KEY] for at in range(0, len(keys), KEY))
