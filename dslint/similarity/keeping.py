"""Sketches kept between joins by what the rows say: of a set that has changed a little only new ones are made."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

U64 = NDArray[np.uint64]
Places = NDArray[np.int64]

WORTH = 100_000  # rows; fewer are sketched as fast as they are read
_HEAD = np.dtype([("rows", "<u8"), ("bands", "<u8"), ("columns", "<u8"), ("crc", "<u8")])


class Known(NamedTuple):
    """Sketches of n rows in ascending order of their digests (n): numbers (n), keys (n, bands), signature."""

    digests: U64
    numbers: U64
    keys: U64
    signature: NDArray[np.uint8]

    def find(self, digests: U64) -> tuple[Places, Places]:
        """Rows by their digests: those that are known, and where each of these stands."""
        if not len(self.digests):
            return np.zeros(0, np.int64), np.zeros(0, np.int64)
        place = np.minimum(np.searchsorted(self.digests, digests), len(self.digests) - 1)
        rows = np.flatnonzero(self.digests[place] == digests)
        return rows, place[rows]


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
    row_bytes = 8 + 8 + 8 * bands + columns
    if (head["bands"], head["columns"]) != (bands, columns) or len(body) != rows * row_bytes:
        return None
    if crc32(body.data) != head["crc"]:
        return None
    words, signature = body[: rows * (16 + 8 * bands)].view(np.uint64), body[rows * (16 + 8 * bands) :]
    return Known(
        words[:rows],
        words[rows : 2 * rows],
        words[2 * rows :].reshape(rows, bands),
        signature.reshape(rows, columns),
    )


def keep(path: Path, digests: U64, numbers: U64, keys: U64, signature: NDArray[np.uint8]) -> None:
    """Write sketches, `keys` being (bands, n), in the place of those that stand there; as well as can be."""
    order = np.argsort(digests, kind="stable")
    parts = (digests[order], numbers[order], np.ascontiguousarray(keys[:, order].T), signature[order])
    crc = 0
    for part in parts:
        crc = crc32(part.data, crc)
    head = np.array([(len(order), len(keys), signature.shape[1], crc)], _HEAD)
    staged = path.with_suffix(f".{os.getpid()}")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with open(staged, "wb") as file:
            head.tofile(file)
            for part in parts:
                part.tofile(file)
        staged.replace(path)
    except OSError:
        with suppress(OSError):
            staged.unlink()
