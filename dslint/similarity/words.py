"""The rarest words of rows, by hash: what tells the rows of a template apart."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from dslint.similarity.rows import Ints, Rows
from dslint.similarity.sketch import U64, mix

RARE_WORDS = 3
_BYTES = 2000  # of a row that are looked at
_BLOCK_ROWS = 4096
_HASH_BITS = np.uint64(52)  # of a word: beside it stands which row of a block it is in
_HASH = (np.uint64(1) << _HASH_BITS) - np.uint64(1)


def rarest_words(rows: Rows, chosen: Ints) -> tuple[U64, NDArray[np.bool_]]:
    """Hashes (3, n) of each chosen row's rarest words among the chosen rows, and whether the row has so many.

    A row's words are told apart; ties go by hash.
    """
    parts = [_words(rows, chosen[lo : lo + _BLOCK_ROWS]) for lo in range(0, len(chosen), _BLOCK_ROWS)]
    hashes = np.concatenate([part for part, _ in parts])
    counts = np.concatenate([count for _, count in parts])
    owner = np.repeat(np.arange(len(chosen)), counts)
    order = np.lexsort((hashes, _frequency(hashes), owner))
    hashes, owner = hashes[order], owner[order]
    starts = np.cumsum(counts) - counts
    nth = np.arange(len(hashes)) - starts[owner]
    rarest = np.zeros((RARE_WORDS, len(chosen)), np.uint64)
    first = nth < RARE_WORDS
    rarest[nth[first], owner[first]] = hashes[first]
    return rarest, counts > np.arange(RARE_WORDS)[:, None]


def _frequency(hashes: U64) -> Ints:
    """How many rows have each word."""
    order = np.sort(hashes)
    begins = np.flatnonzero(np.concatenate([[True], order[1:] != order[:-1]]))
    return np.diff(np.append(begins, len(order)))[np.searchsorted(order[begins], hashes)]


def _words(rows: Rows, chosen: Ints) -> tuple[U64, Ints]:
    """Hashes of the distinct words of each row, row after row, and their number per row."""
    lengths = np.minimum(rows.lengths[chosen], _BYTES)
    sizes = lengths + 1
    ends = np.cumsum(sizes)
    place = np.arange(int(ends[-1])) - np.repeat(ends - sizes, sizes)
    text = np.frombuffer(rows.buffer, np.uint8)[np.repeat(rows.starts[chosen], sizes) + place]
    text[ends - 1] = 32
    gap = text == 32
    begins = np.concatenate([[0], np.flatnonzero(gap)[:-1] + 1])
    owner = np.searchsorted(ends, begins, side="right")
    within = np.arange(len(text)) - np.repeat(begins, np.diff(np.append(begins, len(text))))
    letters = mix(text.astype(np.uint64) | (within.astype(np.uint64) << np.uint64(8)))
    hashes = mix(np.add.reduceat(letters, begins))
    packed = owner.astype(np.uint64) << _HASH_BITS | hashes >> (np.uint64(64) - _HASH_BITS)
    packed.sort()
    new = np.flatnonzero(np.concatenate([[True], packed[1:] != packed[:-1]]))
    packed = packed.take(new)
    return packed & _HASH, np.bincount((packed >> _HASH_BITS).astype(np.int64), minlength=len(chosen))
