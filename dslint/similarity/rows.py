"""Many texts normalised in one buffer, a chunk at a time in threads: what sketches are made of."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dslint.similarity.normal_form import TABLE, encode

Ints = NDArray[np.int64]
Bytes = NDArray[np.uint8]

# 0xFF occurs in no UTF-8 text, so it can stand between rows.
SEPARATOR = b"\xff"
CHUNK_CHARS = 1 << 20

_POINTS = np.isin(np.arange(256), np.frombuffer(b".,:", np.uint8))
_DIGITS = np.isin(np.arange(256), np.frombuffer(b"0123456789", np.uint8))
_LETTERS = np.zeros(256, bool)
_LETTERS[65:91] = _LETTERS[97:123] = _LETTERS[128:255] = True


class Rows(NamedTuple):
    """Normalised rows in one buffer: row i is buffer[starts[i] : starts[i] + lengths[i]], 0xFF on both sides."""

    buffer: bytes
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

    def only(self, rows: Ints) -> Rows:
        """These rows (ascending) alone, in a buffer of their own."""
        wanted = np.zeros(len(self.lengths), bool)
        wanted[rows] = True
        kept = np.frombuffer(self.buffer, np.uint8)[1:][np.repeat(wanted, self.lengths + 1)]
        starts = np.cumsum(self.lengths[rows] + 1) - self.lengths[rows]
        return Rows(SEPARATOR + kept.tobytes(), starts, self.lengths[rows])


def normalise_rows(texts: Sequence[str], workers: int) -> Rows:
    """What `normalise` makes of each text, in `workers` threads; the result does not depend on their number."""
    with ThreadPoolExecutor(workers) as pool:
        chunks = list(pool.map(_normalise_chunk, _chunks(texts)))
    return _rows(b"".join([SEPARATOR, *chunks]))


def pack_rows(texts: list[bytes]) -> Rows:
    """Rows of texts that are normalised already."""
    return _rows(SEPARATOR.join([b"", *texts, b""]))


def _rows(buffer: bytes) -> Rows:
    marks = np.flatnonzero(np.frombuffer(buffer, np.uint8) == SEPARATOR[0])
    return Rows(buffer, marks[:-1] + 1, np.diff(marks) - 1)


def _chunks(texts: Sequence[str]) -> Iterator[list[str]]:
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
    raw = SEPARATOR.join([b"", *map(encode, texts), b""]).replace(b"'", b"")
    text = np.frombuffer(_without_loose_points(raw).translate(TABLE), np.uint8)
    space, mark = text == 32, text == SEPARATOR[0]
    # One space is left of each run, then none beside a separator.
    text = np.delete(text, np.flatnonzero(space[1:] & (space[:-1] | mark[:-1])) + 1)
    text = np.delete(text, np.flatnonzero((text[:-1] == 32) & (text[1:] == SEPARATOR[0])))
    return text[1:].tobytes()


def _without_loose_points(raw: bytes) -> bytes:
    """Blank points and hyphens as `normalise` does; a separator stands at both ends, so neighbours always exist."""
    found: Bytes = np.frombuffer(raw, np.uint8)
    points = np.flatnonzero(_POINTS[found])
    apart = ~(_DIGITS[found[points - 1]] & _DIGITS[found[points + 1]])
    hyphens = np.flatnonzero(found == ord("-"))
    joining = _LETTERS[found[hyphens - 1]] & _LETTERS[found[hyphens + 1]]
    blanked = found.copy()
    blanked[points[apart]] = 32
    blanked[hyphens[joining]] = 32
    return blanked.tobytes()
