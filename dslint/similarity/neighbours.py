"""The order in which rows of a template meet: those of much the same signature side by side."""

from __future__ import annotations

import numpy as np

from dslint.similarity.rows import Ints
from dslint.similarity.sketch import U64, Sketch

_COLUMNS = 16  # of a signature that are looked at, in two numbers


def by_signature(sketch: Sketch, begin: int, rows: Ints, bucket: Ints) -> Ints:
    """Places of rows in the order of their buckets (ascending), there by the signature from column `begin` on.

    Ties go by digest, never by row.
    """
    columns = np.arange(begin, begin + _COLUMNS) % sketch.signature.shape[1]
    chosen = np.asarray(sketch.signature).take(rows, axis=0).take(columns, axis=1)
    first, second = chosen.view(">u8").astype(np.uint64).T
    rank = np.cumsum(np.diff(bucket, prepend=bucket[0]) != 0).astype(np.uint64)
    for values in (first, second):
        rank, _ = _refined(rank, values)
    _, order = _refined(rank, np.argsort(np.argsort(sketch.digests[rows])).astype(np.uint64) << np.uint64(32))
    return order


def _refined(rank: U64, values: U64) -> tuple[U64, Ints]:
    """Ranks by rank and value, and the order of the rows by them.

    Both make one number, of a value the bits for which there is room: that is sorted much sooner than two columns.
    """
    bits = np.uint64(int(rank.max()).bit_length())
    keys = (rank << (np.uint64(63) - bits) << np.uint64(1)) | values >> bits
    order = np.argsort(keys)
    ordered = keys[order]
    refined = np.empty_like(rank)
    refined[order] = np.cumsum(np.diff(ordered, prepend=ordered[0]) != 0)
    return refined, order
