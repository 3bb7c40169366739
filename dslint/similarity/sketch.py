"""Small fingerprints of rows: an exact digest, the numbers in a row, MinHash signatures of byte 4-grams."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from hashlib import blake2b
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dslint.similarity.keeping import MOST, WORTH, keep, load
from dslint.similarity.rows import SEPARATOR, Buffer, Ints, Rows, blocks
from dslint.similarity.scratch import ahead, release, scratch

U16 = NDArray[np.uint16]
U32 = NDArray[np.uint32]
U64 = NDArray[np.uint64]

GRAM = 4
# Rows with more grams than this keep a sample of about as many, chosen by hash: the same in every row.
SAMPLE = 192
# A smaller sample says nothing (text that repeats itself): all grams of the row's beginning are taken instead.
MIN_SAMPLE, BEGINNING = 8, 4096
# Numbers belong to the key of shorter texts (bytes): short texts that differ in numbers are no duplicates.
NUMBER_BYTES = 300

_SEGMENT = 1 << 16  # grams hashed at a time
_REPEATING = 4 * SAMPLE  # grams below the limit in a segment: more of them are mostly the same
_CACHED = 1 << 17  # grams permuted at a time, so that 60 passes stay in the processor's cache
# A gram is permuted as 16 bits, in half the time of 32: rows have about SAMPLE grams, few beside 65,535 values.
_LARGEST = np.uint16((1 << 16) - 1)
_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_MURMUR = ((np.uint32(0x85EBCA6B), np.uint32(13)), (np.uint32(0xC2B2AE35), np.uint32(16)))
_MIX = np.uint64(0xBF58476D1CE4E5B9)  # splitmix64's first multiplier


class Plan(NamedTuple):
    """Banding: bands of `width` minima, the share of equal signature bytes a candidate needs, and room.

    `room` is how many pairs of large buckets a band may look at; `unordered` that the order of words is nothing:
    minima are over the grams within words.
    """

    bands: int
    width: int
    share: float
    room: int
    unordered: bool = False


class Sketch(NamedTuple):
    """Fingerprints of n rows: lengths, digests, numbers (n); keys (bands, n); signature (n, bands * width).

    A signature holds the low byte of each minimum; a number hash is 0 in a row without digits.
    """

    lengths: Ints
    digests: U64
    numbers: U64
    keys: U64
    signature: NDArray[np.uint8]


def mix(x: U64) -> U64:
    """Scramble 64-bit values; the low and the high half are both well mixed."""
    x = x * _GOLDEN
    x ^= x >> np.uint64(32)
    x *= _MIX
    x ^= x >> np.uint64(29)
    return x


def _scrambled(x: U32) -> U32:
    """The same for 32-bit values; no two become one (murmur3's finalizer)."""
    x = x ^ (x >> np.uint32(16))
    for multiplier, shift in _MURMUR:
        x *= multiplier
        x ^= x >> shift
    return x


def exact_digests(rows: Rows) -> U64:
    """A 64-bit digest of every row (a million rows hold two different ones with the same by a chance of 3e-8)."""
    found = np.empty(len(rows.lengths), np.uint64)
    for lo, hi in rows.parts():
        texts = rows.texts(np.arange(lo, hi))
        found[lo:hi] = np.frombuffer(b"".join([blake2b(text, digest_size=8).digest() for text in texts]), "<u8")
    return found


def repeated(values: U64) -> Ints:
    """The places, ascending, of values that stand more than once."""
    ordered = np.sort(values)
    several = ordered[1:][ordered[1:] == ordered[:-1]]
    if not len(several):
        return np.zeros(0, np.int64)
    del ordered
    place = np.minimum(np.searchsorted(several, values), len(several) - 1)
    return np.flatnonzero(several[place] == values)


def number_hashes(rows: Rows) -> U64:
    """An order-free hash of the digit runs of every row, 0 for rows without."""
    text = np.frombuffer(rows.buffer, np.uint8)
    digits = np.flatnonzero((text >= ord("0")) & (text <= ord("9")))
    begins = np.flatnonzero(np.concatenate([np.ones(min(len(digits), 1), bool), np.diff(digits) > 1]))
    first = digits[begins]
    within = digits - np.repeat(first, np.diff(np.append(begins, len(digits))))
    runs = mix(text[digits] | (within.astype(np.uint64) << np.uint64(8)))
    runs = mix(np.add.reduceat(runs, begins)) if len(begins) else runs
    sums = np.concatenate([np.zeros(1, np.uint64), np.cumsum(runs, dtype=np.uint64)])
    bounds = np.searchsorted(first, np.append(rows.starts, len(text)))
    return np.diff(sums[bounds])


def sketch(rows: Rows, digests: U64, plan: Plan, workers: int, kept: Path | None = None) -> Sketch:
    """Fingerprint rows (distinct, each at least 4 bytes) in `workers` threads, as the plan says.

    Those of an earlier join may stand in the file `kept`, in which these are left.
    """
    count, columns = len(rows.lengths), plan.bands * plan.width
    keys, numbers = scratch((plan.bands, count), np.uint64), np.empty(count, np.uint64)
    signature = scratch((count, columns), np.uint8)
    kept = kept if WORTH <= count <= MOST else None
    known = load(kept, plan.bands, columns) if kept else None
    new = known.fill(digests, numbers, keys, signature) if known else None
    fresh = rows if new is None else rows.only(new)

    def sign(cut: tuple[int, int]) -> None:
        at = slice(*cut) if new is None else new[slice(*cut)]
        keys[:, at], signature[at], numbers[at] = _sign(fresh.part(*cut), plan)
        for written in (keys, signature):
            release(written)

    with ThreadPoolExecutor(workers) as pool:
        for _ in ahead(pool, sign, fresh.parts()):
            pass
    if kept and (known is None or len(fresh.lengths) or len(known.digests) > count):
        keep(kept, digests, numbers, keys, signature)
    return Sketch(rows.lengths, digests, numbers, keys, signature)


def _sign(rows: Rows, plan: Plan) -> tuple[U64, NDArray[np.uint8], U64]:
    """Keys, signature and numbers of rows."""
    if plan.unordered:  # a word is the same at the edge of a row as in its middle
        rows = rows._replace(buffer=bytes(rows.buffer).replace(SEPARATOR, b" "))
    minima = signatures(rows, plan.bands * plan.width, plan.unordered)
    keys = np.empty((plan.bands, len(rows.lengths)), np.uint64)
    for band in range(plan.bands):
        key = np.full(len(rows.lengths), band + 1, np.uint64)
        for column in range(band * plan.width, (band + 1) * plan.width):
            key *= _GOLDEN
            key += minima[column]
        keys[band] = mix(key)
    return keys, np.ascontiguousarray(minima.T.astype(np.uint8)), number_hashes(rows)


def signatures(rows: Rows, permutations: int, unordered: bool = False) -> U16:
    """MinHash minima (permutations, rows) over the 4-grams of each row, padded with one separator on both sides.

    Where words are `unordered`, over those grams that no space stands within; over all of a row that has none such.
    """
    counts = rows.lengths + 3 - GRAM
    limits = np.minimum((SAMPLE << 32) // np.maximum(counts, 1), (1 << 32) - 1).astype(np.uint32)
    minima, kept = _minima(rows.buffer, rows.starts, counts, limits, permutations, unordered)
    few = kept == 0 if unordered else (kept < MIN_SAMPLE) & (counts > SAMPLE)
    poor = np.flatnonzero(few)
    if len(poor):
        limits = np.full(len(poor), (1 << 32) - 1, np.uint32)
        counts = np.minimum(counts[poor], BEGINNING)
        minima[:, poor], _ = _minima(rows.buffer, rows.starts[poor], counts, limits, permutations, False)
    return minima


def _minima(
    buffer: Buffer, starts: Ints, counts: Ints, limits: U32, permutations: int, unordered: bool
) -> tuple[U16, Ints]:
    """Minima over those of the first `counts` grams of each row that hash to less than its limit; their number."""
    hashes, kept = _hashes(buffer, starts, counts, limits, unordered)
    minima = np.full((permutations, len(starts)), _LARGEST)
    multipliers = _multipliers(permutations)
    for rows, columns in _columns(hashes, kept):
        permuted = np.empty_like(columns)
        for k in range(permutations):
            np.multiply(columns, multipliers[k], out=permuted)
            minima[k, rows] = np.minimum.reduce(permuted, axis=0)
    return minima, kept


def _hashes(buffer: Buffer, starts: Ints, counts: Ints, limits: U32, unordered: bool) -> tuple[U16, Ints]:
    """Hashes of the first `counts` grams of each row below its limit, row after row, and how many each has."""
    pieces = (counts + _SEGMENT - 1) // _SEGMENT
    owner = np.repeat(np.arange(len(starts)), pieces)
    nth = np.arange(len(owner)) - np.repeat(np.cumsum(pieces) - pieces, pieces)
    first = starts[owner] - 1 + nth * _SEGMENT
    count = np.minimum(counts[owner] - nth * _SEGMENT, _SEGMENT)
    cuts = blocks(count, 4 * _SEGMENT)
    found = [_distinct(*_grams(buffer, first[a:b], count[a:b], limits[owner[a:b]], unordered)) for a, b in cuts]
    kept = np.bincount(owner, np.concatenate([sizes for _, sizes in found]), len(starts)).astype(np.int64)
    return np.concatenate([hashes for hashes, _ in found]), kept


def _distinct(hashes: U16, sizes: Ints) -> tuple[U16, Ints]:
    """The same, but for pieces of text that repeat themselves: of these each hash once."""
    if int(sizes.max()) <= _REPEATING:
        return hashes, sizes
    pieces = np.split(hashes, np.cumsum(sizes)[:-1])
    pieces = [np.unique(piece) if len(piece) > _REPEATING else piece for piece in pieces]
    return np.concatenate(pieces), np.array([len(piece) for piece in pieces])


def _columns(hashes: U16, sizes: Ints) -> Iterator[tuple[Ints, U16]]:
    """(rows, their hashes, one column each) of those rows that have any, in blocks of rows of about the same size.

    A column that is shorter than the others repeats its last hash, which changes no minimum: whole columns are
    permuted sooner than pieces of different lengths. None is twice as long as another.
    """
    order = np.argsort(sizes, kind="stable")
    ordered, starts = sizes[order], np.cumsum(sizes) - sizes
    doublings = np.searchsorted(ordered, 1 << np.arange(int(ordered[-1]).bit_length() + 1))
    for begin, end in pairwise(doublings.tolist()):
        for lo, hi in blocks(ordered[begin:end], _CACHED) if begin < end else ():
            rows = order[begin + lo : begin + hi]
            places = np.minimum(np.arange(sizes[rows[-1]])[:, None], sizes[rows] - 1)
            yield rows, hashes.take(starts[rows] + places)


def _grams(buffer: Buffer, first: Ints, count: Ints, limits: U32, unordered: bool) -> tuple[U16, Ints]:
    """Hashes of the grams of ascending segments, below each segment's limit, and how many each has."""
    starts, end = first - first[0], int(first[-1] + count[-1] - first[0])
    grams = np.ndarray((end,), np.dtype("<u4"), buffer, int(first[0]), (1,))
    hashes = _scrambled(grams)
    sizes, below = np.zeros(2 * len(first), np.int64), np.zeros(2 * len(first), np.uint32)
    sizes[::2], below[::2] = count, limits
    sizes[1:-1:2] = starts[1:] - starts[:-1] - count[:-1]  # between segments, where no hash is below 0
    chosen = hashes < np.repeat(below, sizes)
    if unordered:
        spaces = np.ndarray((end + 1,), np.uint8, buffer, int(first[0]) + 1) == ord(" ")
        chosen &= ~(spaces[1:] | spaces[:-1])
    kept = np.flatnonzero(chosen)
    low = np.maximum(hashes.take(kept).astype(np.uint16), 1)  # 0 would stay 0 in every permutation
    return low, np.diff(np.searchsorted(kept, np.append(starts, end)))


def _multipliers(count: int) -> U16:
    """So many odd numbers: to multiply by one permutes 16-bit values."""
    return (mix(np.arange(1, count + 1, dtype=np.uint64)) >> np.uint64(32)).astype(np.uint16) | np.uint16(1)
