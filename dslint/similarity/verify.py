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
_BATCH = 1 << 17
# Products of the lengths of two texts, summed up over what is compared in one call: about half a second, since a
# Ctrl-C is heard only between two calls.
_WORK = 1 << 34
_PIECE = 1 << 20
_SAMPLE_CACHE = 64 << 20
_GOLDEN = np.uint64(0x9E3779B97F4A7C15)


def scores(rows: Rows, a: Ints, b: Ints, threshold: float, workers: int) -> Scores:
    """Scores (0 to 100) of the pairs (a[i], b[i]), 0 below the threshold."""
    long = np.maximum(rows.lengths[a], rows.lengths[b]) > LONG_BYTES
    result = np.zeros(len(a))
    result[long] = _long_scores(rows, a[long], b[long])
    short = np.flatnonzero(~long)
    if len(short) > COUNTED_PAIRS:
        short = short[_enough_letters(rows, a[short], b[short], threshold)]
        short = short[_by_neighbourhood(a[short], b[short])]
    met = _rows_in(rows, a[short], b[short])
    ordered = by_word(rows, met)
    work = rows.lengths[a[short]] * rows.lengths[b[short]] + _WORK // _BATCH
    for lo, hi in blocks(work, _WORK):
        batch = short[lo:hi]
        some, place = np.unique(np.concatenate([a[batch], b[batch]]), return_inverse=True)
        left, right = place[: len(batch)].tolist(), place[len(batch) :].tolist()
        both = rows.texts(some), ordered.texts(np.searchsorted(met, some))
        for read in (rows, ordered):
            release(read.buffer)
        result[batch] = np.maximum(
            *(ratios([t[i] for i in left], [t[i] for i in right], threshold, workers) for t in both)
        )
    return np.where(result >= threshold, result, 0.0)


def _rows_in(rows: Rows, a: Ints, b: Ints) -> Ints:
    """The rows, ascending, that are in any of the pairs."""
    wanted = np.zeros(len(rows.lengths), bool)
    wanted[a] = wanted[b] = True
    return np.flatnonzero(wanted)


def _enough_letters(rows: Rows, a: Ints, b: Ints, threshold: float) -> NDArray[np.bool_]:
    """Which pairs have so many bytes in common, in any order, that a score may reach the threshold."""
    met = _rows_in(rows, a, b)
    counts, place = _byte_counts(rows.only(met)), np.zeros(len(rows.lengths), np.int32)
    place[met] = np.arange(len(met))
    passed = np.zeros(len(a), bool)
    for lo in range(0, len(a), _BATCH):
        one, other = a[lo : lo + _BATCH], b[lo : lo + _BATCH]
        left, right = (counts.take(place[side], axis=0) for side in (one, other))
        apart = np.maximum(left, right) - np.minimum(left, right)
        total = rows.lengths[one] + rows.lengths[other]
        passed[lo : lo + _BATCH] = apart.sum(axis=1, dtype=np.int64) <= total * (1 - threshold / 100) + 1e-9
    return passed


def _by_neighbourhood(a: Ints, b: Ints) -> Ints:
    """An order of pairs in which those of rows that meet often stand together: a batch has fewer rows to read."""
    lowest = np.arange(max(a.max(initial=0), b.max(initial=0)) + 1)
    np.minimum.at(lowest, b, a)
    return np.argsort(lowest[lowest[a]], kind="stable")


def _byte_counts(rows: Rows) -> NDArray[np.uint8]:
    """How often each row has the bytes of each of 32 kinds, up to 255."""
    counts = np.empty((len(rows.lengths), 32), np.uint8)
    for lo, hi in rows.parts():
        part = rows.part(lo, hi)
        kinds = np.frombuffer(part.buffer, np.uint8)[1:] & 31
        kinds = kinds + (np.repeat(np.arange(hi - lo), part.lengths + 1) << 5)
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
