"""Exact scores: the better of the indel ratios of the texts as they are and with their words sorted."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process

from dslint.similarity.rows import Ints, Rows, blocks, pack_rows
from dslint.similarity.scratch import release

Scores = NDArray[np.float64]

# Above this many bytes an edit distance costs too much; the score is estimated from a sample of 8-grams.
LONG_BYTES = 4096
# Counting the letters of all rows pays for itself from about this many pairs.
COUNTED_PAIRS = 10_000
_FAR = (1 << 16) - 1  # more than short rows have
_BATCH = 1 << 17
# Products of the lengths of two texts, summed up over what is compared in one call: about half a second, since a
# Ctrl-C is heard only between two calls.
_WORK = 1 << 34
_PIECE = 1 << 20
_CACHED = 1 << 18  # bytes whose letters are counted at a time, so that the passes stay in the processor's cache
_SAMPLE_CACHE = 64 << 20
_GOLDEN = np.uint64(0x9E3779B97F4A7C15)


def scores(rows: Rows, a: Ints, b: Ints, threshold: float, workers: int) -> Scores:
    """Scores (0 to 100) of the pairs (a[i], b[i]), 0 below the threshold."""
    long = np.maximum(rows.lengths[a], rows.lengths[b]) > LONG_BYTES
    result = np.zeros(len(a))
    result[long] = _long_scores(rows, a[long], b[long])
    short, apart = np.flatnonzero(~long), np.zeros(1, np.uint16)
    if len(short) > COUNTED_PAIRS:
        apart = _letters_apart(rows, a[short], b[short], threshold)
        near = np.flatnonzero(apart < _FAR)
        near = near[_by_neighbourhood(a[short[near]], b[short[near]])]
        short, apart = short[near], apart[near]
    result[short] = found = _row_ratios(rows, a[short], b[short], threshold, workers)
    # The order of words is nothing to a pair in which nothing but letters is gained or lost.
    total = rows.lengths[a[short]] + rows.lengths[b[short]]
    short = short[np.rint((1 - found / 100) * total) > apart]
    met = _rows_in(rows, a[short], b[short])
    left, right = np.searchsorted(met, a[short]), np.searchsorted(met, b[short])
    ordered = _row_ratios(by_word(rows, met), left, right, threshold, workers)
    result[short] = np.maximum(result[short], ordered)
    return np.where(result >= threshold, result, 0.0)


def _row_ratios(rows: Rows, a: Ints, b: Ints, threshold: float, workers: int) -> Scores:
    """Ratios of pairs of rows, as many at a time as a Ctrl-C can wait for."""
    result = np.zeros(len(a))
    for lo, hi in blocks(rows.lengths[a] * rows.lengths[b] + _WORK // _BATCH, _WORK):
        some, place = np.unique(np.concatenate([a[lo:hi], b[lo:hi]]), return_inverse=True)
        texts = rows.texts(some)
        release(rows.buffer)
        left, right = (list(map(texts.__getitem__, side.tolist())) for side in np.split(place, 2))
        result[lo:hi] = ratios(left, right, threshold, workers)
    return result


def _rows_in(rows: Rows, a: Ints, b: Ints) -> Ints:
    """The rows, ascending, that are in any of the pairs."""
    wanted = np.zeros(len(rows.lengths), bool)
    wanted[a] = wanted[b] = True
    return np.flatnonzero(wanted)


def _letters_apart(rows: Rows, a: Ints, b: Ints, threshold: float) -> NDArray[np.uint16]:
    """How many bytes at least one row of a pair has more than the other; _FAR if too many for the threshold."""
    met = _rows_in(rows, a, b)
    counts, place = _byte_counts(rows.only(met)), np.zeros(len(rows.lengths), np.int32)
    place[met] = np.arange(len(met))
    result = np.empty(len(a), np.uint16)
    for lo in range(0, len(a), _BATCH):
        one, other = a[lo : lo + _BATCH], b[lo : lo + _BATCH]
        left, right = (counts.take(place[side], axis=0) for side in (one, other))
        apart = (np.maximum(left, right) - np.minimum(left, right)).sum(axis=1, dtype=np.int64)
        total = rows.lengths[one] + rows.lengths[other]
        result[lo : lo + _BATCH] = np.where(apart <= total * (1 - threshold / 100) + 1e-9, apart, _FAR)
    return result


def _by_neighbourhood(a: Ints, b: Ints) -> Ints:
    """An order of pairs in which those of rows that meet often stand together: a batch has fewer rows to read."""
    lowest = np.arange(max(a.max(initial=0), b.max(initial=0)) + 1)
    np.minimum.at(lowest, b, a)
    return np.argsort(lowest[lowest[a]], kind="stable")


def _byte_counts(rows: Rows) -> NDArray[np.uint8]:
    """How often each row has the bytes of each of 32 kinds, up to 255."""
    counts = np.empty((len(rows.lengths), 32), np.uint8)
    for lo, hi in rows.parts(_CACHED):
        part = rows.part(lo, hi)
        kinds = np.frombuffer(part.buffer, np.uint8)[1:] & 31
        kinds = kinds + np.repeat(np.arange(hi - lo) << 5, part.lengths + 1)
        counts[lo:hi] = np.minimum(np.bincount(kinds, minlength=(hi - lo) << 5), 255).reshape(-1, 32)
    return counts


def sorted_words(text: bytes) -> bytes:
    """The same words in the order of their bytes."""
    return b" ".join(sorted(text.split(b" ")))


def by_word(rows: Rows, chosen: Ints) -> Rows:
    """The chosen rows (ascending), of each its sorted words."""
    parts = (chosen[np.searchsorted(chosen, lo) : np.searchsorted(chosen, hi)] for lo, hi in rows.parts())
    return pack_rows(sorted_words(text) for part in parts for text in rows.texts(part))


def ratios(left: list[bytes], right: list[bytes], threshold: float, workers: int) -> Scores:
    """Indel ratios (0 to 100) of texts side by side, 0 below the threshold."""
    result: Scores = process.cpdist(
        left, right, scorer=fuzz.ratio, score_cutoff=threshold, dtype=np.float64, workers=workers
    )
    return result


def _long_scores(rows: Rows, a: Ints, b: Ints) -> Scores:
    """Estimates: an edit spoils 8 of the 8-grams, so the share of grams in common is about ratio ** 8."""
    result = np.zeros(len(a))
    samples: dict[int, NDArray[np.uint64]] = {}
    held = 0
    for k, pair in enumerate(zip(a.tolist(), b.tolist(), strict=True)):
        for row in pair:
            if row not in samples:
                if held > _SAMPLE_CACHE:
                    samples, held = {other: samples[other] for other in pair if other in samples}, 0
                samples[row] = _sample(rows.texts(np.array([row]))[0])
                held += samples[row].nbytes
        one, other = samples[pair[0]], samples[pair[1]]
        total = len(one) + len(other)
        common = np.count_nonzero(other[np.searchsorted(other[:-1], one)] == one) if len(other) else 0
        result[k] = 100 * (2 * common / total) ** (1 / 8) if total else 0.0
    return result


def _sample(text: bytes) -> NDArray[np.uint64]:
    """An eighth of the distinct 8-grams of a text, chosen by hash, ascending."""
    kept = []
    for lo in range(0, len(text) - 7, _PIECE):
        size = min(_PIECE, len(text) - 7 - lo)
        grams = np.ndarray((size,), np.dtype("<u8"), text, lo, (1,)) * _GOLDEN
        grams ^= grams >> np.uint64(32)
        kept.append(grams[(grams >> np.uint64(5)) & np.uint64(7) == 0])
    sample = np.sort(np.concatenate(kept))
    distinct: NDArray[np.uint64] = sample[
        np.concatenate([np.ones(min(len(sample), 1), bool), sample[1:] != sample[:-1]])
    ]
    return distinct
