"""Sketches kept between joins by what the rows say: of a set that has changed a little only new ones are made."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from dslint.similarity.scratch import release

U64 = NDArray[np.uint64]
Places = NDArray[np.int64]

WORTH, MOST = 100_000, 4_000_000  # rows; fewer are sketched as fast as they are read, more would fill the disk
_HEAD = np.dtype([("rows", "<u8"), ("bands", "<u8"), ("columns", "<u8"), ("crc", "<u8")])
_ROWS = 1 << 16  # moved at a time
_BYTES = 1 << 24  # checked at a time


class Known(NamedTuple):
    """Sketches of n rows in ascending order of their digests (n): numbers (n), keys (n, bands), signature."""

    digests: U64
    numbers: U64
    keys: U64
    signature: NDArray[np.uint8]

    def fill(self, digests: U64, numbers: U64, keys: U64, signature: NDArray[np.uint8]) -> Places:
        """Fill in what is known of rows with these digests, `keys` being (bands, rows), and say which are new."""
        place = np.minimum(np.searchsorted(self.digests, digests), len(self.digests) - 1)
        found = self.digests[place] == digests
        had = np.flatnonzero(found)
        for lo in range(0, len(had), _ROWS):
            some = had[lo : lo + _ROWS]
            at = place[some]
            keys[:, some], numbers[some], signature[some] = self.keys[at].T, self.numbers[at], self.signature[at]
            for read in (self.keys, keys, signature):
                release(read)
        return np.flatnonzero(~found)


def load(path: Path, bands: int, columns: int) -> Known | None:
    """What stands in a file, if it is whole and of this shape."""
    try:
        with open(path, "rb") as file:
            head = np.frombuffer(file.read(_HEAD.itemsize), _HEAD)[0]
            body = np.memmap(file, np.uint8, "r", _HEAD.itemsize)
        os.utime(path)
    except (OSError, ValueError, IndexError):
        return None
    rows = int(head["rows"])
    if (head["bands"], head["columns"]) != (bands, columns) or len(body) != rows * (16 + 8 * bands + columns):
        return None
    if not rows or _crc_of(body) != head["crc"]:
        return None
    words = body[: rows * (16 + 8 * bands)].view(np.uint64)
    signature = body[rows * (16 + 8 * bands) :].reshape(rows, columns)
    return Known(words[:rows], words[rows : 2 * rows], words[2 * rows :].reshape(rows, bands), signature)


def _crc_of(body: NDArray[np.uint8]) -> int:
    crc = 0
    for lo in range(0, len(body), _BYTES):
        crc = crc32(body[lo : lo + _BYTES].data, crc)
        release(body)
    return crc


def keep(path: Path, digests: U64, numbers: U64, keys: U64, signature: NDArray[np.uint8]) -> None:
    """Write sketches, `keys` being (bands, n), in the place of those that stand there; as well as can be."""
    staged = path.with_suffix(f".{os.getpid()}")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with open(staged, "wb") as file:
            head = np.array([(len(digests), len(keys), signature.shape[1], 0)], _HEAD)
            head.tofile(file)
            for part in _sorted(digests, numbers, keys, signature):
                head["crc"] = crc32(part.data, int(head["crc"][0]))
                part.tofile(file)
            file.seek(0)
            head.tofile(file)
        staged.replace(path)
    except OSError:
        with suppress(OSError):
            staged.unlink()


def _sorted(digests: U64, numbers: U64, keys: U64, signature: NDArray[np.uint8]) -> Iterator[NDArray[Any]]:
    """Their columns one after the other in the order of the digests, in pieces."""
    order = np.argsort(digests, kind="stable")
    for rows in (digests[:, None], numbers[:, None], keys.T, signature):
        for lo in range(0, len(order), _ROWS):
            yield np.ascontiguousarray(rows[order[lo : lo + _ROWS]])
            release(keys)
            release(signature)
