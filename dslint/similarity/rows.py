"""Many texts normalised in one buffer, a chunk at a time: what sketches are made of."""

from __future__ import annotations

import mmap
from collections.abc import Iterable, Iterator
from itertools import islice, pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dslint.similarity.characters import encode_all
from dslint.similarity.normal_form import TABLE
from dslint.similarity.scratch import release
from dslint.spilling import Spill

Ints = NDArray[np.int64]
Bytes = NDArray[np.uint8]
Buffer = bytes | mmap.mmap

# 0xFF occurs in no UTF-8 text, so it can stand between rows.
SEPARATOR = b"\xff"
CHUNK_CHARS = 1 << 20
PART_BYTES = 4 << 20
PACKED = 10_000  # texts joined at a time

_DIGITS = np.isin(np.arange(256), np.frombuffer(b"0123456789", np.uint8))
_LETTERS = np.zeros(256, bool)
_LETTERS[65:91] = _LETTERS[97:123] = _LETTERS[128:255] = True


class Rows(NamedTuple):
    """Normalised rows in one buffer: row i is buffer[starts[i] : starts[i] + lengths[i]], 0xFF on both sides."""

    buffer: Buffer
    starts: Ints
    lengths: Ints

    def texts(self, rows: Ints) -> list[bytes]:
        """The normalised bytes of several rows."""
        starts, ends = self.starts[rows], self.starts[rows] + self.lengths[rows]
        return [self.buffer[a:b] for a, b in zip(starts.tolist(), ends.tolist(), strict=True)]

    def part(self, lo: int, hi: int) -> Rows:
        """Rows lo to hi alone, at least one."""
        begin, end = int(self.starts[lo]) - 1, int(self.starts[hi - 1] + self.lengths[hi - 1]) + 1
        return Rows(self.buffer[begin:end], self.starts[lo:hi] - begin, self.lengths[lo:hi])

    def parts(self, size: int | None = None) -> Iterator[tuple[int, int]]:
        """Cuts (lo, hi) for parts of about `size` bytes, or as many as fit into memory whatever the rows are."""
        for cut in blocks(self.lengths, size or PART_BYTES):
            yield cut
            release(self.buffer)

    def only(self, rows: Ints) -> Rows:
        """These rows (ascending) alone, in a buffer of their own."""
        if len(rows) == len(self.lengths):
            return self
        wanted = np.zeros(len(self.lengths), bool)
        wanted[rows] = True
        return _rows(self._chosen(wanted), self.lengths[rows])

    def _chosen(self, wanted: NDArray[np.bool_]) -> Iterator[bytes]:
        """The wanted rows, a separator after each; those that stand side by side are copied at once."""
        for lo, hi in self.parts():
            edges = np.flatnonzero(np.diff(wanted[lo:hi], prepend=False, append=False)) + lo
            begins, lasts = self.starts[edges[::2]], edges[1::2] - 1
            ends = self.starts[lasts] + self.lengths[lasts] + 1
            yield b"".join([self.buffer[a:b] for a, b in zip(begins.tolist(), ends.tolist(), strict=True)])


def normalise_rows(texts: Iterable[str]) -> Rows:
    """What `normalise` makes of each text. Threads would wait for each other: most is work on single texts."""
    return _rows(map(_normalise_chunk, _chunks(texts)))


def pack_rows(texts: Iterable[bytes]) -> Rows:
    """Rows of texts that are normalised already."""
    waiting = iter(texts)
    return _rows(SEPARATOR.join([*some, b""]) for some in iter(lambda: list(islice(waiting, PACKED)), []))


def _rows(chunks: Iterable[bytes], lengths: Ints | None = None) -> Rows:
    """The rows of chunks, in which a separator stands after each; their lengths if those are known."""
    text = Spill(SEPARATOR)
    found = [np.zeros(0, np.int64)]
    for chunk in chunks:
        text.append(chunk)
        if lengths is None:
            marks = np.flatnonzero(np.frombuffer(chunk, np.uint8) == SEPARATOR[0])
            found.append(np.diff(marks, prepend=-1) - 1)
    lengths = np.concatenate(found) if lengths is None else lengths
    buffer = text.data
    return Rows(
        bytes(buffer) if isinstance(buffer, bytearray) else buffer, np.cumsum(lengths + 1) - lengths, lengths
    )


def blocks(sizes: Ints, limit: int) -> list[tuple[int, int]]:
    """Cut consecutive items into blocks (lo, hi) of about `limit` in total, at least one item each."""
    ends = np.cumsum(sizes)
    cuts = np.unique(np.searchsorted(ends, np.arange(0, int(ends[-1]) if len(ends) else 0, limit)))
    return list(pairwise([*cuts.tolist(), len(sizes)]))


def _chunks(texts: Iterable[str]) -> Iterator[list[str]]:
    chunk: list[str] = []
    size = 0
    for text in texts:
        chunk.append(text)
        size += len(text)
        if size >= CHUNK_CHARS:
            yield chunk
            chunk, size = [], 0
    if chunk:
        yield chunk


def _normalise_chunk(texts: list[str]) -> bytes:
    """The normalised texts, a separator after each."""
    raw = SEPARATOR.join([b"", *encode_all(texts), b""]).replace(b"'", b"")
    text = np.frombuffer(_without_loose_points(raw).translate(TABLE), np.uint8)
    space, mark = text == 32, text == SEPARATOR[0]
    # One space is left of each run, then none beside a separator.
    text = np.delete(text, np.flatnonzero(space[1:] & (space[:-1] | mark[:-1])) + 1)
    text = np.delete(text, np.flatnonzero((text[:-1] == 32) & (text[1:] == SEPARATOR[0])))
    return text[1:].tobytes()


def _without_loose_points(raw: bytes) -> bytes:
    """Blank points and hyphens as `normalise` does; a separator stands at both ends, so neighbours always exist."""
    found: Bytes = np.frombuffer(raw, np.uint8)
    points = np.flatnonzero((found == ord(".")) | (found == ord(",")) | (found == ord(":")))
    apart = ~(_DIGITS[found[points - 1]] & _DIGITS[found[points + 1]])
    hyphens = np.flatnonzero(found == ord("-"))
    joining = _LETTERS[found[hyphens - 1]] & _LETTERS[found[hyphens + 1]]
    blanked = found.copy()
    blanked[points[apart]] = 32
    blanked[hyphens[joining]] = 32
    return blanked.tobytes()
