"""Rows compared with all others, with no sketch between: for an exact join, and to measure the join that is not."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from rapidfuzz import fuzz, process

from dslint.similarity.candidates import distinct, pack, unpack
from dslint.similarity.rows import Ints, Rows
from dslint.similarity.sketch import NUMBER_BYTES, number_hashes
from dslint.similarity.verify import Scores, ratios, sorted_words

_ROWS, _OTHERS = 128, 8192  # compared at a time

# What comparing two rows takes, measured on one core: this many seconds, and so many for each byte of one row
# with each 64 of the other.
_CALL, _STEP = 2e-8, 1e-9


def effort(sizes: Sequence[int], threshold: float, workers: int = 2) -> tuple[int, float]:
    """How many pairs of rows of these lengths have to be compared, and about how many seconds that takes."""
    lengths = np.sort(np.array(sizes, np.int64))
    longer = np.searchsorted(lengths, lengths * _stretch(threshold), side="right") - np.arange(len(lengths)) - 1
    each = _CALL + _STEP * lengths * (lengths // 64 + 1.0)
    return int(longer.sum()), float(2 * (longer * each).sum() / workers)


def _stretch(threshold: float) -> float:
    """No text is alike with one that is longer or shorter by more."""
    return (200 - threshold) / threshold + 1e-9


def near_rows(rows: Rows, chosen: Ints, threshold: float, workers: int) -> tuple[Ints, Ints, Scores]:
    """All pairs (a, b, score), a < b, sorted, of a chosen row with any other at or above the threshold.

    Scores are those of `join` and never estimated. Length and numbers are the only short cuts.
    """
    order = np.argsort(rows.lengths, kind="stable")
    lengths = rows.lengths[order]
    wanted = chosen[np.argsort(rows.lengths[chosen], kind="stable")]
    stretch = _stretch(threshold)
    found = [np.zeros(0, np.int64)]
    for at in range(0, len(wanted), _ROWS):
        some = wanted[at : at + _ROWS]
        least, most = rows.lengths[some[0]] / stretch, rows.lengths[some[-1]] * stretch
        first, last = np.searchsorted(lengths, least), np.searchsorted(lengths, most, side="right")
        if len(wanted) == len(order):
            first = np.int64(at)  # what is shorter has met these rows already
        for lo in range(int(first), int(last), _OTHERS):
            others = order[lo : min(lo + _OTHERS, int(last))]
            found.append(_alike(rows, some, others, threshold, workers))
    a, b = unpack(distinct(np.concatenate(found)))
    numbers = number_hashes(rows)
    kept = (a != b) & ((np.minimum(rows.lengths[a], rows.lengths[b]) >= NUMBER_BYTES) | (numbers[a] == numbers[b]))
    a, b = a[kept], b[kept]
    return a, b, _scores(rows, a, b, threshold, workers)


def _alike(rows: Rows, some: Ints, others: Ints, threshold: float, workers: int) -> Ints:
    """Packed pairs of one of some rows with one of others whose ratio, with or without order, is high enough."""
    left, right = rows.texts(some), rows.texts(others)
    found = []
    for one, other in ((left, right), (list(map(sorted_words, left)), list(map(sorted_words, right)))):
        matrix = process.cdist(
            one, other, scorer=fuzz.ratio, score_cutoff=threshold, dtype=np.float64, workers=workers
        )
        row, column = np.nonzero(matrix)
        found.append(pack(some[row], others[column]))
    return np.concatenate(found)


def _scores(rows: Rows, a: Ints, b: Ints, threshold: float, workers: int) -> Scores:
    left, right = rows.texts(a), rows.texts(b)
    plain = ratios(left, right, threshold, workers)
    by_word = ratios(list(map(sorted_words, left)), list(map(sorted_words, right)), threshold, workers)
    return np.maximum(plain, by_word)
